"""What happened, in words for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from archive.cli.rows import Row, format_value
from archive.read.kinds import Kind

Details = Mapping[str, Any]


def tell_change(row: Row) -> Row:
    """A row of `changes` for people: its details as a sentence."""
    details = row["details"]
    assert isinstance(details, Mapping)
    return {**row, "details": TELL[Kind(str(row["kind"]))](details)}


def shorten_change(row: Row) -> Row:
    """A line of `changes` on a terminal, as `tell_change` has it. Times are the office's."""
    at = row["at"]
    assert isinstance(at, datetime)
    return {
        "at": f"{at:%Y-%m-%d %H:%M}",
        "where": row["page"] or row["site"],
        "what": ": ".join(format_value(part) for part in (row["kind"], row["details"]) if part),
        "title": row["title"],
    }


def _tell_new(details: Details) -> str:
    other = details.get("number_showed")
    return "" if other is None else f"its number showed another article: {other}"


def _tell_edit(details: Details) -> str:
    """`+12 -3 words, 4.1% of all; title was: Rapat`."""
    words = f"+{details['added']} -{details['removed']} words"
    told = f"{words}, {details['ratio']:.1%} of all"
    return told + (f"; title was: {details['title_before']}" if "title_before" in details else "")


def _tell_removal(details: Details) -> str:
    return f"{details['grade']}, {details['said']}"


def _tell_return(details: Details) -> str:
    return f"gone since {details['gone_since']:%Y-%m-%d}, {details['said']}"


def _tell_step(details: Details) -> str:
    return f"{details['from']} -> {details['to']}"


def _tell_layout(details: Details) -> str:
    pages = ", ".join(details["pages"])
    return f"{pages} pages of {details['offices']} offices"


TELL: Mapping[Kind, Callable[[Details], str]] = {
    Kind.NEW: _tell_new,
    Kind.EDITED: _tell_edit,
    Kind.REMOVED: _tell_removal,
    Kind.RETURNED: _tell_return,
    Kind.RECATEGORISED: _tell_step,
    Kind.COUNTER_RESET: _tell_step,
    Kind.LAYOUT_CHANGED: _tell_layout,
}
