"""Each fault of the replica: how its run ends, and that nothing is lost once the office is well
again.

The table is printed by `pytest tests/test_faults.py --collect-only -q` and stands in
docs/faults.md.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from tests.crawling import ROOT, Crawler
from tests.replica import Replica, running_replica
from tests.replica.faults import KINDS

OFFICE, HOST = "kota-surakarta", "kota-surakarta.kpu.go.id"
ARTICLES = "/(read|baca)/"
CODES = {
    "fine": (0, 3),
    "down": (4,),
    "moved": (4,),
    "blocked": (5,),
    "maintenance": (6,),
    "reader broken": (7,),
}
"""The exit codes that each state of an office goes with."""


@dataclass(frozen=True)
class Case:
    """One fault, what its run leaves with, and what it says."""

    kind: str
    where: str
    """In words, for the table."""
    code: int
    said: str
    state: str
    """What health says of the office."""
    details: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.kind}, {self.where}: {self.code} {self.said}"


CASES = (
    Case("slow", "each answer late", 0, "done", "fine", {"seconds": 0.1}),
    Case("slow", "no answer in time", 4, "down: no answer in time", "down", {"seconds": 30}),
    Case("truncate", "everything", 4, "down: the answer broke off", "down"),
    Case(
        "truncate", "some articles", 3, "some pages failed", "fine", {"path": ARTICLES, "times": 4}
    ),
    Case("status", "500 everywhere", 4, "down: 500", "down", {"status": 500}),
    Case(
        "status",
        "500 for robots.txt",
        4,
        "down: 500",
        "down",
        {"status": 500, "path": "robots.txt"},
    ),
    Case("status", "404 for robots.txt", 0, "done", "fine", {"status": 404, "path": "robots.txt"}),
    Case(
        "status",
        "503 for some articles",
        3,
        "some pages failed",
        "fine",
        {"path": ARTICLES, "times": 4},
    ),
    Case("status", "403 everywhere", 5, "blocked: 403", "blocked", {"status": 403}),
    Case("status", "429 everywhere", 5, "blocked: 429", "blocked", {"status": 429}),
    Case("maintenance", "everything", 6, "in maintenance", "maintenance"),
    Case("busy", "everything", 6, "in maintenance", "maintenance"),
    Case("challenge", "everything", 5, "blocked: 200", "blocked"),
    Case("takeover", "everything", 7, "listings came without articles", "reader broken"),
    Case(
        "takeover",
        "some articles",
        3,
        "some pages failed",
        "fine",
        {"path": ARTICLES, "after": 8, "times": 3},
    ),
    Case("soft404", "everything", 7, "articles could not be read", "reader broken"),
    Case("reset", "everything", 4, "down: connection failed", "down"),
    Case("reset", "some articles", 3, "some pages failed", "fine", {"path": ARTICLES, "times": 4}),
    Case("dns", "everything", 4, "down: ", "down"),
    Case("offsite", "all but the home page", 7, "articles could not be read", "reader broken"),
    Case("home", "all but the home page", 7, "articles could not be read", "reader broken"),
    Case("infinite", "listings", 0, "done", "fine"),
    Case("empty", "listings", 7, "listings came without articles", "reader broken"),
    Case("disallow", "robots.txt", 5, "refused by robots.txt", "blocked"),
    Case("crash", "at the start", 4, "down: ", "down"),
    Case("crash", "at the tenth request", 4, "down: connection", "down", {"after": 9}),
)

ELSEWHERE = {"poison"}
"""Faults that change what is read for good: `tests/test_storage.py` plays them."""


@pytest.fixture
def replica() -> Iterator[Replica]:
    with running_replica(seed=7, articles=12) as running:
        yield running


@pytest.fixture(scope="module")
def good_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a crawl without any fault."""
    path = tmp_path_factory.mktemp("undisturbed") / "archive.db"
    with running_replica(seed=7, articles=12) as replica:
        assert Crawler(replica, f"sqlite:///{path}").crawl(OFFICE).returncode == 0
    return path


@pytest.fixture(scope="module")
def undisturbed(good_archive: Path) -> dict[str, list[Any]]:
    """What a crawl without any fault archives."""
    with running_replica(seed=7, articles=12) as replica:
        return tell_contents(Crawler(replica, f"sqlite:///{good_archive}"))


def tell_contents(crawler: Crawler) -> dict[str, list[Any]]:
    """What an archive holds that does not depend on when and how often was asked."""
    return {
        "articles": crawler.query(
            "SELECT page, title, body, category, revisions FROM articles ORDER BY page"
        ),
        "pages": crawler.query("SELECT route, key FROM pages ORDER BY route, key"),
        "texts": sorted(crawler.query("SELECT digest FROM texts")),
        "links": sorted(
            crawler.query(
                "SELECT p.key, l.kind, l.url FROM links l JOIN pages p ON p.id = l.page_id"
            )
        ),
        "walked": sorted(set(crawler.query("SELECT category FROM walks WHERE complete"))),
    }


@pytest.mark.parametrize("case", CASES, ids=str)
def test_fault_has_its_outcome_and_loses_nothing(
    case: Case, replica: Replica, tmp_path: Path, undisturbed: dict[str, list[Any]]
) -> None:
    """A run that meets the fault leaves with its code, says so in one line and in its rows; the
    next run, when all is well, completes the archive to what an undisturbed crawl would have
    archived."""
    crawler = Crawler(replica, f"sqlite:///{tmp_path}/archive.db")
    replica.set_fault(HOST, case.kind, **case.details)
    ill = crawler.crawl(OFFICE, "-s", "RETRY_TIMES=0", "-s", "FIRST_ANSWER_TIMEOUT=1")
    assert ill.returncode == case.code, ill.stderr
    assert case.said in ill.stderr.splitlines()[-1] and "Traceback" not in ill.stderr
    assert_agreement(crawler, case)
    replica.clear_faults()
    if case.kind == "crash":
        replica.stop()
        replica.start()
    well = crawler.crawl(OFFICE)
    assert well.returncode == 0, well.stderr
    assert tell_contents(crawler) == undisturbed


@pytest.mark.parametrize("case", CASES, ids=str)
def test_fault_after_a_good_crawl_is_told_alike(
    case: Case, replica: Replica, tmp_path: Path, good_archive: Path
) -> None:
    """A run that meets the fault after a good one tells exit code, visit, run and health alike."""
    shutil.copy(good_archive, tmp_path / "archive.db")
    crawler = Crawler(replica, f"sqlite:///{tmp_path}/archive.db")
    replica.set_fault(HOST, case.kind, **case.details)
    full = ("-a", "depth=full", "-s", "RETRY_TIMES=0", "-s", "FIRST_ANSWER_TIMEOUT=1")
    ill = crawler.crawl(OFFICE, *full)
    assert "Traceback" not in ill.stderr
    assert_agreement(crawler, replace(case, code=ill.returncode), strict=False)


def assert_agreement(crawler: Crawler, case: Case, strict: bool = True) -> None:
    """The last run, its visit and health tell the same; `strict`: what the case says."""
    told = crawler.query(
        "SELECT r.exit_code, v.exit_code, v.state FROM runs r JOIN visits v ON v.run_id = r.id"
        " ORDER BY r.id DESC LIMIT 1"
    )
    state = told[0][2]
    assert told == [(case.code, case.code, state)]
    assert case.code in CODES[state]
    assert state == case.state or not strict
    health = crawler.run("kpu-archive", "health", "--all", "--format", "json")
    states = {row["site"]: row["state"] for row in json.loads(health.stdout)}
    assert states[OFFICE] == state or (states[OFFICE], state) == ("quiet", "fine")


def test_every_kind_of_fault_has_a_case() -> None:
    """No fault that the replica can play is left out, and the documented table is that of the
    tests."""
    assert {case.kind for case in CASES} | ELSEWHERE == set(KINDS)
    documented = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    assert [case for case in CASES if write_row(case) not in documented] == []


def write_row(case: Case) -> str:
    """The line of the documented table."""
    said = case.said.rstrip(": ")
    return f"| `{case.kind}` | {case.where} | {case.code} | {said} | {case.state} |"


if __name__ == "__main__":
    print("\n".join(map(write_row, CASES)))
