"""The gazetteer: regions, their seats and the short names the offices use (`places.csv`)."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from kpucrawl.extract.text import split_words

LEVELS = (
    r"kota|kab(?:upaten)?\.?|prov(?:insi)?\.?|kec(?:amatan)?\.?|desa|kelurahan|distrik|nagari"
    r"|pulau|kepulauan|ibu\s?kota"
)
LANDFORMS = (
    r"tanjung|muar[ao]|kuala|sungai|sei|bukit|gunung|teluk|kampung|lembang|padang|rantau|labuh?an|lubuk|bandar|ujung|tanah"
    r"|pasir|dusun|gampong|jorong|lembah|pantai|pelabuhan|simpang|koto|danau|huta|dolok|kecamatan|oe"
)
"""First words of many names of villages that no list holds."""
WORDS_TOO = split_words(
    "negara sumber nusantara rantau tanjung salak batu puncak batang landak bula pare benteng pandan banjar malaka "
    "kampar alor maba fef solok mitra palas tala mura tuba muba ppu pali oki oku tts ttu sbb sbt sbd mbd kkt ksb klu"
)
"""Places whose name is also a word or an acronym: before a lone comma they prove nothing."""

_LEVEL = re.compile(rf"(?:{LEVELS})\s*", re.IGNORECASE)
_NAMED = re.compile(rf"(?:{LEVELS}|{LANDFORMS})\s+(?-i:[A-Z])", re.IGNORECASE)


def fold_name(name: str) -> str:
    """Letters only, so that `Palangka Raya` and `PALANGKARAYA`, `Bau-Bau` and `Baubau` are one."""
    return "".join(filter(str.isalpha, name.casefold()))


def find_place(name: str) -> str | None:
    """The gazetteer's spelling of a place, with or without its level (`Kota Bitung`, `Kab. Bantul`)."""
    names = _load_places()
    bare = _LEVEL.sub("", name, count=1) if _LEVEL.match(name) else name
    return names.get(fold_name(name)) or names.get(fold_name(bare))


def names_level(name: str) -> bool:
    """Whether the words say themselves that they name a place: `Kecamatan Sukamaju`, `Muara Wahid`."""
    return _NAMED.match(name) is not None


def is_also_word(name: str) -> bool:
    """Whether the name may as well begin a sentence: `Negara, sebagai ...`."""
    return fold_name(name) in WORDS_TOO


@cache
def _load_places() -> dict[str, str]:
    """Folded name to spelling."""
    with (files("kpucrawl.extract") / "places.csv").open(encoding="utf-8") as rows:
        return {fold_name(row["name"]): row["name"] for row in csv.DictReader(rows)}
