"""Crawls of the replica, from the command line to the rows, on both databases."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable, Iterator

import pytest

from tests.crawling import Crawler
from tests.replica import Replica, running_replica
from tests.replica.records import ArticleTruth

OFFICE, HOST = "kota-surakarta", "kota-surakarta.kpu.go.id"


@pytest.fixture
def replica() -> Iterator[Replica]:
    with running_replica(seed=7, articles=60) as running:
        yield running


@pytest.fixture
def crawler(replica: Replica, empty_url: str) -> Crawler:
    """A crawler whose archive does not exist yet, on both engines."""
    return Crawler(replica, empty_url)


@pytest.fixture
def small(replica: Replica, tmp_path: object) -> Crawler:
    """A crawler on SQLite, where the database makes no difference."""
    return Crawler(replica, f"sqlite:///{tmp_path}/archive.db")


def collapse(text: str) -> str:
    return " ".join(text.split())


def count_articles(crawler: Crawler) -> int:
    """Articles held, the office's static pages aside: the replica does not count them as
    articles."""
    return int(crawler.query("SELECT count(*) FROM articles WHERE page NOT LIKE 'page:%'")[0])


def find_clusters(crawler: Crawler) -> set[frozenset[str]]:
    """Groups of pages that the archive holds for the same text."""
    groups: dict[int, set[str]] = {}
    for cluster, page in crawler.query(
        "SELECT cluster, page FROM articles WHERE cluster IS NOT NULL"
    ):
        groups.setdefault(cluster, set()).add(page)
    return {frozenset(pages) for pages in groups.values()}


def find_copies(articles: Iterable[ArticleTruth]) -> set[frozenset[str]]:
    """Groups of articles that the office posted twice, word for word apart from dateline and
    byline."""
    groups: dict[str, set[str]] = {}
    for article in articles:
        if len(article.body.split()) >= 30:
            groups.setdefault(article.copy, set()).add(article.key)
    return {frozenset(keys) for keys in groups.values() if len(keys) > 1}


def test_archive_equals_what_was_served(empty_url: str) -> None:
    """After one crawl of 300 articles the archive holds each article the office has, with title,
    body and counter as served, and the copies found are those the office posted."""
    with running_replica(seed=3, articles=300) as replica:
        crawler = Crawler(replica, empty_url)
        done = crawler.crawl(OFFICE)
        truth = replica.truth(HOST)
    assert done.returncode == 0, done.stderr
    rows = crawler.query(
        "SELECT a.page, a.title, a.body, v.count, a.category FROM articles a"
        " JOIN sites s ON s.label = a.site"
        " JOIN pages p ON p.site_id = s.id AND a.page IN (p.key, p.route || ':' || p.key)"
        " JOIN view_counts v ON v.page_id = p.id AND v.source = 'article'"
        " WHERE p.route = CASE WHEN a.page LIKE 'berita:%' THEN 'berita' ELSE 'blog' END"
    )
    held = {
        page: (title, collapse(body), views, category)
        for page, title, body, views, category in rows
    }
    live = {key: article for key, article in truth.articles.items() if article.state == "live"}
    assert held.keys() == live.keys()
    served = {
        key: (one.title, collapse(one.body), one.views, one.category) for key, one in live.items()
    }
    assert [(held[key], served[key]) for key in live if held[key] != served[key]] == []
    assert find_clusters(crawler) == find_copies(live.values())


def test_second_crawl_adds_visits_and_no_text(crawler: Crawler) -> None:
    """Crawling an unchanged office again adds captures, counters and small blobs; no text, no
    revision, no page."""
    assert crawler.crawl(OFFICE).returncode == 0
    before = {
        table: crawler.count(table)
        for table in ("pages", "texts", "documents", "captures", "view_counts", "blobs")
    }
    assert crawler.crawl(OFFICE, "-a", "depth=full").returncode == 0
    after = {table: crawler.count(table) for table in before}
    for table in ("pages", "texts", "documents"):
        assert after[table] == before[table], table
    assert after["captures"] >= before["captures"] + 60
    assert after["view_counts"] >= before["view_counts"] + 60
    assert crawler.query("SELECT max(revisions) FROM documents") == [1]
    sizes = crawler.query(
        "SELECT b.stored_size FROM captures c JOIN blobs b ON b.id = c.blob_id "
        "WHERE c.page_id IS NOT NULL AND c.run_id = 2"
    )
    assert len(sizes) >= 60 and max(sizes) < 200


def test_edit_is_a_revision_and_the_old_text_stays(small: Crawler, replica: Replica) -> None:
    """An article rewritten between two crawls has two revisions, and both texts are kept."""
    small.crawl(OFFICE)
    key = next(
        key
        for key, one in replica.truth(HOST).articles.items()
        if one.kind == "text" and one.route == "blog"
    )
    old = replica.truth(HOST).articles[key].body
    replica.change(HOST, "edit", key=key)
    small.crawl(OFFICE, "-a", "depth=full")
    assert small.query("SELECT revisions, body FROM articles WHERE page = :page", page=key) == [
        (2, replica.truth(HOST).articles[key].body)
    ]
    assert small.query("SELECT count(*) FROM texts WHERE body = :body", body=old) == [1]


def test_interrupted_crawl_goes_on(small: Crawler, replica: Replica) -> None:
    """Ctrl-C ends a crawl early, with code 130; the next crawl fetches what was missed."""
    replica.set_fault(HOST, "slow", seconds=0.1, path="/read/|/baca/")
    running = small.start_crawl(OFFICE)
    while len(replica.requests(HOST)) < 30:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130, said
    assert "Traceback" not in said
    replica.clear_faults()
    assert 0 < count_articles(small) < 60
    assert small.query("SELECT exit_code FROM runs") == [130]
    assert small.crawl(OFFICE).returncode == 0
    assert count_articles(small) == 60


def test_killed_crawl_loses_only_the_batch_in_flight(small: Crawler, replica: Replica) -> None:
    """`kill -9` leaves a sound archive, and the next crawl completes it."""
    running = small.start_crawl(OFFICE, "-s", "ARCHIVE_BATCH_CAPTURES=5")
    while len(replica.requests(HOST)) < 40:
        time.sleep(0.02)
    running.kill()
    running.communicate(timeout=30)
    assert small.query("PRAGMA integrity_check") == ["ok"]
    assert small.crawl(OFFICE).returncode == 0
    assert count_articles(small) == 60


def test_guessed_host_says_so(small: Crawler, replica: Replica) -> None:
    """A guessed host that does not answer is reported as a guess, with what to do."""
    replica.set_fault("kab-karo.kpu.go.id", "dns")
    done = small.crawl("kab-karo", "-s", "RETRY_TIMES=0")
    assert done.returncode == 4
    assert "the host is a guess: correct it with KPU_SITES" in done.stderr.splitlines()[-1]


def test_many_offices_in_one_run(small: Crawler, replica: Replica) -> None:
    """`semua` crawls the chosen offices in one engine, and a repost between them is one cluster."""
    done = small.crawl("semua", "-a", "sites=kota-surakarta,kab-cilacap", "-a", "limit=30")
    assert done.returncode == 0, done.stderr
    per_site = dict(small.query("SELECT site, count(*) FROM articles GROUP BY site"))
    assert per_site == {"kota-surakarta": 30, "kab-cilacap": 30}
    assert "2 offices: 2 done" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("crawl", "kota-surakrta"), "did you mean kota-surakarta"),
        (("crawl", "kota-surakarta", "-a", "depht=full"), "unknown argument 'depht'"),
        (("crawl", "kota-surakarta", "-a", "limit=0"), "limit must be a whole number"),
        (("crawl", "semua", "-a", "sites=kota-solo"), "no office is called 'kota-solo'"),
        (("crawl", "semua", "-a", "province=77"), "no province has the code '77'"),
        (("crawl",), "name one office"),
        (
            ("crawl", "kota-surakarta", "-s", "ARCHIVE_URL=sqlite:////nowhere/at/all.db"),
            "no folder /nowhere/at",
        ),
        (("check", "kota-surakrta"), "did you mean kota-surakarta"),
    ],
)
def test_misuse_is_one_line(small: Crawler, command: tuple[str, ...], said: str) -> None:
    """A mistake on the command line is code 2 and says what to do; nothing is asked for."""
    done = small.run("scrapy", *command)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr and "Traceback" not in done.stderr
    assert not small.replica.requests()


def test_bad_corrections_are_one_line(small: Crawler, tmp_path: object) -> None:
    """A KPU_SITES file that breaks a rule stops every command with one line."""
    done = small.run("scrapy", "list", KPU_SITES=f"{tmp_path}/none.csv")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


def test_list_names_every_office(small: Crawler) -> None:
    """`scrapy list` prints the 552 offices and semua."""
    names = small.run_cold("scrapy", "list").stdout.split()
    assert len(names) == 553 and {"semua", "kota-surakarta", "kip-pidie"} <= set(names)


def test_list_loads_neither_archive_nor_reader(small: Crawler) -> None:
    """What only a crawl needs is not imported by commands that crawl nothing."""
    program = """
import atexit, sys
heavy = {"sqlalchemy", "bs4", "dateutil", "kpucrawl.extract.page", "rich"}
atexit.register(lambda: print(sorted(heavy & set(sys.modules)), file=sys.stderr))
from scrapy.cmdline import execute
execute(["scrapy", "list"])
"""
    assert small.run("python", "-c", program).stderr.strip() == "[]"


def test_scrapys_own_commands_work(small: Crawler) -> None:
    """`scrapy parse`, `shell` and `check` work on offices, found by exact host."""
    url = f"http://{HOST}/"
    parsed = small.run("scrapy", "parse", *("-s", "SITE_SCHEME=http"), "--nocolour", url)
    assert "Capture(" in parsed.stdout or "'site': '33.72'" in parsed.stdout, (
        parsed.stdout + parsed.stderr
    )
    shell = small.run("scrapy", "shell", "--nolog", "-c", "(spider.name, response.status)", url)
    assert "('kota-surakarta', 200)" in shell.stdout
    assert small.run("scrapy", "check", OFFICE).returncode == 0


def test_one_request_a_second_by_default(small: Crawler) -> None:
    """Unless told otherwise a host has one request at a time, a second after the one before."""
    look = "[(slot.concurrency, slot.delay) for slot in crawler.engine.downloader.slots.values()]"
    plainly = ("-s", "SITE_SCHEME=http")
    shell = small.run("scrapy", "shell", "--nolog", *plainly, "-c", look, f"http://{HOST}/")
    assert shell.stdout == "[(1, 1.0)]\n", shell.stderr


def test_crawler_says_who_it_is(small: Crawler, replica: Replica) -> None:
    """Every request has a name with a contact in it, and robots.txt is the first."""
    assert small.crawl(OFFICE, "-a", "limit=2", "-a", "pages=1").returncode == 0
    log = replica.requests(HOST)
    assert log[0].url.endswith("/robots.txt")
    assert all(
        "kpucrawl/" in entry.user_agent and "tests@example.org" in entry.user_agent for entry in log
    )


def test_json_of_the_office_dates_its_articles(replica: Replica, crawler: Crawler) -> None:
    """An office that has the national site's JSON dates every article of its listings by it."""
    replica.set_options(HOST, api=True, old_engine=False)
    assert crawler.crawl(OFFICE).returncode == 0
    days = dict(
        crawler.query(
            "SELECT page, published_earliest FROM articles WHERE published_source = 'api'"
        )
    )
    office = replica.office(HOST)
    truth = {entry.key: str(office.local_day(entry)) for entry in office.entries}
    assert len(days) > 30
    assert {page: truth[page] for page in days} == {page: str(day) for page, day in days.items()}
