"""Where the text below a headline ends, and what in its midst only looks as if it did."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.html.tags import PAGE_WIDE
from kpucrawl.extract.phrases.chrome import ends_article

if TYPE_CHECKING:
    from kpucrawl.extract.regions.region import RegionFinder

COMMENTS = re.compile(r"\(?\d+\)?\s*(?:komentar|comments?|tanggapan)", re.I)
"""Heads what readers wrote, with its number; without one it may be a subheading."""
LEADS, TEXTS = 1, 2
"""Sentences above a share block that are a lead, and below it that are the text."""
READERS = frozenset({"section", "div", "article"})
"""Boxes that hold what readers wrote beside the form for more."""


class EndFinder:
    """Looks for the line behind one text."""

    def __init__(self, finder: RegionFinder) -> None:
        self.finder, self.outline, self.lines = finder, finder.outline, finder.lines

    def find(self, first: Line, box: int) -> int:
        """The line behind the text, not yet regarding the text's own box."""
        limit, away, going = self._find_limit(first, box), -1, -1
        places = Counter([self._name_place(first)])
        for line in self.lines[first.index + 1 : limit]:
            if self.finder.is_excluded(line) and not self.finder.is_anchor(line):
                continue
            if self.finder.is_anchor(line) or ends_article(line.text):
                going = max(going, self._find_continuation(places, line, limit, going))
                if going < line.index:
                    return self._cut_back(first, away, line.index)
            elif away < 0 and (self.finder.leads_away(line) or self.finder.opens_other(line)):
                away = line.index
            if self.finder.is_text(line):
                places[self._name_place(line)] += 1
        return away if away >= 0 else limit

    def _find_limit(self, first: Line, box: int) -> int:
        """The line behind all that may be the article's: the end of the box around headline and
        first sentence; of the box around that where more sentences come before a share block."""
        outline, limit = self.outline, self.outline.ends[box]
        around = outline.parents[box]
        is_closed = any(first.index < at < limit for at in self.finder.anchors)
        if around < 0 or outline.tags[box] in PAGE_WIDE or is_closed:
            return self._leave_readers(first, limit)
        wider = outline.ends[around]
        anchor = next((at for at in sorted(self.finder.anchors) if limit <= at < wider), -1)
        between = self.lines[limit:anchor] if anchor >= 0 else []
        if self._list_prose(between) and not any(self.finder.blocks(one, False) for one in between):
            return self._leave_readers(first, wider)
        return self._leave_readers(first, limit)

    def _leave_readers(self, first: Line, limit: int) -> int:
        """The first line of a box behind the text in which readers write, as its form tells."""
        outline = self.outline
        forms = (box for box, tag in enumerate(outline.tags) if tag == "form")
        for form in forms:
            box = outline.parents[form]
            if outline.tags[box] not in READERS or outline.holds(box, first.box):
                continue
            if first.index < outline.firsts[box] < limit:
                return outline.firsts[box]
        return limit

    def _list_prose(self, lines: Iterable[Line]) -> list[Line]:
        finder = self.finder
        return [line for line in lines if finder.is_text(line) and not finder.is_excluded(line)]

    def _find_continuation(
        self, places: Counter[tuple[int, str]], stop: Line, limit: int, going: int
    ) -> int:
        """The sentence with which the text goes on behind a line that might end it, -1 for none: in
        a box that had some before, or where only a lead stands above and the text proper below.

        `going` is such a sentence that is known already; each line is looked at once.
        """
        if going > stop.index:
            return going
        if COMMENTS.fullmatch(stop.text):
            return -1
        around = self.outline.join(self.finder.head.box, stop.box)
        is_led = self.finder.is_anchor(stop) and places.total() <= LEADS
        held = 0
        for line in self._list_behind(stop, limit):
            held += self.outline.holds(around, line.box)
            if self._name_place(line) in places or (is_led and held >= TEXTS):
                return line.index
        return -1

    def _list_behind(self, stop: Line, limit: int) -> Iterator[Line]:
        """The sentences behind a line up to what ends an article or belongs to another."""
        finder, is_found = self.finder, False
        for line in self.lines[stop.index + 1 : limit]:
            if finder.is_excluded(line):
                continue
            if finder.leads_away(line) or finder.opens_other(line):
                return
            if finder.is_anchor(line) and is_found:
                return
            if finder.is_text(line):
                is_found = True
                yield line

    def _name_place(self, line: Line) -> tuple[int, str]:
        """What sentences of one text have in common: the box around them, and their own kind."""
        return self.outline.parents[line.box], self.outline.tags[line.box]

    def _cut_back(self, first: Line, away: int, end: int) -> int:
        """A link or a heading of another block inside the text stays; without sentences behind it,
        it ends the text."""
        if away >= 0 and not any(self.finder.is_text(line) for line in self.lines[away:end]):
            return max(away, first.index + 1)
        return end
