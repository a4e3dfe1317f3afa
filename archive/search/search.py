"""Finding articles by words, on SQLite and on PostgreSQL: the same set of matches and the same
counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
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
from archive.database.models import Document, Page, Reading, Setting, Site, Text_
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

Ts = TypeVarTuple("Ts")
VERSION_SETTING = "tokeniser"


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
    """As in `archive.derive.flags`, those of its day ..."""
    doubts: tuple[str, ...]
    """... and those of `archive.derive.doubts`."""
    category: str | None
    section: str | None
    writers: tuple[str, ...]
    views: int | None
    passage: Passage


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits, and how many there are."""

    hits: tuple[Hit, ...]
    total: int
    undated_left_out: int
    """Matches without a date that a period left out."""


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


ENTRIES = (
    select(
        Document.page_id,
        Document.published_earliest,
        Document.published_latest,
        Text_.title,
        Text_.body,
    )
    .add_columns(
        Reading.writers, Reading.editor, Reading.photographer, Reading.category, Reading.section
    )
    .add_columns(Site.code, Site.province_code, Document.published_flags, Document.doubts)
    .join_from(Document, Reading, Document.reading_id == Reading.id)
    .join(Text_, Document.text_id == Text_.id)
    .join(Site, Document.site_id == Site.id)
    .where(Document.page_id.in_(bindparam("pages", expanding=True)))
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
    site: str | None = None,
    province: str | None = None,
    since: date | None = None,
    until: date | None = None,
    category: str | None = None,
    by: str | None = None,
    flag: str | None = None,
    undated: bool = False,
    limit: int = 20,
    offset: int = 0,
) -> Results:
    """The articles that match, best first, or newest first when the query holds no wanted word.

    `site` is a label, code or host, `province` a code or name; ArchiveError names the nearest when
    unknown.
    """
    _check_version(connection)
    period = Period(since, until, undated)
    facets = [
        *([(office_facet(find_office(connection, site)),)] if site else []),
        *([(province_facet(find_province(connection, province)),)] if province else []),
        *([(category_facet(category),)] if category else []),
        *([(flag_facet(flag),)] if flag else []),
    ]
    terms = Terms(*parse_query(query), tuple(tokenise(by or "")), tuple(facets))
    matches = _select_matches(connection, terms, period)
    total, without_date = _count(connection, matches, period)
    page_ids = _find_page_ids(
        connection, matches, period, ranked=bool(terms.wanted), limit=limit, offset=offset
    )
    hits = _read_hits(connection, page_ids, period, terms.wanted)
    return Results(hits, total, 0 if undated else without_date)


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
    connection: Connection,
    matches: Subquery | None,
    period: Period,
    *,
    ranked: bool,
    limit: int,
    offset: int,
) -> list[int]:
    newest = (Document.published_earliest.desc().nulls_last(), Document.page_id.desc())
    order = (matches.c.rank, Document.page_id.desc()) if matches is not None and ranked else newest
    query = _join_documents(select(Document.page_id), matches).where(period.holds())
    return list(connection.scalars(query.order_by(*order).limit(limit).offset(offset)))


def _join_documents(query: Select[*Ts], matches: Subquery | None) -> Select[*Ts]:
    if matches is None:
        return query.select_from(Document)
    return query.select_from(matches.join(Document, Document.page_id == matches.c.page_id))


def _read_hits(
    connection: Connection, page_ids: Sequence[int], period: Period, phrases: Sequence[Phrase]
) -> tuple[Hit, ...]:
    """The articles of these pages, in this order."""
    query = (
        select(
            Document.page_id, Document.published_earliest, Document.published_latest, Document.views
        )
        .add_columns(Page.route, Page.key, Page.url, Site.label, Site.name, Text_.title, Text_.body)
        .add_columns(Site.code, Site.host)
        .add_columns(Reading.category, Reading.section, Reading.writers)
        .add_columns(Document.published_source, Document.published_flags, Document.doubts)
        .join_from(Document, Page, Document.page_id == Page.id)
        .join(Site, Document.site_id == Site.id)
        .join(Text_, Document.text_id == Text_.id)
        .join(Reading, Document.reading_id == Reading.id)
        .where(Document.page_id.in_(page_ids))
    )
    rows = {row.page_id: row._mapping for row in connection.execute(query)}
    return tuple(_make_hit(rows[page_id], period, phrases) for page_id in page_ids)


def _make_hit(row: RowMapping, period: Period, phrases: Sequence[Phrase]) -> Hit:
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
    )
