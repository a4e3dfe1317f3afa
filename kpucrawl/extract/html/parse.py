"""From bytes to a page: decoded, parsed, outlined."""

from __future__ import annotations

from kpucrawl.extract.html.blocks import outline_page, parse_html
from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.decode import close_title, decode_page
from kpucrawl.extract.urls import parse_url


def open_page(body: bytes, url: str) -> Page | None:
    """Decode and parse a page, None when there is no document in it."""
    if (
        body[:5] == b"%PDF-"
        or body[:4] in (b"PK\x03\x04", b"\x89PNG", b"GIF8")
        or body[:3] == b"\xff\xd8\xff"
    ):
        return None
    root = parse_html(close_title(decode_page(body)))
    return Page(url, parse_url(url), root, outline_page(root)) if root is not None else None
