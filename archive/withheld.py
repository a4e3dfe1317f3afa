"""What is withheld: the one condition by which whoever shows articles leaves it out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import ColumnElement, Connection, select

from archive.database.models import Page, Site, Withheld

ErasedPages = frozenset[tuple[str, str, str]]
"""Office, by its code, route and key of pages of which nothing is to be kept."""


def is_shown(page_id: Any) -> ColumnElement[bool]:
    """Whether a page, by the column that holds it, may be shown to anybody."""
    return ~select(Withheld.page_id).where(Withheld.page_id == page_id).exists()


def find_erased(connection: Connection) -> ErasedPages:
    """The pages that were erased."""
    query = select(Site.code, Page.route, Page.key).join_from(Withheld, Page)
    query = query.join(Site, Site.id == Page.site_id).where(Withheld.erased_at.is_not(None))
    return frozenset((code, route, key) for code, route, key in connection.execute(query))


def shorten_address(url: str, key: str) -> str:
    """The address of an erased page without the words of its title that follow its key:
    `https://host/blog/read/123_rapat` is `https://host/blog/read/123`."""
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://["
        return url
    head, mark, tail = parts.path.partition(f"/{key}")
    if not mark or tail[:1].isalnum():
        return url
    return urlunsplit((parts.scheme, parts.netloc, head + mark, "", ""))
