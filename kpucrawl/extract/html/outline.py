"""A page as its lines of text in reading order, each with its place in the structure.

Everything that reads a page reasons about lines and about boxes (elements). Boxes are numbered in
document order, so that "inside" and "between" are comparisons of numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from lxml import etree

_FEW = 4

NAMELESS = None, None
"""The classes and the id of most boxes."""
LineKind = Literal["text", "item", "row", "figcaption"]


class Anchor(NamedTuple):
    """The part of a link that lies in one line."""

    href: str
    text: str


@dataclass(slots=True, eq=False)
class Line:
    """What a reader sees as one line or paragraph, white space collapsed.

    Nobody changes one; it is not frozen because a page has hundreds, and frozen ones take four
    times as long to make.
    """

    index: int
    text: str
    box: int
    """The innermost block around it."""
    gap: int
    """What separates it from the line before: 1 a line break, 2 a new block or an empty line."""
    kind: LineKind
    rank: int
    """1 to 6 for the first line of `<h1>` to `<h6>`, else 0."""
    strong: bool
    """Begins in bold or in a big font."""
    zone: int
    """The innermost furniture (nav, aside, footer ...) around it, -1 outside."""
    in_caption: bool
    """An enclosing block calls itself a caption."""
    anchors: tuple[Anchor, ...]
    raw: tuple[str, ...]
    """The pieces of text as marked up, eye marks kept: flex boxes print `25 Mei 2019` and `Dilihat
    3 kali` apart."""
    linked: int
    """How many of its characters are links."""


@dataclass(slots=True, eq=False)
class Medium:
    """A picture or an embedded viewer."""

    element: etree._Element
    box: int
    at: int
    """The line it stands before or in."""
    zone: int
    href: str
    """The link around it, else empty."""


@dataclass(slots=True)
class Outline:
    """The lines and boxes of one page."""

    lines: list[Line] = field(default_factory=list)
    images: list[Medium] = field(default_factory=list)
    embeds: list[Medium] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    """Per box its first line ..."""
    ends: list[int] = field(default_factory=list)
    """... and the line behind its last."""
    stops: list[int] = field(default_factory=list)
    """Per box the number behind its last descendant's."""
    elements: list[etree._Element] = field(default_factory=list)
    """Per box its element."""
    names: list[tuple[str | None, str | None]] = field(default_factory=list)
    """Per box its classes and its id, as they are written."""
    styled: list[int] = field(default_factory=list)
    """Boxes that have a style or a background of their own."""
    bounds: list[str] = field(default_factory=list)
    """Bounds that the page went beyond, in words: what lies behind them was not looked at."""

    def add_box(self, tag: str, parent: int, element: etree._Element) -> int:
        """Note the start of a box, and give its number."""
        number, lines = len(self.tags), len(self.lines)
        self.tags.append(tag)
        self.elements.append(element)
        self.parents.append(parent)
        self.firsts.append(lines)
        self.ends.append(lines)
        self.stops.append(number + 1)
        return number

    def end_box(self, number: int) -> None:
        """Note the end of a box."""
        self.ends[number] = len(self.lines)
        self.stops[number] = len(self.tags)

    def holds(self, box: int, other: int) -> bool:
        """Whether `other` is `box` or inside it; nothing is inside -1."""
        return 0 <= box <= other < self.stops[box]

    def climb(self, box: int) -> Iterator[int]:
        """The box and everything around it, innermost first."""
        while box >= 0:
            yield box
            box = self.parents[box]

    def join(self, box: int, other: int) -> int:
        """The smallest box around both."""
        return next(around for around in self.climb(box) if self.holds(around, other))

    def is_beside(self, box: int, other: int) -> bool:
        """Whether a box is `other`'s company of a few lines, rather than in a column of its own."""
        branch = self.branch(box, other)
        return self.holds(branch, other) or self.ends[branch] - self.firsts[branch] <= _FEW

    def branch(self, box: int, without: int) -> int:
        """The largest box around `box` that does not hold `without`."""
        best = box
        for around in self.climb(box):
            if self.holds(around, without):
                break
            best = around
        return best
