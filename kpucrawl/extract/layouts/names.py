"""Which classes and ids name the boxes of a template."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from kpucrawl.extract.html.context import Page
from kpucrawl.extract.layouts.kinds import TEXTUAL
from kpucrawl.extract.layouts.tree import Tree, find_stable_names, list_tokens

STABLE = 0.8
"""Share of a group's pages on which a class or id stands that names a place."""
OPTIONAL = 0.05
"""Share of pages on which one stands that tells optional boxes from those beside them."""
FIXED = 0.9
"""Share of pages on which a box stands that is no option."""
FEWEST = 3
"""Pages with such a box: on two the same words may be chance."""


def name_boxes(pages: Sequence[Page]) -> list[Tree]:
    """The pages under the classes and ids that stand on most of them, and those of boxes without
    such a name that are optional or stand beside others of their tag.

    `div.intro` on half of the pages would else be one of several `div`, and an advertisement inside
    the text a paragraph. A box that has its place alone on all pages needs no name:
    `article.category-berita` is the article as `article.category-artikel` is.
    """
    stable = find_stable_names(pages, STABLE)
    trees = [Tree(page, stable) for page in pages]
    families = [list_families(tree) for tree in trees]
    standing = Counter(family for one in families for family in one)
    fixed = {family for family, count in standing.items() if count >= FIXED * len(pages)}
    shown: Counter[str] = Counter()
    for tree, own in zip(trees, families, strict=True):
        told = (boxes for family, boxes in own.items() if len(boxes) > 1 or family not in fixed)
        shown.update(
            {token for boxes in told for box in boxes for token in list_tokens(tree.page, box)}
        )
    least = max(FEWEST, OPTIONAL * len(pages))
    optional = {name for name, count in shown.items() if count >= least}
    return [Tree(page, stable | optional) for page in pages] if optional else trees


Family = tuple[str, str]
"""Where boxes stand and their tag."""


def list_families(tree: Tree) -> dict[Family, list[int]]:
    """A page's boxes without a stable name by place and tag."""
    found: defaultdict[Family, list[int]] = defaultdict(list)
    outline = tree.page.outline
    for box, label in enumerate(tree.labels):
        if label == outline.tags[box] and label not in TEXTUAL:
            parent = outline.parents[box]
            found[tree.chains[parent] if parent >= 0 else "", label].append(box)
    return found
