"""What is doubted about a page: what its captures showed that its present reading does not tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from archive.database.models import Capture, Problem
from archive.database.sql import PAGES
from archive.derive.flags import Flag
from archive.watch.verdicts import CUT, OFFICE, STRANGER

REUSED = "reused"
"""Field of the problem that a number showed another article before."""
FLAGS = {
    CUT: Flag.CUT,
    REUSED: Flag.REUSED,
    STRANGER: Flag.STRANGER,
    OFFICE: Flag.OTHER_OFFICE,
}
"""Fields of problems that are told of their page, and the words that people search them by."""
PASSING = (CUT,)
"""Those that are over when the article comes as it should; the others stay for ever."""

TELLS = or_(Problem.field == CUT, Capture.status < 300)
"""Whoever wrote the page that comes with an error, it is an error and nothing more."""
FOUND = (
    select(Capture.page_id, Problem.field, func.max(Capture.fetched_at))
    .join(Problem, Problem.capture_id == Capture.id)
    .where(Capture.page_id.in_(PAGES), Problem.field.in_(FLAGS), TELLS)
    .group_by(Capture.page_id, Problem.field)
)
DOUBTED = (
    select(Capture.page_id)
    .distinct()
    .join(Problem, Problem.capture_id == Capture.id)
    .where(Problem.field.in_(FLAGS.keys() - PASSING), TELLS)
    .order_by(Capture.page_id)
)
"""Pages that are doubted for ever."""
REUSED_AT = (
    select(Capture.page_id, func.max(Capture.fetched_at))
    .join(Problem, Problem.capture_id == Capture.id)
    .where(Capture.page_id.in_(PAGES), Problem.field == REUSED)
    .group_by(Capture.page_id)
)


def find_doubts(connection: Connection, came: Mapping[int, datetime]) -> dict[int, list[str]]:
    """The flags of those of these pages that are doubted, in alphabetical order. `came` tells when
    each last came as the article, or was said to be unchanged."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for page_id, field, last in connection.execute(FOUND, {"pages": list(came)}):
        if page_id is not None and (field not in PASSING or last >= came[page_id]):
            found[page_id].add(str(FLAGS[field]))
    return {page_id: sorted(flags) for page_id, flags in found.items()}


def find_reuses(connection: Connection, page_ids: Collection[int]) -> dict[int, datetime]:
    """When those of these pages whose number showed another article began to show the present
    one."""
    rows = connection.execute(REUSED_AT, {"pages": list(page_ids)})
    return {page_id: at for page_id, at in rows if page_id is not None}
