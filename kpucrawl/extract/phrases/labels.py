"""Lines that are not the article's own sentences: captions, related links, salutations.

All take a line as `split_lines` or an outline gives it: blanks collapsed, nothing invisible.
"""

from __future__ import annotations

import re

from kpucrawl.extract.phrases.tables import load_pattern

CAPTION_LABELS = load_pattern("caption_labels")
RELATED_LABELS = load_pattern("related_labels")
PICTURED = (
    r"(?:para\s+|tampak\s+|suasana\s+|jajaran\s+|seluruh\s+|foto\s+|dari\s+kiri|plt\.?\s+"
    r"|pj\.?\s+)*(?:ketua|wakil|anggota|komisioner|sekretaris"
    r"|kepala|kadiv|wakadiv|kasub\w*|kabag|staf|pegawai|peserta|petugas|narasumber|moderator"
    r"|bupati|wali\s?kota"
    r"|gubernur|camat|tim|rombongan|suasana|foto\s+bersama|kpu|kip|ppk|pps|pantarlih)"
)
SALUTED = r"(?:teman|sobat|sahabat|kawan|rekan|saudara|warga|insan|generasi)\s*"
GREETINGS = load_pattern("greetings")

_CAPTION = re.compile(rf"[(\[*]?\s*(?:{CAPTION_LABELS})", re.IGNORECASE)
_BRACKETED = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\]")
_PICTURED = re.compile(rf"[(\[]\s*{PICTURED}\b", re.IGNORECASE)
_CREDIT = re.compile(
    r"humas|hupmas|hms|redaksi|\bred\b|penulis|editor|\bed\b|kontributor|oleh|/|&|media center"
    r"|\b(?:teks|naskah|narasi|foto)\s?:"
    r"|\d{4}"
    r"|https?:|\.go\.id",
    re.IGNORECASE,
)
_RELATED = re.compile(
    rf"[(\[*>»-]*\s*(?:(?:{RELATED_LABELS})\s*(?:[:：;\-–—]|$)|(?-i:BACA JUGA|Baca Juga)\b)",
    re.IGNORECASE,
)
_SALUTATION = re.compile(
    rf"#?(?:(?:{GREETINGS})\b[\s,]*#?)?(?:{SALUTED}(?:pemilih|kpu|demokrasi|pemilu|muda|semua\w*"
    rf"|\w*pemilih))\b"
    rf"|#?(?:{GREETINGS})\b[\s,]*#?(?:{SALUTED})?|#\w+",
    re.IGNORECASE,
)
_GREETED = re.compile(r"(#?[^\W\d_][^,!.:–—]{2,40})[,!]{1,3}\s{0,4}")
_PHOTO_CREDIT = re.compile(r"[Ff]oto\s*[:/]\s*[A-Z][\w.]*(?: [A-Z][\w.]*){0,2}")
_LONGEST_CAPTION = 300


def is_caption(text: str) -> bool:
    """Whether a block is the words under a picture: `dok. foto ...`, `Gambar 2. ...`, a sentence in
    brackets.

    A longer block that opens like one holds the article's sentences glued on, and is none.
    """
    if len(text) > _LONGEST_CAPTION:
        return False
    labelled = _CAPTION.match(text) is not None and not _PHOTO_CREDIT.fullmatch(text)
    return labelled or _is_bracketed_sentence(text)


def names_pictured(text: str) -> bool:
    """Whether a bracketed sentence begins with whom a picture shows: `(Sekretaris KPU menyerahkan
    berkas ...)`."""
    return _PICTURED.match(text) is not None


def is_related(text: str) -> bool:
    """Whether a block points to another article: `Baca Juga : ...`, also the bare label."""
    return _RELATED.match(text) is not None


def is_salutation(text: str) -> bool:
    """Whether these words only greet the reader: `Teman Pemilih`, `#TemanPemilih`, `Halo Sobat
    Pemilih`."""
    return _SALUTATION.fullmatch(text.strip(" ,.!–—-")) is not None


def find_salutation_end(line: str) -> int:
    """Where the greeting that opens a line ends with its comma; 0 without one."""
    greeting = _GREETED.match(line)
    return greeting.end() if greeting and is_salutation(greeting[1]) else 0


def _is_bracketed_sentence(line: str) -> bool:
    """`(Ketua KPU berikan paparan ...)`; a credit in brackets names a desk, signs or a unit
    instead."""
    return (
        line[:1] in ("(", "[")
        and _BRACKETED.fullmatch(line.rstrip(" .")) is not None
        and len(line.split()) >= 5
        and not _CREDIT.search(line)
    )
