"""An archive to be damaged, and ways to do so."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, text

from archive.evidence import verify as checking
from archive.evidence.findings import Fault
from archive.evidence.verify import Verdict, describe_faults
from archive.records import LearntLayout, Office, PageReread, Rereading
from tests.archive.making import (
    BODY,
    CILACAP,
    SURAKARTA,
    at,
    begin,
    make_article,
    make_listing,
    run_sql,
    save,
)

LAYOUT = '{"groups": []}'
LAYOUT_DIGEST = hashlib.sha256(LAYOUT.encode()).hexdigest()
ARTICLES = 5


def fill(engine: Engine) -> None:
    """Articles of two offices, each captured twice with another counter; a listing; a layout, and
    what was read by it."""
    run_id = begin(engine)
    articles = [
        make_article(number, body=write(number, site), site=site.code, byline=f"Ani {number}")
        for number in range(1, ARTICLES + 1)
        for site in (SURAKARTA, CILACAP)
    ]
    again = [
        replace(one, fetched_at=at(60), body=(one.body or b"").replace(b" 1 kali", b" 1.742 kali"))
        for one in articles
    ]
    save(engine, run_id, *articles, *again, make_listing([(1, "Rapat Pleno 1", 9)], 70))
    layout = LearntLayout(SURAKARTA.code, LAYOUT_DIGEST, LAYOUT, 0, "1", (1, 3), 5, at(80))
    first = articles[0]
    assert first.reading is not None and first.page is not None
    read = Rereading(1, replace(first.reading, layout=LAYOUT_DIGEST), first.digests)
    save(engine, run_id, layout, PageReread(SURAKARTA.code, first.page, (read,), at(90)))


def write(number: int, site: Office) -> str:
    """The body of an article; both offices have the first."""
    return f"{BODY} {number}" + (f" {site.name}" if number > 1 else "")


def check(engine: Engine, **options: Any) -> Verdict:
    """Check an archive in silence."""
    return checking.verify(engine, lambda what, done, of: None, **options)


def find_faults(engine: Engine, **options: Any) -> list[Fault]:
    """Check an archive and describe what is wrong with it."""
    sites = options.get("sites", ())
    return list(describe_faults(engine, check(engine, **options), sites))


def change(engine: Engine, statement: str, **values: Any) -> None:
    """Change the tables behind the archive's back, foreign keys or not."""
    is_sqlite = engine.dialect.name == "sqlite"
    connection = engine.connect()
    raw = connection.connection.driver_connection
    assert raw is not None
    if is_sqlite:
        raw.execute("PRAGMA foreign_keys = OFF")
    with connection.begin():
        if not is_sqlite:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(statement), values)
    if is_sqlite:
        raw.execute("PRAGMA foreign_keys = ON")
    connection.close()


def list_ids(engine: Engine, query: str) -> tuple[int, ...]:
    """The one column that a query gives, in order."""
    return tuple(sorted(row[0] for row in run_sql(engine, query)))


def flip(data: bytes, numbers: random.Random) -> bytes:
    """The same bytes but for one bit."""
    place = numbers.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << numbers.randrange(8)]) + data[place + 1 :]


def flip_text(value: str, numbers: random.Random, *, sound: bool) -> bytes:
    """A text as stored, but for one bit; where it must be `sound`, as a database takes it."""
    while True:
        changed = flip(value.encode(), numbers)
        if not sound or _is_text(changed):
            return changed


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def alter(value: Any, numbers: random.Random) -> Any:
    """Another value of the same type, that differs in one bit or a day."""
    if isinstance(value, int):
        return value ^ 1 << numbers.randrange(20)
    if isinstance(value, datetime):
        return datetime.fromtimestamp(value.timestamp() + 2.0 ** numbers.randrange(20), UTC)
    if isinstance(value, date):
        return date.fromordinal(value.toordinal() ^ 1 << numbers.randrange(10))
    if isinstance(value, str):
        return flip_text(value, numbers, sound=True).decode()
    assert isinstance(value, list)
    return [*value, "x"]
