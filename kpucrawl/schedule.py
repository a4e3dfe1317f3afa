"""When which offices are crawled: lines for cron, or units for systemd.

Each run has a moment of its own in the night of its offices. Once a month it walks everything
instead of what is new, at the same moment, so that the two never get in each other's way.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from archive.database.secrets import hide_password, hide_user
from kpucrawl.paths import find_project
from kpucrawl.sites import Site

EVENING = datetime(2026, 1, 1, 21)
"""A night begins at nine. The date does not matter: Indonesia changes no clocks."""
STARTS = 300
"""Minutes of the night within which runs start; the last deep one is over at six."""
MORNING = datetime(2026, 1, 1, 7, tzinfo=ZoneInfo("Asia/Jakarta"))
"""All nights are over: that of the westernmost zone is the last."""
DEEP_DAYS = 28
"""Deep runs are spread over the days that every month has."""

NIGHTLY = ("-s", "CLOSESPIDER_TIMEOUT=3600")
DEEP = ("-a", "depth=full", "-s", "CLOSESPIDER_TIMEOUT=14400")
OFFICE = ("crawl", "{}")
PROVINCE = ("crawl", "semua", "-a", "province={}")

PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTPS_PROXY", "NO_PROXY")
VARIABLES = (
    "KPU_ARCHIVE_URL",
    "KPU_INDEX",
    "KPU_CONTACT",
    "KPU_SITES",
    "KPU_OTHER_HOSTS",
    *PROXIES,
)
"""What crawls heed of the environment: cron and systemd hand on none of it."""
TOLERATED = "3 4 5 6 7 8"
"""Exit codes that tell of an office and not of this machine: `kpu-archive health` tells of
those."""


class ScheduleError(ValueError):
    """No schedule can be made; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Run:
    """One office or one province, and its moments."""

    name: str
    """What the crawl is told: an office's name, a province's code."""
    title: str
    start: datetime
    """Aware, in the zone of the office; only the time of day counts."""
    deep_day: int
    """The day of the month on which the run is a deep one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The runs, and what `scrapy` is told for each, with `{}` for its name."""

    words: tuple[str, ...]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Machine:
    """What a run needs that knows nothing of the shell in which the schedule was made."""

    folder: Path
    """The project's."""
    scrapy: str
    archive: str
    """The program `kpu-archive`."""
    environment: Mapping[str, str]
    """Without passwords."""
    hidden: tuple[str, ...] = ()
    """The variables whose passwords were left out."""


def plan_offices(sites: Sequence[Site]) -> Plan:
    """A run for each of these offices."""
    return Plan(OFFICE, spread_runs({site.label: site for site in sites}))


def plan_fleet(sites: Sequence[Site]) -> Plan:
    """A run for each province: few processes at once, so that they keep ADDRESS_RATE, and each in
    one zone."""
    return Plan(
        PROVINCE, spread_runs({site.code: site for site in sites if site.level == "provinsi"})
    )


def spread_runs(named: Mapping[str, Site]) -> tuple[Run, ...]:
    """Give each run its moments: evenly over the night of its zone, and over the days of the
    month."""
    sizes, placed = Counter(site.timezone for site in named.values()), Counter[str]()
    runs = []
    for place, (name, site) in enumerate(named.items()):
        zone = site.timezone
        start = EVENING + timedelta(minutes=STARTS * placed[zone] // sizes[zone])
        placed[zone] += 1
        runs.append(
            Run(
                name,
                site.name,
                start.replace(tzinfo=ZoneInfo(zone)),
                1 + DEEP_DAYS * place // len(named),
            )
        )
    return tuple(runs)


def find_machine() -> Machine:
    """Find the project and the installed programs; raise ScheduleError."""
    folder = find_project()
    if folder is None:
        raise ScheduleError(
            "no scrapy.cfg here or above: make the schedule in the project's folder"
        )
    values = read_environment()
    bare = {name: hide_secret(name, value) for name, value in values.items()}
    hidden = tuple(name for name in values if bare[name] != values[name])
    return Machine(folder, find_program("scrapy"), find_program("kpu-archive"), bare, hidden)


def hide_secret(name: str, value: str) -> str:
    """What may be printed of a variable."""
    if name in PROXIES[:2] or name == "HTTPS_PROXY":
        return hide_user(value)
    return hide_password(value) if name == "KPU_ARCHIVE_URL" else value


def find_program(name: str) -> str:
    """The absolute path of a program installed beside this Python, else of the one a shell would
    run."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    found = shutil.which(name, path=path)
    if found is None:
        raise ScheduleError(f"the program {name} is not installed")
    return str(Path(found).absolute())


def read_environment() -> dict[str, str]:
    """The variables that are set, with absolute places: the runs begin in another folder. Raise
    ScheduleError."""
    values = {name: value for name in VARIABLES if (value := os.environ.get(name, "").strip())}
    for name, value in values.items():
        if not value.isprintable() or value[0] in "\"'":
            raise ScheduleError(
                f"{name} cannot stand in a schedule: it has a line break, or begins with a "
                f"quotation mark"
            )
    for name in ("KPU_SITES", "KPU_INDEX"):
        if name in values:
            values[name] = str(Path(values[name]).expanduser().absolute())
    if (file := values.get("KPU_ARCHIVE_URL", "")).startswith("sqlite:///"):
        values["KPU_ARCHIVE_URL"] = f"sqlite:///{Path(file.removeprefix('sqlite:///')).absolute()}"
    return values


def find_clock() -> timezone:
    """The zone by which this machine's cron goes, without daylight saving time, so that no season
    changes the lines."""
    return timezone(timedelta(seconds=-time.timezone), time.tzname[0])


def write_crontab(plan: Plan, machine: Machine) -> Iterator[str]:
    """The lines of a crontab."""
    clock = find_clock()
    yield (
        f"# Archive of the election offices. Times of day are those of this machine's zone, "
        f"{name_clock(clock)}."
    )
    yield from tell_hidden(machine)
    yield from (f"{name}={value}" for name, value in machine.environment.items())
    for run in plan.runs:
        words = [word.format(run.name) for word in plan.words]
        log = shlex.quote(f"logs/{run.name}.log")
        yield f"# {run.title}, {run.start:%H:%M} {run.start.tzinfo}"
        for days, more in ((skip_day(run.deep_day), NIGHTLY), (str(run.deep_day), DEEP)):
            command = shlex.join((machine.scrapy, *words, *more))
            script = f'{{ date; {command}; echo "exit code $?"; }} >>{log} 2>&1'
            yield write_line(run.start, days, script, machine.folder, clock)
    yield (
        "# Who needs attention: cron mails what this line prints, and it prints nothing when "
        "all is well"
    )
    health = (
        f"{{ date; {shlex.quote(machine.archive)} health; }} >logs/health.log 2>&1 || cat "
        f"logs/health.log"
    )
    yield write_line(MORNING, "*", health, machine.folder, clock)


def tell_hidden(machine: Machine) -> Iterator[str]:
    """Say which passwords are missing: a schedule is printed, mailed and kept in backups."""
    for name in machine.hidden:
        where = "keep it in ~/.pgpass" if name == "KPU_ARCHIVE_URL" else "set it by hand"
        yield f"# {name} is without its password: {where}."


def write_line(start: datetime, days: str, script: str, folder: Path, clock: timezone) -> str:
    """One line of a crontab, where a percent sign would end the command."""
    at = start.astimezone(clock)
    command = f"cd {shlex.quote(str(folder))} && mkdir -p logs && {script}".replace("%", r"\%")
    return f"{at.minute} {at.hour} {days} * * {command}"


def name_clock(clock: timezone) -> str:
    """A zone by name and distance: `WIB (UTC+07:00)`, and UTC as it is."""
    distance = str(timezone(clock.utcoffset(None)))
    return distance if clock.tzname(None) == "UTC" else f"{clock.tzname(None)} ({distance})"


def skip_day(day: int, to: str = "-") -> str:
    """All days of the month but one: `1-6,8-31`."""
    spans = ((1, day - 1), (day + 1, 31))
    return ",".join(
        f"{first}{to}{last}" if first < last else str(first)
        for first, last in spans
        if first <= last
    )


def write_units(plan: Plan, machine: Machine) -> Iterator[str]:
    """Units of systemd one after the other, each below its file's name, as `systemctl cat` prints
    them.

    Two services for all runs, which differ in their name only, and two timers for each.
    """
    words = [word.format("%i") for word in plan.words]
    yield from tell_hidden(machine)
    for service, what, more in (
        ("kpucrawl", "Crawl of", NIGHTLY),
        ("kpucrawl-deep", "Deep crawl of", DEEP),
    ):
        yield from write_service(
            f"{service}@", f"{what} %i", [machine.scrapy, *words, *more], machine
        )
    for run in plan.runs:
        yield from write_timer(
            f"kpucrawl@{run.name}", run.title, run.start, skip_day(run.deep_day, "..")
        )
        yield from write_timer(
            f"kpucrawl-deep@{run.name}", f"{run.title}, deep", run.start, str(run.deep_day)
        )
    yield from write_service(
        "kpucrawl-health", "Offices that need attention", [machine.archive, "health"], machine
    )
    yield from write_timer("kpucrawl-health", "Offices that need attention", MORNING, "*")


def write_service(name: str, title: str, command: Sequence[str], machine: Machine) -> Iterator[str]:
    """A service that runs a command once. Only the name of an instance, `%i`, is left for systemd
    to fill in."""
    program, *words = command
    environment = [quote_word(f"{name}={value}") for name, value in machine.environment.items()]
    yield from (
        f"# {name}.service",
        "[Unit]",
        f"Description={title}",
        "",
        "[Service]",
        "Type=oneshot",
    )
    yield f"WorkingDirectory={str(machine.folder).replace('%', '%%')}"
    if environment:
        yield f"Environment={' '.join(environment)}"
    yield " ".join((f"ExecStart={quote_word(program).replace('$', '$$')}", *words))
    if name.endswith("@"):
        yield f"SuccessExitStatus={TOLERATED}"
    yield ""


def quote_word(word: str) -> str:
    """One word in a line of a unit."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def write_timer(name: str, title: str, start: datetime, days: str) -> Iterator[str]:
    """A timer of the service with the same name."""
    yield from (f"# {name}.timer", "[Unit]", f"Description={title}", "", "[Timer]")
    yield f"OnCalendar=*-*-{days} {start:%H:%M}:00 {start.tzinfo}"
    yield from ("", "[Install]", "WantedBy=timers.target", "")
