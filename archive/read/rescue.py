"""What a listing showed of an article that could not be fetched itself: better than nothing, and
told as such."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from archive.blobs import store as snapshots
from archive.blobs.codec import DamagedSnapshot
from archive.database.engine import ArchiveError
from archive.database.models import Capture, Page, Sighting
from archive.names import find_page
from archive.records import Key

MOST_LISTINGS = 5
"""So many listings are looked into, the newest first."""

ReadText = Callable[[bytes, str, Key], str]
"""What a listing's bytes, captured at an address, show of the page with this key; empty for
nothing."""


@dataclass(frozen=True, slots=True)
class Rescue:
    """An article as a listing showed it."""

    page: str
    office: str
    title: str
    listing: str
    """The listing's address."""
    seen: datetime
    """When it last showed the article so, in the office's zone."""
    text: str
    """Flattened by the site: words at paragraph ends are glued together. Empty where listings show
    titles only."""


def find_rescue(connection: Connection, name: str, read_text: ReadText) -> Rescue:
    """The copy of the page called `SITE/N`; ArchiveError when no listing ever showed it."""
    place = find_page(connection, name)
    query = (
        select(
            Sighting.title, Sighting.last_seen, Capture.url, Capture.blob_id, Page.route, Page.key
        )
        .join_from(Sighting, Capture, Capture.id == Sighting.capture_id)
        .join(Page, Page.id == Sighting.page_id)
        .where(
            Sighting.page_id == place.page_id,
            Capture.page_id.is_(None),
            Capture.blob_id.is_not(None),
        )
        .order_by(Sighting.last_seen.desc(), Sighting.id.desc())
        .limit(MOST_LISTINGS)
    )
    rows = connection.execute(query).all()
    if not rows:
        raise ArchiveError(f"no listing showed {place.name}: see kpu-archive history {place.name}")
    texts = (_read_listing(connection, row, read_text) for row in rows)
    found = next(
        ((row, text) for row, text in zip(rows, texts, strict=True) if text), (rows[0], "")
    )
    row, text = found
    return Rescue(
        place.name,
        place.office,
        row.title,
        row.url,
        row.last_seen.astimezone(ZoneInfo(place.timezone)),
        text,
    )


def _read_listing(connection: Connection, row: Any, read_text: ReadText) -> str:
    """What one listing shows of the page; nothing where its bytes are damaged."""
    try:
        body = snapshots.load(connection, row.blob_id)
    except DamagedSnapshot:
        return ""
    return read_text(body, row.url, (row.route, row.key))
