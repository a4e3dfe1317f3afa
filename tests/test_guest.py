"""What a guest follows, obeys and leaves alone: redirects of every kind, robots.txt, bounds."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.canned import Canned, CannedHosts, running_canned
from tests.crawling import Crawler

LABEL = "kota-surakarta"
HOST = f"{LABEL}.kpu.go.id"
TEXT = "KPU Kota Surakarta menggelar rapat pleno terbuka di aula kantor bersama para peserta. " * 4


@pytest.fixture
def hosts() -> Iterator[CannedHosts]:
    with running_canned() as running:
        yield running


@pytest.fixture
def crawler(hosts: CannedHosts, tmp_path: Path) -> Crawler:
    return Crawler(hosts, f"sqlite:///{tmp_path}/archive.db")  # type: ignore[arg-type]


def write_article(number: int) -> bytes:
    """A plain article page."""
    title = f"Rapat Pleno Nomor {number} di Aula"
    return (
        f"<html><head><title>KPU KOTA SURAKARTA - {title}</title></head><body>"
        f"<a href='/'>Beranda</a><h1>{title}</h1><p>{TEXT}</p></body></html>"
    ).encode()


def open_office(hosts: CannedHosts, host: str, *numbers: int) -> None:
    """A home page that names some articles."""
    links = "".join(
        f"<h3><a href='/blog/read/{number}_x'>Rapat Pleno Nomor {number} di Aula</a></h3>"
        f"<p>{TEXT[:120]}</p>"
        for number in numbers
    )
    hosts.say(
        host, "/", f"<html><head><title>KPU</title></head><body>{links}</body></html>".encode()
    )
    for number in numbers:
        hosts.say(host, f"/blog/read/{number}_x", write_article(number))


def crawl(crawler: Crawler, name: str, *arguments: str) -> tuple[int, str]:
    done = crawler.crawl(name, "-s", "ADDRESS_RATE=0", "-s", "RETRY_TIMES=0", *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def test_pages_that_are_redirects_lead_on(crawler: Crawler, hosts: CannedHosts) -> None:
    """A refresh, a script and a Location in raw UTF-8 are followed on the host, the captures say
    where they lead; one to another host is away, one to nowhere and one to itself are rows that say
    so, and cost one request each."""
    open_office(hosts, HOST, 1, 2, 3, 4, 5, 6, 7)
    refresh = b"<meta http-equiv=refresh content=\"0;url='/blog/read/101_baru'\">"
    hosts.say(HOST, "/blog/read/1_x", refresh)
    hosts.say(HOST, "/blog/read/2_x", b"<script>location.href = '/blog/read/102_baru';</script>")
    location = "  /blog/read/103_caf\u00e9 baru ".encode()
    hosts.say(HOST, "/blog/read/3_x", Canned(302, {"Location": location}))
    hosts.say(HOST, "/blog/read/4_x", b"<script>top.location='//internetpositif.id/'</script>")
    hosts.say(HOST, "/blog/read/5_x", Canned(302, {"Location": b"http://["}))
    hosts.say(HOST, "/blog/read/6_x", Canned(302, {"Location": "/blog/read/6_x"}))
    hosts.say(HOST, "/blog/read/7_x", b"<script>document.cookie='a=1';location.reload()</script>")
    for path in ("101_baru", "102_baru", "103_caf%C3%A9%20baru"):
        hosts.say(HOST, f"/blog/read/{path}", write_article(int(path[:3])))
    code, said = crawl(crawler, LABEL)
    assert code == 3, said
    rows = crawler.query("SELECT url, answer, answered_url FROM captures WHERE page_id IS NOT NULL")
    seen = {url.rpartition("/")[2]: (answer, to) for url, answer, to in rows}
    base = f"http://{HOST}/blog/read/"
    assert seen["1_x"] == ("redirect", f"{base}101_baru")
    assert seen["2_x"] == ("redirect", f"{base}102_baru")
    assert seen["3_x"] == ("redirect", f"{base}103_caf%C3%A9%20baru")
    assert seen["4_x"] == ("away", "http://internetpositif.id/")
    assert seen["5_x"] == ("failed", None)
    assert seen["6_x"][0] == seen["7_x"][0] == "blocked"
    assert {seen[name][0] for name in seen if name[:2] == "10"} == {"article"}
    paths = hosts.list_paths(HOST)
    assert [paths.count(f"/blog/read/{number}_x") for number in range(1, 8)] == [1] * 7
    assert "internetpositif.id" not in {host for host, _, _ in hosts.asked}


def test_circle_of_redirects_costs_few_tries(crawler: Crawler, hosts: CannedHosts) -> None:
    """Two spellings of an address that redirect to each other are asked once each, and named."""
    open_office(hosts, HOST, 1, 2)
    hosts.say(HOST, "/blog/read/2_x", Canned(302, {"Location": "/blog/read/2_x/"}))
    hosts.say(HOST, "/blog/read/2_x/", Canned(302, {"Location": "/blog/read/2_x"}))
    _, said = crawl(crawler, LABEL)
    assert "/blog/read/2_x redirects without end" in said
    assert len([path for path in hosts.list_paths(HOST) if "/2_x" in path]) == 2


RULES = b"User-agent: KPUcrawl\nDisallow: /\n"
BOMB = gzip.compress(b" " * 30_000_000)
ANSWERS = {
    "other-host": Canned(301, {"Location": "https://www.kpu.go.id/rules.txt"}),
    "other-page": Canned(302, {"Location": "http://internetpositif.id/"}),
    "bomb": Canned(200, {"Content-Encoding": "gzip"}, BOMB),
    "packed": Canned(200, {}, gzip.compress(RULES)),
    "utf16": Canned(200, {}, b"\xff\xfe" + RULES.decode().encode("utf-16-le")),
    "long": Canned(200, {}, RULES + b"# isi\n" * 200_000),
    "beyond": Canned(200, {}, b"# isi\n" * 200_000 + RULES),
    "loop": Canned(302, {"Location": "/robots.txt"}),
    "nowhere": Canned(301, {"Location": ""}),
}
OPEN = {"beyond", "loop", "nowhere"}
"""Where there are no rules by RFC 9309."""


def test_rules_are_found_and_obeyed(crawler: Crawler, hosts: CannedHosts) -> None:
    """Rules behind a redirect to another host, in UTF-16, in another case, at the head of a long
    file hold; what cannot be read forbids everything, what is not there nothing; all are
    captures."""
    labels = [
        "kota-surakarta",
        "kota-magelang",
        "kota-salatiga",
        "kota-semarang",
        "kota-tegal",
        "kota-pekalongan",
        "kab-boyolali",
        "kab-klaten",
        "kab-sragen",
    ]
    hosts.say("www.kpu.go.id", "/rules.txt", RULES)
    hosts.say("internetpositif.id", "/", b"<!DOCTYPE html><html><h1>Internet Positif</h1></html>")
    for label, answer in zip(labels, ANSWERS.values(), strict=True):
        open_office(hosts, f"{label}.kpu.go.id", 1)
        hosts.say(f"{label}.kpu.go.id", "/robots.txt", answer)
    crawl(crawler, "semua", "-a", f"sites={','.join(labels)}")
    for label, name in zip(labels, ANSWERS, strict=True):
        asked = [path for path in hosts.list_paths(f"{label}.kpu.go.id") if path != "/robots.txt"]
        assert bool(asked) == (name in OPEN), (name, asked)
        sql = (
            "SELECT count(*) FROM captures JOIN sites ON sites.id = site_id"
            f" WHERE label = '{label}' AND canonical = '/robots.txt'"
        )
        assert crawler.query(sql)[0] >= (2 if name.startswith("other") else 1), name


def test_what_does_not_fit_stays_pending(crawler: Crawler, hosts: CannedHosts) -> None:
    """A Crawl-delay is obeyed as long as the run goes on; what comes after its end is not asked
    for, is no failure, and log and outcome tell."""
    open_office(hosts, HOST, 1, 2, 3)
    hosts.say(HOST, "/robots.txt", b"User-agent: *\nCrawl-delay: 4\n")
    code, said = crawl(crawler, LABEL, "-s", "CLOSESPIDER_TIMEOUT=11")
    assert code == 0, said
    assert "not asked for and pending: robots.txt asks for 4 seconds between requests" in said
    assert crawler.query("SELECT count(*) FROM captures WHERE error IS NOT NULL") == [0]
    outcome = crawler.query("SELECT outcome FROM visits")[0]
    assert "; bounded: " in outcome


def test_delay_that_never_fits_is_a_refusal(crawler: Crawler, hosts: CannedHosts) -> None:
    """A Crawl-delay of years leaves nothing to ask: the visit was refused by robots.txt, and says
    by what."""
    open_office(hosts, HOST, 1)
    hosts.say(HOST, "/robots.txt", b"User-agent: *\nCrawl-delay: 999999999\n")
    code, said = crawl(crawler, LABEL)
    assert code == 5, said
    assert hosts.list_paths(HOST) == ["/robots.txt"]
