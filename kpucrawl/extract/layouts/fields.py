"""Where category, counter and printed day stand, each proved by witnesses."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from kpucrawl.extract.html.context import fold
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.body import Body
from kpucrawl.extract.layouts.model import Listed, Slot
from kpucrawl.extract.layouts.tree import Tree, make_paths
from kpucrawl.extract.phrases.chrome import find_printed_date, is_counter, is_note, read_counter

PROVED = 0.9
LONGEST_COUNT = 30
"""Characters of a line that is a number with a word or two."""
LONGEST_NOTE = 160
"""Characters of a line of notes: category, day, author, counter."""
_SEPARATORS = re.compile(r"\s*[|/•·,:»>\-–—]\s*|\s{2,}")
_PLACE = re.compile(r"[A-Z][\w. ]{2,40}[,(–—-]\s")
"""A place that opens a dateline."""
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d+")


def find_fields(
    trees: Sequence[Tree],
    listed: Sequence[Listed | None],
    titles: Sequence[Line | None],
    body: Body,
) -> dict[str, Slot]:
    """The slots that were proved."""
    fields: dict[str, Slot] = {}
    lines = [
        list_notes(tree, title, body.regions, run)
        for tree, title, run in zip(trees, titles, body.edges.runs, strict=True)
    ]
    for name, accepts in WITNESSES:
        if name in fields:
            continue
        found = [
            [line for line in notes if accepts(line, one)]
            for notes, one in zip(lines, listed, strict=True)
        ]
        if slot := find_slot(trees, found, titles):
            fields[name] = slot
    return fields


def list_notes(tree: Tree, title: Line | None, regions: Sequence[Slot], run: range) -> list[Line]:
    """The lines around headline and text that are neither, and no teaser's: where notes about the
    article stand."""
    outline = tree.page.outline
    boxes = [box for slot in regions if (box := tree.find_box(slot)) is not None]
    if title is None:
        return []
    last = boxes[-1] if boxes and boxes[-1] >= 0 else 0
    around = max(outline.parents[outline.join(title.box, last)], 0)
    return [
        line
        for line in tree.lines[outline.firsts[around] : outline.ends[around]]
        if line is not title and line.index not in run and line.index not in tree.teasers
    ]


def _accepts_category(line: Line, listed: Listed | None) -> bool:
    if listed is None or not listed.category or len(line.text) > LONGEST_NOTE:
        return False
    wanted = fold(listed.category)
    return any(fold(piece) == wanted for piece in list_pieces(line))


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
    """Whether a counter can be the listed one, which lags behind."""
    if listed is None or listed.views is None:
        return True
    return listed.views <= views <= 1.3 * listed.views + 40


def _accepts_printed(line: Line, _: Listed | None) -> bool:
    """Whether a line prints a day as a note does: `Kolaka, 12 Mei 2023` is the text's dateline."""
    if len(line.text) > LONGEST_NOTE or find_printed_date(line.text) is None:
        return False
    return is_note(line) or is_counter(line) or not _PLACE.match(line.text)


WITNESSES: tuple[tuple[str, Callable[[Line, Listed | None], bool]], ...] = (
    ("category", _accepts_category),
    ("views", _accepts_counter),
    ("views", _accepts_number),
    ("printed", _accepts_printed),
)
"""By field, in this order, what a line must be: a counter in its words before a bare number."""


def read_numbers(text: str) -> list[int]:
    """The whole numbers of a short line: `1.234` is one."""
    if len(text) > 120:
        return []
    return [
        int(re.sub(r"\D", "", found)) for found in _NUMBER.findall(text)[:20] if len(found) < 16
    ]


def find_slot(
    trees: Sequence[Tree], found: Sequence[Sequence[Line]], titles: Sequence[Line | None]
) -> Slot | None:
    """The place that explains most pages of those that have a candidate; the nearest to the title
    among equals."""
    places: defaultdict[tuple[str, int], dict[int, Line]] = defaultdict(dict)
    for n, lines in enumerate(found):
        for line in lines:
            own = trees[n].list_own_lines(line.box)
            place = own.index(line)
            for number in (place, place - len(own)):
                places[trees[n].chains[line.box], number].setdefault(n, line)
    having = sum(bool(lines) for lines in found)
    if not places or having < 4:
        return None

    def rank(item: tuple[tuple[str, int], dict[int, Line]]) -> tuple[float, float]:
        _, lines = item
        near = [abs(line.index - title.index) for n, line in lines.items() if (title := titles[n])]
        return len(lines), -sum(near) / max(len(near), 1)

    (_, place), best = max(places.items(), key=rank)
    slot = Slot(make_paths([trees[n] for n in best], [line.box for line in best.values()]), place)
    right = sum(trees[n].find_line(slot) in lines for n, lines in enumerate(found) if lines)
    share = right / having
    return Slot(slot.paths, slot.line, round(share, 3)) if share >= PROVED else None
