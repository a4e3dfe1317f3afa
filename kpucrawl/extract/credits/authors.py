"""The author line of a page, outside the text: `Ditulis oleh Budi Santoso`, `Penulis X | Editor Y`,
`Super User`, a name alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kpucrawl.extract.credits.credits import (
    DEGREE,
    NOBODY,
    NOT_NAMES,
    is_name,
    read_credit,
    split_role,
)
from kpucrawl.extract.credits.units import is_unit
from kpucrawl.extract.dates.dates import find_dates
from kpucrawl.extract.phrases.places import NOT_PLACES, PLAIN_WORDS, find_place, names_level
from kpucrawl.extract.phrases.sections import name_section
from kpucrawl.extract.phrases.tables import load_pattern
from kpucrawl.extract.records import Byline

LONGEST = 160
"""Characters of a line of notes; what is longer is prose."""
FEWEST_WORDS, MOST_WORDS = 2, 5
"""Words of a name without a label; one word alone may be anything."""
KINDS = {
    "writer": load_pattern("author_labels"),
    "editor": load_pattern("editor_labels"),
    "photographer": load_pattern("photographer_labels"),
}
_ANY_LABEL = "|".join(KINDS.values())
_SEPARATOR = re.compile(r"\s*[|•·»]\s*|\s+[-–—/]\s+")
_LABEL = re.compile(rf"(?P<label>{_ANY_LABEL})(?:\s*[:：]\s*|\s+(?=[\w@]))", re.I)
_LABELLED = re.compile(rf"(?:{_ANY_LABEL})(?:\s*[:：]\s*|\s+)\w", re.I)
"""An inline element that holds both label and name: what stands beside it is another note."""
_COLON_LABEL = re.compile(rf"\b(?P<label>{_ANY_LABEL})\s*[:：]\s*", re.I)
_BARE_LABEL = re.compile(rf"(?:{_ANY_LABEL})\s*[:：]?", re.I)
_BEHIND_DAY = re.compile(rf"(?:\d|\bwi(?:b|t|ta))[\s,]+(?=(?:{_ANY_LABEL})\b)", re.I)
"""Where a label may stand inside a piece: `Senin, 3 Mei 2021 08.00 WIB oleh Budi`."""
_ACCOUNT = re.compile(load_pattern("accounts"), re.I)
_VALUE_END = re.compile(
    r"\s*(?:[,(]?\s*\b(?:pada|on|at|tanggal|dalam|in|di|kategori|category|dibaca|dilihat|views?"
    r"|berita|artikel|opini|pengumuman|siaran|galeri|kegiatan|sosialisasi"
    r"|senin|selasa|rabu|kamis|jum.?at|sabtu|minggu)\b|\d).*",
    re.I,
)
"""What follows a name in a line of notes: the day, the category, the counter."""


@dataclass(frozen=True, slots=True)
class AuthorLine:
    """What an author line says."""

    text: str
    """Who it names, accounts included."""
    byline: Byline | None
    """The persons; None where it names accounts alone."""


def is_label(text: str) -> bool:
    """Whether a line is nothing but `Penulis` or `Ditulis oleh:`."""
    return _BARE_LABEL.fullmatch(text.strip()) is not None


def is_account(text: str) -> bool:
    """Whether this is nobody's name: `Super User`, `Tim Redaksi`, `adminkpu`, `budi99`."""
    folded = text.strip().casefold()
    if folded in NOBODY or _ACCOUNT.fullmatch(folded):
        return True
    return any(map(str.isdigit, folded)) or (folded == text.strip() and " " not in folded)


def is_full_name(text: str) -> bool:
    """Whether this is a person's name by its shape, no place, no title, no tag."""
    words = re.sub(rf"(?:,\s*{DEGREE})+$", "", text).split()
    if not FEWEST_WORDS <= len(words) <= MOST_WORDS or not is_name(text) or is_unit(text):
        return False
    if not NOT_NAMES.isdisjoint(plain := {word.casefold().strip(".,") for word in words}):
        return False
    if plain & (PLAIN_WORDS | NOT_PLACES) or name_section(text):
        return False
    return not find_place(text) and not find_dates(text)


def read_labelled(text: str, pieces: Sequence[str] = (), label: str = "") -> AuthorLine | None:
    """An author line with its label in it, or in the line above; `pieces` are its inline
    elements."""
    if len(text) > LONGEST:
        return None
    if not label and len(pieces) > 1 and is_label(pieces[0]):  # `Oleh` and `Budi`, with no blank
        label, *pieces = pieces
        text = " ".join(pieces)
    found = list(_list_values(f"{label.rstrip(' :：')}: {text}" if label else text, pieces))
    if all(kind == "foto" for kind, _ in found):
        return None
    credit = "; ".join(f"{kind}: {value}" for kind, value in found if not _names_nobody(value))
    byline = read_credit(credit, bracketed=False).build(text) if credit else None
    if byline is None or not _names_persons(byline):
        nobody = [value for _, value in found if _names_nobody(value)]
        return AuthorLine(nobody[0], None) if nobody else None
    persons = Byline(text, byline.writers, None, byline.editor, byline.photographer)
    return AuthorLine("; ".join(value for _, value in found), persons)


def read_bare(text: str, pieces: Sequence[str] = ()) -> AuthorLine | None:
    """A line, or the one piece of a line of notes, that is a name or an account."""
    if len(text) > LONGEST or is_label(text):
        return None
    parts = {part.strip() for one in (text, *pieces) for part in _SEPARATOR.split(one)}
    accounts = sorted(part for part in parts if _ACCOUNT.fullmatch(part))
    names = sorted(
        part for part in parts.difference(accounts) if part[:1].isupper() and is_full_name(part)
    )
    if len(names) == 1:
        return AuthorLine(names[0], Byline(text, (names[0],)))
    return AuthorLine(accounts[0], None) if accounts and not names else None


def complete_byline(byline: Byline | None, line: Byline | None) -> Byline | None:
    """The credit of a text, with whom the author line names where the text names no writer."""
    if byline is None or line is None:
        return byline or line
    if byline.writers and (byline.photographer or not line.photographer):
        return byline
    return Byline(
        f"{byline.raw}\n{line.raw}",
        byline.writers or line.writers,
        byline.role,
        byline.editor or line.editor,
        byline.photographer or line.photographer,
        byline.unit,
    )


def _list_values(text: str, pieces: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Per label of a line its kind and what follows it."""
    labelled = [piece for one in pieces if _LABELLED.match(piece := one.strip())]
    for part in labelled or re.split(r"\s*[|•·»]\s*", text):
        behind = _BEHIND_DAY.search(part)
        start = behind.end() if behind else 0
        first = _LABEL.match(part, start)
        if first is None:
            continue
        labels = [first, *_COLON_LABEL.finditer(part, first.end())]
        ends = [*(label.start() for label in labels[1:]), len(part)]
        for label, end in zip(labels, ends, strict=True):
            if value := _cut_value(part[label.end() : end], pieces):
                yield _find_kind(label["label"]), value


def _cut_value(text: str, pieces: Sequence[str]) -> str:
    """A name without what follows it in its line: an inline element of its own ends it."""
    value = text.strip(" ,;-–—/")
    marked = (piece.strip() for piece in pieces)
    whole = next((one for one in marked if len(one) > 2 and value.startswith(one)), value)
    if _ACCOUNT.fullmatch(whole):
        return whole
    name, _ = split_role(_VALUE_END.sub("", _SEPARATOR.split(whole)[0]))
    return name.strip(" ,;-–—/")


def _names_nobody(value: str) -> bool:
    return is_account(value) or is_unit(value)


def _names_persons(byline: Byline) -> bool:
    """Whether all whom a line credits can be persons."""
    named = [*byline.writers, *filter(None, (byline.editor, byline.photographer))]
    return bool(named) and all(map(_can_be_person, named))


def _can_be_person(name: str) -> bool:
    """Whether a name behind a label can be a person's: most of its words are no words of everyday;
    `Kartini` is both."""
    if not name[0].isupper() or is_unit(name):
        return False
    words = name.casefold().split()
    plain = [word for word in words if word in PLAIN_WORDS or word in NOT_PLACES]
    ends = name.split(" ", 1)  # `Bawaslu Kabupaten Demak`
    return 2 * len(plain) <= len(words) and not any(map(names_level, (name, *ends)))


def _find_kind(label: str) -> str:
    """Which field of a credit a label announces, as `read_credit` knows it."""
    kinds = (kind for kind, words in KINDS.items() if re.fullmatch(words, label, re.I))
    return {"writer": "penulis", "editor": "editor", "photographer": "foto"}[next(kinds)]
