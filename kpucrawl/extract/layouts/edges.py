"""Where inside its region a text begins and ends: at lines that stand there on page after page.

Needed where a region holds more than the text, such as on pages without boxes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.kinds import PROSE, Kinds
from kpucrawl.extract.layouts.tree import Tree, is_link, mask_dates
from kpucrawl.extract.phrases.chrome import (
    ends_article,
    is_counter,
    is_more,
    is_network,
    is_note,
    is_share,
    opens_block,
)

RECURS = 0.5
"""Share of pages that show a line which bounds their texts."""
OUTSIDE = 0.95
"""Share of those pages on which it stands on one side of the prose."""
OWN = 0.3
"""Share of pages on which a line of prose recurs that is nobody's own."""
FEWEST = 3
"""Pages that show such a line: of two it may be chance."""


@dataclass(frozen=True)
class Edges:
    """What bounds the texts of a template, and between which lines each sample's stands."""

    opens: tuple[str, ...]
    stops: tuple[str, ...]
    runs: tuple[range, ...]
    """Per sample the numbers of the lines from its first to its last own prose."""


def find_edges(kinds: Kinds, dropped: Collection[str]) -> Edges:
    """Find the lines that stand before or behind the prose on nearly all pages that show them."""
    pages = kinds.lines
    kept = [list_kept(lines, dropped) for lines in pages]
    runs = tuple(find_run(kinds, n, lines) for n, lines in enumerate(kept))
    shown: Counter[str] = Counter()
    before: Counter[str] = Counter()
    behind: Counter[str] = Counter()
    for lines, run in zip(pages, runs, strict=True):
        if not run:
            continue
        above = {make_key(kind, line) for kind, line in lines if line.index < run.start}
        below = {make_key(kind, line) for kind, line in lines if line.index >= run.stop}
        inside = {make_key(kind, line) for kind, line in lines if line.index in run}
        shown.update(above | below | inside)
        before.update(above - below - inside)
        behind.update(below - above - inside)
    least = max(FEWEST, RECURS * sum(map(bool, runs)))
    often = {key for key, count in shown.items() if count >= least}
    all_lines = [one for lines in pages for one in lines]
    opening = {make_key(kind, line) for kind, line in all_lines if can_open(kinds, kind, line)}
    closing = {make_key(kind, line) for kind, line in all_lines if can_close(kinds, kind, line)}
    return Edges(
        tuple(sorted(key for key in often & opening if before[key] >= OUTSIDE * shown[key])),
        tuple(sorted(key for key in often & closing if behind[key] >= OUTSIDE * shown[key])),
        runs,
    )


Kept = Sequence[tuple[str, Line]]
"""Lines of one page's regions with their kinds."""


def list_kept(lines: Kept, dropped: Collection[str]) -> Kept:
    """The lines of a page's regions without the kinds that are no text."""
    return [(kind, line) for kind, line in lines if kind not in dropped]


def make_key(kind: str, line: Line) -> str:
    """What a layout keeps of a line that bounds texts: `KIND\\tMASK`."""
    return f"{kind}\t{mask_dates(line.text)}"


def find_run(kinds: Kinds, number: int, lines: Kept) -> range:
    """From the first to the last line of prose of a page's own, or of prose that it shares."""
    tree = kinds.trees[number]
    prose = [line for kind, line in lines if is_prose(tree, kind, line)]
    own = [line for line in prose if kinds.count(number, line) < OWN * len(kinds.trees)]
    found = own or prose
    return range(found[0].index, found[-1].index + 1) if found else range(0)


def is_prose(tree: Tree, kind: str, line: Line) -> bool:
    """Whether a line is long and the article's: no link, no teaser's."""
    if len(line.text) < PROSE or is_link(line):
        return False
    return line.index not in tree.teasers


def can_open(kinds: Kinds, kind: str, line: Line) -> bool:
    """Whether what follows a line that recurs can be the text: behind a note, or a box of the
    template's. `PENGUMUMAN` above an announcement is the office's own."""
    return says_note(line) or (kind != kinds.main and not kinds.is_textual(kind))


def can_close(kinds: Kinds, kind: str, line: Line) -> bool:
    """Whether a text can end at a line that recurs: also at a heading or a link. `Demikian
    disampaikan` recurs among the paragraphs."""
    if line.rank or is_link(line) or ends_article(line.text) or opens_block(line.text):
        return True
    return can_open(kinds, kind, line)


def says_note(line: Line) -> bool:
    """Whether a line's words are the page's own: a counter, a share bar, a note."""
    if is_note(line) or is_counter(line):
        return True
    return is_share(line.text) or is_network(line.text) or is_more(line.text)


def cut_edges(lines: Kept, opens: Collection[str], stops: Collection[str]) -> Kept:
    """The lines between the last that opens a text and the first behind it that closes one."""
    keys = [make_key(kind, line) for kind, line in lines]
    end = next((n for n, key in enumerate(keys) if key in stops), len(keys))
    start = max((n + 1 for n, key in enumerate(keys[:end]) if key in opens), default=0)
    return lines[start:end]
