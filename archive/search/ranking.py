"""One question to one index: which hits, in what order, how many of what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tantivy import Occur, Query

from archive.search import facets
from archive.search.filters import Parts, match_period
from archive.search.index import PAGE_BITS, IndexReader
from archive.search.matching import Matcher, find_tags, require
from archive.search.options import Facet, Sort
from archive.search.query import Node, Prefix, list_wanted
from archive.search.questions import Question

MORE = 64
"""Hits beyond those wanted that are ranked at first, to see where the last rank ends."""
MOST_EQUAL = 2_000
"""Hits of one rank that are put in order. Copies of a text are of one rank; so many are not copies
but matches of something without ranks, and come as the index has them until it changes."""
MOST_VALUES = 1_000
"""Values of one facet that are counted; beyond, the rarest are left out."""
SEGMENT_VALUES = 65_000
"""Values of one facet that a part of an index may hold and still be counted exactly."""

KEYS = {Sort.DATE: "by_date", Sort.VIEWS: "by_views", Sort.FIRST_SEEN: "by_first_seen"}


class Asked:
    """A question to one index."""

    def __init__(
        self, reader: IndexReader, node: Node | None, filters: Parts, question: Question
    ) -> None:
        self._searcher = reader.searcher
        self._question = question
        frequent = reader.place.frequent
        words = [] if node is None else [(Occur.Must, Matcher(frequent).match(node))]
        plain = [] if node is None else [(Occur.Must, Matcher(frequent, ranks=False).match(node))]
        period = [(Occur.Must, match_period(question.period))] if question.period else []
        self._any_time = require([*plain, *filters])
        self._ranked = require([*words, *period, *filters])
        self._query = require([*plain, *period, *filters])
        """What is found, without ranks."""
        is_ranked = any(not isinstance(leaf, Prefix) for leaf in list_wanted(node))
        self._sort = question.sort or (Sort.RELEVANCE if is_ranked else Sort.DATE)

    def rank(self) -> tuple[list[tuple[int, int]], int]:
        """The pages and readings of the hits wanted, in order, and how many there are in all."""
        question = self._question
        if question.folded:
            return self._rank_folded()
        most = self._searcher.num_docs if question.limit is None else question.limit
        return self._take(question.offset, most)

    def _rank_folded(self) -> tuple[list[tuple[int, int]], int]:
        """As `rank`, of each cluster of copies the first only."""
        every, total = self._take(0, self._searcher.num_docs)
        clusters = self._read_clusters(total)
        firsts: dict[int, tuple[int, int]] = {}
        for found in every:
            firsts.setdefault(clusters[found[0]], found)
        folded = list(firsts.values())
        first, most = self._question.offset, self._question.limit
        return folded[first : None if most is None else first + most], len(folded)

    def _read_clusters(self, total: int) -> dict[int, int]:
        """The cluster of each page found."""
        found = self._searcher.search(self._query, max(1, total), count=False).hits
        addresses = [address for _, address in found]
        pages = self._read_numbers("page", addresses)
        return dict(zip(pages, self._read_numbers("cluster", addresses), strict=True))

    def _take(self, offset: int, wanted: int) -> tuple[list[tuple[int, int]], int]:
        """Pages and readings of so many hits, and how many hits there are.

        Tantivy makes room for as many as it is asked for: no more than there can be.
        """
        wanted = min(wanted, self._searcher.num_docs - offset)
        if wanted <= 0:
            return [], self._count(self._query)
        if self._sort is Sort.RELEVANCE:
            return self._take_ranked(offset, wanted)
        key = KEYS[self._sort]
        found = self._searcher.search(self._query, wanted, order_by_field=key, offset=offset)
        readings = self._read_numbers("reading", [address for _, address in found.hits])
        pages = [key & (1 << PAGE_BITS) - 1 for key, _ in found.hits]
        return list(zip(pages, readings, strict=True)), _get_count(found)

    def _take_ranked(self, offset: int, wanted: int) -> tuple[list[tuple[int, int]], int]:
        """As `_take`, by rank; equals, which Tantivy gives as they happen to lie in its files, by
        their page, where they are not too many."""
        end = offset + wanted
        most = end + MORE
        while True:
            found = self._searcher.search(self._ranked, most)
            scores = [score for score, _ in found.hits]
            is_whole = len(scores) < most or scores[-1] != scores[end - 1]
            if is_whole or most > end + MOST_EQUAL:
                break
            most = end + MOST_EQUAL + 1
        addresses = [address for _, address in found.hits]
        rows = zip(
            scores,
            self._read_numbers("page", addresses),
            self._read_numbers("reading", addresses),
            strict=True,
        )
        ranked = sorted(rows, key=lambda row: (-row[0], -row[1])) if is_whole else list(rows)
        return [(page_id, reading) for _, page_id, reading in ranked[offset:end]], _get_count(found)

    def _count(self, query: Query) -> int:
        """How many match; ranks cost twice as much."""
        return _get_count(self._searcher.search(Query.const_score_query(query, 0.0), 1))

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


def _get_count(found: Any) -> int:
    count: int = found.count
    return count


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
