"""Opening archives: who makes them, who refuses them, and what is said."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, make_url, select, text
from sqlalchemy.exc import DBAPIError

from archive.database import engine as db
from archive.database.faults import is_storage_fault
from archive.database.models import Setting

Open = Callable[[str], Engine]


def set_version(engine: Engine, version: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {db.VERSION_TABLE} SET version_num = '{version}'"))


def test_writer_makes_an_archive_once_and_says_so(empty_url: str) -> None:
    """The first opening makes the archive and tells its absolute place; the second finds it and is
    silent."""
    said: list[str] = []
    db.open_writer(empty_url, say=said.append).dispose()
    db.open_writer(empty_url, say=said.append).dispose()
    assert said == [f"making an archive at {db.describe(empty_url)}"]
    db.open_reader(empty_url).dispose()


def test_reader_never_makes_an_archive(empty_url: str) -> None:
    """A reader tells where it looked and how to name another place, and leaves that place as it
    was."""
    for _ in range(2):
        with pytest.raises(db.ArchiveError) as raised:
            db.open_reader(empty_url)
        assert str(raised.value) == f"no archive at {db.describe(empty_url)}; set KPU_ARCHIVE_URL"


def test_reader_leaves_no_file_where_there_was_none(tmp_path: Path) -> None:
    """Looking for an archive makes no file."""
    with pytest.raises(db.ArchiveError):
        db.open_reader(f"sqlite:///{tmp_path}/archive.db")
    assert list(tmp_path.iterdir()) == []


def test_newer_archive_is_refused(archive_url: str, archive: Engine) -> None:
    """An archive of a later program is neither read nor written."""
    set_version(archive, "9999")
    with pytest.raises(db.ArchiveError, match="is newer than this program"):
        db.open_reader(archive_url)
    with pytest.raises(db.ArchiveError, match="is newer than this program"):
        db.open_writer(archive_url, say=lambda line: None)


def test_reader_asks_to_upgrade_an_older_archive(
    archive_url: str, archive: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader meets an archive of an earlier program and names the command that upgrades it."""
    known = db.find_versions()
    monkeypatch.setattr(db, "find_versions", lambda: [*known, "9999"])
    with pytest.raises(db.ArchiveError, match="run kpu-archive upgrade"):
        db.open_reader(archive_url)


def test_reader_cannot_write(archive_url: str, archive: Engine) -> None:
    """The database itself refuses what a reader would change."""
    reader = db.open_reader(archive_url)
    with pytest.raises(DBAPIError), reader.begin() as connection:
        connection.execute(text("INSERT INTO settings (name, value) VALUES ('a', 'b')"))
    reader.dispose()


def test_writers_take_turns(archive_url: str, open_archive: Open) -> None:
    """Two writers that read, then write, both succeed: the second begins after the first has
    committed."""
    engines = [open_archive(archive_url), open_archive(archive_url)]

    def add_one(engine: Engine) -> None:
        for _ in range(20):
            with engine.begin() as connection:
                count = len(connection.execute(select(Setting)).all())
                connection.execute(Setting.__table__.insert().values(name=f"{count:03}", value=""))

    threads = [threading.Thread(target=add_one, args=[engine]) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read(engines[0]) as connection:
        assert connection.scalars(select(Setting.name).order_by(Setting.name)).all() == [
            f"{n:03}" for n in range(40)
        ]


def test_reading_does_not_wait_for_a_writer(archive: Engine) -> None:
    """While a writer holds the lock, a reading transaction sees the archive as last committed."""
    with archive.begin() as connection:
        connection.execute(Setting.__table__.insert().values(name="a", value=""))
        with db.read(archive) as reading:
            assert reading.execute(select(Setting)).all() == []


def test_many_processes_may_make_one_archive(empty_url: str) -> None:
    """Of four processes that open a new archive at once, one makes it and all succeed."""
    code = (
        "import sys; from archive.database import engine; engine.open_writer(sys.argv[1], "
        "say=print).dispose()"
    )
    command = [sys.executable, "-c", code, empty_url]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert len("".join(said).splitlines()) == 1


@pytest.mark.parametrize(
    "openly", [db.open_reader, lambda url: db.open_writer(url, say=lambda line: None)]
)
@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("archive.db", "not the address of a database"),
        ("mysql://somewhere/archive", "not the address of a database"),
        ("sqlite://", "is a file"),
        (
            "postgresql://ani:rahasia@127.0.0.1:1/archive",
            "cannot open the archive at postgresql://ani@127.0.0.1:1",
        ),
        ("postgresql://ani:rahasia@127.0.0.1:x/archive", "not the address of a database"),
    ],
)
def test_bad_addresses_are_told_in_one_line(openly: Open, url: str, message: str) -> None:
    """Whatever is wrong with an address, the user gets one line without the password."""
    with pytest.raises(db.ArchiveError, match=message) as raised:
        openly(url)
    assert "\n" not in str(raised.value)
    assert "rahasia" not in str(raised.value)


@pytest.mark.parametrize(
    "openly", [db.open_reader, lambda url: db.open_writer(url, say=lambda line: None)]
)
def test_other_files_are_left_alone(openly: Open, tmp_path: Path) -> None:
    """A file that is no database is refused and stays as it was."""
    path = tmp_path / "notes.txt"
    path.write_text("some notes, longer than the header of a database file " * 50)
    before = path.read_bytes()
    with pytest.raises(db.ArchiveError, match="is not an archive but some other file"):
        openly(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_missing_folder_is_told(tmp_path: Path) -> None:
    """A writer does not make folders; a misspelt one is told."""
    with pytest.raises(db.ArchiveError, match=f"no folder {tmp_path}/nowhere"):
        db.open_writer(f"sqlite:///{tmp_path}/nowhere/archive.db", say=lambda line: None)


def test_missing_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the driver for PostgreSQL the message names the extra to install."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(
        db.ArchiveError, match=r"psycopg is not installed: pip install 'kpucrawl\[postgres\]'"
    ):
        db.open_reader("postgresql://localhost/archive")


def test_relative_place_is_told_absolutely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative address is told as the absolute path it stands for."""
    monkeypatch.chdir(tmp_path)
    assert db.describe("sqlite:///kpu-archive.db") == str(tmp_path / "kpu-archive.db")


def test_sqlite_is_set_up_to_survive(tmp_path: Path, open_archive: Open) -> None:
    """An archive in SQLite is in WAL mode for everyone, and writers keep foreign keys."""
    engine = open_archive(f"sqlite:///{tmp_path}/archive.db")
    assert sqlite3.connect(tmp_path / "archive.db").execute("PRAGMA journal_mode").fetchone() == (
        "wal",
    )
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_database_of_another_encoding_is_refused(postgres_url: str) -> None:
    """A PostgreSQL database that cannot hold every character is refused at opening, by writers and
    readers, and the message says how to make one that can."""
    admin = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    name = f"latin_{uuid4().hex}"
    made = f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
    with admin.connect() as connection:
        connection.execute(text(made))
    url = make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    for openly in (db.open_reader, lambda url: db.open_writer(url, say=lambda line: None)):
        with pytest.raises(db.ArchiveError, match="is in LATIN1, an archive needs UTF8") as raised:
            openly(url)
        assert not isinstance(raised.value, db.StorageError)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def test_held_lock_is_storage(
    archive: Engine, open_archive: Open, archive_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that waits for the write lock for as long as it is allowed to gives up, and that is
    the storage's fault."""
    monkeypatch.setattr(db, "BUSY_SECONDS", 1)
    monkeypatch.setattr(db, "LOCK_TIMEOUT", "-c lock_timeout=1s")
    address = make_url(archive_url)
    other = db._make_engine(address, "write")
    with archive.begin(), pytest.raises(DBAPIError) as raised, other.begin():
        pass
    assert is_storage_fault(raised.value)
    other.dispose()


def test_archive_that_is_gone_is_told(tmp_path: Path, open_archive: Open) -> None:
    """A file that was removed under a writer could be written on, and all would be lost: it is
    told."""
    url = f"sqlite:///{tmp_path}/archive.db"
    open_archive(url)
    db.check_free_space(url, 0)
    (tmp_path / "archive.db").unlink()
    with pytest.raises(db.StorageError, match="is gone"):
        db.check_free_space(url, 0)
