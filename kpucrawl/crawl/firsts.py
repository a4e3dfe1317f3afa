"""Which articles an office's template is learnt from while its first crawl is under way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from archive.records import Key, rank_key

ENOUGH = 16
"""Articles that a template is learnt from: twelve teach as much as forty, and some of these may be
no articles."""
FRONT = ""
"""Stands for a category, in front of those that the home page leads to."""


class FirstArticles:
    """The articles that the home page and the first page of each of its categories show: the same
    ones in whatever order the answers come."""

    def __init__(self) -> None:
        self._listings: dict[str, tuple[str, Collection[Key]]] = {}
        """What showed them, by category: its canonical address, and the articles."""
        self._awaited: Collection[str] | None = None
        """Categories whose first page is waited for; None before the home page was answered."""
        self._answered: set[Key] = set()
        self._is_taken = False

    @property
    def listings(self) -> list[str]:
        """The canonical addresses of the pages that showed them."""
        return [self._listings[one][0] for one in (FRONT, *(self._awaited or ()))]

    def shows(self, key: Key) -> bool:
        """Whether the home page or a first page, as far as they have come, shows an article."""
        return any(key in keys for _, keys in self._listings.values())

    def note_listing(self, category: str, canonical: str, keys: Collection[Key] = ()) -> None:
        """Note what the first page of a category shows, or the home page: nothing where it could
        not be read."""
        self._listings.setdefault(category, (canonical, keys))

    def await_listings(self, categories: Iterable[str]) -> None:
        """Note the categories that are asked for behind the home page, whatever came of it."""
        self._listings.setdefault(FRONT, ("/", ()))
        self._awaited = tuple(categories)

    def note_answer(self, key: Key) -> None:
        """Note that an article was asked for and something came, whatever it was."""
        self._answered.add(key)

    def take(self) -> Sequence[Key]:
        """The articles to learn from, once: empty until all of them have been answered."""
        if self._is_taken or self._awaited is None or not self._listings.keys() >= {*self._awaited}:
            return ()
        shown = {key for one in (FRONT, *self._awaited) for key in self._listings[one][1]}
        chosen = sorted(shown, key=lambda key: rank_key(*key))[:ENOUGH]
        if len(chosen) < ENOUGH or not self._answered.issuperset(chosen):
            return ()
        self._is_taken = True
        return chosen
