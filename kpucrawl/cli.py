"""`kpu-archive`: the commands of both packages, and the one place where their errors become a line and a code."""

from __future__ import annotations

import sqlite3
import sys
from enum import IntEnum

from archive.cli import app, say
from kpucrawl.place import find_archive_url


class Exit(IntEnum):
    """Codes of `kpu-archive`, as of a crawl."""

    MISCONFIGURED = 2
    STORAGE = 9


def main() -> None:
    """Run the program; usage errors, a closed pipe and Ctrl-C are typer's."""
    try:
        app(obj=find_archive_url(), prog_name="kpu-archive")
    except Exception as error:
        code = judge_error(error)
        if code is None:
            raise
        say(f"kpu-archive: {' '.join(str(getattr(error, 'orig', None) or error).split())}")
        sys.exit(code)


def judge_error(error: Exception) -> Exit | None:
    """The exit code of an error that is no bug."""
    from sqlalchemy.exc import SQLAlchemyError

    from archive.db import ArchiveError
    from archive.snapshots import DamagedSnapshot

    if isinstance(error, ArchiveError):
        return Exit.MISCONFIGURED
    if isinstance(error, (SQLAlchemyError, sqlite3.Error, DamagedSnapshot)):
        return Exit.STORAGE
    return None
