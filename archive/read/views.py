"""The counter of an article as a series: what was read from one count to the next.

A counter only grows, so a lower count is either an older one that came late or the first after the
office began anew. Our own visits are part of what it counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from archive.database.engine import ArchiveError
from archive.database.models import ViewCount, Withheld
from archive.database.sql import PAGES, cut_chunks
from archive.derive.doubts import find_reuses
from archive.names import find_page

LATE = timedelta(days=1)
"""How long after a count an older one may still come: a listing asked for before an article answers
after it, and offices keep listings in store for hours. Beyond, a lower count is a reset."""
LATE_SHARE = 0.1
"""What an older count that comes late may lack of the newer one, at most ..."""
LATE_LEAST = 10
"""... or so many, of an article that few read: 12 that become 3 within minutes are a late count,
500 that become 3 are none."""
JUMP_TIMES = 10
"""A jump has more readers a day than so many times the article's usual ones: days on which an
article is talked of have twice or five times as many as others, programs that ask for it again and
again have hundreds of times."""
JUMP_LEAST = 1000
"""Readers that a jump has at the least: ten times a usual reader or two are an office's own
staff."""
DAY = timedelta(days=1)

Row = dict[str, Any]


class Note(StrEnum):
    """What is odd about a count."""

    LATE = "late"
    """An older count that came after a newer one: compared with no other."""
    RESET = "reset"
    """The counter began anew; how many read the article until then is unknown."""
    JUMP = "jump"
    """It rose out of all proportion."""


@dataclass(frozen=True, slots=True)
class Count:
    """What the counter of an article showed."""

    at: datetime
    count: int
    source: str
    """`article` or `listing`."""
    own_visits: int
    """How often we had fetched the article until then."""


@dataclass(frozen=True, slots=True)
class Step:
    """A count, and the one that it is compared with."""

    now: Count
    before: Count | None = None
    """The last that came in its turn; `None` for the first."""
    note: Note | None = None

    @property
    def difference(self) -> int | None:
        """How much the counter shows more, or less."""
        return None if self.before is None else self.now.count - self.before.count

    @property
    def own_visits(self) -> int | None:
        """Our part of the difference."""
        return None if self.before is None else self.now.own_visits - self.before.own_visits

    @property
    def readers(self) -> int | None:
        """The difference without our part; 0 where the counter fell."""
        if self.difference is None or self.own_visits is None:
            return None
        return max(0, self.difference - self.own_visits)

    @property
    def tells(self) -> bool:
        """Whether the counter grew from the count before to this one."""
        return self.before is not None and self.note not in (Note.LATE, Note.RESET)

    @property
    def days(self) -> float:
        """Since the count before."""
        return 0.0 if self.before is None else (self.now.at - self.before.at) / DAY


def list_views(connection: Connection, name: str) -> Iterator[Row]:
    """The counts of the article called `SITE/N`, the oldest first, each with what was read since
    the one before; times in the office's zone. Those of another article that its number showed
    before are left out."""
    place = find_page(connection, name)
    if connection.scalar(select(Withheld.page_id).where(Withheld.page_id == place.page_id)):
        raise ArchiveError(f"{place.name} is withheld: nothing of it is shown")
    zone = ZoneInfo(place.timezone)
    counts = load_counts(connection, [place.page_id])
    for step in mark_jumps(list_steps(counts.get(place.page_id, ()))):
        yield {
            "at": step.now.at.astimezone(zone),
            "count": step.now.count,
            "source": step.now.source,
            "difference": step.difference,
            "own_visits": step.own_visits,
            "readers": step.readers,
            "note": None if step.note is None else str(step.note),
        }


def load_counts(connection: Connection, page_ids: Collection[int]) -> dict[int, list[Count]]:
    """The counts of articles, the oldest first, without those of others that their numbers showed
    before."""
    found: defaultdict[int, list[Count]] = defaultdict(list)
    for chunk in cut_chunks(page_ids):
        for row in connection.execute(COUNTS, {"pages": chunk}):
            found[row.page_id].append(Count(*row[1:]))
        for page_id, since in find_reuses(connection, chunk).items():
            found[page_id] = list(_take_own(found[page_id], since))
    return found


def _take_own(counts: Iterable[Count], since: datetime) -> Iterator[Count]:
    """The counts since an article took the number of another, whose visits were none to it: the
    first visit is that which found it."""
    own = [count for count in counts if count.at >= since]
    for count in own:
        yield replace(count, own_visits=count.own_visits - own[0].own_visits + 1)


def list_steps(counts: Sequence[Count]) -> Iterator[Step]:
    """Compare each count with the one before that did not come late."""
    before: Count | None = None
    for count in counts:
        note = judge_count(before, count)
        yield Step(count, before, note)
        if note is not Note.LATE:
            before = count


def judge_count(before: Count | None, now: Count) -> Note | None:
    """Whether a count is a late one, or the first of a counter that began anew."""
    if before is None or now.count >= before.count:
        return None
    lacking = before.count - now.count
    is_near = lacking <= max(LATE_LEAST, before.count * LATE_SHARE)
    return Note.LATE if is_near and now.at - before.at <= LATE else Note.RESET


def mark_jumps(steps: Iterable[Step]) -> list[Step]:
    """Note which steps are jumps: measured by the readers a day of all the others, at least a day
    of them."""
    listed = list(steps)
    telling = [step for step in listed if step.tells]
    readers = sum(step.readers or 0 for step in telling)
    days = sum(step.days for step in telling)
    return [
        replace(step, note=Note.JUMP) if step.tells and _is_jump(step, readers, days) else step
        for step in listed
    ]


def _is_jump(step: Step, readers: int, days: float) -> bool:
    """Of a step shorter than a day all readers count as one day's."""
    own = step.readers or 0
    others, other_days = readers - own, days - step.days
    if own < JUMP_LEAST or other_days < 1:
        return False
    return own / max(step.days, 1) > JUMP_TIMES * others / other_days


def _select_counts() -> Any:
    columns = (ViewCount.counted_at, ViewCount.count, ViewCount.source, ViewCount.own_visits)
    query = select(ViewCount.page_id, *columns).where(ViewCount.page_id.in_(PAGES))
    return query.order_by(ViewCount.page_id, ViewCount.counted_at, ViewCount.id)


COUNTS = _select_counts()
"""Made once, as in `archive.derive.documents`."""
