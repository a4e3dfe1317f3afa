"""From a path to an answer: the router of the invented sites, with its habits."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime
from hashlib import sha1, sha256
from random import Random
from urllib.parse import parse_qs

from .faults import Fault
from .files import JPEG, PDF, PNG
from .index import Entry
from .notices import NOTICES
from .offices import PER_PAGE, Office, Options
from .themes import THEMES, ArticlePage, Item, ListingPage, Shell, Theme, write_filler

API = re.compile(r"/api/blogs/(\d+)$")
CATEGORY = re.compile(r"/blog/category/(\d+)((?:/.*)?)$")
ARTICLE = re.compile(r"/(blog/read|berita/baca)/(\d+)(?:[_/].*)?$")
STATIC = re.compile(r"/page/read/(\d+)(?:/.*)?$")
FILE = re.compile(r"/(?:public|images)/.+\.(jpg|jpeg|png|pdf)$")
FILES = {
    "jpg": (JPEG, "image/jpeg"),
    "jpeg": (JPEG, "image/jpeg"),
    "png": (PNG, "image/png"),
    "pdf": (PDF, "application/pdf"),
}
STATIC_PAGES = (
    ("/page/read/1/visi-dan-misi", "Visi dan Misi"),
    ("/page/read/2/struktur-organisasi", "Struktur Organisasi"),
    ("/page/read/3/kontak", "Hubungi Kami"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, before the faults of the wire."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    shown: Entry | None = None
    """The article whose counter this answer raised."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to one office."""

    office: Office
    path: str
    query: str
    headers: Mapping[str, str]
    faults: Sequence[Fault]
    counts: bool = True
    """False for HEAD: the counter stays."""

    def meets(self, kind: str) -> bool:
        return any(fault.kind == kind for fault in self.faults)

    @property
    def theme(self) -> Theme:
        return THEMES[self.office.options.theme or "cards"]


class Pages:
    """Renders answers; keeps the furniture of each office."""

    def __init__(self) -> None:
        self.shells: dict[tuple[str, Options], Shell] = {}

    def answer(self, ask: Ask) -> Answer:
        """What the site would say, however it then gets over the wire."""
        path = ask.path.removeprefix("/index.php") or "/"
        if path == "/robots.txt":
            return self.answer_robots(ask)
        for notice in NOTICES:
            if ask.meets(notice):
                return self.send(ask, NOTICES[notice])
        if path == "/":
            return self.show_home(ask)
        if (match := API.match(path)) and ask.office.options.api:
            return self.answer_api(ask, match[1])
        if match := CATEGORY.match(path):
            return self.show_listing(ask, match[1], match[2])
        if match := ARTICLE.match(path):
            return self.show_article(
                ask, match[2] if match[1] == "blog/read" else f"berita:{match[2]}"
            )
        return self.show_rest(ask, path)

    def show_rest(self, ask: Ask, path: str) -> Answer:
        if path in ask.office.offered:
            return self.show_file(ask, *ask.office.offered[path])
        if match := FILE.match(path):
            return self.show_file(ask, *FILES[match[1]])
        if match := STATIC.match(path):
            title = {path.split("/")[3]: title for path, title in STATIC_PAGES}.get(match[1])
            if title:
                text = f"<p>{title} {ask.office.facts['kpu']}.</p>"
                return self.send(ask, ask.theme.show_plain(self.shell(ask.office), title, text))
        return self.show_missing(ask, 404)

    def show_file(self, ask: Ask, body: bytes, kind: str) -> Answer:
        """A file, with a validator where the site has any."""
        if not ask.office.options.validators:
            return Answer(200, body, {"Content-Type": kind})
        headers = {"Content-Type": kind, "ETag": f'"{sha256(body).hexdigest()[:16]}"'}
        if ask.headers.get("If-None-Match") == headers["ETag"]:
            return Answer(304, b"", headers)
        return Answer(200, body, headers)

    def answer_robots(self, ask: Ask) -> Answer:
        options = ask.office.options
        rule = "Disallow: /" if ask.meets("disallow") else f"Disallow: {options.disallow or ''}"
        lines = ["User-agent: *", rule]
        if options.crawl_delay is not None:
            lines.append(f"Crawl-delay: {options.crawl_delay:g}")
        return Answer(200, "\n".join([*lines, ""]).encode(), {"Content-Type": "text/plain"})

    def show_home(self, ask: Ask) -> Answer:
        entries = ask.office.list_entries()[:8]
        page = ListingPage(
            self.shell(ask.office),
            "Berita Terbaru",
            [self.item(ask.office, e) for e in entries],
            (),
        )
        return self.send(ask, ask.theme.show_home(page))

    def show_listing(self, ask: Ask, category: str, junk: str) -> Answer:
        if category not in ask.office.categories:
            return self.show_missing(ask, 404)
        office, page = ask.office, read_page_number(ask.query)
        entries = [] if ask.meets("empty") else office.list_entries(category)
        last = max(1, -(-len(entries) // PER_PAGE))
        start = page
        if ask.meets(
            "infinite"
        ):  # the same pages come round again, and the pager always names further ones
            start, last = (page - 1) % last + 1, page + 3
        items = [
            self.item(office, entry) for entry in entries[(start - 1) * PER_PAGE : start * PER_PAGE]
        ]
        pager = list_pager(f"/index.php/blog/category/{category}{junk}", page, last)
        listing = ListingPage(self.shell(office), office.categories[category][0], items, pager)
        return self.send(ask, ask.theme.show_listing(listing))

    def answer_api(self, ask: Ask, category: str) -> Answer:
        """A listing as the national site's JSON has it, times in UTC."""
        office, page = ask.office, read_page_number(ask.query)
        entries = office.list_entries(category)
        rows = [
            {
                "id": int(entry.key.removeprefix("berita:")),
                "blog_name": office.title(entry),
                "post_slug": office.path(entry).rpartition("/")[2].partition("_")[2],
                "created_at": f"{entry.posted.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000000Z}",
            }
            for entry in entries[(page - 1) * PER_PAGE : page * PER_PAGE]
        ]
        data = {
            "current_page": page,
            "data": rows,
            "last_page": max(1, -(-len(entries) // PER_PAGE)),
        }
        body = json.dumps({"success": True, "data": data}).encode()
        return Answer(200, body, {"Content-Type": "application/json"})

    def show_article(self, ask: Ask, key: str) -> Answer:
        office, entry = ask.office, ask.office.by_key.get(key)
        if entry is None:
            return self.show_missing(ask, 404)
        state = office.state(key)
        if state.moved:
            return self.redirect(
                301, f"http://{office.site.host}{office.path(office.by_key[state.moved])}"
            )
        if state.gone == "home":
            return self.redirect(302, f"http://{office.site.host}/")
        if state.gone:
            return self.show_missing(ask, 200 if state.gone == "soft" else int(state.gone))
        headers = write_validators(office, entry) if office.options.validators else {}
        if headers and matches_validators(ask.headers, headers):
            return Answer(304, b"", headers)
        return self.show_live(ask, entry, headers)

    def show_live(self, ask: Ask, entry: Entry, headers: dict[str, str]) -> Answer:
        office, state = ask.office, ask.office.state(entry.key)
        state.views += ask.counts
        state.served += ask.counts
        draft = office.draft(entry)
        category = (f"/blog/category/{entry.category}", office.categories[entry.category][0])
        page = ArticlePage(self.shell(office), draft.title, category, draft.blocks, state.views)
        sent = self.send(ask, ask.theme.show_article(page))
        return Answer(200, sent.body, {**sent.headers, **headers}, entry)

    def show_missing(self, ask: Ask, status: int) -> Answer:
        text = "<p>Halaman yang Anda cari tidak ditemukan atau telah dihapus.</p>"
        html = ask.theme.show_plain(self.shell(ask.office), "Halaman Tidak Ditemukan", text)
        return self.send(ask, html, status)

    def redirect(self, status: int, location: str) -> Answer:
        return Answer(status, b"", {"Location": location})

    def send(self, ask: Ask, html: str, status: int = 200) -> Answer:
        """Encodes a page; an undeclared charset is named nowhere."""
        charset = ask.office.charset
        kind = f"text/html; charset={charset}" if ask.office.options.declared else "text/html"
        return Answer(status, html.encode(charset, "xmlcharrefreplace"), {"Content-Type": kind})

    def item(self, office: Office, entry: Entry) -> Item:
        views = office.state(entry.key).views if office.options.bare_counter else None
        return Item(office.path(entry), office.title(entry), views, office.flatten(entry))

    def shell(self, office: Office) -> Shell:
        key = (office.site.host, office.options)
        if key not in self.shells:
            self.shells[key] = self.make_shell(office)
        return self.shells[key]

    def make_shell(self, office: Office) -> Shell:
        rng = Random(f"{office.world.seed}/{office.site.seed}/shell")
        popular = sorted(office.entries[:60], key=lambda e: -office.state(e.key).views)[:6]
        menu = tuple(
            (f"/blog/category/{key}", title) for key, (title, _, _) in office.categories.items()
        )
        first = next(iter(office.categories))
        junk = (f"/blog/category/{first}/82/93?page=2", f"/blog/category/{first}/..%2f..%2fetc%2fpasswd",
                f"/index.php/blog/category/{first}/1%27%20AND%20%271%27=%271?page=1")  # fmt: skip
        css, script = write_filler(rng, max(0, (office.options.page_bytes or 0) - 9000))
        return Shell(
            label=office.site.label.upper(), office=office.facts["kpu"], charset=office.charset,
            declared=bool(office.options.declared), menu=menu, pages=STATIC_PAGES,
            popular=tuple((office.path(entry), office.title(entry)) for entry in popular),
            junk=junk if office.options.junk_links else (), css=css, script=script,
        )  # fmt: skip


def read_page_number(query: str) -> int:
    """`?page=n`, and 1 for whatever is no page number."""
    value = parse_qs(query).get("page", ["1"])[0]
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 10 else 1


def list_pager(base: str, page: int, last: int) -> list[tuple[str, str]]:
    """First, neighbours and last page; the links keep whatever junk stood in the path."""
    numbers = sorted(
        {1, 2, last, *range(max(1, page - 2), min(last, page + 2) + 1)} & set(range(1, last + 1))
    )
    links = [(f"{base}?page={number}", str(number)) for number in numbers]
    return [*links, (f"{base}?page={page + 1}", "»")] if page < last else links


def write_validators(office: Office, entry: Entry) -> dict[str, str]:
    """ETag and Last-Modified of the article's text, blind to its counter."""
    state = office.state(entry.key)
    words = (
        f"{office.site.host}/{entry.key}/{state.edits}/{state.incarnation}/{office.options.theme}"
    )
    return {
        "ETag": f'"{sha1(words.encode()).hexdigest()[:16]}"',
        "Last-Modified": format_datetime(entry.posted, usegmt=True),
    }


def matches_validators(asked: Mapping[str, str], current: Mapping[str, str]) -> bool:
    """If-None-Match decides where it is sent, else If-Modified-Since."""
    if "If-None-Match" in asked:
        return current["ETag"] in asked["If-None-Match"]
    return asked.get("If-Modified-Since") == current["Last-Modified"]


def compress(body: bytes) -> bytes:
    """gzip without a time stamp, so that equal bodies stay equal."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()
