"""Doubts that last: what a page's captures ever showed that its present reading does not tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select

from archive.database.models import Capture, Problem
from archive.database.sql import PAGES
from archive.derive.flags import Flag
from archive.watch.verdicts import OFFICE, STRANGER

REUSED = "reused"
"""Field of the problem that a number showed another article before."""
LASTING = {REUSED: Flag.REUSED, STRANGER: Flag.STRANGER, OFFICE: Flag.OTHER_OFFICE}
"""Fields of problems that stay with their page, and the words that people search them by."""

FOUND = (
    select(Capture.page_id, Problem.field)
    .join(Capture, Capture.id == Problem.capture_id)
    .where(Capture.page_id.in_(PAGES), Problem.field.in_(LASTING))
    .distinct()
)
REUSED_AT = (
    select(Capture.page_id, func.max(Capture.fetched_at))
    .join(Problem, Problem.capture_id == Capture.id)
    .where(Capture.page_id.in_(PAGES), Problem.field == REUSED)
    .group_by(Capture.page_id)
)


def find_doubts(connection: Connection, page_ids: Collection[int]) -> dict[int, list[str]]:
    """The flags of those of these pages that were ever doubted, in alphabetical order."""
    found: defaultdict[int | None, set[str]] = defaultdict(set)
    for page_id, field in connection.execute(FOUND, {"pages": list(page_ids)}):
        found[page_id].add(str(LASTING[field]))
    return {page_id: sorted(flags) for page_id, flags in found.items() if page_id}


def find_reuses(connection: Connection, page_ids: Collection[int]) -> dict[int, datetime]:
    """When those of these pages whose number showed another article began to show the present
    one."""
    rows = connection.execute(REUSED_AT, {"pages": list(page_ids)})
    return {page_id: at for page_id, at in rows if page_id is not None}
