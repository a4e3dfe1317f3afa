"""The command that compares revisions."""

from __future__ import annotations

import sys
from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from archive.cli.answering import name_page, open_archive, write_styled
from archive.cli.choices import Format, read_last_day
from archive.cli.declaring import Archive, PageName, command


class Form(StrEnum):
    """How a difference is written."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"


def read_choice(text: str) -> int | date:
    """A revision by its number, or a day, a month or a year with its dashes: `2`, `2024-08`."""
    if text.isascii() and text.isdigit() and len(text) < YEAR_DIGITS:
        return int(text)
    return read_last_day(text)


YEAR_DIGITS = 4
"""No article has a thousand revisions; `2024` is a year."""


@command(
    epilog="""\b
Examples:
  kpu-archive diff kota-surakarta/123
  kpu-archive diff kota-surakarta/123 --from 1 --to 2024-12-31
  kpu-archive diff kota-surakarta/123 --format html > difference.html"""
)
def diff(
    context: typer.Context,
    page: PageName,
    first: Annotated[
        int | None,
        typer.Option(
            "--from",
            help="A revision by its number, or what stood there at the end of a day; else the one "
            "before the other.",
            parser=read_choice,
            metavar="N|DAY",
        ),
    ] = None,
    second: Annotated[
        int | None,
        typer.Option(
            "--to", help="The other one; else the last.", parser=read_choice, metavar="N|DAY"
        ),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How it is written.")] = Form.TEXT,
    archive: Archive = None,
) -> None:
    """Show what was changed in an article between two revisions, word by word, and which fields."""
    from archive.cli.differences import format_html, list_lines, make_record
    from archive.cli.rows import write_rows
    from archive.evidence.difference import find_difference

    with open_archive(context, archive) as connection:
        found = find_difference(connection, name_page(context, page), first, second)
    if form is Form.JSON:
        write_rows([make_record(found)], Format.JSON, sys.stdout)
    elif form is Form.HTML:
        print(format_html(found))
    else:
        write_styled(list_lines(found))
