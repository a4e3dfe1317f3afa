"""The order of numbers bounds what has no date, whatever some of the dates say."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.derive.number_order import (
    BACKDATED,
    POSTDATED,
    Place,
    Post,
    Span,
    find_chain,
    place_posts,
)

FIRST = date(2018, 1, 1)
LATER = date(2026, 1, 1)
GAPS = st.lists(st.integers(0, 40), min_size=1, max_size=60)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def span(earliest: int, latest: int | None = None) -> Span:
    return Span(day(earliest), day(earliest if latest is None else latest))


def make_posts(days: list[int | None], **changes: int) -> list[Post]:
    """Articles numbered from 1, dated to these days after the first."""
    return [
        Post(n, LATER, None if at is None else span(at), **changes) for n, at in enumerate(days, 1)
    ]


def tell(places: list[Place | None]) -> list[tuple[int | None, int] | str | None]:
    """Flags, or bounds in days after the first."""
    return [None if place is None else place.flag or tell_bounds(place) for place in places]


def tell_bounds(place: Place) -> tuple[int | None, int]:
    return (place.after.day - FIRST).days if place.after else None, (place.before.day - FIRST).days


def test_neighbours_bound_what_has_no_date() -> None:
    """An undated article lies between the dated ones before and after; the first has nothing before
    it."""
    end = (LATER - FIRST).days
    places = place_posts(make_posts([None, 10, None, None, 20, None]))
    assert tell(places) == [(None, 10), (None, 20), (10, 20), (10, 20), (10, end), (20, end)]
    assert places[2] is not None and places[2].after is not None
    assert (places[2].after.number, places[2].before.number) == (2, 5)


def test_what_was_seen_was_posted() -> None:
    """An article was posted before it, or one with a greater number, was first seen; a later day is
    refuted."""
    posts = [Post(1, LATER, span(10)), Post(2, LATER), Post(3, LATER, span(90)), Post(4, day(30))]
    assert tell(place_posts(posts)) == [(None, 30), (10, 30), POSTDATED, (10, 30)]


def test_backdated_post_is_told_and_bounds_nobody() -> None:
    """One old day, or one of the future, among growing ones stands alone."""
    places = tell(place_posts(make_posts([10, 20, 3, None, 30, 99, None, 40, 50])))
    assert places[2:7] == [BACKDATED, (20, 30), (20, 40), POSTDATED, (30, 40)]


def test_import_moves_nothing() -> None:
    """A block of old posts under new numbers is flagged whole, its undated ones stay unknown, its
    neighbours keep their bounds."""
    block: list[int | None] = [1, 2, None, 3, 4, 5, 6]
    places = tell(
        place_posts(make_posts([80, 90, 100, 110, 120, 130, 140, None, *block, None, 150, 160]))
    )
    assert places[8:15] == [BACKDATED, BACKDATED, None, BACKDATED, BACKDATED, BACKDATED, BACKDATED]
    assert places[7] == places[15] == (140, 150)


def test_slack_forgives_late_posts() -> None:
    """A post that came some days after its dateline contradicts no neighbour."""
    posts = [Post(1, LATER, span(10, 17)), Post(2, LATER), Post(3, LATER, span(8, 15))]
    assert tell(place_posts(posts))[1] == (10, 15)


def test_weight_decides() -> None:
    """Two weak days give way to one firm one."""
    posts = [Post(1, LATER, span(50), 3), Post(2, LATER, span(10), 1), Post(3, LATER, span(20), 1)]
    assert [place and place.flag for place in place_posts(posts)] == [None, BACKDATED, BACKDATED]
    unheard = [Post(1, LATER, span(50), 0), Post(2, LATER), Post(3, LATER, span(20), 1)]
    assert tell(place_posts(unheard))[1] == (None, 20)


SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 6), st.integers(1, 3)), max_size=9)


@given(SPANS)
def test_chain_is_the_heaviest_there_is(drawn: list[tuple[int, int, int]]) -> None:
    """No other set that could be true outweighs the one found, and it could be true itself."""
    spans, weights = (
        [span(at, at + width) for at, width, _ in drawn],
        [weight for *_, weight in drawn],
    )

    def holds(chosen: tuple[int, ...]) -> bool:
        return all(
            spans[one].earliest <= spans[other].latest for one, other in combinations(chosen, 2)
        )

    held = find_chain(list(spans), weights)
    found = tuple(index for index, is_held in enumerate(held) if is_held)
    assert holds(found)
    sets = (
        chosen for size in range(len(spans) + 1) for chosen in combinations(range(len(spans)), size)
    )
    best = max(sum(weights[index] for index in chosen) for chosen in sets if holds(chosen))
    assert sum(weights[index] for index in found) == best


@given(GAPS, st.randoms(use_true_random=False))
def test_growing_numbers_bound_the_truth(gaps: list[int], numbers: random.Random) -> None:
    """Where days grow with the numbers every interval holds the true day and nothing is flagged."""
    truth = [sum(gaps[: n + 1]) for n in range(len(gaps))]
    places = place_posts(make_posts([at if numbers.random() < 0.5 else None for at in truth]))
    for at, place in zip(truth, places, strict=True):
        assert place is not None and place.flag is None
        assert place.after is None or place.after.day <= day(at)
        assert day(at) <= place.before.day


@given(GAPS, st.integers(0, 60), st.integers(1, 20), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_intervals_hold_beside_an_import(
    gaps: list[int], at: int, size: int, numbers: random.Random
) -> None:
    """An imported block with fewer dates than stand before it leaves the neighbours' intervals
    true."""
    truth = [1000 + sum(gaps[: n + 1]) for n in range(len(gaps))]
    dated: list[int | None] = [day if n % 2 == 0 else None for n, day in enumerate(truth)]
    at = min(at, len(truth))
    old = sorted(numbers.randrange(900) for _ in range(min(size, (at - 1) // 2)))
    places = place_posts(make_posts([*dated[:at], *old, *dated[at:]]))
    for true, place in zip(truth, places[:at] + places[at + len(old) :], strict=True):
        assert place is not None and place.flag is None
        assert place.after is None or place.after.day <= day(true)
        assert day(true) <= place.before.day


def test_a_tenth_of_wrong_days_is_found() -> None:
    """In an office of ten thousand articles, a tenth of its days wrong, those are flagged and
    hardly any other."""
    numbers = random.Random(1)
    days = [n if numbers.random() > 0.1 else numbers.randrange(10_000) for n in range(10_000)]
    late = date(2060, 1, 1)
    posts = [Post(n, late, span(at, at + 7) if n % 3 else None, 3) for n, at in enumerate(days)]
    places = place_posts(posts)
    flagged = {n for n, place in enumerate(places) if place and place.flag}
    wrong = {n for n, at in enumerate(days) if n % 3 and at != n}
    assert len(flagged - wrong) < 10 and len(flagged) > 0.9 * len(wrong)
