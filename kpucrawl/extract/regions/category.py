"""What the office calls the kind of an article: its category as printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from kpucrawl.extract.html.context import Page, fold, is_site_name
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.phrases.chrome import (
    find_printed_date,
    is_counter,
    is_meta,
    is_note,
    is_share,
)
from kpucrawl.extract.regions.headline import is_cut, is_prose

LABELS = (
    r"kategori|category|categories|rubrik|kanal|labels?|(?:posted|filed|published)\s(?:in|under)"
    r"|(?:diterbitkan|dipublikasikan|ditulis"
    r"|diposting|diposkan|dimuat|dikategorikan)\s(?:di|dalam|sebagai)|categori[sz]ed\s(?:as|in)"
)
_CRUMBS = re.compile(r"\s*(?:[/»›>→|\\]|::)\s*")
_HOMES = re.compile(
    r"home|beranda|anda\sdi\ssini|breadcrumbs?|you\sare\shere|depan|utama|halaman\s(?:utama|depan)|⌂|(?:detail|baca|isi)(?:\s(?:berita"
    r"|artikel|konten))?|read|blog",
    re.I,
)
_LABEL = re.compile(rf"\W*(?:{LABELS})\s*:?\s*", re.I)
_LONE_LABEL = re.compile(r"(?:kategori|category|rubrik|kanal)\s*:?", re.I)
_PUBLISHED_IN = re.compile(
    r"(?:published\s(?:in|under)|posted\sin|filed\sunder|(?:diterbitkan|dipublikasikan)\s(?:di"
    r"|dalam))\s*:?\s*"
    r"(?P<name>[\w .&-]{3,60})",
    re.I,
)
_LABELLED = re.compile(rf"\b(?:{LABELS})\s*:?\s*(?P<name>[^|•·»\[(]{{3,60}})", re.I)
_KNOWN = re.compile(
    r"(?:kabar\s)?berita(?:\s\w+){0,3}|artikel|opini|sosialisasi|umum|pengumuman"
    r"|kpu\sdalam\sberita|kegiatan(?:\s\w+)?|siaran\spers"
    r"|press\srelease|rilis|informasi|publikasi|kolom|liputan(?:\s\w+)?|pilkada(?:\s\d+)?"
    r"|pemilu(?:\s\d+)?|sdm|hukum|teknis|data",
    re.I,
)
_NAMED_LISTING = re.compile(
    r"(?:^|[/?&=])(?:kategori|category|rubrik|kanal|topik|topics?|tag|section)\b", re.I
)
_ABOVE, _BELOW = 6, 12
_LONGEST_LABEL = 80
_FEW = 4
"""Lines of a band with the title; a column of other articles has more."""


def find_category(page: Page, headline: Line, text: range) -> str | None:
    """The category: labelled beside the headline, above it, linked below it, or labelled behind the
    `text`."""
    lines = page.outline.lines
    menu = {fold(category.title) for category in page.categories}
    near = lines[headline.index + 1 : text.start]
    sure, weak = _read_above(page, headline, menu)
    return (
        _read_labelled(near)
        or _read_published_in(page, headline, text)
        or _read_noted(page, near)
        or sure
        or _read_linked(page, near, menu)
        or _read_labelled(_walk_behind(page, headline, text))
        or weak
        or _read_alone(page)
    )


def _read_published_in(page: Page, headline: Line, text: range) -> str | None:
    """Joomla's own words right behind the text: `Published in Sosialisasi`."""
    lines = islice(_walk_behind(page, headline, text), _ABOVE)
    found = (
        _PUBLISHED_IN.fullmatch(line.text) for line in lines if len(line.text) < _LONGEST_LABEL
    )
    return next((one["name"].strip() for one in found if one), None)


def _read_alone(page: Page) -> str | None:
    """A table's field: the label on a line of its own, and below it one link to a listing, on the
    whole page."""
    pairs = [
        (label, name)
        for label, name in pairwise(page.outline.lines)
        if _LONE_LABEL.fullmatch(label.text)
    ]
    names = [name.text for _, name in pairs if len(name.anchors) == 1 and _is_one(page, name)]
    return names[0] if len(names) == len(pairs) == 1 else None


def _is_one(page: Page, line: Line) -> bool:
    """Whether a link to a listing is not the first of a list of them."""
    below = page.outline.lines[line.index + 1 : line.index + 2]
    listed = any(
        _leads_to_listing(page, anchor.href) for other in below for anchor in other.anchors
    )
    return _leads_to_listing(page, line.anchors[0].href) and not listed


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


def _read_above(page: Page, headline: Line, menu: set[str]) -> tuple[str | None, str | None]:
    """The category above the headline: surely one, or just the line that stands where one would."""
    title, weak = fold(headline.text), None
    for line in climb_lines(page, headline):
        if crumbs := _read_crumbs(line.text, title):
            return crumbs, None
        if _is_title(line.text, title) or _HOMES.fullmatch(line.text):
            continue
        if _is_skipped(line):
            if len(line.anchors) == 1 and _leads_to_listing(page, line.anchors[0].href):
                return line.anchors[0].text, None
            continue
        if not _may_name_category(page, line) or _is_menu(page, line, headline):
            break
        if found := _LABELLED.fullmatch(line.text.partition("[")[0].strip()):
            return found["name"].strip(), None
        if _is_known(page, line, menu):
            return line.text, None
        if weak is None and _may_stand_for_one(page, line, headline):
            weak = line.text
    return None, weak


def _is_title(text: str, title: str) -> bool:
    """Whether a line is the headline, also cut short as the last crumb: `Keputusan Nomor 12...`."""
    return fold(text) == title or is_cut(text, fold(text), title)


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
    return near and not line.linked


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
        len(line.text) <= 60
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


def _is_known(page: Page, line: Line, menu: set[str]) -> bool:
    if fold(line.text) in menu or _KNOWN.fullmatch(line.text):
        return True
    return len(line.anchors) == 1 and _leads_to_listing(page, line.anchors[0].href)


def _leads_to_listing(page: Page, href: str) -> bool:
    """Whether a link leads to a listing, also of an engine with addresses of its own:
    `kategori-29.html`."""
    address = page.parse(href)
    return address is not None and (
        address.kind == "listing" or _NAMED_LISTING.search(href) is not None
    )


def _read_crumbs(text: str, title: str) -> str | None:
    """The last crumb before the article's own: `Beranda » Berita Terkini » Rapat Pleno`."""
    parts = [part for part in _CRUMBS.split(text) if part]
    if len(parts) < 2 or not (_HOMES.fullmatch(parts[0]) or fold(parts[-1]) == title):
        return None
    if "|" in text and len(parts) > 3 and fold(parts[-1]) != title:  # a menu
        return None
    names = [
        part
        for part in parts
        if not _HOMES.fullmatch(part)
        and fold(part) != title
        and not is_cut(part, fold(part), title)
    ]
    return names[-1] if names and len(names[-1]) <= 60 else None


def _read_labelled(lines: Iterable[Line]) -> str | None:
    """`Kategori: Berita Terkini`, also among other notes: `Oleh admin · Kategori <a>Berita</a>`."""
    for line in lines:
        pieces = [piece for piece in line.raw if not piece.isspace()]
        for label, name in pairwise(pieces):
            if _LABEL.fullmatch(label) and any(
                name.strip() == anchor.text for anchor in line.anchors
            ):
                return name.strip()
        if len(line.text) < _LONGEST_LABEL and (found := _LABELLED.match(line.text)):
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
            address = page.parse(anchor.href)
            if address and address.kind == "listing":
                return anchor.text
        if fold(line.text) in menu:
            return line.text
    return None
