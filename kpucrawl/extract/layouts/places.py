"""Where links to articles stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.model import Place
from kpucrawl.extract.layouts.tree import Tree, mask_digits
from kpucrawl.extract.phrases.chrome import is_meta
from kpucrawl.extract.records import PageKey
from kpucrawl.extract.regions.listing import is_item_key

LEAST_LETTERS = 3
"""Letters of a heading."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A link to an article."""

    line: Line
    key: PageKey
    href: str
    text: str


@dataclass
class Sheet:
    """A page with its links to articles."""

    tree: Tree
    role: str
    """`listing`, `home` or `article`."""
    headings: frozenset[tuple[str, str]] = frozenset()
    """Furniture lines, by place and masked words, that may head a box."""
    _paths: dict[int, list[int]] = field(default_factory=dict)
    _numbers: dict[int, tuple[int, int]] = field(default_factory=dict)

    @cached_property
    def links(self) -> list[Shown]:
        """The links to articles, in the order of the page; static pages are the menu's."""
        return list(list_shown(self.tree))

    @cached_property
    def under(self) -> list[str]:
        """Per line the furniture line that comes last before it, masked; empty for none."""
        found, last = [], ""
        for line in self.tree.lines:
            found.append(last)
            if self.tree.place_key(line) in self.headings:
                last = mask_digits(line.text)
        return found

    def number(self, line: Line, depth: int, from_end: bool) -> int:
        """Which of the boxes of its name the box around a line is, so many steps from the root."""
        box = self.climb(line.box)[depth]
        if box not in self._numbers:
            self._number_siblings(box)
        return self._numbers[box][from_end]

    def _number_siblings(self, box: int) -> None:
        siblings = self.tree.list_children(self.tree.page.outline.parents[box])
        wholes = Counter(self.tree.labels[one] for one in siblings)
        seen: Counter[str] = Counter()
        for one in siblings:
            label = self.tree.labels[one]
            self._numbers[one] = (seen[label], wholes[label] - 1 - seen[label])
            seen[label] += 1

    def climb(self, box: int) -> list[int]:
        """The boxes from the root to this one."""
        if box not in self._paths:
            self._paths[box] = list(self.tree.page.outline.climb(box))[::-1]
        return self._paths[box]

    def stands(self, line: Line, place: Place) -> bool:
        """Whether a line stands at a place."""
        if self.tree.chains[line.box] != place.chain:
            return False
        if place.under is not None and self.under[line.index] != place.under:
            return False
        return all(
            self.number(line, branch.depth, branch.from_end) == branch.number
            for branch in place.branches
        )

    def find_links(self, places: Sequence[Place]) -> list[Shown]:
        """The links that stand at one of these places."""
        by_chain: defaultdict[str, list[Place]] = defaultdict(list)
        for place in places:
            by_chain[place.chain].append(place)
        return [
            link
            for link in self.links
            if any(
                self.stands(link.line, place)
                for place in by_chain.get(self.tree.chains[link.line.box], ())
            )
        ]


def list_shown(tree: Tree) -> Iterator[Shown]:
    """The links of a page that lead to articles."""
    for line in tree.lines:
        for anchor in line.anchors:
            address = tree.page.parse(anchor.href)
            if address and address.key and is_item_key(tree.page, address):
                yield Shown(line, address.key, anchor.href, anchor.text)


def find_headings(sheets: Sequence[Sheet], least: int) -> frozenset[tuple[str, str]]:
    """Lines with words that lead to no article, and that so many pages show at one place."""
    alike = [_list_unlinked(sheet) for sheet in sheets]
    shown = Counter(key for lines in alike for key in {key for key, _ in lines})
    often = {key for key, count in shown.items() if count >= least}
    counts: Counter[tuple[str, str]] = Counter()
    for lines in alike:
        counts.update({key for key, text in lines if key in often and _has_words(text)})
    return frozenset(key for key, count in counts.items() if count >= least)


def _list_unlinked(sheet: Sheet) -> list[tuple[tuple[str, str], str]]:
    """The lines of a page that lead to no article: where each stands and what it says."""
    linked = {link.line.index for link in sheet.links}
    lines = zip(sheet.tree.place_keys, sheet.tree.lines, strict=True)
    return [(key, line.text) for key, line in lines if line.index not in linked]


def _has_words(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= LEAST_LETTERS and not is_meta(text)
