"""What inside the region of a text is no text: kinds of lines, by where they stand in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property

from kpucrawl.extract.characters import split_words
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.model import Slot
from kpucrawl.extract.layouts.tree import Tree, is_link

PROSE = 60
"""Characters of a line that is prose."""
DROPPED = 0.9
"""Share of a kind's lines that recur, are links or other articles', or follow a picture."""
OFTEN = 0.3
"""Share of pages on which a line recurs that is furniture by its place."""
BOXED_RECURS = 0.05
"""Share of pages on which a line in a box of the template's recurs."""
CAPTIONS = 0.8
"""Share of a kind's lines that stand right under a picture."""
SYSTEMATIC = 0.5
"""Share of pages that show a kind of short lines which stands outside the prose alone."""
OWN_PROSE = 0.5
"""Share of what a box of the template's holds that must be own prose for it to hold text."""
TEXTUAL = split_words(
    "p h ul ol li dl dt dd blockquote figure pre data center address table tr td tbody"
)
"""Boxes that editors make themselves; any other inside a text is the template's."""


class Kinds:
    """The kinds of lines inside the regions: by the names from the region to their box."""

    def __init__(
        self,
        trees: Sequence[Tree],
        titles: Sequence[Line | None],
        regions: Sequence[Slot],
        counts: Counter[tuple[str, str]],
    ) -> None:
        self.trees, self.counts = trees, counts
        self.lines: list[list[tuple[str, Line]]] = [
            list_below(list_region_lines(tree, regions), title)
            for tree, title in zip(trees, titles, strict=True)
        ]

    @cached_property
    def stats(self) -> dict[str, list[tuple[int, Line]]]:
        """Per kind its lines, each with the number of its page."""
        found: defaultdict[str, list[tuple[int, Line]]] = defaultdict(list)
        for n, lines in enumerate(self.lines):
            for kind, line in lines:
                found[kind].append((n, line))
        return found

    @cached_property
    def main(self) -> str:
        """The kind that holds most of the text: paragraphs."""
        return max(self.stats, key=self._measure, default="")

    def _measure(self, kind: str) -> int:
        return sum(len(line.text) for _, line in self.stats[kind])

    def count(self, number: int, line: Line) -> int:
        """On how many pages a page's line stands at its place."""
        return self.counts[self.trees[number].place_key(line)]

    def find_dropped(self) -> tuple[str, ...]:
        """Kinds that are no text."""
        others = ((kind, lines) for kind, lines in self.stats.items() if kind != self.main)
        return tuple(sorted(kind for kind, lines in others if self._is_furniture(kind, lines)))

    def _is_furniture(self, kind: str, lines: Sequence[tuple[int, Line]]) -> bool:
        pages = len({n for n, _ in lines})
        textual = self.is_textual(kind)
        if textual and any(line.kind == "row" for _, line in lines):
            return False
        boxed = not textual and not is_anonymous(kind)
        foreign = sum(self._is_foreign(n, line, textual, boxed) for n, line in lines)
        if foreign >= DROPPED * len(lines) and pages >= 2:
            return True
        captions = sum(self._follows_picture(n, line) for n, line in lines)
        if captions >= CAPTIONS * len(lines) and pages >= 2:
            return True
        prose = any(len(line.text) >= PROSE for _, line in lines)
        if prose or is_anonymous(kind):
            return False
        return pages >= SYSTEMATIC * len(self.trees) and self._stands_outside(kind)

    def is_textual(self, kind: str) -> bool:
        """Whether a kind stands among boxes that editors make, also where the template parts the
        text over several of its own."""
        return is_textual(kind) or cut_container(kind) in self._containers

    @cached_property
    def _containers(self) -> frozenset[str]:
        """The template's boxes inside the regions that hold prose of the articles' own."""
        own: Counter[str] = Counter()
        whole: Counter[str] = Counter()
        for kind, lines in self.stats.items():
            container = cut_container(kind)
            for n, line in lines:
                whole[container] += len(line.text)
                if len(line.text) >= PROSE and not self._is_foreign(n, line, False, True):
                    own[container] += len(line.text)
        return frozenset(one for one, length in own.items() if length >= OWN_PROSE * whole[one])

    def _is_foreign(self, n: int, line: Line, textual: bool, boxed: bool) -> bool:
        """Whether a line is a link or another article's, or recurs; among the paragraphs of a text
        what editors write may recur."""
        if is_link(line) or line.index in self.trees[n].teasers:
            return True
        if self.trees[n].leads_away(line):
            return True
        if textual and line.index in self.prose[n]:
            return False
        return self._recurs(n, line, boxed)

    @cached_property
    def prose(self) -> list[range]:
        """Per page from its first to its last long line of the main kind."""
        return [self._find_prose(lines) for lines in self.lines]

    def _find_prose(self, lines: Sequence[tuple[str, Line]]) -> range:
        long = [line.index for kind, line in lines if kind == self.main and len(line.text) >= PROSE]
        return range(long[0], long[-1] + 1) if long else range(0)

    def _recurs(self, n: int, line: Line, boxed: bool) -> bool:
        return self.count(n, line) >= max(2, (BOXED_RECURS if boxed else OFTEN) * len(self.trees))

    def _follows_picture(self, n: int, line: Line) -> bool:
        images = self.trees[n].page.outline.images
        return any(image.at == line.index for image in images)

    def _stands_outside(self, kind: str) -> bool:
        """Whether a kind stands before the first and behind the last long line on every page."""
        for lines in self.lines:
            long = [line.index for _, line in lines if len(line.text) >= PROSE]
            for one, line in lines:
                if one == kind and long and long[0] < line.index < long[-1]:
                    return False
        return True


def is_textual(kind: str) -> bool:
    """Whether a kind of lines stands only in boxes that editors make: paragraphs and the like,
    without classes of the template."""
    return all(step in TEXTUAL for step in kind.split(">")) if kind else True


def cut_container(kind: str) -> str:
    """The part of a kind down to the innermost box that is the template's: `div.text` of
    `div.text>ul>li`."""
    steps = kind.split(">")
    while steps and steps[-1] in TEXTUAL:
        steps.pop()
    return ">".join(steps)


def is_anonymous(kind: str) -> bool:
    """Whether no box of a kind has a class or an id that is stable."""
    return "." not in kind and "#" not in kind


def list_region_lines(tree: Tree, regions: Sequence[Slot]) -> list[tuple[str, Line]]:
    """The lines of the regions, each once, with its kind."""
    outline = tree.page.outline
    found: list[tuple[str, Line]] = []
    seen: set[int] = set()
    for slot in regions:
        box = tree.find_text_box(slot)
        if box is None:
            continue
        length = len(tree.chains[box]) if box >= 0 else 0
        first, end = (outline.firsts[box], outline.ends[box]) if box >= 0 else (0, len(tree.lines))
        for line in tree.lines[first:end]:
            if line.index not in seen:
                seen.add(line.index)
                found.append((tree.chains[line.box][length:].lstrip(">"), line))
    return sorted(found, key=lambda one: one[1].index)


def list_below(lines: Sequence[tuple[str, Line]], title: Line | None) -> list[tuple[str, Line]]:
    """The lines behind a headline that stands in the region itself; all where it stands outside."""
    if title is None or all(line is not title for _, line in lines):
        return list(lines)
    return [(kind, line) for kind, line in lines if line.index > title.index]
