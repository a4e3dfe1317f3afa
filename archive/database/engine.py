"""Opening an archive: to write it (made or migrated when needed) or to read it (never made, never
changed).

Every transaction on a writer's engine holds the archive's one write lock from its first statement
(SQLite: `BEGIN IMMEDIATE`; PostgreSQL: an advisory lock), so what is decided inside it stays true
until it commits.
"""

from __future__ import annotations

import logging
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from pkgutil import iter_modules
from urllib.parse import quote

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from archive.database.migrations import versions
from archive.database.secrets import hide_passwords

VERSION_TABLE = "archive_version"
BUSY_SECONDS = 30
WRITE_LOCK = 5_528_552
"""Key of PostgreSQL's advisory lock: any number that others in the same database do not take."""

BEGIN = {
    ("sqlite", "write"): "BEGIN IMMEDIATE",
    ("sqlite", "migrate"): "BEGIN IMMEDIATE",
    ("sqlite", "read"): "BEGIN",
    ("postgresql", "write"): f"SELECT pg_advisory_xact_lock({WRITE_LOCK})",
    ("postgresql", "migrate"): f"SELECT pg_advisory_xact_lock({WRITE_LOCK})",
    ("postgresql", "read"): "SET TRANSACTION READ ONLY",
}
PRAGMAS = {
    "write": ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"),
    "migrate": ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = OFF"),
    "read": ("query_only = ON",),
}


MISCONFIGURED = re.compile(
    r"does not exist|authentication failed|no password|password|pg_hba|role |resolve host"
    r"|translate host|invalid (?:port|connection|URI)|permission denied|readonly database",
    re.I,
)
"""In what libpq and SQLite say when an archive cannot be opened: only a person can mend it. libpq
gives no code for a connection that failed."""
LOCK_TIMEOUT = f"-c lock_timeout={BUSY_SECONDS}s"
"""PostgreSQL waits for the write lock as long as SQLite does, and no longer."""


class ArchiveError(Exception):
    """The archive cannot be used as asked; the message is one line for a person and says what to
    do."""


class StorageError(ArchiveError):
    """The disk, the file or the server fails, whatever was asked: the same may work later."""


def open_writer(url: str, *, say: Callable[[str], None]) -> Engine:
    """Open an archive for writing; make or migrate it under a lock when needed, and say so."""
    address = _read_address(url)
    with _failures_told(address), _lock_file(address):
        _bring_up(address, say)
        return _make_engine(address, "write")


def _bring_up(address: URL, say: Callable[[str], None]) -> None:
    """Make or migrate an archive, in one transaction, on a connection of its own: SQLite makes a
    table anew to change its keys, and would take its children along while foreign keys are on."""
    engine = _make_engine(address, "migrate")
    try:
        with engine.begin() as connection:
            _check_encoding(connection, _describe(address))
            _migrate(connection, _describe(address), say)
    finally:
        engine.dispose()


def open_reader(url: str) -> Engine:
    """Open an archive for reading only. Raise ArchiveError when there is none or its version is not
    ours."""
    address = _read_address(url)
    if address.get_backend_name() == "sqlite" and not Path(_read_path(address)).is_file():
        raise _missing(_describe(address))
    engine = _make_engine(address, "read")
    try:
        with _failures_told(address), engine.connect() as connection:
            _check_encoding(connection, _describe(address))
            _check_version(connection, _describe(address))
    except BaseException:
        engine.dispose()
        raise
    return engine


def has_archive(url: str) -> bool:
    """Whether there is an archive, of whatever version. Raise ArchiveError for what is none, such
    as another kind of file."""
    address = _read_address(url)
    if address.get_backend_name() == "sqlite" and not Path(_read_path(address)).is_file():
        return False
    engine = _make_engine(address, "read")
    try:
        with _failures_told(address), engine.connect() as connection:
            return _find_version(connection) is not None
    finally:
        engine.dispose()


def check_free_space(url: str, least: int) -> None:
    """Raise StorageError when an archive in a file is there no longer, or its disk has fewer than
    `least` bytes left. A file that was removed can be written on, and nothing of it is kept."""
    address = _read_address(url)
    if address.get_backend_name() != "sqlite":
        return
    path = Path(_read_path(address))
    folder = path.parent
    try:
        path.stat()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise StorageError(f"the archive at {path} is gone: {error.strerror}") from error
    if free < least:
        raise StorageError(
            f"only {free // 1_000_000} MB free in {folder}; a crawl wants {least // 1_000_000}: "
            f"make room"
        )


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction that only reads, also on a writer's engine, where it leaves the write
    lock alone."""
    with engine.execution_options(archive_begin="read").begin() as connection:
        yield connection


def describe(url: str) -> str:
    """Tell the absolute place of an archive, without the password: a path, or
    `postgresql://user@host/name`."""
    return _describe(_read_address(url))


def _describe(address: URL) -> str:
    if address.get_backend_name() == "sqlite":
        return _read_path(address)
    query = {name: value for name, value in address.query.items() if "password" not in name}
    return (
        address.set(drivername="postgresql", query=query)._replace(password=None).render_as_string()
    )


@lru_cache
def _read_address(url: str) -> URL:
    """Parse an archive's URL; the message of the error leaves out the URL, which may hold a
    password."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise _no_address() from None
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise _no_address()
    if "@" in (address.host or ""):
        raise ArchiveError(
            "the password in KPU_ARCHIVE_URL has an @: write it %40, or keep it in ~/.pgpass"
        )
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        raise ArchiveError("an archive in SQLite is a file: set KPU_ARCHIVE_URL to sqlite:///FILE")
    return address


def _no_address() -> ArchiveError:
    return ArchiveError(
        "not the address of a database: set KPU_ARCHIVE_URL to sqlite:///FILE or "
        "postgresql://HOST/NAME"
    )


def _read_path(address: URL) -> str:
    return str(Path(address.database or "").absolute())


def _make_engine(address: URL, mode: str) -> Engine:
    """Make an engine whose transactions begin as `BEGIN` says for this mode."""
    backend = address.get_backend_name()
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)  # says what its caller says too
    try:
        engine = (
            _make_sqlite(address, mode) if backend == "sqlite" else _make_postgresql(address, mode)
        )
    except ModuleNotFoundError as error:
        raise ArchiveError(
            f"{error.name} is not installed: pip install 'kpucrawl[postgres]'"
        ) from None
    except (NoSuchModuleError, ArgumentError):
        raise _no_address() from None

    def begin(connection: Connection) -> None:
        wanted = connection.get_execution_options().get("archive_begin", mode)
        connection.exec_driver_sql(BEGIN[backend, wanted])

    event.listen(engine, "begin", begin)
    return engine


def _make_sqlite(address: URL, mode: str) -> Engine:
    """SQLAlchemy begins the transactions (`isolation_level=None`): the driver's own come too late
    for DDL and reads."""
    place = f"file:{quote(_read_path(address))}?mode={'ro' if mode == 'read' else 'rwc'}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            place, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        for pragma in PRAGMAS[mode]:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    return create_engine("sqlite://", creator=connect, poolclass=QueuePool)


def _make_postgresql(address: URL, mode: str) -> Engine:
    ours = {"read": "-c default_transaction_read_only=on", "write": LOCK_TIMEOUT}.get(mode, "")
    given = address.query.get("options", "")
    options = f"{given if isinstance(given, str) else ' '.join(given)} {ours}".strip()
    return create_engine(
        address.set(drivername="postgresql+psycopg"), connect_args={"options": options}
    )


def _lock_file(address: URL) -> AbstractContextManager[object]:
    """Lock beside a SQLite file, since turning WAL on does not wait for others; PostgreSQL needs
    none."""
    if address.get_backend_name() != "sqlite":
        return nullcontext()
    path = Path(_read_path(address))
    if not path.parent.is_dir():
        raise ArchiveError(
            f"no folder {path.parent} for an archive: make it, or set KPU_ARCHIVE_URL"
        )
    return FileLock(f"{path}.lock")


@contextmanager
def _failures_told(address: URL) -> Iterator[None]:
    """Turn what a driver says when an archive cannot be opened into an ArchiveError of one line."""
    place = _describe(address)
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        said = hide_passwords(str(getattr(error, "orig", None) or error).strip().splitlines()[0])
        if "not a database" in said:
            raise ArchiveError(
                f"{place} is not an archive but some other file: set KPU_ARCHIVE_URL"
            ) from error
        kind = ArchiveError if MISCONFIGURED.search(said) else StorageError
        raise kind(f"cannot open the archive at {place}: {said}") from error


def _missing(place: str) -> ArchiveError:
    return ArchiveError(f"no archive at {place}; set KPU_ARCHIVE_URL")


def find_versions() -> list[str]:
    """The schema versions this program knows, oldest first: the migrations' numbers."""
    return sorted(module.name[:4] for module in iter_modules(versions.__path__))


def _find_version(connection: Connection) -> str | None:
    """The schema version of an archive; `None` when there is no archive."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    return version


def _check_encoding(connection: Connection, place: str) -> None:
    """Raise ArchiveError for a PostgreSQL database that cannot hold every character."""
    if connection.dialect.name != "postgresql":
        return
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise ArchiveError(
            f"the database at {place} is in {encoding}, an archive needs UTF8: make one with "
            f"CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0"
        )


def _check_version(connection: Connection, place: str) -> None:
    """Raise ArchiveError unless the archive has exactly this program's schema."""
    version = _find_version(connection)
    if version is None:
        raise _missing(place)
    if version not in find_versions():
        raise _newer(place)
    if version != find_versions()[-1]:
        raise ArchiveError(
            f"the archive at {place} is older than this program: run kpu-archive upgrade"
        )


def _newer(place: str) -> ArchiveError:
    return ArchiveError(f"the archive at {place} is newer than this program: update the program")


def _migrate(connection: Connection, place: str, say: Callable[[str], None]) -> None:
    """Bring the schema to this program's version, in the caller's transaction."""
    version, known = _find_version(connection), find_versions()
    if version == known[-1]:
        return
    if version is not None and version not in known:
        raise _newer(place)
    say(
        f"making an archive at {place}"
        if version is None
        else f"upgrading the archive at {place} to {known[-1]}"
    )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "archive.database:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
