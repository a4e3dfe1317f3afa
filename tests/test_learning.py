"""Offices' templates are learnt behind a crawl, and pages read again by them, from the command line
to the rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpucrawl.crawl.firsts import ENOUGH
from tests.crawling import Crawler
from tests.replica import Replica, running_replica

OFFICE, HOST = "kota-surakarta", "kota-surakarta.kpu.go.id"
ARTICLES = "SELECT page, title, body, category, writers, place, revisions FROM articles ORDER BY 1"
LAYOUTS = f"SELECT digest FROM layouts WHERE pages <> {ENOUGH} ORDER BY id"
"""Those learnt behind a crawl."""
EARLY = f"SELECT digest FROM layouts WHERE pages = {ENOUGH}"
"""Those learnt while a first crawl was under way."""
NOT_READ_BY_IT = """
SELECT count(*) FROM documents JOIN readings ON readings.id = documents.reading_id
WHERE readings.layout <> (SELECT digest FROM layouts ORDER BY checked_at DESC, id DESC LIMIT 1)
"""


@pytest.fixture
def replica() -> Iterator[Replica]:
    with running_replica(seed=7, articles=60) as running:
        yield running


@pytest.fixture
def crawler(replica: Replica, tmp_path: Path) -> Crawler:
    return Crawler(replica, f"sqlite:///{tmp_path}/archive.db")


def crawl_fully(crawler: Crawler, *more: str) -> None:
    done = crawler.crawl(OFFICE, "-a", "depth=full", *more)
    assert done.returncode == 0, done.stderr


def test_a_first_crawl_learns_and_reads_all_by_it(empty_url: str) -> None:
    """Behind its last answer the office's template is learnt, every article is read again by it,
    and a second crawl learns nothing and revises nothing."""
    with running_replica(seed=7, articles=40) as replica:
        crawler = Crawler(replica, empty_url)
        crawl_fully(crawler)
        (digest,) = crawler.query(LAYOUTS)
        assert digest
        assert crawler.query(NOT_READ_BY_IT) == [0]
        before = crawler.query(ARTICLES)
        crawl_fully(crawler)
        assert crawler.query(LAYOUTS) == [digest]
        assert crawler.query(ARTICLES) == before
        assert crawler.query("SELECT max(revisions) FROM articles") == [1]


def test_what_is_learnt_does_not_depend_on_the_order_of_answers(
    replica: Replica, tmp_path: Path
) -> None:
    """Two crawls with other concurrency end with the same layouts and the same
    articles."""
    found = []
    for number in (1, 16):
        crawler = Crawler(replica, f"sqlite:///{tmp_path}/{number}.db")
        crawl_fully(crawler, "-s", f"CONCURRENT_REQUESTS_PER_DOMAIN={number}")
        found.append([crawler.query(sql) for sql in (EARLY, LAYOUTS, ARTICLES)])
    assert found[0] == found[1]


def test_a_first_crawl_reads_by_what_its_first_articles_taught(
    replica: Replica, tmp_path: Path
) -> None:
    """Sixteen articles teach a template while the crawl is under way; at its end it is learnt anew
    and all is read by that. Killed in between, the next run does so, and its articles are those of
    an undisturbed crawl."""
    slow = ("-s", "DOWNLOAD_DELAY=0.05", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=2")
    whole = Crawler(replica, f"sqlite:///{tmp_path}/whole.db")
    crawl_fully(whole, *slow)
    (early,) = whole.query(EARLY)
    assert whole.query(f"SELECT count(*) FROM readings WHERE layout = '{early}'")[0] > 10
    assert whole.query(NOT_READ_BY_IT) == [0]
    cut = Crawler(replica, f"sqlite:///{tmp_path}/cut.db")
    cut.crawl(OFFICE, "-a", "depth=full", "-s", "CLOSESPIDER_ITEMCOUNT=50", *slow)
    assert (cut.query(EARLY), cut.query(LAYOUTS)) == ([early], [])
    crawl_fully(cut, *slow)
    assert cut.query(LAYOUTS) == whole.query(LAYOUTS)
    assert cut.query(NOT_READ_BY_IT) == [0]
    assert cut.query(ARTICLES) == whole.query(ARTICLES)


def test_a_redesign_overnight_edits_nothing(replica: Replica, crawler: Crawler) -> None:
    """A new template and three edits make three revisions, once two nights have shown it: it is
    learnt then, beside the one before, and all is read by what fits it."""
    crawl_fully(crawler)
    current = [
        key for key, one in replica.truth(HOST).articles.items() if key.isdigit() and one.body
    ]
    edited = sorted(current)[:3]
    before = replica.office(HOST).options.theme
    replica.set_options(HOST, theme="tables" if before != "tables" else "sections")
    for key in edited:
        replica.change(HOST, "edit", key=key)
    crawl_fully(crawler)
    assert len(crawler.query(LAYOUTS)) == 1
    crawl_fully(crawler)
    assert len(crawler.query(LAYOUTS)) == 2
    revised = crawler.query("SELECT page FROM articles WHERE revisions > 1 ORDER BY 1")
    assert revised == sorted(edited)
    crawl_fully(crawler)
    assert len(crawler.query(LAYOUTS)) == 2


def test_stored_pages_are_read_again_without_the_network(
    replica: Replica, crawler: Crawler
) -> None:
    """What was read by another version is read again from the archive alone, and once; a report
    tells what would change and saves nothing."""
    crawl_fully(crawler)
    before = crawler.query(ARTICLES)
    change(crawler, "UPDATE readings SET reader_version = '0', place = NULL")
    requests = len(replica.requests())
    report = crawler.run_cold("kpu-archive", "reread", "--report", "--format", "json")
    assert report.returncode == 0, report.stderr
    told = {(row["field"], row["change"]): row["captures"] for row in json.loads(report.stdout)}
    assert told["place", "appeared"] >= 10
    assert crawler.query("SELECT DISTINCT place FROM articles") == [None]
    done = crawler.run_cold("kpu-archive", "reread")
    assert done.returncode == 0, done.stderr
    assert crawler.query(ARTICLES) == before
    again = crawler.run_cold("kpu-archive", "reread")
    assert again.stderr.splitlines()[-1] == "0 pages were read again"
    assert len(replica.requests()) == requests


def change(crawler: Crawler, sql: str) -> None:
    """Do to the archive what no command does."""
    from sqlalchemy import create_engine, text

    engine = create_engine(crawler.archive_url)
    with engine.begin() as connection:
        connection.execute(text(sql))
    engine.dispose()


def test_layouts_are_shown(replica: Replica, crawler: Crawler) -> None:
    """`layouts` has a line for each office with the share that fits, and for one office a line for
    each template and for what fits none, those of its first articles last."""
    crawl_fully(crawler)
    (office,) = json.loads(crawler.run("kpu-archive", "layouts", "--format", "json").stdout)
    assert office["site"] == OFFICE
    assert office["fit"] > 0.9
    assert office["waiting"] == 0
    rows = json.loads(crawler.run("kpu-archive", "layouts", OFFICE, "--format", "json").stdout)
    assert [row["template"] is None for row in rows] == [False, True] * 2
    last = [row for row in rows if row["layout"] == office["layout"]]
    assert rows[:2] == last
    assert sum(row["read"] for row in last) == office["read"]


def test_an_office_of_few_pages_borrows_a_template(replica: Replica, crawler: Crawler) -> None:
    """Of three articles no template can be told; where another office has their structure, its
    slots are taken over, and the row says from whom."""
    for host in (HOST, "kab-cilacap.kpu.go.id"):
        replica.set_options(host, theme="cards")
    crawl_fully(crawler)
    done = crawler.crawl("kab-cilacap", "-a", "limit=3")
    assert done.returncode == 0, done.stderr
    lent, borrowed = crawler.query(LAYOUTS.replace("digest", "digest, borrowed_from"))
    assert borrowed[1] == lent[0]
    read = crawler.query(
        "SELECT count(*) FROM documents JOIN readings ON readings.id = documents.reading_id"
        f" WHERE layout = '{borrowed[0]}' AND layout_group IS NOT NULL"
    )
    assert read[0] >= 2
