"""Forked commands are processes like any other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.forking import WARM, Forked, Order, run_forked

LOOK = """
import importlib, sys, threading
for name in sys.argv[1:]:
    importlib.import_module(name)
kept_out = {"kpucrawl.settings", "twisted.internet.reactor"} & set(sys.modules)
print(sorted(kept_out), threading.active_count())
"""


def order(*arguments: str, folder: Path, **environment: str) -> Order:
    """A command of a person whose environment is this process's but for a few names."""
    return Order(arguments, folder, os.environ | environment)


def test_nothing_is_settled_before_the_fork() -> None:
    """What the server imports is there, and brings neither settings nor a reactor nor a thread."""
    looked = subprocess.run(
        [sys.executable, "-c", LOOK, *WARM], capture_output=True, text=True, check=True
    )
    assert looked.stdout == "[] 1\n"


def test_folder_and_environment_are_the_commands_own(tmp_path: Path) -> None:
    """Two commands, one after the other, each make the archive that its own surroundings name."""
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        told = order("kpu-archive", "upgrade", folder=folder, KPU_ARCHIVE_URL="sqlite:///own.db")
        done = run_forked(told, timeout=60)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert done.stderr.startswith(f"making an archive at {folder}/own.db")


def test_forked_command_fails_like_one_begun_cold(tmp_path: Path) -> None:
    """Code and words of a failure are those of the command that a shell starts."""
    told = order("kpu-archive", "stats", "--format", "xml", folder=tmp_path)
    forked = run_forked(told, timeout=60)
    cold = subprocess.run(
        [Path(sys.executable).with_name("kpu-archive"), *told.arguments[1:]],
        cwd=tmp_path,
        env=told.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (forked.returncode, forked.stdout, forked.stderr) == (
        cold.returncode,
        cold.stdout,
        cold.stderr,
    )


def test_command_that_is_out_of_time_is_killed(tmp_path: Path) -> None:
    """Whoever waits no longer leaves no process behind."""
    running = Forked(order("scrapy", "list", folder=tmp_path))
    with pytest.raises(subprocess.TimeoutExpired):
        running.communicate(timeout=0)
    assert running.wait(timeout=30) == -9
    with pytest.raises(ProcessLookupError):
        os.kill(running.pid, 0)
