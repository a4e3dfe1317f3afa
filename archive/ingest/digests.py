"""Two digests of a text: *text* decides whether an article was revised, *copy* whether it is a copy
of another."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from archive.database.types import clean_text
from archive.records import Digests

LEAST_WORDS = 30
"""Shorter texts have no copy digest: posts of one image would all be copies of each other."""
WORD = re.compile(r"[^\W_]+")


def text_digest(title: str | None, body: str) -> str:
    """Digest title and body, as the database holds them, in NFC with white space collapsed; case
    counts."""
    return _digest("\n".join(_normalise(part) for part in (title or "", body)))


def copy_digest(own: str) -> str | None:
    """Digest a body's letters and digits, case-folded; None under 30 words.

    `own` is the body without dateline and credits, which copies need not have in common.
    """
    words = split_words(own)
    return _digest("".join(words)) if len(words) >= LEAST_WORDS else None


def split_words(text: str) -> list[str]:
    """The words of a text, case-folded, without what is neither letter nor digit."""
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def find_credits(body: str, own: str) -> list[int]:
    """Which words of a body `own` leaves out: the number of the first of each run of them, and how
    many, one after the other.

    Empty where nothing is left out, and where `own` is not what a body leaves.
    """
    words, kept = split_words(body), split_words(own)
    runs: list[int] = []
    place = 0
    for word in kept:
        first = place
        while place < len(words) and words[place] != word:
            place += 1
        if place == len(words):
            return []
        if place > first:
            runs += (first, place - first)
        place += 1
    return runs + ([place, len(words) - place] if place < len(words) else [])


def leave_credits(body: str, credits: Sequence[int]) -> list[str]:
    """The words of a body without those that `find_credits` found."""
    return cut_runs(split_words(body), credits)


def cut_runs(words: Sequence[str], credits: Sequence[int]) -> list[str]:
    """Words without those that `find_credits` found in the body they are all of."""
    words = list(words)
    for first, count in reversed(list(zip(credits[::2], credits[1::2], strict=True))):
        del words[first : first + count]
    return words


def digest_text(title: str | None, body: str, own: str) -> Digests:
    """Both digests of a text; `own` is the body without dateline and credits."""
    return Digests(text_digest(title, body), copy_digest(own), tuple(find_credits(body, own)))


def _normalise(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", clean_text(text)).split())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
