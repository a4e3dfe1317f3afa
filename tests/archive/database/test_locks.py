"""Locks on offices: exclusive, told, and gone with their holder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from archive.database.locks import lock_offices

ROOT = Path(__file__).parents[3]
HOLD = """
import sys, time
from archive.database.locks import lock_offices
with lock_offices(sys.argv[1], ["33.72"], "run 1 of a test") as locks:
    print(sorted(locks.held), flush=True)
    time.sleep(60)
"""


def test_second_run_is_kept_out_and_told_who_holds(archive_url: str) -> None:
    """An office is one run's alone; another run gets the rest and the name of the holder; an end
    frees it."""
    with lock_offices(archive_url, ["33.72", "33.01"], "run 1") as first:
        assert first.held == {"33.72", "33.01"} and not first.taken
        with lock_offices(archive_url, ["33.72", "33.02"], "run 2") as second:
            assert second.held == {"33.02"}
            assert second.taken == {"33.72": "run 1"}
    with lock_offices(archive_url, ["33.72"], "run 3") as third:
        assert third.held == {"33.72"}


def test_lock_dies_with_its_holder(archive_url: str) -> None:
    """A killed process leaves no lock behind."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, archive_url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None and holder.stdout.readline().strip() == "['33.72']"
    with lock_offices(archive_url, ["33.72"], "run 2") as locks:
        assert locks.taken == {"33.72": "run 1 of a test"}
    holder.kill()
    holder.communicate()
    with lock_offices(archive_url, ["33.72"], "run 3") as locks:
        assert locks.held == {"33.72"}
