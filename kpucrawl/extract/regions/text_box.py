"""Which lines of a box are the text of the article, and what only stands amid them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from kpucrawl.extract.credits.authors import is_full_name
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.html.tags import PAGE_WIDE
from kpucrawl.extract.phrases.chrome import prints_day
from kpucrawl.extract.regions.files import is_file
from kpucrawl.extract.regions.surroundings import Surroundings
from kpucrawl.extract.regions.teasers import is_link
from kpucrawl.extract.regions.weights import LEADS, PLAIN, TextWeights

MAIN = 0.2
"""Part of the text's weight in boxes of one kind that makes them the text's own; boxes amid it and
comments below hold less."""
FOOTER = 600
"""Weight of a text that is no footer's, however far below the headline it stands."""
NEAR = 2
"""Boxes around a headline and its share block of which one holds the text that follows them."""
LEAD_LINES = 3
"""Lines of a box between headline and text that holds a lead rather than a sidebar."""
LONGEST_HEADING = 60
"""Characters of the heading of a block that follows a text."""
LEADING = 2
"""Lines of a block behind a text before the one that tells it: its heading and a day."""
LONGEST_META = 60
"""Characters of a note in the row below a headline."""
LINKED = 0.5
"""Part of a box amid a text that is links where it leads elsewhere."""


CATEGORY = re.compile(r"(?:kategori|category|categories|rubrik|kanal)\s?:?", re.I)
"""The label of a field below a text, in Drupal."""


@dataclass(frozen=True, slots=True)
class FoundText:
    """The lines of a text, and where it stands."""

    lines: tuple[Line, ...]
    box: int
    end: int
    """The line behind it."""
    left_out: tuple[int, ...]
    """The boxes amid it that are none of it: their pictures are not the article's either."""


def find_text(around: Surroundings) -> FoundText | None:
    """The text below a headline, None where there is none of a sentence or more."""
    weights = TextWeights(around)
    box = weights.find_box()
    if box is None:
        return None
    text = TextBox(weights, box)
    return text.read() if text.is_article() else None


class TextBox:
    """A box that holds most of the sentences below a headline."""

    def __init__(self, weights: TextWeights, box: int) -> None:
        self.weights, self.box = weights, box
        self.around, self.head = weights.around, weights.head
        self.outline, self.lines = weights.outline, weights.lines
        self._foreign: dict[int, bool] = {}
        self._pictured: set[int] = set()
        self._kinds: dict[int, tuple[str, ...]] = {}

    @cached_property
    def is_flat(self) -> bool:
        """Whether the headline stands in the text's box."""
        return self.outline.holds(self.box, self.head.box)

    @cached_property
    def own(self) -> range:
        """The numbers of the lines in the box that may be text."""
        start, end = self.outline.firsts[self.box], self.outline.ends[self.box]
        return range(max(start, self.around.start) if self.is_flat else start, end)

    @cached_property
    def main(self) -> list[int]:
        """The numbers of the sentences in boxes of those kinds that hold most of the text."""
        texts = [n for n in self.own if self._may_be_main(n)]
        masses: defaultdict[tuple[str, ...], float] = defaultdict(float)
        for n in texts:
            masses[self._find_kind(n)] += self.weights.weights[n]
        least = MAIN * sum(masses.values())
        return [n for n in texts if masses[self._find_kind(n)] >= least]

    def _may_be_main(self, number: int) -> bool:
        return self.weights.weights[number] > 0 and self.around.is_text(self.lines[number])

    def is_article(self) -> bool:
        """Whether the sentences are the article's: much text, or near the headline; what stands
        behind the share block of a post that is only a picture is a footer's."""
        if not self.main:
            return False
        return self.weights.weigh_box(self.box) >= FOOTER or self._is_near()

    def _is_near(self) -> bool:
        """Whether nothing else stands between headline and text."""
        around, first = self.around, self.lines[self.main[0]]
        between = [
            line for line in self.lines[around.start : first.index] if not around.is_excluded(line)
        ]
        if any(around.blocks(line, strict=False) for line in self._leave_own(between)):
            return False
        passed = next((line for line in between if around.is_anchor(line)), None)
        if passed is None or not around.has_content(passed.index):
            return True
        boxes = islice(self.outline.climb(self.outline.join(self.head.box, passed.box)), NEAR)
        return any(
            self.outline.holds(box, first.box)
            for box in boxes
            if self.outline.tags[box] not in PAGE_WIDE
        )

    def _leave_own(self, lines: Sequence[Line]) -> Iterator[Line]:
        """The lines that stand in no box of the text's kinds."""
        kinds = {self._find_kind(n) for n in self.main}
        for line in lines:
            if line.index not in self.own or self._find_kind(line.index) not in kinds:
                yield line

    def read(self) -> FoundText:
        """The lines of the text in their order."""
        end = self._find_end()
        text = (self.lines[n] for n in range(self.main[0], end))
        own = [line for line in text if not self._is_foreign(line)]
        left_out = (*filter(self._is_spoken, self._foreign), *self._pictured)
        lines = (*self._list_leads(), *self._list_opening(), *own)
        return FoundText(lines, self.box, end, left_out)

    def _find_end(self) -> int:
        """The line behind the text: the first behind its last sentence that stands behind articles,
        with its box and heading."""
        last = self.main[-1]
        behind = range(last + 1, self.own.stop)
        stop = next((n for n in behind if self._ends(self.lines[n])), None)
        return self.own.stop if stop is None else self._pull_back(stop)

    def _ends(self, line: Line) -> bool:
        if self.around.stops(line) or self.around.heads_comments(line):
            return True
        return CATEGORY.fullmatch(line.text) is not None

    def _pull_back(self, end: int) -> int:
        """The first line of the block that a line stands in, with its heading."""
        last = self.main[-1]
        branch = self._find_branch(self.lines[end])
        start = end if branch is None else self.outline.firsts[branch]
        if all(map(_may_head, self.lines[start:end])) and end - start <= LEADING:
            end = start
        above = self.lines[end - 1]
        return end - 1 if above.index > last and self._is_heading(above) else end

    def _is_heading(self, line: Line) -> bool:
        """Whether a line heads what follows the text, and is no credit or signature: set apart from
        the text's own lines."""
        if not _may_head(line) or line.kind != "text" or line.anchors:
            return False
        tags = {self.outline.tags[self.lines[n].box] for n in self.main}
        return line.rank > 0 or line.strong or self.outline.tags[line.box] not in tags

    def _list_leads(self) -> Iterator[Line]:
        """The lines in boxes of their own between headline and text that hold a sentence."""
        if self.is_flat:
            return
        seen = self.around.start
        for number in range(self.around.start, self.own.start):
            if self._is_lead(self.lines[number]):
                start = max(seen, self._find_start(self.lines[number]))
                yield from (one for one in self.lines[start:number] if self._opens_lead(one))
                yield self.lines[number]
                seen = number + 1

    def _is_lead(self, line: Line) -> bool:
        around, outline = self.around, self.outline
        if not around.is_text(line) or line.linked or line.in_caption:
            return False
        if around.is_excluded(line) or around.is_anchor(line) or line.index in around.teasers:
            return False
        branch = outline.branch(line.box, self.head.box)
        count = outline.ends[branch] - outline.firsts[branch]
        return count <= LEAD_LINES or outline.holds(branch, self.box)

    def _find_start(self, line: Line) -> int:
        """The first line of the box around a lead."""
        box = self.weights.find_container(line)
        return line.index if self.outline.holds(box, self.head.box) else self.outline.firsts[box]

    def _opens_lead(self, line: Line) -> bool:
        """Whether a short line above a lead's first sentence is a dateline or salutation."""
        if line.in_caption or line.kind == "figcaption" or self.around.is_anchor(line):
            return False
        return not self.around.is_own_note(line, own_box=True)

    def _list_opening(self) -> list[Line]:
        """The short lines that open the text: byline, dateline, salutation."""
        around = self.around
        found: list[Line] = []
        for line in reversed(self.lines[self.own.start : self.main[0]]):
            if self._names_author(line):
                continue
            if around.is_anchor(line) or around.leads_away(line):
                break
            if around.is_excluded(line):
                continue
            if self.is_flat and around.opens_other(line):
                break
            if self._is_note(line):
                if self.is_flat and not any(map(str.isalpha, line.text)):
                    continue
                break
            found.append(line)
        return found[::-1]

    def _names_author(self, line: Line) -> bool:
        """Whether a line is a name beside the day, as the row below a headline has it."""
        near = self.lines[line.index - 1 : line.index + 2]
        return is_full_name(line.text) and ":" not in line.text and any(map(prints_day, near))

    def _is_note(self, line: Line) -> bool:
        """Whether a line above the text is the CMS's; in the text's own box headings are the
        office's: `PENGUMUMAN`."""
        if not self.is_flat and self.around.opens_other(line):
            return False
        return self.around.is_own_note(line, own_box=not self.is_flat)

    def _is_foreign(self, line: Line) -> bool:
        """Whether a line amid the text is none of it."""
        around = self.around
        if around.is_excluded(line) or around.is_anchor(line):
            return True
        if around.follows_label(line):
            self._leave_pictures(line)
            return False
        if line.index in around.teasers:
            return True
        branch = self._find_branch(line)
        if branch is None:
            return False
        if branch not in self._foreign:
            self._foreign[branch] = self._is_meta(branch) or self._leads_elsewhere(branch)
        return self._foreign[branch]

    def _is_meta(self, box: int) -> bool:
        """Whether a box holds nothing but a note with names and words beside it, as the row below a
        headline does, which a lead may stand above."""
        if self.outline.ends[box] > self.main[min(LEADS, len(self.main) - 1)]:
            return False
        inside = self.lines[self.outline.firsts[box] : self.outline.ends[box]]
        if any(line.kind == "row" or len(line.text) > LONGEST_META for line in inside):
            return False
        notes = [line for line in inside if self.around.is_own_note(line, own_box=False)]
        return 2 * len(notes) > len(inside) and any(map(prints_day, notes))

    def _leads_elsewhere(self, box: int) -> bool:
        """Whether a box without sentences of the text is a share bar, a related box, a menu."""
        around = self.around
        inside = self.lines[self.outline.firsts[box] : self.outline.ends[box]]
        if _is_card(inside):
            return True
        if self.outline.tags[box] in PLAIN:
            return False
        if any(line.index in around.teasers or around.is_anchor(line) for line in inside):
            return True
        if self._offers_file(inside) or self._asks(box):
            return True
        linked, whole = (sum(sizes) for sizes in zip(*map(_measure, inside), strict=True))
        return linked >= LINKED * whole or around.opens_other(inside[0])

    def _leave_pictures(self, line: Line) -> None:
        """The box of a related link shows the other article's picture."""
        branch = self._find_branch(line)
        if branch is not None and self.outline.tags[branch] not in PLAIN:
            self._pictured.add(branch)

    def _offers_file(self, lines: Sequence[Line]) -> bool:
        """Whether a box is a file with its name, its size and a button."""
        if any(len(line.text) > LONGEST_HEADING for line in lines):
            return False
        hrefs = (anchor.href for line in lines for anchor in line.anchors)
        return any(is_file(self.around.page, href) for href in hrefs)

    def _asks(self, box: int) -> bool:
        """Whether a box holds a form: a poll, a search, a letter to subscribe to."""
        return "form" in self.outline.tags[box : self.outline.stops[box]]

    def _is_spoken(self, box: int) -> bool:
        """Whether a box was left out for its words; the arrows around a gallery are none."""
        return self._foreign[box] and any(
            map(str.isalnum, self.lines[self.outline.firsts[box]].text)
        )

    def _find_branch(self, line: Line) -> int | None:
        """The largest box around a line that holds no sentence of the text."""
        best = None
        for box in self.outline.climb(line.box):
            if box == self.box or self._holds_main(
                self.outline.firsts[box], self.outline.ends[box]
            ):
                break
            best = box
        return best

    def _holds_main(self, start: int, end: int) -> bool:
        """Whether a sentence of the text is among these lines."""
        place = bisect_left(self.main, start)
        return place < len(self.main) and self.main[place] < end

    def _find_kind(self, number: int) -> tuple[str, ...]:
        """What the boxes around a line are called, from its own up to the text's; on a page without
        boxes a footer is told by what it stands behind."""
        box = self.weights.find_container(self.lines[number])
        if box not in self._kinds:
            self._kinds[box] = tuple(self._name_boxes(box))
        if self.outline.tags[self.box] in PAGE_WIDE and self.weights.is_faded(self.lines[number]):
            return ("faded", *self._kinds[box])
        return self._kinds[box]

    def _name_boxes(self, inner: int) -> Iterator[str]:
        for box in self.outline.climb(inner):
            if box == self.box:
                return
            classes = (self.outline.names[box][0] or "").split()
            yield f"{self.outline.tags[box]}.{classes[0] if classes else ''}"


def _is_card(lines: Sequence[Line]) -> bool:
    """Whether several lines are one link, as the preview of another page is."""
    hrefs = {anchor.href for line in lines for anchor in line.anchors}
    return len(lines) > 1 and len(hrefs) == 1 and all(map(is_link, lines))


def _measure(line: Line) -> tuple[int, int]:
    return line.linked, len(line.text)


def _may_head(line: Line) -> bool:
    """Whether a line is as short as a heading, and neither a sentence nor a credit."""
    return len(line.text) < LONGEST_HEADING and line.text[-1] not in ".!?)]"
