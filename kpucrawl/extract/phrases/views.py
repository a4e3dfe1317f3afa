"""Page view counters."""

from __future__ import annotations

import re

from kpucrawl.extract.characters import split_lines
from kpucrawl.extract.phrases.tables import load_pattern

COUNTER_WORDS = load_pattern("counter_words")
THINGS = r"(?:artikel|berita|halaman|laman|konten|tulisan|posting(?:an)?|pos)"
COUNTED_THINGS = rf"{THINGS}\s(?:ini\s)?"
READERS = load_pattern("readers")
READING = (
    r"(?:(?:sudah|telah)\s)?(?:membaca|melihat|menonton|mengunjungi|mengakses|dibaca"
    r"|dilihat|ditonton|dikunjungi)"
)
UNIT_WORDS = load_pattern("unit_words")
SHARE_WORDS = load_pattern("share_words")
THOUSANDS = {
    "rb": 1_000,
    "ribu": 1_000,
    "k": 1_000,
    "jt": 1_000_000,
    "juta": 1_000_000,
    "m": 1_000_000,
}

_NUMBER = (
    r"(?P<{}>\d{{1,3}}(?:[., ]\d{{3}}){{1,3}}|\d{{1,9}}(?:[.,]\d{{1,2}})?)(?!\d)"
    r"(?:\s?(?P<{}>rb|ribu|k|jt|juta|m)\b)?"
)
_LABEL_FIRST = (
    rf"(?:{COUNTED_THINGS})?(?:(?:telah|sudah|jumlah"
    rf"|total)\s)?(?:{COUNTER_WORDS})(?:\s{THINGS}(?:\sini)?)?"
    r"\s*(?:sebanyak|oleh)?\s*(?:[:=–]|(?<!\s)-|-(?=\s))?\s*"
)
_COUNTER = re.compile(
    rf"(?:(?:{SHARE_WORDS})[\s:,|]+){{0,12}}(?:(?:komentar|comments?)\s?\(\d+\)\s)?(?:"
    rf"{_LABEL_FIRST}[(\[]?{_NUMBER.format('n1', 'u1')}[)\]]?\s*(?:{UNIT_WORDS})?[)\]]?"
    rf"(?:\s(?:{COUNTER_WORDS}))?"
    r"(?:\s(?:sejak|hingga|sampai)\s[\w\s]{3,30})?"
    rf"|(?:statistik(?:\s{THINGS})?\s*:\s*)?{_NUMBER.format('n2', 'u2')}\s*(?:(?:kali|x)\s*)?"
    rf"(?:(?:{COUNTER_WORDS})(?:\s(?:dan|/|&)\s(?:{COUNTER_WORDS}))?"
    rf"|(?:{READERS}\s)?{READING}(?:\sdan\s{READING})?(?:\s{THINGS})?(?:\sini)?)"
    r")\s*[.!]?",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"{_NUMBER.format('number', 'unit')}\s*(?:{UNIT_WORDS})?\s*[.!]?(?:,\s.*)?", re.IGNORECASE
)
_PIECES = re.compile(
    r"\s*[|·•\n]\s*|\s{3,}|(?<=\d\skali)(?=[A-Z])|\s[-–—/]\s|,\s|\s*\[\s*|\s+(?=\((?:di|ter)\w{4,10}\b[^()]{1,20}\)$)"
)
_FRACTION = re.compile(r"\d+[.,]\d{1,2}")
_BARE = re.compile(r"\d{1,3}(?:\.\d{3}){1,2}|\d{1,7}")
_SITE = re.compile(r"\b(?:hari|minggu|bulan|tahun)\sini\b|\bkemarin\b|\bonline\b|\btoday\b", re.I)
_TOTAL = re.compile(r"(?:total|jumlah)\b", re.I)
"""Beside the visitors of a day, a total is the site's."""
_LONGEST_COUNTER = 160


def read_views(text: str) -> int | None:
    """The page's own view counter, or None: `Telah dilihat 1.234 kali`, `Dibaca: 3.210x`, `1,2 rb
    views`.

    A counter fills a line, or a piece of one between bars; a figure inside a sentence is never
    taken.
    """
    lines = split_lines(text)
    of_site = any(map(_SITE.search, lines))
    for line in lines:
        if of_site and _TOTAL.match(line):
            continue
        for piece in (line, *_PIECES.split(line)):
            found = (
                _COUNTER.fullmatch(piece.strip("()[] ")) if len(piece) <= _LONGEST_COUNTER else None
            )
            if found:
                return _read_number(found["n1"] or found["n2"], found["u1"] or found["u2"])
    return None


def read_count(text: str) -> int | None:
    """The number beside a label or an eye, which say that it counts views: `1.234`, `1,2 rb`,
    `12 kali`."""
    found = _COUNT.fullmatch(text)
    return _read_number(found["number"], found["unit"]) if found else None


def read_bare_count(line: str) -> int | None:
    """The number that stands alone on a line, as listings print it above an item's title."""
    stripped = line.strip()
    return (
        int(stripped.replace(".", "")) if _BARE.fullmatch(stripped) and stripped.isascii() else None
    )


def _read_number(digits: str, unit: str | None) -> int | None:
    """`1.234` is 1234; with a unit `1,2` is a decimal fraction: `1,2 rb` is 1200, but `1.234.567
    rb` is so many thousands. Without a unit `12,5` counts nothing."""
    if not unit:
        return None if _FRACTION.fullmatch(digits) else int(re.sub(r"\D", "", digits))
    plain = digits.replace(",", ".").replace(" ", "")
    number = float(plain) if plain.count(".") <= 1 else int(plain.replace(".", ""))
    return round(number * THOUSANDS[unit.lower()])
