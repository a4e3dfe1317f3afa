"""The state of one run: what its parts tell each other, and how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from archive.records import FileCapture, Key, Record
from archive.watch.verdicts import describe_counts
from kpucrawl.crawl.fleet import Fleet
from kpucrawl.crawl.frontier import Frontier, NoArchive
from kpucrawl.crawl.outcome import ExitCode, Outcome

if TYPE_CHECKING:
    from kpucrawl.crawl.asks import Ask
    from kpucrawl.crawl.visit import Visit
    from kpucrawl.extract.layouts.model import Layout
    from kpucrawl.learning import Studied


def _keep_nothing(record: Record) -> None:
    """Where nothing is archived."""


@dataclass(slots=True)
class RunState:
    """One run, from its first request to its exit code."""

    fleet: Fleet
    frontier: Frontier = field(default_factory=NoArchive)
    keep: Callable[[Record], object] = _keep_nothing
    """Takes what the archive is to know."""
    study: Callable[[Visit], Awaitable[Studied | None]] | None = None
    """Learns from what the archive holds of a visit's office; takes its time. None where nothing is
    archived."""
    learn: Callable[[Visit, Sequence[Key]], Awaitable[Layout | None]] | None = None
    """Learns the template of these articles of a visit's office while it is crawled; else like
    `study`."""
    find_files: Callable[[Visit], Awaitable[Sequence[Ask]]] | None = None
    """Chooses the files to ask for behind a visit's pages. None where no files are wanted."""
    keep_file: Callable[[FileCapture, bytes | None], Awaitable[None]] | None = None
    """Takes what came of asking for a file, and its bytes where it came."""
    studies: set[asyncio.Task[None]] = field(default_factory=set)
    """Those under way."""
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the run is told to end early."""
    out_of_time: bool = False
    storage_error: str | None = None
    """Why the archive could not be written."""
    unkept: int = 0
    """Answers that could not be archived whole."""
    signal: int | None = None
    """The signal that asked the run to end early."""

    def end_by_time(self) -> None:
        """End: the time that the run was given is over."""
        self.out_of_time = True
        self.ending.set()

    def fail_storage(self, why: str) -> None:
        """Remember why the archive could not be written; the first reason counts."""
        self.storage_error = self.storage_error or why

    def finish(self, at: datetime) -> None:
        """End the visits that the end of the run cuts short."""
        for visit in list(self.fleet.visits.values()):
            for record in self.fleet.end(visit, at, cut=True):
                self.keep(record)

    def judge(self) -> Outcome:
        """Tell how the run went so far."""
        said = describe_counts(self.fleet.count())
        if self.storage_error:
            said = f"stopped: the archive cannot be written: {self.storage_error}"
            return Outcome(ExitCode.STORAGE, said)
        if self.signal:
            said = f"interrupted; the next run goes on from here; {said}"
            return Outcome(ExitCode(128 + self.signal), said)
        outcome = self._judge_unkept(self.fleet.judge())
        if self.out_of_time:
            said = f"stopped by time; the next run goes on from here; {outcome.text}"
            return Outcome(outcome.code, said)
        return outcome

    def _judge_unkept(self, outcome: Outcome) -> Outcome:
        """An answer that was not archived whole is a page that failed."""
        if not self.unkept:
            return outcome
        code = ExitCode.SOME_FAILED if outcome.code == ExitCode.DONE else outcome.code
        return Outcome(code, f"{outcome.text}; {self.unkept} not archived whole: see problems")
