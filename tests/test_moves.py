"""An office moves to another host: nothing is lost, doubled or false."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpucrawl.sites import load_sites
from tests.crawling import Crawler
from tests.replica import Replica, running_replica

CODE, OFFICE, HOST = "33.74", "kota-semarang", "kota-semarang.kpu.go.id"
NEW_OFFICE, NEW_HOST = "semarangkota", "semarangkota.kpu.go.id"


@pytest.fixture
def replica() -> Iterator[Replica]:
    with running_replica(seed=7, articles=40, validators=True) as running:
        yield running


@pytest.fixture
def crawler(replica: Replica, empty_url: str) -> Crawler:
    return Crawler(replica, empty_url)


def write_sites(folder: Path, host: str = NEW_HOST) -> str:
    path = folder / "sites.csv"
    path.write_text(f"code,host\n{CODE},{host}\n", encoding="utf-8")
    return str(path)


def test_office_moves_and_nothing_is_lost_doubled_or_false(
    crawler: Crawler, replica: Replica, tmp_path: Path
) -> None:
    """Crawled in part under a guessed host, then wholly under the right one: every article is held
    once with one revision, pictures once, addresses are on the new host, and all names find it."""
    crawler.crawl(OFFICE, "-a", "limit=15")
    replica.move(HOST, NEW_HOST)
    sites = write_sites(tmp_path)
    done = crawler.crawl(OFFICE, "-a", "depth=full", KPU_SITES=sites)
    assert done.returncode == 0, done.stderr
    truth = replica.truth(NEW_HOST).articles
    live = {key for key, one in truth.items() if one.state == "live"}
    held = crawler.query("SELECT page, revisions, url FROM articles WHERE page NOT LIKE 'page:%'")
    assert sorted(page for page, _, _ in held) == sorted(live)
    assert {revisions for _, revisions, _ in held} == {1}
    assert {url.split("/")[2] for _, _, url in held} == {NEW_HOST}
    doubled = crawler.query(
        "SELECT page_id, kind, substr(url, length(url) - 30), count(*) FROM links"
        " GROUP BY page_id, kind, substr(url, length(url) - 30) HAVING count(*) > 1"
    )
    assert doubled == []
    asked = [one.host for one in replica.requests(NEW_HOST) if "/read/" in one.url]
    assert len(asked) >= len([key for key in live if ":" not in key])
    key = next(key for key in live if ":" not in key)
    told = [
        crawler.run("kpu-archive", "show", f"{name}/{key}").stdout
        for name in (OFFICE, HOST, NEW_OFFICE, NEW_HOST, CODE)
    ]
    assert len(set(told)) == 1 and f"{CODE}/{key}" in told[0]
    assert f"https://{NEW_HOST}/" in told[0] and f"/{HOST}/" not in told[0]


def test_guess_that_does_not_resolve_is_looked_for_once_a_month(
    replica: Replica, tmp_path: Path
) -> None:
    """A guess nobody knows tries the variants of its name, each a row and none in a second run;
    the one that answers as the office becomes a row for `KPU_SITES`, with which it is crawled."""
    crawler = Crawler(replica, f"sqlite:///{tmp_path}/archive.db")
    replica.move(HOST, "kotasemarang.kpu.go.id")
    assert crawler.crawl(OFFICE).returncode == 4
    tried = crawler.query("SELECT host, outcome FROM host_tries ORDER BY host")
    assert ("kotasemarang.kpu.go.id", "answered") in tried and len(tried) > 5
    asked = {one.host for one in replica.requests()}
    crawler.crawl(OFFICE)
    assert crawler.query("SELECT host, outcome FROM host_tries ORDER BY host") == tried
    assert "kab-semarang.kpu.go.id" not in asked
    told = crawler.run("kpu-archive", "hosts", CODE, "--format", "csv").stdout
    of_host = {row["host"]: row for row in csv.DictReader(io.StringIO(told))}
    assert of_host[HOST]["configured"] == "guess" and not of_host[HOST]["answered_since"]
    found = of_host["kotasemarang.kpu.go.id"]
    assert found["answered_since"] and found["said"].startswith("200: ")
    done = crawler.run("kpu-archive", "hosts", "--corrections")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["code"], row["host"]) for row in rows] == [(CODE, "kotasemarang.kpu.go.id")]
    path = tmp_path / "sites.csv"
    path.write_text(done.stdout, encoding="utf-8")
    assert load_sites(path).by_code[CODE].host_status == "seen"
    assert crawler.crawl("kotasemarang", "-a", "pages=1", KPU_SITES=str(path)).returncode == 0
