"""The commands that tell others what is new, and those of saved searches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from archive.cli.answering import find_index, open_archive, open_existing, say, tell_time
from archive.cli.choices import Format, read_target
from archive.cli.declaring import Archive, Style, command

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from archive.search.questions import Question
    from archive.watch.notices import Told

Target: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--notify",
        help="Tell this address what was not told to it: mailto:NAME@HOST, or an address that is "
        "called with JSON.",
        parser=read_target,
        metavar="TARGET",
    ),
]


def tell(
    context: typer.Context,
    archive: str | None,
    target: str,
    find: Callable[[Connection], Sequence[Told]],
    title: str,
) -> None:
    """Find what was not told to a target, tell it, and note that it was; one process at a time."""
    from filelock import FileLock

    from archive.cli.notifying import notify
    from archive.database.engine import read
    from archive.watch.notices import note_told

    with open_existing(context, archive) as engine:
        with read(engine) as connection:
            folder = find_index(context, connection)
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "notices.lock"):
            with read(engine) as connection:
                found = find(connection)
            told = [one for one in found if one.lines]
            if told:
                notify(
                    target, f"{title}: {'; '.join(one.title for one in told[:MOST_NAMED])}", told
                )
            with engine.begin() as connection:
                note_told(connection, target, found, tell_time())
    say(f"told {len(told)} of {len(found)} to {target.partition(':')[0]}" if told else "no news")


MOST_NAMED = 3
"""Subjects in the title of a message."""


def tell_news(
    context: typer.Context, archive: str | None, target: str, names: Sequence[str] = ()
) -> None:
    """Tell what is new in saved searches."""
    from archive.watch.notices import find_searched

    def find(connection: Connection) -> list[Told]:
        folder = find_index(context, connection)
        return list(find_searched(connection, target, names, folder, say))

    tell(context, archive, target, find, "KPU archive")


def tell_worse(context: typer.Context, archive: str | None, target: str) -> None:
    """Tell which offices fare worse."""
    from archive.watch.health import list_health
    from archive.watch.notices import find_worse

    def find(connection: Connection) -> list[Told]:
        return find_worse(connection, target, list_health(connection, now=tell_time()))

    tell(context, archive, target, find, "KPU archive, health")


def save(context: typer.Context, archive: str | None, name: str, question: Question) -> None:
    """Save a question."""
    from archive.search.saving import save_search

    with open_existing(context, archive) as engine, engine.begin() as connection:
        save_search(connection, name, question, tell_time())
    say(f"saved as {name!r}; kpu-archive changes --notify TARGET tells what is new in it")


@command(
    epilog="""\b
Examples:
  kpu-archive search "data pemilih" --province 33 --save pemilih
  kpu-archive saved
  kpu-archive saved --forget pemilih"""
)
def saved(
    context: typer.Context,
    forget: Annotated[
        str | None, typer.Option(help="Forget the one of this name.", metavar="NAME")
    ] = None,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """List the searches that were saved with search --save."""
    from archive.cli.rows import write_rows
    from archive.search.saving import forget_search, list_searches

    if forget is not None:
        with open_existing(context, archive) as engine, engine.begin() as connection:
            forget_search(connection, forget)
        say(f"{forget!r} is forgotten")
        return
    with open_archive(context, archive) as connection:
        rows = [
            {"name": row.name, "saved_at": row.saved_at, "question": row.question}
            for row in list_searches(connection)
        ]
        write_rows(rows, style, sys.stdout)
