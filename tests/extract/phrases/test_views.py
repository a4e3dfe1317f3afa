"""Counters are read as numbers, and no figure makes the reader raise."""

from __future__ import annotations

import pytest

from kpucrawl.extract.phrases.views import read_count, read_views


@pytest.mark.parametrize(
    ("line", "views"),
    [
        ("Telah dilihat 151 kali", 151),
        ("Dilihat 1.234 kali", 1234),
        ("Dilihat 1,2 rb kali", 1200),
        ("Dilihat 1.234.567 rb kali", 1_234_567_000),
        ("Dilihat 999.999.999.999 kali", 999_999_999_999),
        ("Hits - 5", 5),
        ("Dilihat-5", 5),
        ("Number of views (416)", 416),
        ("Number of readers (416)", None),
        ("Telah dilihat 12,5 kali", None),
        ("Telah dilihat -5 kali", None),
        (f"Telah dilihat {'9' * 4301} kali", None),
        ("Telah dilihat ¹⁵¹ kali", None),
    ],
)
def test_counters(line: str, views: int | None) -> None:
    """Points, units and separators are understood; fractions, negative figures and ones of 4,301
    digits count nothing."""
    assert read_views(line) == views


def test_count_beside_a_label() -> None:
    """The same holds beside an eye."""
    assert (read_count("1.234.567 jt"), read_count("12,5")) == (1_234_567_000_000, None)
