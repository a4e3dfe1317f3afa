"""The revisions of a page, and the article as one of them shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from archive.database.engine import ArchiveError
from archive.database.models import Capture, Reading
from archive.derive.documents import select_revisions
from archive.names import PagePlace, find_page
from archive.watch.verdicts import Answer


@dataclass(frozen=True, slots=True)
class Shown:
    """One capture of an article, as its newest reading has it."""

    capture_id: int
    reading_id: int
    fetched_at: datetime
    revision: int
    is_cut: bool
    """It ends midway."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A maximal run of captures with equal text."""

    number: int
    """1 is the first."""
    captures: tuple[Shown, ...]
    """In the order of time."""

    @property
    def last(self) -> Shown:
        """The last capture that came whole, else the last."""
        whole = (one for one in reversed(self.captures) if not one.is_cut)
        return next(whole, self.captures[-1])


def list_revisions(connection: Connection, page_id: int) -> list[Revision]:
    """The revisions of a page in the order of time; none where it was never read as an article."""
    runs: list[list[Shown]] = []
    for row in connection.execute(select_revisions(), {"pages": [page_id]}):
        if row.begins or not runs:
            runs.append([])
        place = row.id, row.reading_id, row.fetched_at
        runs[-1].append(Shown(*place, len(runs), bool(row.is_cut)))
    return [Revision(number, tuple(captures)) for number, captures in enumerate(runs, 1)]


def end_day(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


def choose_shown(
    connection: Connection,
    name: str,
    at: date | None = None,
    revision: int | None = None,
    capture: int | None = None,
) -> tuple[PagePlace, Shown]:
    """The page called `SITE/N` and the capture of it that a day, a revision or a capture names.
    Raise ArchiveError where there is none."""
    place = find_page(connection, name)
    revisions = list_revisions(connection, place.page_id)
    if capture is not None:
        return place, choose_capture(connection, place, revisions, capture)
    if at is not None:
        return place, choose_day(place, revisions, at)
    return place, choose_revision(place, revisions, revision or len(revisions)).last


def choose_revision(place: PagePlace, revisions: Sequence[Revision], number: int) -> Revision:
    """The revision with this number. Raise ArchiveError where there is none."""
    if not 1 <= number <= len(revisions):
        raise ArchiveError(
            f"{place.name} has {_count(len(revisions))}, no revision {number}: see kpu-archive "
            f"history {place.name}"
        )
    return revisions[number - 1]


def choose_day(place: PagePlace, revisions: Sequence[Revision], day: date) -> Shown:
    """The last capture until the end of a day, one that came whole before one that did not. Raise
    ArchiveError where there is none so early."""
    end = end_day(day, ZoneInfo(place.timezone))
    captures = [one for revision in revisions for one in revision.captures if one.fetched_at < end]
    if not captures:
        raise ArchiveError(
            f"{place.name} was not captured as an article until {day}: see kpu-archive history "
            f"{place.name}"
        )
    return Revision(0, tuple(captures)).last


def choose_capture(
    connection: Connection, place: PagePlace, revisions: Sequence[Revision], capture: int
) -> Shown:
    """One capture. Raise ArchiveError where the page has no such one, or it is no article."""
    for revision in revisions:
        for one in revision.captures:
            if one.capture_id == capture:
                return one
    return _choose_cut(connection, place, capture)


def _choose_cut(connection: Connection, place: PagePlace, capture: int) -> Shown:
    """A capture that ends midway where others came whole: no revision counts it."""
    query: Any = (
        select(Capture.id, Reading.id, Capture.fetched_at)
        .join(Reading, Reading.capture_id == Capture.id)
        .where(Capture.id == capture, Capture.page_id == place.page_id)
        .where(Capture.answer == Answer.CUT, Reading.text_id.is_not(None))
        .order_by(Reading.id.desc())
    )
    row = connection.execute(query).first()
    if row is None:
        raise ArchiveError(
            f"{place.name} has no capture {capture} that is an article: see kpu-archive history "
            f"{place.name}"
        )
    capture_id, reading_id, fetched_at = row
    return Shown(capture_id, reading_id, fetched_at, 0, True)


def _count(revisions: int) -> str:
    return "1 revision" if revisions == 1 else f"{revisions} revisions"
