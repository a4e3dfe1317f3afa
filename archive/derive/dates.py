"""The day of publication of every article: its own, or what the numbers around it leave.

See `archive.derive.number_order`.

Derived for an office as a whole, so at the end of a run and when all is rebuilt: a new article
bounds the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, RowMapping, bindparam, func, select, update

from archive.database.faults import is_storage_fault
from archive.database.models import Capture, Document, Page, Reading, Sighting, Site
from archive.database.sql import Row, cut_chunks
from archive.derive.changes import note_changes
from archive.derive.flags import Flag
from archive.derive.number_order import POSTDATED, Bound, Place, Post, Span, place_posts

NEIGHBOURS = "neighbours"
"""The source of a day that the numbers give."""
DATE = (
    "published_earliest",
    "published_latest",
    "published_precision",
    "published_source",
    "published_evidence",
    "published_flags",
)
"""What this module writes in `documents`; `readings` has the article's own under the same names."""

SOURCES = {
    "metadata": (0, 1, 3),
    "printed": (0, 1, 3),
    "address": (0, 1, 3),
    "api": (0, 1, 3),
    "image": (0, 3, 2),
    "attachment": (0, 3, 2),
    "dateline": (0, 7, 2),
    "event": (7, 14, 1),
}
"""Posted how many days before and after the day of a source, at most, and its weight; any other
bounds nobody."""
SURER = ("metadata", "printed", "address")
"""Days of the page that its creation, as the site's JSON tells it, does not replace."""
CREATED_AFTER = {"dateline": 31}
"""Days from the article's own day to its creation, at the most; more of them, and it was imported.
Others: a year."""
WEAK = ("image", "attachment", "event", "last-modified")
"""Days that are not the post's own: where the numbers say that it was there before, they are not
believed."""
CROWD = 30
"""Articles of one office on one day by one source: beyond, a moved site rather than a busy day
dated them."""
LONGEST_NUMBER = 15
"""Digits; longer ones are no count."""


@dataclass(frozen=True, slots=True)
class _Article:
    """An article with its own day."""

    page_id: int
    number: int
    seen: Day
    captured: Day
    own: Row
    """By the names of `DATE`."""
    now: Row
    """What its document says, by the same names."""

    @property
    def is_future(self) -> bool:
        """Whether its own day is later than its capture."""
        earliest = self.own["published_earliest"]
        return earliest is not None and earliest > self.captured


def date_run(engine: Engine, run_id: int) -> dict[int, Exception]:
    """Date the offices that a run touched, in a short transaction each; return those that could not
    be dated, and why. Raise what the storage says."""
    failed: dict[int, Exception] = {}
    with engine.begin() as connection:
        touched = select(Capture.site_id).where(Capture.run_id == run_id).distinct()
        site_ids = connection.scalars(touched.order_by(Capture.site_id)).all()
    for site_id in site_ids:
        try:
            with engine.begin() as connection:
                date_site(connection, site_id)
        except Exception as error:
            if is_storage_fault(error):
                raise
            failed[site_id] = error
    return failed


def date_all(connection: Connection) -> None:
    """Date all offices."""
    for site_id in connection.scalars(select(Site.id).order_by(Site.id)).all():
        date_site(connection, site_id)


def date_site(connection: Connection, site_id: int) -> None:
    """Date the articles of one office, and write what differs."""
    changed: dict[int, Row] = {}
    for articles in _read_articles(connection, site_id):
        for article, row in _date_articles(articles):
            if row != article.now:
                changed[article.page_id] = row
    for chunk in cut_chunks(sorted(changed)):
        _write(connection, {page_id: changed[page_id] for page_id in chunk})


def keep_date(known: Mapping[int, Row], derived: Mapping[int, Row]) -> None:
    """Let documents keep the day they have until their office is dated again, where their own is no
    other."""
    for page_id, row in derived.items():
        before = known.get(page_id)
        same = before is not None and before["reading_id"] == row["reading_id"]
        if before and (
            same or (row["published_earliest"] is None and before["published_source"] == NEIGHBOURS)
        ):
            row.update({name: before[name] for name in DATE})


def _write(connection: Connection, rows: Mapping[int, Row]) -> None:
    statement = update(Document).where(Document.page_id == bindparam("page"))
    connection.execute(
        statement.values(
            {name: bindparam(f"new_{name}", type_=Document.__table__.c[name].type) for name in DATE}
        ),
        [
            {"page": page_id} | {f"new_{name}": row[name] for name in DATE}
            for page_id, row in rows.items()
        ],
    )
    note_changes(connection, rows)


def _read_articles(connection: Connection, site_id: int) -> Iterator[list[_Article]]:
    """The articles of an office by route, in the order of their numbers; those without one stay
    what they are."""
    zone = ZoneInfo(connection.scalars(select(Site.timezone).where(Site.id == site_id)).one())
    created = (
        select(func.min(Sighting.created))
        .where(Sighting.page_id == Document.page_id)
        .correlate(Document)
    )
    query = (
        select(Document.page_id, Document.first_seen, Page.route, Page.key, Capture.fetched_at)
        .add_columns(created.scalar_subquery().label("created"))
        .add_columns(*(getattr(Document, name).label(f"now_{name}") for name in DATE))
        .add_columns(*(getattr(Reading, name) for name in DATE))
        .join_from(Document, Page, Page.id == Document.page_id)
        .join(Reading, Reading.id == Document.reading_id)
        .join(Capture, Capture.id == Reading.capture_id)
        .where(Document.site_id == site_id)
    )
    routes: dict[str, list[_Article]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        if row["key"].isdecimal() and len(row["key"]) <= LONGEST_NUMBER:
            routes[row["route"]].append(_make_article(row, zone))
    for articles in routes.values():
        yield sorted(articles, key=lambda article: article.number)


def _make_article(row: RowMapping, zone: ZoneInfo) -> _Article:
    return _Article(
        row["page_id"],
        int(row["key"]),
        row["first_seen"].astimezone(zone).date(),
        row["fetched_at"].astimezone(zone).date(),
        _add_created({name: row[name] for name in DATE}, row["created"], zone),
        {name: row[f"now_{name}"] for name in DATE},
    )


def _add_created(own: Row, created: datetime | None, zone: ZoneInfo) -> Row:
    """An article's own day, or that of its creation where the page gives none that is surer or
    contradicts it."""
    if created is None or own["published_source"] in SURER:
        return own
    day, flags = created.astimezone(zone).date(), {*own["published_flags"]}
    if earliest := own["published_earliest"]:
        most = timedelta(days=CREATED_AFTER.get(own["published_source"], 366))
        if not earliest - timedelta(days=1) <= day <= (own["published_latest"] or earliest) + most:
            return own | {"published_flags": sorted({*flags, str(Flag.CONTRADICTED)})}
    told = (
        day,
        day,
        "day",
        "api",
        created.isoformat(),
        sorted(flags - {Flag.INFERRED, Flag.WEEKDAY}),
    )
    return dict(zip(DATE, told, strict=True))


def _date_articles(articles: Sequence[_Article]) -> Iterator[tuple[_Article, Row]]:
    """Each article with what its document should say."""
    crowds = Counter(
        (article.own["published_source"], article.own["published_earliest"]) for article in articles
    )
    crowded = {key for key, count in crowds.items() if count > CROWD}
    posts = [_make_post(article, crowded) for article in articles]
    for article, place in zip(articles, place_posts(posts), strict=True):
        yield article, _date_article(article, place)


def _make_post(article: _Article, crowded: Iterable[tuple[str, Day]]) -> Post:
    """An article as the numbers see it, its own day widened by what its source is late or early."""
    own, source = article.own, article.own["published_source"]
    if own["published_earliest"] is None or article.is_future:
        return Post(article.number, article.seen)
    before, after, weight = SOURCES.get(source, (0, 0, 0))
    latest = own["published_latest"] or own["published_earliest"]
    span = Span(own["published_earliest"] - timedelta(days=before), latest + timedelta(days=after))
    doubtful = (
        Flag.WEEKDAY in own["published_flags"] or (source, own["published_earliest"]) in crowded
    )
    return Post(article.number, article.seen, span, min(weight, 1) if doubtful else weight)


def _date_article(article: _Article, place: Place | None) -> Row:
    """Its own day with its flags, or, where it has none or the numbers refute it, what they
    leave."""
    own, flag = article.own, place.flag if place else None
    guessed = Flag.WEEKDAY in own["published_flags"]
    late = flag == POSTDATED and own["published_source"] in WEAK
    told = (Flag.FUTURE if article.is_future else None, None if guessed else flag)
    flags = {
        "published_flags": sorted({*own["published_flags"], *(str(name) for name in told if name)})
    }
    if own["published_earliest"] and not (article.is_future or late or (guessed and flag)):
        return own | flags
    if place is None or place.after is None:
        return dict.fromkeys(DATE) | flags
    return _write_interval(article, place.after, place.before) | flags


def _write_interval(article: _Article, after: Bound, before: Bound) -> Row:
    between = f"between {after.number} and {before.number}"
    return {
        "published_earliest": after.day,
        "published_latest": before.day,
        "published_precision": "interval",
        "published_source": NEIGHBOURS,
        "published_evidence": f"after {after.number}"
        if before.number == article.number
        else between,
    }
