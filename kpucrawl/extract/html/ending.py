"""Whether a page comes to its end."""

from __future__ import annotations

import re

HEAD = 8192
"""Bytes in which a document begins: some hundred blank lines and warnings of PHP may come first."""
_BEGINS = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.I)
_OPENS = re.compile(
    rb"<(?:(?P<void>!---?>)|(?P<comment>!--)|(?P<raw>script|style|textarea|xmp)\b"
    rb"|(?P<html>/html\s*>))",
    re.I,
)
"""Where something may begin that swallows what stands in it, or the page end. All begin with one
byte without a case: so the engine leaps from one to the next, and a page costs no 2 ms."""
_SHUTS = {
    name: re.compile(rb"</%s\b" % name, re.I) for name in (b"script", b"style", b"textarea", b"xmp")
}
_ENDS_COMMENT = re.compile(rb"(?P<void><!---?>)|<!--|(?P<end>--!?>)")
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
    at = 0
    while mark := _OPENS.search(body, at):
        if mark["html"]:
            return True
        end: int | None = mark.end()
        if mark["comment"]:
            end = _find_comment_end(body, mark.end())
        elif mark["raw"]:
            end = _find_shut(body, mark.end(), mark["raw"].lower())
        if end is None:
            return False
        at = end
    return False


def _find_comment_end(body: bytes, start: int) -> int | None:
    """Where a comment ends; an empty one inside it ends it too."""
    marks = _ENDS_COMMENT.finditer(body, start)
    return next((mark.end() for mark in marks if mark["end"] or mark["void"]), None)


def _find_shut(body: bytes, start: int, name: bytes) -> int | None:
    """Where the element ends whose text is no markup."""
    mark = _SHUTS[name].search(body, start)
    return mark.end() if mark else None


def is_json(body: bytes) -> bool:
    """Whether a body begins as JSON does."""
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in _BRACKETS
