"""What is asked for: an address, how urgently, and what is known of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlsplit

from archive.records import Key
from kpucrawl.bounds import LONGEST_NUMBER
from kpucrawl.extract.records import PageKey
from kpucrawl.extract.urls import Address, article_url, parse_url

OWN_PATH = re.compile(r"(/index\.php)?/\w+/\w+/\d+([_/-][^/]*)?/?")
"""An article's path as offices write it, and no leftover of a scanner behind it."""
HOME, LISTING, FIRST, ARTICLE = 20, 10, 5, 0
"""Priorities: discovery first, so that a run cut short knows what it missed; then the articles that
the template is learnt from."""


@dataclass(frozen=True, slots=True)
class Ask:
    """An address to ask for."""

    path: str
    """Path and query on the office's host."""
    priority: int
    address: Address
    hops: int = 0
    """How many redirects led here."""
    trail: tuple[str, ...] = ()
    """The paths that they led through."""
    chain: int = 0
    """How many mentions led here from what a listing shows."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What the request asks beside the address: whether the bytes held are still current."""
    validated: int | None = None
    """The capture that this is asked of: what a 304 says is unchanged."""
    is_unread: bool = False
    """The page's last whole answer was no article: another one says nothing new."""

    @classmethod
    def parse(cls, url: str) -> Ask:
        """What asking for an address by hand amounts to."""
        parts = urlsplit(url)
        return cls(
            f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}", HOME, parse_url(url)
        )


def find_gaps(pages: Iterable[Key], most: int) -> list[int]:
    """The highest numbers, `most` of them, that an office's current articles skip: never shown,
    never asked for."""
    numbers = {int(key) for route, key in pages if route == "blog" and is_number(key)}
    if not numbers or not most:
        return []
    missing = (number for number in range(max(numbers), min(numbers), -1) if number not in numbers)
    return list(islice(missing, most))


def is_number(key: str) -> bool:
    """Whether a key can be an article's number: one of 4,400 digits is none, and `int` refuses
    it."""
    return key.isascii() and key.isdecimal() and len(key) <= LONGEST_NUMBER


def choose_path(key: PageKey, url: str) -> str:
    """The path to ask for a page: as its office links it, where that names the page and nothing
    else; else as built from its key."""
    built = article_url(key, read_slug(url, key))
    parts = urlsplit(url)
    own = parts.path if not parts.query else ""
    is_plain = OWN_PATH.fullmatch(own) is not None
    return own if is_plain and parse_url(own) == parse_url(built) else built


def read_slug(url: str, key: PageKey) -> str | None:
    """Read the slug behind the number in an article's address, None when it has none."""
    found = re.search(rf"/{re.escape(key.key)}[_/-]([^/?#]+)", url)
    return found[1] if found else None
