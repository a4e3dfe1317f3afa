"""The pictures and files of an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kpucrawl.extract.characters import collapse_space
from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.outline import Line, Medium
from kpucrawl.extract.html.tags import PAGE_WIDE
from kpucrawl.extract.records import Attachment, Image, Link
from kpucrawl.extract.regions.files import list_files, read_file
from kpucrawl.extract.regions.pictures import find_content, list_backgrounds
from kpucrawl.extract.regions.region import Region
from kpucrawl.extract.urls import read_upload_time

_BETWEEN = 2
"""Lines between a picture and the headline below it, captions aside: the buttons of a carousel."""
_CAROUSEL = 12
"""Lines of a carousel above a headline, captions included: ten pictures and two buttons."""
_HERO = 8
"""Lines of a box with a headline above its picture: crumbs, a chip, notes, and no text."""
_NOTES = 3
"""Lines of a card that stand before its headline."""


def find_images(page: Page, head: Line, region: Region) -> tuple[Image, ...]:
    """The article's own pictures in order; no logos, icons, or thumbnails of other articles."""
    found: dict[str, Image] = {}
    for medium in _list_pictures(page, head):
        if _is_near(page, head, region, medium) and (url := find_content(page, medium)):
            text = describe_picture(page, medium)
            if url not in found or not found[url].text:
                found[url] = Image(url, text, read_upload_time(url))
    return tuple(found.values())


def _list_pictures(page: Page, head: Line) -> list[Medium]:
    """The pictures of a page in their order, with those behind no words or those around the
    headline."""
    outline = page.outline
    behind = (
        medium
        for medium in list_backgrounds(page)
        if outline.tags[medium.box] not in PAGE_WIDE
        and outline.ends[medium.box] - outline.firsts[medium.box]
        <= _HERO * outline.holds(medium.box, head.box)
    )
    return sorted((*outline.images, *behind), key=lambda medium: medium.at)


def describe_picture(page: Page, medium: Medium) -> str:
    """The words of a picture: its caption, else its alternative text."""
    return _find_caption(page, medium) or collapse_space(medium.element.get("alt") or "")


def find_attachments(
    page: Page, head: Line, region: Region, beside: Iterable[Line] = ()
) -> tuple[Attachment, ...]:
    """The files an article offers, linked or shown in a viewer; `beside` are lines elsewhere that
    are known to link some."""
    found: dict[str, Attachment] = {}
    linked = (link for line in beside for link in list_files(page, line))
    for link in (*_list_files(page, head, region), *_list_viewed(page, head, region), *linked):
        if link.url not in found or not found[link.url].text:
            found[link.url] = Attachment(link.url, link.text, link.uploaded)
    return tuple(found.values())


def _list_files(page: Page, head: Line, region: Region) -> Iterator[Link]:
    for line in _walk_lines(page, head, region):
        yield from list_files(page, line)


def _walk_lines(page: Page, head: Line, region: Region) -> Iterable[Line]:
    """The lines that may carry the article's files: its text, what shares its box, and the notes
    between headline and text."""
    outline = page.outline
    start = min(region.start, head.index + 1)
    wide = outline.tags[region.box] in PAGE_WIDE
    end = region.end if wide else outline.ends[region.box]
    for line in outline.lines[start:end]:
        if (
            line.zone < 0
            or outline.holds(line.zone, head.box)
            or (not wide and outline.holds(region.box, line.zone))
        ):
            yield line


def _list_viewed(page: Page, head: Line, region: Region) -> Iterator[Link]:
    for medium in page.outline.embeds:
        if _is_near(page, head, region, medium):
            element = medium.element
            source = element.get("src") or element.get("data") or element.get("data-src") or ""
            if url := read_file(page.resolve(source)):
                yield Link(url, collapse_space(element.get("title") or ""), read_upload_time(url))


def _is_near(page: Page, head: Line, region: Region, medium: Medium) -> bool:
    """Whether a picture or viewer stands in the article: below the headline, or right above it."""
    outline = page.outline
    if medium.zone >= 0 and not outline.holds(medium.zone, head.box):
        return False
    if any(outline.holds(box, medium.box) for box in region.left_out):
        return False
    if medium.at < region.start:
        return medium.at <= head.index and _is_lead(page, head, region, medium)
    inside = (
        region.inner < 0
        or medium.box < outline.stops[region.inner]
        or _is_gallery(page, region, medium)
    )
    return inside and medium.at <= region.end and outline.holds(region.box, medium.box)


def _is_gallery(page: Page, region: Region, medium: Medium) -> bool:
    """Whether a picture behind the text shares its box of nothing but pictures with no words: no
    other's teaser."""
    branch = page.outline.branch(medium.box, region.inner)
    return page.outline.firsts[branch] == page.outline.ends[branch]


def _is_lead(page: Page, head: Line, region: Region, medium: Medium) -> bool:
    """Whether a picture stands right above the headline, inside the article or wordless at the top
    of its card."""
    outline, card = page.outline, page.outline.parents[region.box]
    if outline.tags[region.box] in PAGE_WIDE or head.index - medium.at > _CAROUSEL:
        return False
    between = outline.lines[medium.at : head.index]
    if sum(not line.in_caption for line in between) > _BETWEEN:
        return False
    around = outline.join(medium.box, head.box)
    if outline.tags[around] not in PAGE_WIDE and head.index - outline.firsts[around] <= _NOTES:
        return True
    if outline.holds(region.box, medium.box):
        return True
    wordless = medium.box == card or outline.firsts[medium.box] == outline.ends[medium.box]
    return outline.holds(card, medium.box) and outline.tags[card] not in PAGE_WIDE and wordless


def _find_caption(page: Page, medium: Medium) -> str:
    """The `<figcaption>` of a picture."""
    figure = next(medium.element.iterancestors("figure"), None)
    caption = figure.find(".//figcaption") if figure is not None else None
    return collapse_space("".join(caption.itertext())) if caption is not None else ""
