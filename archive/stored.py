"""Captures with their bytes, as they are read again and learnt from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from archive.blobs import store as snapshots
from archive.database.models import Capture, Page
from archive.records import Key


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """One capture with its bytes."""

    id: int
    page: Key | None
    url: str
    canonical: str
    answered_url: str | None
    status: int
    headers: Mapping[str, str]
    fetched_at: datetime
    body: bytes = field(repr=False)


STORED = (
    select(Capture.id, Page.route, Page.key, Capture.url, Capture.canonical)
    .add_columns(Capture.answered_url, Capture.status, Capture.headers, Capture.fetched_at)
    .add_columns(Capture.blob_id)
    .outerjoin_from(Capture, Page, Page.id == Capture.page_id)
    .where(Capture.id.in_(bindparam("ids", expanding=True)))
)
"""Captures with what they are called. Made once: making it costs more than it takes."""


def load_stored(connection: Connection, captures: Collection[int]) -> Iterator[StoredCapture]:
    """These captures in no order, without those whose bytes are not kept or damaged."""
    rows = connection.execute(STORED, {"ids": list(captures)}).all()
    blob_ids = {row.blob_id for row in rows if row.blob_id is not None}
    bodies = snapshots.load_whole(connection, blob_ids)
    for row in rows:
        if (body := bodies.get(row.blob_id)) is not None:
            page = (row.route, row.key) if row.route is not None else None
            named = (row.url, row.canonical, row.answered_url, row.status, row.headers)
            yield StoredCapture(row.id, page, *named, row.fetched_at, body)
