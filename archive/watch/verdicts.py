"""How an office fares, judged from its visits: pure functions of visits.

The last visit decides, and the visits before it tell since when. A visit that read a listing but
asked for no article proves nothing of the reader: there the last visit that did counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """How an office fares, the worst first."""

    READER_BROKEN = "reader broken"
    """Pages came, articles did not; or listings that used to show articles show none."""
    MOVED = "moved"
    """The home page redirects, and nothing was read behind it."""
    BLOCKED = "blocked"
    """Refused, challenged, or forbidden by robots.txt."""
    DOWN = "down"
    """DNS, connection, TLS or server errors."""
    MAINTENANCE = "maintenance"
    QUIET = "quiet"
    """Nothing new for longer than the office's own rhythm allows."""
    UNKNOWN_HOST = "unknown host"
    """A guessed host that never answered."""
    FINE = "fine"
    NEVER_VISITED = "never visited"


WELL = (State.FINE, State.NEVER_VISITED)
"""States that need nobody's attention."""

ADVICE = {
    State.READER_BROKEN: "scrapy probe the office, look at a snapshot, teach the reader",
    State.MOVED: "open the site; correct its host with KPU_SITES if it has a new one",
    State.BLOCKED: "open the site; crawl slower, or ask the office",
    State.DOWN: "wait a day; then open the site, and correct its host with KPU_SITES if it changed",
    State.MAINTENANCE: "wait; after a week open the site",
    State.QUIET: "open the site; if it shows newer articles, scrapy probe the office",
    State.UNKNOWN_HOST: "find the office's host and correct it with KPU_SITES",
    State.FINE: "",
    State.NEVER_VISITED: "crawl it",
}

ARTICLE, UNREAD, LISTING, EMPTY, PAGE = "article", "unread", "listing", "empty", "page"
MISSING, REDIRECT, AWAY = "missing", "redirect", "away"
BLOCKED, MAINTENANCE, FAILED = "blocked", "maintenance", "failed"


@dataclass(slots=True)
class VisitCounts:
    """One run at one office."""

    site_id: int
    run_id: int
    began: datetime
    counts: Counter[str] = field(default_factory=Counter)
    """Answers by `classify_capture`."""
    lost: int = 0
    """Of the unread, those that were read the time before, or were asked for the first time."""


FEWEST_LOST = 3
"""Articles that must be lost in one visit before the reader is doubted rather than the articles."""
TROUBLES = {State.BLOCKED: BLOCKED, State.MAINTENANCE: MAINTENANCE, State.DOWN: FAILED}
"""The answers each is told by; of equally many the first counts."""


def judge_visit(visit: VisitCounts, has_read: bool, has_listed: bool) -> State | None:
    """Tell how an office fared in one visit; None when it met no trouble and proves nothing of the
    reader.

    `has_read`: an article of the office was ever read; `has_listed`: its listings ever showed
    articles.
    """
    counts = visit.counts
    if visit.lost > counts[ARTICLE] and (visit.lost >= FEWEST_LOST or not has_read):
        return State.READER_BROKEN
    if counts[EMPTY] and not counts[LISTING] and has_listed:
        return State.READER_BROKEN
    read, came = counts[ARTICLE] + counts[LISTING], counts[UNREAD] + counts[MISSING]
    if counts[AWAY] and not read and not counts[PAGE]:
        return State.MOVED
    trouble = max(TROUBLES, key=lambda state: counts[TROUBLES[state]])
    if counts[TROUBLES[trouble]] > read + came:
        return trouble
    if not read:
        return State.READER_BROKEN if came else None
    return State.FINE if counts[ARTICLE] else None


def judge_history(
    visits: Sequence[VisitCounts], has_read: bool, has_listed: bool
) -> tuple[State, int]:
    """The state after these visits, the newest first, and how many of the newest say so or do not
    contradict."""
    verdicts = [judge_visit(visit, has_read, has_listed) for visit in visits]
    state = verdicts[0]
    if state is None:
        last, told = next(
            ((v, t) for v, t in zip(visits, verdicts, strict=True) if t is not None), (None, None)
        )
        # A listing was read since: what kept listings away is over, what concerned articles alone
        # is not.
        broken = told is State.READER_BROKEN and last is not None and last.counts[LISTING] > 0
        state = State.READER_BROKEN if broken else State.FINE
    agreeing = (state, None) if state in (State.READER_BROKEN, State.FINE) else (state,)
    streak = next(
        (place for place, verdict in enumerate(verdicts) if verdict not in agreeing), len(verdicts)
    )
    return state, streak


def is_open(visits: Sequence[VisitCounts], has_read: bool, has_listed: bool, patient: bool) -> bool:
    """Whether earlier visits may change the state, or since when it holds; that of a fine office
    only if `patient`."""
    if not visits:
        return True
    state, streak = judge_history(visits, has_read, has_listed)
    if streak < len(visits):
        return False
    proved = any(visit.counts[ARTICLE] for visit in visits)
    return patient or not (state is State.FINE and proved)
