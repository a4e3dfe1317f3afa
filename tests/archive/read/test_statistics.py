"""What each office's captures of each year take."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from archive.database.engine import read
from archive.read.statistics import count_archive, count_bytes
from archive.records import Capture
from tests.archive.evidence.test_withhold import run
from tests.archive.making import CILACAP, begin, make_article, save

EVE = datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC)
NEW = datetime(2025, 1, 1, tzinfo=UTC)
FIRST = make_article(1, fetched_at=EVE)
AGAIN = make_article(1, fetched_at=NEW)
SECOND = make_article(2, fetched_at=NEW, views=22)
ELSEWHERE = make_article(1, site=CILACAP.code, fetched_at=NEW, views=333)
FAILED = replace(
    make_article(3, fetched_at=NEW),
    status=None,
    error="no answer",
    body=None,
    reading=None,
    digests=None,
)


@pytest.fixture
def filled(archive: Engine) -> Engine:
    """Captures on both sides of a new year, one of them twice, one without an answer."""
    run_id = begin(archive)
    save(archive, run_id, FIRST, SECOND, ELSEWHERE, FAILED)
    save(archive, run_id, AGAIN)
    return archive


def measure(*captures: Capture) -> int:
    return sum(len(capture.body or b"") for capture in captures)


def test_bytes_are_told_by_office_and_year(filled: Engine) -> None:
    """A year begins at its first second; what is kept once is counted once, and all adds up."""
    with read(filled) as connection:
        rows = list(count_bytes(connection))
        counts = count_archive(connection)
    told = [tuple(row.values())[:5] for row in rows]
    assert told == [
        ("kab-cilacap", 2025, 1, 1, measure(ELSEWHERE)),
        ("kota-surakarta", 2024, 1, 1, measure(FIRST)),
        ("kota-surakarta", 2025, 3, 1, measure(SECOND, AGAIN)),
    ]
    for name in ("captures", "snapshots", "bytes_fetched", "bytes_kept"):
        assert sum(row[name] for row in rows) == counts[name] > 0


def test_command_writes_them_as_rows(filled: Engine, archive_url: str) -> None:
    """One object for each office and year."""
    rows = json.loads(run(archive_url, "stats", "--bytes", "--format", "json").stdout)
    assert [(row["site"], row["year"]) for row in rows] == [
        ("kab-cilacap", 2025),
        ("kota-surakarta", 2024),
        ("kota-surakarta", 2025),
    ]


def test_empty_archive_has_no_bytes(archive: Engine) -> None:
    """No rows, no errors."""
    with read(archive) as connection:
        assert list(count_bytes(connection)) == []
