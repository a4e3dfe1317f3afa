"""Rows for people and for programs: the one place that writes tables, JSON, JSON lines and CSV.

A row is a mapping of names to values. Times are aware. For people they are told in their own zone
(the office's, where a row has one), in JSON and CSV in UTC; days stay days.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TextIO

from archive.cli.choices import Format
from archive.search.passages import Passage

if TYPE_CHECKING:
    from rich.text import Text

Row = Mapping[str, object]

FORMULA_STARTS = ("=", "+", "-", "@")
"""A spreadsheet runs text that begins so; in CSV it gets an apostrophe in front, which spreadsheets
do not show."""
MARKS = ("[", "]")
"""Around the words searched for, where nothing can be set in bold."""
_HOSTILE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def write_rows(rows: Iterable[Row], style: Format, out: TextIO) -> None:
    """Write rows, all of the same names, as they come."""
    writers = {
        Format.TABLE: _write_table if out.isatty() else _write_plain,
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
    encoded = json.dumps(row, ensure_ascii=False, default=encode_json)
    return encoded.encode(errors="replace").decode()


def _write_csv(rows: Iterable[Row], out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    for number, row in enumerate(rows):
        if number == 0:
            writer.writerow(row)
        writer.writerow([_make_cell(value) for value in row.values()])


def _make_cell(value: object) -> object:
    """Lists joined, other structures as JSON, text that a spreadsheet would run made text."""
    if value is None or isinstance(value, (int, float)):
        return value
    if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
        value = "; ".join(value)
    if not isinstance(value, str):
        encoded = json.loads(json.dumps(value, default=encode_json))
        value = encoded if isinstance(encoded, str) else json.dumps(encoded, ensure_ascii=False)
    return "'" + value if value.lstrip().startswith(FORMULA_STARTS) else value


def _write_plain(rows: Iterable[Row], out: TextIO) -> None:
    """Tab-separated lines below a header: nothing cut, nothing coloured."""
    for number, row in enumerate(rows):
        if number == 0:
            out.write("\t".join(row) + "\n")
        out.write("\t".join(map(format_value, row.values())) + "\n")


def _write_table(rows: Iterable[Row], out: TextIO) -> None:
    """A table as wide as the terminal, with long values folded."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for row in rows:
        if not table.columns:
            for name, value in row.items():
                number = isinstance(value, int) and not isinstance(value, bool)
                table.add_column(name, justify="right" if number else "left", overflow="fold")
        table.add_row(*map(_style, row.values()))
    Console(file=out).print(table)


def _style(value: object) -> Text:
    """A value as `format_value` tells it, the marks of a passage in bold instead of brackets."""
    from rich.text import Text

    if not isinstance(value, Passage):
        return Text(format_value(value))
    styled = Text(replace_controls(value.text).replace("\n", " "))
    for start, end in value.marks:
        styled.stylize("bold", start, end)
    return styled
