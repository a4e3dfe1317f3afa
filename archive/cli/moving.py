"""The commands of `kpu-archive` that hide, erase, save and move what is kept.

What takes time to import is imported by the command that needs it.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.answering import (
    find_files,
    find_index,
    find_setup,
    name_page,
    open_archive,
    open_existing,
    say,
    tell_time,
)
from archive.cli.choices import Format
from archive.cli.declaring import Archive, Style, command

if TYPE_CHECKING:
    from archive.evidence.copy import Compared
    from archive.evidence.erase import Erased
    from archive.evidence.withhold import Why

MOST_NAMED = 20
"""Pages that are named where there are many."""


@command(
    epilog="""\b
Examples:
  kpu-archive withhold
  kpu-archive withhold kota-surakarta/123 --reason "asked for by the person named"
  kpu-archive withhold kota-surakarta/123 --undo
  kpu-archive withhold kota-surakarta/123 --erase"""
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
    erase: Annotated[
        bool, typer.Option("--erase", help="Erase its bytes and texts too, for good.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Show it again.")] = False,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Hide an article from everybody, or erase it; its captures stay, with their digests."""
    if page is None:
        if reason or who or erase or undo:
            raise typer.BadParameter("name a page: SITE/N")
        list_all(context, style, archive)
        return
    name = name_page(context, page)
    if undo:
        if reason or erase:
            raise typer.BadParameter("--undo goes alone")
        show_again(context, name, archive)
        return
    why = make_why(reason, who) if reason and reason.strip() else None
    if erase:
        erase_for_good(context, name, why, archive)
    elif why:
        hide(context, name, why, archive)
    else:
        raise typer.BadParameter('say why: --reason "..."')


@command(
    epilog="""\b
Examples:
  kpu-archive backup /backups/kpu-2025-11-03.db
  kpu-archive backup /backups/kpu.db --force"""
)
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to: a new file.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    archive: Archive = None,
) -> None:
    """Save the archive into one file, an archive in SQLite, while crawls go on, and read it back.
    Exit code 1 when snapshots do not decode."""
    from archive.database.engine import describe
    from archive.evidence.backup import back_up

    url = archive or find_setup(context).archive
    say(f"archive: {describe(url)}")
    saved = back_up(url, file.expanduser().absolute(), say, force=force)
    counts = f"{saved.rows['documents']:,} articles, {saved.rows['captures']:,} captures"
    say(f"{file}: {saved.size:,} bytes, {counts}; it is whole")
    if saved.decoded is None:
        say("it is of an older program: its snapshots were not decoded")
        return
    say(f"{saved.decoded:,} of {saved.rows['blobs']:,} snapshots were decoded")
    if saved.damaged:
        shown = ", ".join(map(str, saved.damaged[:MOST_NAMED]))
        say(f"{len(saved.damaged):,} do not decode, here as in the archive: snapshot {shown}")
        raise typer.Exit(1)


@command(
    epilog="""\b
Examples:
  kpu-archive copy --to postgresql://archive@db/kpu
  kpu-archive copy --archive postgresql://archive@db/kpu --to sqlite:////data/kpu.db"""
)
def copy(
    context: typer.Context,
    to: Annotated[str, typer.Option("--to", metavar="URL", help="Where to: SQLite, PostgreSQL.")],
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Copy the archive into another database, row by row, and compare both; a copy that was killed
    goes on. Exit code 1 when a table is not equal."""
    from archive.cli.rows import write_rows
    from archive.database.engine import describe, has_archive, open_reader, open_writer
    from archive.evidence.copy import copy_archive

    url = archive or find_setup(context).archive
    if describe(url) == describe(to):
        raise typer.BadParameter("--to names the archive itself")
    source = open_reader(url)
    say(f"archive: {describe(url)}")
    if has_archive(to):
        open_reader(to).dispose()  # one of another version is not ours to migrate
    target = open_writer(to, say=say)
    compared = copy_archive(source, target, say)
    source.dispose()
    target.dispose()
    write_rows([tell_compared(one) for one in compared], style, sys.stdout)
    sys.stdout.flush()
    if not all(one.is_equal for one in compared):
        say("the archive changed since the copy began, or the copy did: copy it to a new place")
        raise typer.Exit(1)
    say(f"{describe(to)} is equal: {sum(one.source.rows for one in compared):,} rows")


def tell_compared(compared: Compared) -> dict[str, object]:
    """A table on both sides, as a row."""
    return {
        "table": compared.table,
        "rows": compared.source.rows,
        "copied": compared.target.rows,
        "equal": compared.is_equal,
        "digest": compared.source.digest,
    }


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
    tell_alike(alike)


def tell_alike(pages: Sequence[str]) -> None:
    """Say which pages still show the same article."""
    if pages:
        say(f"these show the same article and are not withheld: {name_some(pages)}")


def name_some(pages: Sequence[str]) -> str:
    """Pages by their names, not too many."""
    more = len(pages) - MOST_NAMED
    return ", ".join(pages[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def erase_for_good(context: typer.Context, name: str, why: Why | None, archive: str | None) -> None:
    """Erase a page that is withheld, or is withheld by it; then what is left of it in files."""
    from archive.database.engine import read
    from archive.evidence.erase import check_quiet, erase_page, sweep
    from archive.evidence.withhold import find_withheld, list_alike, withhold_page
    from archive.search.upkeep import rebuild_index

    with open_existing(context, archive) as engine:
        with engine.begin() as connection:
            check_quiet(connection)
            if why:
                withhold_page(connection, name, why)
            place, _ = find_withheld(connection, name)
            alike = list_alike(connection, place)
            erased = erase_page(connection, place, tell_time())
            store = find_files(context, archive)
            for digest in erased.files:
                store.remove(digest)
        tell_erased(place.name, erased)
        tell_alike(alike)
        with read(engine) as connection:
            folder = find_index(context, connection)
            rebuild_index(connection, folder, say)
        say(f"the search index in {folder} was made anew")
        sweep(engine, say)
        tell_out_of_reach(engine.dialect.name)


def tell_erased(name: str, erased: Erased) -> None:
    """Say what was erased, and what stays elsewhere."""
    if erased.files:
        say(f"{len(erased.files):,} files that it alone offered were erased")
    again = erased.reencoded
    say(f"{name}: erased the bytes of {erased.captures:,} captures, {erased.blobs:,} snapshots")
    if again.whole:
        say(f"{again.whole:,} snapshots that were compressed against them were encoded again")
    if again.damaged:
        say(f"{again.damaged:,} of those were damaged before, and are lost")
    for what, pages in (
        ("the same text is still kept of", erased.same_text),
        ("the very same bytes are still kept of", erased.same_bytes),
        ("its title is still shown in the snapshots of", erased.mentions),
    ):
        if pages:
            say(f"{what} {name_some(pages)}")


def tell_out_of_reach(engine: str) -> None:
    """Say where copies may be that no program can know of."""
    logs = "the server's WAL and logs" if engine == "postgresql" else "free blocks of the disk"
    say(
        "out of reach: backups and copies, exports, search indexes of other machines, snapshots of "
        f"the file system, {logs}"
    )


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
