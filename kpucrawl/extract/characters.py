"""Characters as offices paste them, made comparable."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import digits
from typing import NamedTuple
from unicodedata import is_normalized, normalize

INVISIBLE = (
    "\u200b\u200c\u2060\ufeff\u00ad\u200e\u200f\u061c"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Characters without width: soft hyphens, marks of direction ..."""
JOINER = r"\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])"
"""... and what joins emoji, where it joins none."""
_DECIMAL = re.compile(r"\d")
_INVISIBLE = re.compile(f"[{INVISIBLE}]|{JOINER}")
_STYLED = re.compile("[\U0001d400-\U0001d7ff]+")
"""Letters and figures in a style of their own: mathematical bold and the like."""


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
    return text if text.isascii() else tidy(text)


def tidy(text: str) -> str:
    """A text as searching sees it: composed letters, plain ones for styled ones, and nothing that
    is not shown."""
    text = normalize("NFC", _INVISIBLE.sub("", text))
    return _STYLED.sub(lambda styled: normalize("NFKC", styled[0]), text)


def is_tidy(text: str) -> bool:
    """Whether the letters of a text without invisible characters are as `tidy` leaves them."""
    return is_normalized("NFC", text) and _STYLED.search(text) is None
