"""Texts without what differs when each office fills in its own: names of places, numbers, dates."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Sequence

from archive.ingest.digests import WORD, cut_runs, split_words

MASK = "0"
"""Stands for a run of masked words, however many: places have names of one word to four."""
MONTHS = "januari februari maret april mei juni juli agustus september oktober november desember"
DAYS = "senin selasa rabu kamis jumat jum at sabtu minggu ahad"
LEVELS = "kota kabupaten kab provinsi prov kecamatan kec kelurahan desa distrik nagari gampong"
FIXED = frozenset(f"{MONTHS} {DAYS} {LEVELS} wib wita wit".split())
"""Words that tell a day, an hour's zone, or what kind of place follows."""
PLACE = re.compile(
    r"\b(?i:kota|kabupaten|kab\.?|provinsi|prov\.?|kecamatan|kec\.?|kelurahan|desa|distrik|nagari"
    r"|gampong)\s+([A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*){0,3})"
)
"""A place as it is named in prose: `Kecamatan Banjarsari`, `Kabupaten Kepulauan Seribu`."""


def list_name_words(names: Collection[str]) -> frozenset[str]:
    """All words of the names of offices."""
    return frozenset(word for name in names for word in split_words(name))


def mask_words(body: str, credits: Sequence[int], names: Collection[str]) -> list[str]:
    """The words of a body without its credits, numbers, days and places masked; `names` are words
    that name places."""
    places = _find_places(body)
    marked = [
        MASK if number in places or word[0].isdigit() or word in FIXED or word in names else word
        for number, word in enumerate(split_words(body))
    ]
    kept = cut_runs(marked, credits)
    before = ["", *kept]
    return [one for one, last in zip(kept, before, strict=False) if one != MASK or last != MASK]


def _find_places(body: str) -> set[int]:
    """Which words of a body name a place that is called one; none where the words as printed are
    not those compared, as with `İ`, which folds to two."""
    text = unicodedata.normalize("NFKC", body)
    starts = [word.start() for word in WORD.finditer(text)]
    if len(starts) != len(split_words(body)):
        return set()
    return {
        number
        for found in PLACE.finditer(text)
        for number in range(bisect_left(starts, found.start(1)), bisect_left(starts, found.end(1)))
    }
