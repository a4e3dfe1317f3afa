"""The day a text says it happened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kpucrawl.extract.dates.dates import FoundDate, find_dates
from kpucrawl.extract.phrases.labels import is_related
from kpucrawl.extract.records import Dateline, Event

VOTING = r"(?:pemungutan\s+suara|pencoblosan|coblosan|hari\s?-?h)"
ELECTION = (
    r"(?:pilkada|pemilu|pilgub|pilbup|pilwa(?:li|ko)|pilpres|pileg"
    r"|pemilihan(?:\s+(?!pada\b)\w+){0,4})"
)
POLLING = rf"(?:{VOTING}|{ELECTION})"
BALLOT = r"tps|hak\s+(?:pilih|suara)\w*|mencoblos|nyoblos|coblos|memilih|bilik\s+suara"
"""What is said of a polling day besides."""
POLLING_DAYS = frozenset(
    {
        (9, 4, 2014),
        (9, 7, 2014),
        (9, 12, 2015),
        (15, 2, 2017),
        (27, 6, 2018),
        (17, 4, 2019),
        (9, 12, 2020),
        (14, 2, 2024),
        (27, 11, 2024),
    }
)
"""Day, month, year of the national ones."""
PAPERS = (
    r"surat(?!\s+suara)\w*|sk|keputusan|undangan|nota|peraturan|pkpu|perppu|perpres|permen\w*"
    r"|perda|undang-undang|uu|instruksi"
    r"|edaran|maklumat|berita\s+acara|putusan|disposisi|perjanjian|memorandum|akta|nomor|no\."
)
DATED = (
    r"tanggal|tertanggal|tgl\.?|bertanggal|(?:(?:diteken|diundangkan|disahkan|ditetapkan"
    r"|ditandatangani|diterbitkan|dikeluarkan)"
    r"(?:\s+(?:pada|tanggal|tgl\.?)){0,2})"
)
"""What stands between a paper and its date."""
BIRTHS = r"(?<!hari\s)lahir|kelahiran|dilahirkan|ttl"
DEATHS = r"wafat|meninggal(?:\s+dunia)?|almarhum\w*|alm\.?|berpulang|tutup\s+usia|mangkat|gugur"
"""Nearer to their date than a birth, which names its town first."""
FIRST_EVENT_YEAR = 1999

_POLLING_BEFORE = re.compile(
    rf"\b{VOTING}(?:\s+{ELECTION})?"
    r"(?:\s+(?:serentak|nasional|tahun|\d{4}|yang|akan|jatuh|dilaksanakan|digelar"
    r"|diselenggarakan)){0,6}"
    r"[\s,:(]*(?:pada|tanggal|hari|yakni|yaitu|jatuh)?[\s,:(]*(?:pada|tanggal|hari)?[\s,:(]*$",
)
_ACTIVITY = re.compile(
    r"\b(?:simulasi|sosialisasi|rapat|rakor|evaluasi|bimtek|bimbingan|pelatihan|persiapan|diskusi"
    r"|apel|deklarasi|peluncuran"
    r"|distribusi|monitoring|launching|hasil)\b",
)
_PAST = re.compile(r"\b(?:telah|sudah|kemarin|berlangsung|usai|selesai)\b")
_POLLING_AFTER = re.compile(
    rf"[\s,)]{{0,3}}(?:(?:nanti|mendatang|lusa|akan|menjadi|adalah|merupakan|sebagai|ditetapkan"
    rf"|merupakan|jadi)\s+){{1,4}}(?:hari\s+)?{POLLING}",
)
_POLLING_WORD = re.compile(rf"\b(?:{POLLING}|{BALLOT})\b")
_LETTER_BEFORE = re.compile(
    rf"\b(?:{PAPERS})(?![a-z])(?:[^.!?]|[.](?=\S)){{0,120}}\b(?:{DATED})[\s:(]*$"
)
_PAPER_NAMED = re.compile(rf"\b(?=[A-Z])(?i:{PAPERS})(?![a-z])(?:\s[A-Z]\w+){{0,3}}\s?$")
_PAPER_NUMBER = re.compile(
    rf"\b(?:{PAPERS})\s(?:[^!?]{{0,80}}\d+[./][^\s]{{2,40}}|[^.!?,]{{0,80}}\d+,)[\s,(]*$",
    re.IGNORECASE,
)
_LIFE_BEFORE = re.compile(rf"\b(?:(?:{BIRTHS})\b[^.!?]{{0,50}}|(?:{DEATHS})\b[^.!?,]{{0,40}})$")
_BACKGROUND_BEFORE = re.compile(
    r"\b(?:sejak|semenjak|sebelumnya|paling\s+lambat|terakhir|selambat\S*|hingga"
    r"|sampai(?:\s+dengan)?|per|mulai|berlaku|sebelum|setelah|menjelang"
    r"|semula|jadwal|tahapan|masa|periode|tertanggal|diundangkan|disahkan|ditetapkan|peringatan"
    r"|memperingati|proklamasi|kemerdekaan|deadline|batas\s+\w+)\b(?:\s+\w+){0,3}\s*(?:pada"
    r"|tanggal|hari|,|\s)*[(\s]*$",
)
_WORDS_AROUND = 160
"""Characters before and after a date that tell what it is the day of; they are searched in lower
case, which takes a fifth of the time, but for names of papers."""


@dataclass(frozen=True, slots=True)
class BodyDate:
    """A date in the text behind the dateline, and what it is the day of."""

    found: FoundDate
    role: str
    """`event`, `background`, `life` (born, died), `paper` (a letter's) or `polling`."""


def read_event(
    lines: Sequence[str], dateline: Dateline | None = None, context_year: int | None = None
) -> Event | None:
    """The first day or range of days that is not another thing's.

    Polling day, the date of a letter, a life span and a related item's date never count; days named
    as background count only where there is no other. `context_year` judges the weekday of a date
    without year: the dateline's year where the caller knows none.
    """
    return choose_event(list_dates(lines, dateline, context_year))


def list_dates(
    lines: Sequence[str], dateline: Dateline | None = None, context_year: int | None = None
) -> Iterator[BodyDate]:
    """All dates of a text but the dateline's and those of related items, in order."""
    year = context_year or (dateline.date.year if dateline and dateline.date else None)
    for line in lines:
        dates = find_dates(line, year)
        if not dates or is_related(line):
            continue
        start = _find_start(line, dateline)
        for found in dates:
            if found.start >= start:
                yield BodyDate(found, _name_role(line, found, start))


def choose_event(dates: Iterable[BodyDate]) -> Event | None:
    """The first event's day, or else the first of the background."""
    behind: FoundDate | None = None
    for date in dates:
        if date.role == "event":
            return _build(date.found)
        behind = behind or (date.found if date.role == "background" else None)
    return _build(behind) if behind else None


def _build(found: FoundDate) -> Event:
    return Event(found.raw, found.date, found.date_end, found.flags)


def _find_start(line: str, dateline: Dateline | None) -> int:
    """Where a line begins behind its dateline."""
    return len(dateline.raw) if dateline and line.startswith(dateline.raw) else 0


def _name_role(line: str, found: FoundDate, start: int) -> str:
    """What the words beside a date, from `start` on, make it the day of."""
    before, after = (
        line[max(start, found.start - _WORDS_AROUND) : found.start],
        line[found.end : found.end + _WORDS_AROUND],
    )
    opened = found.raw.lower().startswith(("tanggal", "tgl"))
    low, behind = before.lower(), after.lower()
    papers = low + "tanggal " if opened and not re.search(r"\bpada\s*$", before) else low
    if _LIFE_BEFORE.search(low) or _is_life_span(found):
        return "life"
    if _LETTER_BEFORE.search(papers) or (
        found.first.weekday is None and _ends_with_paper(before, found)
    ):
        return "paper"
    if _is_polling_day(low, behind, found):
        return "polling"
    old = (found.first.year or FIRST_EVENT_YEAR) < FIRST_EVENT_YEAR
    return "background" if old or _BACKGROUND_BEFORE.search(low) else "event"


def _ends_with_paper(before: str, found: FoundDate) -> bool:
    """`Keputusan Nomor 12/2024, 3 Mei 2024`, `Surat Edaran (4 Mei 2023)`."""
    return bool(_PAPER_NUMBER.search(before) or (found.bracketed and _PAPER_NAMED.search(before)))


def _is_life_span(found: FoundDate) -> bool:
    """`(12 Mei 1950 – 3 Juni 2020)`."""
    return bool(
        found.last
        and found.first.year
        and found.last.year
        and found.last.year - found.first.year > 5
    )


def is_national_polling(found: FoundDate) -> bool:
    """Whether a date is one on which the whole country voted."""
    day, month, year = found.first.day, found.first.month, found.first.year
    return any((day, month) == (d, m) and year in (y, None) for d, m, y in POLLING_DAYS)


def _is_polling_day(before: str, after: str, found: FoundDate) -> bool:
    """Whether the words beside a date make it the day of the vote and not of the item."""
    past = _PAST.search(before[-90:]) is not None
    if (
        is_national_polling(found)
        and not past
        and _POLLING_WORD.search(f"{before[-90:]} {after[:80]}")
    ):
        return True
    if _POLLING_AFTER.match(after):
        return True
    return _POLLING_BEFORE.search(before) is not None and not past and not _ACTIVITY.search(before)
