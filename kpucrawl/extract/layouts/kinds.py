"""What inside the region of a text is no text: kinds of lines, by where they stand in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from kpucrawl.extract.characters import split_words
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.model import Slot
from kpucrawl.extract.layouts.tree import Tree, is_link, mask_dates

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
ENDS = 0.8
"""Share of pages on which a masked line opens or closes the text and is none."""
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
            list_region_lines(tree, regions) for tree in trees
        ]
        self.own = [
            {line.index for line in tree.lines if title is not None and line is title}
            for tree, title in zip(trees, titles, strict=True)
        ]

    def find_dropped(self) -> tuple[str, ...]:
        """Kinds that are no text."""
        stats: defaultdict[str, list[tuple[int, Line]]] = defaultdict(list)
        for n, lines in enumerate(self.lines):
            for kind, line in lines:
                stats[kind].append((n, line))
        if not stats:
            return ()
        main = max(stats, key=lambda kind: sum(len(line.text) for _, line in stats[kind]))
        return tuple(
            sorted(
                kind
                for kind, lines in stats.items()
                if kind != main and self._is_furniture(kind, lines)
            )
        )

    def _is_furniture(self, kind: str, lines: Sequence[tuple[int, Line]]) -> bool:
        pages = len({n for n, _ in lines})
        boxed = not is_textual(kind) and not is_anonymous(kind)
        if is_textual(kind) and any(line.kind == "row" for _, line in lines):
            return False
        foreign = sum(
            is_link(line) or line.index in self.trees[n].teasers or self._recurs(n, line, boxed)
            for n, line in lines
        )
        if foreign >= DROPPED * len(lines) and pages >= 2:
            return True
        captions = sum(self._follows_picture(n, line) for n, line in lines)
        if captions >= CAPTIONS * len(lines) and pages >= 2:
            return True
        prose = any(len(line.text) >= PROSE for _, line in lines)
        if prose or is_anonymous(kind):
            return False
        return pages >= SYSTEMATIC * len(self.trees) and self._stands_outside(kind)

    def _recurs(self, n: int, line: Line, boxed: bool) -> bool:
        count = self.counts[self.trees[n].place_key(line)]
        return count >= max(2, (BOXED_RECURS if boxed else OFTEN) * len(self.trees))

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

    def find_ends(self) -> tuple[str, ...]:
        """Masked lines that open or close most texts."""
        seen: Counter[str] = Counter()
        for lines in self.lines:
            edge = [line for _, line in lines]
            seen.update(
                {
                    mask_dates(line.text)
                    for line in (*edge[:4], *edge[-4:])
                    if len(line.text) < PROSE * 2
                }
            )
        least = max(3, ENDS * len(self.trees))
        return tuple(sorted(mask for mask, count in seen.items() if count >= least))


def is_textual(kind: str) -> bool:
    """Whether a kind of lines stands only in boxes that editors make: paragraphs and the like,
    without classes of the template."""
    return all(step in TEXTUAL for step in kind.split(">")) if kind else True


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
