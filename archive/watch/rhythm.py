"""Whether an office is quiet, judged by how often it posted itself: a pure function of days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

LEAST = 21
"""Days without a post that are no sign of anything: holidays, leave, an election day's
aftermath."""
PATIENCE = 3
"""An office is quiet after so many of its usual gaps."""
RECENT = 50
"""Gaps looked at, the last ones: an office that posted daily before an election may post monthly
after it."""
FEWEST = 5
"""Gaps needed to call one usual; with fewer the longest counts, and no less than a year."""
YEAR = 365


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often an office posts."""

    last: date
    usual: int
    """Days that nine in ten gaps between its days of posting do not exceed."""
    limit: int
    """Days after which silence is unusual."""


def read_rhythm(days: Iterable[date]) -> Rhythm | None:
    """Tell an office's rhythm from the days it posted on; None when there are not even two of them.

    The ninth decile rather than a mean or the longest gap: neither one pause of a year nor a day of
    fifty posts moves it.
    """
    posted = sorted(set(days))
    gaps = sorted((after - before).days for before, after in pairwise(posted[-RECENT - 1 :]))
    if not gaps:
        return None
    if len(gaps) < FEWEST:
        return Rhythm(posted[-1], gaps[-1], max(YEAR, PATIENCE * gaps[-1]))
    usual = gaps[(9 * len(gaps) - 1) // 10]
    return Rhythm(posted[-1], usual, max(LEAST, PATIENCE * usual))
