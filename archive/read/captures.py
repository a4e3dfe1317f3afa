"""The captures of a page, and the bytes of its snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, case, func, select

from archive.blobs import store as snapshots
from archive.database.engine import ArchiveError
from archive.database.models import (
    Blob,
    Capture,
    Reading,
)
from archive.derive.documents import number_revisions
from archive.names import find_page
from archive.read.articles import Query, Row, _fetch_rows, list_links
from archive.read.files import Store, load_file
from archive.watch.verdicts import OK, Answer

GOOD = (Capture.status.in_(OK), Capture.blob_id.is_not(None))
"""Conditions of a capture whose bytes are the page."""


def list_captures(connection: Connection, name: str) -> Iterator[Row]:
    """The captures of a page in time order, each with the number of the revision it showed."""
    place = find_page(connection, name)
    zone = ZoneInfo(place.timezone)
    revisions = number_revisions(connection, place.page_id)
    for row in _fetch_rows(connection, _select_captures(place.page_id), zone):
        has_text = row.pop("text_id") is not None
        yield row | {"revision": revisions.get(row["capture"]) if has_text else None}


def _select_captures(page_id: int) -> Query:
    """A page's captures, each with the newest reading of it; its text only where that calls it an
    article."""
    newest = (
        select(func.max(Reading.id))
        .where(Reading.capture_id == Capture.id)
        .correlate(Capture)
        .scalar_subquery()
    )
    is_article = (Reading.id == newest) & (Capture.answer == Answer.ARTICLE)
    return (
        select(
            Capture.id.label("capture"),
            Capture.fetched_at,
            Capture.status,
            Capture.error,
            Blob.size,
        )
        .add_columns(Blob.stored_size, Reading.text_id, Reading.views, Capture.source, Capture.url)
        .outerjoin(Blob, Capture.blob_id == Blob.id)
        .outerjoin(Reading, (Reading.capture_id == Capture.id) & is_article)
        .where(Capture.page_id == page_id)
        .order_by(Capture.fetched_at, Capture.id)
    )


def load_snapshot(
    connection: Connection, name: str, *, at: date | None = None, capture: int | None = None
) -> bytes:
    """The bytes of a page as they came: of one capture, or of the last good one, then or until the
    end of a day.

    An article goes before any other page that came, a page that ends midway behind all.
    """
    place = find_page(connection, name)
    query = select(Capture.blob_id).where(
        Capture.page_id == place.page_id, Capture.blob_id.is_not(None)
    )
    if capture is not None:
        query = query.where(Capture.id == capture)
    else:
        query = query.where(*GOOD).order_by(_rank(), Capture.fetched_at.desc(), Capture.id.desc())
    if at is not None:
        midnight = datetime.combine(at + timedelta(days=1), time(), ZoneInfo(place.timezone))
        query = query.where(Capture.fetched_at < midnight)
    blob_id = connection.scalar(query.limit(1))
    if blob_id is None:
        raise ArchiveError(
            f"no such snapshot of {place.name}: see kpu-archive history {place.name}"
        )
    return snapshots.load(connection, blob_id)


def load_offered(connection: Connection, name: str, number: int, store: Store) -> bytes:
    """The bytes of one of the files that a page offers, by the number that `show` tells."""
    place = find_page(connection, name)
    links = list_links(connection, place, ZoneInfo(place.timezone))
    return load_file(connection, place, links, number, store)


def _rank() -> Any:
    return case((Capture.answer == Answer.ARTICLE, 0), (Capture.answer == Answer.CUT, 2), else_=1)
