"""Datelines: `Cilacap, 31 Oktober 2025 —`, `Surakarta, kota-surakarta.kpu.go.id –`, `KPU BANDUNG
BARAT —`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kpucrawl.extract.characters import Span, has_digit
from kpucrawl.extract.credits.byline import FoundByline
from kpucrawl.extract.credits.credits import ROLES
from kpucrawl.extract.credits.units import DESKS, HOST, OFFICES, SECTIONS, tame_capitals, write_unit
from kpucrawl.extract.dates.dates import FoundDate, find_dates
from kpucrawl.extract.dates.event import is_national_polling
from kpucrawl.extract.phrases.labels import (
    find_salutation_end,
    is_caption,
    is_related,
    is_salutation,
)
from kpucrawl.extract.phrases.places import (
    NOT_PLACES,
    find_place,
    is_also_word,
    is_likely_name,
    names_level,
)
from kpucrawl.extract.records import Dateline

_LINES, _WINDOW, _PARTS, _NEAR = 8, 400, 6, 60
_LEAD = 90
"""Characters of a first line that is a lead, with the dateline in the paragraph behind it."""
_DASHES = r"–—‐‑‒―−|_~»›>•·=→-"
_SEPARATOR = re.compile(rf"[\s,.;:)\]*\"“”'/{_DASHES}]{{0,8}}")
_DASHED = re.compile(rf"[{_DASHES}]|\s/{{1,2}}\s")
_OPENING = re.compile(r"[\s(\[*\"“'#]{0,5}")
_DATE_LEAD = re.compile(r"(?:\b(?:pada|hari|ini|tanggal|tgl|jatuh)\b|[\s(\[*,.:/])*", re.IGNORECASE)
_WORD = r"[^\W\d_][^\W\d_'’`]*(?:['’`][^\W\d_]+)?"
_NAME = re.compile(rf"{_WORD}(?:(?:\.[ ]?|[ -]{{1,3}}){_WORD}){{0,5}}")
_WORD_END = re.compile(r"(?<=[^\W_])(?![^\W_'’`])")
_SPACED = re.compile(r"[^\W\d_](?:\s[^\W\d_]){2,24}(?!\w)")
_SENTENCE = re.compile(r"[.!?][”\"]?\s(?=[A-Z])")
_SPACED_HYPHEN = re.compile(r"\s-|-\s")
_GLUED = re.compile(r"(?<=[^\W\d_])-(?=[A-Z][a-z]|KPU|KIP)")
_HOST = re.compile(HOST, re.IGNORECASE)
_PLACED_HOST = re.compile(r"(?P<place>[A-Z][a-z]+)\.(?=[a-z-]+\.kpu\.go\.id)")
"""`Padang.sumbar.kpu.go.id -`: a place, and the host of its province."""
_OFFICE = re.compile(
    rf"(?:(?:{SECTIONS})\s(?:(?:(?-i:[A-Z])\w+|dan|&),?\s){{0,8}}|(?:{DESKS})(?:\b|_)[ "
    rf".-]{{0,3}})?(?:{OFFICES})\b"
    r"(?:\s?\((?:KPU|KIP)\))?"
    r"(?:(?: {1,2}|-)(?:(?:kab|prov)\. ?)?(?-i:[A-Z](?:[^\W_]|['’])*)){0,7}"
    r"|(?-i:(?:PP(?:LN|[KSD])|KPPS)(?: [A-Z][^\W_]+){1,5})"
    r"|(?:@|(?:humas|hupmas|hms|mc|ppid|media)[ ._-]?)kpu[\w.-]{0,40}|(?:humas|hupmas|media "
    r"center)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundDateline:
    """A dateline and the piece of a line that holds it, its last dash included."""

    dateline: Dateline
    span: Span


@dataclass(frozen=True, slots=True)
class _Part:
    """One element of a dateline."""

    kind: str
    """`place`, `unit`, `host` or `date`."""
    text: str
    end: int
    """Offset behind the separator."""
    separator: str
    known: bool = True
    """False for a place that only its position suggests."""
    date: FoundDate | None = None

    @property
    def dashed(self) -> bool:
        """Whether a dash follows."""
        return _DASHED.search(self.separator) is not None

    @property
    def closed(self) -> bool:
        """Whether a dash or a closing bracket follows."""
        return self.dashed or ")" in self.separator or "]" in self.separator

    @property
    def closed_off(self) -> bool:
        """Whether a full stop does, or what closes it."""
        return self.closed or self.separator.strip() == "."


def find_dateline(
    lines: Sequence[str],
    byline: FoundByline | None = None,
    *,
    opening: bool = True,
    context_year: int | None = None,
) -> FoundDateline | None:
    """The dateline among the first lines and where it stands, behind or below the byline that opens
    them.

    `opening` is False for lines from the middle of a text, where only place, date and dash together
    count.
    """
    credited = {span.line: span.end for span in byline.spans} if byline else {}
    led = False
    for index, line in enumerate(lines[:_LINES]):
        if not (opening or led) and not (has_digit(line) and _DASHED.search(line)):
            continue  # both belong to it
        start = credited.get(index) or find_salutation_end(line)
        if start >= len(line) or is_caption(line) or is_related(line) or is_salutation(line):
            continue
        dates = find_dates(line, context_year)
        if parts := _read_dateline_at(line, start, dates, opening=opening):
            return _locate(line, index, start, parts)
        for sentence in _find_sentences(line, start, dates):
            if parts := _read_dateline_at(line, sentence, dates, opening=False):
                return _locate(line, index, sentence, parts)
        parts = _read_dateline_at(line, start, dates, opening=True) if led else []
        if parts and _is_behind_lead(line, parts):
            return _locate(line, index, start, parts)
        led = opening and index == 0 and len(line) >= _LEAD
        opening = opening and len(line) < _LEAD
    return None


def _is_behind_lead(line: str, parts: Sequence[_Part]) -> bool:
    """Whether what opens the paragraph behind a lead is a dateline: one known place, with a host, a
    day or a dash behind it, before a sentence of its own."""
    places = [part for part in parts if part.kind == "place"]
    kinds, last = {part.kind for part in parts}, parts[-1]
    if len(places) != 1 or not places[0].known or parts[0] is not places[0]:
        return False
    begins = line[last.end :].lstrip("“\"'")[:1].isupper()
    return begins and ("host" in kinds or last.dashed or ("date" in kinds and last.closed_off))


def _find_sentences(line: str, start: int, dates: Sequence[FoundDate]) -> Iterator[int]:
    """Where the sentences begin that lead to a date with a dash behind it: `... bersama. Jepara, 27
    Juni 2025 –`."""
    for date in dates:
        separator = _SEPARATOR.match(line, date.end)
        if start < date.start < start + _WINDOW and separator and _DASHED.search(separator[0]):
            yield from (
                found.end()
                for found in _SENTENCE.finditer(line, max(start, date.start - _NEAR), date.start)
            )


def _read_dateline_at(
    line: str, start: int, dates: Sequence[FoundDate], *, opening: bool
) -> list[_Part]:
    """The elements of a dateline at an offset, none where there is no dateline."""
    parts = _read_parts(line[: start + _WINDOW], start, dates)
    return parts if parts and _is_dateline(line, parts, opening=opening) else []


def _locate(line: str, index: int, start: int, parts: Sequence[_Part]) -> FoundDateline:
    return FoundDateline(
        _build(line[start : parts[-1].end], parts), Span(index, start, parts[-1].end)
    )


def _build(raw: str, parts: Sequence[_Part]) -> Dateline:
    """The record from its parts."""
    date = next((part.date for part in parts if part.date), None)
    places = [part.text for part in parts if part.kind == "place"]
    unit = next((part.text for part in parts if part.kind in ("host", "unit")), None)
    days = (date.date, date.date_end, date.flags) if date else (None, None, ())
    return Dateline(raw.strip(), ", ".join(places) or None, unit, *days)


def _read_parts(line: str, start: int, dates: Sequence[FoundDate]) -> list[_Part]:
    """The elements from `start` on, up to the first words that are none, trailing doubtful ones cut
    off."""
    parts: list[_Part] = []
    while len(parts) < _PARTS:
        part = _read_part(line, parts[-1].end if parts else start, dates)
        if part is None or not _may_follow(part, parts):
            break
        parts.append(part)
    while parts and not _is_closed(line, parts[-1], parts):
        parts.pop()
    return parts


def _may_follow(part: _Part, parts: Sequence[_Part]) -> bool:
    """Whether an element can stand behind the others: one date, one unit, and behind a dash only
    what a dash closes."""
    kinds = {"unit" if item.kind == "host" else item.kind for item in parts}
    kind = "unit" if part.kind == "host" else part.kind
    if kind in ("date", "unit") and kind in kinds:
        return False
    behind_dash = bool(parts) and parts[-1].dashed
    if kind == "place" and parts:
        listed = "place" in kinds and len(parts) < 3
        return part.known and (listed or ("place" not in kinds and (behind_dash or part.dashed)))
    return (
        kind == "date"
        or not behind_dash
        or part.dashed
        or (part.kind == "host" and bool(part.separator.strip()))
    )


def _is_closed(line: str, part: _Part, parts: Sequence[_Part]) -> bool:
    """Whether what follows lets the element end here: `KPU Kota Batam, Rabu` is a subject, `KPU
    Rembang -` a unit."""
    after = line[part.end : part.end + 1]
    before = parts[-2] if len(parts) > 1 else None
    if part.kind == "date":
        placed = before is not None and before.kind == "place" and before.known
        if before and placed and before.dashed and not part.separator.strip() and after.islower():
            return False  # `Ambon - Tanggal 9 Desember 2015 nanti warga mencoblos`
        return placed or bool(part.separator.strip()) or not after.islower()
    if part.kind == "place":
        return (
            before is None
            or before.kind != "place"
            or not before.dashed
            or part.closed
            or ":" in part.separator
        )
    if part.kind == "unit":
        kinds = {item.kind for item in parts}
        named = len(part.text.split()) > 1 and "date" not in kinds
        parted = any(mark in part.separator for mark in ".:")
        desk = (
            before is not None
            and before.kind == "place"
            and before.known
            and before.separator.strip() == ","
        )
        between = (
            desk
            and "," in part.separator
            and line[: part.end].endswith(part.separator)
            and after.isupper()
        )
        return (
            part.closed
            or (named and ((not after and "place" in kinds) or parted))
            or (desk and parted and after.isupper())
            or (between and named and _is_capitals(line, part))
        )
    return True


def _is_capitals(line: str, part: _Part) -> bool:
    """Whether an element stands in capitals."""
    return line[: part.end - len(part.separator)].endswith(part.text.upper())


def _is_dateline(line: str, parts: Sequence[_Part], *, opening: bool) -> bool:
    """Whether these elements at the start of a line are a dateline and no part of a sentence."""
    kinds = {part.kind for part in parts}
    places = [part for part in parts if part.kind == "place"]
    known = bool(places) and any(part.known for part in places)
    last = parts[-1]
    if not opening:
        return known and "date" in kinds and last.dashed
    if places and kinds & {"host", "unit"}:
        return known or "host" in kinds or last.dashed
    if places and "date" in kinds:
        return known or last.closed_off or last.end >= len(line)
    if kinds == {"date"}:
        return last.date is None or not is_national_polling(last.date)
    if kinds == {"unit"}:
        return re.fullmatch(OFFICES, parts[0].text, re.IGNORECASE) is None
    return _is_place_alone(line, places) if places else True


def _is_place_alone(line: str, places: Sequence[_Part]) -> bool:
    """A place without date or unit: before a dash the gazetteer or capitals decide, before a comma
    much more."""
    last, after = places[-1], line[places[-1].end :]
    known = any(part.known for part in places)
    if last.dashed and is_also_word(last.text) and len(places) == 1 and after[:1].islower():
        return False
    if last.dashed:
        return (
            known
            or names_level(last.text)
            or "," in last.separator
            or _is_likely_place(line, last, after)
        )
    if len(places) > 1:
        return (
            known
            and after[:1].isupper()
            and (last.closed or any(mark in last.separator for mark in ".:;"))
        )
    if not last.known or is_also_word(last.text) or not after[:1].isupper():
        return False
    name = _NAME.match(after)
    return last.separator.strip() in (",", ".", ")", "]", ":", ";") and not (
        name and _find_known(after, name, 0)
    )


def _is_likely_place(line: str, place: _Part, after: str) -> bool:
    """Whether one unknown word is set off like a place: in capitals, or before a sentence that
    opens with a capital."""
    capitals = len(place.text) > 3 and line[: len(place.text)].isupper()
    return (
        (capitals or after[:1].isupper())
        and is_likely_name(place.text)
        and not re.match(ROLES, after, re.IGNORECASE)
    )


def _read_part(line: str, start: int, dates: Sequence[FoundDate]) -> _Part | None:
    """The element at an offset, a bracket before it allowed."""
    date = next(
        (
            found
            for found in dates
            if start <= found.start <= start + 30 and _DATE_LEAD.fullmatch(line, start, found.start)
        ),
        None,
    )
    if date:
        return _finish(line, "date", date.raw, date.end, date=date)
    opening = _OPENING.match(line, start)
    begin = opening.end() if opening else start
    placed = _PLACED_HOST.match(line, begin)
    if placed and find_place(placed["place"]):
        return _Part("place", placed["place"], placed.end(), ".")
    host = _HOST.match(line, begin)
    if host:
        return _finish(line, "host", write_unit(host[0]), host.end())
    office = _OFFICE.match(line, begin)
    if office and not find_place(office[0]):
        return _read_office(line, office, dates)
    return _read_place(line, begin, dates)


def _read_office(line: str, office: re.Match[str], dates: Sequence[FoundDate]) -> _Part | None:
    """A unit up to punctuation or a date; `KPU Rembang kedatangan` is the subject of a sentence."""
    last = _find_glued(line, office) or office.end()
    date = next((found.start for found in dates if office.start() < found.start < last), last)
    end = office.start() + len(line[office.start() : date].rstrip(" .-–"))
    part = _finish(line, "unit", write_unit(line[office.start() : end]), end)
    followed = any(end <= found.start <= part.end for found in dates)
    return part if part.separator.strip() or followed or part.end >= len(line) else None


def _find_glued(line: str, office: re.Match[str]) -> int | None:
    """Where a hyphen glues the next sentence to a unit: `KPU Rembang-Petugas`, but not `KPU
    Bau-Bau`."""
    for hyphen in _GLUED.finditer(line, office.start(), office.end()):
        region = re.split(
            rf"\b(?:{OFFICES})\b", line[office.start() : hyphen.start()], flags=re.IGNORECASE
        )[-1].strip()
        following = _NAME.match(line, hyphen.end())
        word = following[0].split()[0] if following else ""
        if find_place(region) and not find_place(f"{region}-{word}") and not find_place(word):
            return hyphen.start()
    return None


def _read_place(line: str, start: int, dates: Sequence[FoundDate]) -> _Part | None:
    """A place known to the gazetteer, or words in capitals before punctuation or a date."""
    spaced = _SPACED.match(line, start)
    if spaced:
        joined = re.sub(r"\s", "", spaced[0])
        return _finish(line, "place", joined.capitalize(), spaced.end())
    name = _NAME.match(line, start)
    if not name:
        return None
    known = _find_known(line, name, start)
    if (
        known and line[known : known + 1] == "-" and (second := _NAME.match(line, known + 1))
    ):  # `Raba-Bima`
        known = _find_known(line, second, known + 1) or known
    end = known or _find_unknown_end(line, name, dates)
    if not end:
        return None
    part = _finish(line, "place", tame_capitals(line[start:end]), end, known=bool(known))
    followed = any(end <= found.start <= part.end + 1 for found in dates) or line[
        part.end : part.end + 1
    ] in ("(", "[")
    usable = part.separator.strip() or followed
    return part if usable and (line[start].isupper() or followed) else None


def _find_known(line: str, name: re.Match[str], start: int) -> int | None:
    """Where the longest place of the gazetteer ends that these words begin with."""
    ends = [end.start() for end in _WORD_END.finditer(line, start, name.end())]
    ends = [end for end in [*ends, name.end()] if end > start]
    return next(
        (end for end in sorted(set(ends), reverse=True) if find_place(line[start:end])), None
    )


def _find_unknown_end(line: str, name: re.Match[str], dates: Sequence[FoundDate]) -> int | None:
    """Where words end that could name a place nobody listed: up to four, with capitals, none a
    known other word."""
    hyphen = _SPACED_HYPHEN.search(line, name.start(), name.end())
    last = hyphen.start() if hyphen else name.end()
    inside = next((found.start for found in dates if name.start() < found.start < last), last)
    words = line[name.start() : inside].rstrip(" .-").split()
    plausible = 1 <= len(words) <= 4 and all(word[0].isupper() for word in words)
    named = words[1:] if names_level(" ".join(words)) else words
    if not plausible or any(word.lower().strip(".-'’") in NOT_PLACES for word in named):
        return None
    dash = re.search(r"[A-Z]{3}(?=-[A-Z][a-z])", name[0])
    return name.start() + (dash.end() if dash else len(line[name.start() : inside].rstrip(" .-")))


def _finish(
    line: str, kind: str, text: str, end: int, *, known: bool = True, date: FoundDate | None = None
) -> _Part:
    """The element with the separator behind it."""
    separator = _SEPARATOR.match(line, end)
    return _Part(
        kind,
        text,
        separator.end() if separator else end,
        separator[0] if separator else "",
        known,
        date,
    )
