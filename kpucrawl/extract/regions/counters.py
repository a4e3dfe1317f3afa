"""Which of a page's counters is the article's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.html.tags import PAGE_WIDE
from kpucrawl.extract.phrases.chrome import is_counter, read_counter
from kpucrawl.extract.phrases.views import read_count
from kpucrawl.extract.regions.region import Region, RegionFinder

_SITE_COUNT = re.compile(
    r"\b(?:total|jumlah)\s(?:pengunjung|kunjungan|visitors?|hits)|\bonline\b"
    r"|^total\b(?!\s(?:pembaca|dilihat|dibaca))"
    r"|^(?:pengunjung|visitors?)(?!\s(?:halaman|laman|artikel|berita|tulisan))"
    r"|^(?:kunjungan|hits)\s(?:hari|minggu|bulan|tahun|kemarin|today)",
    re.I,
)
"""Counts the site's visitors as often as the article's."""
_COUNT_LABEL = re.compile(
    r"(?:jumlah\s)?(?:di(?:baca|lihat|kunjungi|akses)|pembaca|views?|hits?|tayangan)\s*:?", re.I
)
_COUNT_VALUE = re.compile(r"\d[\d.,]*(?:\s?(?:rb|ribu|jt|juta|k))?(?:\s?(?:orang|kali|x))?", re.I)
_ABOVE = 6


class CounterFinder:
    """Looks around one article's text."""

    def __init__(self, finder: RegionFinder, region: Region) -> None:
        self.finder, self.region = finder, region
        self.outline, self.lines = finder.outline, finder.lines

    def find(self) -> int | None:
        """The page's view counter: between headline and text, else amid the text or below it, else
        above the headline."""
        region, head = self.region, self.finder.head
        first = region.lines[0].index if region.lines else region.end
        near = reversed(self.lines[max(head.index - _ABOVE, 0) : head.index])
        above = (line for line in near if self.outline.is_beside(line.box, head.box))
        over = self.lines[min(self.finder.start, first) : first]
        amid = (self.lines[at] for at in sorted(self.finder.anchors) if first < at < region.end)
        for lines in (over, amid, self._walk_below(), above):
            for line in lines:
                if not self._names_other(line) and (views := read_counter(line)) is not None:
                    return views
        return self._find_late_views()

    def _find_late_views(self) -> int | None:
        """The one counter behind another block that is no teaser's, or the one that a table
        labels."""
        free = list(
            islice((line for line in self.lines[self.region.end :] if self._counts_alone(line)), 2)
        )
        if len(free) == 1:
            return read_counter(free[0])
        labels = [line.index for line in self.lines if _COUNT_LABEL.fullmatch(line.text)]
        beside = (
            line
            for at in labels
            for line in (*self.lines[at + 1 : at + 2], *self.lines[max(at - 1, 0) : at])
        )
        counts = [line.text for line in beside if _COUNT_VALUE.fullmatch(line.text)]
        return read_count(counts[0]) if len(counts) == 1 else None

    def _counts_alone(self, line: Line) -> bool:
        """Whether a line is a counter, and neither the site's nor, by what stands around it, a
        teaser's."""
        if self._names_other(line) or _SITE_COUNT.search(line.text) or read_counter(line) is None:
            return False
        return not self._stands_with_other(line)

    def _stands_with_other(self, line: Line) -> bool:
        """Whether a counter is a teaser's: in a box with the link to another article."""
        for box in self.outline.climb(line.box):
            lines = self.lines[self.outline.firsts[box] : self.outline.ends[box]]
            if len(lines) > 1:
                return not self.outline.holds(box, self.finder.head.box) and any(
                    map(self._names_other, lines)
                )
        return False

    def _walk_below(self) -> Iterator[Line]:
        """What follows the text and is the article's: up to another one's."""
        limit = self.outline.ends[self.region.box]
        other = False
        for line in self.lines[self.region.end :]:
            inside = line.index < limit and self.outline.tags[self.region.box] not in PAGE_WIDE
            if self._names_other(line) or self._heads_other(line):
                other = True
            if (
                not other
                and (inside or not self.finder.is_excluded(line))
                and not _SITE_COUNT.search(line.text)
            ):
                yield line

    def _heads_other(self, line: Line) -> bool:
        """Whether a line below the text heads another block; below tags stand notes again."""
        if line.rank > 0:
            return not is_counter(line)
        return self.finder.opens_other(line) and self.finder.heads_links(line)

    def _names_other(self, line: Line) -> bool:
        """Whether a line holds the link to another article, as a teaser with its counter does."""
        return any(self.finder.page.names_article(anchor.href) for anchor in line.anchors)
