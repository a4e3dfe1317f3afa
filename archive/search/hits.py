"""The articles found, read from the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, null, select

from archive.addresses import locate_page
from archive.database.models import Capture, Document, Page, Reading, Removal, Site, Text_
from archive.database.sql import PAGES, Row, cut_chunks, read_by_page
from archive.names import name_page
from archive.search.passages import Passage, cut_passage
from archive.search.query import Leaf
from archive.search.questions import Period, Question
from archive.watch.removals import Grade

HITS_AT_ONCE = 500
"""Hits whose texts are in memory at once."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found."""

    page_id: int
    page: str
    """`kota-surakarta/123`."""
    citation: str
    """`33.72/123`."""
    site: str
    office: str
    url: str
    title: str
    published_earliest: date | None
    published_latest: date | None
    crosses: bool
    """It may have been published outside the period asked for."""
    published_source: str | None
    published_flags: tuple[str, ...]
    """As in `archive.derive.flags`."""
    doubts: tuple[str, ...]
    """As in `archive.derive.doubts`."""
    category: str | None
    section: str | None
    writers: tuple[str, ...]
    views: int | None
    passage: Passage
    removed: str | None
    """The grade of its removal, `archive.watch.removals.Grade`; `None` where it still is."""
    removed_since: datetime | None


HITS = (
    select(
        Document.page_id,
        Document.reading_id,
        Document.published_earliest,
        Document.published_latest,
        Document.views,
    )
    .add_columns(Page.route, Page.key, Page.url, Text_.title, Text_.body)
    .add_columns(Site.label, Site.name, Site.code, Site.host)
    .add_columns(Document.category, Reading.section, Reading.writers)
    .add_columns(Document.published_source, Document.published_flags, Document.doubts)
    .add_columns(Removal.grade, Removal.since)
    .join_from(Document, Page, Document.page_id == Page.id)
    .join(Site, Document.site_id == Site.id)
    .join(Text_, Document.text_id == Text_.id)
    .join(Reading, Document.reading_id == Reading.id)
    .outerjoin(
        Removal, (Removal.page_id == Document.page_id) & (Removal.grade != Grade.RETURNED.value)
    )
    .where(Document.page_id.in_(PAGES))
)

READINGS: Any = bindparam("readings", expanding=True)
PAST_HITS = (
    select(Reading.id.label("reading_id"), Capture.page_id, Reading.views)
    .add_columns(Reading.published_earliest, Reading.published_latest)
    .add_columns(Page.route, Page.key, Page.url, Text_.title, Text_.body)
    .add_columns(Site.label, Site.name, Site.code, Site.host)
    .add_columns(Reading.category, Reading.section, Reading.writers)
    .add_columns(Reading.published_source, Reading.published_flags)
    .add_columns(null().label("grade"), null().label("since"))
    .join_from(Reading, Capture, Reading.capture_id == Capture.id)
    .join(Page, Page.id == Capture.page_id)
    .join(Site, Site.id == Page.site_id)
    .join(Text_, Text_.id == Reading.text_id)
    .where(Reading.id.in_(READINGS))
)
"""Articles by readings that are not, or no longer, what is known of them."""


def read_hits(
    connection: Connection,
    ranked: Sequence[tuple[int, int]],
    question: Question,
    wanted: Sequence[Leaf],
) -> Iterator[Hit]:
    """The articles of these pages and readings, in this order, so many at a time that their texts
    fit the memory. What the database no longer holds is left out."""
    is_past = question.as_of is not None or question.current_on is not None
    for chunk in cut_chunks(ranked, HITS_AT_ONCE):
        rows = read_by_page(connection, HITS, [page_id for page_id, _ in chunk])
        past = _read_past(connection, chunk, rows) if is_past else {}
        for page_id, reading_id in chunk:
            if row := past.get(reading_id) or rows.get(page_id):
                yield _make_hit(row, question.period, wanted)


def _read_past(
    connection: Connection, chunk: Sequence[tuple[int, int]], present: Mapping[int, Row]
) -> dict[int, Row]:
    """What other readings than the present ones tell, by reading."""
    readings = [
        reading_id
        for page_id, reading_id in chunk
        if page_id not in present or present[page_id]["reading_id"] != reading_id
    ]
    found = connection.execute(PAST_HITS, {"readings": readings}).mappings()
    return {row["reading_id"]: dict(row) | {"doubts": []} for row in found}


def _make_hit(row: Row, period: Period, wanted: Sequence[Leaf]) -> Hit:
    return Hit(
        page_id=row["page_id"],
        page=name_page(row["label"], row["route"], row["key"]),
        citation=name_page(row["code"], row["route"], row["key"]),
        site=row["label"],
        office=row["name"],
        url=locate_page(row["url"], row["route"], row["host"]),
        title=row["title"] or "",
        published_earliest=row["published_earliest"],
        published_latest=row["published_latest"],
        crosses=period.crosses(row["published_earliest"], row["published_latest"]),
        published_source=row["published_source"],
        published_flags=tuple(row["published_flags"]),
        doubts=tuple(row["doubts"]),
        category=row["category"],
        section=row["section"],
        writers=tuple(row["writers"]),
        views=row["views"],
        passage=cut_passage(row["body"], wanted),
        removed=row["grade"],
        removed_since=row["since"],
    )
