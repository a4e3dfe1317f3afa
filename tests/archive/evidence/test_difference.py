"""What is different between two revisions, and the article as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from archive.cli.differences import format_html, list_lines, make_record
from archive.cli.rows import encode_json
from archive.cli.text import format_article
from archive.database.engine import ArchiveError, read
from archive.evidence.difference import Choice, Difference, find_difference
from archive.evidence.wording import Kind
from archive.read.articles import Article, show_article, show_capture
from archive.read.captures import list_captures
from archive.read.revisions import choose_shown
from archive.records import Link, Problem
from tests.archive.making import at, begin, make_article, render, save

FIRST = "\n\n".join(
    [
        "Surakarta – KPU menggelar rapat pleno.",
        "Hadir 20 orang dari <b>partai</b>.",
        *(f"Paragraf tetap {number}." for number in range(3)),
        "Penutup.",
    ]
)
SECOND = FIRST.replace("20 orang", "25 orang")
THIRD = SECOND.replace("Penutup.", "Penutup yang baru.")
PICTURE = Link("image", "https://kpu.example/1.jpg", "Rapat", None)
ENDS_MIDWAY = Problem("cut", "", "The page ends midway.")
DAY = 1440


@pytest.fixture
def filled(archive: Engine) -> Engine:
    """Three revisions in five captures; the second also lost its picture and changed its editor; a
    page of one revision."""
    run = begin(archive)
    first = make_article(
        *(1, 0), title="Rapat", body=FIRST, views=5, links=(PICTURE,), category="Berita"
    )
    save(archive, run, first, make_article(2, 0))
    save(archive, run, replace(first, fetched_at=at(DAY), body=render("Rapat", FIRST, 6)))
    edits = {"title": "Rapat Pleno", "editor": "Munji", "category": "Berita Terkini"}
    save(archive, run, make_article(1, 2 * DAY, body=SECOND, views=9, **edits))
    save(archive, run, make_article(1, 3 * DAY, body=SECOND, views=12, **edits))
    save(archive, run, make_article(1, 4 * DAY, body=THIRD, views=20, **edits))
    return archive


def compare(
    engine: Engine, first: Choice | None = None, second: Choice | None = None
) -> Difference:
    """Compare revisions of the first page."""
    with read(engine) as connection:
        return find_difference(connection, "kota-surakarta/1", first, second)


def show(engine: Engine, **choice: object) -> Article:
    """The first page as it was."""
    with read(engine) as connection:
        place, shown = choose_shown(connection, "kota-surakarta/1", **choice)  # type: ignore[arg-type]
        return show_capture(connection, place, shown)


def list_changed(found: Difference) -> list[str]:
    """What was removed and added, marked."""
    marks = {Kind.REMOVED: "-", Kind.ADDED: "+"}
    pieces = [*found.title, *found.body]
    return [marks[one.kind] + one.text.strip() for one in pieces if one.kind in marks]


def test_last_revision_is_compared_with_the_one_before(filled: Engine) -> None:
    """Without a choice; nothing else than the words that changed."""
    found = compare(filled)
    assert (found.before.revision, found.after.revision) == (2, 3)
    assert list_changed(found) == ["+yang baru"]
    assert (found.added, found.removed, found.fields) == (2, 0, ())
    assert not found.read_otherwise


@pytest.mark.parametrize(
    ("first", "second"),
    [(1, 2), (date(2025, 11, 3), date(2025, 11, 5)), (None, 2), (date(2025, 11, 4), 2)],
)
def test_revisions_are_chosen_by_number_and_by_day(
    filled: Engine, first: Choice | None, second: Choice | None
) -> None:
    """The captures compared are those nearest to the edit; fields and pictures are told too."""
    found = compare(filled, first, second)
    assert (found.before.revision, found.after.revision) == (1, 2)
    assert (found.before.captured, found.after.captured) == (at(DAY), at(2 * DAY))
    assert list_changed(found) == ["+Pleno", "-20", "+25"]
    told = {row["field"]: (row["before"], row["after"]) for row in found.fields}
    assert told == {
        "category": ("Berita", "Berita Terkini"),
        "editor": (None, "Munji"),
        "images": ([PICTURE.url], []),
    }


def test_revisions_in_the_other_order(filled: Engine) -> None:
    """What was added is gone again."""
    assert list_changed(compare(filled, 3, 1)) == ["-Pleno", "-25", "+20", "-yang baru"]


def test_change_of_reader_is_told(filled: Engine) -> None:
    """Where no two captures were read alike."""
    save(filled, 1, make_article(1, 5 * DAY, title="Rapat", body=FIRST, reader_version="2"))
    save(filled, 1, make_article(1, 6 * DAY, title="Rapat", body=SECOND, reader_version="2"))
    with read(filled) as connection:
        last = list(list_captures(connection, "kota-surakarta/1"))[-1]["revision"]
    assert compare(filled, 1, last).read_otherwise
    assert not compare(filled, last - 1, last).read_otherwise


@pytest.mark.parametrize(
    ("name", "first", "second", "told"),
    [
        ("kota-surakarta/2", None, None, "nothing before revision 1"),
        ("kota-surakarta/1", 4, None, "has 3 revisions, no revision 4"),
        ("kota-surakarta/1", 0, None, "no revision 0"),
        ("kota-surakarta/1", date(2020, 1, 1), None, "not captured as an article until 2020-01-01"),
        ("kota-surakarta/99", None, None, "no page"),
    ],
)
def test_what_cannot_be_compared_is_told(
    filled: Engine, name: str, first: Choice | None, second: Choice | None, told: str
) -> None:
    """In one line."""
    with read(filled) as connection, pytest.raises(ArchiveError, match=told):
        find_difference(connection, name, first, second)


def test_difference_is_told_in_lines(filled: Engine) -> None:
    """Facts, fields, changed paragraphs; unchanged ones as a number."""
    lines = [line.plain for line in list_lines(compare(filled, 1, 2))]
    assert lines[0] == "kota-surakarta/1  (cite as 33.72/1)"
    assert "revision 1 (2025-11-04 12:00 WIB, capture " in lines[1]
    assert lines[2] == "words: 2 added, 1 removed"
    assert "editor: nothing -> Munji" in lines
    assert "Rapat{+ Pleno+}" in lines
    assert "Hadir [-20-]{+25+} orang dari <b>partai</b>." in lines
    assert lines[-1] == "(4 paragraphs unchanged)"


def test_difference_as_a_page_escapes_what_the_site_wrote(filled: Engine) -> None:
    """Marked up by us alone."""
    html = format_html(compare(filled, 1, 2))
    assert "<del>20</del><ins>25</ins> orang dari &lt;b&gt;partai&lt;/b&gt;." in html
    assert "<h1>Rapat<ins> Pleno</ins></h1>" in html
    assert "<b>" not in html


def test_difference_as_a_record_is_json(filled: Engine) -> None:
    """With every piece, so that programs can make up both texts."""
    record = json.loads(json.dumps(make_record(compare(filled, 1, 2)), default=encode_json))
    texts = [
        "".join(piece["text"] for piece in record["body"] if piece["kind"] != kind)
        for kind in ("added", "removed")
    ]
    assert texts == [FIRST, SECOND]
    assert record["before"]["revision"] == 1


def test_article_is_shown_as_it_was(filled: Engine) -> None:
    """Text, title, fields, counter and pictures of that moment."""
    first = show(filled, at=date(2025, 11, 3))
    assert (first.title, first.body, first.category) == ("Rapat", FIRST, "Berita")
    assert [row["count"] for row in first.views] == [5]
    assert [row["url"] for row in first.links] == [PICTURE.url]
    assert first.shown is not None and first.shown["captured"] == at(0)
    assert "shown       as captured at 2025-11-03 12:00 WIB" in format_article(first)
    second = show(filled, revision=2)
    assert (second.title, second.body, second.byline["editor"]) == ("Rapat Pleno", SECOND, "Munji")
    assert second.shown is not None and second.shown["captured"] == at(3 * DAY)
    assert second.links == ()


def test_capture_is_shown_by_its_number(filled: Engine) -> None:
    """As history tells it; the last one is what is shown without a choice, but for pictures that
    were there before."""
    with read(filled) as connection:
        numbers = [row["capture"] for row in list_captures(connection, "kota-surakarta/1")]
        present = show_article(connection, "kota-surakarta/1")
    shown = [show(filled, capture=number) for number in numbers]
    assert [one.body for one in shown] == [FIRST, FIRST, SECOND, SECOND, THIRD]
    assert replace(shown[-1], shown=None, links=present.links) == present


@pytest.mark.parametrize("choice", [{"capture": 99}, {"revision": 9}, {"at": date(2025, 11, 2)}])
def test_what_cannot_be_shown_is_told(filled: Engine, choice: dict[str, object]) -> None:
    """With where to look."""
    with pytest.raises(ArchiveError, match="see kpu-archive history kota-surakarta/1"):
        show(filled, **choice)


def test_capture_that_ends_midway_is_shown_by_its_number_only(filled: Engine) -> None:
    """No day and no revision gives it while there are others."""
    cut = make_article(1, 5 * DAY, title="Rapat Pleno", body=FIRST[:30], problems=(ENDS_MIDWAY,))
    save(filled, 1, cut)
    with read(filled) as connection:
        row = list(list_captures(connection, "kota-surakarta/1"))[-1]
    assert row["revision"] is None
    assert show(filled, at=date(2025, 11, 30)).body == THIRD
    shown = show(filled, capture=row["capture"])
    assert shown.shown is not None and shown.shown["revision"] is None
    assert "cut short" in format_article(shown)
