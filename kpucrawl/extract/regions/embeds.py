"""What other sites show inside a page: videos, and posts of social networks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.records import Attachment

PLAYERS = re.compile(
    r"(?:youtube(?:-nocookie)?\.com/embed|youtu\.be|player\.vimeo\.com|dailymotion\.com/embed"
    r"|facebook\.com/plugins|instagram\.com/(?:p|reel|tv)|tiktok\.com/embed)/",
    re.I,
)
"""Addresses of embedded players, as those sites document them."""
POSTS = re.compile(
    r"\b(?:fb-(?:post|video)|instagram-media|twitter-(?:tweet|video)|tiktok-embed)\b"
)
"""Classes of boxes that the scripts of those sites fill."""
_ADDRESSES = ("data-href", "data-instgrm-permalink", "cite")


def find_posts(page: Page) -> dict[int, str]:
    """The boxes of embedded posts with their addresses."""
    outline = page.outline
    found: dict[int, str] = {}
    for box, (classes, _) in enumerate(outline.names):
        if classes and POSTS.search(classes):
            element = outline.elements[box]
            named = (element.get(name) for name in _ADDRESSES)
            found[box] = next(filter(None, named), "")
    return found


def is_embedded(page: Page, line: Line) -> bool:
    """Whether a line is an embedded post's, and none of the article's words."""
    names = page.outline.names
    return any(
        (classes := names[box][0]) is not None and POSTS.search(classes) is not None
        for box in page.outline.climb(line.box)
    )


def list_embedded(page: Page, start: int, end: int) -> Iterator[Attachment]:
    """The players and posts before the line `end` and not before `start`: a post of the office may
    be nothing else."""
    outline = page.outline
    for medium in outline.embeds:
        url = page.resolve(medium.element.get("src") or medium.element.get("data-src") or "")
        if start <= medium.at <= end and medium.zone < 0 and PLAYERS.search(url):
            yield Attachment(url, medium.element.get("title") or "")
    for box, url in find_posts(page).items():
        if url and start <= outline.firsts[box] <= end:
            yield Attachment(page.resolve(url), "")
