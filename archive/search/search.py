"""Finding articles: by words, names and places, by what they are, by when they were published, as
they are known now, were known on a day, or stood on their site on a day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from archive.search.filters import list_filters
from archive.search.hits import Hit, read_hits
from archive.search.options import Facet, Precision
from archive.search.query import list_wanted, parse_query
from archive.search.questions import Period, Question
from archive.search.ranking import Asked
from archive.search.upkeep import find_folder, open_current

Names = str | Collection[str]


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
    hits = read_hits(connection, ranked, question, list_wanted(parsed.node))
    return Found(
        hits, total, asked.count_undated(), parsed.hints, asked.count_facets(), opened.behind
    )
