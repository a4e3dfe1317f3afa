"""The markups, by name."""

from __future__ import annotations

from random import Random

from .base import ArticlePage, Item, ListingPage, Shell, Theme
from .cards import Cards
from .filler import write_filler

THEMES: dict[str, Theme] = {theme.name: theme for theme in (Cards(),)}
DRAWN = tuple(THEMES)


def choose_theme(rng: Random) -> str:
    """The markup of a host that was not given one."""
    return rng.choice(DRAWN)


__all__ = ["THEMES", "ArticlePage", "Item", "ListingPage", "Shell", "Theme", "choose_theme", "write_filler"]
