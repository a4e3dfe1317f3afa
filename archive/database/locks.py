"""One run at a time for each office, in one process or many: locks that die with their holder.

SQLite: lock files in a folder beside the archive. PostgreSQL: advisory locks of one connection, so
that machines which share a database keep out of each other's way too.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from archive.database.engine import StorageError, describe

OFFICE_LOCK = 5_528_553
"""Class of PostgreSQL's advisory locks on offices: any number that others in the same database do
not take."""


NAME_LENGTH = 63
"""Bytes of a holder's name that PostgreSQL keeps."""


@dataclass(frozen=True, slots=True)
class Locks:
    """What a run got of what it wanted."""

    held: frozenset[str]
    """Codes of the offices that are this run's alone."""
    taken: Mapping[str, str]
    """Codes of those that another run holds, and who that is."""


@contextmanager
def lock_offices(url: str, codes: Collection[str], who: str) -> Iterator[Locks]:
    """Lock offices by their Kemendagri codes, at once or not at all; release them at the end.

    `who` is what others are told, such as `run of kota-surakarta, process 4711 on archive-1`.
    """
    with ExitStack() as stack:
        lock = _lock_files if make_url(url).get_backend_name() == "sqlite" else _lock_rows
        try:
            locks = lock(stack, url, codes, who)
        except (OSError, DBAPIError) as error:
            said = " ".join(str(getattr(error, "orig", None) or error).split())
            raise StorageError(f"cannot lock the offices in {describe(url)}: {said}") from error
        yield locks


def name_process() -> str:
    """This process, as runs and locks name it: `process 4711 on archive-1`."""
    return f"process {os.getpid()} on {platform.node()}"


def name_holder(spider: str, process: str) -> str:
    """Who holds the locks of a run: `kota-surakarta, process 4711 on archive-1`."""
    return f"{spider}, {process}"


def find_held(connection: Connection, holders: Collection[str]) -> dict[str, bool | None]:
    """Of these holders whether they hold an office now; `None` where that cannot be seen."""
    if connection.dialect.name == "postgresql":
        found = connection.scalars(HELD, {"class": OFFICE_LOCK}).all()
        return {who: who[:NAME_LENGTH] in found for who in holders}
    place = next(row.file for row in connection.execute(text("PRAGMA database_list")))
    held: dict[str, bool | None] = dict.fromkeys(holders, False)
    for holder in Path(f"{place}.locks").glob("*.txt"):
        who = holder.read_text(encoding="utf-8", errors="replace")
        if held.get(who, True) is False:
            held[who] = _is_locked(holder.with_suffix(".lock"))
    return held


def _is_locked(path: Path) -> bool | None:
    """Whether somebody holds a lock file; tried for a moment, since nothing else tells."""
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return None


def _lock_files(stack: ExitStack, url: str, codes: Collection[str], who: str) -> Locks:
    folder = Path(f"{describe(url)}.locks")
    folder.mkdir(exist_ok=True)
    held, taken = set(), {}
    for code in codes:
        holder = folder / f"{code}.txt"
        try:
            stack.enter_context(FileLock(folder / f"{code}.lock", timeout=0))
        except Timeout:
            taken[code] = holder.read_text(encoding="utf-8") if holder.exists() else "another run"
            continue
        holder.write_text(who, encoding="utf-8")
        held.add(code)
    return Locks(frozenset(held), taken)


def _lock_rows(stack: ExitStack, url: str, codes: Collection[str], who: str) -> Locks:
    engine = _open_lock_connection(url, who)
    stack.callback(engine.dispose)
    connection = stack.enter_context(engine.connect())
    got = {code: _try_lock(connection, code) for code in codes}
    held = frozenset(code for code, mine in got.items() if mine)
    return Locks(
        held, {code: _find_holder(connection, code) for code, mine in got.items() if not mine}
    )


def _open_lock_connection(url: str, who: str) -> Engine:
    """An engine for the one connection that holds the locks and does nothing else."""
    address = make_url(url).set(drivername="postgresql+psycopg")
    return create_engine(
        address, isolation_level="AUTOCOMMIT", connect_args={"application_name": who[:NAME_LENGTH]}
    )


def _try_lock(connection: Connection, code: str) -> bool:
    query = text("SELECT pg_try_advisory_lock(:class, :office)")
    return bool(connection.scalar(query, {"class": OFFICE_LOCK, "office": _number(code)}))


def _find_holder(connection: Connection, code: str) -> str:
    query = text(
        "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE locktype = 'advisory' AND classid = :class AND objid = :office AND granted"
    )
    found = connection.scalar(query, {"class": OFFICE_LOCK, "office": _number(code)})
    return str(found or "another run")


HELD = text(
    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND classid = :class AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def _number(code: str) -> int:
    """A Kemendagri code as the number it is without its dot: `33.72` is 3372."""
    return int(code.replace(".", ""))
