"""Which articles are learnt from while a first crawl is under way."""

from __future__ import annotations

from collections.abc import Iterable

from archive.records import Key, rank_key
from kpucrawl.crawl.firsts import ENOUGH, FRONT, FirstArticles


def make_keys(first: int, count: int) -> list[Key]:
    return [("blog", str(number)) for number in range(first, first + count)]


def note(firsts: FirstArticles, shown: dict[str, Iterable[Key]]) -> None:
    for category, keys in shown.items():
        firsts.note_listing(category, f"/{category}", set(keys))


def answer(firsts: FirstArticles, keys: Iterable[Key]) -> None:
    for key in keys:
        firsts.note_answer(key)


def test_they_are_the_same_in_any_order_of_answers() -> None:
    """Those with the lowest rank among what the home page and the first pages show, whichever came
    first, and whatever else is captured by then."""
    shown = {FRONT: make_keys(1, 10), "104": make_keys(5, 20), "11": make_keys(30, 3)}
    every = sorted({key for keys in shown.values() for key in keys}, key=lambda key: rank_key(*key))
    for order in (list(shown), list(reversed(shown))):
        firsts = FirstArticles()
        answer(firsts, make_keys(500, 40))
        for category in order:
            note(firsts, {category: shown[category]})
        firsts.await_listings(["104", "11"])
        answer(firsts, reversed(every))
        assert list(firsts.take()) == every[:ENOUGH]
        assert set(firsts.listings) == {"/", "/104", "/11"}
        assert firsts.take() == ()


def test_all_of_them_are_waited_for() -> None:
    """Neither before the last of them was answered, nor before a category's first page was."""
    firsts = FirstArticles()
    firsts.await_listings(["104", "11"])
    keys = make_keys(1, ENOUGH)
    note(firsts, {"104": keys})
    answer(firsts, keys[:-1])
    assert firsts.take() == ()
    answer(firsts, keys)
    assert firsts.take() == ()
    firsts.note_listing("11", "/11")  # it could not be read
    assert set(firsts.take()) == set(keys)


def test_fewer_teach_nothing_yet() -> None:
    """One article less than is needed, and the end of the crawl is waited for."""
    for count in (ENOUGH - 1, ENOUGH):
        firsts = FirstArticles()
        firsts.await_listings(["104"])
        note(firsts, {"104": make_keys(1, count)})
        answer(firsts, make_keys(1, count))
        assert len(firsts.take()) == (count if count == ENOUGH else 0)
