"""The notes of a CMS about an article, beside its headline and below its text: the day it was
published, who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from kpucrawl.extract.credits.authors import (
    AuthorLine,
    is_full_name,
    is_label,
    read_bare,
    read_labelled,
)
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.html.tags import PAGE_WIDE
from kpucrawl.extract.phrases.chrome import (
    LONGEST_NOTE,
    ends_article,
    find_printed_date,
    is_counter,
    prints_day,
)
from kpucrawl.extract.phrases.tables import load_pattern
from kpucrawl.extract.regions.region import Region
from kpucrawl.extract.regions.surroundings import Surroundings
from kpucrawl.extract.regions.weights import LEADS

NOTES_ABOVE = 4
"""Lines above a headline that may be its notes."""
NOTES_BETWEEN = 30
"""Lines between headline and text that may be: a row of them, a share bar, a rating."""
NOTES_BELOW = 15
"""Lines below a text that may be: a share bar's names come first."""
BARE_BELOW = 1
"""Lines below a text within which a day without a label is its own."""
_PUBLISHED = re.compile(rf"\b(?:{load_pattern('posted')}|{load_pattern('author_labels')})\b", re.I)
_RELATIVE = re.compile(r"\d+\s(?:detik|menit|jam|hari|minggu|bulan|tahun)\s(?:yang\s)?lalu", re.I)
_CHANGED = re.compile(
    r"(?:per\s?barui|update\w*|mutakhir\w*|ubah|sunting|modified|edited)(?:\s\w+)?[\s:(]*$", re.I
)
"""What stands before the day of a change, which is no day of publication."""


class NoteFinder:
    """Looks around one article's headline and text."""

    def __init__(self, around: Surroundings, region: Region) -> None:
        self.around, self.region = around, region
        self.outline, self.lines, self.head = around.outline, around.lines, around.head

    def find_printed(self) -> str | None:
        """The day that the page prints, as it stands there."""
        above = (line for line in self._above if prints_day(line) or not self._is_text(line))
        over = filter(prints_day, self._list_over())
        below = filter(self._tells_day, self._list_below())
        return next((day for day in map(read_day, (*above, *over, *below)) if day), None)

    def _is_text(self, line: Line) -> bool:
        """Whether a line between headline and text is a sentence; any other can only be a note,
        also in words that nobody foresaw: `Submitted by Budi pada Sel, 11/01/2022 - 14:16`."""
        return self.around.is_text(line)

    def _tells_day(self, line: Line) -> bool:
        """Whether a line below a text says when it was published: by a label or a counter, or right
        below it; a name with a day may be who commented."""
        if not prints_day(line):
            return False
        if is_counter(line) or _PUBLISHED.search(line.text):
            return True
        is_bare = find_printed_date(line.text) == line.text
        return is_bare and line.index <= self.region.end + BARE_BELOW

    def find_author(self) -> AuthorLine | None:
        """Who a note names: behind a label, or alone beside the day or the counter."""
        said = [found for line in self.notes if (found := self._read_labelled(line))]
        said += [found for line in self._above if (found := self._read_bare(line))]
        return next((one for one in said if one.byline), None)

    @cached_property
    def notes(self) -> tuple[Line, ...]:
        """The lines that may be notes, those between headline and text first."""
        return (*self._above, *self._list_over(), *self._list_below())

    @cached_property
    def _above(self) -> tuple[Line, ...]:
        """The lines between headline and text; a lead may stand among them."""
        return tuple(self._list_between())

    def _list_between(self) -> Iterator[Line]:
        around, sentences = self.around, 0
        text = {line.index for line in self.region.lines}
        first = self.head.index + 1
        for line in self.lines[first : min(first + NOTES_BETWEEN, self.region.end)]:
            if around.leads_away(line) and line.index not in around.anchors:
                return
            if line.index in text:
                sentences += around.is_text(line)
                if sentences > LEADS:
                    return
            elif len(line.text) <= LONGEST_NOTE and self._is_near(line):
                yield line

    def _is_near(self, line: Line) -> bool:
        """Whether a line stands in no furniture, but in a few lines of it beside the headline, or
        in a header that the text has to itself."""
        if not self.around.is_excluded(line):
            return True
        outline, zone = self.outline, line.zone
        if outline.ends[zone] - outline.firsts[zone] > NOTES_ABOVE:
            return False
        is_beside = outline.tags[outline.join(zone, self.head.box)] == "header"
        return is_beside or (outline.tags[zone] == "header" and self._heads_text(zone))

    def _heads_text(self, zone: int) -> bool:
        """Whether a box stands in one with the text that the headline is no part of."""
        frame = self.outline.parents[zone]
        texts = self.region.lines[:1]
        return any(self.outline.holds(frame, line.box) for line in texts) and not (
            self.outline.holds(frame, self.head.box)
        )

    def _list_over(self) -> Iterator[Line]:
        """The lines right above the headline."""
        for line in reversed(self.lines[max(self.head.index - NOTES_ABOVE, 0) : self.head.index]):
            if len(line.text) > LONGEST_NOTE or line.index in self.around.teasers:
                return
            if self.outline.is_beside(line.box, self.head.box):
                yield line

    def _list_below(self) -> Iterator[Line]:
        """The lines below the text, up to those of other articles and of readers."""
        around = self.around
        end = self.region.end
        for line in self.lines[end : end + NOTES_BELOW]:
            if line.index in around.teasers or around.heads_comments(line):
                return
            if around.leads_away(line) or line.index in around.replies:
                return
            if len(line.text) <= LONGEST_NOTE and self._is_below(line):
                yield line

    def _is_below(self, line: Line) -> bool:
        """Whether a line below a text stands in the article, or in its own foot."""
        if not self.around.is_excluded(line):
            return True
        frame = self.outline.parents[line.zone]
        return (
            self.outline.holds(frame, self.head.box) and self.outline.tags[frame] not in PAGE_WIDE
        )

    def _read_labelled(self, line: Line) -> AuthorLine | None:
        """A name with its label in its line, above it, or below it where it is a whole name."""
        above = self.lines[line.index - 1].text if line.index else ""
        below = self.lines[line.index + 1 : line.index + 2]
        if any(is_label(one.text) for one in below) and is_full_name(line.text):
            above = below[0].text
        return read_labelled(line.text, line.raw, above if is_label(above) else "")

    def _read_bare(self, line: Line) -> AuthorLine | None:
        """A name without a label, in or beside a line that tells the day or the counter."""
        if ends_article(line.text):  # `Tinggalkan Komentar`
            return None
        near = self.lines[line.index - 1 : line.index + 2]
        if not any(one is not self.head and _tells_more(one) for one in near):
            return None
        return read_bare(line.text, line.raw)


def read_day(line: Line) -> str | None:
    """The day of publication that a note prints."""
    found = find_printed_date(line.text)
    if found is None or _CHANGED.search(line.text[: line.text.index(found)]):
        return None
    return found


def _tells_more(line: Line) -> bool:
    return is_counter(line) or prints_day(line) or _RELATIVE.fullmatch(line.text) is not None
