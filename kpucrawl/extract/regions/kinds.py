"""What kind of page an answer is."""

from __future__ import annotations

import re
from functools import lru_cache

from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.phrases.chrome import REMEMBERED
from kpucrawl.extract.records import Article, Listing

GONE = (
    r"^(?:http\s|error\s|kesalahan\s)*404\b|\b404\b.{0,3}(?:not\s|page\s|halaman\s|error|tidak\s"
    r"|$)|(?:halaman|page|laman|url|file|berkas|dokumen)\s.{0,50}(?:tidak\s(?:di\s?temukan|ada"
    r"|tersedia)|not\s(?:be\s)?found"
    r"|doesn.?t\sexist|does\snot\sexist|(?:telah|sudah)\s(?:di)?(?:hapus|pindah))|(?:page|object"
    r"|url)\snot\sfound|^not\sfound"
    r"|(?:can.?t|could\snot|cannot)\s(?:be\s)?f(?:ou|i)nd"
)
EMPTY = (
    r"(?:artikel|berita|data|konten|tulisan|postingan|informasi)\s.{0,40}(?:tidak\s(?:di\s?temukan"
    r"|ada|tersedia)|kosong"
    r"|(?:telah|sudah)\sdihapus)|(?:tidak|belum)\sada\s(?:artikel|berita|data|konten|postingan)"
    r"|no\s(?:posts?|results?|data)\b.{0,30}"
    r"|not\sfound"
)
SERVICES = re.compile(
    r"(?:hasil\s)?(?:pencarian|penelusuran)\b.*|search(?:\sresults?)?\b.*|cari(?:\s(?:berita"
    r"|artikel))?|buku\stamu|guest\s?book"
    r"|(?:galer[iy]|gallery|album)(?:\s(?:foto|video|kegiatan))?|kontak(?:\skami)?|hubungi\skami"
    r"|contact(?:\sus)?|log\s?in"
    r"|masuk|daftar\sisi|peta\ssitus|site\s?map|faq|struktur(?:\sorganisasi)?|profil(?:\s\w+){0,3}"
    r"|sejarah(?:\s\w+){0,3}"
    r"|visi\s(?:dan|&|serta)\smisi|tugas(?:\s\w+)?\s(?:dan|&)\s(?:wewenang|fungsi|kewajiban).*"
    r"|tentang\skami|agenda",
    re.I,
)
"""Titles of pages that are no articles: services of the site, and what the office is."""
SERVED = re.compile(
    r"/(?:cari|search|pencarian|login)\b|[?&](?:q|s|cari|search|keyword|kata\w*)=(?![\w-]+/)|buku[-_]?tamu"
    r"|guest[-_]?book",
    re.I,
)
HOME_TITLE = re.compile(
    r"(?:beranda|home|halaman\s(?:utama|depan)|selamat\sdatang.*|welcome.*)", re.I
)

_GONE = re.compile(rf"(?:{GONE})", re.I)
_EMPTY = re.compile(rf"\b(?:{EMPTY})", re.I)
_GONE_TITLE = re.compile(
    r"\W*(?:(?:error|kesalahan|http)\s)*404(?:\s*[-–:|]?\s*(?:page\s|halaman\s)?(?:not\sfound"
    r"|tidak\sditemukan|error))?\W*"
    r"|(?:maaf\W+|oops\W+)?(?:halaman|page|laman)(?:\s(?:yang|ini|anda|kami|cari|tuju"
    r"|minta)){0,4}\s(?:tidak\s(?:di\s?temukan|ada|tersedia)"
    r"|not\sfound)\W*",
    re.I,
)
"""What no article is called."""
_LONGEST_NOTICE = 240
_FEW_ITEMS = 3


def is_gone(page: Page, article: Article | None) -> bool:
    """Whether an article's address shows only that there is none."""
    if page.titles and _GONE_TITLE.fullmatch(page.titles[0]):
        return True
    if (
        article is not None
        and not article.body
        and any(_says_absent(line.text) for line in page.outline.lines)
    ):
        return not article.attachments
    if article is not None and (
        len(article.body) > _LONGEST_NOTICE
        or article.images
        or article.attachments
        or article.views
    ):
        return False
    named = bool(page.titles) and _says_absent(page.titles[0])
    headed = any(line.rank and _says_absent(line.text) for line in page.outline.lines)
    said = (
        article is not None and len(article.body) <= _LONGEST_NOTICE and _says_absent(article.body)
    )
    plain = article is None and any(
        _says(line, _GONE) or _says(line, _EMPTY) for line in page.outline.lines
    )
    return named or headed or said or plain


def is_listing_gone(page: Page, listing: Listing) -> bool:
    """Whether a listing's address shows a missing page; an empty listing is a listing."""
    lines = page.outline.lines
    return not listing.items and (
        bool(_GONE.search(page.title)) or any(_says(line, _GONE) for line in lines)
    )


def is_home(page: Page, listing: Listing, article: Article | None) -> bool:
    """Whether a page without an article's headline is the home page; one that has a counter needs
    to say so."""
    if len(listing.items) < _FEW_ITEMS:
        return False
    if has_number(page.url) and page.address.page is None:
        return False
    if page.titles:
        return bool(HOME_TITLE.fullmatch(page.titles[0]))
    return article is None or article.views is None


def is_list(page: Page, listing: Listing) -> bool:
    """Whether a page of unknown kind is a listing: several articles, most with some of their
    text."""
    texts = sum(bool(item.text) for item in listing.items)
    return len(listing.items) >= _FEW_ITEMS and 2 * texts >= len(listing.items)


def is_service(page: Page, head: Line | None) -> bool:
    """Whether a page that is not known by its address searches, collects or introduces, rather than
    reports."""
    if page.address.kind == "article":
        return page.address.key is not None and page.address.key.route == "page"
    named = (*page.titles[:1], head.text if head else "")
    return bool(SERVED.search(page.url)) or any(SERVICES.fullmatch(name) for name in named)


def has_number(url: str) -> bool:
    """Whether an address names one of many: `/berita/detil/338`, `?page=detail&id=5`."""
    return re.search(r"(?:/|=)\d+(?:[-/_&.]|$)", url) is not None


def has_slug(url: str) -> bool:
    """Whether an address ends in several words, as only an article's does:
    `/rapat-pleno-rekapitulasi-suara/`."""
    return re.search(r"/[a-z0-9]+(?:-[a-z0-9]+){3,}(?:\.html?)?/?$", url, re.I) is not None


def _says_absent(text: str) -> bool:
    return len(text) <= _LONGEST_NOTICE and _is_absence(text)


@lru_cache(maxsize=REMEMBERED)
def _is_absence(text: str) -> bool:
    return bool(_GONE.search(text) or _EMPTY.search(text))


def _says(line: Line, words: re.Pattern[str]) -> bool:
    return len(line.text) <= _LONGEST_NOTICE and words.search(line.text) is not None
