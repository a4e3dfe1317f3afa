"""A page that was erased does not come back, however often its office is crawled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from archive.blobs.store import load
from archive.database import engine as db
from archive.database.models import Base, Blob
from tests.crawling import Crawler
from tests.replica import Replica, running_replica

OFFICE = "kota-surakarta"
FEWEST = 30
"""Characters of a line that no other article has by chance."""


@pytest.fixture
def replica() -> Iterator[Replica]:
    with running_replica(seed=3, articles=30) as running:
        yield running


@pytest.fixture
def crawler(replica: Replica, tmp_path: Path) -> Crawler:
    return Crawler(replica, f"sqlite:///{tmp_path}/archive.db")


MENTIONED = """
SELECT pages.key FROM sightings
JOIN captures ON captures.id = sightings.capture_id AND captures.page_id IS NOT NULL
JOIN pages ON pages.id = sightings.page_id
"""
"""Pages whose title stands in the snapshots of others, which are left and named."""


def choose_page(crawler: Crawler) -> tuple[str, set[str]]:
    """The article with the most lines that no other has; those, its title, the end of its
    address."""
    articles = crawler.query("SELECT page, title, body, url FROM articles")
    bodies = [body for _, _, body, _ in articles]
    own = {
        page: {line for line in body.splitlines() if _is_own(line, bodies)}
        for page, _, body, _ in articles
    }
    mentioned = crawler.query(MENTIONED)
    alone = [row for row in articles if row[0] not in mentioned and "_" in row[3]]
    page, title, _, url = max(alone, key=lambda row: len(own[row[0]]))
    assert len(own[page]) > 1
    return page, {line.strip() for line in own[page]} | {title, url.rpartition("_")[2]}


def _is_own(line: str, bodies: list[str]) -> bool:
    return len(line) > FEWEST and sum(line in body for body in bodies) == 1


def find(url: str, words: set[str]) -> set[str]:
    """Those of these words that an archive holds: in a row, a snapshot decoded, or a file."""
    engine = db.open_reader(url)
    held = [*_read_rows(engine), *(path.read_text(errors="replace") for path in _list_files(url))]
    engine.dispose()
    return {word for word in words if any(word in one for one in held)}


def _read_rows(engine: Engine) -> Iterator[str]:
    with db.read(engine) as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                yield "\t".join(map(str, row))
        for blob_id in connection.scalars(select(Blob.id)):
            yield load(connection, blob_id).decode(errors="replace")
        yield from map(str, connection.execute(text("SELECT * FROM articles")))


def _list_files(url: str) -> list[Path]:
    file = Path(db.describe(url))
    paths = (*file.parent.glob(f"{file.name}*"), *Path(f"{file}.index").rglob("*"))
    return [path for path in paths if path.is_file()]


def test_erased_page_stays_erased(crawler: Crawler) -> None:
    """After a full crawl, and when all is read again; the others are crawled as ever."""
    assert crawler.crawl(OFFICE).returncode == 0
    page, words = choose_page(crawler)
    assert find(crawler.archive_url, words) == words
    held = crawler.count("documents")
    command = ("kpu-archive", "withhold", f"{OFFICE}/{page}", "--reason", "court", "--erase")
    assert crawler.run(*command).returncode == 0
    assert find(crawler.archive_url, words) == set()
    assert crawler.crawl(OFFICE, "-a", "depth=full").returncode == 0
    assert crawler.run("kpu-archive", "reread").returncode == 0
    assert crawler.run("kpu-archive", "rebuild").returncode == 0
    assert find(crawler.archive_url, words) == set()
    assert crawler.count("documents") == held - 1
    own = "SELECT answer, blob_id FROM captures JOIN pages ON pages.id = page_id WHERE key = :key"
    assert crawler.query(own, key=page) == [("article", None)] * 2
