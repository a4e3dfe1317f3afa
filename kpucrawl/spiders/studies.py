"""Offices are studied beside the crawl: learning takes its time, and what it shows is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING

from scrapy.exceptions import DontCloseSpider

from kpucrawl.spiders.answers import RunEnding, StorageFailed

if TYPE_CHECKING:
    from archive.records import Key
    from kpucrawl.crawl.asks import Ask
    from kpucrawl.crawl.visit import Visit
    from kpucrawl.spiders.base import KpuSpider


class Studies:
    """The studies of one run. A visit under study waits for it as for an answer."""

    def __init__(self, spider: KpuSpider) -> None:
        self.spider, self.run = spider, spider.run

    def begin_early(self, visit: Visit) -> None:
        """Learn from the first articles of a first crawl, when they are there."""
        if not self.run.learn or visit.layout is not None or self.run.ending.is_set():
            return
        if keys := visit.firsts.take():
            visit.waiting += 1
            self._start(visit, self._learn(visit, keys))

    def begin(self, visit: Visit) -> bool:
        """Study what was captured of an office that nothing more is asked of; whether it is."""
        if not (self.run.study and visit.studies_left) or self.run.ending.is_set():
            return False
        visit.studies_left -= 1
        visit.waiting += 1
        self._start(visit, self._study(visit))
        return True

    def begin_files(self, visit: Visit) -> bool:
        """Look for the files that an office offers and that are not held, once; whether it is
        done. Only where the office answers with real pages."""
        is_over = visit.files_left is not None or self.run.ending.is_set()
        if self.run.find_files is None or is_over or not visit.resumed:
            return False
        visit.files_left = 0
        visit.waiting += 1
        self._start(visit, self.run.find_files(visit))
        return True

    def wait(self) -> None:
        """Keep the crawl open while offices are studied: nothing is asked for meanwhile."""
        if self.run.studies:
            raise DontCloseSpider

    def _start(self, visit: Visit, work: Awaitable[Sequence[Ask]]) -> None:
        study = asyncio.ensure_future(self._end(visit, work))
        study.add_done_callback(self.run.studies.discard)
        self.run.studies.add(study)

    async def _learn(self, visit: Visit, keys: Sequence[Key]) -> Sequence[Ask]:
        assert self.run.learn is not None
        visit.take_firsts(await self.run.learn(visit, keys))
        return ()

    async def _study(self, visit: Visit) -> Sequence[Ask]:
        assert self.run.study is not None
        studied = await self.run.study(visit)
        asks = list(visit.take_study(studied)) if studied else []
        visit.studies_left *= bool(asks)
        return asks

    async def _end(self, visit: Visit, work: Awaitable[Sequence[Ask]]) -> None:
        """Wait for a study, then ask for what it shows."""
        asks: Sequence[Ask] = ()
        try:
            asks = await work
        except (RunEnding, StorageFailed):
            return  # its visit ends with the run
        except Exception:
            visit.count_bug(f"a bug in learning from {visit.site.label}")
            self.spider.logger.exception("learning from %s", visit.site.label)
        await self._go_back(visit, asks)

    async def _go_back(self, visit: Visit, asks: Sequence[Ask]) -> None:
        """Go on behind a study; where nothing is left to ask for, the crawl is over."""
        engine = self.spider.crawler.engine
        assert engine is not None
        self.spider.ask(visit, asks)
        self.spider.settle(visit)
        if task := asyncio.current_task():
            self.run.studies.discard(task)
        if not self.run.studies and not self.run.ending.is_set() and engine.spider_is_idle():
            await engine.close_spider_async(reason="finished")
