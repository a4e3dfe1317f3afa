"""Rows for people and for programs: the one place that writes tables, JSON, JSON lines and CSV.

A row is a mapping of names to values. Times are aware. For people they are told in their own zone
(the office's, where a row has one), in JSON and CSV in UTC; days stay days.
"""

from __future__ import annotations

import csv
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TextIO

from archive.cli.choices import Format
from archive.search.passages import Passage

Row = Mapping[str, object]

FORMULA_STARTS = ("=", "+", "-", "@")
"""A spreadsheet runs text that begins so; in CSV it gets an apostrophe in front, which spreadsheets
do not show."""
WIDEST = 100
"""Columns of a text: longer lines are hard to read."""
MARKS = ("[", "]")
"""Around the words searched for, where nothing can be set in bold."""
_HOSTILE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def write_rows(
    rows: Iterable[Row], style: Format, out: TextIO, shorten: Callable[[Row], Row] = dict
) -> None:
    """Write rows, all of the same names, as they come; on a terminal laid out for it, each as
    `shorten` tells it in few columns."""
    if style is Format.TABLE and out.isatty():
        from archive.cli.terminal import write_table

        write_table(map(shorten, rows), out)
        return
    writers = {
        Format.TABLE: _write_plain,
        Format.JSON: _write_json,
        Format.JSONL: _write_json_lines,
        Format.CSV: _write_csv,
    }
    writers[style](rows, out)


def format_value(value: object) -> str:
    """A value on one line for a person, without control characters, which could command the
    terminal."""
    if isinstance(value, Passage):
        value = value.render(*MARKS)
    elif isinstance(value, datetime):
        value = f"{value:%Y-%m-%d %H:%M %Z}"
    elif isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, (list, tuple)):
        value = "; ".join(map(str, value))
    elif isinstance(value, Mapping):
        value = " ".join(f"{name}={part}" for name, part in value.items())
    return replace_controls(" ".join(str("" if value is None else value).split()))


def replace_controls(text: str) -> str:
    """Replace what a terminal obeys: escapes, direction overrides, lone surrogates; line breaks
    stay."""
    return _HOSTILE.sub("\ufffd", text)


def wrap_line(line: str, width: int, label: str = "") -> str:
    """A line wrapped at words behind its label, further ones indented as far; an address is never
    cut."""
    return textwrap.fill(
        line,
        min(width, WIDEST),
        initial_indent=label,
        subsequent_indent=" " * len(label),
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )


def encode_json(value: object) -> object:
    """What `json` cannot write by itself: days and times (UTC) in ISO form, passages as plain
    text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Passage):
        return value.text
    raise TypeError(f"no JSON for {type(value).__name__}")


def _write_json(rows: Iterable[Row], out: TextIO) -> None:
    """One array, an object a line, written as the rows come."""
    before = "["
    for row in rows:
        out.write(before + "\n" + _encode_row(row))
        before = ","
    out.write("[]\n" if before == "[" else "\n]\n")


def _write_json_lines(rows: Iterable[Row], out: TextIO) -> None:
    for row in rows:
        out.write(_encode_row(row) + "\n")


def _encode_row(row: Row) -> str:
    """One line; what a terminal obeys is written as JSON's own escapes, so that nothing is lost."""
    encoded = json.dumps(row, ensure_ascii=False, default=encode_json)
    encoded = encoded.encode(errors="replace").decode()
    return _HOSTILE.sub(lambda found: f"\\u{ord(found[0]):04x}", encoded)


def _write_csv(rows: Iterable[Row], out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    for number, row in enumerate(rows):
        if number == 0:
            writer.writerow(row)
        writer.writerow([_make_cell(value) for value in row.values()])


def _make_cell(value: object) -> object:
    """Lists joined, other structures as JSON, text that a spreadsheet would run made text, without
    control characters but tabs and line breaks."""
    if value is None or isinstance(value, (int, float)):
        return value
    if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
        value = "; ".join(value)
    if not isinstance(value, str):
        encoded = json.loads(json.dumps(value, default=encode_json))
        value = encoded if isinstance(encoded, str) else json.dumps(encoded, ensure_ascii=False)
    value = "\t".join(map(replace_controls, value.replace("\r\n", "\n").split("\t")))
    return "'" + value if value.lstrip().startswith(FORMULA_STARTS) else value


def _write_plain(rows: Iterable[Row], out: TextIO) -> None:
    """Tab-separated lines below a header: nothing cut, nothing coloured."""
    for number, row in enumerate(rows):
        if number == 0:
            out.write("\t".join(row) + "\n")
        out.write("\t".join(map(format_value, row.values())) + "\n")
