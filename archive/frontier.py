"""What the archive knows of the pages of an office, for a crawl that asks what is left to do."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine, Select, and_, or_, select

from archive.db import read
from archive.models import Capture, Category, Page, Reading, SameAs, Site, Walk
from archive.records import Key
from archive.sql import cut_chunks

GONE = (404, 410)
"""Answers, not failures: there is nothing to fetch."""


class ArchiveFrontier:
    """Questions about an office, named by its code, answered from what is committed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find_unfetched(self, site: str) -> list[tuple[Key, str]]:
        """Pages seen that never answered with an article, 404, 410 or another page's address, and where they were."""
        article = and_(Capture.status == 200, Reading.kind == "article")
        answered = (
            select(Capture.id)
            .outerjoin(Reading, Reading.capture_id == Capture.id)
            .outerjoin(SameAs, SameAs.capture_id == Capture.id)
            .where(Capture.page_id == Page.id)
            .where(or_(Capture.status.in_(GONE), article, SameAs.capture_id.is_not(None)))
        )
        pages = _of_site(select(Page.route, Page.key, Page.url), site).where(~answered.exists()).order_by(Page.id)
        with read(self._engine) as connection:
            return [((row.route, row.key), row.url) for row in connection.execute(pages)]

    def find_new(self, site: str, keys: Collection[Key]) -> set[Key]:
        """Those of `keys` that were never seen before."""
        known: set[Key] = set()
        with read(self._engine) as connection:
            for chunk in cut_chunks(keys):
                pages = _of_site(select(Page.route, Page.key), site).where(Page.key.in_([key for _, key in chunk]))
                known.update((row.route, row.key) for row in connection.execute(pages))
        return set(keys) - known

    def find_categories(self, site: str) -> list[str]:
        """Categories the office ever named, in the order of their first sighting."""
        named = select(Category.category).join(Site, Site.id == Category.site_id).where(Site.code == site)
        with read(self._engine) as connection:
            return list(dict.fromkeys(connection.scalars(named.order_by(Category.first_seen, Category.id))))

    def walked_to_end(self, site: str, category: str) -> bool:
        """Whether a category's listing was ever walked to its last page."""
        walks = select(Walk.id).join(Site, Site.id == Walk.site_id)
        walks = walks.where(Site.code == site, Walk.category == category, Walk.complete).limit(1)
        with read(self._engine) as connection:
            return connection.scalar(walks) is not None


def _of_site(pages: Select[*tuple[object, ...]], site: str) -> Select[*tuple[object, ...]]:
    return pages.join(Site, Site.id == Page.site_id).where(Site.code == site)
