"""Faults of the replica, from the crawl to what the operator is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.crawling import Crawler
from tests.replica import Replica, running_replica

OFFICE, HOST = "kota-surakarta", "kota-surakarta.kpu.go.id"


@pytest.fixture
def replica() -> Iterator[Replica]:
    with running_replica(seed=7, articles=20) as running:
        yield running


@pytest.fixture
def crawler(replica: Replica, tmp_path: Path) -> Crawler:
    return Crawler(replica, f"sqlite:///{tmp_path}/archive.db")


def ask(crawler: Crawler, *command: str) -> tuple[int, list[dict[str, Any]]]:
    """Exit code and rows of a command."""
    done = crawler.run("kpu-archive", *command, "--format", "json")
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "dns": ({"kind": "dns"}, "down"),
    "500": ({"kind": "status", "status": 500}, "down"),
    "403": ({"kind": "status", "status": 403}, "blocked"),
    "challenge": ({"kind": "challenge"}, "blocked"),
    "disallow": ({"kind": "disallow"}, "blocked"),
    "maintenance": ({"kind": "maintenance"}, "maintenance"),
    "busy": ({"kind": "busy"}, "maintenance"),
    "offsite": (
        {"kind": "offsite", "path": "^/(?!robots)", "location": "http://kab-cilacap.kpu.go.id/"},
        "moved",
    ),
    "soft404": ({"kind": "soft404", "path": "/(read|baca)/"}, "reader broken"),
    "empty": ({"kind": "empty"}, "reader broken"),
}


LIKE_OTHERS = ("500", "403", "busy")
"""Faults that the archive sees as it sees another of the table."""


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        pytest.param(*told, id=name, marks=[pytest.mark.long] if name in LIKE_OTHERS else [])
        for name, told in FAULTS.items()
    ],
)
def test_fault_becomes_a_state(
    crawler: Crawler, replica: Replica, fault: dict[str, Any], state: str
) -> None:
    """A healthy office needs nobody; the night a fault meets it, health names it, its state and
    exit code 1."""
    assert crawler.crawl(OFFICE).returncode == 0
    assert ask(crawler, "health") == (0, [])
    replica.set_fault(HOST, **fault)
    crawler.crawl(OFFICE, "-a", "depth=full", "-s", "RETRY_TIMES=0")
    code, (row, *more) = ask(crawler, "health")
    assert (code, row["site"], row["state"], more) == (1, OFFICE, state, [])
    assert row["since"] and row["evidence"] and row["what_to_do"]
    assert ask(crawler, "health", "--state", "quiet") == (0, [])


def test_guessed_host_without_an_answer_is_unknown(crawler: Crawler, replica: Replica) -> None:
    """A host that is a guess and never answered is told as such."""
    guess = "sumut"
    replica.set_fault(f"{guess}.kpu.go.id", "dns")
    crawler.crawl(guess, "-s", "RETRY_TIMES=0")
    code, (row,) = ask(crawler, "health")
    assert (code, row["site"], row["state"]) == (1, guess, "unknown host")


@pytest.mark.parametrize(
    ("how", "grade"),
    [
        ("404", "not found"),
        pytest.param("soft", "soft 404", marks=pytest.mark.long),
        pytest.param("home", "soft 404", marks=pytest.mark.long),
    ],
)
def test_removed_article_is_graded(
    crawler: Crawler, replica: Replica, how: str, grade: str
) -> None:
    """An article that the office takes away has a grade in coverage and show, its text stays, and
    it can return."""
    assert crawler.crawl(OFFICE).returncode == 0
    key = next(
        key
        for key, one in replica.truth(HOST).articles.items()
        if one.kind == "text" and one.route == "blog"
    )
    replica.change(HOST, "remove", key=key, how=how, listed=True)
    crawler.crawl(OFFICE, "-a", "depth=full")
    _, rows = ask(crawler, "coverage", OFFICE)
    assert [(row["page"], row["grade"]) for row in rows if row["held"]] == [
        (f"{OFFICE}/{key}", grade)
    ]
    _, (shown,) = ask(crawler, "show", f"{OFFICE}/{key}")
    assert shown["removal"]["grade"] == grade and shown["body"]
    assert ask(crawler, "health") == (0, [])
    replica.change(HOST, "restore", key=key)
    crawler.crawl(OFFICE, "-a", "depth=full")
    assert ask(crawler, "show", f"{OFFICE}/{key}")[1][0]["removal"]["grade"] == "returned"


def test_unlisted_article_is_graded_by_complete_runs_alone(
    crawler: Crawler, replica: Replica
) -> None:
    """An article that is only taken off the listings keeps no grade after a run of one page, and is
    unlisted after a complete one."""
    assert crawler.crawl(OFFICE).returncode == 0
    key = next(
        key for key, one in replica.truth(HOST).articles.items() if one.category == "Berita Terkini"
    )
    replica.change(HOST, "remove", key=key, how="unlisted")
    crawler.crawl(OFFICE, "-a", "pages=1")
    assert [row for row in ask(crawler, "coverage", OFFICE)[1] if row["held"]] == []
    crawler.crawl(OFFICE, "-a", "depth=full")
    (row,) = (row for row in ask(crawler, "coverage", OFFICE)[1] if row["held"])
    assert (row["page"].endswith(key), row["grade"]) == (True, "unlisted")


def test_new_theme_of_the_fleet_is_told_once(crawler: Crawler, replica: Replica) -> None:
    """Two offices that turn to a new theme overnight are one row of health, which alone alarms
    nobody."""
    sites = ("-a", f"sites={OFFICE},kab-cilacap")
    for theme in ("cards", "tables"):
        for host in (HOST, "kab-cilacap.kpu.go.id"):
            replica.set_options(host, theme=theme)
        assert crawler.crawl("semua", *sites, "-a", "depth=full").returncode == 0
    code, (row,) = ask(crawler, "health")
    assert (code, row["state"], row["site"]) == (0, "layout changed", f"kab-cilacap, {OFFICE}")


def test_failed_fetches_are_told_in_coverage(crawler: Crawler, replica: Replica) -> None:
    """Articles that the listings show and that failed are counted for the office, and listed with
    why."""
    key = next(key for key, one in replica.truth(HOST).articles.items() if one.route == "blog")
    replica.set_fault(HOST, "status", path=f"/read/{key}(?!\\d)", status=500)
    crawler.crawl(OFFICE, "-s", "RETRY_TIMES=0")
    _, (total,) = ask(crawler, "coverage")
    assert (total["site"], total["failed"], total["missing"]) == (OFFICE, 1, 1)
    assert total["shown"] == total["held"] + 1
    failed = [row for row in ask(crawler, "coverage", OFFICE)[1] if row["reason"] == "failed"]
    assert [(row["page"], row["evidence"]) for row in failed] == [
        (f"{OFFICE}/{key}", "last answer: 500")
    ]
    assert ask(crawler, "runs", "--site", OFFICE, "--failed")[1][0]["exit_code"] == 3
    assert ask(crawler, "runs", "--site", "kab-cilacap")[1] == []


def test_text_of_an_article_that_never_came_is_rescued(crawler: Crawler, replica: Replica) -> None:
    """What a listing showed of an article whose page fails is printed, as flat as the site made
    it."""
    truth = replica.truth(HOST)
    key = next(
        key for key, one in truth.articles.items() if one.route == "blog" and one.kind == "text"
    )
    replica.set_fault(HOST, "status", path=f"/read/{key}(?!\\d)", status=500)
    crawler.crawl(OFFICE, "-s", "RETRY_TIMES=0")
    shown = crawler.run("kpu-archive", "show", f"{OFFICE}/{key}")
    assert shown.returncode == 2 and f"kpu-archive rescue {OFFICE}/{key}" in shown.stderr
    _, (row,) = ask(crawler, "rescue", f"{OFFICE}/{key}")
    article = truth.articles[key]
    assert row["title"] == article.title and "/blog/category/" in row["listing"]
    assert "".join(article.body.split())[-80:] in "".join(row["text"].split())
    assert crawler.run("kpu-archive", "rescue", f"{OFFICE}/999999").returncode == 2
