"""Keeping an index in step with its archive: from the change log, or anew where there is none.

Whoever searches or ends a run does it, one at a time for each folder. Everything is read in one
transaction of the database and seen with one commit, so that a kill leaves the index as it was;
what is applied twice changes nothing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, func, select, text

from archive.database.engine import StorageError, read
from archive.database.models import Change, Document, Text_
from archive.database.sql import cut_chunks
from archive.derive.changes import find_identity, find_last_change
from archive.search.entries import read_entries
from archive.search.index import (
    IndexReader,
    IndexWriter,
    Place,
    TornIndex,
    begin_generation,
    finish_generation,
    list_generations,
    no_index,
    open_index,
)
from archive.search.tokens import split_words

PAGES_AT_ONCE = 500
"""Pages whose entries are in memory at once: some 10 MB of texts."""
PAGES_A_COMMIT = 50_000
"""Articles between two commits while an index is made: a segment's worth."""
MOST_SAMPLED = 2_000
"""Articles whose words are counted to find the frequent ones: enough to tell 5 % from 4 or 6."""
FREQUENT = 0.05
"""Share of articles from which on a word is frequent: phrases of rarer ones are quick by
themselves."""
MOST_FREQUENT = 500
"""Words that form pairs, the most frequent ones: pairs of all of 500 take a sixth of an index."""
GROWTH = 4
"""An index that has grown so many times since its frequent words were counted is made anew."""
LEAST_GROWN = 10_000
"""Articles below which phrases are quick in any case."""
TOLD_AT = 20_000
"""Articles after which progress is told."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """An index to search."""

    reader: IndexReader | None
    """`None` while the archive holds no article."""
    behind: int = 0
    """Articles that changed since."""


def find_folder(connection: Connection, chosen: str | None = None) -> Path:
    """Where the index of this archive is: in the folder chosen, under the archive's identity, else
    beside SQLite's file; PostgreSQL's in the user's cache."""
    identity = find_identity(connection) or "empty"
    if chosen:
        return Path(chosen).expanduser().absolute() / identity
    if connection.dialect.name == "sqlite":
        file = next(row.file for row in connection.execute(text("PRAGMA database_list")))
        return Path(f"{file}.index")
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "kpucrawl" / identity


def open_current(connection: Connection, folder: Path, say: Say, *, grows: bool = False) -> Opened:
    """Bring the index up to date where nobody else does at this moment, and open it.

    Where that cannot be, whatever the reason, open it as it is. `grows` also makes one anew that
    has outgrown its frequent words, which takes minutes. Raise ArchiveError where there is none and
    none can be made.
    """
    identity, last = find_identity(connection), find_last_change(connection)
    if identity is None:
        return Opened(None)
    reader = _find_reader(connection, folder, identity, last)
    if reader is not None and reader.place.change >= last and not grows:
        return Opened(reader)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _lock(folder, say, waits=reader is None):
            reader = _update(connection, folder, say, identity, grows=grows)
    except (Timeout, StorageError):
        if reader is None:
            raise
    except (OSError, TornIndex):
        if reader is None:
            raise no_index(folder) from None
    return Opened(reader, _count_behind(connection, reader.place))


@contextmanager
def _lock(folder: Path, say: Say, *, waits: bool) -> Iterator[None]:
    """Hold the index. Raise Timeout where another process does, unless it is to be waited for."""
    lock = FileLock(folder / "writer.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if not waits:
            raise
        say("another process is making the search index; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def rebuild_index(connection: Connection, folder: Path, say: Say) -> None:
    """Make the index anew, so that nothing is left in its files of what the archive no longer
    holds."""
    identity = find_identity(connection)
    if identity is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with _lock(folder, say, waits=True):
        _build(connection, folder, say, identity)


def _find_reader(
    connection: Connection, folder: Path, identity: str, last: int
) -> IndexReader | None:
    """The index, unless it is another archive's, or ahead of this one, which was set back."""
    reader = open_index(folder)
    if reader is None or reader.place.identity != identity:
        return None
    if reader.place.change > last:
        last = _find_newest_change(connection)
    return reader if reader.place.change <= last else None


def _find_newest_change(connection: Connection) -> int:
    """The last change as it is by now: another process may have written and indexed what this
    transaction does not see yet."""
    with read(connection.engine) as fresh:
        return find_last_change(fresh)


def _count_behind(connection: Connection, place: Place) -> int:
    query = select(func.count()).select_from(Change).where(Change.id > place.change)
    return connection.scalar(query) or 0


def _update(
    connection: Connection, folder: Path, say: Say, identity: str, *, grows: bool
) -> IndexReader:
    """Bring the index up to date, under its lock."""
    last = find_last_change(connection)
    reader = _find_reader(connection, folder, identity, last)
    if reader is None or (grows and _has_outgrown(connection, reader.place)):
        return _build(connection, folder, say, identity)
    changed = connection.scalars(
        select(Change.page_id).where(Change.id > reader.place.change).order_by(Change.id)
    ).all()
    if not changed:
        return reader
    generation = next(list_generations(folder))
    try:
        writer = IndexWriter(generation, reader.place.frequent)
        for chunk in _tell_progress(cut_chunks(changed, PAGES_AT_ONCE), len(changed), say):
            writer.replace(chunk, read_entries(connection, chunk))
        writer.commit(replace(reader.place, change=last))
        writer.close()
        return _reopen(folder)
    except TornIndex:
        return _build(connection, folder, say, identity)


def _reopen(folder: Path) -> IndexReader:
    reader = open_index(folder)
    if reader is None:
        raise TornIndex("it is gone")
    return reader


def _has_outgrown(connection: Connection, place: Place) -> bool:
    count = connection.scalar(select(func.count()).select_from(Document)) or 0
    return count >= LEAST_GROWN and count >= GROWTH * place.sampled


def _build(connection: Connection, folder: Path, say: Say, identity: str) -> IndexReader:
    """Make a generation from all articles."""
    last = find_last_change(connection)
    page_ids = connection.scalars(select(Document.page_id).order_by(Document.page_id)).all()
    frequent = _find_frequent(connection, page_ids)
    place = Place(identity, last, tuple(sorted(frequent)), len(page_ids))
    part = begin_generation(folder)
    writer = IndexWriter(part, frequent)
    unsaved = 0
    for chunk in _tell_progress(cut_chunks(page_ids, PAGES_AT_ONCE), len(page_ids), say):
        writer.add(read_entries(connection, chunk))
        unsaved += len(chunk)
        if unsaved >= PAGES_A_COMMIT:
            writer.commit(place)
            unsaved = 0
    writer.commit(place)
    writer.close()
    finish_generation(part)
    return _reopen(folder)


def _tell_progress(chunks: Iterable[list[int]], total: int, say: Say) -> Iterator[list[int]]:
    done = told = 0
    for chunk in chunks:
        yield chunk
        done += len(chunk)
        if done - told >= TOLD_AT or (told and done == total):
            told = done
            say(f"search index: {done:,} of {total:,} articles")


def _find_frequent(connection: Connection, page_ids: Sequence[int]) -> set[str]:
    """The words that many articles hold, by a sample."""
    step = max(1, len(page_ids) // MOST_SAMPLED)
    sample = page_ids[::step][:MOST_SAMPLED]
    counts: Counter[str] = Counter()
    for chunk in cut_chunks(sample, PAGES_AT_ONCE):
        query = select(Text_.body).join(Document, Document.text_id == Text_.id)
        for body in connection.scalars(query.where(Document.page_id.in_(chunk))):
            counts.update(set(split_words(body)))
    least = max(2, FREQUENT * len(sample))
    return {word for word, count in counts.most_common(MOST_FREQUENT) if count >= least}
