"""The crawl itself: requests out, answers in, every answer or failure an item for the archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urljoin

from scrapy import Request, Spider, signals
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from archive.records import Capture, Walk
from kpucrawl.arguments import Arguments
from kpucrawl.outcome import ExitCode, Outcome, classify_answer, judge_run, judge_visit, tell_counts
from kpucrawl.visit import Ask, Frontier, NoArchive, Visit

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from kpucrawl.extract.records import PageReading
    from kpucrawl.sites import Site

Found = Iterator[Request | Capture | Walk]

FAILURES = {
    CannotResolveHostError: "the host name does not resolve",
    DownloadConnectionRefusedError: "connection refused",
    DownloadTimeoutError: "no answer in time",
    DownloadCancelledError: "the page is larger than DOWNLOAD_MAXSIZE",
    ResponseDataLossError: "the answer broke off",
    DownloadFailedError: "connection failed",
}
"""What went wrong with a request, in words that stay the same from one Scrapy to the next."""


class KpuSpider(Spider):
    """Visits offices. What to ask next is `Visit`'s to say; this turns it into requests and answers into items."""

    more_arguments: ClassVar[tuple[str, ...]] = ()
    """Arguments a subclass takes beside those of `Arguments`."""

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        super().__init__(name)
        self.given = arguments
        self.arguments = Arguments.parse(arguments, also=self.more_arguments)
        self.frontier: Frontier = NoArchive()
        self.visits: dict[str, Visit] = {}
        self.storage_error: str | None = None
        """Set when the archive could not be written."""
        self.signal: int | None = None
        """The signal that asked the run to end early."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider of one crawl; what raises in it counts as a bug, which Scrapy's exit code would hide."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        for signal in (signals.spider_error, signals.item_error):
            crawler.signals.connect(spider.note_bug, signal)
        return spider

    def note_bug(self, response: Response | None) -> None:
        """Count an exception that was raised for an answer, or anywhere."""
        request = response.request if response is not None else None
        label = request.meta.get("visit") if request is not None else None
        visit = self.visits.get(label or "") or next(iter(self.visits.values()), None)
        if visit is not None:
            visit.count("bug", f"a bug: {response.url if response is not None else self.name}")

    def find_sites(self) -> tuple[Site, ...]:
        """The offices to visit."""
        raise NotImplementedError

    async def start(self) -> AsyncIterator[Any]:
        """Open a visit to each office."""
        for site in self.find_sites():
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

    def handle_failure(self, failure: Failure) -> Found:
        """Archive a failed fetch as a row, then go on behind it."""
        visit, ask, capture = self._take_failure(failure)
        yield capture
        if ask.address.kind == "listing":
            yield from self._requests(visit, visit.skip_listing(ask.address))
        if ask.address.kind == "home":
            visit.opened = True  # nothing answers: nothing else is asked

    def finish_visits(self) -> Iterator[Walk]:
        """Say of every listing how far it was walked."""
        for visit in self.visits.values():
            yield from (
                Walk(visit.site.code, walk.category, walk.page, bool(walk.complete), datetime.now(UTC))
                for walk in visit.walks.values()
            )

    def judge(self) -> Outcome:
        """Tell how the run went so far."""
        said = tell_counts(self.count())
        if self.storage_error:
            return Outcome(ExitCode.STORAGE, f"stopped: the archive cannot be written: {self.storage_error}")
        if self.signal:
            return Outcome(ExitCode(128 + self.signal), f"interrupted; the next run goes on from here; {said}")
        return judge_run({label: judge_visit(v.site, v.counts, v.first_error) for label, v in self.visits.items()})

    def count(self) -> Counter[str]:
        """The outcomes of all requests of the run."""
        return sum((visit.counts for visit in self.visits.values()), Counter())

    def _take_answer(self, visit: Visit, ask: Ask, response: Response) -> tuple[PageReading | None, str]:
        """Read an answer, and count what it came to."""
        reading = None if 300 <= response.status < 400 else self._read(response, visit)
        kind, problems = (reading.kind, reading.problems) if reading else ("other", ())
        turned_away = any(problem.field == "access" for problem in problems)
        outcome = classify_answer(response.status, kind, ask.address.kind == "article", turned_away)
        visit.count(outcome, f"{response.status} for {response.url}" + (f" ({reading.kind})" if reading else ""))
        return reading, outcome

    def _take_failure(self, failure: Failure) -> tuple[Visit, Ask, Capture]:
        """Count a failed fetch, and make a record of it."""
        request: Request = failure.request  # type: ignore[attr-defined]
        visit, ask = self._find_visit(request)
        error = describe_failure(failure.value)
        visit.count("robots" if error.startswith("refused by robots.txt") else "failed", f"{error}: {request.url}")
        page = ask.address.key.pair if ask.address.key else None
        at = datetime.now(UTC)
        return visit, ask, Capture(visit.site.code, request.url, ask.address.canonical, at, page, error=error)

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
        visit = self.visits[site.label] = Visit(site, self.arguments, self.frontier, quiet_pages)
        return visit

    def _find_visit(self, request: Request | None) -> tuple[Visit, Ask]:
        """Recover what a request was asked for; a request typed into `scrapy parse` opens its own visit."""
        if request is not None and "ask" in request.meta:
            return self.visits[request.meta["visit"]], request.meta["ask"]
        site = self.find_sites()[0]
        visit = self.visits.get(site.label) or self._open_visit(site)
        visit.opened = True
        return visit, Ask.parse(request.url if request else "/")

    def _requests(self, visit: Visit, asks: Iterator[Ask] | list[Ask]) -> Iterator[Request]:
        return (self._make_request(visit, ask) for ask in asks)

    def _make_request(self, visit: Visit, ask: Ask) -> Request:
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
            return read_page(response.body, response.url, headers=headers, fetched_at=datetime.now(UTC), zone=zone)
        except Exception:
            self.logger.exception("a bug in the reader: %s", response.url)
            visit.count("bug", f"a bug in the reader: {response.url}")
            return None

    def _capture_answer(
        self, site: Site, ask: Ask, response: Response, reading: PageReading | None, target: str | None
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
            tls=self._tell_tls(response),
            reading=to_record(reading) if reading else None,
        )

    def _tell_tls(self, response: Response) -> str:
        if not response.url.startswith("https:"):
            return "none"
        return "verified" if self.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES") else "unverified"


def describe_failure(error: BaseException | None) -> str:
    """Say in one line why a request failed."""
    if isinstance(error, IgnoreRequest):
        return "refused by robots.txt" if str(error) == "Forbidden by robots.txt" else str(error)
    words = next((words for kind, words in FAILURES.items() if isinstance(error, kind)), type(error).__name__)
    said = " ".join(str(error).split())[:200]
    return f"{words}: {said}" if said and not isinstance(error, DownloadCancelledError) else words


def find_target(response: Response) -> str | None:
    """The absolute address that an answer redirects to."""
    location = response.headers.get("Location")
    return urljoin(response.url, location.decode("latin-1")) if location else None


def join_headers(response: Response) -> dict[str, str]:
    """The answer's headers as text, repeated ones joined with a comma. The body is decoded already."""
    return {
        name.decode("latin-1"): ", ".join(value.decode("latin-1") for value in values)
        for name, values in response.headers.items()
    }
