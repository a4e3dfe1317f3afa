"""The walk of one category's listing, page by page, until it is known to be over."""

from __future__ import annotations

from dataclasses import dataclass, field

from kpucrawl.extract.records import PageKey
from kpucrawl.extract.urls import API


@dataclass(slots=True)
class CategoryWalk:
    """Where the walk of one category's listing stands."""

    category: str
    to_end: bool
    """Walk to the last page whatever is known."""
    page: int = 0
    quiet: int = 0
    failed: int = 0
    """Pages that did not answer: the walk is not complete."""
    failing: int = 0
    """How many of them in a row: the walk goes on behind one."""
    stale: int = 0
    """Pages in a row that showed nothing which the pages before did not."""
    last: int = 0
    """The highest page number that a pager named."""
    seen: set[PageKey] = field(default_factory=set)
    complete: bool | None = None
    """Set when the walk has ended: whether everything listed was seen."""

    @property
    def is_api(self) -> bool:
        """Whether it walks the listing as JSON, which tells when articles were made but shows no
        others."""
        return self.category.startswith(API)
