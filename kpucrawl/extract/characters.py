"""Characters as offices paste them, made comparable."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import digits
from typing import NamedTuple

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_DECIMAL = re.compile(r"\d")
_INVISIBLE = re.compile(f"[{''.join(map(chr, INVISIBLE))}]")


def collapse_space(text: str) -> str:
    """The text on one line: every run of white space is one blank, invisible characters are
    gone."""
    return " ".join(_drop_invisible(text).split())


def split_lines(text: str) -> tuple[str, ...]:
    """The lines that hold anything, blanks collapsed and zero-width characters removed."""
    lines = (" ".join(line.split()) for line in _drop_invisible(text).splitlines())
    return tuple(line for line in lines if line)


def split_words(words: str) -> frozenset[str]:
    """A word list written as running text."""
    return frozenset(words.split())


def has_digit(text: str) -> bool:
    """Whether there is any decimal figure in a text; ten plain searches take a tenth of the time of
    a pattern, and most lines have none."""
    for digit in digits:
        if digit in text:
            return True
    return not text.isascii() and _DECIMAL.search(text) is not None


class Span(NamedTuple):
    """A piece of one line, by offsets."""

    line: int
    start: int
    end: int


def gather_lines(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """All lines of some paragraphs, as `split_lines` gives them."""
    return tuple(line for paragraph in paragraphs for line in split_lines(paragraph))


def _drop_invisible(text: str) -> str:
    return text if text.isascii() else _INVISIBLE.sub("", text)
