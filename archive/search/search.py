"""Finding articles: by words, names and places, by what they are, by when they were published, as
they are known now, were known on a day, or stood on their site on a day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, null, select
from tantivy import Occur, Query

from archive.addresses import locate_page
from archive.database.models import (
    Capture,
    Document,
    Page,
    Reading,
    Removal,
    Site,
    Text_,
    Withheld,
)
from archive.database.sql import PAGES, Row, cut_chunks, read_by_page
from archive.names import find_office, find_province, name_page
from archive.search import facets
from archive.search.index import PAGE_BITS, PLACE, IndexReader
from archive.search.matching import (
    Matcher,
    find_between,
    find_pages,
    find_standing,
    find_tags,
    find_term,
    require,
)
from archive.search.options import Facet, Precision, Sort
from archive.search.passages import Passage, cut_passage
from archive.search.query import Leaf, Node, list_wanted, parse_query
from archive.search.tokens import split_words
from archive.search.upkeep import find_folder, open_current
from archive.watch.removals import Grade

Names = str | Collection[str]
Parts = list[tuple[Occur, Query]]
HITS_AT_ONCE = 500
"""Hits whose texts are in memory at once."""
MORE = 64
"""Hits beyond those wanted that are ranked at first, to see where the last rank ends."""
MOST_VALUES = 1_000
"""Values of one facet that are counted; beyond, the rarest are left out."""
SEGMENT_VALUES = 65_000
"""Values of one facet that a part of an index may hold and still be counted exactly."""


KEYS = {Sort.DATE: "by_date", Sort.VIEWS: "by_views", Sort.FIRST_SEEN: "by_first_seen"}


@dataclass(frozen=True, slots=True)
class Period:
    """Days to compare with an article's earliest and latest day of publication; `None` is open."""

    since: date | None = None
    until: date | None = None
    undated: bool = False
    """Keep what has no date."""
    precision: Precision = Precision.POSSIBLE

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None

    def match(self) -> Query:
        """What was published within, as surely as is asked for."""
        least = None if self.since is None else self.since.toordinal()
        most = None if self.until is None else self.until.toordinal()
        first, last = {
            Precision.SURE: ("earliest", "latest"),
            Precision.PROBABLE: ("middle", "middle"),
            Precision.POSSIBLE: ("latest", "earliest"),
        }[self.precision]
        parts: Parts = []
        if least is not None:
            parts.append((Occur.Must, find_between(first, least, None)))
        if most is not None:
            parts.append((Occur.Must, find_between(last, None, most)))
        dated = Query.boolean_query(parts)
        if not self.undated:
            return dated
        undated = find_tags([facets.UNDATED])
        return Query.boolean_query([(Occur.Should, dated), (Occur.Should, undated)])

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
    """What is asked for. Of several offices, provinces, names and so on one is enough."""

    query: str = ""
    """As `archive.search.query` has it."""
    sites: Collection[str] = ()
    """Labels, codes or hosts."""
    provinces: Collection[str] = ()
    """Codes or names."""
    levels: Collection[str] = ()
    """`provinsi`, `kabupaten`, `kota`."""
    categories: Collection[str] = ()
    """Categories as printed, or sections."""
    sections: Collection[str] = ()
    people: Collection[str] = ()
    """Writers, editors, photographers."""
    units: Collection[str] = ()
    flags: Collection[str] = ()
    period: Period = Period()
    least_views: int | None = None
    most_views: int | None = None
    removed: bool | None = None
    """Only what is no longer on its site, or only what is."""
    edited: bool | None = None
    as_of: date | None = None
    """As the archive knew it at the end of this day."""
    current_on: date | None = None
    """What stood on the site at the end of this day."""
    folded: bool = False
    """Of copies only the one that comes first."""
    sort: Sort | None = None
    """`None`: by relevance where words are asked for, else by date."""
    limit: int | None = None
    """At most so many hits; `None` for all."""
    offset: int = 0
    facets: Collection[Facet] = ()
    """What to count all hits by."""


@dataclass(frozen=True, slots=True)
class Found:
    """The hits, read while they are taken, and how many there are."""

    hits: Iterator[Hit]
    total: int
    undated_left_out: int
    """Matches without a date that a period left out."""
    hints: tuple[str, ...] = ()
    """What in the query was understood otherwise than it may have been meant."""
    counts: Mapping[Facet, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    """How many of all hits have each value, the most frequent first."""
    behind: int = 0
    """Articles that changed since the index was brought up to date."""


@dataclass(frozen=True, slots=True)
class Results:
    """As `Found`, with the hits at hand."""

    hits: tuple[Hit, ...]
    total: int
    undated_left_out: int
    counts: Mapping[Facet, tuple[tuple[str, int], ...]] = field(default_factory=dict)


HITS = (
    select(
        Document.page_id,
        Document.reading_id,
        Document.published_earliest,
        Document.published_latest,
        Document.views,
    )
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

READINGS: Any = bindparam("readings", expanding=True)
PAST_HITS = (
    select(Reading.id.label("reading_id"), Capture.page_id, Reading.views)
    .add_columns(Reading.published_earliest, Reading.published_latest)
    .add_columns(Page.route, Page.key, Page.url, Text_.title, Text_.body)
    .add_columns(Site.label, Site.name, Site.code, Site.host)
    .add_columns(Reading.category, Reading.section, Reading.writers)
    .add_columns(Reading.published_source, Reading.published_flags)
    .add_columns(null().label("grade"), null().label("since"))
    .join_from(Reading, Capture, Reading.capture_id == Capture.id)
    .join(Page, Page.id == Capture.page_id)
    .join(Site, Site.id == Page.site_id)
    .join(Text_, Text_.id == Reading.text_id)
    .where(Reading.id.in_(READINGS))
)
"""Articles by readings that are not, or no longer, what is known of them."""


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
    folder: Path | None = None,
    **more: Any,
) -> Results:
    """The articles that match, as `find_articles` has them; `more` are fields of `Question`."""
    question = Question(
        query,
        sites=_list_names(site),
        provinces=_list_names(province),
        categories=_list_names(category),
        people=_list_names(by),
        flags=_list_names(flag),
        period=Period(since, until, undated, more.pop("precision", Precision.POSSIBLE)),
        limit=limit,
        offset=offset,
        **more,
    )
    found = find_articles(connection, question, folder)
    return Results(tuple(found.hits), found.total, found.undated_left_out, found.counts)


def _list_names(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names or ())


def find_articles(
    connection: Connection,
    question: Question,
    folder: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Found:
    """The articles that match, in the order asked for.

    `folder` holds the index (see `archive.search.upkeep`), which is brought up to date where that
    can be; `say` is told of what takes long. ArchiveError names the nearest office or province when
    one is unknown.
    """
    parsed = parse_query(question.query)
    filters = list_filters(connection, question)
    opened = open_current(connection, folder or find_folder(connection), say)
    if opened.reader is None:
        return Found(iter(()), 0, 0, parsed.hints)
    asked = Asked(opened.reader, parsed.node, filters, question)
    ranked, total = asked.rank()
    hits = _read_hits(connection, ranked, question, list_wanted(parsed.node))
    return Found(
        hits, total, asked.count_undated(), parsed.hints, asked.count_facets(), opened.behind
    )


def list_filters(connection: Connection, question: Question) -> Parts:
    """What articles have to be, besides holding words and being of a period."""
    tags = (
        [facets.office_tag(find_office(connection, name)) for name in question.sites],
        [facets.province_tag(find_province(connection, name)) for name in question.provinces],
        list(map(facets.level_tag, question.levels)),
        list(map(facets.category_tag, question.categories)),
        list(map(facets.section_tag, question.sections)),
        list(map(facets.unit_tag, question.units)),
        list(map(facets.flag_tag, question.flags)),
    )
    parts: Parts = [(Occur.Must, find_tags(group)) for group in tags if group]
    if people := _match_people(question.people):
        parts.append((Occur.Must, people))
    if question.least_views is not None or question.most_views is not None:
        views = find_between("views", question.least_views, question.most_views)
        parts.append((Occur.Must, views))
    for wanted, flag in ((question.removed, "removed"), (question.edited, "edited")):
        if wanted is not None:
            occur = Occur.Must if wanted else Occur.MustNot
            parts.append((occur, find_tags([facets.flag_tag(flag)])))
    parts.append(find_standing(question.as_of, question.current_on))
    parts.append((Occur.MustNot, find_term("kind", PLACE)))
    withheld = connection.scalars(select(Withheld.page_id)).all()
    if withheld:
        parts.append((Occur.MustNot, find_pages(withheld)))
    return parts


def _match_people(names: Iterable[str]) -> Query | None:
    """What credits all words of one of these names."""
    found: Parts = []
    for name in names:
        if words := split_words(name):
            every: Parts = [(Occur.Must, find_term("people", word)) for word in words]
            found.append((Occur.Should, Query.boolean_query(every)))
    return Query.const_score_query(Query.boolean_query(found), 0.0) if found else None


class Asked:
    """A question to one index."""

    def __init__(
        self, reader: IndexReader, node: Node | None, filters: Parts, question: Question
    ) -> None:
        self._searcher = reader.searcher
        self._question = question
        words = [] if node is None else [(Occur.Must, Matcher(reader.place.frequent).match(node))]
        period = [(Occur.Must, question.period.match())] if question.period else []
        self._any_time = require([*words, *filters])
        self._query = require([*words, *period, *filters])
        is_worded = bool(list_wanted(node))
        self._sort = question.sort or (Sort.RELEVANCE if is_worded else Sort.DATE)

    def rank(self) -> tuple[list[tuple[int, int]], int]:
        """The pages and readings of the hits wanted, in order, and how many there are in all."""
        question = self._question
        if question.folded:
            return self._rank_folded()
        total = self._count(self._query)
        left = max(0, total - question.offset)
        wanted = left if question.limit is None else min(left, question.limit)
        if not wanted:
            return [], total
        return self._take(question.offset, wanted, total), total

    def _rank_folded(self) -> tuple[list[tuple[int, int]], int]:
        """As `rank`, of each cluster of copies the first only."""
        total = self._count(self._query)
        every = self._take(0, total, total) if total else []
        clusters = self._read_clusters(total)
        firsts = {clusters[page_id]: (page_id, reading) for page_id, reading in reversed(every)}
        places = {found: place for place, found in enumerate(every)}
        folded = sorted(firsts.values(), key=places.__getitem__)
        first, most = self._question.offset, self._question.limit
        return folded[first : None if most is None else first + most], len(folded)

    def _read_clusters(self, total: int) -> dict[int, int]:
        """The cluster of each page found."""
        found = self._searcher.search(self._query, max(1, total), count=False).hits
        addresses = [address for _, address in found]
        pages = self._read_numbers("page", addresses)
        return dict(zip(pages, self._read_numbers("cluster", addresses), strict=True))

    def _take(self, offset: int, wanted: int, total: int) -> list[tuple[int, int]]:
        if self._sort is Sort.RELEVANCE:
            return self._take_ranked(offset, wanted, total)
        key = KEYS[self._sort]
        found = self._searcher.search(
            self._query, wanted, count=False, order_by_field=key, offset=offset
        ).hits
        readings = self._read_numbers("reading", [address for _, address in found])
        pages = [key & (1 << PAGE_BITS) - 1 for key, _ in found]
        return list(zip(pages, readings, strict=True))

    def _take_ranked(self, offset: int, wanted: int, total: int) -> list[tuple[int, int]]:
        """The hits by rank; of equal ones, which Tantivy gives in any order, all are looked at."""
        end = offset + wanted
        most = min(total, end + MORE)
        while True:
            found = self._searcher.search(self._query, most, count=False).hits
            if most >= total or found[-1][0] != found[end - 1][0]:
                break
            most = min(total, most * 2)
        addresses = [address for _, address in found]
        rows = zip(
            (score for score, _ in found),
            self._read_numbers("page", addresses),
            self._read_numbers("reading", addresses),
            strict=True,
        )
        ranked = sorted(rows, key=lambda row: (-row[0], -row[1]))
        return [(page_id, reading) for _, page_id, reading in ranked[offset:end]]

    def _count(self, query: Query) -> int:
        count: int = self._searcher.search(query, 1).count  # type: ignore[attr-defined]
        return count

    def _read_numbers(self, name: str, addresses: Sequence[Any]) -> list[int]:
        return self._searcher.fast_field_values(name, list(addresses))  # type: ignore[return-value]

    def count_undated(self) -> int:
        """How many more would match, had they a date."""
        if not self._question.period or self._question.period.undated:
            return 0
        undated = (Occur.Must, find_tags([facets.UNDATED]))
        return self._count(require([(Occur.Must, self._any_time), undated]))

    def count_facets(self) -> dict[Facet, tuple[tuple[str, int], ...]]:
        """How many hits have each value of each facet asked for."""
        names = list(dict.fromkeys(self._question.facets))
        return count_values(self._searcher, self._query, names) if names else {}


def count_values(
    searcher: Any, query: Query, names: Sequence[Facet]
) -> dict[Facet, tuple[tuple[str, int], ...]]:
    """How many matches have each value: the most frequent first, equals by their value."""
    terms = {
        str(name): {
            "terms": {"field": str(name), "size": MOST_VALUES, "segment_size": SEGMENT_VALUES}
        }
        for name in names
    }
    found = searcher.aggregate(query, terms)
    counts = {}
    for name in names:
        values = [
            (_write_value(bucket["key"]), bucket["doc_count"])
            for bucket in found[str(name)]["buckets"]
        ]
        counts[name] = tuple(sorted(values, key=lambda value: (-value[1], value[0])))
    return counts


def _write_value(key: str | float) -> str:
    return key if isinstance(key, str) else str(int(key))


def _read_hits(
    connection: Connection,
    ranked: Sequence[tuple[int, int]],
    question: Question,
    wanted: Sequence[Leaf],
) -> Iterator[Hit]:
    """The articles of these pages and readings, in this order, so many at a time that their texts
    fit the memory. What the database no longer holds is left out."""
    is_past = question.as_of is not None or question.current_on is not None
    for chunk in cut_chunks(ranked, HITS_AT_ONCE):
        rows = read_by_page(connection, HITS, [page_id for page_id, _ in chunk])
        past = _read_past(connection, chunk, rows) if is_past else {}
        for page_id, reading_id in chunk:
            if row := past.get(reading_id) or rows.get(page_id):
                yield _make_hit(row, question.period, wanted)


def _read_past(
    connection: Connection, chunk: Sequence[tuple[int, int]], present: Mapping[int, Row]
) -> dict[int, Row]:
    """What other readings than the present ones tell, by reading."""
    readings = [
        reading_id
        for page_id, reading_id in chunk
        if page_id not in present or present[page_id]["reading_id"] != reading_id
    ]
    found = connection.execute(PAST_HITS, {"readings": readings}).mappings()
    return {row["reading_id"]: dict(row) | {"doubts": []} for row in found}


def _make_hit(row: Row, period: Period, wanted: Sequence[Leaf]) -> Hit:
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
        passage=cut_passage(row["body"], wanted),
        removed=row["grade"],
        removed_since=row["since"],
    )
