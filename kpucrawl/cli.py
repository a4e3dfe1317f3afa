"""`kpu-archive`: the commands of both packages, and the one place where their errors become a line
and a code."""

from __future__ import annotations

import csv
import os
import sqlite3
import sys
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from archive.cli import commands, comparing, following, keeping, moving, reposting, telling
from archive.cli.answering import (
    find_setup,
    name_page,
    open_archive,
    say,
    tell_time,
    write_lines,
)
from archive.cli.choices import Format, NobodyReads, Setup
from archive.cli.declaring import Archive, Offices, PageName, Style, app, command
from archive.database.secrets import hide_passwords
from kpucrawl.form import Form
from kpucrawl.paths import find_archive_url, find_files_folder, find_index_folder

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from archive.read.hosts import KnownHost
    from kpucrawl.sites import Site, Sites

NAME = "kpu-archive"
DECLARING = (commands, comparing, following, keeping, moving, reposting, telling)
"""Modules that declare commands as they are imported."""
STEP_BY_STEP = {"standalone_mode": False}
"""Errors come here, and codes are returned."""


class Exit(IntEnum):
    """Codes of `kpu-archive`, as of a crawl."""

    MISCONFIGURED = 2
    STORAGE = 9


@command(
    epilog="""\b
Examples:
  kpu-archive schedule > kpu.crontab
  kpu-archive schedule --site kota-surakarta --site kab-cilacap
  kpu-archive schedule --province 33 --form systemd"""
)
def schedule(
    site: Offices = None,
    province: Annotated[
        list[str] | None,
        typer.Option(help="Offices of a province: its code; several for several."),
    ] = None,
    level: Annotated[
        list[str] | None,
        typer.Option(help="Offices of a level: provinsi, kabupaten or kota; several for several."),
    ] = None,
    form: Annotated[Form, typer.Option(help="For whom.")] = Form.CRON,
) -> None:
    """Print when to crawl these offices, or else all, one run for each province: for cron or
    systemd."""
    from kpucrawl.crawl.arguments import choose_sites
    from kpucrawl.schedule import find_machine, plan_fleet, plan_offices, write_crontab, write_units

    asked = {"sites": site, "province": province, "level": level}
    given = {name: ",".join(values or ()) for name, values in asked.items()}
    chosen = choose_sites(read_sites(), given)
    plan = plan_offices(chosen) if any(given.values()) else plan_fleet(chosen)
    write = write_crontab if form is Form.CRON else write_units
    print("\n".join(write(plan, find_machine())))


@command(epilog="\b\nExample:\n  kpu-archive hosts --corrections >new.csv")
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


@command(epilog="\b\nExample:\n  kpu-archive rescue kota-surakarta/123")
def rescue(
    context: typer.Context, page: PageName, style: Style = Format.TABLE, archive: Archive = None
) -> None:
    """Print what a listing showed of an article that could not be fetched itself."""
    from dataclasses import asdict

    from archive.cli.rows import write_rows
    from archive.cli.text import format_rescue
    from archive.read.rescue import find_rescue

    with open_archive(context, archive) as connection:
        found = find_rescue(connection, name_page(context, page), read_listed)
    if style is Format.TABLE:
        write_lines(lambda width: format_rescue(found, width))
    else:
        write_rows([asdict(found)], style, sys.stdout)


@command(
    epilog="""\b
Examples:
  kpu-archive reread --report
  kpu-archive reread --site kota-surakarta"""
)
def reread(
    context: typer.Context,
    site: Offices = None,
    report: Annotated[
        bool, typer.Option("--report", help="Tell what would change, and save nothing.")
    ] = False,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Read the stored pages again, by today's reader and by what was learnt of their offices."""
    from archive.cli.rows import write_rows
    from archive.database.engine import open_reader, open_writer
    from kpucrawl.rereading import report_sites, reread_sites

    url = archive or find_setup(context).archive
    if not report:
        engine = open_writer(url, say=say)
        done = reread_sites(engine, choose_stored(engine, site), tell_time(), tell_progress)
        say(f"{done:,} pages were read again")
        return
    engine = open_reader(url)
    found = report_sites(engine, choose_stored(engine, site), tell_progress)
    write_rows(found.list_rows(), style, sys.stdout)
    sys.stdout.flush()
    say(f"{found.pages:,} captures would be read again")


def choose_stored(engine: Engine, names: list[str] | None) -> list[Site]:
    """The offices of these names, else all of which there are captures."""
    from archive.database.engine import read
    from archive.names import find_office
    from archive.samples import list_sites

    offices = read_sites().by_code
    with read(engine) as connection:
        codes = [find_office(connection, name) for name in names or ()] or list_sites(connection)
    return [offices[code] for code in codes if code in offices]


def tell_progress(site: Site, done: int, of: int) -> None:
    """A line on a terminal, written over; one at the end of each office elsewhere."""
    if sys.stderr.isatty():
        end = "\n" if done == of else "\r"
        print(f"{site.label}: {done:,} of {of:,} pages", end=end, file=sys.stderr, flush=True)
    elif done == of:
        say(f"{site.label}: {of:,} pages")


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
    """Run the program. Who reads only the beginning of what it writes has read enough."""
    mend_streams()
    try:
        folders = find_index_folder(), find_files_folder()
        setup = Setup(find_archive_url(), read_address, *folders)
        code = app(obj=setup, prog_name=NAME, **STEP_BY_STEP)
        sys.stdout.flush()
    except (NobodyReads, BrokenPipeError):
        close_streams()
        code = 0
    except Exception as error:
        code = judge_error(error)
        if code is None:
            raise
        say(f"{NAME}: {describe_error(error)}")
        if isinstance(error, OSError):
            close_streams()
    sys.exit(code if isinstance(code, int) else 0)


def read_address(text: str) -> str | None:
    """What page an address names; see `kpucrawl.addresses`."""
    from kpucrawl.addresses import name_address

    return name_address(text)


def mend_streams() -> None:
    """Let no character and no closed stream end the program."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 - as long as the program
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def close_streams() -> None:
    """Nobody reads any more: what is left unwritten goes nowhere, in silence."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            os.dup2(nowhere, stream.fileno())


def describe_error(error: Exception) -> str:
    """One line."""
    if isinstance(error, TyperException):
        context = getattr(error, "ctx", None)
        way = f"; see {context.command_path} --help" if context else ""
        said = error.format_message().replace(": Value error, ", ": ")
        return said.rstrip(".") + way
    return hide_passwords(" ".join(str(getattr(error, "orig", None) or error).split()))


def judge_error(error: Exception) -> Exit | None:
    """The exit code of an error that is no bug."""
    if isinstance(error, TyperException):
        return Exit.MISCONFIGURED
    if isinstance(error, OSError):
        return Exit.STORAGE
    from sqlalchemy.exc import SQLAlchemyError

    from archive.blobs.codec import DamagedSnapshot
    from archive.database.engine import ArchiveError, StorageError
    from kpucrawl.crawl.arguments import ArgumentError
    from kpucrawl.schedule import ScheduleError
    from kpucrawl.sites import SitesError

    if isinstance(error, (StorageError, OSError)):
        return Exit.STORAGE
    if isinstance(error, (ArchiveError, ArgumentError, ScheduleError, SitesError)):
        return Exit.MISCONFIGURED
    if isinstance(error, (SQLAlchemyError, sqlite3.Error, DamagedSnapshot)):
        return Exit.STORAGE
    return None
