"""A backup is the archive of one moment, whole or not there at all."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import Engine, text, update

from archive.database import engine as db
from archive.database.engine import ArchiveError, StorageError
from archive.database.models import Blob
from archive.derive.changes import find_identity
from archive.evidence import backup
from archive.evidence.backup import MOST_DECODED, back_up
from archive.evidence.copy import TableDigest, digest_tables
from archive.search.search import search
from tests.archive.evidence.test_withhold import run
from tests.archive.making import begin, make_article, save

WRITE = """
from archive.database import engine as db
from tests.archive.making import make_article, save
engine = db.open_writer({url!r}, say=print)
save(engine, 1, make_article({number}, {number}, body="Ditulis sementara. " * 99))
engine.dispose()
"""


def write_elsewhere(url: str, number: int) -> None:
    """Save an article from another process."""
    program = WRITE.format(url=url, number=number)
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.fixture
def filled(archive: Engine) -> Engine:
    """Forty articles."""
    save(archive, begin(archive), *(make_article(number, number) for number in range(1, 41)))
    return archive


def digest(url: str) -> dict[str, TableDigest]:
    engine = db.open_reader(url)
    with db.read(engine) as connection:
        found = digest_tables(connection)
    engine.dispose()
    return found


def test_backup_is_the_archive(filled: Engine, archive_url: str, tmp_path: Path) -> None:
    """Every row, the identity; it is searched, and nothing is left beside it."""
    file = tmp_path / "backups" / "kpu.db"
    file.parent.mkdir()
    saved = back_up(archive_url, file, print)
    assert (saved.rows["documents"], saved.decoded, saved.damaged) == (40, 40, ())
    assert [path.name for path in file.parent.iterdir()] == ["kpu.db"]
    assert saved.size == file.stat().st_size
    assert digest(f"sqlite:///{file}") == digest(archive_url)
    engine = db.open_reader(f"sqlite:///{file}")
    with db.read(engine) as connection, db.read(filled) as was:
        assert find_identity(connection) == find_identity(was) is not None
        assert search(connection, "pleno").total == 40
    engine.dispose()


def test_backup_during_writes_is_of_one_moment(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process writes at its first step, in the middle, and before the last; the backup is
    the archive as it was when it began, and did not begin anew."""
    shutil.copy(sqlite_template, tmp_path / "archive.db")
    url = f"sqlite:///{tmp_path}/archive.db"
    engine = db.open_writer(url, say=print)
    save(engine, begin(engine), *(make_article(number, number) for number in range(1, 41)))
    before = digest(url)
    steps: list[int] = []

    def write(self: object, status: int, remaining: int, total: int) -> None:
        steps.append(remaining)
        if remaining in (total - 1, total // 2, 1):
            write_elsewhere(url, 100 + len(steps))

    monkeypatch.setattr(backup, "PAGES_A_STEP", 1)
    monkeypatch.setattr(backup._Progress, "__call__", write)
    back_up(url, tmp_path / "backup.db", print)
    engine.dispose()
    assert steps == list(range(steps[0], -1, -1))
    assert digest(f"sqlite:///{tmp_path}/backup.db") == before
    assert digest(url)["documents"].rows == before["documents"].rows + 3


def test_killed_backup_leaves_no_file(filled: Engine, archive_url: str, tmp_path: Path) -> None:
    """What it left is replaced by the next."""
    file = tmp_path / "kpu.db"
    program = f"""
import os, signal
from pathlib import Path
from archive.evidence import backup
backup._verify = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
backup.back_up({archive_url!r}, Path({str(file)!r}), print)
"""
    done = subprocess.run([sys.executable, "-c", program], env=os.environ, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert not file.exists()
    assert (tmp_path / "kpu.db.part").exists()
    back_up(archive_url, file, print)
    assert not list(tmp_path.glob("kpu.db.*"))


def test_one_process_at_a_time_writes_a_file(sqlite_template: Path, tmp_path: Path) -> None:
    """The second is told, and disturbs nothing."""
    (tmp_path / "kpu.db.part").write_text("being written")
    lock = FileLock(tmp_path / "kpu.db.backup.lock")
    with lock, pytest.raises(ArchiveError, match="another process is writing"):
        back_up(f"sqlite:///{sqlite_template}", tmp_path / "kpu.db", print)
    assert (tmp_path / "kpu.db.part").read_text() == "being written"


def test_torn_backup_is_refused(
    filled: Engine, archive_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages that were lost on their way, or rows; the file does not take its name."""
    whole = backup._save

    def tear(url: str, part: Path, say: Callable[[str], None]) -> dict[str, int]:
        rows = whole(url, part, say)
        os.truncate(part, part.stat().st_size // 2 // 4096 * 4096)
        return rows

    def lose(url: str, part: Path, say: Callable[[str], None]) -> dict[str, int]:
        rows = whole(url, part, say)
        with sqlite3.connect(part) as connection:
            connection.execute("DELETE FROM links")
            connection.execute("DELETE FROM view_counts WHERE id = 3")
        connection.close()
        return rows

    for harm, said in ((tear, "torn|malformed"), (lose, "has not the rows")):
        monkeypatch.setattr(backup, "_save", harm)
        with pytest.raises((StorageError, sqlite3.DatabaseError), match=said):
            back_up(archive_url, tmp_path / "kpu.db", print)
        assert not list(tmp_path.glob("kpu.db*"))


def test_damaged_snapshots_are_told(filled: Engine, archive_url: str, tmp_path: Path) -> None:
    """The backup is kept: the archive has no better ones. Those known as damaged are no news."""
    with filled.begin() as connection:
        connection.execute(update(Blob).where(Blob.id.in_((7, 9))).values(data=b"torn"))
        connection.execute(update(Blob).where(Blob.id == 9).values(damaged=True))
    done = run(archive_url, "backup", str(tmp_path / "kpu.db"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "1 do not decode, here as in the archive: snapshot 7" in done.stderr
    assert (tmp_path / "kpu.db").exists()


@pytest.mark.parametrize(("snapshots", "decoded"), [(5, 5), (6, 3), (10, 5), (11, 4)])
def test_sample_is_spread_over_all(
    archive: Engine,
    archive_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    snapshots: int,
    decoded: int,
) -> None:
    """All up to the most, then every second, every third ..."""
    assert MOST_DECODED > 5
    monkeypatch.setattr(backup, "MOST_DECODED", 5)
    save(archive, begin(archive), *(make_article(number) for number in range(snapshots)))
    assert back_up(archive_url, tmp_path / "kpu.db", print).decoded == decoded


def test_older_archive_is_saved_before_its_upgrade(sqlite_template: Path, tmp_path: Path) -> None:
    """It is whole, and its snapshots are left to the program that knows their form."""
    shutil.copy(sqlite_template, tmp_path / "archive.db")
    engine = db.open_writer(f"sqlite:///{tmp_path}/archive.db", say=print)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {db.VERSION_TABLE} SET version_num = '0001'"))
    engine.dispose()
    done = run(f"sqlite:///{tmp_path}/archive.db", "backup", str(tmp_path / "kpu.db"))
    assert (done.returncode, "were not decoded" in done.stderr) == (0, True)


def test_command_tells_what_it_saved(filled: Engine, archive_url: str, tmp_path: Path) -> None:
    """On stderr; a file that is there is left, unless it is to be replaced."""
    file = tmp_path / "kpu.db"
    done = run(archive_url, "backup", str(file))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[-2:] == [
        f"{file}: {file.stat().st_size:,} bytes, 40 articles, 40 captures; it is whole",
        "40 of 40 snapshots were decoded",
    ]
    before = file.read_bytes()
    save(filled, 1, make_article(99, 99))
    refused = run(archive_url, "backup", str(file))
    assert (refused.returncode, "or --force" in refused.stderr) == (2, True)
    assert file.read_bytes() == before
    assert run(archive_url, "backup", str(file), "--force").returncode == 0
    assert digest(f"sqlite:///{file}") == digest(archive_url)


def test_what_may_not_be_written_is_told(sqlite_template: Path, tmp_path: Path) -> None:
    """The archive itself, one that somebody writes, a folder that is not there; no archive."""
    shutil.copy(sqlite_template, tmp_path / "archive.db")
    url = f"sqlite:///{tmp_path}/archive.db"
    (tmp_path / "open.db").touch()
    (tmp_path / "open.db-wal").touch()
    for name, said in (
        ("archive.db", "is the archive itself"),
        ("open.db", "somebody writes"),
        ("none/kpu.db", "no folder"),
    ):
        with pytest.raises(ArchiveError, match=said):
            back_up(url, tmp_path / name, print, force=True)
    (tmp_path / "empty.db").touch()
    for name in ("none.db", "empty.db"):
        with pytest.raises(ArchiveError, match="no archive at"):
            back_up(f"sqlite:///{tmp_path}/{name}", tmp_path / "kpu.db", print)
    assert not list(tmp_path.glob("kpu.db*"))
