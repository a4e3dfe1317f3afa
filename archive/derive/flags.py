"""What may be odd about an article's day of publication."""

from __future__ import annotations

from enum import StrEnum


class Flag(StrEnum):
    """Words that people search by."""

    BACKDATED = "backdated"
    """Its day lies before those of the articles posted before it: backdated, or imported from
    elsewhere."""
    POSTDATED = "postdated"
    """Its day lies after those of the articles posted after it."""
    FUTURE = "future"
    """The page gives a day after its own capture, which is not believed."""
    CONTRADICTED = "contradicted"
    """The page gives two days that cannot both be true."""
    INFERRED = "inferred"
    """The page gives a day without a year; other evidence of it tells the year."""
    WEEKDAY = "weekday"
    """... and that is only the weekday, which recurs every five or six years."""
