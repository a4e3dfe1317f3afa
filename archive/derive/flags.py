"""What may be odd about an article: its day of publication, or how its page came."""

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


DOUBTS = (Flag.CUT,)
"""Flags that problems of captures raise, whose field is called alike."""
PASSING = (Flag.CUT,)
"""Those of them that are over when the article comes as it should; the others stay for ever."""
