"""Sentences that stand in an article's box and were not read: a layout that lost a part of the
text must not go unnoticed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.html.tags import PAGE_WIDE
from kpucrawl.extract.layouts.tree import Tree
from kpucrawl.extract.phrases.chrome import (
    ends_article,
    is_counter,
    is_networks,
    is_note,
    is_share,
)
from kpucrawl.extract.phrases.labels import is_caption, is_related
from kpucrawl.extract.records import Problem
from kpucrawl.extract.regions.region import Region

PROSE = 60
"""Characters of a line that is a sentence; labels and names have fewer, and whoever loses a part of
a text loses one such line at least."""
BEHIND = 60
"""Lines behind what was read among which the article's share block or counter stands: as many as
the rest of a long text has. Behind a text that was read whole it is the first or second."""
_SENTENCE_ENDS = '.!?:;,”")]'
"""What stands right below a picture and ends in none of these is what the picture shows."""
_SEEN = 200
_WHY = "Sentences in the article's box were left out."


@dataclass(frozen=True)
class ArticleBox:
    """The smallest box around a headline, its text and what closes it."""

    tree: Tree
    head: Line
    region: Region
    """What was read."""
    furniture: Collection[tuple[str, str]]
    """Place and text of lines that most pages show."""

    def doubt_body(self, text: Collection[int]) -> Iterator[Problem]:
        """The problem of a text that was read without all of its sentences: `seen` is the first.

        `text` are the lines where the layout has text and nothing else: no captions, no notes.
        """
        read = {line.index for line in self.region.lines}
        behind = max((self.region.end, *(index + 1 for index in text)))
        for line in self._list_lines(behind):
            if line.index in read or not is_sentence(line) or self._is_foreign(line):
                continue
            if line.index in text or not self._is_note(line):
                yield Problem("body", line.text[:_SEEN], _WHY)
                return

    def _list_lines(self, behind: int) -> Iterator[Line]:
        """The lines of the box, up to the heading of what follows the text: comments, tags."""
        outline, box = self.tree.page.outline, self._find_box()
        for line in self.tree.lines[outline.firsts[box] : outline.ends[box]]:
            if line.index >= behind and ends_article(line.text):
                return
            yield line

    def _find_box(self) -> int:
        outline, box = self.tree.page.outline, self.region.box
        if self.region.lines:
            box = outline.join(box, self.region.lines[-1].box)
        if (closing := self._find_closing()) is None:
            return box
        around = outline.join(box, closing.box)
        return box if outline.tags[around] in PAGE_WIDE else around

    def _find_closing(self) -> Line | None:
        """The share block or counter right behind the text."""
        lines = self.region.lines
        end = lines[-1].index + 1 if lines else self.region.start
        for line in self.tree.lines[end : end + BEHIND]:
            if self._is_elsewhere(line):
                continue
            if is_counter(line) or (is_share(line.text) and not is_networks(line.text)):
                return line
        return None

    def _is_foreign(self, line: Line) -> bool:
        """Whether a line is no part of the article's text: its title, or what other pages show."""
        if line is self.head or self._is_elsewhere(line):
            return True
        return self.tree.place_key(line) in self.furniture

    def _is_elsewhere(self, line: Line) -> bool:
        """Whether a line stands in a column or leads to another article."""
        if line.zone >= 0 and not self.tree.page.outline.holds(line.zone, self.head.box):
            return True
        return self.tree.is_teaser(line.index)

    def _is_note(self, line: Line) -> bool:
        """Whether a line tells of the article or of the picture above it."""
        if is_counter(line) or is_note(line):
            return True
        if line.text[-1] in _SENTENCE_ENDS:
            return False
        return line.index in self.tree.page.pictured


def is_sentence(line: Line) -> bool:
    """Whether a line is prose: long enough, not mostly links, and calls itself no caption."""
    if len(line.text) < PROSE or 2 * line.linked > len(line.text) or is_related(line.text):
        return False
    return line.kind != "figcaption" and not line.in_caption and not is_caption(line.text)
