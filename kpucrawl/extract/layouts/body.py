"""Where the text of a template's articles stands."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log

from kpucrawl.extract.characters import split_words
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.edges import Edges, find_edges
from kpucrawl.extract.layouts.kinds import PROSE, Kinds
from kpucrawl.extract.layouts.media import (
    find_common_pictures,
    find_covers,
    find_files,
    find_heroes,
    opens_with_captions,
)
from kpucrawl.extract.layouts.model import Slot
from kpucrawl.extract.layouts.tree import Tree, make_paths
from kpucrawl.extract.phrases.chrome import is_counter

SHORT, SHORT_WEIGHT = 25, 0.25
"""Characters of a line that is hardly prose, and what it weighs."""
LEAST_MASS = 150
"""Characters of its own that a page needs to have a say where the text is."""
COPIED_MASS = 25
"""The same where most pages have less: a name and a number in what all announcements say."""
VOTING = 1 / 3
"""Share of pages that must have a say."""
PICTURED = 0.8
"""Share of pages without a text that must show a picture of their own to be a template."""
DEEPER = 0.80
"""Share of a box's own mass that the box inside it must hold to be entered."""
COPIED_DEEPER = 0.6
"""The same where days and names around the text weigh as much as what differs in it."""
BESIDE = 0.10
"""Share of a neighbour with the same kind of lines that keeps both together: columns."""
LEAD_SHARE = 0.05
"""Share of pages that show a box beside the text with words of their own ..."""
LEAD_PROSE = 0.25
"""... and share of those on which it must hold prose to be a lead; elsewhere it may greet."""
LONGEST_SIGNED = 80
"""Characters of the lines of a signature."""
_SIGNED = re.compile(r"(?:ttd|tertanda|ditetapkan di|dikeluarkan di)\b", re.I)
OUTSIDE = frozenset({"aside", "nav", "footer"})
NEVER_ENTERED = split_words("p h ul ol li dl dt dd blockquote figure pre data")
"""Paragraphs, lists, quotations, tables of data: a text is never inside one alone."""


@dataclass(frozen=True)
class Body:
    """The text's place."""

    regions: tuple[Slot, ...]
    dropped: tuple[str, ...]
    edges: Edges
    heroes: tuple[str, ...]
    pictures: tuple[str, ...]
    covers: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    captioned: bool = False


class Masses:
    """The own mass of each line of a page, summed up: what differs between pages weighs."""

    def __init__(self, tree: Tree, title: Line | None, counts: Counter[tuple[str, str]], n: int):
        self.tree = tree
        skipped = tree.teasers | ({title.index} if title else set())
        weights = [
            0.0
            if line.index in skipped or _is_outside(tree, line) or tree.leads_away(line)
            else weigh(line, counts[tree.place_key(line)], n)
            for line in tree.lines
        ]
        self.weights = weights
        self.sums = [0.0, *accumulate(weights)]

    def of(self, box: int) -> float:
        """The mass inside a box; -1 is the page."""
        if box < 0:
            return self.sums[-1]
        outline = self.tree.page.outline
        return self.sums[outline.ends[box]] - self.sums[outline.firsts[box]]


def weigh(line: Line, count: int, n: int) -> float:
    """Length, less what is linked, less the more pages show the line at its place."""
    rarity = log(n / max(count, 1)) / log(n) if n > 1 else 1.0
    prose = 1.0 if len(line.text) >= SHORT else SHORT_WEIGHT
    return max(len(line.text) - line.linked, 0) * rarity * prose


def _is_outside(tree: Tree, line: Line) -> bool:
    outline = tree.page.outline
    return line.zone >= 0 and outline.tags[line.zone] in OUTSIDE


def find_body(
    trees: Sequence[Tree], titles: Sequence[Line | None], counts: Counter[tuple[str, str]]
) -> Body | None:
    """Find the regions of the text; of an office of pictures alone, the places of the pictures;
    None when these pages have neither of their own."""
    masses = [
        Masses(tree, title, counts, len(trees)) for tree, title in zip(trees, titles, strict=True)
    ]
    region = find_main_region(masses)
    if region is None:
        return find_pictures_alone(trees, titles)
    found = [tree.find_box(region) for tree in trees]
    leads, trails = find_leads(masses, titles, found)
    regions = (*leads, region, *trails)
    kinds = Kinds(trees, titles, regions, counts)
    dropped = kinds.find_dropped()
    edges = find_edges(kinds, dropped)
    heroes = find_heroes(trees, titles, regions)
    covers, files = find_covers(trees, regions, heroes), find_files(trees, regions)
    pictures, captioned = find_common_pictures(trees), opens_with_captions(trees, edges.kept)
    return Body(regions, dropped, edges, heroes, pictures, covers, files, captioned)


def find_main_region(masses: Sequence[Masses]) -> Slot | None:
    """The box of the text, as pages of much text of their own tell it; where there are hardly any,
    since the office copies its announcements, as those of some do."""
    for least, deeper in (LEAST_MASS, DEEPER), (COPIED_MASS, COPIED_DEEPER):
        boxes = descend(masses, least, deeper)
        voting = [n for n, one in enumerate(masses) if one.of(boxes[n]) >= least]
        if len(voting) >= VOTING * len(masses):
            trees = [masses[n].tree for n in voting]
            return Slot(make_paths(trees, [boxes[n] for n in voting]))
    return None


def find_pictures_alone(trees: Sequence[Tree], titles: Sequence[Line | None]) -> Body | None:
    """The places of pictures on pages without a text; None where they do not tell them."""
    heroes = find_heroes(trees, titles, ())
    pages = [{tree.chains[image.box] for image in tree.pictures} for tree in trees]
    shown = sum(not places.isdisjoint(heroes) for places in pages)
    if shown < PICTURED * len(trees):
        return None
    no_texts = tuple(frozenset[int]() for _ in trees)
    return Body((), (), Edges((), (), no_texts, no_texts), heroes, find_common_pictures(trees))


def descend(masses: Sequence[Masses], least: float, deeper: float) -> list[int]:
    """Go down from the page to the smallest box that holds most of what is a page's own."""
    boxes = [-1] * len(masses)
    while True:
        votes = [n for n, one in enumerate(masses) if one.of(boxes[n]) >= least]
        shares = share_children(masses, boxes, votes)
        if not shares or not votes:
            return boxes
        key, _ = max(shares.items(), key=lambda item: (sum(item[1].values()), item[0]))
        share = sum(shares[key].values()) / len(votes)
        if share < deeper or read_tag(key[0]) in NEVER_ENTERED:
            return boxes
        below = [find_child(one.tree, box, key) for one, box in zip(masses, boxes, strict=True)]
        if all(inner is None for inner in below) or is_split(masses, boxes, below, votes):
            return boxes
        boxes = [box if inner is None else inner for box, inner in zip(boxes, below, strict=True)]


Key = tuple[str, int, bool]
"""Name of a child, its number among those of this name, whether counted from the end."""


def share_children(
    masses: Sequence[Masses], boxes: Sequence[int], votes: Sequence[int]
) -> dict[Key, dict[int, float]]:
    """Per child of the boxes and page that has it, its share of the box's mass."""
    shares: defaultdict[Key, dict[int, float]] = defaultdict(dict)
    for n in votes:
        one, whole = masses[n], masses[n].of(boxes[n])
        for child in one.tree.list_children(boxes[n]):
            part = one.of(child) / whole if whole else 0.0
            if part > 0.02:
                for step in one.tree.make_steps(child):
                    shares[step.name, step.number, step.from_end][n] = part
    return shares


def find_child(tree: Tree, box: int, key: Key) -> int | None:
    """The child of a box that a key names."""
    name, index, from_end = key
    alike = [one for one in tree.list_children(box) if tree.labels[one] == name]
    if index >= len(alike):
        return None
    return alike[len(alike) - 1 - index] if from_end else alike[index]


def is_split(
    masses: Sequence[Masses],
    boxes: Sequence[int],
    below: Sequence[int | None],
    votes: Sequence[int],
) -> bool:
    """Whether beside the best child another one holds a good part of the text in the same kind of
    lines, on most pages that have both: columns."""
    split = 0
    for n in votes:
        inner, one = below[n], masses[n]
        if inner is None:
            continue
        whole, tags = one.of(boxes[n]), _list_prose_tags(one, inner)
        others = (box for box in one.tree.list_children(boxes[n]) if box != inner)
        split += any(
            one.of(other) >= BESIDE * whole and _list_prose_tags(one, other) & tags
            for other in others
        )
    return split * 3 > len(votes)


def _list_prose_tags(one: Masses, box: int) -> set[str]:
    outline = one.tree.page.outline
    lines = one.tree.lines[outline.firsts[box] : outline.ends[box]]
    return {
        one.tree.labels[line.box]
        for line in lines
        if len(line.text) >= PROSE and one.weights[line.index] > PROSE / 2
    }


def find_leads(
    masses: Sequence[Masses], titles: Sequence[Line | None], regions: Sequence[int | None]
) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
    """Boxes between headline and text, and right behind the text, that hold prose of their own."""
    before: defaultdict[str, dict[int, int]] = defaultdict(dict)
    behind: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for n, (one, title, region) in enumerate(zip(masses, titles, regions, strict=True)):
        if title is None or region is None:
            continue
        for box, is_before in _list_neighbours(one, title, region):
            if one.of(box) > 0:
                (before if is_before else behind)[one.tree.chains[box]][n] = box
    trails = _make_leads(masses, behind, lambda one, box: signs(one, box) or _holds_prose(one, box))
    return _make_leads(masses, before, _holds_prose), trails


def _make_leads(
    masses: Sequence[Masses],
    places: Mapping[str, Mapping[int, int]],
    holds_text: Callable[[Masses, int], bool],
) -> tuple[Slot, ...]:
    """The slots of the boxes that stand on enough pages, in their order on the page."""
    least = max(2, LEAD_SHARE * len(masses))
    often = [
        found
        for found in places.values()
        if len(found) >= least
        and sum(holds_text(masses[n], box) for n, box in found.items()) >= LEAD_PROSE * len(found)
    ]
    return tuple(
        Slot(
            make_paths([masses[n].tree for n in found], list(found.values())),
            share=round(len(found) / len(masses), 3),
        )
        for found in sorted(often, key=lambda found: min(found.values()))
    )


def _list_neighbours(one: Masses, title: Line, region: int) -> Iterator[tuple[int, bool]]:
    """The boxes between headline and region, and the box right behind the region."""
    outline = one.tree.page.outline
    around = outline.join(title.box, region) if region >= 0 else -1
    child = region
    while child != around and child >= 0:
        parent = outline.parents[child]
        siblings = one.tree.list_children(parent)
        place = siblings.index(child)
        for box in siblings[:place]:
            if outline.firsts[box] > title.index and not outline.holds(box, title.box):
                yield box, True
        if child == region:
            yield from ((box, False) for box in siblings[place + 1 : place + 2])
        child = parent


def signs(one: Masses, box: int) -> bool:
    """Whether a box is the signature of an announcement: short lines without links, one of which
    says so."""
    outline = one.tree.page.outline
    lines = one.tree.lines[outline.firsts[box] : outline.ends[box]]
    if any(line.anchors or len(line.text) > LONGEST_SIGNED for line in lines):
        return False
    return any(_SIGNED.match(line.text) for line in lines)


def _holds_prose(one: Masses, box: int) -> bool:
    """Whether a box is made of prose: no list of links, no teasers, no comments, no notes with a
    counter."""
    outline = one.tree.page.outline
    lines = one.tree.lines[outline.firsts[box] : outline.ends[box]]
    prose = [
        line
        for line in lines
        if one.weights[line.index] >= PROSE * 0.7
        and line.kind != "figcaption"
        and not line.in_caption
        and not is_counter(line)
    ]
    whole = sum(len(line.text) for line in lines)
    return bool(prose) and sum(len(line.text) for line in prose) >= 0.7 * whole


def read_tag(name: str) -> str:
    """The tag of a box's name: `div` of `div.post-body#main`."""
    return name.partition(".")[0].partition("#")[0]
