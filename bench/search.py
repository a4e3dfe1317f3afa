"""How long a search takes, beside a plain scan and a join in the same run.

    python bench/search.py [--articles 100000] [--url postgresql://...]

Makes an archive of invented articles in a temporary folder (or in an empty database that the URL
names) and prints, for each question, p50 and p95 of `search` (count, first 20 hits, passages), of
its bare statements, and of the contender: `LIKE` over titles and bodies, or the index of words
joined with the articles' table instead of facets.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, func, insert, or_, select

from archive.database import engine as db
from archive.database import models
from archive.search import search
from archive.search.index import find_index
from archive.search.terms import Terms, parse_query

NOW = datetime(2026, 1, 1, tzinfo=UTC)
COMMON = [
    "pemilih",
    "rapat",
    "data",
    "pleno",
    "ketua",
    "anggota",
    "kota",
    "daftar",
    "pemutakhiran",
    "sosialisasi",
]
BATCH = 1000
ROUNDS = 15
YEAR = {"since": date(2024, 1, 1), "until": date(2024, 12, 31)}
QUESTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "rare word": ("katalangka7", {}),
    "common word": ("pemilih", {}),
    "two common words": ("rapat pleno", {}),
    "phrase of common words": ('"data pemilih"', {}),
    "common word, office": ("pemilih", {"site": "kota-100"}),
    "common word, office, year": ("pemilih", {"site": "kota-100", **YEAR}),
    "common word, year": ("pemilih", YEAR),
    "common word, since 2020": ("pemilih", {"since": date(2020, 1, 1)}),
    "newest of an office": ("", {"site": "kota-100"}),
    "newest": ("", {}),
}


def main() -> None:
    """Fill an archive, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--url")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{Path(folder) / 'archive.db'}"
        engine = db.open_writer(url, say=print)
        started = time.perf_counter()
        with engine.begin() as connection:
            fill(connection, options.articles)
        taken = time.perf_counter() - started
        print(
            f"{options.articles} articles in {taken:.0f} s, {taken / options.articles * 1e6:.0f} "
            f"µs each"
        )
        settle(url)
        compare(engine)
        engine.dispose()


def fill(connection: Connection, articles: int) -> None:
    """Articles of 552 offices over ten years, some 150 words each; a tenth has no date."""
    chance = random.Random(1)
    vocabulary = [f"kata{chance.randrange(10**6)}" for _ in range(20_000)]
    connection.execute(insert(models.Site), [make_site(n) for n in range(1, 553)])
    connection.execute(insert(models.Run), [make_run()])
    for first in range(1, articles + 1, BATCH):
        numbers = range(first, min(first + BATCH, articles + 1))
        for model, rows in make_rows(numbers, chance, vocabulary).items():
            connection.execute(insert(model), rows)
        search.replace_entries(connection, {}, search.read_entries(connection, numbers))


def settle(url: str) -> None:
    """What the engine does by itself some time after so many new rows."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if engine.name == "postgresql" else "ANALYZE")
    engine.dispose()


def make_site(number: int) -> dict[str, Any]:
    """An office."""
    province = f"{number % 38 + 11}"
    names = {
        "label": f"kota-{number}",
        "name": f"Kota {number}",
        "level": "kota",
        "timezone": "Asia/Jakarta",
    }
    return {"id": number, "code": f"{province}.{number}", "province_code": province, **names}


def make_run() -> dict[str, Any]:
    """The run that brought all."""
    return {
        "id": 1,
        "spider": "bench",
        "arguments": {},
        "version": "0",
        "scheme": "https",
        "started_at": NOW,
    }


def make_rows(
    numbers: range, chance: random.Random, vocabulary: list[str]
) -> dict[type[models.Base], list[Any]]:
    """The rows of some articles in the order that foreign keys ask for."""
    rows: dict[type[models.Base], list[Any]] = {
        model: []
        for model in (models.Page, models.Capture, models.Text_, models.Reading, models.Document)
    }
    for n in numbers:
        site, day = (
            n % 552 + 1,
            None if n % 10 == 0 else date(2016, 1, 1) + timedelta(days=chance.randrange(3652)),
        )
        body = make_body(n, chance, vocabulary)
        url = f"https://kota-{site}.kpu.go.id/blog/read/{n}"
        rows[models.Page].append(
            {
                "id": n,
                "site_id": site,
                "route": "blog",
                "key": str(n),
                "url": url,
                "first_seen": NOW,
            }
        )
        asked = {
            "url": url,
            "canonical": f"/blog/read/{n}",
            "fetched_at": NOW,
            "headers": {},
            "tls": "none",
        }
        rows[models.Capture].append(
            {"id": n, "run_id": 1, "site_id": site, "page_id": n, "source": "bench", **asked}
        )
        rows[models.Text_].append({"id": n, "digest": f"{n:064}", "title": body[:50], "body": body})
        flags: dict[str, list[str]] = {
            "dateline_flags": [],
            "event_flags": [],
            "published_flags": [],
        }
        read = {"kind": "article", "template": "t", "skeleton": "s", **flags}
        credits = {
            "writers": [f"Nama {n % 700}"],
            "category": "Berita Terkini",
            "section": "berita",
        }
        rows[models.Reading].append(
            {"id": n, "capture_id": n, "reader_version": "1", "text_id": n, **read, **credits}
        )
        seen = {"first_seen": NOW, "last_seen": NOW, "captures": 1, "revisions": 1}
        dated = {"published_earliest": day, "published_latest": day}
        rows[models.Document].append(
            {
                "page_id": n,
                "site_id": site,
                "reading_id": n,
                "text_id": n,
                "published_flags": [],
                **dated,
                **seen,
            }
        )
    return rows


def make_body(number: int, chance: random.Random, vocabulary: list[str]) -> str:
    """150 words, some of them in most articles, and one in a thousand articles a rare one."""
    words = chance.choices(vocabulary, k=110) + chance.choices(COMMON, k=40)
    chance.shuffle(words)
    rare = [f"katalangka{number % 10}"] if number % 1000 == 7 else []
    return " ".join(words[:75] + rare + words[75:100]) + ". " + " ".join(words[100:]) + "."


def compare(engine: Engine) -> None:
    """Ask every question in turn, all contenders in each round, and print a row for each."""
    head = f"{'found':>8}{'search p50 / p95 ms':>21}{'statements':>11}{'LIKE':>10}{'join':>10}{'LIKE/ours':>11}"
    print(f"{'question':28}{head}")
    for name, (query, filters) in QUESTIONS.items():
        with db.read(engine) as connection:
            print(f"{name:28}{measure(connection, query, filters)}")


def measure(connection: Connection, query: str, filters: dict[str, Any]) -> str:
    """The figures of one question."""
    contenders: list[Callable[[], object]] = [
        lambda: search.search(connection, query, **filters),
        lambda: search.search(connection, query, **filters, limit=1),
        lambda: connection.execute(scan(connection, query, filters)).all(),
        lambda: connection.execute(join(connection, query, filters)).all(),
    ]
    times: list[list[float]] = [[] for _ in contenders]
    for turn in range(ROUNDS):
        for ask, taken in zip(contenders, times, strict=True):
            if ask is contenders[2] and turn >= 3:  # it takes seconds
                continue
            started = time.perf_counter()
            ask()
            taken.append((time.perf_counter() - started) * 1000)
    ours, statements, like, joined = (statistics.median(taken) for taken in times)
    p95 = statistics.quantiles(times[0], n=20)[18]
    found = search.search(connection, query, **filters).total
    return (
        f"{found:8}{ours:13.1f} / "
        f"{p95:.1f}{statements:11.1f}{like:11.1f}{joined:10.1f}{like / ours:10.0f}x"
    )


def scan(connection: Connection, query: str, filters: dict[str, Any]) -> Any:
    """What one would write without an index: LIKE for every word, newest first."""
    document, text = models.Document, models.Text_
    statement = select(document.page_id, func.count().over()).join(
        text, document.text_id == text.id
    )
    for word in query.replace('"', " ").split():
        statement = statement.where(
            or_(text.title.ilike(f"%{word}%"), text.body.ilike(f"%{word}%"))
        )
    return (
        statement.where(*narrow(filters))
        .order_by(document.published_earliest.desc().nulls_last())
        .limit(20)
    )


def join(connection: Connection, query: str, filters: dict[str, Any]) -> Any:
    """The index of words, filters by joining the articles, all matches counted and ranked."""
    found = find_index(connection).match(Terms(parse_query(query)[0])).subquery()
    statement = select(found.c.page_id, func.count().over()).join(
        models.Document, models.Document.page_id == found.c.page_id
    )
    return statement.where(*narrow(filters)).order_by(found.c.rank).limit(20)


def narrow(filters: dict[str, Any]) -> Iterator[Any]:
    """The filters as conditions on the articles' table."""
    if "site" in filters:
        site = select(models.Site.id).where(models.Site.label == filters["site"]).scalar_subquery()
        yield models.Document.site_id == site
    if "since" in filters:
        yield models.Document.published_latest >= filters["since"]
    if "until" in filters:
        yield models.Document.published_earliest <= filters["until"]


if __name__ == "__main__":
    main()
