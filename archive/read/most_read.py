"""What was read most in a period: by how much counters grew, not by what they show.

Counts come when we happen to look, so what was read from the first to the last day of a month is
known within bounds: at least what was counted up inside it, at most what was counted up from the
last count before it to the first behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from heapq import nlargest
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, select

from archive.database.models import (
    Capture,
    Document,
    Page,
    Problem,
    Sighting,
    Site,
    Text_,
    UtcTime,
    ViewCount,
    Withheld,
)
from archive.database.sql import cut_chunks
from archive.derive.doubts import REUSED
from archive.names import name_page
from archive.read.views import Count, Note, Step, list_steps, load_counts

FIRST = datetime(1900, 1, 1, tzinfo=UTC)
LAST = datetime(9000, 1, 1, tzinfo=UTC)
"""Before and after all that was ever counted, and far enough from where the calendar ends for other
zones, and for spans before and behind."""

Row = dict[str, Any]
Bounds = Mapping[str, tuple[datetime, datetime]]
"""By zone: the first instant of a period and the first one behind it."""


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day of a period."""

    first: date
    last: date

    def find_bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Its first instant in a zone, and the first one behind it."""
        return find_begin(self.first, zone), find_end(self.last, zone)


def find_begin(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day in a zone, no further away than `FIRST` and `LAST` are."""
    if FIRST.date() < day < LAST.date():
        return datetime.combine(day, time(), zone)
    return FIRST if day <= FIRST.date() else LAST


def find_end(day: date, zone: ZoneInfo) -> datetime:
    """The first instant behind a day, likewise."""
    return find_begin(min(day, LAST.date()) + timedelta(days=1), zone)


@dataclass(frozen=True, slots=True)
class Growth:
    """How much the counter of a page grew in a period."""

    page_id: int
    least: int
    most: int
    is_open: bool
    """Something is left that nobody counted: behind the last count, or before a reset."""
    counts: int
    """Those within the period."""

    @property
    def rank(self) -> tuple[int, int, int]:
        """The more read, the higher; of equals the page that was seen first."""
        return self.least, self.most, -self.page_id


def list_most_read(
    connection: Connection,
    days: Days | None = None,
    *,
    sites: Collection[str] = (),
    provinces: Collection[str] = (),
    limit: int | None = None,
) -> Iterator[Row]:
    """The articles whose counters were seen within some days, or ever, and grew, the most read
    first.

    `sites` and `provinces` are codes; both narrow. Days are those of each office's zone.
    """
    chosen = choose_sites(sites, provinces)
    zones = connection.scalars(select(Site.timezone).where(chosen).distinct()).all()
    bounds = {zone: days.find_bounds(ZoneInfo(zone)) if days else (FIRST, LAST) for zone in zones}
    grown = [one for one in _find_growth(connection, chosen, bounds) if one.most]
    ranked = nlargest(len(grown) if limit is None else limit, grown, key=lambda one: one.rank)
    for chunk in cut_chunks(ranked):
        named = name_articles(connection, [one.page_id for one in chunk])
        yield from (_make_row(one, *named[one.page_id]) for one in chunk)


def choose_sites(sites: Collection[str], provinces: Collection[str]) -> ColumnElement[bool]:
    """The offices of these codes and of these provinces, else all."""
    chosen: list[ColumnElement[bool]] = [Site.id.is_not(None)]
    if sites:
        chosen.append(Site.code.in_(sites))
    if provinces:
        chosen.append(Site.province_code.in_(provinces))
    return and_(*chosen)


def name_articles(
    connection: Connection, page_ids: Collection[int]
) -> dict[int, tuple[str, str | None]]:
    """What pages are called, and their titles: as they stand, else as a listing last had it."""
    listed = select(Sighting.title).where(Sighting.page_id == Page.id).correlate(Page)
    listed = listed.order_by(Sighting.last_seen.desc(), Sighting.id.desc()).limit(1)
    title = func.coalesce(Text_.title, listed.scalar_subquery())
    query = select(Page.id, Site.label, Page.route, Page.key, title).join(Site)
    query = query.outerjoin(Document, Document.page_id == Page.id)
    query = query.outerjoin(Text_, Text_.id == Document.text_id).where(Page.id.in_(page_ids))
    rows = connection.execute(query)
    return {row[0]: (name_page(*row[1:4]), row[4]) for row in rows}


def _make_row(one: Growth, page: str, title: str | None) -> Row:
    return {
        "page": page,
        "title": title,
        "least": one.least,
        "most": one.most,
        "open": one.is_open,
        "counts": one.counts,
    }


def _find_growth(
    connection: Connection, chosen: ColumnElement[bool], bounds: Bounds
) -> Iterator[Growth]:
    """By how much the counters of offices grew, where they were seen within the bounds.

    PostgreSQL's sums of 64 bits are decimals.
    """
    if not bounds:
        return
    reused = set(connection.scalars(_select_reused()))
    uneven: dict[int, str] = {}
    for row in connection.execute(_select_growth(chosen, bounds)):
        if row.falls or row.page_id in reused:
            uneven[row.page_id] = row.timezone
            continue
        least, most = max(0, int(row.least)), int(row.most)
        is_open = not row.followed and bounds[row.timezone][1] < LAST
        yield Growth(row.page_id, least, most, is_open, row.counts)
    for page_id, counts in load_counts(connection, uneven).items():
        start, end = bounds[uneven[page_id]]
        if any(start <= count.at < end for count in counts):
            yield measure_growth(page_id, counts, start, end)


def _select_growth(chosen: ColumnElement[bool], bounds: Bounds) -> Select[Any]:
    """By page: the readers of its counter's steps inside the bounds and of those that touch them;
    how often it fell; whether a count is behind them; its zone.

    The first count of a page is a step from 0: nobody knows when it was read. No step takes from
    `most`: a counter that does not count us would make it less than `least`.
    """
    c = _select_steps(chosen).subquery().c
    start, end = (_choose_bound(c.timezone, bounds, place) for place in (0, 1))
    inside = and_(c.at >= start, c.at < end)
    both = and_(inside, c.at_before >= start)
    touching = and_(c.at >= start, func.coalesce(c.at_before < end, inside))
    grown = c.count - func.coalesce(c.count_before, 0)
    readers = grown - (c.own - func.coalesce(c.own_before, 0))
    sums = {
        "least": _sum(both, readers),
        "most": _sum(and_(touching, readers > 0), readers),
        "falls": _sum(c.count < c.count_before, 1),
        "followed": _sum(c.at >= end, 1),
        "counts": _sum(inside, 1),
    }
    query = select(c.page_id, c.timezone, *(one.label(name) for name, one in sums.items()))
    return query.group_by(c.page_id, c.timezone).having(sums["counts"] > 0)


def _choose_bound(zone: Any, bounds: Bounds, place: int) -> ColumnElement[datetime]:
    """The bound of a row's zone: one statement for all, since it reads all counts."""
    times = {name: literal(pair[place], UtcTime()) for name, pair in bounds.items()}
    return case(times, value=zone)


def _sum(condition: ColumnElement[bool], value: Any) -> ColumnElement[int]:
    return func.sum(case((condition, value), else_=0))


def _select_steps(chosen: ColumnElement[bool]) -> Select[Any]:
    """Counts beside the ones before them, of pages that are shown."""
    order = (ViewCount.counted_at, ViewCount.id)
    columns = {
        "at": ViewCount.counted_at,
        "count": ViewCount.count,
        "own": ViewCount.own_visits,
    }
    before = {f"{name}_before": _look_back(column, order) for name, column in columns.items()}
    return (
        select(ViewCount.page_id, Site.timezone)
        .add_columns(*(column.label(name) for name, column in columns.items()))
        .add_columns(*(column.label(name) for name, column in before.items()))
        .join(Page, Page.id == ViewCount.page_id)
        .join(Site, Site.id == Page.site_id)
        .where(chosen, ViewCount.page_id.not_in(select(Withheld.page_id)))
    )


def _look_back(column: Any, order: Any) -> Any:
    """A column of the count before; of its own type, by which times are compared."""
    before = func.lag(column, type_=column.type)
    return before.over(partition_by=ViewCount.page_id, order_by=order)


def _select_reused() -> Select[Any]:
    """Pages whose numbers showed other articles before."""
    query = select(Capture.page_id).join(Problem, Problem.capture_id == Capture.id)
    return query.where(Problem.field == REUSED, Capture.page_id.is_not(None)).distinct()


def measure_growth(page_id: int, counts: Sequence[Count], start: datetime, end: datetime) -> Growth:
    """The same of one page, by its counts in the order of time, where the counter fell."""
    steps = [step for step in list_steps(counts) if step.note is not Note.LATE]
    touching = [step for step in steps if _touches(step, start, end)]
    inside = [
        step
        for step in touching
        if step.tells and step.before and step.before.at >= start and step.now.at < end
    ]
    is_followed = end == LAST or any(step.now.at >= end for step in steps)
    is_reset = any(step.note is Note.RESET for step in touching)
    return Growth(
        page_id,
        max(0, sum(map(_count_readers, inside))),
        sum(max(0, _count_readers(step)) for step in touching),
        is_reset or not is_followed,
        sum(start <= count.at < end for count in counts),
    )


def _touches(step: Step, start: datetime, end: datetime) -> bool:
    """Whether some of what a step counts up may have been read within the bounds."""
    begins = step.now.at if step.before is None else step.before.at
    return step.now.at >= start and begins < end


def _count_readers(step: Step) -> int:
    """What the counter rose by, without our part; from 0 where it began, or began anew.

    How many of our visits are behind a reset is unknown: none, at the least.
    """
    if step.note is Note.RESET:
        return step.now.count
    count, own = (step.before.count, step.before.own_visits) if step.before else (0, 0)
    return step.now.count - count - (step.now.own_visits - own)
