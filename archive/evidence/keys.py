"""Foreign keys that point to nothing, and indexes that have not what their tables have.

PostgreSQL keeps both by itself; SQLite not where its file is damaged, and foreign keys only while
they are switched on.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, text

from archive.database.engine import read
from archive.database.models import Base, Blob
from archive.evidence.checks import Checked
from archive.evidence.findings import Finding, is_damage

TABLES = tuple(table.name for table in Base.metadata.sorted_tables)
FOLLOWED = Blob.__tablename__
"""Its foreign key is followed where its bytes are checked."""
WHOLE = "ok"
"""What SQLite says of a table and its indexes that agree."""


def check_keys(engine: Engine, table: str) -> Checked:
    """The rows of a table that point to no row, and what is wrong with its indexes."""
    if engine.dialect.name != "sqlite":
        return Checked((), 0)
    try:
        with read(engine) as connection:
            torn = [*_find_torn(connection, table)]
            loose = [] if table == FOLLOWED else [*_find_loose(connection, table)]
            return Checked((*torn, *loose), 1)
    except Exception as error:
        if not is_damage(error):
            raise
        said = " ".join(str(getattr(error, "orig", None) or error).split())
        return Checked((Finding("index", table, 0, f"{table}: cannot be read: {said}"),), 1)


def _find_torn(connection: Connection, table: str) -> Iterator[Finding]:
    for said in connection.exec_driver_sql(f"PRAGMA integrity_check({table})").scalars():
        if said != WHOLE:
            yield Finding("index", table, 0, f"{table}: {' '.join(str(said).split())}")


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
