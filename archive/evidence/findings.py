"""What a check hands on, and what of it a person is told."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

SQLITE_CORRUPT = 11
"""Primary result code of a file that is no sound database any more (sqlite.org/rescode.html)."""
POSTGRES_CORRUPT = "XX"
"""Class of SQLSTATE of pages and indexes that cannot be read."""
NOT_UTF8 = "Could not decode"
"""What Python's sqlite3 says of a text that is no UTF-8; it gives no code."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with one row."""

    what: str
    """`blob`, `text`, `reading`, `layout`, `link`; `index` for what SQLite finds wrong itself."""
    table: str
    id: int
    """Of the row; 0 for what is no one row's."""
    why: str
    spreads: bool = True
    """Whether what is compressed against it is lost too."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding with what it takes."""

    what: str
    id: int
    why: str
    captures: tuple[int, ...]
    pages: tuple[str, ...]
    """`kota-surakarta/123`, without an office or page whose own row is lost."""


def is_damage(error: Exception) -> bool:
    """Whether reading failed of what is stored: not of a lock, a full disk or a lost server."""
    if not isinstance(error, (DBAPIError, sqlite3.Error)):
        return isinstance(error, (ValueError, TypeError))
    cause = getattr(error, "orig", None) or error
    if str(getattr(cause, "sqlstate", None) or "").startswith(POSTGRES_CORRUPT):
        return True
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None and code & 0xFF == SQLITE_CORRUPT:
        return True
    return str(cause).startswith(NOT_UTF8)
