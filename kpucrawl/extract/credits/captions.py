"""Who took a picture, as its caption says: `Apel pagi di halaman kantor. Foto: Yance Mote`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kpucrawl.extract.credits.credits import AGENCY, NOBODY, is_name
from kpucrawl.extract.credits.units import is_unit
from kpucrawl.extract.phrases.places import NOT_PLACES

LONGEST = 300
"""Characters of a caption."""
_WORD = r"(?:foto(?:graf(?:er|i))?|photo(?:grapher)?|f(?:t|to)\.?|dok(?:umentasi)?(?=\s?:))"
_BEHIND = re.compile(
    rf"(?:^|[\s(\[—–|/-]){_WORD}\s*(?:[:/]|\boleh\b|\bby\b)\s*(?P<name>[^()\[\]|:]{{2,60}}?)[)\]\s.]*$",
    re.I,
)
_BEFORE = re.compile(
    rf"(?:{_WORD}\s?/|(?:f(?:t|to)|foto)\s?[.:])\s?(?P<name>[^()\[\]|:]{{2,60}}?)\s?:\s", re.I
)


def read_photographer(caption: str) -> str | None:
    """The one person whom a caption credits with its picture; no agency, no desk."""
    if len(caption) > LONGEST or AGENCY.search(caption):
        return None
    found = _BEFORE.match(caption) or _BEHIND.search(caption)
    name = found["name"].strip() if found else ""
    words = name.lower().split()
    if not words or name.lower() in NOBODY or not NOT_PLACES.isdisjoint(words):
        return None
    is_written = name[0].isupper() or len(words) > 1  # `mas agus`, but not `rapat`
    return name if is_written and is_name(name) and not is_unit(name) else None


def find_photographer(captions: Iterable[str]) -> str | None:
    """The person whom all captions credit that credit anybody."""
    names = {name for caption in captions if (name := read_photographer(caption))}
    return names.pop() if len(names) == 1 else None
