"""Each page that a capture speaks of has a row, made at its first sighting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import Connection, Integer
from sqlalchemy.types import TypeEngine

from archive.database.models import CleanText, Page, clean_text, digest_text
from archive.database.sql import Row, cut_chunks, insert_new, select_asked
from archive.records import Key

PageIds = Mapping[tuple[int, Key], int]
"""Site and key -> page."""

PAGE_COLUMNS: Mapping[str, TypeEngine[Any]] = {
    "site_id": Integer(),
    "route": CleanText(),
    "key_digest": CleanText(),
}
KNOWN_PAGES = """
WITH asked (site_id, route, key_digest) AS (VALUES {asked})
SELECT pages.site_id, pages.route, pages.key_digest, pages.id
FROM asked
JOIN pages ON pages.site_id = asked.site_id
    AND pages.route = asked.route AND pages.key_digest = asked.key_digest
"""


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page as a capture speaks of it."""

    site_id: int
    key: Key
    url: str
    at: datetime


def save_pages(connection: Connection, seen: Iterable[SeenPage]) -> PageIds:
    """Make a row for each page that has none yet; return the ids of all. Where one occurs twice,
    the last address counts."""
    rows = {(one.site_id, one.key): _make_page(one) for one in seen}
    insert_new(connection, Page, sorted(rows.values(), key=_get_name))
    ids: dict[tuple[int, str, str], int] = {}
    for chunk in cut_chunks(map(_get_key, rows.values())):
        known = select_asked(connection, KNOWN_PAGES, PAGE_COLUMNS, chunk)
        ids |= {(site, route, key): id_ for site, route, key, id_ in known}
    return {page: ids[_get_key(row)] for page, row in rows.items()}


def _make_page(seen: SeenPage) -> Row:
    route, key = seen.key
    return {
        "site_id": seen.site_id,
        "route": clean_text(route),
        "key": clean_text(key),
        "key_digest": digest_text(key),
        "url": _write_address(seen.url),
        "first_seen": seen.at,
    }


def _get_name(row: Mapping[str, Any]) -> tuple[int, str, str]:
    return row["site_id"], row["route"], row["key"]


def _get_key(row: Mapping[str, Any]) -> tuple[int, str, str]:
    return row["site_id"], row["route"], row["key_digest"]


def _write_address(url: str) -> str:
    """The address as a reader would open it: https, without the port or the fragment it was found
    with."""
    parts = urlsplit(url)
    return urlunsplit(("https", parts.hostname or "", parts.path, parts.query, ""))
