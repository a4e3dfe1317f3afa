"""What the two engines say alike but SQLAlchemy spells per engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    case,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine

from archive.database.models import Base

CHUNK = 5000
"""Values in one IN list: well under what either engine takes in one statement."""

PAGES: BindParameter[int] = bindparam("pages", expanding=True)
"""In statements over pages: their ids."""

T = TypeVar("T")
Row = dict[str, Any]


def cut_chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Cut values into lists that fit one statement."""
    left = iter(values)
    while chunk := list(islice(left, size)):
        yield chunk


def select_asked(
    connection: Connection,
    sql: str,
    columns: Mapping[str, TypeEngine[Any]],
    rows: Sequence[Sequence[Any]],
) -> Sequence[Any]:
    """Run a statement whose `{asked}` is filled with rows of values: `WITH asked (...) AS (VALUES
    {asked})`.

    `columns` gives the names and SQL types. Joining such rows finds each by its index on both
    engines; SQLite answers `(a, b) IN (...)` by reading the whole table. Goes to the driver itself:
    SQLAlchemy would make an object for each of thousands of values.
    """
    dialect = connection.dialect
    bind = [
        type_.dialect_impl(dialect).bind_processor(dialect) or _leave for type_ in columns.values()
    ]
    mark = "%s" if dialect.name == "postgresql" else "?"
    asked = ", ".join([f"({', '.join([mark] * len(bind))})"] * len(rows))
    values = tuple(make(value) for row in rows for make, value in zip(bind, row, strict=True))
    return connection.exec_driver_sql(sql.format(asked=asked), values).all()


def _leave(value: Any) -> Any:
    return value


def read_by_page(
    connection: Connection, rows: Select[Any], page_ids: Collection[int]
) -> dict[int, Row]:
    """Read rows of pages, by a statement over `PAGES`; return them by their page."""
    return {
        row["page_id"]: dict(row)
        for row in connection.execute(rows, {"pages": page_ids}).mappings()
    }


def insert_new(
    connection: Connection, model: type[Base], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert the rows whose keys are not in the table yet; leave the others as they are."""
    if rows:
        connection.execute(insert_into(connection, model).on_conflict_do_nothing(), rows)


def extend_ranges(
    connection: Connection, model: type[Base], rows: Sequence[Mapping[str, Any]], key: Sequence[str]
) -> None:
    """Insert rows with `first_seen` and `last_seen`, or widen the time range of those that are
    there."""
    if not rows:
        return
    statement = insert_into(connection, model)
    columns = _find_table(model).c
    ranges = {
        "first_seen": _pick_time(
            columns.first_seen > statement.excluded.first_seen, statement, columns, "first_seen"
        ),
        "last_seen": _pick_time(
            columns.last_seen < statement.excluded.last_seen, statement, columns, "last_seen"
        ),
    }
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=ranges), rows)


def replace_rows(
    connection: Connection, model: type[Base], rows: Sequence[Mapping[str, Any]], key: Sequence[str]
) -> None:
    """Insert rows, or overwrite those with the same key."""
    if not rows:
        return
    statement = insert_into(connection, model)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed), rows)


def find_ids(
    connection: Connection, name: InstrumentedAttribute[str], key: InstrumentedAttribute[int]
) -> dict[str, int]:
    """All ids of a small table by name."""
    return dict(connection.execute(select(name, key)).all())


def _pick_time(
    changes: ColumnElement[bool], statement: sqlite.Insert, columns: Any, name: str
) -> ColumnElement[datetime]:
    return case((changes, statement.excluded[name]), else_=columns[name])


def _find_table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def insert_into(connection: Connection, model: type[Base]) -> sqlite.Insert:
    """The engine's own INSERT; PostgreSQL's has the same ON CONFLICT methods."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(_find_table(model))
    return postgresql.insert(_find_table(model))  # type: ignore[return-value]
