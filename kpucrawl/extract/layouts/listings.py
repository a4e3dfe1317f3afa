"""Learning the templates of an office's listings: what is listed differs from page to page, what
stands at the same place on its other pages is furniture, however much it looks like an item."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kpucrawl.extract.html.context import Page, fold
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.listed import ListingFit, digest_mark, find_name
from kpucrawl.extract.layouts.model import ListingGroup, Place, Slot
from kpucrawl.extract.layouts.places import Sheet, find_headings
from kpucrawl.extract.layouts.proofs import Witness, prove_items
from kpucrawl.extract.layouts.sorting import Found, Sorter
from kpucrawl.extract.layouts.tree import (
    Tree,
    find_stable_names,
    list_page_tokens,
    list_tokens,
    make_paths,
    name_group,
)
from kpucrawl.extract.records import PageKey
from kpucrawl.extract.regions.listing import leads_on, own_names
from kpucrawl.extract.urls import Address

ALIKE = 0.6
"""Share of kinds of boxes that two listings of one template have in common."""
MARKED = 0.7
"""Share of its pages on which a line stands that tells them from others."""
MOST_MARKS = 40
MOST_LINKS = 60
"""Links of a page that tell how deep the box of one item is."""
_DIGITS = re.compile(r"\d+")
HEADED = 0.5
"""Share of its pages on which a line stands that may head a box of furniture."""
PROVED = 0.9
FEW = 3
"""Of fewer pages what they share may be what they list: other pages must show it too."""


def learn_listings(
    pages: Sequence[Page], articles: Sequence[Page], witnesses: Mapping[PageKey, Witness]
) -> tuple[ListingGroup, ...]:
    """Learn every template among these listings and the home page.

    `articles` show what is furniture, `witnesses` what the items lead to.
    """
    listings = list({page.address.canonical: page for page in pages if is_listing(page)}.values())
    homes = [page for page in pages if page.address.kind == "home"][:1]
    parts = [*part_listings(listings), *([home] for home in homes)]
    found = []
    for part in parts:
        others = [page for page in (*listings, *homes) if page not in part]
        if group := learn_listing(part, others, articles, witnesses):
            found.append(group)
    return tuple(sorted(found, key=lambda group: (-group.samples, group.name)))


def is_listing(page: Page) -> bool:
    """Whether a page's address names a listing."""
    return page.address.kind == "listing"


def part_listings(pages: Sequence[Page]) -> list[list[Page]]:
    """Part listings by template: linked by the share of kinds of boxes that they have in common.

    Kinds are a box's name and its parent's: what a body is called changes with the category.
    """
    names = find_stable_names(pages, 0.0)
    kinds = [_list_kinds(Tree(page, names)) for page in pages]
    parts: list[list[int]] = []
    for number, one in enumerate(kinds):
        near = [part for part in parts if any(_overlap(one, kinds[n]) >= ALIKE for n in part)]
        joined = sorted([number, *(n for part in near for n in part)])
        parts = [part for part in parts if part not in near] + [joined]
    return [[pages[n] for n in part] for part in sorted(parts)]


def _list_kinds(tree: Tree) -> set[tuple[str, str]]:
    parents = tree.page.outline.parents
    labels = [
        label.partition(".")[0] if parents[n] < 1 else label for n, label in enumerate(tree.labels)
    ]
    return {(labels[parent], labels[n]) for n, parent in enumerate(parents) if parent >= 0}


def _overlap(one: set[tuple[str, str]], other: set[tuple[str, str]]) -> float:
    return len(one & other) / max(len(one | other), 1)


def learn_listing(
    part: Sequence[Page],
    others: Sequence[Page],
    articles: Sequence[Page],
    witnesses: Mapping[PageKey, Witness],
) -> ListingGroup | None:
    """Learn one template; None where its pages list nothing, there is nothing to compare them with,
    or the articles contradict what was found."""
    if len(part) + len(others) + len(articles) < FEW:
        return None
    names = find_names(part, [*others, *articles])
    sheets = [
        *(Sheet(Tree(page, names), page.address.kind) for page in (*part, *others)),
        *(Sheet(Tree(page, names), "article") for page in articles),
    ]
    own = sheets[: len(part)]
    headings = find_headings(*_choose_heading_pages(own, sheets))
    for sheet in sheets:
        sheet.headings = headings
    categories = {key: fold(one.category) for key, one in witnesses.items() if one.category}
    places = Sorter(sheets, range(len(part)), categories).sort()
    if not places.items and not places.mixed:
        return None
    items = tuple(_measure_depth(found, sheets, places.items, len(part)) for found in places.items)
    marks = find_marks(own, sheets)
    pagers, menus = find_pagers(own)
    used = any(found.place.under is not None for found in (*places.items, *places.furniture))
    group = ListingGroup(
        name=name_group(marks, sorted(names)),
        kind="home" if part[0].address.kind == "home" else "listing",
        names=tuple(sorted(names)),
        marks=tuple(sorted(map(digest_mark, marks))[:MOST_MARKS]),
        items=tuple(sorted(items, key=repr)),
        furniture=tuple(sorted((found.place for found in places.furniture), key=repr)),
        mixed=tuple(sorted((found.place for found in places.mixed), key=repr)),
        title=find_title_slot(own),
        headings=tuple(sorted("\t".join(key) for key in headings)) if used else (),
        pagers=tuple(sorted(pagers)),
        menus=tuple(sorted(menus)),
        samples=len(part),
    )
    return prove_items(group, [ListingFit(group, sheet) for sheet in own], witnesses)


def find_names(part: Sequence[Page], others: Sequence[Page]) -> frozenset[str]:
    """The classes and ids that stand on several pages of a template; of a single one those without
    a number, and those that other pages have too.

    What names a category, an article or a kind of page is none: others have it otherwise.
    """
    if len(part) > 1:
        stable = find_stable_names(part, 0.0)
    else:
        tokens = list_page_tokens(part[0])
        shared = {token for page in others for token in list_page_tokens(page)}
        stable = frozenset(token for token in tokens if token in shared or not _numbered(token))
    stable -= {token for page in (*part, *others) for token in _list_body_tokens(page)}
    numbers = set().union(*(_list_numbers(page) for page in part))
    titles = set().union(*(own_names(page) for page in part))
    return frozenset(
        token
        for token in stable
        if not numbers & set(_DIGITS.findall(token)) and fold(token) not in titles
    )


def _list_numbers(page: Page) -> set[str]:
    """The numbers of a page's category and of the articles that it links."""
    keys = {address.key.key for _, address in page.links if address.key}
    return keys | {page.address.category or ""}


def _list_body_tokens(page: Page) -> Iterator[str]:
    """The classes of `<html>` and `<body>`, which say what kind of page it is."""
    for box, parent in enumerate(page.outline.parents[:2]):
        if parent < 1:
            yield from list_tokens(page, box)


def _numbered(token: str) -> bool:
    return any(map(str.isdigit, token))


def _choose_heading_pages(
    own: Sequence[Sheet], sheets: Sequence[Sheet]
) -> tuple[Sequence[Sheet], int]:
    """The pages that show what heads a box of furniture, and how many must."""
    if len(own) < 2:
        return sheets, 2
    return own, max(2, round(HEADED * len(own)))


def find_marks(own: Sequence[Sheet], sheets: Sequence[Sheet]) -> list[str]:
    """The lines that most pages of a template show and that lead to no article; of few pages those
    that another page shows too."""
    counts: Counter[tuple[str, str]] = Counter()
    for sheet in own:
        linked = {link.line.index for link in sheet.links}
        lines = (line for line in sheet.tree.lines if line.index not in linked)
        counts.update({sheet.tree.place_keys[line.index] for line in lines})
    often = {key for key, count in counts.items() if count >= MARKED * len(own)}
    if len(own) < FEW:
        trees = [sheet.tree for sheet in sheets[len(own) :]]
        often &= {key for tree in trees for key in tree.place_keys}
    return sorted("\t".join(key) for key in often)


def _measure_depth(
    found: Found, sheets: Sequence[Sheet], items: Sequence[Found], own: int
) -> Place:
    """Tell how deep the box of one item is: the largest that holds links to one article alone."""
    depths: Counter[int] = Counter()
    for n, links in found.links.items():
        if n >= own:
            continue
        listed = [link for one in items for link in one.links.get(n, ())[:MOST_LINKS]]
        if len({link.key for link in listed}) < 2:
            continue
        outline = sheets[n].tree.page.outline
        for link in links[:MOST_LINKS]:
            others = [one.line.index for one in listed if one.key != link.key]
            boxes = sheets[n].climb(link.line.box)
            alone = [
                not any(outline.firsts[box] <= at < outline.ends[box] for at in others)
                for box in boxes
            ]
            depths[alone.index(True) + 1 if any(alone) else 0] += 1
    whole = found.place.chain.count(">") + 1
    depth = max(depths, key=lambda depth: (depths[depth], depth), default=whole)
    return replace(found.place, depth=depth)


def find_title_slot(own: Sequence[Sheet]) -> Slot | None:
    """Where the category's title stands: what menu and head call it, alone or as a piece of a line,
    outside of links."""
    places: defaultdict[tuple[str, int], dict[int, Line]] = defaultdict(dict)
    named = [list(_list_named(sheet)) for sheet in own]
    for n, lines in enumerate(named):
        for line in lines:
            alike = own[n].tree.list_own_lines(line.box)
            places[own[n].tree.chains[line.box], alike.index(line)].setdefault(n, line)
    if not places:
        return None

    def rank(place: tuple[str, int]) -> tuple[int, bool, int, str]:
        lines = places[place].values()
        return len(lines), any(line.rank for line in lines), place[1], place[0]

    best = max(places, key=rank)
    found = places[best]
    paths = make_paths([own[n].tree for n in found], [line.box for line in found.values()])
    slot = Slot(paths, best[1])
    right = sum(
        sheet.tree.find_line(slot) in lines for sheet, lines in zip(own, named, strict=True)
    )
    return slot if paths and right >= PROVED * len(own) else None


def _list_named(sheet: Sheet) -> Iterator[Line]:
    """The lines that are the category's title, or hold it as a piece."""
    names = own_names(sheet.tree.page)
    for line in sheet.tree.lines:
        if not line.anchors and find_name(line, names):
            yield line


def find_pagers(own: Sequence[Sheet]) -> tuple[set[str], set[str]]:
    """The boxes whose links lead to other pages of the listing that they stand on, and those whose
    links lead to another listing: menus, and what is left over of others."""
    pagers: set[str] = set()
    menus: set[str] = set()
    for sheet in own:
        address = sheet.tree.page.address
        for line in sheet.tree.lines:
            for target in _list_listings(sheet.tree.page, line):
                if not leads_on(target, address):
                    menus.add(sheet.tree.chains[line.box])
                elif max(target.page or 1, address.page or 1) > 1:
                    pagers.add(sheet.tree.chains[line.box])
    return pagers - menus, menus


def _list_listings(page: Page, line: Line) -> Iterator[Address]:
    """The listings that a line links."""
    targets = (page.parse(anchor.href) for anchor in line.anchors)
    return (target for target in targets if target and target.kind == "listing")
