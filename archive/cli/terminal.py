"""Rows and texts on a terminal: tables that fit its width, wrapped at words, and a pager for what
is longer than its height."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.cli.rows import WIDEST, Row, format_value, replace_controls, wrap_line
from archive.search.passages import Passage

SHORT = 34
"""Columns of a value that stays on one line where it can: the longest names of offices have 27, and
`/12345` behind them."""
LEAST = 16
"""Columns that a longer text needs: fewer, and most lines hold one word."""
GAP = 2
INDENT = "  "
PAGERS = ("less", "more")
LESS = "FRX"
"""Leave when it fits, let bold through, keep the screen."""


@dataclass(slots=True)
class _Column:
    """How wide a column is."""

    needed: int
    """For its longest value on one line."""
    word: int
    """For its longest word."""
    is_wrapped: bool

    @property
    def least(self) -> int:
        """What it must have: long texts more than a word, and words longer than any name are
        folded."""
        if not self.is_wrapped:
            return self.needed
        word = self.word if self.word <= SHORT else LEAST
        return max(LEAST, word) if self.needed > SHORT else word


def write_table(rows: Iterable[Row], out: TextIO) -> None:
    """A table as wide as the terminal, or, where that is too narrow, each row as a block; columns
    that are empty throughout are left out."""
    listed = list(rows)
    told = {name: [style_value(row[name]) for row in listed] for name in (listed or [{}])[0]}
    told = {name: cells for name, cells in told.items() if any(cell.plain for cell in cells)}
    if not told:
        return
    width = find_width()
    right = {name for name in told if all(_is_number(row[name]) for row in listed)}
    if table := _make_table(told, right, width):
        page_text(_render(table, width), out)
    else:
        write_text("\n".join(_list_blocks(told, width)), out)


def _make_table(
    told: Mapping[str, Sequence[Text]], right: Collection[str], width: int
) -> Table | None:
    """A table of columns, every short one as wide as it needs; `None` when too little is left for
    the others."""
    columns = {name: _measure(name, cells) for name, cells in told.items()}
    if not _fit(list(columns.values()), width):
        return None
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    for name, column in columns.items():
        table.add_column(
            name.replace("_", " "),
            justify="right" if name in right else "left",
            overflow="fold",
            width=None if column.is_wrapped else column.needed,
            min_width=column.least,
        )
    for cells in zip(*told.values(), strict=True):
        table.add_row(*cells)
    return table


def _measure(name: str, cells: Sequence[Text]) -> _Column:
    values = [cell.plain for cell in cells]
    words = [*name.split("_"), *(word for value in values for word in value.split())]
    word = max(map(cell_len, words))
    needed = max([word, *map(cell_len, values)])
    return _Column(needed, word, needed > SHORT)


def _fit(columns: Sequence[_Column], width: int) -> bool:
    """Whether they fit; the widest of those that hold several words are wrapped until they do."""
    room = width - GAP * (len(columns) - 1)
    while sum(column.least for column in columns) > room:
        rigid = [one for one in columns if not one.is_wrapped and one.word < one.needed]
        if not rigid:
            return False
        max(rigid, key=lambda column: column.needed).is_wrapped = True
    return True


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


def _list_blocks(told: Mapping[str, Sequence[Text]], width: int) -> Iterator[str]:
    label = max(map(cell_len, told)) + GAP
    for number, cells in enumerate(zip(*told.values(), strict=True)):
        if number:
            yield ""
        for name, cell in zip(told, cells, strict=True):
            if cell.plain:
                yield wrap_line(cell.plain, width, f"{name.replace('_', ' '):<{label}}")


def write_entries(entries: Iterable[Sequence[Text]], out: TextIO, indent: str = INDENT) -> None:
    """Entries of a list, each a heading and paragraphs below it."""
    width = find_width()
    wide = min(width, WIDEST)
    console = Console(width=width)
    lines: list[Text] = []
    for heading, *below in entries:
        if lines:
            lines.append(Text())
        lines += heading.wrap(console, wide)
        for text in below:
            lines += [Text(indent) + line for line in text.wrap(console, wide - len(indent))]
    page_text(_render(Text("\n").join(lines), width), out)


def style_value(value: object) -> Text:
    """A value as `format_value` tells it, the marks of a passage in bold instead of brackets."""
    if not isinstance(value, Passage):
        return Text(format_value(value))
    styled = Text(replace_controls(value.text).replace("\n", " "))
    for start, end in value.marks:
        styled.stylize("bold", start, end)
    return styled


def write_text(text: str, out: TextIO) -> None:
    """Lines for a person, through a pager where the terminal is too low for them."""
    page_text(text + "\n", out)


def find_width() -> int:
    """The columns of the terminal."""
    return max(shutil.get_terminal_size().columns, LEAST)


def _render(what: Table | Text, width: int) -> str:
    """With escapes for bold, where the terminal knows any."""
    out = StringIO()
    plain = os.environ.get("TERM", "dumb") in ("", "dumb")
    console = Console(file=out, width=width, force_terminal=not plain, highlight=False)
    console.print(what)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def page_text(text: str, out: TextIO) -> None:
    """Write a text that is safe for a terminal, through a pager when it is longer than the screen
    is high."""
    height = shutil.get_terminal_size().lines
    pager = find_pager() if out.isatty() and text.count("\n") >= height else None
    if pager is None or not _run_pager(pager, text):
        out.write(text)
        out.flush()


def find_pager() -> list[str] | None:
    """The program that PAGER names, else one that is there; `None` for none, or `cat`."""
    if os.environ.get("TERM", "dumb") in ("", "dumb"):
        return None
    named = os.environ.get("PAGER")
    if named is None:
        return next(([name] for name in PAGERS if shutil.which(name)), None)
    try:
        words = shlex.split(named)
    except ValueError:
        return None
    return words if words and words[0] != "cat" and shutil.which(words[0]) else None


def _run_pager(pager: Sequence[str], text: str) -> bool:
    """Whether the pager took the text; who leaves it early has read enough."""
    environment = {"LESS": LESS, **os.environ}
    try:
        running = subprocess.Popen(pager, stdin=subprocess.PIPE, env=environment)
    except OSError:
        return False
    heeded = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the pager's
    try:
        running.communicate(text.encode(errors="replace"))
    finally:
        signal.signal(signal.SIGINT, heeded)
    return True
