"""How much of one page is looked at: counts, no clock, so that a page reads the same on any day.

Each bound is far above what pages of offices have; a page beyond it is read up to there, and the
reading has a problem that names the bound.
"""

from __future__ import annotations

import re
from itertools import islice

BOUND = "bound"
"""The field of problems that name a bound."""
MOST_ELEMENTS = 50_000
"""Elements of a page; the longest listings seen have some 4,000."""
MOST_LINES = 20_000
"""Lines of a page; decrees pasted whole have some 2,000."""
MOST_SHOWN = 1_000_000
"""Characters of a page that are shown; a book has no more."""
MOST_ATTRIBUTES = 200
"""Attributes of one tag; frameworks write up to 30. The parser compares each with all before it: a
tag of 100,000 took 25 seconds."""

_SHORT = 2 * MOST_ATTRIBUTES
"""Characters that so many attributes need at least."""
_VALUE = r"=[\t\n\f\r ]*+(?:\"[^\"]*+\"|'[^']*+'|)"
_TAG = re.compile(rf"<[a-zA-Z][^>=]*+(?:{_VALUE}[^>=]*+)*+>?")
_ATTRIBUTE = re.compile(
    r"[\s/]++[^\s=>/]++(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+"
)


def name_bounds(elements: int, lines: int, shown: int) -> list[str]:
    """The bounds that a page of so many elements, lines and characters reached, in words."""
    bounds = (
        (elements > MOST_ELEMENTS, f"{MOST_ELEMENTS:,} elements"),
        (lines >= MOST_LINES, f"{MOST_LINES:,} lines"),
        (shown >= MOST_SHOWN, f"{MOST_SHOWN:,} characters"),
    )
    return [words for is_beyond, words in bounds if is_beyond]


def bound_tags(text: str) -> tuple[str, int]:
    """Markup without what tags have beyond `MOST_ATTRIBUTES` attributes, and how many tags had
    more."""
    cut = 0
    pieces: list[str] = []
    end = behind = 0
    for tag in [tag for tag in _TAG.findall(text) if len(tag) > _SHORT]:
        start = text.index(tag, behind)
        behind = start + len(tag)
        stop = _find_end(text, start, behind)
        if stop is not None:
            cut += 1
            pieces += text[end:stop], ">" * (tag[-1] == ">")
            end = behind
    return ("".join((*pieces, text[end:])), cut) if cut else (text, 0)


def _find_end(text: str, start: int, end: int) -> int | None:
    """Where the last attribute that counts ends, None where a tag has no more of them."""
    attributes = islice(_ATTRIBUTE.finditer(text, start, end), MOST_ATTRIBUTES + 1)
    ends = [attribute.end() for attribute in attributes]
    return ends[-2] if len(ends) > MOST_ATTRIBUTES else None
