"""Telling pictures that are content from icons, logos and thumbnails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from lxml import etree

from kpucrawl.extract.html.blocks import BACKED
from kpucrawl.extract.html.context import Page, find_host
from kpucrawl.extract.html.outline import Medium
from kpucrawl.extract.html.tags import FURNITURE
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
BACKGROUND = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*['\"]?([^'\")]+)", re.I)
"""A picture that a box shows behind its words, if it has any."""
ICON = re.compile(
    r"(?:^|[\W_\d])(?:logo|icons?|ikon|favicon|avatar|sprite|spacer|blank|pixel|placeholder|facebook|fb"
    r"|twitter|whatsapp|whatapps|wa|telegram"
    r"|instagram|ig|youtube|share|bagikan|print(?:er)?|loading|loader|arrow|eye|emoji|captcha"
    r"|no-?image|1x1|thumbs?[-_]?(?:up|down)|smiley?|bullet|panah|divider|buttons?|btn|banner|iklan|ads?|dot"
    r"|(?:print|e?mail|pdf)button)(?:$"
    r"|[\W_\d])"
    r"|^(?:e-?mail|mail|tw|tg|pdf|rss|like|x|home|user|next|prev|cetak|new)\.(?:gif|png|svg|webp)$"
)
"""Names of icons, in lower case."""
ICONS = re.compile(r"/(?:smile?ys?|emoticons?|emojis?|icons?|ikon|avatars?|banners?|ads?|iklan)/")
"""Folders of nothing but icons, faces and advertisements."""
_NO_ICON = re.compile(r"[0-9a-f]{16,}|(?=(?:[a-z]*\d+){3})[a-z\d]{12,}|FB_IMG", re.I)
"""What looks like an icon's name in a photo's: a digest or a key, `2fb995fab0c4e1d7`,
`b8icon4logo77c0`, and how pictures saved from Facebook are called."""
_SIZED = re.compile(r"\d{2,4}x\d{2,4}\.\w{3,4}")
"""A file that is named by nothing but its size is an advertisement: `728x90.gif`."""
PHOTO_DIGITS = 8
"""Digits in the name of a photo: phones write the day, `IMG-20200330-WA0063`; an icon or a banner
has its size at most, of which `banner-1200x628` is the longest in use."""
_WIDTH = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)[wx]")
_WRAPPED = re.compile(r"(?:^|&)(?:url|src)=([^&]+)")
_SMALL = re.compile(r"(?:[1-9]|[1-4]\d)(?:px)?")
_SMALL_STYLE = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*(?:[1-9]|[1-4]\d)(?:\.\d+)?px", re.I)


def list_backgrounds(page: Page) -> Iterator[Medium]:
    """The pictures that boxes show behind their words, in the order of the boxes."""
    outline = page.outline
    for box in outline.styled:
        element = outline.elements[box]
        late = (element.get(name) or "" for name in BACKED - {"style"})
        if BACKGROUND.search(element.get("style") or "") or any(map(PICTURE.fullmatch, late)):
            zone = next((one for one in outline.climb(box) if outline.tags[one] in FURNITURE), -1)
            yield Medium(element, box, outline.firsts[box], zone, "")


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
            return page.resolve(source).partition("#")[0]  # Joomla notes its size behind it
    return ""


def _list_sources(element: etree._Element) -> Iterator[str]:
    """The addresses that a picture gives, the surest first."""
    for name in SETS:
        widest = _choose_largest(element.get(name) or "", least=2)
        if widest.partition("?")[0] != (element.get("src") or "").partition("?")[0]:
            yield widest
    for name in LAZY_SOURCES:
        yield element.get(name) or ""
    for name in SETS:
        yield _choose_largest(element.get(name) or "")
    yield from filter(PICTURE.fullmatch, map(str, element.attrib.values()))
    for source in _list_alternatives(element):
        yield _choose_largest(source.get("srcset") or "")
    if background := BACKGROUND.search(element.get("style") or ""):
        yield background[1]


def _list_alternatives(element: etree._Element) -> Iterator[etree._Element]:
    """The `<source>`s of a picture; the parser takes each for a box around what follows it."""
    for around in element.iterancestors():
        if around.tag == "picture":
            yield from around.iter("source")
        if around.tag != "source":
            return


def _choose_largest(candidates: str, least: int = 1) -> str:
    """The widest address of a `srcset`, the last of equals: `a.jpg 1024w, a-300.jpg 300w`; empty
    where it offers fewer than `least`."""
    parts = [part.split() for part in re.split(r",\s+", candidates) if part.strip()]
    if len(parts) < least:
        return ""
    return max(reversed(parts), key=_measure, default=[""])[0]


def _measure(candidate: Sequence[str]) -> float:
    """How wide, or how dense, a picture of a set is: `1024w`, `2x`."""
    found = _WIDTH.fullmatch(candidate[-1]) if len(candidate) > 1 else None
    return float(found[1]) if found else 0.0


def _names_icon(source: str) -> bool:
    if read_upload_time(source) is not None:  # as of most pictures of articles
        return False
    if ICONS.search(source.lower()):
        return True
    name = _NO_ICON.sub("", _name_file(source)).lower()
    if _SIZED.fullmatch(name):
        return True
    return ICON.search(name) is not None and sum(map(str.isdigit, name)) < PHOTO_DIGITS


def _name_file(source: str) -> str:
    """The name of a picture's file: `avatar4.png` of `/_next/image?url=avatar4.png&w=64`."""
    path, _, query = source.partition("?")
    wrapped = _WRAPPED.search(query)
    return unquote(wrapped[1] if wrapped else path).rpartition("/")[2]
