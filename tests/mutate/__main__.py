"""`make mutate`: change the code at random, one place at a time, and see whether a test fails.

Every site of `kpucrawl/extract` and `archive` is as likely as any other, whatever its file. Exit
code 1: fewer than `WANTED` of the mutants that are not listed as equivalent were caught.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import ClassVar

from tests.mutate.mutants import Mutant, change_text, find_sites, list_mutable, show_change
from tests.mutate.reach import Reach
from tests.mutate.trial import (
    PATIENCE,
    SLACK,
    Trial,
    copy_project,
    passes,
    run_postgres,
    try_tests,
    warm_up,
)

ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent.csv")
WANTED = 0.85
"""The share that has to be caught: what is left at that rate is found to be defaults, bounds of
memory and words of messages."""
FIRST = 40
"""Tests that are tried before the rest: most mutants fall to one of the nearest."""
BUDGET = 90.0
"""Seconds of tests that one mutant is worth, as long as they took when they were watched."""
SERVER = 2.0
"""Seconds that a test on PostgreSQL is put behind one on SQLite, which tells the same mostly."""
WIDTH = 300
"""Columns of a change that are shown; a statement may be long."""


@dataclass(frozen=True)
class Told:
    """How it went with a mutant."""

    mutant: Mutant
    before: str
    after: str
    outcome: str
    """`caught`, `survived`, `unreached` or `equivalent`."""
    tests: int
    """How many tests reach it."""
    catcher: str = ""
    """The test that caught it; `time` or `import` if it was none."""


def choose_mutants(seed: int, count: int, only: str) -> list[Mutant]:
    """Mutants at sites drawn without replacement; a greater count begins with the same ones."""
    texts = {path: (ROOT / path).read_text() for path in list_mutable(ROOT) if only in path}
    sites = [(path, site) for path, text in texts.items() for site in find_sites(text)]
    dice = random.Random(seed)
    dice.shuffle(sites)
    return [Mutant(path, site, dice.choice(site.choices)) for path, site in sites[:count]]


def read_equivalent() -> set[tuple[str, ...]]:
    """What is known to change nothing: path, scope, lines before and after."""
    with EQUIVALENT.open(newline="") as file:
        rows = csv.DictReader(file)
        return {(row["path"], row["scope"], row["before"], row["after"]) for row in rows}


def order_tests(reach: Reach, mutant: Mutant) -> list[str]:
    """The tests that reach a mutant, those of its own module and the quick ones first."""
    near = f"test_{PurePosixPath(mutant.path).stem}.py"

    def rank(test: str) -> tuple[bool, float, str]:
        seconds = reach.durations[test] + SERVER * ("postgresql" in test)
        return near not in test, seconds, test

    found = sorted(reach.find_tests(mutant), key=rank)
    spent = 0.0
    for place, test in enumerate(found):
        spent += reach.durations[test]
        if spent > BUDGET:
            return found[:place]
    return found


class Judge:
    """Tries mutants in a copy of the project of its own."""

    tree: Path
    reach: Reach
    equivalent: set[tuple[str, ...]]
    trusted: ClassVar[dict[str, bool]] = {}

    @classmethod
    def begin(cls, folder: Path, numbers: multiprocessing.Queue[int]) -> None:
        """Make the copy, in a process that was forked for it."""
        cls.tree = folder / f"copy{numbers.get()}"
        copy_project(ROOT, cls.tree)

    @classmethod
    def try_mutant(cls, mutant: Mutant) -> Told:
        """Tell how it goes with a mutant."""
        text = (ROOT / mutant.path).read_text()
        before, after = show_change(text, mutant)
        if (mutant.path, mutant.site.scope, before, after) in cls.equivalent:
            return Told(mutant, before, after, "equivalent", 0)
        tests = order_tests(cls.reach, mutant)
        catcher = cls.find_catcher(mutant.path, change_text(text, mutant), tests)
        outcome = "caught" if catcher else "survived" if tests else "unreached"
        return Told(mutant, before, after, outcome, len(tests), catcher or "")

    @classmethod
    def find_catcher(cls, path: str, text: str, tests: list[str]) -> str | None:
        """Find what catches a mutated module, and would pass without it."""
        for part in (tests[:FIRST], tests[FIRST:]):
            while part:
                catcher = try_tests(cls.tree, Trial(path, text, tuple(part), cls.allow(part)))
                if catcher is None:
                    break
                if cls.trusts(catcher):
                    return catcher
                part = part[part.index(catcher) + 1 :]
        return None

    @classmethod
    def allow(cls, tests: list[str]) -> float:
        """Seconds for some tests."""
        return PATIENCE + SLACK * sum(cls.reach.durations.get(test, 0.0) for test in tests)

    @classmethod
    def trusts(cls, test: str) -> bool:
        """Whether a test fails for the mutant's sake: it passes in the copy as it is."""
        if "::" in test and test not in cls.trusted:
            cls.trusted[test] = passes(cls.tree, test, cls.allow([test]))
            if not cls.trusted[test]:
                print(f"mutate: fails anyway: {test}", file=sys.stderr, flush=True)
        return cls.trusted.get(test, True)


def judge_all(folder: Path, mutants: list[Mutant], jobs: int) -> Iterator[Told]:
    """Try mutants side by side, in forks that are warm.

    Not in a pool of `multiprocessing`: its workers' children may not start processes, as tests do.
    """
    context = multiprocessing.get_context("fork")
    numbers = context.Queue()
    for number in range(jobs):
        numbers.put(number)
    with ProcessPoolExecutor(jobs, context, Judge.begin, (folder, numbers)) as pool:
        waiting = [pool.submit(Judge.try_mutant, mutant) for mutant in mutants]
        for done in as_completed(waiting):
            yield done.result()


def show(told: Told) -> str:
    mutant = told.mutant
    place = f"{mutant.path}:{mutant.first} {mutant.site.scope} ({mutant.site.kind})"
    before, after = told.before[:WIDTH], told.after[:WIDTH]
    by = f" by {told.catcher}" if told.catcher else ""
    return f"{told.outcome}{by}: {place}, {told.tests} tests\n  - {before}\n  + {after}"


def report(tolds: list[Told], seconds: float) -> int:
    """Print the sums; return the exit code."""
    counts = Counter(told.outcome for told in tolds)
    judged = len(tolds) - counts["equivalent"]
    share = counts["caught"] / judged if judged else 1.0
    print(
        f"mutate: {counts['caught']} of {judged} caught ({share:.1%}), "
        f"{counts['survived']} survived, {counts['unreached']} reached by no test, "
        f"{counts['equivalent']} listed as equivalent; {seconds / len(tolds):.1f} s a mutant"
    )
    return int(share < WANTED)


def main() -> int:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--only", default="", help="a part of the paths of modules")
    parser.add_argument("--all", action="store_true", help="show what was caught too, and by what")
    parser.add_argument("--jobs", type=int, default=2)
    told = parser.parse_args()
    mutants = choose_mutants(told.seed, told.count, told.only)
    with tempfile.TemporaryDirectory(prefix="kpu-mutate-") as name:
        folder = Path(name)
        tree = folder / "whole"
        copy_project(ROOT, tree)
        Judge.reach = Reach(ROOT, tree)
        Judge.equivalent = read_equivalent()
        warm_up()
        with run_postgres(tree, folder / "postgres"):
            return try_all(folder, mutants, told.jobs, told.all)


def try_all(folder: Path, mutants: list[Mutant], jobs: int, all_of_them: bool) -> int:
    began = time.monotonic()
    tolds = []
    for told in judge_all(folder, mutants, jobs):
        tolds.append(told)
        if all_of_them or told.outcome != "caught":
            print(show(told), flush=True)
        if len(tolds) % 10 == 0:
            print(f"mutate: {len(tolds)} of {len(mutants)}", file=sys.stderr, flush=True)
    return report(tolds, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
