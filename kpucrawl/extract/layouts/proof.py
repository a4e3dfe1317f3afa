"""Whether what was learnt holds: read by it, the samples miss nothing of their own and have nothing
of others in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kpucrawl.extract.html.context import fold
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.body import LEAST_MASS, Masses
from kpucrawl.extract.layouts.kinds import PROSE
from kpucrawl.extract.layouts.model import Group
from kpucrawl.extract.layouts.read import Fit, know_group
from kpucrawl.extract.layouts.tree import Tree

WHOLE = 0.6
"""Share of what is a page's own that its text must hold: sidebars and notes have some of it."""
PROVED = 0.8
"""Share of pages that must pass."""
FRAME = 0.5
"""Share of pages that show what is the frame's."""
OTHERS = 2
"""Titles of other articles in a text that make it a list of them; one may be quoted."""
SHORTEST = 15
"""Letters of a title that is no phrase of everyday."""


def is_proved(
    group: Group,
    trees: Sequence[Tree],
    heads: Sequence[Line | None],
    counts: Counter[tuple[str, str]],
) -> bool:
    """Whether a group reads its samples whole and alone; one without a text has none to prove."""
    if not group.body:
        return True
    known = know_group(group)
    titles = {fold(head.text) for head in heads if head}
    passed = [
        holds_own(tree, head, lines, counts, len(trees)) and not holds_others(head, lines, titles)
        for tree, head in zip(trees, heads, strict=True)
        if head and (lines := Fit(known, tree, head).region.lines) is not None
    ]
    return sum(passed) >= PROVED * len(passed)


def holds_own(
    tree: Tree, head: Line, lines: Sequence[Line], counts: Counter[tuple[str, str]], pages: int
) -> bool:
    """Whether a text holds most of what is its page's own; a page of hardly any may be a
    gallery."""
    if leaves_prose(tree, head, lines, counts, pages):
        return False
    masses = Masses(tree, head, counts, pages)
    whole = masses.of(-1)
    held = sum(masses.weights[line.index] for line in lines)
    return whole < LEAST_MASS or held >= WHOLE * whole


def leaves_prose(
    tree: Tree, head: Line, lines: Sequence[Line], counts: Counter[tuple[str, str]], pages: int
) -> bool:
    """Whether a text leaves out more prose than it holds of what most pages do not have, if only
    since it is copied: another template's, in the same frame."""
    held = {line.index for line in lines}
    left = (
        len(line.text)
        for line in tree.lines
        if len(line.text) >= PROSE
        and line.index not in held
        and line.zone < 0
        and line is not head
        and 2 * line.linked < len(line.text)
        and line.index not in tree.teasers
        and counts[tree.place_key(line)] < FRAME * pages
    )
    return sum(left) > sum(len(line.text) for line in lines)


def holds_others(head: Line, lines: Sequence[Line], titles: set[str]) -> bool:
    """Whether a text holds the titles of several other samples."""
    folded = {fold(line.text) for line in lines}
    others = {title for title in folded & titles if len(title) >= SHORTEST}
    return len(others - {fold(head.text)}) >= OTHERS
