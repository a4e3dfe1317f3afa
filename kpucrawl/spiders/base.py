"""The crawl itself: requests out, answers in, every answer or failure an item for the archive."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Request, Spider, signals

from archive.records import Capture, KnownRobots, Record
from kpucrawl.crawl.arguments import Arguments
from kpucrawl.crawl.fleet import Fleet
from kpucrawl.crawl.frontier import Frontier, NoArchive
from kpucrawl.crawl.outcome import ExitCode, Outcome, classify_answer, describe_counts
from kpucrawl.crawl.visit import HOME, Ask, Visit
from kpucrawl.extract.urls import Address, is_api
from kpucrawl.spiders.answers import RunEnding, describe_failure, find_target, join_headers

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

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
        self.frontier: Frontier = NoArchive()
        self.keep: Callable[[Record], object] = lambda record: None
        """Takes what the archive is to know and no answer brings."""
        self.fleet = Fleet(tells=self.many)
        self.ending = asyncio.Event()
        """Set when the run is told to end early."""
        self.out_of_time = False
        self.places = asyncio.Semaphore()
        self.storage_error: str | None = None
        """Set when the archive could not be written."""
        self.signal: int | None = None
        """The signal that asked the run to end early."""

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
        visit = self.fleet.visits.get(request.meta.get("visit", "")) if request else None
        if visit is None:
            self.fleet.bugs += 1
        else:
            visit.count("bug", f"a bug: {request.url}")
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
        self.fleet.planned = len(sites)
        for site in sites:
            await self.places.acquire()
            visit = self._open_visit(site)
            for ask in visit.start():
                yield self._make_request(visit, ask)

    def parse(self, response: Response) -> Found:
        """Archive an answer, then ask for what it leads to."""
        visit, ask = self._find_visit(response.request)
        reading, outcome = self._take_answer(visit, ask, response)
        target = find_target(response) if outcome == "redirect" else None
        yield self._capture_answer(visit.site, ask, response, reading, target)
        yield from self._go_on(visit, ask, outcome, reading, target)
        self._settle(visit)

    def handle_failure(self, failure: Failure) -> Found:
        """Archive a failed fetch as a row, then go on behind it."""
        if isinstance(failure.value, RunEnding):
            return
        visit, ask, capture = self._take_failure(failure)
        yield capture
        if ask.address.kind == "listing":
            yield from self._requests(visit, visit.skip_listing(ask.address))
        if ask.address.kind == "home":
            visit.opened = True  # nothing answers: nothing else is asked
        self._settle(visit)

    def finish_visits(self) -> None:
        """End the visits that the end of the run cuts short."""
        for visit in list(self.fleet.visits.values()):
            for record in self.fleet.end(visit, cut=True):
                self.keep(record)

    def judge(self) -> Outcome:
        """Tell how the run went so far."""
        said = describe_counts(self.count())
        if self.storage_error:
            return Outcome(
                ExitCode.STORAGE, f"stopped: the archive cannot be written: {self.storage_error}"
            )
        if self.signal:
            return Outcome(
                ExitCode(128 + self.signal), f"interrupted; the next run goes on from here; {said}"
            )
        outcome = self.fleet.judge()
        if self.out_of_time:
            return Outcome(
                outcome.code, f"stopped by time; the next run goes on from here; {outcome.text}"
            )
        return outcome

    def count(self) -> Counter[str]:
        """The outcomes of all requests of the run."""
        return self.fleet.count()

    def keep_robots(self, robots: Request, request: Request, answer: Response | Exception) -> None:
        """Archive the answer to an office's robots.txt, asked for on behalf of a request."""
        site = self._find_visit(request)[0].site
        if isinstance(answer, Exception):
            at, error = datetime.now(UTC), describe_failure(answer)
            self.keep(Capture(site.code, robots.url, ROBOTS.address.canonical, at, error=error))
        else:
            self.keep(self._capture_answer(site, ROBOTS, answer, None, None))

    def count_robots(self, robots: Request, request: Request, answer: Response | Exception) -> None:
        """Count a robots.txt without which nothing may be asked for."""
        visit, _ = self._find_visit(request)
        if isinstance(answer, Exception):
            visit.count("failed", f"{describe_failure(answer)}: {robots.url}")
        else:
            self._take_answer(visit, ROBOTS, answer)

    def find_robots(self, request: Request) -> KnownRobots:
        """What the archive knows of the robots.txt that holds for a request."""
        return self.frontier.find_robots(self._find_visit(request)[0].site.code)

    def _settle(self, visit: Visit) -> None:
        """Behind each answer: end the visit when nothing more is waited for."""
        visit.waiting -= 1
        if not visit.waiting:
            for record in self.fleet.end(visit):
                self.keep(record)
            self.places.release()

    def _take_answer(
        self, visit: Visit, ask: Ask, response: Response
    ) -> tuple[PageReading | None, str]:
        """Read an answer, and count it by its kind."""
        visit.answered = True
        reading = None if 300 <= response.status < 400 else self._read(response, visit)
        if reading and reading.kind == "article" and response.status != 200:
            reading = None  # an error page has a headline too
        reading = visit.leave_news(reading) if reading else None
        kind, problems = (reading.kind, reading.problems) if reading else ("other", ())
        turned_away = any(problem.field == "access" for problem in problems)
        outcome = classify_answer(response.status, kind, ask.address.kind == "article", turned_away)
        is_empty = outcome == "listing" and not (
            reading and reading.listing and reading.listing.items
        )
        what = f"{response.status} for {response.url}" + (f" ({reading.kind})" if reading else "")
        if outcome == "missing" and is_api(ask.address):
            visit.count("page", what)  # that there is none is worth no word
        else:
            visit.count("empty" if is_empty else outcome, what)
        return reading, outcome

    def _take_failure(self, failure: Failure) -> tuple[Visit, Ask, Capture]:
        """Count a failed fetch, and make a record of it."""
        request: Request = failure.request  # type: ignore[attr-defined]
        visit, ask = self._find_visit(request)
        error = describe_failure(failure.value)
        visit.count(
            "robots" if error.startswith("refused by robots.txt") else "failed",
            f"{error}: {request.url}",
        )
        page = ask.address.key.pair if ask.address.key else None
        at = datetime.now(UTC)
        return (
            visit,
            ask,
            Capture(visit.site.code, request.url, ask.address.canonical, at, page, error=error),
        )

    def _go_on(
        self, visit: Visit, ask: Ask, outcome: str, reading: PageReading | None, target: str | None
    ) -> Iterator[Request]:
        follow: list[Ask] = list(visit.redirect(ask, target)) if target else []
        yield from self._requests(visit, follow)
        if ask.address.kind == "listing":
            if outcome == "listing" and reading:
                yield from self._requests(visit, visit.follow_listing(ask.address, reading))
            elif not any(one.address.canonical == ask.address.canonical for one in follow):
                yield from self._requests(visit, visit.skip_listing(ask.address))
        elif reading and outcome in ("article", "page"):
            yield from self._requests(visit, visit.follow_page(reading))
        if not visit.opened and not follow:
            yield from self._requests(visit, visit.go_on(reading))

    def _open_visit(self, site: Site) -> Visit:
        quiet_pages = self.settings.getint("QUIET_PAGES")
        return self.fleet.begin(Visit(site, self.arguments, self.frontier, quiet_pages))

    def _find_visit(self, request: Request | None) -> tuple[Visit, Ask]:
        """Recover what a request was asked for; a request typed into `scrapy parse` opens its own
        visit."""
        if request is not None and "ask" in request.meta:
            return self.fleet.visits[request.meta["visit"]], request.meta["ask"]
        site = self.find_sites()[0]
        visit = self.fleet.visits.get(site.label) or self._open_visit(site)
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

    def _read(self, response: Response, visit: Visit) -> PageReading | None:
        """Read an answer. A reader that raises is a bug; the bytes are archived all the same."""
        from kpucrawl.extract import read_page  # heavy, and `scrapy list` needs none of it

        headers, zone = join_headers(response), visit.site.timezone
        try:
            return read_page(
                response.body,
                response.url,
                headers=headers,
                fetched_at=datetime.now(UTC),
                zone=zone,
            )
        except Exception:
            self.logger.exception("a bug in the reader: %s", response.url)
            visit.count("bug", f"a bug in the reader: {response.url}")
            return None

    def _capture_answer(
        self,
        site: Site,
        ask: Ask,
        response: Response,
        reading: PageReading | None,
        target: str | None,
    ) -> Capture:
        from kpucrawl.captures import name_page, to_record

        return Capture(
            site=site.code,
            url=response.url,
            canonical=ask.address.canonical,
            fetched_at=datetime.now(UTC),
            page=ask.address.key.pair if ask.address.key else None,
            answered_url=target or response.url,
            answered_page=name_page(target, site) if target else None,
            status=response.status,
            headers=join_headers(response),
            body=None if response.status == 304 else response.body,
            tls=self._judge_tls(response),
            reading=to_record(reading) if reading else None,
        )

    def _judge_tls(self, response: Response) -> str:
        if not response.url.startswith("https:"):
            return "none"
        return "verified" if self.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES") else "unverified"
