"""What is derived: articles as they stand, clusters of copies, the index; incrementally and by
rebuilding."""

from __future__ import annotations

import random
from dataclasses import astuple, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from archive.database.engine import read
from archive.derive.documents import PAGES_AT_ONCE, rebuild, refresh_documents
from archive.ingest.digests import digest_text
from archive.ingest.readings import ReadCapture, save_readings
from archive.records import Capture
from archive.search.entries import read_entries
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

LETTERS = BODY.replace("rapat pleno", "sosialisasi")
OTHER = " ".join(f"Alinea lain nomor {n} berbeda {n * n} sama sekali." for n in range(100, 120))
"""Nothing like the others."""


def read_clusters(engine: Engine) -> list[tuple[Any, ...]]:
    return run_sql(engine, "SELECT page_id, cluster_id FROM clusters ORDER BY page_id")


def read_derived(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All derived rows, and all that an index is made of."""
    queries = {
        "documents": "SELECT * FROM documents ORDER BY page_id",
        "clusters": "SELECT * FROM clusters ORDER BY page_id",
    }
    found = {
        name: [tuple(row) for row in connection.execute(text(query))]
        for name, query in queries.items()
    }
    page_ids = [row[0] for row in found["documents"]]
    entries = map(astuple, read_entries(connection, page_ids))
    return found | {"index": sorted(entries, key=lambda entry: entry[:2])}


def test_revisions_are_runs_of_equal_text(archive: Engine) -> None:
    """An edit that is taken back makes three revisions, of two texts; visits in between make
    none."""
    run_id = begin(archive)
    for visit, body in enumerate((BODY, BODY, LETTERS, LETTERS, BODY)):
        save(archive, run_id, make_article(1, visit, views=visit, body=body))
    assert run_sql(archive, "SELECT revisions, captures, views FROM documents") == [(3, 5, 4)]
    assert run_sql(archive, "SELECT count(*) FROM texts") == [(2,)]


@pytest.mark.parametrize(("reader", "revisions"), [("1", 2), ("2", 1)])
def test_what_another_reader_reads_is_no_revision(
    archive: Engine, reader: str, revisions: int
) -> None:
    """A text that changed with the version of the reader may be the same page; with the same
    version it was edited."""
    run_id = begin(archive)
    save(archive, run_id, make_article(1))
    save(archive, run_id, make_article(1, 10, body=LETTERS, reader_version=reader))
    assert run_sql(archive, "SELECT revisions FROM documents") == [(revisions,)]


def test_late_capture_takes_its_place_in_time(archive: Engine) -> None:
    """An older capture that arrives later is compared with its neighbours in time, and is not the
    present text."""
    run_id = begin(archive)
    save(archive, run_id, make_article(1, 0), make_article(1, 20))
    save(archive, run_id, make_article(1, 10, body=LETTERS, source="import"))
    assert run_sql(archive, "SELECT revisions, captures FROM documents") == [(3, 3)]
    assert run_sql(archive, "SELECT body FROM articles") == [(BODY,)]


def test_last_good_text_stays(archive: Engine) -> None:
    """A page that answers 404, a maintenance page or nothing keeps its article."""
    run_id = begin(archive)
    article = make_article(1)
    assert article.reading is not None
    missing = replace(
        article.reading, kind="missing", title=None, body=None, published_earliest=None
    )
    save(archive, run_id, article)
    save(archive, run_id, make_article(1, 10, status=404, reading=missing, digests=None))
    save(
        archive,
        run_id,
        make_article(1, 20, status=None, error="timed out", reading=None, digests=None),
    )
    assert run_sql(archive, "SELECT title, revisions FROM articles") == [("Rapat Pleno 1", 1)]


def test_only_articles_are_documents(archive: Engine) -> None:
    """Pages that were only sighted, and pages that are no articles, are not in the view."""
    run_id = begin(archive)
    other = make_article(2)
    assert other.reading is not None
    other = replace(other, reading=replace(other.reading, kind="other", body=None), digests=None)
    save(archive, run_id, make_listing([(1, "Rapat", None)]), other)
    assert run_sql(archive, "SELECT * FROM articles") == []


def test_newest_reading_of_a_capture_counts(archive: Engine) -> None:
    """When a later reader reads the same bytes in another way, the article is what that reader
    read, unrevised."""
    run_id = begin(archive)
    captures = [make_article(1, minutes, body=f"Bagikan: {BODY}") for minutes in (0, 10)]
    save(archive, run_id, *captures)
    with archive.begin() as connection:
        read = [reread(capture_id, capture) for capture_id, capture in enumerate(captures, start=1)]
        save_readings(connection, read, {(1, read[0].page): 1})  # type: ignore[dict-item]
        refresh_documents(connection, [1])
    assert run_sql(archive, "SELECT body, section, revisions FROM articles") == [
        (BODY, "berita", 1)
    ]
    assert run_sql(archive, "SELECT count(*) FROM readings") == [(4,)]


def reread(capture_id: int, capture: Capture) -> ReadCapture:
    assert capture.reading is not None
    reading = replace(capture.reading, reader_version="2", body=BODY, section="berita")
    return ReadCapture(
        capture_id,
        1,
        1,
        capture.page,
        capture.fetched_at,
        reading,
        digest_text(reading.title, BODY, BODY),
    )


def test_listings_keep_an_article_alive_and_counted(archive: Engine) -> None:
    """An article is last seen where a listing last showed it, and has the count that was read last,
    wherever."""
    run_id = begin(archive)
    save(archive, run_id, make_listing([(1, "Rapat", 3)]), make_article(1, 10, views=4))
    save(archive, run_id, make_listing([(1, "Rapat", 9)], 60))
    seen = [
        str(value)[:19]
        for value in run_sql(archive, "SELECT first_seen, last_seen FROM articles")[0]
    ]
    assert seen == [str(time)[:19] for time in (at(0), at(60))]
    assert run_sql(archive, "SELECT views FROM articles") == [(9,)]


def test_copies_share_a_cluster(archive: Engine) -> None:
    """Reposts at other offices, in capitals or under another headline, belong to the lowest page;
    others do not."""
    run_id = begin(archive)
    save(archive, run_id, make_article(1), make_article(2, body=OTHER))
    assert read_clusters(archive) == []
    save(archive, run_id, make_article(1, site=CILACAP.code, title="Pleno", body=BODY.upper()))
    save(archive, run_id, make_article(9, body=BODY))
    assert read_clusters(archive) == [(1, 1), (3, 1), (4, 1)]
    assert run_sql(archive, "SELECT count(*), count(cluster) FROM articles") == [(4, 3)]


def test_revised_copy_leaves_its_cluster(archive: Engine) -> None:
    """A copy that is rewritten leaves; when only one page is left, there is no cluster."""
    run_id = begin(archive)
    save(archive, run_id, make_article(1), make_article(2), make_article(3))
    save(archive, run_id, make_article(1, 10, body=OTHER))
    assert read_clusters(archive) == [(2, 2), (3, 2)]
    save(archive, run_id, make_article(3, 20, body=OTHER))
    assert read_clusters(archive) == [(1, 1), (3, 1)]


def test_short_posts_are_no_copies(archive: Engine) -> None:
    """Posts of one image, all with the same few words, are not copies of each other."""
    save(
        archive,
        begin(archive),
        make_article(1, body="Selamat Hari Pahlawan"),
        make_article(2, body=""),
    )
    save(
        archive,
        begin(archive),
        make_article(3, body="Selamat Hari Pahlawan"),
        make_article(4, body=""),
    )
    assert read_clusters(archive) == []
    assert run_sql(archive, "SELECT count(*) FROM articles") == [(4,)]


def test_view_tells_an_article_in_one_row(archive: Engine) -> None:
    """The view joins writers, prefers the byline's unit and names pages of other routes by their
    route."""
    read: dict[str, Any] = {
        "writers": ("M. Muhni", "Asa"),
        "role": "Divisi Hukum",
        "editor": "Rudy",
        "byline_unit": "kpusurakarta",
        "dateline_unit": "KPU Surakarta",
        "place": "Surakarta",
        "category": "Berita Terkini",
        "published_latest": date(2025, 11, 2),
        "published_source": "dateline",
    }
    run_id = begin(archive)

    save(
        archive,
        run_id,
        make_article(1, **read),
        make_article(2, 1, page=("berita", "2"), dateline_unit="KPU"),
    )
    columns = (
        "page, writers, role, editor, unit, place, category, published_latest, published_source"
    )
    rows = [
        tuple(str(value) for value in row)
        for row in run_sql(archive, f"SELECT {columns} FROM articles ORDER BY page")
    ]
    assert rows == [
        (
            *(
                "1",
                "M. Muhni; Asa",
                "Divisi Hukum",
                "Rudy",
                "kpusurakarta",
                "Surakarta",
                "Berita Terkini",
            ),
            *("2025-11-02", "dateline"),
        ),
        ("berita:2", "None", "None", "None", "KPU", "None", "None", "None", "None"),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_rebuild_gives_the_same_rows(archive: Engine, seed: int) -> None:
    """After any history, throwing the derived rows away and deriving them again changes none of
    them."""
    run_id = begin(archive)
    numbers = random.Random(seed)
    bodies = [BODY, LETTERS, BODY.upper(), OTHER, "pendek", ""]
    for _ in range(15):
        batch: list[Capture] = []
        for _ in range(numbers.randrange(1, 9)):
            minutes, site = numbers.randrange(5000), numbers.choice([SURAKARTA.code, CILACAP.code])
            if numbers.random() < 0.2:
                shown = [
                    (number, f"Judul {number}", numbers.randrange(99))
                    for number in range(numbers.randrange(5))
                ]
                batch.append(make_listing(shown, minutes, site=site))
            else:
                body, writers = (
                    numbers.choice(bodies),
                    numbers.choice([("Asa",), ("Rudy", "Asa"), ()]),
                )
                batch.append(
                    make_article(
                        numbers.randrange(6), minutes, body=body, writers=writers, site=site
                    )
                )
        save(archive, run_id, *batch)
    with archive.begin() as connection:
        before = read_derived(connection)
        rebuild(connection, say=lambda line: None)
        assert read_derived(connection) == before
    assert len(before["documents"]) > 5
    assert before["clusters"]
    assert len(before["index"]) >= len(before["documents"])


def test_rebuild_repairs_what_was_damaged(archive: Engine) -> None:
    """Derived rows that were lost or falsified are right again after a rebuild, which tells how far
    it is."""
    run_id = begin(archive)
    save(archive, run_id, *(make_article(number, number) for number in range(1, 4)))
    with archive.begin() as connection:
        before = read_derived(connection)
        connection.execute(text("DELETE FROM clusters"))
        connection.execute(text("UPDATE documents SET views = 99, revisions = 99"))
        connection.execute(text("DELETE FROM documents WHERE page_id = 2"))
        said: list[str] = []
        rebuild(connection, said.append)
        assert read_derived(connection) == before
    assert said == ["named every capture and judged every visit", "rebuilt up to page 3 of 3"]
    assert PAGES_AT_ONCE > 3


def test_error_page_is_no_article(archive: Engine) -> None:
    """What a page answers with 500 or 404 is neither its text nor a revision, however much it reads
    like an article."""
    run = begin(archive)
    save(
        archive,
        run,
        make_article(1, title="Rapat", body="Pleno."),
        make_article(2, status=500, title="Error"),
    )
    save(archive, run, make_article(1, 5, status=500, title="Error", body="Error 500."))
    with read(archive) as connection:
        rows = connection.execute(text("SELECT page, title, revisions FROM articles")).all()
    assert [tuple(row) for row in rows] == [("1", "Rapat", 1)]
