"""The grades of a removal, each from a history made by hand; one absence is never enough."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from archive.cli.text import format_article
from archive.database.engine import read
from archive.names import find_page
from archive.read.articles import show_article
from archive.read.captures import load_snapshot
from archive.records import Capture
from archive.watch.removals import (
    Grade,
    PageAnswer,
    Removal,
    find_removals,
    list_losses,
    name_category,
)
from tests.archive.histories import (
    NO_HOST,
    SOFT_404,
    list_posts,
    make_home,
    night,
    post,
    spoil,
    visit,
)

HOME, LISTING = make_home(), list_posts(1, 2, 3)
WITHOUT = list_posts(1, 2)
GONE = spoil(post(3), 404)
SOFT = spoil(post(3), 200, reading=SOFT_404)
TO_HOME = spoil(post(3), 302, to="https://kota-surakarta.kpu.go.id/")


def find_one(engine: Engine, name: str = "kota-surakarta/3") -> Removal | None:
    """The removal of one page, found alone and among all of its office."""
    with read(engine) as connection:
        place = find_page(connection, name)
        zone = ZoneInfo(place.timezone)
        found = find_removals(connection, place.site_id, zone, place.page_id).get(place.page_id)
        assert found == find_removals(connection, place.site_id, zone).get(place.page_id)
    return found


def begin(engine: Engine) -> None:
    """A first night on which all three articles are there."""
    visit(engine, 0, HOME, LISTING, post(1), post(2), post(3), walked="104")


@pytest.mark.parametrize(
    ("answer", "grade", "said"),
    [
        (GONE, Grade.NOT_FOUND, "it answered 404"),
        (spoil(post(3), 410), Grade.NOT_FOUND, "it answered 410"),
        (SOFT, Grade.SOFT, "it says that it is missing"),
        (TO_HOME, Grade.SOFT, "it redirects to https://kota-surakarta.kpu.go.id/"),
        (
            spoil(post(3), 302, to="https://www.kpu.go.id/"),
            Grade.SOFT,
            "it redirects to https://www.kpu.go.id/",
        ),
    ],
    ids=["404", "410", "soft", "home", "elsewhere"],
)
def test_page_that_says_so_is_confirmed_on_the_third_day(
    archive: Engine, answer: Capture, grade: Grade, said: str
) -> None:
    """The answer gives the grade; twice on one day or on two days confirm nothing, a third day
    does."""
    begin(archive)
    for day in (1, 1.1, 2):
        visit(archive, day, HOME, LISTING, post(1), answer)
        found = find_one(archive)
        assert found is not None and (found.grade, found.since.date()) == (grade, night(1).date())
        assert found.evidence.startswith(said)
    visit(archive, 3, HOME, LISTING, post(1), answer)
    found = find_one(archive)
    assert found is not None and (found.grade, found.days) == (Grade.CONFIRMED, 3)


def test_page_that_comes_back_has_returned(archive: Engine) -> None:
    """A page read again after it was gone has returned, since then; a later loss is counted
    anew."""
    begin(archive)
    for day in range(1, 6):
        visit(archive, day, HOME, LISTING, GONE)
    visit(archive, 6, HOME, LISTING, post(3))
    found = find_one(archive)
    assert found is not None and (found.grade, found.days) == (Grade.RETURNED, 5)
    assert abs(found.since - night(6)).total_seconds() < 60
    visit(archive, 7, HOME, LISTING, GONE)
    found = find_one(archive)
    assert found is not None and (found.grade, found.days) == (Grade.NOT_FOUND, 1)


@pytest.mark.parametrize(
    ("said", "losses"),
    [
        ("", []),
        ("+", []),
        ("+--", [(1, None)]),
        ("+-+--+", [(1, 2), (3, 5)]),
        ("+-+-", [(1, 2), (3, None)]),
        ("--+-+", [(3, 4)]),
        ("--", [(0, None)]),
    ],
)
def test_losses_are_parted_by_returns(said: str, losses: list[tuple[int, int | None]]) -> None:
    """What was not there at first is lost only later; what never was there is."""
    answers = [
        PageAnswer(run, night(run), None if one == "+" else Grade.NOT_FOUND, f"{run}")
        for run, one in enumerate(said)
    ]
    found = list_losses(answers)
    assert [(one.since, one.until) for one in found] == [
        (night(since), until and night(until)) for since, until in losses
    ]
    assert all(one.said == str((one.until - night(1)).days) for one in found if one.until)


def test_last_good_copy_stays(archive: Engine) -> None:
    """What was removed is shown with its text and its grade, and its bytes are kept."""
    begin(archive)
    for day in (1, 2, 3):
        visit(archive, day, HOME, LISTING, post(1), GONE)
    with read(archive) as connection:
        article = show_article(connection, "kota-surakarta/3")
        assert load_snapshot(connection, "kota-surakarta/3") == post(3).body
        untouched = show_article(connection, "kota-surakarta/1")
    assert article.body == "Cilacap – Rapat. 3" and article.removal is not None
    assert article.removal["grade"] == "confirmed gone"
    assert "removal     confirmed gone since 2025-11-04" in format_article(article)
    assert untouched.removal is None and "removal" not in format_article(untouched)


@pytest.mark.parametrize(
    "around",
    [
        [HOME],
        [spoil(LISTING, 500)],
        [LISTING, *(spoil(post(n), 200, reading=SOFT_404) for n in (1, 2))],
    ],
    ids=["nothing else", "failing", "reader broken"],
)
def test_unhealthy_visits_confirm_nothing(archive: Engine, around: list[Capture]) -> None:
    """Where the office read nothing else, or its other articles came as something else too, days do
    not count."""
    begin(archive)
    for day in range(1, 6):
        visit(archive, 2 * day - 1, *around, SOFT)
        visit(archive, 2 * day, HOME, LISTING, post(1), post(2))
    found = find_one(archive)
    assert found is not None and (found.grade, found.days) == (Grade.SOFT, 0)


def test_page_missing_from_a_complete_walk_is_unlisted(archive: Engine) -> None:
    """A walk to the end that no longer shows it makes it unlisted; what is still listed has no
    grade."""
    begin(archive)
    visit(archive, 1, HOME, WITHOUT, post(1), walked="104")
    found = find_one(archive)
    assert found is not None and (found.grade, found.days) == (Grade.UNLISTED, 1)
    assert "not asked since" in found.evidence
    assert find_one(archive, "kota-surakarta/1") is None
    visit(archive, 2, HOME, WITHOUT, post(3))
    found = find_one(archive)
    assert found is not None and "still shows it" in found.evidence
    visit(archive, 3, HOME, LISTING, walked="104")
    assert find_one(archive) is None


@pytest.mark.parametrize(
    ("arguments", "walked"),
    [({}, ""), ({}, "105"), ({"pages": "1"}, "104"), ({"limit": "5"}, "104")],
    ids=["no complete walk", "another category", "pages", "limit"],
)
def test_absence_that_proves_nothing_is_no_grade(
    archive: Engine, arguments: Mapping[str, str], walked: str
) -> None:
    """A listing read in part, another category's, or a run limited by arguments removes nothing."""
    begin(archive)
    for day in range(1, 6):
        visit(archive, day, HOME, WITHOUT, post(1), arguments=arguments, walked=walked)
    assert find_one(archive) is None


def test_choice_of_offices_is_no_limit(archive: Engine) -> None:
    """A run over chosen offices walks their listings as any other."""
    begin(archive)
    visit(
        archive,
        1,
        HOME,
        WITHOUT,
        post(1),
        arguments={"sites": "kota-surakarta", "depth": "full"},
        walked="104",
    )
    found = find_one(archive)
    assert found is not None and found.grade is Grade.UNLISTED


def test_every_category_that_showed_it_must_miss_it(archive: Engine) -> None:
    """A page that two categories showed is unlisted when both were walked without it."""
    other = list_posts(3, canonical="/blog/category/105")
    visit(archive, 0, HOME, LISTING, other, post(1), post(3), walked="104")
    visit(archive, 1, HOME, WITHOUT, post(1), walked="104")
    assert find_one(archive) is None
    visit(archive, 2, HOME, list_posts(2, canonical="/blog/category/105"), post(1), walked="105")
    found = find_one(archive)
    assert found is not None and (found.grade, found.days) == (Grade.UNLISTED, 1)


def test_absence_from_listings_helps_to_confirm(archive: Engine) -> None:
    """A 404, and complete walks without the page on other days, confirm that it is gone."""
    begin(archive)
    visit(archive, 30, HOME, WITHOUT, post(1), walked="104")
    visit(archive, 60, HOME, WITHOUT, post(1), walked="104")
    visit(archive, 61, HOME, WITHOUT, post(1), GONE)
    found = find_one(archive)
    assert found is not None and (found.grade, found.days) == (Grade.CONFIRMED, 3)


def test_failures_are_no_removal(archive: Engine) -> None:
    """Errors, refusals and maintenance say nothing of whether a page exists."""
    begin(archive)
    ends = (spoil(post(3), 500), spoil(post(3), 403), spoil(post(3), error=NO_HOST))
    for day in range(1, 10):
        visit(archive, day, HOME, LISTING, post(1), ends[day % 3])
    assert find_one(archive) is None


def test_redirect_within_a_visit_is_no_removal(archive: Engine) -> None:
    """An address that redirects to its own other spelling is there when that answers."""
    begin(archive)
    step = spoil(post(3), 301, to="https://kota-surakarta.kpu.go.id/blog/read/3_baru")
    visit(archive, 1, HOME, LISTING, step, post(3))
    assert find_one(archive) is None


@pytest.mark.parametrize(
    ("canonical", "category"),
    [
        ("/blog/category/104?page=2", "104"),
        ("/berita?page=2", "berita"),
        ("/search/label/Pleno", "search/label/Pleno"),
    ],
)
def test_listing_names_its_category_as_walks_do(canonical: str, category: str) -> None:
    """The canonical address of a listing page gives the category that a walk of it is kept
    under."""
    assert name_category(canonical) == category
