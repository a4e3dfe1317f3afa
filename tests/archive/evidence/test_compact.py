"""Compacting makes an archive smaller, changes nothing that it tells, and may be killed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from archive.blobs.codec import encode_body
from archive.blobs.store import load_whole
from archive.database.engine import read
from archive.database.models import Blob, SnapshotReference
from archive.evidence import compact
from archive.evidence.compact import WORTH, compact_offices, measure, seal_readings, vacuum
from tests.archive.cli.test_commands import run
from tests.archive.evidence.damage import change, check, fill, find_faults
from tests.archive.making import BODY, begin, make_article, render, run_sql, save

ROOT = Path(__file__).parents[3]
ROWS = "SELECT id, digest, codec, reference_id, stored_size FROM blobs ORDER BY id"
COMPACT_SLOWLY = """
import sys
from archive.database.engine import open_writer
from archive.evidence import compact
compact.AT_ONCE = 1
apply = compact._apply
def tell(connection, proposal):
    print(proposal.stored.id, flush=True)
    return apply(connection, proposal)
compact._apply = tell
compact.compact_offices(open_writer(sys.argv[1], say=print), (1, 2), print)
"""


@pytest.fixture
def spread(archive: Engine) -> Engine:
    """An archive whose snapshots all stand alone, the last one of each office its reference."""
    fill(archive)
    spread_out(archive)
    return archive


def spread_out(engine: Engine) -> None:
    """Let every snapshot stand alone."""
    with engine.begin() as connection:
        bodies = load_whole(connection, list(connection.scalars(select(Blob.id))))
        connection.execute(delete(SnapshotReference))
        for blob_id, body in bodies.items():
            data = encode_body(body, ())[0]
            alone = {"codec": "zstd", "reference_id": None, "data": data, "stored_size": len(data)}
            connection.execute(update(Blob).where(Blob.id == blob_id).values(alone))
        present = {"site_id": 1, "skeleton": "s1", "blob_id": max(bodies)}
        connection.execute(insert(SnapshotReference), present)


def compact_all(engine: Engine) -> list[compact.Compacted]:
    return compact_offices(engine, (1, 2), lambda line: None)


def read_bodies(engine: Engine) -> dict[str, bytes]:
    """All snapshots by their digest."""
    with read(engine) as connection:
        ids = dict(connection.execute(select(Blob.id, Blob.digest)).all())
        return {ids[id_]: body for id_, body in load_whole(connection, list(ids)).items()}


def test_snapshots_that_stand_alone_are_made_small(spread: Engine) -> None:
    """An archive whose snapshots all stand alone takes a third of the room or less, and tells the
    same bytes; what offices told is what the rows say."""
    before = read_bodies(spread)
    with read(spread) as connection:
        size = measure(connection)
    told = compact_all(spread)
    assert read_bodies(spread) == before
    with read(spread) as connection:
        assert measure(connection) * 3 < size
    assert [one.site for one in told] == ["kota-surakarta", "kab-cilacap"]
    assert all(one.after * 2 < one.before for one in told)
    assert find_faults(spread) == []


def test_references_come_before_and_stay_within_two_steps(spread: Engine) -> None:
    """Chains keep the shape that new snapshots rely on, and a page's first is one step deep at
    most."""
    compact_all(spread)
    parents = dict(run_sql(spread, "SELECT id, reference_id FROM blobs"))
    assert any(parents.values())
    for blob_id, parent in parents.items():
        assert parent is None or parent < blob_id
        assert parents.get(parents.get(parent)) is None  # type: ignore[arg-type]
    firsts = run_sql(spread, "SELECT min(blob_id) FROM captures GROUP BY site_id, page_id")
    assert all(parents.get(parents[first]) is None for (first,) in firsts)  # type: ignore[arg-type]


def test_second_run_changes_nothing(spread: Engine) -> None:
    """What was compacted is as small as it gets."""
    compact_all(spread)
    rows = run_sql(spread, ROWS)
    again = compact_all(spread)
    assert [one.written for one in again] == [0, 0]
    assert all(one.before == one.after for one in again)
    assert run_sql(spread, ROWS) == rows


def test_present_reference_stays(spread: Engine) -> None:
    """What new pages of an office are compressed against keeps standing alone."""
    (present,) = run_sql(spread, "SELECT blob_id FROM snapshot_references")[0]
    compact_all(spread)
    assert run_sql(spread, f"SELECT reference_id FROM blobs WHERE id = {present}") == [(None,)]


def test_what_other_pages_hang_on_stays(archive: Engine) -> None:
    """A reference of other pages is not put a step further down, however well it would compress:
    their later snapshots could not be kept against them any more."""
    run_id = begin(archive)
    save(archive, run_id, make_article(1), make_article(2, views=7))
    with archive.begin() as connection:
        connection.execute(delete(SnapshotReference))
    save(archive, run_id, make_article(3, 1, views=8), make_article(4, 2), make_article(5, 3))
    with archive.begin() as connection:
        connection.execute(delete(SnapshotReference))
    rows = run_sql(archive, "SELECT id, reference_id FROM blobs ORDER BY id")
    assert rows == [(1, None), (2, 1), (3, None), (4, 3), (5, 3)]
    compact_all(archive)
    assert run_sql(archive, "SELECT id, reference_id FROM blobs ORDER BY id") == rows


@pytest.mark.parametrize(("beyond", "is_written"), [(0, True), (1, False)])
def test_gain_below_a_twentieth_is_left(
    spread: Engine, monkeypatch: pytest.MonkeyPatch, beyond: int, is_written: bool
) -> None:
    """A snapshot is written again when it gets smaller by 5 % exactly, and not for a byte less."""
    with read(spread) as connection:
        office = compact._read_office(connection, 1)
        stored = office.snapshots[1]
        size = int(stored.stored_size * WORTH) + beyond
        monkeypatch.setattr(compact, "compress_against", lambda body, reference: b"x" * size)
        assert bool(list(compact._propose(connection, office, stored))) is is_written


def test_proposal_that_does_not_decode_is_not_written(spread: Engine) -> None:
    """What is to be written is decoded first; what changed since it was proposed stays."""
    with read(spread) as connection:
        office = compact._read_office(connection, 1)
        (proposal,) = compact._propose(connection, office, office.snapshots[1])
    rows = run_sql(spread, ROWS)
    other = compact.Proposal(proposal.stored, encode_body(b"other", ())[0], proposal.reference)
    with spread.begin() as connection:
        assert not compact._apply(connection, other)
    change(spread, f"UPDATE blobs SET stored_size = 7 WHERE id = {proposal.stored.id}")
    with spread.begin() as connection:
        assert not compact._apply(connection, proposal)
    size = proposal.stored.stored_size
    change(spread, f"UPDATE blobs SET stored_size = {size} WHERE id = {proposal.stored.id}")
    assert run_sql(spread, ROWS) == rows
    with spread.begin() as connection:
        assert compact._apply(connection, proposal)


def test_damaged_snapshots_are_left(spread: Engine) -> None:
    """A snapshot that does not decode is neither written nor a reference of others, and what does
    is compacted all the same."""
    change(spread, "UPDATE blobs SET data = :data, stored_size = 4 WHERE id = 1", data=b"none")
    told = compact_all(spread)
    assert sum(one.written for one in told) > 3
    (row,) = run_sql(spread, "SELECT data FROM blobs WHERE id = 1")
    assert bytes(row[0]) == b"none"
    assert [(one.what, one.id) for one in check(spread).findings if one.what == "blob"] == [
        ("blob", 1)
    ]
    assert run_sql(spread, "SELECT count(*) FROM blobs WHERE reference_id = 1") == [(0,)]


@pytest.mark.parametrize("seed", range(4))
def test_killed_compacting_leaves_every_snapshot(
    archive_url: str, open_archive: Callable[[str], Engine], seed: int
) -> None:
    """After `kill -9` at any moment every digest reads back and a check finds nothing; another run
    ends what was begun."""
    archive = open_archive(archive_url)
    fill(archive)
    spread_out(archive)
    before = read_bodies(archive)
    numbers = random.Random(seed)
    command = [sys.executable, "-c", COMPACT_SLOWLY, archive_url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(numbers.randrange(1, 9)):
            assert process.stdout.readline()
        time.sleep(numbers.random() / 100)
        process.send_signal(signal.SIGKILL)
    assert read_bodies(archive) == before
    assert find_faults(archive) == []
    compact_all(archive)
    assert read_bodies(archive) == before
    assert find_faults(archive) == []
    assert [one.written for one in compact_all(archive)] == [0, 0]


def test_later_snapshots_are_kept_against_what_was_compacted(spread: Engine) -> None:
    """New captures of old and of new pages cost as little after compacting as they did before."""
    compact_all(spread)
    revisit = make_article(2, 500, views=99)
    save(spread, begin(spread), revisit, make_article(50, 501, body=f"{BODY} 50"))
    sizes = run_sql(spread, "SELECT stored_size FROM blobs ORDER BY id DESC LIMIT 2")
    assert all(size < 400 for (size,) in sizes)
    assert render("Rapat Pleno 2", BODY, 99) in read_bodies(spread).values()
    assert find_faults(spread) == []


def test_old_readings_are_sealed(spread: Engine) -> None:
    """Readings without a digest get that of what they hold now; the others keep theirs, right or
    wrong."""
    change(spread, "UPDATE readings SET digest = NULL WHERE id < 4")
    change(spread, "UPDATE readings SET digest = 'x' WHERE id = 9")
    assert seal_readings(spread) == 3
    assert seal_readings(spread) == 0
    verdict = check(spread)
    assert verdict.unsealed == 0
    assert [(one.what, one.id) for one in verdict.findings] == [("reading", 9)]


def test_vacuum_gives_room_back(spread: Engine, archive_url: str) -> None:
    """SQLite's file shrinks; PostgreSQL is left alone; nothing is lost."""
    before = read_bodies(spread)
    path = Path(archive_url.removeprefix("sqlite:///"))
    is_file = spread.dialect.name == "sqlite"
    compact_all(spread)
    run_sql(spread, "SELECT 1")
    vacuum(spread)
    small = path.stat().st_size if is_file else 0
    change(spread, "UPDATE texts SET body = :body WHERE id = 1", body="x" * 2_000_000)
    change(spread, "UPDATE texts SET body = '' WHERE id = 1")
    vacuum(spread)
    if is_file:
        assert path.stat().st_size <= small
    assert read_bodies(spread) == before


def test_command_tells_bytes_before_and_after(archive_url: str, spread: Engine) -> None:
    """A row for each office that gained, the sum on stderr; once more there is nothing to tell."""
    done = run("compact", "--vacuum", "--format", "csv", url=archive_url)
    assert done.returncode == 0
    header, *rows = done.stdout.splitlines()
    assert header == "site,snapshots,before,after,written" and len(rows) == 2
    again = run("compact", "--format", "json", url=archive_url)
    assert again.stdout == "[]\n"
    with read(spread) as connection:
        size = measure(connection)
    assert again.stderr.endswith(f"snapshots took {size:,} bytes and take {size:,}\n")
    assert f"and take {size:,}\n" in done.stderr


def test_command_compacts_one_office(archive_url: str, spread: Engine) -> None:
    """With an office named, the others' snapshots stay."""
    done = run("compact", "--site", "kab-cilacap", "--format", "csv", url=archive_url)
    assert [row.split(",")[0] for row in done.stdout.splitlines()[1:]] == ["kab-cilacap"]
    rows = run_sql(
        spread,
        "SELECT count(*) FROM blobs WHERE reference_id IS NOT NULL AND id NOT IN (SELECT blob_id "
        "FROM captures WHERE site_id = 2 AND blob_id IS NOT NULL)",
    )
    assert rows == [(0,)]


def test_no_archive_is_made(tmp_path: Path) -> None:
    """Where there is no archive, none is made to be compacted."""
    done = run("compact", url=f"sqlite:///{tmp_path}/none.db")
    assert done.returncode == 2 and "no archive at" in done.stderr
    assert not (tmp_path / "none.db").exists()
