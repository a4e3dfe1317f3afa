"""Under which hosts an office may be: variants of its name, as offices of its kind are called."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from kpucrawl.sites import DOMAIN, Site

KINDS = {"kabupaten": "kab", "kota": "kota"}
TITLES = re.compile(
    r"(?i)^(?:kabupaten|kota|provinsi|daerah khusus ibukota|daerah istimewa)\s+"
    r"(?:administrasi\s+)?"
)
MOST_VARIANTS = 24
"""Hosts tried for one office: each costs a look-up, once a month."""

RESPELT = (
    ("kepulauan", "kep"), ("pegunungan", "peg"), ("gunungkidul", "gunung kidul"),
    ("kulon progo", "kulonprogo"), ("tulang bawang", "tulangbawang"), ("fak fak", "fakfak"),
    ("fakfak", "fak fak"), ("toli toli", "tolitoli"), ("tolitoli", "toli toli"),
    ("baubau", "bau bau"), ("bau bau", "baubau"), ("muko muko", "mukomuko"),
    ("mukomuko", "muko muko"), ("labuhanbatu", "labuhan batu"), ("batanghari", "batang hari"),
    ("batang hari", "batanghari"), ("palangkaraya", "palangka raya"),
    ("palangka raya", "palangkaraya"), ("pangkajene dan kepulauan", "pangkep"),
    ("pangkajene kepulauan", "pangkep"), ("siau tagulandang biaro", "sitaro"),
    ("kepulauan tanimbar", "maluku tenggara barat"), ("pasangkayu", "mamuju utara"),
    ("mempawah", "pontianak"), ("toba", "toba samosir"), ("lima puluh kota", "limapuluhkota"),
    ("dharmasraya", "darmasraya"),
    ("tanjung pinang", "tanjungpinang"), ("pare pare", "parepare"), ("parepare", "pare pare"),
    ("pematangsiantar", "pematang siantar"), ("pematang siantar", "siantar"),
    ("padangsidimpuan", "padang sidempuan"), ("padang sidempuan", "padangsidimpuan"),
    ("tebing tinggi", "tebingtinggi"), ("ogan komering ilir", "oki"),
    ("ogan komering ulu", "oku"), ("penukal abab lematang ilir", "pali"),
    ("selayar", "kepulauan selayar"), ("mahakam ulu", "mahulu"),
)  # fmt: skip
"""A name as it is written now or officially, and as it was or is written too."""
LETTERS = (("dj", "j"), ("tj", "c"), ("oe", "u"), ("sj", "sy"), ("nj", "ny"))
"""The spelling of before 1972, which names of places kept longest."""


def list_variants(site: Site, taken: Collection[str] = ()) -> tuple[str, ...]:
    """The hosts under which an office may be, the likeliest first, without its own and those
    `taken` by others.

    Kota Surakarta: `kota-surakarta`, `surakarta`, `kotasurakarta`, `kip-surakarta` ...
    """
    hosts = (f"{label}{DOMAIN}" for label in _list_labels(site))
    found = dict.fromkeys(host for host in hosts if host != site.host and host not in taken)
    return tuple(found)[:MOST_VARIANTS]


def _list_labels(site: Site) -> Iterator[str]:
    spellings = [_join(name) for name in list_spellings(site.name)]
    first = KINDS.get(site.level, "")
    prefixes = dict.fromkeys((first, "", "kip", "kab", "kota") if first else ("", "kip", "prov"))
    for glue in ("-", ""):
        for prefix in prefixes:
            for together, parted in spellings:
                yield f"{prefix}{glue}{together}" if prefix else together
                yield f"{prefix}{glue}{parted}" if prefix else parted


def list_spellings(name: str) -> list[str]:
    """An office's name without its title, as it is and was spelt: `gunungkidul`, `gunung kidul`."""
    bare = re.sub(r"[^a-z0-9]+", " ", TITLES.sub("", name).lower()).strip()
    respelt = [
        re.sub(rf"\b{one}\b", other, bare) for one, other in RESPELT if _has_words(bare, one)
    ]
    letters = [bare.replace(old, new) for old, new in LETTERS if old in bare]
    return list(dict.fromkeys((bare, *respelt, *letters)))


def _has_words(name: str, words: str) -> bool:
    return re.search(rf"\b{words}\b", name) is not None


def _join(name: str) -> tuple[str, str]:
    words = name.split()
    return "".join(words), "-".join(words)
