"""`kpu-archive` in a terminal of 80 columns, a real one: what fits, what is paged, what never gets
there."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from fcntl import ioctl
from pathlib import Path
from struct import pack
from termios import TIOCSWINSZ

import pytest

from archive.cli.short import shorten_capture, shorten_coverage, shorten_missing, shorten_run
from archive.cli.terminal import find_pager, write_table
from archive.database import engine as db
from tests.archive.cli.test_commands import PROGRAM
from tests.archive.histories import list_posts, make_home, night, post, spoil, visit
from tests.archive.making import make_article

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
HOSTILE = "\x1b]0;judul\x07\x9b31m\u202ebalik"
LONG = "Rapat pleno terbuka rekapitulasi daftar pemilih berkelanjutan di aula kantor. " * 4


def run(url: str, *arguments: str, lines: int = 200, **environment: str) -> str:
    """What a terminal of 80 columns got of the program."""
    master, slave = pty.openpty()
    ioctl(slave, TIOCSWINSZ, pack("HHHH", lines, 80, 0, 0))
    settings = {"KPU_ARCHIVE_URL": url, "TERM": "xterm", "PAGER": "cat"} | environment
    given = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    with subprocess.Popen(
        [PROGRAM, *arguments], env=given | settings, stdin=slave, stdout=slave, stderr=slave
    ) as running:
        os.close(slave)
        told = read_all(master)
        running.wait(60)
    return told.replace("\r\n", "\n")


def read_all(master: int) -> str:
    told = b""
    while True:
        try:
            told += os.read(master, 65_536)
        except OSError:  # how Linux says that the other side is closed
            os.close(master)
            return told.decode()


@pytest.fixture
def url(sqlite_template: Path, tmp_path: Path) -> str:
    """Two nights at an office whose pages hold what steers a terminal."""
    shutil.copy(sqlite_template, tmp_path / "archive.db")
    engine = db.open_writer(f"sqlite:///{tmp_path}/archive.db", say=print)
    first = make_article(1, title=f"Judul {HOSTILE}", body=LONG + HOSTILE + "\n\n" + LONG)
    visit(engine, 0, make_home(), list_posts(1, 2, 3), first, post(2), walked="104")
    visit(engine, 1, make_home(), spoil(post(2), error=f"tidak ada {HOSTILE} " + LONG))
    engine.dispose()
    return f"sqlite:///{tmp_path}/archive.db"


@pytest.mark.parametrize(
    "arguments",
    [
        ["search"],
        ["search", "pemilih"],
        ["show", "kota-surakarta/1"],
        ["history", "kota-surakarta/2"],
        ["runs"],
        ["coverage"],
        ["coverage", "kota-surakarta"],
        ["health", "--all"],
        ["stats"],
        ["snapshot", "kota-surakarta/1"],
    ],
    ids=" ".join,
)
def test_nothing_in_a_terminal_is_wider_or_steers_it(url: str, arguments: list[str]) -> None:
    """Every line of people's commands has 80 columns at most, and the only escapes are for bold."""
    told = run(url, *arguments)
    plain = ESCAPE.sub("", told)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", plain)
    assert "Traceback" not in told
    lines = [line.strip() for line in plain.splitlines() if not line.startswith("archive: ")]
    wide = [line for line in lines if len(line) > 80 and " " in line]  # an address is not cut
    assert wide == [] or arguments[0] == "snapshot"


def test_text_is_wrapped_at_words(url: str) -> None:
    """The body's lines end where words end; together they are the body."""
    told = run(url, "show", "kota-surakarta/1")
    assert LONG.strip() in " ".join(told.split("\n"))


def test_long_output_is_paged(url: str) -> None:
    """What is longer than the screen goes through the pager that PAGER names; what fits does
    not."""
    pager = "sed s/^/through/"
    assert "throughJudul" in run(url, "show", "kota-surakarta/1", lines=8, PAGER=pager)
    assert "through" not in run(url, "stats", PAGER=pager)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TERM": "xterm", "PAGER": "cat"}, None),
        ({"TERM": "xterm", "PAGER": ""}, None),
        ({"TERM": "xterm", "PAGER": "'"}, None),
        ({"TERM": "xterm", "PAGER": "no-such-pager"}, None),
        ({"TERM": "dumb", "PAGER": "sed"}, None),
        ({"TERM": "xterm", "PAGER": "sed -n p"}, ["sed", "-n", "p"]),
    ],
)
def test_pager_is_what_the_user_wants(
    monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str], expected: list[str] | None
) -> None:
    """PAGER counts; none on a terminal that cannot be steered, nor where it is missing."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert find_pager() == expected


RUN = {
    "run": 123456,
    "spider": "kab-bolaangmongondowselatan",
    "arguments": {"depth": "full", "limit": "100"},
    "started_at": datetime(2026, 11, 30, 14, tzinfo=UTC),
    "ended_at": None,
    "exit_code": None,
    "outcome": "kab-bolaangmongondowselatan: some pages failed; 120 articles, 3 failed",
    "counts": {},
    "state": "under way",
}
CAPTURE = {
    "capture": 1234567,
    "fetched_at": night(0),
    "status": None,
    "error": "the host name does not resolve: kab-bolaangmongondowselatan.kpu.go.id",
    "size": 123456,
    "stored_size": 1,
    "views": 123456,
    "source": "crawl",
    "url": "https://kab-bolaangmongondowselatan.kpu.go.id/blog/read/1",
    "revision": 2,
}
COVERAGE = {
    "site": "kab-bolaangmongondowselatan",
    "shown": 12345,
    "held": 12345,
    "missing": 123,
    **dict.fromkeys(("never_fetched", "failed", "blocked", "gone", "unread"), 25),
    "numbers_never_seen": 1234,
    "to_be_read_again": 1234,
}
MISSING = {
    "page": "kab-bolaangmongondowselatan/12345",
    "held": True,
    "reason": None,
    "grade": "confirmed gone",
    "since": night(0),
    "evidence": "it answered 404; found absent on 3 days on which other pages were read",
    "url": "https://kab-bolaangmongondowselatan.kpu.go.id/blog/read/12345",
}


@pytest.mark.parametrize(
    ("row", "shorten"),
    [
        (RUN, shorten_run),
        (CAPTURE, shorten_capture),
        (COVERAGE, shorten_coverage),
        (MISSING, shorten_missing),
    ],
)
@pytest.mark.parametrize("columns", [80, 40])
def test_longest_names_still_fit(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    row: Mapping[str, object],
    shorten: object,
    columns: int,
) -> None:
    """The longest rows fit 80 columns, and half of that as blocks; no name is cut but in an
    address."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "dumb")
    assert callable(shorten)
    write_table([shorten(row)], sys.stdout)
    told = capsys.readouterr().out
    assert max(map(len, told.splitlines())) <= columns + (columns == 40) * 12
    assert "kab-bolaangmongondowselatan" in told or (columns == 80 and row is CAPTURE)
