"""The category of articles whose pages print none: that of the listing which shows them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from archive.database.models import Capture, Category, Sighting
from archive.database.sql import PAGES, Row

LISTING = re.compile(r"/blog/category/([^/?]+)")
"""The canonical address of a listing: `/blog/category/104?page=3`."""
SHOWN = (
    select(Sighting.page_id, Capture.canonical)
    .join(Capture, Capture.id == Sighting.capture_id)
    .where(Sighting.page_id.in_(PAGES), Capture.page_id.is_(None))
    .order_by(Sighting.last_seen, Sighting.id)
)


def add_categories(connection: Connection, rows: Mapping[int, Row]) -> None:
    """Fill in the categories that pages do not print: the title of the category whose listing
    shows each. What no listing shows, or two categories do, stays without."""
    bare = [page_id for page_id, row in rows.items() if row["category"] is None]
    if not bare:
        return
    shown = _find_listings(connection, bare)
    titles = _find_titles(connection, {rows[page_id]["site_id"] for page_id in shown})
    for page_id, categories in shown.items():
        if len(categories) == 1:
            (category,) = categories
            rows[page_id]["category"] = titles.get((rows[page_id]["site_id"], category))


def _find_listings(connection: Connection, page_ids: Collection[int]) -> dict[int, set[str]]:
    """The categories whose listings show pages, by their ids."""
    found: dict[int, set[str]] = {}
    for page_id, canonical in connection.execute(SHOWN, {"pages": list(page_ids)}):
        if listing := LISTING.match(canonical):
            found.setdefault(page_id, set()).add(listing[1])
    return found


def _find_titles(connection: Connection, site_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """The first title of each category of these offices: an article does not move when its category
    is called otherwise."""
    query = select(Category.site_id, Category.category, Category.title)
    query = query.where(Category.site_id.in_(site_ids))
    query = query.order_by(Category.first_seen.desc(), Category.id.desc())
    return {(row[0], row[1]): row[2] for row in connection.execute(query)}
