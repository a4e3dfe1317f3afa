"""The commands that follow what is archived through time: how often articles were read, and what
changed.

What takes time to import is imported by the command that needs it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from archive.cli.answering import Counted, choose_limit, name_page, open_archive, say
from archive.cli.choices import Format, read_first_day, read_last_day
from archive.cli.declaring import Archive, Limit, Offices, Style, command
from archive.cli.telling import Target, tell_news
from archive.read.kinds import Kind

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from archive.cli.rows import Row

Provinces: TypeAlias = Annotated[
    list[str] | None, typer.Option("--province", help="Province: code or name; several.")
]
BAR_SHARE = 0.2
"""Of the bar of a timeline: beside six columns, a terminal of 80 has room for 8 characters."""


def read_month(text: str) -> date:
    """The first day of a month: `2024-11`."""
    if text.count("-") != 1:
        raise typer.BadParameter(f"{text[:40]!r} is no month: 2024-11")
    return read_first_day(text)


def read_year(text: str) -> date:
    """The first day of a year: `2024`."""
    if "-" in text:
        raise typer.BadParameter(f"{text[:40]!r} is no year: 2024")
    return read_first_day(text)


def choose_days(month: date | None, year: date | None) -> tuple[date, date] | None:
    """The first and the last day of a month or a year, if one of them is asked for."""
    if month:
        return month, read_last_day(month.isoformat()[:7])
    return (year, read_last_day(year.isoformat()[:4])) if year else None


@command(
    epilog="""\b
Examples:
  kpu-archive views kota-surakarta/123
  kpu-archive views --top --month 2024-11 --province "Jawa Tengah"
  kpu-archive views --top --year 2024 --limit 100 --format csv > read.csv"""
)
def views(
    context: typer.Context,
    page: Annotated[
        str | None,
        typer.Argument(
            metavar="SITE/N",
            help="A page, e.g. kota-surakarta/123, or its address as a browser has it.",
        ),
    ] = None,
    top: Annotated[bool, typer.Option("--top", help="What was read most instead.")] = False,
    month: Annotated[
        date | None,
        typer.Option(help="With --top: in this month.", parser=read_month, metavar="2024-11"),
    ] = None,
    year: Annotated[
        date | None,
        typer.Option(help="With --top: in this year.", parser=read_year, metavar="2024"),
    ] = None,
    site: Offices = None,
    province: Provinces = None,
    limit: Limit = None,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Tell how often an article was read from one count to the next; or what was read most."""
    if month and year:
        raise typer.BadParameter("--month and --year exclude each other")
    if top:
        if page is not None:
            raise typer.BadParameter("--top and a page exclude each other; --site narrows it")
        with open_archive(context, archive) as connection:
            write_most_read(connection, choose_days(month, year), site, province, limit, style)
        return
    if month or year or site or province or limit:
        raise typer.BadParameter("--month, --year, --site, --province and --limit go with --top")
    if page is None:
        raise typer.BadParameter("name a page, SITE/N, or ask for --top")
    with open_archive(context, archive) as connection:
        write_views(connection, name_page(context, page), style)


def write_views(connection: Connection, page: str, style: Format) -> None:
    """Write the counts of one article; for people with a bar for the readers."""
    from archive.cli.rows import write_rows
    from archive.cli.short import shorten_count
    from archive.read.views import list_views

    rows: list[Row] = list(list_views(connection, page))
    if style is Format.TABLE:
        rows = list(add_bars(rows))
    write_rows(rows, style, sys.stdout, shorten_count)
    sys.stdout.flush()
    if not rows:
        say(f"no counter of {page} was ever read")


def add_bars(rows: Iterable[Row]) -> Iterator[Row]:
    """Draw beside each row its readers, the most of all as the longest bar."""
    from archive.cli.finding import draw_bar

    listed = list(rows)
    readers = [row["readers"] for row in listed]
    counted = [number if isinstance(number, int) else 0 for number in readers]
    most = max(counted, default=0) or 1
    for row, number in zip(listed, counted, strict=True):
        yield {**row, "bar": draw_bar(number / most * BAR_SHARE)}


def write_most_read(
    connection: Connection,
    period: tuple[date, date] | None,
    sites: list[str] | None,
    provinces: list[str] | None,
    limit: int | None,
    style: Format,
) -> None:
    """Write what was read most, and say what `open` means where it stands."""
    from archive.cli.rows import write_rows
    from archive.names import find_office, find_province
    from archive.read.most_read import Days, list_most_read

    found = list_most_read(
        connection,
        Days(*period) if period else None,
        sites=[find_office(connection, name) for name in sites or ()],
        provinces=[find_province(connection, name) for name in provinces or ()],
        limit=choose_limit(limit, style),
    )
    rows = list(found)
    write_rows(rows, style, sys.stdout)
    sys.stdout.flush()
    if not rows:
        say("no counter was read then")
    elif any(row["open"] for row in rows):
        say("open: no count came after the period, or a counter began anew: it may be more")


@command(
    epilog="""\b
Examples:
  kpu-archive changes
  kpu-archive changes --since 2024-11-20 --kind edited --kind removed
  kpu-archive changes --site kota-surakarta --since 2024 --format jsonl > changes.jsonl
  kpu-archive changes --notify mailto:ada@example.org"""
)
def changes(
    context: typer.Context,
    since: Annotated[
        date | None,
        typer.Option(help="First day, or 2024-03, or 2024.", parser=read_first_day, metavar="DAY"),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option(
            help="Last day, or of 2024-03, or of 2024.", parser=read_last_day, metavar="DAY"
        ),
    ] = None,
    site: Offices = None,
    province: Provinces = None,
    kind: Annotated[
        list[Kind] | None, typer.Option(help="Only this kind; several times for several.")
    ] = None,
    limit: Limit = None,
    notify: Target = None,
    saved: Annotated[
        list[str] | None,
        typer.Option(help="With --notify: only this saved search; several.", metavar="NAME"),
    ] = None,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """List what happened, the newest first: new, edited, removed and returned articles, categories,
    counters, layouts. With --notify tell what is new in saved searches instead."""
    from archive.cli.happenings import shorten_change, tell_change
    from archive.cli.rows import write_rows
    from archive.names import find_office, find_province
    from archive.read.changes import list_changes

    if since and until and since > until:
        raise typer.BadParameter("--since is after --until")
    if saved and notify is None:
        raise typer.BadParameter("--saved goes with --notify")
    if notify is not None:
        if since or until or site or province or kind or limit:
            raise typer.BadParameter("--notify tells of saved searches: only --saved goes with it")
        tell_news(context, archive, notify, saved or ())
        return
    with open_archive(context, archive) as connection:
        found = list_changes(
            connection,
            since=since,
            until=until,
            sites=[find_office(connection, name) for name in site or ()],
            provinces=[find_province(connection, name) for name in province or ()],
            kinds=kind or (),
            limit=choose_limit(limit, style),
        )
        rows = Counted(found)
        told: Iterable[Row] = map(tell_change, rows) if style is Format.TABLE else rows
        write_rows(told, style, sys.stdout, shorten_change)
    sys.stdout.flush()
    say(f"{rows.count} changes" if rows.count else "nothing changed")
