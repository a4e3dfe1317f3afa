"""The bytes of a robots.txt as text that a parser reads."""

from __future__ import annotations

import codecs
import re
from datetime import datetime, timedelta

MOST_BYTES = 500 * 1024
"""What RFC 9309 wants read of a long robots.txt; the rest does not count."""
MOST_HOPS = 5
"""Redirects in a row that RFC 9309 wants followed."""
LONG_WITHOUT_RULES = timedelta(days=30)
"""How long RFC 9309 wants a robots.txt that cannot be had to forbid all; behind that it counts as
none."""

_LINE_END = re.compile(r"[\r\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.05
"""Share of control characters above which bytes are no text: compressed ones have a tenth, a text
that somebody pasted has one or two."""
_ZEROS = 0.3
"""Share of zero bytes at even or odd places that tells UTF-16 without a mark: every Latin letter
has one."""
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_LOOKED_AT = 2000


def are_given_up(failing_since: datetime | None, now: datetime) -> bool:
    """Whether a robots.txt could not be had for so long that it counts as none."""
    return failing_since is not None and now - failing_since > LONG_WITHOUT_RULES


def read_rules(body: bytes) -> str | None:
    """The text of a robots.txt, of a long one the whole lines of its first 500 KiB; None for bytes
    that are no text, as what was compressed and not undone.

    `User-agent: *` in UTF-16, with or without a mark, is read as in UTF-8.
    """
    text = _decode(body[:MOST_BYTES])
    sample = text[:_LOOKED_AT]
    if sample and len(_CONTROL.findall(sample)) > max(1, _MOST_CONTROLS * len(sample)):
        return None
    return _drop_cut_line(text) if len(body) > MOST_BYTES else text


def is_page(text: str) -> bool:
    """Whether what came instead of rules is a page of HTML."""
    return (
        text.lstrip("\ufeff \t\r\n")[:200].lower().startswith(("<!doctype html", "<html", "<head"))
    )


def _decode(body: bytes) -> str:
    encoding = next((name for mark, name in _MARKS.items() if body.startswith(mark)), None)
    return body.decode(encoding or _guess(body), "replace")


def _guess(body: bytes) -> str:
    """The encoding of bytes without a mark."""
    sample = body[:_LOOKED_AT]
    pairs = len(sample) // 2 or 1
    if sample[1::2].count(0) > _ZEROS * pairs > sample[::2].count(0):
        return "utf-16-le"
    if sample[::2].count(0) > _ZEROS * pairs > sample[1::2].count(0):
        return "utf-16-be"
    return "utf-8"


def _drop_cut_line(text: str) -> str:
    """Without the last line: cut short, `Disallow: /blog/read/9` might forbid all of `/b`."""
    ends = [found.end() for found in _LINE_END.finditer(text)]
    return text[: ends[-1]] if ends else ""
