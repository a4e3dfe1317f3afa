"""From bytes to a page: decoded, parsed, outlined."""

from __future__ import annotations

from lxml import etree

from kpucrawl.extract.html.blocks import outline_page, parse_html
from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.decode import close_title, decode_page, decode_plain
from kpucrawl.extract.html.limits import MOST_ATTRIBUTES, bound_tags
from kpucrawl.extract.urls import parse_url


def open_page(body: bytes, url: str) -> Page | None:
    """Decode and parse a page, None when there is no document in it."""
    if (
        body[:5] == b"%PDF-"
        or body[:4] in (b"PK\x03\x04", b"\x89PNG", b"GIF8")
        or body[:3] == b"\xff\xd8\xff"
    ):
        return None
    plain = decode_plain(body)
    text, cut_tags = bound_tags(close_title(plain or decode_page(body)))
    root = parse_html(body if text is plain else text)
    if root is None:
        return None
    show_textareas(root)
    outline = outline_page(root)
    if cut_tags:
        outline.bounds.append(f"{MOST_ATTRIBUTES} attributes of a tag")
    return Page(url, parse_url(url), root, outline)


def show_textareas(root: etree._Element) -> None:
    """Make preformatted text of the areas that nobody can write in: offices print texts in them.

    Codes to embed a page stand in such areas too; they begin with a tag or an address.
    """
    for area in root.iter("textarea"):
        is_locked = area.get("readonly") is not None or area.get("disabled") is not None
        text = (area.text or "").lstrip()
        if is_locked and not text.startswith(("<", "http")):
            area.tag = "pre"
