"""The wheel is complete: installed elsewhere it works, outside the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command: object, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if not name.startswith("KPU_")}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the built wheel in it; its dependencies are this environment's."""
    folder = tmp_path_factory.mktemp("elsewhere")
    source = folder / "source"
    shutil.copytree(
        ROOT, source, ignore=shutil.ignore_patterns(".*", "build", "*.egg-info", "demo", "tests")
    )
    run(
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        folder,
        source,
        cwd=folder,
    )
    (wheel,) = folder.glob("*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv/bin/python"
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "-q",
        "--no-deps",
        wheel,
        cwd=folder,
    )
    (site_packages,) = (folder / "venv/lib").glob("python*/site-packages")
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def test_wheel_works_in_an_empty_folder(elsewhere: Path, tmp_path: Path) -> None:
    """From an empty folder the installed package lists the offices, makes an archive and counts
    it."""
    bin_ = elsewhere / "venv/bin"
    where = run(
        bin_ / "python",
        "-c",
        "import kpucrawl, archive; print(kpucrawl.__file__, archive.__file__)",
        cwd=tmp_path,
    )
    assert where.count(str(elsewhere)) == 2
    run(bin_ / "kpu-archive", "upgrade", cwd=tmp_path)
    assert (tmp_path / "kpu-archive.db").is_file()
    assert "articles" in run(bin_ / "kpu-archive", "stats", cwd=tmp_path)
    scrapy = (bin_ / "python", "-m", "scrapy")
    assert (
        len(run(*scrapy, "list", cwd=tmp_path, SCRAPY_SETTINGS_MODULE="kpucrawl.settings").split())
        == 553
    )
    crawl_help = run(
        *scrapy, "crawl", "--help", cwd=tmp_path, SCRAPY_SETTINGS_MODULE="kpucrawl.settings"
    )
    assert "semua" in crawl_help


def test_wheel_holds_no_tests(elsewhere: Path) -> None:
    """The wheel carries the two packages and nothing else."""
    (site_packages,) = (elsewhere / "venv/lib").glob("python*/site-packages")
    packages = {path.parent.name for path in site_packages.glob("*/__init__.py")}
    assert packages == {"kpucrawl", "archive"}
