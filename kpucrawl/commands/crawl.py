"""`scrapy crawl NAME`: Scrapy's own, with exit codes that tell what happened and errors of one
line.

Scrapy imports the commands at each start, `scrapy list` included: the archive is imported when a
crawl runs.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from types import FrameType
from typing import Any

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.crawler import Crawler, CrawlerProcessBase
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from kpucrawl.crawl.arguments import ArgumentError
from kpucrawl.crawl.console import JsonFormatter, open_console, say
from kpucrawl.crawl.outcome import ExitCode, Outcome
from kpucrawl.sites import Site
from kpucrawl.spiders.base import KpuSpider

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(CrawlCommand):
    """Runs one spider and leaves with the code of its outcome."""

    def short_desc(self) -> str:
        """The line shown in the list of commands."""
        return "Crawl one office by name, or many: semua"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Take the options of this command."""
        super().add_options(parser)
        parser.add_argument(
            "--json-log", action="store_true", help="log one JSON object a line, for machines"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Decide in which form the run and Scrapy speak."""
        super().process_options(args, opts)
        assert self.settings is not None
        if opts.json_log:
            log_as_json(self.settings)
        else:
            open_console(choose_form(self.settings))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl one office, or many; misuse is told in the form of the log."""
        from archive.database.engine import StorageError

        try:
            self._run(args, opts)
        except StorageError as error:
            said = f"the archive cannot be used now: {error}"
            say(said, event="storage", level=logging.ERROR)
            self.exitcode = int(ExitCode.STORAGE)
        except UsageError as error:
            if not opts.json_log:
                raise
            say(str(error), event="usage", level=logging.ERROR)
            self.exitcode = int(ExitCode.USAGE)

    def _run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check what can be checked before anything is asked for, then crawl."""
        from archive.database.locks import lock_offices, name_holder, name_process

        if len(args) != 1:
            raise UsageError(
                "name one office, or semua; `scrapy list` prints the names", print_help=False
            )
        assert self.crawler_process is not None and self.settings is not None
        crawler = self.crawler_process.create_crawler(args[0])
        sites = self._check(crawler, opts.spargs)
        who = name_holder(crawler.spidercls.name, name_process())
        with lock_offices(
            self.settings["ARCHIVE_URL"], [site.code for site in sites], who
        ) as locks:
            for site in sites:
                if holder := locks.taken.get(site.code):
                    said = f"{site.label} is being crawled by another run: {holder}"
                    say(said, event="locked", office=site.label, level=logging.WARNING)
            crawler.settings.set(
                "LOCKED_SITES", [site.label for site in sites if site.code in locks.taken]
            )
            self.exitcode = (
                int(self._crawl(crawler, opts.spargs)) if locks.held else int(ExitCode.LOCKED)
            )

    def _crawl(self, crawler: Crawler, arguments: dict[str, Any]) -> ExitCode:
        """Crawl to the end, and say how it ended."""
        from archive.database.engine import describe

        assert self.crawler_process is not None and self.settings is not None
        remind_of_contact(self.settings)
        say(f"archiving into {describe(self.settings['ARCHIVE_URL'])}", event="begin")
        self.crawler_process.crawl(crawler, **arguments)
        end_on_signals(self.crawler_process, crawler)
        self.crawler_process.start(install_signal_handlers=False)
        outcome = judge(crawler, bool(self.crawler_process.bootstrap_failed))
        say(outcome.text, event="end", level=logging.ERROR if outcome.code else logging.INFO)
        return outcome.code

    def _check(self, crawler: Crawler, arguments: dict[str, Any]) -> tuple[Site, ...]:
        """Find the offices to visit; raise UsageError for arguments or an archive that cannot
        work."""
        from archive.database.engine import ArchiveError, StorageError, open_writer
        from kpucrawl.pipelines import read_wish

        assert self.settings is not None
        try:
            spider = crawler.spidercls(**arguments)
            spider.settings = self.settings
            read_wish(self.settings)
            open_writer(self.settings["ARCHIVE_URL"], say=say).dispose()
            return spider.find_sites() if isinstance(spider, KpuSpider) else ()
        except StorageError:
            raise
        except (ArgumentError, ArchiveError) as error:
            raise UsageError(str(error), print_help=False) from error


def judge(crawler: Crawler, failed_to_start: bool) -> Outcome:
    """Tell how a crawl ended."""
    spider = crawler.spider
    if failed_to_start or not isinstance(spider, KpuSpider):
        return Outcome(ExitCode.BUG, "the crawl could not start, see the log")
    return spider.describe_outcome()


def end_on_signals(process: CrawlerProcessBase, crawler: Crawler) -> None:
    """End cleanly on the first SIGINT, SIGTERM or SIGHUP, remembering which; a second one ends at
    once. A hang-up that the caller ignores (`nohup`) is ignored."""
    from twisted.internet import reactor

    def end(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        if isinstance(crawler.spider, KpuSpider):
            crawler.spider.run.signal = number
            reactor.callFromThread(crawler.spider.run.ending.set)
        reactor.callFromThread(lambda: asyncio.ensure_future(process.stop()))  # type: ignore[attr-defined]

    for number in ENDING:
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)


def remind_of_contact(settings: BaseSettings) -> None:
    """Say so when the offices could not reach whoever crawls."""
    if not settings["CONTACT"]:
        say(
            "no contact in the user agent; let the offices reach you: export "
            "KPU_CONTACT=you@example.org"
        )


def choose_form(settings: BaseSettings) -> logging.Formatter:
    """The form of a run's lines: plain on a terminal, elsewhere with time and level, like those of
    the log."""
    plain = logging.Formatter("%(message)s")
    return (
        plain
        if sys.stderr.isatty()
        else logging.Formatter(settings["LOG_FORMAT"], settings["LOG_DATEFORMAT"])
    )


def log_as_json(settings: BaseSettings) -> None:
    """Write the run's lines and those of Scrapy and others as JSON, in place of Scrapy's own log on
    stderr."""
    settings.set("JSON_LOG", True, priority="cmdline")
    settings.set("LOG_ENABLED", False, priority="cmdline")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    handler.setLevel(settings["LOG_LEVEL"])
    logging.root.addHandler(handler)
    open_console(JsonFormatter())
