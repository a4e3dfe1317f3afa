"""Looking for an office whose host is a guess that nobody knows: what came of its own host, and
which others to try."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from archive.addresses import read_host
from archive.records import Capture, HostOutcome, HostTry
from archive.watch.verdicts import UNRESOLVED
from kpucrawl.crawl.frontier import Frontier
from kpucrawl.hosts import list_variants
from kpucrawl.sites import Site

AGAIN = timedelta(days=28)
"""Between two searches for an office: hosts are made and corrected rarely, and each try is a
request to a stranger."""
GATEWAY = ("502", "503", "504")
"""What a proxy answers for a name that does not resolve, as it does for other trouble."""
RANK: tuple[HostOutcome, ...] = ("unresolved", "failed", "answered")
"""What tells more of a host comes later."""


def name_outcome(capture: Capture) -> HostOutcome:
    """What one capture tells of its host."""
    if capture.error is not None and UNRESOLVED in capture.error:
        return "unresolved"
    failed = capture.error is not None or (capture.status or 500) >= 500
    return "failed" if failed else "answered"


def describe_try(capture: Capture) -> str:
    """What a capture tells of its host, in a few words: `200`, `301 to https://...`, the error."""
    if capture.error is not None:
        return capture.error
    leads = capture.answered_url if capture.answered_url != capture.url else None
    return f"{capture.status} to {leads}" if leads else str(capture.status)


def note_try(known: HostTry | None, capture: Capture) -> HostTry:
    """What is known of a host after one more capture: the first of what tells most."""
    outcome = name_outcome(capture)
    if known is not None and RANK.index(known.outcome) >= RANK.index(outcome):
        return known
    return HostTry(
        capture.site, read_host(capture.url), outcome, describe_try(capture), capture.fetched_at
    )


def hides_name(capture: Capture) -> bool:
    """Whether a proxy's answer may mean that the name does not resolve."""
    said = capture.error if capture.error is not None else str(capture.status)
    return said.endswith(GATEWAY)


def choose_hosts(
    site: Site, frontier: Frontier, taken: Collection[str], now: datetime
) -> tuple[str, ...]:
    """The hosts to try for an office whose own does not resolve: none for one that was ever seen,
    nor within a month of the last search."""
    if site.host_status != "guess":
        return ()
    last = frontier.find_last_search(site.code)
    if last is not None and now - last < AGAIN:
        return ()
    return list_variants(site, taken)
