"""The first look at an office: from the command line against the replica, and step by step."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.records import Capture
from kpucrawl.evaluate.__main__ import main as evaluate
from kpucrawl.evaluate.rows import describe_page
from kpucrawl.extract import read_page
from kpucrawl.probing.plan import MOST_REQUESTS, Answer, Probe, Step
from kpucrawl.probing.report import write_report
from kpucrawl.probing.suspects import list_suspects
from kpucrawl.probing.verdict import find_out
from kpucrawl.sites import load_sites
from tests.crawling import UNHURRIED, Crawler
from tests.forking import Forked
from tests.replica import Replica, running_replica
from tests.tls import running_tls_site

OFFICE, HOST = "kota-surakarta", "kota-surakarta.kpu.go.id"
EAST, EAST_HOST = "kota-jayapura", "kota-jayapura.kpu.go.id"


@pytest.fixture(scope="module")
def serving() -> Iterator[Replica]:
    with running_replica(seed=7, articles=40, old_engine=True, validators=True) as running:
        yield running


@pytest.fixture
def replica(serving: Replica) -> Iterator[Replica]:
    yield serving
    serving.clear_faults()


@pytest.fixture
def crawler(replica: Replica, tmp_path: Path) -> Crawler:
    return Crawler(replica, f"sqlite:///{tmp_path}/archive.db")


def probe(
    crawler: Crawler, folder: Path, *arguments: str, office: str = OFFICE
) -> subprocess.CompletedProcess[str]:
    return crawler.run("scrapy", "probe", office, *UNHURRIED, "--bundle", str(folder), *arguments)


def load(file: Path) -> dict[str, Any]:
    loaded = json.loads(file.read_text())
    assert isinstance(loaded, dict)
    return loaded


def count_requests(replica: Replica) -> int:
    return len(replica.requests())


def test_probe_reads_a_few_answers_and_tells(
    crawler: Crawler, replica: Replica, tmp_path: Path
) -> None:
    """A probe asks eighteen times at most, robots.txt first and once; it tells of every kind of
    page what was read, and in the end what the site offers; no archive is made."""
    before = count_requests(replica)
    done = probe(crawler, tmp_path / "bundle")
    assert done.returncode == 0, done.stderr
    asked = [entry.url for entry in replica.requests()[before:]]
    assert (
        len(asked) <= MOST_REQUESTS
        and asked[0].endswith("/robots.txt")
        and asked.count(asked[0]) == 1
    )
    assert any("/berita/baca/" in url for url in asked)
    for words in (
        "highest number seen",
        "lowest number seen",
        "previous system",
        "page 2, by the listing's own pager",
    ):
        assert words in done.stdout
    verdict = done.stdout.partition("VERDICT")[2]
    assert "evidence      image: 20" in done.stdout and "unknown       " in done.stdout
    assert "exists: User-agent: *" in verdict
    assert "asked with If-None-Match and If-Modified-Since; honoured: 304" in verdict
    assert "same title and text; counter" in verdict and "Telah dilihat" in verdict
    template = verdict.partition("template      ")[2].partition("\n")[0]
    assert "articles: title at " in template and "text at " in template and "views at " in template
    assert "pages of kind listing: items at " in template
    assert not (tmp_path / "archive.db").exists()


def test_bundle_holds_what_was_served_and_read(
    crawler: Crawler, replica: Replica, tmp_path: Path
) -> None:
    """Beside the very bytes of each answer stand its address, status, headers, time and reading,
    which is the truth; the index names all of them."""
    folder = tmp_path / "bundle"
    assert probe(crawler, folder).returncode == 0
    index, truth = load(folder / "index.json"), replica.truth(HOST).articles
    names = [told["name"] for told in index["answers"]]
    assert {file.stem for file in folder.iterdir()} == {*names, "index", "report"}
    articles = [
        told for name in names if (told := load(folder / f"{name}.json"))["role"] == "article"
    ]
    assert len(articles) >= 3
    for told in articles:
        route, key = told["reading"]["article"] and read_key(told["url"])
        article = truth[key if route == "blog" else f"{route}:{key}"]
        assert told["reading"]["article"]["title"] == article.title
        assert told["status"] == 200 and told["headers"]["Etag"] and told["tls"] == "none"
        page = (folder / told["body"]).read_bytes()
        headers, at = told["headers"], datetime.fromisoformat(told["fetched_at"])
        again = read_page(page, told["url"], headers=headers, fetched_at=at, zone=told["zone"])
        assert (
            again.article is not None and again.article.body == told["reading"]["article"]["body"]
        )
        assert [mark["name"] for mark in told["survey"]["landmarks"]][:2] == [
            "category",
            "headline",
        ]


def read_key(url: str) -> tuple[str, str]:
    from kpucrawl.extract.urls import parse_url

    key = parse_url(url).key
    assert key is not None
    return key.pair


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        ({"kind": "dns"}, 4, "down: connection failed"),
        ({"kind": "status", "status": 503}, 4, "down: 503"),
        ({"kind": "maintenance"}, 6, "in maintenance"),
        ({"kind": "status", "status": 403}, 5, "blocked: 403"),
        ({"kind": "disallow"}, 5, "refused by robots.txt"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_office_that_shows_nothing_is_left_alone(
    crawler: Crawler, replica: Replica, tmp_path: Path, fault: dict[str, Any], code: int, said: str
) -> None:
    """An office that is away, or does not want us, is asked for robots.txt and its home page and no
    more; the code is a crawl's, the report names what to look at, the bundle keeps what came."""
    before, fault = count_requests(replica), dict(fault)
    replica.set_fault(HOST, fault.pop("kind"), **fault)
    done = probe(crawler, tmp_path / "bundle")
    assert done.returncode == code, done.stderr
    assert said in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr
    assert count_requests(replica) - before <= 2
    assert "1. 0" in done.stdout.partition("LOOK FIRST AT")[2]
    assert load(tmp_path / "bundle" / "index.json")["exit_code"] == code


def test_too_many_requests_ends_the_probe(
    crawler: Crawler, replica: Replica, tmp_path: Path
) -> None:
    """After a 429 nothing more is asked for."""
    replica.set_fault(HOST, "status", status=429, path="/(read|baca)/")
    done = probe(crawler, tmp_path / "bundle")
    assert done.returncode == 3
    assert replica.requests()[-1].status == 429


def test_probe_waits_as_a_crawl_does(crawler: Crawler, replica: Replica, tmp_path: Path) -> None:
    """Unless told otherwise a probe waits between its requests and says who asks."""
    replica.set_fault(HOST, "maintenance")
    crawler.run(
        "scrapy", "probe", OFFICE, "-s", "SITE_SCHEME=http", "--bundle", str(tmp_path / "bundle")
    )
    robots, home = replica.requests()[-2:]
    assert home.time - robots.time > 0.4
    assert "kpucrawl/" in home.user_agent and "tests@example.org" in home.user_agent


def test_broken_certificate_is_named(crawler: Crawler, tmp_path: Path) -> None:
    """A certificate that nobody vouches for ends the probe and is what to look at; an exempted
    office is probed, and its bundle says how."""
    command = ("scrapy", "probe", OFFICE, "-s", "DOWNLOAD_DELAY=0", "--bundle")
    with running_tls_site(HOST, tmp_path) as proxy:
        refused = crawler.run(*command, str(tmp_path / "one"), https_proxy=proxy)
        exempt = ("-s", f"UNVERIFIED_SITES={OFFICE}")
        crawler.run(*command, str(tmp_path / "two"), *exempt, https_proxy=proxy)
    assert refused.returncode == 4
    assert (
        "the certificate is broken: UNVERIFIED_SITES"
        in refused.stdout.partition("LOOK FIRST AT")[2]
    )
    assert load(tmp_path / "two" / "02-home.json")["tls"] == "unverified"


def test_json_is_for_programs(crawler: Crawler, tmp_path: Path) -> None:
    """`--json` prints one object with the answers and the verdict, and nothing else."""
    told = json.loads(probe(crawler, tmp_path / "bundle", "--json").stdout)
    assert told["office"] == OFFICE and told["exit_code"] == 0
    assert told["verdict"]["sitemap"].endswith("no sitemap found")
    assert {"02-home", "05-listing"} <= {answer["name"] for answer in told["answers"]}


def test_interrupted_probe_keeps_what_came(
    crawler: Crawler, replica: Replica, tmp_path: Path
) -> None:
    """Ctrl-C ends a probe with code 130; what was answered until then is in the bundle."""
    running = start_slowly(crawler, replica, tmp_path / "bundle")
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130, said
    assert "interrupted; 0 articles" in said
    assert 2 <= len(load(tmp_path / "bundle" / "index.json")["answers"]) < MOST_REQUESTS


def test_bundle_that_cannot_be_written_is_code_9(
    crawler: Crawler, replica: Replica, tmp_path: Path
) -> None:
    """A folder that goes away under a probe is told in one line."""
    running = start_slowly(crawler, replica, tmp_path / "bundle")
    shutil.rmtree(tmp_path / "bundle")
    _, said = running.communicate(timeout=30)
    assert running.returncode == 9
    assert "the bundle cannot be written" in said.splitlines()[-1] and "Traceback" not in said


def start_slowly(crawler: Crawler, replica: Replica, folder: Path) -> Forked:
    """Start a probe and return when it has asked for a few pages."""
    before = count_requests(replica)
    replica.set_fault(HOST, "slow", seconds=0.3)
    running = crawler.start("scrapy", "probe", OFFICE, *UNHURRIED, "--bundle", str(folder))
    while count_requests(replica) < before + 4 and running.poll() is None:
        time.sleep(0.02)
    return running


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("kota-surakrta",), "did you mean kota-surakarta"),
        (("semua",), "name one office"),
        ((), "name one office"),
        ((OFFICE, "--bundle", "."), "is there already"),
        ((OFFICE, "--bundle", "/proc/none/at/all"), "No such file"),
    ],
)
def test_misuse_asks_for_nothing(
    crawler: Crawler, replica: Replica, arguments: tuple[str, ...], said: str
) -> None:
    """A wrong name, or a bundle that would overwrite or cannot be made, is code 2 before any
    request."""
    before = count_requests(replica)
    done = crawler.run("scrapy", "probe", *arguments)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr
    assert count_requests(replica) == before


def test_bundle_becomes_test_pages(
    crawler: Crawler, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`evaluate adopt` makes test pages with unchanged bytes, expecting what `evaluate pages`
    scores and no other key; uncorrected they score 100 %, also in another time zone."""
    folder, pages = tmp_path / "bundle", tmp_path / "pages" / "blog"
    assert probe(crawler, folder, office=EAST).returncode == 0
    assert evaluate(["adopt", str(folder), str(pages)]) == 0
    made = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert len(made) >= 6 and sorted(made) == sorted(pages.glob("*.json"))
    for file in made:
        label = load(file)
        assert label["zone"] == "Asia/Jayapura" and label["headers"]
        page = file.with_suffix(".html")
        assert page.read_bytes() == (folder / page.name.removeprefix(f"{EAST}-")).read_bytes()
        assert (
            label["expected"].keys()
            == describe_page(read_page(page.read_bytes(), label["url"])).keys()
        )
    assert evaluate(["pages", str(pages), "--json"]) == 0
    fields = json.loads(capsys.readouterr().out)["fields"]
    assert (
        fields["title"]["labelled"] == len(made) and fields["published_earliest"]["labelled"] >= 2
    )
    assert [
        name for name, one in fields.items() if one["right"] != one["labelled"] or one["wrong"]
    ] == []


def test_adopt_takes_one_page_and_overwrites_nothing(
    crawler: Crawler, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One page of a bundle can be adopted; a second time, a page that was not read, or a path that
    is no bundle, is one line and code 2."""
    folder, pages = tmp_path / "bundle", tmp_path / "pages"
    assert probe(crawler, folder).returncode == 0
    assert evaluate(["adopt", str(folder / "08-article.html"), str(pages)]) == 0
    capsys.readouterr()
    (pages / f"{OFFICE}-08-article.json").write_text("corrected by hand")
    for source in (
        folder / "08-article",
        folder,
        folder / "01-robots",
        folder / "99-none",
        tmp_path / "none",
    ):
        assert evaluate(["adopt", str(source), str(pages)]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert (pages / f"{OFFICE}-08-article.json").read_text() == "corrected by hand"
    (folder / "index.json").write_text("[]")
    assert evaluate(["adopt", str(folder), str(tmp_path / "more")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


ROBOTS = b"User-agent: *\nDisallow: /admin\nSitemap: https://kota-surakarta.kpu.go.id/peta.xml\n"
SITEMAP = (
    b"<urlset><url><loc>https://kota-surakarta.kpu.go.id/blog/read/12_pleno</loc><lastmod>2024-05-01</lastmod></url>"
    b"<url><loc>https://kota-surakarta.kpu.go.id/blog/read/7_apel</loc></url></urlset>"
)
API = (
    b'{"success": true, "data": {"data": [{"id": 12, "blog_name": "Pleno", "created_at": '
    b'"2024-05-01"}]}}'
)
ARTICLE = (
    "<html><head><meta charset=utf-8><title>KPU KOTA-SURAKARTA - Rapat Pleno Terbuka "
    "Digelar</title>"
    '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": '
    '"2024-05-01"}</script></head>'
    "<body><div><p>Berita Terkini</p><h1>Rapat Pleno Terbuka Digelar</h1><p>Surakarta – Petugas "
    "menata arsip di"
    " gudang sejak pagi hingga sore hari, lalu menutup rapat.</p><p>Bagikan:</p><p>Telah dilihat "
    "{} kali</p></div>"
)


class Site:
    """A site of a few fixed answers, walked by a probe."""

    def __init__(self, pages: Mapping[str, bytes | int | str]) -> None:
        self.pages, self.visits = pages, 0
        self.probe = Probe(load_sites().by_label[OFFICE])

    def walk(self) -> list[Answer]:
        """Answer every step; return the answers."""
        robots = Step.take("robots", "/robots.txt", "")
        if "/robots.txt" in self.pages:
            self.probe.note_robots(self.answer(robots))
        step: Step | None = self.probe.start()
        while step is not None:
            step = self.probe.note(self.answer(step))
        return self.probe.answers

    def answer(self, step: Step) -> Answer:
        """404 where there is no page; a number is a status, a text is where it redirects to."""
        url, page, at = (
            f"https://{HOST}{step.path}",
            self.pages.get(step.path, 404),
            datetime(2024, 6, 1, tzinfo=UTC),
        )
        self.visits += 1
        if isinstance(page, str):
            return Answer(
                step, Capture("33.72", url, "", at, answered_url=page, status=302), "redirect"
            )
        if isinstance(page, int):
            outcome = "missing" if page == 404 else "failed"
            return Answer(
                step,
                Capture("33.72", url, "", at, answered_url=url, status=page, body=b""),
                outcome,
            )
        body = page.replace(b"{}", str(self.visits).encode())
        reading = (
            read_page(body, url, fetched_at=at)
            if step.role in ("home", "listing", "article", "again")
            else None
        )
        kind = reading.kind if reading and reading.kind in ("article", "listing") else "page"
        return Answer(
            step,
            Capture("33.72", url, "", at, answered_url=url, status=200, body=body),
            kind,
            reading,
        )


def tell(answers: list[Answer]) -> dict[str, str]:
    return {one.about: one.said for one in find_out(answers)}


def test_sitemap_and_api_are_found() -> None:
    """The sitemap is the one robots.txt names; where no listing shows articles, it does; the
    national JSON is known."""
    page = ARTICLE.encode()
    site = Site(
        {
            "/robots.txt": ROBOTS,
            "/": b"<html><body><p>Selamat datang di situs kami</p></body></html>",
            "/peta.xml": SITEMAP,
            "/api/blogs/104": API,
            "/blog/read/12_pleno": page,
            "/blog/read/7_apel": page,
        }
    )
    answers = site.walk()
    said = tell(answers)
    assert said["sitemap"] == "a sitemap at /peta.xml: 2 addresses, 2 of articles, 1 dated"
    assert (
        said["/api/blogs"]
        == "exists: 1 rows of id, blog_name, created_at; with created_at: it dates articles"
    )
    assert said["printed dates"] == "exist; 2 articles are dated by: metadata (2)"
    assert said["validators"] == "no ETag and no Last-Modified on the article asked twice"
    assert said["asked twice"].startswith("same title and text; counter ")
    assert "JSON-LD NewsArticle" in said["metadata"]
    assert "no category" in list_suspects(answers)[0]
    assert "JSON-LD NewsArticle" in write_report(answers, find_out(answers), [])


def test_redirects_are_followed_once_and_at_home() -> None:
    """A step that leads to another address of the office is taken there once; one that leads away
    is left."""
    site = Site(
        {
            "/": f"https://{HOST}/beranda",
            "/beranda": f"https://{HOST}/",
            "/sitemap.xml": "https://kpu.go.id/",
        }
    )
    steps = [(answer.step.role, answer.step.path) for answer in site.walk()]
    assert steps[:3] == [("home", "/"), ("home", "/beranda"), ("sitemap", "/sitemap.xml")]
    assert len(steps) <= MOST_REQUESTS and ("home", "/") not in steps[1:]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>Halaman</html>", "is answered with 200, but not with JSON"),
        (b'{"data": []}', 'exists, in another shape than on www.kpu.go.id: {"data": []}'),
        (b'{"data": {"data": [{"id": 1}]}}', "exists: 1 rows of id; without created_at"),
    ],
)
def test_other_answers_of_the_api_are_told(body: bytes, said: str) -> None:
    """What answers under /api/blogs is told for what it is."""
    assert (
        tell(Site({"/": b"<p>Beranda kami", "/api/blogs/104": body}).walk())["/api/blogs"] == said
    )


def test_report_keeps_control_characters_from_the_terminal() -> None:
    """What a page says cannot move the cursor of the one who reads the report."""
    page = (
        b"<html><title>\x1b[2JAwas</title><body><h1>\x1b[2JAwas</h1><p>"
        + b"Petugas menata arsip. " * 9
    )
    answers = Site({"/": page}).walk()
    assert "\x1b" not in write_report(answers, find_out(answers), list_suspects(answers))
