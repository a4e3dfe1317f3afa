"""Where category, counter, printed day and author stand, each proved by witnesses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from kpucrawl.extract.html.context import fold
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.authors import Shown, find_author
from kpucrawl.extract.layouts.body import Body
from kpucrawl.extract.layouts.model import ALL, Listed, Slot
from kpucrawl.extract.layouts.slots import FEWEST, PROVED, find_slot, holds_crosswise
from kpucrawl.extract.layouts.tree import Tree, is_link, make_paths
from kpucrawl.extract.phrases.chrome import find_printed_date, is_counter, is_note, read_counter

LONGEST_COUNT = 30
"""Characters of a line that is a number with a word or two."""
LONGEST_NOTE = 160
"""Characters of a line of notes: category, day, author, counter."""
ABOVE = 3
"""Lines above a headline that may be its notes, in whatever box."""
MOST_PIECES, LONGEST_PIECE = 4, 10
"""Lines of a box that print a day together, and the characters of each: `12`, `September`."""
COMMON = 0.5
"""Share of pages that print the same day: no office posts half of its articles on one."""
_SEPARATORS = re.compile(r"\s*[|/•·,:»>\-–—]\s*|\s{2,}")
_PLACE = re.compile(r"(?:[A-Z][\w.]*\s?){1,3}[,(–—-]")
"""The place of a dateline."""
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d+")


def find_fields(
    trees: Sequence[Tree],
    listed: Sequence[Listed | None],
    titles: Sequence[Line | None],
    body: Body,
) -> dict[str, Slot]:
    """The slots that were proved."""
    fields: dict[str, Slot] = {}
    notes = [
        list_notes(tree, title, body.regions, text)
        for tree, title, text in zip(trees, titles, body.edges.texts, strict=True)
    ]
    for name, accepts in WITNESSES:
        if name in fields:
            continue
        found = [
            [line for line in lines if accepts(line, one)]
            for lines, one in zip(notes, listed, strict=True)
        ]
        if name == "printed":
            found = leave_common(found)
        slot = find_slot(trees, found, titles)
        if slot and holds_crosswise(trees, found, titles):
            fields[name] = slot
    if (category := fields.get("category")) and (
        is_constant(trees, listed, category) or not is_precise(trees, listed, category)
    ):
        del fields["category"]
    if "printed" not in fields and (slot := find_pieces(trees, notes)):
        fields["printed"] = slot
    texts = [
        text - {line.index for slot in fields.values() if (line := tree.find_line(slot))}
        for tree, text in zip(trees, body.edges.kept, strict=True)
    ]
    return fields | find_author(trees, notes, titles, Shown(texts, listed))


def leave_common(found: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines without those that most pages show word for word: the day of the newest article in
    a box beside, or today's."""
    counts = Counter(text for lines in found for text in {line.text for line in lines})
    most = max(FEWEST, COMMON * len(found))
    return [[line for line in lines if counts[line.text] <= most] for lines in found]


def list_notes(
    tree: Tree, title: Line | None, regions: Sequence[Slot], text: frozenset[int]
) -> list[Line]:
    """The lines around headline and text that are neither, and no teaser's: where notes about the
    article stand.

    Blogger prints the day above the box of title and text; in the text's own box a day that is not
    worded as a note opens or closes the text.
    """
    if title is None:
        return []
    boxes = [box for slot in regions if (box := tree.find_box(slot)) is not None]
    inside = {n for box in boxes for n in tree.list_numbers(box)}
    around = {*find_surroundings(tree, title, boxes), *list_above(tree, title)}
    return [
        tree.lines[n]
        for n in sorted(around - tree.teasers - text - {title.index})
        if n not in inside or not _dates_text(tree.lines[n])
    ]


def list_above(tree: Tree, title: Line) -> Iterator[int]:
    """The numbers of the few lines above a headline that stand in no menu."""
    for line in tree.lines[max(title.index - ABOVE, 0) : title.index]:
        if line.zone < 0 and not is_link(line):
            yield line.index


def find_surroundings(tree: Tree, title: Line, boxes: Sequence[int]) -> range:
    """The numbers of the lines in the box around the smallest one that holds headline and text."""
    outline = tree.page.outline
    last = boxes[-1] if boxes and boxes[-1] >= 0 else 0
    return tree.list_numbers(max(outline.parents[outline.join(title.box, last)], 0))


def _dates_text(line: Line) -> bool:
    """Whether a line holds a day as the office's own text does: `Kolaka, 12 Mei 2023`."""
    if find_printed_date(line.text) is None or is_note(line) or is_counter(line):
        return False
    return _PLACE.match(line.text) is not None


def _accepts_category(line: Line, listed: Listed | None) -> bool:
    if listed is None or not listed.category or len(line.text) > LONGEST_NOTE:
        return False
    wanted = fold(listed.category)
    return any(fold(piece) == wanted for piece in list_pieces(line))


def is_constant(trees: Sequence[Tree], listed: Sequence[Listed | None], slot: Slot) -> bool:
    """Whether a place says the same on all pages though listings tell several categories: the entry
    `Berita` of a menu is right on all news, and on nothing else."""
    shown = {line.text for tree in trees if (line := tree.find_line(slot))}
    told = Counter(one.category for one in listed if one and one.category)
    several = sum(count > 1 for count in told.values()) > 1
    return several and len(shown) == 1


def is_precise(trees: Sequence[Tree], listed: Sequence[Listed | None], slot: Slot) -> bool:
    """Whether a place that names the category of some pages names no other words on the rest:
    `PENGUMUMAN` opens the text of every announcement, and other words that of the news."""
    pages = [(tree.find_line(slot), one) for tree, one in zip(trees, listed, strict=True)]
    told = [(line, one) for line, one in pages if line and one and one.category]
    right = sum(_accepts_category(line, one) for line, one in told)
    return right >= PROVED * len(told)


def list_pieces(line: Line) -> Iterator[str]:
    """A line as a whole, and what stands in it between separators or in inline elements."""
    yield line.text
    yield from (anchor.text for anchor in line.anchors)
    yield from (piece.strip() for piece in (*line.raw, *_SEPARATORS.split(line.text)))


def _accepts_counter(line: Line, listed: Listed | None) -> bool:
    views = read_counter(line)
    return views is not None and _agrees(views, listed)


def _accepts_number(line: Line, listed: Listed | None) -> bool:
    numbers = read_numbers(line.text) if len(line.text) < LONGEST_COUNT else []
    return (
        listed is not None
        and listed.views is not None
        and len(numbers) == 1
        and _agrees(numbers[0], listed)
    )


def _agrees(views: int, listed: Listed | None) -> bool:
    """Whether a counter can be the listed one, which lags behind. Without a listing it may be the
    site's, of all its visitors."""
    if listed is None or listed.views is None:
        return False
    return listed.views <= views <= 1.3 * listed.views + 40


def _accepts_printed(line: Line, _: Listed | None) -> bool:
    return len(line.text) <= LONGEST_NOTE and find_printed_date(line.text) is not None


WITNESSES: tuple[tuple[str, Callable[[Line, Listed | None], bool]], ...] = (
    ("category", _accepts_category),
    ("views", _accepts_counter),
    ("views", _accepts_number),
    ("printed", _accepts_printed),
)
"""By field, in this order, what a line must be: a counter in its words before a bare number."""


def find_pieces(trees: Sequence[Tree], notes: Sequence[Sequence[Line]]) -> Slot | None:
    """The box whose lines print the day together, as in a leaf of a calendar."""
    boxes: dict[int, int] = {}
    for n, (tree, lines) in enumerate(zip(trees, notes, strict=True)):
        found = (tree.page.outline.parents[line.box] for line in lines if line.text.isdecimal())
        box = next((box for box in found if box >= 0 and read_pieces(tree, box)), None)
        if box is not None:
            boxes[n] = box
    if len(boxes) < max(FEWEST, PROVED * len(trees)):
        return None
    slot = Slot(make_paths([trees[n] for n in boxes], list(boxes.values())), ALL)
    right = sum(trees[n].find_box(slot) == box for n, box in boxes.items())
    share = right / len(boxes)
    return Slot(slot.paths, ALL, round(share, 3)) if share >= PROVED else None


def read_pieces(tree: Tree, box: int) -> str | None:
    """The day that the few short lines of a box print together."""
    lines = [tree.lines[n] for n in tree.list_numbers(box)]
    if len(lines) > MOST_PIECES or any(len(line.text) > LONGEST_PIECE for line in lines):
        return None
    return find_printed_date(" ".join(line.text for line in lines))


def read_numbers(text: str) -> list[int]:
    """The whole numbers of a short line: `1.234` is one."""
    if len(text) > 120:
        return []
    return [
        int(re.sub(r"\D", "", found)) for found in _NUMBER.findall(text)[:20] if len(found) < 16
    ]
