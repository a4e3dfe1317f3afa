"""What articles have to be, besides holding words, as the index is asked for it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select
from tantivy import Occur, Query

from archive.database.models import Withheld
from archive.names import find_office, find_province
from archive.search import facets
from archive.search.index import PLACE
from archive.search.matching import find_between, find_pages, find_standing, find_tags, find_term
from archive.search.options import Precision
from archive.search.questions import Period, Question
from archive.search.tokens import split_words

Parts = list[tuple[Occur, Query]]


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
    if question.pages is not None:
        parts.append((Occur.Must, find_pages(list(question.pages))))
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


def match_period(period: Period) -> Query:
    """What was published within, as surely as is asked for."""
    least = None if period.since is None else period.since.toordinal()
    most = None if period.until is None else period.until.toordinal()
    first, last = {
        Precision.SURE: ("earliest", "latest"),
        Precision.PROBABLE: ("middle", "middle"),
        Precision.POSSIBLE: ("latest", "earliest"),
    }[period.precision]
    parts: Parts = []
    if least is not None:
        parts.append((Occur.Must, find_between(first, least, None)))
    if most is not None:
        parts.append((Occur.Must, find_between(last, None, most)))
    dated = Query.boolean_query(parts)
    if not period.undated:
        return dated
    undated = find_tags([facets.UNDATED])
    return Query.boolean_query([(Occur.Should, dated), (Occur.Should, undated)])
