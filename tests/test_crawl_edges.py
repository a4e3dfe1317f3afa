"""Crawls at the edges: redirects, certificates, full disks, large pages, strangers' hosts."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawling import BIN, ROOT, UNHURRIED, Crawler
from tests.replica import Replica, running_replica
from tests.tls import running_tls_site

OFFICE, HOST = "kota-surakarta", "kota-surakarta.kpu.go.id"


@pytest.fixture
def replica() -> Iterator[Replica]:
    with running_replica(seed=7, articles=40, old_engine=True) as running:
        yield running


@pytest.fixture
def crawler(replica: Replica, tmp_path: Path) -> Crawler:
    return Crawler(replica, f"sqlite:///{tmp_path}/archive.db")


def test_moved_page_is_tied_to_its_new_address(crawler: Crawler, replica: Replica) -> None:
    """An old address that redirects is a capture of its own page, proved the same as the new one by
    the redirect; it is answered, and not asked for again."""
    assert crawler.crawl(OFFICE, "-a", "limit=1").returncode == 0
    fetched = set(crawler.query("SELECT page FROM articles"))
    old = next(
        key
        for key in replica.truth(HOST).articles
        if key.startswith("berita:") and key not in fetched
    )
    url = replica.truth(HOST).articles[old].url
    (new,) = replica.change(HOST, "move", key=old)
    assert crawler.crawl(OFFICE).returncode == 0
    assert crawler.query("SELECT status FROM captures WHERE url = :url", url=url) == [301]
    rows = crawler.query(
        "SELECT a.key, b.key FROM same_as JOIN pages a ON a.id = page_id JOIN pages b ON b.id = "
        "other_page_id"
    )
    assert rows == [(old.removeprefix("berita:"), new)]
    assert crawler.crawl(OFFICE).returncode == 0
    assert crawler.query("SELECT count(*) FROM captures WHERE url = :url", url=url) == [1]


def test_redirect_off_the_office_is_recorded_not_followed(
    crawler: Crawler, replica: Replica
) -> None:
    """A page that sends visitors to another host is a capture with its status; the other host is
    never asked."""
    replica.set_fault(
        HOST, "offsite", path="/(read|baca)/", location="http://kab-cilacap.kpu.go.id/"
    )
    crawler.crawl(OFFICE, "-a", "limit=3")
    assert crawler.query("SELECT DISTINCT answered_url FROM captures WHERE status = 302") == [
        "http://kab-cilacap.kpu.go.id/"
    ]
    assert replica.requests("kab-cilacap.kpu.go.id") == []


def test_page_above_the_ceiling_is_a_failed_fetch(crawler: Crawler, replica: Replica) -> None:
    """A page of more than 10 MB is not read to its end, and the failure is a row that says why."""
    replica.set_options(HOST, page_bytes=11_000_000)
    done = crawler.crawl(OFFICE, "-a", "limit=2")
    assert done.returncode == 4, done.stderr
    assert "Traceback" not in done.stderr
    assert crawler.query("SELECT DISTINCT error FROM captures WHERE error IS NOT NULL") == [
        "the page is larger than DOWNLOAD_MAXSIZE"
    ]


def test_full_disk_ends_the_run_with_its_code(crawler: Crawler, replica: Replica) -> None:
    """When the archive cannot grow the run ends with code 9 and says so; what was written before is
    sound."""
    command = (
        f"ulimit -f 1500; exec {BIN / 'scrapy'} crawl {OFFICE} {' '.join(UNHURRIED)} -s "
        f"ARCHIVE_BATCH_CAPTURES=5"
    )
    environment = dict(crawler.environment)
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 9, done.stderr
    assert "the archive cannot be written" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert crawler.query("PRAGMA integrity_check") == ["ok"]
    assert crawler.crawl(OFFICE).returncode == 0
    assert crawler.count("documents") >= 40


def test_run_stops_before_the_disk_is_full(crawler: Crawler, replica: Replica) -> None:
    """With less room on the disk than a crawl wants, the run ends with code 9 at once, and says how
    much is left."""
    done = crawler.crawl(OFFICE, "-s", f"LEAST_FREE_BYTES={10**18}")
    assert done.returncode == 9, done.stderr
    assert "MB free in" in done.stderr.splitlines()[-1]
    assert len(replica.requests(HOST)) < 10


def test_bug_in_the_reader_loses_no_bytes(crawler: Crawler) -> None:
    """A reader that raises ends the run with code 1, and the page it raised on is archived
    nevertheless."""
    program = """
import kpucrawl.extract as extract
real = extract.read_page
def broken(body, url, **more):
    if "/read/" in url or "/baca/" in url:
        raise ZeroDivisionError(url)
    return real(body, url, **more)
extract.read_page = broken
from scrapy.cmdline import execute
import sys
execute(["scrapy", "crawl", *sys.argv[1:]])
"""
    done = crawler.run("python", "-c", program, OFFICE, *UNHURRIED, "-a", "limit=3")
    assert done.returncode == 1, done.stderr
    assert "a bug" in done.stderr.splitlines()[-1]
    assert crawler.query(
        "SELECT count(*) FROM captures WHERE page_id IS NOT NULL AND blob_id IS NOT NULL"
    ) == [3]
    assert crawler.query("SELECT DISTINCT answer FROM captures WHERE page_id > 0") == ["bug"]
    seen = crawler.query("SELECT DISTINCT seen FROM problems WHERE field = 'reader'")
    assert all("ZeroDivisionError" in one for one in seen) and len(seen) == 3


def test_office_is_crawled_by_one_run_at_a_time(crawler: Crawler, replica: Replica) -> None:
    """A second crawl of an office leaves at once with code 8 and says who is at it; `semua` visits
    the others."""
    replica.set_fault(HOST, "slow", seconds=2)
    first = crawler.start_crawl(OFFICE)
    while len(replica.requests(HOST)) < 3:
        time.sleep(0.05)
    second = crawler.crawl(OFFICE)
    assert second.returncode == 8, second.stderr
    assert f"being crawled by another run: {OFFICE}, process {first.pid} on" in second.stderr
    many = crawler.crawl(
        "semua", "-a", f"sites={OFFICE},kab-cilacap", "-a", "limit=2", "-a", "pages=1"
    )
    assert many.returncode == 0, many.stderr
    assert f"{OFFICE} is being crawled" in many.stderr and "kab-cilacap: done" in many.stderr
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=30)
    assert first.returncode == 143


def test_nightly_run_on_a_quiet_office_is_cheap(tmp_path: Path) -> None:
    """A second night at an office of two categories where nothing happened costs at most 15
    requests, robots.txt included; a late post far down an old listing page is found within as many
    runs as the listing has pages."""
    with running_replica(seed=5, articles=300) as replica:
        crawler = Crawler(replica, f"sqlite:///{tmp_path}/archive.db")
        assert crawler.crawl(OFFICE).returncode == 0
        categories = len(replica.truth(HOST).categories)
        before = len(replica.requests(HOST))
        assert crawler.crawl(OFFICE).returncode == 0
        nightly = len(replica.requests(HOST)) - before
        young = crawler.query(
            "SELECT count(*) FROM articles WHERE published_latest > '2026-09-20'"
        )[0]
        assert nightly <= 7 + 4 * categories + young, (nightly, categories)
        (late,) = replica.change(HOST, "plant", count=1, page=9, category="104")
        for _ in range(12):
            crawler.crawl(OFFICE)
            if crawler.query("SELECT count(*) FROM articles WHERE page = :page", page=late) == [1]:
                break
        else:
            raise AssertionError("the late post was not found")


def test_unchanged_articles_answer_304(crawler: Crawler, replica: Replica) -> None:
    """Where an office gives validators, a second visit asks whether the bytes are current; 304 is a
    capture without bytes, and no revision."""
    replica.set_options(HOST, validators=True)
    assert crawler.crawl(OFFICE).returncode == 0
    done = crawler.crawl(OFFICE, "-a", "depth=full")
    assert done.returncode == 0, done.stderr
    assert "40 unchanged" in done.stderr.splitlines()[-1]
    assert crawler.query(
        "SELECT count(*) FROM captures WHERE status = 304 AND blob_id IS NULL"
    ) == [40]
    assert crawler.query("SELECT max(revisions), count(*) FROM documents") == [
        (1, crawler.count("pages"))
    ]


def test_few_requests_wait_when_a_run_is_told_to_end(crawler: Crawler, replica: Replica) -> None:
    """A run that is told to end asks only for what already waits for its turn, a handful of
    pages."""
    running = crawler.start_crawl(OFFICE, "-s", "DOWNLOAD_DELAY=0.2")
    while len(replica.requests(HOST)) < 12:
        time.sleep(0.02)
    asked = len(replica.requests(HOST))
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130, said
    assert len(replica.requests(HOST)) - asked <= 9


def test_missing_contact_is_said_once(crawler: Crawler) -> None:
    """Without KPU_CONTACT a crawl runs, and says in one line what to type."""
    done = crawler.crawl(OFFICE, "-a", "limit=1", "-a", "pages=1", KPU_CONTACT="")
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if "export KPU_CONTACT=" in line] != []
    assert done.stderr.count("KPU_CONTACT") == 1


def test_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, replica: Replica) -> None:
    """Certificates are verified: an office whose certificate is not trusted counts as down, and
    says TLS."""
    with running_tls_site(HOST, tmp_path) as proxy:
        crawler = Crawler(replica, f"sqlite:///{tmp_path}/archive.db")
        done = crawler.run("scrapy", "crawl", OFFICE, "-s", "DOWNLOAD_DELAY=0", https_proxy=proxy)
    assert done.returncode == 4, done.stderr
    for error in crawler.query("SELECT error FROM captures"):
        assert "certificate" in error.lower() or "tls" in error.lower() or "ssl" in error.lower()


def test_exempted_office_says_so_in_its_captures(tmp_path: Path, replica: Replica) -> None:
    """An office exempted by name is crawled without certificate checks, each capture tells, `semua`
    leaves it out."""
    exempt = ("-s", f"UNVERIFIED_SITES={OFFICE}", "-s", "DOWNLOAD_DELAY=0")
    with running_tls_site(HOST, tmp_path) as proxy:
        crawler = Crawler(replica, f"sqlite:///{tmp_path}/archive.db")
        crawler.run("scrapy", "crawl", OFFICE, *exempt, https_proxy=proxy)
        answered = crawler.query("SELECT DISTINCT tls FROM captures WHERE status = 200")
        many = crawler.run(
            "scrapy", "crawl", "semua", "-a", f"sites={OFFICE}", *exempt, https_proxy=proxy
        )
    assert answered == ["unverified"]
    assert many.returncode == 2 and "crawl it by itself" in many.stderr
