"""What is doubted about captures: it is shown, found, and over with the next whole answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from archive.database.engine import read
from archive.derive.documents import complete_doubts, rebuild
from archive.derive.flags import Flag
from archive.frontier import ArchiveFrontier
from archive.read.articles import show_article
from archive.read.captures import list_captures, load_snapshot
from archive.records import Capture, Problem
from archive.search.search import search
from tests.archive.histories import list_posts, make_home, night, post, spoil, visit
from tests.archive.making import BODY, SURAKARTA, make_article, run_sql

KEY, NAME = ("blog", "1"), "kota-surakarta/1"
ENDS_MIDWAY = Problem("cut", "", "The page ends midway.")
WHOLE = make_article(1)
CUT = make_article(
    1,
    body=BODY[: len(BODY) // 2],
    problems=(ENDS_MIDWAY,),
    is_closed=False,
    headers={"Etag": "cut"},
)
CUT = replace(CUT, reading=replace(CUT.reading, problems=()), problems=(ENDS_MIDWAY,))
BROKEN = spoil(WHOLE, error="the answer broke off: 200, 10 of 99 bytes came")
BROKEN = replace(BROKEN, body=b"<html><bod", problems=(ENDS_MIDWAY,))
OFFICE = make_home(), list_posts(1, 2), post(2)


def play(archive: Engine, *captures: Capture) -> None:
    """A night for each capture, among the office's other pages."""
    nights = len(run_sql(archive, "SELECT id FROM runs"))
    for day, capture in enumerate(captures, nights):
        visit(archive, day, *OFFICE, capture)


def tell(archive: Engine) -> tuple[str | None, int, bool]:
    """What view, `show` and `search --flag` say of the article, which must agree: its doubts, its
    revisions, and whether its text is whole."""
    ((doubts, revisions, body),) = run_sql(
        archive, "SELECT doubts, revisions, body FROM articles WHERE page = '1'"
    )
    with read(archive) as connection:
        article = show_article(connection, NAME)
        found = [hit.page for hit in search(connection, flag=Flag.CUT).hits]
        hit = next(hit for hit in search(connection, limit=9).hits if hit.page == NAME)
    assert "; ".join(article.doubts) == "; ".join(hit.doubts) == (doubts or "")
    assert (NAME in found) is (doubts is not None)
    assert ("cut" in {one["field"] for one in article.problems}) is (doubts is not None)
    assert article.body == body
    return doubts, revisions, body == BODY


HISTORIES = {
    "cut": ([CUT], ("cut", 0, False)),
    "cut, whole": ([CUT, WHOLE], (None, 1, True)),
    "whole, cut": ([WHOLE, CUT], ("cut", 1, True)),
    "whole, broken": ([WHOLE, BROKEN], ("cut", 1, True)),
    "whole, cut, whole": ([WHOLE, CUT, WHOLE], (None, 1, True)),
    "whole, cut, unchanged": (
        [WHOLE, CUT, replace(spoil(WHOLE, 304), validated=4)],
        (None, 1, True),
    ),
    "whole, cut, unasked 304": ([WHOLE, CUT, spoil(WHOLE, 304)], ("cut", 1, True)),
    "cut, cut": ([CUT, CUT], ("cut", 0, False)),
}


@pytest.mark.parametrize("rebuilt", [False, True], ids=["written", "rebuilt"])
@pytest.mark.parametrize("case", HISTORIES.values(), ids=HISTORIES)
def test_cut_page_is_no_revision_and_its_doubt_is_shown(
    archive: Engine, case: tuple[list[Capture], tuple[str | None, int, bool]], rebuilt: bool
) -> None:
    """A page that ends midway never replaces or edits a whole one; view, show and search tell the
    doubt until the article comes whole or is said to be unchanged."""
    captures, expected = case
    play(archive, *captures)
    if rebuilt:
        with archive.begin() as connection:
            rebuild(connection, lambda line: None)
    assert tell(archive) == expected


@pytest.mark.parametrize("capture", [CUT, BROKEN], ids=["cut", "broken"])
def test_cut_page_is_asked_for_again(archive: Engine, capture: Capture) -> None:
    """It is no answer to the frontier, its validators are not sent, its bytes are kept, and the
    history gives it no revision."""
    play(archive, capture)
    page = ArchiveFrontier(archive).find_pages(SURAKARTA.code)[KEY]
    assert (page.visited, page.validators, page.capture) == (None, {}, None)
    with read(archive) as connection:
        (row,) = list_captures(connection, NAME)
        assert row["revision"] is None
        assert load_snapshot(connection, NAME, capture=row["capture"]) == capture.body


def test_snapshot_is_the_last_whole_one(archive: Engine) -> None:
    """Who asks for the bytes of a page gets the whole ones, though a cut answer came later."""
    play(archive, WHOLE, CUT)
    with read(archive) as connection:
        assert load_snapshot(connection, NAME) == WHOLE.body


def test_doubt_of_the_capture_outlives_a_new_reading(archive: Engine) -> None:
    """What is doubted is the answer, not what one version of the reader made of it."""
    play(archive, CUT)
    with archive.begin() as connection:
        connection.exec_driver_sql("UPDATE problems SET reading_id = NULL WHERE field = 'cut'")
        connection.exec_driver_sql("UPDATE readings SET reader_version = '2'")
        rebuild(connection, lambda line: None)
    assert tell(archive)[0] == "cut"


def test_endings_are_known_from_the_last_visits(archive: Engine) -> None:
    """How many pages of each kind came to their end is counted over the last visits."""
    play(archive, replace(WHOLE, is_closed=True), CUT)
    assert ArchiveFrontier(archive).count_endings(SURAKARTA.code) == {
        ("article", True): 1,
        ("article", False): 1,
    }
    play(archive, *[replace(WHOLE, is_closed=True)] * 3)
    assert ArchiveFrontier(archive).count_endings(SURAKARTA.code) == {("article", True): 3}
    assert night(0)


def test_upgrade_tells_the_index_what_earlier_programs_doubted(archive: Engine) -> None:
    """A problem that a migration names anew is found by the search behind the upgrade, and the
    index stays what the articles are."""
    reused = Problem("reused", "", "Its number showed another article before: Pelantikan PPS.")
    play(archive, WHOLE, replace(WHOLE, problems=(reused,)))
    rename = "UPDATE problems SET field = '{}' WHERE why LIKE 'Its number%'"
    with archive.begin() as connection:
        connection.execute(text(rename.format("page")))
        rebuild(connection, lambda _: None)
        assert search(connection, flag=Flag.REUSED).hits == ()
        connection.execute(text(rename.format("reused")))
    complete_doubts(archive)
    with read(archive) as connection:
        assert [hit.page for hit in search(connection, flag=Flag.REUSED).hits] == [NAME]
    with archive.begin() as connection:
        before = search(connection, "pleno", limit=9).total
        rebuild(connection, lambda _: None)
        assert search(connection, "pleno", limit=9).total == before
        assert [hit.page for hit in search(connection, flag=Flag.REUSED).hits] == [NAME]
