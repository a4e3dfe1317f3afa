"""What accompanies a crawl: a live display, and the end of its time."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections import deque
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text
from scrapy import signals
from scrapy.exceptions import NotConfigured

from archive.watch.verdicts import describe_counts
from kpucrawl.crawl.console import CONSOLE, make_printable
from kpucrawl.spiders.base import KpuSpider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.crawler import Crawler

SHOWN_TROUBLES = 5
REFRESH = 0.25
"""Seconds between two pictures."""
SAMPLES = 40
"""Pictures over which pages a second are counted."""


class TimeBound:
    """Lets a run know that CLOSESPIDER_TIMEOUT, which Scrapy itself keeps, is over: what still
    waits for its turn then waits no longer, and the outcome says why the run ended."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.seconds = crawler.settings.getfloat("CLOSESPIDER_TIMEOUT")
        if not self.seconds:
            raise NotConfigured
        crawler.signals.connect(self.open, signals.spider_opened)
        crawler.signals.connect(self.close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> TimeBound:
        """Make the bound of one crawl; raise NotConfigured where there is none."""
        return cls(crawler)

    def open(self) -> None:
        """Start the clock."""
        self.timer = asyncio.get_running_loop().call_later(self.seconds, self.end)

    def end(self) -> None:
        """Tell the spider."""
        if isinstance(self.crawler.spider, KpuSpider):
            self.crawler.spider.run.end_by_time()

    def close(self) -> None:
        """Stop the clock of a run that was done in time."""
        self.timer.cancel()


class CrawlDisplay:
    """A live picture on a terminal: how far the run is, pages a second, and what fails. Elsewhere
    the log is enough."""

    def __init__(self, crawler: Crawler) -> None:
        if not sys.stderr.isatty() or crawler.settings.getbool("JSON_LOG"):
            raise NotConfigured
        self.crawler = crawler
        self.samples: deque[tuple[float, int]] = deque(maxlen=SAMPLES)
        crawler.signals.connect(self.open, signals.spider_opened)
        crawler.signals.connect(self.close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrawlDisplay:
        """Make the display of one crawl; raise NotConfigured where nobody looks."""
        return cls(crawler)

    def open(self) -> None:
        """Show the picture, and let log lines stand above it."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
        )
        said = TextColumn("{task.fields[said]}", markup=False)
        self.progress = Progress(*columns, said, TimeElapsedColumn())
        self.task = self.progress.add_task(self._spider.name, total=None, said="")
        self.live = Live(console=Console(stderr=True), auto_refresh=False)
        self.live.start()
        self._redirect_log()
        self.refreshing = asyncio.ensure_future(self._refresh())

    def close(self) -> None:
        """Leave the terminal as it was."""
        self.refreshing.cancel()
        self._show()
        self.live.stop()
        self._redirect_log()

    async def _refresh(self) -> None:
        while True:
            self._show()
            await asyncio.sleep(REFRESH)

    def _show(self) -> None:
        """Draw the picture anew."""
        counts = self._spider.run.fleet.count()
        self.samples.append((time.monotonic(), sum(counts.values())))
        (began, before), (now, pages) = self.samples[0], self.samples[-1]
        rate = (pages - before) / max(now - began, REFRESH)
        done, total = self._count_work(counts["article"])
        said = f"{rate:.1f} pages/s, {describe_counts(counts)}"
        self.progress.update(self.task, completed=done, total=total, said=said)
        self.live.update(Group(self.progress, *self._list_troubles()), refresh=True)

    def _count_work(self, articles: int) -> tuple[int, int]:
        """What is done of what is known: offices of many, articles of one."""
        fleet = self._spider.run.fleet
        if self._spider.many:
            return len(fleet.results), fleet.planned
        asked = sum(visit.articles_asked for visit in fleet.visits.values())
        return articles, max(asked, articles, 1)

    def _list_troubles(self) -> Iterator[Text]:
        for line in self._spider.run.fleet.list_troubles()[-SHOWN_TROUBLES:]:
            yield Text(make_printable(line), style="yellow", no_wrap=True, overflow="ellipsis")

    def _redirect_log(self) -> None:
        """Let log handlers write to what is stderr now: while the display is on, rich makes room
        for their lines."""
        for handler in (*logging.root.handlers, *CONSOLE.handlers):
            if type(handler) is logging.StreamHandler:
                handler.setStream(sys.stderr)

    @property
    def _spider(self) -> KpuSpider:
        assert isinstance(self.crawler.spider, KpuSpider)
        return self.crawler.spider
