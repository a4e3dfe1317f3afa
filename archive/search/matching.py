"""What Tantivy is asked: the query of `archive.search.query` and the filters of a question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import pairwise

from tantivy import FieldType, Occur, Query

from archive.search.facets import PAST
from archive.search.index import SCHEMA, join_pair, number_day
from archive.search.query import All, AnyOf, Exact, Field, Leaf, Node, Not, Prefix
from archive.search.tokens import stem_word

TITLE_BOOST = 3.0
"""How much a word of the title counts beside one of the text: an article about a thing comes before
those that mention it."""
EXACT_BOOST = 1.0
"""The word as it was typed counts again as much as any form of it."""

PLAIN = {
    Field.TEXT: "plain",
    Field.TITLE: "title_plain",
    Field.BY: "people",
    Field.PLACE: "place",
}
"""Where words are found as they are."""
STEMS = {Field.TEXT: "stems", Field.TITLE: "title_stems"}
"""Where words are found in any form."""


class Matcher:
    """Makes queries for one index."""

    def __init__(self, frequent: Collection[str], *, ranks: bool = True) -> None:
        """`frequent` are the words of which the index has pairs. Without ranks the same is found in
        half the time."""
        self._frequent = frozenset(frequent)
        self._ranks = ranks

    def match(self, node: Node) -> Query:
        """What matches a query of words, ranked."""
        if isinstance(node, All):
            return require([self._match_part(part) for part in node.parts])
        if isinstance(node, AnyOf):
            return Query.boolean_query([(Occur.Should, self._match_whole(x)) for x in node.parts])
        if isinstance(node, Not):
            return self.match(All((node,)))
        return self._match_leaf(node)

    def _match_part(self, node: Node) -> tuple[Occur, Query]:
        if isinstance(node, Not):
            return Occur.MustNot, self.match(node.part)
        return Occur.Must, self.match(node)

    def _match_whole(self, node: Node) -> Query:
        return self.match(All((node,))) if isinstance(node, Not) else self.match(node)

    def _match_leaf(self, leaf: Leaf) -> Query:
        if isinstance(leaf, Prefix):
            return Query.regex_query(SCHEMA, PLAIN[leaf.field], f"{leaf.start}.*")
        if isinstance(leaf, Exact):
            return self._match_exact(leaf)
        plain = find_term(PLAIN[leaf.field], leaf.plain)
        if leaf.field not in STEMS:
            return plain
        stem = stem_word(leaf.plain)
        any_form = find_term(STEMS[leaf.field], stem)
        if not self._ranks:
            return any_form
        wanted = [
            (Occur.Must, any_form),
            (Occur.Should, Query.boost_query(plain, EXACT_BOOST)),
        ]
        if leaf.field is Field.TEXT:
            title = Query.boost_query(find_term("title_stems", stem), TITLE_BOOST)
            wanted.append((Occur.Should, title))
        return Query.boolean_query(wanted)

    def _match_exact(self, leaf: Exact) -> Query:
        """Words next to each other; frequent neighbours are found by their pair, and the places of
        the rest compared only in what holds the pairs."""
        name = PLAIN[leaf.field]
        if len(leaf.words) == 1:
            return find_term(name, leaf.words[0])
        if leaf.field is not Field.TEXT:
            return Query.phrase_query(SCHEMA, name, list(leaf.words))
        phrase = Query.phrase_query(SCHEMA, name, list(leaf.words))
        pairs = {
            join_pair(first, second)
            for first, second in pairwise(leaf.words)
            if first in self._frequent and second in self._frequent
        }
        if not pairs:
            return phrase
        found = [
            (Occur.Must, Query.const_score_query(find_term("pairs", pair), 0.0))
            for pair in sorted(pairs)
        ]
        if len(leaf.words) > 2:
            return Query.boolean_query([*found, (Occur.Must, phrase)])
        words = [(Occur.Should, find_term(name, word)) for word in leaf.words if self._ranks]
        return Query.boolean_query([*found, *words])


def require(parts: Sequence[tuple[Occur, Query]]) -> Query:
    """What matches all parts; where none is wanted, all but what is unwanted."""
    if any(occur == Occur.Must for occur, _ in parts):
        return Query.boolean_query(list(parts))
    everything = Query.const_score_query(Query.all_query(), 0.0)
    return Query.boolean_query([(Occur.Must, everything), *parts])


def find_term(field: str, value: str | int) -> Query:
    """What holds a word, or a number."""
    return Query.term_query(SCHEMA, field, value)


def find_tags(tags: Iterable[str]) -> Query:
    """What has one of these tags, whatever its rank."""
    found = [(Occur.Should, find_term("tags", tag)) for tag in tags]
    return Query.const_score_query(Query.boolean_query(found), 0.0)


def find_between(field: str, least: int | None, most: int | None) -> Query:
    """What has a number from one to another, both included; `None` is open."""
    found = Query.range_query(SCHEMA, field, FieldType.Unsigned, least, most)
    return Query.const_score_query(found, 0.0)


def find_pages(page_ids: Sequence[int]) -> Query:
    """The documents of these pages."""
    return Query.term_set_query(SCHEMA, "page", list(page_ids))


def find_standing(as_of: date | None, current_on: date | None) -> tuple[Occur, Query]:
    """What was the article: now, as of a day, or on the site on a day as known now."""
    if as_of is None and current_on is None:
        return Occur.MustNot, find_term("tags", PAST)
    name, day = ("known", as_of) if as_of else ("shown", current_on)
    assert day is not None
    number = number_day(day)
    outside: list[tuple[Occur, Query]] = [
        (Occur.Should, find_between(f"{name}_from", number + 1, None)),
        (Occur.Should, find_between(f"{name}_until", None, number)),
    ]
    return Occur.MustNot, Query.boolean_query(outside)
