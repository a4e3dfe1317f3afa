"""Words of the page's furniture: share blocks, counters, lines about the article, headings of other
blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from kpucrawl.extract.characters import has_digit
from kpucrawl.extract.html.eyes import EYE
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.phrases.tables import load_pattern
from kpucrawl.extract.phrases.views import COUNTER_WORDS, read_count, read_views

NETWORKS = load_pattern("networks")
SHARE_LABELS = load_pattern("share_labels")
# Headings and labels that end an article wherever they stand.
ENDINGS = load_pattern("endings")
# Headings of other blocks of the page, which an article may also use inside its text.
OTHER_BLOCKS = load_pattern("other_blocks")
MONTH = r"(?:jan|feb|peb|mar|apr|mei|may|jun|jul|agu|agt|ags|aug|sep|okt|oct|nov|nop|des|dec)[a-z]*"
DAY = (
    rf"(?:\d{{1,2}}[\s./-]+(?:{MONTH}|\d{{1,2}})[\s./,-]+\d{{2,4}}"
    rf"|{MONTH}\s\d{{1,2}},?\s\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})"
)
DATE = (
    rf"(?:(?:senin|selasa|rabu|kamis|jum.?at|sabtu|minggu|ahad"
    rf"|\w+day)\s*[,/]?\s*)?{DAY}(?:[\s,"
    rf"|@–-]*(?:pukul|jam|at)?\s*"
    r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*(?:wib|wita|wit|am|pm))?)?"
)
POSTED = load_pattern("posted")
AUTHOR = (
    r"(?:(?:oleh|by|penulis|author|ditulis\soleh|posted\sby|user|pengirim"
    r"|admin(?:istrator)?)\s*:?\s*)"
)
ADMIN = load_pattern("admin")
PASSIVE = load_pattern("passive")
META_PIECE = (
    rf"(?:{PASSIVE})\s(?:oleh|by)\s*:?\s*[\w .]{{2,40}}?(?:\s*(?:pada|on|tanggal"
    rf"|,)\s*:?\s*{DATE})?|"
    rf"(?:{POSTED})\s*(?:pada|on|oleh|by|tanggal|:)*\s*(?:{DATE}(?:\s(?:oleh|by)\s[\w ]{{2,30}})?)?"
    rf"|{DATE}|{AUTHOR}?(?:{ADMIN})(?:[\s,]+{DATE})?|{AUTHOR}:?"
    r"|(?:\d*|no|tidak\sada|belum\sada)\s*(?:komentar|comments?)|details?|rincian"
    r"|\d*\s*(?:menit\s(?:mem)?baca|min(?:utes?)?\sread)|(?:waktu|estimasi|lama"
    r"|durasi)\sbaca\b.{0,30}"
    r"|(?:(?:tidak\s)?suka|bagus|(?:dis)?likes?)(?:\s\(?\d+\)?)?|\d+\s(?:suka|likes?)"
    r"|\d+\s(?:detik|menit|jam|hari|minggu|bulan|tahun)\s(?:yang\s)?lalu"
    r"|surel|(?:beri|berikan)\s(?:nilai|rating)|\(?\d+\s(?:suara|votes?)\)?|rate\sthis\sitem"
    r"|(?:kategori|category|rubrik)\s*:.{0,60}|posted\sin\b.{0,60}"
    r"|a\s?[-+](?:\s*a\s?[-+])*|(?:font|ukuran)\s(?:size|huruf).*|cetak|print|e-?mail|pdf"
    r"|dengarkan(?:\s\w+)?"
    r"|\d{1,2}[:.]\d{2}(?:\s*(?:wit?[ab]?|am|pm))?"
    r"|kirim(?:\ske\steman)?|versi\scetak|simpan|edit|daftar\sisi|hits?|views?|dilihat|kembali|oleh|home|beranda"
)
MORE = load_pattern("more")

COMMENTS = re.compile(
    r"\(?\d+\)?\s*(?:komentar|comments?|tanggapan)|(?:komentar|comments?|tanggapan|diskusi)"
    r"(?:\s(?:pembaca|pengunjung|warga))?\s?\(\d+\)|\d+\slikes?\s-\s\d+\scomments?",
    re.I,
)
"""Heads what readers wrote, with its number; without one it may be a subheading."""

_SHARE = re.compile(
    rf"(?:{SHARE_LABELS})[\s:|,·•\ue001]*(?:(?:{NETWORKS})[\s:|,·•/]*)*|(?:(?:{NETWORKS})[\s:"
    rf"|,·•/]*){{2,}}",
    re.I,
)
_NETWORKS = re.compile(rf"(?:(?:{NETWORKS})[\s:|,·•/]*)+", re.I)
_NETWORK = re.compile(rf"(?:{NETWORKS})", re.I)
_COUNTER_WORD = re.compile(rf"{COUNTER_WORDS}|mem?baca|melihat|menonton")
"""In lower case: letters of either case are searched in five times the time."""
_COUNTER_START = re.compile(
    r"(?:telah|sudah)\s(?:dilihat|dibaca|dikunjungi|diakses)\b[\s:]*(?:kali|x)?", re.I
)
_BEHIND_EYE = re.compile(
    rf"[{EYE}👁]\ufe0f?\s*:?\s*(\d[\d.,]*(?:\s?(?:rb|ribu|k|jt|juta))?)(?=\s*(?:$|["
    rf"|·•/({EYE}]|x\b|kali|views?|hits|orang|\s))",
    re.I,
)
_BEFORE_EYE = re.compile(rf"^\s*(\d[\d.,]*(?:\s?(?:rb|ribu|k|jt|juta))?)\s*[{EYE}👁]", re.I)
"""Asked where no number follows the eye: before it may stand that of comments."""
_ENDING = re.compile(rf"[#\-–—:|\s]*(?:{ENDINGS})\s*[:.]?", re.I)
_OTHER = re.compile(rf"[#\-–—:|\s]*(?:{OTHER_BLOCKS})\s*[:.]?", re.I)
_META = re.compile(rf"(?:{META_PIECE})", re.I)
_META_SPLIT = re.compile(
    r"\s*[|·•\t]\s*|\]\s*\[|\s+[-–—/]\s+|\s{2,}|,\s+(?=[a-z]+\s*:)|\.\s+(?=(?:oleh|by|penulis)\b)",
    re.I,
)
_MORE = re.compile(rf"[\[(«‹\s]*(?:{MORE})[\s\])»›→>.…]*", re.I)
_RESIDUE = re.compile(
    r"<!(?:--)?\[(?:if|endif)|/\*\s*(?:style|font|page|list)\s+definitions|@(?:font-face|page)\s?\{"
    r"|(?:table|p|li|div|span)\.?(?:mso|ms)\w*\s?\{|normal\s+\d+\s+(?:\d+\s+)?(?:false\s+){2}"
    r"|</?[wom]:\w+",
    re.I,
)
"""How Word's conditional comments, style sheets and settings begin where they became text."""
_AD = re.compile(rf"[\[(\s–—-]*(?:{load_pattern('advertisement')})[\s\])–—:-]*", re.I)
_LONGEST_AD = 40
_DATE = re.compile(DATE, re.I)
_NUMBERS = re.compile(r"\d\D+\d")
"""A day has two numbers at least; most lines have none or a year."""
_DAY = re.compile(DAY)
"""In lower case, to tell lines without any date in a tenth of the time."""
_WORDS_BEFORE = 8
"""Words before a day among which its weekday is: `Jum at ,` is three, and spaces may be doubled."""
_LONGEST_LABEL = 80
LONGEST_NOTE = 200
"""Characters of a line that may be a note or a counter."""
REMEMBERED = 8_192
"""Short lines of which one question remembers the answer, some 2 MB: an office shows the same forty
on all its pages, and a run reads a hundred offices or two side by side."""
_remember = lru_cache(maxsize=REMEMBERED)


def is_share(text: str) -> bool:
    """Whether a line only offers to share: `Bagikan:`, `facebook twitter whatapps`."""
    return len(text) <= 160 and _is_share(text)


@_remember
def _is_share(text: str) -> bool:
    return _SHARE.fullmatch(text) is not None


def is_networks(text: str) -> bool:
    """Whether a line names networks and says nothing of sharing, as footers do too."""
    return _NETWORKS.fullmatch(text) is not None


def is_network(text: str) -> bool:
    """Whether a line is the name of one network, as in a share block written as a list."""
    return len(text) <= 30 and _NETWORK.fullmatch(text) is not None


def read_counter(line: Line) -> int | None:
    """The view counter that a line is, or holds beside other notes about the article."""
    return _read_counter(line.text, line.raw) if len(line.text) <= LONGEST_NOTE else None


@_remember
def _read_counter(text: str, raw: tuple[str, ...]) -> int | None:
    if not has_digit(text):
        return None
    has_eye = any(EYE in piece or "👁" in piece for piece in raw)
    if has_eye:
        shown = "".join(raw)
        if found := _BEHIND_EYE.search(shown) or _BEFORE_EYE.search(shown):
            return read_count(found[1].rstrip(".,"))
    if not _COUNTER_WORD.search(text.lower()):
        return None
    counts = (read_views(piece.strip(" .»›>:-–—")) for piece in (text, *raw, *_join_pieces(raw)))
    return next((views for views in counts if views is not None), None)


def _join_pieces(raw: Sequence[str]) -> Iterator[str]:
    """A few neighbouring pieces together: `Dibaca <b>1544</b> kali` beside other notes."""
    for size in (3, 2):
        yield from map("".join, zip(*(raw[start:] for start in range(size)), strict=False))


def is_counter(line: Line) -> bool:
    """Whether a line is the page's view counter, also one without its number."""
    if len(line.text) > LONGEST_NOTE:
        return False
    return _is_counter(line.text, line.raw)


@_remember
def _is_counter(text: str, raw: tuple[str, ...]) -> bool:
    return _COUNTER_START.fullmatch(text) is not None or _read_counter(text, raw) is not None


def ends_article(text: str) -> bool:
    """Whether a line opens what follows an article: `Berita Terkait`, `Tags: ...`, `Tinggalkan
    Komentar`."""
    return len(text) <= 2 * _LONGEST_LABEL and _is_ending(text)


@_remember
def _is_ending(text: str) -> bool:
    return _ENDING.fullmatch(text) is not None


def opens_block(text: str) -> bool:
    """Whether a line may be the heading of another block of the page: `Pengumuman`, `Agenda`,
    `Kontak Kami`."""
    return len(text) <= _LONGEST_LABEL and _is_heading(text)


@_remember
def _is_heading(text: str) -> bool:
    return _OTHER.fullmatch(text) is not None


def is_meta(text: str) -> bool:
    """Whether a line only says something about the article: `Rabu, 25 Desember 2019 | Admin | 0
    Komentar`."""
    return len(text) <= 2 * _LONGEST_LABEL and _is_meta(text)


@_remember
def _is_meta(text: str) -> bool:
    pieces = [piece for piece in _META_SPLIT.split(text) if piece and read_views(piece) is None]
    return all(
        _META.fullmatch(piece.strip(" ,:;()[]")) or not any(map(str.isalnum, piece))
        for piece in pieces
    )


def is_note(line: Line) -> bool:
    """Whether a line says something about the article: as a whole, or in pieces beside a date or
    its icons.

    `<b>Contoh,</b> 12 Mei 2023` is a dateline; `<span>Humas</span> <span>12 Mei 2023</span>` is
    none.
    """
    if is_meta(line.text):
        return True
    pieces = [piece.strip() for piece in line.raw if piece.strip()]
    if len(line.text) > _LONGEST_LABEL or not 1 < len(pieces) < 9:
        return False
    if all(map(is_meta, pieces)):
        return True
    if not any(_DATE.fullmatch(piece) for piece in pieces):
        return False
    return not any(piece.endswith((",", "-", "–", "—", ":", ".")) for piece in pieces)


def prints_day(line: Line) -> bool:
    """Whether a line is a note or a counter with a day in it."""
    if len(line.text) > LONGEST_NOTE or find_printed_date(line.text) is None:
        return False
    return is_note(line) or is_counter(line)


def is_more(text: str) -> bool:
    """Whether these words lead from a teaser to its article: `Selengkapnya`."""
    return len(text) <= 40 and _is_more(text)


@_remember
def _is_more(text: str) -> bool:
    return _MORE.fullmatch(text) is not None


def is_residue(text: str) -> bool:
    """Whether a line is what word processors leave behind in a pasted text."""
    return _RESIDUE.match(text) is not None


def is_advertisement(text: str) -> bool:
    """Whether a line is the label of an advertisement in the midst of a text: `[Iklan Layanan]`."""
    return len(text) <= _LONGEST_AD and _AD.fullmatch(text) is not None


def find_printed_date(text: str) -> str | None:
    """The date that a line about the article prints, as it stands."""
    if not has_digit(text) or not _NUMBERS.search(text):
        return None
    low = text.lower()
    day = _DAY.search(low)
    if day is None:
        return None
    is_aligned = len(low) == len(text)  # `İ` is two characters in lower case
    start = _find_word(text, day.start(), _WORDS_BEFORE) if is_aligned else 0
    found = _DATE.search(text, start)
    return found[0] if found else None


def _find_word(text: str, end: int, count: int) -> int:
    """Where so many words before a place begin."""
    start = end
    for _ in range(count):
        start = text.rfind(" ", 0, max(start - 1, 0)) + 1
    return start
