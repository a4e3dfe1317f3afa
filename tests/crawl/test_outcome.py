"""One exit code and one sentence for a run over many offices."""

from __future__ import annotations

import pytest

from kpucrawl.crawl.outcome import ExitCode, Outcome, Result, judge_run


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
