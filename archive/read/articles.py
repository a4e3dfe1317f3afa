"""Questions to an archive besides search: one article with all that is known of it, its captures,
counts, runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    case,
    func,
    literal,
    or_,
    select,
)

from archive.addresses import join_links, locate_page
from archive.database.engine import ArchiveError
from archive.database.models import (
    Capture,
    Cluster,
    Document,
    Link,
    Page,
    Problem,
    Reading,
    Site,
    SiteHost,
    Text_,
    ViewCount,
    Withheld,
)
from archive.derive import dates as dating
from archive.derive.doubts import FLAGS, PASSING, find_reuses
from archive.derive.pairs import Kind
from archive.names import PagePlace, find_page, name_page
from archive.read.files import add_held, number_files
from archive.read.revisions import Shown
from archive.records import GROUPS
from archive.watch.removals import find_removals
from archive.withheld import is_shown

DERIVED = (*dating.DATE, "category")
"""What is shown as derived, whatever the page itself prints."""
Row = dict[str, Any]
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it stands now; times are in the office's zone."""

    page: str
    citation: str
    """`33.72/123`: how to cite it, whatever host the office moves to."""
    office: str
    url: str
    """On the office's present host."""
    title: str | None
    category: str | None
    section: str | None
    byline: Row
    """By the columns' names, as dateline and event are: `byline` as printed, `writers` ..."""
    dateline: Row
    event: Row
    published: Row
    """By the names of its parts: `earliest`, `latest` ..."""
    views: tuple[Row, ...]
    """The counter's series: `at`, `count`, `source`, `own_visits`."""
    first_seen: datetime
    last_seen: datetime
    captures: int
    revisions: int
    removal: Row | None
    """Where it is not where it used to be, or was not: as `archive.watch.removals.Removal`."""
    copies: tuple[Row, ...]
    """Other pages with the same text: `page`, `office`, `published`, `similarity`."""
    links: tuple[Row, ...]
    """`kind`, `url`, `text`, `uploaded`; of files also `file`, their number, and what is held of
    them: `held`, `digest`, `size`, `media_type`, `text_state`."""
    doubts: tuple[str, ...]
    """As in `archive.derive.doubts`."""
    problems: tuple[Row, ...]
    """Of the reading shown, of its capture, and doubts that other captures raise: `field`, `seen`,
    `why`."""
    template: str
    reader_version: str
    body: str
    shown: Row | None = None
    """Which of its captures this is, where it is not the newest: `revision`, `capture`,
    `captured`. Then text, fields, counts and links are those of that moment."""


def show_article(connection: Connection, name: str) -> Article:
    """The article called `SITE/N`; ArchiveError when there is no such page or it was never read as
    an article."""
    place = find_page(connection, name)
    query = _select_article(Document.reading_id).add_columns(
        *(getattr(Document, name) for name in DERIVED)
    )
    row = connection.execute(query.where(Document.page_id == place.page_id)).mappings().first()
    if row is None:
        raise ArchiveError(
            f"{place.name} was seen but never read as an article: see kpu-archive history "
            f"{place.name}, and"
            f" kpu-archive rescue {place.name} for what a listing showed of it"
        )
    return _make_article(connection, place, row)


def show_capture(connection: Connection, place: PagePlace, shown: Shown) -> Article:
    """An article as one of its captures shows it.

    What the capture does not print, day or category, is told as it is known today.
    """
    printed = {
        name: func.coalesce(getattr(Reading, name), getattr(Document, name)).label(name)
        for name in DERIVED
    }
    is_dated = Reading.published_earliest.is_not(None)
    printed |= {
        name: case((is_dated, getattr(Reading, name)), else_=getattr(Document, name)).label(name)
        for name in dating.DATE
    }
    query = _select_article(literal(shown.reading_id)).add_columns(*printed.values())
    row = connection.execute(query.where(Document.page_id == place.page_id)).mappings().one()
    at = shown.fetched_at
    told: Row = {"revision": shown.revision or None, "capture": shown.capture_id}
    told["captured"] = at.astimezone(ZoneInfo(place.timezone))
    article = _make_article(connection, place, row, at)
    is_same_text = row["text_id"] == row["present_text_id"]
    return replace(article, shown=told, removal=None, copies=article.copies if is_same_text else ())


def _select_article(reading_id: Any) -> Any:
    """An article as a reading has it, without what is derived of date and category."""
    return (
        select(*(column for column in Reading.__table__.columns if column.name not in DERIVED))
        .add_columns(Document.first_seen, Document.last_seen, Document.captures, Document.doubts)
        .add_columns(Document.revisions, Document.text_id.label("present_text_id"))
        .add_columns(Text_.title, Text_.body, Page.url, Page.route)
        .join_from(Document, Reading, Reading.id == reading_id)
        .join(Text_, Text_.id == Reading.text_id)
        .join(Page, Document.page_id == Page.id)
    )


def _make_article(
    connection: Connection, place: PagePlace, row: RowMapping, at: datetime | None = None
) -> Article:
    """An article as it stands, or with the counts and links that it had at a moment."""
    zone = ZoneInfo(place.timezone)
    same = (
        "title",
        "category",
        "section",
        "captures",
        "revisions",
        "template",
        "reader_version",
        "body",
    )
    return Article(
        page=place.name,
        citation=place.citation,
        office=place.office,
        url=locate_page(row["url"], row["route"], place.host),
        **{name: row[name] for name in same},
        byline=_take_parts(row, "byline"),
        dateline=_take_parts(row, "dateline"),
        event=_take_parts(row, "event"),
        published=_format_published(row, zone),
        first_seen=row["first_seen"].astimezone(zone),
        last_seen=row["last_seen"].astimezone(zone),
        views=tuple(_list_views(connection, place.page_id, zone, at)),
        removal=_find_removal(connection, place, zone),
        copies=tuple(find_copies(connection, place.page_id)),
        links=tuple(list_links(connection, place, zone, at)),
        doubts=tuple(row["doubts"]),
        problems=tuple(_list_problems(connection, place.page_id, row)),
    )


def _take_parts(row: RowMapping, group: str) -> Row:
    return {column: row[column] for column in GROUPS[group].values()}


def _find_removal(connection: Connection, place: PagePlace, zone: ZoneInfo) -> Row | None:
    removal = find_removals(connection, place.site_id, zone, place.page_id).get(place.page_id)
    return asdict(removal) if removal else None


def _format_published(row: RowMapping, zone: ZoneInfo) -> Row:
    """The article's own day with its time, or the days that its neighbours leave."""
    published = {name: _localise(row[column], zone) for name, column in GROUPS["published"].items()}
    return published | (
        {"instant": None} if published["source"] in (None, dating.NEIGHBOURS, "api") else {}
    )


def _localise(value: Any, zone: ZoneInfo) -> Any:
    return value.astimezone(zone) if isinstance(value, datetime) else value


def _fetch_rows(connection: Connection, query: Query, zone: ZoneInfo) -> Iterator[Row]:
    for row in connection.execute(query).mappings():
        yield {name: _localise(value, zone) for name, value in row.items()}


def _list_views(
    connection: Connection, page_id: int, zone: ZoneInfo, at: datetime | None
) -> Iterator[Row]:
    """The counts of the article shown, without those of another under its number before."""
    since = find_reuses(connection, [page_id]).get(page_id)
    query = _select_views(page_id)
    if at is not None:
        query = query.where(ViewCount.counted_at <= at)
        since = since if since is not None and since <= at else None
    query = query if since is None else query.where(ViewCount.counted_at >= since)
    return _fetch_rows(connection, query, zone)


def _select_views(page_id: int) -> Query:
    columns = (
        ViewCount.counted_at.label("at"),
        ViewCount.count.label("count"),
        ViewCount.source,
        ViewCount.own_visits,
    )
    return (
        select(*columns)
        .where(ViewCount.page_id == page_id)
        .order_by(ViewCount.counted_at, ViewCount.id)
    )


def _select_links(page_id: int) -> Query:
    """The links of a page, without those to what is withheld, whose words are its title."""
    withheld = select(Page.id).join(Withheld, Withheld.page_id == Page.id)
    withheld = withheld.where(Page.url == Link.url).correlate(Link)
    query = select(Link.kind, Link.url, Link.text, Link.uploaded).where(Link.page_id == page_id)
    query = query.where(~withheld.exists())
    return query.order_by(Link.kind, Link.position, Link.id)


def list_links(
    connection: Connection, place: PagePlace, zone: ZoneInfo, at: datetime | None = None
) -> list[Row]:
    """The links of a page, those to its office as the office's host is now, with the files held."""
    hosts = select(SiteHost.host).where(SiteHost.site_id == place.site_id)
    query = _select_links(place.page_id)
    if at is not None:
        query = query.where(Link.first_seen <= at, Link.last_seen >= at)
    rows = add_held(connection, _fetch_rows(connection, query, zone))
    joined = join_links(rows, frozenset(connection.scalars(hosts)), place.host)
    return list(number_files(joined))


def _list_problems(connection: Connection, page_id: int, row: RowMapping) -> Iterator[Row]:
    """The problems of the reading shown, then those of its capture, then what other captures are
    doubted for, each once: of a doubt that passes the last, unless it was told."""
    columns = select(Problem.field, Problem.seen, Problem.why)
    of_capture = (Problem.capture_id == row["capture_id"]) & Problem.reading_id.is_(None)
    shown = columns.where(or_(Problem.reading_id == row["id"], of_capture)).order_by(Problem.id)
    doubted = [field for field, flag in FLAGS.items() if flag in row["doubts"]]
    others = columns.join(Capture, Capture.id == Problem.capture_id)
    others = others.where(Capture.page_id == page_id, Problem.field.in_(doubted))
    others = others.order_by(Capture.fetched_at.desc(), Problem.id)
    told = {tuple(one): one for one in connection.execute(shown)}
    for one in connection.execute(others):
        if one.field not in PASSING or one.field not in {before.field for before in told.values()}:
            told.setdefault(tuple(one), one)
    yield from (dict(one._mapping) for one in told.values())


def find_copies(connection: Connection, page_id: int) -> Iterator[Row]:
    """The other pages of a page's cluster of copies, without those withheld, the earliest published
    first."""
    own = select(Cluster.cluster_id).where(Cluster.page_id == page_id)
    cluster = own.where(Cluster.kind == Kind.COPY.value).scalar_subquery()
    query = (
        select(
            Site.label,
            Site.name,
            Page.route,
            Page.key,
            Document.published_earliest,
            Cluster.similarity,
        )
        .join_from(Cluster, Page, Cluster.page_id == Page.id)
        .join(Site, Page.site_id == Site.id)
        .join(Document, Document.page_id == Page.id)
        .where(Cluster.cluster_id == cluster, Cluster.page_id != page_id)
        .where(Cluster.kind == Kind.COPY.value, is_shown(Cluster.page_id))
        .order_by(Document.published_earliest.asc().nulls_last(), Page.id)
    )
    for label, office, route, key, published, similarity in connection.execute(query):
        page = name_page(label, route, key)
        yield {"page": page, "office": office, "published": published, "similarity": similarity}
