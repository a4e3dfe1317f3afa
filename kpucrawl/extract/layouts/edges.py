"""Where inside its region a text begins and ends: at lines that stand there on page after page.

Needed where a region holds more than the text, such as on pages without boxes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.kinds import PROSE, Kinds
from kpucrawl.extract.layouts.tree import Tree, mask_dates
from kpucrawl.extract.phrases.chrome import COMMENTS, ends_article, is_counter
from kpucrawl.extract.regions.teasers import is_link

RECURS = 0.5
"""Share of pages that show a line which bounds their texts."""
ELSEWHERE = 0.05
"""Share of those pages on which it may stand on the other side of the prose, or in it."""
OWN = 0.3
"""Share of pages on which a line of prose recurs that is nobody's own."""
COMMON = 0.9
"""Share of pages with an ending that is the template's own."""
FEWEST = 3
"""Pages that show such a line: of two it may be chance."""
_BEGINNING = 40
"""Characters of a line that tell whether it may be one; folded they may be more, but not fewer."""


@dataclass(frozen=True)
class Edges:
    """What bounds the texts of a template, and between which lines each sample's stands."""

    opens: tuple[str, ...]
    stops: tuple[str, ...]
    texts: tuple[frozenset[int], ...]
    """Per sample the numbers of the lines of its text from the first to the last own prose."""
    kept: tuple[frozenset[int], ...]
    """The same of all lines that are read as text: signatures below the prose are."""


Kept = Sequence[tuple[str, Line]]
"""Lines of one page's regions with their kinds."""


def find_edges(kinds: Kinds, dropped: Collection[str]) -> Edges:
    """Find the lines that stand before or behind the prose on nearly all pages that show them.

    `3 Komentar` is a bound by its words, though readers write prose of their own behind it.
    """
    worded = find_worded(kinds, dropped)
    pages = [cut_edges(lines, (), worded) for lines in kinds.lines]
    runs = find_runs(kinds, pages, dropped)
    sides = Sides(pages, runs)
    opens = {key for key in find_keys(pages, kinds.can_open) if sides.is_before(key)}
    stops = {key for key in find_keys(pages, kinds.can_close) if sides.is_behind(key)}
    texts = (
        frozenset(line.index for _, line in list_kept(lines, dropped) if line.index in run)
        for lines, run in zip(pages, runs, strict=True)
    )
    stops |= worded
    kept = (
        frozenset(line.index for _, line in list_kept(cut_edges(lines, opens, stops), dropped))
        for lines in kinds.lines
    )
    return Edges(tuple(sorted(opens)), tuple(sorted(stops)), tuple(texts), tuple(kept))


def find_worded(kinds: Kinds, dropped: Collection[str]) -> set[str]:
    """The lines whose words end an article, where they stand above no text.

    Readers write prose below the template's own ones, which nearly all pages have; what stands
    below those of a few is the article's, and they are subheadings.
    """
    sides = Sides(kinds.lines, find_runs(kinds, kinds.lines, dropped))
    ending = find_keys(kinds.lines, lambda _, line: ends_article(line.text))
    counted = find_keys(kinds.lines, lambda _, line: COMMENTS.fullmatch(line.text) is not None)
    common = {key for key in ending if sides.shown[key] >= COMMON * len(kinds.trees)}
    below = {key for key in ending & (counted | common) if sides.is_below(key)}
    return below | {key for key in ending if sides.is_behind(key)}


def find_keys(pages: Sequence[Kept], accepts: Callable[[str, Line], bool]) -> set[str]:
    """The keys of the lines that are of some sort."""
    return {make_key(kind, line) for lines in pages for kind, line in lines if accepts(kind, line)}


class Sides:
    """On how many pages a line stands above, in and below the prose."""

    def __init__(self, pages: Sequence[Kept], runs: Sequence[range]) -> None:
        self.shown: Counter[str] = Counter()
        self.above: Counter[str] = Counter()
        self.below: Counter[str] = Counter()
        self.inside: Counter[str] = Counter()
        for lines, run in zip(pages, runs, strict=True):
            if run:
                self._count(lines, run)
        self.least = max(FEWEST, RECURS * sum(map(bool, runs)))

    def _count(self, lines: Kept, run: range) -> None:
        keys = [(make_key(kind, line), line.index) for kind, line in lines]
        self.shown.update({key for key, _ in keys})
        self.above.update({key for key, index in keys if index < run.start})
        self.below.update({key for key, index in keys if index >= run.stop})
        self.inside.update({key for key, index in keys if index in run})

    def is_before(self, key: str) -> bool:
        """Whether a line stands above the prose alone, on most pages."""
        return self._recurs(key) and self._is_rare(key, self.inside, self.below)

    def is_behind(self, key: str) -> bool:
        """Whether it stands below the prose alone."""
        return self._recurs(key) and self._is_rare(key, self.inside, self.above)

    def is_below(self, key: str) -> bool:
        """Whether it has prose above it."""
        return self._recurs(key) and self._is_rare(key, self.above)

    def _recurs(self, key: str) -> bool:
        return self.shown[key] >= self.least

    def _is_rare(self, key: str, *sides: Counter[str]) -> bool:
        return all(side[key] <= ELSEWHERE * self.shown[key] for side in sides)


def list_kept(lines: Kept, dropped: Collection[str]) -> Kept:
    """The lines of a page's regions without the kinds that are no text."""
    return [(kind, line) for kind, line in lines if kind not in dropped]


def make_key(kind: str, line: Line) -> str:
    """What a layout keeps of a line that bounds texts: `KIND\\tMASK`."""
    return f"{kind}\t{mask_dates(line.text)}"


def find_runs(kinds: Kinds, pages: Sequence[Kept], dropped: Collection[str]) -> list[range]:
    """Per page from the first to the last line of prose."""
    return [find_run(kinds, n, list_kept(lines, dropped)) for n, lines in enumerate(pages)]


def find_run(kinds: Kinds, number: int, lines: Kept) -> range:
    """From the first to the last line of prose of a page's own, or of prose that it shares."""
    tree = kinds.trees[number]
    prose = [line for _, line in lines if is_prose(tree, line)]
    own = [line for line in prose if kinds.count(number, line) < OWN * len(kinds.trees)]
    found = own or prose
    return range(found[0].index, found[-1].index + 1) if found else range(0)


def is_prose(tree: Tree, line: Line) -> bool:
    """Whether a line is long and the article's: no link, no counter among notes, no teaser's."""
    if len(line.text) < PROSE or is_link(line) or is_counter(line):
        return False
    return line.index not in tree.teasers


def cut_edges(lines: Kept, opens: Collection[str], stops: Collection[str]) -> Kept:
    """The lines between the last that opens a text and the first behind it that closes one."""
    bounds = know_bounds(frozenset(opens), frozenset(stops))
    keys = [bounds.find_key(kind, line) for kind, line in lines]
    end = next((n for n, key in enumerate(keys) if key in stops), len(keys))
    start = max((n + 1 for n, key in enumerate(keys[:end]) if key in opens), default=0)
    return lines[start:end]


@dataclass(frozen=True)
class Bounds:
    """How the lines begin that bound the texts of a template."""

    beginnings: Mapping[str, tuple[str, ...]]
    """Per kind what its lines say before their first number or month."""

    def find_key(self, kind: str, line: Line) -> str:
        """The key of a line that may be a bound, empty for one that begins as none does: to mask
        the months of a paragraph takes longer than all else that is done with it."""
        beginnings = self.beginnings.get(kind)
        if beginnings is None or not line.text[:_BEGINNING].casefold().startswith(beginnings):
            return ""
        return make_key(kind, line)


@lru_cache(maxsize=512)
def know_bounds(opens: frozenset[str], stops: frozenset[str]) -> Bounds:
    """The bounds of a group made ready; each of a fleet's offices has one group or two."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key in sorted(opens | stops):
        kind, _, mask = key.partition("\t")
        found[kind].append(mask.partition("0")[0][: _BEGINNING // 2])
    return Bounds({kind: tuple(beginnings) for kind, beginnings in found.items()})
