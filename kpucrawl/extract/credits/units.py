"""Offices, desks and hosts as they sign: `KPU Kab. Lotim`, `Humas KPU Kota Palu`, `kpusurakarta`,
`red`."""

from __future__ import annotations

import re

from kpucrawl.extract.characters import split_words
from kpucrawl.extract.phrases.places import find_place

PRESS = (
    r"hu[mp]+as|hubmas|hms|red(?:aksi)?|mc|media\s?cent(?:er|re)|par(?:hu[mb]?)?mas|sosdiklih"
    r"|sosparmas|ppid|publikasi|medsos"
    r"|multimedia|rumah\s+pintar\s+pemilu|rpp|tim\s+(?:media|humas|liputan|redaksi|kreatif|publikasi|dokumentasi|peliput|it)"
)
DESKS = rf"{PRESS}|sekretariat|operator|datin|rendatin|jdih|tekmas|tekhum|kul|adm"
SECTIONS = r"(?:sub)?\s?div(?:isi)?|sub\s?\.?\s?bag(?:ian)?|kasub\w*|bag(?:ian)?|bidang|bakohumas"
COMMITTEES = r"pp[ksd]|kpps|pantarlih"
SUBJECTS = r"teknis|hukum|keuangan|umum|logistik|perencanaan|sdm|data"
"""Sections signed without the word section: `(Teknis/wsn)`."""
OFFICES = r"kpud?|kip|komisi\s+(?:pemilihan\s+umum|independen\s+pemilihan)"
ACRONYMS = split_words(
    "KPU KPUD KIP RI NTB NTT DIY DKI DKJ PPID MC SDM HSDM PPK PPS JDIH TPS KPPS OKU OKI PALI TTS "
    "TTU SBD PPU SD MI SMP MTS SMA SMK MA SLB RT RW KTP KK SIM TNI ASN PNS DPT DPS DPB DPK PKPU UU"
)

HOST = (
    r"(?:https?://)?(?:www\.{1,2})?(?:[a-z0-9][a-z0-9_-]{0,60}(?:\.{1,2}[a-z0-9_-]{1,60}){0,3}"
    r"\.{1,2}(?:go\.{1,2}id|or\.id|com|id)\b"
    r"|(?=[\w.-]{0,60}kpu)[a-z0-9][\w-]{0,60}(?:\.{1,2}[a-z0-9_-]{2,60}){1,4})/?"
)
_HOST = re.compile(HOST, re.IGNORECASE)
_SCHEME = re.compile(r"(?:https?://)?(?:www\.+)?", re.IGNORECASE)
_UNIT = re.compile(
    rf"(?:{DESKS})(?:\b|_|(?=kpu|kip))|@?(?:media|official)?[\s_.-]{{0,3}}(?:kpu|kip(?:\b|[-_]))"
    rf"|(?:{SECTIONS}|{COMMITTEES}|{SUBJECTS})\b|\S{{0,40}}kpu\S{{0,40}}$|[^,/]{{1,30}}\b(?-i:KPU"
    rf"|KIP)\b",
    re.IGNORECASE,
)


_SHORT_DESK = re.compile(r"(?:hum|parm|tek|huk|dat|log|sos)\.?\s(?P<place>.+)", re.IGNORECASE)
"""A desk cut short, which only the place behind it tells: `Hum Sleman`."""
_SIGNED = re.compile(
    rf"(?P<unit>(?:{PRESS})\s+(?:kpu|kip)(?:\s+ri)?(?P<region>(?:\s+[a-z]+){{0,4}}?))"
    r"\s+(?P<name>\w+)",
    re.I,
)
INITIALED = re.compile(r"[a-z]{2,}[A-Z]")
"""A first name with the initial of the last: `dianR`."""
SHORT_NAME = re.compile(r"[A-Z][a-z]{1,2}")
"""`Arf`: the short names of regions have more letters, or are places."""


def is_host(text: str) -> bool:
    """Whether this is nothing but a web address without a path."""
    return _HOST.fullmatch(text.strip()) is not None


def is_unit(text: str) -> bool:
    """Whether a credit names an office, a desk or a section rather than a person."""
    short = _SHORT_DESK.fullmatch(text)
    return (
        is_host(text)
        or _UNIT.match(text.strip()) is not None
        or (short is not None and find_place(short["place"]) is not None)
    )


def part_signed(text: str) -> tuple[str, str]:
    """A unit and who signs behind it without a separator: `hupmas kpu ri` and `dianR`; the name is
    empty where what stands there belongs to the unit, as its region does."""
    signed = _SIGNED.fullmatch(text)
    if signed is None:
        return text, ""
    name, region = signed["name"], signed["region"].strip()
    if region and not find_place(region):
        return text, ""
    is_short = SHORT_NAME.fullmatch(name) and not find_place(name) and name.upper() not in ACRONYMS
    if INITIALED.fullmatch(name) or is_short:
        return signed["unit"], name
    return text, ""


def write_unit(text: str) -> str:
    """The unit as the archive spells it: hosts bare and lower case, capitals tamed, `Kab.Lotim`
    taken apart."""
    unit = text.strip(" ,;:*")
    if is_host(unit):
        return re.sub(r"\.{2,}", ".", _SCHEME.sub("", unit.lower(), count=1)).rstrip("/")
    spaced = re.sub(r"\b(Kab|Prov|Kec)\.(?=\w)", r"\1. ", unit, flags=re.IGNORECASE)
    return tame_capitals(spaced) if " " in spaced else spaced


def tame_capitals(text: str) -> str:
    """`KPU LOMBOK TIMUR` is `KPU Lombok Timur`; anything not wholly in capitals stays."""
    if not text.isupper():
        return text
    return re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)?", lambda word: _tame_word(word[0]), text)


def _tame_word(word: str) -> str:
    """One word of a name in capitals."""
    return word if word in ACRONYMS else "dan" if word == "DAN" else word.capitalize()
