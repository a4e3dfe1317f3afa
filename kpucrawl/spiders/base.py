"""The crawl itself: requests out, answers in, every answer or failure an item for the archive."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.request import getproxies

from scrapy import Request, Spider, signals

from archive.records import Capture, HostTry, KnownRobots, Problem
from archive.watch.verdicts import CUT, GONE, PROMISED, UNCHANGED, Answer
from kpucrawl.crawl.arguments import Arguments
from kpucrawl.crawl.asks import HOME, Ask
from kpucrawl.crawl.console import say
from kpucrawl.crawl.files import FileAsk
from kpucrawl.crawl.fleet import Fleet
from kpucrawl.crawl.gate import EMPTIED
from kpucrawl.crawl.outcome import Outcome
from kpucrawl.crawl.run import RunState
from kpucrawl.crawl.search import choose_hosts, describe_try, hides_name, note_try
from kpucrawl.crawl.visit import Visit
from kpucrawl.extract.urls import Address
from kpucrawl.sites import load_sites
from kpucrawl.spiders.answers import (
    OTHER_HOST,
    HostLeft,
    RunEnding,
    StorageFailed,
    describe_failure,
    find_readable,
    find_target,
    find_transport,
    join_headers,
    read_title,
)
from kpucrawl.spiders.files import Files
from kpucrawl.spiders.studies import Studies

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from kpucrawl.captures import Answered, Asked
    from kpucrawl.extract.layouts.model import Layout
    from kpucrawl.extract.records import PageReading
    from kpucrawl.sites import Site

Found = Iterator[Request | Capture]

ONCE = {"dont_redirect": True, "dont_retry": True}
HOME_PATH, OK = "/", 200
PROMISED_PAGE = Problem(PROMISED, "", "The listing's own pager names this page, and it is missing.")
ROBOTS = Ask("/robots.txt", HOME, Address("other", "/robots.txt"))


class KpuSpider(Spider):
    """Visits offices. What to ask next is `Visit`'s to say; this turns it into requests and answers
    into items."""

    many: ClassVar[bool] = False
    """Whether the spider visits many offices."""
    more_arguments: ClassVar[tuple[str, ...]] = ()
    """Arguments a subclass takes beside those of `Arguments`."""

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        super().__init__(name)
        self.given = arguments
        self.arguments = Arguments.parse(arguments, also=self.more_arguments)
        self.run = RunState(Fleet(tells=self.many))
        self.studies = Studies(self)
        self.files = Files(self)
        self.places = asyncio.Semaphore()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider of one crawl; what raises in it counts as a bug, which Scrapy's exit code
        would hide."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.note_bug, signals.item_error)
        crawler.signals.connect(spider.end_answer, signals.spider_error)
        crawler.signals.connect(spider.studies.wait, signals.spider_idle)
        return spider

    def note_bug(self, response: Response | Failure | None) -> Visit | None:
        """Count an exception that was raised for an answer, or anywhere."""
        request: Any = getattr(response, "request", None)
        visit = self.run.fleet.visits.get(request.meta.get("visit", "")) if request else None
        if visit is None:
            self.run.fleet.bugs += 1
        else:
            visit.count_bug(f"a bug: {request.url}")
        return visit

    def end_answer(self, response: Response | Failure | None) -> None:
        """Go on behind an answer that raised a bug."""
        if visit := self.note_bug(response):
            self.settle(visit)

    def find_sites(self) -> tuple[Site, ...]:
        """The offices to visit."""
        raise NotImplementedError

    def order_sites(self) -> Sequence[Site]:
        """The offices in the order of their visits."""
        return self.find_sites()

    async def start(self) -> AsyncIterator[Any]:
        """Open a visit to each office; an archive that cannot be asked ends the run in words."""
        with suppress(StorageFailed):
            async for request in self._start_visits():
                yield request

    async def _start_visits(self) -> AsyncIterator[Any]:
        """Open as many visits at a time as there may be requests under way."""
        if self.run.storage_error:
            return
        self.places = asyncio.Semaphore(max(1, self.settings.getint("CONCURRENT_REQUESTS")))
        sites = self.order_sites()
        self.run.fleet.planned = len(sites)
        for site in sites:
            await self.places.acquire()
            visit = self._open_visit(site)
            for ask in visit.start():
                yield self._make_request(visit, ask)

    def parse(self, response: Response) -> Found:
        """Archive an answer, then ask for what it leads to."""
        visit, ask = self._find_visit(response.request)
        reading, capture = self._take_answer(visit, ask, response)
        answer = visit.count_capture(capture, ask.is_unread)
        yield capture
        if capture.error is None:
            yield from self._go_on(visit, ask, answer, reading, capture)
        else:
            yield from self._go_past(visit, ask)
        yield from self._search(visit, ask, capture)
        self.settle(visit)

    def handle_failure(self, failure: Failure) -> Found:
        """Archive a failed fetch as a row, then go on behind it."""
        if isinstance(failure.value, RunEnding):
            return
        if isinstance(failure.value, HostLeft):
            self._leave_pending(failure)
            return
        visit, ask, capture = self._take_failure(failure)
        visit.count_capture(capture, ask.is_unread)
        yield capture
        yield from self._go_past(visit, ask)
        yield from self._search(visit, ask, capture)
        self.settle(visit)

    def _go_past(self, visit: Visit, ask: Ask) -> Iterator[Request]:
        """Go on behind a failed fetch."""
        if ask.address.kind == "listing":
            yield from self._requests(visit, visit.skip_listing(ask.address))
        if ask.address.kind == "home":
            visit.opened = True  # nothing answers: nothing else is asked

    def parse_other(self, response: Response) -> Found:
        """Note what a host answered that may be the office's, then try the next."""
        from kpucrawl.captures import make_capture

        visit, asked = self._find_other(response.request)
        capture = make_capture(asked, self.describe_answered(response), response.body, None)
        title = read_title(response.body, response.url) if response.status == OK else ""
        said = f"{describe_try(capture)}: {title}" if title else describe_try(capture)
        yield from self._keep_try(visit, replace(note_try(None, capture), said=said))

    def handle_other(self, failure: Failure) -> Found:
        """Note why a host could not be asked that may be the office's, then try the next."""
        if isinstance(failure.value, RunEnding):
            return
        visit, asked = self._find_other(failure.request)  # type: ignore[attr-defined]
        capture = self._make_failure(asked, describe_failure(failure.value))
        yield from self._keep_try(visit, note_try(None, capture))

    async def parse_file(self, response: Response) -> None:
        """Archive a file that an article offers."""
        visit, ask = self._find_visit(response.request)
        assert isinstance(ask, FileAsk)
        await self.files.take(visit, ask, response)

    async def handle_file(self, failure: Failure) -> None:
        """Archive why a file did not come."""
        visit, ask = self._find_visit(failure.request)  # type: ignore[attr-defined]
        assert isinstance(ask, FileAsk)
        await self.files.note_failure(visit, ask, failure)

    def make_capture_of_file(
        self, site: Site, ask: FileAsk, url: str, answered: Answered
    ) -> Capture:
        """The record of a request for a file, without its bytes."""
        from kpucrawl.captures import Asked, make_capture

        return make_capture(Asked(site, url, url, validated=ask.validated), answered, None, None)

    def _find_other(self, request: Request | None) -> tuple[Visit, Asked]:
        from kpucrawl.captures import Asked

        assert request is not None
        visit = self.run.fleet.visits[request.meta["visit"]]
        return visit, Asked(visit.site, request.url, HOME_PATH)

    def _keep_try(self, visit: Visit, tried: HostTry) -> Found:
        self.run.keep(tried)
        yield from self._try_next(visit)
        self.settle(visit)

    def _search(self, visit: Visit, ask: Ask, capture: Capture) -> Found:
        """Where an office's host is a guess that does not resolve, try others; each is a row."""
        if ask.address.kind != "home" or visit.host is None or visit.hosts_left is not None:
            return
        proxied = self.settings["SITE_SCHEME"] in getproxies() and hides_name(capture)
        if visit.host.outcome == "unresolved" or (proxied and visit.host.outcome == "failed"):
            hosts = choose_hosts(visit.site, self.run.frontier, self.taken_hosts, visit.now)
            visit.hosts_left = list(hosts)
            yield from self._try_next(visit)

    def _try_next(self, visit: Visit) -> Found:
        """Ask the next host that may be the office's for its home page: one at a time, and none
        twice."""
        if visit.hosts_left:
            host = visit.hosts_left.pop(0)
            visit.waiting += 1
            yield Request(
                f"{self.settings['SITE_SCHEME']}://{host}{HOME_PATH}",
                callback=self.parse_other,
                errback=self.handle_other,
                meta={"visit": visit.site.label, OTHER_HOST: host, **ONCE},
            )

    @cached_property
    def taken_hosts(self) -> frozenset[str]:
        """The hosts of all offices."""
        other_hosts = self.settings.getlist("OTHER_HOSTS")
        return frozenset(load_sites(self.settings.get("SITES_CORRECTIONS"), other_hosts).by_host)

    def _leave_pending(self, failure: Failure) -> None:
        """Count a page that is not asked for in this run; say so once for each office and
        reason."""
        visit, _ = self._find_visit(failure.request)  # type: ignore[attr-defined]
        why = str(failure.value)
        if why not in visit.bounds.left:
            said = f"what is left stays pending: {why}"
            say(said, event="bound", office=visit.site.label, level=logging.WARNING)
        visit.bounds.left[why] += 1
        self.settle(visit)

    def describe_outcome(self) -> Outcome:
        """Tell how the run went so far."""
        return self.run.judge()

    def keep_robots(
        self,
        robots: Request,
        request: Request,
        answer: Response | Exception,
        why: str | None = None,
    ) -> Capture:
        """Archive the answer to an office's robots.txt, asked for on behalf of a request; `why` it
        cannot be read, where that is so."""
        from kpucrawl.captures import make_capture, read_answer

        asked = self._describe_asked(self._find_visit(request)[0].site, ROBOTS, robots.url)
        if isinstance(answer, Exception):
            capture = self._make_failure(asked, describe_failure(answer))
        else:
            answered = self.describe_answered(answer)
            failed = answer.status >= 500
            reading = read_answer(asked, answered, answer.body) if failed else None
            capture = make_capture(asked, answered, answer.body, reading)
            capture = replace(capture, error=why or capture.error)
        self.run.keep(capture)
        return capture

    def count_robots(self, request: Request, capture: Capture) -> None:
        """Count a robots.txt without which nothing may be asked for."""
        self._find_visit(request)[0].count_capture(capture)

    def find_robots(self, request: Request) -> KnownRobots:
        """What the archive knows of the robots.txt that holds for a request."""
        return self.run.frontier.find_robots(self._find_visit(request)[0].site.code)

    def settle(self, visit: Visit) -> None:
        """Behind each answer: when nothing more is waited for, study what was captured, then end
        the visit."""
        self.studies.begin_early(visit)
        visit.waiting -= 1
        if visit.waiting or self.ask(visit, visit.ask_beside()) or self.studies.begin(visit):
            return
        if self.studies.begin_files(visit):
            return
        for record in self.run.fleet.end(visit, datetime.now(UTC)):
            self.run.keep(record)
        self.places.release()

    def ask(self, visit: Visit, asks: Iterable[Ask]) -> bool:
        """Ask beside what answers lead to, unless the run ends; whether there was anything to
        ask."""
        engine = self.crawler.engine
        if engine is None or self.run.ending.is_set():
            return False
        requests = list(self._requests(visit, asks))
        for request in requests:
            engine.crawl(request)
        return bool(requests)

    def _take_answer(
        self, visit: Visit, ask: Ask, response: Response
    ) -> tuple[PageReading | None, Capture]:
        """Read an answer, and make a record of it."""
        from kpucrawl.captures import find_bug, judge_ending, make_capture, read_answer

        asked = self._describe_asked(visit.site, ask, response.url, visit.layout)
        answered = self.describe_answered(response)
        body = find_readable(response)
        reading = read_answer(asked, answered, body)
        answered = judge_ending(answered, body, reading, visit.endings)
        if response.status in GONE and visit.is_promised(ask.address):
            answered = replace(answered, problems=(*answered.problems, PROMISED_PAGE))
        if reading and reading.article and visit.gate.is_emptied(ask.address, reading):
            answered = replace(answered, problems=(*answered.problems, EMPTIED))
        if bug := find_bug(reading):
            said = f"a bug in the reader: {response.url}: {bug}"
            say(said, event="bug", office=visit.site.label, level=logging.ERROR)
        if reading:
            is_cut = any(problem.field == CUT for problem in answered.problems)
            reading = visit.leave_news(visit.gate.judge(ask.address, reading, is_cut))
        return reading, make_capture(asked, answered, response.body, reading)

    def _take_failure(self, failure: Failure) -> tuple[Visit, Ask, Capture]:
        """Make a record of a failed fetch."""
        request: Request = failure.request  # type: ignore[attr-defined]
        visit, ask = self._find_visit(request)
        asked = self._describe_asked(visit.site, ask, request.url)
        return visit, ask, self._make_failure(asked, describe_failure(failure.value))

    def _make_failure(self, asked: Asked, error: str) -> Capture:
        from kpucrawl.captures import Answered, make_capture

        return make_capture(asked, Answered(datetime.now(UTC), error=error), None, None)

    def _describe_asked(
        self, site: Site, ask: Ask, url: str, layout: Layout | None = None
    ) -> Asked:
        from kpucrawl.captures import Asked

        page = ask.address.key.pair if ask.address.key else None
        return Asked(site, url, ask.address.canonical, page, ask.validated, layout)

    def describe_answered(self, response: Response) -> Answered:
        """What came of a request, without the bytes."""
        from kpucrawl.captures import Answered

        redirects = 300 <= response.status < 400 and response.status != UNCHANGED
        transport = find_transport(response)
        failed = transport is not None and transport.failure and response.status < 300
        return Answered(
            at=datetime.now(UTC),
            status=None if failed else response.status,
            headers=join_headers(response),
            error=transport.failure if transport and failed else None,
            problems=transport.problems if transport else (),
            target=find_target(response) if redirects else None,
            tls=self._judge_tls(response),
        )

    def _go_on(
        self, visit: Visit, ask: Ask, answer: Answer, reading: PageReading | None, capture: Capture
    ) -> Iterator[Request]:
        redirects = answer in (Answer.REDIRECT, Answer.AWAY)
        target = capture.answered_url if redirects else None
        follow: list[Ask] = list(visit.redirect(ask, target)) if target else []
        yield from self._requests(visit, follow)
        if ask.address.kind == "listing":
            if answer in (Answer.LISTING, Answer.EMPTY) and reading and reading.listing:
                yield from self._requests(visit, visit.follow_listing(ask.address, reading))
            elif not any(one.address.canonical == ask.address.canonical for one in follow):
                yield from self._requests(visit, visit.skip_listing(ask.address))
        elif reading and answer in (Answer.ARTICLE, Answer.PAGE):
            yield from self._requests(visit, visit.follow_page(reading, chain=ask.chain))
        if not visit.opened and not follow:
            yield from self._requests(visit, visit.go_on(reading))

    def _open_visit(self, site: Site) -> Visit:
        quiet_pages = self.settings.getint("QUIET_PAGES")
        now = datetime.now(UTC)
        visit = Visit(site, self.arguments, self.run.frontier, now=now, quiet_pages=quiet_pages)
        if content := self.run.frontier.find_layout(site.code):
            from kpucrawl.learning import load_layout

            visit.take_layout(load_layout(content))
        return self.run.fleet.begin(visit)

    def _find_visit(self, request: Request | None) -> tuple[Visit, Ask]:
        """Recover what a request was asked for; a request typed into `scrapy parse` opens its own
        visit."""
        if request is not None and "ask" in request.meta:
            return self.run.fleet.visits[request.meta["visit"]], request.meta["ask"]
        site = self.find_sites()[0]
        visit = self.run.fleet.visits.get(site.label) or self._open_visit(site)
        visit.opened = True
        visit.waiting += 1
        return visit, Ask.parse(request.url if request else "/")

    def _requests(self, visit: Visit, asks: Iterable[Ask]) -> Iterator[Request]:
        return (self._make_request(visit, ask) for ask in asks)

    def _make_request(self, visit: Visit, ask: Ask) -> Request:
        visit.waiting += 1
        if isinstance(ask, FileAsk):
            return self.files.make_request(visit, ask)
        return Request(
            f"{self.settings['SITE_SCHEME']}://{visit.site.host}{ask.path}",
            callback=self.parse,
            errback=self.handle_failure,
            priority=ask.priority,
            headers=dict(ask.headers),
            meta={"visit": visit.site.label, "ask": ask, "dont_redirect": True},
        )

    def _judge_tls(self, response: Response) -> str:
        if not response.url.startswith("https:"):
            return "none"
        return "verified" if self.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES") else "unverified"
