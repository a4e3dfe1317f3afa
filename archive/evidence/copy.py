"""Copying an archive into another database, from SQLite to PostgreSQL, back, or to the same kind.

Table by table, in the order of their keys, some rows at a time, each batch in a transaction of its
own; what is there is left as it is, so that a copy that was killed goes on. Until all is there the
target is marked as a copy, and has no identity. In the end both sides are digested.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Select,
    Table,
    bindparam,
    delete,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

from archive.database.engine import ArchiveError
from archive.database.models import Base, Setting
from archive.database.sql import replace_rows
from archive.database.types import CleanJson
from archive.derive.changes import IDENTITY

COPY_OF = "copy_of"
"""The setting that marks a copy that is not whole: the identity of what is copied."""
ROWS_AT_ONCE = 500
"""Rows in memory at once: of snapshots some 10 MB."""
TOLD_AT = 100_000
"""Rows of a table after which progress is told."""
SETTINGS = Base.metadata.tables["settings"]
TABLES = (*(table for table in Base.metadata.sorted_tables if table is not SETTINGS), SETTINGS)
"""In the order of their references; settings last, since by them a copy is an archive."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TableDigest:
    """What tells whether a table is the same elsewhere."""

    rows: int
    digest: str
    """SHA-256 over its rows in canonical form, in the order of their keys."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A table on both sides."""

    table: str
    source: TableDigest
    target: TableDigest

    @property
    def is_equal(self) -> bool:
        """Whether the copy is true."""
        return self.source == self.target


def copy_archive(source: Engine, target: Engine, say: Say) -> list[Compared]:
    """Copy all rows of an archive as it is at this moment; tell of every table whether it is equal.

    Raise ArchiveError when the target holds another archive. Where a table is not equal, the target
    stays marked. A copy that is whole, which may have gone its own way since, is only compared.
    """
    with read_snapshot(source) as connection:
        if _is_whole(target, _find_setting(connection, IDENTITY)):
            return [_compare(connection, target, table) for table in TABLES]
        for table in TABLES[:-1]:
            _copy_table(connection, target, table, say)
        with target.begin() as writing:
            _set_sequences(writing)
        compared = [_compare(connection, target, table) for table in TABLES[:-1]]
        if all(one.is_equal for one in compared):
            _finish(connection, target)
        return [*compared, _compare(connection, target, SETTINGS)]


@contextmanager
def read_snapshot(engine: Engine) -> Iterator[Connection]:
    """One transaction that sees the archive as it is when it begins, and keeps nobody from
    writing."""
    level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    reader = engine.execution_options(archive_begin="read", **level)
    with reader.connect() as connection:
        yield connection


def digest_tables(connection: Connection) -> dict[str, TableDigest]:
    """The digest of every table of an archive."""
    return {table.name: digest_table(connection, table) for table in TABLES}


def digest_table(connection: Connection, table: Table) -> TableDigest:
    """The digest of a table, the same on both engines for the same rows."""
    digest, count = hashlib.sha256(), 0
    for row in _stream(connection, select(table), table):
        digest.update(_encode_row(row))
        count += 1
    return TableDigest(count, digest.hexdigest())


def _encode_row(row: Sequence[Any]) -> bytes:
    """A row in canonical form: JSON with sorted names, times in ISO form, bytes as their digest."""
    encoded = json.dumps(list(row), sort_keys=True, ensure_ascii=True, default=_encode_value)
    return encoded.encode() + b"\n"


def _encode_value(value: object) -> object:
    if isinstance(value, (datetime, date)):
        return {type(value).__name__: value.isoformat()}
    if isinstance(value, bytes):
        return {"bytes": hashlib.sha256(value).hexdigest()}
    raise TypeError(f"no canonical form of {type(value).__name__}")


def _stream(connection: Connection, query: Select[Any], table: Table) -> Iterator[Sequence[Any]]:
    """Rows in the order of their keys, by their bytes where those are texts; some at a time."""
    keys = [_order(connection, column) for column in table.primary_key.columns]
    ordered = query.order_by(*keys).execution_options(yield_per=ROWS_AT_ONCE)
    for partition in connection.execute(ordered).partitions():
        yield from partition


def _order(connection: Connection, column: Column[Any]) -> ColumnElement[Any]:
    is_text = not isinstance(column.type, Integer) and connection.dialect.name != "sqlite"
    return column.collate("C") if is_text else column


def _is_whole(target: Engine, identity: str | None) -> bool:
    """Whether the target is a whole copy of this archive; else mark it as one that is not. Raise
    ArchiveError when it is anything else."""
    with target.begin() as connection:
        held, marked = _find_setting(connection, IDENTITY), _find_setting(connection, COPY_OF)
        if held is not None and held == identity:
            return True
        is_empty = not any(_has_rows(connection, table) for table in TABLES)
        if marked != (identity or "") and not is_empty:
            raise _other_archive()
        row = {"name": COPY_OF, "value": identity or ""}
        replace_rows(connection, Setting, [row], ["name"])
    return False


def _other_archive() -> ArchiveError:
    return ArchiveError("there is another archive already: copy to a new file or database")


def _find_setting(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(Setting.value).where(Setting.name == name))


def _has_rows(connection: Connection, table: Table) -> bool:
    return connection.execute(select(*table.primary_key.columns).limit(1)).first() is not None


def _copy_table(connection: Connection, target: Engine, table: Table, say: Say) -> None:
    """Copy the rows that are not there yet."""
    query, done = _select_missing(target, table), 0
    batch: list[Sequence[Any]] = []
    for row in _stream(connection, query, table):
        batch.append(row)
        if len(batch) == ROWS_AT_ONCE:
            _insert(target, table, batch)
            done, batch = done + len(batch), []
            if done % TOLD_AT == 0:
                say(f"{table.name}: {done:,} rows")
    _insert(target, table, batch)
    if done + len(batch):
        say(f"{table.name}: {done + len(batch):,} rows copied")


def _select_missing(target: Engine, table: Table) -> Select[Any]:
    """The rows behind the last one that is there, where they are numbered; else all."""
    keys = list(table.primary_key.columns)
    if len(keys) > 1 or not isinstance(keys[0].type, Integer):
        return select(table)
    with target.connect() as connection:
        last = connection.scalar(select(func.max(keys[0])))
    return select(table) if last is None else select(table).where(keys[0] > last)


def _insert(target: Engine, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows, but those that are there."""
    if not rows:
        return
    names = [f"new_{column.name}" for column in table.columns]
    with target.begin() as connection:
        values = [dict(zip(names, row, strict=True)) for row in rows]
        connection.execute(_make_insert(connection, table), values)


def _make_insert(connection: Connection, table: Table) -> Any:
    """An INSERT by which NULL stays NULL, and is no `null` of JSON."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {
        column.name: bindparam(f"new_{column.name}", type_=_find_type(column))
        for column in table.columns
    }
    return make(table).values(values).on_conflict_do_nothing()


def _find_type(column: Column[Any]) -> TypeEngine[Any]:
    return CleanJson(none_as_null=True) if isinstance(column.type, CleanJson) else column.type


def _set_sequences(connection: Connection) -> None:
    """Let PostgreSQL number new rows behind those that were copied."""
    if connection.dialect.name != "postgresql":
        return
    for table in TABLES:
        if "id" in table.columns:
            last = select(func.max(table.c.id)).select_from(table).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, "id")
            start = func.coalesce(last, 1)
            connection.execute(select(func.setval(sequence, start, last.is_not(None))))


def _compare(connection: Connection, target: Engine, table: Table) -> Compared:
    with read_snapshot(target) as other:
        return Compared(table.name, digest_table(connection, table), digest_table(other, table))


def _finish(connection: Connection, target: Engine) -> None:
    """Make the copy an archive: with the settings of what it is of, and without the mark."""
    rows: list[Mapping[str, Any]] = [
        dict(row) for row in connection.execute(select(SETTINGS)).mappings()
    ]
    with target.begin() as writing:
        writing.execute(delete(Setting))
        replace_rows(writing, Setting, rows, ["name"])
