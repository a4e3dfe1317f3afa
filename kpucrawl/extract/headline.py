"""Which line is the article's headline, and which names its category."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from kpucrawl.extract.chrome import (
    ends_article,
    find_printed_date,
    is_counter,
    is_meta,
    is_more,
    is_share,
    opens_block,
)
from kpucrawl.extract.context import Page, fold, is_site_name
from kpucrawl.extract.outline import Line

_SLUG = re.compile(r"/(?:read|baca|item)/[0-9]+[_/-]([^/?#]+)|/([^/?#]+)/?(?:[?#]|$)", re.I)
_WORDS = re.compile(r"[a-z0-9]+")
_CRUMBS = re.compile(r"\s*(?:[/»›>→|\\]|::)\s*")
_HOMES = re.compile(r"home|beranda|depan|utama|halaman\s(?:utama|depan)|⌂", re.I)
_LABELLED = re.compile(r"(?:kategori|category|rubrik|kanal|posted\sin)\s*:?\s*(?P<name>[^|•·]{3,60})", re.I)
_CUT = re.compile(r"\s*(?:\.{2,}|…)$")
_KNOWN = re.compile(
    r"(?:kabar\s)?berita(?:\s\w+){0,3}|artikel|opini|sosialisasi|umum|pengumuman|kpu\sdalam\sberita|kegiatan|siaran\spers"
    r"|press\srelease|rilis|informasi|publikasi|kolom|liputan(?:\s\w+)?|pilkada(?:\s\d+)?|pemilu(?:\s\d+)?|sdm|hukum|teknis|data",
    re.I,
)
_LEAST = 3.0
_LONGEST_TITLE = 400
_START, _SAME = 20, 5


class HeadlineFinder:
    """Weighs the lines of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines = page.outline.lines
        self.titles = tuple(filter(None, map(fold, page.titles)))
        self.starts = {title[:_SAME] for title in (*self.titles, self._slug_text)}
        self.menu = {fold(category.title) for category in page.categories}

    def find(self) -> Line | None:
        """The line that is most like a headline, None when none is enough like one."""
        best, most = None, _LEAST
        for line in filter(self._is_possible, self.lines):
            if (score := self.weigh(line)) >= most:
                best, most = line, score
        return best

    def agrees(self, line: Line) -> bool:
        """Whether the page's head or the address calls the article what this line says."""
        return self._weigh_agreement(line) >= 4

    def weigh(self, line: Line) -> float:
        """How much a line is like a headline."""
        score = self._weigh_agreement(line)
        score += (0, 3, 2.5, 2, 1.5, 1, 1)[line.rank] or (0.8 if line.strong else 0)
        score -= 4 * self._is_furniture(line) + 2 * (line.kind == "item") + self._weigh_links(line)
        if score < 7:
            score -= 4 * (is_site_name(line.text) or fold(line.text) in self.menu or _names_block(line.text))
            score += 2 * self._has_prose_below(line)
        return score

    def _is_possible(self, line: Line) -> bool:
        """Whether a line stands out by its markup, or begins like what the page's head or address says."""
        if len(line.text) > _LONGEST_TITLE or line.kind in ("row", "figcaption"):
            return False
        return line.rank > 0 or line.strong or fold(line.text[:_START])[:_SAME] in self.starts

    def _weigh_agreement(self, line: Line) -> float:
        text = fold(line.text)
        if not text:
            return 0
        if text in self.titles:
            return 10
        if any(_is_cut(line.text, text, title) for title in self.titles):
            return 7
        same = self._compare_slug(line.text)
        return 5 * same if same >= 0.6 else 0

    @cached_property
    def _slug_text(self) -> str:
        found = _SLUG.search(self.page.url)
        return fold(found[1] or found[2] or "") if found else ""

    @cached_property
    def _slug(self) -> frozenset[str]:
        found = _SLUG.search(self.page.url)
        words = _WORDS.findall((found[1] or found[2] or "").lower()) if found else []
        return frozenset(words) if len(words) > 2 else frozenset()

    def _compare_slug(self, text: str) -> float:
        if not self._slug:
            return 0
        words = set(_WORDS.findall(text.lower()))
        return len(words & self._slug) / len(words | self._slug)

    def _is_furniture(self, line: Line) -> bool:
        return line.zone >= 0 and self.page.outline.tags[line.zone] in ("nav", "footer", "aside")

    def _weigh_links(self, line: Line) -> float:
        """A headline links to itself at the most; a teaser links to its article."""
        if 2 * line.linked < len(line.text):
            return 0
        target = self.page.parse(line.anchors[0].href)
        if target is None or target.key is None or target.key == self.page.address.key:
            return 0.5
        return 6

    def _has_prose_below(self, line: Line) -> bool:
        for below in self.lines[line.index + 1 : line.index + 12]:
            if below.rank and len(below.text) > 10:
                return False
            if is_prose(below) or is_share(below.text):
                return True
        return False


def complete_title(printed: str, title: str | None) -> str:
    """The headline; one that the page cuts short is taken from the page's head."""
    if title and _CUT.search(printed) and fold(title).startswith(fold(printed)) and not _CUT.search(title):
        return title
    return printed


def is_prose(line: Line) -> bool:
    """Whether a line is a sentence or more, and not mostly links."""
    size = len(line.text)
    if line.kind in ("row", "figcaption") or line.rank or (2 * line.linked > size and size < 200):
        return False
    return size >= 80 or (size >= 40 and line.text[-1] in ".!?:;”\"')")


def find_category(page: Page, headline: Line, body_start: int) -> str | None:
    """The category as printed: above the headline, in a trail of crumbs, or labelled near it."""
    menu = {fold(category.title) for category in page.categories}
    above = _read_above(page, headline, menu)
    return above or _read_labelled(page, headline, body_start, menu)


def _read_above(page: Page, headline: Line, menu: set[str]) -> str | None:
    title, weak = fold(headline.text), None
    for line in _climb_lines(page, headline):
        if crumbs := _read_crumbs(line.text, title):
            return crumbs
        if fold(line.text) == title or _HOMES.fullmatch(line.text):
            continue
        if _is_skipped(line):
            continue
        if found := _LABELLED.fullmatch(line.text):
            return found["name"].strip()
        if not _may_name_category(page, line) or _is_menu(page, line, headline):
            return weak
        if _is_known(page, line, menu):
            return line.text
        if weak is None and headline.index - line.index <= 2 and not line.linked:
            weak = line.text
    return weak


def _climb_lines(page: Page, headline: Line) -> Iterator[Line]:
    """The lines above the headline, nearest first, furniture of its own left out."""
    for line in reversed(page.outline.lines[max(headline.index - 6, 0) : headline.index]):
        inside = line.zone < 0 or page.outline.holds(line.zone, headline.box) or _is_crumb_zone(page, line)
        if inside:
            yield line


def _is_crumb_zone(page: Page, line: Line) -> bool:
    """A trail of crumbs is often a `<nav>` of a few lines."""
    outline = page.outline
    return outline.tags[line.zone] == "nav" and outline.ends[line.zone] - outline.firsts[line.zone] <= 4


def _is_skipped(line: Line) -> bool:
    return (
        is_share(line.text)
        or is_counter(line)
        or not any(map(str.isalpha, line.text))
        or (find_printed_date(line.text) is not None and is_meta(line.text))
    )


def _may_name_category(page: Page, line: Line) -> bool:
    return len(line.text) <= 60 and len(line.text.split()) <= 7 and not is_site_name(line.text) and not is_prose(line)


def _is_menu(page: Page, line: Line, headline: Line) -> bool:
    """Whether a line is one of a menu's: among four or more, nearly all of them links."""
    outline = page.outline
    for box in outline.climb(line.box):
        around = outline.lines[outline.firsts[box] : outline.ends[box]]
        if outline.holds(box, headline.box):
            return False
        if len(around) > 1:
            linked = sum(bool(other.anchors) for other in around)
            return len(around) > 3 and linked * 5 >= len(around) * 4
    return False


def _is_known(page: Page, line: Line, menu: set[str]) -> bool:
    if fold(line.text) in menu or _KNOWN.fullmatch(line.text):
        return True
    return any((address := page.parse(anchor.href)) and address.kind == "listing" for anchor in line.anchors)


def _read_crumbs(text: str, title: str) -> str | None:
    """The last crumb before the article's own: `Beranda » Berita Terkini » Rapat Pleno`."""
    parts = [part for part in _CRUMBS.split(text) if part]
    if len(parts) < 2 or not (_HOMES.fullmatch(parts[0]) or fold(parts[-1]) == title):
        return None
    names = [
        part
        for part in parts
        if not _HOMES.fullmatch(part) and fold(part) != title and not _is_cut(part, fold(part), title)
    ]
    return names[-1] if names and len(names[-1]) <= 60 else None


def _read_labelled(page: Page, headline: Line, body_start: int, menu: set[str]) -> str | None:
    """`Kategori: Berita Terkini`, or a link to a listing, between the headline and the text."""
    for line in page.outline.lines[headline.index + 1 : body_start]:
        if found := _LABELLED.search(line.text):
            linked = next((anchor.text for anchor in line.anchors if anchor.text in found["name"]), None)
            return linked or found["name"].strip()
        for anchor in line.anchors:
            address = page.parse(anchor.href)
            if address and address.kind == "listing":
                return anchor.text
        if fold(line.text) in menu:
            return line.text
    return None


def _is_cut(text: str, folded: str, title: str) -> bool:
    """Whether one is the other, cut short: `Rapat Pleno Terbuka Rekapitu...`."""
    if len(folded) < 12 or len(title) < 12:
        return False
    return title.startswith(folded) if _CUT.search(text) else len(title) >= 20 and folded.startswith(title)


def _names_block(text: str) -> bool:
    return ends_article(text) or opens_block(text) or is_more(text)
