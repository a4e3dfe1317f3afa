"""What each office showed against what is held, and for every article that is missing why.

An office's articles are the pages that a listing, the home page or another article showed, and
those that are held; its static pages and addresses of unknown kind are none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from archive.addresses import locate_page
from archive.database.models import (
    Capture,
    Document,
    Layout,
    Page,
    Reading,
    SameAs,
    Sighting,
    Site,
)
from archive.names import name_page
from archive.watch.removals import ELSEWHERE, find_removals
from archive.watch.verdicts import GONE as HTTP_GONE
from archive.watch.verdicts import NO_ARTICLES, Answer
from archive.watch.visits import join_newest
from archive.withheld import is_shown

Row = dict[str, Any]

NEVER_FETCHED, FAILED, BLOCKED, GONE, UNREAD = REASONS = (
    "never fetched",
    "failed",
    "blocked",
    "gone",
    "unread",
)
NEVER_SEEN = "never seen"
"""Of numbers that the office skips, as far as it showed."""
LONGEST_NUMBER = 9
"""Digits of what is taken for a number of the office's own count."""


def count_coverage(connection: Connection, code: str | None = None) -> Iterator[Row]:
    """One row per office that ever showed an article, or of the one with this code: articles shown,
    held and missing by reason, numbers skipped, those held that wait to be read again."""
    sites = (
        select(Site.id, Site.label)
        if code is None
        else select(Site.id, Site.label).where(Site.code == code)
    )
    chosen = Page.site_id.in_(sites.with_only_columns(Site.id))
    totals = {row.site_id: row for row in connection.execute(_select_totals().where(chosen))}
    gaps, waiting = _count_gaps(connection, chosen), count_waiting(connection, code)
    reasons: dict[int, Counter[str]] = defaultdict(Counter)
    missing = _select_missing().where(chosen).subquery()
    counts = select(missing.c.site_id, missing.c.reason, func.count()).group_by(
        missing.c.site_id, missing.c.reason
    )
    for site_id, reason, count in connection.execute(counts):
        reasons[site_id][reason] += count
    for site_id, label in connection.execute(sites.where(Site.id.in_(totals)).order_by(Site.label)):
        told, total = reasons[site_id], totals[site_id]
        row = {"site": label, "shown": total.shown, "held": total.held, "missing": told.total()}
        row |= {reason.replace(" ", "_"): told[reason] for reason in REASONS}
        row |= {"numbers_never_seen": gaps.get(site_id, 0)}
        yield row | {"to_be_read_again": waiting.get(site_id, 0)}


def count_waiting(connection: Connection, code: str | None = None) -> dict[int, int]:
    """How many articles of each office, or of the one with this code, are held as another layout
    than the one learnt last read them, or as none did, by the office's id; 0 is left out."""
    order = (Layout.checked_at.desc(), Layout.id.desc())
    newest = select(Layout.digest).where(Layout.site_id == Document.site_id, Layout.content > "")
    last = newest.order_by(*order).limit(1).correlate(Document).scalar_subquery()
    query = (
        select(Document.site_id, func.count())
        .join(Reading, Reading.id == Document.reading_id)
        .where(Reading.layout != last)
        .group_by(Document.site_id)
    )
    if code is not None:
        query = query.join(Site, Site.id == Document.site_id).where(Site.code == code)
    return dict(connection.execute(query).all())


def _select_totals() -> Select[*tuple[Any, ...]]:
    """How many articles each office showed, and how many are held."""
    shown, held = _exists(Sighting.page_id), Document.page_id.is_not(None)
    counts = (
        func.sum(case((shown, 1), else_=0)).label("shown"),
        func.count(Document.page_id).label("held"),
    )
    query = select(Page.site_id, *counts).outerjoin(Document, Document.page_id == Page.id)
    return query.where(Page.route.not_in(NO_ARTICLES), or_(held, shown)).group_by(Page.site_id)


def list_missing(connection: Connection, code: str) -> list[Row]:
    """One row per article of an office that is not held, or held and no longer where it was, with
    the reason and the grade of its removal; then the numbers that the office skips."""
    site = connection.execute(
        select(Site.id, Site.label, Site.timezone, Site.host).where(Site.code == code)
    ).one()
    zone = ZoneInfo(site.timezone)
    removals = find_removals(connection, site.id, zone)
    missing = {
        row.page_id: row
        for row in connection.execute(_select_missing().where(Page.site_id == site.id))
    }
    removed = Page.id.in_(removals.keys() - missing.keys())
    held = select(Page.id.label("page_id"), Page.route, Page.key, Page.url, null().label("reason"))
    held = held.add_columns(
        Document.last_seen.label("at"), null().label("error"), null().label("status")
    )
    held = held.join(Document, Document.page_id == Page.id).where(Page.site_id == site.id, removed)
    held = held.where(is_shown(Page.id))
    rows = [*missing.values(), *connection.execute(held)]
    articles = [
        _make_row(site, row, removals.get(row.page_id), zone)
        for row in sorted(rows, key=_get_place)
    ]
    return articles + [_make_gap(site.label, *gap) for gap in _list_gaps(connection, site.id)]


def _get_place(row: Any) -> tuple[str, int, str]:
    """Numbers in their order."""
    return row.route, len(row.key), row.key


def _make_row(site: Any, row: Any, removal: Any, zone: ZoneInfo) -> Row:
    return {
        "page": name_page(site.label, row.route, row.key),
        "held": row.reason is None,
        "reason": row.reason,
        "grade": removal.grade if removal else None,
        "since": removal.since if removal else row.at and row.at.astimezone(zone),
        "evidence": removal.evidence if removal else _describe_last(row),
        "url": locate_page(row.url, row.route, site.host),
    }


def _describe_last(row: Any) -> str:
    if row.reason == NEVER_FETCHED:
        return "it was shown, and not asked for yet"
    return f"last answer: {row.error or row.status}"


def _make_gap(label: str, first: int, last: int) -> Row:
    page = f"{label}/{first}" + (f"..{last}" if last > first else "")
    evidence = f"no page showed it; scrapy crawl {label} -a gaps=N asks for such numbers"
    told = {"page": page, "held": False, "reason": NEVER_SEEN, "grade": None, "since": None}
    return told | {"evidence": evidence, "url": None}


def _select_missing() -> Select[*tuple[Any, ...]]:
    """The articles that were shown and are not held, here or under the address they moved to, with
    the reason; those withheld, of which nothing may be held, are none."""
    last = (
        select(Capture.id)
        .where(Capture.page_id == Page.id)
        .order_by(Capture.fetched_at.desc(), Capture.id.desc())
    )
    moved = select(SameAs.page_id).join(Document, Document.page_id == SameAs.other_page_id)
    query = (
        select(
            Page.id.label("page_id"),
            Page.site_id,
            Page.route,
            Page.key,
            Page.url,
            _select_reason().label("reason"),
        )
        .add_columns(Capture.fetched_at.label("at"), Capture.error, Capture.status)
        .select_from(Page)
        .outerjoin(Document, Document.page_id == Page.id)
        .outerjoin(Capture, Capture.id == last.limit(1).correlate(Page).scalar_subquery())
        .where(
            Document.page_id.is_(None), Page.route.not_in(NO_ARTICLES), _exists(Sighting.page_id)
        )
        .where(~moved.where(SameAs.page_id == Page.id).correlate(Page).exists())
        .where(is_shown(Page.id))
    )
    return join_newest(query)


def _exists(page_id: Any) -> ColumnElement[bool]:
    """Whether another table has a row for a page."""
    return select(literal(1)).where(page_id == Page.id).correlate(Page).exists()


def _select_reason() -> ColumnElement[str]:
    """Why an article is missing, by its last capture.

    Another page in its place counts as gone only where the same run read articles: else the reader
    may be at a loss.
    """
    other = aliased(Capture)
    read = select(other.id).where(
        other.run_id == Capture.run_id,
        other.site_id == Capture.site_id,
        other.answer == Answer.ARTICLE,
    )
    told_gone = and_(Capture.answer == Answer.MISSING, Capture.status.in_(HTTP_GONE))
    elsewhere = and_(Reading.kind.in_(ELSEWHERE), read.correlate(Capture).exists())
    return case(
        (Capture.id.is_(None), NEVER_FETCHED),
        (or_(told_gone, Capture.answer.in_((Answer.REDIRECT, Answer.AWAY))), GONE),
        (Capture.answer.in_((Answer.BLOCKED, Answer.ROBOTS)), BLOCKED),
        (Capture.answer.in_((Answer.FAILED, Answer.MAINTENANCE)), FAILED),
        (elsewhere, GONE),
        else_=UNREAD,
    )


def _select_numbers() -> Any:
    """The numbers of all current articles with their offices; not those that no office counts up
    to."""
    is_number = and_(
        func.ltrim(Page.key, "0123456789") == "", func.length(Page.key) <= LONGEST_NUMBER
    )
    return select(Page.site_id, cast(Page.key, BigInteger).label("number")).where(
        Page.route == "blog", is_number
    )


def _count_gaps(connection: Connection, chosen: ColumnElement[bool]) -> dict[int, int]:
    """How many numbers each of these offices skips between its lowest and its highest."""
    one = _select_numbers().where(chosen).subquery()
    skipped = (
        func.max(one.c.number) - func.min(one.c.number) + 1 - func.count(one.c.number.distinct())
    )
    return dict(connection.execute(select(one.c.site_id, skipped).group_by(one.c.site_id)).all())


def _list_gaps(connection: Connection, site_id: int) -> Iterator[tuple[int, int]]:
    """First and last of the numbers that an office skips, in their order."""
    query = _select_numbers().where(Page.site_id == site_id)
    numbers = sorted(number for _, number in connection.execute(query))
    for before, after in pairwise(numbers):
        if after - before > 1:
            yield before + 1, after - 1
