"""Trails of crumbs: the way from the home page to an article, the category last but one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kpucrawl.extract.html.context import Page, fold, is_site_name
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.phrases.chrome import find_printed_date, is_meta, is_share
from kpucrawl.extract.regions.headline import is_cut

HOMES = re.compile(
    r"home|beranda|anda\s(?:berada\s)?di\s?sini|breadcrumbs?|you\sare\shere|depan|utama"
    r"|halaman\s(?:utama|depan)|⌂|(?:detail|baca|isi)(?:\s(?:berita|artikel|konten))?|read|blog",
    re.I,
)
"""Crumbs that are no category."""
LONGEST_NAME = 60
"""Characters of a category's name."""
SHORTEST_NAME = 3
"""`SDM` is one."""
MOST_CRUMBS = 6
"""Lines of a trail that is a list; menus have more."""
LONGEST_TRAIL = 400
"""Characters of a trail in one line, with the longest titles."""
SHORTEST_CUT = 12
"""Letters of a headline that some sites cut without a mark; `Sosialisasi` may begin one."""
_NAMED = re.compile(r"crumb|pathway|jejak|navigasi-?halaman", re.I)
"""How trails are called: Joomla's are `pathway`s."""
_CRUMBS = re.compile(r"\s*(?:[/»›>→|\\]|::)\s*")
_HERE = re.compile(r"(?:anda\s(?:berada\s)?di\s?sini|you\sare\shere)\s*:?\s*", re.I)


def read_trail(page: Page, headline: Line) -> str | None:
    """The last crumb before the article's own, of a box above the headline that is called so."""
    outline = page.outline
    for box, names in enumerate(outline.names):
        if outline.firsts[box] >= headline.index:
            return None
        if outline.ends[box] - outline.firsts[box] > MOST_CRUMBS or not _is_named(names):
            continue
        lines = outline.lines[outline.firsts[box] : outline.ends[box]]
        if sum(len(line.text) for line in lines) > LONGEST_TRAIL:
            continue
        parts = [part for line in lines for part in split_crumbs(line)]
        if name := choose_crumb(parts, fold(headline.text)):
            return name
    return None


def _is_named(names: Sequence[str | None]) -> bool:
    return any(name and _NAMED.search(name) for name in names)


def read_list(page: Page, line: Line, headline: Line) -> str | None:
    """The last crumb of a list that begins with this line, the home page, and ends as the headline
    does."""
    outline, title = page.outline, fold(headline.text)
    if not HOMES.fullmatch(line.text):
        return None
    for box in outline.climb(line.box):
        lines = outline.lines[outline.firsts[box] : outline.ends[box]]
        if len(lines) > MOST_CRUMBS or outline.holds(box, headline.box):
            return None
        if len(lines) > 1:
            is_trail = lines[0] is line and is_title(lines[-1].text, title)
            return choose_crumb([one.text for one in lines], title) if is_trail else None
    return None


def read_crumbs(page: Page, line: Line, title: str) -> str | None:
    """The last crumb of one line: `Beranda » Berita Terkini » Rapat Pleno`; a ticker names other
    articles."""
    if len(line.text) > LONGEST_TRAIL or any(page.names_article(one.href) for one in line.anchors):
        return None
    parts = list(split_crumbs(line))
    if len(parts) > 1 and is_title(parts[-1], title):
        return choose_crumb(parts, title)
    is_menu = "|" in line.text and len(parts) > 3
    return choose_crumb(parts, title) if begins_trail(line) and not is_menu else None


def begins_trail(line: Line) -> bool:
    """Whether a line begins with the home page and a mark."""
    first, *rest = _CRUMBS.split(_HERE.sub("", line.text), maxsplit=1)
    return bool(rest) and HOMES.fullmatch(first) is not None


def split_crumbs(line: Line) -> Iterator[str]:
    """The crumbs of a line, apart by marks, or by pictures between links."""
    parts = [part for part in _CRUMBS.split(_HERE.sub("", line.text)) if part]
    pieces = [piece.strip() for piece in line.raw if piece.strip()]
    yield from parts if len(parts) > 1 or not line.anchors else pieces


def choose_crumb(parts: Sequence[str], title: str) -> str | None:
    """The last crumb that is neither the home page nor the article; a mark of the trail may stand
    in a title too."""
    ends = (n for n in range(len(parts)) if is_title(" ".join(parts[n:]), title))
    names = [
        part
        for part in parts[: next(ends, len(parts))]
        if any(map(str.isalpha, part))
        and not HOMES.fullmatch(part.rstrip(" :"))
        and not is_site_name(part)
        and not is_title(part, title)
    ]
    return names[-1] if names and may_be_name(names[-1]) else None


def may_be_name(text: str) -> bool:
    """Whether words may be a category's name, and no note about the article."""
    if not SHORTEST_NAME <= len(text) <= LONGEST_NAME or not any(map(str.isalpha, text)):
        return False
    if HOMES.fullmatch(text) or is_site_name(text) or is_share(text) or is_meta(text):
        return False
    return text[0] != "#" and text[-1] != ":" and find_printed_date(text) is None


def is_title(text: str, title: str) -> bool:
    """Whether words are the headline, also cut short as the last crumb: `Keputusan Nomor 12...`."""
    folded = fold(text)
    if len(folded) >= SHORTEST_CUT and title.startswith(folded):
        return True
    return folded == title or is_cut(text, folded, title)
