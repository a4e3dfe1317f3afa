"""Dates in running text, in every notation the offices use. The day comes first, but for ISO."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date as Day
from datetime import time as Clock
from functools import lru_cache

from kpucrawl.extract.characters import has_digit
from kpucrawl.extract.phrases.words import (
    COUNTED,
    DAYTIMES,
    MARKET_DAYS,
    MONTH_NAMES,
    RANGE_WORDS,
    RELATIVE,
    ROMAN,
    WEEKDAY,
    ZONES,
    read_month,
    read_short_year,
    read_weekday,
)

FLAGS = ("weekday_mismatch", "impossible", "two_digit_year", "no_year", "range", "time")


@dataclass(frozen=True, slots=True)
class Written:
    """One day as written, believed or not."""

    day: int
    month: int
    year: int | None = None
    weekday: int | None = None
    """Monday is 0."""
    short: bool = False
    """The year had two digits."""

    def find_day(self, year: int | None = None) -> Day | None:
        """The calendar's day; None without a year and for `31 November`."""
        try:
            return Day(self.year or year or 0, self.month, self.day)
        except ValueError:
            return None

    def is_impossible(self) -> bool:
        """Whether no calendar has it; without a year the leap day is given the benefit of the
        doubt."""
        return self.find_day(2000) is None

    def contradicts(self, context_year: int | None) -> bool:
        """Whether the weekday is another one than the calendar's."""
        day = self.find_day(context_year)
        return day is not None and self.weekday is not None and day.weekday() != self.weekday


@dataclass(frozen=True, slots=True)
class FoundDate:
    """One date, or one range of days, and where it stands."""

    raw: str
    start: int
    """Offset of the weekday or bracket before it, or else of the first figure, in the text
    searched."""
    end: int
    """Offset behind its last figure and the bracket it closes."""
    first: Written
    last: Written | None = None
    """Last day of a range."""
    clock: Clock | None = None
    """The clock time beside it."""
    bracketed: bool = False
    date: Day | None = None
    """None without a year, and for a day that no calendar has."""
    date_end: Day | None = None
    flags: tuple[str, ...] = ()
    """In the order of `FLAGS`."""


# Every repetition is bounded, so that no text makes a search slower than its length.
_S = r"\s{0,4}"
_TIME = rf"\d{{1,2}}(?:[.:]\d{{2}}){{0,2}}{_S}(?:{ZONES})?"
_AT = r"(?:pukul|pkl\.?|jam|@)"
_TO = rf"(?:[-–—‐‑‒―−]{{1,2}}|(?:{RANGE_WORDS})\b\.?)"
_ON = rf"(?:(?:hari|tanggal|tgl\.?|pada){_S}){{0,2}}"
_LABEL = r"(?:tanggal|tgl)[\s.:]{0,3}"
_WEEKDAYS = rf"\b(?P<weekday>{WEEKDAY})(?:{_S}(?:{_TO}|dan|&){_S}(?P<weekday_end>{WEEKDAY})\b)?"
_PREFIX = re.compile(
    rf"(?:{_WEEKDAYS}(?:{_S}(?:{DAYTIMES}"
    rf"|{MARKET_DAYS})\b)?(?:{_S},?{_S}{_AT}{_S}(?P<clock>{_TIME}))?[\s,.:;*/|–-]{{0,6}})?"
    rf"(?P<label>\b{_LABEL})?(?P<open>[(\[]{_S}(?:{_LABEL})?)?$",
    re.IGNORECASE,
)
_WEEKDAY_AFTER = re.compile(
    rf"{_S}(?:[(\[]{_S}{_WEEKDAYS}{_S}[)\]]"
    rf"|,?\s(?:hari\s)?(?P<plain>{WEEKDAY})(?=(?:\s(?:{DAYTIMES}))?{_S}(?:[,.;)](?!{_S}[(\d])|$)))",
    re.IGNORECASE,
)
_LIST = rf"(?:,{_S}\d{{1,2}}{_S}){{0,5}},?{_S}(?:dan|&|serta|/)"
_NAMED = re.compile(
    rf"(?<!\d)(?<!\d[.,/:])(?:(?P<lead>\d{{1,2}}){_S}(?:(?P<to>{_TO})"
    rf"|{_LIST}){_S}(?:tanggal{_S})?)?"
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_S}[-./]?{_S}(?:bulan\s)?(?P<month>[a-z]{{3,11}}"
    rf"|(?-i:[IVX]{{1,4}}))"
    rf"(?:\.?{_S}[-./,’'‘]?{_S}(?:tahun{_S})?(?:(?P<year>(?:19|20)\d{{2}})(?!\d)"
    rf"|(?P<short>[0-3]\d)(?!\w|[.:,/]\d)(?!\s{{1,2}}(?:{COUNTED}|{MONTH_NAMES})\b)))?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?<!\d)(?<!\d[.,/:])(?:(?<!\d-)|(?<=/\d{4}-)|(?<=/\d{2}-)|(?<=/\d-))(?<!\w\.)"
    rf"(?:(?P<lead>\d{{1,2}})(?:/(?P<lead_month>\d{{1,2}}))?{_S}(?P<to>{_TO}){_S}(?=\d{{1,2}}\s?[/.]))?"
    r"(?P<day>\d{1,2})\s?(?P<sep>[-/.–])\s?(?P<month>\d{1,2})"
    r"(?:\s?(?:(?P=sep)\s?|[-/](?=\d{4}))(?:(?P<year>(?:19|20)\d{2})(?!\d)|(?P<short>\d{2})(?!\w"
    r"|[/.]\w|-\w(?!\d?/))))?"
    r"(?!\d|[/:.]\d|-\d(?!\d?/))",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(?<![\w/.-])(?P<year>(?:19|20)\d{2})([-/])(?P<month>\d{2})\2(?P<day>\d{2})(?=$|[^\w/-]|T\d)"
)
_ENGLISH = re.compile(
    r"(?P<month>[a-z]{3,9})\.?\s{1,2}(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s{1,2}(?P<year>(?:19"
    r"|20)\d{2})(?!\d)",
    re.I,
)
_WORD_BEFORE = re.compile(r"(?<![^\W_])[A-Za-z]{3,9}\.?\s{1,2}$")
_FIGURE = re.compile(r"\d{1,4}")
_JOIN = re.compile(rf"[\s,)\]]{{0,4}}{_TO}{_S}{_ON}[(\[]?", re.IGNORECASE)
_AND = re.compile(rf"[\s,)\]]{{0,4}}(?:dan|&|serta){_S}{_ON}[(\[]?", re.IGNORECASE)
_CLOCK_AFTER = re.compile(
    rf"[\s,()\]|*/;–-]{{0,5}}(?:(?:mulai|sejak|tepat|sekitar|tepatnya|pada|at){_S}){{0,2}}"
    rf"(?:{_AT}{_S}(?P<clock>{_TIME})|T?(?P<bare>\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?!\d)"
    rf"|\d{{1,2}}\.\d{{2}}(?={_S}(?:(?:{ZONES})\b|$|[|)\n]))))",
    re.IGNORECASE,
)
_CLOCK_BEFORE = re.compile(
    rf"(?:{_AT}{_S}(?P<clock>{_TIME}){_S}(?:{DAYTIMES})?"
    rf"|(?P<bare>\d{{1,2}}[.:]\d{{2}}){_S}(?:{ZONES}))[\s,(|]{{0,4}}{_ON}$",
    re.IGNORECASE,
)
_RELATIVE = re.compile(rf"\s{{1,2}}(?:{RELATIVE})\b", re.IGNORECASE)
_CLOSING = re.compile(r"\s?[)\]]")
_NOT_A_DATE = re.compile(
    r"#\w*$|\b(?:jalan|jln|jl|gang|gedung|stadion|universitas|untag)\b\.?\s?$", re.I
)
"""Before the figures of a hashtag, and of a street that bears the day's name: `Jalan 17 Agustus
1945`."""
_NOT_A_DAY = re.compile(
    r"(?:per\w+|setengah|separuh|bagian|nomor|no\.?|pasal|ayat|halaman|hal\.?|versi|skor|rt|rw"
    r"|tps)\s?[(\[]?$",
    re.I,
)
_PREFIX_LENGTH = 70
_LONGEST_DAY = 2
"""Figures of a day or a month."""
MOST_FIGURES = 500
"""Figures of one line that are looked at: a paragraph of an office has some twenty, a table pasted
as one line two hundred."""


def find_dates(text: str, context_year: int | None = None) -> tuple[FoundDate, ...]:
    """All dates of a text in order; lone years and months are none.

    `context_year` only serves to judge the weekday of a date that has no year.
    """
    return _find_judged(text, context_year) if has_digit(text) else ()


@lru_cache(maxsize=256)
def _find_judged(text: str, context_year: int | None) -> tuple[FoundDate, ...]:
    return tuple(_judge(item, context_year) for item in _find_unjudged(text))


@lru_cache(maxsize=256)
def _find_unjudged(text: str) -> tuple[FoundDate, ...]:
    """The dates as written; kept for a while, since several readers ask for the same lines."""
    found: list[FoundDate] = []
    for item in sorted(_find_single(text), key=lambda single: (single.start, -single.end)):
        if not found or item.start > found[-1].end:
            joined = _join(text, found[-1], item) if found else None
            found[len(found) - bool(joined) :] = [joined or item]
    return tuple(found)


def has_many_figures(text: str) -> bool:
    """Whether a line has more figures than are looked at; so many need a character between any
    two."""
    if len(text) <= 2 * MOST_FIGURES:
        return False
    return sum(1 for _ in itertools.islice(_FIGURE.finditer(text), MOST_FIGURES + 1)) > MOST_FIGURES


def _find_single(text: str) -> Iterator[FoundDate]:
    """Dates not yet joined to ranges, each with its weekday and bracket."""
    for figure in itertools.islice(_FIGURE.finditer(text), MOST_FIGURES):
        for core in _match_cores(text, figure.start(), figure.end()):
            if found := _read_core(text, core):
                yield found
                break


def _match_cores(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """What may be the day, month and year at a figure, in each notation; only ISO begins with a
    year."""
    if end - start > _LONGEST_DAY:
        yield from filter(None, (_ISO.match(text, start),))
        return
    yield from filter(None, (pattern.match(text, start) for pattern in (_NAMED, _NUMERIC)))
    if not text[start - 1 : start].isspace():
        return
    word = _WORD_BEFORE.search(text, max(0, start - 12), start)
    english = _ENGLISH.match(text, word.start()) if word else None
    yield from (english,) if english else ()


def _read_core(text: str, core: re.Match[str]) -> FoundDate | None:
    """The date with what stands around it; None when the figures are something else."""
    if not core["month"].isdigit() and read_month(core["month"], forgiving=True) is None:
        return None
    if _NOT_A_DATE.search(text, max(0, core.start() - _PREFIX_LENGTH), core.start()):
        return None
    prefix = _PREFIX.search(text, max(0, core.start() - _PREFIX_LENGTH), core.start())
    written = _read_written(core, text, anchored=_is_anchored(core, prefix)) if prefix else None
    return _locate(text, core, prefix, *written) if prefix and written else None


def _is_anchored(core: re.Match[str], prefix: re.Match[str]) -> bool:
    """Whether a weekday, a bracket or `tanggal` says that a date follows; `(2-1)` and `tanggal 2-5`
    stay figures."""
    slashed = core.groupdict().get("sep") in (None, "/")
    return bool(prefix["weekday"] or ((prefix["open"] or prefix["label"]) and slashed))


def _read_written(
    core: re.Match[str], text: str, *, anchored: bool
) -> tuple[Written, Written | None, bool] | None:
    """First day, last day and whether the two are a range; None when the figures are something
    else."""
    parts = core.groupdict()
    short = parts.get("short")
    year = read_short_year(short) if short else int(parts["year"]) if parts["year"] else None
    written = parts["month"]
    expected = written[0].isupper() and _RELATIVE.match(text, core.end()) is not None
    dated = anchored or year is not None or expected
    month = int(written) if written.isdigit() else read_month(written, forgiving=dated)
    if month is None or ("sep" in parts and not _is_numeric_date(core, month, anchored=anchored)):
        return None
    if (written.isdigit() or written in ROMAN) and _NOT_A_DAY.search(
        text, max(0, core.start() - 14), core.start()
    ):
        return None
    day = Written(int(parts["day"]), month, year, short=bool(short))
    if not parts.get("lead"):
        return day, None, False
    first = replace(day, day=int(parts["lead"]))
    if lead_month := parts.get("lead_month"):
        first = _lend_year(Written(first.day, int(lead_month)), day)
    return first, day, bool(parts["to"])


def _is_numeric_date(core: re.Match[str], month: int, *, anchored: bool) -> bool:
    """Whether bare figures are a date: `1/3`, `09.30` and `2.1.10` need a weekday or a bracket to
    be one."""
    day, sep = int(core["day"]), core["sep"]
    if not 1 <= day <= 39:
        return False
    if core["year"]:
        return 1 <= month <= 31
    plausible = 1 <= month <= 12 and day <= 31
    return (
        plausible
        and (anchored or (bool(core["short"]) and sep == "/"))
        and (sep == "/" or anchored)
    )


def _locate(
    text: str,
    core: re.Match[str],
    prefix: re.Match[str],
    first: Written,
    last: Written | None,
    ranged: bool,
) -> FoundDate:
    """The written days with weekday, bracket and clock time."""
    closing = _CLOSING.match(text, core.end()) if prefix["open"] else None
    after = None if prefix["weekday"] else _WEEKDAY_AFTER.match(text, core.end())
    end = (closing or after or core).end()
    names = (
        (after["weekday"] or after["plain"], after["weekday_end"])
        if after
        else prefix.group("weekday", "weekday_end")
    )
    first, last = _add_weekday(first, names[0]), _add_weekday(last, names[1]) if last else None
    beside = (
        _CLOCK_AFTER.match(text, end),
        _CLOCK_BEFORE.search(text, max(0, prefix.start() - _PREFIX_LENGTH), prefix.start()),
    )
    clocks = (prefix["clock"], *(found["clock"] or found["bare"] for found in beside if found))
    return FoundDate(
        text[prefix.start() : end],
        prefix.start(),
        end,
        first,
        last if ranged else None,
        next((_read_clock(clock) for clock in clocks if clock), None),
        prefix["open"] is not None,
    )


def _add_weekday(day: Written, name: str | None) -> Written:
    """The day with the weekday written beside it."""
    return replace(day, weekday=read_weekday(name)) if name else day


def _read_clock(written: str) -> Clock | None:
    """`09.30 WIB` and `9:30`; `25.00` is none."""
    hour, minute, *_ = (*(int(part) for part in re.findall(r"\d+", written)), 0)
    try:
        return Clock(hour, minute)
    except ValueError:
        return None


def _join(text: str, before: FoundDate, item: FoundDate) -> FoundDate | None:
    """Both as one: `31 Mei s.d. 2 Juni 2021` is a range, `5 Mei dan 2 Juni 2021` is 5 May 2021;
    else None."""
    gap = text[before.end : item.start]
    if before.last or len(gap) > _PREFIX_LENGTH:
        return None
    whole = replace(
        before, raw=text[before.start : item.end], end=item.end, clock=before.clock or item.clock
    )
    if _JOIN.fullmatch(gap):
        return replace(whole, first=_lend_year(before.first, item.first), last=item.first)
    if _AND.fullmatch(gap) and before.first.year is None:
        return replace(
            whole, first=replace(before.first, year=item.first.year, short=item.first.short)
        )
    return None


def _lend_year(first: Written, last: Written) -> Written:
    """The start of a range takes the end's year, or the year before if it would be later."""
    if first.year or not last.year:
        return first
    later = (first.month, first.day) > (last.month, last.day)
    return replace(first, year=last.year - later, short=last.short)


def _judge(found: FoundDate, context_year: int | None) -> FoundDate:
    """The calendar's word on what is written: days and flags."""
    days = [found.first, *([found.last] if found.last else [])]
    date, date_end = found.first.find_day(), found.last.find_day() if found.last else None
    backward = date is not None and date_end is not None and date_end < date
    marks = (
        any(day.contradicts(context_year) for day in days),
        any(day.is_impossible() or (day.year and day.find_day() is None) for day in days),
        any(day.short for day in days),
        any(day.year is None for day in days),
        found.last is not None and not backward,
        found.clock is not None,
    )
    flags = tuple(flag for flag, is_set in zip(FLAGS, marks, strict=True) if is_set)
    return replace(found, date=date, date_end=None if backward else date_end, flags=flags)
