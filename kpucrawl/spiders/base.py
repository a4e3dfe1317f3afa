"""The crawl itself: requests out, answers in, every answer or failure an item for the archive."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Request, Spider, signals

from archive.records import Capture, KnownRobots
from archive.watch.verdicts import UNCHANGED, Answer
from kpucrawl.crawl.arguments import Arguments
from kpucrawl.crawl.console import say
from kpucrawl.crawl.fleet import Fleet
from kpucrawl.crawl.outcome import Outcome
from kpucrawl.crawl.run import RunState
from kpucrawl.crawl.visit import HOME, Ask, Visit
from kpucrawl.extract.urls import Address
from kpucrawl.spiders.answers import RunEnding, describe_failure, find_target, join_headers

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from kpucrawl.captures import Answered, Asked
    from kpucrawl.extract.records import PageReading
    from kpucrawl.sites import Site

Found = Iterator[Request | Capture]

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
        self.places = asyncio.Semaphore()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider of one crawl; what raises in it counts as a bug, which Scrapy's exit code
        would hide."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.note_bug, signals.item_error)
        crawler.signals.connect(spider.end_answer, signals.spider_error)
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
            self._settle(visit)

    def find_sites(self) -> tuple[Site, ...]:
        """The offices to visit."""
        raise NotImplementedError

    def order_sites(self) -> Sequence[Site]:
        """The offices in the order of their visits."""
        return self.find_sites()

    async def start(self) -> AsyncIterator[Any]:
        """Open a visit to each office, as many at a time as there may be requests under way."""
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
        yield from self._go_on(visit, ask, answer, reading, capture)
        self._settle(visit)

    def handle_failure(self, failure: Failure) -> Found:
        """Archive a failed fetch as a row, then go on behind it."""
        if isinstance(failure.value, RunEnding):
            return
        visit, ask, capture = self._take_failure(failure)
        visit.count_capture(capture, ask.is_unread)
        yield capture
        if ask.address.kind == "listing":
            yield from self._requests(visit, visit.skip_listing(ask.address))
        if ask.address.kind == "home":
            visit.opened = True  # nothing answers: nothing else is asked
        self._settle(visit)

    def describe_outcome(self) -> Outcome:
        """Tell how the run went so far."""
        return self.run.judge()

    def keep_robots(
        self, robots: Request, request: Request, answer: Response | Exception
    ) -> Capture:
        """Archive the answer to an office's robots.txt, asked for on behalf of a request."""
        from kpucrawl.captures import make_capture, read_answer

        asked = self._describe_asked(self._find_visit(request)[0].site, ROBOTS, robots.url)
        if isinstance(answer, Exception):
            capture = self._make_failure(asked, describe_failure(answer))
        else:
            answered = self._describe_answered(answer)
            failed = answer.status >= 500
            reading = read_answer(asked, answered, answer.body) if failed else None
            capture = make_capture(asked, answered, answer.body, reading)
        self.run.keep(capture)
        return capture

    def count_robots(self, request: Request, capture: Capture) -> None:
        """Count a robots.txt without which nothing may be asked for."""
        self._find_visit(request)[0].count_capture(capture)

    def find_robots(self, request: Request) -> KnownRobots:
        """What the archive knows of the robots.txt that holds for a request."""
        return self.run.frontier.find_robots(self._find_visit(request)[0].site.code)

    def _settle(self, visit: Visit) -> None:
        """Behind each answer: end the visit when nothing more is waited for."""
        visit.waiting -= 1
        if not visit.waiting:
            for record in self.run.fleet.end(visit):
                self.run.keep(record)
            self.places.release()

    def _take_answer(
        self, visit: Visit, ask: Ask, response: Response
    ) -> tuple[PageReading | None, Capture]:
        """Read an answer, and make a record of it."""
        from kpucrawl.captures import find_bug, make_capture, read_answer

        asked = self._describe_asked(visit.site, ask, response.url)
        answered = self._describe_answered(response)
        reading = read_answer(asked, answered, response.body)
        if bug := find_bug(reading):
            said = f"a bug in the reader: {response.url}: {bug}"
            say(said, event="bug", office=visit.site.label, level=logging.ERROR)
        if reading:
            reading = visit.leave_news(visit.gate.judge(ask.address, reading))
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

    def _describe_asked(self, site: Site, ask: Ask, url: str) -> Asked:
        from kpucrawl.captures import Asked

        page = ask.address.key.pair if ask.address.key else None
        return Asked(site, url, ask.address.canonical, page)

    def _describe_answered(self, response: Response) -> Answered:
        from kpucrawl.captures import Answered

        redirects = 300 <= response.status < 400 and response.status != UNCHANGED
        return Answered(
            at=datetime.now(UTC),
            status=response.status,
            headers=join_headers(response),
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
            yield from self._requests(visit, visit.follow_page(reading))
        if not visit.opened and not follow:
            yield from self._requests(visit, visit.go_on(reading))

    def _open_visit(self, site: Site) -> Visit:
        quiet_pages = self.settings.getint("QUIET_PAGES")
        return self.run.fleet.begin(Visit(site, self.arguments, self.run.frontier, quiet_pages))

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

    def _requests(self, visit: Visit, asks: Iterator[Ask] | list[Ask]) -> Iterator[Request]:
        return (self._make_request(visit, ask) for ask in asks)

    def _make_request(self, visit: Visit, ask: Ask) -> Request:
        visit.waiting += 1
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
