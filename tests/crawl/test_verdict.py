"""A crawl judges its visits as the archive does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.records import Capture
from kpucrawl.crawl.arguments import Arguments
from kpucrawl.crawl.fleet import Fleet, find_verdict
from kpucrawl.crawl.frontier import NoArchive
from kpucrawl.crawl.visit import Visit
from kpucrawl.sites import load_sites
from tests.archive.watch.test_verdicts import FOUR

SITE = load_sites().by_label["kota-surakarta"]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize("case", FOUR.values(), ids=FOUR.keys())
def test_crawl_judges_alike(case: tuple[list[Capture], tuple[int, str]]) -> None:
    """The code and the state of a visit, counted answer by answer, are those that the archive makes
    of its captures."""
    captures, (code, state) = case
    visit = Visit(SITE, Arguments(), NoArchive(), now=NOW)
    for capture in captures:
        visit.count_capture(capture)
    verdict = find_verdict(visit)
    assert (verdict.code, verdict.state) == (code, state)
    fleet = Fleet()
    fleet.begin(visit)
    assert fleet.judge().code == code
    end = next(record for record in fleet.end(visit, NOW) if hasattr(record, "state"))
    assert (end.exit_code, end.state) == (code, state)
