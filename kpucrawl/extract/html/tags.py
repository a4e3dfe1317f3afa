"""What the names of elements mean to the walk over a page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from kpucrawl.extract.characters import split_words
from kpucrawl.extract.html.eyes import PURE_ICONS

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
PAGE_WIDE = split_words("body html")
"""Boxes that are the page, and no part of it."""
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
KNOWN = HEADINGS | TABLES | COUNTED
"""Boxes that mean more than their place."""


@dataclass(frozen=True, slots=True)
class Tag:
    """What an element's name means to the walk."""

    name: str
    """Without a component's prefix: `kpu-footer` is `footer`."""
    special: bool
    """Inside a line, and more than its text."""
    block: bool
    """Begins and ends a line."""
    read: bool
    """Its content is text of the page."""
    plain: bool
    """A box like any other, which means no more than its place."""
    item: bool
    """A plain box of a list."""


@lru_cache(maxsize=512)
def classify_tag(raw: str) -> Tag:
    """What a name means; the parser leaves elements only, no comments or entities."""
    name = name_tag(raw)
    block = name not in INLINE | UNREAD | SPECIAL
    plain = block and name not in KNOWN
    return Tag(name, name in SPECIAL, block, name not in UNREAD, plain, name == "li")


def name_tag(name: str) -> str:
    """The tag that a component's name stands for, a plain box where it tells nothing: `kpu-footer`
    is `footer`; what names a table is as little text as what names a picture."""
    if name == "caption":
        return PARTS[name]
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
