"""Where a template prints who wrote an article, outside the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kpucrawl.extract.credits.authors import AuthorLine, is_label, read_bare, read_labelled
from kpucrawl.extract.credits.spans import find_credits
from kpucrawl.extract.html.context import fold
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.model import Listed, Slot
from kpucrawl.extract.layouts.slots import COVERED, find_slot, holds_crosswise, leave_common
from kpucrawl.extract.layouts.tree import Tree
from kpucrawl.extract.phrases.chrome import ends_article, find_printed_date, is_counter

LABELLED = 0.1
"""Share of pages that must have a line with a label: some print the authors of essays alone."""
PURE = 0.95
"""Share of the lines at a place without labels that must be names or accounts."""
SEVERAL = 3
"""Names that a place without labels must show: one or two may be a hall's, or a tag's."""
MENTIONED = 0.2
"""Share of names that may stand in their page's text: a village or a tag does, an author not."""
CONTRADICTED = 0.2
"""Share of author lines that may name another than the credit of their text: an office prints who
posted an essay; a list of essays beside the text names anybody."""
LABEL_STEPS = 2
"""Boxes up from a name within which its label stands in the line above."""
NEAR = 2
"""Lines between an author without a label and the day or the counter beside it."""
AUTHORS = "author", "author_name"
"""Fields of author lines; what of them stands in a text is its byline."""
_BOXES = re.compile(r"author|penulis|byline|writer|reporter|kontributor|pewarta", re.I)
"""Classes of boxes that say they hold an author."""
_OTHERS = re.compile(
    r"(?P<readers>koment|comment|tanggap|balas|reply)"
    r"|terkait|lain|popul|terbaru|related|recent|latest|pilihan|rekomend|sejenis|serupa",
    re.I,
)
"""Words of headings above what others wrote."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What else the pages show that tells whether a name is an author's."""

    texts: Sequence[frozenset[int]]
    """Per page the numbers of the lines of its text."""
    listed: Sequence[Listed | None]


@dataclass(frozen=True, slots=True)
class Author:
    """An author line on one of the pages."""

    number: int
    """Of the page."""
    line: Line
    said: AuthorLine


def find_author(
    trees: Sequence[Tree],
    notes: Sequence[Sequence[Line]],
    titles: Sequence[Line | None],
    shown: Shown,
) -> dict[str, Slot]:
    """The place of the author line: `author` where labels tell it, else `author_name`."""
    own = _choose_notes(trees, notes, titles, shown)
    if slot := _find_labelled(trees, own, titles, shown):
        return {"author": slot}
    if slot := _find_bare(trees, own, titles, shown):
        return {"author_name": slot}
    return {}


def find_far_author(
    trees: Sequence[Tree],
    lines: Sequence[Sequence[Line]],
    titles: Sequence[Line | None],
    shown: Shown,
) -> dict[str, Slot]:
    """The place of an author line far from the article, as in a column of facts: a label tells
    it."""
    own = leave_common(_choose_notes(trees, lines, titles, shown))
    slot = _find_labelled(trees, own, titles, shown)
    return {"author": slot} if slot else {}


def read_author(tree: Tree, fields: Mapping[str, Slot]) -> AuthorLine | None:
    """Who the author line of a page names, None where it has none."""
    if (slot := fields.get("author")) and (line := tree.find_line(slot)):
        return read_label(tree, line)
    if (slot := fields.get("author_name")) and (line := tree.find_line(slot)):
        return read_bare(line.text, line.raw)
    return None


def _choose_notes(
    trees: Sequence[Tree],
    notes: Sequence[Sequence[Line]],
    titles: Sequence[Line | None],
    shown: Shown,
) -> list[list[Line]]:
    pages = zip(trees, notes, titles, shown.texts, strict=True)
    return [list(_list_candidates(*page)) for page in pages]


def _list_candidates(
    tree: Tree, notes: Sequence[Line], title: Line | None, text: frozenset[int]
) -> Iterator[Line]:
    """The notes in no text and no menu, up to the heading of what readers wrote."""
    last = max(text, default=len(tree.lines))
    is_behind = False
    for line in notes:
        heading = _find_heading(line) if line.index > last else None
        if heading and heading["readers"]:
            return
        is_behind = is_behind or heading is not None
        is_note = line.index not in text or is_counter(line)
        is_own = is_note and (not is_behind or tells_more(line))
        if is_own and is_outside_menus(tree, line, title):
            yield line


def _find_heading(line: Line) -> re.Match[str] | None:
    """The word that makes a line the heading of what others wrote; an author's box may stand behind
    tags."""
    return _OTHERS.search(line.text) if ends_article(line.text) else None


def tells_more(line: Line) -> bool:
    """Whether a line tells a day or a counter as well: WordPress has such a foot below what it
    calls related."""
    return find_printed_date(line.text) is not None or is_counter(line)


def is_outside_menus(tree: Tree, line: Line, title: Line | None) -> bool:
    """Whether a line stands in no menu and no column: in no furniture but such as holds the
    headline as well, or is the article's own foot."""
    if line.zone < 0:
        return True
    outline = tree.page.outline
    around = outline.parents[line.zone]
    box = around if around >= 0 and outline.tags[around] == "article" else line.zone
    return title is not None and outline.holds(box, title.box)


def read_label(tree: Tree, line: Line) -> AuthorLine | None:
    """An author line with its label in it or right above it."""
    if said := read_labelled(line.text, line.raw):
        return said
    above = tree.lines[line.index - 1] if line.index else None
    if above is None or not is_label(above.text) or not _is_beside(tree, above, line):
        return None
    return read_labelled(line.text, line.raw, above.text)


def _is_beside(tree: Tree, above: Line, line: Line) -> bool:
    """Whether a label and what stands below it share a small box."""
    outline = tree.page.outline
    boxes = list(outline.climb(line.box))[: LABEL_STEPS + 1]
    around = outline.join(above.box, line.box)
    return around in boxes


def _find_labelled(
    trees: Sequence[Tree],
    notes: Sequence[Sequence[Line]],
    titles: Sequence[Line | None],
    shown: Shown,
) -> Slot | None:
    found = [
        [line for line in lines if read_label(tree, line)]
        for tree, lines in zip(trees, notes, strict=True)
    ]
    slot = find_slot(trees, found, titles, LABELLED)
    if slot is None or not holds_crosswise(trees, found, titles, LABELLED):
        return None
    authors = list(_list_authors(trees, {"author": slot}))
    return slot if differs(authors) and not contradicts(trees, authors, shown) else None


def _find_bare(
    trees: Sequence[Tree],
    notes: Sequence[Sequence[Line]],
    titles: Sequence[Line | None],
    shown: Shown,
) -> Slot | None:
    categories = {fold(one.category) for one in shown.listed if one and one.category}
    found = [
        [
            line
            for line in lines
            if (said := read_bare(line.text, line.raw)) and fold(said.text) not in categories
        ]
        for lines in notes
    ]
    slot = find_slot(trees, found, titles, COVERED)
    if slot is None or not holds_crosswise(trees, found, titles, COVERED):
        return None
    authors = list(_list_authors(trees, {"author_name": slot}))
    places = sum(tree.find_line(slot) is not None for tree in trees)
    if len(authors) < PURE * places or not differs(authors):
        return None
    if not is_witnessed(trees, authors) or is_mentioned(trees, authors, shown):
        return None
    return None if contradicts(trees, authors, shown) else slot


def _list_authors(trees: Sequence[Tree], fields: Mapping[str, Slot]) -> Iterator[Author]:
    (slot,) = fields.values()
    for n, tree in enumerate(trees):
        line, said = tree.find_line(slot), read_author(tree, fields)
        if line and said:
            yield Author(n, line, said)


def differs(authors: Sequence[Author]) -> bool:
    """Whether authors are several, or accounts: the one name on all pages is furniture."""
    named = {fold(author.said.text) for author in authors}
    return len(named) > 1 or all(author.said.byline is None for author in authors)


def is_witnessed(trees: Sequence[Tree], authors: Sequence[Author]) -> bool:
    """Whether names without labels are authors': accounts stand there as well, a class says so, or
    several names stand beside the day."""
    if any(author.said.byline is None for author in authors):
        return True
    if sum(_is_called_author(trees[one.number], one.line) for one in authors) == len(authors):
        return True
    dated = sum(_is_dated(trees[one.number], one.line) for one in authors)
    named = {one.said.text for one in authors}
    return len(named) >= SEVERAL and dated == len(authors)


def _is_called_author(tree: Tree, line: Line) -> bool:
    outline = tree.page.outline
    boxes = list(outline.climb(line.box))[:LABEL_STEPS]
    return any(_BOXES.search(outline.elements[box].get("class") or "") for box in boxes)


def _is_dated(tree: Tree, line: Line) -> bool:
    around = tree.lines[max(line.index - NEAR, 0) : line.index + NEAR + 1]
    return any(find_printed_date(one.text) or is_counter(one) for one in around)


def is_mentioned(trees: Sequence[Tree], authors: Sequence[Author], shown: Shown) -> bool:
    """Whether what stands at a place is told of by the texts: villages and tags are."""
    named = [one for one in authors if one.said.byline]
    told = [
        any(one.said.text in trees[one.number].lines[n].text for n in shown.texts[one.number])
        for one in named
    ]
    return sum(told) > MENTIONED * len(named)


def contradicts(trees: Sequence[Tree], authors: Sequence[Author], shown: Shown) -> bool:
    """Whether the texts' own credits name others than their author lines do: a list of essays
    beside the text has author lines, too."""
    named = [one for one in authors if one.said.byline]
    agreeing = [_agrees(trees[one.number], one.said, shown.texts[one.number]) for one in named]
    return agreeing.count(False) > CONTRADICTED * len(named)


def _agrees(tree: Tree, said: AuthorLine, text: frozenset[int]) -> bool | None:
    """Whether a text's credit names the writer of the author line, None where it names none, or
    with a word or initials that may be anybody's."""
    byline = find_credits([tree.lines[n].text for n in sorted(text)]).byline
    whole = [name for name in byline.writers if " " in name] if byline else []
    if not whole or said.byline is None:
        return None
    one, other = fold(" ".join(whole)), fold(" ".join(said.byline.writers))
    return one in other or other in one
