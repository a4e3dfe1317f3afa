"""Questions to an archive besides search: one article with all that is known of it, its captures, counts, runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, Select, and_, func, or_, select

from archive import dating, snapshots
from archive.db import ArchiveError
from archive.models import (
    Base,
    Blob,
    Capture,
    Cluster,
    Document,
    Link,
    Page,
    Problem,
    Reading,
    Run,
    Site,
    Text_,
    ViewCount,
)
from archive.places import PagePlace, find_page, name_page
from archive.removals import find_removals

Row = dict[str, Any]
Query = Select[*tuple[Any, ...]]

BYLINE = ("byline", "writers", "role", "editor", "photographer", "byline_unit")
DATELINE = ("dateline", "place", "dateline_unit", "dateline_date", "dateline_date_end", "dateline_flags")
EVENT = ("event", "event_date", "event_date_end", "event_flags")
PUBLISHED = ("earliest", "latest", "instant", "precision", "source", "evidence", "flags")
GOOD = (Capture.status == 200, Capture.blob_id.is_not(None))
"""Conditions of a capture whose bytes are the page."""

FAILED = or_(Capture.error.is_not(None), and_(Capture.status >= 400, Capture.status.not_in((404, 410))))
"""That a page is not there, or no longer, is an answer."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it stands now; times are in the office's zone."""

    page: str
    office: str
    url: str
    title: str | None
    category: str | None
    section: str | None
    byline: Row
    """As printed, and its parts by the names of `BYLINE`."""
    dateline: Row
    event: Row
    published: Row
    """By the names of `PUBLISHED`."""
    views: tuple[Row, ...]
    """The counter's series: `at`, `count`, `source`, `own_visits`."""
    first_seen: datetime
    last_seen: datetime
    captures: int
    revisions: int
    removal: Row | None
    """Where it is not where it used to be, or was not: as `archive.removals.Removal`."""
    copies: tuple[Row, ...]
    """Other pages with the same text: `page`, `office`, `published`, `similarity`."""
    links: tuple[Row, ...]
    """`kind`, `url`, `text`, `uploaded`."""
    problems: tuple[Row, ...]
    """Of the reading shown: `field`, `seen`, `why`."""
    template: str
    reader_version: str
    body: str


def show_article(connection: Connection, name: str) -> Article:
    """The article called `SITE/N`; ArchiveError when there is no such page or it was never read as an article."""
    place = find_page(connection, name)
    query = (
        select(*(column for column in Reading.__table__.columns if column.name not in dating.DATE))
        .add_columns(
            *(getattr(Document, name) for name in dating.DATE),
            Document.first_seen,
            Document.last_seen,
            Document.captures,
        )
        .add_columns(Document.revisions, Text_.title, Text_.body, Page.url)
        .join_from(Document, Reading, Document.reading_id == Reading.id)
        .join(Text_, Document.text_id == Text_.id)
        .join(Page, Document.page_id == Page.id)
        .where(Document.page_id == place.page_id)
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        raise ArchiveError(
            f"{place.name} was seen but never read as an article: see kpu-archive history {place.name}, and"
            f" kpu-archive rescue {place.name} for what a listing showed of it"
        )
    return _make_article(connection, place, row)


def _make_article(connection: Connection, place: PagePlace, row: RowMapping) -> Article:
    zone = ZoneInfo(place.timezone)
    same = ("url", "title", "category", "section", "captures", "revisions", "template", "reader_version", "body")
    return Article(
        page=place.name,
        office=place.office,
        **{name: row[name] for name in same},
        byline={name: row[name] for name in BYLINE},
        dateline={name: row[name] for name in DATELINE},
        event={name: row[name] for name in EVENT},
        published=_tell_published(row, zone),
        first_seen=row["first_seen"].astimezone(zone),
        last_seen=row["last_seen"].astimezone(zone),
        views=tuple(_fetch_rows(connection, _select_views(place.page_id), zone)),
        removal=_find_removal(connection, place, zone),
        copies=tuple(find_copies(connection, place.page_id)),
        links=tuple(_fetch_rows(connection, _select_links(place.page_id), zone)),
        problems=tuple(_fetch_rows(connection, _select_problems(row["id"]), zone)),
    )


def _find_removal(connection: Connection, place: PagePlace, zone: ZoneInfo) -> Row | None:
    removal = find_removals(connection, place.site_id, zone, place.page_id).get(place.page_id)
    return asdict(removal) if removal else None


def _tell_published(row: RowMapping, zone: ZoneInfo) -> Row:
    """The article's own day with its time, or the days that its neighbours leave."""
    published = {name: _localise(row[f"published_{name}"], zone) for name in PUBLISHED}
    return published | ({"instant": None} if published["source"] in (None, dating.NEIGHBOURS, "api") else {})


def _localise(value: Any, zone: ZoneInfo) -> Any:
    return value.astimezone(zone) if isinstance(value, datetime) else value


def _fetch_rows(connection: Connection, query: Query, zone: ZoneInfo) -> Iterator[Row]:
    for row in connection.execute(query).mappings():
        yield {name: _localise(value, zone) for name, value in row.items()}


def _select_views(page_id: int) -> Query:
    columns = (ViewCount.counted_at.label("at"), ViewCount.count.label("count"), ViewCount.source, ViewCount.own_visits)
    return select(*columns).where(ViewCount.page_id == page_id).order_by(ViewCount.counted_at, ViewCount.id)


def _select_links(page_id: int) -> Query:
    query = select(Link.kind, Link.url, Link.text, Link.uploaded).where(Link.page_id == page_id)
    return query.order_by(Link.kind, Link.position, Link.id)


def _select_problems(reading_id: int) -> Query:
    query = select(Problem.field, Problem.seen, Problem.why)
    return query.where(Problem.reading_id == reading_id).order_by(Problem.id)


def find_copies(connection: Connection, page_id: int) -> Iterator[Row]:
    """The other pages of a page's cluster, the earliest published first."""
    cluster = select(Cluster.cluster_id).where(Cluster.page_id == page_id).scalar_subquery()
    query = (
        select(Site.label, Site.name, Page.route, Page.key, Document.published_earliest, Cluster.similarity)
        .join_from(Cluster, Page, Cluster.page_id == Page.id)
        .join(Site, Page.site_id == Site.id)
        .join(Document, Document.page_id == Page.id)
        .where(Cluster.cluster_id == cluster, Cluster.page_id != page_id)
        .order_by(Document.published_earliest.asc().nulls_last(), Page.id)
    )
    for label, office, route, key, published, similarity in connection.execute(query):
        page = name_page(label, route, key)
        yield {"page": page, "office": office, "published": published, "similarity": similarity}


def list_captures(connection: Connection, name: str) -> Iterator[Row]:
    """The captures of a page in time order, each with the number of the revision it showed."""
    place = find_page(connection, name)
    zone = ZoneInfo(place.timezone)
    revision, text_before = 0, None
    for row in _fetch_rows(connection, _select_captures(place.page_id), zone):
        text_id = row.pop("text_id")
        if text_id is not None and text_id != text_before:
            revision, text_before = revision + 1, text_id
        yield row | {"revision": None if text_id is None else revision}


def _select_captures(page_id: int) -> Query:
    """A page's captures, each with the newest reading of it; its text only where that calls it an article."""
    newest = select(func.max(Reading.id)).where(Reading.capture_id == Capture.id).correlate(Capture).scalar_subquery()
    is_article = (Reading.id == newest) & (Reading.kind == "article")
    return (
        select(Capture.id.label("capture"), Capture.fetched_at, Capture.status, Capture.error, Blob.size)
        .add_columns(Blob.stored_size, Reading.text_id, Reading.views, Capture.source, Capture.url)
        .outerjoin(Blob, Capture.blob_id == Blob.id)
        .outerjoin(Reading, (Reading.capture_id == Capture.id) & is_article)
        .where(Capture.page_id == page_id)
        .order_by(Capture.fetched_at, Capture.id)
    )


def load_snapshot(connection: Connection, name: str, *, at: date | None = None, capture: int | None = None) -> bytes:
    """The bytes of a page as they came: of one capture, or of the last good one, then or until the end of a day.

    A capture that was read as an article goes before any other with status 200.
    """
    place = find_page(connection, name)
    query = select(Capture.blob_id).where(Capture.page_id == place.page_id, Capture.blob_id.is_not(None))
    if capture is not None:
        query = query.where(Capture.id == capture)
    else:
        query = query.where(*GOOD).order_by(_is_article().desc(), Capture.fetched_at.desc(), Capture.id.desc())
    if at is not None:
        midnight = datetime.combine(at + timedelta(days=1), time(), ZoneInfo(place.timezone))
        query = query.where(Capture.fetched_at < midnight)
    blob_id = connection.scalar(query.limit(1))
    if blob_id is None:
        raise ArchiveError(f"no such snapshot of {place.name}: see kpu-archive history {place.name}")
    return snapshots.load(connection, blob_id)


def _is_article() -> Any:
    readings = select(Reading.id).where(Reading.capture_id == Capture.id, Reading.kind == "article")
    return readings.correlate(Capture).exists()


def count_archive(connection: Connection) -> Row:
    """What an archive holds. `copies` are articles whose text an earlier page has too; bytes fetched are those kept
    whole, before compression, once for every capture of them."""
    fetched = select(func.coalesce(func.sum(Blob.size), 0)).join_from(Capture, Blob, Capture.blob_id == Blob.id)
    kept = select(func.coalesce(func.sum(Blob.stored_size), 0))
    return {
        "offices": connection.scalar(select(func.count(func.distinct(Document.site_id)))),
        "pages": _count(connection, Page),
        "articles": _count(connection, Document),
        "revisions": connection.scalar(select(func.coalesce(func.sum(Document.revisions), 0))),
        "copies": _count(connection, Cluster, Cluster.page_id != Cluster.cluster_id),
        "captures": _count(connection, Capture),
        "failed_fetches": _count(connection, Capture, FAILED),
        "snapshots": _count(connection, Blob),
        "bytes_fetched": int(connection.scalar(fetched) or 0),
        "bytes_kept": int(connection.scalar(kept) or 0),
        "runs": _count(connection, Run),
        "problems": _count(connection, Problem),
    }


def _count(connection: Connection, model: type[Base], *conditions: Any) -> int:
    return connection.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def list_runs(connection: Connection, limit: int, *, site: str | None = None, failed: bool = False) -> Iterator[Row]:
    """The runs, the newest first: those that asked an office (its code), those that did not end with code 0."""
    columns = (Run.id.label("run"), Run.spider, Run.arguments, Run.started_at, Run.ended_at, Run.exit_code)
    query = select(*columns, Run.outcome, Run.counts).order_by(Run.id.desc()).limit(limit)
    if site is not None:
        asked = select(Capture.id).join(Site, Site.id == Capture.site_id)
        query = query.where(asked.where(Site.code == site, Capture.run_id == Run.id).correlate(Run).exists())
    if failed:
        query = query.where(or_(Run.exit_code.is_(None), Run.exit_code != 0))
    yield from (dict(row) for row in connection.execute(query).mappings())
