"""When an article is visited again: young ones often, old ones rarely, and never many old ones in
one run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from heapq import nlargest

from archive.records import Key, KnownPage

DAY = timedelta(days=1)
SCHEDULE = ((2 * DAY, DAY / 4), (14 * DAY, DAY), (60 * DAY, 7 * DAY), (365 * DAY, 30 * DAY))
"""Up to this age, this long between two visits."""
RARELY = 365 * DAY
"""Between two visits of anything older."""
SLACK = 0.9
"""Cron starts a little earlier some nights: a visit counts as due when this part of its interval
has passed."""
FREE_TRIES = 1
"""Strangers or refusals after which a page is asked for as ever: the next run may be let in ..."""
LONGEST_PAUSE = 30 * DAY
"""... then behind pauses of 1, 2, 4 ... days, up to this: a block page may stand for months."""
OLD = 60 * DAY
FEWEST_OLD = 5
"""Old articles visited in one run, or a 365th of them if that is more: a quiet office stays
cheap."""
MOST = 300
"""Articles visited again in one run: a busy office does not eat the night, what is left over comes
first tomorrow."""


def find_interval(age: timedelta) -> timedelta:
    """How long to wait between two visits of an article of this age."""
    return next((interval for limit, interval in SCHEDULE if age <= limit), RARELY)


def is_paused(page: KnownPage, now: datetime) -> bool:
    """Whether a page is left alone for now, since only strangers or refusals answered of late."""
    if page.turned_away <= FREE_TRIES or page.turned_away_at is None:
        return False
    doublings = min(page.turned_away - FREE_TRIES - 1, 5)  # 2**5 days are over the longest
    pause = min(DAY * (1 << doublings), LONGEST_PAUSE)
    return now - page.turned_away_at < pause * SLACK


def is_due(page: KnownPage, now: datetime) -> bool:
    """Whether a page is to be visited: never answered, or not for as long as its age allows."""
    if is_paused(page, now):
        return False
    return page.visited is None or now - page.visited >= find_interval(now - page.born) * SLACK


def choose_due(pages: Mapping[Key, KnownPage], now: datetime) -> dict[Key, KnownPage]:
    """Choose what to visit in one run: young pages that are due and a few old ones, `MOST` at most.

    Among the old ones the longest unseen go first, among all those that are the most intervals
    late.
    """
    due = {
        key: page for key, page in pages.items() if page.visited is not None and is_due(page, now)
    }
    old = sorted((page.visited or now, key) for key, page in due.items() if now - page.born > OLD)
    spared = {key for _, key in old[max(FEWEST_OLD, len(pages) // 365) :]}
    chosen = {key: page for key, page in due.items() if key not in spared}
    first = set(nlargest(MOST, chosen, key=lambda key: find_lateness(chosen[key], now)))
    return {key: page for key, page in chosen.items() if key in first}


def find_lateness(page: KnownPage, now: datetime) -> float:
    """How many of its intervals ago a page was visited last."""
    return (now - (page.visited or now)) / find_interval(now - page.born)
