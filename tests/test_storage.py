"""One poisoned office costs itself; a storage that fails is code 9, in words."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.crawling import Crawler
from tests.replica import Replica, running_replica

OFFICE, HOST = "kota-surakarta", "kota-surakarta.kpu.go.id"
FLEET = (OFFICE, "kab-cilacap", "kab-boyolali")
SITES = f"sites={','.join(FLEET)}"
ARTICLES = 12


@pytest.fixture
def replica() -> Iterator[Replica]:
    with running_replica(seed=7, articles=ARTICLES) as running:
        yield running


@pytest.fixture
def crawler(replica: Replica, tmp_path: Path) -> Crawler:
    return Crawler(replica, f"sqlite:///{tmp_path}/archive.db")


def count_documents(crawler: Crawler) -> dict[str, int]:
    rows = crawler.query(
        "SELECT s.label, count(*) FROM documents d JOIN sites s ON s.id = d.site_id"
        " GROUP BY s.label"
    )
    return dict(rows)


def test_poisoned_office_costs_the_fleet_nothing(replica: Replica, empty_url: str) -> None:
    """Of three offices one shows a number of 4,400 digits, a slug and a link of 3,000 characters
    and a counter of 999.999.999.999 on every page: all three complete, two nights running, and what
    was left out is told with its field."""
    crawler = Crawler(replica, empty_url)
    replica.set_fault(HOST, "poison")
    for _ in range(2):
        done = crawler.crawl("semua", "-a", SITES)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
    held = count_documents(crawler)
    assert set(held) == set(FLEET) and min(held.values()) >= ARTICLES
    fields = crawler.query("SELECT DISTINCT field FROM problems WHERE seen LIKE '7777777%'")
    assert fields == ["sightings"]
    most = crawler.query("SELECT max(count) FROM view_counts")[0]
    assert most is None or most < 999_999_999_999


def test_damaged_reference_costs_the_fleet_nothing(replica: Replica, empty_url: str) -> None:
    """A flipped byte in one office's reference snapshot is named, and the next night all three
    complete."""
    crawler = Crawler(replica, empty_url)
    first = crawler.crawl("semua", "-a", SITES, "-a", "limit=4")
    assert first.returncode == 0, first.stderr
    address = make_url(empty_url)
    postgres = address.get_backend_name() == "postgresql"
    engine = create_engine(address.set(drivername="postgresql+psycopg") if postgres else address)
    with engine.begin() as connection:
        blob, data = connection.execute(
            text("SELECT id, data FROM blobs WHERE id IN (SELECT min(reference_id) FROM blobs)")
        ).one()
        broken = bytearray(data)
        broken[len(broken) // 2] ^= 1
        change = text("UPDATE blobs SET data = :data WHERE id = :id")
        connection.execute(change, {"data": bytes(broken), "id": blob})
    engine.dispose()
    second = crawler.crawl("semua", "-a", SITES)
    assert second.returncode == 0, second.stderr
    assert min(count_documents(crawler).values()) >= ARTICLES
    assert crawler.query("SELECT seen FROM problems WHERE field = 'snapshot'") == [
        f"snapshot {blob}"
    ]


def wait_for_requests(replica: Replica, number: int) -> None:
    while len(replica.requests(HOST)) < number:
        time.sleep(0.05)


def assert_told(code: int, stderr: str, words: str) -> None:
    """Code 9, the words in the last line, and no traceback."""
    assert code == 9, stderr
    assert words in stderr.splitlines()[-1]
    assert "Traceback" not in stderr


def test_folder_that_is_removed_ends_the_run_in_words(crawler: Crawler, replica: Replica) -> None:
    """When the archive's folder goes away under a run, the run says so and ends with code 9; the
    commands that read say so too."""
    folder = Path(make_url(crawler.archive_url).database or "").parent / "archive"
    folder.mkdir()
    crawler = Crawler(replica, f"sqlite:///{folder}/archive.db")
    replica.set_fault(HOST, "slow", seconds=0.3)
    running = crawler.start_crawl(OFFICE, "-s", "ARCHIVE_BATCH_CAPTURES=2")
    wait_for_requests(replica, 5)
    shutil.rmtree(folder)
    said = running.communicate(timeout=60)[1]
    assert_told(running.returncode, said, "is gone")


def test_malformed_file_ends_the_run_in_words(crawler: Crawler, replica: Replica) -> None:
    """A file with the head of an archive and nothing sound behind is code 9, in crawls and in
    commands."""
    assert crawler.crawl(OFFICE, "-a", "limit=2").returncode == 0
    path = Path(make_url(crawler.archive_url).database or "")
    for log in path.parent.glob("*-wal"):
        log.unlink()
    data = path.read_bytes()
    path.write_bytes(data[:100] + b"\xa5" * (len(data) - 100))
    done = crawler.crawl(OFFICE, "-a", "limit=2")
    assert_told(done.returncode, done.stderr, "malformed")
    shown = crawler.run("kpu-archive", "stats")
    assert_told(shown.returncode, shown.stderr, "malformed")


def test_page_that_is_torn_under_a_run_is_code_9(crawler: Crawler, replica: Replica) -> None:
    """Where only some pages of the file are malformed, the run meets them on its way."""
    assert crawler.crawl(OFFICE).returncode == 0
    path = Path(make_url(crawler.archive_url).database or "")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    query = "SELECT rootpage FROM sqlite_master WHERE name IN ('captures', 'pages')"
    roots = [row[0] for row in connection.execute(query)]
    connection.close()
    data = bytearray(path.read_bytes())
    for root in roots:
        data[(root - 1) * size : root * size] = b"\xa5" * size
    path.write_bytes(bytes(data))
    done = crawler.crawl(OFFICE, "-a", "limit=2")
    assert_told(done.returncode, done.stderr, "malformed")


def test_database_that_goes_away_ends_the_run_in_words(
    replica: Replica, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """When PostgreSQL drops the database under a run, the run says so and ends with code 9."""
    server = request.getfixturevalue("postgres_url")
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"gone_{tmp_path.name.lower()}".replace("-", "_")[:60]
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    address = make_url(server).set(database=name)
    crawler = Crawler(replica, address.render_as_string(hide_password=False))
    replica.set_fault(HOST, "slow", seconds=0.3)
    running = crawler.start_crawl(OFFICE, "-s", "ARCHIVE_BATCH_CAPTURES=2")
    wait_for_requests(replica, 5)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()
    said = running.communicate(timeout=60)[1]
    assert_told(running.returncode, said, "the archive cannot be written")


def test_server_that_does_not_answer_is_storage(replica: Replica) -> None:
    """A PostgreSQL that refuses the connection is code 9, in crawls and in commands; a database
    that does not exist is a matter of settings, code 2."""
    crawler = Crawler(replica, "postgresql://ani:rahasia@127.0.0.1:1/archive")
    done: subprocess.CompletedProcess[str] = crawler.crawl(OFFICE)
    assert_told(done.returncode, done.stderr, "cannot open the archive")
    shown = crawler.run("kpu-archive", "stats")
    assert_told(shown.returncode, shown.stderr, "cannot open the archive")
    assert "rahasia" not in done.stderr + shown.stderr
