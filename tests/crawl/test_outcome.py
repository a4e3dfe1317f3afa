"""One exit code and one sentence, from what was counted."""

from __future__ import annotations

from collections import Counter

import pytest

from kpucrawl.crawl.outcome import (
    ExitCode,
    Outcome,
    Result,
    classify_answer,
    judge_run,
    judge_visit,
)
from kpucrawl.sites import load_sites

SITE = load_sites().by_label["kota-surakarta"]


@pytest.mark.parametrize(
    ("status", "kind", "is_article", "outcome"),
    [
        (200, "article", True, "article"),
        (200, "listing", False, "listing"),
        (200, "home", False, "page"),
        (200, "other", True, "unread"),
        (200, "home", True, "unread"),
        (200, "missing", True, "missing"),
        (404, "other", True, "missing"),
        (410, "other", True, "missing"),
        (200, "maintenance", True, "maintenance"),
        (503, "maintenance", False, "maintenance"),
        (503, "other", False, "failed"),
        (301, "other", True, "redirect"),
        (403, "other", False, "blocked"),
        (429, "other", True, "blocked"),
    ],
)
def test_answer_has_one_name(status: int, kind: str, is_article: bool, outcome: str) -> None:
    """Each answer counts as exactly one outcome; a 404 is an answer, a maintenance page is none."""
    assert classify_answer(status, kind, is_article) == outcome


def test_challenge_is_no_page() -> None:
    """A page that turns the visitor away counts as blocked, whatever its status says."""
    assert classify_answer(200, "maintenance", True, turned_away=True) == "blocked"


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ({"article": 30, "listing": 4}, ExitCode.DONE),
        ({"listing": 4, "page": 1}, ExitCode.DONE),
        ({"article": 30, "listing": 4, "missing": 2, "redirect": 1}, ExitCode.DONE),
        ({"article": 30, "listing": 4, "failed": 1}, ExitCode.SOME_FAILED),
        ({"article": 30, "listing": 4, "blocked": 1}, ExitCode.SOME_FAILED),
        ({"article": 2, "listing": 4, "unread": 28}, ExitCode.READER_BROKE),
        ({"page": 9}, ExitCode.READER_BROKE),
        ({"page": 1, "empty": 9}, ExitCode.READER_BROKE),
        ({"page": 1, "empty": 9, "article": 11}, ExitCode.READER_BROKE),
        ({"page": 1, "empty": 1, "listing": 1}, ExitCode.DONE),
        ({"missing": 9}, ExitCode.READER_BROKE),
        ({"failed": 1}, ExitCode.DOWN),
        ({}, ExitCode.DOWN),
        ({"blocked": 2}, ExitCode.BLOCKED),
        ({"robots": 1}, ExitCode.BLOCKED),
        ({"maintenance": 9}, ExitCode.MAINTENANCE),
        ({"article": 30, "listing": 4, "bug": 1}, ExitCode.BUG),
    ],
)
def test_visit_has_one_code(counts: dict[str, int], code: ExitCode) -> None:
    """Quiet, down, blocked, in maintenance and unreadable are told apart; pages without articles
    are never 'done'."""
    outcome = judge_visit(SITE, Counter(counts), "503 for the home page")
    assert outcome.code == code
    assert outcome.text.startswith("kota-surakarta: ") and "\n" not in outcome.text


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ({}, ExitCode.DONE),
        ({"page": 1}, ExitCode.DONE),
        ({"page": 1, "failed": 1}, ExitCode.SOME_FAILED),
    ],
)
def test_visit_that_was_cut_short_is_judged_by_what_it_saw(
    counts: dict[str, int], code: ExitCode
) -> None:
    """A visit that the end of its run cut short before articles came is neither down nor
    unreadable."""
    assert judge_visit(SITE, Counter(counts), "503 for a page", cut=True).code == code


def make_results(*codes: int, worked: bool = False, unknown: bool = False) -> list[Result]:
    return [Result(Outcome(ExitCode(code), "x"), worked, unknown) for code in codes]


@pytest.mark.parametrize(
    ("results", "code"),
    [
        (make_results(0, 0), 0),
        (make_results(0, 0, 1, 4, 4, 4), 1),
        (make_results(0, 0, 3), 3),
        (make_results(0, 4, 4), 4),
        (make_results(0, 4), 0),
        (make_results(0, 0, 5, 6, 7), 0),
        (make_results(0, 0) + make_results(4, worked=True), 3),
        (make_results(0, 0) + make_results(7, worked=True), 3),
        (make_results(0) + make_results(4, 4, 4, unknown=True), 0),
        (make_results(4, 4, unknown=True), 0),
        (make_results(5, 5, 6), 5),
        (make_results(7), 7),
    ],
)
def test_run_of_many_offices_adds_up(results: list[Result], code: int) -> None:
    """A bug anywhere is a bug; over half down is down; an office that worked before and does not
    now is some failed; a guessed host that never answered counts nowhere; where no office came
    through, what most came to."""
    outcome = judge_run(results)
    assert outcome.code == code
    assert outcome.text.startswith(f"{len(results)} offices: ")
