"""The rows of problems that belong to no reading."""

from __future__ import annotations

from archive.database.sql import Row
from archive.records import Problem


def make_problem(run_id: int, site_id: int, capture_id: int | None, problem: Problem) -> Row:
    """The row of a problem that belongs to no reading."""
    return {
        "run_id": run_id,
        "site_id": site_id,
        "capture_id": capture_id,
        "field": problem.field,
        "seen": problem.seen,
        "why": problem.why,
    }
