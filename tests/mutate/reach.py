"""Which tests reach which lines, gathered once and kept in `.mutate` until something changes.

A round is one run of tests under `contexts`. The first runs them all; when nothing but a test file
changed, a round of that file's tests follows, and its earlier ones are forgotten.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from coverage import Coverage, CoverageData

from tests.mutate.mutants import Mutant, list_mutable

KEPT = ".mutate"
"""The folder of what is kept, in the root of the project."""
ABOVE = 20
"""Lines that are looked through above one that no test is said to reach: a bracket's later lines
are often counted to its first one, and no statement of ours is longer."""
FEW = 20
"""Below so many tests, those of the callers are asked too."""
STEPS = 5
"""How far up callers are looked for: further up is the whole program."""


@dataclass(frozen=True, eq=False)
class Round:
    """What one run of tests told."""

    tree: str
    """The folder in which it ran, to take off the names of its files."""
    durations: dict[str, float]
    """Seconds of each test that passed; the others tell nothing of a mutant."""
    lines: Path
    """A data file of `coverage`."""
    tests: dict[str, str]
    """The digest of each test file when it ran."""

    @cached_property
    def data(self) -> CoverageData:
        """Its lines, opened by the process that asks: no fork shares the file."""
        data = CoverageData(str(self.lines))
        data.read()
        return data

    @cache  # noqa: B019 - a round lives as long as the program
    def read_lines(self, path: str) -> dict[int, list[str]]:
        """The tests that reach each line of a module."""
        return self.data.contexts_by_lineno(f"{self.tree}/{path}")


def digest_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def digest_tests(root: Path) -> dict[str, str]:
    """The digest of every test file, by its name from the root."""
    files = sorted((root / "tests").rglob("test_*.py"))
    return {
        path.relative_to(root).as_posix(): digest_file(path)
        for path in files
        if "mutate" not in path.parts
    }


def digest_rest(root: Path) -> str:
    """One digest of all that tests use and that is no test file."""
    rooms = (root / room for room in ("archive", "kpucrawl", "tests"))
    files = sorted(path for room in rooms for path in room.rglob("*") if path.is_file())
    told = [
        f"{path.relative_to(root)} {digest_file(path)}"
        for path in files
        if "__pycache__" not in path.parts
        and "mutate" not in path.parts
        and not path.match("test_*.py")
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def gather(tree: Path, folder: Path, tests: Iterable[str]) -> None:
    """Run tests in a copy of the project and write down what they reach."""
    folder.mkdir(parents=True)
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-p", "tests.mutate.contexts"),
        *(f"--reach={folder}", "-n", "2", "--dist", "worksteal", "-m", "not long"),
        *tests,
    ]
    environment = os.environ | {"PYTHONPATH": str(tree)}
    with (folder / "log").open("w") as log:
        subprocess.run(command, cwd=tree, env=environment, stdout=log, stderr=log, check=False)
    combined = Coverage(data_file=folder / ".coverage", config_file=False)
    combined.combine([str(folder)], strict=True)
    combined.save()
    digests = digest_tests(tree)
    told = {"tree": str(tree), "tests": {test: digests[test] for test in tests}}
    (folder / "round.json").write_text(json.dumps(told))


def read_round(folder: Path) -> Round:
    """Read what `gather` wrote."""
    told = json.loads((folder / "round.json").read_text())
    durations: dict[str, float] = {}
    for path in folder.glob("durations.*.json"):
        durations |= json.loads(path.read_text())
    return Round(told["tree"], durations, folder / ".coverage", told["tests"])


class Reach:
    """The rounds that still hold."""

    def __init__(self, root: Path, tree: Path) -> None:
        """Read the rounds; run those that are missing, in a copy of the project."""
        self.tests = digest_tests(root)
        self.uses = index_uses(root)
        kept = root / KEPT / digest_rest(root)
        self.rounds = [read_round(path.parent) for path in sorted(kept.glob("*/round.json"))]
        missing = [test for test in self.tests if not self.find_round(test)]
        if missing:
            print(f"mutate: gathering what {len(missing)} test files reach", flush=True)
            folder = kept / f"{len(self.rounds):03}"
            gather(tree, folder, missing)
            self.rounds.append(read_round(folder))
        self.durations = {
            test: seconds
            for told in self.rounds
            for test, seconds in told.durations.items()
            if self.find_round(test.partition("::")[0]) is told
        }

    def find_round(self, test: str) -> Round | None:
        """The round in which a test file ran as it is now."""
        digest = self.tests.get(test)
        return next((told for told in self.rounds if told.tests.get(test) == digest), None)

    def find_at(self, path: str, lines: Iterable[int]) -> set[str]:
        """The tests that reach one of these lines."""
        return {
            test
            for told in self.rounds
            for line in lines
            for test in told.read_lines(path).get(line, ())
            if test in self.durations
            if self.find_round(test.partition("::")[0]) is told
        }

    def find_tests(self, mutant: Mutant) -> set[str]:
        """The tests that reach what a mutant changes.

        What runs on import is reached by those that reach a use of its name, and by all of the
        module's where there is none.
        """
        if mutant.site.imported:
            used = self.find_at_uses(mutant.site.names)
            return used or self.find_at(mutant.path, self.list_lines(mutant.path))
        found = self.find_at(mutant.path, range(mutant.first, mutant.last + 1))
        above = mutant.first
        while not found and above > max(0, mutant.first - ABOVE):
            above -= 1
            found = self.find_at(mutant.path, [above])
        return found if len(found) >= FEW else found | self.find_at_callers(mutant)

    def find_at_callers(self, mutant: Mutant) -> set[str]:
        """The tests that reach who calls the function of a mutant, by its name: what runs once and
        is remembered, or on import, is reached by the first test alone, or by none."""
        names = {mutant.site.scope.rpartition(".")[2]}
        found: set[str] = set()
        for _ in range(STEPS):
            found |= self.find_at_uses(names)
            if len(found) >= FEW:
                break
            names = {caller for name in names for caller in self.uses.callers.get(name, ())}
        return found

    def find_at_uses(self, names: Iterable[str]) -> set[str]:
        places: dict[str, set[int]] = defaultdict(set)
        for path, line in follow_uses(self.uses, names):
            places[path].add(line)
        return {test for path, lines in places.items() for test in self.find_at(path, lines)}

    def list_lines(self, path: str) -> set[int]:
        return {line for told in self.rounds for line in told.read_lines(path)}


@dataclass(frozen=True)
class Uses:
    """Where names are read: in functions by place, on import by the names made from them."""

    places: dict[str, set[tuple[str, int]]]
    derived: dict[str, set[str]]
    callers: dict[str, set[str]]
    """The functions that read a name."""


def index_uses(root: Path) -> Uses:
    """Read every module for its uses of names."""
    uses = Uses(defaultdict(set), defaultdict(set), defaultdict(set))
    for path in list_mutable(root):
        for node in ast.parse((root / path).read_text()).body:
            note_uses(uses, path, node)
    return uses


def note_uses(uses: Uses, path: str, node: ast.stmt) -> None:
    """Note the names that a statement reads; a function's signature is used by its body."""
    if isinstance(node, ast.ClassDef):
        for statement in node.body:
            note_uses(uses, path, statement)
    elif isinstance(node, ast.FunctionDef):
        for statement in node.body:
            for name, line in list_read(statement):
                uses.places[name].add((path, line))
                uses.callers[name].add(node.name)
        for part in (node.args, *node.decorator_list):
            for name, _ in list_read(part):
                uses.places[name] |= {(path, statement.lineno) for statement in node.body}
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        made = {target.id for target in targets if isinstance(target, ast.Name)}
        for name, _ in list_read(node):
            uses.derived[name] |= made


def list_read(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Names and attributes that are read, each with its line."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            yield part.id, part.lineno
        elif isinstance(part, ast.Attribute):
            yield part.attr, part.end_lineno or part.lineno


def follow_uses(uses: Uses, names: Iterable[str]) -> set[tuple[str, int]]:
    """The places of names and of all that is made from them."""
    waiting, seen = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(uses.derived.get(name, ()))
    return {place for name in seen for place in uses.places.get(name, ())}
