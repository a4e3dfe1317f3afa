"""The headline of a page whose head does not name its article, told by its place above the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from kpucrawl.extract.credits.authors import is_account
from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.phrases.chrome import (
    find_printed_date,
    is_counter,
    is_note,
    is_share,
    opens_block,
    prints_day,
)
from kpucrawl.extract.regions.headline import LONGEST_TITLE, is_prose, is_untitled
from kpucrawl.extract.regions.surroundings import Surroundings
from kpucrawl.extract.regions.text_box import TextBox
from kpucrawl.extract.regions.weights import TextWeights

SHORTEST = 10
"""Characters of a headline; an initial in a circle stands for a picture of the author."""
MOST_ACCOUNT = 3
"""Words of who posted an article, `Operator Web 2`; a headline has more, and numbers too."""
LINES_ABOVE = 8
"""Lines above a text among which its headline is: notes and buttons stand between."""


def find_plain_headline(page: Page) -> Line | None:
    """The headline above the text that holds most of a page's sentences, beside its notes or set in
    bold; None where the page's head names the article."""
    if not page.outline.lines or not is_untitled(page):
        return None
    first = _find_text(page)
    return None if first is None else _climb_to_headline(page, first)


def _find_text(page: Page) -> Line | None:
    """The first sentence where the most stand together."""
    top = replace(page.outline.lines[0], index=-1, text="", box=0, anchors=(), rank=0)
    weights = TextWeights(Surroundings(page, top))
    box = weights.find_box()
    if box is None:
        return None
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for number in TextBox(weights, box).main:
        container = weights.find_container(page.outline.lines[number])
        groups[page.outline.parents[container]].append(number)
    heaviest = max(groups.values(), key=lambda ns: sum(weights.weights[n] for n in ns), default=[])
    return page.outline.lines[heaviest[0]] if heaviest else None


def _climb_to_headline(page: Page, text: Line) -> Line | None:
    lines = page.outline.lines[max(text.index - LINES_ABOVE, 0) : text.index]
    above = [line for line in lines if line.zone < 0]
    head = next(_list_candidates(above), None)
    if head is None or len(head.text) > LONGEST_TITLE or is_prose(head):
        return None
    has_notes = any(is_counter(line) or _tells_day(line) for line in above)
    return head if has_notes or (head.strong and head.gap == 2) else None


def _tells_day(line: Line) -> bool:
    """Whether a line is a day, or a note with one."""
    return prints_day(line) or find_printed_date(line.text) == line.text


def _list_candidates(above: list[Line]) -> Iterator[Line]:
    """The lines that are no note, no button and no link, from the text upwards."""
    for line in reversed(above):
        if _tells_day(line) or is_note(line) or is_counter(line) or is_share(line.text):
            continue
        if line.linked:
            continue
        if opens_block(line.text) or len(line.text) <= SHORTEST or line.kind == "figcaption":
            continue
        if len(line.text.split()) <= MOST_ACCOUNT and is_account(line.text):
            continue
        if not line.text.lower().startswith(("oleh", "penulis", "ditulis")):
            yield line
