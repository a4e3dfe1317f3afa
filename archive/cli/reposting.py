"""`kpu-archive reposts`: where a text went from office to office."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.answering import choose_limit, name_page, open_archive, say
from archive.cli.choices import Format, read_first_day
from archive.cli.declaring import Archive, Limit, Offices, Style, command

if TYPE_CHECKING:
    from archive.read.reposts import Witnesses

NAMED_AT_MOST = 3
"""Names in the summary line."""


@command(
    epilog="""\b
Examples:
  kpu-archive reposts
  kpu-archive reposts --site kota-surakarta --since 2024
  kpu-archive reposts kota-surakarta/123
  kpu-archive reposts kota-surakarta/123 --sentences --format csv > changes.csv"""
)
def reposts(
    context: typer.Context,
    page: Annotated[
        str | None,
        typer.Argument(
            metavar="[SITE/N]",
            help="A page, e.g. kota-surakarta/123, or its address as a browser has it.",
        ),
    ] = None,
    sentences: Annotated[
        bool,
        typer.Option("--sentences", help="What each office changed, added or dropped instead."),
    ] = False,
    site: Offices = None,
    since: Annotated[
        date | None,
        typer.Option(
            help="Published since a day, or 2024-03, or 2024.", parser=read_first_day, metavar="DAY"
        ),
    ] = None,
    limit: Limit = None,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Tell where the text of a page went, who may have been first, and what was changed; without a
    page, list the texts that most pages share."""
    from archive.cli.rows import write_rows
    from archive.cli.short import shorten_cluster, shorten_repost
    from archive.names import find_office
    from archive.read import reposts as read

    if page is None and sentences:
        raise typer.BadParameter("--sentences needs a page: SITE/N")
    if page is not None and (site or since or limit):
        raise typer.BadParameter("--site, --since and --limit are for the list without a page")
    with open_archive(context, archive) as connection:
        if page is None:
            codes = [find_office(connection, name) for name in site or ()]
            most = choose_limit(limit, style)
            found = read.list_clusters(connection, most, sites=codes, since=since)
            write_rows(found, style, sys.stdout, shorten_cluster)
            return
        members = read.list_journey(connection, name_page(context, page))
        if not members:
            write_rows([], style, sys.stdout)
            say("no other page has this text")
            return
        if sentences:
            write_rows(read.tell_changes(members), style, sys.stdout)
        else:
            write_rows(read.tell_journey(members), style, sys.stdout, shorten_repost)
        sys.stdout.flush()
        say(_summarise(read.find_witnesses(connection, members), len(members)))


def _summarise(witnesses: Witnesses, count: int) -> str:
    """`first published: kota-surakarta/1; first seen: kab-cilacap/9; datelines name: Kota Surakarta
    (2 of 3)`."""
    named = [f"{name} ({times} of {count})" for name, times in witnesses.named.items()]
    accounts = {
        "first published": _join(witnesses.published),
        "first seen": _join(witnesses.seen),
        "datelines name": _join(named),
    }
    return "; ".join(f"{label}: {account}" for label, account in accounts.items())


def _join(names: Sequence[str]) -> str:
    """Some of several, or that there is none."""
    more = len(names) - NAMED_AT_MOST
    shown = [*names[:NAMED_AT_MOST], *([f"{more} more"] if more > 0 else [])]
    return " or ".join(shown) or "nobody knows"
