"""The sentence of a body that shows best why an article was found."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.search.query import Exact, Leaf, Prefix
from archive.search.tokens import Token, stem_word, tokenise_with_offsets

LONGEST_PASSAGE = 240
"""Characters; a longer sentence is cut around its first mark."""
LEAD = 80
"""Characters kept before the first mark of such a sentence."""

ABBREVIATIONS = (
    r"No|Nomor|Jl|Drs|Dra|Dr|Ir|Prof|Hj|Sdr|Bpk|St|Kab|Kec|Kel|Prov|Gg|Rp|pukul|hlm|dkk|yth"
    r"|a\.n|s\.d"
)
"""Words whose full stop ends no sentence, as single letters' does not."""

_GAP = re.compile(r"""\s*\n\s*|(?:(?<=[.!?…])|(?<=[.!?…]["”’)\]]))\s+""")
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
    by_first: defaultdict[str, list[Leaf]] = defaultdict(list)
    prefixes = [leaf for leaf in wanted if isinstance(leaf, Prefix)]
    for leaf in wanted:
        if isinstance(leaf, Exact):
            by_first[leaf.words[0]].append(leaf)
        elif not isinstance(leaf, Prefix):
            by_first[f"{STEM}{stem_word(leaf.plain)}"].append(leaf)
    tokens = list(tokenise_with_offsets(text))
    for place, first in enumerate(tokens):
        for leaf in by_first.get(f"{STEM}{first.stem}", ()):
            yield leaf, (first.start, first.end)
        for leaf in by_first.get(first.plain, ()):
            if isinstance(leaf, Exact) and _stands_at(tokens, place, leaf.words):
                yield leaf, (first.start, tokens[place + len(leaf.words) - 1].end)
        for leaf in prefixes:
            if first.plain.startswith(leaf.start):
                yield leaf, (first.start, first.end)


STEM = "~"
"""Before stems in a table that holds plain words too: no word has it."""


def _stands_at(tokens: Sequence[Token], place: int, words: Sequence[str]) -> bool:
    found = tokens[place : place + len(words)]
    return len(found) == len(words) and all(
        token.plain == word for token, word in zip(found, words, strict=True)
    )


def _cut_sentences(text: str) -> Iterator[Span]:
    start = 0
    for gap in _GAP.finditer(text):
        if "\n" not in gap.group() and _NO_END.search(text, start, gap.start()):
            continue
        if start < gap.start():
            yield start, gap.start()
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
