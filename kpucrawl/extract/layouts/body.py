"""Where the text of a template's articles stands, and what inside it is no text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log

from kpucrawl.extract.characters import split_words
from kpucrawl.extract.html.outline import Line, Medium
from kpucrawl.extract.layouts.model import Slot
from kpucrawl.extract.layouts.tree import Tree, is_link, make_paths, mask_dates
from kpucrawl.extract.regions.pictures import find_source
from kpucrawl.extract.regions.region import PAGE_WIDE

SHORT, SHORT_WEIGHT = 25, 0.25
"""Characters of a line that is hardly prose, and what it weighs."""
PROSE = 60
"""Characters of a line that is."""
LEAST_MASS = 150
"""Characters of its own that a page needs to have a say where the text is."""
DEEPER = 0.80
"""Share of a box's own mass that the box inside it must hold to be entered."""
BESIDE = 0.10
"""Share of a neighbour with the same kind of lines that keeps both together: columns."""
LEAD_SHARE = 0.05
"""Share of pages that show a box beside the text with words of their own ..."""
LEAD_PROSE = 0.25
"""... and share of those on which it must hold prose to be a lead; elsewhere it may greet."""
DROPPED = 0.9
"""Share of a kind's lines that recur, are links or other articles', or follow a picture."""
OFTEN = 0.3
"""Share of pages on which a line recurs that is furniture by its place."""
CAPTIONS = 0.8
"""Share of a kind's lines that stand right under a picture."""
SYSTEMATIC = 0.5
"""Share of pages that show a kind of short lines which stands outside the prose alone."""
ENDS = 0.8
"""Share of pages on which a masked line opens or closes the text and is none."""
OUTSIDE = frozenset({"aside", "nav", "footer"})
TEXTUAL = split_words(
    "p h ul ol li dl dt dd blockquote figure pre data center address table tr td tbody"
)
"""Boxes that editors make themselves; any other inside a text is the template's."""
NEVER_ENTERED = split_words("p h ul ol li dl dt dd blockquote figure pre data")
"""Paragraphs, lists, quotations, tables of data: a text is never inside one alone."""
HERO_SHARE = 0.05
"""Share of pages on which a place outside the text shows a picture of the article."""
COMMON_PICTURE = 3
"""Pages that show the same picture: then it is a logo or a banner."""
BOXED_RECURS = 0.05
"""Share of pages on which a line in a box of the template's recurs."""


@dataclass(frozen=True)
class Body:
    """The text's place."""

    regions: tuple[Slot, ...]
    dropped: tuple[str, ...]
    ends: tuple[str, ...]
    heroes: tuple[str, ...]
    pictures: tuple[str, ...]


class Masses:
    """The own mass of each line of a page, summed up: what differs between pages weighs."""

    def __init__(self, tree: Tree, title: Line | None, counts: Counter[tuple[str, str]], n: int):
        self.tree = tree
        skipped = tree.teasers | ({title.index} if title else set())
        weights = [
            0.0
            if line.index in skipped or _is_outside(tree, line)
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
    """Find the regions of the text; None when these pages have no text of their own."""
    masses = [
        Masses(tree, title, counts, len(trees)) for tree, title in zip(trees, titles, strict=True)
    ]
    boxes = descend(masses)
    voting = [n for n, one in enumerate(masses) if one.of(boxes[n]) >= LEAST_MASS]
    if len(voting) * 3 < len(trees):
        return None
    paths = make_paths([trees[n] for n in voting], [boxes[n] for n in voting])
    region = Slot(paths)
    found = [tree.find_box(region) for tree in trees]
    leads, trails = find_leads(masses, titles, found)
    regions = (*leads, region, *trails)
    kinds = Kinds(trees, titles, regions, counts)
    return Body(
        regions,
        kinds.find_dropped(),
        kinds.find_ends(),
        find_heroes(trees, titles, regions),
        find_common_pictures(trees),
    )


def descend(masses: Sequence[Masses]) -> list[int]:
    """Go down from the page to the smallest box that holds most of what is a page's own."""
    boxes = [-1] * len(masses)
    while True:
        votes = [n for n, one in enumerate(masses) if one.of(boxes[n]) >= LEAST_MASS]
        shares = share_children(masses, boxes, votes)
        if not shares or not votes:
            return boxes
        key, _ = max(shares.items(), key=lambda item: (sum(item[1].values()), item[0]))
        share = sum(shares[key].values()) / len(votes)
        if share < DEEPER or read_tag(key[0]) in NEVER_ENTERED:
            return boxes
        below = [find_child(one.tree, box, key) for one, box in zip(masses, boxes, strict=True)]
        if is_split(masses, boxes, below, votes):
            return boxes
        if any(below[n] is None for n in votes) and share < DEEPER:
            return boxes
        boxes = [box if inner is None else inner for box, inner in zip(boxes, below, strict=True)]
        if all(inner is None for inner in below):
            return boxes


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
    return _make_leads(masses, before), _make_leads(masses, behind)


def _make_leads(
    masses: Sequence[Masses], places: Mapping[str, Mapping[int, int]]
) -> tuple[Slot, ...]:
    """The slots of the boxes that stand on enough pages, in their order on the page."""
    least = max(2, LEAD_SHARE * len(masses))
    often = [
        found
        for found in places.values()
        if len(found) >= least
        and sum(_holds_prose(masses[n], box) for n, box in found.items()) >= LEAD_PROSE * len(found)
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


def _holds_prose(one: Masses, box: int) -> bool:
    """Whether a box is made of prose: no list of links, no teasers, no comments."""
    outline = one.tree.page.outline
    lines = one.tree.lines[outline.firsts[box] : outline.ends[box]]
    prose = [
        line
        for line in lines
        if one.weights[line.index] >= PROSE * 0.7
        and line.kind != "figcaption"
        and not line.in_caption
    ]
    whole = sum(len(line.text) for line in lines)
    return bool(prose) and sum(len(line.text) for line in prose) >= 0.7 * whole


class Kinds:
    """The kinds of lines inside the regions: by the names from the region to their box."""

    def __init__(
        self,
        trees: Sequence[Tree],
        titles: Sequence[Line | None],
        regions: Sequence[Slot],
        counts: Counter[tuple[str, str]],
    ) -> None:
        self.trees, self.counts = trees, counts
        self.lines: list[list[tuple[str, Line]]] = [
            list_region_lines(tree, regions) for tree in trees
        ]
        self.own = [
            {line.index for line in tree.lines if title is not None and line is title}
            for tree, title in zip(trees, titles, strict=True)
        ]

    def find_dropped(self) -> tuple[str, ...]:
        """Kinds that are no text."""
        stats: defaultdict[str, list[tuple[int, Line]]] = defaultdict(list)
        for n, lines in enumerate(self.lines):
            for kind, line in lines:
                stats[kind].append((n, line))
        if not stats:
            return ()
        main = max(stats, key=lambda kind: sum(len(line.text) for _, line in stats[kind]))
        return tuple(
            sorted(
                kind
                for kind, lines in stats.items()
                if kind != main and self._is_furniture(kind, lines)
            )
        )

    def _is_furniture(self, kind: str, lines: Sequence[tuple[int, Line]]) -> bool:
        pages = len({n for n, _ in lines})
        boxed = not is_textual(kind) and not is_anonymous(kind)
        if is_textual(kind) and any(line.kind == "row" for _, line in lines):
            return False
        foreign = sum(
            is_link(line) or line.index in self.trees[n].teasers or self._recurs(n, line, boxed)
            for n, line in lines
        )
        if foreign >= DROPPED * len(lines) and pages >= 2:
            return True
        captions = sum(self._follows_picture(n, line) for n, line in lines)
        if captions >= CAPTIONS * len(lines) and pages >= 2:
            return True
        prose = any(len(line.text) >= PROSE for _, line in lines)
        if prose or is_anonymous(kind):
            return False
        return pages >= SYSTEMATIC * len(self.trees) and self._stands_outside(kind)

    def _recurs(self, n: int, line: Line, boxed: bool) -> bool:
        count = self.counts[self.trees[n].place_key(line)]
        return count >= max(2, (BOXED_RECURS if boxed else OFTEN) * len(self.trees))

    def _follows_picture(self, n: int, line: Line) -> bool:
        images = self.trees[n].page.outline.images
        return any(image.at == line.index for image in images)

    def _stands_outside(self, kind: str) -> bool:
        """Whether a kind stands before the first and behind the last long line on every page."""
        for lines in self.lines:
            long = [line.index for _, line in lines if len(line.text) >= PROSE]
            for one, line in lines:
                if one == kind and long and long[0] < line.index < long[-1]:
                    return False
        return True

    def find_ends(self) -> tuple[str, ...]:
        """Masked lines that open or close most texts."""
        seen: Counter[str] = Counter()
        for lines in self.lines:
            edge = [line for _, line in lines]
            seen.update(
                {
                    mask_dates(line.text)
                    for line in (*edge[:4], *edge[-4:])
                    if len(line.text) < PROSE * 2
                }
            )
        least = max(3, ENDS * len(self.trees))
        return tuple(sorted(mask for mask, count in seen.items() if count >= least))


def read_tag(name: str) -> str:
    """The tag of a box's name: `div` of `div.post-body#main`."""
    return name.partition(".")[0].partition("#")[0]


def is_textual(kind: str) -> bool:
    """Whether a kind of lines stands only in boxes that editors make: paragraphs and the like,
    without classes of the template."""
    return all(step in TEXTUAL for step in kind.split(">")) if kind else True


def is_anonymous(kind: str) -> bool:
    """Whether no box of a kind has a class or an id that is stable."""
    return "." not in kind and "#" not in kind


def list_region_lines(tree: Tree, regions: Sequence[Slot]) -> list[tuple[str, Line]]:
    """The lines of the regions, each once, with its kind."""
    outline = tree.page.outline
    found: list[tuple[str, Line]] = []
    seen: set[int] = set()
    for slot in regions:
        box = tree.find_text_box(slot)
        if box is None:
            continue
        length = len(tree.chains[box]) if box >= 0 else 0
        first, end = (outline.firsts[box], outline.ends[box]) if box >= 0 else (0, len(tree.lines))
        for line in tree.lines[first:end]:
            if line.index not in seen:
                seen.add(line.index)
                found.append((tree.chains[line.box][length:].lstrip(">"), line))
    return sorted(found, key=lambda one: one[1].index)


def find_heroes(
    trees: Sequence[Tree], titles: Sequence[Line | None], regions: Sequence[Slot]
) -> tuple[str, ...]:
    """Places outside the regions whose pictures differ from page to page, near headline and
    text."""
    common = count_pictures(trees)
    places: Counter[str] = Counter()
    for tree, title in zip(trees, titles, strict=True):
        boxes = [box for slot in regions if (box := tree.find_text_box(slot)) is not None]
        if title is None or not boxes:
            continue
        around = find_around(tree, title, boxes)
        found = set()
        for image in tree.page.outline.images:
            key = place_picture(tree, image)
            inside = any(tree.page.outline.holds(box, image.box) for box in boxes)
            if key is None or inside or common[key] >= COMMON_PICTURE:
                continue
            if is_near(tree, image, title, around):
                found.add(key[0])
        places.update(found)
    least = max(2, HERO_SHARE * len(trees))
    return tuple(sorted(chain for chain, count in places.items() if count >= least))


def find_around(tree: Tree, title: Line, boxes: Sequence[int]) -> int:
    """The smallest box around headline and text."""
    first = next((box for box in boxes if box >= 0), None)
    return 0 if first is None else tree.page.outline.join(title.box, first)


def is_near(tree: Tree, image: Medium, title: Line, around: int) -> bool:
    """Whether a picture stands around headline and text, or right above, and is no teaser's."""
    if image.at in tree.teasers or (image.href and tree.page.names_article(image.href)):
        return False
    if tree.page.outline.holds(around, image.box) and not _is_page_wide(tree, around):
        return True
    return 0 <= title.index - image.at <= 3 and image.zone < 0


def _is_page_wide(tree: Tree, box: int) -> bool:
    return tree.page.outline.tags[box] in PAGE_WIDE


def find_common_pictures(trees: Sequence[Tree]) -> tuple[str, ...]:
    """Pictures that several pages show at one place, logos and banners, as `PLACE\tADDRESS`."""
    common = count_pictures(trees).items()
    return tuple(sorted("\t".join(key) for key, count in common if count >= COMMON_PICTURE))


def count_pictures(trees: Sequence[Tree]) -> Counter[tuple[str, str]]:
    """On how many pages each picture stands at its place. An article's own is a thumbnail of
    others elsewhere."""
    seen: Counter[tuple[str, str]] = Counter()
    for tree in trees:
        seen.update(
            {key for image in tree.page.outline.images if (key := place_picture(tree, image))}
        )
    return seen


def place_picture(tree: Tree, image: Medium) -> tuple[str, str] | None:
    """Where a picture stands and its address; None for icons."""
    source = find_source(tree.page, image)
    return (tree.chains[image.box], source) if source else None
