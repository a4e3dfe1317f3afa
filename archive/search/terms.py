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
EVERY_WORD = "every word is required; search for each in turn"
OPERATORS = {
    "OR": EVERY_WORD,
    "|": EVERY_WORD,
    "||": EVERY_WORD,
    "AND": "every word is required anyway",
    "&": "every word is required anyway",
    "&&": "every word is required anyway",
    "NOT": "-word leaves out what holds a word",
    "NEAR": '"words in quotation marks" stand next to each other',
}
"""Of other search programs: said of them where somebody types them."""
_JOKER = re.compile(r"\*+|(?<=\w)[?%]+(?=\w)")
"""A `?` or `%` at the end of a word is the end of a question, or a share."""
_QUOTED = re.compile(r'"[^"]*"')
_TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')

Phrase = tuple[str, ...]
"""Tokens that stand next to each other, in the title or in the body."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a search asks of the index."""

    wanted: tuple[Phrase, ...] = ()
    unwanted: tuple[Phrase, ...] = ()
    people: tuple[tuple[str, ...], ...] = ()
    """Names as their tokens: of one name at least all are among the people credited."""
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


def find_hints(query: str) -> tuple[str, ...]:
    """What to know of signs that mean something elsewhere and nothing here: `OR`, `pemil*`."""
    outside = _QUOTED.sub(" ", query[:LONGEST_QUERY].translate(QUOTES))
    hints = (_describe_sign(word.strip("()")) for word in outside.split())
    return tuple(dict.fromkeys(hint for hint in hints if hint))


def _describe_sign(word: str) -> str | None:
    if told := OPERATORS.get(word):
        return f"{word} is no operator: {told}"
    plain = _JOKER.sub(" ", word).strip()
    if not plain or not _JOKER.search(word):
        return None
    return (
        f"{word} is searched for as {plain}: no sign stands for other letters; words are compared "
        f"by their stem"
    )
