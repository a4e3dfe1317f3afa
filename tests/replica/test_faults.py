"""Each fault and each change of the replica, through real HTTP."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request

import pytest

from . import Replica, running_replica
from .client import Client, find_keys, pick_text
from .faults import KINDS, Fault

ROOT = Path(__file__).resolve().parents[2]
HOST, OTHER = "kota-surakarta.kpu.go.id", "kab-cilacap.kpu.go.id"
HOME = f"http://{HOST}/"
BROKEN = (URLError, http.client.HTTPException, OSError)


@pytest.fixture
def replica() -> Iterator[Replica]:
    with running_replica(seed=1, articles=60, theme="cards", old_engine=True) as running:
        yield running


@pytest.fixture
def client(replica: Replica) -> Client:
    return Client(replica)


@pytest.mark.parametrize("status", [403, 404, 410, 429, 500, 502, 503])
def test_status_comes_as_often_as_asked(replica: Replica, client: Client, status: int) -> None:
    """A status with Retry-After meets the first two requests of this host only, then all is
    well."""
    replica.set_fault(HOST, "status", status=status, retry_after="7", times=2)
    assert client.get(f"http://{OTHER}/")[0] == 200
    answers = [client.get(HOME) for _ in range(3)]
    assert [answer[0] for answer in answers] == [status, status, 200]
    assert [answer[2]["Retry-After"] for answer in answers] == ["7", "7", None]


def test_faults_keep_to_their_path_and_turn(replica: Replica, client: Client) -> None:
    """A pattern and `after` choose which requests are met; cleared, nothing is left."""
    article = pick_text(replica.truth(HOST))
    replica.set_fault("*", "status", path="^/blog/read/", after=1)
    assert [client.get(url)[0] for url in (HOME, article.url, article.url, HOME)] == [
        200,
        200,
        503,
        200,
    ]
    replica.clear_faults()
    assert client.get(article.url)[0] == 200


def test_slow_answers_late(replica: Replica, client: Client) -> None:
    """A slow host answers as usual after the seconds asked for."""
    waited: list[float] = []

    async def note(seconds: float) -> None:
        waited.append(seconds)

    replica.sleep = note
    replica.set_fault(HOST, "slow", seconds=0.4)
    assert client.get(f"http://{OTHER}/")[0] == client.get(HOME)[0] == 200
    assert waited == [0.4]


def test_truncated_bodies_are_shorter_than_announced(replica: Replica, client: Client) -> None:
    """The connection ends at half of Content-Length, and the page does not count as served."""
    replica.set_fault(HOST, "truncate", times=1)
    with pytest.raises(http.client.IncompleteRead) as cut:
        client.get(HOME)
    assert cut.value.partial and cut.value.expected
    assert replica.truth(HOST).served == {}
    assert client.get(HOME)[0] == 200


@pytest.mark.parametrize("kind", ["reset", "dns"])
def test_connections_end_without_an_answer(replica: Replica, client: Client, kind: str) -> None:
    """The client sees its connection fail, and the log says that nothing was answered."""
    replica.set_fault(HOST, kind, times=1)
    with pytest.raises(BROKEN) as failure:
        client.get(HOME)
    reset = isinstance(failure.value, ConnectionResetError) or isinstance(
        getattr(failure.value, "reason", None), ConnectionResetError
    )
    assert reset or kind == "dns"
    assert replica.requests(HOST)[0].status == 0
    assert client.get(HOME)[0] == 200


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("maintenance", b"pemeliharaan"),
        ("busy", b"sedang sibuk"),
        ("challenge", b"JavaScript"),
        ("soft404", b"not found"),
    ],
)
def test_notices_answer_200(replica: Replica, client: Client, kind: str, words: bytes) -> None:
    """Such a page stands in for the article with status 200, and the article's counter stays."""
    article = pick_text(replica.truth(HOST))
    replica.set_fault(HOST, kind)
    status, body, _ = client.get(article.url)
    assert status == 200 and words in body and article.title.encode() not in body
    assert replica.truth(HOST).articles[article.key].served == 0


@pytest.mark.parametrize(
    ("kind", "target"), [("offsite", "https://www.kpu.go.id/"), ("home", HOME)]
)
def test_redirects_lead_away(replica: Replica, client: Client, kind: str, target: str) -> None:
    """Articles redirect to another host or home; home itself still answers."""
    replica.set_fault(HOST, kind)
    status, _, headers = client.get(pick_text(replica.truth(HOST)).url)
    assert (status, headers["Location"]) == (302, target)
    assert client.get(HOME)[0] == 200


def test_infinite_pager_never_ends(replica: Replica, client: Client) -> None:
    """Far beyond the end a listing still has items and links to further pages."""
    category = next(iter(replica.truth(HOST).categories))
    replica.set_fault(HOST, "infinite")
    html = client.read(f"{HOME}index.php/blog/category/{category}?page=5000")
    assert find_keys(html) and "?page=5003" in html


def test_empty_listings_have_no_items(replica: Replica, client: Client) -> None:
    """The listing answers 200 with its title and nothing in it."""
    category, title = next(iter(replica.truth(HOST).categories.items()))
    replica.set_fault(HOST, "empty")
    html = client.read(f"{HOME}blog/category/{category}")
    assert title in html and not find_keys(html)


def test_disallow_forbids_all(replica: Replica, client: Client) -> None:
    """robots.txt forbids everything while the fault lasts."""
    replica.set_fault(HOST, "disallow", times=1)
    assert "Disallow: /\n" in client.read(f"{HOME}robots.txt")
    assert "Disallow: \n" in client.read(f"{HOME}robots.txt")


def test_crash_and_restart_keep_the_counters(replica: Replica, client: Client) -> None:
    """After the third request nobody listens; started again, the same articles have the same
    counters."""
    article = pick_text(replica.truth(HOST))
    replica.set_fault("*", "crash", after=2, times=1)
    for _ in range(2):
        assert client.get(article.url)[0] == 200
    with pytest.raises(BROKEN):
        client.get(article.url)
    replica.stop()
    with pytest.raises(BROKEN):
        client.get(article.url)
    replica.start()
    assert f"Telah dilihat {article.views + 3} kali" in client.read(article.url)


def test_unknown_kinds_are_refused() -> None:
    """A misspelt fault is an error, not a fault that never comes."""
    with pytest.raises(ValueError, match="unknown fault"):
        Fault("sluggish")
    assert all(Fault(kind).kind == kind for kind in KINDS)


# Changes


def test_edited_articles_have_a_new_text(replica: Replica, client: Client) -> None:
    """An edit changes page and truth together and keeps title, address and counter."""
    before = pick_text(replica.truth(HOST))
    assert replica.change(HOST, "edit", key=before.key) == [before.key]
    after = replica.truth(HOST).articles[before.key]
    assert after.body != before.body and after.copy != before.copy
    assert (after.title, after.url, after.views) == (before.title, before.url, before.views)
    assert after.body.split("\n\n")[1][:50] in client.read(after.url)


@pytest.mark.parametrize(
    ("how", "status"), [("404", 404), ("410", 410), ("soft", 200), ("home", 302), ("unlisted", 200)]
)
def test_removed_articles_answer_as_asked_and_return(
    replica: Replica, client: Client, how: str, status: int
) -> None:
    """A removed article leaves the listings, answers in its own way, and can come back."""
    article = pick_text(replica.truth(HOST))
    replica.change(HOST, "remove", key=article.key, how=how)
    answer, body, _ = client.get(article.url)
    assert answer == status and (b"<h2 class" in body and article.title.encode() in body) is (
        how == "unlisted"
    )
    assert article.key not in client.walk_category(HOST, article.category_id)
    replica.change(HOST, "restore", key=article.key)
    assert article.title in client.read(article.url)
    assert article.key in client.walk_category(HOST, article.category_id)


def test_moved_articles_redirect_to_their_new_number(replica: Replica, client: Client) -> None:
    """`/berita/baca/N` answers 301 to a blog page with the same text."""
    old = pick_text(replica.truth(HOST), "berita")
    (key,) = replica.change(HOST, "move", key=old.key)
    new = replica.truth(HOST).articles[key]
    status, _, headers = client.get(old.url)
    assert (status, headers["Location"]) == (301, new.url)
    assert (new.route, new.title, new.body, new.copy) == ("blog", old.title, old.body, old.copy)
    assert replica.truth(HOST).articles[old.key].state == f"moved:{key}"


def test_reincarnated_numbers_hold_another_article(replica: Replica, client: Client) -> None:
    """The same number shows a wholly different title and text."""
    before = pick_text(replica.truth(HOST))
    replica.change(HOST, "reincarnate", key=before.key)
    after = replica.truth(HOST).articles[before.key]
    assert after.title != before.title and not set(after.body.split("\n\n")) & set(
        before.body.split("\n\n")
    )
    page = client.read(f"{HOME}blog/read/{before.id}_")
    assert after.title in page and "Telah dilihat 1 kali" in page


def test_retheming_changes_markup_not_words(replica: Replica, client: Client) -> None:
    """With another theme the same article stands in other tags."""
    article = pick_text(replica.truth(HOST))
    before = client.read(article.url)
    replica.set_options(HOST, theme="tables")
    after = client.read(article.url)
    assert "<font" in after and "<font" not in before
    assert article.title in after and replica.truth(HOST).articles[article.key].body == article.body


def test_planted_posts_stand_where_asked(replica: Replica, client: Client) -> None:
    """Late, backdated and bulk-imported posts are the first items of the listing page asked for."""
    category = next(iter(replica.truth(HOST).categories))
    planted = replica.change(HOST, "plant", count=3, page=2, posted="2019-03-04T02:00:00+00:00")
    shown = find_keys(client.read(f"{HOME}blog/category/{category}?page=2"))
    assert sorted(shown[:3]) == sorted(planted)
    told = replica.truth(HOST).articles
    assert {told[key].posted[:10] for key in planted} == {"2019-03-04"}
    assert all(told[key].title in client.read(told[key].url) for key in planted)


# From other processes


def ask_control(client: Client, command: str, method: str = "GET", **details: object) -> object:
    body = json.dumps(details).encode() if details else None
    with client.opener.open(
        Request(f"http://replica.invalid/control/{command}", data=body, method=method)
    ) as answer:
        return json.load(answer)


def test_control_address_has_the_same_levers(replica: Replica, client: Client) -> None:
    """Truth, faults, options, changes, log and counters work as JSON over HTTP."""
    article = pick_text(replica.truth(HOST))
    told = ask_control(client, f"truth?host={HOST}")
    assert isinstance(told, dict) and told["articles"][article.key]["body"] == article.body
    ask_control(client, "faults", "POST", host=HOST, kind="status", status=500, path="^/blog/read/")
    assert client.get(article.url)[0] == 500
    ask_control(client, "faults", "DELETE", host=HOST)
    ask_control(client, "options", "POST", host=HOST, theme="soup")
    assert ask_control(client, "change", "POST", host=HOST, name="edit", key=article.key) == [
        article.key
    ]
    assert client.get(article.url)[0] == 200
    assert ask_control(client, "counters") == {
        HOST: {"requests": 2, "500": 1, "200": 1, "articles": 1}
    }
    log = ask_control(client, f"requests?host={HOST}")
    assert isinstance(log, list) and [entry["status"] for entry in log] == [500, 200]


def test_control_says_what_was_wrong(client: Client) -> None:
    """Unknown commands, hosts, options and keys are answered 400 with the reason."""
    for url in ("nothing", "truth?host=kab-tidakada.kpu.go.id"):
        assert client.get(f"http://replica.invalid/control/{url}")[0] == 400


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_prints_its_port_and_ends_when_told(tmp_path: Path, number: signal.Signals) -> None:
    """`python -m tests.replica` serves on the port it prints and ends cleanly on a signal."""
    port_file = tmp_path / "port"
    command = [sys.executable, "-m", "tests.replica", "--articles", "20", "--port-file", str(port_file),
               "--fault", f"{HOST},status,status=503,times=1"]  # fmt: skip
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as process:
        assert process.stdout
        port = int(process.stdout.readline())
        replica = Replica(port=port)
        client = Client(replica)
        assert [client.get(HOME)[0], client.get(HOME)[0]] == [503, 200]
        process.send_signal(number)
        assert process.wait(10) == 0
    assert port_file.read_text() == f"{port}\n"
