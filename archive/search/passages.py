"""The sentence of a body that shows best why an article was found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from archive.search.query import Exact, Leaf, Prefix
from archive.search.tokens import find_spans, split_words, stem_word

LONGEST_PASSAGE = 240
"""Characters; a longer sentence is cut around its first mark."""
LEAD = 80
"""Characters kept before the first mark of such a sentence."""

ABBREVIATIONS = (
    r"No|Nomor|Jl|Drs|Dra|Dr|Ir|Prof|Hj|Sdr|Bpk|St|Kab|Kec|Kel|Prov|Gg|Rp|pukul|hlm|dkk|yth"
    r"|a\.n|s\.d"
)
"""Words whose full stop ends no sentence, as single letters' does not."""

LONGEST_ABBREVIATION = 8
"""Characters before a gap that tell whether a full stop ends a sentence: the longest of them, its
stop, and one before it."""

_GAP = re.compile(r"""[.!?…]["”’)\]]?(\s+)|(\n\s*)""")
_NO_END = re.compile(rf"(?<![^\W_])(?:[^\W\d_]|{ABBREVIATIONS})\.$", re.IGNORECASE)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a body, or a part of one; `marks` are the spans of it that were searched for,
    in order."""

    text: str = ""
    marks: tuple[Span, ...] = ()

    def render(self, before: str, after: str) -> str:
        """The text with every mark between two strings."""
        parts: list[str] = []
        end = 0
        for start, stop in self.marks:
            parts += self.text[end:start], before, self.text[start:stop], after
            end = stop
        return "".join([*parts, self.text[end:]])


def cut_passage(body: str, wanted: Sequence[Leaf]) -> Passage:
    """The first of the sentences that hold most of what was asked for; without any, the first
    sentence, unmarked."""
    spans = list(_find_wanted(body, wanted)) if wanted else []
    sentences = list(_cut_sentences(body))
    if not sentences:
        return Passage()
    held = _share_out(sentences, spans)
    best = max(sentences, key=lambda sentence: len(held.get(sentence, ())))
    return _shorten(body, best, _merge([span for _, span in spans if _holds(best, span)]))


def _share_out(
    sentences: Sequence[Span], spans: Iterable[tuple[Leaf, Span]]
) -> dict[Span, set[Leaf]]:
    """What each sentence holds whole; both are in the order of the text."""
    found: dict[Span, set[Leaf]] = {}
    at = 0
    for leaf, span in spans:
        while at < len(sentences) - 1 and sentences[at][1] < span[1]:
            at += 1
        if _holds(sentences[at], span):
            found.setdefault(sentences[at], set()).add(leaf)
    return found


def _find_wanted(text: str, wanted: Sequence[Leaf]) -> Iterator[tuple[Leaf, Span]]:
    """Every place of all that was asked for, in the order of the text."""
    words = split_words(text)
    found = sorted(chain.from_iterable(_find_leaf(words, leaf) for leaf in wanted), key=_by_place)
    places = {place for _, *ends in found for place in ends}
    spans = find_spans(text, places) if found else {}
    for leaf, first, last in found:
        yield leaf, (spans[first][0], spans[last][1])


def _find_leaf(words: Sequence[str], leaf: Leaf) -> Iterator[tuple[Leaf, int, int]]:
    """The first and last word of each place of one thing asked for."""
    if isinstance(leaf, Exact):
        last = len(leaf.words) - 1
        for place, word in enumerate(words):
            if word == leaf.words[0] and tuple(words[place : place + last + 1]) == leaf.words:
                yield leaf, place, place + last
        return
    if isinstance(leaf, Prefix):
        fits = {word for word in set(words) if word.startswith(leaf.start)}
    else:
        stem = stem_word(leaf.plain)
        fits = {word for word in set(words) if stem_word(word) == stem}
    for place, word in enumerate(words if fits else ()):
        if word in fits:
            yield leaf, place, place


def _by_place(found: tuple[Leaf, int, int]) -> int:
    return found[1]


def _cut_sentences(text: str) -> Iterator[Span]:
    start = 0
    for gap in _GAP.finditer(text):
        end = gap.start(gap.lastindex or 0)
        tail = max(start, end - LONGEST_ABBREVIATION)
        if "\n" not in gap[0] and _NO_END.search(text, tail, end):
            continue
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            yield start, end
        start = gap.end()
    if start < len(text):
        yield start, len(text)


def _holds(sentence: Span, span: Span) -> bool:
    return sentence[0] <= span[0] and span[1] <= sentence[1]


def _merge(spans: list[Span]) -> list[Span]:
    """The spans with those that overlap made one."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _shorten(text: str, sentence: Span, marks: list[Span]) -> Passage:
    """The sentence, or as much of it as `LONGEST_PASSAGE` allows, with its marks."""
    start, end = sentence
    if end - start > LONGEST_PASSAGE:
        first = marks[0][0] if marks else start
        start = _next_word(
            text, max(start, min(first - LEAD, end - LONGEST_PASSAGE)), sentence[0], first
        )
        end = _last_word(text, start, min(end, start + LONGEST_PASSAGE), sentence[1])
    before, after = "… " * (start > sentence[0]), " …" * (end < sentence[1])
    shift = len(before) - start
    kept = tuple((mark[0] + shift, mark[1] + shift) for mark in marks if _holds((start, end), mark))
    return Passage(before + text[start:end] + after, kept)


def _next_word(text: str, start: int, first: int, limit: int) -> int:
    """Where the next word begins, unless that is beyond the limit."""
    if start == first:
        return start
    blank = text.find(" ", start, limit)
    return start if blank < 0 else blank + 1


def _last_word(text: str, start: int, end: int, last: int) -> int:
    """Where the last whole word ends."""
    if end == last:
        return end
    blank = text.rfind(" ", start, end)
    return end if blank <= start else blank
