"""What is known of a page before any part of it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape
from urllib.parse import urljoin, urlsplit

from lxml import etree

from kpucrawl.extract.addresses import resolve_address
from kpucrawl.extract.characters import collapse_space
from kpucrawl.extract.html.outline import Anchor, Outline
from kpucrawl.extract.records import Category, ListingItem, PageKey
from kpucrawl.extract.urls import JDIH_HOST, Address, parse_path, parse_url

_OFFICE = (
    r"(?:selamat\sdatang\s(?:di|ke)\s)?(?:(?:website|situs|portal|laman)\s)?(?:resmi\s)?"
    r"(?:kpud?|kip|komisi\s(?:pemilihan\sumum|independen\spemilihan))"
)
_REGION = (
    r"(?:\s(?:provinsi|prov\.?|kabupaten|kab\.?|kota|republik|ri)\b(?:\s[\w.'-]+){0,4}|\s[\w-]+)?"
)
_KIND = (
    r"(?:detail|detil|baca|isi|lihat|halaman|view|read|single)"
    r"(?:\s(?:berita|artikel|konten|informasi|pengumuman|posting(?:an)?|post|news|article))?"
)
"""What some sites call all pages of articles: `Detail Berita`."""
_SITE_NAME = re.compile(rf"{_OFFICE}{_REGION}|beranda|home|{_KIND}", re.I)
_SITE_PART = re.compile(rf"{_OFFICE}(?:{_REGION}|(?:\s[\w-]+){{1,4}})|beranda|home|{_KIND}", re.I)
_BLOG = re.compile(rf"{_OFFICE}(?:{_REGION}|(?:\s[\w-]+){{1,4}}):\s+(?=\S)", re.I)
"""Blogger's way to head a page: `KPU Kabupaten Tabalong: Rapat Pleno`."""
BADGE = re.compile(r"(?<=[^\W\d])\d{1,5}$|\s*[(\[]\d{1,5}[)\]]$")
_PARTS = re.compile(r"\s+[-–—|»«›‹:~•·>]+\s+")
_BETWEEN = " -–—|»«›‹:~•·>"
_PLAIN = re.compile(r"(?:/[\w~-][\w.~-]*)+/?(?:\?[\w=&.-]+)?", re.A)
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?(?=[/?#]|$)")
_ROOTED = re.compile(r"https?://[^/?#\s]", re.I)
"""Begins, as a slash does, a link that leads to the same address wherever the page stands."""
_PAGER = re.compile(
    r"(?:lihat\s)?(?:semua|selengkapnya|selanjutnya|sebelumnya|next|prev(?:ious)?|last"
    r"|first|akhir|awal|terakhir|pertama"
    r"|berikutnya|more|lainnya|berita\slainnya|lihat\slainnya|view\sall|read\smore|older"
    r"|newer)[\W\d]*",
    re.I,
)
_MARKS = bytes(code for code in range(128) if not chr(code).isalnum())
_PRINTED_MARKS = tuple(mark.encode() for mark in "“”‘’–—…\xa0")
"""Those beyond ASCII that texts are full of: to look for a few bytes takes a tenth of the time of a
pattern that looks at each letter."""
_MARK = re.compile(r"[\W_]")


@dataclass(frozen=True)
class Page:
    """One parsed page: its address, its head, its outline."""

    url: str
    address: Address
    root: etree._Element
    outline: Outline

    @cached_property
    def base(self) -> str:
        """What its links are relative to: the first `<base>` with an address, where that is one."""
        bases = (base for base in self.root.iter("base") if _counts(base))
        href = next((base.get("href", "") for base in bases), "")
        return resolve_address(self.url, href) or self.url

    @cached_property
    def title(self) -> str:
        """The `<title>`; some are escaped twice."""
        found = next(self._list_in_head("title"), None)
        return collapse_space(unescape("".join(found.itertext()))) if found is not None else ""

    def _list_in_head(self, tag: str) -> Iterator[etree._Element]:
        """The elements of the head; words before it make the parser put them into the body."""
        for part in ("head", "body"):
            for around in self.root.iterchildren(part):
                yield from around.iterchildren(tag)

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """What the page's head calls the article: the title less the office's name first, and
        `og:title`."""
        found = (self.title, self.find_meta("og:title"))
        whole = (title for title in found if len(_PARTS.split(title)) > 1)
        return tuple(dict.fromkeys(filter(None, (*map(strip_site, found), *whole))))

    @cached_property
    def categories(self) -> tuple[Category, ...]:
        """The categories that the page links, each under its first title."""
        found: dict[str, Category] = {}
        for anchor, address in self.links:
            category = address.category
            if not category or category in found:
                continue
            if title := _read_category_title(anchor.text):
                found[category] = Category(category, title, self.resolve(anchor.href))
        return tuple(found.values())

    @cached_property
    def mentions(self) -> tuple[ListingItem, ...]:
        """The other articles of the office that it links anywhere, each once."""
        found: dict[PageKey, ListingItem] = {}
        for anchor, address in self.links:
            key = address.key
            if address.kind != "article" or key is None or key in found:
                continue
            if key.route != "page" and key != self.address.key:
                found[key] = ListingItem(key, self.resolve(anchor.href), anchor.text)
        return tuple(found.values())

    @cached_property
    def links(self) -> list[tuple[Anchor, Address]]:
        """Its links within the office, with what they name."""
        anchors = (anchor for line in self.outline.lines for anchor in line.anchors)
        return [(anchor, address) for anchor in anchors if (address := self.parse(anchor.href))]

    @cached_property
    def pictured(self) -> frozenset[int]:
        """The numbers of the lines right below a picture, or with one in them."""
        return frozenset(image.at for image in self.outline.images)

    def find_meta(self, name: str) -> str:
        """The content of a `<meta>`, by property or name."""
        return self._metas.get(name, "")

    @cached_property
    def _metas(self) -> dict[str, str]:
        """The content of each `<meta>`, of several the first one's."""
        found: dict[str, str] = {}
        for meta in self._list_in_head("meta"):
            name = (meta.get("property") or meta.get("name") or "").lower()
            if name and name not in found:
                found[name] = collapse_space(meta.get("content") or "")
        return found

    def resolve(self, href: str) -> str:
        """An absolute address, empty when there is none."""
        found = self._resolved.get(href)
        if found is None:
            is_rooted = self._origin and _is_rooted(href)
            found = (
                join_rooted(href, self._origin)
                if is_rooted
                else self.resolve_against(self.base, href)
            )
            self._resolved[href] = found
        return found

    @cached_property
    def _resolved(self) -> dict[str, str]:
        return {}

    @staticmethod
    def resolve_against(base: str, href: str) -> str:
        """Join two addresses, empty when they are none."""
        try:
            return urljoin(base, href.strip())
        except ValueError:  # "http://["
            return ""

    def parse(self, href: str) -> Address | None:
        """What a link names, None when it leaves the office."""
        parsed = self._parsed
        if href not in parsed:
            parsed[href] = self._parse(href)
        return parsed[href]

    @cached_property
    def _parsed(self) -> dict[str, Address | None]:
        return {}

    def _parse(self, href: str) -> Address | None:
        if _is_rooted(href) and self._origin:  # as most are
            return parse_rooted(href, self._origin, self.host)
        if not href or href[0] == "#" or href[:11].lower() == "javascript:":
            return None
        url = self.resolve(href)
        return parse_url(url) if find_host(url) == self.host else None

    @cached_property
    def host(self) -> str:
        """The host of its address."""
        return find_host(self.url)

    @cached_property
    def _origin(self) -> str:
        """Scheme and host of what links are relative to."""
        found = _ORIGIN.match(self.base)
        return found[0] if found else self.resolve_against(self.base, "/").rstrip("/")

    def names_article(self, href: str) -> bool:
        """Whether a link leads to another article of the office."""
        target = self.parse(href)
        return target is not None and target.kind == "article" and target.key != self.address.key


def _is_rooted(href: str) -> bool:
    return href[:1] == "/" or _ROOTED.match(href) is not None


@lru_cache(maxsize=16_384)
def join_rooted(href: str, origin: str) -> str:
    """The absolute address of a link that leads to the same from all pages of an origin, empty when
    there is none; all that are kept take 7 MB."""
    return origin + href if _PLAIN.fullmatch(href) else Page.resolve_against(f"{origin}/", href)


@lru_cache(maxsize=16_384)
def parse_rooted(href: str, origin: str, host: str) -> Address | None:
    """What a link names that leads to the same from all pages of an origin, None when it leaves the
    host; an office's pages share a hundred, which are some 50 kB, and all that are kept 8 MB."""
    own = href.removeprefix(origin)
    if host and _PLAIN.fullmatch(own) and find_host(origin) == host:
        path, _, query = own.partition("?")
        return parse_path(path, query, is_jdih=host == JDIH_HOST)
    url = Page.resolve_against(f"{origin}/", href)
    return parse_url(url) if find_host(url) == host else None


def _counts(base: etree._Element) -> bool:
    if base.get("href") is None:
        return False
    return next(base.iterancestors("template"), None) is None


def find_host(url: str) -> str:
    """The host of an address, lower case and without port; empty when there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@lru_cache(maxsize=256)
def strip_site(title: str) -> str:
    """Take the office's name off a page's title: `KPU KAB-YALIMO - Rapat Pleno` is `Rapat
    Pleno`."""
    parts = _PARTS.split(title)
    if len(parts) < 2 and (blog := _BLOG.match(title)):
        return title[blog.end() :]
    if len(parts) < 2:
        return "" if _SITE_NAME.fullmatch(title.strip(_BETWEEN)) else title
    if _SITE_PART.fullmatch(parts[0]):
        return title[len(parts[0]) :].lstrip(_BETWEEN)
    if _SITE_PART.fullmatch(parts[-1]):
        return title[: -len(parts[-1])].rstrip(_BETWEEN)
    return title


def is_site_name(text: str) -> bool:
    """Whether a line is only the office's or the site's name."""
    return _SITE_NAME.fullmatch(text) is not None


def fold(text: str) -> str:
    """Letters and digits only, case folded, for comparing what is printed in two places."""
    raw = text.casefold().encode("utf-8", "surrogatepass").translate(None, _MARKS)
    if not raw.isascii():
        for mark in _PRINTED_MARKS:
            raw = raw.replace(mark, b"")
    left = raw.decode("utf-8", "surrogatepass")
    return left if left.isalnum() else _MARK.sub("", left)


def strip_badge(title: str) -> str:
    """A link's words without how many there are of what it leads to: `Berita20`, `Berita (20)`;
    `Pemilu 2024` has none."""
    return BADGE.sub("", title)


@lru_cache(maxsize=4096)
def _read_category_title(text: str) -> str | None:
    """The title that a link's words can be; pagers and teasers link listings too."""
    title = strip_badge(text)
    if not 3 <= len(title) <= 60 or _PAGER.fullmatch(title):
        return None
    return title if sum(map(str.isalpha, title)) >= 3 else None
