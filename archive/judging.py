"""How an office fares, judged from what the runs met there: pure functions of visits.

The last visit decides, and the visits before it tell since when. A visit that read a listing but asked for no article
proves nothing of the reader: there the last visit that did counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from archive import visits as met
from archive.states import State
from archive.visits import Visit

FEWEST_LOST = 3
"""Articles that must be lost in one visit before the reader is doubted rather than the articles."""
TROUBLES = {State.BLOCKED: met.BLOCKED, State.MAINTENANCE: met.MAINTENANCE, State.DOWN: met.FAILED}
"""The answers each is told by; of equally many the first counts."""


def judge_visit(visit: Visit, has_read: bool, has_listed: bool) -> State | None:
    """Tell how an office fared in one visit; None when it met no trouble and proves nothing of the reader.

    `has_read`: an article of the office was ever read; `has_listed`: its listings ever showed articles.
    """
    counts = visit.counts
    if visit.lost > counts[met.ARTICLE] and (visit.lost >= FEWEST_LOST or not has_read):
        return State.READER_BROKEN
    if counts[met.EMPTY] and not counts[met.LISTING] and has_listed:
        return State.READER_BROKEN
    read, came = counts[met.ARTICLE] + counts[met.LISTING], counts[met.UNREAD] + counts[met.MISSING]
    if counts[met.AWAY] and not read and not counts[met.PAGE]:
        return State.MOVED
    trouble = max(TROUBLES, key=lambda state: counts[TROUBLES[state]])
    if counts[TROUBLES[trouble]] > read + came:
        return trouble
    if not read:
        return State.READER_BROKEN if came else None
    return State.FINE if counts[met.ARTICLE] else None


def judge_history(visits: Sequence[Visit], has_read: bool, has_listed: bool) -> tuple[State, int]:
    """The state after these visits, the newest first, and how many of the newest say so or do not contradict."""
    verdicts = [judge_visit(visit, has_read, has_listed) for visit in visits]
    state = verdicts[0]
    if state is None:
        last, told = next(((v, t) for v, t in zip(visits, verdicts, strict=True) if t is not None), (None, None))
        # A listing was read since: what kept listings away is over, what concerned articles alone is not.
        broken = told is State.READER_BROKEN and last is not None and last.counts[met.LISTING] > 0
        state = State.READER_BROKEN if broken else State.FINE
    agreeing = (state, None) if state in (State.READER_BROKEN, State.FINE) else (state,)
    streak = next((place for place, verdict in enumerate(verdicts) if verdict not in agreeing), len(verdicts))
    return state, streak


def is_open(visits: Sequence[Visit], has_read: bool, has_listed: bool, patient: bool) -> bool:
    """Whether earlier visits may change the state, or since when it holds; that of a fine office only if `patient`."""
    if not visits:
        return True
    state, streak = judge_history(visits, has_read, has_listed)
    if streak < len(visits):
        return False
    proved = any(visit.counts[met.ARTICLE] for visit in visits)
    return patient or not (state is State.FINE and proved)
