"""The derived rows: articles as they stand now, clusters of copies, the search index.

A batch refreshes the pages it touched and `rebuild` refreshes all, by the same code, so both give
the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Select, case, delete, func, select

from archive.database.models import Capture, Cluster, Document, Page, Reading, Sighting, ViewCount
from archive.database.sql import PAGES, Row, cut_chunks, read_by_page, replace_rows
from archive.derive import dates as dating
from archive.derive.clusters import find_copies, refresh_clusters
from archive.derive.doubts import find_doubts, find_reuses
from archive.search import search
from archive.watch.verdicts import UNCHANGED
from archive.watch.visits import derive_visits

PAGES_AT_ONCE = 500


def refresh_documents(connection: Connection, page_ids: Iterable[int]) -> None:
    """Derive the rows of these pages again and write what differs."""
    for chunk in cut_chunks(sorted(set(page_ids)), PAGES_AT_ONCE):
        _refresh(connection, chunk)


def rebuild(connection: Connection, say: Callable[[str], None]) -> None:
    """Throw all derived rows away and derive them again."""
    derive_visits(connection)
    say("named every capture and judged every visit")
    search.clear(connection)
    connection.execute(delete(Cluster))
    connection.execute(delete(Document))
    page_ids = connection.scalars(select(Page.id).order_by(Page.id)).all()
    for chunk in cut_chunks(page_ids, PAGES_AT_ONCE):
        refresh_documents(connection, chunk)
        say(f"rebuilt up to page {chunk[-1]} of {page_ids[-1]}")
    dating.date_all(connection)


def _refresh(connection: Connection, page_ids: list[int]) -> None:
    known = read_by_page(connection, KNOWN_DOCUMENTS, page_ids)
    derived = _derive_documents(connection, page_ids)
    dating.keep_date(known, derived)
    changed = [row for page_id, row in derived.items() if known.get(page_id) != row]
    gone = known.keys() - derived.keys()
    reread = [
        page_id
        for page_id in page_ids
        if _get_indexed(known, page_id) != _get_indexed(derived, page_id)
    ]
    copies = find_copies(connection, reread)
    entries = search.read_entries(connection, reread)
    if gone:
        connection.execute(delete(Document).where(Document.page_id.in_(gone)))
    replace_rows(connection, Document, changed, ["page_id"])
    if reread:
        refresh_clusters(connection, reread, copies | find_copies(connection, reread))
        search.replace_entries(connection, entries, search.read_entries(connection, reread))


def _get_indexed(documents: Mapping[int, Row], page_id: int) -> tuple[int, list[str]] | None:
    """What the index and the clusters are made of."""
    row = documents.get(page_id)
    return (row["reading_id"], row["doubts"]) if row is not None else None


def _derive_documents(connection: Connection, page_ids: Collection[int]) -> dict[int, Row]:
    """What the rows of `documents` should be, for those of these pages that were ever read as an
    article."""
    rows = read_by_page(connection, ARTICLES, page_ids)
    _add_doubts(connection, rows)
    for query in (SHOWN, CONFIRMED):
        for page_id, last_seen in connection.execute(query, {"pages": list(rows)}):
            rows[page_id]["last_seen"] = max(rows[page_id]["last_seen"], last_seen)
    return rows


def _select_documents() -> Select[Any]:
    """One row per page: its newest article reading, and counts over all its captures that were read
    as one."""
    read = _select_article_captures().subquery()
    begins = case((read.c.text_before == read.c.text_id, 0), else_=1)
    page = (
        select(
            read.c.page_id,
            func.max(case((read.c.place == 1, read.c.reading_id))).label("reading_id"),
            func.min(read.c.fetched_at).label("first_seen"),
            func.max(read.c.fetched_at).label("last_seen"),
            func.count().label("captures"),
            func.sum(begins).label("revisions"),
        )
        .group_by(read.c.page_id)
        .subquery()
    )
    views = _select_views().where(ViewCount.page_id == page.c.page_id)
    return (
        select(
            *(page.c.page_id, Page.site_id, page.c.reading_id, Reading.text_id),
            *(getattr(Reading, name) for name in dating.DATE),
            case(
                (Page.first_seen < page.c.first_seen, Page.first_seen), else_=page.c.first_seen
            ).label("first_seen"),
            *(page.c.last_seen, page.c.captures, page.c.revisions),
            views.correlate(page).scalar_subquery().label("views"),
        )
        .join(Page, Page.id == page.c.page_id)
        .join(Reading, Reading.id == page.c.reading_id)
    )


def _select_views() -> Select[Any]:
    """The last counter.

    Of one day the highest: a listing asked for before an article may answer after it, with the
    older count.
    """
    latest = (func.date(ViewCount.counted_at).desc(), ViewCount.count.desc())
    return select(ViewCount.count).order_by(*latest).limit(1)


def _add_doubts(connection: Connection, rows: Mapping[int, Row]) -> None:
    """Add the doubts that last; where a number showed another article before, its counts are none
    of the present one's."""
    doubts = find_doubts(connection, rows)
    for page_id, row in rows.items():
        row["doubts"] = doubts.get(page_id, [])
    for page_id, since in find_reuses(connection, rows).items():
        own = _select_views().where(ViewCount.page_id == page_id, ViewCount.counted_at >= since)
        rows[page_id]["views"] = connection.scalar(own)


def _select_article_captures() -> Select[Any]:
    """Captures that their newest reading calls an article, with the text of the one before; place 1
    is the last."""
    age = func.row_number().over(partition_by=Reading.capture_id, order_by=Reading.id.desc())
    readings = (
        select(Capture.page_id, Capture.id, Capture.fetched_at, Reading.id.label("reading_id"))
        .add_columns(Reading.text_id, Reading.kind, age.label("age"))
        .join(Reading, Reading.capture_id == Capture.id)
        .where(
            Capture.page_id.in_(PAGES), Capture.status == 200
        )  # an error page may read like an article
        .subquery()
    )
    c = readings.c
    before = func.lag(c.text_id).over(partition_by=c.page_id, order_by=(c.fetched_at, c.id))
    place = func.row_number().over(
        partition_by=c.page_id, order_by=(c.fetched_at.desc(), c.id.desc())
    )
    return select(
        *(c.page_id, c.fetched_at, c.reading_id, c.text_id),
        before.label("text_before"),
        place.label("place"),
    ).where(c.age == 1, c.kind == "article", c.text_id.is_not(None))


def _select_last_seen(page: Any, time: Any) -> Select[Any]:
    return select(page, func.max(time)).where(page.in_(PAGES)).group_by(page)


# Statements are made once: making one costs more than most of them take.
KNOWN_DOCUMENTS = select(*Document.__table__.columns).where(Document.page_id.in_(PAGES))
ARTICLES = _select_documents()
SHOWN = _select_last_seen(Sighting.page_id, Sighting.last_seen)
CONFIRMED = _select_last_seen(Capture.page_id, Capture.fetched_at).where(
    Capture.status == UNCHANGED
)
