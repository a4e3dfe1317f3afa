"""What one visit does not follow without end, and the words that tell what was left."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from archive.watch.verdicts import BOUNDED

MOST_PAGES = 1000
"""Pages of one listing that a walk opens: the longest seen has 258."""
MOST_STALE = 5
"""Pages in a row without a new article after which a pager is not believed any more: a page may
repeat the one before it, as where an article was posted in between."""
MOST_CHAIN = 20
"""Mentions that lead from what a listing shows to an article. Articles that no listing shows hang
together by `sebelumnya` and `berikutnya`; each run goes on from where the last one stopped."""
MOST_MENTIONED = 500
"""Articles asked for in one visit because other articles mention them: half an hour at the default
delay. No office seen has as many that its listings do not show."""
MOST_CATEGORIES = 500
"""Listings opened in one visit; the richest menu seen has some forty."""


@dataclass(slots=True)
class Bounds:
    """What a visit may still follow, and what it left."""

    mentioned: int = 0
    """Articles asked for because of a mention."""
    unasked: int = 0
    """Mentioned articles that stay pending."""
    unopened: int = 0
    """Listings that were never opened."""
    pagers: list[str] = field(default_factory=list)
    """Pagers that were given up, in words."""
    circles: list[str] = field(default_factory=list)
    """Addresses that redirect in a circle, or on and on."""
    left: Counter[str] = field(default_factory=Counter)
    """Requests that did not fit into the run, by the reason."""

    def admits_mention(self, chain: int) -> bool:
        """Whether an article `chain` mentions away from a listing is asked for."""
        if chain > MOST_CHAIN or self.mentioned >= MOST_MENTIONED:
            self.unasked += 1
            return False
        self.mentioned += 1
        return True

    def admits_category(self, opened: int) -> bool:
        """Whether another listing is opened, where `opened` were."""
        self.unopened += opened >= MOST_CATEGORIES
        return opened < MOST_CATEGORIES

    def note_pager(self, category: str, page: int, last: int, stale: bool) -> None:
        """A pager was given up at a page, `last` being the highest that it named."""
        why = f"{MOST_STALE} pages in a row showed nothing new" if stale else "no pager is longer"
        unread = f", {last - page:,} pages were not opened" if last > page else ""
        self.pagers.append(f"listing {category} was left at page {page:,}, since {why}{unread}")

    def describe(self) -> str:
        """What was left, as it is added to an outcome; empty when nothing was."""
        said = [*self.pagers[:3], *(f"{one} redirects without end" for one in self.circles[:3])]
        said += [
            f"{number:,} not asked for and pending: {why}" for why, number in self.left.items()
        ]
        if self.unasked:
            said.append(f"{self.unasked:,} mentioned articles stay pending")
        if self.unopened:
            said.append(f"{self.unopened:,} listings were not opened")
        if len(self.pagers) > 3:
            said.append(f"{len(self.pagers) - 3:,} more listings were left")
        return f"{BOUNDED}{'; '.join(said)}" if said else ""
