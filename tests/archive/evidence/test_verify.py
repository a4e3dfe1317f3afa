"""A check of the archive finds what is not as it was kept, and names what that takes."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from archive.blobs.store import load_whole
from archive.database import engine as db
from archive.database.models import Blob, Reading
from archive.evidence import checks, verify
from archive.ingest.digests import text_digest
from tests.archive.evidence.damage import (
    LAYOUT_DIGEST,
    alter,
    change,
    check,
    fill,
    find_faults,
    flip,
    flip_text,
    list_ids,
)
from tests.archive.making import begin, make_article, run_sql, save

POSITIONS = 30
"""Bits that are flipped of each kind of row, one at a time."""
PAGES = {f"{site}/{number}" for site in ("kota-surakarta", "kab-cilacap") for number in range(1, 6)}
DEPENDENTS = """
SELECT captures.id FROM captures JOIN blobs ON blobs.id = captures.blob_id
LEFT JOIN blobs AS nearer ON nearer.id = blobs.reference_id
WHERE {blob} IN (blobs.id, blobs.reference_id, nearer.reference_id)
"""


@pytest.fixture
def filled(archive: Engine) -> Engine:
    """A sound archive, on both engines."""
    fill(archive)
    return archive


def test_sound_archive_has_no_faults(filled: Engine) -> None:
    """Every row is looked at, and nothing is wrong."""
    verdict = check(filled, jobs=3)
    assert verdict.findings == () and verdict.unsealed == 0
    for name in ("blobs", "texts", "readings", "layouts", "captures"):
        assert verdict.counts[name] == run_sql(filled, f"SELECT count(*) FROM {name}")[0][0] > 0


def test_empty_archive_has_no_faults(archive: Engine) -> None:
    """Nothing to check is nothing wrong."""
    assert find_faults(archive) == []


def test_flipped_bit_of_a_blob_is_found(filled: Engine) -> None:
    """Wherever a bit of stored bytes is flipped, the blob is named with all captures whose bytes do
    not come back because of it; a bit that changes nothing of what they decode to is no fault."""
    numbers = random.Random(1)
    blob_ids = list_ids(filled, "SELECT id FROM blobs")
    found = 0
    for _ in range(POSITIONS):
        blob_id = numbers.choice(blob_ids)
        with filled.begin() as connection:
            data = connection.scalar(select(Blob.data).where(Blob.id == blob_id))
            assert data is not None
            spoilt = update(Blob).where(Blob.id == blob_id).values(data=flip(data, numbers))
            connection.execute(spoilt)
            lost = set(blob_ids) - load_whole(connection, blob_ids).keys()
        (*faults,) = find_faults(filled)
        takes = list_ids(filled, DEPENDENTS.format(blob=blob_id)) if lost else ()
        expected = [("blob", blob_id, takes)] if lost else []
        assert [(one.what, one.id, one.captures) for one in faults] == expected
        found += bool(lost)
        change(filled, "UPDATE blobs SET data = :data WHERE id = :id", data=data, id=blob_id)
    assert found > POSITIONS * 0.8
    assert find_faults(filled) == []


def test_flipped_bit_of_a_text_is_found(filled: Engine) -> None:
    """Wherever a bit of a title or body is flipped, the text is named with the captures that show
    it, also where it is no UTF-8 any more; white space alone makes no other text."""
    numbers = random.Random(2)
    is_sqlite = filled.dialect.name == "sqlite"
    for _ in range(POSITIONS):
        column = numbers.choice(["title", "body"])
        row = numbers.choice(run_sql(filled, f"SELECT id, title, body, {column} FROM texts"))
        text_id, title, body, before = row
        after = flip_text(before, numbers, sound=not is_sqlite)
        parts = {"title": title, "body": body, column: after.decode(errors="replace")}
        is_same = text_digest(**parts) == text_digest(title, body)
        value: Any = after if is_sqlite else after.decode()
        new = "CAST(:value AS TEXT)" if is_sqlite else ":value"
        change(filled, f"UPDATE texts SET {column} = {new} WHERE id = :id", value=value, id=text_id)
        takes = list_ids(
            filled, f"SELECT DISTINCT capture_id FROM readings WHERE text_id = {text_id}"
        )
        faults = [(one.what, one.id, one.captures) for one in find_faults(filled)]
        assert faults == ([] if is_same else [("text", text_id, takes)])
        change(
            filled, f"UPDATE texts SET {column} = :value WHERE id = :id", value=before, id=text_id
        )
    assert find_faults(filled) == []


def test_changed_column_of_a_reading_is_found(filled: Engine) -> None:
    """Whatever column of a reading is changed, by a bit or a day, the reading is named with its
    capture."""
    numbers = random.Random(3)
    columns = [one for one in Reading.__table__.columns if one.name not in ("id", "capture_id")]
    altered = set()
    for column in columns * 2:
        with filled.begin() as connection:
            held = select(Reading.id, Reading.capture_id, column).where(column.is_not(None))
            rows = connection.execute(held).all()
            if not rows:
                continue
            reading_id, capture_id, before = numbers.choice(rows)
            after = alter(before, numbers) if before != "" else "x"
            changed = update(Reading).where(Reading.id == reading_id)
            if not column.foreign_keys:
                connection.execute(changed.values({column.name: after}))
            else:
                others = [row[2] for row in rows if row[2] != before]
                connection.execute(changed.values({column.name: numbers.choice(others)}))
        faults = {(one.what, one.id, one.captures) for one in find_faults(filled)}
        assert ("reading", reading_id, (capture_id,)) in faults
        altered.add(column.name)
        with filled.begin() as connection:
            connection.execute(changed.values({column.name: before}))
    assert {"byline", "writers", "views", "published_earliest", "read_at", "text_id"} <= altered
    assert find_faults(filled) == []


def test_flipped_bit_of_a_layout_is_found(filled: Engine) -> None:
    """Wherever a bit of a layout or of its digest is flipped, it is named with the captures that
    were read by it."""
    numbers = random.Random(4)
    for _ in range(POSITIONS):
        column = numbers.choice(["content", "digest"])
        ((before,),) = run_sql(filled, f"SELECT {column} FROM layouts")
        after = flip_text(before, numbers, sound=True).decode()
        change(filled, f"UPDATE layouts SET {column} = :value", value=after)
        faults = find_faults(filled)
        assert ("layout", 1, (1,)) in {(one.what, one.id, one.captures) for one in faults}
        change(filled, f"UPDATE layouts SET {column} = :value", value=before)
    assert find_faults(filled) == []


def test_lost_reference_names_all_that_depended_on_it(filled: Engine) -> None:
    """Where the row of a reference is gone, one fault names it, with every capture compressed
    against it at one step or two, of whatever page."""
    ((lost, _),) = run_sql(
        filled,
        "SELECT reference_id, count(*) FROM blobs WHERE reference_id IN (SELECT id FROM blobs WHERE"
        " reference_id IS NULL) GROUP BY reference_id ORDER BY count(*) DESC LIMIT 1",
    )
    takes = list_ids(filled, DEPENDENTS.format(blob=lost))
    assert len(takes) > 5
    change(filled, "DELETE FROM snapshot_references WHERE blob_id = :id", id=lost)
    change(filled, "DELETE FROM blobs WHERE id = :id", id=lost)
    blobs = [one for one in find_faults(filled) if one.what == "blob"]
    assert [(one.id, one.captures) for one in blobs] == [(lost, takes)]
    assert set(blobs[0].pages) <= PAGES and "missing" in blobs[0].why


def test_reference_that_goes_round_is_found(filled: Engine) -> None:
    """A blob that is compressed against itself by way of another is told, and ends."""
    rows = run_sql(filled, "SELECT id, reference_id FROM blobs WHERE reference_id IS NOT NULL")
    blob_id, reference = rows[0]
    change(
        filled,
        "UPDATE blobs SET reference_id = :other, codec = 'zstd-ref' WHERE id = :id",
        id=reference,
        other=blob_id,
    )
    whys = {one.why for one in find_faults(filled) if one.what == "blob"}
    assert "it is compressed against itself in the end" in whys


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("size", 7, "its size is"),
        ("stored_size", 7, "its stored size is"),
        ("codec", "lzma", "its codec is"),
    ],
)
def test_wrong_columns_of_a_blob_are_found(
    filled: Engine, column: str, value: object, why: str
) -> None:
    """What is said of bytes beside them is checked too, and takes the blob's own captures alone."""
    (reference,) = run_sql(filled, "SELECT min(reference_id) FROM blobs")[0]
    change(filled, f"UPDATE blobs SET {column} = :value WHERE id = :id", value=value, id=reference)
    (fault,) = find_faults(filled)
    own = list_ids(filled, f"SELECT id FROM captures WHERE blob_id = {reference}")
    assert (fault.what, fault.id, fault.captures) == ("blob", reference, own)
    assert fault.why.startswith(why)


def test_third_step_is_found(archive: Engine) -> None:
    """Two steps to bytes that stand alone are as it should be; a third is told."""
    begin(archive)
    bodies = [bytes([65 + number]) * 2000 for number in range(4)]
    with archive.begin() as connection:
        for number, body in enumerate(bodies, 1):
            row = make_step(number, body, bodies[number - 2] if number > 1 else None)
            connection.execute(Blob.__table__.insert(), row)
    (fault,) = find_faults(archive)
    assert (fault.what, fault.id) == ("blob", 4)
    assert fault.why == "it is 3 steps from bytes that stand alone, not 2"


def make_step(number: int, body: bytes, before: bytes | None) -> dict[str, object]:
    """A blob that is compressed against the one before."""
    from archive.blobs.codec import ZstdDict, compress

    prefix = None if before is None else ZstdDict(before, is_raw=True).as_prefix
    data = compress(body, 3, zstd_dict=prefix)
    return {
        "id": number,
        "digest": hashlib.sha256(body).hexdigest(),
        "codec": "zstd" if before is None else "zstd-ref",
        "reference_id": None if before is None else number - 1,
        "size": len(body),
        "stored_size": len(data),
        "data": data,
    }


@pytest.mark.parametrize(
    ("statement", "what", "row"),
    [
        ("UPDATE captures SET validated_id = 9999 WHERE id = 2", "captures", 2),
        ("UPDATE captures SET digest = 'x' WHERE id = 2", "captures", 2),
        ("UPDATE captures SET digest = NULL WHERE id = 2", "captures", 2),
        ("UPDATE captures SET url = url || 'x' WHERE id = 2", "captures", 2),
        ("UPDATE captures SET canonical_digest = 'x' WHERE id = 2", "captures", 2),
        ("UPDATE layouts SET captures = '[1, 9999]' WHERE id = 1", "layouts", 1),
    ],
)
def test_loose_link_is_found(filled: Engine, statement: str, what: str, row: int) -> None:
    """What names another row, without a constraint that keeps it, is followed."""
    change(filled, statement)
    (fault,) = find_faults(filled)
    assert (fault.what, fault.id) == ("link", row)
    assert fault.why.startswith(f"{what}.") and fault.captures == ((2,) if row == 2 else (1,))


def test_reading_by_a_lost_layout_is_found(filled: Engine) -> None:
    """A layout whose row is gone is named at each reading by it."""
    (reading,) = list_ids(filled, f"SELECT id FROM readings WHERE layout = '{LAYOUT_DIGEST}'")
    change(filled, "DELETE FROM layouts")
    faults = [(one.what, one.id, one.captures) for one in find_faults(filled)]
    assert faults == [("link", reading, (1,))]


def test_validators_of_no_archive_are_no_fault(filled: Engine) -> None:
    """A probe asks with what the answer before said: 0 names no capture, and is none."""
    change(filled, "UPDATE captures SET validated_id = 0 WHERE id = 2")
    assert find_faults(filled) == []


def test_foreign_key_to_nothing_is_found(filled: Engine) -> None:
    """SQLite's rows whose parent is gone are told by their column; PostgreSQL keeps them itself."""
    if filled.dialect.name == "postgresql":
        assert verify.check_keys(filled, "sightings").findings == ()
        return
    change(filled, "UPDATE sightings SET page_id = 9999")
    (fault,) = find_faults(filled)
    assert (fault.what, fault.id) == ("link", 1)
    assert fault.why == "sightings.page_id is 9999, which is no row of pages"
    assert fault.captures == list_ids(filled, "SELECT capture_id FROM sightings")


def test_torn_index_is_found(filled: Engine, archive_url: str) -> None:
    """An index of SQLite that lacks what its table has is told, with what SQLite says of it;
    PostgreSQL's are its own concern."""
    if filled.dialect.name == "postgresql":
        assert verify.check_keys(filled, "captures").findings == ()
        return
    filled.dispose()
    path = archive_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, '(blob_id)', '(status)')"
            " WHERE name = 'ix_captures_blob_id'"
        )
    faults = find_faults(filled)
    assert {(one.what, one.id, one.captures) for one in faults} == {("index", 0, ())}
    assert all("ix_captures_blob_id" in one.why for one in faults)


def test_readings_of_before_are_counted_as_unsealed(filled: Engine) -> None:
    """A reading without a digest is no fault and no proof: it is counted."""
    change(filled, "UPDATE readings SET digest = NULL, byline = 'x' WHERE id < 4")
    verdict = check(filled)
    assert (verdict.findings, verdict.unsealed) == ((), 3)


def test_seal_is_the_same_on_both_engines(filled: Engine) -> None:
    """The digest of a reading is made of what it holds, not of how an engine keeps it."""
    rows = run_sql(filled, "SELECT digest FROM readings WHERE capture_id = 1 ORDER BY id")
    assert [digest[:16] for (digest,) in rows] == ["6ade9e7c48866b73", "8d5aaacd84d15869"]


def test_offices_are_checked_alone(filled: Engine) -> None:
    """With an office named, only what its captures need is looked at, and only they are told."""
    sites = list_ids(filled, "SELECT id FROM sites WHERE label = 'kab-cilacap'")
    own = list_ids(filled, f"SELECT id FROM captures WHERE site_id = {sites[0]}")
    for capture in (1, own[0]):
        change(filled, f"UPDATE captures SET digest = 'x' WHERE id = {capture}")
        change(filled, f"UPDATE readings SET byline = 'x' WHERE capture_id = {capture}")
    faults = find_faults(filled, sites=sites)
    assert [(one.what, one.captures) for one in faults] == [
        ("link", own[:1]),
        ("reading", own[:1]),
    ]
    counted = check(filled, sites=sites).counts
    assert counted["captures"] == len(own)
    assert 0 < counted["texts"] < run_sql(filled, "SELECT count(*) FROM texts")[0][0]
    assert 0 < counted["blobs"] < run_sql(filled, "SELECT count(*) FROM blobs")[0][0]


def cut_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check in parts of few rows."""
    monkeypatch.setattr(verify, "CHECKS", tuple(replace(one, step=3) for one in checks.CHECKS))


def spoil(engine: Engine) -> None:
    """Damage something of each kind."""
    change(engine, "UPDATE texts SET body = 'x' WHERE id = 2")
    change(engine, "UPDATE readings SET byline = 'x' WHERE id IN (1, 8)")
    change(engine, "UPDATE blobs SET data = :data WHERE id = 1", data=b"none")
    change(engine, "UPDATE layouts SET content = 'x'")


@pytest.mark.parametrize("jobs", [1, 4])
def test_parts_make_no_difference(
    filled: Engine, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    """Cut into parts of three rows and checked by several threads, the faults are the same."""
    spoil(filled)
    whole = check(filled)
    assert {one.what for one in whole.findings} == {"text", "reading", "blob", "layout"}
    cut_small(monkeypatch)
    assert check(filled, jobs=jobs) == whole


class Killed(Exception):
    """The check ends here."""


def interrupt(engine: Engine, after: int) -> None:
    """Begin a check that ends after so many parts."""
    told = 0

    def tell(what: str, done: int, of: int) -> None:
        nonlocal told
        told += 1
        if told == after:
            raise Killed

    with pytest.raises(Killed):
        verify.verify(engine, tell)


def test_interrupted_check_goes_on(filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a check was interrupted, the resumed one tells the same faults and counts."""
    spoil(filled)
    cut_small(monkeypatch)
    whole = check(filled)
    with db.read(filled) as connection:
        parts = len(verify.list_works(verify.make_plan(connection, ())))
    for after in range(1, parts + 1, 5):
        interrupt(filled, after)
        assert check(filled, resumes=True, jobs=2) == whole
    interrupt(filled, parts)
    assert check(filled, resumes=True) == whole


def test_resumed_check_does_not_begin_anew(filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was checked before the interruption is not read again; a check without --resume is one
    from the start, and so is one after a check that came to its end."""
    cut_small(monkeypatch)
    with db.read(filled) as connection:
        parts = len(verify.list_works(verify.make_plan(connection, ())))
    interrupt(filled, parts)
    spoil(filled)
    assert check(filled, resumes=True).findings == ()
    assert check(filled, resumes=True).findings != ()
    interrupt(filled, parts)
    assert check(filled).findings != ()


def test_line_cut_short_is_left_out(filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a kill leaves of the last line of the journal is checked again."""
    spoil(filled)
    cut_small(monkeypatch)
    whole = check(filled)
    interrupt(filled, 40)
    journal = find_journal(filled)
    data = journal.read_bytes()
    for size in (len(data) - 1, len(data) - 20):
        journal.write_bytes(data[:size])
        assert check(filled, resumes=True) == whole
        assert not journal.exists()


def find_journal(engine: Engine) -> Path:
    with db.read(engine) as connection:
        return verify.find_journal(connection)


def test_check_of_something_else_is_not_resumed(filled: Engine) -> None:
    """An interrupted check of other offices, or a file that is none, is refused in a line."""
    interrupt(filled, 3)
    with pytest.raises(db.ArchiveError, match="something else"):
        check(filled, resumes=True, sites=(1,))
    find_journal(filled).write_text("[\n")
    with pytest.raises(db.ArchiveError, match="without --resume"):
        check(filled, resumes=True)
    assert check(filled).findings == ()


def test_rows_that_come_meanwhile_are_left_to_the_next_check(filled: Engine) -> None:
    """A crawl that goes on is no fault, and none of its rows is half of one."""
    interrupt(filled, 3)
    before = run_sql(filled, "SELECT count(*) FROM captures")[0][0]
    save(filled, begin(filled), make_article(77, 500))
    assert check(filled, resumes=True).counts["captures"] == before
    assert check(filled).counts["captures"] == before + 1


def test_reader_suffices(
    filled: Engine, archive_url: str, open_archive: Callable[[str], Engine]
) -> None:
    """Checking works on an archive opened for reading, which can change nothing."""
    spoil(filled)
    whole = check(filled)
    reader = db.open_reader(archive_url)
    assert check(reader, jobs=2) == whole
    reader.dispose()
