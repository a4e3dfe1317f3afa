"""What is asked of an index: words, what articles have to be, an order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from archive.search.options import Facet, Precision, Sort


@dataclass(frozen=True, slots=True)
class Period:
    """Days to compare with an article's earliest and latest day of publication; `None` is open."""

    since: date | None = None
    until: date | None = None
    undated: bool = False
    """Keep what has no date."""
    precision: Precision = Precision.POSSIBLE

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None

    def crosses(self, earliest: date | None, latest: date | None) -> bool:
        """Whether some day of an article's span lies outside."""
        if earliest is None:
            return False
        before = self.since is not None and earliest < self.since
        return before or (self.until is not None and (latest or earliest) > self.until)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for. Of several offices, provinces, names and so on one is enough."""

    query: str = ""
    """As `archive.search.query` has it."""
    sites: Collection[str] = ()
    """Labels, codes or hosts."""
    provinces: Collection[str] = ()
    """Codes or names."""
    levels: Collection[str] = ()
    """`provinsi`, `kabupaten`, `kota`."""
    categories: Collection[str] = ()
    """Categories as printed, or sections."""
    sections: Collection[str] = ()
    people: Collection[str] = ()
    """Writers, editors, photographers."""
    units: Collection[str] = ()
    flags: Collection[str] = ()
    period: Period = Period()
    least_views: int | None = None
    most_views: int | None = None
    removed: bool | None = None
    """Only what is no longer on its site, or only what is."""
    edited: bool | None = None
    as_of: date | None = None
    """As the archive knew it at the end of this day."""
    current_on: date | None = None
    """What stood on the site at the end of this day."""
    folded: bool = False
    """Of copies only the one that comes first."""
    sort: Sort | None = None
    """`None`: by relevance where words are asked for, else by date."""
    limit: int | None = None
    """At most so many hits; `None` for all."""
    offset: int = 0
    pages: Collection[int] | None = None
    """Only these, by their ids; `None` for all."""
    facets: Collection[Facet] = ()
    """What to count all hits by."""
