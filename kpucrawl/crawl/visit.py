"""One run's visit to one office: what was asked, what came of it, what to ask next. Knows nothing
of HTTP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.records import Capture, HostTry, Key, KnownPage
from archive.watch.verdicts import (
    TROUBLES,
    UNTOLD,
    Answer,
    classify_answer,
    describe_trouble,
    gather_facts,
    is_vanished,
)
from kpucrawl.bounds import LONGEST_URL, fits_key
from kpucrawl.crawl.arguments import Arguments
from kpucrawl.crawl.asks import ARTICLE, FIRST, HOME, LISTING, Ask, choose_path, find_gaps
from kpucrawl.crawl.bounds import MOST_PAGES, MOST_STALE, Bounds
from kpucrawl.crawl.endings import Endings
from kpucrawl.crawl.firsts import FRONT, FirstArticles
from kpucrawl.crawl.frontier import Frontier
from kpucrawl.crawl.gate import Gate
from kpucrawl.crawl.revisit import choose_due, is_paused
from kpucrawl.crawl.search import note_try
from kpucrawl.crawl.walk import CategoryWalk
from kpucrawl.extract.records import ListingItem, PageKey, PageReading
from kpucrawl.extract.urls import API, Address, article_url, is_api, listing_path, parse_url
from kpucrawl.sites import Site

if TYPE_CHECKING:
    from kpucrawl.extract.layouts.model import Layout
    from kpucrawl.learning import Studied

KNOWN_CATEGORIES = ("104", "105", "14", "96", "135", "11", "29", "151")
"""Ids seen on many offices, asked for where neither a menu nor the archive names any."""
MOST_HOPS = 5
"""Redirects followed from one address."""

WINDOW = 60
"""Runs in which every page of a listing is seen again, behind those that each run walks: one page
at least a run."""

MOST_STUDIES = 2
"""The second learns from what the first one showed where to find."""
REREAD = (Answer.ARTICLE, Answer.UNREAD, Answer.MISSING, Answer.PAGE)
"""Answers that another reading may change."""


class Visit:
    """What one run knows of one office while it crawls it."""

    def __init__(
        self,
        site: Site,
        arguments: Arguments,
        frontier: Frontier,
        *,
        now: datetime,
        quiet_pages: int = 3,
    ) -> None:
        self.now = now
        self.site = site
        self.arguments = arguments
        self.frontier = frontier
        self.quiet_pages = quiet_pages
        self.gate = Gate(site, frontier)
        self.opened = False
        """The home page has answered, or failed to."""
        self.resumed = False
        """What earlier runs left unfetched has been asked for: only once the office answers with
        real pages."""
        self.api_sought = False
        """It was asked whether the office has its listings as JSON too."""
        self.mentioned: set[PageKey] = set()
        """Articles that pages linked outside of listings."""
        self.beside: dict[PageKey, ListingItem] = {}
        """Articles that listings linked beside what they list, as far as that can be told."""
        self.asked: set[str] = set()
        self.articles_asked = 0
        self.walks: dict[str, CategoryWalk] = {}
        self.answered = False
        """Something answered, whatever it was."""
        self.waiting = 0
        """Requests that were made and have not come to anything yet."""
        self.counts: Counter[str] = Counter()
        """Captures by `archive.watch.verdicts.Answer`."""
        self.lost, self.vanished = 0, 0
        """As in `VisitFacts`."""
        self.untold = 0
        """As in `VisitFacts`."""
        self.trouble, self.away = "", ""
        self.host: HostTry | None = None
        """What is known of the office's host."""
        self.hosts_left: list[str] | None = None
        """Other hosts to try; None where nobody looked for any yet."""
        self.layout: Layout | None = None
        self.firsts = FirstArticles()
        self.learnt_early = False
        """The layout was learnt from the first articles of this visit."""
        self.studies_left = MOST_STUDIES
        self.endings = Endings(lambda: frontier.count_endings(site.code))
        self.bounds = Bounds()
        self.files_left: int | None = None
        """Requests for files that the visit may still make; None before it is time for them."""

    def afford_files(self, asks: Iterable[Ask]) -> Sequence[Ask]:
        """Those of these files, the first ones, that the visit may still ask for."""
        chosen = list(islice(asks, self.files_left or 0))
        self.files_left = (self.files_left or 0) - len(chosen)
        return chosen

    def count_capture(self, capture: Capture, was_unread: bool = False) -> Answer:
        """Count a capture by what it is, and remember the first thing that went wrong."""
        facts = gather_facts(capture)
        answer = classify_answer(facts)
        self.untold += UNTOLD in facts.doubts
        self.host = note_try(self.host, capture)
        if answer is Answer.RULES:
            return answer
        if capture.page:
            self.firsts.note_answer(capture.page)
        self.answered |= capture.error is None
        kind = capture.reading.kind if capture.reading else None
        target = capture.answered_url
        said = describe_trouble(capture.url, capture.status, capture.error, target, kind)
        self.counts[answer] += 1
        if not was_unread:
            self.lost += answer is Answer.UNREAD
            self.vanished += is_vanished(answer, capture.status)
        if answer in TROUBLES:
            self.trouble = self.trouble or said
        if answer is Answer.AWAY:
            self.away = self.away or said
        return answer

    def count_bug(self, what: str) -> None:
        """Count an exception that no capture tells of."""
        self.counts[Answer.BUG] += 1
        self.trouble = self.trouble or what

    def leave_news(self, reading: PageReading) -> PageReading:
        """The reading with those mentions alone that nobody saw before: a sidebar is the same on
        every page.

        A listing's stay out, so that what was captured of it is what it lists; they are asked for
        behind all else.
        """
        if reading.listing:
            self.beside.update({item.key: item for item in reading.mentions})
        mentions = () if reading.listing else reading.mentions
        fresh = [item for item in mentions if item.key not in self.mentioned]
        self.mentioned |= {item.key for item in fresh}
        known = (
            self.frontier.find_known(self.site.code, [item.key.pair for item in fresh])
            if fresh
            else {}
        )
        return replace(
            reading, mentions=tuple(item for item in fresh if item.key.pair not in known)
        )

    def start(self) -> Iterator[Ask]:
        """Ask for the home page; what its answer leads to comes from `go_on`."""
        yield from self._ask("/", HOME)

    def go_on(self, reading: PageReading | None) -> Iterator[Ask]:
        """Behind the home page's answer, whatever it was: ask for the categories, and follow what
        it shows."""
        if self.opened:
            return
        self.opened = True
        found = [category.id for category in reading.categories] if reading else []
        known = [*self.frontier.find_categories(self.site.code), *found] or KNOWN_CATEGORIES
        self.firsts.await_listings(dict.fromkeys(known))
        for category in dict.fromkeys(known):
            yield from self._open_category(category)

    def follow_page(
        self, reading: PageReading, known: Mapping[Key, KnownPage] | None = None, chain: int = 0
    ) -> Iterator[Ask]:
        """Ask for the articles and categories that a page shows, and once for what is left of
        earlier runs.

        `known` is what the archive knows of the page's items, where that was asked already;
        `chain` how many mentions led to the page.
        """
        if not self.resumed and reading.kind in ("home", "listing", "article"):
            self.resumed = True
            yield from self._resume(self.frontier.find_pages(self.site.code))
        if reading.kind == "home":
            self._note_first(FRONT, "/", reading)
        yield from self._ask_shown(reading, known, chain)

    def follow_listing(self, address: Address, reading: PageReading) -> Iterator[Ask]:
        """Ask for the articles of a listing page, then for the next page unless the walk is
        over."""
        items = reading.listing.items if reading.listing else ()
        known = self._find_known(items)
        walk = self.walks.get(address.category or "")
        if (address.page or 1) == 1:
            self._note_first(address.category or "", address.canonical, reading)
        walking = walk is not None and address.page == walk.page and walk.complete is None
        if walk is not None and walking:
            self._note_page(walk, items, known, reading.listing.pages if reading.listing else None)
        if items and not self.arguments.partial:
            yield from self._open_api(address)
        yield from self.follow_page(reading, known)
        if walk is not None and walking:
            yield from self._ask_page(walk) if walk.complete is None else self._ask_window(walk)
        elif (
            address.category
            and (address.page or MOST_PAGES) < MOST_PAGES
            and any(item.key.pair not in known for item in items)
        ):
            yield from self._ask(listing_path(address.category, (address.page or 0) + 1), LISTING)

    def _note_first(
        self, category: str, canonical: str, reading: PageReading | None = None
    ) -> None:
        items = reading.listing.items if reading and reading.listing else ()
        self.firsts.note_listing(category, canonical, {item.key.pair for item in items})

    def _open_api(self, address: Address) -> Iterator[Ask]:
        """Ask for the listings as JSON where the office has them, which the first run and deep ones
        find out."""
        categories = [category for category in self.walks if category.isdigit()]
        if not is_api(address):
            if self.api_sought:
                return
            self.api_sought = True
            if not (has_api := self.frontier.find_api(self.site.code)):
                categories = categories[:1] if self.arguments.full or has_api is None else []
        for category in categories:
            yield from self._open_category(f"{API}{category}")

    def ask_beside(self) -> Iterator[Ask]:
        """Ask for what listings link beside their items and nothing else showed: what was taken for
        furniture may have been listed."""
        beside = [one for one in self.beside.values() if not self._is_asked(one.key)]
        self.beside.clear()
        if beside and not self.arguments.partial:
            known = self._find_known(beside)
            for item in beside:
                if item.key.pair not in known:
                    yield from self._ask_mentioned(item.key, item.url)

    def _is_asked(self, key: PageKey) -> bool:
        return parse_url(article_url(key)).canonical in self.asked

    def take_layout(self, layout: Layout | None) -> None:
        """Read the office's pages by what was learnt of them."""
        self.layout = layout
        self.gate.has_layout = bool(layout and layout.groups)

    def take_firsts(self, layout: Layout | None) -> None:
        """Read the office's articles by what its first ones taught; what does not fit that is no
        stranger yet."""
        if layout is not None:
            self.layout, self.learnt_early = layout, True

    def take_study(self, studied: Studied) -> Iterator[Ask]:
        """Behind what was learnt of the office: count again what its pages are, then ask for what
        its listings were seen to show only now."""
        self.take_layout(studied.layout)
        self.counts.update({name: studied.answers[name] - self.counts[name] for name in REREAD})
        self.lost = min(self.lost, self.counts[Answer.UNREAD])
        self.vanished = min(self.vanished, self.counts[Answer.MISSING])
        if self.arguments.partial:
            return
        for key, page in self.frontier.find_pages(self.site.code).items():
            if page.visited is None and page.is_listed and not is_paused(page, self.now):
                yield from self._ask_article(PageKey(*key), page.url, page)
        for category, walk in list(self.walks.items()):
            if not walk.is_api and self._missed(walk, studied):
                yield from self._walk_again(category)

    def _missed(self, walk: CategoryWalk, studied: Studied) -> bool:
        """Whether a listing shows articles that its walk did not see there."""
        seen = {key.pair for key in walk.seen}
        return any(
            keys - seen
            for canonical, keys in studied.shown.items()
            if parse_url(canonical).category == walk.category
        )

    def _walk_again(self, category: str) -> Iterator[Ask]:
        """Walk a listing from its first page, whatever of it was asked for."""
        of_it = {one for one in self.asked if parse_url(one).category == category}
        self.asked -= of_it
        self.walks[category] = CategoryWalk(category, to_end=True)
        yield from self._ask_page(self.walks[category])

    def skip_listing(self, address: Address) -> Iterator[Ask]:
        """Go on behind a listing page that could not be read; after two in a row the walk ends."""
        walk = self.walks.get(address.category or "")
        if (address.page or 1) == 1:
            self._note_first(address.category or "", address.canonical)
        if walk is None or address.page != walk.page or walk.complete is not None:
            return
        walk.failed += 1
        walk.failing += 1
        if walk.page == 1 or walk.failing > 1:
            walk.complete = False
        else:
            yield from self._ask_page(walk)

    def is_promised(self, address: Address) -> bool:
        """Whether a listing's own pager named this page of it."""
        walk = self.walks.get(address.category or "")
        return walk is not None and 1 < (address.page or 1) <= walk.last

    def redirect(self, ask: Ask, location: str) -> Iterator[Ask]:
        """Follow a redirect on the same host, a few hops at the most; what was asked before is not
        asked again."""
        next_one, trail = Ask.parse(location), (*ask.trail, ask.path)
        address = next_one.address
        if urlsplit(location).hostname != self.site.host or not address.canonical:
            return
        if next_one.path in trail or ask.hops >= MOST_HOPS:
            self.bounds.circles.append(trail[0])
            return
        if address.canonical in self.asked and address.canonical != ask.address.canonical:
            return
        self.asked.add(address.canonical)
        yield replace(
            next_one, priority=ask.priority, hops=ask.hops + 1, trail=trail, chain=ask.chain
        )

    def _resume(self, pages: Mapping[Key, KnownPage]) -> Iterator[Ask]:
        """Ask for pages that earlier runs saw and never got, for those due again, and for gaps on
        demand; a full run asks for all, listed or not."""
        for key, page in pages.items():
            is_left = page.visited is None and not is_paused(page, self.now)
            if self.arguments.full or (is_left and page.is_listed):
                yield from self._ask_article(PageKey(*key), page.url, page)
        for key, page in pages.items():
            if page.visited is None and not page.is_listed:
                yield from self._ask_mentioned(PageKey(*key), page.url, page)
        for key, page in choose_due(pages, self.now).items():
            yield from self._ask_article(PageKey(*key), page.url, page)
        for number in find_gaps(pages, self.arguments.gaps):
            yield from self._ask_article(PageKey("blog", str(number)), "")

    def _find_known(self, items: Iterable[ListingItem]) -> Mapping[Key, KnownPage]:
        return self.frontier.find_known(self.site.code, [item.key.pair for item in items])

    def _ask_shown(
        self, reading: PageReading, known: Mapping[Key, KnownPage] | None, chain: int
    ) -> Iterator[Ask]:
        for category in reading.categories:
            yield from self._open_category(category.id)
        items = reading.listing.items if reading.listing else ()
        known = self._find_known(items) if known is None else known
        for item in items:
            page = known.get(item.key.pair)
            if page is None:
                yield from self._ask_article(item.key, item.url)
            elif self.arguments.full or (page.visited is None and not is_paused(page, self.now)):
                yield from self._ask_article(item.key, item.url, page)
        for item in reading.mentions:
            yield from self._ask_mentioned(item.key, item.url, chain=chain + 1)

    def _ask_mentioned(
        self, key: PageKey, url: str, known: KnownPage | None = None, chain: int = 1
    ) -> Iterator[Ask]:
        """Ask for an article that is known by mentions alone, within the bounds of those."""
        if not self._is_asked(key) and self.bounds.admits_mention(chain):
            for ask in self._ask_article(key, url, known):
                yield replace(ask, chain=chain)

    def _open_category(self, category: str) -> Iterator[Ask]:
        if category not in self.walks and self.bounds.admits_category(len(self.walks)):
            to_end = self.arguments.full or not self.frontier.walked_to_end(
                self.site.code, category
            )
            self.walks[category] = CategoryWalk(category, to_end)
            yield from self._ask_page(self.walks[category])

    def _ask_page(self, walk: CategoryWalk) -> Iterator[Ask]:
        walk.page += 1
        yield from self._ask(listing_path(walk.category, walk.page), LISTING)

    def _ask_window(self, walk: CategoryWalk) -> Iterator[Ask]:
        """Behind a walk that ended early, ask for the pages of the listing that were not seen for
        the longest time."""
        if self.arguments.partial or walk.is_api:
            return
        seen = {
            address.page: at
            for canonical, at in self.frontier.find_listings(self.site.code).items()
            if (address := parse_url(canonical)).category == walk.category
            and (address.page or 0) > walk.page
        }
        for page in sorted(seen, key=lambda page: seen[page])[: max(1, len(seen) // WINDOW)]:
            yield from self._ask(listing_path(walk.category, page or 1), LISTING)

    def _note_page(
        self,
        walk: CategoryWalk,
        items: Sequence[ListingItem],
        known: Mapping[Key, KnownPage],
        last: int | None,
    ) -> None:
        """Decide from one page of a listing whether its walk is over, and whether it saw
        everything."""
        keys = {item.key for item in items}
        walk.stale = walk.stale + 1 if keys <= walk.seen else 0
        walk.seen |= keys
        walk.failing = 0
        walk.quiet = walk.quiet + 1 if all(key.pair in known for key in keys) else 0
        walk.last = max(walk.last, last or 0)
        quiet = not walk.to_end and walk.quiet >= (1 if walk.is_api else self.quiet_pages)
        if self._is_over(walk, last):
            walk.complete = bool(walk.seen) and not walk.failed and walk.page >= walk.last
        elif walk.page == self.arguments.pages or quiet:
            walk.complete = False
        elif walk.stale >= MOST_STALE or walk.page >= MOST_PAGES:
            walk.complete = False
            stale = walk.stale >= MOST_STALE
            self.bounds.note_pager(walk.category, walk.page, walk.last, stale)

    @staticmethod
    def _is_over(walk: CategoryWalk, last: int | None) -> bool:
        """Whether a page is its listing's last: its pager says so, or, where it names no page, it
        shows what was shown before, and no page before named a later one."""
        if last is not None:
            return walk.page >= last
        return walk.stale > 0 and walk.page >= walk.last

    def _ask_article(self, key: PageKey, url: str, known: KnownPage | None = None) -> Iterator[Ask]:
        if self.arguments.limit is not None and self.articles_asked >= self.arguments.limit:
            return
        if not fits_key(key.pair):
            return
        if known is None and urlsplit(url).hostname not in (None, self.site.host):
            return  # another's; a known page is this office's, wherever it used to stand
        headers = known.validators if known else {}
        is_unread = known is not None and known.is_unread
        priority = FIRST if self.layout is None and self.firsts.shows(key.pair) else ARTICLE
        for ask in self._ask(choose_path(key, url), priority):
            self.articles_asked += 1
            validated = known.capture if known else None
            yield replace(ask, headers=headers, validated=validated, is_unread=is_unread)

    def _ask(self, path: str, priority: int) -> Iterator[Ask]:
        address = parse_url(path)
        if address.canonical not in self.asked and len(path) <= LONGEST_URL:
            self.asked.add(address.canonical)
            yield Ask(path, priority, address)
