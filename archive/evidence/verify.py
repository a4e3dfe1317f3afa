"""Checking a whole archive against the digests it was written with.

Only reads. Parts of some thousand rows are checked by several threads at once, since decompressing
and digesting leave the interpreter to others, and noted in the order of their ids.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from archive.database.engine import ArchiveError, read
from archive.derive.changes import find_identity
from archive.evidence.checks import CHECKS, Check, Checked, Part, Sites, run_part
from archive.evidence.findings import Fault, Finding
from archive.evidence.journal import Journal, Plan, begin_journal, find_journal, resume_journal
from archive.evidence.keys import TABLES, check_keys
from archive.evidence.losses import list_faults

MOST_JOBS = 15
"""Connections that an engine lends at once; beyond some ten threads the interpreter itself is what
they wait for."""
AHEAD = 4
"""Parts in the works for each thread, so that none waits for one that takes long."""
KEYS = "tables"

Tell = Callable[[str, int, int], None]
"""Is told what is checked, how many ids are done, and of how many."""
Work = tuple[str, int, int, Callable[[Engine], Checked]]
"""What a part counts, how far it comes, of how much, and how to check it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a check."""

    findings: tuple[Finding, ...]
    counts: dict[str, int]
    """Rows that were checked, by table."""
    unsealed: int
    """Readings without a digest."""


def verify(
    engine: Engine, tell: Tell, *, sites: Sites = (), jobs: int = 1, resumes: bool = False
) -> Verdict:
    """Check an archive, or what it holds of some offices.

    `resumes` goes on where an interrupted check of the same stopped. Raise ArchiveError where that
    was a check of something else.
    """
    with read(engine) as connection:
        path, plan = find_journal(connection), make_plan(connection, sites)
    plan, done = _find_start(path, plan) if resumes else (plan, [])
    journal = begin_journal(path, plan, done)
    try:
        verdict = _check_all(engine, plan, done, journal, jobs, tell)
    except BaseException:
        journal.close()
        raise
    journal.remove()
    return verdict


def describe_faults(engine: Engine, verdict: Verdict, sites: Sites = ()) -> Iterator[Fault]:
    """Every fault once, with what it takes."""
    return list_faults(engine, verdict.findings, sites)


def make_plan(connection: Connection, sites: Sites) -> Plan:
    """What there is to check now; what comes while it is checked is left to the next time."""
    return {
        "archive": find_identity(connection),
        "sites": list(sites),
        "keys": list(TABLES),
        "steps": {check.name: check.step for check in CHECKS},
        "last": {check.name: _find_last(connection, check.table) for check in CHECKS},
    }


def _find_last(connection: Connection, table: Any) -> int:
    return connection.scalar(select(func.max(table.id))) or 0


def _find_start(path: Path, plan: Plan) -> tuple[Plan, list[Checked]]:
    """The plan of an interrupted check, and what it has done; a check from the start where there is
    none."""
    found = resume_journal(path)
    if found is None:
        return plan, []
    earlier, done = found
    is_same = all(earlier[name] == plan[name] for name in ("archive", "sites", "keys"))
    has_all = all(last <= plan["last"].get(name, 0) for name, last in earlier["last"].items())
    if not is_same or not has_all:
        raise ArchiveError(
            "the check that was interrupted was of something else: name the same offices, or check "
            "without --resume"
        )
    return earlier, done


def _check_all(
    engine: Engine, plan: Plan, done: list[Checked], journal: Journal, jobs: int, tell: Tell
) -> Verdict:
    """Check what is left of a plan, and gather what came of all."""
    works = list_works(plan)
    findings: dict[Finding, None] = {}
    counts: Counter[str] = Counter()
    unsealed = 0
    left = works[len(done) :]
    results = chain(done, _run_in_order(engine, left, jobs))
    for number, ((name, reached, of, _), checked) in enumerate(zip(works, results, strict=True)):
        if number >= len(done):
            journal.add(checked)
        findings |= dict.fromkeys(sorted(checked.findings, key=lambda one: one.id))
        counts[name] += checked.count
        unsealed += checked.unsealed
        tell(name, reached, of)
    return Verdict(tuple(findings), dict(counts), unsealed)


def list_works(plan: Plan) -> list[Work]:
    """All parts of a plan, in an order that is always the same."""
    keys: list[Work] = [
        (KEYS, number, len(plan["keys"]), partial(check_keys, table=table))
        for number, table in enumerate(plan["keys"], 1)
    ]
    return [*keys, *(work for check in CHECKS for work in _cut(check, plan))]


def _cut(check: Check, plan: Plan) -> Iterator[Work]:
    """The parts of a check: as the plan has it, which an earlier version of this may have made."""
    of, step = plan["last"][check.name], plan["steps"][check.name]
    for low in range(1, of + 1, step):
        high = min(low + step - 1, of)
        part = Part(check, low, high, tuple(plan["sites"]))
        yield check.name, high, of, partial(run_part, part=part)


def _run_in_order(engine: Engine, works: Iterable[Work], jobs: int) -> Iterator[Checked]:
    """Run works in threads, a few ahead of the one whose turn it is."""
    waiting: deque[Future[Checked]] = deque()
    pool = ThreadPoolExecutor(jobs)
    try:
        for *_, run in works:
            waiting.append(pool.submit(run, engine))
            if len(waiting) >= jobs * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
