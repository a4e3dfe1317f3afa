"""Saving an archive into one file, as it is at one moment, while others go on writing it.

An archive in SQLite is copied page by page; one in PostgreSQL row by row, into an archive in
SQLite. The file takes its name when it is whole and was read back.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout
from sqlalchemy import Connection, false, make_url, select

from archive.blobs.store import load_whole
from archive.database.engine import (
    BUSY_SECONDS,
    VERSION_TABLE,
    ArchiveError,
    StorageError,
    describe,
    find_versions,
    open_reader,
    open_writer,
    read,
)
from archive.database.models import Blob
from archive.database.sql import cut_chunks
from archive.evidence.copy import copy_archive

PAGES_A_STEP = 10_000
"""Of the database, some 40 MB: after each, what is asked meanwhile is answered."""
MOST_DECODED = 1_000
"""Snapshots that are decoded, spread over all: what is torn is seldom torn once."""
AT_ONCE = 50
TOLD_AT = 10
"""Hundredths of the pages after which progress is told."""
BESIDE = ("", "-wal", "-shm", "-journal", ".lock")
"""What may stand beside a file that is being written."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """A file that was written and read back."""

    size: int
    rows: Mapping[str, int]
    """By table, as counted in the archive and in the file."""
    decoded: int | None
    """Snapshots that were decoded; `None` where their form is that of another program."""
    damaged: tuple[int, ...]
    """Those of them that do not decode, here as in the archive."""


def back_up(url: str, file: Path, say: Say, *, force: bool = False) -> Backup:
    """Save an archive into a file. Raise ArchiveError for one that may not be written, StorageError
    when what was written is not what was read."""
    _check_target(url, file, force=force)
    part = file.with_name(f"{file.name}.part")
    with _lock(file):
        _clean(part)
        try:
            rows = _save(url, part, say)
            say("reading it back")
            found = _verify(part, rows)
            _finish(part, file)
        finally:
            _clean(part)
    return found


def _check_target(url: str, file: Path, *, force: bool) -> None:
    if not file.parent.is_dir():
        raise ArchiveError(f"no folder {file.parent} for a backup: make it")
    if _is_sqlite(url) and file.resolve() == Path(describe(url)).resolve():
        raise ArchiveError(f"{file} is the archive itself: name another file")
    if file.exists() and not force:
        raise ArchiveError(f"{file} is there already: name another file, or --force")
    if file.with_name(f"{file.name}-wal").exists():
        raise ArchiveError(f"{file} is an archive that somebody writes: name another file")


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


@contextmanager
def _lock(file: Path) -> Iterator[None]:
    """Let nobody else write the same file."""
    lock = FileLock(file.with_name(f"{file.name}.backup.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise ArchiveError(f"another process is writing {file}") from None
    try:
        yield
    finally:
        Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def _clean(part: Path) -> None:
    for end in BESIDE:
        part.with_name(f"{part.name}{end}").unlink(missing_ok=True)


def _save(url: str, part: Path, say: Say) -> dict[str, int]:
    """Write the file; return the rows of each table, as they were read."""
    if _is_sqlite(url):
        rows = _save_pages(Path(describe(url)), part, say)
    else:
        rows = _save_rows(url, part, say)
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # one file, also where none can be made
    return rows


def _save_pages(source: Path, part: Path, say: Say) -> dict[str, int]:
    """Copy the pages of one moment: the read transaction sees nothing of what is written since, so
    that the copy need never begin anew."""
    if not source.is_file():
        raise ArchiveError(f"no archive at {source}; set KPU_ARCHIVE_URL")
    place = f"file:{quote(str(source))}?mode=ro"
    with (
        closing(sqlite3.connect(place, uri=True, timeout=BUSY_SECONDS)) as connection,
        closing(sqlite3.connect(part)) as target,
    ):
        connection.isolation_level = None
        connection.execute("BEGIN")
        rows = _count_rows(connection)
        if VERSION_TABLE not in rows:
            raise ArchiveError(f"no archive at {source}; set KPU_ARCHIVE_URL")
        connection.backup(target, pages=PAGES_A_STEP, progress=_Progress(say))
    return rows


class _Progress:
    """Tells how far a copy is."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._told = 0

    def __call__(self, status: int, remaining: int, total: int) -> None:
        done = 100 * (total - remaining) // max(1, total)
        if total > PAGES_A_STEP and done >= self._told + TOLD_AT:
            self._told = done
            self._say(f"{done} % of {total:,} pages")


def _save_rows(url: str, part: Path, say: Say) -> dict[str, int]:
    """Copy the rows of one moment."""
    source, target = open_reader(url), open_writer(f"sqlite:///{part}", say=lambda line: None)
    try:
        compared = copy_archive(source, target, say)
    finally:
        source.dispose()
        target.dispose()
    if torn := [one.table for one in compared if not one.is_equal]:
        raise StorageError(f"the backup is not equal to the archive in {', '.join(torn)}")
    return {one.table: one.source.rows for one in compared}


def _count_rows(connection: sqlite3.Connection) -> dict[str, int]:
    """The rows of every table."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        for (name,) in tables
    }


def _verify(part: Path, rows: Mapping[str, int]) -> Backup:
    """Read a file back. Raise StorageError unless it is whole."""
    with closing(sqlite3.connect(part)) as connection:
        said = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
        if said != ["ok"]:
            raise StorageError(f"the backup is torn: {said[0]}")
        counted = _count_rows(connection)
        if any(counted.get(table) != count for table, count in rows.items()):
            raise StorageError("the backup has not the rows of the archive")
        version = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()[0]
    size = part.stat().st_size
    if version != find_versions()[-1]:
        return Backup(size, rows, None, ())
    engine = open_reader(f"sqlite:///{part}")
    try:
        with read(engine) as reading:
            return Backup(size, rows, *_decode_some(reading))
    finally:
        engine.dispose()


def _decode_some(connection: Connection) -> tuple[int, tuple[int, ...]]:
    """Decode snapshots; return how many, and which do not though nobody knew."""
    query = select(Blob.id).where(Blob.damaged == false()).order_by(Blob.id)
    blob_ids = connection.scalars(query).all()
    chosen = blob_ids[:: max(1, -(-len(blob_ids) // MOST_DECODED))]
    damaged: list[int] = []
    for chunk in cut_chunks(chosen, AT_ONCE):
        whole = load_whole(connection, chunk)
        damaged += [blob_id for blob_id in chunk if blob_id not in whole]
    return len(chosen), tuple(damaged)


def _finish(part: Path, file: Path) -> None:
    """Give the file its name, once it is on the disk."""
    _sync(part)
    part.replace(file)
    _sync(file.parent)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
