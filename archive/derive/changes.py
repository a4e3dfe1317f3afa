"""The change log: which articles changed, for what is derived outside the database."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy import Connection, delete, func, insert, select

from archive.database.models import Change, Setting
from archive.database.sql import cut_chunks

IDENTITY = "identity"
"""The setting that tells one archive from another, which a file's name does not."""


def note_changes(connection: Connection, page_ids: Iterable[int]) -> None:
    """Log that these pages changed, in the transaction that changes them."""
    changed = sorted(set(page_ids))
    if not changed:
        return
    if find_identity(connection) is None:
        connection.execute(insert(Setting).values(name=IDENTITY, value=uuid4().hex))
    first = find_last_change(connection) + 1
    for chunk in cut_chunks(changed):
        connection.execute(delete(Change).where(Change.page_id.in_(chunk)))
    rows = [{"id": number, "page_id": page_id} for number, page_id in enumerate(changed, first)]
    connection.execute(insert(Change), rows)


def find_identity(connection: Connection) -> str | None:
    """What tells this archive from others; `None` while it holds no article."""
    return connection.scalar(select(Setting.value).where(Setting.name == IDENTITY))


def find_last_change(connection: Connection) -> int:
    """The id of the last change, 0 before the first."""
    return connection.scalar(select(func.max(Change.id))) or 0
