"""The commands of `kpu-archive` that hide, erase, save and move what is kept.

What takes time to import is imported by the command that needs it.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.answering import find_setup, name_page, open_archive, say, tell_time
from archive.cli.choices import Format
from archive.cli.declaring import Archive, Style, command

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from archive.evidence.withhold import Why


@command(
    epilog="""\b
Examples:
  kpu-archive withhold
  kpu-archive withhold kota-surakarta/123 --reason "asked for by the person named"
  kpu-archive withhold kota-surakarta/123 --undo"""
)
def withhold(
    context: typer.Context,
    page: Annotated[
        str | None,
        typer.Argument(metavar="SITE/N", help="A page or its address; none lists those withheld."),
    ] = None,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why: shown to whoever asks for the page.")
    ] = None,
    who: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who decides it; else who runs this.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Show it again.")] = False,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Hide an article from everybody."""
    if page is None:
        if reason or who or undo:
            raise typer.BadParameter("name a page: SITE/N")
        list_all(context, style, archive)
        return
    name = name_page(context, page)
    if undo:
        if reason:
            raise typer.BadParameter("--undo goes alone")
        show_again(context, name, archive)
        return
    if not reason or not reason.strip():
        raise typer.BadParameter('say why: --reason "..."')
    hide(context, name, make_why(reason, who), archive)


def list_all(context: typer.Context, style: Format, archive: str | None) -> None:
    """Write what is withheld."""
    from archive.cli.rows import write_rows
    from archive.evidence.withhold import list_withheld

    with open_archive(context, archive) as connection:
        write_rows(list_withheld(connection), style, sys.stdout)


def show_again(context: typer.Context, name: str, archive: str | None) -> None:
    """Lift what was withheld."""
    from archive.evidence.withhold import lift

    with open_existing(context, archive) as engine, engine.begin() as connection:
        place = lift(connection, name)
    say(f"{place.name} is shown again")


def hide(context: typer.Context, name: str, why: Why, archive: str | None) -> None:
    """Withhold a page, and tell what shows the same."""
    from archive.evidence.withhold import list_alike, withhold_page

    with open_existing(context, archive) as engine, engine.begin() as connection:
        place = withhold_page(connection, name, why)
        alike = list_alike(connection, place)
    say(f"{place.name} is withheld")
    if alike:
        say(f"these show the same article and are not withheld: {', '.join(alike)}")


def make_why(reason: str, who: str | None) -> Why:
    """A reason of one line, with who gives it and when."""
    from archive.evidence.withhold import Why

    return Why(" ".join(reason.split()), who or find_user(), tell_time())


def find_user() -> str:
    """Who runs the program, as the system calls them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise typer.BadParameter("say who decides it: --who NAME") from None


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
