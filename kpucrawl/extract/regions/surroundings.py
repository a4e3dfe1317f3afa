"""What the lines around one headline are: share blocks, counters, notes, headings of other blocks,
links to other articles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import takewhile

from kpucrawl.extract.credits.authors import is_full_name
from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.outline import Line, Medium
from kpucrawl.extract.phrases.chrome import (
    COMMENTS,
    ends_article,
    find_printed_date,
    is_counter,
    is_network,
    is_networks,
    is_note,
    is_residue,
    is_share,
    opens_block,
)
from kpucrawl.extract.phrases.labels import is_caption, is_related
from kpucrawl.extract.regions.headline import is_prose
from kpucrawl.extract.regions.pictures import is_content
from kpucrawl.extract.regions.teasers import TeaserFinder, is_link
from kpucrawl.extract.urls import FILE

_SPOKEN = re.compile(r"[^\W\d_]")


LONGEST_LABEL = 30
"""Characters of `Baca Juga :` and its like."""
LISTED = 12
"""Links that may stand in the list under it."""
COMMENT_LINES = 3
"""Lines below the heading of comments within which the first one's day stands."""
_COMMENTS_ALONE = re.compile(r"(?:komentar|comments?|tanggapan|diskusi)(?:\spembaca)?\s?:?", re.I)
READERS = frozenset({"section", "div", "article"})
"""Boxes that hold what readers wrote beside the form for more."""


class Surroundings:
    """The page around one headline."""

    def __init__(self, page: Page, head: Line) -> None:
        self.page, self.head = page, head
        self.outline, self.lines = page.outline, page.outline.lines
        self._texts: dict[int, bool] = {}

    @cached_property
    def teasers(self) -> frozenset[int]:
        """The numbers of the lines of other articles' teasers, by their links or by being one of
        several `<article>`s."""
        outline = self.outline
        articles = defaultdict(list)
        for box, tag in enumerate(outline.tags):
            if tag == "article" and not outline.holds(box, self.head.box):
                articles[outline.parents[box]].append(box)
        cards = (box for boxes in articles.values() if len(boxes) > 1 for box in boxes)
        numbers = (n for box in cards for n in range(outline.firsts[box], outline.ends[box]))
        return TeaserFinder(self.page).teasers.union(numbers)

    @cached_property
    def replies(self) -> frozenset[int]:
        """The numbers of the lines that readers wrote: those of a box behind the text that holds
        the form for more."""
        outline = self.outline
        first = next(filter(self._opens_text, self.lines[self.head.index + 1 :]), self.head)
        forms = (box for box, tag in enumerate(outline.tags) if tag == "form")
        boxes = {outline.parents[form] for form in forms}
        behind = (box for box in boxes if outline.firsts[box] > first.index)
        return frozenset(
            number
            for box in behind
            if outline.tags[box] in READERS
            for number in range(outline.firsts[box], outline.ends[box])
        )

    def heads_comments(self, line: Line) -> bool:
        """Whether a line heads what readers wrote: with their number, or above a day."""
        if COMMENTS.fullmatch(line.text):
            return True
        below = self.lines[line.index + 1 : line.index + 1 + COMMENT_LINES]
        is_heading = _COMMENTS_ALONE.fullmatch(line.text) is not None
        return is_heading and any(find_printed_date(one.text) for one in below)

    def _opens_text(self, line: Line) -> bool:
        return self.is_text(line) and not self.is_excluded(line)

    def stops(self, line: Line) -> bool:
        """Whether a line is one that stands behind articles, and sometimes amid them."""
        if line.index in self.anchors or ends_article(line.text) or line.index in self.replies:
            return True
        return self.leads_away(line) or self.opens_other(line)

    def is_excluded(self, line: Line) -> bool:
        """Whether a line stands in furniture that the headline is no part of."""
        return line.zone >= 0 and not self.outline.holds(line.zone, self.head.box)

    def is_anchor(self, line: Line) -> bool:
        """Whether a line is a share block or a counter."""
        return line.index in self.anchors

    @cached_property
    def media(self) -> tuple[Medium, ...]:
        """The pictures and viewers below the headline that are no icons."""
        images = (
            image
            for image in self.outline.images
            if image.at >= self.start and is_content(self.page, image)
        )
        embeds = (embed for embed in self.outline.embeds if embed.at >= self.start)
        return tuple(sorted((*images, *embeds), key=lambda medium: medium.at))

    @cached_property
    def anchors(self) -> frozenset[int]:
        """The lines below the headline that are share blocks or counters, a network's name under
        one included."""
        found: set[int] = set()
        for line in self.lines[self.head.index + 1 :]:
            if (
                is_share(line.text)
                or is_counter(line)
                or (line.index - 1 in found and is_network(line.text))
            ):
                found.add(line.index)
            elif is_network(line.text) and is_network(self.lines[line.index - 1].text):
                found |= {line.index - 1, line.index}
            elif is_link(line) and is_network(line.text):
                found.add(line.index)
        return frozenset(found)

    def leads_away(self, line: Line) -> bool:
        """Whether a line is a link to another article."""
        if not line.anchors or 5 * line.linked < 4 * len(line.text) or self.follows_label(line):
            return False
        return self.page.names_article(line.anchors[0].href)

    def follows_label(self, line: Line) -> bool:
        """Whether a link stands in the list under `Baca Juga :`, or carries it."""
        return is_related(line.text) or is_listed_related(self.lines, line)

    def opens_other(self, line: Line) -> bool:
        """Whether a line is the heading of another block of the page.

        `Berita Terkini` heads the newest articles in a sidebar, and names the category below a
        headline.
        """
        if line.text in self.menu and not self.heads_links(line):
            return False
        if not line.rank and COMMENTS.fullmatch(line.text):
            return False
        return ends_article(line.text) or (
            (line.rank > 0 or line.strong) and opens_block(line.text)
        )

    def heads_links(self, line: Line) -> bool:
        """Whether links to other articles stand right below a line."""
        return any(self.leads_away(below) for below in self.lines[line.index + 1 : line.index + 4])

    @cached_property
    def menu(self) -> frozenset[str]:
        """The titles of the office's categories."""
        return frozenset(category.title for category in self.page.categories)

    def is_text(self, line: Line) -> bool:
        """Whether a line is a sentence of a text, and none of what stands in and beside one."""
        found = self._texts.get(line.index)
        if found is None:
            found = self._texts[line.index] = _is_text(line)
        return found

    @cached_property
    def start(self) -> int:
        """Where to look for the text: right below the headline, or behind a sidebar that comes
        before the text."""
        for line in self.lines[self.head.index + 1 :]:
            if self.is_excluded(line):
                continue
            if self.is_anchor(line) or self.is_text(line):
                break
            if any(FILE.fullmatch(anchor.href.partition("?")[0]) for anchor in line.anchors):
                break
            if self.blocks(line, strict=False):
                return self._skip_sidebar(line)
        return self.head.index + 1

    def _skip_sidebar(self, line: Line) -> int:
        """The line behind the largest box around a line that stands between the headline and a
        share block."""
        share = next(
            (at for at in sorted(self.anchors) if at > line.index and self._closes_article(at)), -1
        )
        outline = self.outline
        between = takewhile(
            lambda box: outline.ends[box] <= share and not outline.holds(box, self.head.box),
            outline.climb(line.box),
        )
        return max((outline.ends[box] for box in between), default=self.head.index + 1)

    def _closes_article(self, at: int) -> bool:
        """Whether a share block or counter is no teaser's, nor the networks in a footer."""
        line = self.lines[at]
        if not is_counter(line):
            return not is_networks(line.text)
        return not any(self.leads_away(above) for above in self.lines[max(at - 2, 0) : at])

    def blocks(self, line: Line, strict: bool) -> bool:
        """Whether what follows a line belongs to something else; after an image-only post any
        heading does."""
        return (
            self.leads_away(line)
            or self.opens_other(line)
            or (strict and (line.rank > 0 or opens_block(line.text)))
        )

    def has_content(self, index: int) -> bool:
        """Whether a picture, a viewer, a link or words of the article stand between the headline
        and a line."""
        return self._first_content < index or any(medium.at <= index for medium in self.media[:1])

    @cached_property
    def _first_content(self) -> int:
        """The first line below the headline that is the article's own, a link to a file
        included."""
        below = (line for line in self.lines[self.start :] if not self.is_excluded(line))
        own = (
            line
            for line in below
            if not (self.is_anchor(line) or self.is_own_note(line, own_box=False))
            and not is_residue(line.text)
            and not is_full_name(line.text)
        )
        return next((line.index for line in own), len(self.lines))

    def is_own_note(self, line: Line, own_box: bool) -> bool:
        """Whether a line above the text is the CMS's; inside the text's own box a bare date is the
        office's."""
        if not _SPOKEN.search(line.text):
            return True
        if is_note(line) and not (own_box and find_printed_date(line.text) == line.text):
            return True
        if line.text in self.menu and line.index <= self.head.index + 3:
            return True
        targets = (self.page.parse(anchor.href) for anchor in line.anchors)
        return len(line.text) < 60 and any(
            target and target.kind in ("listing", "home") for target in targets
        )


def is_listed_related(lines: Sequence[Line], line: Line) -> bool:
    """Whether a line is a link in the list under `Baca Juga :`."""
    for index in range(line.index, max(line.index - LISTED, 0), -1):
        if not is_link(lines[index]):
            return False
        label = lines[index - 1].text
        if len(label) < LONGEST_LABEL and is_related(label):
            return True
        if lines[index].kind != "item":
            return False
    return False


def _is_text(line: Line) -> bool:
    if not is_prose(line) or is_residue(line.text):
        return False
    return not is_related(line.text) and not is_caption(line.text)
