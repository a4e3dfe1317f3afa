"""Finding articles by words, on SQLite and on PostgreSQL: the same set of matches and the same
counts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Subquery,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    true,
)

from archive.addresses import locate_page
from archive.database.engine import ArchiveError
from archive.database.models import Document, Page, Reading, Removal, Setting, Site, Text_
from archive.database.sql import PAGES, Row, cut_chunks, read_by_page
from archive.names import find_office, find_province, name_page
from archive.search.facets import (
    category_facet,
    date_facets,
    flag_facet,
    office_facet,
    period_facets,
    province_facet,
)
from archive.search.index import Entry, find_index
from archive.search.passages import Passage, cut_passage
from archive.search.terms import Phrase, Terms, parse_query
from archive.search.tokens import TOKENISER_VERSION, tokenise
from archive.watch.removals import Grade

Ts = TypeVarTuple("Ts")
Names = str | Collection[str]
HITS_AT_ONCE = 500
VERSION_SETTING = "tokeniser"


@dataclass(frozen=True, slots=True)
class Period:
    """Days to compare with an article's earliest and latest day of publication; `None` is open."""

    since: date | None = None
    until: date | None = None
    undated: bool = False
    """Keep what has no date."""

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None

    def holds(self) -> ColumnElement[bool]:
        """The SQL condition: some day of the article's span lies within, or it has no date and
        those are kept."""
        if not self:
            return true()
        latest = func.coalesce(Document.published_latest, Document.published_earliest)
        inside = and_(
            true() if self.since is None else latest >= self.since,
            true() if self.until is None else Document.published_earliest <= self.until,
        )
        dated = and_(Document.published_earliest.is_not(None), inside)
        return or_(dated, Document.published_earliest.is_(None)) if self.undated else dated

    def crosses(self, earliest: date | None, latest: date | None) -> bool:
        """Whether some day of an article's span lies outside."""
        if earliest is None:
            return False
        before = self.since is not None and earliest < self.since
        return before or (self.until is not None and (latest or earliest) > self.until)


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found."""

    page_id: int
    page: str
    """`kota-surakarta/123`."""
    citation: str
    """`33.72/123`."""
    site: str
    office: str
    url: str
    title: str
    published_earliest: date | None
    published_latest: date | None
    crosses: bool
    """It may have been published outside the period asked for."""
    published_source: str | None
    published_flags: tuple[str, ...]
    """As in `archive.derive.flags`."""
    doubts: tuple[str, ...]
    """As in `archive.derive.doubts`."""
    category: str | None
    section: str | None
    writers: tuple[str, ...]
    views: int | None
    passage: Passage
    removed: str | None
    """The grade of its removal, `archive.watch.removals.Grade`; `None` where it still is."""
    removed_since: datetime | None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for. Of several offices, provinces, categories, names or flags one is
    enough."""

    query: str = ""
    sites: Collection[str] = ()
    """Labels, codes or hosts."""
    provinces: Collection[str] = ()
    """Codes or names."""
    categories: Collection[str] = ()
    people: Collection[str] = ()
    flags: Collection[str] = ()
    period: Period = Period()
    limit: int | None = None
    """At most so many hits; `None` for all."""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The hits, read while they are taken, and how many there are."""

    hits: Iterator[Hit]
    total: int
    undated_left_out: int
    """Matches without a date that a period left out."""


@dataclass(frozen=True, slots=True)
class Results:
    """As `Found`, with the hits at hand."""

    hits: tuple[Hit, ...]
    total: int
    undated_left_out: int


ENTRIES = (
    select(
        Document.page_id,
        Document.published_earliest,
        Document.published_latest,
        Text_.title,
        Text_.body,
    )
    .add_columns(
        Reading.writers, Reading.editor, Reading.photographer, Document.category, Reading.section
    )
    .add_columns(Site.code, Site.province_code, Document.published_flags, Document.doubts)
    .join_from(Document, Reading, Document.reading_id == Reading.id)
    .join(Text_, Document.text_id == Text_.id)
    .join(Site, Document.site_id == Site.id)
    .where(Document.page_id.in_(bindparam("pages", expanding=True)))
)


HITS = (
    select(Document.page_id, Document.published_earliest, Document.published_latest, Document.views)
    .add_columns(Page.route, Page.key, Page.url, Text_.title, Text_.body)
    .add_columns(Site.label, Site.name, Site.code, Site.host)
    .add_columns(Document.category, Reading.section, Reading.writers)
    .add_columns(Document.published_source, Document.published_flags, Document.doubts)
    .add_columns(Removal.grade, Removal.since)
    .join_from(Document, Page, Document.page_id == Page.id)
    .join(Site, Document.site_id == Site.id)
    .join(Text_, Document.text_id == Text_.id)
    .join(Reading, Document.reading_id == Reading.id)
    .outerjoin(
        Removal, (Removal.page_id == Document.page_id) & (Removal.grade != Grade.RETURNED.value)
    )
    .where(Document.page_id.in_(PAGES))
)


def read_entries(connection: Connection, page_ids: Collection[int]) -> dict[int, Entry]:
    """What the index should hold of these pages, by page: those that are articles."""
    found = connection.execute(ENTRIES, {"pages": list(page_ids)})
    return {row.page_id: _make_entry(row._mapping) for row in found}


def _make_entry(row: RowMapping) -> Entry:
    people = [*row["writers"], row["editor"], row["photographer"]]
    facets = [office_facet(row["code"]), province_facet(row["province_code"])]
    facets += date_facets(row["published_earliest"], row["published_latest"])
    facets += map(flag_facet, (*row["published_flags"], *row["doubts"]))
    facets += sorted(
        {category_facet(title) for title in (row["category"], row["section"]) if title}
    )
    names = "\n".join(name for name in people if name)
    return Entry(row["page_id"], row["title"] or "", row["body"], names, " ".join(facets))


def replace_entries(
    connection: Connection, before: Mapping[int, Entry], after: Mapping[int, Entry]
) -> None:
    """Bring the index from the one state of some pages to the other, touching only what differs.

    `before` must be what the index holds of them: SQLite's can only be undone token by token.
    """
    if _check_version(connection) is None:
        connection.execute(insert(Setting).values(name=VERSION_SETTING, value=TOKENISER_VERSION))
    index = find_index(connection)
    index.remove(
        connection, [entry for page_id, entry in before.items() if after.get(page_id) != entry]
    )
    index.add(
        connection, [entry for page_id, entry in after.items() if before.get(page_id) != entry]
    )


def clear(connection: Connection) -> None:
    """Empty the index, before a rebuild; it then belongs to no version of the tokeniser."""
    find_index(connection).clear(connection)
    connection.execute(delete(Setting).where(Setting.name == VERSION_SETTING))


def _check_version(connection: Connection) -> str | None:
    """The version of the tokeniser that made the index, `None` when it is empty; ArchiveError when
    it is not ours."""
    version = connection.scalar(select(Setting.value).where(Setting.name == VERSION_SETTING))
    if version not in (None, TOKENISER_VERSION):
        raise ArchiveError(
            "the search index was made by another version of this program: run kpu-archive rebuild"
        )
    return version


def search(
    connection: Connection,
    query: str = "",
    *,
    site: Names = (),
    province: Names = (),
    since: date | None = None,
    until: date | None = None,
    category: Names = (),
    by: Names = (),
    flag: Names = (),
    undated: bool = False,
    limit: int | None = 20,
    offset: int = 0,
) -> Results:
    """The articles that match, as `find_articles` has them."""
    question = Question(
        query,
        sites=_list_names(site),
        provinces=_list_names(province),
        categories=_list_names(category),
        people=_list_names(by),
        flags=_list_names(flag),
        period=Period(since, until, undated),
        limit=limit,
        offset=offset,
    )
    found = find_articles(connection, question)
    return Results(tuple(found.hits), found.total, found.undated_left_out)


def _list_names(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names or ())


def find_articles(connection: Connection, question: Question) -> Found:
    """The articles that match, best first, or newest first when the query holds no wanted word.

    ArchiveError names the nearest office or province when one is unknown.
    """
    _check_version(connection)
    period = question.period
    people = tuple(name for words in question.people if (name := tuple(tokenise(words))))
    facets = tuple(_list_facets(connection, question))
    terms = Terms(*parse_query(question.query), people, facets)
    matches = _select_matches(connection, terms, period)
    total, without_date = _count(connection, matches, period)
    page_ids = _find_page_ids(connection, matches, question, ranked=bool(terms.wanted))
    hits = _read_hits(connection, page_ids, period, terms.wanted)
    return Found(hits, total, 0 if period.undated else without_date)


def _list_facets(connection: Connection, question: Question) -> Iterator[tuple[str, ...]]:
    """Groups of facets; an article has at least one of each."""
    sites = [find_office(connection, name) for name in question.sites]
    provinces = [find_province(connection, name) for name in question.provinces]
    groups = (
        map(office_facet, sites),
        map(province_facet, provinces),
        map(category_facet, question.categories),
        map(flag_facet, question.flags),
    )
    yield from filter(None, (tuple(dict.fromkeys(group)) for group in groups))


def _select_matches(connection: Connection, terms: Terms, period: Period) -> Subquery | None:
    """The articles that the index finds, `None` for all; a superset where a period is to be
    compared by date."""
    if terms == Terms():
        return None
    if months := period_facets(period.since, period.until):
        terms = replace(terms, facets=(*terms.facets, months))
    return find_index(connection).match(terms).subquery("matches")


def _count(connection: Connection, matches: Subquery | None, period: Period) -> tuple[int, int]:
    """How many articles match, and how many more would, had they a date."""
    if not period:
        source = Document.__table__ if matches is None else matches
        return connection.scalar(select(func.count()).select_from(source)) or 0, 0
    dated, undated = period.holds(), Document.published_earliest.is_(None)
    query = select(func.count().filter(dated), func.count().filter(undated))
    total, without_date = connection.execute(_join_documents(query, matches)).one()
    return total, without_date


def _find_page_ids(
    connection: Connection, matches: Subquery | None, question: Question, *, ranked: bool
) -> list[int]:
    newest = (Document.published_earliest.desc().nulls_last(), Document.page_id.desc())
    order = (matches.c.rank, Document.page_id.desc()) if matches is not None and ranked else newest
    query = _join_documents(select(Document.page_id), matches).where(question.period.holds())
    query = query.order_by(*order).limit(question.limit).offset(question.offset)
    return list(connection.scalars(query))


def _join_documents(query: Select[*Ts], matches: Subquery | None) -> Select[*Ts]:
    if matches is None:
        return query.select_from(Document)
    return query.select_from(matches.join(Document, Document.page_id == matches.c.page_id))


def _read_hits(
    connection: Connection, page_ids: Sequence[int], period: Period, phrases: Sequence[Phrase]
) -> Iterator[Hit]:
    """The articles of these pages, in this order, so many at a time that their texts fit the
    memory."""
    for chunk in cut_chunks(page_ids, HITS_AT_ONCE):
        rows = read_by_page(connection, HITS, chunk)
        yield from (_make_hit(rows[page_id], period, phrases) for page_id in chunk)


def _make_hit(row: Row, period: Period, phrases: Sequence[Phrase]) -> Hit:
    return Hit(
        page_id=row["page_id"],
        page=name_page(row["label"], row["route"], row["key"]),
        citation=name_page(row["code"], row["route"], row["key"]),
        site=row["label"],
        office=row["name"],
        url=locate_page(row["url"], row["route"], row["host"]),
        title=row["title"] or "",
        published_earliest=row["published_earliest"],
        published_latest=row["published_latest"],
        crosses=period.crosses(row["published_earliest"], row["published_latest"]),
        published_source=row["published_source"],
        published_flags=tuple(row["published_flags"]),
        doubts=tuple(row["doubts"]),
        category=row["category"],
        section=row["section"],
        writers=tuple(row["writers"]),
        views=row["views"],
        passage=cut_passage(row["body"], phrases),
        removed=row["grade"],
        removed_since=row["since"],
    )
