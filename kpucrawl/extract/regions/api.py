"""The JSON of the national site, where an office has it too: `/api/blogs/104`, the one place that
says when an article was created."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil_parser

from kpucrawl.extract.characters import collapse_space
from kpucrawl.extract.records import Listing, ListingItem, PageKey
from kpucrawl.extract.urls import Address, article_url, is_api

_LAST_PAGE = 100_000


def read_api(body: bytes, url: str, address: Address, zone: str) -> Listing | None:
    """Read a page of it as a listing; None for any other address, and for what is not this JSON.

    `{"success": true, "data": {"current_page": 1, "last_page": 7, "data": [{"id": 12, "blog_name":
    ..., "post_slug": ..., "created_at": "2024-08-14T03:10:00.000000Z"}]}}`; a time without an
    offset is the office's, in `zone`.
    """
    if not is_api(address):
        return None
    try:
        data = json.loads(body)["data"]
        rows = data["data"] if isinstance(data, dict) else data
        items = tuple(_read_items(rows, url, ZoneInfo(zone)))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    last = data.get("last_page") if isinstance(data, dict) else None
    pages = last if isinstance(last, int) and 0 < last <= _LAST_PAGE else None
    return Listing(address.category, None, items, pages)


def _read_items(rows: list[Mapping[str, Any]], url: str, zone: ZoneInfo) -> Iterator[ListingItem]:
    for row in rows:
        key = PageKey("blog", str(int(row["id"])))
        path = article_url(key, str(row.get("post_slug") or "").removeprefix(f"{key.key}_") or None)
        title = collapse_space(str(row.get("blog_name") or ""))
        yield ListingItem(
            key, urljoin(url, path), title, created=_read_time(row.get("created_at"), zone)
        )


def _read_time(written: object, zone: ZoneInfo) -> datetime | None:
    """An aware time; None for what is none."""
    try:
        moment = dateutil_parser.isoparse(str(written))
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
