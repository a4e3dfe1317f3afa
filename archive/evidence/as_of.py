"""An archive as it was known at the end of a day: another one, made for the moment from the facts
that had been captured, imported and read by then, and derived by the same code.

So every question can be asked of it. What takes part in no answer is left out: the bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import aliased

from archive.database.engine import open_writer, read
from archive.database.models import (
    Base,
    Blob,
    Capture,
    Category,
    File,
    FileCapture,
    HostSighting,
    HostTry,
    Layout,
    Link,
    Page,
    Problem,
    Reading,
    Run,
    SameAs,
    Sighting,
    Site,
    SiteHost,
    Text_,
    ViewCount,
    Visit,
    Walk,
    Withheld,
)
from archive.database.sql import cut_chunks, insert_new
from archive.database.types import UtcTime
from archive.derive.documents import rebuild
from archive.read.revisions import end_day
from archive.watch.verdicts import Answer

ROWS_AT_ONCE = 2_000
"""Rows in memory at once: the largest, with texts of articles, take some 10 MB."""
NO_BYTES = b""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Scope:
    """What is looked back at: an office, until a moment."""

    site_id: int
    end: datetime

    @property
    def runs(self) -> Select[Any]:
        """The runs that had begun."""
        return select(Run.id).where(Run.started_at < self.end)

    def knows(self, capture: Any = Capture) -> ColumnElement[bool]:
        """Whether a capture of the office was in the archive."""
        return and_(
            capture.site_id == self.site_id,
            capture.fetched_at < self.end,
            capture.run_id.in_(self.runs),
        )

    @property
    def captures(self) -> Select[Any]:
        """The captures of the office that were in the archive."""
        return select(Capture.id).where(self.knows())

    @property
    def readings(self) -> ColumnElement[bool]:
        """Whether a reading, with its capture joined, was made."""
        read_at = func.coalesce(Reading.read_at, Capture.fetched_at)
        return and_(self.knows(), type_coerce(read_at, UtcTime) < self.end)


@contextmanager
def open_as_of(
    connection: Connection, day: date, say: Say, site_ids: Collection[int] | None = None
) -> Iterator[Connection]:
    """Open what was known at the end of a day, in each office's zone, of these offices or of all.

    It takes a second or so for each thousand articles of these offices, and as much room in the
    folder for temporary files as their texts.
    """
    scopes = _list_scopes(connection, day, site_ids)
    with TemporaryDirectory(prefix="kpu-as-of-") as folder:
        place = Path(folder) / "archive.db"
        engine = open_writer(f"sqlite:///{place}", say=_say_nothing)
        try:
            with engine.begin() as past:
                _fill(connection, past, scopes, say)
                rebuild(past, _say_nothing if site_ids is not None else say)
            with read(engine) as past:
                yield past
        finally:
            engine.dispose()


def find_sites(connection: Connection, page_id: int) -> set[int]:
    """The offices that take part in what is told of a page: its own, and those that have, or had,
    one of its texts too."""
    of_page = (
        select(Text_.copy_digest)
        .join(Reading, Reading.text_id == Text_.id)
        .join(Capture, Capture.id == Reading.capture_id)
        .where(Capture.page_id == page_id, Text_.copy_digest.is_not(None))
    )
    others = (
        select(Capture.site_id)
        .join(Reading, Reading.capture_id == Capture.id)
        .join(Text_, Text_.id == Reading.text_id)
        .where(Text_.copy_digest.in_(of_page))
    )
    own = select(Page.site_id).where(Page.id == page_id)
    return {*connection.scalars(own), *connection.scalars(others.distinct())}


def _say_nothing(line: str) -> None:
    pass


def _list_scopes(
    connection: Connection, day: date, site_ids: Collection[int] | None
) -> list[_Scope]:
    query = select(Site.id, Site.timezone).order_by(Site.id)
    if site_ids is not None:
        query = query.where(Site.id.in_(site_ids))
    return [
        _Scope(site_id, end_day(day, ZoneInfo(zone))) for site_id, zone in connection.execute(query)
    ]


def _fill(source: Connection, past: Connection, scopes: list[_Scope], say: Say) -> None:
    """Copy what was known. Rows may name others that come later."""
    past.execute(text("PRAGMA defer_foreign_keys = ON"))
    _copy(source, past, Site, _select(Site))
    for number, scope in enumerate(scopes, 1):
        for model, query in _list_queries(scope):
            _copy(source, past, model, query)
        if number % SITES_TOLD == 0:
            say(f"looked back at {number} of {len(scopes)} offices")


SITES_TOLD = 50
"""Offices after which progress is told: some minutes' worth."""


def _copy(source: Connection, past: Connection, model: type[Base], query: Select[Any]) -> None:
    rows = source.execute(query.execution_options(yield_per=ROWS_AT_ONCE)).mappings()
    for chunk in cut_chunks(rows, ROWS_AT_ONCE):
        insert_new(past, model, [dict(row) for row in chunk])


def _select(model: type[Base], changes: Mapping[str, Any] | None = None) -> Select[Any]:
    """The rows of a table, some columns as they were."""
    changes = changes or {}
    columns = model.__table__.columns
    return select(*(changes.get(one.name, one).label(one.name) for one in columns))


def _list_queries(scope: _Scope) -> Iterator[tuple[type[Base], Select[Any]]]:
    """What was known of an office, table by table."""
    site_id, end = scope.site_id, scope.end
    last = select(func.max(Capture.fetched_at)).where(scope.knows()).scalar_subquery()
    seen = {"last_seen": _cut_time(SiteHost.last_seen, end, last)}
    yield SiteHost, _begun(SiteHost, scope, seen)
    seen = {"last_seen": _cut_time(Category.last_seen, end, last)}
    yield Category, _begun(Category, scope, seen)
    yield Run, _select_runs(scope)
    yield Visit, _of_run(Visit, scope, Visit.ended_at)
    yield Walk, _of_run(Walk, scope, Walk.walked_at)
    yield Capture, _select(Capture).where(scope.knows())
    no_bytes = {"data": literal(NO_BYTES), "reference_id": null(), "codec": literal("none")}
    blobs = select(Capture.blob_id).where(scope.knows(), Capture.blob_id.is_not(None))
    yield Blob, _select(Blob, no_bytes).where(Blob.id.in_(blobs))
    files = select(FileCapture.file_digest).join(Capture, Capture.id == FileCapture.capture_id)
    yield File, _select(File).where(File.digest.in_(files.where(scope.knows())))
    yield FileCapture, _of_capture(FileCapture, scope)
    yield Page, _select_pages(scope)
    yield SameAs, _of_capture(SameAs, scope)
    yield Sighting, _select_sightings(scope)
    of_capture = select(Reading.text_id).join(Capture, Capture.id == Reading.capture_id)
    texts = of_capture.where(scope.readings, Reading.text_id.is_not(None))
    yield Text_, _select(Text_).where(Text_.id.in_(texts))
    readings = _select(Reading).join(Capture, Capture.id == Reading.capture_id)
    yield Reading, readings.where(scope.readings)
    yield ViewCount, _of_capture(ViewCount, scope)
    yield Link, _select_links(scope)
    checked = {"checked_at": _cut_time(Layout.checked_at, end, Layout.learnt_at)}
    layouts = _select(Layout, checked).where(Layout.site_id == site_id, Layout.learnt_at < end)
    yield Layout, layouts
    yield Problem, _select_problems(scope)
    for hosts in (HostSighting, HostTry):
        seen = {"last_seen": _cut_time(hosts.last_seen, end, last)}
        yield hosts, _begun(hosts, scope, seen)
    pages = select(Page.id).where(Page.site_id == site_id)
    yield Withheld, _select(Withheld).where(Withheld.page_id.in_(_known_pages(scope, pages)))


def _begun(model: Any, scope: _Scope, changes: Mapping[str, Any]) -> Select[Any]:
    """Rows of an office with the time in which they were seen."""
    begun = model.first_seen < scope.end
    return _select(model, changes).where(model.site_id == scope.site_id, begun)


def _of_run(model: Any, scope: _Scope, at: Any) -> Select[Any]:
    """What runs noted of an office until then."""
    of_run = model.run_id.in_(scope.runs)
    return _select(model).where(model.site_id == scope.site_id, of_run, at < scope.end)


def _of_capture(model: Any, scope: _Scope) -> Select[Any]:
    query = _select(model).join(Capture, Capture.id == model.capture_id)
    return query.where(scope.knows())


def _cut_time(column: Any, end: datetime, before: Any) -> ColumnElement[datetime]:
    """A time that later facts may have moved on."""
    at = case((column < end, column), else_=func.coalesce(before, column))
    return type_coerce(at, UtcTime)


def _select_runs(scope: _Scope) -> Select[Any]:
    """Runs as they stood: those that ended later were under way."""
    ended = Run.ended_at < scope.end
    names = ("ended_at", "exit_code", "outcome", "counts")
    changes = {
        name: type_coerce(case((ended, getattr(Run, name)), else_=null()), getattr(Run, name).type)
        for name in names
    }
    return _select(Run, changes).where(Run.started_at < scope.end)


def _known_pages(scope: _Scope, pages: Select[Any]) -> Select[Any]:
    """Of these pages those that had been captured or seen."""
    captured = select(Capture.page_id).where(scope.knows(), Capture.page_id.is_not(None))
    seen = select(Sighting.page_id).join(Capture, Capture.id == Sighting.capture_id)
    seen = seen.where(scope.knows(), Sighting.first_seen < scope.end)
    return pages.where(or_(Page.id.in_(captured), Page.id.in_(seen)))


def _select_pages(scope: _Scope) -> Select[Any]:
    return _known_pages(scope, _select(Page).where(Page.site_id == scope.site_id))


def _select_sightings(scope: _Scope) -> Select[Any]:
    """Sightings until the last listing that repeated them."""
    again = aliased(Capture)
    repeated = select(func.max(again.fetched_at)).where(
        again.same_items_id == Sighting.capture_id, scope.knows(again)
    )
    last = func.coalesce(repeated.correlate(Sighting).scalar_subquery(), Sighting.first_seen)
    changes = {"last_seen": _cut_time(Sighting.last_seen, scope.end, last)}
    query = _select(Sighting, changes).join(Capture, Capture.id == Sighting.capture_id)
    return query.where(scope.knows())


def _select_links(scope: _Scope) -> Select[Any]:
    """Links until the last capture of their article."""
    last = (
        select(func.max(Capture.fetched_at))
        .where(Capture.page_id == Link.page_id, Capture.answer == Answer.ARTICLE, scope.knows())
        .correlate(Link)
        .scalar_subquery()
    )
    changes = {"last_seen": _cut_time(Link.last_seen, scope.end, last)}
    query = _select(Link, changes).join(Page, Page.id == Link.page_id)
    return query.where(Page.site_id == scope.site_id, Link.first_seen < scope.end)


def _select_problems(scope: _Scope) -> Select[Any]:
    """Problems of what was captured and read, and of runs."""
    known = or_(Problem.capture_id.is_(None), scope.knows())
    told = or_(Problem.reading_id.is_(None), scope.readings)
    query = _select(Problem).outerjoin(Capture, Capture.id == Problem.capture_id)
    query = query.outerjoin(Reading, Reading.id == Problem.reading_id)
    return query.where(
        Problem.site_id == scope.site_id, Problem.run_id.in_(scope.runs), known, told
    )
