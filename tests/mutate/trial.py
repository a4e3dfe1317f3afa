"""One mutant on trial: its text in a copy of the project, the tests that reach it in a fork.

A fork begins with what pytest and the project's libraries import, and with nothing of ours; so a
trial costs what its test files cost to import, and no mutant can leave anything to the next.
"""

from __future__ import annotations

import compileall
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from py_compile import PycInvalidationMode

import pytest
from hypothesis import Phase, settings

from tests import forking

KEPT_POSTGRES = "KPU_TEST_POSTGRES_KEPT"
"""As `tests.conftest` has it."""
OURS = frozenset({"archive", "kpucrawl", "tests"})
LEFT = shutil.ignore_patterns(
    *(".git", ".venv", ".mutate", ".bench", ".*_cache", ".hypothesis", "__pycache__", "build"),
    *("*.egg-info", "demo", "bundles", "*.db", "*.log"),
)
PATIENCE = 20.0
"""Seconds that any trial may take, before what its tests took when they were watched."""
SLACK = 3.0
"""Times as long as they took then: two trials share the machine with whatever else runs."""
FAILED = re.compile(r"^(?:FAILED|ERROR) (.+)$", re.MULTILINE)
"""How pytest names a test in its summary, with a word on why."""
MEMORY = 6 << 30
"""Bytes of address space of a trial: a mutant that gathers without end is ended by it."""


@dataclass(frozen=True)
class Trial:
    """Tests to be run on one mutant."""

    path: str
    text: str
    """The mutated module."""
    tests: tuple[str, ...]
    """Names of tests, in their order."""
    limit: float
    """Seconds."""


class Chosen:
    """A plugin of pytest: of all that was collected, the tests of a trial in their order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.order = {test: place for place, test in enumerate(tests)}

    def pytest_sessionstart(self) -> None:
        """A failing example is enough; nobody reads the smallest."""
        phases = (Phase.explicit, Phase.reuse, Phase.generate)
        settings.register_profile("mutate", settings(), phases=phases)
        settings.load_profile("mutate")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out the others."""
        chosen = [item for item in items if item.nodeid in self.order]
        items[:] = sorted(chosen, key=lambda item: self.order[item.nodeid])


def copy_project(root: Path, tree: Path) -> None:
    """Copy what tests need, with compiled modules that are checked by what they were made from."""
    shutil.copytree(root, tree, ignore=LEFT)
    (tree / ".venv").symlink_to(Path(sys.prefix))
    for room in ("archive", "kpucrawl"):
        mode = PycInvalidationMode.CHECKED_HASH
        compileall.compile_dir(tree / room, quiet=1, invalidation_mode=mode)


def warm_up() -> None:
    """Import what is not ours and what most tests need."""
    for name in forking.WARM:
        if name.partition(".")[0] not in OURS:
            with suppress(ImportError):
                import_module(name)


def be_in(tree: Path, log: Path) -> None:
    """Make a fork one that was begun in the copy."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for number in (1, 2):
        os.dup2(output, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(tree)
    os.environ["PYTHONPATH"] = str(tree)
    sys.path[:] = [str(tree), *(path for path in sys.path if path)]
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]
    sys.modules["__main__"] = types.ModuleType("__main__")


def run_tests(tests: Sequence[str]) -> int:
    """Run tests here, up to the first that fails; return pytest's exit code."""
    files = dict.fromkeys(test.partition("::")[0] for test in tests)
    plugins = ("-p", "no:cacheprovider", "-p", "no:xdist")
    options = ("-x", "-q", "--assert=plain", "--hypothesis-seed=0", *plugins)
    return int(pytest.main([*options, *files], plugins=[Chosen(tests)]))


def fork(tree: Path, log: Path, tests: Sequence[str]) -> int:
    """Run tests in a fork; return its number."""
    number = os.fork()
    if number:
        return number
    code = 70  # whatever stops it here is no answer of pytest's
    try:
        be_in(tree, log)
        code = run_tests(tests)
    finally:
        os._exit(code)


def wait_for(number: int, limit: float) -> int | None:
    """The exit code of a fork, None if its time ran out; nothing of it goes on."""
    end = time.monotonic() + limit
    code = None
    while code is None and time.monotonic() < end:
        done, status = os.waitpid(number, os.WNOHANG)
        code = os.waitstatus_to_exitcode(status) if done else None
        time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.killpg(number, signal.SIGKILL)
    if code is None:
        os.waitpid(number, 0)
    return code


def try_tests(tree: Path, trial: Trial) -> str | None:
    """Name the test that catches it; None if all pass.

    Where no single test fails there is another word: `time` ran out, `import` of a test file failed
    or the process ended.
    """
    module = tree / trial.path
    original = module.read_text()
    module.write_text(trial.text)
    log = tree.with_suffix(".log")
    try:
        code = wait_for(fork(tree, log, trial.tests), trial.limit)
    finally:
        module.write_text(original)
    if code == 0:
        return None
    failed = find_failed(log.read_text(errors="replace"), trial.tests)
    return failed or ("time" if code is None else "import")


def find_failed(said: str, tests: Sequence[str]) -> str | None:
    """The test that pytest's summary names: its words may follow, and be in the name too."""
    for words in FAILED.findall(said):
        named = [test for test in tests if f"{words} - ".startswith(f"{test} - ")]
        if named:
            return max(named, key=len)
    return None


def passes(tree: Path, test: str, limit: float) -> bool:
    """Whether a test passes in the copy as it is."""
    return wait_for(fork(tree, tree.with_suffix(".log"), [test]), limit) == 0


@contextmanager
def run_postgres(tree: Path, folder: Path) -> Iterator[None]:
    """One server for all trials, its template made by the program as it is.

    Started by another process, so that this one and its forks have imported nothing of ours.
    """
    os.environ[KEPT_POSTGRES] = str(folder)
    call_conftest(tree, f"find_server({folder!r})")
    try:
        yield
    finally:
        call_conftest(tree, f"stop_server({folder!r})")


def call_conftest(tree: Path, call: str) -> None:
    program = f"from pathlib import Path, PosixPath; from tests import conftest; conftest.{call}"
    subprocess.run([sys.executable, "-c", program], cwd=tree, check=True)
