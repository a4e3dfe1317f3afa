"""What is known of an article, of its captures, and of the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from archive.cli.text import format_article
from archive.database.engine import ArchiveError, read
from archive.ingest.writer import end_run
from archive.names import find_page
from archive.read.articles import show_article
from archive.read.captures import list_captures, load_snapshot
from archive.read.runs import list_runs
from archive.read.statistics import count_archive
from archive.records import Link, Problem, Reading, RunEnd
from tests.archive.making import CILACAP, DOUBT, at, begin, make_article, make_listing, render, save

BODY = (
    "Cilacap, 31 Oktober 2025 — "
    + " ".join(f"Kata ke-{n} dibahas." for n in range(20))
    + "\n\nOleh: Asa"
)
LINKS = (
    Link("image", "https://kpu.example/1.jpg", "Rapat", at(-60)),
    Link("attachment", "https://kpu.example/1.pdf", "Berita acara"),
)

ENDS_MIDWAY = Problem("cut", "", "The page ends midway.")


@pytest.fixture
def filled(archive: Engine) -> Engine:
    """An article captured four times, edited and edited back, copied elsewhere; a failure; a page
    never fetched."""
    run = begin(archive)
    first = make_article(
        *(1, 0),
        title="Rapat Data",
        body=BODY,
        views=5,
        category="Berita Terkini",
        writers=("Asa", "Budi"),
        role="Kasubag",
        editor="Munji",
        dateline="Cilacap, 31 Oktober 2025 —",
        place="Cilacap",
        dateline_date=date(2025, 10, 31),
        published_precision="day",
        published_source="dateline",
        published_evidence="31 Oktober 2025",
        problems=(DOUBT,),
        links=LINKS,
    )
    edited = make_article(1, 1440, title="Rapat Data", body=BODY + " (ralat)", views=9)
    gone = replace(
        first, fetched_at=at(3000), status=404, body=b"tidak ada", reading=None, digests=None
    )
    failed = replace(gone, fetched_at=at(3001), status=None, body=None, error="DNS lookup failed")
    save(archive, run, first, make_article(7, site=CILACAP.code, title="Salinan", body=BODY))
    save(archive, run, edited, make_listing([(1, "Rapat Data", 4), (99, "Belum diambil", 1)]))
    last = replace(first, fetched_at=at(2880), body=render("Rapat Data", BODY, 11))
    save(archive, run, last, gone, failed)
    save(archive, run, make_article(3, page=("berita", "3"), canonical="/berita/baca/3"))
    end_run(archive, run, RunEnd(at(4000), 3, "1 page failed", {"captures": 8}))
    return archive


def test_article_is_shown_with_all_that_is_known(filled: Engine) -> None:
    """Byline, dateline, date with evidence, counter, copies, links and doubts, times in the
    office's zone."""
    with read(filled) as connection:
        article = show_article(connection, "kota-surakarta/1")
    assert (article.title, article.office, article.body, article.category) == (
        *("Rapat Data", "Kota Surakarta", BODY),
        "Berita Terkini",
    )
    assert article.byline["writers"] == ["Asa", "Budi"]
    assert (article.dateline["place"], article.dateline["dateline_date"]) == (
        "Cilacap",
        date(2025, 10, 31),
    )
    assert article.published["evidence"] == "31 Oktober 2025"
    assert (article.captures, article.revisions) == (3, 3)
    assert [(copy["page"], copy["similarity"]) for copy in article.copies] == [
        ("kab-cilacap/7", 1.0)
    ]
    assert [link["url"] for link in article.links if link["kind"] == "image"] == [LINKS[0].url]
    assert [problem["seen"] for problem in article.problems] == ["31 November"]
    assert article.first_seen.tzinfo == ZoneInfo("Asia/Jakarta") and article.first_seen == at(0)
    assert article.views[-1]["at"].utcoffset() == article.first_seen.utcoffset()


def test_layout_tells_people_the_same(filled: Engine) -> None:
    """Every fact has its line, unknown ones have none, the body stands last."""
    with read(filled) as connection:
        told = format_article(show_article(connection, "kota-surakarta/1"))
    for line in (
        "page        kota-surakarta/1  (Kota Surakarta)",
        "writers     Asa; Budi",
        "role        Kasubag",
        "editor      Munji",
        "dateline    Cilacap, 2025-10-31",
        "published   2025-11-01 (day, dateline, 31 Oktober 2025)",
        "captures    3, revisions 3",
        "copy        kab-cilacap/7  2025-11-01",
        "attachment  https://kpu.example/1.pdf, Berita acara",
        "problem     published, there is no such day, 31 November",
    ):
        assert line in told.splitlines()
    assert "photographer" not in told and "None" not in told
    assert told.startswith("Rapat Data\n") and told.endswith("Oleh: Asa")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("kota-surakarta/99", "kota-surakarta/99 was seen but never read as an article"),
        ("kota-surakarta/12345", "no page kota-surakarta/12345"),
        ("kota-surakrta/1", "no office 'kota-surakrta'; nearest: kota-surakarta"),
        ("kota-surakarta", "'kota-surakarta' names no page"),
        ("", "'' names no page"),
    ],
)
def test_unknown_page_is_told(filled: Engine, name: str, said: str) -> None:
    """Each way to miss a page has its own line."""
    with read(filled) as connection, pytest.raises(ArchiveError) as raised:
        show_article(connection, name)
    assert str(raised.value).startswith(said)


@pytest.mark.parametrize(
    "name", ["kota-surakarta/berita:3", "33.72/berita:3", "kota-surakarta.kpu.go.id/berita:3"]
)
def test_page_of_another_route_has_a_name(filled: Engine, name: str) -> None:
    """Other routes are named before a colon; the office goes by label, code or host."""
    with read(filled) as connection:
        assert find_page(connection, name).name == "kota-surakarta/berita:3"


def test_history_numbers_the_revisions(filled: Engine) -> None:
    """Captures in time order; an edit taken back is a third revision; what was no article shows
    none."""
    with read(filled) as connection:
        rows = list(list_captures(connection, "kota-surakarta/1"))
    assert [(row["status"], row["revision"]) for row in rows] == [
        (200, 1),
        (200, 2),
        (200, 3),
        (404, None),
        (None, None),
    ]
    assert rows[-1]["error"] == "DNS lookup failed" and rows[-1]["size"] is None
    assert [row["fetched_at"].astimezone(UTC) for row in rows] == [
        at(0),
        at(1440),
        at(2880),
        at(3000),
        at(3001),
    ]


def test_snapshot_is_the_bytes_as_they_came(filled: Engine) -> None:
    """The last good capture by default, one of an earlier day or by number on demand."""
    with read(filled) as connection:
        first, *_, gone, _ = list_captures(connection, "kota-surakarta/1")
        assert load_snapshot(connection, "kota-surakarta/1") == render("Rapat Data", BODY, 11)
        assert load_snapshot(connection, "kota-surakarta/1", at=date(2025, 11, 3)) == render(
            "Rapat Data", BODY, 5
        )
        assert load_snapshot(connection, "kota-surakarta/1", capture=first["capture"]) == render(
            "Rapat Data", BODY, 5
        )
        assert (
            load_snapshot(connection, "kota-surakarta/1", capture=gone["capture"]) == b"tidak ada"
        )
        for name in ("kab-cilacap/7", "kota-surakarta/99"):
            with pytest.raises(ArchiveError, match="no such snapshot"):
                load_snapshot(connection, name, at=date(2020, 1, 1))


def test_snapshot_is_the_best_of_a_page(archive: Engine) -> None:
    """A page that ends midway goes behind an earlier whole one, and that behind an article."""
    run = begin(archive)
    came = make_article(1, reading=Reading("1", "other", "current", "s1"), digests=None)
    whole = replace(came, fetched_at=at(10), body=b"whole")
    cut = replace(came, fetched_at=at(20), body=b"cut", problems=(ENDS_MIDWAY,))
    for capture in (cut, whole, make_article(1, title="Rapat", body=BODY)):
        save(archive, run, capture)
        with read(archive) as connection:
            best = load_snapshot(connection, "kota-surakarta/1")
        assert best == capture.body


def test_counts_are_those_of_the_tables(filled: Engine) -> None:
    """Articles, revisions, copies and failures are counted once; more bytes were fetched than are
    kept."""
    with read(filled) as connection:
        counts = count_archive(connection)
        assert counts["captures"] == connection.scalar(text("SELECT count(*) FROM captures"))
    expected = {
        "offices": 2,
        "pages": 4,
        "articles": 3,
        "revisions": 5,
        "copies": 1,
        "failed_fetches": 1,
        "runs": 1,
    }
    assert {name: counts[name] for name in expected} == expected
    assert counts["bytes_fetched"] > counts["bytes_kept"] > 0


def test_empty_archive_counts_nothing(archive: Engine) -> None:
    """Zeros, not errors."""
    with read(archive) as connection:
        assert set(count_archive(connection).values()) == {0}
        assert list(list_runs(connection, 5)) == []


def test_runs_are_listed_newest_first(filled: Engine) -> None:
    """A run that has not ended stands there without an end."""
    begin(filled)
    with read(filled) as connection:
        rows = list(list_runs(connection, 5))
    assert [(row["run"], row["exit_code"], row["outcome"]) for row in rows] == [
        (2, None, None),
        (1, 3, "1 page failed"),
    ]
    assert rows[1]["counts"] == {"captures": 8}
