"""One run's visit to one office: what was asked, what came of it, what to ask next. Knows nothing of HTTP."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urlsplit

from kpucrawl.extract.records import ListingItem, PageKey, PageReading
from kpucrawl.extract.urls import Address, article_url, listing_path, parse_url
from kpucrawl.outcome import TROUBLES
from kpucrawl.sites import Site

KNOWN_CATEGORIES = ("104", "105", "14", "96", "135", "11", "29", "151")
"""Ids seen on many offices, asked for where neither a menu nor the archive names any."""
MOST_PAGES = 3000
"""No listing is longer: the longest seen had 258 pages. A pager without end stops here."""
MOST_HOPS = 5
"""Redirects followed from one address."""

HOME, LISTING, ARTICLE = 20, 10, 0
"""Priorities: discovery first, so that a run cut short knows what it missed."""


class ArgumentError(ValueError):
    """A crawl argument (`-a NAME=VALUE`) is unknown or has no meaning."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a crawl."""

    full: bool = False
    """Walk every listing page."""
    pages: int | None = None
    """At most so many listing pages per category."""
    limit: int | None = None
    """At most so many articles per office."""

    @classmethod
    def parse(cls, values: Mapping[str, str], also: Collection[str] = ()) -> Arguments:
        """Read `-a` arguments, leaving those named in `also` to the caller; raise ArgumentError."""
        for name in values:
            if name not in {"depth", "pages", "limit", *also}:
                known = ", ".join(["depth", "pages", "limit", *also])
                raise ArgumentError(f"unknown argument {name!r}; a crawl takes {known}")
        if values.get("depth", "full") != "full":
            raise ArgumentError(f"depth can only be 'full', not {values['depth']!r}")
        return cls("depth" in values, _read_count(values, "pages"), _read_count(values, "limit"))

    @property
    def partial(self) -> bool:
        """Whether the run was told to leave something out: then absence proves nothing."""
        return self.pages is not None or self.limit is not None


def _read_count(values: Mapping[str, str], name: str) -> int | None:
    value = values.get(name)
    if value is None:
        return None
    if not value.isdecimal() or int(value) < 1:
        raise ArgumentError(f"{name} must be a whole number from 1, not {value!r}")
    return int(value)


class Frontier(Protocol):
    """What the archive knows of the pages of offices, named by their code."""

    def find_unfetched(self, site: str) -> Sequence[tuple[tuple[str, str], str]]:
        """Pages seen but never answered, with the address they were seen under."""

    def find_new(self, site: str, keys: Collection[tuple[str, str]]) -> Set[tuple[str, str]]:
        """Those of `keys` that were never seen before."""

    def find_categories(self, site: str) -> Sequence[str]:
        """Categories the office's menu named in the past."""

    def walked_to_end(self, site: str, category: str) -> bool:
        """Whether a category's listing was ever walked to its last page."""


class NoArchive:
    """A frontier that remembers nothing, for `scrapy parse` and `scrapy shell`."""

    def find_unfetched(self, site: str) -> Sequence[tuple[tuple[str, str], str]]:
        """Return nothing."""
        return ()

    def find_new(self, site: str, keys: Collection[tuple[str, str]]) -> Set[tuple[str, str]]:
        """Return all."""
        return set(keys)

    def find_categories(self, site: str) -> Sequence[str]:
        """Return nothing."""
        return ()

    def walked_to_end(self, site: str, category: str) -> bool:
        """Return False."""
        return False


@dataclass(frozen=True, slots=True)
class Ask:
    """An address to ask for."""

    path: str
    """Path and query on the office's host."""
    priority: int
    address: Address
    hops: int = 0
    """How many redirects led here."""

    @classmethod
    def parse(cls, url: str) -> Ask:
        """What asking for an address by hand amounts to."""
        parts = urlsplit(url)
        return cls(f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}", HOME, parse_url(url))


@dataclass(slots=True)
class CategoryWalk:
    """Where the walk of one category's listing stands."""

    category: str
    to_end: bool
    """Walk to the last page whatever is known."""
    page: int = 0
    quiet: int = 0
    failed: int = 0
    """Pages that did not answer: the walk goes on behind one, and is not complete."""
    seen: set[PageKey] = field(default_factory=set)
    complete: bool | None = None
    """Set when the walk has ended: whether everything listed was seen."""


class Visit:
    """What one run knows of one office while it crawls it."""

    def __init__(self, site: Site, arguments: Arguments, frontier: Frontier, quiet_pages: int = 3) -> None:
        self.site = site
        self.arguments = arguments
        self.frontier = frontier
        self.quiet_pages = quiet_pages
        self.opened = False
        """The home page has answered, or failed to."""
        self.resumed = False
        """What earlier runs left unfetched has been asked for: only once the office answers with real pages."""
        self.asked: set[str] = set()
        self.articles_asked = 0
        self.walks: dict[str, CategoryWalk] = {}
        self.counts: Counter[str] = Counter()
        """Outcomes of requests, see `kpucrawl.outcome`."""
        self.first_error: str | None = None

    def count(self, outcome: str, what: str) -> None:
        """Count what a request came to, and remember the first thing that went wrong."""
        self.counts[outcome] += 1
        if outcome in TROUBLES and self.first_error is None:
            self.first_error = what

    def start(self) -> Iterator[Ask]:
        """Ask for the home page; what its answer leads to comes from `go_on`."""
        yield from self._ask("/", HOME)

    def go_on(self, reading: PageReading | None) -> Iterator[Ask]:
        """Behind the home page's answer, whatever it was: ask for the categories, and follow what it shows."""
        if self.opened:
            return
        self.opened = True
        found = [category.id for category in reading.categories] if reading else []
        known = [*self.frontier.find_categories(self.site.code), *found] or KNOWN_CATEGORIES
        for category in dict.fromkeys(known):
            yield from self._open_category(category)

    def follow_page(self, reading: PageReading) -> Iterator[Ask]:
        """Ask for the articles and categories that a page shows, and once for what an earlier run missed."""
        if not self.resumed and reading.kind in ("home", "listing", "article"):
            self.resumed = True
            for key, url in self.frontier.find_unfetched(self.site.code):
                yield from self._ask_article(PageKey(*key), url)
        yield from self._ask_shown(reading)

    def follow_listing(self, address: Address, reading: PageReading) -> Iterator[Ask]:
        """Ask for the articles of a listing page, then for the next page unless the walk is over."""
        items = reading.listing.items if reading.listing else ()
        walk = self.walks.get(address.category or "")
        if walk is not None and address.page == walk.page:
            self._note_page(walk, items, reading.listing.pages if reading.listing else None)
        yield from self.follow_page(reading)
        if walk is not None and address.page == walk.page and walk.complete is None:
            yield from self._ask_page(walk)

    def skip_listing(self, address: Address) -> Iterator[Ask]:
        """Go on behind a listing page that could not be read; after two in a row the walk ends."""
        walk = self.walks.get(address.category or "")
        if walk is None or address.page != walk.page or walk.complete is not None:
            return
        walk.failed += 1
        if walk.page == 1 or walk.failed > 1:
            walk.complete = False
        else:
            yield from self._ask_page(walk)

    def redirect(self, ask: Ask, location: str) -> Iterator[Ask]:
        """Follow a redirect on the same host, a few hops at the most; what was asked before is not asked again."""
        address = parse_url(location)
        if urlsplit(location).hostname != self.site.host:
            return
        loops = address.canonical in self.asked and address.canonical != ask.address.canonical
        if ask.hops < MOST_HOPS and not loops and address.canonical:
            self.asked.add(address.canonical)
            yield replace(Ask.parse(location), priority=ask.priority, hops=ask.hops + 1)

    def _ask_shown(self, reading: PageReading) -> Iterator[Ask]:
        for category in reading.categories:
            yield from self._open_category(category.id)
        for item in reading.listing.items if reading.listing else ():
            yield from self._ask_article(item.key, item.url)
        for link in reading.article.related if reading.article else ():
            address = parse_url(link.url)
            if address.kind == "article" and address.key:
                yield from self._ask_article(address.key, link.url)

    def _open_category(self, category: str) -> Iterator[Ask]:
        if category not in self.walks:
            to_end = self.arguments.full or not self.frontier.walked_to_end(self.site.code, category)
            self.walks[category] = CategoryWalk(category, to_end)
            yield from self._ask_page(self.walks[category])

    def _ask_page(self, walk: CategoryWalk) -> Iterator[Ask]:
        walk.page += 1
        yield from self._ask(listing_path(walk.category, walk.page), LISTING)

    def _note_page(self, walk: CategoryWalk, items: Sequence[ListingItem], last: int | None) -> None:
        """Decide from one page of a listing whether its walk is over, and whether it saw everything."""
        keys = {item.key for item in items}
        repeats = keys <= walk.seen
        walk.seen |= keys
        walk.quiet = 0 if self.frontier.find_new(self.site.code, keys) else walk.quiet + 1
        if repeats or (last is not None and walk.page >= last):
            walk.complete = not walk.failed
        else:
            cut = walk.page in (self.arguments.pages, MOST_PAGES)
            quiet = not walk.to_end and walk.quiet >= self.quiet_pages
            walk.complete = False if cut or quiet else None

    def _ask_article(self, key: PageKey, url: str) -> Iterator[Ask]:
        if self.arguments.limit is not None and self.articles_asked >= self.arguments.limit:
            return
        if urlsplit(url).hostname not in (None, self.site.host):
            return
        for ask in self._ask(article_url(key, read_slug(url, key)), ARTICLE):
            self.articles_asked += 1
            yield ask

    def _ask(self, path: str, priority: int) -> Iterator[Ask]:
        address = parse_url(path)
        if address.canonical not in self.asked:
            self.asked.add(address.canonical)
            yield Ask(path, priority, address)


def read_slug(url: str, key: PageKey) -> str | None:
    """Read the slug behind the number in an article's address, None when it has none."""
    found = re.search(rf"/{re.escape(key.key)}[_/-]([^/?#]+)", url)
    return found[1] if found else None
