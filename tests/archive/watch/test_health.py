"""Each state of an office follows from what the runs met, with since when and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from archive.database.engine import read
from archive.ingest.writer import close_killed_visits, upsert_offices
from archive.records import Capture
from archive.watch.health import OfficeState, find_states, list_health, summarise_health
from archive.watch.verdicts import State
from tests.archive.histories import (
    CHALLENGE,
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
from tests.archive.making import CILACAP, NOON, SURAKARTA, run_sql

HEALTHY = (make_home(), list_posts(1, 2), post(1), post(2))
HOME, LISTING = make_home(), list_posts(1, 2)
ELSEWHERE = "https://kab-baru.kpu.go.id/"

TROUBLES = {
    "name does not resolve": ([spoil(HOME, error=NO_HOST)], State.DOWN, "does not resolve"),
    "server errors": (
        [spoil(HOME, 503), spoil(LISTING, 503)],
        State.DOWN,
        "503 for https://kota-surakarta",
    ),
    "listings fail behind a home page": (
        [HOME, spoil(LISTING, 500)],
        State.DOWN,
        "1 of 2 requests",
    ),
    "most time out after a listing": (
        [HOME, LISTING, *(spoil(post(n), error="no answer in time") for n in (1, 2))],
        State.DOWN,
        "no answer in time",
    ),
    "forbidden": ([spoil(HOME, 403), spoil(LISTING, 403)], State.BLOCKED, "403"),
    "robots.txt": ([spoil(HOME, error="refused by robots.txt")], State.BLOCKED, "robots.txt"),
    "challenge with 200": ([replace(HOME, reading=CHALLENGE)], State.BLOCKED, "200 for"),
    "maintenance with 200": (
        [replace(HOME, reading=NOTICE), replace(LISTING, reading=NOTICE)],
        State.MAINTENANCE,
        "2 of 2",
    ),
    "maintenance with 503": ([spoil(HOME, 503, reading=NOTICE)], State.MAINTENANCE, "503"),
    "redirect to another host": (
        [spoil(HOME, 301, to=ELSEWHERE), spoil(LISTING, 404)],
        State.MOVED,
        ELSEWHERE,
    ),
    "articles come as something else": (
        [HOME, LISTING, *(spoil(post(n), 200, reading=SOFT_404) for n in (1, 2, 3))],
        State.READER_BROKEN,
        "articles could not be read",
    ),
    "listings show nothing": (
        [HOME, list_posts()],
        State.READER_BROKEN,
        "listings came without articles",
    ),
    "listings are gone": ([HOME, spoil(LISTING, 404)], State.READER_BROKEN, "1 missing"),
}


def find_one(engine: Engine, label: str = "kota-surakarta") -> OfficeState:
    """The state of one office among all."""
    with read(engine) as connection:
        return next(one for one in find_states(connection) if one.site == label)


@pytest.mark.parametrize(("met", "state", "said"), TROUBLES.values(), ids=TROUBLES.keys())
def test_trouble_has_a_state(archive: Engine, met: list[Capture], state: State, said: str) -> None:
    """What the newest runs met after good nights gives the state, since the first of them, with one
    of its answers."""
    visit(archive, 0, *HEALTHY, post(3))
    visit(archive, 1, *HEALTHY)
    visit(archive, 2, *met)
    visit(archive, 40, *met)
    found = find_one(archive)
    assert (found.state, found.since, found.last_visit) == (state, night(2), night(40))
    assert said in found.evidence
    visit(archive, 41, *HEALTHY)
    assert find_one(archive).state in (State.FINE, State.QUIET)


@pytest.mark.parametrize("met", [met for met, *_ in TROUBLES.values()], ids=TROUBLES.keys())
def test_trouble_on_the_first_visit_has_a_since(archive: Engine, met: list[Capture]) -> None:
    """An office that never went well is in trouble since its first visit."""
    visit(archive, 0, *met)
    visit(archive, 1, *met)
    found = find_one(archive)
    assert found.state not in (State.FINE, State.NEVER_VISITED)
    assert found.since == night(0)


def test_fine_office_is_fine_since_its_trouble_ended(archive: Engine) -> None:
    """It is told since when; the evidence says what was read."""
    visit(archive, 0, spoil(HOME, error=NO_HOST))
    visit(archive, 1, *HEALTHY)
    visit(archive, 2, HOME, LISTING, replace(spoil(post(1), 304), validated=4))
    found = find_one(archive)
    assert (found.state, found.since) == (State.FINE, night(1))
    assert found.evidence == "done; 0 articles, 1 listing pages, 1 unchanged"


def test_some_failures_are_no_state(archive: Engine) -> None:
    """An office whose listing came and some of whose articles failed, answered 404 or were refused
    is fine."""
    visit(archive, 0, *HEALTHY, spoil(post(4), 500), spoil(post(5), 404), spoil(post(6), 403))
    assert find_one(archive).state is State.FINE


def test_missing_articles_do_not_break_the_reader(archive: Engine) -> None:
    """Two removed articles that answer with a soft 404 every night leave the office fine, also on
    nights when nothing else is asked for."""
    visit(archive, 0, *HEALTHY, post(3), post(4), post(5))
    gone = [spoil(post(n), 200, reading=SOFT_404) for n in (3, 4)]
    for day in range(1, 5):
        visit(archive, day, HOME, LISTING, *gone)
        assert find_one(archive).state is State.FINE


def test_broken_reader_stays_broken_until_articles_are_read(archive: Engine) -> None:
    """Nights that only find again what was lost before, or ask for no article, do not end it; an
    article does."""
    visit(archive, 0, *HEALTHY, post(3), post(4))
    lost = [spoil(post(n), 200, reading=SOFT_404) for n in (1, 2, 3)]
    visit(archive, 1, HOME, LISTING)
    visit(archive, 2, HOME, LISTING, *lost)
    visit(archive, 3, HOME, LISTING, *lost)
    visit(archive, 4, HOME, LISTING)
    assert (find_one(archive).state, find_one(archive).since) == (State.READER_BROKEN, night(2))
    visit(archive, 5, HOME, LISTING, post(1))
    assert find_one(archive).state is State.FINE


def test_visit_that_ended_after_the_home_page_is_no_trouble(archive: Engine) -> None:
    """A run that was killed early proves nothing: the next one judges it so."""
    visit(archive, 0, *HEALTHY)
    run = visit(archive, 1, HOME, killed=True)
    close_killed_visits(archive, [SURAKARTA.code])
    assert find_one(archive).state is State.FINE
    assert find_one(archive).last_visit == night(1)
    told = run_sql(archive, f"SELECT exit_code, cut, outcome FROM visits WHERE run_id = {run}")
    assert [(code, bool(cut), outcome) for code, cut, outcome in told] == [
        (0, True, "kota-surakarta: cut short; 0 articles")
    ]


def test_guessed_host_that_never_answered_is_unknown(archive: Engine) -> None:
    """A guess without an answer is an unknown host; one that answered before, or a host once seen,
    is down."""
    cilacap = make_home(CILACAP.code)
    upsert_offices(archive, [replace(SURAKARTA, host_status="guess")], NOON)
    visit(archive, 1, spoil(HOME, error=NO_HOST), spoil(cilacap, error=NO_HOST))
    assert (find_one(archive).state, find_one(archive).since) == (State.UNKNOWN_HOST, night(1))
    assert find_one(archive, "kab-cilacap").state is State.DOWN
    visit(archive, 2, spoil(HOME, 500))
    assert find_one(archive).state is State.DOWN


def test_office_without_a_visit_says_so(archive: Engine) -> None:
    """An office that no run has asked is in no trouble."""
    visit(archive, 0, *HEALTHY)
    found = find_one(archive, "kab-cilacap")
    assert (found.state, found.since, found.last_visit) == (State.NEVER_VISITED, None, None)


@pytest.mark.parametrize(
    ("gap", "silence", "state"), [(1, 40, State.QUIET), (1, 15, State.FINE), (180, 60, State.FINE)]
)
def test_quiet_is_judged_by_the_offices_own_rhythm(
    archive: Engine, gap: int, silence: int, state: State
) -> None:
    """A daily poster is quiet after some weeks; a town that posts twice a year is not after 60
    days."""
    last = NOON.date() - timedelta(days=silence)
    posts = [post(n, published_latest=last - timedelta(days=gap * (9 - n))) for n in range(1, 10)]
    visit(archive, 0, HOME, list_posts(*range(1, 10)), *posts)
    found = find_one(archive)
    assert found.state is state
    if state is State.QUIET:
        assert found.since == last
        assert found.evidence.startswith("no article for 40 days")


def test_undated_posts_count_from_their_first_sighting(archive: Engine) -> None:
    """Where no page is dated, the nights on which new articles turned up tell the rhythm."""
    undated = {"published_earliest": None, "published_latest": None}
    for day in range(0, 14, 2):
        visit(archive, day, HOME, list_posts(day + 1), post(day + 1, **undated))
    visit(archive, 60, HOME, list_posts(1))
    found = find_one(archive)
    assert (found.state, found.since) == (State.QUIET, date(2025, 11, 15))


def test_worst_comes_first(archive: Engine) -> None:
    """Health lists the offices in trouble before the others, and counts them in one line."""
    visit(archive, 0, *HEALTHY, spoil(make_home(CILACAP.code), error=NO_HOST))
    with read(archive) as connection:
        rows = list_health(connection)
    assert [(row["site"], row["state"]) for row in rows] == [
        ("kab-cilacap", "down"),
        ("kota-surakarta", "fine"),
    ]
    assert rows[0]["what_to_do"]
    assert summarise_health(rows) == "1 of 2 offices need attention: 1 down, 1 fine"
