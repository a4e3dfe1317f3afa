"""Set-up tells what is missing in one clear line."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The set-up's own files, away from the checkout that is in use."""
    for name in ("setup.sh", "Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make_command(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def fail_setup(checkout: Path, **environment: str) -> str:
    """Run the set-up, which must fail without leaving a finished environment, and return its last
    line."""
    done = subprocess.run(
        ["/bin/sh", "setup.sh", ".venv"],
        cwd=checkout,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert not (checkout / ".venv/.ready").exists()
    return done.stderr.splitlines()[-1]


def test_missing_python_is_told(checkout: Path, tmp_path: Path) -> None:
    """Without Python 3.11 or newer the set-up says so and how to name one."""
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "dirname").symlink_to(shutil.which("dirname") or "/usr/bin/dirname")
    make_command(bare, "python3", "exit 1")
    assert "Python 3.11 or newer is needed" in fail_setup(checkout, PATH=str(bare))


def test_missing_venv_is_told(checkout: Path, tmp_path: Path) -> None:
    """A Python without its venv module is told with the package to install."""
    python = make_command(tmp_path, "python-without-venv", "exit 1")
    assert "apt install python3-venv" in fail_setup(checkout, PYTHON=str(python))


def test_missing_network_is_told(checkout: Path) -> None:
    """Packages that cannot be fetched are told, with where all of pip's words are."""
    nowhere = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_NO_CACHE_DIR": "1",
    }
    said = fail_setup(
        checkout, **nowhere, PIP_FIND_LINKS="", PIP_RETRIES="0", PIP_CONFIG_FILE=os.devnull
    )
    assert "is there a network?" in said and "install.log" in said
