"""The query language: words are all required, "quoted words" stand together, -word must not occur.
No errors."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.search.tokens import fold_text, tokenise

LONGEST_QUERY = 10_000
"""Characters, folded; what follows is ignored. PostgreSQL's stack gives out at a phrase of 20,000
words."""

QUOTES = dict.fromkeys(map(ord, "“”„‟«»″"), '"')
_TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')

Phrase = tuple[str, ...]
"""Tokens that stand next to each other, in the title or in the body."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a search asks of the index."""

    wanted: tuple[Phrase, ...] = ()
    unwanted: tuple[Phrase, ...] = ()
    people: tuple[str, ...] = ()
    """Tokens of names, all of them among the people credited."""
    facets: tuple[tuple[str, ...], ...] = ()
    """Of each group at least one facet."""


def parse_query(query: str) -> tuple[tuple[Phrase, ...], tuple[Phrase, ...]]:
    """The wanted and the unwanted phrases of a query; any text is one.

    A word that the tokeniser splits (`anggota/staf`, `7/2024`) is a phrase of its parts; what holds
    no letter or digit asks for nothing.
    """
    wanted: dict[Phrase, None] = {}
    unwanted: dict[Phrase, None] = {}
    for minus, quoted, word in _TERM.findall(fold_text(query)[:LONGEST_QUERY].translate(QUOTES)):
        if phrase := tuple(tokenise(quoted or word)):
            (unwanted if minus else wanted)[phrase] = None
    return tuple(wanted), tuple(unwanted)
