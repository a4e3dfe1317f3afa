"""What a crawl asks of the archive before it asks an office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from archive.records import Key, KnownPage, KnownRobots, KnownTitles, OfficeMarks
from archive.watch.verdicts import State


class Frontier(Protocol):
    """What the archive knows of the pages of offices, named by their code."""

    def find_pages(self, site: str) -> Mapping[Key, KnownPage]:
        """All pages of the office ever seen."""

    def find_known(self, site: str, keys: Collection[Key]) -> Mapping[Key, KnownPage]:
        """Those of `keys` that were seen before."""

    def find_categories(self, site: str) -> Sequence[str]:
        """Categories the office's menu named in the past."""

    def walked_to_end(self, site: str, category: str) -> bool:
        """Whether a category's listing was ever walked to its last page."""

    def find_listings(self, site: str) -> Mapping[str, datetime]:
        """When each page of the office's listings, by canonical address, last answered with
        items."""

    def find_api(self, site: str) -> bool | None:
        """Whether the office has its listings as JSON; None when nobody asked."""

    def find_robots(self, site: str) -> KnownRobots:
        """What is known of the office's robots.txt."""

    def find_last_visits(self) -> Mapping[str, datetime]:
        """When the last visit to each office ended."""

    def find_state(self, site: str) -> State | None:
        """How the office fares since its last visit; None when there was none."""

    def count_endings(self, site: str) -> Counter[tuple[str, bool]]:
        """How many pages of the office's last visits came to their end, and how many did not, by
        their kind."""

    def has_answered(self, site: str) -> bool:
        """Whether the office's host ever answered."""

    def find_last_search(self, site: str) -> datetime | None:
        """When the office was last looked for under another host than its own."""

    def has_articles(self, site: str, before: datetime) -> bool:
        """Whether an article of the office was read before a point in time."""

    def find_marks(self, site: str) -> OfficeMarks:
        """What the office's articles have shown of it."""

    def find_titles(self, site: str, page: Key) -> KnownTitles:
        """What a page of the office was called."""

    def find_layout(self, site: str) -> str:
        """What was learnt of the office's templates, as JSON; empty for nothing."""


class NoArchive:
    """A frontier that remembers nothing, for `scrapy parse` and `scrapy shell`."""

    def find_pages(self, site: str) -> Mapping[Key, KnownPage]:
        """Return nothing."""
        return {}

    def find_known(self, site: str, keys: Collection[Key]) -> Mapping[Key, KnownPage]:
        """Return nothing."""
        return {}

    def find_categories(self, site: str) -> Sequence[str]:
        """Return nothing."""
        return ()

    def walked_to_end(self, site: str, category: str) -> bool:
        """Return False."""
        return False

    def find_listings(self, site: str) -> Mapping[str, datetime]:
        """Return nothing."""
        return {}

    def find_api(self, site: str) -> bool | None:
        """Return None."""
        return None

    def find_robots(self, site: str) -> KnownRobots:
        """Return nothing."""
        return KnownRobots(None, None)

    def find_last_visits(self) -> Mapping[str, datetime]:
        """Return nothing."""
        return {}

    def find_state(self, site: str) -> State | None:
        """Return None."""
        return None

    def count_endings(self, site: str) -> Counter[tuple[str, bool]]:
        """Return nothing."""
        return Counter()

    def has_answered(self, site: str) -> bool:
        """Return False."""
        return False

    def find_last_search(self, site: str) -> datetime | None:
        """Return None."""
        return None

    def has_articles(self, site: str, before: datetime) -> bool:
        """Return False."""
        return False

    def find_marks(self, site: str) -> OfficeMarks:
        """Return nothing."""
        return OfficeMarks()

    def find_titles(self, site: str, page: Key) -> KnownTitles:
        """Return nothing."""
        return KnownTitles()

    def find_layout(self, site: str) -> str:
        """Return nothing."""
        return ""
