"""How offices spell months, weekdays and clock times: tables to repair by a line."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache

from kpucrawl.extract.phrases.tables import load_groups, load_pattern

MONTHS = tuple(names for _, names in load_groups("month"))
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
WEEKDAYS = tuple(names for _, names in load_groups("weekday"))
"""Monday first; without apostrophes and blanks: `Jum’at` is `jumat`."""
_APOSTROPHE = r"\s?['’‘`´ʼ]?\s?"
WEEKDAY = (
    rf"(?:jum{_APOSTROPHE}a{_APOSTROPHE}[td]"
    rf"|{'|'.join(name for names in WEEKDAYS for name in names)})"
)
MARKET_DAYS = load_pattern("market_days")
DAYTIMES = load_pattern("daytimes")
RANGE_WORDS = r"sampai(?:\s{1,3}dengan)?|hingga|s\s?[./]{0,2}\s?d|to|until"
ZONES = load_pattern("zones")
RELATIVE = (
    r"(?:yang\s)?(?:mendatang|lalu|nanti|kemarin|kemaren|depan|silam|besok)|pukul|pkl|jam|ini"
)
COUNTED = load_pattern("counted")

MONTH_NAMES = "|".join(name for names in MONTHS for name in names if len(name) > 3)

_SPELLINGS = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
_LONG_NAMES = tuple(
    name for name in _SPELLINGS if len(name) >= 4 and name not in ("agus", "agst", "sept")
)
_FULL_NAMES = {name for name in _SPELLINGS if len(name) >= 5 or name in ("mei", "juni", "juli")}


@lru_cache(maxsize=4096)
def read_month(word: str, *, forgiving: bool) -> int | None:
    """The month's number for a whole name; forgiving also takes abbreviations, Roman figures and
    slips.

    `Sepetember` is 9, `Okt` is 10, `VII` is 7: only believed where a year or a weekday stands
    beside it.
    """
    name = word.lower()
    if name in _FULL_NAMES or not forgiving:
        return _SPELLINGS[name] if name in _FULL_NAMES else None
    if name in _SPELLINGS or word in ROMAN:
        return _SPELLINGS.get(name) or ROMAN.index(word) + 1
    close = get_close_matches(name, _LONG_NAMES, n=1, cutoff=0.8) if 4 <= len(name) <= 12 else []
    return _SPELLINGS[close[0]] if close else None


def read_weekday(word: str) -> int | None:
    """Monday is 0; any apostrophe will do in `Jum’at`."""
    name = "".join(letter for letter in word.lower() if letter.isalpha())
    return next((number for number, names in enumerate(WEEKDAYS) if name in names), None)


def read_short_year(figures: str) -> int:
    """`25` is 2025: of this century, as the commission is."""
    return 2000 + int(figures)
