"""The markups, by name."""

from __future__ import annotations

from random import Random

from .base import ArticlePage, Item, ListingPage, Shell, Theme
from .broken import Broken, Untitled
from .cards import Cards
from .filler import write_filler
from .pasted import Breaks, Word
from .sections import Sections
from .soup import Soup
from .tables import Latin, Tables

DRAWN = tuple(theme.name for theme in (Cards, Tables, Soup, Sections, Breaks, Word, Latin, Broken))
THEMES: dict[str, Theme] = {
    theme.name: theme
    for theme in (
        Cards(),
        Tables(),
        Soup(),
        Sections(),
        Breaks(),
        Word(),
        Latin(),
        Broken(),
        Untitled(),
    )
}


def choose_theme(rng: Random) -> str:
    """The markup of a host that was not given one; `untitled` is never drawn, browsers show nothing
    of it."""
    return rng.choice(DRAWN)


__all__ = [
    "THEMES",
    "ArticlePage",
    "Item",
    "ListingPage",
    "Shell",
    "Theme",
    "choose_theme",
    "write_filler",
]
