"""Which pages end midway, from what is known of the office's others."""

from __future__ import annotations

from collections import Counter

import pytest

from kpucrawl.crawl.endings import FEWEST, FEWEST_OF_KIND, Counts, Endings


def play(earlier: Counts, *pages: tuple[str, bool]) -> list[bool]:
    endings = Endings(lambda: earlier)
    return [endings.is_cut(kind, closed) for kind, closed in pages]


@pytest.mark.parametrize("more", [0, 1])
def test_article_is_judged_by_what_this_visit_saw(more: int) -> None:
    """On a first visit the pages before it tell, when there are enough of them."""
    before = [("home", True), ("listing", True)][: FEWEST - 1 + more]
    assert play(Counter(), *before, ("article", False))[-1] is bool(more)


def test_office_that_closes_no_page_has_none_cut() -> None:
    """Where nothing is ever closed a missing end tells nothing."""
    assert not any(play(Counter(), *[("home", False), ("listing", False), ("article", False)] * 3))


def test_kind_that_is_never_closed_is_learnt() -> None:
    """An engine that closes its listings and not its articles is believed after a few of them."""
    articles = [("article", False)] * (FEWEST_OF_KIND + 2)
    pages = [("home", True), *[("listing", True)] * 4, *articles]
    assert play(Counter(), *pages)[5:] == [True] * FEWEST_OF_KIND + [False] * 2


def test_earlier_visits_go_before_a_night_of_cuts() -> None:
    """A night on which everything is cut does not make that usual."""
    earlier: Counts = Counter({("article", True): FEWEST_OF_KIND})
    assert all(play(earlier, *[("article", False)] * 50))


def test_archive_is_asked_only_where_an_end_is_missing() -> None:
    """Pages that come to their end cost no question."""

    def refuse() -> Counts:
        raise AssertionError("asked")

    assert not Endings(refuse).is_cut("article", True)
