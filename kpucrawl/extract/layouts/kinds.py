"""What inside the region of a text is no text: kinds of lines, by where they stand in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property

from kpucrawl.extract.characters import split_words
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.model import Slot
from kpucrawl.extract.layouts.tree import Tree, is_toggle
from kpucrawl.extract.phrases.chrome import (
    ends_article,
    is_counter,
    is_more,
    is_network,
    is_note,
    is_share,
    opens_block,
)
from kpucrawl.extract.regions.teasers import is_link

PROSE = 60
"""Characters of a line that is prose."""
SENTENCE = 25
"""Characters of a line that is, if it ends as a sentence does."""
DROPPED = 0.9
"""Share of a kind's lines that recur, are links or other articles', or follow a picture."""
OFTEN = 0.3
"""Share of pages on which a line recurs that is furniture by its place."""
BOXED_RECURS = 2
"""Pages on which a line in a box of the template's recurs: an advertisement may change daily."""
POOLED = 0.5
"""Share of the lines in a labelled box that recur where they are drawn from a pool: two of three of
a pool of fifteen do on twenty pages."""
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
        others = {kind: lines for kind, lines in self.stats.items() if kind != self.main}
        dropped = {kind for kind, lines in others.items() if self._is_furniture(kind, lines)}
        labels = tuple(f"{kind}>" for kind in dropped if self._is_label(kind))
        below = {kind for kind in others if kind.startswith(labels) and self._is_pooled(kind)}
        return tuple(sorted(dropped | below))

    def _is_label(self, kind: str) -> bool:
        """Whether a kind that is no text names its box: `Iklan` on all pages."""
        return not is_anonymous(kind) and len({line.text for _, line in self.stats[kind]}) == 1

    def _is_pooled(self, kind: str) -> bool:
        """Whether most lines of a kind below a label recur: they are drawn from a pool."""
        lines = self.stats[kind]
        recurring = sum(self.count(n, line) >= BOXED_RECURS for n, line in lines)
        return recurring >= POOLED * len(lines)

    def _is_furniture(self, kind: str, lines: Sequence[tuple[int, Line]]) -> bool:
        pages = len({n for n, _ in lines})
        textual = self.is_textual(kind)
        tabular = any(line.kind == "row" for _, line in lines)
        if textual and tabular:
            return False
        boxed = not textual and not tabular and not is_anonymous(kind)
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

    def can_open(self, kind: str, line: Line) -> bool:
        """Whether what follows a line that recurs can be the text: behind a note, or a box of the
        template's. `PENGUMUMAN` above an announcement is the office's own."""
        return says_note(line) or (kind != self.main and not self.is_textual(kind))

    def can_close(self, kind: str, line: Line) -> bool:
        """Whether a text can end at a line that recurs: also at a heading or a link. `Demikian
        disampaikan` recurs among the paragraphs."""
        if line.rank or is_link(line) or ends_article(line.text) or opens_block(line.text):
            return True
        return self.can_open(kind, line)

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
        found = {one for one, length in own.items() if length >= OWN_PROSE * whole[one]}
        return frozenset({cut_container(self.main), *found})

    def _is_foreign(self, n: int, line: Line, textual: bool, boxed: bool) -> bool:
        """Whether a line is a link or another article's, or recurs; among the paragraphs of a text
        what editors write may recur."""
        if line.index in self.trees[n].teasers or (is_link(line) and not is_toggle(line)):
            return True
        if self.trees[n].leads_away(line):
            return True
        if textual and line.index in self.prose[n]:
            return False
        return self._recurs(n, line, boxed)

    @cached_property
    def prose(self) -> list[range]:
        """Per page from its first to its last sentence of the main kind."""
        return [self._find_prose(lines) for lines in self.lines]

    def _find_prose(self, lines: Sequence[tuple[str, Line]]) -> range:
        found = [line.index for kind, line in lines if kind == self.main and is_sentence(line)]
        return range(found[0], found[-1] + 1) if found else range(0)

    def _recurs(self, n: int, line: Line, boxed: bool) -> bool:
        least = 0 if boxed else OFTEN * len(self.trees)
        return self.count(n, line) >= max(BOXED_RECURS, least)

    def _follows_picture(self, n: int, line: Line) -> bool:
        return line.index in self.trees[n].page.pictured

    def _stands_outside(self, kind: str) -> bool:
        """Whether a kind stands before the first and behind the last sentence on every page."""
        pages = zip(self.lines, self.prose, strict=True)
        return not any(
            one == kind and line.index in prose for lines, prose in pages for one, line in lines
        )


def says_note(line: Line) -> bool:
    """Whether a line's words are the page's own: a counter, a share bar, a note."""
    if is_note(line) or is_counter(line):
        return True
    return is_share(line.text) or is_network(line.text) or is_more(line.text)


def is_sentence(line: Line) -> bool:
    """Whether a line is prose, or a short sentence of it: `Demikian pengumuman ini disampaikan.`"""
    length = len(line.text)
    return length >= PROSE or (length >= SENTENCE and line.text[-1] in ".!?")


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
