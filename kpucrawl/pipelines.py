"""From a capture to rows: digests first, then the archive's writer."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.request import getproxies

from sqlalchemy.exc import DBAPIError

from archive.database.engine import ArchiveError, check_free_space, open_writer
from archive.database.secrets import hide_passwords, hide_user
from archive.frontier import ArchiveFrontier
from archive.ingest.digests import digest_text
from archive.ingest.writer import Writer, begin_run, close_killed_visits, end_run, upsert_offices
from archive.records import Capture, Office, Record, RunEnd, RunStart
from kpucrawl.extract.credits.spans import cut_spans
from kpucrawl.sites import Sites, load_sites
from kpucrawl.spiders.base import KpuSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

STORAGE_FAILED = "storage"
"""The reason a crawl closes with when its archive cannot be written."""


class DeduplicatePipeline:
    """Tells which text an article is, by two digests: the same on its page is no new revision, the
    same on another page is a copy. Nothing is dropped: every visit is evidence."""

    def process_item(self, item: Record) -> Record:
        """Return the capture with the digests of its title and body."""
        if not isinstance(item, Capture) or item.reading is None or item.reading.body is None:
            return item
        reading, body = item.reading, item.reading.body
        own = cut_spans(body, reading.credits)
        return replace(item, digests=digest_text(reading.title, body, own))


class ArchivePipeline:
    """Hands records to the archive's writer thread, and stops the crawl when that fails."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.url = crawler.settings["ARCHIVE_URL"]
        self.least_free = crawler.settings.getint("LEAST_FREE_BYTES")
        self.stopping: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchivePipeline:
        """Make the pipeline of one crawl."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Open the archive, make or migrate it if needed, and begin a run."""
        settings, spider = self.crawler.settings, self._spider
        self.loop = asyncio.get_running_loop()
        self.engine = open_writer(self.url, say=logger.info)
        upsert_offices(
            self.engine,
            list_offices(
                load_sites(settings.get("SITES_CORRECTIONS"), settings.getlist("OTHER_HOSTS"))
            ),
            datetime.now(UTC),
        )
        spider.run.frontier, spider.run.keep = ArchiveFrontier(self.engine), self.process_item
        close_killed_visits(self.engine, [site.code for site in spider.find_sites()])
        self.run_id = begin_run(self.engine, describe_run(spider))
        self.writer = Writer(
            self.engine,
            self.run_id,
            captures=settings.getint("ARCHIVE_BATCH_CAPTURES"),
            seconds=settings.getfloat("ARCHIVE_BATCH_SECONDS"),
            on_failure=self._stop_from_thread,
        )
        gc.freeze()  # what is loaded by now stays: no collection need look at it again

    def process_item(self, item: Record) -> Record:
        """Queue one record; it is in the archive with the next batch. What comes after a failure is
        fetched again."""
        with self._noting_failure():
            check_free_space(self.url, self.least_free)
            self.writer.put(item)
        if self._spider.run.storage_error:
            self.stopping = self.stopping or asyncio.ensure_future(self._stop())
        return item

    async def close_spider(self) -> None:
        """Write what is left, and how the run ended."""
        with self._noting_failure():
            self._spider.run.finish()
        with self._noting_failure():
            await asyncio.to_thread(self.writer.close)
        with self._noting_failure():
            end_run(self.engine, self.run_id, summarise_run(self._spider))
        self.engine.dispose()

    @contextmanager
    def _noting_failure(self) -> Iterator[None]:
        """Keep what the archive says when it cannot be written: the run's outcome tells it,
        once."""
        try:
            yield
        except (ArchiveError, DBAPIError) as error:
            self._spider.run.fail_storage(describe_error(error))

    @property
    def _spider(self) -> KpuSpider:
        assert isinstance(self.crawler.spider, KpuSpider)
        return self.crawler.spider

    def _stop_from_thread(self, error: BaseException) -> None:
        """Called in the writer's thread when a batch could not be written."""
        self._spider.run.fail_storage(describe_error(error))
        asyncio.run_coroutine_threadsafe(self._stop(), self.loop)

    async def _stop(self) -> None:
        assert self.crawler.engine is not None
        self._spider.run.ending.set()
        await self.crawler.engine.close_spider_async(reason=STORAGE_FAILED)


def describe_error(error: BaseException) -> str:
    """Say a failure in one line, without the SQL it happened in."""
    return hide_passwords(" ".join(str(getattr(error, "orig", None) or error).split()))


def list_offices(sites: Sites) -> list[Office]:
    """The offices as the archive keeps them."""
    return [
        Office(
            site.code,
            site.label,
            site.name,
            site.level,
            site.province_code,
            site.timezone,
            site.host,
            site.host_status,
        )
        for site in sites
    ]


def describe_run(spider: KpuSpider) -> RunStart:
    """What this run was asked to do, and through what."""
    scheme = spider.settings["SITE_SCHEME"]
    return RunStart(
        spider.name,
        spider.given,
        version("kpucrawl"),
        scheme,
        hide_user(getproxies().get(scheme, "")) or None,
        datetime.now(UTC),
    )


def summarise_run(spider: KpuSpider) -> RunEnd:
    """How this run ended, with the counts of all its visits."""
    outcome = spider.run.judge()
    return RunEnd(
        datetime.now(UTC), int(outcome.code), outcome.text, dict(spider.run.fleet.count())
    )
