"""How far a check of an archive has come, so that one that was interrupted can go on.

A file of JSON lines, one for each part that was checked: what a kill leaves half-written is its
last line alone, which is left out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import Connection, text

from archive.database.engine import ArchiveError, StorageError
from archive.derive.changes import find_identity
from archive.evidence.checks import Checked
from archive.evidence.findings import Finding

Plan = Mapping[str, Any]
"""What is checked: the archive's identity, the offices, the last id of each table, ids at once."""


def find_journal(connection: Connection) -> Path:
    """Where the place in a check of this archive is kept: beside SQLite's file, unless that folder
    cannot be written; else in the user's cache."""
    if connection.dialect.name == "sqlite":
        place = next(row.file for row in connection.execute(text("PRAGMA database_list")))
        if os.access(Path(place).parent, os.W_OK):
            return Path(f"{place}.verify.jsonl")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return cache / "kpucrawl" / f"{find_identity(connection) or 'empty'}.verify.jsonl"


class Journal:
    """The file, open for the next line."""

    def __init__(self, file: TextIO, path: Path) -> None:
        self._file = file
        self._path = path

    def add(self, checked: Checked) -> None:
        """Note that the next part was checked."""
        self._file.write(json.dumps(asdict(checked)) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Leave the file for a later `--resume`."""
        self._file.close()

    def remove(self) -> None:
        """Nothing is left to do: remove the file, unless a later check has put its own there."""
        own = os.fstat(self._file.fileno())
        self._file.close()
        with suppress(FileNotFoundError):
            if os.path.samestat(own, self._path.stat()):
                self._path.unlink()


def begin_journal(path: Path, plan: Plan, done: Iterable[Checked] = ()) -> Journal:
    """Begin a new journal, with what was done already, in the place of whatever is there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{path.name}.{os.getpid()}")
        file = new.open("w", encoding="utf-8")
        file.writelines(json.dumps(line) + "\n" for line in (plan, *map(asdict, done)))
        file.flush()
        new.replace(path)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror}") from error
    return Journal(file, path)


def resume_journal(path: Path) -> tuple[Plan, list[Checked]] | None:
    """What an interrupted check was to do, and what came of the parts it finished; `None` where
    there is none."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(path) from error
    try:
        plan, *done = [json.loads(line) for line in lines[:-1]]
        if not isinstance(plan, dict):
            raise _unreadable(path)
        return plan, [_read_part(part) for part in done]
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(path) from error


def _read_part(part: dict[str, Any]) -> Checked:
    findings = tuple(Finding(**found) for found in part["findings"])
    return Checked(findings, part["count"], part["unsealed"])


def _unreadable(path: Path) -> ArchiveError:
    return ArchiveError(f"{path} tells no place to go on from: check without --resume")
