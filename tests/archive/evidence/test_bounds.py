"""Where the bounds of checking and compacting lie."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import OperationalError

from archive.blobs.codec import SMALL
from archive.database import engine as db
from archive.database.models import Blob
from archive.evidence import chains
from archive.evidence.chains import LOST_STEPS, STORED, BrokenChain, Chains
from archive.evidence.compact import NEAREST, Office, Stored
from archive.evidence.findings import is_damage
from archive.evidence.journal import find_journal
from tests.archive.evidence.damage import change, check, fill
from tests.archive.evidence.test_verify import make_step
from tests.archive.making import begin


@pytest.mark.parametrize(
    ("size", "stored_size", "reference", "is_poor"),
    [
        (SMALL, SMALL // 10, 1, False),
        (SMALL, SMALL // 10 + 1, 1, True),
        (SMALL, 1, None, True),
        (SMALL - 1, SMALL - 1, None, False),
    ],
)
def test_what_could_gain(size: int, stored_size: int, reference: int | None, is_poor: bool) -> None:
    """A snapshot of 1,000 bytes or more gains perhaps when it stands alone, or is not yet ten times
    smaller."""
    assert Stored(2, "", size, stored_size, reference, 0).is_poor is is_poor


def make_stored(number: int, address: str, depth: int = 0, size: int = SMALL) -> Stored:
    """A snapshot of one address."""
    return Stored(number, "", size, 500, 99 if depth else None, depth, {address})


def list_ids(office: Office, stored: Stored) -> list[int]:
    return [one.id for one in office.list_candidates(stored)]


def test_what_is_tried_comes_before() -> None:
    """First and last of the own address at one step or none, then the office's first that stands
    alone and the last three before; nothing that comes later, is small, or is two steps deep."""
    office = Office(
        [
            *(make_stored(number, f"/{number}") for number in range(1, NEAREST + 4)),
            make_stored(10, "/a", depth=1),
            make_stored(11, "/a", depth=2),
            make_stored(12, "/a", depth=1),
            make_stored(13, "/a", depth=1, size=SMALL - 1),
            make_stored(14, "/a"),
            make_stored(15, "/a", depth=1),
        ]
    )
    assert list_ids(office, office.snapshots[-2]) == [10, 12, 1, 4, 5, 6]
    assert list_ids(office, office.snapshots[0]) == []
    assert list_ids(office, office.snapshots[1]) == [1]


def chain(connection: Connection, length: int) -> BrokenChain | int:
    """Follow a chain of so many blobs from its end; return its depth, or what broke."""
    bodies = [bytes([65 + number]) * 2000 for number in range(length)]
    for number, body in enumerate(bodies, 1):
        row = make_step(number, body, bodies[number - 2] if number > 1 else None)
        connection.execute(insert(Blob), row)
    row = connection.execute(STORED.where(Blob.id == length)).one()
    try:
        return Chains(connection).decode(row).depth
    except BrokenChain as broken:
        return broken


def test_chain_is_followed_so_far(archive: Engine) -> None:
    """Nine steps are still counted; what is further is given up, so that no chain takes for
    ever."""
    begin(archive)
    with archive.connect() as connection:
        assert chain(connection, LOST_STEPS + 1) == LOST_STEPS
        connection.rollback()
        assert isinstance(chain(connection, LOST_STEPS + 2), BrokenChain)
        connection.rollback()


def test_forgotten_references_are_read_again(
    archive: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room for one reference alone, the same is found."""
    fill(archive)
    change(archive, "UPDATE blobs SET data = :data WHERE id = 2", data=b"none")
    whole = check(archive)
    assert whole.findings
    monkeypatch.setattr(chains, "MOST_KEPT", 1)
    assert check(archive) == whole


def make_error(message: str, code: int | None) -> OperationalError:
    cause = sqlite3.OperationalError(message)
    if code is not None:
        cause.sqlite_errorcode = code
    return OperationalError("SELECT", {}, cause)


@pytest.mark.parametrize(
    ("error", "damaged"),
    [
        (make_error("database disk image is malformed", 11), True),
        (make_error("Could not decode to UTF-8 column 'body'", None), True),
        (ValueError("Invalid isoformat string"), True),
        (make_error("database is locked", 5), False),
        (make_error("disk I/O error", 10), False),
        (MemoryError(), False),
    ],
)
def test_only_what_is_stored_is_damage(error: Exception, damaged: bool) -> None:
    """A row that cannot be read is a fault of the archive; a lock or a failing disk ends the check,
    which can be resumed."""
    assert is_damage(error) is damaged


def test_journal_goes_where_it_can_be_written(
    archive: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Beside SQLite's file, or in the user's cache where that folder cannot be written; always
    there for PostgreSQL."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cached = tmp_path / "cache" / "kpucrawl" / "empty.verify.jsonl"
    beside = tmp_path / "archive.db.verify.jsonl"
    with db.read(archive) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        assert find_journal(connection) == (beside if is_sqlite else cached)
        monkeypatch.setattr(os, "access", lambda path, mode: False)
        assert find_journal(connection) == cached
    assert check(archive).findings == ()
    assert cached.parent.is_dir() and not cached.exists()
