"""What was added to a text and taken out of it, word by word, as a reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby, takewhile

TOKENS = re.compile(r"\n+|[^\S\n]*\w+|[^\S\n]*[^\w\s]|[^\S\n]+")
"""Line ends; words and every other character by itself, each with the space before it, since what
stands everywhere makes comparing slow."""
LONG = 3_000
"""Words of a changed passage from which on frequent ones are no anchors: 4,900 times the same word
took 2.7 s, and the time grows with the square."""
LEAST_SHARED = 3
"""Words between two changes below which they are told as one: what is left of a sentence that was
written anew is noise."""


class Kind(StrEnum):
    """What became of a piece of a text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text, or of two."""

    kind: Kind
    text: str


def compare_texts(before: str, after: str) -> list[Piece]:
    """The pieces of two texts in order: those that are same and added make up the second, those
    that are same and removed the first.

    Paragraphs are compared first and words within those that differ, so that the time grows with
    the length of what changed.
    """
    pieces: list[Piece] = []
    for kind, lines, other in _match(_split_lines(before), _split_lines(after)):
        if kind is Kind.SAME:
            pieces.append(Piece(kind, "".join(lines)))
        else:
            pieces += _compare_words("".join(lines), "".join(other))
    return _join(pieces)


def count_words(pieces: Sequence[Piece], kind: Kind) -> int:
    """How many words are of this kind."""
    return sum(len(re.findall(r"\w+", piece.text)) for piece in pieces if piece.kind is kind)


def _split_lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n+|[^\n]+", text)


def _match(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[Kind, Sequence[str], Sequence[str]]]:
    """Runs that both have, and what stands on both sides between them."""
    is_long = min(len(before), len(after)) >= LONG
    matcher = SequenceMatcher(None, before, after, autojunk=is_long)
    for name, start, end, other_start, other_end in matcher.get_opcodes():
        kind = Kind.SAME if name == "equal" else Kind.REMOVED
        yield kind, before[start:end], after[other_start:other_end]


def _compare_words(before: str, after: str) -> Iterator[Piece]:
    removed, added = "", ""
    for kind, words, other in _match(TOKENS.findall(before), TOKENS.findall(after)):
        shared = "".join(words)
        if kind is Kind.SAME and not (_is_little(shared) and (removed or added)):
            yield from _list_changes(removed, added)
            removed = added = ""
            yield Piece(Kind.SAME, shared)
        elif kind is Kind.SAME:
            removed, added = removed + shared, added + shared
        else:
            removed, added = removed + shared, added + "".join(other)
    yield from _list_changes(removed, added)


def _is_little(shared: str) -> bool:
    """Whether so little stands unchanged between two changes that it is told with them."""
    return "\n" not in shared and len(re.findall(r"\w+", shared)) < LEAST_SHARED


def _list_changes(removed: str, added: str) -> Iterator[Piece]:
    """What was removed and added, without the words and the space that both begin or end with."""
    tokens, others = TOKENS.findall(removed), TOKENS.findall(added)
    head = len("".join(tokens[: _count_shared(tokens, others)]))
    removed, shared, added = removed[head:], removed[:head], added[head:]
    if removed[:1] == added[:1] == " ":
        removed, shared, added = removed[1:], shared + " ", added[1:]
    tokens, others = TOKENS.findall(removed), TOKENS.findall(added)
    tail = _count_shared(tokens[::-1], others[::-1])
    end = len("".join(tokens[len(tokens) - tail :]))
    parts = (
        (Kind.SAME, shared),
        (Kind.REMOVED, removed[: len(removed) - end]),
        (Kind.ADDED, added[: len(added) - end]),
        (Kind.SAME, removed[len(removed) - end :]),
    )
    yield from (Piece(kind, part) for kind, part in parts if part)


def _count_shared(first: Sequence[str], second: Sequence[str]) -> int:
    """How many tokens two sequences begin with alike."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))
    return sum(1 for _ in same)


def _join(pieces: Sequence[Piece]) -> list[Piece]:
    return [
        Piece(kind, "".join(piece.text for piece in run))
        for kind, run in groupby(pieces, key=lambda piece: piece.kind)
    ]
