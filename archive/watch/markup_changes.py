"""When offices changed the markup of their pages: raised once a change, however many offices made
it together.

Pages of one theme differ a little (an embedded file, a second column), so an office has several
skeletons at a time. It changed when new ones came and none of the old ones was seen again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import Connection, func, or_, select

from archive.database.models import Capture, Layout, Reading, Run, Site
from archive.watch.verdicts import OK, Answer

KINDS = (Answer.ARTICLE, Answer.LISTING)
FEWEST = 3
"""Pages with a new skeleton before it counts: the one article of a quiet night may have an odd
one."""
BEFORE = timedelta(days=60)
"""How long before the period asked for old skeletons, and earlier offices of the same change, are
looked for."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of markup, at one office or at many."""

    at: datetime
    """When it was first seen."""
    offices: tuple[str, ...]
    kinds: tuple[str, ...]
    """Of the pages that changed: `article`, `listing`."""
    skeletons: tuple[str, ...]
    """The new ones."""


@dataclass(slots=True)
class _Generation:
    """Skeletons of one office's pages of one kind that were in use together."""

    site: str
    kind: str
    at: datetime
    first_run: int
    last_run: int
    pages: int
    skeletons: set[str]


def find_changes(connection: Connection, since: datetime) -> list[Change]:
    """The changes first seen since a time, the newest first."""
    groups: list[list[_Generation]] = []
    for change in sorted(_find_new(connection, since), key=lambda one: one.at):
        same = [group for group in groups if any(_belong(one, change) for one in group)]
        groups = [group for group in groups if group not in same] + [[*chain(*same), change]]
    recent = [change for change in map(_join, groups) if change.at >= since]
    return sorted(recent, key=lambda change: change.at, reverse=True)


def count_fits(connection: Connection, change: Change) -> tuple[int, int]:
    """Of the articles captured since a change at its offices, how many fit a template that was
    learnt before it, and how many there are that were read by one."""
    known = Layout.checked_at < change.at
    query = (
        select(func.count(Reading.layout_group), func.count())
        .join_from(Reading, Capture, Capture.id == Reading.capture_id)
        .join(Site, Site.id == Capture.site_id)
        .join(Layout, (Layout.site_id == Site.id) & (Layout.digest == Reading.layout) & known)
        .where(Site.label.in_(change.offices), Capture.fetched_at >= change.at)
        .where(Capture.answer == Answer.ARTICLE)
    )
    fitting, read = connection.execute(query).one()
    return fitting, read


def _belong(one: _Generation, other: _Generation) -> bool:
    """Whether two changes are one: to the same markup, or by the same office in the same run."""
    return bool(one.skeletons & other.skeletons) or (one.site, one.first_run) == (
        other.site,
        other.first_run,
    )


def _join(group: list[_Generation]) -> Change:
    return Change(
        min(one.at for one in group),
        tuple(sorted({one.site for one in group})),
        tuple(sorted({one.kind for one in group})),
        tuple(sorted(set().union(*(one.skeletons for one in group)))),
    )


def _find_new(connection: Connection, since: datetime) -> Iterator[_Generation]:
    """Generations that have one before them, by one and the same reader, in the period and before
    it."""
    of_kind: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in connection.execute(_select_skeletons(since)):
        of_kind[row.label, row.kind, row.reader_version].append(row)
    for rows in of_kind.values():
        _, *later = _list_generations(rows)
        yield from (one for one in later if one.pages >= FEWEST)


def _select_skeletons(since: datetime) -> Any:
    first_run = select(func.min(Run.id)).where(Run.started_at >= since - BEFORE).scalar_subquery()
    return (
        select(Site.label, Reading.kind, Reading.reader_version, Reading.skeleton)
        .add_columns(
            func.min(Capture.run_id).label("first_run"), func.max(Capture.run_id).label("last_run")
        )
        .add_columns(func.min(Capture.fetched_at).label("at"), func.count().label("pages"))
        .join_from(Capture, Reading, Reading.capture_id == Capture.id)
        .join(Site, Site.id == Capture.site_id)
        .where(Capture.run_id >= first_run, Capture.status.in_(OK), Reading.kind.in_(KINDS))
        .where(Capture.answer != Answer.CUT)
        .where(or_(Reading.kind == Answer.ARTICLE, Capture.items_digest.is_not(None)))
        .group_by(Site.label, Reading.kind, Reading.reader_version, Reading.skeleton)
        .order_by(func.min(Capture.run_id), func.max(Capture.run_id).desc(), Reading.skeleton)
    )


def _list_generations(rows: Iterable[Any]) -> list[_Generation]:
    """Part skeletons, in the order of their first runs, where a run shows new ones and no later run
    an old one."""
    found: list[_Generation] = []
    for row in rows:
        if found and row.first_run <= found[-1].last_run:
            one = found[-1]
            one.last_run, one.pages = max(one.last_run, row.last_run), one.pages + row.pages
            one.skeletons.add(row.skeleton)
        else:
            runs = (row.first_run, row.last_run)
            found.append(_Generation(row.label, row.kind, row.at, *runs, row.pages, {row.skeleton}))
    return found
