"""Where a template has its title, told by witnesses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from kpucrawl.extract.characters import collapse_space
from kpucrawl.extract.html.context import Page, fold
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.model import Path, Slot
from kpucrawl.extract.layouts.specimens import FEWEST, Specimen
from kpucrawl.extract.layouts.tree import Tree, make_paths
from kpucrawl.extract.regions.headline import HeadlineFinder
from kpucrawl.extract.regions.teasers import is_link
from kpucrawl.extract.regions.untitled import find_plain_headline

PREFIX = 25
"""Characters of a title that a listing shows for certain."""
SHORTEST = 9
"""Characters of a title that `<title>` tells: shorter ones are a menu's words as well."""
RARE = 0.05
"""Share of pages with their title at another place that make it a place of titles too."""
BADGED = 2
"""Headlines that must bear the same words for them to be a badge."""
PROVED = 0.9
"""Share of samples on which a slot must be right; of fewer than ten one may be wrong: its listing
may have been."""


def find_witnessed(specimens: Sequence[Specimen]) -> list[list[Line]]:
    """Per page the lines that a witness calls its title: the listing or, of a page that no listing
    showed, its head.

    Some listings link every article as `Selengkapnya`: where most titles of the listing are on no
    page, heads are asked alone. Some heads name the office alone: where most pages have no witness,
    those without are read as unknown ones.
    """
    listed = [one.listed is not None and bool(one.listed.title) for one in specimens]
    found = _list_title_lines(specimens, listed)
    agreeing = sum(bool(lines) for lines, is_listed in zip(found, listed, strict=True) if is_listed)
    by_heads = _list_title_lines(specimens, [False] * len(specimens))
    if 2 * agreeing < sum(listed) or _contradict(by_heads, found):
        found = by_heads
    if 2 * sum(map(bool, found)) >= len(specimens):
        return found
    return [lines or guess_title(one.page) for one, lines in zip(specimens, found, strict=True)]


def _contradict(by_heads: Sequence[Sequence[Line]], listed: Sequence[Sequence[Line]]) -> bool:
    """Whether the heads of most pages, each its own, call other lines the title than listings do:
    where an excerpt was taken for an item's title, the text begins so."""
    both = [pair for pair in zip(by_heads, listed, strict=True) if all(pair)]
    others = [told for told, shown in both if not any(line in shown for line in told)]
    named = {told[0].text for told in others}
    return 2 * len(named) > len(both) and 2 * len(both) >= len(by_heads)


def _list_title_lines(specimens: Sequence[Specimen], listed: Sequence[bool]) -> list[list[Line]]:
    return [find_title_lines(one, asked) for one, asked in zip(specimens, listed, strict=True)]


def guess_title(page: Page) -> list[Line]:
    """The headline of a page of which nobody says what it is called."""
    head = HeadlineFinder(page).find() or find_plain_headline(page)
    return [head] if head else []


def find_title_lines(specimen: Specimen, is_listed: bool) -> list[Line]:
    """The lines of a page that its listing, or its head, calls its title."""
    if is_listed and specimen.listed:
        return find_listed(specimen.folded, fold(specimen.listed.title))
    told = {fold(title) for title in specimen.page.titles}
    return [line for line, text in specimen.folded if text in told and len(line.text) >= SHORTEST]


def find_listed(folded: Sequence[tuple[Line, str]], wanted: str) -> list[Line]:
    """The lines that are a listed title or go on behind it; without any, those that begin as it
    does. Where listings cut titles, boxes at the side show them cut as well."""
    is_long = len(wanted) >= PREFIX
    whole = [
        line for line, text in folded if text == wanted or (is_long and text.startswith(wanted))
    ]
    beginning = wanted[:PREFIX]
    return whole or [line for line, text in folded if beginning and text.startswith(beginning)]


Found = dict[int, Line]
"""Per number of a specimen its line."""


def find_title(specimens: Sequence[Specimen], titles: Sequence[Sequence[Line]]) -> Slot | None:
    """Where titles stand: the places that together explain most witnesses."""
    witnessed = sum(bool(lines) for lines in titles)
    places = sort_title_places(specimens, titles)
    if not places or witnessed < FEWEST:
        return None
    place, best = places[0]
    paths = _make_paths(specimens, best)
    covered = set(best)
    for other, lines in places[1:]:
        new = {n: line for n, line in lines.items() if n not in covered}
        if other == place and len(new) >= max(2, RARE * witnessed):
            paths += _make_paths(specimens, new)
            covered |= set(new)
    slot = Slot(sort_paths(specimens, titles, paths, place), place)
    hits = sum(_list_hits(specimens, titles, slot))
    if hits < min(PROVED * witnessed, witnessed - 1):
        return None
    return Slot(slot.paths, place, round(hits / witnessed, 3))


def sort_paths(
    specimens: Sequence[Specimen],
    titles: Sequence[Sequence[Line]],
    paths: Sequence[Path],
    place: int,
) -> tuple[Path, ...]:
    """The paths in an order in which none leads astray where another would be right: `div > h1`
    before `div`, whose first line is a date where the headline has a box of its own."""

    def rank(path: Path) -> tuple[float, int]:
        hits = _list_hits(specimens, titles, Slot((path,), place))
        return sum(hits) / max(len(hits), 1), sum(hits)

    return tuple(sorted(paths, key=rank, reverse=True))


def _list_hits(
    specimens: Sequence[Specimen], titles: Sequence[Sequence[Line]], slot: Slot
) -> list[bool]:
    """Of the witnessed pages on which a slot finds a line, whether it is the one."""
    pages = zip(specimens, titles, strict=True)
    found = ((find_headline(one.tree, slot), lines) for one, lines in pages if lines)
    return [line in lines for line, lines in found if line is not None]


def _make_paths(specimens: Sequence[Specimen], found: Found) -> tuple[Path, ...]:
    trees = [specimens[n].tree for n in found]
    return make_paths(trees, [line.box for line in found.values()])


def sort_title_places(
    specimens: Sequence[Specimen], titles: Sequence[Sequence[Line]]
) -> list[tuple[int, Found]]:
    """The places of witnessed titles, by the number of the line in its box: those that explain most
    pages first, then the unlinked, headings, the last on the page."""
    places: defaultdict[tuple[str, int], Found] = defaultdict(dict)
    for number, (specimen, lines) in enumerate(zip(specimens, titles, strict=True)):
        for line in lines:
            own = specimen.tree.list_own_lines(line.box)
            chain = specimen.tree.chains[line.box]
            places[chain, own.index(line)][number] = line
    ranked = sorted(places.items(), key=lambda item: _rank_place(item[1]), reverse=True)
    return [(place, found) for (_, place), found in ranked]


def _rank_place(found: Found) -> tuple[float, ...]:
    lines = list(found.values())
    linked = sum(map(is_link, lines)) / len(lines)
    headings = sum(line.rank > 0 for line in lines) / len(lines)
    position = sum(line.index for line in lines) / len(lines)
    return len(lines), -linked, headings, position


def find_badges(specimens: Sequence[Specimen], heads: Sequence[Line | None]) -> tuple[str, ...]:
    """The words that a template prints in headlines themselves: `Unggulan`, `Baru`.

    They are what a headline has in an element of its own behind or before its listed title.
    """
    seen: Counter[str] = Counter()
    for one, head in zip(specimens, heads, strict=True):
        if head is not None and one.listed and one.listed.title:
            wanted = fold(one.listed.title)
            seen.update(piece for piece, rest in part_headline(head) if fold(rest) == wanted)
    return tuple(sorted(badge for badge, count in seen.items() if count >= BADGED))


def part_headline(head: Line) -> Iterator[tuple[str, str]]:
    """A headline's last and first piece, each with the rest."""
    pieces = [piece.strip() for piece in head.raw if piece.strip()]
    if len(pieces) > 1:
        yield pieces[-1], " ".join(pieces[:-1])
        yield pieces[0], " ".join(pieces[1:])


def strip_badge(head: Line, badges: Collection[str]) -> str:
    """A headline's text without the badge in it."""
    bare = (rest for piece, rest in part_headline(head) if piece in badges)
    return collapse_space(next(bare, head.text))


def find_headline(tree: Tree, slot: Slot) -> Line | None:
    """The line of a title: of those that its paths lead to, the one that the page's head names, or
    the first."""
    slots = (Slot((path,), slot.line) for path in slot.paths)
    lines = [line for one in slots if (line := tree.find_line(one))]
    told = {fold(title) for title in tree.page.titles} if len(lines) > 1 else set()
    named = (line for line in lines if fold(line.text) in told)
    return next(named, lines[0] if lines else None)
