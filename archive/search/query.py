"""The query language. Whatever is typed gives a query, or a hint of one line; never an error.

pemilih tetap            both words, in any form
"pemilih tetap"          these very words, next to each other
pemilu OR pilkada        one of them; binds closer than standing beside: a b OR c = a (b OR c)
-hoaks, NOT hoaks        without; also -"daftar hitam", -(hoaks fitnah)
pemil*                   words that begin so
title:pleno  by:sri  place:cilacap      in the title, the names credited, the dateline's place
(pemilu OR pilkada) 2024                brackets group
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from archive.search.tokens import APOSTROPHES, fold_text, split_words

LONGEST_QUERY = 10_000
"""Characters; what follows is ignored. Nobody types more, and the cost of a query stays bounded."""
DEEPEST = 50
"""Brackets within brackets; deeper ones are left out. Reading them and searching take the stack."""
MOST_PARTS = 200
"""Words, phrases and prefixes; what follows is ignored. Each costs a list of articles to walk."""
SHORTEST_PREFIX = 3
"""Letters before a star; shorter beginnings fit tens of thousands of words."""

QUOTES = dict.fromkeys(map(ord, "“”„‟«»″"), '"')


class Field(StrEnum):
    """Where words are looked for."""

    TEXT = "text"
    """Title and body."""
    TITLE = "title"
    BY = "by"
    """The names credited."""
    PLACE = "place"


FIELDS = {
    "title": Field.TITLE,
    "judul": Field.TITLE,
    "by": Field.BY,
    "oleh": Field.BY,
    "place": Field.PLACE,
    "tempat": Field.PLACE,
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word in any of its forms; in names and places as it is."""

    plain: str
    field: Field = Field.TEXT


@dataclass(frozen=True, slots=True)
class Exact:
    """These words as they are, next to each other."""

    words: tuple[str, ...]
    field: Field = Field.TEXT


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin so."""

    start: str
    field: Field = Field.TEXT


@dataclass(frozen=True, slots=True)
class All:
    """What matches each part."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What matches one part at least."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What does not match the part."""

    part: Node


Leaf = Word | Exact | Prefix
Node = Leaf | All | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query as it was understood."""

    node: Node | None
    """`None` where nothing is asked for."""
    hints: tuple[str, ...] = ()
    """What was understood otherwise than it may have been meant, a line each."""


_SIGN = re.compile(r'-*(?:[^\W\d_]+:-*)?"[^"]*"|-*(?:[^\W\d_]+:-*)?\(|[()]|\|+|&+|[^\s()"|]+')
_FIELD = re.compile(r"([^\W\d_]+):(?=.)")
_WORD_STAR = re.compile(rf"[\w{APOSTROPHES}]+\*+")
_INNER_STAR = re.compile(r"(?<=\w)[*?%]+(?=\w)")

NOT = "NOT"


def parse_query(text: str) -> Parsed:
    """Understand what was typed."""
    return _Parser(text).parse()


def list_wanted(node: Node | None) -> tuple[Leaf, ...]:
    """What a hit holds in its title or body because it was asked for, each once, in order."""
    return tuple(dict.fromkeys(_walk_wanted(node)))


def _walk_wanted(node: Node | None) -> Iterator[Leaf]:
    if isinstance(node, (All, AnyOf)):
        for part in node.parts:
            yield from _walk_wanted(part)
    elif isinstance(node, (Word, Exact, Prefix)) and node.field in (Field.TEXT, Field.TITLE):
        yield node


class _Parser:
    """Reads signs from left to right: a group is a list of operands, an operand a leaf or a
    group."""

    def __init__(self, text: str) -> None:
        text = text.translate(QUOTES)
        self._hints: list[str] = []
        if len(text) > LONGEST_QUERY:
            self._hint(f"only the first {LONGEST_QUERY:,} characters are searched for")
            text = text[:LONGEST_QUERY]
        if text.count('"') % 2:
            self._hint('a quotation mark was not closed: write "words" between two')
            text += '"'
        self._signs = [found.group() for found in _SIGN.finditer(text)]
        self._at = 0
        self._parts = 0

    def parse(self) -> Parsed:
        """Read all; a bracket that closes nothing is left out."""
        found: list[Node] = []
        while self._at < len(self._signs):
            if (node := self._read_group(Field.TEXT, 0)) is not None:
                found.append(node)
            if self._at < len(self._signs):
                self._hint("a bracket was closed that was not opened")
                self._at += 1
        return Parsed(_join(found), tuple(dict.fromkeys(self._hints)))

    def _hint(self, line: str) -> None:
        self._hints.append(line)

    def _hint_unknown(self, name: str) -> None:
        self._hint(f"{name}: is no field; there are title:, by: and place:")

    def _read_group(self, field: Field, depth: int) -> Node | None:
        """Read up to a closing bracket, which is left, or to the end."""
        parts: list[Node] = []
        choices: list[Node] = []
        joins = False
        while self._at < len(self._signs) and self._signs[self._at][0] != ")":
            sign = self._signs[self._at]
            if _is_or(sign):
                self._at += 1
                if joins or not choices:
                    self._hint(f"{sign} stands between two words: pemilu OR pilkada")
                joins = bool(choices)
                continue
            if _is_and(sign):
                self._at += 1
                continue
            node = self._read_operand(field, depth)
            if node is None:
                continue
            if not joins:
                parts += _join_any(choices)
                choices = []
            choices.append(node)
            joins = False
        if joins:
            self._hint("OR stands between two words: pemilu OR pilkada")
        return _join([*parts, *_join_any(choices)])

    def _read_operand(self, field: Field, depth: int) -> Node | None:
        sign = self._signs[self._at]
        if sign.lstrip("-") == NOT:
            return self._read_not(field, depth)
        self._at += 1
        rest = sign.lstrip("-")
        minus = rest != sign
        named = _FIELD.match(rest)
        if named and (own := FIELDS.get(fold_text(named[1]))):
            field, rest = own, rest[named.end() :]
            minus = minus or rest[0] == "-"
            rest = rest.lstrip("-")
        elif named and rest.endswith("("):
            self._hint_unknown(named[1])
        node = (
            self._read_bracket(field, depth) if rest.endswith("(") else self._read_leaf(rest, field)
        )
        return Not(node) if minus and node is not None else node

    def _read_not(self, field: Field, depth: int) -> Node | None:
        """Read the operand behind any number of NOTs; an OR or AND between asks for nothing."""
        while self._at < len(self._signs) and _joins_or_negates(self._signs[self._at]):
            if _is_or(self._signs[self._at]):
                self._hint("OR stands between two words: pemilu OR pilkada")
            self._at += 1
        left = self._at < len(self._signs) and self._signs[self._at] != ")"
        node = self._read_operand(field, depth) if left else None
        if node is None:
            self._hint("NOT stands before a word: pemilu NOT pilkada")
            return None
        return node if isinstance(node, Not) else Not(node)

    def _read_bracket(self, field: Field, depth: int) -> Node | None:
        if depth >= DEEPEST:
            self._hint(f"what stands in more than {DEEPEST} brackets is left out")
            self._skip_bracket()
            return None
        node = self._read_group(field, depth + 1)
        if self._at < len(self._signs):
            self._at += 1
        else:
            self._hint("a bracket was not closed")
        return node

    def _skip_bracket(self) -> None:
        """Go behind the bracket that closes the one just opened, or to the end."""
        unclosed = 1
        while unclosed and self._at < len(self._signs):
            sign = self._signs[self._at]
            unclosed += sign[-1] == "("
            unclosed -= sign == ")"
            self._at += 1

    def _read_leaf(self, text: str, field: Field) -> Leaf | None:
        if self._parts >= MOST_PARTS:
            self._hint(f"only the first {MOST_PARTS} words are searched for")
            return None
        leaf = self._make_leaf(text, field)
        self._parts += leaf is not None
        return leaf

    def _make_leaf(self, text: str, field: Field) -> Leaf | None:
        words = tuple(split_words(text))
        if text.startswith('"'):
            return Exact(words, field) if words else None
        if len(words) == 1 and _WORD_STAR.fullmatch(fold_text(text)):
            if len(words[0]) >= SHORTEST_PREFIX:
                return Prefix(words[0], field)
            self._hint(f"{text}: a star wants {SHORTEST_PREFIX} letters before it, pem*")
        elif "*" in text or _INNER_STAR.search(text):
            self._hint(f"{text}: a star stands at the end of a word, pemil*")
        elif (named := _FIELD.match(text)) and not text[named.end() :].startswith("//"):
            self._hint_unknown(named[1])
        if not words:
            return None
        return Word(words[0], field) if len(words) == 1 else Exact(words, field)


def _is_or(sign: str) -> bool:
    return sign == "OR" or sign[0] == "|"


def _is_and(sign: str) -> bool:
    return sign == "AND" or sign.strip("&") == ""


def _joins_or_negates(sign: str) -> bool:
    return sign.lstrip("-") == NOT or _is_or(sign) or _is_and(sign)


def _join(parts: Iterable[Node]) -> Node | None:
    """All of these, each once."""
    flat: dict[Node, None] = {}
    for part in parts:
        flat |= dict.fromkeys(part.parts if isinstance(part, All) else (part,))
    if len(flat) == 1:
        part = next(iter(flat))
        return All((part,)) if isinstance(part, Not) else part
    return All(tuple(flat)) if flat else None


def _join_any(choices: Iterable[Node]) -> list[Node]:
    """One of these, as a list of at most one."""
    flat: dict[Node, None] = {}
    for choice in choices:
        flat |= dict.fromkeys(choice.parts if isinstance(choice, AnyOf) else (choice,))
    return [AnyOf(tuple(flat))] if len(flat) > 1 else list(flat)
