"""What `kpu-archive schedule` prints is tested by running it, as cron and systemd would."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from configparser import ConfigParser
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from kpucrawl.sites import load_sites
from tests.crawling import BIN, ROOT, Crawler
from tests.forking import Order, run_forked
from tests.replica import Replica, running_replica

OFFICE, HOST = "kota-surakarta", "kota-surakarta.kpu.go.id"
SPLIT = "awk '/^# [^ ]+[.](service|timer)$/ { close(file); file = $2; next } { print > file }'"


@dataclass(frozen=True)
class Entry:
    """A line of a crontab as cron understands it."""

    fields: str
    command: str
    environment: dict[str, str]

    def list_starts(self, zone: str, count: int) -> list[datetime]:
        """The next times it is due on a machine in this zone, from a winter's day on."""
        return list(
            islice(CronSim(self.fields, datetime(2026, 1, 5, 0, 0, tzinfo=ZoneInfo(zone))), count)
        )

    def run(self, home: Path) -> subprocess.CompletedProcess[str]:
        """Run it in all the environment that cron gives."""
        environment = {
            "HOME": str(home),
            "LOGNAME": "kpu",
            "SHELL": "/bin/sh",
            "PATH": "/usr/bin:/bin",
        }
        return run(
            "/bin/sh", "-c", self.command, folder=home, environment=environment | self.environment
        )


def run(
    *command: str, folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def read_crontab(text: str) -> Iterator[Entry]:
    """Read a crontab as strictly as the strictest cron: five fields, no percent sign, at most 998
    characters."""
    environment: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if setting := re.fullmatch(r"(\w+)=(\S.*\S)", line):
            environment[setting[1]] = setting[2]
            continue
        *fields, command = line.split(" ", 5)
        assert len(fields) == 5 and len(command) <= 998 and not re.search(r"(?<!\\)%", command), (
            line
        )
        yield Entry(" ".join(fields), command.replace(r"\%", "%"), dict(environment))


@dataclass(frozen=True)
class Project:
    """A project's folder with settings of its own, and the environment that a person has in a shell
    there."""

    folder: Path
    environment: dict[str, str]

    def schedule(self, *arguments: str, **environment: str) -> str:
        """What the command prints; it has nothing else to say."""
        done = self.try_schedule(*arguments, **environment)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    def try_schedule(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        order = Order(
            ("kpu-archive", "schedule", *arguments), self.folder, self.environment | environment
        )
        return run_forked(order, timeout=60)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Everything that a crontab, a shell and systemd could trip over is in the folder's name."""
    folder = tmp_path / 'arsip 100% "KPU" $HOME'
    folder.mkdir()
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = ours\n")
    (folder / "ours.py").write_text(
        "from kpucrawl.settings import *\nSITE_SCHEME = 'http'\nDOWNLOAD_DELAY = 0\n"
    )
    bare = {
        name: value
        for name, value in os.environ.items()
        if "KPU" not in name and "proxy" not in name.lower()
    }
    return Project(folder, bare | {"TZ": "UTC"})


@pytest.fixture
def replica() -> Iterator[Replica]:
    with running_replica(seed=7, articles=12) as running:
        yield running


@pytest.fixture
def crawled(project: Project, replica: Replica) -> Crawler:
    """An archive beside the project's settings, told by a place that holds in its folder only."""
    project.environment.update(
        KPU_ARCHIVE_URL="sqlite:///arsip%1.db",
        KPU_CONTACT="50% KPU <kpu@example.org>",
        http_proxy=replica.proxy_url,
    )
    return Crawler(replica, f"sqlite:///{project.folder}/arsip%1.db")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Makassar", "America/New_York"])
def test_offices_are_spread_over_their_nights(project: Project, zone: str) -> None:
    """Wherever the machine is, each office has one run a night, once a month a deep one instead,
    starting between nine in the evening and two in the night of its own zone; those of one zone
    stand evenly apart."""
    sites = load_sites().by_label
    nights: dict[str, list[tuple[datetime, bool]]] = defaultdict(list)
    for entry in read_crontab(project.schedule("--level", "provinsi", TZ=zone)):
        if crawl := re.search(r" crawl (\S+) (-a depth=full)?", entry.command):
            starts = entry.list_starts(zone, 2 if crawl[2] else 50)
            nights[crawl[1]] += [(start, bool(crawl[2])) for start in starts]
    assert nights.keys() == {name for name, site in sites.items() if site.level == "provinsi"}
    minutes: dict[str, list[int]] = defaultdict(list)
    for name, starts in nights.items():
        times = [start for start, _ in sorted(starts)][:50]
        assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(days=1)}, name
        local = times[0].astimezone(ZoneInfo(sites[name].timezone))
        minutes[sites[name].timezone].append((local.hour - 21) % 24 * 60 + local.minute)
    for of_zone in minutes.values():
        apart = [later - earlier for earlier, later in pairwise([*of_zone, 300])]
        assert max(apart) - min(apart) <= 1, apart
    deep_days = {start.day for starts in nights.values() for start, deep in starts if deep}
    assert len(deep_days) >= 20


def test_whole_fleet_is_a_run_for_each_province(project: Project) -> None:
    """Without a choice every office is in exactly one province's run, and the same is printed each
    time."""
    printed = project.schedule()
    assert project.schedule() == printed
    *crawls, health = read_crontab(printed)
    runs = re.findall(
        r" crawl semua -a province=(\d\d) ", "\n".join(entry.command for entry in crawls)
    )
    assert sorted(runs) == sorted(
        [site.code for site in load_sites() if site.level == "provinsi"] * 2
    )
    assert "kpu-archive health" in health.command


def test_crontab_is_run_as_cron_runs_it(project: Project, crawled: Crawler) -> None:
    """With nothing but cron's environment a line crawls the office into the archive meant and logs
    when and how it went; the deep line does as much in depth."""
    nightly, deep, _ = read_crontab(project.schedule("--site", OFFICE))
    for count, entry in enumerate((nightly, deep), start=1):
        done = entry.run(project.folder.parent)
        assert (done.stdout, done.stderr) == ("", "")
        log = (project.folder / "logs" / f"{OFFICE}.log").read_text()
        told = ("exit code 0\n", f"{OFFICE}: done", r" 20\d\d\n")
        assert [len(re.findall(words, log)) for words in told] == [count] * 3
    assert crawled.query("SELECT count(*) FROM articles") == [12]
    assert crawled.query("SELECT exit_code FROM runs") == [0, 0]
    assert "depth" in crawled.query("SELECT arguments FROM runs ORDER BY id DESC")[0]
    assert (
        "(archive of Indonesian election offices; 50% KPU <kpu@example.org>)"
        in crawled.replica.requests()[0].user_agent
    )


def test_health_is_mailed_when_it_matters(project: Project, crawled: Crawler) -> None:
    """The line for health keeps what was said, and prints it, so that cron mails it, only when the
    code is not 0."""
    *_, health = read_crontab(project.schedule("--site", OFFICE))
    done = health.run(project.folder.parent)
    said = (project.folder / "logs" / "health.log").read_text()
    direct = run(
        str(BIN / "kpu-archive"), "health", folder=project.folder, environment=project.environment
    )
    assert direct.stdout.strip() + direct.stderr.strip() != ""
    assert all(line in said for line in (direct.stdout + direct.stderr).splitlines())
    assert done.stdout == (said if direct.returncode else "")
    assert done.stderr == ""


def read_unit(path: Path) -> ConfigParser:
    unit = ConfigParser(interpolation=None, delimiters="=")
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(path.read_text())
    return unit


def split_words(line: str) -> list[str]:
    """Words of a line of a unit, as systemd reads them."""
    return [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(line)]


@pytest.fixture
def units(project: Project, crawled: Crawler, tmp_path: Path) -> Path:
    """The printed units as files, split as the documentation says."""
    assert SPLIT in (ROOT / "docs/operating.md").read_text()
    folder = tmp_path / "units"
    folder.mkdir()
    printed = project.schedule("--site", OFFICE, "--site", "kab-jayapura", "--form", "systemd")
    subprocess.run(["/bin/sh", "-c", SPLIT], input=printed, text=True, cwd=folder, check=True)
    return folder


def test_units_are_what_systemd_takes(units: Path) -> None:
    """Each timer has its service and a moment in the night of its office; systemd itself, where
    there is one, finds nothing wrong."""
    timers = {path.stem: read_unit(path)["Timer"]["OnCalendar"] for path in units.glob("*.timer")}
    assert timers == {
        "kpucrawl@kota-surakarta": "*-*-2..31 21:00:00 Asia/Jakarta",
        "kpucrawl-deep@kota-surakarta": "*-*-1 21:00:00 Asia/Jakarta",
        "kpucrawl@kab-jayapura": "*-*-1..14,16..31 21:00:00 Asia/Jayapura",
        "kpucrawl-deep@kab-jayapura": "*-*-15 21:00:00 Asia/Jayapura",
        "kpucrawl-health": "*-*-* 07:00:00 Asia/Jakarta",
    }
    services = {path.stem for path in units.glob("*.service")}
    assert services == {re.sub("@.*", "@", name) for name in timers}
    assert all(
        read_unit(units / f"{name}.service")["Service"]["Type"] == "oneshot" for name in services
    )
    if program := shutil.which("systemd-analyze"):
        verify = (program, "--user", "verify", *map(str, units.iterdir()))
        done = run(
            *verify,
            folder=units,
            environment=dict(os.environ) | {"XDG_RUNTIME_DIR": str(units.parent)},
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_service_is_run_as_systemd_runs_it(units: Path, crawled: Crawler, project: Project) -> None:
    """The commands of the units crawl the office into the archive meant, with nothing but the
    units' environment."""
    for name in ("kpucrawl@", "kpucrawl-deep@"):
        service = read_unit(units / f"{name}.service")["Service"]
        environment = dict(word.split("=", 1) for word in split_words(service["Environment"]))
        command = split_words(service["ExecStart"].replace("%i", OFFICE))
        folder = Path(service["WorkingDirectory"].replace("%%", "%"))
        done = run(*command, folder=folder, environment={"PATH": "/usr/bin:/bin", **environment})
        assert done.returncode == 0, done.stderr
    assert crawled.query("SELECT count(*) FROM articles") == [12]
    assert [
        ("depth" in given) for given in crawled.query("SELECT arguments FROM runs ORDER BY id")
    ] == [False, True]


def test_what_cannot_be_scheduled_is_told(project: Project, tmp_path: Path) -> None:
    """A mistake is one line and code 2, and nothing is printed that could be installed."""
    for environment, arguments, said in (
        ({}, ("--site", "kota-surakrta"), "did you mean kota-surakarta"),
        ({}, ("--province", "77"), "no province has the code '77'"),
        ({"KPU_CONTACT": "a\n* * * * * b"}, (), "KPU_CONTACT cannot stand in a schedule"),
        ({"KPU_SITES": "none.csv"}, (), "cannot read the office list"),
    ):
        done = project.try_schedule(*arguments, **environment)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
        assert said in done.stderr
    (project.folder / "scrapy.cfg").unlink()
    assert "no scrapy.cfg here or above" in project.try_schedule().stderr


def test_schedule_prints_no_passwords(project: Project) -> None:
    """Passwords of the database and of a proxy are left out, and the schedule says so."""
    for form in ("cron", "systemd"):
        told = project.schedule(
            *("--site", "kota-surakarta", "--form", form),
            KPU_ARCHIVE_URL="postgresql://ani:rahasia@db.example/kpu",
            https_proxy="http://budi:rahasia@proxy.example:3128",
        )
        assert "rahasia" not in told and "postgresql://ani@db.example/kpu" in told
        assert "# KPU_ARCHIVE_URL is without its password: keep it in ~/.pgpass." in told
        assert "# https_proxy is without its password: set it by hand." in told
