"""Rows are written so that programs read back what was meant and people are not misled."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from archive.cli.choices import Format
from archive.cli.rows import write_rows
from archive.search.passages import Passage

ROW = {
    "page": "kota-surakarta/1",
    "title": "=1+1; \x1b[31mmerah\u202e\tbaru",
    "day": date(2025, 11, 3),
    "at": datetime(2025, 11, 3, 12, 0, tzinfo=ZoneInfo("Asia/Jakarta")),
    "views": -3,
    "writers": ("Asa", "Budi"),
    "links": [{"url": "u", "uploaded": None}],
    "passage": Passage("Data pemilih dibahas.", ((5, 12),)),
    "none": None,
    "yes": True,
}


def write(style: Format, *rows: dict[str, object]) -> str:
    out = io.StringIO()
    write_rows(rows, style, out)
    return out.getvalue()


def test_json_is_one_array_with_times_in_utc() -> None:
    """Nothing is lost or marked; days and times are ISO, times in UTC."""
    expected = ROW | {
        "day": "2025-11-03",
        "at": "2025-11-03T05:00:00+00:00",
        "writers": ["Asa", "Budi"],
        "passage": "Data pemilih dibahas.",
    }
    assert json.loads(write(Format.JSON, ROW, ROW)) == [expected, expected]
    assert [json.loads(line) for line in write(Format.JSONL, ROW, ROW).splitlines()] == [
        expected,
        expected,
    ]


def test_no_rows_are_still_json() -> None:
    """An empty result is an empty array for JSON, and nothing at all elsewhere."""
    assert json.loads(write(Format.JSON)) == []
    assert [write(style) for style in (Format.JSONL, Format.CSV, Format.TABLE)] == ["", "", ""]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@sum", " =1", "\t=1", "\n=1"])
def test_spreadsheet_runs_nothing(title: str) -> None:
    """Text that a spreadsheet would take for a formula comes with an apostrophe; numbers stay
    numbers."""
    header, cells = csv.reader(io.StringIO(write(Format.CSV, ROW | {"title": title})))
    row = dict(zip(header, cells, strict=True))
    assert row["title"] == "'" + title
    assert (row["views"], row["writers"], row["none"], row["day"]) == (
        "-3",
        "Asa; Budi",
        "",
        "2025-11-03",
    )
    assert row["at"] == "2025-11-03T05:00:00+00:00"
    assert json.loads(row["links"]) == ROW["links"]


def test_pipe_gets_plain_lines() -> None:
    """On a pipe: tab-separated, times in the zone given, marks in brackets, no control character of
    the text."""
    header, line = write(Format.TABLE, ROW).splitlines()
    row = dict(zip(header.split("\t"), line.split("\t"), strict=True))
    assert row["title"] == "=1+1; �[31mmerah� baru"
    assert (row["at"], row["passage"], row["yes"]) == (
        "2025-11-03 12:00 WIB",
        "Data [pemilih] dibahas.",
        "yes",
    )


def test_terminal_gets_a_table_with_bold_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal: aligned, the words searched for in bold, the text's own escapes disarmed."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    master, slave = pty.openpty()
    with open(slave, "w") as terminal:  # noqa: PTH123 - a file descriptor
        write_rows([{"title": ROW["title"], "passage": ROW["passage"]}], Format.TABLE, terminal)
        terminal.flush()
        told = os.read(master, 10_000).decode()
    assert "\x1b[1mpemilih\x1b[0m" in told
    assert "\x1b[31m" not in told
