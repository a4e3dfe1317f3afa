"""From markup to the outline of a page: one parse and one walk."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from kpucrawl.extract.characters import is_tidy, tidy
from kpucrawl.extract.html import limits
from kpucrawl.extract.html.eyes import EYE, EYE_TEXTS, is_eye
from kpucrawl.extract.html.outline import (
    NAMELESS,
    Anchor,
    Line,
    LineKind,
    Medium,
    Outline,
)
from kpucrawl.extract.html.tables import is_data_table
from kpucrawl.extract.html.tags import (
    BIG_SIZES,
    EMBEDS,
    FURNITURE,
    FURNITURE_ROLES,
    HEADINGS,
    ICONS,
    STRONG,
    TABLES,
    Tag,
    classify_tag,
)

DATA = "data"
"""The tag of all boxes in a data table."""
CELL = "\ue001"
"""Stands between the cells of a row until the line is whole."""
_SET_APART = re.compile(r"display\s*:\s*block", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_LONGEST_EYE = 40
BACKED = frozenset({"style", "data-bg", "data-background", "data-background-image"})
"""Attributes that may put a picture behind the words of a box, at once or late."""
_LEVELS = frozenset("123456")
Attributes = Mapping[str, str]
NONE: Attributes = {}
"""Of most elements: editors write plain paragraphs."""


def parse_html(text: str | bytes) -> etree._Element | None:
    """Parse a page, as text or as UTF-8; None when there is nothing in it."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "ignore")
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(raw, parser)
    except etree.LxmlError:  # an empty document, or one that is nothing but a declaration
        return None


def outline_page(root: etree._Element) -> Outline:
    """Walk a page once and note its lines, boxes, pictures and viewers."""
    builder = _Builder()
    begin, end = builder.begin, builder.end
    walker = etree.iterwalk(root, events=("start", "end"))
    elements = 0
    around: list[Tag] = []
    for event, element in walker:
        if event == "end":
            end(around.pop(), element)
        else:
            elements += 1
            if elements > limits.MOST_ELEMENTS:
                break
            name: Any = element.tag
            tag = classify_tag(name)
            around.append(tag)
            if not begin(tag, element):
                walker.skip_subtree()
        if builder.is_full:
            break
    return builder.finish(elements)


class _Builder:
    """The state of the walk."""

    def __init__(self) -> None:
        self.page = Outline()
        self.box = -1
        self.zones = [-1]
        """The furniture around, outermost first ..."""
        self.captions = [-1]
        """... and the boxes that call themselves captions."""
        self.pieces: list[str] = []
        self.anchors: list[Anchor] = []
        self.href, self.href_from = "", 0
        self.gap, self.rank, self.items = 2, 0, 0
        self.strong, self.line_strong, self.captioned = 0, False, False
        self.cells, self.new_item, self.eyed = False, False, False
        self.typed, self.captioning = 0, 0
        """How many `<pre>` and `<figcaption>` are around."""
        self.shown = 0
        """Characters taken in."""
        self.is_full = False
        """Whether the page is longer than what is looked at."""

    def finish(self, elements: int) -> Outline:
        """End the last line, and the boxes that a bound left open."""
        self.cells = False
        self.break_line(2)
        self.page.bounds = limits.name_bounds(elements, len(self.page.lines), self.shown)
        for box in self.page.climb(self.box):
            self.page.end_box(box)
        return self.page

    # What follows is called for every element or text: it calls as little as it can.

    def begin(self, tag: Tag, element: etree._Element) -> bool:
        """Take in the start of an element with its first text; False for one not read."""
        found = element.items()
        attributes = dict(found) if found else NONE
        style = attributes.get("style") if found else None
        if style is not None and not tag.block and _sets_apart(style):
            self.break_line(2)
        if tag.plain:
            if self.pieces or self.cells:
                self.break_line(2)
            else:  # as most often; the same as to break a line without pieces
                self.href_from, self.captioned, self.gap = 0, False, 2
            if tag.item:
                self.items += 1
                self.new_item = True
            self._add_box(DATA if self.cells else tag.name, tag.name, element, attributes)
            if attributes.get("role") == "heading":
                self.rank = _read_level(attributes)
        elif tag.special:
            self.open_inline(tag.name, element, attributes)
        elif tag.block:
            self.open_block(tag.name, element, attributes)
        if not tag.read or (found and _is_hidden(attributes)):
            return False
        if text := element.text:
            self.add(text)
        return True

    def end(self, tag: Tag, element: etree._Element) -> None:
        """Take in the end of an element with the text behind it."""
        if tag.plain:
            if self.pieces or self.cells:
                self.break_line(2)
            else:
                self.href_from, self.captioned, self.gap = 0, False, 2
            if tag.item:
                self.items -= 1
            if self.rank and element.get("role") == "heading":
                self.rank = 0
            self._end_box()
        elif tag.block:
            self.close_block(tag.name)
        else:
            if tag.special:
                self.close_inline(tag.name, element)
            if (style := element.get("style")) and _sets_apart(style):
                self.break_line(2)
        if text := element.tail:
            self.add(text)

    def add(self, text: str) -> None:
        """Take in a piece of text."""
        length = len(text)
        self.shown += length
        if self.shown >= limits.MOST_SHOWN:
            text = self._cut(text)
        if self.typed and "\n" in text:
            self._put_lines(text)
        elif self.pieces:
            is_eye = length < _LONGEST_EYE and text.strip() in EYE_TEXTS
            self.pieces.append(EYE if is_eye else text)
        elif not text.isspace():
            self._put(text)

    def _cut(self, text: str) -> str:
        """What is taken in of the text that makes the page too long."""
        text = text[: len(text) - self.shown + limits.MOST_SHOWN]
        self.shown = limits.MOST_SHOWN
        self.is_full = True
        return text

    def _put_lines(self, text: str) -> None:
        """Take in text whose line breaks are shown."""
        for number, part in enumerate(text.split("\n", limits.MOST_LINES)):
            if number:
                self.break_line(1)
            self._put(part)

    def break_line(self, gap: int, kind: LineKind = "text") -> None:
        """End the line; in a cell of a data table lines go on."""
        if self.cells:
            self.pieces.append(" ")
            return
        if pieces := self.pieces:
            if self.href:
                self._end_anchor()
            if text := self._collapse_line(pieces):
                self._add_line(text, kind)
            self.eyed = not text and EYE in pieces
            self.pieces, self.anchors = [], []
        self.href_from, self.captioned = 0, False
        self.gap = 2 if gap == 2 or self.gap else gap

    def _collapse_line(self, pieces: Sequence[str]) -> str:
        """The text of a line; many lines are one link, whose words are known."""
        if len(pieces) > 1:
            return _collapse("".join(pieces))
        return self.anchors[0].text if self.anchors else _collapse(pieces[0])

    def _add_box(
        self, name: str, tag: str, element: etree._Element, attributes: Attributes
    ) -> None:
        """Note the start of a box, and what it calls itself."""
        around = self.box
        number = self.page.add_box(name, around, element)
        self.box = number
        if tag in FURNITURE and not (tag == "form" and self.page.tags[around] == "body"):
            self.zones.append(number)  # the form around a whole page, as ASP.NET has it, is none
        if not attributes:
            self.page.names.append(NAMELESS)
            return
        if not BACKED.isdisjoint(attributes):
            self.page.styled.append(number)
        classes = attributes.get("class")
        self.page.names.append((classes, attributes.get("id")))
        if classes is not None and "caption" in classes.lower():
            self.captions.append(number)
        if attributes.get("role") in FURNITURE_ROLES and tag not in FURNITURE:
            self.zones.append(number)

    def _end_box(self) -> None:
        number, page = self.box, self.page
        if self.zones[-1] == number:
            self.zones.pop()
        if self.captions[-1] == number:
            self.captions.pop()
        page.ends[number] = len(page.lines)
        page.stops[number] = len(page.tags)
        self.box = page.parents[number]

    def open_block(self, tag: str, element: etree._Element, attributes: Attributes) -> None:
        """Note the start of a box."""
        if tag in TABLES:
            self._open_table(tag, element)
        else:
            self.break_line(2)
        if tag in HEADINGS:
            self.rank = int(tag[1])
        elif tag == "pre":
            self.typed += 1
        elif tag == "figcaption":
            self.captioning += 1
        box_tag = DATA if self.cells and tag != "table" else tag
        self._add_box(box_tag, tag, element, attributes)

    def close_block(self, tag: str) -> None:
        """Note the end of a box."""
        if self.cells and tag in ("tr", "table", "figcaption"):
            self._end_row()
            self.cells = tag != "table"
        self.break_line(2)
        if tag in HEADINGS:
            self.rank = 0
        elif tag == "pre":
            self.typed -= 1
        elif tag == "figcaption":
            self.captioning -= 1
        self._end_box()

    def open_inline(self, tag: str, element: etree._Element, attributes: Attributes) -> None:
        """Note what inside a line is more than its text."""
        if tag == "br":
            if self.rank or self.cells:
                self.pieces.append(" ")
            else:
                self.break_line(1)
        elif tag == "a":
            if self.href:
                self._end_anchor()
            self.href, self.href_from = attributes.get("href", "").strip(), len(self.pieces)
        elif tag == "img":
            self.page.images.append(self._place(element))
        elif tag in EMBEDS:
            self.page.embeds.append(self._place(element))
        elif tag in STRONG and _is_strong(tag, element):
            self.strong += 1
        if tag in ICONS:
            self.captioned |= not self.pieces and "caption" in attributes.get("class", "").lower()
            if is_eye(tag, element, attributes):
                self.pieces.append(EYE)

    def close_inline(self, tag: str, element: etree._Element) -> None:
        """Note the end of a link or of bold text."""
        if tag == "a":
            if self.href:
                self._end_anchor()
            self.href = ""
        elif tag in STRONG:
            self.strong -= _is_strong(tag, element)

    def _put(self, text: str) -> None:
        if not self.pieces:
            if text.isspace():
                return
            self.line_strong = self.strong > 0
        is_eye = len(text) < _LONGEST_EYE and text.strip() in EYE_TEXTS
        self.pieces.append(EYE if is_eye else text)

    def _open_table(self, tag: str, element: etree._Element) -> None:
        """Tell tables of data from tables of layout, and keep the cells of data apart."""
        if tag == "table" and not self.cells:
            self.break_line(2)
            self.cells = is_data_table(element)
        elif tag == "tr" and self.cells:
            self._end_row()
        else:
            if self.cells and self.pieces:
                self.pieces.append(CELL)
            self.break_line(2)

    def _end_row(self) -> None:
        self.cells = False
        self.break_line(2, "row")
        self.cells = True

    def _place(self, element: etree._Element) -> Medium:
        return Medium(element, max(self.box, 0), len(self.page.lines), self.zones[-1], self.href)

    def _end_anchor(self) -> None:
        start, end = self.href_from, len(self.pieces)
        if self.href and end > start:
            raw = self.pieces[start] if end == start + 1 else "".join(self.pieces[start:])
            if text := _collapse(raw):
                self.anchors.append(Anchor(self.href, text))
        self.href_from = end

    def _add_line(self, text: str, kind: LineKind) -> None:
        if self.captioning:
            kind = "figcaption"
        elif self.new_item and self.items:
            kind = "item"
        lines, anchors = self.page.lines, self.anchors
        raw = (EYE, *self.pieces) if self.eyed else tuple(self.pieces)
        lines.append(
            Line(
                len(lines),
                text,
                max(self.box, 0),
                self.gap,
                kind,
                self.rank,
                self.line_strong,
                self.zones[-1],
                self.captioned or self.captions[-1] >= 0,
                tuple(anchors),
                raw,
                sum([len(anchor.text) for anchor in anchors]) if anchors else 0,
            )
        )
        self.gap, self.rank, self.new_item = 0, 0, False
        if len(lines) >= limits.MOST_LINES:
            self.is_full = True


def _collapse(raw: str) -> str:
    """One line of text; a blank between the cells of a row."""
    text = " ".join(raw.split())
    if text.isascii() or (text.isprintable() and is_tidy(text)):
        return text  # what is not shown is not printable
    if CELL in raw:
        return " ".join(filter(None, map(_collapse, raw.split(CELL))))
    return " ".join(tidy(raw.replace(EYE, "")).split())


def _is_strong(tag: str, element: etree._Element) -> bool:
    return tag != "font" or (element.get("size") or "").strip() in BIG_SIZES


def _read_level(attributes: Attributes) -> int:
    """The rank of a box that says it is a heading, the second where it tells none that there is."""
    level = attributes.get("aria-level", "")
    return int(level) if level in _LEVELS else 2


def _is_hidden(attributes: Attributes) -> bool:
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return style is not None and "none" in style and _HIDDEN.search(style) is not None


def _sets_apart(style: str) -> bool:
    """Whether an element made for the inside of a line is shown as a block."""
    return "block" in style and _SET_APART.search(style) is not None
