"""What may be odd about an article: its day of publication, or what its address showed."""

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
    CUT = "cut"
    """Its page's last answer ends midway: what is shown is the last whole one, if there ever was
    one."""
    REUSED = "reused"
    """Its number showed another article before."""
    STRANGER = "stranger"
    """Its address once answered with a page that is not the office's."""
    OTHER_OFFICE = "other-office"
    """Its address once answered with another office's page."""
