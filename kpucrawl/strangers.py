"""Whether a page is the office's own, by what the archive knows of the office. Pure.

A page under an article's address with a structure that the office never showed, and without the
marks that its other articles have, is a stranger: a block page of next year's wording, a parked
domain. One that shows the title under which a listing announced it, or that it had before, is the
office's own whatever else it lacks: a redesign overnight is read on.

At an office with layouts these take the marks' place: a page that fits one is the office's own, one
that fits none is so by its title alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache

from archive.records import KnownTitles, OfficeMarks
from archive.watch.verdicts import OFFICE, STRANGER
from kpucrawl.extract.html.context import fold
from kpucrawl.extract.records import PageReading, Problem
from kpucrawl.extract.regions.marks import HOST, OWN
from kpucrawl.extract.regions.marks import OFFICE as NAMED
from kpucrawl.sites import Site, load_sites

NO_TITLES = KnownTitles()
FEWEST_KNOWN = 5
"""Articles from which an office is known: before, as on a first visit, only what a page itself
shows counts."""
USUAL = 0.8
"""Share of its articles that have a mark which the others are expected to have: a share block or a
counter may be off for a few."""
WORD = re.compile(r"\w+")
EDITED = 0.5
"""Share of their words that a title and the same title edited have in common: half of what both
say. Titles of two articles of an office seldom share a third."""
SHORTEST_CUT = 15
"""Letters of a title cut short by a listing (at 60 characters on some) that tell it: fewer may
begin anything."""


def find_stranger(
    reading: PageReading, held: OfficeMarks, titles: KnownTitles = NO_TITLES
) -> Problem | None:
    """The problem of a page, asked for as an article, that is not the office's own; None when it
    is, or when too little is known of the office to tell."""
    if held.pages < FEWEST_KNOWN or reading.skeleton in held.skeletons:
        return None
    usual = [mark for mark in OWN if held.marks.get(mark, 0) >= USUAL * held.pages]
    shown = [mark for mark in usual if mark in reading.marks]
    if 2 * len(shown) >= len(usual) or _has_known_title(reading, titles):
        return None
    lacks = ", ".join(mark for mark in usual if mark not in shown)
    why = f"The page lacks what the office's other articles show: {lacks}."
    return Problem(STRANGER, _get_title(reading), why)


def find_misfit(reading: PageReading, titles: KnownTitles = NO_TITLES) -> Problem | None:
    """The problem of a page that was read as an article of an office with layouts, fits none of
    them, and shows neither its announced title nor the one that it had; None for any other."""
    if reading.kind != "article" or reading.layout is not None:
        return None
    if any(_is_known_title(line, titles) for line in _list_shown(reading)):
        return None
    if titles.held and share_words(_get_title(reading), titles.held) >= EDITED:
        return None
    why = "The page fits no layout of the office and shows no title that is known of it."
    return Problem(STRANGER, _get_title(reading), why)


def find_other_office(
    reading: PageReading, site: Site, held: OfficeMarks, titles: KnownTitles = NO_TITLES
) -> Problem | None:
    """The problem of a page that another office's site answered; None when it is this office's.

    The page's title or canonical address names the other: `KPU KAB-KARANGANYAR - Rapat`. Where
    half of the office's articles name it too, it is a mistake in the office's own template.
    """
    named = [mark for mark in reading.marks if mark.startswith((NAMED, HOST))]
    codes = {_find_code(mark, site) for mark in named} - {None}
    others = [mark for mark in named if _find_code(mark, site) not in (None, site.code)]
    if not others or site.code in codes or _is_habit(others, held):
        return None
    if titles.held is not None and _agrees(_get_title(reading), titles.held):
        return None
    why = f"The page says that it is another office's: {others[0].partition(' ')[2]}."
    return Problem(OFFICE, _get_title(reading), why)


def set_aside(reading: PageReading, problem: Problem) -> PageReading:
    """The reading of a page that is somebody else's: nothing of it is the office's."""
    bare = replace(reading, kind="other", article=None, listing=None, categories=(), mentions=())
    return replace(bare, layout=None, hosts=(), problems=(problem,))


def _is_habit(marks: Collection[str], held: OfficeMarks) -> bool:
    return held.pages >= FEWEST_KNOWN and any(
        2 * held.marks.get(mark, 0) >= held.pages for mark in marks
    )


def _find_code(mark: str, site: Site) -> str | None:
    """The code of the office that a mark names; None for what names none."""
    name = mark.partition(" ")[2]
    return site.code if name in (site.label, site.host) else _load_codes().get(name)


@cache
def _load_codes() -> dict[str, str]:
    """Offices by the label and by the host that they are listed with."""
    return {name: site.code for site in load_sites() for name in (site.label, site.host)}


def share_words(title: str, other: str) -> float:
    """The part of all their words that two titles have in common."""
    words, others = (set(WORD.findall(one.casefold())) for one in (title, other))
    return len(words & others) / max(len(words | others), 1)


def _get_title(reading: PageReading) -> str:
    return (reading.article.title if reading.article else None) or ""


def _has_known_title(reading: PageReading, titles: KnownTitles) -> bool:
    return _is_known_title(_get_title(reading), titles)


def _list_shown(reading: PageReading) -> Iterator[str]:
    """The headline, and the lines below it: of an unknown template the wrong one may be taken."""
    yield _get_title(reading)
    yield from reading.article.body.splitlines() if reading.article else ()


def _is_known_title(title: str, titles: KnownTitles) -> bool:
    held = (titles.held,) if titles.held else ()
    return any(_agrees(title, known) for known in (*titles.announced, *held))


def _agrees(title: str, known: str) -> bool:
    """Whether two titles are one, or the known one is its beginning."""
    whole, part = fold(title), fold(known)
    return bool(whole) and (whole == part or (len(part) >= SHORTEST_CUT and whole.startswith(part)))
