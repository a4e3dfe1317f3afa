"""The spider of `scrapy probe`: an office's spider that asks for what a `Probe` wants and archives
nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals

from archive.watch.verdicts import classify_answer, describe_counts, gather_facts
from kpucrawl.crawl.outcome import Outcome
from kpucrawl.probing.plan import PAGES, Answer, Probe, Step
from kpucrawl.spiders.office import OfficeSpider

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from archive.records import Capture
    from kpucrawl.crawl.asks import Ask
    from kpucrawl.crawl.visit import Visit
    from kpucrawl.extract.records import PageReading


class ProbeSpider(OfficeSpider):
    """Asks one office a few times; the answers are in `probe`."""

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
        reading, capture = self._take_answer(visit, step, response)
        outcome = visit.count_capture(capture)
        yield from self._note(Answer(step, capture, outcome, reading))

    def handle_failure(self, failure: Failure) -> Iterator[Request]:
        """Note a failed fetch, then go on behind it."""
        visit, step, capture = self._take_failure(failure)
        assert isinstance(step, Step)
        yield from self._note(Answer(step, capture, visit.count_capture(capture)))

    def note_robots(self, response: Response, request: Request) -> None:
        """Keep robots.txt, whoever asked for it."""
        if request.meta.get("dont_obey_robotstxt"):
            why = "the rules that are obeyed; asked for before anything else"
            step = Step.take("robots", "/robots.txt", why)
            _, capture = self._take_answer(self.visit, step, response)
            outcome = classify_answer(gather_facts(capture))
            self.probe.note_robots(Answer(step, capture, outcome))

    def describe_outcome(self) -> Outcome:
        """Tell how the probe went; a crawl that was interrupted goes on later, a probe does not."""
        outcome = self.run.judge()
        said = f"interrupted; {describe_counts(self.run.fleet.count())}"
        return replace(outcome, text=said) if self.run.signal else outcome

    def _take_answer(
        self, visit: Visit, ask: Ask, response: Response
    ) -> tuple[PageReading | None, Capture]:
        """Read pages alone: not feeds, files and rules."""
        if isinstance(ask, Step) and ask.role in PAGES:
            return super()._take_answer(visit, ask, response)
        from kpucrawl.captures import make_capture

        asked = self._describe_asked(visit.site, ask, response.url)
        answered = self.describe_answered(response)
        return None, make_capture(asked, answered, response.body, None)

    def _note(self, answer: Answer) -> Iterator[Request]:
        step = self.probe.note(answer)
        if step is not None:
            yield self._make_step(step)

    def _make_step(self, step: Step) -> Request:
        return self._make_request(self.visit, step).replace(headers=dict(step.headers))
