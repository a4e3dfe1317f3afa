"""Which of an office's pages end midway: those without an end where most have one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from archive.records import Problem
from archive.watch.verdicts import CUT

Counts = Counter[tuple[str, bool]]
"""Pages by kind, those that come to their end and those that do not."""
WITH_TEXT = ("home", "listing", "article")
"""Kinds of pages that one engine makes: blocks and notices may come from elsewhere."""
FEWEST_OF_KIND = 3
"""Pages of a kind before they alone tell whether it has an end: an engine may close its listings
and not its articles, one or two that lack an end may be cut themselves."""
FEWEST = 2
"""Pages of any kind before they tell it: what a first visit has seen when it comes to articles."""
ENDS_MIDWAY = Problem(
    CUT, "", "The page ends midway: it lacks the end that the office's others have."
)


class Endings:
    """What is known of the ends of an office's pages, from its last visits and from this one."""

    def __init__(self, count_earlier: Callable[[], Counts]) -> None:
        self._count_earlier = count_earlier
        self._earlier: Counts | None = None
        self._seen: Counts = Counter()

    def is_cut(self, kind: str, closed: bool) -> bool:
        """Note a page; return whether it ends midway."""
        cut = not closed and self._is_usual(kind)
        self._seen[kind, closed] += 1
        return cut

    def _is_usual(self, kind: str) -> bool:
        """Whether most pages of the kind come to their end, as far as that is known.

        Earlier visits go before this one: a night on which everything is cut proves nothing.
        """
        if self._earlier is None:  # few pages lack an end: only then is the archive asked
            self._earlier = self._count_earlier()
        both = self._earlier + self._seen
        for counts in (self._earlier, both):
            if counts[kind, True] + counts[kind, False] >= FEWEST_OF_KIND:
                return counts[kind, True] > counts[kind, False]
        closed = sum(both[name, True] for name in WITH_TEXT)
        return closed >= FEWEST and closed > sum(both[name, False] for name in WITH_TEXT)
