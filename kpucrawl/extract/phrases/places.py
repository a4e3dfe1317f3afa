"""The gazetteer: regions, their seats and the short names the offices use (`places.csv`).

The `code` is the Ministry's of the region a row names or is the seat of: a town that is the seat of
two has two rows, and a region has two seats where its law names a town and the lists its district.
Regions and seats are those of Kepmendagri 300.2.2-2430 of 2025, checked against other lists and the
laws, as docs/sources.md tells.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files

from kpucrawl.extract.phrases.tables import load_pattern, load_words

LEVELS = load_pattern("levels")
LANDFORMS = load_pattern("landforms")
"""First words of many names of villages that no list holds."""
WORDS_TOO = load_words("words_too")
"""Places whose name is also a word or an acronym: before a lone comma they prove nothing."""
NOT_PLACES = load_words("not_places")
"""Words no unknown place begins with or contains; the gazetteer overrules them."""
PLAIN_WORDS = load_words("plain_words")
"""Words that may stand before a dash as well: no lone unknown word is a place that is one of
them."""

_ABSTRACT = re.compile(r"(?:itas|asi|isme|logi|ansi|sis|nya)$|^(?:ke|pe)\w{4,}an$", re.IGNORECASE)
_LEVEL = re.compile(rf"(?:{LEVELS})\s*", re.IGNORECASE)
_SHORT_ISLANDS = re.compile(r"kep\b\.?\s?", re.IGNORECASE)
_SIDE = re.compile(
    r"(?<=[^\W\d_])\s(?:utara|selatan|timur|barat|tengah|hulu|hilir|kota|timur laut|barat daya)$",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"(?:{LEVELS}|{LANDFORMS})\s+(?-i:[A-Z])", re.IGNORECASE)


def fold_name(name: str) -> str:
    """Letters only, so that `Palangka Raya` and `PALANGKARAYA`, `Bau-Bau` and `Baubau` are one."""
    return "".join(filter(str.isalpha, name.casefold()))


@lru_cache(maxsize=4096)
def find_place(name: str) -> str | None:
    """The gazetteer's spelling of a place, with or without its level (`Kota Bitung`, `Kab.
    Bantul`).

    A part of one, as districts are called, stays as written: `Simeulue Timur`.
    """
    names = _load_places()
    whole = _SHORT_ISLANDS.sub("Kepulauan ", name, count=1) if "kep" in name.lower() else name
    if found := names.get(fold_name(whole)):
        return found
    level = _LEVEL.match(whole)
    bare = whole[level.end() :] if level else whole
    if level and (found := names.get(fold_name(bare))):
        return found
    side = _SIDE.search(bare)
    return name if side and fold_name(bare[: side.start()]) in names else None


def names_level(name: str) -> bool:
    """Whether the words say themselves that they name a place: `Kecamatan Sukamaju`, `Muara
    Wahid`."""
    return _NAMED.match(name) is not None


def is_likely_name(word: str) -> bool:
    """Whether a word that nobody listed sounds like a name, not like a subject: `Sukamundur`, but
    not `Sinergi`."""
    plain = word.lower() in PLAIN_WORDS or word.lower() in NOT_PLACES
    return word.isalpha() and word[1:].islower() and not plain and _ABSTRACT.search(word) is None


def is_also_word(name: str) -> bool:
    """Whether the name may as well begin a sentence: `Negara, sebagai ...`."""
    return fold_name(name) in WORDS_TOO


@cache
def _load_places() -> dict[str, str]:
    """Folded name to spelling."""
    with (files("kpucrawl.extract.phrases") / "places.csv").open(encoding="utf-8") as rows:
        return {fold_name(row["name"]): row["name"] for row in csv.DictReader(rows)}
