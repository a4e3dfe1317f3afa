"""The commands of `kpu-archive` that need only the archive. Their boundary for errors is whoever
runs `app`.

What takes time to import is imported by the command that needs it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from archive.cli.choices import Format
from archive.derive.flags import Flag
from archive.watch.verdicts import WELL, State

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from archive.search.search import Results

app = typer.Typer(
    name="kpu-archive",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Find and read what is archived. The archive is KPU_ARCHIVE_URL, else kpu-archive.db in "
    "the project's folder.",
)

DAY = ["%Y-%m-%d"]

Archive: TypeAlias = Annotated[
    str | None, typer.Option("--archive", metavar="URL", help="Another archive.")
]
Style: TypeAlias = Annotated[Format, typer.Option("--format", help="How rows are written.")]
PageName: TypeAlias = Annotated[
    str, typer.Argument(metavar="SITE/N", help="A page, e.g. kota-surakarta/123.")
]


@app.command()
def search(
    context: typer.Context,
    query: Annotated[
        list[str] | None, typer.Argument(help='Words, "phrases", -unwanted.', metavar="QUERY")
    ] = None,
    site: Annotated[str | None, typer.Option(help="Office: name, code or host.")] = None,
    province: Annotated[str | None, typer.Option(help="Province: code or name.")] = None,
    since: Annotated[
        datetime | None, typer.Option(help="First day of publication.", formats=DAY)
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(help="Last day of publication.", formats=DAY)
    ] = None,
    category: Annotated[str | None, typer.Option(help="Category as printed, or section.")] = None,
    by: Annotated[
        str | None, typer.Option(help="Name of a writer, editor or photographer.")
    ] = None,
    flag: Annotated[
        Flag | None, typer.Option(help="What is odd about its date, or what its address showed.")
    ] = None,
    undated: Annotated[
        bool, typer.Option("--undated", help="Keep articles without a date in a period.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    offset: Annotated[int, typer.Option(min=0, help="After so many.")] = 0,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Find articles by their words, best first; without words, newest first."""
    from archive.search.search import search as find

    if since and until and since > until:
        raise typer.BadParameter("--since is after --until")
    with open_archive(context, archive) as connection:
        results = find(
            connection,
            " ".join(query or ()),
            site=site,
            province=province,
            since=since and since.date(),
            until=until and until.date(),
            category=category,
            by=by,
            flag=flag,
            undated=undated,
            limit=limit,
            offset=offset,
        )
    write_results(results, style)


@app.command()
def show(
    context: typer.Context, page: PageName, style: Style = Format.TABLE, archive: Archive = None
) -> None:
    """Show one article with all that is known of it."""
    from dataclasses import asdict

    from archive.cli.rows import write_rows
    from archive.cli.text import format_article
    from archive.read.articles import show_article

    with open_archive(context, archive) as connection:
        article = show_article(connection, page)
    if style is Format.TABLE:
        print(format_article(article))
    else:
        write_rows([asdict(article)], style, sys.stdout)


@app.command()
def history(
    context: typer.Context, page: PageName, style: Style = Format.TABLE, archive: Archive = None
) -> None:
    """List the captures of a page and the revisions they showed."""
    from archive.cli.rows import write_rows
    from archive.read.captures import list_captures

    with open_archive(context, archive) as connection:
        write_rows(list_captures(connection, page), style, sys.stdout)


@app.command()
def snapshot(
    context: typer.Context,
    page: PageName,
    at: Annotated[
        datetime | None, typer.Option(help="As of the end of a day.", formats=DAY)
    ] = None,
    capture: Annotated[int | None, typer.Option(help="Of this capture; see history.")] = None,
    archive: Archive = None,
) -> None:
    """Write the page's HTML as it came, byte for byte."""
    from archive.read.captures import load_snapshot

    with open_archive(context, archive) as connection:
        body = load_snapshot(connection, page, at=at and at.date(), capture=capture)
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()


@app.command()
def stats(context: typer.Context, style: Style = Format.TABLE, archive: Archive = None) -> None:
    """Count what the archive holds."""
    from archive.cli.rows import write_rows
    from archive.read.statistics import count_archive

    with open_archive(context, archive) as connection:
        counts = count_archive(connection)
    rows = [{"what": what, "count": count} for what, count in counts.items()]
    write_rows(rows if style is Format.TABLE else [counts], style, sys.stdout)


@app.command()
def runs(
    context: typer.Context,
    site: Annotated[str | None, typer.Option(help="Office: name, code or host.")] = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Only those that did not end with code 0.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """List the runs of the crawler, the newest first."""
    from archive.cli.rows import write_rows
    from archive.names import find_office
    from archive.read.statistics import list_runs

    with open_archive(context, archive) as connection:
        code = find_office(connection, site) if site else None
        write_rows(list_runs(connection, limit, site=code, failed=failed), style, sys.stdout)


@app.command()
def coverage(
    context: typer.Context,
    site: Annotated[str | None, typer.Argument(help="Office: name, code or host.")] = None,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Count what offices show against what is held; of one office, list what is missing or removed,
    and why."""
    from archive.cli.rows import write_rows
    from archive.names import find_office
    from archive.watch.coverage import count_coverage, list_missing

    with open_archive(context, archive) as connection:
        if site is None:
            write_rows(count_coverage(connection), style, sys.stdout)
            return
        code = find_office(connection, site)
        write_rows(list_missing(connection, code), style, sys.stdout)
        sys.stdout.flush()
        for row in count_coverage(connection, code):
            counts = [
                f"{count} {what.replace('_', ' ')}" for what, count in row.items() if what != "site"
            ]
            say(f"{row['site']}: {', '.join(counts)}")


@app.command()
def health(
    context: typer.Context,
    everyone: Annotated[bool, typer.Option("--all", help="Those that need nobody too.")] = False,
    state: Annotated[
        list[State] | None, typer.Option(help="Only this state; several times for several.")
    ] = None,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Say which offices need attention now, the worst first; exit code 1 when some do."""
    from archive.cli.rows import write_rows
    from archive.watch.health import LAYOUT_CHANGED, list_health, summarise_health

    with open_archive(context, archive) as connection:
        found = list_health(connection, now=datetime.now(UTC))
    chosen = [
        row
        for row in found
        if (row["state"] in state if state else everyone or row["state"] not in WELL)
    ]
    write_rows(chosen, style, sys.stdout)
    sys.stdout.flush()
    say(summarise_health(found))
    if any(row["state"] not in (*WELL, LAYOUT_CHANGED) for row in chosen):
        raise typer.Exit(1)


@app.command()
def upgrade(context: typer.Context, archive: Archive = None) -> None:
    """Make the archive, or bring an older one to this program's version."""
    from archive.database.engine import describe, open_writer

    url = archive or context.obj
    open_writer(url, say=say).dispose()
    say(f"the archive at {describe(url)} is up to date")


@app.command()
def rebuild(context: typer.Context, archive: Archive = None) -> None:
    """Derive the articles, the copies and the search index again from what was captured."""
    from archive.database.engine import open_writer
    from archive.derive.documents import rebuild as derive

    engine = open_writer(archive or context.obj, say=say)
    with engine.begin() as connection:
        derive(connection, say)


@contextmanager
def open_archive(context: typer.Context, url: str | None) -> Iterator[Connection]:
    """Open the archive for reading and say where it is."""
    from archive.database.engine import describe, open_reader, read

    engine = open_reader(url or context.obj)
    say(f"archive: {describe(url or context.obj)}")
    try:
        with read(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def write_results(results: Results, style: Format) -> None:
    """Write the hits, and beside them how many there are and what was left out."""
    from archive.cli.rows import write_rows
    from archive.cli.text import format_hit, make_hit_row

    make_row = format_hit if style is Format.TABLE else make_hit_row
    write_rows(map(make_row, results.hits), style, sys.stdout)
    sys.stdout.flush()
    shown = len(results.hits)
    say("nothing found" if not results.total else f"{shown} of {results.total} found")
    if results.undated_left_out:
        say(f"{results.undated_left_out} undated left out; --undated shows them")


def say(line: str) -> None:
    """Tell the person at the terminal something that is no result."""
    print(line, file=sys.stderr)
