"""What was read from captures becomes rows: texts, readings, doubts, counters, links,
categories."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Insert, Integer, bindparam, func, insert, or_, select

from archive.database import models
from archive.database.models import Document, Text_, UtcTime
from archive.database.sql import Row, extend_ranges, insert_into, insert_new
from archive.derive.doubts import REUSED
from archive.ingest.hosts import settle_links
from archive.ingest.pages import PageIds
from archive.records import Digests, Key, Problem, Reading
from archive.search.tokens import fold_words
from archive.watch.verdicts import OK

LINK_KEY = ["page_id", "kind", "url_digest"]
"""What tells the links of pages apart."""
_SEEN = 200
MOST_COMMON = 0.3
"""Share of their words that two texts have in common, at most, to be wholly different: offices
repeat themselves."""
ELSEWHERE = ("title", "body", "links", "sightings", "categories", "problems", "credits", "hosts")
"""Fields of the record that become rows of other tables, or none."""
COLUMNS = [one.name for one in fields(Reading) if one.name not in ELSEWHERE]
"""Fields of the record that are columns of `readings` under the same name."""


@dataclass(frozen=True, slots=True)
class ReadCapture:
    """A capture's row and what a reader made of it."""

    id: int
    run_id: int
    site_id: int
    page: Key | None
    fetched_at: datetime
    reading: Reading
    digests: Digests | None
    read_at: datetime | None = None
    """When it was read again; `None` for as it came."""


def save_readings(connection: Connection, read: Sequence[ReadCapture], pages: PageIds) -> None:
    """Save the readings of new captures, and what follows from them."""
    if not read:
        return
    named = insert_readings(connection, read)
    doubts = _list_incarnations(connection, named, pages)
    if doubts:
        connection.execute(insert(models.Problem), doubts)
    save_shown(connection, read, pages)


def insert_readings(
    connection: Connection, read: Sequence[ReadCapture]
) -> list[tuple[ReadCapture, int]]:
    """Insert readings with their texts and problems; return each with its id."""
    if not read:
        return []
    texts = _save_texts(connection, read)
    rows = [_make_reading(one, texts) for one in read]
    statement = insert(models.Reading).returning(models.Reading.id, sort_by_parameter_order=True)
    named = list(zip(read, connection.scalars(statement, rows), strict=True))
    doubts = [row for one, id_ in named for row in _make_problems(one, id_)]
    if doubts:
        connection.execute(insert(models.Problem), doubts)
    return named


def save_shown(connection: Connection, read: Sequence[ReadCapture], pages: PageIds) -> None:
    """Save the counters, links and categories that captures showed."""
    _save_views(connection, read, pages)
    shown = [row for one in reversed(read) for row in _make_links(one, pages)]
    shown = settle_links(connection, {one.site_id for one in read}, shown)
    links = {_get_link_key(row): row for row in shown}
    extend_ranges(connection, models.Link, list(links.values()), LINK_KEY)
    categories = {tuple(row.values())[:3]: row for one in read for row in _make_categories(one)}
    extend_ranges(connection, models.Category, list(categories.values()), ["site_id", "digest"])


def _list_incarnations(
    connection: Connection, read: Sequence[tuple[ReadCapture, int]], pages: PageIds
) -> list[Row]:
    """A problem for each page that shows another article than it did: a new incarnation of its key,
    and no edit."""
    page_ids = {
        one.id: pages[one.site_id, one.page] for one, _ in read if one.page and one.reading.body
    }
    before = find_texts(connection, page_ids.values())
    found: list[Row] = []
    for one, reading_id in read:
        held = before.get(page_ids.get(one.id, 0))
        if (
            held
            and held.is_read_alike(one.reading)
            and is_other_article(
                (held.title, held.body), (one.reading.title or "", one.reading.body or "")
            )
        ):
            problem = Problem(
                REUSED,
                held.title[:_SEEN],
                "Its number showed another article before: this is no edit of it.",
            )
            told = replace(one, reading=replace(one.reading, problems=(problem,)))
            found += _make_problems(told, reading_id)
    return found


def _save_texts(connection: Connection, read: Sequence[ReadCapture]) -> dict[str, int]:
    """Store each text once; return the ids by digest. Raise ValueError when a text comes without
    digests."""
    rows: dict[str, Row] = {}
    for one in read:
        if one.reading.body is None:
            continue
        if one.digests is None:
            raise ValueError(f"capture {one.id} has a text without digests")
        text = {"title": one.reading.title, "body": one.reading.body}
        rows[one.digests.text] = text | {
            "digest": one.digests.text,
            "copy_digest": one.digests.copy,
            "credits": list(one.digests.credits),
        }
    insert_new(connection, models.Text_, [rows[digest] for digest in sorted(rows)])
    known = select(models.Text_.digest, models.Text_.id).where(models.Text_.digest.in_(rows))
    return dict(connection.execute(known).all())


def _make_reading(one: ReadCapture, texts: Mapping[str, int]) -> Row:
    row: Row = {name: getattr(one.reading, name) for name in COLUMNS}
    has_text = one.reading.body is not None and one.digests is not None
    return row | {
        "capture_id": one.id,
        "read_at": one.read_at,
        "text_id": texts[one.digests.text] if has_text and one.digests else None,
    }


def _make_problems(one: ReadCapture, reading_id: int) -> Iterator[Row]:
    for problem in one.reading.problems:
        yield {
            "run_id": one.run_id,
            "site_id": one.site_id,
            "capture_id": one.id,
            "reading_id": reading_id,
            "field": problem.field,
            "seen": problem.seen,
            "why": problem.why,
        }


def _save_views(connection: Connection, read: Sequence[ReadCapture], pages: PageIds) -> None:
    """Save one count per page and capture, with the number of our own successful fetches until
    then."""
    rows = {
        (row["page_id"], row["capture_id"]): row for one in read for row in _make_views(one, pages)
    }
    if rows:
        connection.execute(
            _count_visits(insert_into(connection, models.ViewCount)), list(rows.values())
        )


def _make_views(one: ReadCapture, pages: PageIds) -> Iterator[Row]:
    """Counts of the pages shown, then the page's own, which wins."""
    counts = [(sighting.page, sighting.views, "listing") for sighting in one.reading.sightings]
    if one.page is not None:
        counts.append((one.page, one.reading.views, "article"))
    for page, count, source in counts:
        if count is not None:
            fixed = {
                "capture_id": one.id,
                "counted_at": one.fetched_at,
                "count": count,
                "source": source,
            }
            page_id = pages[one.site_id, page]
            yield {"page_id": page_id, "visited": page_id, "until": one.fetched_at} | fixed


def _count_visits(statement: Any) -> Insert:
    """Let the database count the successful captures of the page until the time of the count."""
    visits = select(func.count()).where(
        models.Capture.page_id == bindparam("visited", type_=Integer),
        models.Capture.fetched_at <= bindparam("until", type_=UtcTime),
        or_(*(models.Capture.status == status for status in OK)),  # a list is none for many rows
    )
    counted: Insert = statement.values(own_visits=visits.scalar_subquery()).on_conflict_do_nothing()
    return counted


def _make_links(one: ReadCapture, pages: PageIds) -> Iterator[Row]:
    """Links in reverse, so that of two equal ones the first place counts."""
    if one.page is None:
        return
    for place, link in reversed(list(enumerate(one.reading.links))):
        yield {
            "page_id": pages[one.site_id, one.page],
            "kind": link.kind,
            "url": link.url,
            "position": place,
            "text": link.text,
            "uploaded": link.uploaded,
            "first_seen": one.fetched_at,
            "last_seen": one.fetched_at,
        }


def _get_link_key(row: Row) -> tuple[int, str, str]:
    return row["page_id"], row["kind"], row["url"]


def _make_categories(one: ReadCapture) -> Iterator[Row]:
    for category in one.reading.categories:
        yield {
            "site_id": one.site_id,
            "category": category.category,
            "title": category.title,
            "first_seen": one.fetched_at,
            "last_seen": one.fetched_at,
        }


@dataclass(frozen=True, slots=True)
class HeldText:
    """An article as it stands, and what read it."""

    title: str
    body: str
    reader_version: str
    layout: str

    def is_read_alike(self, reading: Reading) -> bool:
        """Whether the same reader read both, by the same layout: else they differ by the reading
        alone, perhaps."""
        return (self.reader_version, self.layout) == (reading.reader_version, reading.layout)


def find_texts(connection: Connection, page_ids: Collection[int]) -> dict[int, HeldText]:
    """These articles as they stand."""
    columns = Document.page_id, Text_.title, Text_.body
    query = select(*columns, models.Reading.reader_version, models.Reading.layout)
    query = query.join_from(Document, Text_, Text_.id == Document.text_id)
    query = query.join(models.Reading, models.Reading.id == Document.reading_id)
    rows = connection.execute(query.where(Document.page_id.in_(page_ids)))
    return {row[0]: HeldText(row[1] or "", *row[2:]) for row in rows}


def is_other_article(before: tuple[str, str], after: tuple[str, str]) -> bool:
    """Whether two texts, title and body each, have next to nothing in common."""
    (title, body), (new_title, new_body) = before, after
    return share_words(title, new_title) < MOST_COMMON and share_words(body, new_body) < MOST_COMMON


def share_words(one: str, two: str) -> float:
    """The part of all their words that both have; 1 where either has none, which proves nothing."""
    words, others = set(fold_words(one)), set(fold_words(two))
    return len(words & others) / len(words | others) if words and others else 1.0
