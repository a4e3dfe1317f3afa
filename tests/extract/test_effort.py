"""What grows faster than its text is noticed."""

from __future__ import annotations

import re

import pytest

from tests.extract.effort import check_effort, limit_processor


def pair_some(text: str) -> int:
    """Look at each pair of every hundredth character."""
    part = text[::100]
    return sum(one.__eq__(other) is True for one in part for other in part)


def test_calls_that_grow_with_the_square_are_noticed() -> None:
    """Twice the text and four times the calls is a failure; twice the calls is none."""
    with pytest.raises(AssertionError):
        check_effort(pair_some, "a")
    check_effort(str.split, "a ")


def test_pattern_that_runs_away_is_stopped() -> None:
    """A pattern that tries everything ends when its time is up."""
    with pytest.raises(TimeoutError), limit_processor(0.05):
        re.fullmatch("(a+)+", "a" * 60 + "b")
