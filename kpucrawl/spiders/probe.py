"""The spider of `scrapy probe`: an office's spider that asks for what a `Probe` wants and archives
nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals

from kpucrawl.crawl.outcome import Outcome, classify_answer, describe_counts
from kpucrawl.probing.plan import PAGES, Answer, Probe, Step
from kpucrawl.spiders.answers import find_target
from kpucrawl.spiders.office import OfficeSpider

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from kpucrawl.crawl.visit import Visit
    from kpucrawl.extract.records import PageReading


class ProbeSpider(OfficeSpider):
    """Asks one office a dozen times; the answers are in `probe`."""

    custom_settings = {"ITEM_PIPELINES": {}, "RETRY_ENABLED": False}  # noqa: RUF012 - as Scrapy declares it

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider, and have it told of robots.txt, which the crawler itself asks for."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.note_robots, signals.response_received)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first page."""
        self.visit = self._open_visit(self.site)
        self.probe = Probe(self.site)
        yield self._make_step(self.probe.start())

    def parse(self, response: Response) -> Iterator[Request]:
        """Note an answer, then ask for what it leads to."""
        visit, step = self._find_visit(response.request)
        assert isinstance(step, Step)
        reading, outcome = self._take_answer(visit, step, response)
        target = find_target(response) if outcome == "redirect" else None
        capture = self._capture_answer(visit.site, step, response, reading, target)
        yield from self._note(Answer(step, capture, outcome, reading))

    def handle_failure(self, failure: Failure) -> Iterator[Request]:
        """Note a failed fetch, then go on behind it."""
        _, step, capture = self._take_failure(failure)
        assert isinstance(step, Step)
        outcome = (
            "robots" if (capture.error or "").startswith("refused by robots.txt") else "failed"
        )
        yield from self._note(Answer(step, capture, outcome))

    def note_robots(self, response: Response, request: Request) -> None:
        """Keep robots.txt, whoever asked for it."""
        if request.meta.get("dont_obey_robotstxt"):
            step = Step.take(
                "robots", "/robots.txt", "the rules that are obeyed; asked for before anything else"
            )
            capture = self._capture_answer(self.site, step, response, None, None)
            self.probe.note_robots(
                Answer(step, capture, classify_answer(response.status, "other", False))
            )

    def judge(self) -> Outcome:
        """Tell how the probe went; a crawl that was interrupted goes on later, a probe does not."""
        outcome = super().judge()
        return (
            replace(outcome, text=f"interrupted; {describe_counts(self.count())}")
            if self.signal
            else outcome
        )

    def _note(self, answer: Answer) -> Iterator[Request]:
        step = self.probe.note(answer)
        if step is not None:
            yield self._make_step(step)

    def _make_step(self, step: Step) -> Request:
        return self._make_request(self.visit, step).replace(headers=dict(step.headers))

    def _read(self, response: Response, visit: Visit) -> PageReading | None:
        _, step = self._find_visit(response.request)
        return (
            super()._read(response, visit)
            if isinstance(step, Step) and step.role in PAGES
            else None
        )
