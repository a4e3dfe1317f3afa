"""Where a template shows the pictures of its articles, and which it shows on all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kpucrawl.extract.html.outline import Line, Medium
from kpucrawl.extract.layouts.model import Slot
from kpucrawl.extract.layouts.tree import Tree
from kpucrawl.extract.regions.pictures import find_source
from kpucrawl.extract.regions.region import PAGE_WIDE

HERO_SHARE = 0.05
"""Share of pages on which a place outside the text shows a picture of the article."""
ABOVE = 3
"""Lines between a picture and the headline below it: category, day, author."""
COMMON_PICTURE = 3
"""Pages that show the same picture: then it is a logo or a banner."""


def find_heroes(
    trees: Sequence[Tree], titles: Sequence[Line | None], regions: Sequence[Slot]
) -> tuple[str, ...]:
    """Places outside the regions whose pictures differ from page to page, near headline and
    text."""
    common = count_pictures(trees)
    places: Counter[str] = Counter()
    for tree, title in zip(trees, titles, strict=True):
        boxes = [box for slot in regions if (box := tree.find_text_box(slot)) is not None]
        if title is None or not boxes:
            continue
        around = find_around(tree, title, boxes)
        found = set()
        for image in tree.page.outline.images:
            key = place_picture(tree, image)
            inside = any(tree.page.outline.holds(box, image.box) for box in boxes)
            if key is None or inside or common[key] >= COMMON_PICTURE:
                continue
            if is_near(tree, image, title, around):
                found.add(key[0])
        places.update(found)
    least = max(2, HERO_SHARE * len(trees))
    return tuple(sorted(chain for chain, count in places.items() if count >= least))


def find_around(tree: Tree, title: Line, boxes: Sequence[int]) -> int:
    """The smallest box around headline and text."""
    first = next((box for box in boxes if box >= 0), None)
    return 0 if first is None else tree.page.outline.join(title.box, first)


def is_near(tree: Tree, image: Medium, title: Line, around: int) -> bool:
    """Whether a picture stands around headline and text, or right above, and is no teaser's."""
    if image.at in tree.teasers:
        return False
    if image.href and tree.page.names_article(image.href):
        return False
    is_around = tree.page.outline.holds(around, image.box)
    if is_around and not _is_page_wide(tree, around):
        return True
    is_right_above = 0 <= title.index - image.at <= ABOVE
    return is_right_above and image.zone < 0


def _is_page_wide(tree: Tree, box: int) -> bool:
    return tree.page.outline.tags[box] in PAGE_WIDE


def find_common_pictures(trees: Sequence[Tree]) -> tuple[str, ...]:
    """Pictures that several pages show at one place, logos and banners, as `PLACE\tADDRESS`."""
    common = count_pictures(trees).items()
    return tuple(sorted("\t".join(key) for key, count in common if count >= COMMON_PICTURE))


def count_pictures(trees: Sequence[Tree]) -> Counter[tuple[str, str]]:
    """On how many pages each picture stands at its place. An article's own is a thumbnail of
    others elsewhere."""
    seen: Counter[tuple[str, str]] = Counter()
    for tree in trees:
        seen.update(
            {key for image in tree.page.outline.images if (key := place_picture(tree, image))}
        )
    return seen


def place_picture(tree: Tree, image: Medium) -> tuple[str, str] | None:
    """Where a picture stands and its address; None for icons."""
    source = find_source(tree.page, image)
    return (tree.chains[image.box], source) if source else None
