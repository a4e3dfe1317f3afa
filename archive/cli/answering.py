"""What the commands share: the archive they open, how many rows they write, and what they say
beside them.

What takes time to import is imported where it is needed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, TypeVar

import typer

from archive.cli.choices import Format, Setup

if TYPE_CHECKING:
    from rich.text import Text
    from sqlalchemy import Connection, Engine

    from archive.files.store import FileStore
    from archive.search.search import Found

T = TypeVar("T")
MOST_ON_SCREEN = 20
"""Rows of a table, unless `--limit` says otherwise; other formats have all."""


def choose_limit(limit: int | None, style: Format) -> int | None:
    """How many rows, where nobody says: a table is for eyes, what programs read is complete."""
    return MOST_ON_SCREEN if limit is None and style is Format.TABLE else limit


def find_setup(context: typer.Context) -> Setup:
    """What the program handed over."""
    assert isinstance(context.obj, Setup)
    return context.obj


def find_index(context: typer.Context, connection: Connection) -> Path:
    """The folder of the search index of an archive."""
    from archive.search.upkeep import find_folder

    return find_folder(connection, find_setup(context).index)


def find_files(context: typer.Context, url: str | None) -> FileStore:
    """The files of an archive."""
    from archive.files.store import FileStore, find_files_folder

    setup = find_setup(context)
    return FileStore(find_files_folder(url or setup.archive, setup.files))


def name_page(context: typer.Context, text: str) -> str:
    """The name of a page that was called `SITE/N` or by its address."""
    return find_setup(context).read_address(text) or text


@contextmanager
def open_archive(context: typer.Context, url: str | None) -> Iterator[Connection]:
    """Open the archive for reading and say where it is."""
    from archive.database.engine import describe, open_reader, read

    place = url or find_setup(context).archive
    engine = open_reader(place)
    say(f"archive: {describe(place)}")
    try:
        with read(engine) as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def open_existing(context: typer.Context, archive: str | None) -> Iterator[Engine]:
    """Open an archive for writing that is there already, and say where it is."""
    from archive.database.engine import describe, open_reader, open_writer

    url = archive or find_setup(context).archive
    open_reader(url).dispose()
    engine = open_writer(url, say=say)
    say(f"archive: {describe(url)}")
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def look_back(
    connection: Connection, day: date | None, *, page: str | None = None, site: str | None = None
) -> Iterator[Connection]:
    """What was known at the end of a day, of one page, one office or all; without a day the archive
    as it is."""
    if day is None:
        yield connection
        return
    from archive.evidence.as_of import find_sites, open_as_of
    from archive.names import find_office_ids, find_page

    sites = None
    if page is not None:
        sites = find_sites(connection, find_page(connection, page).page_id)
    elif site is not None:
        sites = set(find_office_ids(connection, [site]))
    with open_as_of(connection, day, say, sites) as past:
        yield past


def tell_time() -> datetime:
    """What time it is, for whoever decides by it."""
    return datetime.now(UTC)


def write_results(found: Found, style: Format) -> None:
    """Write the hits as they are read, and beside them how many there are and what was left
    out."""
    from archive.cli.rows import write_rows
    from archive.cli.text import format_hit, list_hit_parts, make_hit_row

    hits = Counted(found.hits)
    if style is not Format.TABLE:
        write_rows(map(make_hit_row, hits), style, sys.stdout)
    elif sys.stdout.isatty():
        from archive.cli.terminal import write_entries

        write_entries(map(list_hit_parts, hits), sys.stdout)
    else:
        write_rows(map(format_hit, hits), style, sys.stdout)
    sys.stdout.flush()
    say("nothing found" if not found.total else f"{hits.count} of {found.total} found")
    if found.undated_left_out:
        say(f"{found.undated_left_out} undated left out; --undated shows them")


class Counted(Iterator[T]):
    """Hands on, and counts."""

    def __init__(self, values: Iterator[T]) -> None:
        self._values = values
        self.count = 0

    def __next__(self) -> T:
        value = next(self._values)
        self.count += 1
        return value


def write_lines(make: Callable[[int | None], str]) -> None:
    """Write a text: on a terminal wrapped to its width and through a pager, elsewhere as it is."""
    if not sys.stdout.isatty():
        print(make(None))
        return
    from archive.cli.terminal import find_width, write_text

    write_text(make(find_width()), sys.stdout)


def write_styled(lines: Sequence[Text]) -> None:
    """Write lines in their colours where a terminal has any, wrapped and through a pager; elsewhere
    plain."""
    if not sys.stdout.isatty():
        print("\n".join(line.plain for line in lines))
        return
    from archive.cli.terminal import write_entries

    write_entries([lines], sys.stdout, indent="")


def say(line: str) -> None:
    """Tell the person at the terminal something that is no result, on one line."""
    from archive.cli.rows import replace_controls, wrap_line

    line = replace_controls(" ".join(line.splitlines()))
    if sys.stderr.isatty():
        line = wrap_line(line, get_terminal_size().columns)
    print(line, file=sys.stderr)
