"""Files that articles offer, from the site to the rows and the folder."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive.files.kinds import PDF
from archive.files.store import PART, FileStore, find_files_folder
from tests.archive.files import making
from tests.crawling import Crawler
from tests.replica import Replica, running_replica

OFFICE, HOST = "kota-surakarta", "kota-surakarta.kpu.go.id"
HELD = (
    "SELECT f.media_type, f.text_state FROM file_captures c"
    " JOIN files f ON f.digest = c.file_digest ORDER BY 1, 2"
)


@pytest.fixture
def replica() -> Iterator[Replica]:
    with running_replica(seed=3, articles=60) as running:
        yield running


@pytest.fixture
def crawler(
    replica: Replica, empty_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Crawler:
    """A crawler whose archive does not exist yet, on both engines."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return Crawler(replica, empty_url)


@pytest.fixture
def small(replica: Replica, tmp_path: Path) -> Crawler:
    """A crawler on SQLite, where the database makes no difference."""
    return Crawler(replica, f"sqlite:///{tmp_path}/archive.db")


def list_offered(replica: Replica, kind: str) -> list[str]:
    """The paths of the files that the office's articles offer."""
    articles = replica.truth(HOST).articles.values()
    links = [link for one in articles for link in getattr(one, kind)]
    return list(dict.fromkeys(urlsplit(link.url).path for link in links))


def list_asked(replica: Replica) -> list[str]:
    """The paths of files that were asked for, in their order."""
    paths = [urlsplit(entry.url).path for entry in replica.requests(HOST)]
    return [path for path in paths if path.startswith(("/public/", "/images/"))]


def read_counts(crawler: Crawler) -> dict[str, int]:
    """What the last visit counted."""
    told = crawler.query("SELECT counts FROM visits ORDER BY run_id DESC LIMIT 1")[0]
    counts = json.loads(told) if isinstance(told, str) else told
    return {name: count for name, count in counts.items() if count}


def open_store(crawler: Crawler) -> FileStore:
    return FileStore(find_files_folder(crawler.archive_url))


def test_nothing_is_asked_for_unless_wanted(small: Crawler, replica: Replica) -> None:
    """Without KPU_FILES, and with a budget of none, a crawl asks for pages alone."""
    assert small.crawl(OFFICE).returncode == 0
    assert small.crawl(OFFICE, KPU_FILES="all", KPU_FILES_BUDGET="0").returncode == 0
    assert list_offered(replica, "attachments") and not list_asked(replica)
    assert not open_store(small).folder.exists()


def test_documents_are_held_after_a_crawl(crawler: Crawler, replica: Replica) -> None:
    """Each attachment is a file with its kind and words, and its visit counts pages alone; pictures
    are not asked for, and the next night asks for nothing again."""
    replica.world.articles = 110
    paths = list_offered(replica, "attachments")
    offered = [
        (making.make_pdf(), "application/pdf"),
        (making.make_docx(), "application/msword"),
        (making.HTML, "application/pdf"),
        (b"%PDF-1.4\nhalf", "application/pdf"),
        (making.encrypt_pdf("rahasia"), "application/pdf"),
        (making.make_bomb(), "application/pdf"),
    ]
    for path, (body, kind) in zip(paths, offered, strict=False):
        replica.offer(HOST, path, body, kind)
    assert len(paths) >= len(offered)
    done = crawler.crawl(OFFICE, KPU_FILES="documents", KPU_FILES_BUDGET="50")
    assert done.returncode == 0, done.stderr
    assert sorted(list_asked(replica)) == sorted(paths)
    states = set(crawler.query(HELD))
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert states >= {
        ("application/pdf", "read"),
        (word, "read"),
        ("text/html", "none"),
        ("application/pdf", "broken"),
        ("application/pdf", "encrypted"),
        (word, "too long"),
    }
    told = crawler.query("SELECT seen FROM problems WHERE field = 'file'")
    assert set(told) >= {"broken", "encrypted", "too long", "text/html"}
    store = open_store(crawler)
    assert all(store.get(digest) for digest in crawler.query("SELECT digest FROM files"))
    assert store.has(hashlib.sha256(making.make_pdf()).hexdigest())
    assert read_counts(crawler).keys() == {"page", "listing", "article"}
    before = len(list_asked(replica))
    assert crawler.crawl(OFFICE, KPU_FILES="documents").returncode == 0
    assert len(list_asked(replica)) == before


def test_budget_bounds_a_visit(small: Crawler, replica: Replica) -> None:
    """A visit asks for as many files as it may, the next one for others, pictures among them."""
    offered = {*list_offered(replica, "attachments"), *list_offered(replica, "images")}
    assert small.crawl(OFFICE, KPU_FILES="all", KPU_FILES_BUDGET="3").returncode == 0
    first = list_asked(replica)
    assert len(first) == 3 and set(first) <= offered
    assert small.crawl(OFFICE, KPU_FILES="all", KPU_FILES_BUDGET="4").returncode == 0
    asked = list_asked(replica)
    assert len(asked) == len(set(asked)) == 7
    assert small.query("SELECT count(*) FROM captures WHERE answer = 'file'") == [7]
    assert small.query(
        "SELECT count(*) FROM captures WHERE page_id IS NOT NULL AND answer = 'file'"
    ) == [0]


def test_missing_and_large_files_trouble_no_office(small: Crawler, replica: Replica) -> None:
    """A file that is gone, one that fails and one that is too large are rows and problems; the
    office fares as it would without them, also when all is derived again."""
    gone, broken, large, *_ = list_offered(replica, "attachments")
    replica.set_fault(HOST, "status", status=404, path=gone)
    replica.set_fault(HOST, "status", status=500, path=broken)
    replica.offer(HOST, large, making.make_pdf() + bytes(2000), "application/pdf")
    budget = {"KPU_FILES": "documents", "KPU_FILES_BUDGET": "50"}
    done = small.crawl(OFFICE, "-s", "FILES_MAXSIZE=2000", "-s", "RETRY_TIMES=0", **budget)
    assert done.returncode == 0, done.stderr
    answers = dict(
        small.query("SELECT url, coalesce(error, status) FROM captures WHERE answer = 'file'")
    )
    told = {urlsplit(url).path: str(said) for url, said in answers.items()}
    assert (told[gone], told[broken]) == ("404", "500")
    assert told[large] == "the file is larger than FILES_MAXSIZE"
    assert "the file is larger than FILES_MAXSIZE" in small.query("SELECT seen FROM problems")
    assert small.query("SELECT exit_code, state FROM visits") == [(0, "fine")]
    counts = read_counts(small)
    assert counts.keys() == {"page", "listing", "article"}
    assert small.run("kpu-archive", "rebuild").returncode == 0
    assert small.query("SELECT exit_code, state FROM visits") == [(0, "fine")]
    assert read_counts(small) == counts
    assert small.query("SELECT count(*) FROM captures WHERE answer = 'file'") == [len(answers)]


def test_kill_before_the_row_leaves_nothing_wrong(small: Crawler, replica: Replica) -> None:
    """Bytes that a killed run left without a row, and a file half written, are asked for again."""
    store, paths = open_store(small), list_offered(replica, "attachments")
    for number, path in enumerate(paths):
        replica.offer(HOST, path, making.make_pdf(f"Lampiran {number}"), "application/pdf")
    replica.set_fault(HOST, "slow", seconds=1, path="pdf", after=1)
    late = ("-s", "ARCHIVE_BATCH_SECONDS=60", "-s", "FILES=documents")
    running = small.start_crawl(OFFICE, *late)
    while not any(one.suffix != PART for one in store.folder.glob("*/*/*")):
        time.sleep(0.02)
        assert running.poll() is None
    running.kill()
    running.communicate(timeout=30)
    assert small.count("files") == small.count("file_captures") == 0
    left = next(one for one in store.folder.glob("*/*/*") if one.suffix != PART)
    left.with_suffix(PART).write_bytes(left.read_bytes()[:10])
    replica.clear_faults()
    done = small.crawl(OFFICE, KPU_FILES="documents")
    assert done.returncode == 0, done.stderr
    held = small.query("SELECT digest FROM files")
    assert len(held) == len(paths) and left.name in held
    assert [hashlib.sha256(store.get(digest)).hexdigest() for digest in held] == held


@pytest.mark.parametrize(
    ("name", "value"), [("KPU_FILES", "everything"), ("KPU_FILES_BUDGET", "many")]
)
def test_misuse_is_one_line(small: Crawler, replica: Replica, name: str, value: str) -> None:
    """A wish that has no meaning is code 2 and says what it may be; nothing is asked for."""
    done = small.crawl(OFFICE, **{name: value})
    assert done.returncode == 2 and name in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr and not replica.requests()


def test_file_comes_back_as_it_was(small: Crawler, replica: Replica) -> None:
    """`show` tells which files are held, with number, digest, size and kind; `snapshot --file`
    gives the bytes back, and says what is wrong where it cannot."""
    data = making.make_pdf()
    article = next(one for one in replica.truth(HOST).articles.values() if one.attachments)
    path = urlsplit(article.attachments[0].url).path
    replica.offer(HOST, path, data, "application/pdf")
    name = f"{OFFICE}/{article.key}"
    assert small.crawl(OFFICE).returncode == 0
    missing = small.run("kpu-archive", "snapshot", name, "--file", "1")
    assert missing.returncode == 2 and "is not held" in missing.stderr
    assert small.crawl(OFFICE, KPU_FILES="documents").returncode == 0
    shown = json.loads(small.run("kpu-archive", "show", name, "--format", "json").stdout)[0]
    link = next(one for one in shown["links"] if one["kind"] == "attachment")
    digest = hashlib.sha256(data).hexdigest()
    assert (link["file"], link["held"], link["digest"]) == (1, True, digest)
    assert (link["size"], link["media_type"], link["text_state"]) == (len(data), PDF, "read")
    told = small.run("kpu-archive", "show", name).stdout
    assert f"held: {PDF}, {len(data):,} bytes, {digest}" in told
    given = small.run("kpu-archive", "snapshot", name, "--file", "1")
    assert given.returncode == 0 and given.stdout.encode() == data
    none = small.run("kpu-archive", "snapshot", name, "--file", "99")
    assert none.returncode == 2 and "has no file 99" in none.stderr
    both = small.run("kpu-archive", "snapshot", name, "--file", "1", "--capture", "1")
    assert both.returncode == 2 and "--file excludes" in both.stderr
    open_store(small).remove(digest)
    gone = small.run("kpu-archive", "snapshot", name, "--file", "1")
    assert gone.returncode == 2 and "KPU_FILES_FOLDER" in gone.stderr


def test_file_is_followed_to_another_office(small: Crawler, replica: Replica) -> None:
    """A file that moved to another host of the commission is held for the link that the article
    has; that host's rules are asked for and stay its own, and no other host is asked."""
    paths = list_offered(replica, "attachments")
    target = "http://kab-cilacap.kpu.go.id/public/pindah.pdf"
    replica.set_fault(HOST, "offsite", path=paths[0], location=target)
    replica.set_fault(HOST, "offsite", path=paths[1], location="http://kpu.example/a.pdf")
    done = small.crawl(OFFICE, KPU_FILES="documents", KPU_FILES_BUDGET="50")
    assert done.returncode == 0, done.stderr
    asked = [urlsplit(entry.url).path for entry in replica.requests("kab-cilacap.kpu.go.id")]
    assert asked == ["/robots.txt", "/public/pindah.pdf"]
    assert not replica.requests("kpu.example")
    held = (
        "SELECT c.url FROM file_captures f JOIN captures c ON c.id = f.capture_id"
        " WHERE f.file_digest IS NOT NULL AND f.link_digest IN"
        " (SELECT url_digest FROM links WHERE url LIKE :link)"
    )
    assert small.query(held, link=f"%{paths[0]}") == [target]
    rules = "SELECT count(*) FROM captures WHERE canonical = '/robots.txt'"
    assert small.query(rules) == [1]
