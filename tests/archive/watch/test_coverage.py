"""What is missing, and why, for one office and for all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

from archive.database.engine import read
from archive.ingest.writer import save_batch
from archive.records import LearntLayout, Reading
from archive.watch.coverage import count_coverage, list_missing
from tests.archive.histories import (
    NO_HOST,
    NOTICE,
    SOFT_404,
    list_posts,
    make_home,
    night,
    post,
    spoil,
    visit,
)
from tests.archive.making import CILACAP, SURAKARTA

HOME = make_home()
OTHER = Reading("1", "other", "current", "s9")
MISSING = {
    3: "never fetched",
    4: "failed",
    5: "failed",
    6: "blocked",
    7: "gone",
    8: "gone",
    9: "gone",
    10: "unread",
}


@pytest.fixture
def filled(archive: Engine) -> Engine:
    """An office of ten articles shown, eight of them missing for different reasons, one of the
    others removed."""
    ends = (
        spoil(post(4), error=NO_HOST),
        spoil(post(5), 503, reading=NOTICE),
        spoil(post(6), 403),
        spoil(post(7), 410),
        spoil(post(8), 200, reading=SOFT_404),
        spoil(post(9), 302, to="https://www.kpu.go.id/"),
        spoil(post(10), 200, reading=OTHER),
    )
    visit(archive, 0, HOME, list_posts(*range(1, 11)), post(1), post(2), post(20), *ends)
    visit(
        archive,
        1,
        HOME,
        list_posts(*range(1, 11)),
        post(1),
        spoil(post(2), 404),
        spoil(post(15), 404),
    )
    visit(
        archive,
        1,
        make_home(CILACAP.code),
        list_posts(1, site=CILACAP.code),
        post(1, site=CILACAP.code),
    )
    return archive


def read_missing(engine: Engine) -> dict[str, dict[str, Any]]:
    """The rows of one office by page."""
    with read(engine) as connection:
        return {row["page"]: row for row in list_missing(connection, SURAKARTA.code)}


def test_every_missing_article_has_a_reason(filled: Engine) -> None:
    """One row for each, by its last answer; what is held and where it was has none."""
    rows = read_missing(filled)
    reasons = {
        page.partition("/")[2]: row["reason"] for page, row in rows.items() if not row["held"]
    }
    gaps = {"11..14": "never seen", "16..19": "never seen"}
    assert reasons == {str(number): reason for number, reason in MISSING.items()} | gaps
    assert rows["kota-surakarta/4"]["evidence"] == f"last answer: {NO_HOST}"
    assert "kota-surakarta/1" not in rows


def test_removed_article_that_is_held_stands_there_with_its_grade(filled: Engine) -> None:
    """It misses nothing, and is told with the grade of its removal."""
    row = read_missing(filled)["kota-surakarta/2"]
    assert (row["held"], row["reason"], row["grade"]) == (True, None, "not found")


def test_offices_are_counted_in_one_row_each(filled: Engine) -> None:
    """The totals are those of the office's own rows; an office that showed nothing has no row."""
    with read(filled) as connection:
        cilacap, surakarta = count_coverage(connection)
        assert list(count_coverage(connection, SURAKARTA.code)) == [surakarta]
    assert (cilacap["site"], cilacap["shown"], cilacap["held"], cilacap["missing"]) == (
        "kab-cilacap",
        1,
        1,
        0,
    )
    counts = {reason: list(MISSING.values()).count(reason) for reason in MISSING.values()}
    expected = {reason.replace(" ", "_"): count for reason, count in counts.items()}
    totals = {
        "site": "kota-surakarta",
        "shown": 10,
        "held": 3,
        "missing": 8,
        "numbers_never_seen": 8,
        "to_be_read_again": 0,
    }
    assert surakarta == totals | expected


def test_what_waits_to_be_read_again_is_counted(filled: Engine) -> None:
    """Behind a layout learnt, every article is counted that is held as it was read without it, of
    that office alone; those read by it are not."""
    page = post(1)
    assert page.reading is not None
    by_it = replace(page, reading=replace(page.reading, layout="d"))
    visit(filled, 2, HOME, list_posts(*range(1, 11)), by_it)
    learnt = LearntLayout(SURAKARTA.code, "d", '{"groups":[]}', 1, "1", (1,), 3, night(3))
    with filled.begin() as connection:
        save_batch(connection, 1, [learnt])
    with read(filled) as connection:
        rows = {row["site"]: row["to_be_read_again"] for row in count_coverage(connection)}
    assert rows == {"kab-cilacap": 0, "kota-surakarta": 2}


def test_page_that_moved_is_not_missing(archive: Engine) -> None:
    """An old address that led to another page of the office, which is held, misses nothing."""
    moved = spoil(post(3), 301, to="https://kota-surakarta.kpu.go.id/blog/read/4")
    visit(archive, 0, HOME, list_posts(3, 4), replace(moved, answered_page=("blog", "4")), post(4))
    assert read_missing(archive) == {}


def test_reader_at_a_loss_is_not_taken_for_removals(archive: Engine) -> None:
    """Where a run read no article at all, other pages in their places are unread, not gone."""
    visit(
        archive, 0, HOME, list_posts(1, 2), *(spoil(post(n), 200, reading=SOFT_404) for n in (1, 2))
    )
    assert {row["reason"] for row in read_missing(archive).values()} == {"unread"}
