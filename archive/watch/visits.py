"""Each run's visit to an office: its answers, counted by what they came to. Derived from captures
and readings."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from archive.database.models import Capture, Page, Problem, Reading
from archive.watch.verdicts import (
    ARTICLE,
    AWAY,
    BLOCKED,
    EMPTY,
    FAILED,
    LISTING,
    MAINTENANCE,
    MISSING,
    PAGE,
    REDIRECT,
    UNREAD,
    VisitCounts,
)

HOME, RULES = "/", "/robots.txt"
CRAWL = "crawl"
GONE = (404, 410)
UNCHANGED = 304
BLOCKING = (401, 403, 407, 429, 451)
NO_ARTICLES = ("page", "url")
"""Routes of pages that need not be articles: what an office is, and addresses of unknown kind."""
ROBOTS = "refused by robots.txt"


def find_visits(
    connection: Connection, site_ids: Collection[int], after: datetime, until: datetime
) -> list[VisitCounts]:
    """The visits to these offices that began after one time and until another, the newest first.

    Every visit begins with the home page, so its captures tell which runs came when.
    """
    asked = (
        select(Capture.site_id, Capture.run_id)
        .where(Capture.site_id.in_(site_ids), Capture.canonical == HOME, Capture.source == CRAWL)
        .where(Capture.fetched_at > after, Capture.fetched_at <= until)
        .distinct()
        .subquery()
    )
    outcome = classify_capture()
    query = (
        select(Capture.site_id, Capture.run_id, outcome.label("outcome"))
        .add_columns(func.count().label("captures"), func.min(Capture.fetched_at).label("began"))
        .add_columns(func.sum(case((outcome == UNREAD, _was_read_before()), else_=0)).label("lost"))
        .join_from(
            asked,
            Capture,
            and_(Capture.run_id == asked.c.run_id, Capture.site_id == asked.c.site_id),
        )
        .where(Capture.canonical != RULES)
        .group_by(Capture.site_id, Capture.run_id, outcome)
    )
    return _gather_visits(connection, join_readings(query))


def _gather_visits(connection: Connection, counts: Select[*tuple[Any, ...]]) -> list[VisitCounts]:
    visits: dict[tuple[int, int], VisitCounts] = {}
    for row in connection.execute(counts):
        visit = visits.setdefault(
            (row.site_id, row.run_id), VisitCounts(row.site_id, row.run_id, row.began)
        )
        visit.counts[row.outcome] += row.captures
        visit.lost += row.lost
        visit.began = min(visit.began, row.began)
    return sorted(visits.values(), key=lambda visit: (visit.began, visit.run_id), reverse=True)


def join_readings(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Lay beside captures what `classify_capture` needs: their newest reading and their page."""
    return join_newest(query).outerjoin(Page, Page.id == Capture.page_id)


def join_newest(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Lay beside captures their newest reading."""
    newest = select(func.max(Reading.id)).where(Reading.capture_id == Capture.id).correlate(Capture)
    return query.outerjoin(
        Reading, and_(Reading.capture_id == Capture.id, Reading.id == newest.scalar_subquery())
    )


def classify_capture() -> ColumnElement[str]:
    """Name what a capture is, for queries that `join_readings`.

    An article's address that answers with anything else is `unread`, soft 404s included: only other
    captures tell whether the page is gone or the reader is at a loss.
    """
    is_article = and_(Capture.page_id.is_not(None), Page.route.not_in(NO_ARTICLES))
    turned_away = (
        select(Problem.id)
        .where(Problem.capture_id == Capture.id, Problem.field == "access")
        .correlate(Capture)
    )
    return case(
        (Capture.error.startswith(ROBOTS), BLOCKED),
        (Capture.error.is_not(None), FAILED),
        (Capture.status.in_(GONE), MISSING),
        (Capture.status.in_(BLOCKING), BLOCKED),
        (Reading.kind == MAINTENANCE, case((turned_away.exists(), BLOCKED), else_=MAINTENANCE)),
        (Capture.status >= 400, FAILED),
        (Capture.status == UNCHANGED, ARTICLE),
        (Capture.status >= 300, case((Capture.canonical == HOME, AWAY), else_=REDIRECT)),
        (and_(is_article, Reading.kind == ARTICLE), ARTICLE),
        (is_article, UNREAD),
        (or_(Capture.canonical == HOME, Capture.page_id.is_not(None)), PAGE),
        (Capture.items_digest.is_not(None), LISTING),
        (Reading.kind == MISSING, MISSING),
        else_=EMPTY,
    )


def _was_read_before() -> ColumnElement[int]:
    """1 unless the page's answer before this one was no article either."""
    before, reading = aliased(Capture), aliased(Reading)
    read = (
        select(reading.id)
        .where(reading.capture_id == before.id, reading.kind == ARTICLE)
        .correlate(before)
        .exists()
    )
    earlier = (
        select(case((or_(before.status == UNCHANGED, read), 1), else_=0))
        .where(before.page_id == Capture.page_id, before.fetched_at < Capture.fetched_at)
        .where(before.status.in_((200, UNCHANGED)))
        .order_by(before.fetched_at.desc())
        .limit(1)
        .correlate(Capture)
    )
    return func.coalesce(earlier.scalar_subquery(), 1)
