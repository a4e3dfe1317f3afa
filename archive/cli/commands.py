"""The commands of `kpu-archive` that need only the archive. Their boundary for errors is whoever
runs `app`.

What takes time to import is imported by the command that needs it.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from archive.cli.answering import (
    choose_limit,
    find_files,
    find_index,
    find_setup,
    look_back,
    name_page,
    open_archive,
    say,
    write_lines,
    write_results,
)
from archive.cli.choices import (
    MOST,
    Facet,
    Format,
    Precision,
    Sort,
    Step,
    read_first_day,
    read_last_day,
)
from archive.cli.declaring import Archive, AsOf, At, Limit, Offices, PageName, Style, command
from archive.cli.telling import Target, tell_worse
from archive.cli.telling import save as save_question
from archive.derive.flags import Flag
from archive.watch.verdicts import WELL, State


@command(
    epilog="""\b
Examples:
  kpu-archive search "data pemilih" --site kota-surakarta --site kab-cilacap
  kpu-archive search '"rapat pleno" (rekapitulasi OR penetapan) -hoaks' --since 2024-03
  kpu-archive search --province "Jawa Tengah" --format csv > hits.csv
  kpu-archive search 'title:pemil* by:sri' --facets year --facets office
  kpu-archive search hoaks --over-time year"""
)
def search(
    context: typer.Context,
    query: Annotated[
        list[str] | None,
        typer.Argument(
            help='Words, "exact words", OR, -unwanted, begin*, title:, by:, place:, (groups).',
            metavar="QUERY",
        ),
    ] = None,
    site: Offices = None,
    province: Annotated[
        list[str] | None, typer.Option(help="Province: code or name; several for several.")
    ] = None,
    level: Annotated[
        list[str] | None, typer.Option(help="provinsi, kabupaten or kota; several.")
    ] = None,
    since: Annotated[
        date | None,
        typer.Option(
            help="First day of publication, or 2024-03, or 2024.",
            parser=read_first_day,
            metavar="DAY",
        ),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option(
            help="Last day of publication, or of 2024-03, or of 2024.",
            parser=read_last_day,
            metavar="DAY",
        ),
    ] = None,
    precision: Annotated[
        Precision, typer.Option(help="How surely published within the period.")
    ] = Precision.POSSIBLE,
    category: Annotated[
        list[str] | None,
        typer.Option(help="Category as printed, or section; several for several."),
    ] = None,
    section: Annotated[list[str] | None, typer.Option(help="Section; several.")] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(help="Name of a writer, editor or photographer; several for several."),
    ] = None,
    unit: Annotated[list[str] | None, typer.Option(help="Desk or host credited; several.")] = None,
    min_views: Annotated[int | None, typer.Option(min=0, max=MOST, help="Read so often.")] = None,
    max_views: Annotated[
        int | None, typer.Option(min=0, max=MOST, help="Read no more often.")
    ] = None,
    flag: Annotated[
        list[Flag] | None,
        typer.Option(help="What is odd about its date or how its page came; several."),
    ] = None,
    removed: Annotated[
        bool | None, typer.Option("--removed/--present", help="Gone from its site, or not.")
    ] = None,
    edited: Annotated[
        bool | None, typer.Option("--edited/--unedited", help="Changed since it was seen, or not.")
    ] = None,
    fold: Annotated[bool, typer.Option("--fold", help="Of copies only the first.")] = False,
    undated: Annotated[
        bool, typer.Option("--undated", help="Keep articles without a date in a period.")
    ] = False,
    as_of: Annotated[
        date | None,
        typer.Option(
            help="As it was known here at the end of a day.", parser=read_last_day, metavar="DAY"
        ),
    ] = None,
    current_on: Annotated[
        date | None,
        typer.Option(
            help="What stood on the sites at the end of a day.", parser=read_last_day, metavar="DAY"
        ),
    ] = None,
    sort: Annotated[
        Sort | None, typer.Option(help="Relevance; without words date.", show_default=False)
    ] = None,
    facets: Annotated[
        list[Facet] | None, typer.Option("--facets", help="Count the hits by this; several.")
    ] = None,
    over_time: Annotated[
        Step | None, typer.Option("--over-time", help="Count the hits a month or a year.")
    ] = None,
    limit: Limit = None,
    offset: Annotated[int, typer.Option(min=0, max=MOST, help="After so many.")] = 0,
    save: Annotated[
        str | None,
        typer.Option(help="Save it: changes --notify tells what is new in it.", metavar="NAME"),
    ] = None,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Find articles by their words, best first; without words, newest first."""
    from archive.cli.finding import write_counts, write_timeline
    from archive.search.questions import Period, Question
    from archive.search.search import find_articles
    from archive.search.timeline import count_over_time

    if since and until and since > until:
        raise typer.BadParameter("--since is after --until")
    if min_views is not None and max_views is not None and min_views > max_views:
        raise typer.BadParameter("--min-views is above --max-views")
    if as_of and current_on:
        raise typer.BadParameter("--as-of and --current-on exclude each other")
    if facets and over_time:
        raise typer.BadParameter("--facets and --over-time exclude each other")
    question = Question(
        " ".join(query or ()),
        sites=site or (),
        provinces=province or (),
        levels=level or (),
        categories=category or (),
        sections=section or (),
        people=by or (),
        units=unit or (),
        flags=flag or (),
        period=Period(since, until, undated, precision),
        least_views=min_views,
        most_views=max_views,
        removed=removed,
        edited=edited,
        as_of=as_of,
        current_on=current_on,
        folded=fold,
        sort=sort,
        limit=0 if facets else choose_limit(limit, style),
        offset=offset,
        facets=facets or (),
    )
    if save is not None:
        save_question(context, archive, save, question)
    with open_archive(context, archive) as connection:
        folder = find_index(context, connection)
        if over_time:
            write_timeline(count_over_time(connection, question, over_time, folder, say), style)
            return
        found = find_articles(connection, question, folder, say)
        if facets:
            write_counts(found, style)
        else:
            write_results(found, style)
    if found.behind:
        say(f"{found.behind:,} articles changed since the search index was brought up to date")
    for hint in found.hints:
        say(f"hint: {hint}")


@command()
def index(
    context: typer.Context,
    anew: Annotated[bool, typer.Option("--anew", help="Make it anew.")] = False,
    archive: Archive = None,
) -> None:
    """Bring the search index up to date, as every search and every run does."""
    from archive.search.upkeep import open_current, rebuild_index

    with open_archive(context, archive) as connection:
        folder = find_index(context, connection)
        if anew:
            rebuild_index(connection, folder, say)
        opened = open_current(connection, folder, say, grows=True)
    if opened.behind:
        say(f"another process holds the search index in {folder}; {opened.behind:,} changes wait")
        raise typer.Exit(1)
    say(f"the search index in {folder} is up to date")


@command(
    epilog="""\b
Examples:
  kpu-archive show kota-surakarta/123
  kpu-archive show 33.72/berita:45 --format json
  kpu-archive show kota-surakarta/123 --at 2024-08
  kpu-archive show https://kota-surakarta.kpu.go.id/blog/read/123_rapat-pleno"""
)
def show(
    context: typer.Context,
    page: PageName,
    at: At = None,
    revision: Annotated[
        int | None, typer.Option(min=1, max=MOST, help="This revision; see history.")
    ] = None,
    capture: Annotated[
        int | None, typer.Option(min=1, max=MOST, help="As in this capture; see history.")
    ] = None,
    as_of: AsOf = None,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Show one article with all that is known of it, as it is or as it was."""
    from dataclasses import asdict

    from archive.cli.rows import write_rows
    from archive.cli.text import format_article
    from archive.read.articles import show_article, show_capture
    from archive.read.revisions import choose_shown

    if sum(choice is not None for choice in (at, revision, capture)) > 1:
        raise typer.BadParameter("--at, --revision and --capture exclude each other")
    name = name_page(context, page)
    is_chosen = not (at is None and revision is None and capture is None)
    with (
        open_archive(context, archive) as connection,
        look_back(connection, as_of, page=name) as known,
    ):
        article = (
            show_capture(known, *choose_shown(known, name, at, revision, capture))
            if is_chosen
            else show_article(known, name)
        )
    if style is Format.TABLE:
        write_lines(lambda width: format_article(article, width))
    else:
        write_rows([asdict(article)], style, sys.stdout)


@command(
    epilog="""\b
Examples:
  kpu-archive history kota-surakarta/123
  kpu-archive history kota-surakarta/123 --format csv > history.csv"""
)
def history(
    context: typer.Context,
    page: PageName,
    as_of: AsOf = None,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """List the captures of a page and the revisions they showed."""
    from archive.cli.rows import write_rows
    from archive.cli.short import shorten_capture
    from archive.read.captures import list_captures

    name = name_page(context, page)
    with (
        open_archive(context, archive) as connection,
        look_back(connection, as_of, page=name) as known,
    ):
        captures = list_captures(known, name)
        write_rows(captures, style, sys.stdout, shorten_capture)


@command(
    epilog="""\b
Examples:
  kpu-archive snapshot kota-surakarta/123 > page.html
  kpu-archive snapshot kota-surakarta/123 --at 2024-08 > august.html
  kpu-archive snapshot kota-surakarta/123 --file 1 > lampiran.pdf"""
)
def snapshot(
    context: typer.Context,
    page: PageName,
    at: At = None,
    capture: Annotated[
        int | None, typer.Option(min=1, max=MOST, help="Of this capture; see history.")
    ] = None,
    file: Annotated[
        int | None,
        typer.Option("--file", min=1, max=MOST, help="A file it offers, by its number; see show."),
    ] = None,
    archive: Archive = None,
) -> None:
    """Write the page's HTML, or a file it offers, as it came, byte for byte; on a terminal without
    what would steer it."""
    from archive.cli.rows import replace_controls
    from archive.read.captures import load_offered, load_snapshot

    if file is not None and (at is not None or capture is not None):
        raise typer.BadParameter("--file excludes --at and --capture")
    with open_archive(context, archive) as connection:
        name = name_page(context, page)
        if file is not None:
            body = load_offered(connection, name, file, find_files(context, archive))
        else:
            body = load_snapshot(connection, name, at=at, capture=capture)
    if sys.stdout.isatty():
        shown = "\n".join(body.decode(errors="replace").splitlines())
        write_lines(lambda _: replace_controls(shown.expandtabs(4)))
    else:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()


@command(
    epilog="""\b
Examples:
  kpu-archive stats --as-of 2024-12-31
  kpu-archive stats --bytes --format csv > bytes.csv"""
)
def stats(
    context: typer.Context,
    as_of: AsOf = None,
    current_on: Annotated[
        date | None,
        typer.Option(
            help="Only the articles that stood on the sites at the end of a day.",
            parser=read_last_day,
            metavar="DAY",
        ),
    ] = None,
    by_year: Annotated[
        bool, typer.Option("--bytes", help="Bytes by office and year of capture instead.")
    ] = False,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Count what the archive holds."""
    from archive.cli.finding import count_current
    from archive.cli.rows import write_rows
    from archive.read.statistics import count_archive, count_bytes

    if sum(map(bool, (as_of, current_on, by_year))) > 1:
        raise typer.BadParameter("--as-of, --current-on and --bytes exclude each other")
    with (
        open_archive(context, archive) as connection,
        look_back(connection, as_of) as known,
    ):
        if by_year:
            write_rows(count_bytes(known), style, sys.stdout)
            return
        counts = (
            count_current(connection, current_on, find_index(context, connection))
            if current_on
            else count_archive(known)
        )
    rows = [{"what": what, "count": count} for what, count in counts.items()]
    write_rows(rows if style is Format.TABLE else [counts], style, sys.stdout)


@command(
    epilog="""\b
Examples:
  kpu-archive runs --failed
  kpu-archive runs --site kota-surakarta --limit 5"""
)
def runs(
    context: typer.Context,
    site: Offices = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Only those that died or ended with a code but 0.")
    ] = False,
    limit: Limit = None,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """List the runs of the crawler, the newest first, and which of them are under way."""
    from archive.cli.rows import write_rows
    from archive.cli.short import shorten_run
    from archive.names import find_office
    from archive.read.runs import list_runs

    with open_archive(context, archive) as connection:
        codes = [find_office(connection, name) for name in site or ()]
        most = choose_limit(limit, style)
        found = list_runs(connection, most, sites=codes, failed=failed)
        write_rows(found, style, sys.stdout, shorten_run)


@command(
    epilog="""\b
Examples:
  kpu-archive coverage
  kpu-archive coverage kota-surakarta --format csv > missing.csv"""
)
def coverage(
    context: typer.Context,
    site: Annotated[str | None, typer.Argument(help="Office: name, code or host.")] = None,
    as_of: AsOf = None,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Count what offices show against what is held; of one office, list what is missing or removed,
    and why."""
    from archive.cli.rows import write_rows
    from archive.cli.short import shorten_coverage, shorten_missing
    from archive.names import find_office
    from archive.watch.coverage import count_coverage, list_missing

    with (
        open_archive(context, archive) as connection,
        look_back(connection, as_of, site=site) as known,
    ):
        if site is None:
            write_rows(count_coverage(known), style, sys.stdout, shorten_coverage)
            return
        code = find_office(known, site)
        write_rows(list_missing(known, code), style, sys.stdout, shorten_missing)
        sys.stdout.flush()
        for row in count_coverage(known, code):
            counts = [
                f"{count} {what.replace('_', ' ')}" for what, count in row.items() if what != "site"
            ]
            say(f"{row['site']}: {', '.join(counts)}")


@command(
    epilog="""\b
Examples:
  kpu-archive health
  kpu-archive health --state down --state blocked"""
)
def health(
    context: typer.Context,
    everyone: Annotated[bool, typer.Option("--all", help="Those that need nobody too.")] = False,
    state: Annotated[
        list[State] | None, typer.Option(help="Only this state; several times for several.")
    ] = None,
    notify: Target = None,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Say which offices need attention now, the worst first; exit code 1 when some do."""
    from archive.cli.rows import write_rows
    from archive.cli.short import shorten_state
    from archive.watch.health import LAYOUT_CHANGED, list_health, summarise_health

    with open_archive(context, archive) as connection:
        found = list_health(connection, now=datetime.now(UTC))
    chosen = [
        row
        for row in found
        if (row["state"] in state if state else everyone or row["state"] not in WELL)
    ]
    write_rows(chosen, style, sys.stdout, shorten_state)
    sys.stdout.flush()
    say(summarise_health(found))
    if notify is not None:
        tell_worse(context, archive, notify)
    if any(row["state"] not in (*WELL, LAYOUT_CHANGED) for row in chosen):
        raise typer.Exit(1)


@command(
    epilog="""\b
Examples:
  kpu-archive layouts
  kpu-archive layouts kota-surakarta"""
)
def layouts(
    context: typer.Context,
    site: Annotated[str | None, typer.Argument(help="Office: name, code or host.")] = None,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Tell what was learnt of the templates of offices, and how many articles fit; of one office,
    every template that it had, the last first."""
    from archive.cli.rows import write_rows
    from archive.names import find_office
    from archive.read.layouts import list_groups, list_layouts

    with open_archive(context, archive) as connection:
        found = (
            list_groups(connection, find_office(connection, site))
            if site
            else list_layouts(connection)
        )
        write_rows(found, style, sys.stdout)


@command()
def upgrade(context: typer.Context, archive: Archive = None) -> None:
    """Make the archive, or bring an older one to this program's version."""
    from archive.database.engine import describe, open_writer
    from archive.derive.documents import complete_doubts, complete_pairs
    from archive.derive.removals import complete_removals

    url = archive or find_setup(context).archive
    engine = open_writer(url, say=say)
    complete_doubts(engine)
    complete_removals(engine)
    complete_pairs(engine, say)
    engine.dispose()
    say(f"the archive at {describe(url)} is up to date")


@command()
def rebuild(context: typer.Context, archive: Archive = None) -> None:
    """Derive the articles and the copies again from what was captured, and make the search index
    anew."""
    from archive.database.engine import open_writer, read
    from archive.derive.documents import rebuild as derive
    from archive.search.upkeep import rebuild_index

    engine = open_writer(archive or find_setup(context).archive, say=say)
    with engine.begin() as connection:
        derive(connection, say)
    with read(engine) as connection:
        rebuild_index(connection, find_index(context, connection), say)
    engine.dispose()
