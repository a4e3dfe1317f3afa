"""How much of a text was edited, in words."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import takewhile

LONGEST = 2000
"""Words of both texts, without what they begin and end with alike, that are compared in their
order: the time for it grows with the square, some seconds for 20,000. Longer ones are compared as
bags of words, where what only moved is unchanged."""

Text = tuple[str, str]
"""Title and body."""


def measure_edit(before: Text, after: Text) -> dict[str, object]:
    """How many words came and went, their share of all words of both texts, 0 to 1, and the title
    before where it is another now."""
    old, new = _split_words(before), _split_words(after)
    added, removed = count_changed(old, new)
    share = (added + removed) / (len(old) + len(new)) if added + removed else 0.0
    told: dict[str, object] = {"added": added, "removed": removed, "ratio": round(share, 4)}
    return told if before[0] == after[0] else told | {"title_before": before[0]}


def count_changed(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many words were added and removed."""
    first = _count_alike(old, new)
    old, new = old[first:], new[first:]
    last = _count_alike(old[::-1], new[::-1])
    old, new = old[: len(old) - last], new[: len(new) - last]
    same = _count_in_order(old, new) if len(old) + len(new) <= LONGEST else _count_common(old, new)
    return len(new) - same, len(old) - same


def _split_words(text: Text) -> list[str]:
    """As the digest of a text sees them: composed, by white space."""
    return unicodedata.normalize("NFC", "\n".join(text)).split()


def _count_alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    pairs = zip(old, new, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _count_in_order(old: Sequence[str], new: Sequence[str]) -> int:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def _count_common(old: Sequence[str], new: Sequence[str]) -> int:
    return (Counter(old) & Counter(new)).total()
