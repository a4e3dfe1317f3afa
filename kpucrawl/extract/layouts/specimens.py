"""Sample pages, parsed and parted by template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from kpucrawl.extract.html.context import Page, fold
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.model import Listed
from kpucrawl.extract.layouts.names import name_boxes
from kpucrawl.extract.layouts.tree import Tree, find_stable_names

FEWEST = 5
"""Pages of one template: of fewer, what recurs and what does not is chance. Some offices have no
more than five articles."""
ALIKE = 0.6
"""Share of places that two pages of one template have in common."""
SHARED = 3
"""Pages on which a place must stand to count."""
Sampled = tuple[Page, Listed | None, bool]
"""A page, what its listing said of it, and whether its bytes end as a page does."""


@dataclass(frozen=True)
class Specimen:
    """A sample, parsed."""

    tree: Tree
    listed: Listed | None
    closed: bool
    """Its bytes end as a page does."""

    @property
    def page(self) -> Page:
        """The parsed page."""
        return self.tree.page

    @cached_property
    def folded(self) -> list[tuple[Line, str]]:
        """Its lines that are no teaser's, each with what it says folded: asked for by each
        witness."""
        teasers = self.tree.teasers
        return [(line, fold(line.text)) for line in self.tree.lines if line.index not in teasers]


def make_specimens(pages: Sequence[Sampled]) -> list[Specimen]:
    """Name the boxes of pages by what is stable among them."""
    trees = name_boxes([page for page, *_ in pages])
    return [
        Specimen(tree, listed, closed)
        for tree, (_, listed, closed) in zip(trees, pages, strict=True)
    ]


def part_pages(pages: Sequence[Sampled]) -> list[list[Sampled]]:
    """Part pages by template: linked by the share of places that they have in common."""
    names = find_stable_names([page for page, *_ in pages], 0.0)
    places = [list_places(Tree(page, names)) for page, *_ in pages]
    counts = Counter(place for one in places for place in one)
    common = [frozenset(place for place in one if counts[place] >= SHARED) for one in places]
    parts: list[list[int]] = []
    for number, one in enumerate(common):
        near = [
            part for part in parts if any(measure_overlap(one, common[n]) >= ALIKE for n in part)
        ]
        joined = sorted([number, *(n for part in near for n in part)])
        parts = [part for part in parts if part not in near] + [joined]
    big = [part for part in parts if len(part) >= FEWEST]
    return [[pages[n] for n in part] for part in sorted(big, key=lambda part: (-len(part), part))]


def list_places(tree: Tree) -> frozenset[tuple[str, str]]:
    """The names of a page's boxes, each with the name of the box around it: a class of `<body>`
    that changes with the category changes few of them."""
    labels, parents = tree.labels, tree.page.outline.parents
    return frozenset(
        (labels[parent] if parent >= 0 else "", label)
        for label, parent in zip(labels, parents, strict=True)
    )


def measure_overlap(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> float:
    """Jaccard: shared of all."""
    return len(one & other) / max(len(one | other), 1)
