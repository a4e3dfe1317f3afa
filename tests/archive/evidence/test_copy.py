"""A copy in another database is equal to the last row, goes on where it was killed, and lives."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, text, update

from archive.database import engine as db
from archive.database.engine import ArchiveError
from archive.database.models import Document, Problem, Reading, Setting, ViewCount
from archive.derive.changes import find_identity
from archive.evidence import copy as copying
from archive.evidence.copy import copy_archive, digest_tables, read_snapshot
from archive.records import Link
from archive.search.search import search
from tests.archive.evidence.test_withhold import run
from tests.archive.making import begin, make_article, make_listing, read_rows, run_sql, save

ODD = "\x00 é e\u0301 \U0001f5f3 \u202e ' \" \\ % \ud800"
PAIRS = [(one, other) for one in ("sqlite", "postgresql") for other in ("sqlite", "postgresql")]
Open = Callable[[str], Engine]


@pytest.fixture
def make_url(
    tmp_path: Path, postgres_url: str, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], str]]:
    """Addresses of databases in which no archive was made yet."""
    from tests.conftest import _drop_database, _make_database, _name_database

    names: list[str] = []

    def make(engine: str) -> str:
        if engine == "sqlite":
            names.append("")
            return f"sqlite:///{tmp_path}/archive{len(names)}.db"
        names.append(_make_database(postgres_url, "template0"))
        return _name_database(postgres_url, names[-1])

    yield make
    for name in filter(None, names):
        _drop_database(postgres_url, name)


def fill(engine: Engine, articles: int = 3) -> None:
    """Articles with all that values can be, and snapshots compressed against each other."""
    run_id = begin(engine)
    odd = make_article(
        1,
        title=ODD,
        body=f"Rapat {ODD} dibuka. " + "kata " * 40,
        views=2**63 - 1,
        writers=("Sri", ODD),
        dateline_date=date(1, 1, 1),
        published_latest=date(9999, 12, 31),
        published_instant=datetime(2025, 11, 1, 3, 4, 5, 678901, tzinfo=UTC),
        links=(Link("image", f"https://h/{'x' * 3000}.jpg", ODD),),
        headers={"Z": ODD, "A": "1"},
        marks=("menu", ODD),
    )
    save(engine, run_id, odd, make_listing([(1, ODD, 2**40), (2, "Rapat", None)]))
    save(engine, run_id, *(make_article(number, number) for number in range(2, articles + 1)))
    save(engine, run_id, make_article(2, 60, views=7), make_article(3, 61, body="Lain. " * 50))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_copy_is_equal_and_lives(
    one: str, other: str, make_url: Callable[[str], str], open_archive: Open
) -> None:
    """Both ways: every table, the odd values in them, the identity; it is searched, and written."""
    source = open_archive(make_url(one))
    fill(source)
    target = open_archive(make_url(other))
    compared = copy_archive(source, target, print)
    assert [one.table for one in compared if not one.is_equal] == []
    assert {one.table: one.target.rows for one in compared}["documents"] == 3
    columns = Reading.id, Reading.writers, Reading.dateline_date, Reading.published_instant
    assert read_rows(source, *columns) == read_rows(target, *columns)
    assert (2**63 - 1,) in run_sql(target, "SELECT count FROM view_counts")
    query = "SELECT count(*) FROM runs WHERE counts IS NULL"
    assert run_sql(source, query) == run_sql(target, query) == [(1,)]
    with db.read(source) as was, db.read(target) as connection:
        assert find_identity(connection) == find_identity(was) is not None
        assert [hit.page for hit in search(connection, "lain").hits] == ["kota-surakarta/3"]
        assert digest_tables(connection) == digest_tables(was)
    save(target, begin(target), make_article(9, 90, body="Sembilan. " * 40))
    with db.read(target) as connection:
        assert [hit.page for hit in search(connection, "sembilan").hits] == ["kota-surakarta/9"]


@pytest.mark.parametrize(("one", "other"), PAIRS[1:3])
def test_killed_copy_goes_on(
    one: str, other: str, make_url: Callable[[str], str], open_archive: Open
) -> None:
    """Killed in the middle of any table; what is there is not copied again."""
    source_url, target_url = make_url(one), make_url(other)
    source = open_archive(source_url)
    fill(source, 30)
    open_archive(target_url)
    for table in ("captures", "readings", "view_counts"):
        kill_copy(source_url, target_url, table)
    half = open_archive(target_url)
    with db.read(half) as connection:
        assert find_identity(connection) is None
        assert connection.scalars(select(Setting.name)).all() == [copying.COPY_OF]
    before = len(run_sql(half, "SELECT id FROM captures"))
    assert 0 < before == len(run_sql(source, "SELECT id FROM captures"))
    said: list[str] = []
    assert all(one.is_equal for one in copy_archive(source, half, said.append))
    assert not any(line.startswith("captures") for line in said)
    assert any(line.startswith("view_counts") for line in said)


def kill_copy(source: str, target: str, table: str) -> None:
    """Run a copy that is killed, in a process of its own, at the second batch of a table."""
    program = f"""
import os, signal
from archive.database import engine as db
from archive.evidence import copy
copy.ROWS_AT_ONCE, copied = 7, copy._insert
def insert(target, table, rows):
    insert.count = insert.count + 1 if table.name == {table!r} else 0
    if insert.count == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    copied(target, table, rows)
insert.count = 0
copy._insert = insert
copy.copy_archive(db.open_reader({source!r}), db.open_writer({target!r}, say=print), print)
"""
    done = subprocess.run([sys.executable, "-c", program], env=os.environ, timeout=60)
    assert done.returncode == -signal.SIGKILL


def test_snapshot_is_of_one_moment(archive: Engine) -> None:
    """What is written meanwhile is not seen, and need not wait."""
    fill(archive)
    with read_snapshot(archive) as connection:
        before = digest_tables(connection)
        save(archive, begin(archive), make_article(8, 70))
        assert digest_tables(connection) == before
    with read_snapshot(archive) as connection:
        assert digest_tables(connection) != before


@pytest.mark.parametrize(
    ("change", "table"),
    [
        (update(Reading).where(Reading.id == 1).values(writers=["Sri"]), "readings"),
        (update(ViewCount).where(ViewCount.id == 1).values(count=1), "view_counts"),
        (update(Document).where(Document.page_id == 1).values(views=None), "documents"),
        (
            insert(Problem).values(run_id=1, site_id=1, field="a", seen="b", why="c"),
            "problems",
        ),
        (text("UPDATE blobs SET data = substr(data, 1, 3) WHERE id = 1"), "blobs"),
    ],
)
def test_every_difference_is_found(archive: Engine, change: Any, table: str) -> None:
    """Of one value in one row."""
    fill(archive)
    with db.read(archive) as connection:
        before = digest_tables(connection)
    with archive.begin() as connection:
        connection.execute(change)
    with db.read(archive) as connection:
        after = digest_tables(connection)
    assert {name for name in after if after[name] != before[name]} == {table}


def test_another_archive_is_left_alone(archive: Engine, tmp_path: Path, open_archive: Open) -> None:
    """One with an identity of its own, one without any, and the unfinished copy of another."""
    fill(archive)
    other = open_archive(f"sqlite:///{tmp_path}/other.db")
    begin(other)
    with pytest.raises(ArchiveError, match="another archive"):
        copy_archive(archive, other, print)
    fill(other)
    with db.read(other) as connection:
        before = digest_tables(connection)
    with pytest.raises(ArchiveError, match="another archive"):
        copy_archive(archive, other, print)
    with db.read(other) as connection:
        assert digest_tables(connection) == before
    unfinished = open_archive(f"sqlite:///{tmp_path}/unfinished.db")
    with unfinished.begin() as connection:
        connection.execute(insert(Setting).values(name=copying.COPY_OF, value="elsewhere"))
    with pytest.raises(ArchiveError, match="another archive"):
        copy_archive(archive, unfinished, print)


def test_whole_copy_is_only_compared(archive: Engine, tmp_path: Path, open_archive: Open) -> None:
    """What it became since is not overwritten; that it differs is told."""
    fill(archive)
    target = open_archive(f"sqlite:///{tmp_path}/copy.db")
    copy_archive(archive, target, print)
    assert all(one.is_equal for one in copy_archive(archive, target, print))
    save(archive, 1, make_article(8, 70))
    with db.read(target) as connection:
        before = digest_tables(connection)
    differing = {one.table for one in copy_archive(archive, target, print) if not one.is_equal}
    assert {"captures", "documents"} <= differing
    with db.read(target) as connection:
        assert digest_tables(connection) == before


def test_source_that_changed_is_told(
    archive: Engine, tmp_path: Path, open_archive: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy that goes on after the source's own rows changed is not taken for whole."""
    fill(archive)
    target = open_archive(f"sqlite:///{tmp_path}/copy.db")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(copying, "_set_sequences", stop)
    with pytest.raises(KeyboardInterrupt):
        copy_archive(archive, target, print)
    monkeypatch.undo()
    with archive.begin() as connection:
        connection.execute(update(Document).where(Document.page_id == 1).values(views=3))
    compared = copy_archive(archive, target, print)
    assert {one.table for one in compared if not one.is_equal} == {"documents", "settings"}
    with db.read(target) as connection:
        assert find_identity(connection) is None


def test_command_copies_and_compares(archive: Engine, archive_url: str, tmp_path: Path) -> None:
    """One row a table; code 0 when all are equal, 1 when one is not."""
    fill(archive)
    to = f"sqlite:///{tmp_path}/copy.db"
    done = run(archive_url, "copy", "--to", to, "--format", "json")
    rows = {row["table"]: row for row in json.loads(done.stdout)}
    assert done.returncode == 0, done.stderr
    assert {row["equal"] for row in rows.values()} == {True}
    assert rows["pages"]["rows"] == rows["pages"]["copied"] == 3
    assert done.stderr.splitlines()[-1].startswith(f"{tmp_path}/copy.db is equal")
    assert run(to, "show", "kota-surakarta/2").returncode == 0
    save(archive, 1, replace(make_article(8, 70)))
    done = run(archive_url, "copy", "--to", to)
    assert (done.returncode, "copy it to a new place" in done.stderr) == (1, True)


def test_older_archive_is_not_migrated_by_a_copy(
    archive: Engine, archive_url: str, make_url: Callable[[str], str], open_archive: Open
) -> None:
    """It is another one, and refused as it is."""
    to = make_url(archive.dialect.name)
    older = open_archive(to)
    with older.begin() as connection:
        connection.execute(text(f"UPDATE {db.VERSION_TABLE} SET version_num = '0001'"))
    done = run(archive_url, "copy", "--to", to)
    assert (done.returncode, "older than this program" in done.stderr) == (2, True)
    assert run_sql(older, f"SELECT version_num FROM {db.VERSION_TABLE}") == [("0001",)]


def test_copy_onto_itself_is_refused(archive: Engine, archive_url: str) -> None:
    """Whatever way its address is written."""
    done = run(archive_url, "copy", "--to", archive_url)
    assert (done.returncode, "the archive itself" in done.stderr) == (2, True)
