"""A crawl whose terminal goes away, and how `runs` tells a run under way from one that died."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.database import engine as db
from archive.database.locks import lock_offices, name_holder
from archive.ingest.writer import begin_run
from archive.read.runs import DIED, UNDER_WAY, list_runs
from archive.records import RunStart
from tests.archive.making import NOON, begin
from tests.crawling import BIN, ROOT, UNHURRIED, Crawler
from tests.replica import Replica, running_replica

OFFICE = "kota-surakarta"
HOST = f"{OFFICE}.kpu.go.id"
PROCESS = "process 4711 on archive-1"


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    """Sixty articles."""
    with running_replica(seed=1, articles=60) as running:
        yield running


def read_states(url: str, *, failed: bool = False) -> list[str]:
    """The states of the runs, the newest first."""
    engine = db.open_reader(url)
    with db.read(engine) as connection:
        states = [row["state"] for row in list_runs(connection, None, failed=failed)]
    engine.dispose()
    return states


def start_in_terminal(crawler: Crawler) -> tuple[subprocess.Popen[bytes], int]:
    """A crawl that has a terminal of its own, and our side of that."""
    master, slave = pty.openpty()
    command = ["setsid", "--ctty", "--wait", BIN / "scrapy", "crawl", OFFICE, *UNHURRIED]
    running = subprocess.Popen(
        command,
        cwd=ROOT,
        env=dict(crawler.environment) | {"TERM": "xterm"},
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    return running, master


def test_a_terminal_that_goes_away_ends_a_crawl_with_129(tmp_path: Path, replica: Replica) -> None:
    """The run is under way until then; it ends as if it was told to, and its row says so."""
    crawler = Crawler(replica, f"sqlite:///{tmp_path}/archive.db")
    replica.set_fault(HOST, "slow", seconds=0.1, path="/read/|/baca/")
    running, master = start_in_terminal(crawler)
    while len(replica.requests(HOST)) < 30:
        time.sleep(0.05)
    assert read_states(crawler.archive_url) == [UNDER_WAY]
    assert read_states(crawler.archive_url, failed=True) == []
    os.close(master)
    assert running.wait(60) == 129
    replica.clear_faults()
    assert crawler.query("SELECT exit_code FROM runs") == [128 + signal.SIGHUP]
    [outcome] = crawler.query("SELECT outcome FROM runs")
    assert outcome.startswith("interrupted; the next run goes on from here")


def test_a_run_is_under_way_while_it_holds_an_office(archive_url: str) -> None:
    """A run without an end is under way as long as its process holds a lock, and dead afterwards;
    an older one of the same number of process is dead all the while."""
    engine = db.open_writer(archive_url, say=print)
    begin(engine)
    for _ in range(2):
        begin_run(engine, RunStart("semua", {}, "0.1.0", "https", None, NOON, PROCESS))
    engine.dispose()
    with lock_offices(archive_url, ["33.72"], name_holder("semua", PROCESS)):
        assert read_states(archive_url) == [UNDER_WAY, DIED, DIED]
        assert read_states(archive_url, failed=True) == [DIED, DIED]
    assert read_states(archive_url) == [DIED, DIED, DIED]
