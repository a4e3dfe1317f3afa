"""Whether a page comes to its end."""

from __future__ import annotations

import re

HEAD = 8192
"""Bytes in which a document begins: some hundred blank lines and warnings of PHP may come first."""
_BEGINS = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.I)
_MARKS = re.compile(
    rb"(?P<void><!---?>)|(?P<comment><!--)|(?P<end>--!?>)"
    rb"|<(?P<shut>/?)(?P<raw>script|style|textarea|xmp)\b|(?P<html></html\s*>)",
    re.I,
)
_BRACKETS = {b"[": b"]", b"{": b"}"}


def comes_to_end(body: bytes) -> bool | None:
    """Whether a page is closed by `</html>`, or JSON by its bracket; None for anything else.

    What stands in a script, a comment or a text field closes nothing.
    """
    body = body.translate(None, b"\0") if b"\0" in body[:HEAD] else body  # UTF-16
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if close := _BRACKETS.get(text[:1]):
        return text.endswith(close)
    return _is_closed(body) if _BEGINS.search(body[:HEAD]) else None


def _is_closed(body: bytes) -> bool:
    within = b""
    """The element or comment that swallows what stands in it."""
    for mark in _MARKS.finditer(body):
        if within == b"<!--":
            within = b"" if mark["end"] or mark["void"] else within
        elif within:
            within = b"" if mark["shut"] and mark["raw"].lower() == within else within
        elif mark["html"]:
            return True
        elif mark["comment"]:
            within = b"<!--"
        elif mark["raw"] and not mark["shut"]:
            within = mark["raw"].lower()
    return False


def is_json(body: bytes) -> bool:
    """Whether a body begins as JSON does."""
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in _BRACKETS
