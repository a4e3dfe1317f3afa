"""An archive that the program of commit 21fc920 crawled is upgraded with equal content.

`fixtures/` holds that archive, as a SQLite file and as a dump of PostgreSQL, and what that program
said of it.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from archive.blobs.store import load
from archive.database.engine import read
from archive.derive.documents import complete_doubts, rebuild
from archive.names import name_page
from archive.read.articles import show_article
from archive.read.captures import list_captures, load_snapshot
from archive.search.search import search
from archive.watch.coverage import count_coverage, list_missing

FOLDER = Path(__file__).parent / "fixtures"
NAME = "archive-21fc920"
FACTS = (
    *("sites", "site_hosts", "categories", "pages", "sightings", "captures", "blobs", "texts"),
    *("readings", "view_counts", "links", "same_as", "walks", "runs", "problems", "visits"),
)
TIMES = ("first_seen", "last_seen", "fetched_at")
HISTORY = ("fetched_at", "status", "error", "size", "revision", "views", "source", "url")
DAYS = ("since", "until")

Row = dict[str, Any]


@pytest.fixture
def old(empty_url: str) -> Iterator[str]:
    """The address of the old archive, restored as it was."""
    if make_url(empty_url).get_backend_name() == "sqlite":
        restore_sqlite(empty_url)
    else:
        restore_postgresql(empty_url)
    yield empty_url


@pytest.fixture
def upgraded(old: str, open_archive: Callable[[str], Engine]) -> Engine:
    """The old archive, open for writing: brought to this program's version, as `kpu-archive
    upgrade` does."""
    engine = open_archive(old)
    complete_doubts(engine)
    return engine


@pytest.fixture
def expected(old: str) -> Row:
    """What the program of that commit said of the archive."""
    told = json.loads(lzma.decompress((FOLDER / "expected.json.xz").read_bytes()))
    return {**told["both"], **told[make_url(old).get_backend_name()]}


def restore_sqlite(url: str) -> None:
    Path(make_url(url).database or "").write_bytes(lzma.decompress(read_file("db.xz")))


def restore_postgresql(url: str) -> None:
    """The dump is plain SQL, which the driver takes in one piece."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    connection = engine.raw_connection()
    connection.cursor().execute(lzma.decompress(read_file("pg.sql.xz")))
    connection.commit()
    connection.close()
    engine.dispose()


def read_file(kind: str) -> bytes:
    return (FOLDER / f"{NAME}.{kind}").read_bytes()


# What is told of an archive; that program was asked the same.


def tell(connection: Connection, queries: list[Row]) -> Row:
    """All that is compared, as JSON has it."""
    articles = read_view(connection)
    names = [f"{row['site']}/{row['page']}" for row in articles]
    told = {
        "articles": articles,
        "history": {name: tell_history(connection, name) for name in list_pages(connection)},
        "show": {name: tell_article(connection, name) for name in names},
        "coverage": tell_coverage(connection),
        "others": tell_others(connection),
        "rows": count_rows(connection),
        "searches": [tell_search(connection, query) for query in queries],
    }
    return as_json(told)


def as_json(told: Any) -> Any:
    """What a reader of JSON would get: times as text, no tuples."""
    return json.loads(json.dumps(told, default=lambda value: value.isoformat()))


def read_view(connection: Connection) -> list[Row]:
    """The rows of the view `articles`, the engines' ways of writing days and times made alike."""
    found = connection.execute(text("SELECT * FROM articles")).mappings()
    rows = [{name: write_value(name, value) for name, value in row.items()} for row in found]
    return sorted(rows, key=lambda row: (row["site"], row["page"]))


def write_value(name: str, value: Any) -> Any:
    if name in TIMES:
        return datetime.fromisoformat(str(value)).isoformat()
    return str(value) if isinstance(value, date) else value


def list_pages(connection: Connection) -> list[str]:
    query = "SELECT label, route, key FROM pages JOIN sites ON sites.id = pages.site_id"
    return sorted(name_page(*row) for row in connection.execute(text(query)))


def tell_history(connection: Connection, name: str) -> list[Row]:
    """The captures of a page, with the digest of what each brought."""
    return [tell_capture(connection, name, row) for row in list_captures(connection, name)]


def tell_capture(connection: Connection, name: str, row: Row) -> Row:
    told = {column: row[column] for column in HISTORY}
    if row["size"] is not None:
        body = load_snapshot(connection, name, capture=row["capture"])
        told["sha256"] = hashlib.sha256(body).hexdigest()
    return told


def tell_article(connection: Connection, name: str) -> Row:
    """What `show` tells; the body, which the view has too, by its digest."""
    told = asdict(show_article(connection, name))
    return told | {"body": hashlib.sha256(told["body"].encode()).hexdigest()}


def tell_coverage(connection: Connection) -> Row:
    """What offices showed and what is held, and of each that showed anything what is missing."""
    offices = list(count_coverage(connection))
    labels = {row["site"] for row in offices}
    codes = connection.execute(text("SELECT label, code FROM sites ORDER BY label")).all()
    missing = {label: list_missing(connection, code) for label, code in codes if label in labels}
    return {"offices": offices, "missing": missing}


def tell_others(connection: Connection) -> list[Row]:
    """The captures of no page, listings above all, with the digests of what was kept of them."""
    query = "SELECT fetched_at, url, status, error, blob_id FROM captures WHERE page_id IS NULL"
    told = []
    for at, url, status, error, blob_id in connection.execute(text(query)).all():
        body = load(connection, blob_id) if blob_id else b""
        digest = hashlib.sha256(body).hexdigest() if blob_id else None
        row = {"fetched_at": write_value("fetched_at", at), "url": url, "status": status}
        told.append(row | {"error": error, "sha256": digest})
    return sorted(told, key=lambda row: (row["fetched_at"], row["url"]))


def count_rows(connection: Connection) -> dict[str, int]:
    count = "SELECT count(*) FROM {}"
    return {table: connection.scalar(text(count.format(table))) or 0 for table in FACTS}


def tell_search(connection: Connection, asked: Row) -> Row:
    """What a search finds: how many, and their names in order."""
    options = {
        name: date.fromisoformat(value) if name in DAYS else value for name, value in asked.items()
    }
    found = search(connection, **options, limit=1000)
    pages = [hit.page for hit in found.hits]
    return {
        "asked": asked,
        "total": found.total,
        "undated_left_out": found.undated_left_out,
        "pages": pages,
    }


# What must be equal


def _leave_near_copies(name: str, expected: Any, told: Any) -> Any:
    """What is told without the copies that only later programs find: texts nearly the same."""
    if name == "cluster" and expected is None:
        return None
    if name == "copies":
        known = [copy["page"] for copy in expected]
        return [copy for copy in told if copy["page"] in known]
    return told


SAID_OTHERWISE = {"kota-surakarta/32": ("problems", "views")}
"""The new article under an old number: its doubt lasts now, and its counts are its own alone."""


def find_changes(expected: Any, told: Any, path: str = "") -> list[str]:
    """Where what is told now differs; columns that came later are left aside."""
    if isinstance(expected, dict) and isinstance(told, dict):
        lost = [f"{path}/{name} is gone" for name in expected.keys() - told.keys()]
        for name in sorted(expected.keys() & told.keys()):
            before = expected[name]
            now = _leave_near_copies(name, before, told[name])
            lost += find_changes(before, now, f"{path}/{name}")
        return lost
    if isinstance(expected, list) and isinstance(told, list) and len(expected) == len(told):
        pairs = enumerate(zip(expected, told, strict=True))
        return [
            change
            for place, (before, now) in pairs
            for change in find_changes(before, now, f"{path}/{place}")
        ]
    return [] if expected == told else [f"{path}: {expected!r} became {told!r}"]


def as_set(found: Row) -> Row:
    """What a search found without its order, which may change."""
    return found | {"pages": sorted(found["pages"])}


def test_articles_are_the_same_before_and_after_a_rebuild(upgraded: Engine, expected: Row) -> None:
    """The view has its rows after the upgrade, and again once all that is derived was made anew."""
    with read(upgraded) as connection:
        assert find_changes(expected["articles"], as_json(read_view(connection))) == []
    with upgraded.begin() as connection:
        rebuild(connection, lambda line: None)
    with read(upgraded) as connection:
        assert find_changes(expected["articles"], as_json(read_view(connection))) == []


def test_histories_and_bytes_are_the_same(upgraded: Engine, expected: Row) -> None:
    """Every page has its captures, every capture its bytes, and no listing lost any."""
    with read(upgraded) as connection:
        assert list_pages(connection) == sorted(expected["history"])
        told = {name: tell_history(connection, name) for name in expected["history"]}
        assert find_changes(expected["history"], as_json(told)) == []
        assert find_changes(expected["others"], as_json(tell_others(connection))) == []


def test_no_row_is_lost(upgraded: Engine, expected: Row) -> None:
    """Every table of facts has as many rows as before."""
    with read(upgraded) as connection:
        assert count_rows(connection) == expected["rows"]


def test_articles_are_shown_the_same(upgraded: Engine, expected: Row) -> None:
    """Each article has its date, counters, copies, links, doubts and the grade of its removal."""
    with read(upgraded) as connection:
        told = {name: tell_article(connection, name) for name in expected["show"]}
    for page, names in SAID_OTHERWISE.items():
        assert [problem["field"] for problem in told[page]["problems"]] == ["reused"]
        told[page] |= {name: expected["show"][page][name] for name in names}
        with read(upgraded) as connection:
            assert [hit.page for hit in search(connection, flag="reused").hits] == [page]
    assert find_changes(expected["show"], as_json(told)) == []


def test_coverage_is_the_same(upgraded: Engine, expected: Row) -> None:
    """The same articles are missing or removed, for the same reasons."""
    with read(upgraded) as connection:
        assert find_changes(expected["coverage"], as_json(tell_coverage(connection))) == []


@pytest.mark.parametrize("rebuilt", [False, True], ids=["upgraded", "rebuilt"])
def test_searches_find_the_same(upgraded: Engine, expected: Row, rebuilt: bool) -> None:
    """Every search finds the same articles, in whatever order, also in an index made anew."""
    if rebuilt:
        with upgraded.begin() as connection:
            rebuild(connection, lambda line: None)
    with read(upgraded) as connection:
        told = [tell_search(connection, found["asked"]) for found in expected["searches"]]
    assert list(map(as_set, told)) == list(map(as_set, expected["searches"]))
