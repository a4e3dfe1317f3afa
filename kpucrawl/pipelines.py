"""From a capture to rows: digests first, then the archive's writer."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.request import getproxies

from archive.database.engine import check_free_space, open_writer, read
from archive.database.faults import describe_error, is_storage_fault
from archive.database.locks import name_process
from archive.database.secrets import hide_user
from archive.frontier import ArchiveFrontier
from archive.ingest.salvage import Loss
from archive.ingest.writer import Writer, begin_run, close_killed_visits, end_run, upsert_offices
from archive.records import (
    Capture,
    FileCapture,
    Key,
    Office,
    Record,
    RunEnd,
    RunStart,
    WantedFile,
)
from archive.samples import ArchiveSamples
from archive.search.upkeep import find_folder, open_current
from kpucrawl.captures import add_digests
from kpucrawl.crawl.console import say
from kpucrawl.crawl.files import FileWish, choose_files
from kpucrawl.crawl.frontier import Frontier
from kpucrawl.sites import Sites, load_sites
from kpucrawl.spiders.answers import RunEnding, StorageFailed
from kpucrawl.spiders.base import KpuSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from sqlalchemy import Engine

    from kpucrawl.crawl.asks import Ask
    from kpucrawl.crawl.visit import Visit
    from kpucrawl.extract.layouts.model import Layout
    from kpucrawl.learning import Studied, Study

T = TypeVar("T")
logger = logging.getLogger(__name__)

COLLECTED = 5_000, 20
"""New objects before a collection, and of those before one that looks further: a parsed page has
thousands and no circles. With Python's 700 and 10 they took 3 % of a crawl, and no memory less."""
STORAGE_FAILED = "storage"
"""The reason a crawl closes with when its archive cannot be written."""


class DeduplicatePipeline:
    """Tells which text an article is, by two digests: the same on its page is no new revision, the
    same on another page is a copy. Nothing is dropped: every visit is evidence."""

    def process_item(self, item: Record) -> Record:
        """Return the capture with the digests of its title and body."""
        return add_digests(item) if isinstance(item, Capture) else item


class ArchivePipeline:
    """Hands records to the archive's writer thread, and stops the crawl when that fails."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.url = crawler.settings["ARCHIVE_URL"]
        self.least_free = crawler.settings.getint("LEAST_FREE_BYTES")
        self.stopping: asyncio.Future[None] | None = None
        self.engine: Engine | None = None
        self.writer: Writer | None = None
        self.run_id = 0
        self.wish = read_wish(crawler.settings)
        self.keepers = ThreadPoolExecutor(1, "files")
        """Files are written and read one at a time, beside the crawl."""
        self.students = ThreadPoolExecutor(1, "study")
        """One office is studied at a time: it is work for the processor alone."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchivePipeline:
        """Make the pipeline of one crawl."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Open the archive, make or migrate it if needed, and begin a run."""
        self.loop = asyncio.get_running_loop()
        with self._noting_failure():
            self._begin(self._spider)
        gc.freeze()  # what is loaded by now stays: no collection need look at it again
        gc.set_threshold(*COLLECTED)

    def _begin(self, spider: KpuSpider) -> None:
        settings = self.crawler.settings
        self.engine = open_writer(self.url, say=logger.info)
        upsert_offices(
            self.engine,
            list_offices(
                load_sites(settings.get("SITES_CORRECTIONS"), settings.getlist("OTHER_HOSTS"))
            ),
            datetime.now(UTC),
        )
        spider.run.frontier = guard_frontier(ArchiveFrontier(self.engine), self._fail)
        spider.run.keep = self.process_item
        spider.run.study, spider.run.learn = self.study, self.learn
        if self.wish.kinds and self.wish.budget:
            spider.run.find_files, spider.run.keep_file = self.find_files, self.keep_file
        close_killed_visits(self.engine, [site.code for site in spider.find_sites()])
        self.run_id = begin_run(self.engine, describe_run(spider))
        self.writer = Writer(
            self.engine,
            self.run_id,
            captures=settings.getint("ARCHIVE_BATCH_CAPTURES"),
            seconds=settings.getfloat("ARCHIVE_BATCH_SECONDS"),
            on_failure=self._stop_from_thread,
            on_loss=self._note_loss,
        )

    def process_item(self, item: Record) -> Record:
        """Queue one record; it is in the archive with the next batch. What comes after a failure is
        fetched again."""
        with self._noting_failure():
            check_free_space(self.url, self.least_free)
            if self.writer:
                self.writer.put(item)
        if self._spider.run.storage_error:
            self.stopping = self.stopping or asyncio.ensure_future(self._stop())
        return item

    async def study(self, visit: Visit) -> Studied | None:
        """Learn from what is archived of an office, beside the crawl. Raise RunEnding when the run
        ends meanwhile."""
        return await self._let_work(self._open_study(visit).go, visit.learnt_early)

    async def learn(self, visit: Visit, keys: Sequence[Key]) -> Layout | None:
        """Learn the template of these articles of an office; else as `study`."""
        study = self._open_study(visit)
        return await self._let_work(study.begin, keys, visit.firsts.listings)

    async def find_files(self, visit: Visit) -> Sequence[Ask]:
        """The files of an office that a visit asks for, as the archive knows them by now."""
        with self._noting_failure():
            find = partial(self._find_wanted, visit.site.code, datetime.now(UTC))
            wanted = await self.loop.run_in_executor(self.keepers, find)
            visit.files_left = self.wish.budget
            return visit.afford_files(choose_files(wanted, visit.site.host))
        return ()

    def _find_wanted(self, site: str, now: datetime) -> Sequence[WantedFile]:
        from archive.files.wanted import find_wanted

        assert self.engine is not None and self.writer is not None
        self.writer.flush()
        with read(self.engine) as connection:
            return find_wanted(connection, site, self.wish.kinds, now)

    async def keep_file(self, record: FileCapture, data: bytes | None) -> None:
        """Keep a file that came, its bytes before its row."""
        if data is not None:
            with self._noting_failure():
                check_free_space(self.url, self.least_free)
                keep = partial(self._keep_bytes, record, data)
                self.process_item(await self.loop.run_in_executor(self.keepers, keep))
        else:
            self.process_item(record)

    def _keep_bytes(self, record: FileCapture, data: bytes) -> FileCapture:
        from archive.files.keeping import doubt_file, keep_file
        from archive.files.store import FileStore, find_files_folder

        folder = find_files_folder(self.url, self.crawler.settings["FILES_FOLDER"])
        kept = keep_file(FileStore(folder), data, record.capture.fetched_at)
        problems = (*record.capture.problems, *doubt_file(kept, record.link))
        return replace(record, file=kept, capture=replace(record.capture, problems=problems))

    def _open_study(self, visit: Visit) -> Study:
        from kpucrawl.learning import Study

        assert self.engine is not None
        return Study(ArchiveSamples(self.engine, visit.site.code), visit.site, self.run_id)

    async def _let_work(self, work: Callable[..., T], *given: Any) -> T | None:
        """Let a method of a study work in the thread of the students; None where the archive
        fails."""
        assert self.writer is not None
        means = datetime.now(UTC), self._keep_studied, self.writer.flush
        with self._noting_failure():
            do = partial(work, *given, *means)
            return await self.loop.run_in_executor(self.students, do)
        return None

    def _keep_studied(self, record: Record) -> None:
        """Called in the thread of the study."""
        if self._spider.run.ending.is_set() or self.writer is None:
            raise RunEnding
        check_free_space(self.url, self.least_free)
        self.writer.put(record)

    async def close_spider(self) -> None:
        """Write what is left, and how the run ended."""
        if self._spider.run.studies:
            self._spider.run.ending.set()
            await asyncio.gather(*self._spider.run.studies, return_exceptions=True)
        self.students.shutdown()
        self.keepers.shutdown()
        with self._noting_failure():
            self._spider.run.finish(datetime.now(UTC))
        if self.writer:
            with self._noting_failure():
                check_free_space(self.url, 0)
            with self._noting_failure():
                await asyncio.to_thread(self.writer.close)
        if self.engine:
            with self._noting_failure():
                end_run(self.engine, self.run_id, summarise_run(self._spider))
            await asyncio.to_thread(self._update_index, self.engine)
            self.engine.dispose()

    def _update_index(self, engine: Engine) -> None:
        """Bring the search index up to date. It is no part of the archive: where that fails, the
        next search or run does it."""
        try:
            with read(engine) as connection:
                folder = find_folder(connection, self.crawler.settings["INDEX_FOLDER"])
                open_current(connection, folder, logger.info, grows=True)
        except Exception as error:  # noqa: BLE001 - told; all that was crawled is kept
            logger.warning("the search index was not brought up to date: %s", describe_error(error))

    @contextmanager
    def _noting_failure(self) -> Iterator[None]:
        """Keep what the archive says when it cannot be written: the run's outcome tells it,
        once."""
        try:
            yield
        except StorageFailed:
            return  # told where it was raised
        except Exception as error:
            if not is_storage_fault(error):
                raise
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        """Let the run end: nothing more can be kept."""
        self._spider.run.fail_storage(describe_error(error))
        self._spider.run.ending.set()

    def _note_loss(self, loss: Loss) -> None:
        """Called in the writer's thread for an answer that could not be kept whole."""
        self._spider.run.unkept += 1
        said = f"{loss.url}: not archived whole: {loss.why}"
        say(said, event="unkept", office=loss.site, level=logging.ERROR)

    @property
    def _spider(self) -> KpuSpider:
        assert isinstance(self.crawler.spider, KpuSpider)
        return self.crawler.spider

    def _stop_from_thread(self, error: BaseException) -> None:
        """Called in the writer's thread when a batch could not be written."""
        self._spider.run.fail_storage(describe_error(error))
        self.loop.call_soon_threadsafe(self._spider.run.ending.set)
        asyncio.run_coroutine_threadsafe(self._stop(), self.loop)

    async def _stop(self) -> None:
        assert self.crawler.engine is not None
        self._spider.run.ending.set()
        await self.crawler.engine.close_spider_async(reason=STORAGE_FAILED)


def guard_frontier(frontier: ArchiveFrontier, fail: Callable[[BaseException], None]) -> Frontier:
    """The same questions; where the archive cannot answer, `fail` is told and the run ends."""

    class Guarded:
        def __getattr__(self, name: str) -> Callable[..., Any]:
            ask = getattr(frontier, name)

            def ask_or_end(*values: Any, **named: Any) -> Any:
                try:
                    return ask(*values, **named)
                except Exception as error:
                    if not is_storage_fault(error):
                        raise
                    fail(error)
                    raise StorageFailed(STORAGE_FAILED) from error

            return ask_or_end

    return cast("Frontier", Guarded())


def read_wish(settings: BaseSettings) -> FileWish:
    """Which files a run is asked for; raise ArgumentError."""
    return FileWish.parse(str(settings["FILES"] or ""), str(settings["FILES_BUDGET"]))


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
        name_process(),
    )


def summarise_run(spider: KpuSpider) -> RunEnd:
    """How this run ended, with the counts of all its visits."""
    outcome = spider.run.judge()
    return RunEnd(
        datetime.now(UTC), int(outcome.code), outcome.text, dict(spider.run.fleet.count())
    )
