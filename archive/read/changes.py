"""One feed of all that happened to what is archived, the newest first.

Only what rows tell: captures as they are read today, what pages answered, what counters showed.
Another reader, another layout or a page that came in part change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    distinct,
    func,
    or_,
    select,
)

from archive.database.models import (
    Capture,
    Document,
    Problem,
    Reading,
    Removal,
    Run,
    Sighting,
    Site,
    Text_,
    ViewCount,
    Withheld,
)
from archive.database.sql import PAGES, cut_chunks
from archive.derive.documents import PAGES_AT_ONCE, select_revisions
from archive.derive.doubts import REUSED
from archive.read.kinds import Kind
from archive.read.most_read import (
    FIRST,
    LAST,
    choose_sites,
    find_begin,
    find_end,
    name_articles,
)
from archive.read.views import Note, list_steps, load_counts
from archive.read.words import measure_edit
from archive.watch.markup_changes import find_changes
from archive.watch.removals import Grade, Loss, find_losses
from archive.watch.verdicts import Answer

OF_TEXTS = {Kind.NEW, Kind.EDITED, Kind.RECATEGORISED}
OF_REMOVALS = {Kind.REMOVED, Kind.RETURNED}
"""Kinds that are found together."""
LOOK_BACK = (timedelta(days=2), timedelta(days=14), timedelta(days=100))
"""How far back is looked for the newest so many where nobody says since when, until enough is
found: an office posts a few articles a week, and all offices some hundred a day."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    at: datetime
    """In the office's zone."""
    site: str
    """An office's label; several, for a change of markup that they made together."""
    kind: Kind
    page_id: int | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    texts: tuple[int, int] | None = None
    """Of an edit: the text before and the text since."""
    page: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which offices are asked about, and from when to when: `start` is within, `end` is not."""

    offices: Mapping[int, tuple[str, ZoneInfo]]
    """By their id: label and zone."""
    chosen: ColumnElement[bool]
    """What tells them in the database."""
    since: date | None
    until: date | None
    """Days of each office's zone."""
    start: datetime
    end: datetime
    """All instants that are of those days in any of the zones."""

    def has(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether something happened within."""
        day = at.astimezone(zone).date()
        in_days = (self.since is None or day >= self.since) and (
            self.until is None or day <= self.until
        )
        return in_days and self.start <= at < self.end


Find = Callable[[Connection, Scope], Iterator[Event]]


def list_changes(
    connection: Connection,
    *,
    since: date | None = None,
    until: date | None = None,
    sites: Collection[str] = (),
    provinces: Collection[str] = (),
    kinds: Collection[Kind] = (),
    limit: int | None = None,
) -> Iterator[Row]:
    """What happened, the newest first: `at`, `site`, `page`, `title`, `kind`, `details`.

    `sites` and `provinces` are codes; both narrow. Days are those of each office's zone.
    """
    scope = _make_scope(connection, choose_sites(sites, provinces), since, until)
    wanted = set(kinds) or set(Kind)
    for one in _narrow_scope(connection, scope, limit):
        found = sorted(_find_events(connection, one, wanted), key=_rank, reverse=True)
        if limit is not None and len(found) >= limit:
            break
    for chunk in cut_chunks(found[:limit], PAGES_AT_ONCE):
        yield from map(_make_row, _describe_events(connection, chunk))


def _rank(event: Event) -> tuple[datetime, int, str]:
    """The order of time; of what happened at once the page seen last is the newest."""
    return event.at, event.page_id or 0, str(event.kind)


def _make_row(event: Event) -> Row:
    return {
        "at": event.at,
        "site": event.site,
        "page": event.page,
        "title": event.title,
        "kind": str(event.kind),
        "details": dict(event.details),
    }


def _make_scope(
    connection: Connection, chosen: ColumnElement[bool], since: date | None, until: date | None
) -> Scope:
    rows = connection.execute(select(Site.id, Site.label, Site.timezone).where(chosen))
    offices = {row.id: (row.label, ZoneInfo(row.timezone)) for row in rows}
    zones = {zone for _, zone in offices.values()} or {ZoneInfo("UTC")}
    start, end = FIRST, LAST
    if since is not None:
        start = min(find_begin(since, zone) for zone in zones)
    if until is not None:
        end = max(find_end(until, zone) for zone in zones)
    return Scope(offices, chosen, since, until, start, end)


def _narrow_scope(connection: Connection, scope: Scope, limit: int | None) -> Iterator[Scope]:
    """Of the newest so many, ever longer spans before the last run, and all in the end."""
    last = connection.scalar(select(func.max(func.coalesce(Run.ended_at, Run.started_at))))
    if limit is not None and scope.since is None and last is not None:
        newest = min(last, scope.end)
        yield from (replace(scope, start=newest - span) for span in LOOK_BACK)
    yield scope


def _find_events(connection: Connection, scope: Scope, kinds: Collection[Kind]) -> Iterator[Event]:
    finders: tuple[tuple[Collection[Kind], Find], ...] = (
        (OF_TEXTS, _find_texts),
        (OF_REMOVALS, _find_removals),
        ({Kind.COUNTER_RESET}, _find_resets),
        ({Kind.LAYOUT_CHANGED}, _find_layouts),
    )
    for found, find in finders:
        if not set(kinds).isdisjoint(found):
            yield from (one for one in find(connection, scope) if one.kind in kinds)


def _select_captured(scope: Scope) -> list[ColumnElement[bool]]:
    """Conditions of captures within the scope; found by their runs, since captures are in no order
    of time."""
    conditions: list[ColumnElement[bool]] = [
        Capture.site_id.in_(select(Site.id).where(scope.chosen))
    ]
    if scope.start > FIRST:
        conditions.append(Capture.run_id.in_(_select_runs(scope)))
        conditions.append(Capture.fetched_at >= scope.start)
    if scope.end < LAST:
        conditions.append(Capture.fetched_at < scope.end)
    return conditions


def _select_runs(scope: Scope) -> Select[int]:
    """Runs that may have captured something since the scope begins: a run without an end too."""
    return select(Run.id).where(or_(Run.ended_at.is_(None), Run.ended_at >= scope.start))


def _find_texts(connection: Connection, scope: Scope) -> Iterator[Event]:
    """What is new, edited or moved to another category, of articles that ever came whole."""
    shown = Capture.page_id.is_not(None), Capture.page_id.not_in(select(Withheld.page_id))
    touched = select(Capture.page_id).where(*shown, Capture.answer == Answer.ARTICLE)
    touched = touched.where(*_select_captured(scope)).distinct()
    reused = _find_reused(connection, scope)
    for chunk in cut_chunks(connection.scalars(touched).all(), PAGES_AT_ONCE):
        asked = {"pages": chunk, "start": scope.start}
        telling = connection.scalars(TELLING, asked).all()
        rows = connection.execute(REVISIONS, {"pages": telling})
        for _, captures in groupby(rows, key=lambda row: row.page_id):
            yield from _follow_page(captures, scope, reused)


def _find_reused(connection: Connection, scope: Scope) -> dict[int | None, str]:
    """The captures that showed another article than their number did before, and its title."""
    query = select(Problem.capture_id, Problem.seen).where(Problem.field == REUSED)
    if scope.start > FIRST:
        query = query.where(Problem.run_id.in_(_select_runs(scope)))
    return dict(connection.execute(query).all())


def _select_telling() -> Select[Any]:
    """Of articles, those that are new since a time or ever showed two texts or categories: of the
    others, which are most, nothing is to be told, and to compare their captures takes longer."""
    read = Reading.capture_id == Capture.id
    query = select(Capture.page_id).join(Reading, read).group_by(Capture.page_id)
    query = query.where(Capture.page_id.in_(PAGES), Capture.answer == Answer.ARTICLE)
    several = (
        func.count(distinct(func.coalesce(Reading.text_id, 0))) > 1,
        func.count(distinct(Reading.category)) > 1,
    )
    return query.having(or_(func.min(Capture.fetched_at) >= bindparam("start"), *several))


TELLING = _select_telling()


def _select_read_revisions() -> Select[Any]:
    """Captures of articles, and by what each was read."""
    c = select_revisions().order_by(None).subquery().c
    read = (Reading.category, Reading.reader_version, Reading.layout, Reading.layout_group)
    query = select(*c, Capture.site_id, *read).join(Reading, Reading.id == c.reading_id)
    query = query.join(Capture, Capture.id == c.id)
    return query.order_by(c.page_id, c.fetched_at, c.id)


REVISIONS = _select_read_revisions()
"""Made once, as in `archive.derive.documents`."""


def _follow_page(
    captures: Iterable[Any], scope: Scope, reused: Mapping[int | None, str]
) -> Iterator[Event]:
    """What happened to the article of one page, from its captures in the order of time."""
    categories: dict[tuple[Any, ...], str] = {}
    for place, row in enumerate(captures):
        label, zone = scope.offices[row.site_id]
        make = partial(Event, row.fetched_at.astimezone(zone), label, page_id=row.page_id)
        if row.id in reused:
            categories.clear()
        happened = [*_tell_text(row, place, reused.get(row.id), make)]
        happened += _tell_category(row, categories, make)
        if scope.has(row.fetched_at, zone):
            yield from happened


def _tell_text(
    row: Any, place: int, other: str | None, make: Callable[..., Event]
) -> Iterator[Event]:
    """Whether a capture shows a new article, or a new text of a known one; `other` is the title
    that its number showed before, where it is reused."""
    if place == 0:
        yield make(kind=Kind.NEW)
    elif other is not None:
        yield make(kind=Kind.NEW, details={"number_showed": other})
    elif row.begins:
        yield make(kind=Kind.EDITED, texts=(row.compared_id, row.text_id))


def _tell_category(
    row: Any, known: dict[tuple[Any, ...], str], make: Callable[..., Event]
) -> Iterator[Event]:
    """Whether a capture shows another category than the last that was read alike; `known` has the
    last of each reader and template."""
    read_as = (row.reader_version, row.layout, row.layout_group)
    before = known.get(read_as)
    if row.category is None:
        return
    known[read_as] = row.category
    if before is not None and before != row.category:
        yield make(kind=Kind.RECATEGORISED, details={"from": before, "to": row.category})


def _find_removals(connection: Connection, scope: Scope) -> Iterator[Event]:
    """What is gone and what came back, of pages that were ever held or listed: a link to nothing
    was never there."""
    held = select(Document.page_id).where(Document.page_id == Removal.page_id)
    listed = select(Sighting.page_id).where(Sighting.page_id == Removal.page_id)
    query = select(Removal.page_id, Removal.site_id, Removal.grade, Removal.since)
    query = query.join(Site, Site.id == Removal.site_id).where(scope.chosen)
    query = query.where(Removal.since >= scope.start, or_(held.exists(), listed.exists()))
    query = query.where(Removal.page_id.not_in(select(Withheld.page_id)))
    for chunk in cut_chunks(connection.execute(query).all(), PAGES_AT_ONCE):
        losses = find_losses(connection, [row.page_id for row in chunk])
        for row in chunk:
            label, zone = scope.offices[row.site_id]
            for at, kind, details in _list_losses(row, losses.get(row.page_id, ())):
                if scope.has(at, zone):
                    yield Event(at.astimezone(zone), label, kind, row.page_id, details)


def _list_losses(
    row: Any, losses: Iterable[Loss]
) -> Iterator[tuple[datetime, Kind, Mapping[str, object]]]:
    """When a page was lost and came back; of a loss that lasts, the grade as it is kept."""
    said = "no listing shows it any more"
    for loss in losses:
        if loss.until is None:
            said = loss.said
            continue
        yield loss.since, Kind.REMOVED, {"grade": str(loss.grade), "said": loss.said}
        yield loss.until, Kind.RETURNED, {"gone_since": loss.since, "said": loss.said}
    if row.grade != Grade.RETURNED:
        yield row.since, Kind.REMOVED, {"grade": row.grade, "said": said}


def _find_resets(connection: Connection, scope: Scope) -> Iterator[Event]:
    """Counters that began anew."""
    counted = select(ViewCount.page_id, Capture.site_id).join(
        Capture, Capture.id == ViewCount.capture_id
    )
    shown = ViewCount.page_id.not_in(select(Withheld.page_id))
    offices: dict[int, int] = dict(
        connection.execute(counted.where(shown, *_select_captured(scope)).distinct()).all()
    )
    for chunk in cut_chunks(offices):
        fallen = connection.scalars(FALLEN, {"pages": chunk}).all()
        for page_id, counts in load_counts(connection, fallen).items():
            label, zone = scope.offices[offices[page_id]]
            for step in list_steps(counts):
                if step.note is Note.RESET and step.before and scope.has(step.now.at, zone):
                    details = {"from": step.before.count, "to": step.now.count}
                    at = step.now.at.astimezone(zone)
                    yield Event(at, label, Kind.COUNTER_RESET, page_id, details)


def _select_fallen() -> Select[Any]:
    """Pages whose counters ever showed less than before."""
    order = (ViewCount.counted_at, ViewCount.id)
    before = func.lag(ViewCount.count).over(partition_by=ViewCount.page_id, order_by=order)
    columns = (ViewCount.page_id, ViewCount.count.label("count"), before.label("before"))
    c = select(*columns).where(ViewCount.page_id.in_(PAGES)).subquery().c
    return select(c.page_id).where(c.count < c.before).distinct()


FALLEN = _select_fallen()


def _find_layouts(connection: Connection, scope: Scope) -> Iterator[Event]:
    """Changes of markup, one for all the offices that made it together."""
    first = connection.scalar(select(func.min(Run.started_at)))
    if first is None:
        return
    zones = dict(scope.offices.values())
    for change in find_changes(connection, max(scope.start, first)):
        labels = [label for label in change.offices if label in zones]
        if labels and scope.has(change.at, zones[labels[0]]):
            details = {"offices": len(labels), "pages": list(change.kinds)}
            at = change.at.astimezone(zones[labels[0]])
            yield Event(at, ", ".join(labels), Kind.LAYOUT_CHANGED, details=details)


def _describe_events(connection: Connection, events: Collection[Event]) -> Iterator[Event]:
    """The same with the names and titles of pages, and with how much was edited."""
    named = name_articles(connection, {event.page_id for event in events if event.page_id})
    wanted = {text_id for event in events if event.texts for text_id in event.texts}
    query = select(Text_.id, Text_.title, Text_.body).where(Text_.id.in_(wanted))
    texts = {row.id: (row.title or "", row.body) for row in connection.execute(query)}
    for event in events:
        page, title = named[event.page_id] if event.page_id else (None, None)
        details = event.details
        if event.texts:
            before, after = (texts[text_id] for text_id in event.texts)
            details = measure_edit(before, after)
        yield replace(event, page=page, title=title, details=details)
