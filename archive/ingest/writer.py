"""Writing an archive: offices, runs, and the one thread through which a run's records become
rows."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, insert, select, update

from archive.database import models
from archive.database.engine import ArchiveError, StorageError
from archive.database.faults import describe_error, is_storage_fault
from archive.database.models import Run, Site, SiteHost
from archive.database.sql import extend_ranges, find_ids, replace_rows
from archive.derive.dates import date_run
from archive.derive.removals import grade_run, refresh_removals
from archive.ingest.batch import save_batch
from archive.ingest.problems import make_problem
from archive.ingest.salvage import Loss, save_each
from archive.records import (
    Capture,
    FileCapture,
    Office,
    PageReread,
    Problem,
    Record,
    RunEnd,
    RunStart,
    VisitEnd,
)
from archive.watch.visits import derive_visits, find_silent

__all__ = [
    "Writer",
    "begin_run",
    "close_killed_visits",
    "end_run",
    "save_batch",
    "upsert_offices",
]

NOT_DATED = "The articles of the office could not be dated by the order of their numbers."
END = None
"""In the queue: nothing follows."""


def upsert_offices(engine: Engine, offices: Iterable[Office], at: datetime) -> None:
    """Bring the offices up to the list, found again by their code, and note under which hosts they
    are asked."""
    listed = list(offices)
    names = ("code", "label", "name", "level", "province_code", "timezone", "host")
    with engine.begin() as connection:
        _free_labels(connection, listed)
        replace_rows(
            connection,
            Site,
            [{name: getattr(one, name) for name in names} for one in listed],
            ["code"],
        )
        ids = find_ids(connection, Site.code, Site.id)
        hosts = [
            {
                "site_id": ids[one.code],
                "host": one.host,
                "status": one.host_status,
                "first_seen": at,
                "last_seen": at,
            }
            for one in listed
        ]
        extend_ranges(connection, SiteHost, hosts, ["site_id", "host"])


def _free_labels(connection: Connection, offices: Iterable[Office]) -> None:
    """Let go of the labels that change: one office may take what another had a moment ago. A code
    is nobody's label."""
    labels = {row[0]: row[1] for row in connection.execute(select(Site.code, Site.label))}
    moved = [one.code for one in offices if labels.get(one.code, one.label) != one.label]
    if moved:
        connection.execute(update(Site).where(Site.code.in_(moved)).values(label=Site.code))


def begin_run(engine: Engine, run: RunStart) -> int:
    """Note that a run begins; return its id."""
    row = {
        "spider": run.spider,
        "arguments": dict(run.arguments),
        "version": run.version,
        "scheme": run.scheme,
        "proxy": run.proxy,
        "process": run.process,
        "started_at": run.started_at,
    }
    with engine.begin() as connection:
        return connection.scalars(insert(Run).returning(Run.id), [row]).one()


def close_killed_visits(engine: Engine, codes: Collection[str]) -> None:
    """Judge the visits to these offices whose runs were killed before they could."""
    with engine.begin() as connection:
        if site_ids := find_silent(connection, codes):
            derive_visits(connection, site_ids, missing_only=True)
            refresh_removals(connection, site_ids)


def judge_again(engine: Engine, codes: Collection[str]) -> None:
    """Judge the visits to offices of which not all could be kept by what was kept."""
    with engine.begin() as connection:
        site_ids = connection.scalars(select(Site.id).where(Site.code.in_(codes))).all()
        derive_visits(connection, site_ids)


def end_run(engine: Engine, run_id: int, end: RunEnd) -> None:
    """Date the articles of the offices that a run touched, grade what they removed, and note how
    the run ended."""
    failed = date_run(engine, run_id)
    grade_run(engine, run_id)
    changes = {
        "ended_at": end.ended_at,
        "exit_code": end.exit_code,
        "outcome": end.outcome,
        "counts": dict(end.counts),
    }
    with engine.begin() as connection:
        connection.execute(update(Run).where(Run.id == run_id).values(changes))
        for site_id, error in failed.items():
            problem = Problem("published", describe_error(error)[:200], NOT_DATED)
            row = make_problem(run_id, site_id, None, problem)
            connection.execute(insert(models.Problem), row)


class Writer:
    """A run's one writing thread: records are queued and become rows in short transactions.

    A batch is written at `captures` captures or `seconds` after its first record. A batch that
    cannot be written is written record by record; `on_loss` is called, in the writer's thread, for
    each that is not kept whole. When the storage itself fails, `on_failure` is called once; from
    then on `put` raises, and so does `close`.
    """

    def __init__(
        self,
        engine: Engine,
        run_id: int,
        *,
        captures: int = 50,
        seconds: float = 5.0,
        on_failure: Callable[[BaseException], None] = lambda error: None,
        on_loss: Callable[[Loss], None] = lambda loss: None,
    ) -> None:
        self._engine = engine
        self._run_id = run_id
        self._captures = captures
        self._seconds = seconds
        self._on_failure = on_failure
        self._on_loss = on_loss
        self._losing: set[str] = set()
        """Offices of which a record was lost: what their visits came to is judged from the rows."""
        self._failure: BaseException | None = None
        self._ending = False
        self._waiting: list[threading.Event] = []
        """Set when the batch that is being gathered is written."""
        self._queue: queue.Queue[Record | threading.Event | None] = queue.Queue(4 * captures)
        self._thread = threading.Thread(target=self._run, name="archive-writer", daemon=True)
        self._thread.start()

    def put(self, record: Record) -> None:
        """Queue a record; wait while the queue is full. Raise ArchiveError when the archive cannot
        be written."""
        self._raise_failure()
        self._queue.put(record)

    def flush(self) -> None:
        """Wait until all that was queued before is written. Raise ArchiveError when the archive
        cannot be written."""
        written = threading.Event()
        self._queue.put(written)
        while not written.wait(1.0) and self._thread.is_alive():
            pass
        self._raise_failure()

    def close(self) -> None:
        """Write what is queued and end the thread. Raise ArchiveError when something could not be
        written."""
        if self._thread.is_alive():
            self._queue.put(END)
            self._thread.join()
        self._raise_failure()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close; an exception on its way out is not hidden by a failure to write."""
        try:
            self.close()
        except ArchiveError:
            if error is None:
                raise

    def _raise_failure(self) -> None:
        if self._failure is not None:
            said = describe_error(self._failure)
            raise StorageError(f"the archive cannot be written: {said}") from self._failure

    def _run(self) -> None:
        """Write batches until the end; after a failure only empty the queue, so that nobody waits
        for room in it."""
        while not self._ending:
            batch = self._gather()
            if batch and self._failure is None:
                self._write(batch)
            for written in self._waiting:
                written.set()
            self._waiting.clear()

    def _write(self, batch: list[Record]) -> None:
        try:
            self._save(batch)
        except Exception as error:  # noqa: BLE001 - the boundary of the thread: told to its owner
            self._failure = error
            self._on_failure(error)

    def _save(self, batch: list[Record]) -> None:
        """Write a batch at once, or, where a record of it is at fault, one by one."""
        try:
            with self._engine.begin() as connection:
                save_batch(connection, self._run_id, batch)
        except Exception as error:
            if is_storage_fault(error):
                raise
            for loss in save_each(self._engine, self._run_id, batch):
                self._losing.add(loss.site)
                self._on_loss(loss)
        ended = {record.site for record in batch if isinstance(record, VisitEnd)}
        if codes := ended & self._losing:
            judge_again(self._engine, codes)

    def _gather(self) -> list[Record]:
        """Wait for records and return the next batch; empty at the end, and where all is written
        that somebody waits for."""
        batch: list[Record] = []
        captures, due = 0, None
        while not self._ending and captures < self._captures:
            try:
                record = self._queue.get(
                    timeout=None if due is None else max(0, due - time.monotonic())
                )
            except queue.Empty:
                break
            if record is END:
                self._ending = True
                break
            if isinstance(record, threading.Event):
                self._waiting.append(record)
                break
            batch.append(record)
            captures += isinstance(record, (Capture, FileCapture, PageReread))
            due = due or time.monotonic() + self._seconds
        return batch
