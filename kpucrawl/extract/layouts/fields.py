"""Where category, counter, printed day and author stand, each proved by witnesses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from kpucrawl.extract.html.context import fold
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.authors import Shown, find_author, find_far_author
from kpucrawl.extract.layouts.body import Body
from kpucrawl.extract.layouts.model import ALL, Listed, Slot
from kpucrawl.extract.layouts.slots import (
    FEWEST,
    PROVED,
    find_slot,
    holds_crosswise,
    leave_common,
)
from kpucrawl.extract.layouts.tree import Tree, make_paths
from kpucrawl.extract.phrases.chrome import (
    POSTED,
    find_printed_date,
    is_counter,
    is_note,
    read_counter,
)
from kpucrawl.extract.regions.teasers import is_link

LONGEST_COUNT = 30
"""Characters of a line that is a number with a word or two."""
LONGEST_NOTE = 160
"""Characters of a line of notes: category, day, author, counter."""
ABOVE = 3
"""Lines above a headline that may be its notes, in whatever box."""
MOST_PIECES, LONGEST_PIECE = 4, 10
"""Lines of a box that print a day together, and the characters of each: `12`, `September`."""
APART = 2
"""Times as much the highest counter must be as the lowest."""
_POSTED = re.compile(
    rf"(?:(?:tanggal|tgl\.?|waktu|hari)\s)?(?:{POSTED}|terbit|tayang|publikasi|rilis|posting|unggah"
    r"|tanggal|date)\s?(?:pada|on|tanggal)?\s?[:：]?",
    re.I,
)
"""The label of a day of publication."""
_READERS = re.compile(r"[.#][\w-]*(?:comment|komentar|tanggapan|disqus)", re.I)
"""A class or an id of the boxes of what readers wrote."""
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
    if "views" not in fields and (slot := find_views(trees, listed, notes, titles, body)):
        fields["views"] = slot
    if "printed" not in fields and (slot := find_day(trees, notes, titles, body)):
        fields["printed"] = slot
    texts = [
        text - {line.index for slot in fields.values() if (line := tree.find_line(slot))}
        for tree, text in zip(trees, body.edges.kept, strict=True)
    ]
    shown = Shown(texts, listed)
    author = find_author(trees, notes, titles, shown)
    if not author:
        author = find_far_author(trees, list_far(trees, body), titles, shown)
    return fields | author


def find_views(
    trees: Sequence[Tree],
    listed: Sequence[Listed | None],
    notes: Sequence[Sequence[Line]],
    titles: Sequence[Line | None],
    body: Body,
) -> Slot | None:
    """The place of the counter where no line of the notes is the listed one: there without a
    listing that shows it, or far from the article with one."""
    if slot := find_unlisted(trees, notes, titles):
        return slot
    far = list_far(trees, body)
    for accepts in (_accepts_counter, _accepts_number):
        found = [
            [line for line in lines if accepts(line, one)]
            for lines, one in zip(far, listed, strict=True)
        ]
        slot = find_slot(trees, found, titles, PROVED)
        if slot and holds_crosswise(trees, found, titles, PROVED):
            return slot
    return None


def find_unlisted(
    trees: Sequence[Tree], notes: Sequence[Sequence[Line]], titles: Sequence[Line | None]
) -> Slot | None:
    """The place of the counter where no listing shows one: its words say so, and its numbers are
    far apart. Those of a site's visitors hardly grow from page to page."""
    found = [[line for line in lines if read_counter(line) is not None] for lines in notes]
    slot = find_slot(trees, found, titles)
    if slot is None or not holds_crosswise(trees, found, titles):
        return None
    lines = (tree.find_line(slot) for tree in trees)
    views = [count for line in lines if line and (count := read_counter(line)) is not None]
    return slot if max(views) >= APART * max(min(views), 1) else None


def find_day(
    trees: Sequence[Tree],
    notes: Sequence[Sequence[Line]],
    titles: Sequence[Line | None],
    body: Body,
) -> Slot | None:
    """The place of the day of publication where no line of the notes prints it: several lines
    together, or far from the article, behind a label."""
    if slot := find_pieces(trees, notes):
        return slot
    found = leave_common(
        [
            [line for line in lines if _is_labelled_day(tree, line)]
            for tree, lines in zip(trees, list_far(trees, body), strict=True)
        ]
    )
    slot = find_slot(trees, found, titles, PROVED)
    return slot if slot and holds_crosswise(trees, found, titles, PROVED) else None


def _is_labelled_day(tree: Tree, line: Line) -> bool:
    """Whether a line prints a day and says, or the one above does, that something came out then."""
    if len(line.text) > LONGEST_NOTE or not (day := find_printed_date(line.text)):
        return False
    above = tree.lines[line.index - 1].text if line.index else ""
    before = line.text.partition(day)[0]
    return any(_POSTED.fullmatch(label.strip()) for label in (before, above))


def list_far(trees: Sequence[Tree], body: Body) -> list[list[Line]]:
    """The lines of each page in no menu, no teaser and no text: a column of facts may stand
    anywhere."""
    return [
        [
            line
            for line in tree.lines
            if line.zone < 0
            and line.index not in text | tree.teasers
            and not is_readers(tree, line.index)
        ]
        for tree, text in zip(trees, body.edges.texts, strict=True)
    ]


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
        if not (n in inside and _dates_text(tree.lines[n])) and not is_readers(tree, n)
    ]


def is_readers(tree: Tree, number: int) -> bool:
    """Whether a line stands in a box of what readers wrote, which bears days and names as well."""
    return _READERS.search(tree.chains[tree.lines[number].box]) is not None


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
