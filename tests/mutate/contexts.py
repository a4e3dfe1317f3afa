"""A plugin of pytest: which lines each test reaches, and how long the test takes.

Run as `pytest -p tests.mutate.contexts --reach=FOLDER`; each process, xdist's workers too, leaves
a `.coverage` file in the folder, each that runs tests a `durations` file too. The commands that a
test forks are seen, those that it starts cold or kills are not.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from coverage import Coverage

from tests import forking

HERE = Path(__file__).parents[2]
ROOMS = ["kpucrawl/extract", "archive"]
"""The folders whose lines are asked for."""
LEFT_OUT = ["archive/database/migrations/*"]
"""A migration that was run once is never changed."""


QUIET = ["no-data-collected", "module-not-measured", "module-not-imported", "already-imported"]
"""What coverage would say to the standard error of commands, which tests read."""
BECOME = forking.become


def look(folder: Path, context: str | None) -> Coverage:
    """Begin to write down lines, in this process."""
    coverage = Coverage(
        data_file=folder / ".coverage",
        data_suffix=f"{os.getpid()}.{time.monotonic_ns()}",
        config_file=False,
        context=context,
        source=[str(HERE / room) for room in ROOMS],
        omit=[str(HERE / pattern) for pattern in LEFT_OUT],
    )
    coverage.set_option("run:disable_warnings", QUIET)
    coverage.start()
    return coverage


def become_watched(
    folder: Path, context: str, order: forking.Order, out: Connection, err: Connection
) -> None:
    """Be the command of a test, and write down its lines as the test's."""
    coverage = look(folder, context)
    try:
        BECOME(order, out, err)
    finally:
        coverage.stop()
        coverage.save()


class Reach:
    """Writes down, for one process, the lines and the seconds of each test."""

    def __init__(self, folder: Path) -> None:
        """Begin to look, before anything of ours is imported."""
        self.folder = folder
        self.durations: dict[str, float] = {}
        self.useless: set[str] = set()
        self.coverage = look(folder, None)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Give what runs from here on to this test."""
        self.coverage.switch_context(item.nodeid)
        forking.become = partial(become_watched, self.folder, item.nodeid)
        try:
            return (yield)
        finally:
            self.coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up set-up, call and tear-down."""
        known = self.durations.get(report.nodeid, 0.0)
        self.durations[report.nodeid] = known + report.duration
        if report.outcome != "passed":
            self.useless.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Save both files."""
        self.coverage.stop()
        self.coverage.save()
        path = self.folder / f"durations.{os.getpid()}.json"
        passed = {test: self.durations[test] for test in self.durations.keys() - self.useless}
        path.write_text(json.dumps(passed))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Name the folder."""
    parser.addoption("--reach", type=Path, help="folder for the lines that each test reaches")


def pytest_configure(config: pytest.Config) -> None:
    """Look only if there is a folder."""
    folder = config.getoption("--reach")
    if folder:
        config.pluginmanager.register(Reach(folder.absolute()), "reach")
