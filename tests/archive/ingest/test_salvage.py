"""One bad record costs itself alone; one bad snapshot nobody; a storage that fails is no record's
fault."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, update

from archive.blobs import store as snapshots
from archive.blobs.codec import DamagedSnapshot
from archive.database import models
from archive.database.engine import ArchiveError, read
from archive.database.faults import is_storage_fault
from archive.frontier import ArchiveFrontier
from archive.ingest import batch
from archive.ingest.salvage import Loss
from archive.ingest.writer import Writer, end_run
from archive.records import Capture, Category, Link, RunEnd, Sighting, VisitEnd, Walk
from tests.archive.making import (
    CILACAP,
    NOON,
    SURAKARTA,
    at,
    begin,
    make_article,
    make_listing,
    run_sql,
    save,
)

YEAR_ONE = datetime(1, 1, 1, tzinfo=UTC)
LONG = "/" + "".join(chr(33 + number * 7919 % 90) for number in range(3000))
"""Not to be compressed below what PostgreSQL's index takes."""


def write(engine: Engine, run: int, *records: batch.Record) -> list[Loss]:
    """Write records as a crawl does; return what was lost."""
    lost: list[Loss] = []
    with Writer(engine, run, on_loss=lost.append) as writer:
        for record in records:
            writer.put(record)
    return lost


def count(engine: Engine, table: str) -> int:
    return int(run_sql(engine, f"SELECT count(*) FROM {table}")[0][0])


def test_long_texts_and_large_counts_are_taken_by_both(archive: Engine) -> None:
    """Links, categories, keys, addresses of 3,000 characters and counts of 40 bits are rows on both
    engines, once however often they come."""
    run = begin(archive)
    link = Link("image", f"https://x{LONG}", LONG)
    article = make_article(1, links=(link,), views=999_999_999_999)
    odd = replace(article, page=("url", LONG), canonical=LONG, url=f"https://x{LONG}")
    assert article.reading is not None
    more = replace(
        article.reading,
        categories=(Category(LONG, LONG),),
        sightings=(Sighting(("url", LONG + "b"), f"https://x{LONG}", LONG, 10**12),),
    )
    walk = Walk(SURAKARTA.code, LONG, 1, True, NOON)
    for record in (article, odd, replace(odd, fetched_at=at(1), reading=more), walk):
        assert write(archive, run, record, record) == []
    assert count(archive, "links") == 2 and count(archive, "categories") == 1
    assert (count(archive, "captures"), count(archive, "walks")) == (3, 1)
    assert run_sql(archive, "SELECT max(count) FROM view_counts") == [(10**12,)]


@pytest.mark.parametrize(
    "poison",
    [
        {"views": 10**30},
        {"published_instant": YEAR_ONE.replace(tzinfo=None)},
        {"digests": None},
        {"role": 5},
    ],
    ids=["number", "time", "digests", "type"],
)
def test_bad_record_costs_itself_alone(archive: Engine, poison: dict[str, object]) -> None:
    """What the database refuses becomes a capture with its bytes and a problem; the others of its
    batch are kept whole, the office's visit says so, and the next batch goes on."""
    run = begin(archive)
    bad = make_article(2, 1, **poison)
    end = VisitEnd(SURAKARTA.code, NOON, at(9), 0, "done", {"article": 3})
    lost = write(archive, run, make_article(1), bad, make_article(3, 2), end)
    assert [loss.url for loss in lost] == [bad.url]
    assert count(archive, "documents") == 2 and count(archive, "captures") == 3
    rows = run_sql(
        archive,
        "SELECT c.blob_id, p.field FROM problems p JOIN captures c ON c.id = p.capture_id",
    )
    assert [field for _, field in rows] == ["record"]
    with read(archive) as connection:
        assert snapshots.load(connection, rows[0][0]) == bad.body
    assert run_sql(archive, "SELECT exit_code FROM visits") == [(3,)]
    assert write(archive, run, make_article(4, 3)) == []


def test_listing_with_a_bad_time_costs_itself_alone(archive: Engine) -> None:
    """A creation in the year 1, in a zone where that is before all days, stops nobody."""
    run = begin(archive)
    listing = make_listing([(1, "Rapat", 1)])
    assert listing.reading is not None
    shown = replace(listing.reading.sightings[0], created="yesterday")
    bad = replace(listing, reading=replace(listing.reading, sightings=(shown,)))
    assert len(write(archive, run, bad, make_article(1, 1))) == 1
    assert (count(archive, "documents"), count(archive, "captures")) == (1, 2)


def test_office_that_is_not_there_costs_itself_alone(archive: Engine) -> None:
    """A record of an unknown office cannot be kept at all, and takes nobody along."""
    run = begin(archive)
    strange = replace(make_article(1), site="99.99")
    lost = write(archive, run, strange, make_article(2, 1, site=CILACAP.code))
    assert [loss.site for loss in lost] == ["99.99"]
    assert count(archive, "documents") == 1


def test_failing_derivation_costs_its_page_alone(
    archive: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where what follows from a page cannot be derived, its capture is kept, and the others."""
    run = begin(archive)
    refresh = batch.refresh_documents

    def fail(connection: Connection, page_ids: Sequence[int]) -> None:
        ids = list(page_ids)
        keys = connection.scalars(
            models.Page.__table__.select()
            .with_only_columns(models.Page.key)
            .where(models.Page.id.in_(ids))
        ).all()
        if "2" in keys:
            raise ZeroDivisionError("a bug")
        refresh(connection, ids)

    monkeypatch.setattr(batch, "refresh_documents", fail)
    lost = write(archive, run, make_article(1), make_article(2, 1), make_article(3, 2))
    assert [loss.why for loss in lost] == ["a bug"]
    assert (count(archive, "captures"), count(archive, "documents")) == (3, 2)


def test_undatable_office_leaves_the_others_dated(
    archive: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the end of a run, an office whose articles cannot be dated is a problem, not the end."""
    from archive.derive import dates

    run = begin(archive)
    write(archive, run, make_article(1), make_article(1, 1, site=CILACAP.code))
    real, dated = dates.date_site, []

    def date_site(connection: Connection, site_id: int) -> None:
        if site_id == 1:
            raise OverflowError("date value out of range")
        dated.append(site_id)
        real(connection, site_id)

    monkeypatch.setattr(dates, "date_site", date_site)
    end_run(archive, run, RunEnd(NOON, 0, "done", {}))
    assert dated == [2]
    assert run_sql(archive, "SELECT field, site_id FROM problems") == [("published", 1)]
    assert run_sql(archive, "SELECT exit_code FROM runs") == [(0,)]


def damage(engine: Engine, blob_id: int) -> None:
    """Flip one byte in the middle of stored bytes."""
    with engine.begin() as connection:
        query = models.Blob.__table__.select().with_only_columns(models.Blob.data)
        data = bytearray(connection.scalar(query.where(models.Blob.id == blob_id)))
        data[len(data) // 2] ^= 1
        change = update(models.Blob).where(models.Blob.id == blob_id)
        connection.execute(change.values(data=bytes(data)))


def test_damaged_reference_stops_nobody(archive: Engine) -> None:
    """A snapshot with a flipped byte is named once and never used again: the office's new pages,
    and the next look at its own page, are kept and come back whole."""
    run = begin(archive)
    save(archive, run, make_article(1))
    damage(archive, 1)
    later = [make_article(1, 1, views=7), *(make_article(number, number) for number in (2, 3))]
    for capture in later:
        assert write(archive, run, capture) == []
    with read(archive) as connection:
        for blob_id, capture in enumerate(later, start=2):
            assert snapshots.load(connection, blob_id) == capture.body
        with pytest.raises(DamagedSnapshot):
            snapshots.load(connection, 1)
    told = run_sql(archive, "SELECT field, seen, capture_id FROM problems")
    assert told == [("snapshot", "snapshot 1", 1)]
    assert run_sql(archive, "SELECT id FROM blobs WHERE reference_id = 1") == []
    assert count(archive, "documents") == 3


def test_damaged_snapshot_is_healed_by_its_bytes(archive: Engine) -> None:
    """When the bytes of a damaged snapshot come once more, they are stored anew."""
    run = begin(archive)
    first = make_article(1)
    save(archive, run, first)
    damage(archive, 1)
    write(archive, run, make_article(2, 1))
    write(archive, run, replace(first, fetched_at=at(2)))
    with read(archive) as connection:
        assert snapshots.load(connection, 1) == first.body
    assert not run_sql(archive, "SELECT damaged FROM blobs WHERE id = 1")[0][0]


def test_damaged_robots_count_as_never_seen(archive: Engine) -> None:
    """Rules whose bytes no longer decode are asked for anew, and stop no visit."""
    run = begin(archive)
    body = b"User-agent: *\n" + b"".join(b"Disallow: /a%d\n" % (n * n) for n in range(200))
    url = "https://x/robots.txt"
    save(archive, run, Capture(SURAKARTA.code, url, "/robots.txt", NOON, status=200, body=body))
    damage(archive, 1)
    assert ArchiveFrontier(archive).find_robots(SURAKARTA.code).body is None


def make_sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("said so")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "is_storage"),
    [
        (make_sqlite_error(sqlite3.SQLITE_FULL), True),
        (make_sqlite_error(sqlite3.SQLITE_BUSY), True),
        (make_sqlite_error(sqlite3.SQLITE_CORRUPT), True),
        (make_sqlite_error(sqlite3.SQLITE_IOERR | 8 << 8), True),
        (make_sqlite_error(sqlite3.SQLITE_READONLY), True),
        (make_sqlite_error(sqlite3.SQLITE_CONSTRAINT), False),
        (make_sqlite_error(sqlite3.SQLITE_TOOBIG), False),
        (make_sqlite_error(sqlite3.SQLITE_MISMATCH), False),
        (FileNotFoundError("gone"), True),
        (ArchiveError("gone"), True),
        (OverflowError("Python int too large"), False),
        (ValueError("time without zone"), False),
    ],
    ids=str,
)
def test_storage_is_told_from_values(error: Exception, is_storage: bool) -> None:
    """Disk, lock, file and page faults end a run; a value that is refused does not."""
    assert is_storage_fault(error) is is_storage


@pytest.mark.parametrize(
    ("state", "is_storage"),
    [
        ("53100", True),
        ("57P01", True),
        ("55P03", True),
        ("XX001", True),
        ("25006", True),
        ("42P01", True),
        ("22003", False),
        ("23505", False),
        ("54000", False),
    ],
)
def test_states_of_postgresql_are_told_apart(state: str, is_storage: bool) -> None:
    """The same by SQLSTATE: disk full, shutdown, lock timeout; a number out of range, a long index
    row."""
    from psycopg import errors

    assert is_storage_fault(errors.lookup(state)("said so")) is is_storage


def test_lost_connection_is_storage() -> None:
    """A server that went away gives no state."""
    import psycopg

    assert is_storage_fault(psycopg.OperationalError("server closed the connection"))
    assert not is_storage_fault(psycopg.DataError("text fields cannot contain NUL"))
