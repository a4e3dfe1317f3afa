"""Which lines of a page are the article's text.

The text lies between the headline and the share block or counter. Where neither follows it, it ends
at what opens another block of the page, at the latest at the end of the smallest box around the
headline and the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile

from kpucrawl.extract.characters import split_words
from kpucrawl.extract.credits.authors import is_full_name
from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.outline import Line, Medium
from kpucrawl.extract.html.tags import PAGE_WIDE
from kpucrawl.extract.phrases.chrome import (
    ends_article,
    find_printed_date,
    is_counter,
    is_meta,
    is_more,
    is_network,
    is_networks,
    is_note,
    is_residue,
    is_share,
    opens_block,
)
from kpucrawl.extract.phrases.labels import is_caption, is_related
from kpucrawl.extract.regions.ends import COMMENTS, EndFinder
from kpucrawl.extract.regions.headline import is_prose
from kpucrawl.extract.regions.pictures import is_content
from kpucrawl.extract.urls import FILE

PLAIN = split_words(
    "p ul ol li dl dt dd table tbody thead tr blockquote figure pre center h1 h2 h3 h4 h5 h6 "
    "address data"
)
"""Boxes of one paragraph, list or quotation: what stands beside them belongs to the same text."""
"""Printed beside the headline as often as below the text."""
_SPOKEN = re.compile(r"[^\W\d_]")
_ONE_BLOCK = 600
_LINKS = 3
"""So many links below a text are a list of other pages."""


@dataclass(frozen=True, slots=True)
class Region:
    """Where the article's text stands."""

    lines: tuple[Line, ...]
    end: int
    """The line behind it: a share block, a counter, another block of the page, or the page's
    end."""
    box: int
    """The smallest box around headline and text."""
    inner: int
    """The smallest box around the text alone, -1 when it shares its box with the headline."""
    start: int
    """The first line below the headline that may be the article's: behind a sidebar that stands
    between."""


class RegionFinder:
    """Looks for the text below one headline."""

    def __init__(self, page: Page, head: Line) -> None:
        self.page, self.head = page, head
        self.outline, self.lines = page.outline, page.outline.lines

    def find(self) -> Region:
        """The article's text; no lines when there is none."""
        first = self._find_prose()
        if first is None:
            return self._find_short()
        box = self.outline.join(self.head.box, first.box)
        end = EndFinder(self).find(first, box)
        inner = self._find_inner(first, end)
        if inner >= 0:
            end = min(end, self.outline.ends[inner])
        head = self._trim_head(first, inner)
        tail = [
            line
            for line in self.lines[first.index : end]
            if not (self.is_excluded(line) or self.is_anchor(line))
        ]
        return Region((*head, *self._trim_tail(tail)), end, box, inner, self.start)

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
        return frozenset(found)

    def leads_away(self, line: Line) -> bool:
        """Whether a line is a link to another article."""
        if not line.anchors or 5 * line.linked < 4 * len(line.text) or self._follows_label(line):
            return False
        return self.page.names_article(line.anchors[0].href)

    def _follows_label(self, line: Line) -> bool:
        """Whether a link stands under `Baca Juga :`, or carries it."""
        if is_related(line.text):
            return True
        above = self.lines[line.index - 1] if line.index else None
        return above is not None and len(above.text) < 30 and is_related(above.text)

    def opens_other(self, line: Line) -> bool:
        """Whether a line is the heading of another block of the page.

        `Berita Terkini` heads the newest articles in a sidebar, and names the category below a
        headline.
        """
        if line.text in self.menu and not self._heads_links(line):
            return False
        if not line.rank and COMMENTS.fullmatch(line.text):
            return False
        return ends_article(line.text) or (
            (line.rank > 0 or line.strong) and opens_block(line.text)
        )

    def _heads_links(self, line: Line) -> bool:
        return any(self.leads_away(below) for below in self.lines[line.index + 1 : line.index + 4])

    @cached_property
    def menu(self) -> frozenset[str]:
        """The titles of the office's categories."""
        return frozenset(category.title for category in self.page.categories)

    def is_text(self, line: Line) -> bool:
        """Whether a line is a sentence of a text, and none of what stands in and beside one."""
        if not is_prose(line) or is_residue(line.text):
            return False
        return not is_related(line.text) and not is_caption(line.text)

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
        end = self.head.index + 1
        for box in self.outline.climb(line.box):
            if self.outline.ends[box] > share or self.outline.holds(box, self.head.box):
                return end
            end = self.outline.ends[box]
        return end

    def _closes_article(self, at: int) -> bool:
        """Whether a share block or counter is no teaser's, nor the networks in a footer."""
        line = self.lines[at]
        if not is_counter(line):
            return not is_networks(line.text)
        return not any(self.leads_away(above) for above in self.lines[max(at - 2, 0) : at])

    def _find_prose(self) -> Line | None:
        """The first sentence of the text, past a share block above it; None when something else
        comes first."""
        passed = -1
        for line in self.lines[self.start :]:
            if self.is_excluded(line):
                continue
            if self.is_anchor(line):
                passed = passed if passed >= 0 else line.index
            elif self.blocks(line, strict=passed >= 0 and self._has_content(passed)):
                return None
            elif self.is_text(line):
                return line if passed < 0 or self._is_close(line, passed) else None
        return None

    def _is_close(self, line: Line, passed: int) -> bool:
        """Whether a text below a share block stands as near to the headline as that, give or take a
        box.

        Behind the share block of a post that is only a picture come the footer's sentences.
        """
        around = self.outline.join(self.head.box, self.lines[passed].box)
        filled = self._has_content(line.index)
        boxes = islice(self.outline.climb(around), 2 if filled else 4)
        return any(
            self.outline.holds(box, line.box)
            for box in boxes
            if self.outline.tags[box] not in PAGE_WIDE or (box == around and not filled)
        )

    def blocks(self, line: Line, strict: bool) -> bool:
        """Whether what follows a line belongs to something else; after an image-only post any
        heading does."""
        return (
            self.leads_away(line)
            or self.opens_other(line)
            or (strict and (line.rank > 0 or opens_block(line.text)))
        )

    def _has_content(self, index: int) -> bool:
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
            if not (self.is_anchor(line) or self._is_note(line, own_box=False))
            and not is_residue(line.text)
            and not is_full_name(line.text)
        )
        return next((line.index for line in own), len(self.lines))

    def _has_anchor_below(self, line: Line) -> bool:
        for below in self.lines[line.index :]:
            if self.is_anchor(below):
                return True
            if self.blocks(below, strict=False):
                return False
        return False

    def _find_inner(self, first: Line, end: int) -> int:
        """The box of the text alone, so that unknown notes beside it stay out; -1 when there is no
        such box."""
        texts = [
            line
            for line in self.lines[first.index : end]
            if self.is_text(line) and not self.is_excluded(line)
        ]
        outline, last = self.outline, texts[-1] if texts else first
        for box in outline.climb(first.box):
            if outline.holds(box, self.head.box):
                return -1
            single = outline.ends[box] - outline.firsts[box] == 1 and len(first.text) < _ONE_BLOCK
            if outline.holds(box, last.box) and outline.tags[box] not in PLAIN and not single:
                return box
        return -1

    def _trim_head(self, first: Line, inner: int) -> list[Line]:
        """The short lines that open the text: byline, dateline, salutation."""
        start = self.outline.firsts[inner] if inner >= 0 else self.start
        found: list[Line] = []
        for line in reversed(self.lines[start : first.index]):
            if self.is_anchor(line) or self.leads_away(line) or self.opens_other(line):
                break
            if self.is_excluded(line):
                continue
            if self._is_note(line, inner >= 0):
                if inner < 0 and not _SPOKEN.search(line.text):
                    continue
                break
            found.append(line)
        return found[::-1]

    def _is_note(self, line: Line, own_box: bool) -> bool:
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

    def _trim_tail(self, lines: list[Line]) -> list[Line]:
        """Leave out the page's own notes below the text."""
        while lines and (is_more(lines[-1].text) and lines[-1].anchors):
            lines.pop()
        while lines and is_meta(lines[-1].text) and find_printed_date(lines[-1].text) is None:
            lines.pop()
        links = len(list(takewhile(self._is_only_link, reversed(lines))))
        return lines[: len(lines) - links] if links >= _LINKS else lines

    def _is_only_link(self, line: Line) -> bool:
        """Whether a line is nothing but a link to another page of the office."""
        if not line.anchors or 5 * line.linked < 4 * len(line.text) or self._follows_label(line):
            return False
        target = self.page.parse(line.anchors[0].href)
        return target is not None and target.kind in ("other", "article", "listing")

    def _find_short(self) -> Region:
        """The few words of a post without a sentence: `Unduh di sini`, a list of names."""
        found: list[Line] = []
        box = self._find_company()
        end = self.outline.ends[box]
        for line in self.lines[self.start :]:
            if self.is_anchor(line) and not self._has_content(line.index):
                continue
            outside = line.index >= end and not self._has_anchor_below(line)
            if outside or self.is_anchor(line) or self.blocks(line, strict=line.index >= end):
                end = line.index
                break
            if not self.is_excluded(line) and not self._is_note(line, own_box=False):
                found.append(line)
        if end < len(self.lines) and self.is_anchor(self.lines[end]):
            box = self.outline.join(box, self.lines[end].box)
        return Region(tuple(line for line in found if line.index < end), end, box, -1, self.start)

    def _find_company(self) -> int:
        """The smallest box around the headline that holds more below it than notes."""
        outline = self.outline
        for box in outline.climb(self.head.box):
            below = self.lines[self.start : outline.ends[box]]
            if any(outline.holds(box, medium.box) for medium in self.media):
                return box
            if any(
                not (self._is_note(line, own_box=False) or self.is_anchor(line)) for line in below
            ):
                return box
        return 0
