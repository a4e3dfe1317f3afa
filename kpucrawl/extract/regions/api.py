"""The JSON of the national site, where an office has it too: `/api/blogs/104`, the one place that
says when an article was created."""

from __future__ import annotations

import json
import re
from datetime import datetime
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil_parser

from kpucrawl.extract.characters import collapse_space
from kpucrawl.extract.records import Listing, ListingItem, PageKey
from kpucrawl.extract.urls import Address, article_url, is_api

_LAST_PAGE = 100_000
_LONGEST_NUMBER = 4_000
"""Digits; Python's `int` raises beyond 4,300."""
_ID = re.compile(r"[0-9]+")


def read_api(body: bytes, url: str, address: Address, zone: str) -> Listing | None:
    """Read a page of it as a listing; None for any other address, and for what is not this JSON.

    `{"success": true, "data": {"current_page": 1, "last_page": 7, "data": [{"id": 12, "blog_name":
    ..., "post_slug": ..., "created_at": "2024-08-14T03:10:00.000000Z"}]}}`; a time without an
    offset is the office's, in `zone`.
    """
    if not is_api(address):
        return None
    try:
        data = json.loads(body, parse_int=_read_number)["data"]
        rows = list(data["data"] if isinstance(data, dict) else data)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    items = tuple(item for row in rows if (item := _read_item(row, url, ZoneInfo(zone))))
    if rows and not items:
        return None
    last = data.get("last_page") if isinstance(data, dict) else None
    pages = last if isinstance(last, int) and 0 < last <= _LAST_PAGE else None
    return Listing(address.category, None, items, pages)


def _read_number(digits: str) -> int | str:
    """A number of JSON; one that is too long for `int` stays what was written."""
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _read_item(row: object, url: str, zone: ZoneInfo) -> ListingItem | None:
    """One article of it; None for a row that names none, which costs the others nothing."""
    if not isinstance(row, dict) or not _ID.fullmatch(number := str(row.get("id"))):
        return None
    key = PageKey("blog", number.lstrip("0") or "0")
    path = article_url(key, str(row.get("post_slug") or "").removeprefix(f"{key.key}_") or None)
    title = collapse_space(str(row.get("blog_name") or ""))
    created = _read_time(row.get("created_at"), zone)
    try:
        return ListingItem(key, urljoin(url, path), title, created=created)
    except ValueError:  # a slug of "//[" is no address
        return ListingItem(key, urljoin(url, article_url(key)), title, created=created)


def _read_time(written: object, zone: ZoneInfo) -> datetime | None:
    """An aware time; None for what is none."""
    try:
        moment = dateutil_parser.isoparse(str(written))
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
