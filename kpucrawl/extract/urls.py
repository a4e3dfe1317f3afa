"""What an address of an office's site names: which article, which page of which listing, or
neither.

One article is reachable at thousands of addresses: with and without `/index.php`, any slug,
left-over scanner payloads as further path parts, tracking parameters. All of them have one
`canonical` and one key.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit

from kpucrawl.extract.records import PageKey

AddressKind = Literal["article", "listing", "home", "file", "other"]

JDIH_HOST = "jdih.kpu.go.id"
TRACKING = re.compile(
    r"utm_\w*|fbclid|gclid|gclsrc|dclid|msclkid|igshid|igsh|mc_[ce]id|_g[al]|ref|replytocom|share"
)
FILE_SUFFIXES = (
    r"pdf|docx?|xlsx?|pptx?|odt|ods|rtf|csv|zip|rar|7z|jpe?g|jfif|png|gif|webp|bmp"
    r"|svg|ico|mp[34]|css|js|xml|json"
)

# What follows the number is a slug or junk.
ARTICLE_ROUTES = {
    "blog": "/blog/read/",
    "berita": "/berita/baca/",
    "page": "/page/read/",
    "k2": "/component/k2/item/",
}
ARTICLE = re.compile(
    r"(?:/blog/read/0*(?P<blog>[0-9]+)|/berita/baca/0*(?P<berita>[0-9]+)"
    r"|/page/read/0*(?P<page>[0-9]+))(?:[_/].*)?"
    r"|/(?:.+/)?item/0*(?P<k2>[0-9]+)(?:[-/].*)?",
    re.I,
)
WORDPRESS_NUMBER = re.compile(r"[0-9]+")
WORDPRESS = re.compile(
    r"/(?P<id>(?:19|20)[0-9]{2}/[01][0-9](?:/[0-3][0-9])?/[^/]*[^/0-9][^/]*)(?:/.*)?"
)
FILE = re.compile(rf".*\.(?:{FILE_SUFFIXES})", re.I)
BLOG_LISTING = re.compile(r"/blog/category/0*(?P<id>[0-9]+)(?:[_/].*)?", re.I)
OTHER_LISTING = re.compile(
    r"/(?P<id>api/blogs/[0-9]+|berita|(?:berita/)?(?:category|kategori)/[^/]+"
    r"|search/label/[^/]+)(?:/page/(?P<page>[0-9]{1,9}))?"
)
API = "api/blogs/"
HOME = re.compile(r"/(?:index\.html?)?", re.I)
PLAIN_PATH = re.compile(r"(?!/index\.php)(?:/[\w~-][\w.~-]*)+", re.A)
INDEX_PHP = re.compile(r"/index\.php(?=/|$)", re.I)
PAGE_NUMBER = re.compile(r"[0-9]{1,9}")

# `/public/kab-yalimo/images/1700000000_0123456789abcdef0123.jpg` and `/images/1612345678Foto
# rapat.jpg`; a bare
# leading number is no time elsewhere: village codes have ten digits too (`1504012003_DPT.pdf`).
UPLOAD_NAME = re.compile(
    r"/(?P<unix>1[0-9]{9})_[0-9a-f]{20}\.\w+$|/images/(?P<old>1[0-9]{9})[^/]*$", re.I
)
UPLOAD_SPAN = range(1_262_304_000, 1_900_000_000)  # 2010 to 2030


@dataclass(frozen=True, slots=True)
class Address:
    """What one address names."""

    kind: AddressKind
    canonical: str
    """Path and meaningful query, without host: `/blog/read/123`, `/blog/category/104?page=3`; empty
    for what is no page (`mailto:`, `#top`). Parsed again on the same host it gives the same
    address."""
    key: PageKey | None = None
    """For articles, and as route `url` for pages of unknown kind."""
    category: str | None = None
    """Of a listing: the number of `/blog/category/N`, else its path without the leading slash."""
    page: int | None = None
    """Page number of a listing, 1 when the address gives none."""


NOWHERE = Address("other", "")


def parse_url(url: str) -> Address:
    """Tell what an absolute or relative address names; never raises.

    `/index.php/blog/category/104/82/93?page=25` is page 25 of listing 104.
    """
    parts = _split(url)
    if parts is None or not (parts.netloc or parts.path or parts.query):
        return NOWHERE
    return parse_path(parts.path, parts.query, is_jdih=_is_jdih(parts))


@lru_cache(maxsize=8192)
def parse_path(path: str, query: str = "", *, is_jdih: bool = False) -> Address:
    """Tell what a path on an office's host names, or on JDIH's; all pages of an office link the
    same menus."""
    path = _normalise_path(path)
    if found := _parse_article(path, is_jdih):
        return found
    pairs = _read_query(query)
    return (
        _parse_file(path, pairs)
        or _parse_wordpress(path, pairs)
        or _parse_listing(path, pairs)
        or _parse_rest(path, pairs)
    )


def is_api(address: Address) -> bool:
    """Whether an address asks for a listing as JSON."""
    return address.kind == "listing" and (address.category or "").startswith(API)


def article_url(key: PageKey, slug: str | None = None) -> str:
    """Build a path that can be fetched from a page's key."""
    route, number = key
    match route:
        case "blog":
            return f"/blog/read/{number}_{slug}" if slug else f"/blog/read/{number}"
        case "jdih":
            return f"/blog/read/{number}/{slug or '-'}"
        case "berita":
            return f"/berita/baca/{number}/{slug or '-'}"
        case "page":
            return f"/page/read/{number}/{slug or '-'}"
        case "k2":
            return f"/index.php/component/k2/item/{number}" + (f"-{slug}" if slug else "")
        case "wp":
            return f"/?p={number}" if number.isdigit() else f"/{number}/"
        case _:
            return number


def listing_path(category: str, page: int = 1) -> str:
    """Build the path of one page of a listing, in the form its own pager uses."""
    if not category.isdigit():
        return f"/{category}" + (f"?page={page}" if page > 1 else "")
    return (
        f"/index.php/blog/category/{category}?page={page}"
        if page > 1
        else f"/blog/category/{category}"
    )


def read_upload_time(url: str) -> datetime | None:
    """Read when a file was uploaded, in UTC, from the unix time in its name."""
    found = UPLOAD_NAME.search(url.partition("?")[0])
    if not found:
        return None
    unix = int(found["unix"] or found["old"])
    return datetime.fromtimestamp(unix, UTC) if unix in UPLOAD_SPAN else None


def _split(url: str) -> SplitResult | None:
    """Split an address, None for what is not http."""
    try:
        parts = urlsplit(url.encode("utf-8", "ignore").decode().strip())
    except ValueError:  # "http://[": an address is whatever somebody typed
        return None
    return parts if parts.scheme in ("", "http", "https") else None


def _is_jdih(parts: SplitResult) -> bool:
    return parts.netloc.lower().partition(":")[0] == JDIH_HOST


def _normalise_path(path: str) -> str:
    """Resolve escapes, dots, repeated and final slashes; leave out `/index.php`."""
    if PLAIN_PATH.fullmatch(path):
        return path
    plain = quote(unquote_to_bytes(path), safe="/:@!$&'()*+,;=~-._")
    resolved = posixpath.normpath("/" + plain.lstrip("/"))
    return INDEX_PHP.sub("", resolved, count=1) or "/"


def _read_query(query: str) -> list[tuple[str, str]]:
    """The parameters that can tell pages apart, sorted."""
    pairs = parse_qsl(query, keep_blank_values=True) if query else []
    return sorted(pair for pair in pairs if not TRACKING.fullmatch(pair[0]))


def _read_page_number(query: Iterable[tuple[str, str]]) -> int | None:
    """The page number of a listing; `page=detail` is a page's name, not a number."""
    numbers = [int(value) for name, value in query if _is_page_number(name, value)]
    return max(numbers[0], 1) if numbers else None


def _is_page_number(name: str, value: str) -> bool:
    return name == "page" and bool(PAGE_NUMBER.fullmatch(value))


def _parse_article(path: str, is_jdih: bool) -> Address | None:
    found = ARTICLE.fullmatch(path)
    if found is None or found.lastgroup is None:
        return None
    route, number = found.lastgroup, found[found.lastgroup]
    return Address(
        "article",
        ARTICLE_ROUTES[route] + number,
        PageKey("jdih" if is_jdih and route == "blog" else route, number),
    )


def _parse_file(path: str, query: list[tuple[str, str]]) -> Address | None:
    return Address("file", _join(path, query)) if FILE.fullmatch(path) else None


def _parse_wordpress(path: str, query: list[tuple[str, str]]) -> Address | None:
    number = dict(query).get("p", "")
    if path == "/" and WORDPRESS_NUMBER.fullmatch(number):
        return Address("article", f"/?p={number}", PageKey("wp", number))
    if found := WORDPRESS.fullmatch(path):
        return Address("article", f"/{found['id']}", PageKey("wp", found["id"]))
    return None


def _parse_listing(path: str, query: list[tuple[str, str]]) -> Address | None:
    found, prefix = BLOG_LISTING.fullmatch(path), "/blog/category/"
    if not found:
        found, prefix = OTHER_LISTING.fullmatch(path), "/"
    if not found:
        return None
    in_path = found.groupdict().get("page")
    page = max(int(in_path), 1) if in_path else _read_page_number(query) or 1
    canonical = prefix + found["id"] + (f"?page={page}" if page > 1 else "")
    return Address("listing", canonical, category=found["id"], page=page)


def _parse_rest(path: str, query: list[tuple[str, str]]) -> Address:
    page = _read_page_number(query)
    meaning = [pair for pair in query if not _is_page_number(*pair)]
    if HOME.fullmatch(path) and not meaning:
        return Address("home", "/")
    address = _join(path, meaning)
    canonical = _join(path, [*meaning, ("page", str(page))]) if page else address
    return Address("other", canonical, PageKey("url", address), page=page)


def _join(path: str, query: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
