"""The box of a page that holds the text of its article, told by where its sentences are.

Each line weighs as much as it has words of its own, less behind each line that stands behind
articles: a share block, a counter, the heading of another block. From the page down, the box that
holds most of the weight is entered as long as there is one. Readability and its children score
boxes likewise; here nothing depends on names of classes.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import accumulate

from kpucrawl.extract.characters import split_words
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.html.tags import PAGE_WIDE
from kpucrawl.extract.regions.surroundings import Surroundings

SHORT = 0.25
"""What a character weighs in a line that is no sentence: headings and rows are text, menus not."""
FADE = 0.5
"""What is left of the weight behind a line that stands behind articles. Of a text that goes on
behind a share bar half is enough; a related box behind three such lines has an eighth."""
AROUND = 0.35
"""Part of the weight that the box around the headline holds where the text is in it: beside it may
stand sidebars with excerpts as long as the text."""
DEEPER = 0.8
"""Part of a box's weight that the box inside it must hold to be entered; what is left are bylines
and credits."""
BESIDE = 0.06
"""Part of the weight in a box of the same name beside that one which keeps both together: two
sentences behind a share bar of a text of ten."""
LEAST = 40
"""Weight of a page with a text: one sentence of the least length, as `is_prose` has it."""
PLAIN = split_words(
    "p ul ol li dl dt dd table tbody thead tr blockquote figure pre center h1 h2 h3 h4 h5 h6 "
    "address data"
)
"""Boxes of one paragraph, list or quotation: what stands beside them belongs to the same text."""
LEADS = 1
"""Sentences that may stand above a share bar while the text goes on below it, elsewhere."""
ONE_BLOCK = 600
"""Characters of a line that is a whole text without paragraphs."""
NEVER_ENTERED = split_words("p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote figure pre data")
"""Paragraphs, lists, quotations, rows of data: a text is never inside one alone."""


class TextWeights:
    """The lines of a page weighed as text of the article below one headline."""

    def __init__(self, around: Surroundings) -> None:
        self.around, self.head = around, around.head
        self.outline, self.lines = around.outline, around.lines

    def find_box(self) -> int | None:
        """The smallest box around most of the text, None where there is hardly any."""
        box = 0
        if self.weigh_box(box) < LEAST:
            return None
        while (inner := self._find_inner(box)) is not None:
            box = inner
        while self._is_paragraph(box):
            box = self.outline.parents[box]
        return box

    def _is_paragraph(self, box: int) -> bool:
        """Whether a box is only a paragraph: beside it stand a byline, and the credit."""
        first, end = self.outline.firsts[box], self.outline.ends[box]
        if end - first > 1 or len(self.lines[first].text) >= ONE_BLOCK:
            return False
        return self.outline.tags[self.outline.parents[box]] not in PAGE_WIDE

    def weigh_box(self, box: int) -> float:
        """The weight of all that stands in a box."""
        return self._sums[self.outline.ends[box]] - self._sums[self.outline.firsts[box]]

    @cached_property
    def weights(self) -> list[float]:
        """Per line how much of the text it may be."""
        found = []
        part, is_begun, is_stopped = 1.0, False, False
        for line in self.lines:
            weight = self._weigh(line)
            if is_begun and not self.around.is_excluded(line):
                stops = self.around.stops(line)
                part *= FADE if stops and not is_stopped else 1
                part *= not self.around.heads_comments(line)
                is_stopped = stops
            found.append(weight * part)
            is_begun = is_begun or (weight > 0 and self.around.is_text(line))
        return found

    def is_faded(self, line: Line) -> bool:
        """Whether a sentence stands behind what stands behind articles."""
        return self.weights[line.index] < len(line.text) - line.linked

    @cached_property
    def _sums(self) -> list[float]:
        return [0.0, *accumulate(self.weights)]

    def _weigh(self, line: Line) -> float:
        """What a line weighs by itself."""
        around = self.around
        if line.index <= self.head.index or around.is_excluded(line) or around.is_anchor(line):
            return 0.0
        if line.kind == "figcaption" or line.in_caption:
            return 0.0
        if line.index in around.teasers or line.index in around.replies or around.leads_away(line):
            return 0.0
        own = len(line.text) - line.linked
        return own if around.is_text(line) else own * SHORT

    def _find_inner(self, box: int) -> int | None:
        """The box right inside one that holds the text, None where several hold parts of it."""
        outline, whole = self.outline, self.weigh_box(box)
        children = self._offspring.get(box, [])
        around = next((one for one in children if outline.holds(one, self.head.box)), None)
        if around is not None and (
            self.weigh_box(around) >= AROUND * whole or self._holds_first(around)
        ):
            return None if self._is_parted(box, around) else around
        best = max(children, key=self.weigh_box, default=None)
        if best is None or self.weigh_box(best) < DEEPER * whole:
            return None
        if self._is_parted(box, best):
            return None
        return None if self._last_own.get(box, -1) >= outline.ends[best] else best

    def _holds_first(self, box: int) -> bool:
        """Whether a box around the headline holds all sentences before anything that stands behind
        articles, and more than a lead."""
        first = self._first_sentences
        return len(first) > LEADS and first[-1] < self.outline.ends[box]

    @cached_property
    def _first_sentences(self) -> list[int]:
        """The sentences before anything that stands behind articles."""
        lines = (line for line in self.lines if self.weights[line.index])
        return [
            line.index for line in lines if self.around.is_text(line) and not self.is_faded(line)
        ]

    def _is_parted(self, box: int, best: int) -> bool:
        """Whether a text goes on behind one of the boxes right inside another."""
        return any(self._goes_on(box, best, other) for other in self._offspring[box])

    def _goes_on(self, box: int, best: int, other: int) -> bool:
        """Whether a text goes on in a box like the best one, as page builders part it."""
        outline = self.outline
        if other == best or self.weigh_box(other) < BESIDE * self.weigh_box(box):
            return False
        name = self._name(best)
        return (
            name != "" and outline.tags[other] == outline.tags[best] and self._name(other) == name
        )

    def _name(self, box: int) -> str:
        """The first class of a box."""
        return next(iter((self.outline.names[box][0] or "").split()), "")

    @cached_property
    def _last_own(self) -> dict[int, int]:
        """The last line of the boxes that hold a sentence by themselves, before anything that
        stands behind articles: markup that is not closed right."""
        texts = (self.lines[n] for n in self._first_sentences)
        return {self.find_container(line): line.index for line in texts}

    def find_container(self, line: Line) -> int:
        """The innermost box around a line that is more than a paragraph or a list."""
        outline = self.outline
        return next(box for box in outline.climb(line.box) if outline.tags[box] not in PLAIN)

    @cached_property
    def _offspring(self) -> dict[int, list[int]]:
        """The boxes right inside each, those left out that hold no text as a whole."""
        outline = self.outline
        found: defaultdict[int, list[int]] = defaultdict(list)
        for box, parent in enumerate(outline.parents):
            if outline.tags[box] not in NEVER_ENTERED:
                found[parent].append(box)
        return found
