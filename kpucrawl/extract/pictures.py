"""Telling pictures that are content from icons, logos and thumbnails."""

from __future__ import annotations

import re

from kpucrawl.extract.context import Page, find_host
from kpucrawl.extract.outline import Medium
from kpucrawl.extract.urls import read_upload_time

SOCIAL = re.compile(
    r"(?:^|\.)(?:facebook|twitter|x|whatsapp|wa|instagram|t|telegram|youtube|tiktok|linkedin|pinterest|line)"
    r"\.(?:com|me|net)$"
)
LAZY_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url")
ICON = re.compile(
    r"(?:^|[\W_\d])(?:logo|icons?|ikon|avatar|sprite|spacer|blank|pixel|placeholder|facebook|fb|twitter|whatsapp|whatapps|wa|telegram"
    r"|instagram|ig|youtube|share|bagikan|print(?:er)?|loading|loader|arrow|eye|emoji|captcha|no-?image|1x1)(?:$|[\W_\d])",
    re.I,
)
_SMALL = re.compile(r"(?:[1-9]|[1-4]\d)(?:px)?")


def is_content(page: Page, medium: Medium) -> bool:
    """Whether a picture is content: no icon, and no link to another place than its own large version."""
    element = medium.element
    if any(_SMALL.fullmatch((element.get(side) or "").strip()) for side in ("width", "height")):
        return False
    source = find_source(page, medium)
    if not source or (ICON.search(source.rpartition("/")[2].partition("?")[0]) and read_upload_time(source) is None):
        return False
    if not medium.href or medium.href[0] == "#":
        return True
    target = page.parse(medium.href)
    if target is None:
        return not SOCIAL.search(find_host(page.resolve(medium.href)))
    return target.kind in ("file", "other") or target.key == page.address.key


def find_source(page: Page, medium: Medium) -> str:
    """The absolute address of a picture; loaded late, its `src` is only a placeholder."""
    element = medium.element
    source = next(filter(None, (element.get(name) for name in LAZY_SOURCES)), element.get("src") or "")
    return "" if source.startswith("data:") or not source.strip() else page.resolve(source)
