"""What a crawl shows while it runs."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from scrapy import signals
from scrapy.exceptions import NotConfigured

from kpucrawl.outcome import tell_counts
from kpucrawl.spiders.base import KpuSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class CrawlProgress:
    """A live line on a terminal: articles read of those found, and what fails. Elsewhere the log is enough."""

    def __init__(self, crawler: Crawler) -> None:
        if not sys.stderr.isatty():
            raise NotConfigured
        self.crawler = crawler
        crawler.signals.connect(self.open, signals.spider_opened)
        crawler.signals.connect(self.update, signals.response_received)
        crawler.signals.connect(self.close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrawlProgress:
        """Make the display of one crawl; raise NotConfigured where nobody looks."""
        return cls(crawler)

    def open(self) -> None:
        """Show the line, and keep log lines below warnings from breaking it."""
        for handler in logging.root.handlers:
            handler.setLevel(max(handler.level, logging.WARNING))
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[said]}"),
            TimeElapsedColumn(),
        )
        self.display = Progress(*columns, console=Console(stderr=True))
        self.task = self.display.add_task(self._spider.name, total=None, said="")
        self.display.start()

    def update(self) -> None:
        """Show the counts as they stand."""
        counts = self._spider.count()
        asked = sum(visit.articles_asked for visit in self._spider.visits.values())
        self.display.update(self.task, completed=counts["article"], total=max(asked, 1), said=tell_counts(counts))

    def close(self) -> None:
        """Leave the terminal as it was."""
        self.update()
        self.display.stop()

    @property
    def _spider(self) -> KpuSpider:
        assert isinstance(self.crawler.spider, KpuSpider)
        return self.crawler.spider
