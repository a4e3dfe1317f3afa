"""Telling pictures that are content from icons, logos and thumbnails."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from kpucrawl.extract.html.context import Page, find_host
from kpucrawl.extract.html.outline import Medium
from kpucrawl.extract.urls import read_upload_time

SOCIAL = re.compile(
    r"(?:^|\.)(?:facebook|twitter|x|whatsapp|wa|instagram|t|telegram|youtube|tiktok|linkedin"
    r"|pinterest|line)"
    r"\.(?:com|me|net)$"
)
LAZY_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "src")
"""Where a picture's address stands, the surest first; after these any attribute that holds one."""
SETS = ("data-srcset", "data-lazy-srcset", "srcset")
PICTURE = re.compile(r"\S+\.(?:jpe?g|jfif|png|gif|webp|bmp|avif)(?:\?\S*)?", re.I)
ICON = re.compile(
    r"(?:^|[\W_\d])(?:logo|icons?|ikon|avatar|sprite|spacer|blank|pixel|placeholder|facebook|fb"
    r"|twitter|whatsapp|whatapps|wa|telegram"
    r"|instagram|ig|youtube|share|bagikan|print(?:er)?|loading|loader|arrow|eye|emoji|captcha"
    r"|no-?image|1x1|thumbs?[-_]?(?:up|down)|smiley?|bullet|panah|divider|buttons?|btn)(?:$"
    r"|[\W_\d])"
    r"|^(?:e-?mail|mail|tw|tg|pdf|rss|like|x|home|next|prev|cetak|new)\.(?:gif|png|svg|webp)$"
)
"""Names of icons, in lower case."""
ICONS = re.compile(r"/(?:smile?ys?|emoticons?|emojis?|icons?|ikon|avatars?|banners?|ads?|iklan)/")
"""Folders of nothing but icons, faces and advertisements."""
_SMALL = re.compile(r"(?:[1-9]|[1-4]\d)(?:px)?")
_SMALL_STYLE = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*(?:[1-9]|[1-4]\d)(?:\.\d+)?px", re.I)


def is_content(page: Page, medium: Medium) -> bool:
    """Whether a picture is content: no icon, and no link to another place than its own large
    version."""
    return find_content(page, medium) is not None


def find_content(page: Page, medium: Medium) -> str | None:
    """The absolute address of a picture that is content, None for any other."""
    element = medium.element
    if any(_SMALL.fullmatch((element.get(side) or "").strip()) for side in ("width", "height")):
        return None
    if _SMALL_STYLE.search(element.get("style") or "") or not _leads_to_itself(page, medium):
        return None
    return find_source(page, medium) or None


def _leads_to_itself(page: Page, medium: Medium) -> bool:
    """Whether a picture is no link, or one to its own large version."""
    if not medium.href or medium.href[0] == "#":
        return True
    target = page.parse(medium.href)
    if medium.href.lower().startswith(("javascript:", "mailto:")):
        return False
    if target is None:
        return not SOCIAL.search(find_host(page.resolve(medium.href)))
    return target.kind in ("file", "other") or target.key == page.address.key


def find_source(page: Page, medium: Medium) -> str:
    """The absolute address of a picture that is no icon; loaded late, its `src` is only a
    placeholder."""
    for source in _list_sources(medium.element):
        if source.strip() and not source.startswith("data:") and not _names_icon(source):
            return page.resolve(source)
    return ""


def _list_sources(element: etree._Element) -> Iterator[str]:
    """The addresses that a picture gives, the surest first."""
    for name in LAZY_SOURCES:
        yield element.get(name) or ""
    for name in SETS:
        yield _choose_largest(element.get(name) or "")
    yield from filter(PICTURE.fullmatch, map(str, element.attrib.values()))
    parent = element.getparent()
    if parent is not None and parent.tag == "picture":
        yield from (
            _choose_largest(source.get("srcset") or "") for source in parent.iterchildren("source")
        )


def _choose_largest(candidates: str) -> str:
    """The last address of a `srcset`: `a-300.jpg 300w, a.jpg 1024w`."""
    addresses = [part.split()[0] for part in re.split(r",\s+", candidates) if part.strip()]
    return addresses[-1] if addresses else ""


def _names_icon(source: str) -> bool:
    name = source.rpartition("/")[2].partition("?")[0]
    named = ICON.search(name.lower()) or ICONS.search(source.lower())
    return named is not None and read_upload_time(source) is None
