"""`kpu-archive`: the commands of both packages, and the one place where their errors become a line
and a code."""

from __future__ import annotations

import csv
import os
import sqlite3
import sys
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.choices import Format
from archive.cli.commands import Archive, PageName, Style, app, open_archive, say
from archive.database.secrets import hide_passwords
from kpucrawl.form import Form
from kpucrawl.paths import find_archive_url

if TYPE_CHECKING:
    from archive.read.hosts import KnownHost
    from kpucrawl.sites import Sites


class Exit(IntEnum):
    """Codes of `kpu-archive`, as of a crawl."""

    MISCONFIGURED = 2
    STORAGE = 9


@app.command()
def schedule(
    site: Annotated[
        list[str] | None, typer.Option(help="Office: name, code or host; may be repeated.")
    ] = None,
    province: Annotated[str | None, typer.Option(help="Offices of a province: its code.")] = None,
    level: Annotated[
        str | None, typer.Option(help="Offices of a level: provinsi, kabupaten or kota.")
    ] = None,
    form: Annotated[Form, typer.Option(help="For whom.")] = Form.CRON,
) -> None:
    """Print when to crawl these offices, or else all, one run for each province: for cron or
    systemd."""
    from kpucrawl.crawl.arguments import choose_sites
    from kpucrawl.schedule import find_machine, plan_fleet, plan_offices, write_crontab, write_units

    given = {"sites": ",".join(site or ()), "province": province or "", "level": level or ""}
    chosen = choose_sites(read_sites(), given)
    plan = plan_offices(chosen) if any(given.values()) else plan_fleet(chosen)
    write = write_crontab if form is Form.CRON else write_units
    print("\n".join(write(plan, find_machine())))


@app.command()
def hosts(
    context: typer.Context,
    site: Annotated[str | None, typer.Argument(help="Office: name, code or host.")] = None,
    corrections: Annotated[
        bool, typer.Option("--corrections", help="Print a file for KPU_SITES instead.")
    ] = False,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Tell under which hosts offices are, were seen, were tried and answered, and since when."""
    from archive.cli.rows import write_rows
    from archive.names import find_office
    from archive.read.hosts import find_hosts
    from kpucrawl.corrections import Owners, tell_host

    present = read_sites()
    with open_archive(context, archive) as connection:
        code = find_office(connection, site) if site else None
        found = find_hosts(connection, Owners(present).find)
    chosen = [one for one in found if code in (None, one.code)]
    if corrections:
        write_corrections(present, chosen)
        return
    known = [one for one in chosen if one.code in present.by_code]
    write_rows([tell_host(one, present.by_code[one.code]) for one in known], style, sys.stdout)


def write_corrections(present: Sites, found: list[KnownHost]) -> None:
    """Write a file for `KPU_SITES`: what it corrects now, and what is known better."""
    from archive.read.hosts import group_hosts
    from kpucrawl.corrections import list_corrections
    from kpucrawl.sites import load_sites

    rows = list(list_corrections(load_sites(), present, group_hosts(found)))
    names = list(dict.fromkeys(["code", "host", *(name for row in rows for name in row)]))
    writer = csv.DictWriter(sys.stdout, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


@app.command()
def rescue(
    context: typer.Context, page: PageName, style: Style = Format.TABLE, archive: Archive = None
) -> None:
    """Print what a listing showed of an article that could not be fetched itself."""
    from dataclasses import asdict

    from archive.cli.rows import replace_controls, write_rows
    from archive.read.rescue import find_rescue

    with open_archive(context, archive) as connection:
        found = find_rescue(connection, page, read_listed)
    if style is Format.TABLE:
        print(
            f"{replace_controls(found.title)}\n\nlisting  {found.listing}\nseen     "
            f"{found.seen}\n\n{replace_controls(found.text)}"
        )
    else:
        write_rows([asdict(found)], style, sys.stdout)


def read_listed(body: bytes, url: str, key: tuple[str, str]) -> str:
    """What a listing shows of one article."""
    from kpucrawl.extract import read_page

    listing = read_page(body, url).listing
    return (
        next((item.text for item in listing.items if item.key.pair == key), "") if listing else ""
    )


def read_sites() -> Sites:
    """The offices as `KPU_SITES` has them."""
    from kpucrawl.sites import load_sites, split_hosts

    hosts = split_hosts(os.environ.get("KPU_OTHER_HOSTS"))
    return load_sites(os.environ.get("KPU_SITES"), hosts)


def main() -> None:
    """Run the program; usage errors, a closed pipe and Ctrl-C are typer's."""
    try:
        app(obj=find_archive_url(), prog_name="kpu-archive")
    except Exception as error:
        code = judge_error(error)
        if code is None:
            raise
        said = " ".join(str(getattr(error, "orig", None) or error).split())
        say(f"kpu-archive: {hide_passwords(said)}")
        sys.exit(code)


def judge_error(error: Exception) -> Exit | None:
    """The exit code of an error that is no bug."""
    from sqlalchemy.exc import SQLAlchemyError

    from archive.blobs.codec import DamagedSnapshot
    from archive.database.engine import ArchiveError
    from kpucrawl.crawl.arguments import ArgumentError
    from kpucrawl.schedule import ScheduleError
    from kpucrawl.sites import SitesError

    if isinstance(error, (ArchiveError, ArgumentError, ScheduleError, SitesError)):
        return Exit.MISCONFIGURED
    if isinstance(error, (SQLAlchemyError, sqlite3.Error, DamagedSnapshot)):
        return Exit.STORAGE
    return None
