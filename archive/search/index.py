"""The search index on SQLite (FTS5, contentless) and on PostgreSQL (tsvector): the same tokens, the
same matches.

Neither engine's own parser sees a text. Columns and weights: title A, body B, people C, facets D.
What PostgreSQL cannot hold is kept from SQLite too: an article's tokens beyond `MOST_TOKENS` and a
token's places beyond `MOST_PLACES`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from sqlalchemy import Connection, Float, Integer, TextualSelect, bindparam, text

from archive.search.terms import Phrase, Terms
from archive.search.tokens import tokenise

MOST_TOKENS = 16_000
"""About 110 kB of prose; PostgreSQL counts places to 16,383."""
MOST_PLACES = 255
"""Places of one token in one article."""
FILLER = "§"
"""Keeps the place of a token that is not indexed there: for FTS5 a token, for `tokenise` none."""
EVERY = "all"
"""The facet of every article, to subtract unwanted words from."""

WEIGHTS = {"title": "A", "people": "C", "facets": "D", "body": "B"}
"""Column -> PostgreSQL's weight, in the order of the places: what is long comes last."""
TITLE_FACTOR = 10
"""A word of the title counts as much as so many of the body."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index knows of an article."""

    page_id: int
    title: str
    body: str
    people: str
    """Writers, editor and photographer, one a line."""
    facets: str
    """Tokens that are not stemmed, parted by blanks; see `archive.search.facets`."""


class Index(Protocol):
    """One engine's index."""

    def remove(self, connection: Connection, entries: Iterable[Entry]) -> None:
        """Take articles out, by exactly what was put in."""

    def add(self, connection: Connection, entries: Iterable[Entry]) -> None:
        """Put articles in that are not there."""

    def clear(self, connection: Connection) -> None:
        """Take everything out."""

    def match(self, terms: Terms) -> TextualSelect:
        """Select `page_id` and `rank` (lowest first) of the articles that match."""


def find_index(connection: Connection) -> Index:
    """The index of the engine that is connected to."""
    return PostgresIndex() if connection.dialect.name == "postgresql" else SqliteIndex()


class SqliteIndex:
    """Table `article_fts`. It keeps no content, so removing needs the tokens that were put in."""

    _COLUMNS = "rowid, title, body, people, facets"
    _VALUES = ":page_id, :title, :body, :people, :facets"

    def remove(self, connection: Connection, entries: Iterable[Entry]) -> None:
        sql = (
            f"INSERT INTO article_fts (article_fts, {self._COLUMNS}) VALUES ('delete', "
            f"{self._VALUES})"
        )
        _run_many(connection, sql, map(self._make_row, entries))

    def add(self, connection: Connection, entries: Iterable[Entry]) -> None:
        sql = f"INSERT INTO article_fts ({self._COLUMNS}) VALUES ({self._VALUES})"
        _run_many(connection, sql, map(self._make_row, entries))

    def clear(self, connection: Connection) -> None:
        connection.execute(text("INSERT INTO article_fts (article_fts) VALUES ('delete-all')"))

    def match(self, terms: Terms) -> TextualSelect:
        sql = f"""
            SELECT rowid AS page_id, bm25(article_fts, {TITLE_FACTOR}, 1, 0, 0) AS rank
            FROM article_fts WHERE article_fts MATCH :match"""
        return _select_matches(sql, match=self._write_match(terms))

    @staticmethod
    def _make_row(entry: Entry) -> dict[str, object]:
        return {"page_id": entry.page_id} | {
            column: " ".join(found) for column, found in place_tokens(entry).items()
        }

    @staticmethod
    def _write_match(terms: Terms) -> str:
        """FTS5's query: NOT binds closer than AND and takes two sides."""
        wanted = [f"{{title body}} : {_quote_phrase(phrase)}" for phrase in terms.wanted]
        names = [" AND ".join(f'people : "{token}"' for token in name) for name in terms.people]
        people = [f"(({') OR ('.join(names)}))"] if names else []
        groups = [f"facets : ({' OR '.join(map(_quote, group))})" for group in terms.facets]
        unwanted = [f" NOT {{title body}} : {_quote_phrase(phrase)}" for phrase in terms.unwanted]
        asked = wanted + people + groups or [f"facets : {EVERY}"]
        return f"({' AND '.join(asked)}){''.join(unwanted)}"


class PostgresIndex:
    """Table `article_tsv`: vectors and queries are written out and cast, which calls no parser."""

    def remove(self, connection: Connection, entries: Iterable[Entry]) -> None:
        rows = ({"page_id": entry.page_id} for entry in entries)
        _run_many(connection, "DELETE FROM article_tsv WHERE page_id = :page_id", rows)

    def add(self, connection: Connection, entries: Iterable[Entry]) -> None:
        sql = (
            "INSERT INTO article_tsv (page_id, tokens) VALUES (:page_id, CAST(:tokens AS tsvector))"
        )
        rows = (
            {"page_id": entry.page_id, "tokens": self._write_vector(place_tokens(entry))}
            for entry in entries
        )
        _run_many(connection, sql, rows)

    def clear(self, connection: Connection) -> None:
        connection.execute(text("DELETE FROM article_tsv"))

    def match(self, terms: Terms) -> TextualSelect:
        sql = f"""
            SELECT page_id,
                -ts_rank('{{0, 0, {1 / TITLE_FACTOR}, 1}}', tokens, CAST(:words AS tsquery), 1)
                AS rank
            FROM article_tsv WHERE tokens @@ CAST(:match AS tsquery)"""
        return _select_matches(
            sql, words=self._write_match(Terms(terms.wanted)), match=self._write_match(terms)
        )

    @staticmethod
    def _write_vector(columns: Mapping[str, list[str]]) -> str:
        """`'token':1A,7B ...`, with a place left free between columns, so that no phrase
        crosses."""
        places: defaultdict[str, list[str]] = defaultdict(list)
        place = 0
        for column, tokens in columns.items():
            place += 1
            for token in tokens:
                place += 1
                places[token].append(f"{place}{WEIGHTS[column]}")
        places.pop(FILLER, None)
        return " ".join(f"'{token}':{','.join(found)}" for token, found in places.items())

    @staticmethod
    def _write_match(terms: Terms) -> str:
        wanted = [_join_lexemes(" <-> ", phrase, "AB") for phrase in terms.wanted]
        names = [_join_lexemes(" & ", name, "C") for name in terms.people]
        people = [f"({' | '.join(names)})"] if names else []
        groups = [_join_lexemes(" | ", group, "D") for group in terms.facets]
        unwanted = [f"!{_join_lexemes(' <-> ', phrase, 'AB')}" for phrase in terms.unwanted]
        return " & ".join((wanted + people + groups or [f"'{EVERY}':D"]) + unwanted)


def place_tokens(entry: Entry) -> dict[str, list[str]]:
    """The tokens of each column in the order of `WEIGHTS`, limited to what both engines hold."""
    columns = {
        "title": tokenise(entry.title),
        "people": tokenise(entry.people),
        "facets": [EVERY, *entry.facets.split()],
        "body": tokenise(entry.body),
    }
    return dict(zip(columns, _limit_tokens(columns.values()), strict=True))


def _limit_tokens(columns: Collection[list[str]]) -> Iterator[list[str]]:
    counts = Counter(chain.from_iterable(columns))
    seen = {token: 0 for token, count in counts.items() if count > MOST_PLACES}
    left = MOST_TOKENS
    for column in columns:
        tokens = column[:left]
        left -= len(tokens)
        for place, token in enumerate(tokens if seen else ()):
            if token in seen:
                seen[token] += 1
                if seen[token] > MOST_PLACES:
                    tokens[place] = FILLER
        yield tokens


def _run_many(connection: Connection, sql: str, rows: Iterable[Mapping[str, object]]) -> None:
    if batch := list(rows):
        connection.execute(text(sql), batch)


def _select_matches(sql: str, **values: str) -> TextualSelect:
    bound = text(sql).bindparams(*(bindparam(name, value) for name, value in values.items()))
    return bound.columns(page_id=Integer, rank=Float)


def _quote(token: str) -> str:
    return f'"{token}"'


def _quote_phrase(phrase: Phrase) -> str:
    return _quote(" ".join(phrase))


def _join_lexemes(operator: str, tokens: Iterable[str], weights: str) -> str:
    return "(" + operator.join(f"'{token}':{weights}" for token in tokens) + ")"
