"""Where a template shows the pictures of its articles, and which it shows on all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from kpucrawl.extract.credits.spans import find_credits
from kpucrawl.extract.html.outline import Line, Medium
from kpucrawl.extract.html.tags import PAGE_WIDE
from kpucrawl.extract.layouts.model import Slot
from kpucrawl.extract.layouts.slots import FEWEST
from kpucrawl.extract.layouts.tree import Tree, mask_digits
from kpucrawl.extract.phrases.labels import is_salutation
from kpucrawl.extract.regions.files import list_files
from kpucrawl.extract.regions.pictures import PICTURE, find_source

HERO_SHARE = 0.05
"""Share of pages on which a place outside the text shows a picture of the article."""
ABOVE = 3
"""Lines between a picture and the headline below it: category, day, author."""
COVER_SHARE = 0.2
"""Share of pages that must have a picture at a place far from the text: a banner comes and goes."""
FEWEST_FILED = 3
"""Pages with files at a place: on two, chance may keep them apart."""
FEWEST_CAPTIONED = 4
"""Texts opening with few words below a picture: a subheading may open one or two."""
FEWEST_WORDS, MOST_WORDS = 3, 16
"""Words of a caption."""
GALLERY = 2
"""Pictures right above the only words of a page that make those words theirs; below a single one
they may be a greeting, the whole of the text."""
CAPTION = 60
"""Characters of a line that is prose, and no caption."""
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
        if title is not None and (boxes or not regions):
            own = list_own_pictures(tree, title, boxes, common)
            places.update({tree.chains[image.box] for image in own})
    least = max(2, HERO_SHARE * len(trees))
    return tuple(sorted(chain for chain, count in places.items() if count >= least))


def find_covers(
    trees: Sequence[Tree], regions: Sequence[Slot], heroes: Sequence[str]
) -> tuple[str, ...]:
    """Places far from headline and text, as above the columns or in one of them, that show one
    picture on each page that has any, and none on two."""
    places: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for n, tree in enumerate(trees):
        for image in list_far_pictures(tree, regions):
            if (key := place_picture(tree, image)) and key[0] not in heroes:
                places[key[0]].append((n, key[1]))
    least = max(FEWEST, COVER_SHARE * len(trees))
    return tuple(sorted(chain for chain, found in places.items() if _differ(found, least)))


def opens_with_captions(trees: Sequence[Tree], texts: Sequence[frozenset[int]]) -> bool:
    """Whether several texts open right below a picture with few words, each with others: captions,
    and no greeting or number of the office's."""
    found = ((tree, tree.lines[min(text)]) for tree, text in zip(trees, texts, strict=True) if text)
    words = {
        mask_digits(line.text)
        for tree, line in found
        if is_few_words(line) and is_pictured(tree, line)
    }
    return len(words) >= FEWEST_CAPTIONED


def is_pictured(tree: Tree, line: Line) -> bool:
    """Whether a line stands right below a picture."""
    return any(image.at == line.index for image in tree.pictures)


def is_few_words(line: Line) -> bool:
    """Whether a line is short, and neither a sentence nor an address to the reader, a byline or a
    dateline."""
    words = line.text.split()
    is_short = FEWEST_WORDS <= len(words) <= MOST_WORDS and line.kind == "text" and not line.rank
    if not is_short or line.text[-1] in ".!?:;,”" or line.text.isupper():
        return False
    said = find_credits([line.text])
    return said.byline is None and said.dateline is None and not is_salutation(line.text)


def find_files(trees: Sequence[Tree], regions: Sequence[Slot]) -> tuple[str, ...]:
    """Places outside the text that link files, another on each page."""
    places: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for n, tree in enumerate(trees):
        inside = {
            number
            for slot in regions
            if (box := tree.find_text_box(slot)) is not None
            for number in tree.list_numbers(box)
        }
        for line in tree.lines:
            if line.anchors and line.zone < 0 and line.index not in inside | tree.teasers:
                files = list_files(tree.page, line)
                places[tree.chains[line.box]] += [(n, file.url) for file in files]
    return tuple(sorted(chain for chain, found in places.items() if _are_own(found)))


def list_far_pictures(tree: Tree, regions: Sequence[Slot]) -> list[Medium]:
    """The pictures outside of the text, of menus and of teasers that link no article."""
    boxes = [box for slot in regions if (box := tree.find_text_box(slot)) is not None]
    holds = tree.page.outline.holds
    return [
        image
        for image in tree.pictures
        if image.zone < 0
        and not image.href
        and not is_teasing(tree, image)
        and not any(box < 0 or holds(box, image.box) for box in boxes)
    ]


def _differ(found: Sequence[tuple[int, str]], least: float) -> bool:
    """Whether each of these pages shows one picture, and each picture is on one page."""
    pages, sources = {n for n, _ in found}, {source for _, source in found}
    return least <= len(pages) == len(found) == len(sources)


def _are_own(found: Sequence[tuple[int, str]]) -> bool:
    """Whether files stand on several pages, none of them on two."""
    pages, urls = {n for n, _ in found}, {url for _, url in found}
    return len(pages) >= FEWEST_FILED and len(urls) == len(set(found))


def list_own_pictures(
    tree: Tree, title: Line, boxes: Sequence[int], common: Counter[tuple[str, str]]
) -> list[Medium]:
    """The pictures near headline and text that are neither in the text nor on other pages."""
    outline = tree.page.outline
    own = [
        image
        for image in tree.pictures
        if (key := place_picture(tree, image))
        and common[key] < COMMON_PICTURE
        and not any(outline.holds(box, image.box) for box in boxes)
    ]
    around = find_around(tree, title, boxes) if boxes else find_company(tree, title, own)
    return [image for image in own if is_near(tree, image, title, around)]


def find_company(tree: Tree, title: Line, pictures: Sequence[Medium]) -> int:
    """The smallest box around a headline that holds one of these pictures."""
    outline = tree.page.outline
    held = (
        box
        for box in outline.climb(title.box)
        if any(outline.holds(box, image.box) for image in pictures)
    )
    return next(held, 0)


def find_around(tree: Tree, title: Line, boxes: Sequence[int]) -> int:
    """The smallest box around headline and text."""
    first = next((box for box in boxes if box >= 0), None)
    return 0 if first is None else tree.page.outline.join(title.box, first)


def is_near(tree: Tree, image: Medium, title: Line, around: int) -> bool:
    """Whether a picture stands around headline and text, or right above, and is no teaser's."""
    if is_teasing(tree, image):
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
    """On how many pages each picture stands at its place, an article's own on the teasers of others
    not counted."""
    seen: Counter[tuple[str, str]] = Counter()
    for tree in trees:
        own = (image for image in tree.pictures if not is_teasing(tree, image))
        seen.update({key for image in own if (key := place_picture(tree, image))})
    return seen


def is_teasing(tree: Tree, image: Medium) -> bool:
    """Whether a picture shares a box with a teaser alone."""
    if not tree.is_teaser(image.at):
        return False
    outline = tree.page.outline
    around = outline.join(image.box, outline.lines[image.at].box)
    return all(map(tree.is_teaser, tree.list_numbers(around)))


def is_gallery_caption(tree: Tree, lines: Sequence[Line]) -> bool:
    """Whether all that a page says are the few words below its pictures: no sentence."""
    if len(lines) != 1 or lines[0].rank or lines[0].kind == "row":
        return False
    text = lines[0].text
    if len(text) >= CAPTION or text[-1] in ".!?…":
        return False
    above = [image for image in tree.pictures if image.at == lines[0].index]
    return len(above) >= GALLERY


def is_advertisement(tree: Tree, image: Medium) -> bool:
    """Whether a picture is the link to another site, and not to its own large version there."""
    if not image.href or image.href[0] == "#" or PICTURE.fullmatch(image.href):
        return False
    return tree.page.parse(image.href) is None


def place_picture(tree: Tree, image: Medium) -> tuple[str, str] | None:
    """Where a picture stands and its address; None for icons."""
    source = find_source(tree.page, image)
    return (tree.chains[image.box], source) if source else None
