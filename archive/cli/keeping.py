"""The commands of `kpu-archive` that keep an archive sound and small."""

from __future__ import annotations

import os
import sys
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.answering import find_setup, say
from archive.cli.choices import Format
from archive.cli.declaring import Archive, Offices, Style, command

if TYPE_CHECKING:
    from archive.evidence.verify import Verdict

MOST_JOBS = 15
"""As `archive.evidence.verify` has it."""
SECONDS = 10
"""Between two lines of progress: a small archive is checked without one."""


@command(
    epilog="""\b
Examples:
  kpu-archive verify
  kpu-archive verify --resume
  kpu-archive verify --site kota-surakarta --format json"""
)
def verify(
    context: typer.Context,
    site: Offices = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_JOBS, help="So many parts at once; as the machine has CPUs."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where an interrupted check stopped.")
    ] = False,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Check all bytes, texts, readings, layouts and links against their digests; exit code 1 when
    something is not as it was kept."""
    from dataclasses import asdict

    from archive.cli.rows import write_rows
    from archive.cli.short import shorten_fault
    from archive.database.engine import describe, open_reader, read
    from archive.evidence import verify as checking
    from archive.names import find_office_ids

    url = archive or find_setup(context).archive
    engine = open_reader(url)
    say(f"archive: {describe(url)}")
    with read(engine) as connection:
        sites = find_office_ids(connection, site) if site else ()
    most = min(jobs or os.cpu_count() or 1, MOST_JOBS)
    try:
        verdict = checking.verify(engine, Progress(), sites=sites, jobs=most, resumes=resume)
    except KeyboardInterrupt:
        say("interrupted; --resume goes on from here")
        raise
    faults = [asdict(one) for one in checking.describe_faults(engine, verdict, sites)]
    engine.dispose()
    write_rows(faults, style, sys.stdout, shorten_fault)
    sys.stdout.flush()
    say(f"checked {describe_counts(verdict)}: {count_faults(len(faults))}")
    if faults:
        raise typer.Exit(1)


@command(
    epilog="""\b
Examples:
  kpu-archive compact
  kpu-archive compact --site kota-surakarta
  kpu-archive compact --vacuum"""
)
def compact(
    context: typer.Context,
    site: Offices = None,
    vacuum: Annotated[
        bool, typer.Option("--vacuum", help="Give free room in SQLite's file back to the disk.")
    ] = False,
    style: Style = Format.TABLE,
    archive: Archive = None,
) -> None:
    """Encode snapshots again that take more room than they need, while crawls go on; what is told
    are bytes."""
    from dataclasses import asdict

    from archive.cli.rows import write_rows
    from archive.database.engine import describe, open_reader, open_writer, read
    from archive.evidence import compact as compacting
    from archive.names import find_office_ids

    url = archive or find_setup(context).archive
    open_reader(url).dispose()  # which makes none where there is none
    engine = open_writer(url, say=say)
    say(f"archive: {describe(url)}")
    with read(engine) as connection:
        sites = find_office_ids(connection, site)
        before = compacting.measure(connection)
    done = compacting.compact_offices(engine, sites, say)
    sealed = compacting.seal_readings(engine)
    if vacuum:
        compacting.vacuum(engine)
    with read(engine) as connection:
        after = compacting.measure(connection)
    engine.dispose()
    write_rows([asdict(one) for one in done if one.written], style, sys.stdout)
    sys.stdout.flush()
    if sealed:
        say(f"sealed {sealed:,} readings as they stand now")
    say(f"snapshots took {before:,} bytes and take {after:,}")


def describe_counts(verdict: Verdict) -> str:
    """`21 captures, 9 texts, 22 readings, 19 blobs, 3 of the readings unsealed`."""
    parts = [f"{count:,} {name}" for name, count in verdict.counts.items() if count]
    if verdict.unsealed:
        parts.append(f"{verdict.unsealed:,} of the readings unsealed")
    return ", ".join(parts) or "nothing"


def count_faults(count: int) -> str:
    """How many, in words."""
    return "1 fault" if count == 1 else f"{count:,} faults" if count else "no faults"


class Progress:
    """Tells how far something is, a line every ten seconds."""

    def __init__(self) -> None:
        self._told = monotonic()

    def __call__(self, what: str, done: int, of: int) -> None:
        """Tell it, if it is time."""
        if monotonic() - self._told >= SECONDS:
            self._told = monotonic()
            say(f"{what}: {done:,} of {of:,}")
