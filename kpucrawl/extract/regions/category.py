"""What the office calls the kind of an article: its category as printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise, takewhile

from kpucrawl.extract.html.context import Page, fold, is_site_name, strip_badge
from kpucrawl.extract.html.outline import Anchor, Line, Outline
from kpucrawl.extract.phrases.chrome import (
    ends_article,
    find_printed_date,
    is_counter,
    is_meta,
    is_note,
    is_share,
)
from kpucrawl.extract.published.metadata import read_section
from kpucrawl.extract.regions.chips import find_chip
from kpucrawl.extract.regions.crumbs import (
    HOMES,
    LONGEST_NAME,
    begins_trail,
    is_title,
    read_crumbs,
    read_list,
    read_trail,
)
from kpucrawl.extract.regions.headline import is_prose
from kpucrawl.extract.regions.teasers import is_link

LABELS = (
    r"kategori|category|categories|rubrik|kanal|labels?|(?:posted|filed|published)\s(?:in|under)"
    r"|(?:diterbitkan|dipublikasikan|ditulis"
    r"|diposting|diposkan|dimuat|dikategorikan)\s(?:di|dalam|sebagai)|categori[sz]ed\s(?:as|in)"
)
_LABEL = re.compile(rf"\W*(?:{LABELS})\s*:?\s*", re.I)
_LONE_LABEL = re.compile(r"(?:kategori|category|rubrik|kanal)\s*:?", re.I)
_LABELLED = re.compile(rf"\b(?:{LABELS})\s*:?\s*(?P<name>[^|•·»\[(]{{3,60}})", re.I)
_KNOWN = re.compile(
    r"(?:kabar\s)?berita(?:\s\w+){0,3}|artikel|opini|sosialisasi|umum|pengumuman"
    r"|kpu\sdalam\sberita|kegiatan(?:\s\w+)?|siaran\spers"
    r"|press\srelease|rilis|informasi|publikasi|kolom|liputan(?:\s\w+)?|pilkada(?:\s\d+)?"
    r"|pemilu(?:\s\d+)?|sdm|hukum|teknis|data",
    re.I,
)
_NAMED_LISTING = re.compile(
    r"(?:^|[/?&=])(?:kategori|categor(?:y|ies)|rubrik|kanal|topik|topics?|tag|sections?)\b", re.I
)
_ABOVE, _BELOW = 6, 12
_LONGEST_LABEL = 80
_LONGEST_NOTE = 160
_NOTES = re.compile(r"\s*[|·•]\s*")
"""Between notes in one line: `Dibaca 12 kali | Kategori: Hukum`."""
_CHIPS = 3
"""Lines above and below a headline that may be a chip."""
_VALUES = ("dd", "td", "data")
"""Boxes beside the label of a table's or list's row."""
_FEW = 4
"""Lines of a band with the title; a column of other articles has more."""


def find_category(page: Page, headline: Line, text: range) -> str | None:
    """The category: labelled beside the article, linked by a note, the last crumb, above the
    headline, linked below it, or what the page tells programs."""
    lines = page.outline.lines
    menu = {fold(category.title) for category in page.categories}
    near = lines[headline.index + 1 : text.start]
    behind = tuple(_walk_behind(page, headline, text))
    linked, known, weak = _read_above(page, headline, menu)
    return (
        _read_labelled(near)
        or _read_labelled(behind)
        or _read_fact(page)
        or _read_noted(page, near)
        or linked
        or _read_chip(page, headline, text, behind)
        or read_trail(page, headline)
        or read_section(page)
        or known
        or _read_linked(page, near, menu)
        or weak
    )


def _read_chip(page: Page, headline: Line, text: range, behind: Iterable[Line]) -> str | None:
    """The name on a chip in the company of the headline, else behind the text."""
    outline = page.outline
    lines = outline.lines[max(headline.index - _CHIPS, 0) : text.start][: 2 * _CHIPS + 1]
    near = (
        line for line in lines if line is not headline and outline.is_beside(line.box, headline.box)
    )
    return find_chip(page, near, takewhile(lambda line: not ends_article(line.text), behind))


def _read_fact(page: Page) -> str | None:
    """What a label on a line of its own has below it, on the whole page; a list of all categories
    has several."""
    pairs = [
        name
        for label, name in pairwise(page.outline.lines)
        if not label.anchors and _LONE_LABEL.fullmatch(label.text) and _is_value(page, name)
    ]
    names = {fold(name.text): name.text for name in pairs}
    return next(iter(names.values())) if len(names) == 1 else None


def _is_value(page: Page, line: Line) -> bool:
    """Whether a line is the one value of a label, and not the first of a list."""
    outline = page.outline
    if len(line.text) > LONGEST_NAME or strip_badge(line.text) != line.text:
        return False
    is_linked = len(line.anchors) == 1 and is_link(line)
    if not is_linked and outline.tags[line.box] not in _VALUES:
        return False
    below = outline.lines[line.index + 1 : line.index + 2]
    return not any(is_link(one) and _are_alike(outline, one, line) for one in below)


def _are_alike(outline: Outline, one: Line, other: Line) -> bool:
    """Whether two lines stand in boxes of one kind: items of a menu have numbers behind."""
    boxes = [
        (outline.tags[line.box], (outline.names[line.box][0] or "").split()[:1])
        for line in (one, other)
    ]
    return boxes[0] == boxes[1]


def _walk_behind(page: Page, headline: Line, text: range) -> Iterator[Line]:
    """The lines behind the text that belong to the article still."""
    outline = page.outline
    for line in outline.lines[text.stop :]:
        if line.index > text.stop + _BELOW and not _stand_together(page, headline, line):
            return
        yield line


def _stand_together(page: Page, headline: Line, line: Line) -> bool:
    outline = page.outline
    return outline.tags[outline.join(headline.box, line.box)] == "article"


def _read_above(
    page: Page, headline: Line, menu: set[str]
) -> tuple[str | None, str | None, str | None]:
    """The category above the headline: labelled, linked or the last crumb; what is known as one;
    and just the line that stands where one would."""
    title = fold(headline.text)
    known = weak = None
    for line in climb_lines(page, headline):
        if crumbs := read_crumbs(page, line, title) or read_list(page, line, headline):
            return crumbs, known, weak
        if is_title(line.text, title) or HOMES.fullmatch(line.text):
            continue
        if _is_skipped(line):
            if len(line.anchors) == 1 and _leads_to_listing(page, line.anchors[0].href):
                return line.anchors[0].text, known, weak
            continue
        if not _may_name_category(page, line) or _is_menu(page, line, headline):
            break
        if found := _LABELLED.fullmatch(line.text.partition("[")[0].strip()):
            return found["name"].strip(), known, weak
        if _leads_as_one(page, line):
            return line.text, known, weak
        if known is None and (fold(line.text) in menu or _KNOWN.fullmatch(line.text)):
            known = line.text
        if weak is None and _may_stand_for_one(page, line, headline):
            weak = line.text
    return None, known, weak


def climb_lines(page: Page, headline: Line) -> Iterator[Line]:
    """The lines above the headline, nearest first, columns and furniture of their own left out."""
    outline, index, seen = page.outline, headline.index - 1, 0
    while index >= 0 and seen < _ABOVE:
        line = outline.lines[index]
        branch = outline.branch(line.box, headline.box)
        if _is_column(page, branch, headline):
            index = outline.firsts[branch] - 1
            continue
        index -= 1
        seen += 1
        if line.zone < 0 or outline.holds(line.zone, headline.box) or _is_crumb_zone(page, line):
            yield line


def _may_stand_for_one(page: Page, line: Line, headline: Line) -> bool:
    near = headline.index - line.index <= 2 and page.outline.is_beside(line.box, headline.box)
    return near and not line.linked and not (ends_article(line.text) or begins_trail(line))


def _is_column(page: Page, box: int, headline: Line) -> bool:
    """Whether a box beside the headline shows other articles."""
    lines = page.outline.lines[page.outline.firsts[box] : page.outline.ends[box]]
    if len(lines) <= _FEW or page.outline.holds(box, headline.box):
        return False
    return any(page.names_article(anchor.href) for line in lines for anchor in line.anchors)


def _is_crumb_zone(page: Page, line: Line) -> bool:
    """A trail of crumbs is often a `<nav>` of a few lines; one of links only, in the site's header,
    is the menu."""
    outline = page.outline
    lines = outline.lines[outline.firsts[line.zone] : outline.ends[line.zone]]
    if outline.tags[line.zone] != "nav" or len(lines) > _FEW:
        return False
    return "header" not in map(outline.tags.__getitem__, outline.climb(line.zone)) or not all(
        line.anchors for line in lines
    )


def _is_skipped(line: Line) -> bool:
    return (
        is_share(line.text)
        or is_counter(line)
        or not any(map(str.isalpha, line.text))
        or (find_printed_date(line.text) is not None and is_meta(line.text))
    )


def _may_name_category(page: Page, line: Line) -> bool:
    return (
        len(line.text) <= LONGEST_NAME
        and len(line.text.split()) <= 7
        and not is_site_name(line.text)
        and not is_prose(line)
    )


def _is_menu(page: Page, line: Line, headline: Line) -> bool:
    """Whether a line is one of a menu's: among four or more, nearly all of them links."""
    outline = page.outline
    for box in outline.climb(line.box):
        around = outline.lines[outline.firsts[box] : outline.ends[box]]
        if outline.holds(box, headline.box):
            return False
        if len(around) > 1:
            linked = sum(bool(other.anchors) for other in around)
            return len(around) > 3 and linked * 5 >= len(around) * 4
    return False


def _leads_as_one(page: Page, line: Line) -> bool:
    """Whether a line is a link to a listing, or to a page that is called as the link is, and none
    of a small menu."""
    if len(line.anchors) != 1 or _is_one_of(page, line):
        return False
    anchor = line.anchors[0]
    return _leads_to_listing(page, anchor.href) or (is_link(line) and _is_named_so(page, anchor))


def _is_one_of(page: Page, line: Line) -> bool:
    """Whether a link stands with others alone, and is not the crumb behind the home page."""
    outline = page.outline
    for box in outline.climb(line.box):
        lines = outline.lines[outline.firsts[box] : outline.ends[box]]
        if len(lines) > 1:
            is_crumb = len(lines) == 2 and HOMES.fullmatch(lines[0].text) is not None
            return all(map(is_link, lines)) and not is_crumb
    return False


def _is_named_so(page: Page, anchor: Anchor) -> bool:
    """Whether the last part of an address is what its link says: `/kabar-kami`, `Kabar Kami`."""
    path = page.resolve(anchor.href).partition("?")[0].rstrip("/")
    return page.parse(anchor.href) is not None and fold(path.rpartition("/")[2]) == fold(
        anchor.text
    )


def _leads_to_listing(page: Page, href: str) -> bool:
    """Whether a link leads to a listing, also of an engine with addresses of its own:
    `kategori-29.html`."""
    address = page.parse(href)
    return address is not None and (
        address.kind == "listing" or _NAMED_LISTING.search(href) is not None
    )


def _read_labelled(lines: Iterable[Line]) -> str | None:
    """`Kategori: Berita Terkini`, also among other notes: `Oleh admin · Kategori <a>Berita</a>`."""
    for line in lines:
        pieces = [piece for piece in line.raw if not piece.isspace()]
        for label, name in pairwise(pieces):
            if _LABEL.fullmatch(label) and any(
                name.strip() == anchor.text for anchor in line.anchors
            ):
                return name.strip()
        if len(line.text) < _LONGEST_NOTE:
            notes = (_LABELLED.match(piece) for piece in _NOTES.split(line.text))
            if found := next(filter(None, notes), None):
                return found["name"].strip()
    return None


def _read_noted(page: Page, lines: Iterable[Line]) -> str | None:
    """The link to a listing in a note between the headline and the text."""
    notes = (line for line in lines if len(line.text) < _LONGEST_LABEL and is_note(line))
    for line in notes:
        names = [one.text for one in line.anchors if _leads_to_listing(page, one.href)]
        if len(names) == 1:
            return names[0]
    return None


def _read_linked(page: Page, lines: Iterable[Line], menu: set[str]) -> str | None:
    """A link to a listing between the headline and the text, or what the menu calls one."""
    for line in lines:
        for anchor in line.anchors:
            if _leads_to_listing(page, anchor.href):
                return anchor.text
        if fold(line.text) in menu:
            return line.text
    return None
