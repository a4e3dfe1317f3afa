"""The runs of the crawler, and which of them are under way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice

from sqlalchemy import Connection, func, or_, select

from archive.database.locks import find_held, name_holder
from archive.database.models import Capture, Run, Site
from archive.read.articles import Query, Row

ENDED = "ended"
UNDER_WAY = "under way"
DIED = "died"
"""It told no end and holds no office any more: killed, or its machine was switched off."""
NO_END = "no end"
"""It told none, and whether it still holds an office cannot be seen from here."""
STATES = {True: UNDER_WAY, False: DIED, None: NO_END}


def list_runs(
    connection: Connection, limit: int | None, *, sites: Collection[str] = (), failed: bool = False
) -> Iterator[Row]:
    """The runs, the newest first: those that asked one of these offices (codes), those that died
    or did not end with code 0."""
    held = _find_held(connection)
    rows = (
        row | {"state": _tell_state(row, held)}
        for row in map(dict, connection.execute(_select_runs(sites, failed)).mappings())
    )
    chosen = (row for row in rows if not (failed and row["state"] == UNDER_WAY))
    yield from islice(chosen, limit)


def _tell_state(row: Row, held: Mapping[int, bool | None]) -> str:
    return ENDED if row["ended_at"] is not None else STATES[held.get(row["run"], False)]


def _select_runs(sites: Collection[str], failed: bool) -> Query:
    columns = (Run.id.label("run"), Run.spider, Run.arguments, Run.started_at, Run.ended_at)
    query: Query = select(*columns, Run.exit_code, Run.outcome, Run.counts).order_by(Run.id.desc())
    if sites:
        asked = select(Capture.id).join(Site, Site.id == Capture.site_id)
        asked = asked.where(Site.code.in_(sites), Capture.run_id == Run.id)
        query = query.where(asked.correlate(Run).exists())
    if failed:
        query = query.where(or_(Run.exit_code.is_(None), Run.exit_code != 0))
    return query


def _find_held(connection: Connection) -> dict[int, bool | None]:
    """Of the runs without an end, whether they hold an office now.

    Numbers of processes come again: only the newest run of a process can be that which holds one.
    """
    newest = select(func.max(Run.id)).group_by(Run.spider, Run.process)
    query = select(Run.id, Run.spider, Run.process)
    query = query.where(Run.ended_at.is_(None), Run.process.is_not(None), Run.id.in_(newest))
    holders = {
        name_holder(spider, process or ""): run_id
        for run_id, spider, process in connection.execute(query)
    }
    held = find_held(connection, holders) if holders else {}
    return {run_id: held[holder] for holder, run_id in holders.items()}
