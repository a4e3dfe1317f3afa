"""Many offices in one run: fairness, exit codes, bounds, and what a run says while it goes on."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpucrawl.crawl.arguments import Arguments
from kpucrawl.crawl.fleet import Fleet
from kpucrawl.crawl.frontier import NoArchive
from kpucrawl.crawl.outcome import ExitCode
from kpucrawl.crawl.visit import Visit
from kpucrawl.sites import load_sites
from tests.crawling import BIN, ROOT, UNHURRIED, Crawler
from tests.replica import Replica, running_replica

OFFICE, HOST = "kota-surakarta", "kota-surakarta.kpu.go.id"
OTHER, GUESS = "kab-cilacap", "kab-karo"
SOME = ("-a", "limit=3", "-a", "pages=1")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
IMPATIENT = ("-s", "RETRY_TIMES=0")


@pytest.fixture
def replica() -> Iterator[Replica]:
    with running_replica(seed=7, articles=20) as running:
        yield running


@pytest.fixture
def crawler(replica: Replica, tmp_path: Path) -> Crawler:
    return Crawler(replica, f"sqlite:///{tmp_path}/archive.db")


def crawl_some(crawler: Crawler, sites: str, *more: str) -> subprocess.CompletedProcess[str]:
    return crawler.crawl("semua", "-a", f"sites={sites}", *SOME, *IMPATIENT, *more)


def test_ended_visit_leaves_its_result_alone() -> None:
    """A visit that has ended is freed; its outcome and its counts stay."""
    fleet = Fleet()
    site = load_sites().by_label[OFFICE]
    visit = fleet.begin(Visit(site, Arguments(), NoArchive(), now=NOW))
    visit.counts.update(article=3, listing=1)
    (end,) = fleet.end(visit, NOW)
    assert (fleet.visits, fleet.count()["article"], fleet.judge().code) == ({}, 3, ExitCode.DONE)
    assert (end.site, end.exit_code, end.counts) == ("33.72", 0, {"article": 3, "listing": 1})


def test_offices_end_independently(crawler: Crawler, replica: Replica) -> None:
    """Two offices at a time: the slow one that began first ends last, the others pass it one after
    the other."""
    replica.set_fault(HOST, "slow", seconds=1.0)
    sites = f"{OFFICE},{OTHER},{GUESS},kab-boyolali"
    done = crawl_some(crawler, sites, "-s", "CONCURRENT_REQUESTS=2")
    assert done.returncode == 0, done.stderr
    rows = crawler.query(
        "SELECT s.label, v.started_at, v.ended_at, v.exit_code, v.counts FROM visits v"
        " JOIN sites s ON s.id = v.site_id ORDER BY v.ended_at"
    )
    labels, began, ended, codes, counts = zip(*rows, strict=True)
    assert labels == (OTHER, GUESS, "kab-boyolali", OFFICE) and set(codes) == {0}
    assert began[3] == min(began) and ended[0] <= began[1] and ended[1] <= began[2]
    assert [json.loads(count)["article"] for count in counts] == [3, 3, 3, 3]
    lines = [line for line in done.stderr.splitlines() if ": done;" in line]
    assert [line.split()[3] for line in lines] == [f"{label}:" for label in labels]


def test_longest_unvisited_office_goes_first(crawler: Crawler) -> None:
    """What a bounded run did not reach comes first in the next one."""
    crawl_some(crawler, OFFICE)
    crawl_some(crawler, f"{OFFICE},{OTHER}", "-s", "CONCURRENT_REQUESTS=1")
    started = crawler.query(
        "SELECT s.label FROM visits v JOIN sites s ON s.id = v.site_id WHERE run_id = 2 ORDER BY "
        "started_at"
    )
    assert started == [OTHER, OFFICE]


def test_exit_codes_of_a_run_over_many(replica: Replica, empty_url: str) -> None:
    """A guessed host that never answered counts for nothing, an office that worked before and is
    down now makes some failed, and over half of them down is down; each office's own code is a
    row."""
    crawler = Crawler(replica, empty_url)
    replica.set_fault(f"{GUESS}.kpu.go.id", "dns")
    first = crawl_some(crawler, f"{OFFICE},{OTHER},{GUESS}")
    assert first.returncode == 0, first.stderr
    assert first.stderr.splitlines()[-1].endswith(
        "3 offices: 2 done, 1 on hosts that are guesses and never answered"
    )
    replica.set_fault(HOST, "status", status=403)
    second = crawl_some(crawler, f"{OFFICE},{OTHER},{GUESS}")
    assert (second.returncode, "1 done, 1 blocked" in second.stderr) == (3, True), second.stderr
    replica.set_fault("*", "reset")
    third = crawl_some(crawler, f"{OFFICE},{OTHER},{GUESS}")
    assert third.returncode == 4, third.stderr
    rows = crawler.query(
        "SELECT v.run_id, s.label, v.exit_code FROM visits v JOIN sites s ON s.id = v.site_id"
        " ORDER BY v.run_id, s.label"
    )
    codes = {
        run: {label: code for number, label, code in rows if number == run} for run in (1, 2, 3)
    }
    assert codes[1] == {OFFICE: 0, OTHER: 0, GUESS: 4}
    assert codes[2] == {OFFICE: 5, OTHER: 0, GUESS: 4}
    assert codes[3] == {OFFICE: 4, OTHER: 4, GUESS: 4}
    assert crawler.query("SELECT exit_code FROM runs ORDER BY id") == [0, 3, 4]


@pytest.mark.parametrize(
    ("fault", "settings", "code"),
    [
        ({"kind": "challenge"}, (), 5),
        ({"kind": "maintenance"}, (), 6),
        ({"kind": "soft404"}, (), 7),
        ({"kind": "slow"}, ("-s", f"LEAST_FREE_BYTES={10**18}"), 9),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else None,
)
def test_run_without_any_office_leaves_with_what_most_came_to(
    crawler: Crawler, replica: Replica, fault: dict[str, str], settings: tuple[str, ...], code: int
) -> None:
    """Where no office at all could be read the run never counts as done."""
    replica.set_fault("*", **fault)
    done = crawl_some(crawler, f"{OFFICE},{OTHER}", *settings)
    assert done.returncode == code, done.stderr
    assert crawler.query("SELECT exit_code FROM runs") == [code]


def test_locked_and_interrupted_runs_over_many(crawler: Crawler, replica: Replica) -> None:
    """A run all of whose offices are at work in another leaves with 8; the other, told to end,
    leaves with 130, says what it did not reach, and nothing else."""
    replica.set_fault(HOST, "slow", seconds=1)
    arguments = ("-a", f"sites={OFFICE},{OTHER}", "-s", "CONCURRENT_REQUESTS=1")
    running = crawler.start_crawl("semua", *arguments)
    while len(replica.requests(HOST)) < 3:
        time.sleep(0.05)
    assert crawler.crawl("semua", *arguments).returncode == 8
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert (
        len(said.splitlines()) == 4
        and "interrupted; the next run goes on from here" in said.splitlines()[-1]
    )
    assert f"{OFFICE}: cut short" in said


def test_run_that_is_out_of_time_says_so(crawler: Crawler, replica: Replica) -> None:
    """A run that reaches its bound leaves with the code of what it saw, its sentence and its rows
    say that it was cut short, and the next run goes on."""
    replica.set_fault(HOST, "slow", seconds=0.5)
    done = crawler.crawl(OFFICE, "-s", "CLOSESPIDER_TIMEOUT=2")
    assert done.returncode == 0, done.stderr
    said = "stopped by time; the next run goes on from here; "
    assert said in done.stderr.splitlines()[-1]
    assert crawler.query("SELECT exit_code, outcome LIKE :said FROM runs", said=f"{said}%") == [
        (0, 1)
    ]
    assert crawler.query("SELECT exit_code, outcome LIKE '%: cut short; %' FROM visits") == [(0, 1)]
    assert crawler.query("SELECT count(*) FROM articles")[0] < 20
    replica.clear_faults()
    assert crawler.crawl(OFFICE).returncode == 0
    assert crawler.query("SELECT count(*) FROM articles WHERE page NOT LIKE 'page:%'") == [20]


def test_end_of_time_waits_for_no_pause(crawler: Crawler, replica: Replica) -> None:
    """What waits for a long Crawl-delay when the time is over is not asked for, and is no
    failure."""
    replica.set_options(HOST, crawl_delay=3600)
    done = crawler.crawl(OFFICE, "-s", "CLOSESPIDER_TIMEOUT=1")
    assert done.returncode == 0, done.stderr
    assert [entry.url for entry in replica.requests(HOST)] == [f"http://{HOST}/robots.txt"]
    assert crawler.query("SELECT count(*) FROM captures WHERE error IS NOT NULL") == [0]


def test_json_log_is_one_object_a_line(crawler: Crawler) -> None:
    """With --json-log each line on stderr is one JSON object, Scrapy's included, and stdout is
    empty; so is misuse."""
    done = crawler.crawl(
        "semua", "-a", f"sites={OFFICE},{OTHER}", *SOME, "--json-log", "-L", "INFO"
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.stdout == "" and {frozenset(line) for line in lines} == {
        frozenset({"time", "level", "event", "office", "message"})
    }
    assert {line["office"] for line in lines if line["event"] == "visit"} == {OFFICE, OTHER}
    assert {"begin", "log", "end"} <= {line["event"] for line in lines}
    assert all(datetime.fromisoformat(line["time"]).utcoffset() for line in lines) is False
    assert lines[-1] | {"time": ""} == {
        "time": "", "level": "info", "event": "end", "office": None, "message": "2 offices: 2 done"
    }  # fmt: skip
    misused = crawler.crawl("kota-solo", "--json-log")
    (line,) = misused.stderr.splitlines()
    assert (misused.returncode, json.loads(line)["event"]) == (2, "usage")


def read_terminal(crawler: Crawler, *arguments: str) -> tuple[int, str]:
    """Crawl with a terminal for stderr; return the exit code and all that was written to it."""
    ours, theirs = pty.openpty()
    command = [BIN / "scrapy", "crawl", *arguments, *UNHURRIED]
    environment = {**crawler.environment, "TERM": "xterm-256color", "COLUMNS": "160"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=theirs
    ) as running:
        os.close(theirs)
        shown = bytearray()
        try:
            while chunk := os.read(ours, 65536):
                shown += chunk
        except OSError:  # Linux: the other end was closed
            pass
        assert running.stdout is not None and running.stdout.read() == b""
    os.close(ours)
    return running.returncode, shown.decode()


def test_terminal_shows_what_is_done_and_what_fails(crawler: Crawler, replica: Replica) -> None:
    """On a terminal a live picture counts offices and pages a second and names what fails;
    elsewhere there are plain lines without control characters."""
    replica.set_fault(f"{OTHER}.kpu.go.id", "status", status=403)
    code, shown = read_terminal(crawler, "semua", "-a", f"sites={OFFICE},{OTHER}", *SOME)
    assert code == 0, shown
    assert "2/2" in shown and "pages/s" in shown and "\x1b[" in shown
    assert f"{OTHER}: blocked: 403" in shown and "Traceback" not in shown
    plain = crawl_some(crawler, f"{OFFICE},{OTHER}")
    assert plain.stderr.replace("\n", "").isprintable()
    assert f"WARNING {OTHER}: blocked: 403" in plain.stderr


def test_terminal_shows_one_office(crawler: Crawler) -> None:
    """For one office the picture counts articles."""
    code, shown = read_terminal(crawler, OFFICE, *SOME)
    assert code == 0 and "3/3" in shown and "3 articles" in shown


def test_last_known_robots_txt_goes_on_to_count(crawler: Crawler, replica: Replica) -> None:
    """While robots.txt fails, the rules last seen hold: they let a crawl go on, and forbid what
    they forbade."""
    assert crawler.crawl(OFFICE, *SOME).returncode == 0
    replica.set_fault(HOST, "status", status=500, path="robots.txt")
    assert crawler.crawl(OFFICE, *SOME, *IMPATIENT).returncode == 0
    replica.clear_faults()
    replica.set_fault(HOST, "disallow")
    assert crawler.crawl(OFFICE, *SOME).returncode == 5
    replica.clear_faults()
    replica.set_fault(HOST, "status", status=500, path="robots.txt")
    assert crawler.crawl(OFFICE, *SOME, *IMPATIENT).returncode == 5
    statuses = crawler.query(
        "SELECT status FROM captures WHERE canonical = '/robots.txt' ORDER BY fetched_at"
    )
    assert statuses == [200, 500, 200, 500]


def test_robots_txt_that_never_was_had_forbids_for_a_month(
    replica: Replica, empty_url: str
) -> None:
    """An office whose robots.txt fails for ever is left alone for 30 days, and is not lost."""
    crawler = Crawler(replica, empty_url)
    replica.set_fault(HOST, "status", status=500, path="robots.txt")
    done = crawler.crawl(OFFICE, *SOME, *IMPATIENT)
    assert done.returncode == 4, done.stderr
    assert {entry.url for entry in replica.requests(HOST)} == {f"http://{HOST}/robots.txt"}
    change_times(crawler, "2026-01-01 00:00:00")
    assert crawler.crawl(OFFICE, *SOME, *IMPATIENT).returncode == 0


def change_times(crawler: Crawler, at: str) -> None:
    """Let what was captured be captured long ago."""
    from sqlalchemy import create_engine, text

    engine = create_engine(crawler.archive_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE captures SET fetched_at = :at WHERE canonical = '/robots.txt'"), {"at": at}
        )
    engine.dispose()
