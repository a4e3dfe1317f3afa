"""Telling the places of items from those of furniture, by what other pages show there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.model import Branch, Place
from kpucrawl.extract.layouts.places import Sheet, Shown
from kpucrawl.extract.records import PageKey
from kpucrawl.extract.regions.listing import own_names

_Told = TypeVar("_Told", int, str)

LISTED = 0.15
"""Share of links that another listing page shows at the same place, up to which they are items: a
new article moves the last item of a page to the next one between two requests."""
REPEATED = 0.5
"""Share from which a place is furniture: boxes that draw by chance show half of theirs again."""
OFTEN = 0.5
"""Share of articles that have a place: the others may lack a box that has nothing to show."""
STANDING = 0.7
"""Share of other pages that show a link at one place: then it stands on all of them, but for those
that it leads to itself and those that were asked for before it came."""
ASTRAY = 0.3
"""Share of articles of other categories from which a place is no list of its category's: some
articles print a category that is not the one they are listed in."""
MAIN = 0.5
"""Part of what a place shows that others must list to make it furniture."""
MOST_PARTS = 4
"""Parts that a place is split in; more would be the items themselves, by number."""
FEWEST_TOLD = 2
"""Articles of known category that tell something of a place."""

Links = Mapping[int, Sequence[Shown]]
"""By page, by its number among the sheets, the links of a place."""

Keys = Mapping[int, set[PageKey]]
"""By page, by its number among the sheets, the articles that a place shows there."""


@dataclass(frozen=True)
class Found:
    """A place with what it shows on each page."""

    place: Place
    links: Links
    """By page."""

    @property
    def keys(self) -> Keys:
        """The same without where and how."""
        return {n: {link.key for link in links} for n, links in self.links.items()}


@dataclass(frozen=True)
class Sorted:
    """The places of a template."""

    items: tuple[Found, ...]
    furniture: tuple[Found, ...]
    mixed: tuple[Found, ...]


class Sorter:
    """Tells the places of items from those of furniture, for the pages of one template."""

    def __init__(
        self, sheets: Sequence[Sheet], own: Sequence[int], categories: Mapping[PageKey, str]
    ) -> None:
        self.sheets, self.own, self.categories = sheets, own, categories
        """`own`: the pages of the template; `categories`: what articles print, folded."""

    def sort(self) -> Sorted:
        """Sort the places that the template's pages show links at."""
        clean, rest = self._part_clean(self._list_places())
        sure = [found for found in clean if not (self._is_shared(found) or self._strays(found))]
        sorts: dict[str, list[Found]] = {"items": [], "furniture": [], "mixed": []}
        for found in rest:
            parts = [found] if self._is_covered(found, sure) else self._split(found)
            for part in parts:
                sorts[self._judge(part)].append(part)
        kept, shared = self._drop_shared([*clean, *sorts["items"]])
        items, foreign = self._drop_foreign(kept)
        unclear = [found for found in sorts["mixed"] if not self._is_covered(found, items)]
        drawn = [found for found in sorts["mixed"] if found not in unclear]
        furniture = (*sorts["furniture"], *shared, *foreign, *drawn)
        return Sorted(tuple(items), furniture, tuple(unclear))

    def _part_clean(self, places: Sequence[Found]) -> tuple[list[Found], list[Found]]:
        """Places that show nothing of others', and the rest."""
        clean = [found for found in places if self.measure(found.links) <= LISTED]
        return clean, [found for found in places if found not in clean]

    def _judge(self, found: Found) -> str:
        """What a place is by what other pages repeat of it."""
        share = self.measure_repeated(found.links)
        if share <= LISTED:
            return "items"
        return "furniture" if share >= REPEATED else "mixed"

    def _is_covered(self, found: Found, items: Sequence[Found]) -> bool:
        """Whether the pages that show a place have a list without it, and no short one."""
        pages = {n for one in items for n in one.links}
        enough = self._count(items) >= MAIN * self._count([found])
        return enough and pages.issuperset(self._list_own(found))

    def _list_own(self, found: Found) -> list[int]:
        """The template's pages that show a place."""
        return [n for n in found.links if n in self.own]

    def _list_places(self) -> list[Found]:
        """Places by the names of their boxes alone, with the links on all pages."""
        places: defaultdict[str, defaultdict[int, list[Shown]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for number, sheet in enumerate(self.sheets):
            for link in sheet.links:
                places[sheet.tree.chains[link.line.box]][number].append(link)
        own = set(self.own)
        return [
            Found(Place(chain), links)
            for chain, links in sorted(places.items())
            if own & set(links)
        ]

    def measure(self, links: Links) -> float:
        """Which share of the links that the template's pages show at a place is furniture: stands
        on other pages too, or is of another category."""
        repeated = self.measure_repeated(links)
        return repeated + (1 - repeated) * self.measure_astray(links)

    def measure_astray(self, links: Links) -> float:
        """Which share is of other categories than the pages', of those whose articles are known.
        Pages whose category no article prints tell nothing."""
        known = set(self.categories.values())
        told = []
        for n, shown in links.items():
            names = own_names(self.sheets[n].tree.page) if n in self.own else set()
            if names & known:
                keys = {link.key for link in shown} & set(self.categories)
                told += [self.categories[key] not in names for key in keys]
        return sum(told) / len(told) if len(told) >= FEWEST_TOLD else 0.0

    def measure_repeated(self, links: Links) -> float:
        """Which share of the links that the template's pages show at a place is shown there by
        other pages too."""
        keys = {n: {link.key for link in shown} for n, shown in links.items()}
        listings = {n: one for n, one in keys.items() if self.sheets[n].role == "listing"}
        others = {n: one for n, one in keys.items() if self.sheets[n].role == "article"}
        if self.sheets[self.own[0]].role == "home":
            return self._measure_standing(keys, {**listings, **others})
        if len(listings) >= 2:
            counts = Counter(key for one in listings.values() for key in one)
            own = [key for n, one in listings.items() if n in self.own for key in one]
            return sum(counts[key] > 1 for key in own) / max(len(own), 1)
        return self._measure_standing(keys, others)

    def _measure_standing(self, keys: Keys, others: Keys) -> float:
        """The share of links that most of the other pages with this place show there too."""
        own = [key for n, one in keys.items() if n in self.own for key in one]
        if len(others) < 2 or not own:
            return 0.0
        counts = Counter(key for one in others.values() for key in one)
        return sum(counts[key] >= max(2, STANDING * len(others)) for key in own) / len(own)

    def _split(self, found: Found) -> list[Found]:
        """Part a place where items and furniture wear the same names; as it is where nothing tells
        them apart."""
        best: list[Found] = []
        for parts in self._list_splits(found):
            if 1 < len(parts) <= MOST_PARTS and self._is_clean(parts):
                best = parts if not best or len(parts) < len(best) else best
        return best or [found]

    def _list_splits(self, found: Found) -> Iterator[list[Found]]:
        for depth in range(found.place.chain.count(">") + 1):
            for from_end in (False, True):
                yield self._split_by_number(found, depth, from_end)
        yield self._split_by_heading(found)

    def _split_by_number(self, found: Found, depth: int, from_end: bool) -> list[Found]:
        parts = self._part(found, lambda sheet, line: sheet.number(line, depth, from_end))
        return [
            Found(replace(found.place, branches=(Branch(depth, number, from_end),)), links)
            for number, links in sorted(parts.items())
        ]

    def _split_by_heading(self, found: Found) -> list[Found]:
        parts = self._part(found, lambda sheet, line: sheet.under[line.index])
        return [
            Found(replace(found.place, under=under), links)
            for under, links in sorted(parts.items())
        ]

    def _part(
        self, found: Found, tell: Callable[[Sheet, Line], _Told]
    ) -> dict[_Told, dict[int, list[Shown]]]:
        parts: defaultdict[_Told, dict[int, list[Shown]]] = defaultdict(dict)
        for n, links in found.links.items():
            for link in links:
                parts[tell(self.sheets[n], link.line)].setdefault(n, []).append(link)
        own = set(self.own)
        return {value: links for value, links in parts.items() if own & set(links)}

    def _is_clean(self, parts: Sequence[Found]) -> bool:
        """Whether each part is one or the other, and both are there."""
        shares = [self.measure(part.links) for part in parts]
        if any(LISTED < share < REPEATED for share in shares):
            return False
        items = [part for part, share in zip(parts, shares, strict=True) if share <= LISTED]
        if not items or len(items) == len(parts):
            return False
        return all(max(map(len, part.keys.values())) > 1 for part in items)

    def _drop_shared(self, kept: list[Found]) -> tuple[list[Found], list[Found]]:
        """Part off places that most articles have too, whatever they show there: boxes that draw
        by chance. Where nothing else is listed they are cards of the same make, and stay."""
        shared = [found for found in kept if self._is_shared(found)]
        alone = [found for found in kept if found not in shared]
        covered = {n for found in alone for n in self._list_own(found)}
        pages = {n for found in shared for n in self._list_own(found)}
        if covered >= pages and self._count(alone) >= MAIN * self._count(shared):
            return alone, shared
        return kept, []

    def _is_shared(self, found: Found) -> bool:
        """Whether most articles have a place or, where one listing is all there is, the home page
        shows the same there."""
        if len(self._list_listings(found)) < 2 and self._measure_at_home(found) >= STANDING:
            return True
        articles = sum(sheet.role == "article" for sheet in self.sheets)
        having = sum(self.sheets[n].role == "article" for n in found.links)
        return articles > 1 and having >= OFTEN * articles

    def _list_listings(self, found: Found) -> list[int]:
        return [n for n in found.links if self.sheets[n].role == "listing"]

    def _measure_at_home(self, found: Found) -> float:
        """The share of a place's links that the home page shows there too."""
        homes = [keys for n, keys in found.keys.items() if self.sheets[n].role == "home"]
        own = [key for n in self._list_own(found) for key in found.keys[n]]
        if not homes or self.sheets[self.own[0]].role == "home":
            return 0.0
        return sum(key in homes[0] for key in own) / len(own)

    def _count(self, places: Sequence[Found]) -> int:
        """How many articles the template's pages show at these places, page by page."""
        return sum(
            len({key for found in places for key in found.keys.get(n, ())}) for n in self.own
        )

    def _drop_foreign(self, kept: Sequence[Found]) -> tuple[list[Found], list[Found]]:
        """Part off places that show what the main ones list on other pages: boxes that change from
        page to page."""
        if self.sheets[self.own[0]].role == "home":
            return list(kept), []
        items: list[Found] = []
        foreign: list[Found] = []
        for found in sorted(kept, key=self._rank, reverse=True):
            (foreign if self._is_foreign(found, items) else items).append(found)
        return items, foreign

    def _rank(self, found: Found) -> tuple[bool, int, int, str]:
        """Main places first: lists of the page's category, then long ones."""
        sizes = [len(found.keys[n]) for n in self._list_own(found)]
        return not self._strays(found), max(sizes), sum(sizes), found.place.chain

    def _is_foreign(self, found: Found, items: Sequence[Found]) -> bool:
        """Whether a place on pages whose list is known shows what others list, or articles of
        other categories."""
        pages = set(self._list_own(found))
        if not pages <= {n for one in items for n in one.links}:
            return False
        listed: defaultdict[PageKey, set[int]] = defaultdict(set)
        for one in items:
            for n, keys in one.keys.items():
                if self.sheets[n].role == "listing":
                    for key in keys:
                        listed[key].add(n)
        own = [(n, key) for n in pages for key in found.keys[n]]
        elsewhere = sum(bool(listed[key]) and n not in listed[key] for n, key in own)
        return elsewhere > LISTED * len(own) or self._strays(found)

    def _strays(self, found: Found) -> bool:
        return self.measure_astray(found.links) > ASTRAY
