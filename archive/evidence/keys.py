"""Foreign keys that point to nothing.

PostgreSQL keeps them by itself; SQLite only while they are switched on, and not where a file is
damaged.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, text

from archive.database.engine import read
from archive.database.models import Base, Blob
from archive.evidence.checks import Checked
from archive.evidence.findings import Finding, is_damage

TABLES = tuple(
    table.name
    for table in Base.metadata.sorted_tables
    if table.foreign_keys and table.name != Blob.__tablename__
)
"""Those with foreign keys; a blob's is followed where its bytes are checked."""


def check_keys(engine: Engine, table: str) -> Checked:
    """The rows of a table that point to no row."""
    if engine.dialect.name != "sqlite":
        return Checked((), 0)
    try:
        with read(engine) as connection:
            return Checked(tuple(_find_loose(connection, table)), 1)
    except Exception as error:
        if not is_damage(error):
            raise
        said = " ".join(str(getattr(error, "orig", None) or error).split())
        return Checked((Finding("link", table, 0, f"{table}: cannot be read: {said}"),), 1)


def _find_loose(connection: Connection, table: str) -> Iterator[Finding]:
    columns = _name_columns(connection, table)
    for row in connection.exec_driver_sql(f"PRAGMA foreign_key_check({table})"):
        _, row_id, parent, key = row
        column = columns[key]
        query = text(f"SELECT {column} FROM {table} WHERE rowid = :id")
        value = connection.scalar(query, {"id": row_id})
        why = f"{table}.{column} is {value}, which is no row of {parent}"
        yield Finding("link", table, row_id, why)


def _name_columns(connection: Connection, table: str) -> dict[int, str]:
    """The column of each foreign key, by SQLite's number of it."""
    rows = connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})").mappings()
    return {row["id"]: row["from"] for row in rows}
