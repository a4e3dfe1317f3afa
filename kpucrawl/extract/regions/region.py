"""Which lines of a page are the article's text.

It is in the box that holds most of the sentences below the headline; a post without a sentence has
a few words below it at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.phrases.chrome import (
    find_printed_date,
    is_meta,
    is_more,
)
from kpucrawl.extract.regions.surroundings import Surroundings
from kpucrawl.extract.regions.text_box import CATEGORY, find_text

_LINKS = 3
"""So many links below a text are a list of other pages."""


@dataclass(frozen=True, slots=True)
class Region:
    """Where the article's text stands."""

    lines: tuple[Line, ...]
    end: int
    """The line behind it: a share block, a counter, another block of the page, or the page's
    end."""
    box: int
    """The smallest box around headline and text."""
    inner: int
    """The smallest box around the text alone, -1 when it shares its box with the headline."""
    start: int
    """The first line below the headline that may be the article's: behind a sidebar that stands
    between."""
    left_out: tuple[int, ...] = ()
    """The boxes amid the text that lead elsewhere."""


class RegionFinder(Surroundings):
    """Looks for the text below one headline."""

    def find(self) -> Region:
        """The article's text; no lines when there is none."""
        found = find_text(self)
        if found is None:
            return self._find_short()
        lines = tuple(self._trim_tail(list(found.lines)))
        box = self.outline.join(self.head.box, found.box)
        if self.outline.holds(found.box, self.head.box):
            return Region(lines, found.end, box, -1, self.start, found.left_out)
        start = min(self.start, lines[0].index)
        return Region(lines, found.end, box, found.box, start, found.left_out)

    def _has_anchor_below(self, line: Line) -> bool:
        for below in self.lines[line.index :]:
            if self.is_anchor(below):
                return True
            if self.blocks(below, strict=False):
                return False
        return False

    def _trim_tail(self, lines: list[Line]) -> list[Line]:
        """Leave out the page's own notes below the text."""
        while lines and (is_more(lines[-1].text) and lines[-1].anchors):
            lines.pop()
        while lines and is_meta(lines[-1].text) and find_printed_date(lines[-1].text) is None:
            lines.pop()
        links = len(list(takewhile(self._is_only_link, reversed(lines))))
        return lines[: len(lines) - links] if links >= _LINKS else lines

    def _is_only_link(self, line: Line) -> bool:
        """Whether a line is nothing but a link to another page of the office."""
        if not line.anchors or 5 * line.linked < 4 * len(line.text) or self.follows_label(line):
            return False
        target = self.page.parse(line.anchors[0].href)
        return target is not None and target.kind in ("other", "article", "listing")

    def _find_short(self) -> Region:
        """The few words of a post without a sentence: `Unduh di sini`, a list of names."""
        found: list[Line] = []
        box = self._find_company()
        end = self.outline.ends[box]
        for line in self.lines[self.start :]:
            if self.is_anchor(line) and not self.has_content(line.index):
                continue
            outside = line.index >= end and not self._has_anchor_below(line)
            is_behind = self.is_anchor(line) or CATEGORY.fullmatch(line.text) is not None
            if outside or is_behind or self.blocks(line, strict=line.index >= end):
                end = line.index
                break
            if not self.is_excluded(line) and not self.is_own_note(line, own_box=False):
                found.append(line)
        if end < len(self.lines) and self.is_anchor(self.lines[end]):
            box = self.outline.join(box, self.lines[end].box)
        return Region(tuple(line for line in found if line.index < end), end, box, -1, self.start)

    def _find_company(self) -> int:
        """The smallest box around the headline that holds more below it than notes."""
        outline = self.outline
        for box in outline.climb(self.head.box):
            below = self.lines[self.start : outline.ends[box]]
            if any(outline.holds(box, medium.box) for medium in self.media):
                return box
            if any(
                not (self.is_own_note(line, own_box=False) or self.is_anchor(line))
                for line in below
            ):
                return box
        return 0
