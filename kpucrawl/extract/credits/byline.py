"""Bylines above and below an article: who wrote, edited, took the pictures, and for which desk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from kpucrawl.extract.characters import Span
from kpucrawl.extract.credits.authors import is_full_name
from kpucrawl.extract.credits.credits import (
    ANY_LABEL,
    COLON,
    DEGREE,
    HEAD_LABEL,
    LABEL,
    ROLES,
    Credit,
    find_labels,
    is_name,
    read_credit,
)
from kpucrawl.extract.credits.fields import read_fields, read_tagged
from kpucrawl.extract.credits.units import ACRONYMS, DESKS, OFFICES, SECTIONS, is_unit, write_unit
from kpucrawl.extract.dates.dates import find_dates
from kpucrawl.extract.phrases.labels import is_related
from kpucrawl.extract.phrases.places import NOT_PLACES, PLAIN_WORDS, find_place, is_also_word
from kpucrawl.extract.records import Byline

SAYING = (
    r"pungkas|ujar|kata|tutup|tegas|jelas|ungkap|tutur|imbuh|papar|terang|tambah|ucap|harap|pesan"
)
_FURNITURE = re.compile(
    r"bagikan|share|facebook|twitter|what\w*app|telah dilihat|selengkapnya|(?:#\w+\s?)+$|tags?\s*:"
    r"|\*+$|komentar",
    re.IGNORECASE,
)
_TOP_LINES, _BOTTOM_LINES, _LONGEST, _SHORT = 5, 6, 200, 70
MOST_CLOSING, LONGEST_CLOSING = 2, 80
"""Lines behind a credit that close a text, and their characters: `Demikian disampaikan.`"""

_OPEN = r"(?:\*\)\s?)?[(\[{*\"“•–-]{0,2}\s?"
_TOP = re.compile(rf"{_OPEN}{LABEL}{COLON}\s{{0,3}}", re.IGNORECASE)
_HEAD_LABEL = re.compile(HEAD_LABEL, re.IGNORECASE)
_TOP_BARE = re.compile(
    rf"{_OPEN}(?:(?i:(?:ditulis|disusun|dilaporkan)\soleh|(?:{ANY_LABEL})\s?(?:&|dan|/)\s?(?:{ANY_LABEL})"
    r"\soleh)\s|(?:[Oo]leh|OLEH|By)\s{1,3}|(?i:penulis|oleh|by)\s{0,2}[-–]\s{0,2}|Penulis,\s)(?=[A-Z])"
)
_RELEASED = re.compile(rf"(?i:rilis|siaran\spers|publikasi)\s(?=(?i:{DESKS}|{OFFICES})\b)")
_BOTTOM_LABEL = re.compile(
    rf"(?:^|(?<=[.!?\"”)\]]\s)|(?<=[.!?\"”])){_OPEN}(?:(?:{LABEL}|red(?:aksi)?){COLON}"
    rf"|(?:(?:(?:{ANY_LABEL})\s?(?:&|dan|/)\s?(?:{ANY_LABEL})|(?-i:Ditulis|Disusun|Dilaporkan|Diliput"
    r"|Foto))\s(?:oleh|by)\s"
    r"|(?-i:Penulis)\s?[-–]\s)(?-i:(?=[A-Z])))",
    re.IGNORECASE,
)
_COLON_MARK = re.compile(r"[:;=✍📝🖋🖊🖍📷📸]")
"""Stands in every match of `_TOP`, near its start."""
_LABEL_MARK = re.compile(rf"{_COLON_MARK.pattern}|(?:[oO][lL][eE][hH]|[bB][yY])\s|Penulis")
"""Stands in every match of `_BOTTOM_LABEL`; most lines have none."""
_LONE_LABEL = re.compile(rf"[(\[*]{{0,2}}(?:{ANY_LABEL})\s?[:;=]", re.IGNORECASE)
_LONE_WORD = re.compile(
    r"(?i:ditulis\soleh)|OLEH|PENULIS|EDITOR|Oleh|Penulis|Editor|Reporter|Kontributor|Fotografer"
)
"""A label on a line of its own needs no colon: the name stands below it."""
_NUMBER = re.compile(r"\d{1,2}[.)]\s")
_PREFACE = re.compile(
    r"(?:artikel|tulisan|berita|catatan|resensi|esai|ulasan|kolom|refleksi|opini|feature|laporan"
    r"|liputan)\s(?:ini\s|lapangan\s|singkat\s)?(?=(?:ditulis|oleh)\b)",
    re.IGNORECASE,
)
_BAR = re.compile(r"\s*\|\s*")
_ON = re.compile(r"\s(?:pada|on|tanggal|tgl)\b", re.IGNORECASE)
_CLOCK = re.compile(r"^[\s,|]*\d{1,2}[.:]\d{2}(?:\s?wit?[ab]?)?", re.IGNORECASE)
_FOOTNOTE = re.compile(
    rf"(?P<note>[(\[*\s]{{0,4}}(?:\)\s?)?)(?:jabatan\s*[:=]\s*)?(?:penulis\s+(?:adalah"
    rf"|merupakan)\s+)?(?P<role>{ROLES}.*)",
    re.IGNORECASE,
)
_NAME_ROW = re.compile(r"nama\s?[:=]\s?(?P<name>\S.{2,60})", re.IGNORECASE)
_POST_ROW = re.compile(r"jabatan\s?[:=]\s?(?P<role>\S.{2,140})", re.IGNORECASE)
_ROW = re.compile(r"[\w/. ]{2,30}\s?[:=]")
"""A further row makes it the table of a person, and no credit."""
_OFFICE = re.compile(rf"(?:{OFFICES})\s(?:[\w.]+\s?){{1,5}}", re.IGNORECASE)
_OFFICE_LINE = re.compile(
    rf"(?:(?:{SECTIONS}|{DESKS})\b[\w .&]{{0,40}}\b)?{_OFFICE.pattern}", re.IGNORECASE
)
_ABOUT_WRITER = re.compile(
    r"[(\[*\s]{0,4}(?:\)\s?)?penulis\s+(?:adalah|merupakan)\s(?P<role>)", re.IGNORECASE
)
_DIVISION = re.compile(
    r"\b[Dd]ivisi\s(?:(?:hukum|pengawasan|teknis|penyelenggara\w*|perencanaan|data|informasi"
    r"|rendatin|datin|logistik|keuangan"
    r"|umum|rumah\stangga|sosialisasi|pendidikan|pemilih|partisipasi|masyarakat|sdm|parmas"
    r"|sosdiklih|penelitian|litbang"
    r"|pengembangan|sumber\sdaya\smanusia|hupmas|dan|&)\b[\s,]{0,2}){1,16}",
    re.IGNORECASE,
)
_BRACKET = re.compile(
    r"[(\[{/<«]((?:[^()\[\]{}<>«»]|\([^()]{0,80}\)){1,160})[)\]}/>»](?P<stop>[\s.\"”*-]{0,4})$"
)
_STOPPED = re.compile(r"(?:^|[.!?…:;,\"”“’'*)\]])\s{0,4}$")
_UNIT_BEFORE = re.compile(
    rf"(?:^|[.!?\"”]\s{{1,4}})(?P<unit>(?:{SECTIONS}|{OFFICES}"
    rf"|{DESKS})\b[^.!?]{{0,80}}?)\s{{0,3}}$",
    re.IGNORECASE,
)
_MARKED = re.compile(r"(?:^|(?<=[.!?\"”])(?<!,[\"”])\s{0,3})[-–—*~=_|→]{1,3}\s?(?=[@A-Za-z])")
"""What stands before a signature: `– Wira`, `|| Wira`."""
_SHORT_NAME = re.compile(r"@?[A-Za-z][A-Za-z0-9.]{1,19}(?: [A-Z][A-Za-z.]{1,15}){0,2}")
_SIGNED = re.compile(
    r"(?:^|(?<=[.!?\"”])\s{0,3})(?P<name>(?:[A-Z]\. ?)?@?[A-Za-z][\w.]{0,18}\w(?: [A-Z]\w{0,15})?)"
    r"\s?[-–—*~]{1,2}$"
)
_CLOSING_DATE = re.compile(r"(?<=[)\]])\s{0,3}(?:[A-Z]\w{2,20} ?){0,3}[\s,.]{0,4}$")
_DESK = re.compile(rf"(?![A-Z]+$)(?i:{DESKS})")
_DEGREED = re.compile(rf"[^(),]{{2,60}}(?:,\s*{DEGREE})+(?=\s+[A-Z][a-z])")
_RUNNING = 3
"""Words that are a sentence running on: two may be a second writer."""
_ADDRESS = re.compile(r"(?:https?://|\b[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,4}/)\S*$", re.I)
"""An address at the end of a line: it credits nobody."""
_SENTENCE_START = re.compile(r"[.!?\"”]\s+(?=[A-Z\[(|])")
_OFFICE_HOST = re.compile(r"[(\[](?:kab|kota|kip)-[a-z]+\.kpu\.go\.id/[\w ]+[)\]]$", re.I)
"""An office's host, and who signs for it: `(kota-blitar.kpu.go.id/rina)`."""
_HASHTAGS = re.compile(r"(?:\s{0,2}#\w{1,60}){1,20}\s{0,2}$")
_NAME_BEFORE = re.compile(r"(?:^|[.!?\"”]\s{1,4})(?P<name>[A-Z][^.!?()\d]{1,40}?)\s{0,3}$")
_DATED_NAME = re.compile(
    rf"(?:[.!?\"”]\s{{1,3}}(?:[A-Z][\w.]+\s){{0,2}}"
    rf"|\b(?:{SAYING})(?:nya)?\s(?:[A-Z][\w.]+\s){{2,4}})(?P<name>[A-Z][a-z]\w+)\s{{0,2}}$"
)
_UNIT_LINE = re.compile(
    rf"^(?:{SECTIONS})\b[^.!?]{{0,60}}\b(?:{OFFICES})\b[^.!?,]{{0,40}}$"
    rf"|(?:^|(?<=[.!?”]\s))[-–—*~_#\s]{{0,4}}"
    rf"(?:(?:^|(?<=[*~_#]))(?:{DESKS}|sub\s?bag(?:ian)?)|hu[mp]+as|media center|tim humas"
    r"|(?-i:Red)(?=\.?$))"
    r"(?:\b|[a-z_]*kpu)"
    r"(?:[^.!?,*#]|\bkab\.|\bprov\.){0,60}(?:\.|[*~_#]{1,4})?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundByline:
    """A byline and the pieces of lines that hold it."""

    byline: Byline
    spans: tuple[Span, ...]


def join_bylines(top: FoundByline | None, bottom: FoundByline | None) -> FoundByline | None:
    """The credits of an article's head and tail as one; the head's word wins where both speak.

    Where both were found in one line, it is one credit, and the longer one counts.
    """
    if top is None or bottom is None:
        return top or bottom
    if {span.line for span in top.spans} & {span.line for span in bottom.spans}:
        return max(top, bottom, key=lambda found: len(found.spans))
    return _merge(top, bottom)


def find_top_byline(lines: Sequence[str]) -> FoundByline | None:
    """`Oleh : M. Muhni (Divisi ...)` among the first lines, with further credit lines below it."""
    found: FoundByline | None = None
    joined = _join_labels(lines[: 2 * _TOP_LINES])
    lines = [line for line, _ in joined]
    for index in range(min(len(lines), _TOP_LINES)):
        item = _read_top_line(lines, index, further=found is not None)
        is_above = index == 0 and _is_labelled(lines[1:2])
        if item is None and (found or is_above) and _is_office(lines[index]):
            item = _read_office(lines[index], index)
        if item:
            found = _merge(found, item) if found else item
        elif found and index not in {span.line for span in found.spans}:
            break
    return _place_spans(found or _read_pair(lines), joined)


def _read_pair(lines: Sequence[str]) -> FoundByline | None:
    """A name alone on the first line, and its office in brackets on the second; or both in one
    bracket."""
    if lines and (enclosed := _BRACKET.fullmatch(lines[0])):
        credit = read_credit(enclosed[1], bracketed=True)
        name = credit.writers[0] if len(credit.writers) == 1 else ""
        signed = is_full_name(name) and enclosed[1].lstrip().startswith(name)
        said = credit.build(lines[0]) if signed and (credit.role or credit.units) else None
        return FoundByline(said, (Span(0, 0, len(lines[0])),)) if said else None
    if len(lines) < 2:
        return None
    row, post = _NAME_ROW.fullmatch(lines[0]), _POST_ROW.fullmatch(lines[1])
    if row and post and is_name(row["name"]) and not _ROW.match("".join(lines[2:3])):
        byline = Byline("\n".join(lines[:2]), (row["name"],), post["role"])
        return FoundByline(byline, (Span(0, 0, len(lines[0])), Span(1, 0, len(lines[1]))))
    if not is_full_name(lines[0]):
        return None
    footnote = re.fullmatch(rf"\((?P<role>{ROLES}[^()]{{3,140}})\)", lines[1], re.IGNORECASE)
    if footnote is None:
        return None
    byline = Byline("\n".join(lines[:2]), (lines[0],), footnote["role"])
    return FoundByline(byline, (Span(0, 0, len(lines[0])), Span(1, 0, len(lines[1]))))


def find_bottom_byline(lines: Sequence[str]) -> FoundByline | None:
    """Credits at the end: `(Ed:Asa/kpusurakarta)`, `Penulis: ...`, `M.Muh-`, the last ones
    first."""
    found: FoundByline | None = None
    passed = 0
    joined = _join_labels(lines)
    lines = [line for line, _ in joined]
    for index in range(len(lines) - 1, max(-1, len(lines) - 1 - _BOTTOM_LINES), -1):
        line = lines[index]
        if is_related(line) or _FURNITURE.match(line) or _is_date_only(line):
            continue
        if _is_listed(lines, index):
            continue
        item = _read_bottom_line(line, index)
        is_below = found is None and index > 0 and _is_labelled(lines[index - 1 : index])
        if item is None and (found or is_below) and _is_office(line):
            item = _read_office(line, index)
        if item and passed and not _is_bracketed(line, item):
            break
        if item is None and found is None and _may_close(line, passed):
            passed += 1
            continue
        found = _merge(item, found) if item and found else item or found
        if item is None or item.spans[0].start > 0:
            break
    return _place_spans(found, joined)


def _is_office(line: str) -> bool:
    """Whether a line beside a credit is nothing but an office: `KPU Kab. Manggarai Barat`."""
    return len(line) < _SHORT and _OFFICE_LINE.fullmatch(line) is not None and _is_title(line)


def _read_office(line: str, index: int) -> FoundByline | None:
    byline = read_credit(line, bracketed=False).build(line)
    return FoundByline(byline, (Span(index, 0, len(line)),)) if byline else None


def _is_listed(lines: Sequence[str], index: int) -> bool:
    """Whether a line is an item of a list typed with dashes, and no signature: `- Hasil Pleno`
    below another or below `Berita terkait:`."""
    above = lines[index - 1] if index else ""
    below = lines[index + 1] if index + 1 < len(lines) else ""
    mark = lines[index][:2]
    if mark not in ("- ", "• ", "* ", "– "):
        return False
    return above.startswith(mark) or below.startswith(mark) or is_related(above)


def _may_close(line: str, passed: int) -> bool:
    """Whether a line can be what some offices write behind their credit: `Salam demokrasi.`"""
    return passed < MOST_CLOSING and len(line) <= LONGEST_CLOSING


def _is_bracketed(line: str, item: FoundByline) -> bool:
    """Whether a credit is in brackets at the end of a sentence: all that is believed before a
    closing line."""
    end = line.rstrip(" .")
    return end[-1:] in (")", "]") and bool(item.byline.writers or item.byline.unit)


def _read_top_line(lines: Sequence[str], index: int, *, further: bool) -> FoundByline | None:
    """`Oleh: ...` with the role in its bracket or on the next line; further lines take any
    label."""
    line = lines[index]
    if fields_found := read_fields(line):
        byline, end = fields_found
        return FoundByline(byline, (Span(index, 0, end),))
    start = _find_dated_end(line)
    label = _TOP.match(line, start) if _COLON_MARK.search(line, start, start + _SHORT) else None
    if label and not further and not _opens_text(label, lines[index + 1 : index + 2]):
        label = None
    label = label or (_TOP_BARE.match(line, start) if len(line) < _LONGEST else None)
    if not label:
        return _read_release(line, index)
    end = _find_credit_end(line, label.end())
    if _TOP.match(line[end:].lstrip(" ,/;")):
        end = len(line)
    bare = not _LABEL_MARK.match(label[0].rstrip()[-1])
    credit = _read_announced(label[0], line[label.end() : end])
    role = credit.role
    spans = [Span(index, 0, end)]
    following = lines[index + 1] if role is None and index + 1 < len(lines) else ""
    footnote = (
        _FOOTNOTE.match(following) if len(following) < 120 and not following.endswith(".") else None
    )
    if footnote:
        role, spans = footnote["role"].strip("() "), [*spans, Span(index + 1, 0, len(following))]
    credit.add_role(role)
    built = credit.build(line[:end])
    unsigned = bare and role is None and built is not None and not built.writers
    if built is None or (unsigned and not (built.unit and len(line) < _SHORT and _is_title(line))):
        return None
    return FoundByline(built, tuple(spans))


def _opens_text(label: re.Match[str], following: Sequence[str]) -> bool:
    """Whether a label can be the first of a text: any of two, in its line or the next one, or one
    that says who writes; the others begin captions and lists too."""
    if label["second"] or _HEAD_LABEL.fullmatch(label["label"]):
        return True
    return len(find_labels(label.string[:_LONGEST])) > 1 or _is_labelled(following)


def _is_labelled(lines: Sequence[str]) -> bool:
    """Whether a line is short and begins with a label."""
    return any(len(line) < _SHORT and _TOP.match(line) for line in lines)


def _read_announced(label: str, text: str) -> Credit:
    """The credit behind a label, whether a colon stands between them or not."""
    announced = label.strip('([{*•"“ ').rstrip(" :;=-–,").lstrip(") -–")
    return read_credit(f"{announced}: {_close_brackets(text)}", bracketed=False)


def _read_release(line: str, index: int) -> FoundByline | None:
    """`Rilis Humas KPU Kabupaten Paser`, and nothing else in the line."""
    released = _RELEASED.match(line)
    unit = line[released.end() :] if released and len(line) < _SHORT else ""
    if not unit or not is_unit(unit) or not _is_title(unit):
        return None
    return FoundByline(Byline(line, unit=write_unit(unit)), (Span(index, 0, len(line)),))


def _find_dated_end(line: str) -> int:
    """Where a credit begins behind `Rabu, 14 Agustus 2019 | ` or `Artikel ini `."""
    if preface := _PREFACE.match(line):
        return preface.end()
    first = next(iter(find_dates(line)), None) if "|" in line[:_SHORT] else None
    bar = _BAR.match(line, first.end) if first and not first.start else None
    return bar.end() if bar else 0


def _join_labels(lines: Sequence[str]) -> list[tuple[str, tuple[int, ...]]]:
    """The lines with their numbers, a label alone on its line joined to the name and the role below
    it."""
    if not any(map(_is_lone_label, lines)):
        return [(line, (index,)) for index, line in enumerate(lines)]
    joined: list[tuple[str, tuple[int, ...]]] = []
    for index, line in enumerate(lines):
        number = _NUMBER.match(line)
        if joined and _is_lone_label(joined[-1][0]) and len(line) < _LONGEST:
            above, numbers = joined.pop()
            name = line[number.end() :] if number else line
            joined.append((f"{above.rstrip(' :;=')}: {name}", (*numbers, index)))
        elif number and joined and len(joined[-1][1]) > 1 and len(line) < _SHORT:
            above, numbers = joined.pop()
            joined.append((f"{above}, {line[number.end() :]}", (*numbers, index)))
        elif (
            joined
            and len(joined[-1][1]) == 2
            and _FOOTNOTE.fullmatch(line)
            and len(line) < _LONGEST
            and line[-1] != "."
        ):
            above, numbers = joined.pop()
            joined.append((f"{above} ({line.strip('()[] ')})", (*numbers, index)))
        else:
            joined.append((line, (index,)))
    return joined


def _is_lone_label(line: str) -> bool:
    if _LONE_WORD.fullmatch(line):
        return True
    return line.endswith((":", ";", "=")) and _LONE_LABEL.fullmatch(line) is not None


def _place_spans(
    found: FoundByline | None, lines: Sequence[tuple[str, tuple[int, ...]]]
) -> FoundByline | None:
    """The credit with its spans on the lines as they were before labels were joined."""
    if found is None:
        return None
    spans: list[Span] = []
    for span in found.spans:
        text, numbers = lines[span.line]
        whole = len(numbers) > 1
        spans += [
            Span(number, 0 if whole else span.start, len(text) if whole else span.end)
            for number in numbers
        ]
    return replace(found, spans=tuple(spans))


def _close_brackets(text: str) -> str:
    """The text without the quotes and brackets around the whole credit."""
    bare = text.rstrip(' .*"”')
    is_closed = bare[-1:] in ("]", "}") or bare.count(")") > bare.count("(")
    return bare[:-1].rstrip() if is_closed else text.rstrip(' *"”')


def _find_credit_end(line: str, start: int) -> int:
    """Where the credit ends in a line that may run on: `(Divisi ...)Cilacap, 15 Oktober 2020Sesama
    ...`."""
    bracket = re.compile(r"[^()]{2,80}\([^()]{3,160}\)").match(line, start)
    if bracket:
        return bracket.end()
    division = _DIVISION.search(line, start, start + _LONGEST)
    behind = line[division.end() :] if division else ""
    if division and behind[:30].strip(" .,") and not _OFFICE.match(behind):
        return division.end()
    if degreed := _find_degree_end(line, start):
        return degreed
    date = next((found for found in find_dates(line[:400]) if found.start > start), None)
    if not date:
        return len(line)
    if on := _ON.search(line, start, date.start):
        return on.start()
    if (bar := line.rfind("|", start, date.start)) > 0:
        return len(line[:bar].rstrip())
    words = list(re.finditer(r"[^\W\d_]+", line[start : date.start]))
    for first in words[-4:]:
        rest = line[start + first.start() : date.start]
        if find_place(rest) and not is_also_word(rest):  # `Rahmat Mulia` is one name
            return start + first.start()
    is_last = date.end >= len(line.rstrip(" .)"))
    return date.start if is_last or len(line) > _LONGEST else len(line)


def _find_degree_end(line: str, start: int) -> int | None:
    """Where a sentence runs on behind the writer's degrees: `Wira Santika, SIP Setiap tahun`."""
    degreed = _DEGREED.match(line, start)
    behind = line[degreed.end() :].lstrip() if degreed else ""
    if degreed is None or re.match(rf"(?:{ROLES}|(?:dan|&)\s)", behind, re.IGNORECASE):
        return None
    return degreed.end() if len(behind.split()) >= _RUNNING else None


def _read_bottom_line(line: str, index: int) -> FoundByline | None:
    if "/" in line and _ADDRESS.search(line) and not _OFFICE_HOST.search(line):
        return None
    line = _HASHTAGS.sub("", line) if "#" in line and line[-1] != "#" else line
    if signed := _read_last_fields(line, index):
        return signed
    about = _FOOTNOTE.fullmatch(line) if len(line) < _LONGEST and line[:1] == "*" else None
    if about := _ABOUT_WRITER.match(line) or about:
        role = line[about.start("role") :].rstrip(" .)")
        return FoundByline(Byline(line, (), role), (Span(index, 0, len(line)),))
    readers = [_read_bracket, _read_labelled, _read_signature, _read_release]
    if _BOTTOM_LABEL.match(line):
        readers[:2] = _read_labelled, _read_bracket
    if _ends_with_date(line):
        dropped = _drop_date(line)
        readers += [] if line[len(dropped) :].lstrip().startswith(",") else [_read_dated_name]
        line = _CLOSING_DATE.sub("", dropped)
    for read in readers:
        found = read(line, index)
        if found:
            before = (
                _read_bracket(line[: found.spans[0].start].rstrip(), index)
                if found.spans[0].start
                else None
            )
            signed_twice = before is not None and before.byline.writers and found.byline.writers
            return _merge(before, found) if before and not signed_twice else found
    return None


def _read_last_fields(line: str, index: int) -> FoundByline | None:
    """Names with their labels behind them, after the last sentence of a text."""
    tail = max(0, len(line) - _LONGEST)
    is_parted = "|" in line and line.rstrip(" .*")[-1:] not in ")]}"
    is_parted = is_parted and _BOTTOM_LABEL.search(line, tail) is None
    if "(" not in line and not is_parted:
        return None
    starts = [sentence.end() for sentence in _SENTENCE_START.finditer(line, tail)]
    starts[:0] = [] if tail else [0]
    for start in starts:
        if byline := read_tagged(line[start:]):  # `Hj. Darmi (editor)` begins no sentence
            return FoundByline(byline, (Span(index, start, len(line)),))
    for start in reversed(starts) if is_parted else ():
        if found := read_fields(line[start:]):
            return FoundByline(found[0], (Span(index, start, len(line)),))
    return None


def _read_labelled(line: str, index: int) -> FoundByline | None:
    """`Penulis: Andi | Editor: Budi`."""
    from_here = max(0, len(line) - _LONGEST)
    may_label = _LABEL_MARK.search(line, from_here)
    label = _BOTTOM_LABEL.search(line, from_here) if may_label else None
    if not label:
        return None
    start = label.start()
    credit = _read_announced(label[0], line[label.end() :])
    byline = credit.build(line[start:])
    return FoundByline(byline, (Span(index, start, len(line)),)) if byline else None


def _read_bracket(line: str, index: int) -> FoundByline | None:
    """`... tutupnya. (Humas KPU Kota Palu, cml/ft andika/ed rudy)`."""
    bracket = _BRACKET.search(line, max(0, len(line) - _LONGEST))
    if not bracket:
        return None
    head = line[: bracket.start()]
    unit = _UNIT_BEFORE.search(head, max(0, len(head) - 120))
    credit = read_credit(_drop_date(bracket[1]), bracketed=True)
    name = (
        _NAME_BEFORE.search(head, max(0, len(head) - 60))
        if credit.units and not credit.writers and not unit
        else None
    )
    name = name if name and is_name(name["name"]) and not is_unit(name["name"]) else None
    is_stopped = _STOPPED.search(head[-6:]) is not None or _ends_with_date(head)
    if not (is_stopped or unit or name or _is_surely_credit(credit, bracket)):
        return None
    if name and "".join(word[0] for word in name["name"].split()) == bracket[1]:
        return None  # `Panitia Pemungutan Suara (PPS)`
    start = unit.start("unit") if unit else name.start("name") if name else bracket.start()
    credit.units[:0] = [unit["unit"].strip(" -–")] if unit else []
    credit.writers += [name["name"]] if name else []
    byline = credit.build(line[start:])
    return FoundByline(byline, (Span(index, start, len(line)),)) if byline else None


def _is_surely_credit(credit: Credit, bracket: re.Match[str]) -> bool:
    """Whether a bracket behind an open sentence still signs it: by a label, a desk or small
    initials."""
    desk = bool(credit.units) and not bracket[1].isupper() and "." not in bracket["stop"]
    labelled = (
        bool(credit.editors or credit.photographers) or desk or _DESK.match(bracket[1]) is not None
    )
    initials = bracket[1].strip()
    small = len(initials) <= 5 and initials.islower() and initials not in PLAIN_WORDS
    paired = re.fullmatch(r"([A-Z]{2,3})[/&]([A-Z]{2,3})", initials)
    if paired and ACRONYMS.isdisjoint(paired.groups()):
        return True
    return labelled or (small and ("." not in bracket["stop"] or not set(initials) & set("aiueo")))


def _read_signature(line: str, index: int) -> FoundByline | None:
    """`M.Muh-`, `-eko-`, and a desk alone on its line."""
    if marked := _read_marked(line, index):
        return marked
    signed = _SIGNED.search(line, max(0, len(line) - 60))
    if signed and is_name(signed["name"]):
        byline = read_credit(signed["name"], bracketed=True).build(signed[0].strip())
        return FoundByline(byline, (Span(index, signed.start(), len(line)),)) if byline else None
    desk = _UNIT_LINE.search(
        _drop_date(line) if len(line) < _LONGEST else line, max(0, len(line) - 90)
    )
    if desk and not _is_title(desk[0]):
        return None
    byline = (
        read_credit(desk[0].strip(" -–—*~_#"), bracketed=False).build(desk[0]) if desk else None
    )
    return FoundByline(byline, (Span(index, desk.start(), len(line)),)) if desk and byline else None


def _read_marked(line: str, index: int) -> FoundByline | None:
    """A name behind a mark, or with an office or a desk: `– Teuku Raja Muda, Kasubbag Teknis`,
    `=ekp/KPU Kutai Timur=`."""
    marks = list(_MARKED.finditer(line, max(0, len(line) - 120)))
    if not marks:
        return None
    text = line[marks[-1].end() :]
    signed = text.rstrip(" -–—*~=_|←")
    is_closed = len(signed) < len(text)
    plain = signed.lower().split()[0].strip(",") in PLAIN_WORDS | NOT_PLACES
    if (plain or not is_closed) and is_unit(signed) is not is_closed:
        return None
    credit = read_credit(signed, bracketed=True)
    alone = _SHORT_NAME.fullmatch(signed) or is_full_name(signed) or credit.writers == [signed]
    if not is_closed and not (credit.writers and (alone or credit.role)):
        return None
    start = marks[-1].start()
    byline = credit.build(line[start:].strip())
    return FoundByline(byline, (Span(index, start, len(line)),)) if byline else None


def _is_title(text: str) -> bool:
    """Whether words name a desk rather than tell something: few in lower case, or few at all."""
    words = re.findall(r"[^\W\d_]+", text)
    return (
        len(words) <= 5 or sum(word.islower() and word not in ("dan", "di") for word in words) <= 1
    )


def _read_dated_name(line: str, index: int) -> FoundByline | None:
    """`... pungkas Ketua. Wira 24 Juli 25`, with its day already off: who signed with the day."""
    signed = _DATED_NAME.search(line, max(0, len(line) - 90))
    if (
        not signed
        or find_place(signed["name"])
        or is_unit(signed["name"])
        or not is_name(signed["name"])
    ):
        return None
    byline = Byline(signed["name"], (signed["name"],))
    return FoundByline(byline, (Span(index, signed.start("name"), len(line)),))


def _drop_date(content: str) -> str:
    """A credit without the day it bears: `eko, 12/8/2024`."""
    for found in reversed(find_dates(content)):
        content = content[: found.start].rstrip(" ,/-") + _CLOCK.sub(
            "", content[found.end :], count=1
        )
    return content


def _ends_with_date(line: str) -> bool:
    """Whether a date stands behind the credit: `(eko) Pacitan, 3 Mei 2021`."""
    dates = find_dates(line[-80:])
    return bool(dates) and dates[-1].end >= len(line[-80:].rstrip(" ."))


def _is_date_only(line: str) -> bool:
    """Whether a line is a date and no more."""
    return len(line) < 60 and bool(dates := find_dates(line)) and len(line) - len(dates[0].raw) < 6


def _merge(one: FoundByline, two: FoundByline) -> FoundByline:
    """Both credits as one; the first one's word wins."""
    a, b = one.byline, two.byline
    said = {part.name: getattr(a, part.name) or getattr(b, part.name) for part in fields(Byline)}
    merged = Byline(**{**said, "raw": f"{a.raw}\n{b.raw}"})
    return FoundByline(merged, one.spans + two.spans)
