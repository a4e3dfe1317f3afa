"""The bytes of a page as text."""

from __future__ import annotations

import re

from bs4 import UnicodeDammit

# Editors paste the quotes and dashes of windows-1252 into UTF-8 pages as the control characters of
# Latin-1.
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127)) | {
    code: bytes([code]).decode("windows-1252", "ignore") or None for code in range(128, 160)
}
_C0 = bytes(code for code in _CONTROLS if code < 128)
_BOM = b"\xef\xbb\xbf"
_HEAD = 1000
_MOSTLY = 0.8
"""Of every second byte: quotes and dashes are the only letters that are no ASCII."""
_TITLE = re.compile(r"<title\b[^<>]*>(?P<text>[^<]*)(?P<closed></title)?", re.I)


def decode_page(body: bytes) -> str:
    """Read bytes as UTF-8 wherever they are, else as windows-1252, whatever is declared.

    UTF-8 declared as Latin-1 and undeclared windows-1252 are common; a page cut off inside a
    character is still UTF-8, and so is one with a few bytes broken by an excerpt that counts bytes.
    """
    text = _decode_utf16(body) or _decode_utf8(body)
    if text is None:
        dammit = UnicodeDammit(body, user_encodings=["utf-8", "windows-1252"], is_html=True)
        text = dammit.unicode_markup or body.decode("windows-1252", "replace")
    text = text.removeprefix("\ufeff")
    return text.translate(_CONTROLS) if _has_controls(text) else text


def decode_plain(body: bytes) -> str | None:
    """The text of a page that `decode_page` would leave as it is, as nearly all are; None for any
    other."""
    if body.startswith(_BOM) or _has_c0(body):
        return None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if _has_c1(body) else text


def close_title(text: str) -> str:
    """End a `<title>` that is never closed: the parser would take the whole page for its text."""
    found = _TITLE.search(text)
    if not found or found["closed"] or "</title" in text[found.end() : found.end() + 2000].lower():
        return text
    end = found.start("text") + len(found["text"].rstrip())
    return f"{text[:end]}</title>{text[end:]}"


def _decode_utf16(body: bytes) -> str | None:
    """The text of UTF-16 that does not say so, None for anything else: markup and Indonesian are
    ASCII, so that nearly every second byte is NUL."""
    head = body[:_HEAD]
    for place, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        nuls, others = head[place::2].count(0), head[1 - place :: 2].count(0)
        if nuls > _MOSTLY * len(head[place::2]) and not others:
            return body.decode(name, "replace")
    return None


def _decode_utf8(body: bytes) -> str | None:
    """The text, None when the bytes are rather something else."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = len(text) - broken - len(text.encode("ascii", "ignore"))
    return (
        text.removesuffix("\ufffd")
        if broken <= whole or broken == text.endswith("\ufffd")
        else None
    )


def _has_controls(text: str) -> bool:
    raw = text.encode("utf-8", "ignore")  # bytes are searched in half the time
    return _has_c0(raw) or _has_c1(raw)


def _has_c1(raw: bytes) -> bool:
    """Whether there is any control character of Latin-1, in UTF-8; few letters of a page begin with
    the same byte, and a pattern looks at all bytes one by one."""
    at = raw.find(b"\xc2")
    while at >= 0:
        if b"\x80" <= raw[at + 1 : at + 2] <= b"\x9f":
            return True
        at = raw.find(b"\xc2", at + 1)
    return False


def _has_c0(raw: bytes) -> bool:
    """Whether there is any control character of ASCII; thirty plain searches take half the time of
    a table."""
    return any(code in raw for code in _C0)
