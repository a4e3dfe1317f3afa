"""From markup to the outline of a page: one parse and one walk."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from kpucrawl.extract.characters import INVISIBLE, split_words
from kpucrawl.extract.html.eyes import EYE, EYE_TEXTS, PURE_ICONS, is_eye
from kpucrawl.extract.html.outline import Anchor, Line, LineKind, Medium, Outline

INLINE = split_words(
    "a abbr acronym b bdi bdo big blink br cite code col colgroup data datalist del dfn em font "
    "head i icon img input "
    "ins kbd label link map mark meta meter nobr output param picture progress q rb rp rt ruby s "
    "samp slot small "
    "source span strike strong sub sup time track tt u var wbr"
)
"""Every other element is a block, those that nobody has heard of too.

The parser leaves these, and `<main>`, in a head that no `<body>` follows: so `head` is read.
"""
HEADINGS = split_words("h1 h2 h3 h4 h5 h6")
SKIPPED = split_words(
    "script style template select textarea noscript math canvas audio video map title svg"
)
EMBEDS = split_words("iframe embed object frame")
FURNITURE = split_words("nav aside footer form header dialog menu marquee")
FURNITURE_ROLES = split_words("navigation complementary contentinfo search banner dialog")
STRONG = split_words("b strong big font")
BIG_SIZES = split_words("4 5 6 7 +1 +2 +3 +4")
ICONS = PURE_ICONS | split_words("span em small b")
PARTS = {
    **{
        name: name
        for name in (
            "nav",
            "aside",
            "footer",
            "menu",
            "header",
            "figcaption",
            "icon",
            "article",
            "section",
        )
    },
    **dict.fromkeys(
        ("rail", "sidebar", "side", "ticker", "marquee", "widget", "drawer", "modal"), "aside"
    ),
    **dict.fromkeys(("topbar", "navbar", "toolbar", "breadcrumb", "breadcrumbs"), "nav"),
    **dict.fromkeys(("img", "image", "picture"), "img"),
    **dict.fromkeys(("iframe", "embed", "pdf"), "iframe"),
    **dict.fromkeys(("script", "style", "template", "svg"), "script"),
    **dict.fromkeys(("icons", "emoji"), "icon"),
    "caption": "figcaption",
    "eye": "icon",
    "headline": "h2",
}
"""What the last word of a component's name means: `<kpu-sidebar>`, `<amp-img>`, `<ion-icon>`."""
UNREAD = SKIPPED | EMBEDS
SPECIAL = split_words("br a img") | EMBEDS | STRONG | ICONS
TABLES = split_words("table tr td th")
COUNTED = split_words("figcaption pre")
IN_CELL = split_words(
    "p div span font b strong i em u br a center sup sub small tr td th tbody thead tfoot caption "
    "col colgroup"
)

DATA = "data"
"""The tag of all boxes in a data table."""
CELL = "\ue001"
"""Stands between the cells of a row until the line is whole."""
UNSHOWN = INVISIBLE | {ord(EYE): None}
_SET_APART = re.compile(r"display\s*:\s*block", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_LONGEST_CELL, _LONGEST_EYE = 400, 40


def parse_html(text: str) -> etree._Element | None:
    """Parse a page, None when there is nothing in it."""
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except etree.LxmlError:  # an empty document, or one that is nothing but a declaration
        return None


def outline_page(root: etree._Element) -> Outline:
    """Walk a page once and note its lines, boxes, pictures and viewers."""
    builder = _Builder()
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = classify_tag(str(element.tag))
        if event == "start":
            if not tag.block and _is_set_apart(element):
                builder.break_line(2)
            if tag.special:
                builder.open_inline(tag.name, element)
            elif tag.block:
                builder.open_block(tag.name, element)
            if not tag.read or _is_hidden(element):
                walker.skip_subtree()
            elif text := element.text:
                builder.add(text)
        else:
            if tag.block:
                builder.close_block(tag.name)
            elif tag.special:
                builder.close_inline(tag.name, element)
            if not tag.block and _is_set_apart(element):
                builder.break_line(2)
            if text := element.tail:
                builder.add(text)
    builder.break_line(2)
    return builder.page


class Tag(NamedTuple):
    """What an element's name means to the walk."""

    name: str
    """Without a component's prefix: `kpu-footer` is `footer`."""
    special: bool
    """Inside a line, and more than its text."""
    block: bool
    """Begins and ends a line."""
    read: bool
    """Its content is text of the page."""


@lru_cache(maxsize=512)
def classify_tag(raw: str) -> Tag:
    """What a name means; the parser leaves elements only, no comments or entities."""
    name = name_tag(raw)
    return Tag(name, name in SPECIAL, name not in INLINE | UNREAD | SPECIAL, name not in UNREAD)


def name_tag(name: str) -> str:
    """The tag that a component's name stands for, a plain box where it tells nothing: `kpu-footer`
    is `footer`."""
    if "-" in name:
        return next(
            (
                PARTS[word]
                for word in (name.rpartition("-")[2], name.partition("-")[2])
                if word in PARTS
            ),
            "div",
        )
    return "span" if ":" in name else name


def is_data_table(table: etree._Element) -> bool:
    """Whether a table holds data, rather than laying out the page: small cells, and more than one
    row of several."""
    if table.find(".//table") is not None or table.get("role") == "presentation":
        return False
    wide = 0
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        wide += len(cells) > 1
        if any(not _is_small(cell) for cell in cells):
            return False
    return wide > 1


def _is_small(cell: etree._Element) -> bool:
    size = 0
    for part in cell.iter():
        if part is not cell and part.tag not in IN_CELL:
            return False
        size += len(part.text or "") + len(part.tail or "")
    return size <= _LONGEST_CELL


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
        self.counts = dict.fromkeys(COUNTED, 0)

    def add(self, text: str) -> None:
        """Take in a piece of text."""
        if not self.counts["pre"] or "\n" not in text:
            self._put(text)
            return
        for number, part in enumerate(text.split("\n")):
            if number:
                self.break_line(1)
            self._put(part)

    def break_line(self, gap: int, kind: LineKind = "text") -> None:
        """End the line; in a cell of a data table lines go on."""
        if self.cells:
            self.pieces.append(" ")
            return
        if self.pieces:
            if self.href:
                self._end_anchor()
            if text := _collapse("".join(self.pieces)):
                self._add_line(text, kind)
            self.eyed = not text and EYE in self.pieces
            self.pieces, self.anchors = [], []
        self.href_from, self.captioned = 0, False
        self.gap = 2 if gap == 2 or self.gap else gap

    def open_block(self, tag: str, element: etree._Element) -> None:
        """Note the start of a box."""
        if tag in TABLES:
            self._open_table(tag, element)
        else:
            self.break_line(2)
        if tag in HEADINGS:
            self.rank = int(tag[1])
        elif tag == "li":
            self.items += 1
            self.new_item = True
        elif tag in COUNTED:
            self.counts[tag] += 1
        box_tag = DATA if self.cells and tag != "table" else tag
        number = self.page.add_box(box_tag, self.box, element)
        self.box = number
        if _names_caption(element):
            self.captions.append(number)
        if tag in FURNITURE or element.get("role") in FURNITURE_ROLES:
            self.zones.append(number)

    def close_block(self, tag: str) -> None:
        """Note the end of a box."""
        if self.cells and tag in ("tr", "table"):
            self._end_row()
            self.cells = tag != "table"
        self.break_line(2)
        if tag in HEADINGS:
            self.rank = 0
        elif tag == "li":
            self.items -= 1
        elif tag in COUNTED:
            self.counts[tag] -= 1
        number, page = self.box, self.page
        for around in (self.zones, self.captions):
            if around[-1] == number:
                around.pop()
        page.end_box(number)
        self.box = page.parents[number]

    def open_inline(self, tag: str, element: etree._Element) -> None:
        """Note what inside a line is more than its text."""
        if tag == "br":
            if self.rank or self.cells:
                self.pieces.append(" ")
            else:
                self.break_line(1)
        elif tag == "a":
            self._end_anchor()
            self.href, self.href_from = (element.get("href") or "").strip(), len(self.pieces)
        elif tag == "img":
            self.page.images.append(self._place(element))
        elif tag in EMBEDS:
            self.page.embeds.append(self._place(element))
        elif tag in STRONG and _is_strong(tag, element):
            self.strong += 1
        if tag in ICONS:
            self.captioned |= not self.pieces and _names_caption(element)
            if is_eye(tag, element):
                self.pieces.append(EYE)

    def close_inline(self, tag: str, element: etree._Element) -> None:
        """Note the end of a link or of bold text."""
        if tag == "a":
            self._end_anchor()
            self.href = ""
        elif tag in STRONG:
            self.strong -= _is_strong(tag, element)

    def _put(self, text: str) -> None:
        if not self.pieces:
            if text.isspace():
                return
            self.line_strong = self.strong > 0
        self.pieces.append(EYE if len(text) < _LONGEST_EYE and text.strip() in EYE_TEXTS else text)

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
        pieces = len(self.pieces)
        if (
            self.href
            and pieces > self.href_from
            and (text := _collapse("".join(self.pieces[self.href_from :])))
        ):
            self.anchors.append(Anchor(self.href, text))
        self.href_from = pieces

    def _add_line(self, text: str, kind: LineKind) -> None:
        if self.counts["figcaption"]:
            kind = "figcaption"
        elif self.new_item and self.items:
            kind = "item"
        lines = self.page.lines
        raw = (EYE, *self.pieces) if self.eyed else tuple(self.pieces)
        place = max(self.box, 0), self.gap, kind, self.rank, self.line_strong, self.zones[-1]
        lines.append(
            Line(
                len(lines),
                text,
                *place,
                self.captions[-1] >= 0 or self.captioned,
                tuple(self.anchors),
                raw,
            )
        )
        self.gap, self.rank, self.new_item = 0, 0, False


def _collapse(raw: str) -> str:
    """One line of text; a blank between the cells of a row."""
    if CELL in raw:
        return " ".join(filter(None, map(_collapse, raw.split(CELL))))
    if not raw.isascii():
        raw = raw.translate(UNSHOWN)
    return " ".join(raw.split())


def _is_strong(tag: str, element: etree._Element) -> bool:
    return tag != "font" or (element.get("size") or "").strip() in BIG_SIZES


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    if style is not None and "none" in style and _HIDDEN.search(style):
        return True
    return element.get("hidden") is not None


def _is_set_apart(element: etree._Element) -> bool:
    """Whether an element made for the inside of a line is shown as a block."""
    style = element.get("style")
    return style is not None and "block" in style and _SET_APART.search(style) is not None


def _names_caption(element: etree._Element) -> bool:
    name = element.get("class")
    return name is not None and "caption" in name.lower()
