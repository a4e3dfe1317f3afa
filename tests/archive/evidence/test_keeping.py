"""`kpu-archive verify` as people and scripts meet it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from archive.cli import keeping
from archive.database import engine as db
from archive.evidence import verify as checking
from tests.archive.cli.test_commands import run
from tests.archive.evidence.damage import change, fill, list_ids
from tests.archive.evidence.test_verify import spoil

ROOT = Path(__file__).parents[3]
KILL = """
import os, signal, sys
from dataclasses import replace
from archive.database.engine import open_reader
from archive.evidence import verify
verify.CHECKS = tuple(replace(one, step=3) for one in verify.CHECKS)
left = int(sys.argv[2])
def tell(what, done, of):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
verify.verify(open_reader(sys.argv[1]), tell, resumes="--resume" in sys.argv, jobs=2)
"""
INTERRUPT = """
import os, signal, sys
from archive.cli import keeping
from kpucrawl import cli
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background of a shell
keeping.Progress.__call__ = lambda self, what, done, of: os.kill(os.getpid(), signal.SIGINT)
sys.argv = ["kpu-archive", "verify", "--archive", sys.argv[1]]
cli.main()
"""


@pytest.fixture
def filled(archive_url: str, open_archive: Callable[[str], Engine]) -> Engine:
    """A sound archive, on both engines."""
    archive = open_archive(archive_url)
    fill(archive)
    return archive


def test_sound_archive_ends_with_0(archive_url: str, filled: Engine) -> None:
    """No row, and on stderr the place and what was checked."""
    done = run("verify", "--format", "json", url=archive_url)
    assert (done.returncode, done.stdout) == (0, "[]\n")
    place, summary = done.stderr.splitlines()
    assert place == f"archive: {db.describe(archive_url)}"
    assert summary.startswith("checked ") and summary.endswith(": no faults")
    for counted in ("21 captures", "22 readings", "9 texts", "1 layouts"):
        assert counted in summary


def test_faults_are_rows_and_end_with_1(archive_url: str, filled: Engine) -> None:
    """Each fault names what it takes: captures by number, pages as everywhere."""
    change(filled, "UPDATE texts SET body = 'x' WHERE id = 1")
    takes = list_ids(filled, "SELECT DISTINCT capture_id FROM readings WHERE text_id = 1")
    done = run("verify", "--format", "json", "--jobs", "2", url=archive_url)
    (fault,) = json.loads(done.stdout)
    assert list(fault) == ["what", "id", "why", "captures", "pages"]
    assert (fault["what"], fault["id"], tuple(fault["captures"])) == ("text", 1, takes)
    assert fault["pages"] and all("/" in page for page in fault["pages"])
    assert done.returncode == 1 and done.stderr.endswith(": 1 fault\n")


def test_unsealed_readings_are_told(archive_url: str, filled: Engine) -> None:
    """Readings of an older archive can be neither right nor wrong: the summary says how many."""
    change(filled, "UPDATE readings SET digest = NULL WHERE id < 4")
    done = run("verify", url=archive_url)
    assert done.returncode == 0
    assert "22 readings" in done.stderr and "3 of the readings unsealed" in done.stderr


@pytest.mark.parametrize("after", [1, 9, 27, 33])
def test_killed_check_resumes(archive_url: str, filled: Engine, after: int) -> None:
    """After `kill -9`, --resume tells the same faults as a check that was let alone, with those
    that were found before the kill."""
    spoil(filled)
    whole = run("verify", "--format", "json", url=archive_url)
    command = [sys.executable, "-c", KILL, archive_url, str(after)]
    killed = subprocess.run(command, cwd=ROOT, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    again = subprocess.run([*command[:-1], "4", "--resume"], cwd=ROOT, capture_output=True)
    assert again.returncode == -signal.SIGKILL
    resumed = run("verify", "--resume", "--format", "json", url=archive_url)
    assert resumed.stdout == whole.stdout
    assert resumed.stderr == whole.stderr and resumed.returncode == 1


def test_interrupted_check_tells_how_to_go_on(archive_url: str, filled: Engine) -> None:
    """Ctrl-C ends a check like any command, with a line on what goes on from there."""
    command = [sys.executable, "-c", INTERRUPT, archive_url]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 130
    assert "--resume goes on from here" in ended.stderr and "Traceback" not in ended.stderr
    assert run("verify", "--resume", url=archive_url).returncode == 0


def test_resume_without_an_interrupted_check_begins_one(archive_url: str, filled: Engine) -> None:
    """Nothing to go on with is no error: everything is checked."""
    done = run("verify", "--resume", url=archive_url)
    assert done.returncode == 0 and "21 captures" in done.stderr


def test_unknown_office_is_one_line(archive_url: str, filled: Engine) -> None:
    """A misspelt office is told with its nearest, and nothing is checked."""
    done = run("verify", "--site", "kota-surakrta", url=archive_url)
    assert done.returncode == 2 and "nearest: kota-surakarta" in done.stderr.splitlines()[-1]


def test_jobs_are_bounded_by_what_an_engine_lends(archive_url: str, filled: Engine) -> None:
    """As many parts at once as there are connections, and no more, are taken."""
    assert keeping.MOST_JOBS == checking.MOST_JOBS
    most = str(checking.MOST_JOBS)
    assert run("verify", "--jobs", most, url=archive_url).returncode == 0
    assert run("verify", "--jobs", str(checking.MOST_JOBS + 1), url=archive_url).returncode == 2
