"""How a guest behaves: pauses, ceilings, and hosts that are left alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.test import get_crawler

from kpucrawl.crawl.pacing import Pacer, read_retry_after
from kpucrawl.middlewares import PoliteMiddleware
from tests.crawling import Crawler
from tests.replica import Replica, running_replica

OFFICE, HOST = "kota-surakarta", "kota-surakarta.kpu.go.id"


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def replica() -> Iterator[Replica]:
    with running_replica(seed=7, articles=12) as running:
        yield running


@pytest.fixture
def crawler(replica: Replica, tmp_path: Path) -> Crawler:
    return Crawler(replica, f"sqlite:///{tmp_path}/archive.db")


def test_turns_stand_apart() -> None:
    """Turns of one key follow each other at its interval, whoever asks at once; another key does
    not wait."""
    clock = Clock()
    pacer = Pacer(clock)
    assert [pacer.reserve("a", 2.0) for _ in range(3)] == [0.0, 2.0, 4.0]
    assert pacer.reserve("b", 2.0) == 0.0
    clock.now += 10
    assert pacer.reserve("a", 2.0) == 0.0


def test_pauses_grow_and_end() -> None:
    """A struggling key is held back twice as long each time, up to a limit, until it answers."""
    clock = Clock()
    pacer, waits = Pacer(clock), []
    for _ in range(5):
        pacer.note_trouble("a", 1.0, 6.0)
        waits.append(pacer.reserve("a", 0.0))
        clock.now += 100
    assert waits == [1.0, 2.0, 4.0, 6.0, 6.0]
    pacer.note_answer("a")
    pacer.note_trouble("a", 1.0, 6.0)
    assert pacer.reserve("a", 0.0) == 1.0


def test_no_pause_of_ours_without_a_delay() -> None:
    """With DOWNLOAD_DELAY=0 troubles add no wait."""
    pacer = Pacer(Clock())
    pacer.note_trouble("a", 0.0, 60.0)
    assert pacer.reserve("a", 0.0) == 0.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("Sun, 22 Nov 2026 12:01:00 GMT", 60.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
    ],
)
def test_retry_after_is_read(value: str, seconds: float | None) -> None:
    """Seconds and dates are understood, the past is no wait, anything else is nothing."""
    assert read_retry_after(value, datetime(2026, 11, 22, 12, tzinfo=UTC)) == seconds


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses of a polite middleware, which are noted instead of waited for."""
    noted: list[float] = []

    async def note(_: PoliteMiddleware, seconds: float) -> None:
        noted.append(round(seconds, 1))

    monkeypatch.setattr(PoliteMiddleware, "_wait", note)
    return noted


def make_polite(clock: Clock, **settings: float) -> PoliteMiddleware:
    """A middleware that goes by this clock."""
    known = {"ROBOTSTXT_USER_AGENT": "kpucrawl", "LONGEST_PAUSE": 120.0, **settings}
    middleware = PoliteMiddleware(get_crawler(settings_dict=known))
    middleware.pacer = Pacer(clock)
    return middleware


def ask(middleware: PoliteMiddleware, url: str, **meta: str) -> Request:
    """Let a request through."""
    request = Request(url, meta=meta)
    asyncio.run(middleware.process_request(request))
    return request


def test_crawl_delay_is_obeyed(waits: list[float]) -> None:
    """The pause that robots.txt asks for stands behind it and between all later requests, whatever
    our own settings are."""
    clock = Clock()
    middleware = make_polite(clock, DOWNLOAD_DELAY=0, ADDRESS_RATE=0)
    rules = ProtegoRobotParser(b"User-agent: *\nCrawl-delay: 7", None)
    middleware.note_robots(rules, Request(f"http://{HOST}/"))
    for number in range(3):
        ask(middleware, f"http://{HOST}/{number}")
    assert waits == [7, 14, 21]
    clock.now += 100
    ask(middleware, f"http://{HOST}/later")
    assert waits == [7, 14, 21]


def test_retry_after_is_obeyed(waits: list[float]) -> None:
    """The next request waits for as long as a busy host asks, whatever our own settings are."""
    middleware = make_polite(Clock(), DOWNLOAD_DELAY=0, ADDRESS_RATE=0)
    request = ask(middleware, f"http://{HOST}/")
    busy = Response(request.url, status=429, headers={"Retry-After": "2"})
    middleware.process_response(request, busy)
    ask(middleware, f"http://{HOST}/again")
    assert waits == [2]


def test_page_is_fetched_after_retry_after(crawler: Crawler, replica: Replica) -> None:
    """A page that was answered 429 with Retry-After is asked for again, and nothing is lost."""
    replica.set_fault(HOST, "status", status=429, retry_after="1", path="/blog/category/", times=1)
    done = crawler.crawl(OFFICE)
    assert done.returncode == 0, done.stderr
    (told,) = (entry.url for entry in replica.requests(HOST) if entry.status == 429)
    assert [entry.status for entry in replica.requests(HOST) if entry.url == told] == [429, 200]
    assert crawler.count("documents") >= 12


def test_long_retry_after_ends_the_visit(crawler: Crawler, replica: Replica) -> None:
    """A host that asks for an hour of peace is asked nothing more in this run."""
    replica.set_fault(HOST, "status", status=503, retry_after="3600", path="^/$")
    done = crawler.crawl(OFFICE)
    assert done.returncode == 4, done.stderr
    assert len([entry for entry in replica.requests(HOST) if entry.status == 503]) == 1


def test_offices_on_one_machine_share_a_ceiling(waits: list[float]) -> None:
    """Requests to hosts at one network address follow each other at ADDRESS_RATE; another address
    does not wait, and a proxy's requests are not slowed."""
    middleware = make_polite(Clock(), ADDRESS_RATE=2)
    middleware.addresses = {
        "a.kpu.go.id": "192.0.2.1",
        "b.kpu.go.id": "192.0.2.1",
        "c.kpu.go.id": "192.0.2.9",
    }
    for host in "abc":
        ask(middleware, f"https://{host}.kpu.go.id/")
    ask(middleware, "https://a.kpu.go.id/2")
    assert waits == [0.5, 1.0]
    ask(middleware, "https://a.kpu.go.id/3", proxy="http://192.0.2.7:3128")
    assert waits == [0.5, 1.0]


def test_dead_host_costs_three_tries(crawler: Crawler, replica: Replica) -> None:
    """A host that takes connections and never answers is asked three times, robots.txt included."""
    replica.set_fault(HOST, "slow", seconds=600)
    done = crawler.crawl(OFFICE, "-s", "FIRST_ANSWER_TIMEOUT=1")
    assert done.returncode == 4, done.stderr
    assert len(replica.requests(HOST)) == 3
    assert "Traceback" not in done.stderr
