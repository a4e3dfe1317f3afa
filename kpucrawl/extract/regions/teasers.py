"""Blocks of a page that lead to other articles: a title, a date, a counter and an excerpt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property

from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.html.tags import PAGE_WIDE
from kpucrawl.extract.phrases.chrome import find_printed_date
from kpucrawl.extract.urls import Address

TEASER_LINES, TEASER_LENGTH = 6, 1500
"""A teaser is no longer: a title, a date, a counter and an excerpt."""
EXCERPT = 100
"""Characters of an excerpt; of two such lines one is an article's own, below a link to another."""
TEASER_LEAD = 1
"""Lines of a teaser that may stand above its link: a date."""
LINKED = 0.8
"""Part of a line's characters that makes it a link."""


def is_link(line: Line) -> bool:
    """Whether a line is a link as a whole, or with a note behind it: `<a>Judul</a> - 5 Mei
    2021`."""
    if not line.anchors:
        return False
    if line.linked >= LINKED * len(line.text):
        return True
    rest = line.text.removeprefix(line.anchors[0].text)
    return len(line.anchors) == 1 and _is_day(rest)


def _is_day(text: str) -> bool:
    """Whether words are a day and marks around it."""
    day = find_printed_date(text)
    return day is not None and not any(map(str.isalnum, text.replace(day, "")))


class TeaserFinder:
    """Looks for the teasers of one page."""

    def __init__(self, page: Page) -> None:
        self.page, self.outline = page, page.outline
        self._blocks: dict[int, range] = {}

    @cached_property
    def teasers(self) -> frozenset[int]:
        """The numbers of the lines of other articles: of the largest blocks that begin with the
        link to one article, and lead to no other."""
        found: set[int] = set()
        for line in self.outline.lines:
            if line.index not in found:
                found.update(self._find_block(line))
        return frozenset(found)

    def is_teaser(self, index: int) -> bool:
        """Whether a line is one of `teasers`, told by the links around it alone."""
        first = bisect_left(self._linked, index - TEASER_LINES + 1)
        for number in self._linked[first : first + TEASER_LINES + TEASER_LEAD]:
            if number > index + TEASER_LEAD:
                return False
            if index in self._find_block(self.outline.lines[number]):
                return True
        return False

    @cached_property
    def _linked(self) -> list[int]:
        """The numbers of the lines with a link."""
        return [line.index for line in self.outline.lines if line.anchors]

    def _find_block(self, line: Line) -> range:
        """The teaser that a line leads, empty where it leads none."""
        if not line.anchors:
            return range(0)
        if line.index not in self._blocks:
            self._blocks[line.index] = self._measure_block(line)
        return self._blocks[line.index]

    def _measure_block(self, line: Line) -> range:
        target = self._find_target(line)
        outline, best = self.outline, range(0)
        if target is None:
            return best
        for box in outline.climb(line.box):
            block = range(outline.firsts[box], outline.ends[box])
            if outline.tags[box] in PAGE_WIDE or not self._is_teaser_of(target, line, block):
                break
            best = block
        return best

    def _is_teaser_of(self, target: Address, line: Line, block: range) -> bool:
        """Whether a block is short enough, and leads to nothing but the target of a line in it."""
        if line.index - block.start > TEASER_LEAD or len(block) > TEASER_LINES:
            return False
        lines = self.outline.lines[block.start : block.stop]
        if sum(len(one.text) for one in lines) > TEASER_LENGTH:
            return False
        if set(self._list_targets(lines)) != {target}:
            return False
        return sum(len(one.text) >= EXCERPT and not is_link(one) for one in lines) <= 1

    def _list_targets(self, lines: Sequence[Line]) -> Iterator[Address | None]:
        """What lines lead to of other articles."""
        for line in lines:
            for anchor in line.anchors:
                if self.page.names_article(anchor.href):
                    yield self.page.parse(anchor.href)
            if target := self._find_target(line):
                yield target

    def _find_target(self, line: Line) -> Address | None:
        """What the title of a teaser leads to: another article, or as a heading another page of the
        office, whose addresses may be of a form that nobody knows."""
        if not is_link(line):
            return None
        href = line.anchors[0].href
        target = self.page.parse(href)
        if target is None or self.page.names_article(href):
            return target
        is_other = target.kind == "other" and target.canonical != self.page.address.canonical
        return target if line.rank and is_other else None
