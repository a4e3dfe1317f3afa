"""How offices spell months, weekdays and clock times: tables to repair by a line."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from dateutil.parser import parserinfo

MONTHS = (
    ("januari", "january", "jan", "januar"),
    ("februari", "february", "feb", "pebruari", "peb", "febuari", "pebuari"),
    ("maret", "march", "mar", "mrt"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("agustus", "august", "agu", "agt", "ags", "agst", "agus", "aug"),
    ("september", "sept", "sep"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nopember", "nov", "nop"),
    ("desember", "december", "des", "dec"),
)
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
WEEKDAYS = (
    ("senin", "senen", "monday"),
    ("selasa", "tuesday"),
    ("rabu", "rebo", "wednesday"),
    ("kamis", "thursday"),
    ("jumat", "jum'at", "friday"),
    ("sabtu", "saturday"),
    ("minggu", "ahad", "sunday"),
)
WEEKDAY = (
    r"(?:sen[ie]n|selasa|rab[uo]|rebo|kamis|jum\s?['’‘`´ʼ]?\s?at|sabtu|minggu|ahad"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
DAYTIMES = r"pagi|siang|sore|petang|malam|dini\shari"
RANGE_WORDS = r"sampai(?:\s{1,3}dengan)?|hingga|s\s?[./]{0,2}\s?d|to|until"
ZONES = r"wib|wita|wit"
COUNTED = (
    r"orang|peserta|siswa|pelajar|mahasiswa|anggota|tps|desa|kelurahan|kecamatan|kabupaten|kota|partai|pegawai"
    r"|personel|pemilih|pasangan|lembar|kali|hari|tahun|bulan|jam|menit|persen|unit|buah|kotak|sekolah"
)


class IndonesianInfo(parserinfo):
    """The tables under the names python-dateutil wants; two-digit years are of this century, as the commission is."""

    MONTHS: Any = [(*names, roman.lower()) for names, roman in zip(MONTHS, ROMAN, strict=True)]  # noqa: RUF012
    WEEKDAYS: Any = list(WEEKDAYS)  # noqa: RUF012
    JUMP: Any = [*parserinfo.JUMP, "pukul", "jam", "tanggal", "tgl", "hari", "|", "wib", "wita", "wit"]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__(dayfirst=True)

    def convertyear(self, year: int, century_specified: bool = False) -> int:
        """`25` is 2025; `0025` stays."""
        return year + 2000 if year < 100 and not century_specified else year


INFO = IndonesianInfo()
_SPELLINGS = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
_LONG_NAMES = tuple(name for name in _SPELLINGS if len(name) >= 5)
_FULL_NAMES = {name for name in _SPELLINGS if len(name) >= 5 or name in ("mei", "juni", "juli")}


@lru_cache(maxsize=4096)
def read_month(word: str, *, forgiving: bool) -> int | None:
    """The month's number for a whole name; forgiving also takes abbreviations, Roman figures and slips.

    `Sepetember` is 9, `Okt` is 10, `VII` is 7: only believed where a year or a weekday stands beside it.
    """
    name = word.lower()
    if name in _FULL_NAMES or not forgiving:
        return _SPELLINGS[name] if name in _FULL_NAMES else None
    if name in _SPELLINGS or word in ROMAN:
        return _SPELLINGS.get(name) or ROMAN.index(word) + 1
    close = get_close_matches(name, _LONG_NAMES, n=1, cutoff=0.82) if 5 <= len(name) <= 12 else []
    return _SPELLINGS[close[0]] if close else None


def read_weekday(word: str) -> int | None:
    """Monday is 0; any apostrophe will do in `Jum’at`."""
    return INFO.weekday("".join(letter for letter in word.lower() if letter.isalpha()))
