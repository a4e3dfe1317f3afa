"""`scrapy probe OFFICE`: a first look at an office that nobody has seen, and a bundle of all that
came.

Scrapy imports the commands at each start, `scrapy list` included: what only a probe needs is
imported when it runs.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from kpucrawl.commands.crawl import choose_form, end_on_signals, judge, remind_of_contact
from kpucrawl.crawl.console import open_console, say
from kpucrawl.crawl.outcome import ExitCode, Outcome
from kpucrawl.probing.plan import MOST_REQUESTS
from kpucrawl.spiderloader import make_spider_class
from kpucrawl.spiders.office import OfficeSpider
from kpucrawl.spiders.probe import ProbeSpider


class Command(ScrapyCommand):
    """Probes one office and leaves with the code that a crawl would have left with."""

    requires_project = True

    def syntax(self) -> str:
        """The command line."""
        return "[options] <office>"

    def short_desc(self) -> str:
        """The line shown in the list of commands."""
        return (
            f"Look at one office with {MOST_REQUESTS} requests, tell what was read, and keep "
            f"it as a bundle"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Take the options of this command."""
        super().add_options(parser)
        parser.add_argument(
            "--bundle", type=Path, metavar="FOLDER", help="default: bundles/OFFICE-TIME"
        )
        parser.add_argument(
            "--json", action="store_true", help="print the bundle's index instead of the report"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ask, keep what came, and tell about it."""
        from kpucrawl.probing.bundle import BundleError, make_folder

        assert self.crawler_process is not None and self.settings is not None
        open_console(choose_form(self.settings))
        began = datetime.now(UTC)
        crawler = self.crawler_process.create_crawler(self._find_spider(args))
        folder = opts.bundle or Path("bundles") / f"{args[0]}-{began:%Y%m%dT%H%M%SZ}"
        try:
            make_folder(folder)
        except BundleError as error:
            raise UsageError(str(error), print_help=False) from error
        remind_of_contact(self.settings)
        say(f"{MOST_REQUESTS} requests at most; the bundle will be {folder}")
        self.crawler_process.crawl(crawler)
        end_on_signals(self.crawler_process, crawler)
        self.crawler_process.start(install_signal_handlers=False)
        outcome = judge(crawler, bool(self.crawler_process.bootstrap_failed))
        outcome = self._finish(crawler, folder, began, outcome, opts.json)
        say(outcome.text)
        self.exitcode = int(outcome.code)

    def _find_spider(self, args: list[str]) -> type[OfficeSpider]:
        """The spider that probes the office named; raise UsageError."""
        assert self.settings is not None
        office = get_spider_loader(self.settings).load(args[0]) if len(args) == 1 else None
        if office is None or not issubclass(office, OfficeSpider):
            raise UsageError("name one office; `scrapy list` prints the names", print_help=False)
        return make_spider_class(office.site, office.sites, ProbeSpider)

    def _finish(
        self, crawler: Crawler, folder: Path, began: datetime, outcome: Outcome, as_json: bool
    ) -> Outcome:
        """Write the bundle and tell about it; return how the probe ended."""
        from kpucrawl.probing.bundle import BundleError, save_bundle, save_report, write_json
        from kpucrawl.probing.report import write_report
        from kpucrawl.probing.suspects import list_suspects
        from kpucrawl.probing.verdict import find_out

        spider = crawler.spider
        if not isinstance(spider, ProbeSpider):
            return outcome
        answers, index = spider.probe.answers, describe_probe(spider, began, outcome)
        try:
            save_bundle(folder, spider.site, index, answers)
            findings, suspects = find_out(answers), list_suspects(answers)
            report = write_report(answers, findings, suspects)
            save_report(folder, report)
        except BundleError as error:
            return Outcome(ExitCode.STORAGE, f"the bundle cannot be written: {error}")
        verdict = {"verdict": {one.about: one.said for one in findings}, "look_first_at": suspects}
        print(write_json({"bundle": str(folder)} | index | verdict) if as_json else report)
        return outcome


def describe_probe(spider: ProbeSpider, began: datetime, outcome: Outcome) -> dict[str, object]:
    """A probe as `index.json` has it."""
    from kpucrawl.extract.templates import READER_VERSION
    from kpucrawl.probing.bundle import list_answers

    return {
        "office": spider.site.label,
        "code": spider.site.code,
        "host": spider.site.host,
        "scheme": spider.settings["SITE_SCHEME"],
        "user_agent": spider.settings["USER_AGENT"],
        "version": version("kpucrawl"),
        "reader_version": READER_VERSION,
        "began": began,
        "ended": datetime.now(UTC),
        "exit_code": int(outcome.code),
        "outcome": outcome.text,
        "answers": list_answers(spider.probe.answers),
    }
