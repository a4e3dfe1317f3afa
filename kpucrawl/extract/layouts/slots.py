"""Where on the pages of a template a field stands, and whether its place holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.model import Slot
from kpucrawl.extract.layouts.tree import Tree, make_paths

PROVED = 0.9
"""Share of pages with a field on which its place must be right."""
CROSSWISE = 0.8
"""The same of the half that did not tell the place: what moves on few pages is not in each half."""
FEWEST = 4
"""Pages that must have a field for its place to be learnt."""
COVERED = 0.3
"""Share of pages that must have it: on fewer, what looks like it is something else."""
MOST_PLACES = 4
"""Places among which a field moves from page to page."""
COMMON = 0.5
"""Share of pages that say the same: no office posts half of its articles on one day."""
Found = dict[int, Line]
"""Per number of a page a line."""


def holds_crosswise(
    trees: Sequence[Tree],
    found: Sequence[Sequence[Line]],
    titles: Sequence[Line | None],
    covered: float = COVERED,
) -> bool:
    """Whether the place that one half of the pages tells is right on the other; halves of few pages
    tell none."""
    halves = slice(0, None, 2), slice(1, None, 2)
    for own, other in (halves, halves[::-1]):
        slot = find_slot(trees[own], found[own], titles[own], covered)
        hits = [
            tree.find_line(slot) in lines
            for tree, lines in zip(trees[other], found[other], strict=True)
            if slot and lines
        ]
        if sum(hits) < CROSSWISE * len(hits):
            return False
    return True


def find_slot(
    trees: Sequence[Tree],
    found: Sequence[Sequence[Line]],
    titles: Sequence[Line | None],
    covered: float = COVERED,
) -> Slot | None:
    """The place that explains most pages of those that have a candidate; the nearest to the title
    among equals. None where few pages have one."""
    places: defaultdict[tuple[str, int], Found] = defaultdict(dict)
    for n, lines in enumerate(found):
        for line in lines:
            own = trees[n].list_own_lines(line.box)
            place = own.index(line)
            for number in (place, place - len(own)):
                places[trees[n].chains[line.box], number].setdefault(n, line)
    having = sum(bool(lines) for lines in found)
    if not places or having < FEWEST:
        return None
    ranked = sorted(places.items(), key=lambda item: _rank_place(item[1], titles), reverse=True)
    place = ranked[0][0][1]
    alike = [lines for (_, number), lines in ranked if number == place]
    slot = Slot(make_paths(*_cover(trees, alike), most=MOST_PLACES), place)
    right = sum(trees[n].find_line(slot) in lines for n, lines in enumerate(found) if lines)
    share = right / having
    if share < PROVED or having < covered * len(trees):
        return None
    return Slot(slot.paths, slot.line, round(share, 3))


def _rank_place(lines: Found, titles: Sequence[Line | None]) -> tuple[float, float]:
    near = [abs(line.index - title.index) for n, line in lines.items() if (title := titles[n])]
    return len(lines), -sum(near) / max(len(near), 1)


def _cover(trees: Sequence[Tree], places: Sequence[Found]) -> tuple[list[Tree], list[int]]:
    """The trees with the boxes of their lines, of each tree the first that one of the places
    has."""
    lines: Found = {}
    for place in places:
        lines = {**place, **lines}
    return [trees[n] for n in lines], [line.box for line in lines.values()]


def leave_common(found: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines without those that most pages show word for word: the day of the newest article in
    a box beside, or today's."""
    counts = Counter(text for lines in found for text in {line.text for line in lines})
    most = max(FEWEST, COMMON * len(found))
    return [[line for line in lines if counts[line.text] <= most] for lines in found]
