"""How long a search takes, and what its index costs, beside the engines of both databases.

    python -m bench.search [--articles 100000] [--contenders] [--folder DIR]

Makes an archive of invented articles of real length in SQLite, in a temporary folder or in the one
named, where a second run finds it; then the index, and prints what both cost. For each question it
prints p50 and p95 of a whole search (count, facets, first 20 hits, passages), with `--contenders`
beside FTS5 and PostgreSQL's tsvector over the same words, which count and rank and no more.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, insert, text

from archive.database import engine as db
from archive.database import models
from archive.derive.changes import note_changes
from archive.search import search
from archive.search.options import Facet, Sort
from archive.search.tokens import fold_words, stem_word
from archive.search.upkeep import find_folder, rebuild_index

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 2, 1, tzinfo=UTC)
VOCABULARY = 60_000
"""Words there are: with the exponents below as many as in 10,000 real articles."""
EXPONENT, SHIFT = 1.05, 2.7
"""Of Zipf's law as Mandelbrot has it, fitted to Indonesian news."""
WORDS = 550
"""Of one article: some 4 kB."""
POOL = 4_000
"""Runs of words that articles are pieced together from, each of two."""
BATCH = 1000
ROUNDS = 21
EDITED = 20
"""Every so many articles one was edited."""
FACETS = (Facet.OFFICE, Facet.YEAR, Facet.CATEGORY, Facet.LEVEL)
YEAR = {"since": date(2024, 1, 1), "until": date(2024, 12, 31)}


def main() -> None:
    """Fill an archive, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--contenders", action="store_true")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with ExitStack() as stack:
        place = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{place / f'archive-{options.articles}.db'}"
        engine = db.open_writer(url, say=print)
        stack.callback(engine.dispose)
        words = make_vocabulary()
        with engine.begin() as connection:
            if connection.scalar(text("SELECT max(page_id) FROM documents")) is None:
                fill(connection, options.articles, words)
        build(engine, options.articles)
        contenders = []
        if options.contenders:
            contenders = [make_fts(stack, engine, place), make_tsvector(stack, engine)]
        compare(engine, make_questions(words), contenders)


def make_vocabulary() -> list[str]:
    """Words, the most frequent first: short ones of open syllables."""
    chance = random.Random(7)
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        syllables = range(chance.choice((2, 2, 3, 3, 4)))
        words[
            "".join(chance.choice("bdgklmnprstwy") + chance.choice("aiueo") for _ in syllables)
        ] = None
    return list(words)


def make_questions(words: list[str]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Each class with a query and filters."""
    common, other, third, rare = words[12], words[30], words[45], words[20_000]
    return {
        "rare word": (rare, {}),
        "common word": (common, {}),
        "two common words": (f"{common} {other}", {}),
        "phrase of two": (f'"{common} {other}"', {}),
        "phrase of three": (f'"{common} {other} {third}"', {}),
        "prefix": (f"{words[400][:4]}*", {}),
        "OR": (f"{common} OR {rare}", {}),
        "without": (f"{common} -{other}", {}),
        "office": (common, {"site": "kota-100"}),
        "province and year": (common, {"province": "25", **YEAR}),
        "year": (common, YEAR),
        "as of a day": (common, {"as_of": date(2026, 1, 15)}),
        "newest": ("", {}),
        "newest of a word": (common, {"sort": Sort.DATE}),
        "most read of a word": (common, {"sort": Sort.VIEWS}),
    }


def fill(connection: Connection, articles: int, words: list[str]) -> None:
    """Articles of 552 offices over ten years; a tenth has no date."""
    chance = random.Random(1)
    weights = list(accumulate((rank + SHIFT) ** -EXPONENT for rank in range(VOCABULARY)))
    pool = [chance.choices(words, cum_weights=weights, k=WORDS) for _ in range(POOL)]
    connection.execute(insert(models.Site), [make_site(n) for n in range(1, 553)])
    connection.execute(insert(models.Run), [make_run()])
    for first in range(1, articles + 1, BATCH):
        numbers = range(first, min(first + BATCH, articles + 1))
        for model, rows in make_rows(numbers, chance, pool).items():
            connection.execute(insert(model), rows)
        note_changes(connection, numbers)


def build(engine: Engine, articles: int) -> None:
    """Make the index, and tell what it takes."""
    with db.read(engine) as connection:
        folder = find_folder(connection)
        started = time.process_time()
        rebuild_index(connection, folder, print)
        taken = time.process_time() - started
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{articles:,} articles indexed: {taken / articles * 1e6:.0f} µs CPU and "
        f"{size / articles:,.0f} bytes each, {memory / 1000:.0f} MB at most in memory"
    )


def make_site(number: int) -> dict[str, Any]:
    """An office."""
    province = f"{number % 38 + 11}"
    is_province = number <= 38
    names = {
        "label": f"kota-{number}",
        "name": f"Kota {number}",
        "level": "provinsi" if is_province else "kota",
        "timezone": "Asia/Jakarta",
    }
    code = province if is_province else f"{province}.{number}"
    return {"id": number, "code": code, "province_code": province, **names}


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
    numbers: range, chance: random.Random, pool: list[list[str]]
) -> dict[type[models.Base], list[Any]]:
    """The rows of some articles in the order that foreign keys ask for."""
    tables = models.Page, models.Capture, models.Text_, models.Reading, models.Document
    rows: dict[type[models.Base], list[Any]] = {model: [] for model in tables}
    for number in numbers:
        add_article(rows, number, chance, pool)
    return rows


def add_article(
    rows: dict[type[models.Base], list[Any]],
    number: int,
    chance: random.Random,
    pool: list[list[str]],
) -> None:
    """An article as it came, and for some as it came a month later, edited."""
    site = number % 552 + 1
    day = date(2016, 1, 1) + timedelta(days=chance.randrange(3652)) if number % 10 else None
    url = f"https://kota-{site}.kpu.go.id/blog/read/{number}"
    page = {"id": number, "site_id": site, "route": "blog", "key": str(number), "url": url}
    rows[models.Page].append(page | {"first_seen": NOW})
    times = [NOW, LATER] if number % EDITED == 0 else [NOW]
    for revision, at in enumerate(times):
        id_ = number * 2 + revision
        capture = {"id": id_, "run_id": 1, "site_id": site, "page_id": number, "url": url}
        asked = {"canonical": f"/blog/read/{number}", "fetched_at": at, "headers": {}}
        rows[models.Capture].append(
            capture | asked | {"tls": "none", "source": "bench", "answer": "article"}
        )
        body = make_body(chance, pool)
        title = " ".join(body.split(maxsplit=9)[:9])
        rows[models.Text_].append({"id": id_, "digest": f"{id_:064}", "title": title, "body": body})
        rows[models.Reading].append(make_reading(id_, chance))
    rows[models.Document].append(
        {
            "page_id": number,
            "site_id": site,
            "reading_id": id_,
            "text_id": id_,
            "category": rows[models.Reading][-1]["category"],
            "published_flags": [],
            "published_earliest": day,
            "published_latest": day,
            "views": int(chance.paretovariate(0.8) * 20) % 100_000,
            "first_seen": NOW,
            "last_seen": at,
            "captures": len(times),
            "revisions": len(times),
        }
    )


def make_reading(id_: int, chance: random.Random) -> dict[str, Any]:
    """A reading with a writer of some twenty at each of 552 offices."""
    empty: dict[str, list[str]] = {"dateline_flags": [], "event_flags": [], "published_flags": []}
    return {
        "id": id_,
        "capture_id": id_,
        "reader_version": "1",
        "text_id": id_,
        "kind": "article",
        "template": "t",
        "skeleton": "s",
        "writers": [f"Nama {chance.randrange(11_000)}"],
        "category": f"Kategori {chance.randrange(30)}",
        "section": "berita",
        **empty,
    }


def make_body(chance: random.Random, pool: list[list[str]]) -> str:
    """Words of the end of one run and of the beginning of another, in sentences."""
    cut = chance.randrange(WORDS)
    words = chance.choice(pool)[cut:] + chance.choice(pool)[:cut]
    return ". ".join(" ".join(words[n : n + 18]) for n in range(0, WORDS, 18)) + "."


@dataclass
class Contender:
    """Another engine over the same words."""

    name: str
    ask: Callable[[str, dict[str, Any]], int] = field(repr=False)
    """Count and rank, and return how many."""


def make_fts(stack: ExitStack, engine: Engine, place: Path) -> Contender:
    """FTS5 over stems, in a file of its own."""
    path = place / "fts.db"
    path.unlink(missing_ok=True)
    other = create_engine(f"sqlite:///{path}")
    stack.callback(other.dispose)
    started = time.process_time()
    with other.begin() as target:
        target.execute(text("CREATE VIRTUAL TABLE words USING fts5(title, body, content='')"))
        sql = text("INSERT INTO words (rowid, title, body) VALUES (:id, :title, :body)")
        for rows in read_words(engine):
            target.execute(sql, rows)
    tell_cost("FTS5", started, rows[-1]["id"])
    connection = stack.enter_context(other.connect())

    def ask(query: str, filters: dict[str, Any]) -> int:
        match = write_query(query, '"{}"', " AND ", " OR ", " ")
        matches = "FROM words WHERE words MATCH :match"
        count = connection.scalar(text(f"SELECT count(*) {matches}"), {"match": match})
        best = text(f"SELECT rowid {matches} ORDER BY bm25(words, 10, 1) LIMIT 20")
        connection.execute(best, {"match": match}).all()
        return count or 0

    return Contender("FTS5", ask)


def make_tsvector(stack: ExitStack, engine: Engine) -> Contender:
    """PostgreSQL over stems, in a server of its own."""
    from tests.conftest import find_server, stop_server

    folder = Path(tempfile.mkdtemp(prefix="kpu-bench-"))
    stack.callback(stop_server, folder)
    url = find_server(folder).replace("postgresql://", "postgresql+psycopg://")
    other = create_engine(url)
    stack.callback(other.dispose)
    started = time.process_time()
    with other.begin() as target:
        target.execute(text("CREATE TABLE words (id bigint PRIMARY KEY, tokens tsvector)"))
        sql = text(
            "INSERT INTO words VALUES (:id, setweight(array_to_tsvector(string_to_array("
            ":title, ' ')), 'A') || to_tsvector('simple', :body))"
        )
        for rows in read_words(engine):
            target.execute(sql, rows)
        target.execute(text("CREATE INDEX ON words USING gin (tokens)"))
    with other.connect().execution_options(isolation_level="AUTOCOMMIT") as target:
        target.execute(text("VACUUM ANALYZE words"))
    tell_cost("PostgreSQL (its client alone)", started, rows[-1]["id"])
    connection = stack.enter_context(other.connect())

    def ask(query: str, filters: dict[str, Any]) -> int:
        match = write_query(query, "'{}'", " & ", " | ", "' <-> '")
        sql = (
            "SELECT id, count(*) OVER () FROM words WHERE tokens @@ CAST(:match AS tsquery) "
            "ORDER BY ts_rank(tokens, CAST(:match AS tsquery)) DESC LIMIT 20"
        )
        found = connection.execute(text(sql), {"match": match}).all()
        return found[0][1] if found else 0

    return Contender("tsvector", ask)


def read_words(engine: Engine) -> Iterator[list[dict[str, Any]]]:
    """The stems of all articles, some at a time."""
    sql = text(
        "SELECT page_id AS id, title, body FROM documents JOIN texts ON texts.id = text_id "
        "WHERE page_id > :after ORDER BY page_id LIMIT 1000"
    )
    after = 0
    while True:
        with db.read(engine) as connection:
            found = connection.execute(sql, {"after": after}).all()
        if not found:
            return
        yield [
            {"id": row.id, "title": join_stems(row.title), "body": join_stems(row.body)}
            for row in found
        ]
        after = found[-1].id


def join_stems(words: str) -> str:
    """The stems of a text."""
    return " ".join(map(stem_word, fold_words(words)))


def write_query(query: str, quote: str, every: str, some: str, next_to: str) -> str:
    """The same question in an engine's own language."""
    if query.startswith('"'):
        return quote.format(next_to.join(map(stem_word, query.strip('"').split())))
    joined = some if " OR " in query else every
    return joined.join(quote.format(stem_word(word)) for word in query.replace(" OR ", " ").split())


def tell_cost(name: str, started: float, articles: int) -> None:
    """What an engine took to fill."""
    taken = time.process_time() - started
    print(f"{name}: {taken / articles * 1e6:.0f} µs CPU an article")


def compare(
    engine: Engine,
    questions: dict[str, tuple[str, dict[str, Any]]],
    contenders: list[Contender],
) -> None:
    """Ask every question in turn, all contenders in each round, and print a row for each."""
    others = "".join(f"{one.name:>12}" for one in contenders)
    print(f"{'question':22}{'found':>9}{'p50':>9}{'p95':>9}{'no facets':>11}{others}   ms")
    for name, (query, filters) in questions.items():
        asked = [one for one in contenders if not filters and query and not set(query) & set("*-")]
        with db.read(engine) as connection:
            print(f"{name:22}{measure(connection, query, filters, asked)}", flush=True)


def measure(
    connection: Connection, query: str, filters: dict[str, Any], contenders: list[Contender]
) -> str:
    """The figures of one question."""
    asks: list[Callable[[], object]] = [
        lambda: search.search(connection, query, facets=FACETS, **filters),
        lambda: search.search(connection, query, **filters),
        *(lambda one=one: one.ask(query, filters) for one in contenders),  # type: ignore[misc]
    ]
    times: list[list[float]] = [[] for _ in asks]
    for _ in range(ROUNDS):
        for ask, taken in zip(asks, times, strict=True):
            if sum(taken) > SLOW:
                continue
            started = time.perf_counter()
            ask()
            taken.append((time.perf_counter() - started) * 1000)
    found = search.search(connection, query, **filters).total
    ours, plain, *others = (statistics.median(taken) for taken in times)
    p95 = statistics.quantiles(times[0], n=20)[18]
    told = "".join(f"{other:9.1f} ms" for other in others)
    return f"{found:9,}{ours:9.1f}{p95:9.1f}{plain:11.1f}{told}"


SLOW = 10_000
"""Milliseconds after which a contender is asked no more."""


if __name__ == "__main__":
    main()
