"""Crawls killed at random moments and started again end with the archive of crawls that nobody
disturbed."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from itertools import groupby
from operator import itemgetter
from random import Random
from typing import Any

import pytest

from tests.crawling import Crawler
from tests.replica import Replica, running_replica

OFFICE, HOST = "kota-surakarta", "kota-surakarta.kpu.go.id"
SMALL_BATCHES = ("-s", "ARCHIVE_BATCH_CAPTURES=5")
FULL = ("-a", "depth=full")
KILLS = 20


def draw_moments(seed: int) -> list[float]:
    """Parts of a crawl after which to kill it: one in each twentieth, in random order."""
    random = Random(seed)
    moments = [(place + random.random()) / KILLS for place in range(KILLS)]
    random.shuffle(moments)
    return moments


MOMENTS = draw_moments(seed=4)
CASES = [
    pytest.param("sqlite", MOMENTS[0:1], MOMENTS[1:2], id="sqlite, 2 kills"),
    pytest.param("postgresql", MOMENTS[2:3], [], id="postgresql, 1 kill"),
    *(
        pytest.param(
            engine,
            MOMENTS[start : start + 5],
            MOMENTS[start + 5 : start + 10],
            marks=pytest.mark.long,
        )
        for engine in ("sqlite", "postgresql")
        for start in (0, 10)
    ),
]
"""Which kills fall into the first crawl of an office, and which into the one after its articles
changed."""


@dataclass(frozen=True)
class Contents:
    """What an archive holds, in words that do not depend on how often it was visited, and how often
    it was."""

    pages: set[Any]
    texts: set[Any]
    articles: set[Any]
    revisions: dict[Any, list[str]]
    links: set[Any]
    listings: dict[str, list[Any]]
    captures: Counter[Any]
    views: Counter[Any]


PAGES = "SELECT route, key, url FROM pages"
TEXTS = "SELECT digest, copy_digest, title, body FROM texts"
ARTICLES = """
SELECT site, page, url, title, body, category, section, writers, role, editor, unit, place, published_earliest,
    published_source, published_precision, published_flags, revisions
FROM articles
"""
READ_TEXTS = """
SELECT pages.route, pages.key, texts.digest
FROM captures JOIN pages ON pages.id = captures.page_id
JOIN readings ON readings.capture_id = captures.id JOIN texts ON texts.id = readings.text_id
ORDER BY pages.route, pages.key, captures.fetched_at, captures.id
"""
LINKS = """
SELECT pages.route, pages.key, links.kind, links.position, links.url, links.text, links.uploaded
FROM links JOIN pages ON pages.id = links.page_id
"""
LAST_LISTINGS = """
SELECT listings.canonical, pages.route, pages.key, sightings.title
FROM captures AS listings
JOIN sightings ON sightings.capture_id = coalesce(listings.same_items_id, listings.id)
JOIN pages ON pages.id = sightings.page_id
WHERE listings.page_id IS NULL AND listings.id = (
    SELECT later.id FROM captures AS later
    WHERE later.canonical = listings.canonical AND later.items_digest IS NOT NULL
    ORDER BY later.fetched_at DESC, later.id DESC LIMIT 1
)
ORDER BY listings.canonical, sightings.position
"""
CAPTURES = "SELECT canonical, status FROM captures"
VIEWS = """
SELECT pages.route, pages.key, view_counts.source
FROM view_counts JOIN pages ON pages.id = view_counts.page_id
"""


def read_contents(crawler: Crawler) -> Contents:
    """Ask an archive for all that two of them are compared by."""
    read = groupby(crawler.query(READ_TEXTS), key=itemgetter(0, 1))
    listed = groupby(crawler.query(LAST_LISTINGS), key=itemgetter(0))
    return Contents(
        pages=set(crawler.query(PAGES)),
        texts=set(crawler.query(TEXTS)),
        articles={
            tuple(map(str, row)) for row in crawler.query(ARTICLES)
        },  # days are text in SQLite
        revisions={
            page: [digest for digest, _ in groupby(rows, key=itemgetter(2))] for page, rows in read
        },
        links={(*row[:-1], str(row[-1])[:19]) for row in crawler.query(LINKS)},
        listings={canonical: [row[1:] for row in rows] for canonical, rows in listed},
        captures=Counter(crawler.query(CAPTURES)),
        views=Counter(crawler.query(VIEWS)),
    )


def running_office() -> AbstractContextManager[Replica]:
    """An office with articles of both its engines, the same each time."""
    return running_replica(seed=11, articles=40, old_engine=True)


def change_office(replica: Replica) -> None:
    """Rewrite three articles, remove one for good and post one below others."""
    current = [
        key
        for key, one in replica.truth(HOST).articles.items()
        if one.route == "blog" and one.kind == "text"
    ]
    for key in current[:3]:
        replica.change(HOST, "edit", key=key)
    replica.change(HOST, "remove", key=current[3], how="404")
    replica.change(HOST, "plant", page=2, category="104")


def crawl(crawler: Crawler, *arguments: str) -> int:
    """Crawl to the end; return how much was asked for."""
    before = len(crawler.replica.requests(HOST))
    done = crawler.crawl(OFFICE, *SMALL_BATCHES, *arguments)
    assert done.returncode == 0, done.stderr
    return len(crawler.replica.requests(HOST)) - before


def crawl_through_kills(
    crawler: Crawler, moments: Sequence[float], asked: int, *arguments: str
) -> None:
    """Crawl to the end, killed and started again when these parts of all that is to be asked for
    were asked for."""
    since = len(crawler.replica.requests(HOST))
    for moment in sorted(moments):
        running = crawler.start_crawl(OFFICE, *SMALL_BATCHES, *arguments)
        assert (
            running.stderr is not None and running.stderr.readline()
        )  # told when it makes or opens the archive
        while running.poll() is None and count_addresses(crawler.replica, since) < round(
            moment * asked
        ):
            time.sleep(0.002)
        time.sleep(
            Random(moment).uniform(0, 0.03)
        )  # of one request there is nothing more to wait for
        running.kill()
        _, said = running.communicate(timeout=30)
        assert running.returncode == -signal.SIGKILL, said
        check_sound(crawler)
    crawl(crawler, *arguments)


def count_addresses(replica: Replica, since: int) -> int:
    return len({entry.url for entry in replica.requests(HOST)[since:]})


def check_sound(crawler: Crawler) -> None:
    """Look for damage where the database can tell."""
    if crawler.archive_url.startswith("sqlite"):
        assert crawler.query("PRAGMA integrity_check") == ["ok"]
        assert crawler.query("PRAGMA foreign_key_check") == []


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, Contents]]:
    """How much the two crawls of the office ask for when nobody disturbs them, and what the archive
    holds then."""
    path = tmp_path_factory.mktemp("undisturbed") / "archive.db"
    with running_office() as replica:
        crawler = Crawler(replica, f"sqlite:///{path}")
        first = crawl(crawler), read_contents(crawler)
        change_office(replica)
        return [first, (crawl(crawler, *FULL), read_contents(crawler))]


@pytest.mark.parametrize(("empty_url", "early", "late"), CASES, indirect=["empty_url"])
def test_killed_crawls_lose_nothing(
    empty_url: str, undisturbed: list[tuple[int, Contents]], early: list[float], late: list[float]
) -> None:
    """However often a first crawl and a deep one are killed, once they come to their end the
    archive holds what it would without the kills; only visits and counts may be more."""
    (first_asked, first), (then_asked, then) = undisturbed
    with running_office() as replica:
        crawler = Crawler(replica, empty_url)
        crawl_through_kills(crawler, early, first_asked)
        compare(read_contents(crawler), first)
        change_office(replica)
        crawl_through_kills(crawler, late, then_asked, *FULL)
        compare(read_contents(crawler), then)


def compare(killed: Contents, undisturbed: Contents) -> None:
    """Hold that an archive has everything another has, and nothing else but more visits."""
    for field in fields(Contents):
        held, wanted = getattr(killed, field.name), getattr(undisturbed, field.name)
        if isinstance(wanted, Counter):
            assert wanted - held == Counter(), field.name
        else:
            assert held == wanted, field.name
