"""An office's rhythm is read from its days of posting alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from archive.watch.rhythm import read_rhythm

DAY = date(2025, 1, 6)


def space(*gaps: int) -> list[date]:
    """Days with these gaps between them."""
    days = [DAY]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    return days


@pytest.mark.parametrize(
    ("days", "usual", "limit"),
    [
        (space(*[1, 1, 1, 1, 3] * 20), 3, 21),
        (space(*[7] * 30), 7, 21),
        (space(*[14] * 30), 14, 42),
        (space(*[180] * 6), 180, 540),
        (space(*[1] * 30, 200, *[1] * 30), 1, 21),
        (space(*[200] * 60, *[1] * 50), 1, 21),
        (space(2, 2), 2, 365),
        (space(150, 10), 150, 450),
    ],
    ids=[
        "workdays",
        "weekly",
        "fortnightly",
        "twice a year",
        "one long pause",
        "faster now",
        "few",
        "few and far",
    ],
)
def test_usual_gap_and_limit(days: list[date], usual: int, limit: int) -> None:
    """Nine in ten of the latest gaps are usual, three of them the limit, never below three
    weeks."""
    rhythm = read_rhythm([*days, *days])
    assert rhythm is not None and (rhythm.last, rhythm.usual, rhythm.limit) == (
        max(days),
        usual,
        limit,
    )


def test_one_day_is_no_rhythm() -> None:
    """Nothing is said of an office that posted on one day, or never."""
    assert read_rhythm([DAY, DAY]) is None and read_rhythm([]) is None
