"""Undated articles get the days that their neighbours leave, in the tables, the view, the index and
for people."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from archive.cli.text import format_article, format_hit
from archive.database.engine import read
from archive.derive.dates import CROWD, date_run
from archive.derive.documents import rebuild
from archive.ingest.writer import end_run
from archive.read.articles import show_article
from archive.records import Capture, RunEnd
from archive.search import search
from tests.archive.cli.test_commands import run
from tests.archive.derive.test_documents import read_derived
from tests.archive.making import (
    CILACAP,
    SURAKARTA,
    at,
    begin,
    make_article,
    make_listing,
    run_sql,
    save,
)

DAY = date(2024, 3, 1)
SINCE, UNTIL = date(2024, 3, 1), date(2024, 3, 31)


def make_dated(number: int, days: int | None, source: str = "metadata", **changes: Any) -> Capture:
    """An article by its own evidence so many days after the first of March 2024, or undated."""
    day = None if days is None else DAY + timedelta(days=days)
    own = {
        "published_earliest": day,
        "published_latest": day,
        "published_source": source if day else None,
    }
    return make_article(number, number, **(own | changes))


def finish(engine: Engine, run_id: int, *captures: Capture) -> None:
    """Save captures and end their run."""
    save(engine, run_id, *captures)
    end_run(engine, run_id, RunEnd(at(9000), 0, "done", {}))


def tell(engine: Engine, number: int) -> tuple[str, ...]:
    """First and last day, source and flags in the view."""
    columns = (
        "published_earliest, published_latest, published_precision, published_source, "
        "published_flags"
    )
    query = f"SELECT {columns} FROM articles WHERE site = 'kota-surakarta' AND page = '{number}'"
    return tuple(str(value) for value in run_sql(engine, query)[0])


@pytest.fixture
def filled(archive: Engine) -> Engine:
    """An office whose third article has no date and whose fifth is old; another office's numbers
    are its own."""
    run_id = begin(archive)
    dated = [
        make_dated(n, days) for n, days in ((1, 0), (2, 10), (3, None), (4, 20), (5, -900), (6, 30))
    ]
    finish(archive, run_id, *dated, make_dated(3, None, site=CILACAP.code))
    return archive


def test_undated_article_gets_an_interval(filled: Engine) -> None:
    """The view tells the interval and its source; the numbers of another office bound nothing."""
    rows = run_sql(
        filled, "SELECT site, published_earliest, published_source FROM articles WHERE page = '3'"
    )
    assert [(row[0], str(row[1])[:10], row[2]) for row in sorted(rows)] == [
        ("kab-cilacap", "None", None),
        ("kota-surakarta", "2024-03-11", "neighbours"),
    ]
    assert tell(filled, 4) == ("2024-03-21", "2024-03-21", "None", "metadata", "None")
    assert tell(filled, 5)[3:] == ("metadata", "backdated")


def test_interval_is_searched_and_told(filled: Engine) -> None:
    """Periods find the article marked as uncertain, flags find what is odd, people read where the
    days come from."""
    with read(filled) as connection:
        hits = search.search(connection, since=SINCE, until=date(2024, 3, 15)).hits
        odd = search.search(connection, flag="backdated").hits
        told = format_article(show_article(connection, "kota-surakarta/3")).splitlines()
        told_odd = format_article(show_article(connection, "kota-surakarta/5")).splitlines()
    assert {hit.page: hit.crosses for hit in hits}["kota-surakarta/3"] is True
    assert [(hit.page, hit.published_flags) for hit in odd] == [
        ("kota-surakarta/5", ("backdated",))
    ]
    assert format_hit(odd[0])["published"] == "2021-09-13 [backdated]"
    assert "published   2024-03-11..2024-03-22 (interval, neighbours, between 2 and 4)" in told
    assert "published   2021-09-13 (metadata) [backdated]" in told_odd


def test_command_line_asks_for_flags(filled: Engine, archive_url: str) -> None:
    """`search --flag backdated` finds them; an unknown flag is misuse that names the known ones."""
    filled.dispose()
    done = run("search", "--flag", "backdated", "--format", "json", url=archive_url)
    assert [(hit["page"], hit["published_flags"]) for hit in json.loads(done.stdout)] == [
        ("kota-surakarta/5", ["backdated"])
    ]
    wrong = run("search", "--flag", "kemarin", url=archive_url)
    assert wrong.returncode == 2 and "postdated" in wrong.stderr


def test_new_neighbour_narrows_the_interval(filled: Engine) -> None:
    """An article that is read later bounds those that were there, and the index follows."""
    finish(filled, 1, make_dated(7, 40), make_dated(2, 19, fetched_at=at(900)))
    assert tell(filled, 3)[:2] == ("2024-03-20", "2024-03-22")
    with read(filled) as connection:
        assert search.search(connection, "rapat", since=SINCE, until=date(2024, 3, 12)).total == 1


def test_visit_keeps_the_interval_until_the_run_ends(filled: Engine) -> None:
    """Reading an undated article again does not make it undated; reading its date does replace the
    interval."""
    save(filled, 1, make_dated(3, None, fetched_at=at(900)))
    assert tell(filled, 3)[3] == "neighbours"
    save(filled, 1, make_dated(3, 15, fetched_at=at(901)))
    assert tell(filled, 3)[:4:3] == ("2024-03-16", "metadata")


@pytest.mark.parametrize(
    ("article", "told"),
    [
        (
            make_dated(3, 400, "image"),
            ("2024-03-11", "2024-03-22", "interval", "neighbours", "postdated"),
        ),
        (
            make_dated(3, 400, "printed"),
            ("2025-04-05", "2025-04-05", "None", "printed", "postdated"),
        ),
        (
            make_dated(3, 700, "printed"),
            ("2024-03-11", "2024-03-22", "interval", "neighbours", "future"),
        ),
        (
            make_dated(3, None, published_flags=("future",)),
            ("2024-03-11", "2024-03-22", "interval", "neighbours", "future"),
        ),
        (
            make_dated(3, 400, "dateline", published_flags=("inferred", "weekday")),
            ("2024-03-11", "2024-03-22", "interval", "neighbours", "inferred; weekday"),
        ),
        (
            make_dated(3, 400, "dateline", published_flags=("inferred",)),
            ("2025-04-05", "2025-04-05", "None", "dateline", "inferred; postdated"),
        ),
        (make_dated(3, 4, "dateline"), ("2024-03-05", "2024-03-05", "None", "dateline", "None")),
        (
            make_dated(3, 2, "dateline"),
            ("2024-03-03", "2024-03-03", "None", "dateline", "backdated"),
        ),
    ],
)
def test_day_off_the_order(archive: Engine, article: Capture, told: tuple[str, ...]) -> None:
    """An upload after its neighbours gives way to them, a printed day stays and is flagged, the
    future is not believed, a year by its weekday is not either, and a dateline may be a week
    old."""
    finish(
        archive,
        begin(archive),
        *(make_dated(n, days) for n, days in ((1, 0), (2, 10), (4, 20), (5, 30))),
        article,
    )
    assert tell(archive, 3) == told


def test_moved_site_dates_nothing(archive: Engine) -> None:
    """When all pictures were uploaded on one day, fewer datelines outweigh them, and bound their
    articles."""
    run_id, count = begin(archive), 2 * CROWD
    moved = [make_dated(n, 500, "image") for n in range(1, count) if n % 3]
    finish(archive, run_id, *moved, *(make_dated(n, n, "dateline") for n in range(3, count, 3)))
    assert tell(archive, 31) == ("2024-03-31", "2024-04-10", "interval", "neighbours", "postdated")


def test_numbers_of_one_route_count(archive: Engine) -> None:
    """Routes count for themselves, and what is no number has no neighbours."""
    other = [make_dated(n, days, page=("berita", str(n))) for n, days in ((1, 100), (9, 110))]
    named = make_dated(50, None, page=("url", "/profil"), canonical="/profil")
    finish(
        archive,
        begin(archive),
        make_dated(2, 0),
        make_dated(3, None),
        make_dated(4, 9),
        *other,
        named,
    )
    assert tell(archive, 3)[:2] == ("2024-03-01", "2024-03-11")
    assert run_sql(archive, "SELECT published_source FROM articles WHERE page = 'url:/profil'") == [
        (None,)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_rebuild_gives_the_same_dates(archive: Engine, seed: int) -> None:
    """After runs in any order a rebuild derives every interval, flag and token of the index as it
    was."""
    run_id, numbers = begin(archive), random.Random(seed)
    sources = ("metadata", "image", "dateline", "event", "last-modified", "address")
    for visit in range(4):
        batch = []
        for _ in range(25):
            number = numbers.randrange(1, 40)
            days = numbers.choice((None, number, number * 9, numbers.randrange(900)))
            site = numbers.choice((SURAKARTA.code, CILACAP.code))
            seen = at(1000 * visit + numbers.randrange(900))
            batch.append(
                make_dated(number, days, numbers.choice(sources), site=site, fetched_at=seen)
            )
        finish(archive, run_id, *batch)
    with archive.begin() as connection:
        before = read_derived(connection)
        rebuild(connection, say=lambda line: None)
        assert read_derived(connection) == before
    said = run_sql(archive, "SELECT published_source, published_flags FROM articles")
    assert {"neighbours", "metadata"} <= {source for source, _ in said}
    assert any(flags for _, flags in said)


def test_dating_again_writes_nothing(filled: Engine) -> None:
    """An office whose days are as they should be is only read."""
    said: list[str] = []
    event.listen(filled, "before_cursor_execute", lambda *call: said.append(call[2]))
    date_run(filled, 1)
    assert said and not [line for line in said if line.startswith(("UPDATE", "INSERT", "DELETE"))]


def test_run_dates_only_what_it_touched(filled: Engine) -> None:
    """A run leaves the offices alone that it did not visit."""
    with filled.begin() as connection:
        connection.execute(
            text(
                "UPDATE documents SET published_source = 'x' WHERE published_source = 'neighbours'"
            )
        )
    other = begin(filled)
    finish(filled, other, make_dated(4, 1, site=CILACAP.code))
    assert tell(filled, 3)[3] == "x"
    finish(filled, other, make_dated(9, 99))
    assert tell(filled, 3)[3] == "neighbours"


def make_created(number: int, days: int, *, hour: int = 5) -> Capture:
    """A listing of the site's JSON that says when an article was created."""
    created = datetime(2024, 3, 1, hour, tzinfo=UTC) + timedelta(days=days)
    shown = make_listing([(number, f"Rapat Pleno {number}", None)], 500 + number, page=number)
    assert shown.reading is not None
    sightings = tuple(replace(sighting, created=created) for sighting in shown.reading.sightings)
    return replace(shown, reading=replace(shown.reading, sightings=sightings))


@pytest.mark.parametrize(
    ("own", "source", "created", "told"),
    [
        (None, "", 4, ("2024-03-05", "api", [])),
        (2, "dateline", 4, ("2024-03-05", "api", [])),
        (2, "dateline", 300, ("2024-03-03", "dateline", ["contradicted"])),
        (9, "event", 4, ("2024-03-10", "event", ["contradicted"])),
        (2, "printed", 4, ("2024-03-03", "printed", [])),
    ],
)
def test_creation_told_by_the_sites_json(
    archive: Engine, own: int | None, source: str, created: int, told: tuple[str, str, list[str]]
) -> None:
    """The JSON's time dates what the page dates worse, and is doubted where the page's text rules
    it out."""
    run_id = begin(archive)
    finish(archive, run_id, make_dated(1, own, source), make_created(1, created))
    query = "SELECT published_earliest, published_source, published_flags FROM documents"
    ((day, by, flags),) = run_sql(archive, query)
    assert (str(day), by, json.loads(flags) if isinstance(flags, str) else flags) == told


def test_creation_late_in_the_evening(archive: Engine) -> None:
    """The day of the creation is that of the office's clock."""
    run_id = begin(archive)
    finish(archive, run_id, make_dated(1, None), make_created(1, 0, hour=18))
    assert [
        str(day) for (day,) in run_sql(archive, "SELECT published_earliest FROM documents")
    ] == ["2024-03-02"]


@pytest.mark.parametrize(
    ("source", "before", "after"),
    [
        ("metadata", 0, 1),
        ("printed", 0, 1),
        ("address", 0, 1),
        ("image", 0, 3),
        ("attachment", 0, 3),
        ("dateline", 0, 7),
        ("event", 7, 14),
    ],
)
def test_how_far_the_days_of_a_source_bound(
    archive: Engine, source: str, before: int, after: int
) -> None:
    """Between the tenth and the twentieth day of a source lies an undated article, give or take as
    many days as a post is before or after what the source tells."""
    dated = [make_dated(n, days, source) for n, days in ((1, 0), (2, 10), (4, 20), (5, 30))]
    finish(archive, begin(archive), *dated, make_dated(3, None))
    first, last = DAY + timedelta(days=10 - before), DAY + timedelta(days=20 + after)
    assert tell(archive, 3)[:2] == (str(first), str(last))
