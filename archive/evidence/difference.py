"""What is different between two captures of an article: its words and its fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from archive.database.engine import ArchiveError
from archive.database.models import Link, Reading, Text_
from archive.evidence.wording import Kind, Piece, compare_texts, count_words
from archive.names import find_page
from archive.read.revisions import (
    Revision,
    Shown,
    choose_day,
    choose_revision,
    list_revisions,
)

Row = dict[str, Any]
Choice = int | date
"""A revision by its number, or the one that a day ended with."""

FIELDS = {
    "category": Reading.category,
    "section": Reading.section,
    "byline": Reading.byline,
    "writers": Reading.writers,
    "role": Reading.role,
    "editor": Reading.editor,
    "photographer": Reading.photographer,
    "byline unit": Reading.byline_unit,
    "dateline": Reading.dateline,
    "place": Reading.place,
    "dateline unit": Reading.dateline_unit,
    "event": Reading.event,
}
"""Fields that an edit may change, under the names in which they are told."""
DAYS = {
    "dateline date": (Reading.dateline_date, Reading.dateline_date_end),
    "event date": (Reading.event_date, Reading.event_date_end),
    "published": (Reading.published_earliest, Reading.published_latest),
}
LINKS = {"images": "image", "attachments": "attachment"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared."""

    revision: int
    """0 for a capture that no revision counts."""
    capture: int
    captured: datetime
    """In the office's zone."""
    reader_version: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different between two captures of an article."""

    page: str
    citation: str
    before: Side
    after: Side
    title: tuple[Piece, ...]
    body: tuple[Piece, ...]
    fields: tuple[Row, ...]
    """Those that differ: `field`, `before`, `after`."""
    read_otherwise: bool
    """Another reader, or another template, read the second: part of it may be no edit."""

    @property
    def added(self) -> int:
        """Words of title and body that are new."""
        return count_words(self.title + self.body, Kind.ADDED)

    @property
    def removed(self) -> int:
        """Words of title and body that are gone."""
        return count_words(self.title + self.body, Kind.REMOVED)


def find_difference(
    connection: Connection, name: str, first: Choice | None, second: Choice | None
) -> Difference:
    """Compare two revisions of the page called `SITE/N`: else the last with the one before it.

    Of each revision those captures are compared that the same reader read by the same template,
    where there are such. Raise ArchiveError where there are no two.
    """
    place = find_page(connection, name)
    revisions = list_revisions(connection, place.page_id)
    if not revisions:
        raise ArchiveError(
            f"{place.name} was never read as an article: see kpu-archive history {place.name}"
        )
    find = partial(_find_revision, place, revisions)
    after = find(second) if second is not None else revisions[-1]
    if first is None and after.number == 1:
        raise ArchiveError(
            f"{place.name} has nothing before revision 1 to compare with: see kpu-archive history "
            f"{place.name}"
        )
    before = find(first) if first is not None else revisions[after.number - 2]
    rows = _fetch_readings(connection, [*before.captures, *after.captures])
    one, other = _choose_pair(before, after, rows)
    zone = ZoneInfo(place.timezone)
    old, new = rows[one.reading_id], rows[other.reading_id]
    return Difference(
        page=place.name,
        citation=place.citation,
        before=_make_side(one, old, zone),
        after=_make_side(other, new, zone),
        title=tuple(compare_texts(old.title or "", new.title or "")),
        body=tuple(compare_texts(old.body, new.body)),
        fields=tuple(_list_fields(connection, place.page_id, (one, old), (other, new))),
        read_otherwise=_describe_reading(old) != _describe_reading(new),
    )


def _find_revision(place: Any, revisions: Sequence[Revision], choice: Choice) -> Revision:
    if isinstance(choice, int):
        return choose_revision(place, revisions, choice)
    return revisions[choose_day(place, revisions, choice).revision - 1]


def _fetch_readings(connection: Connection, shown: Sequence[Shown]) -> dict[int, Any]:
    query: Any = (
        select(Reading, Text_.title, Text_.body)
        .join(Text_, Text_.id == Reading.text_id)
        .with_only_columns(*Reading.__table__.columns, Text_.title, Text_.body)
        .where(Reading.id.in_({one.reading_id for one in shown}))
    )
    return {row.id: row for row in connection.execute(query)}


def _choose_pair(before: Revision, after: Revision, rows: dict[int, Any]) -> tuple[Shown, Shown]:
    """The last capture of one revision and the first of the other, unless those nearest that were
    read alike."""
    for other in _list_whole(after):
        for one in reversed(_list_whole(before)):
            if _describe_reading(rows[one.reading_id]) == _describe_reading(rows[other.reading_id]):
                return one, other
    return before.last, after.last


def _list_whole(revision: Revision) -> Sequence[Shown]:
    whole = [one for one in revision.captures if not one.is_cut]
    return whole or revision.captures


def _describe_reading(row: Any) -> tuple[str, str, str | None]:
    return row.reader_version, row.layout, row.layout_group


def _make_side(shown: Shown, row: Any, zone: ZoneInfo) -> Side:
    captured = shown.fetched_at.astimezone(zone)
    return Side(shown.revision, shown.capture_id, captured, row.reader_version)


def _list_fields(
    connection: Connection, page_id: int, before: tuple[Shown, Any], after: tuple[Shown, Any]
) -> Iterator[Row]:
    told = [_describe(connection, page_id, shown, row) for shown, row in (before, after)]
    for field, value in told[0].items():
        if value != told[1][field]:
            yield {"field": field, "before": value, "after": told[1][field]}


def _describe(connection: Connection, page_id: int, shown: Shown, row: Any) -> Row:
    fields = {name: getattr(row, column.key) for name, column in FIELDS.items()}
    for name, columns in DAYS.items():
        first, last = (getattr(row, column.key) for column in columns)
        fields[name] = first if last in (None, first) else f"{first}..{last}"
    for name, kind in LINKS.items():
        fields[name] = list(connection.scalars(_select_links(page_id, kind, shown.fetched_at)))
    return fields


def _select_links(page_id: int, kind: str, at: datetime) -> Any:
    """The addresses of what an article showed at a moment."""
    there = Link.first_seen <= at, Link.last_seen >= at
    query = select(Link.url).where(Link.page_id == page_id, Link.kind == kind, *there)
    return query.order_by(Link.position, Link.id)
