"""Whether the storage fails, or one value does: the first ends a run, the second costs a record.

Told by the codes of the drivers; SQLite alone has none for a table that is gone.
"""

from __future__ import annotations

from archive.database.engine import ArchiveError
from archive.database.secrets import hide_passwords

SQLITE_STORAGE = frozenset({5, 6, 7, 8, 10, 11, 13, 14, 15, 23, 26})
"""Primary result codes: BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL,
AUTH, NOTADB (sqlite.org/rescode.html)."""
SQLITE_GONE = ("no such table", "no such column")
VALUE_STATES = ("21", "22", "23", "40", "54")
"""Classes of SQLSTATE that one record causes: cardinality, data, integrity, a transaction to be
tried again, program limits such as an index row's length. All others are the database's own."""
NEVER_A_VALUE = (ArchiveError, OSError, MemoryError)
CONNECTION_LOST = ("OperationalError", "InterfaceError", "AdminShutdown", "CrashShutdown")
"""What psycopg raises, without a state, where there is no server to give one."""
POOL_ERRORS = ("TimeoutError", "InvalidatePoolError", "DisconnectionError")


def is_storage_fault(error: BaseException) -> bool:
    """Whether an error tells of the disk, the file or the server rather than of what was written.

    `database is locked`, `disk is full`, a lost connection are; a number over 64 bits, a text that
    PostgreSQL refuses, a bug while deriving are not.
    """
    if isinstance(error, NEVER_A_VALUE):
        return True
    cause = getattr(error, "orig", None) or error
    if (code := getattr(cause, "sqlite_errorcode", None)) is not None:
        return code & 0xFF in SQLITE_STORAGE or str(cause).startswith(SQLITE_GONE)
    if state := getattr(cause, "sqlstate", None):
        return not str(state).startswith(VALUE_STATES)
    module, name = type(cause).__module__, type(cause).__name__
    if module.startswith("psycopg"):
        return name in CONNECTION_LOST
    return module == "sqlalchemy.exc" and name in POOL_ERRORS


def describe_error(error: BaseException) -> str:
    """Say a failure in one line, without the SQL it happened in, and without passwords."""
    said = hide_passwords(" ".join(str(getattr(error, "orig", None) or error).split()))
    return said or type(error).__name__
