"""What a page offers and where its parts were found: for a person who sees a site for the first
time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.decode import decode_page
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.html.parse import open_page
from kpucrawl.extract.phrases.chrome import is_counter, is_share
from kpucrawl.extract.records import PageReading
from kpucrawl.extract.regions.headline import HeadlineFinder
from kpucrawl.extract.regions.region import RegionFinder

STANDARD = re.compile(
    r"(?:og|article|twitter|dc|dcterms|citation|parsely)[:.].*|description|keywords|author"
    r"|generator"
)
"""Names of `<meta>` that programs agree on."""
FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json")

_META_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.I)
_LD_TYPE = re.compile(r'"@type"\s*:\s*"([^"]{1,60})"')
_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{1,40})"')
_SEEN = 100


@dataclass(frozen=True, slots=True)
class Landmark:
    """A part of the page that the reader goes by."""

    name: str
    """`category`, `headline`, `text`, `share block`, `counter`."""
    text: str
    """What stands there, cut to 100 characters."""
    line: int
    """Its number among the page's lines of text."""
    path: str
    """The elements around it: `html body div h1`."""


@dataclass(frozen=True, slots=True)
class Survey:
    """One page, looked over."""

    landmarks: tuple[Landmark, ...] = ()
    metadata: tuple[str, ...] = ()
    """What is written for programs: `og:title`, `JSON-LD NewsArticle`, `<time>`, feeds; with values
    where short."""
    charset_declared: str | None = None
    """In the page itself."""
    charset_used: str | None = None


def survey_page(body: bytes, url: str, reading: PageReading) -> Survey:
    """Look over a page that was read; never raises."""
    try:
        return _survey(body, url, reading)
    except Exception:  # noqa: BLE001 - the boundary: what is only for people to look at must not cost the bundle
        return Survey()


def _survey(body: bytes, url: str, reading: PageReading) -> Survey:
    declared = _META_CHARSET.search(body[:8192])
    page = open_page(body, url)
    return Survey(
        tuple(_find_landmarks(page, reading)) if page else (),
        tuple(dict.fromkeys(_list_metadata(page.root))) if page else (),
        declared[1].decode().lower() if declared else None,
        name_charset(body) if page else None,
    )


def name_charset(body: bytes) -> str:
    """What the bytes were read as, whatever is declared."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "utf-8, broken in places" if "\ufffd" in decode_page(body) else "windows-1252"
    return "ascii" if body.isascii() else "utf-8"


def _find_landmarks(page: Page, reading: PageReading) -> Iterator[Landmark]:
    """The anchors of an article, those that are there, in the order of the page."""
    head = HeadlineFinder(page).find() if reading.article else None
    if head is None or reading.article is None:
        return
    lines, region = page.outline.lines, RegionFinder(page, head).find()
    category = reading.article.category or ""
    above = (line for line in reversed(lines[: head.index]) if category and category in line.text)
    found = {
        "category": next(above, None),
        "headline": head,
        "text": region.lines[0] if region.lines else None,
        "share block": next((line for line in lines if is_share(line.text)), None),
        "counter": next((line for line in lines[head.index :] if is_counter(line)), None),
    }
    for name, line in sorted(found.items(), key=lambda one: one[1].index if one[1] else -1):
        if line is not None:
            yield Landmark(name, line.text[:_SEEN], line.index, _describe_path(page, line))


def _describe_path(page: Page, line: Line) -> str:
    return " ".join(page.outline.tags[box] for box in reversed(list(page.outline.climb(line.box))))


def _list_metadata(root: etree._Element) -> Iterator[str]:
    """Everything on a page that is written for programs."""
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        if STANDARD.fullmatch(name):
            yield f"{name} = {(meta.get('content') or '')[:_SEEN]}"
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            yield _describe_linked_data(script.text or "")
    for link in root.iter("link"):
        if link.get("type") in FEEDS:
            yield f"feed = {link.get('href')}"
    for time in root.iter("time"):
        shown = time.get("datetime") or "".join(map(str, time.itertext()))
        yield f"<time> = {shown[:_SEEN].strip()}"


def _describe_linked_data(text: str) -> str:
    types = ", ".join(dict.fromkeys(_LD_TYPE.findall(text))) or "of no type"
    dated = _LD_DATE.search(text)
    return f"JSON-LD {types}" + (f", datePublished = {dated[1]}" if dated else "")
