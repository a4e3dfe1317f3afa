"""What somebody is told by mail or by a call, once; searches that are saved."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import Engine

from archive.database import engine as db
from archive.search.options import Precision, Sort
from archive.search.questions import Period, Question
from archive.search.saving import decode_question, encode_question
from archive.search.upkeep import find_folder
from archive.watch import notices
from tests.archive.cli.test_commands import run
from tests.archive.histories import make_home, visit
from tests.archive.making import begin, make_article, save

DAY = 1440


class Listener(HTTPServer):
    """An address of the web that is called."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hook)
        self.calls: list[dict[str, object]] = []
        self.status = 200


class Hook(BaseHTTPRequestHandler):
    """Keeps what it is told."""

    server: Listener

    def do_POST(self) -> None:
        """Take the JSON."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status == 200:
            self.server.calls.append(json.loads(body))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class MailServer(socketserver.TCPServer):
    """A mail server that takes everything."""

    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailSession)
        self.mails: list[str] = []


class MailSession(socketserver.StreamRequestHandler):
    """As much of SMTP as a sender needs."""

    server: MailServer

    def handle(self) -> None:
        """Answer line by line."""
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append(b"".join(lines).decode())
            if line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 fine\r\n")


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    """Let a server run meanwhile."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def hook() -> Iterator[Listener]:
    """An address that is called."""
    server = Listener()
    with serving(server):
        yield server


@pytest.fixture
def open_url(archive_url: str) -> Iterator[tuple[str, Engine]]:
    """An archive with an article of a search that is saved."""
    engine = db.open_writer(archive_url, say=print)
    save(engine, begin(engine), make_article(1, title="Data Pemilih"))
    done = run("search", "pemilih", "--site", "33.72", "--save", "pemilih", url=archive_url)
    assert done.returncode == 0 and "saved as 'pemilih'" in done.stderr
    yield archive_url, engine
    engine.dispose()


def follow(url: str, hook: Listener, *more: str) -> list[dict[str, object]]:
    """Ask for news, and give what was told this time."""
    before = len(hook.calls)
    done = run("changes", "--notify", f"http://127.0.0.1:{hook.server_port}/x", *more, url=url)
    assert done.returncode == 0, done.stderr
    return hook.calls[before:]


def list_pages(calls: list[dict[str, object]]) -> list[str]:
    """The pages that calls tell of."""
    return [row["page"] for call in calls for one in call["news"] for row in one["rows"]]  # type: ignore[attr-defined]


def test_what_is_new_in_a_saved_search_is_told_once(
    open_url: tuple[str, Engine], hook: Listener
) -> None:
    """New articles and edits that match; no counts, no other articles, nothing twice."""
    url, engine = open_url
    assert follow(url, hook) == []
    save(engine, 1, make_article(2, title="Pemilih Baru"), make_article(3, title="Lain"))
    save(engine, 1, make_article(1, DAY, title="Data Pemilih", views=99))
    assert list_pages(follow(url, hook)) == ["kota-surakarta/2"]
    assert follow(url, hook) == []
    save(engine, 1, make_article(1, 2 * DAY, title="Data Pemilih", body="Pemilih diralat."))
    calls = follow(url, hook)
    assert list_pages(calls) == ["kota-surakarta/1"]
    assert calls[0]["title"] == "KPU archive: pemilih: 1 new"
    assert "Data Pemilih" in str(calls[0]["text"])


def test_what_is_read_again_is_no_news(open_url: tuple[str, Engine], hook: Listener) -> None:
    """Another reader's text of the same captures began no revision."""
    url, engine = open_url
    save(engine, 1, make_article(1, DAY, title="Data Pemilih", body="Baru.", reader_version="2"))
    assert follow(url, hook) == []


def test_each_target_is_told_for_itself(
    open_url: tuple[str, Engine], hook: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was told by mail still gets the call."""
    url, engine = open_url
    save(engine, 1, make_article(2, title="Pemilih Baru"))
    mail = MailServer()
    with serving(mail):
        monkeypatch.setenv("KPU_SMTP", f"smtp://127.0.0.1:{mail.server_address[1]}")
        for _ in range(2):
            assert run("changes", "--notify", "mailto:ada@kpu.example", url=url).returncode == 0
    assert len(mail.mails) == 1
    assert "Subject: KPU archive: pemilih: 1 new" in mail.mails[0]
    assert "To: ada@kpu.example" in mail.mails[0]
    assert "kota-surakarta/2" in mail.mails[0]
    assert list_pages(follow(url, hook)) == ["kota-surakarta/2"]


@pytest.mark.parametrize("status", [500, 302, 404])
def test_what_could_not_be_told_is_told_later(
    open_url: tuple[str, Engine], hook: Listener, status: int
) -> None:
    """An error is one line, and nothing is lost; the address's path, which may be secret, is not
    said."""
    url, engine = open_url
    save(engine, 1, make_article(2, title="Pemilih Baru"))
    hook.status = status
    target = f"http://127.0.0.1:{hook.server_port}/secret"
    done = run("changes", "--notify", target, url=url)
    assert done.returncode == 9
    assert len(done.stderr.splitlines()) == 2 and "secret" not in done.stderr
    hook.status = 200
    done = run("changes", "--notify", target, url=url)
    assert list_pages(hook.calls) == ["kota-surakarta/2"]


def test_office_that_fares_worse_is_told_once(archive_url: str, hook: Listener) -> None:
    """Until it is so again at another time."""
    engine = db.open_writer(archive_url, say=print)
    begin(engine)
    visit(engine, 0, make_home(), make_article(1))
    visit(engine, 1, make_home(status=None, error="DNS lookup failed", body=None, reading=None))
    engine.dispose()
    target = f"http://127.0.0.1:{hook.server_port}/"
    codes = [run("health", "--notify", target, url=archive_url).returncode for _ in range(2)]
    assert codes == [1, 1]
    subjects = [one["subject"] for call in hook.calls for one in call["news"]]  # type: ignore[attr-defined]
    assert len(subjects) == len(set(subjects))
    assert any(subject.startswith("health:kota-surakarta:down:") for subject in subjects)
    assert len(hook.calls) == 1


@pytest.mark.parametrize(
    "target", ["ada@kpu.example", "mailto:ada", "ftp://kpu.example/", "https://", "http://a b"]
)
def test_what_cannot_be_told_is_refused(archive_url: str, target: str) -> None:
    """With what it should be."""
    done = run("health", "--notify", target, url=archive_url)
    assert done.returncode == 2
    assert "neither mailto:NAME@HOST nor https://" in " ".join(done.stderr.split())


def test_saved_searches_are_listed_and_forgotten(open_url: tuple[str, Engine]) -> None:
    """With what they ask for; an unknown name is told."""
    url, _ = open_url
    rows = json.loads(run("saved", "--format", "json", url=url).stdout)
    assert [(row["name"], row["question"]) for row in rows] == [
        ("pemilih", {"query": "pemilih", "sites": ["33.72"]})
    ]
    unknown = run("saved", "--forget", "lain", url=url)
    assert (unknown.returncode, "there are: pemilih" in unknown.stderr) == (2, True)
    assert run("saved", "--forget", "pemilih", url=url).returncode == 0
    assert json.loads(run("saved", "--format", "json", url=url).stdout) == []


@pytest.mark.parametrize("name", ["", " ", "a" * 81, "a\nb"])
def test_search_is_not_saved_under_a_name_that_is_none(
    open_url: tuple[str, Engine], name: str
) -> None:
    """One line."""
    done = run("search", "x", "--save", name, url=open_url[0])
    assert (done.returncode, "printable" in done.stderr) == (2, True)


def test_search_of_a_past_day_is_not_saved(open_url: tuple[str, Engine]) -> None:
    """It has no news."""
    done = run("search", "x", "--as-of", "2025", "--save", "dulu", url=open_url[0])
    assert (done.returncode, "no news" in done.stderr) == (2, True)


@pytest.mark.parametrize("change", ["removed", "edited", "limit"])
def test_question_comes_back_as_it_was_saved(change: str) -> None:
    """Through JSON, without what belongs to one answer."""
    question = Question(
        'title:"rapat pleno"',
        sites=("33.72",),
        people=("Asa",),
        period=Period(date(2024, 1, 1), None, True, Precision.SURE),
        least_views=3,
        removed=True if change == "removed" else None,
        edited=False if change == "edited" else None,
        sort=Sort.VIEWS,
        folded=True,
        limit=5 if change == "limit" else None,
    )
    again = decode_question(json.loads(json.dumps(encode_question(question))))
    assert again.limit is None
    assert encode_question(again) == encode_question(question)
    assert (again.period, again.sort, again.removed) == (
        question.period,
        Sort.VIEWS,
        question.removed,
    )


@pytest.mark.parametrize("count", [3, 4])
def test_message_tells_so_many_hits_and_counts_the_others(
    open_url: tuple[str, Engine], hook: Listener, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are noted."""
    _, engine = open_url
    monkeypatch.setattr(notices, "MOST_TOLD", 3)
    save(engine, 1, *(make_article(10 + number, title="Pemilih") for number in range(count)))
    with db.read(engine) as connection:
        told = list(
            notices.find_searched(connection, "x", (), find_folder(connection), lambda _: None)
        )
    assert told[0].title == f"pemilih: {count} new"
    assert (told[0].lines[-1] == "and 1 more") == (count == 4)
    assert len(told[0].rows) == 3
