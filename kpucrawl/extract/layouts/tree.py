"""A page as layouts see it: boxes with names, lines with a place, and what leads to other
articles."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from kpucrawl.extract.characters import has_digit
from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.outline import NAMELESS, Line, Medium
from kpucrawl.extract.html.tags import HEADINGS
from kpucrawl.extract.layouts.model import Path, Slot, Step
from kpucrawl.extract.phrases.words import MONTH_NAMES, WEEKDAY
from kpucrawl.extract.regions.pictures import list_backgrounds
from kpucrawl.extract.regions.teasers import TeaserFinder, is_link

SHIFTED = 3
"""A box of the same name with so many times more text is the one meant."""
SHORT = 80
"""Characters of a line whose mask is remembered."""
UNTAKEN = -2
"""Where a step leads that nobody took yet; -1 is the page."""
_HEADINGS = dict.fromkeys(HEADINGS, "h")
_DIGITS = re.compile(r"\d+")
_MASK = re.compile(rf"\d+|\b(?:{MONTH_NAMES}|{WEEKDAY})\b", re.I)


def mask_digits(text: str) -> str:
    """`Dilihat 151 kali` and `Dilihat 7 kali` are one line of furniture."""
    return _mask_short(text) if len(text) <= SHORT else _mask_digits(text)


def _mask_digits(text: str) -> str:
    return _DIGITS.sub("0", text) if has_digit(text) else text


@lru_cache(maxsize=8192)
def _mask_short(text: str) -> str:
    """The same of a line that may be furniture, which recurs on all pages; some 2 MB."""
    return _mask_digits(text)


@lru_cache(maxsize=8192)
def mask_dates(text: str) -> str:
    """The same for days: digits, months and weekdays; learning asks six times for each line."""
    return _MASK.sub("0", text).casefold()


def list_tokens(page: Page, box: int) -> Iterator[str]:
    """The classes and the id of a box, as `.class` and `#id`."""
    return split_tokens(*page.outline.names[box])


def split_tokens(classes: str | None, id_: str | None) -> Iterator[str]:
    """The names that two attributes give."""
    if classes:
        yield from (f".{name}" for name in classes.split())
    if id_:
        yield f"#{id_.strip()}"


@lru_cache(maxsize=16_384)
def name_box(tag: str, classes: str | None, id_: str | None, names: frozenset[str]) -> str:
    """The name of a box from its attributes: `div.post-body`; an office's pages have few."""
    tag = _HEADINGS.get(tag, tag)
    stable = sorted(token for token in split_tokens(classes, id_) if token in names)
    return tag + "".join(stable)


@dataclass
class Tree:
    """One page under a vocabulary of stable names."""

    page: Page
    names: frozenset[str]
    """Classes and ids that may name a box; all others change from page to page."""
    _taken: dict[tuple[int, Step], int | None] = field(default_factory=dict)
    """Steps of paths that were taken: slots share most of theirs."""
    _text_boxes: dict[Slot, int | None] = field(default_factory=dict)

    @cached_property
    def lines(self) -> list[Line]:
        """The lines of the page."""
        return self.page.outline.lines

    @cached_property
    def labels(self) -> list[str]:
        """Per box its name: `div.post-body`."""
        outline, names = self.page.outline, self.names
        return [
            _HEADINGS.get(tag, tag) if named is NAMELESS else name_box(tag, *named, names)
            for tag, named in zip(outline.tags, outline.names, strict=True)
        ]

    @cached_property
    def chains(self) -> list[str]:
        """Per box the names from the root to it, joined with `>`."""
        found: list[str] = []
        for label, parent in zip(self.labels, self.page.outline.parents, strict=True):
            found.append(f"{found[parent]}>{label}" if parent >= 0 else label)
        return found

    @cached_property
    def _offspring(self) -> dict[int, list[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for box, parent in enumerate(self.page.outline.parents):
            found[parent].append(box)
        return found

    def list_children(self, box: int) -> list[int]:
        """The boxes right inside a box; -1 is the page."""
        return self._offspring.get(box, [])

    def make_steps(self, box: int) -> tuple[Step, Step]:
        """The step to a box from the one around it, counted from the start and from the end."""
        parent = self.page.outline.parents[box]
        label = self.labels[box]
        alike = [one for one in self.list_children(parent) if self.labels[one] == label]
        place = alike.index(box)
        return Step(label, place), Step(label, len(alike) - 1 - place, True)

    def resolve(self, path: Path) -> int | None:
        """The box that a path leads to, None when it leads nowhere."""
        box, taken = -1, self._taken
        for step in path:
            key = box, step
            inner = taken.get(key, UNTAKEN)
            if inner == UNTAKEN:
                inner = taken[key] = self._take(box, step)
            if inner is None:
                return None
            box = inner
        return box

    def _take(self, box: int, step: Step) -> int | None:
        """The box that one step leads to."""
        name, index, from_end = step
        labels = self.labels
        alike = [one for one in self.list_children(box) if labels[one] == name]
        if index >= len(alike):
            return None
        return alike[-1 - index] if from_end else alike[index]

    def find_box(self, slot: Slot) -> int | None:
        """The box of a slot: of its first path that resolves."""
        boxes = (self.resolve(path) for path in slot.paths)
        return next((box for box in boxes if box is not None), None)

    def find_text_box(self, slot: Slot) -> int | None:
        """The box of a region. Where optional boxes shift those of one name, the one of them that
        holds far more text is meant."""
        if slot not in self._text_boxes:
            self._text_boxes[slot] = self._find_text_box(slot)
        return self._text_boxes[slot]

    def _find_text_box(self, slot: Slot) -> int | None:
        box = self.find_box(slot)
        if box is None or box < 0:
            return box
        siblings = self.list_children(self.page.outline.parents[box])
        alike = [one for one in siblings if self.labels[one] == self.labels[box]]
        if len(alike) == 1:
            return box
        longest = max(alike, key=self.measure_text)
        return longest if self.measure_text(longest) > SHIFTED * self.measure_text(box) else box

    def measure_text(self, box: int) -> int:
        """Characters of a box that are neither links nor other articles'."""
        outline = self.page.outline
        lines = self.lines[outline.firsts[box] : outline.ends[box]]
        own = (line for line in lines if not self.is_teaser(line.index))
        return sum(max(len(line.text) - line.linked, 0) for line in own)

    def find_line(self, slot: Slot) -> Line | None:
        """The line of a slot: of the first of its paths that leads to one, None where none does."""
        for path in slot.paths:
            box = self.resolve(path)
            own = [] if box is None else self.list_own_lines(box)
            if -len(own) <= slot.line < len(own):
                return own[slot.line]
        return None

    def list_own_lines(self, box: int) -> list[Line]:
        """The lines that stand in a box itself, not in one inside it."""
        outline = self.page.outline
        lines = self.lines[outline.firsts[box] : outline.ends[box]]
        return [line for line in lines if line.box == box]

    def list_numbers(self, box: int) -> range:
        """The numbers of the lines in a box; -1 is the page."""
        outline = self.page.outline
        return range(outline.firsts[box], outline.ends[box]) if box >= 0 else range(len(self.lines))

    def place_key(self, line: Line) -> tuple[str, str]:
        """Where a line stands and what it says, for counting on how many pages it recurs."""
        return self.place_keys[line.index]

    @cached_property
    def place_keys(self) -> list[tuple[str, str]]:
        """Per line its `place_key`."""
        return [(self.chains[line.box], mask_digits(line.text)) for line in self.lines]

    @cached_property
    def pictures(self) -> list[Medium]:
        """The pictures of the page in their order, those included that stand behind a box's
        words."""
        outline = self.page.outline
        return sorted((*outline.images, *list_backgrounds(self.page)), key=lambda image: image.at)

    @cached_property
    def _teasers(self) -> TeaserFinder:
        return TeaserFinder(self.page)

    @property
    def teasers(self) -> frozenset[int]:
        """Lines of other articles."""
        return self._teasers.teasers

    def is_teaser(self, index: int) -> bool:
        """Whether a line is one of `teasers`, told by the links around it alone."""
        return self._teasers.is_teaser(index)

    def leads_away(self, line: Line) -> bool:
        """Whether most of a line is the link to another article: `Simak pula Apel Pagi`."""
        if not line.anchors or 2 * line.linked < len(line.text):
            return False
        return any(self.page.names_article(anchor.href) for anchor in line.anchors)


def is_toggle(line: Line) -> bool:
    """Whether a line is the heading that opens what it hides, as in an accordion."""
    return line.rank > 0 and is_link(line) and all(one.href[:1] == "#" for one in line.anchors)


def find_stable_names(pages: Collection[Page], share: float) -> frozenset[str]:
    """The classes and ids that stand on at least this share of the pages."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update(list_page_tokens(page))
    least = max(2, share * len(pages))
    return frozenset(token for token, count in seen.items() if count >= least)


def list_page_tokens(page: Page) -> set[str]:
    """All classes and ids of a page's boxes."""
    return {token for names in set(page.outline.names) for token in split_tokens(*names)}


def make_path(trees: Sequence[Tree], boxes: Sequence[int]) -> Path | None:
    """The path on which most of these trees reach their box; None where the names differ.

    Each step is counted from the start or from the end, whichever more pages agree on.
    """
    chains = [
        list(reversed(list(tree.page.outline.climb(box))))
        for tree, box in zip(trees, boxes, strict=True)
    ]
    if not chains or len({tree.chains[box] for tree, box in zip(trees, boxes, strict=True)}) > 1:
        return None
    steps = []
    for depth in range(len(chains[0])):
        both = [tree.make_steps(chain[depth]) for tree, chain in zip(trees, chains, strict=True)]
        (first, hits), (last, hits_from_end) = (
            Counter(steps).most_common(1)[0] for steps in zip(*both, strict=True)
        )
        steps.append(last if hits_from_end > hits else first)
    return tuple(steps)


def make_paths(
    trees: Sequence[Tree], boxes: Sequence[int], least: int = 2, most: int = 4
) -> tuple[Path, ...]:
    """The paths to these boxes, for each chain of names that stands on enough pages, the commonest
    first.

    Where what is optional above and below a box shifts it on some pages both ways, those have a
    path of their own, behind the one that leads nowhere there.
    """
    by_chain: defaultdict[str, list[int]] = defaultdict(list)
    for number, (tree, box) in enumerate(zip(trees, boxes, strict=True)):
        by_chain[tree.chains[box]].append(number)
    ordered = sorted(by_chain.items(), key=lambda item: (-len(item[1]), item[0]))
    found: list[Path] = []
    for _, numbers in ordered[:most]:
        left = numbers
        while len(left) >= min(least, len(trees)) and len(found) < 2 * most:
            path = make_path([trees[n] for n in left], [boxes[n] for n in left])
            if path is None or path in found:
                break
            found.append(path)
            left = [n for n in left if trees[n].resolve(path) is None]
    return tuple(found)


def name_group(marks: Iterable[str], names: Iterable[str]) -> str:
    """A short name for people, the same for the same template."""
    return hashlib.sha256("\n".join([*marks, "", *names]).encode()).hexdigest()[:8]
