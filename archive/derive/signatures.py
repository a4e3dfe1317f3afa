"""Which texts are nearly the same: shingles, their MinHash signature, and the bands it is found by.

A shingle is three words in a row. A text's signature keeps the least hash in each of 192 parts of
the hashes, which needs one hash for each shingle instead of 192 (P. Li, A. Owen, C. Zhang:
One Permutation Hashing, 2012); an empty part takes the value of the first one filled in an order of
its own (A. Shrivastava: Optimal Densification, 2017). Two texts have a value in common as often as
they have shingles in common, and a band of four values in common as often as that to the fourth
power.
"""

from __future__ import annotations

import random
from collections.abc import Sequence, Set
from functools import lru_cache
from hashlib import blake2b
from operator import xor

BANDS, ROWS = 48, 4
"""Texts that share 57 % of their shingles, which is what an edit of every tenth word leaves, have a
band in common 996 times of 1,000 (974 with 32 bands); those that share 10 %, 5 times."""
VALUES = BANDS * ROWS
"""Of a signature."""
WORDS = 3
"""Of a shingle."""
_HASH_BYTES = 8
_MASK = (1 << 64) - 1
_HALF = 1 << 63
_NONE = 1 << 64
"""Above every hash."""
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)
"""Odd and of evenly spread bits: the constants of the golden ratio and of xxHash."""
_BAND_FACTOR = 0x85EBCA77C2B2AE63
_REMEMBERED = 1 << 16
"""Words whose hashes are remembered: more than most texts of an archive are made of; some 20 MB."""

Shingles = Set[int]


def hash_shingles(words: Sequence[str]) -> set[int]:
    """The shingles of these words as hashes of 64 bits, equal on any machine."""
    if len(words) < WORDS:
        return set()
    firsts, seconds, thirds = zip(*map(_hash_word, words), strict=True)
    return set(map(xor, map(xor, firsts, seconds[1:]), thirds[2:]))


def sign_shingles(shingles: Shingles) -> list[int]:
    """The MinHash signature of at least one shingle: as equal in two texts, value for value, as
    their shingles are."""
    least = [_NONE] * VALUES
    for shingle in shingles:
        place = shingle % VALUES
        if shingle < least[place]:
            least[place] = shingle
    if _NONE not in least:
        return least
    return [_borrow(least, place) if value == _NONE else value for place, value in enumerate(least)]


def cut_bands(signature: Sequence[int]) -> list[int]:
    """The bands of a signature as numbers of 64 bits with a sign, which both engines keep."""
    return [
        _mix(number, *signature[number * ROWS : number * ROWS + ROWS]) for number in range(BANDS)
    ]


def compare_shingles(one: Shingles, two: Shingles) -> float:
    """The part of the shingles of two texts that both have, from 0 to 1."""
    both = len(one & two)
    return both / (len(one) + len(two) - both) if both else 0.0


@lru_cache(_REMEMBERED)
def _hash_word(word: str) -> tuple[int, int, int]:
    """A hash of a word for each place in a shingle; those of a shingle's words are joined by
    XOR."""
    digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=WORDS * _HASH_BYTES)
    whole = int.from_bytes(digest.digest(), "big")
    return whole & _MASK, whole >> 64 & _MASK, whole >> 128


def _borrow(least: Sequence[int], place: int) -> int:
    """The value that stands in for an empty one."""
    return next(least[other] for other in _ORDERS[place] if least[other] != _NONE)


def _mix(number: int, one: int, two: int, three: int, four: int) -> int:
    first, second, third, fourth = _FACTORS
    mixed = one * first ^ two * second ^ three * third ^ four * fourth ^ number * _BAND_FACTOR
    return (mixed & _MASK) - _HALF


def _make_orders() -> tuple[tuple[int, ...], ...]:
    """For each value in which order the others stand in for it; the same for ever, since bands are
    kept."""
    chance = random.Random(2012)
    return tuple(tuple(chance.sample(range(VALUES), VALUES)) for _ in range(VALUES))


_ORDERS = _make_orders()
