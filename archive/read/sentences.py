"""What one version of a text says otherwise than another, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from archive.ingest.digests import split_words

ENDS = re.compile(r"(?<=[.!?])([\"”’)\]]*)\s+(?=[\"“‘(\[]*[A-Z0-9])|\n+")
"""Where a sentence may end: before a capital or a number, and at the end of a line."""
ABBREVIATED = re.compile(
    r"(?:\b(?:\w|No|Dr|Drs|Ir|Prof|Hj|Kab|Prov|Jl|Jln|dll|dkk|hlm|Rp|St|Ust)\.)$"
)
"""What ends with a dot and no sentence does: `No. 7`, `Dr. Siti`, `H. Ahmad`."""
CHANGED_AT = 0.5
"""Sentences with so much in common, as difflib reckons it over their words, are one that was
changed; with less, one was dropped and another added."""


class Change(StrEnum):
    """What became of a sentence."""

    CHANGED = "changed"
    ADDED = "added"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Difference:
    """A sentence that two versions do not have alike; empty where one has none."""

    change: Change
    before: str
    after: str


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, headings and list items among them."""
    sentences: list[str] = []
    begin = 0
    for end in ENDS.finditer(text):
        piece = text[begin : end.start()] + (end[1] or "")
        if "\n" not in end[0] and ABBREVIATED.search(piece):
            continue
        sentences.append(piece.strip())
        begin = end.end()
    return list(filter(None, [*sentences, text[begin:].strip()]))


def compare_sentences(before: str, after: str) -> Iterator[Difference]:
    """How a text differs from another, in its order; case and punctuation aside."""
    one, two = split_sentences(before), split_sentences(after)
    words = [[tuple(split_words(each)) for each in sentences] for sentences in (one, two)]
    matcher = SequenceMatcher(None, words[0], words[1], autojunk=False)
    for kind, first, first_end, second, second_end in matcher.get_opcodes():
        if kind != "equal":
            yield from _pair(one[first:first_end], two[second:second_end])


def _pair(before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    """Tell changed sentences from those that were dropped or added; a partner stands no earlier
    than that of the sentence before."""
    place = 0
    for sentence in before:
        found = next((n for n in range(place, len(after)) if _is_alike(sentence, after[n])), None)
        if found is None:
            yield Difference(Change.DROPPED, sentence, "")
            continue
        yield from (Difference(Change.ADDED, "", one) for one in after[place:found])
        yield Difference(Change.CHANGED, sentence, after[found])
        place = found + 1
    yield from (Difference(Change.ADDED, "", one) for one in after[place:])


def _is_alike(one: str, two: str) -> bool:
    matcher = SequenceMatcher(None, split_words(one), split_words(two), autojunk=False)
    return matcher.ratio() >= CHANGED_AT
