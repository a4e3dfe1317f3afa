"""What commands of `kpu-archive` are declared with: the program itself, and the arguments and
options that several have."""

from __future__ import annotations

import sys
from datetime import date
from functools import partial
from typing import Annotated, TypeAlias

import typer

from archive.cli.answering import MOST_ON_SCREEN
from archive.cli.choices import MOST, Command, Format, read_last_day


def print_version(wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        from importlib.metadata import version

        print(f"kpu-archive {version('kpucrawl')}")
        raise typer.Exit


app = typer.Typer(
    name="kpu-archive",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

command = partial(app.command, cls=Command)
"""Declares a command of `kpu-archive`."""

Archive: TypeAlias = Annotated[
    str | None, typer.Option("--archive", metavar="URL", help="Another archive.")
]
Style: TypeAlias = Annotated[Format, typer.Option("--format", help="How rows are written.")]
PageName: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="SITE/N",
        help="A page, e.g. kota-surakarta/123, or its address as a browser has it.",
    ),
]
At: TypeAlias = Annotated[
    date | None,
    typer.Option(
        help="As of the end of a day, a month or a year.", parser=read_last_day, metavar="DAY"
    ),
]
AsOf: TypeAlias = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        help="As it was known here at the end of a day: captured, imported and read by then.",
        parser=read_last_day,
        metavar="DAY",
    ),
]
OFFICES = "Office: name, code or host; several times for several."
Offices: TypeAlias = Annotated[list[str] | None, typer.Option("--site", help=OFFICES)]
Limit: TypeAlias = Annotated[
    int | None,
    typer.Option(
        min=1, max=MOST, help=f"At most so many; a table has {MOST_ON_SCREEN}, other formats all."
    ),
]


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=print_version, help="Print the version."),
    ] = False,
) -> None:
    """Find and read what is archived. The archive is KPU_ARCHIVE_URL, else kpu-archive.db in the
    project's folder."""
    if context.invoked_subcommand is None:
        print(context.get_help(), file=sys.stderr)
        raise typer.Exit(2)
