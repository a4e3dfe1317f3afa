"""An article: its text as lines, then what the office's conventions say in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice, pairwise

from kpucrawl.extract.credits.authors import AuthorLine, complete_byline
from kpucrawl.extract.credits.captions import find_photographer
from kpucrawl.extract.credits.spans import find_credits
from kpucrawl.extract.dates.dates import MOST_FIGURES, has_many_figures
from kpucrawl.extract.dates.event import choose_event, list_dates
from kpucrawl.extract.html.context import Page, fold
from kpucrawl.extract.html.limits import BOUND
from kpucrawl.extract.html.outline import Anchor, Line, Outline
from kpucrawl.extract.phrases.chrome import (
    is_advertisement,
    is_residue,
)
from kpucrawl.extract.phrases.labels import is_caption, is_related, names_pictured
from kpucrawl.extract.phrases.sections import name_section
from kpucrawl.extract.published.evidence import Clues, collect_evidence
from kpucrawl.extract.published.metadata import list_metadata
from kpucrawl.extract.published.published import judge_evidence
from kpucrawl.extract.records import Article, Attachment, Byline, Link, Problem
from kpucrawl.extract.regions.category import find_category
from kpucrawl.extract.regions.counters import CounterFinder
from kpucrawl.extract.regions.embeds import is_embedded, list_embedded
from kpucrawl.extract.regions.files import is_file
from kpucrawl.extract.regions.media import find_attachments, find_images
from kpucrawl.extract.regions.notes import NoteFinder
from kpucrawl.extract.regions.region import Region, RegionFinder
from kpucrawl.extract.regions.surroundings import is_listed_related
from kpucrawl.extract.regions.teasers import is_link

FILE_LABEL = re.compile(
    r"(?:silakan\s)?(?:unduh|download|lampiran|attachments?|file|dokumen|berkas)\b", re.I
)
FILES_LABEL = re.compile(
    r"(?:(?:download|unduh)\s)?(?:lampiran|attachments?|dokumen|berkas|file)(?:\s(?:lampiran"
    r"|terkait))?\s*:?|unduhan\s*:?",
    re.I,
)
"""Heads the files of an article: `Download Attachments Lampiran :` is the longest ..."""
LONGEST_HEADING = 40
"""... and has fewer characters; most lines that are asked are paragraphs."""
DOWNLOAD = re.compile(
    r"(?:unduh|download|lihat|buka)(?:\s(?:file|berkas|dokumen|lampiran|pdf))?", re.I
)
"""The words of a button behind the name of a file."""
_DOWNLOADED = re.compile(r"\s*\(?di(?:unduh|download)\s[\d.]+\s(?:kali|x)\)?$", re.I)
"""How often a file was fetched, behind its button."""
SIZE = re.compile(r"\b\d[\d.,]*\s?(?:[KM]i?B|[km]b|bytes)")
LONGEST_OFFER = 160
"""Characters of a file's name with its size and button: some names are whole titles."""
MOST_DATES = 1_000
"""Dates of a text that are read: the longest schedules of the corpus have some hundred."""
FEWEST_PARTS = 2
"""Links of a pager inside a text."""
_PARTS = re.compile(
    r"(?:halaman|page|hal\.?)?[\s:]*(?:[\d\s|,«»‹›<>…-]|next|prev\w*|selanjutnya|sebelumnya|berikutnya)+",
    re.I,
)
FEW_LINES = 3
"""Lines of a text of which a sentence beside a picture may be one."""
_BRACKETS = "(["
_LISTS = ("ul", "ol", "dl", "table")
_SENTENCE_END = re.compile(r"[.!?:;”\"')]$")
_TALL, _FEW_WORDS = 80, 5
_LONGEST_RELATED, _MOST_CAPTION = 300, 14


@dataclass(frozen=True, slots=True)
class FetchContext:
    """What is known of the answer besides its bytes."""

    headers: Mapping[str, str]
    fetched_at: datetime | None
    zone: str


def read_article(page: Page, head: Line, title: str | None, context: FetchContext) -> Article:
    """Read the article below one headline."""
    finder = RegionFinder(page, head)
    region = finder.find()
    start = region.lines[0].index if region.lines else region.end
    stop = region.lines[-1].index + 1 if region.lines else region.end
    category = find_category(page, head, range(start, stop))
    body = write_body(page, head, region)
    article = Article(
        title=title,
        body=body,
        category=category,
        section=name_section(category),
        views=CounterFinder(finder, region).find(),
        images=find_images(page, head, region),
        attachments=find_offered(page, head, region, body),
        related=find_related(page, region),
    )
    notes = NoteFinder(finder, region)
    read = read_conventions(article, page, notes.find_printed(), context)
    return add_credits(read, notes.find_author(), list_captions(page, head, region, article))


def add_credits(article: Article, author: AuthorLine | None, captions: Iterable[str]) -> Article:
    """An article with whom its page credits outside the text: an author line, and captions."""
    byline = complete_byline(article.byline, author.byline if author else None)
    if name := find_photographer(captions):
        byline = complete_byline(byline, Byline(name, photographer=name))
    return replace(article, byline=byline) if byline is not article.byline else article


def list_captions(page: Page, head: Line, region: Region, article: Article) -> Iterator[str]:
    """What stands under the pictures of an article."""
    yield from (image.text for image in article.images)
    for line in region.lines:
        if line.kind == "figcaption" or _is_caption(page, head, region, line):
            yield line.text


def find_offered(
    page: Page, head: Line, region: Region, body: str, beside: Iterable[Line] = ()
) -> tuple[Attachment, ...]:
    """The files of an article; of a post without words also the video, or another site's post, that
    it shows."""
    files = find_attachments(page, head, region, beside)
    return files if body else (*files, *list_embedded(page, head.index + 1, region.end))


def write_body(page: Page, head: Line, region: Region) -> str:
    """The text: paragraphs a blank line apart, items and rows on lines of their own."""
    lines = [line for line in region.lines if _is_own(page, head, region, line)]
    parts = [lines[0].text] if lines else []
    for above, line in pairwise(lines):
        parts += [_separate(page.outline, above, line), line.text]
    return "".join(parts)


def find_related(page: Page, region: Region) -> tuple[Link, ...]:
    """The `Baca Juga :` links of the text."""
    found = {
        page.resolve(anchor.href): Link(page.resolve(anchor.href), anchor.text)
        for line in region.lines
        if line.anchors and _is_related(page, line)
        for anchor in line.anchors
    }
    return tuple(link for url, link in found.items() if url)


def _separate(outline: Outline, above: Line, line: Line) -> str:
    """A blank line between paragraphs; a line break typed behind a whole sentence is one too."""
    if line.kind == above.kind and line.kind in ("item", "row"):
        return "\n" if _are_in_one_list(outline, above, line) else "\n\n"
    gap = line.gap
    if line.index > above.index + 1:
        gap = max(passed.gap for passed in outline.lines[above.index + 1 : line.index + 1])
    if gap == 1 and not (len(above.text) >= _TALL and _SENTENCE_END.search(above.text)):
        return "\n"
    return "\n\n"


def _are_in_one_list(outline: Outline, above: Line, line: Line) -> bool:
    """Whether two items are of the same list, or one's list is inside the other's."""
    one, two = _find_list(outline, above), _find_list(outline, line)
    if one is None or two is None:
        return one == two
    return outline.holds(one, two) or outline.holds(two, one)


def _find_list(outline: Outline, line: Line) -> int | None:
    """The list or table that a line is part of."""
    return next((box for box in outline.climb(line.box) if outline.tags[box] in _LISTS), None)


def _is_own(page: Page, head: Line, region: Region, line: Line) -> bool:
    """Whether a line is the office's text rather than a caption, a link to an article or file, or
    the title again."""
    if (
        line.kind == "figcaption"
        or is_embedded(page, line)
        or is_advertisement(line.text)
        or is_residue(line.text)
        or _turns_page(page, line)
        or _is_related(page, line)
        or _offers_file(page, line)
        or _leads_inside(line)
    ):
        return False
    if line is region.lines[0] and fold(line.text) == fold(head.text):
        return False
    return not _is_caption(page, head, region, line)


def _is_related(page: Page, line: Line) -> bool:
    """Whether a line is `Baca Juga : ...`, or a link in the list under that label."""
    if is_related(line.text):
        return len(line.text) < _LONGEST_RELATED or line.linked * 2 > len(line.text)
    return is_listed_related(page.outline.lines, line)


def _leads_inside(line: Line) -> bool:
    """Whether a line is an entry of the text's own table of contents; the heading that opens what
    it hides is none."""
    return (
        line.rank == 0
        and is_link(line)
        and all(len(anchor.href) > 1 and anchor.href[0] == "#" for anchor in line.anchors)
    )


def _turns_page(page: Page, line: Line) -> bool:
    """Whether a line leads to other parts of the same article: `Halaman: 1 2 3 Selanjutnya`."""
    if len(line.anchors) < FEWEST_PARTS or not _PARTS.fullmatch(line.text):
        return False
    key = page.address.key
    return all(
        (target := page.parse(anchor.href)) is not None and target.key == key
        for anchor in line.anchors
    )


def _offers_file(page: Page, line: Line) -> bool:
    """Whether a line is only the link to a file, or the heading of one."""
    files = [anchor for anchor in line.anchors if is_file(page, anchor.href)]
    if not files:
        return heads_files(line.text) and _stands_above_files(page, line)
    offered = sum(len(anchor.text) for anchor in files)
    words = len(line.text.split())
    if line.text[-1] == "." and words > _FEW_WORDS and offered * 4 < len(line.text) * 3:
        return False
    labelled = len(line.text) < _TALL and FILE_LABEL.match(line.text) is not None
    return offered * 5 >= len(line.text) * 3 or labelled or _names_file(line, files)


def _names_file(line: Line, files: Sequence[Anchor]) -> bool:
    """Whether a line tells the size of what it links, or ends with the button that downloads it:
    `Keputusan Nomor 12.pdf (91 KB)`, `Keputusan Nomor 12 Unduh`."""
    if len(line.text) > LONGEST_OFFER or line.text[-1] == ".":
        return False
    button = files[-1].text
    told = _DOWNLOADED.sub("", line.text)
    has_button = told.endswith(button) and DOWNLOAD.fullmatch(button) is not None
    return has_button or SIZE.search(line.text) is not None


def heads_files(text: str) -> bool:
    """Whether a line is `Lampiran`, as above the files of an article."""
    return len(text) <= LONGEST_HEADING and FILES_LABEL.fullmatch(text) is not None


def _stands_above_files(page: Page, line: Line) -> bool:
    below = page.outline.lines[line.index + 1 : line.index + 2]
    return any(is_file(page, anchor.href) for one in below for anchor in one.anchors)


def _is_caption(page: Page, head: Line, region: Region, line: Line) -> bool:
    """Whether a line stands under a picture; a class name, or brackets that name no one, say so
    only beside one."""
    if len(region.lines) > 1 and (
        _is_framed(page, line, has_others=len(region.lines) > FEW_LINES)
        or _stands_below_picture(page, region, line)
    ):
        return True
    bracketed = line.text[0] in _BRACKETS
    if bracketed and line is not region.lines[-1] and _stands_under_picture(page, line):
        return True
    if not line.in_caption and not is_caption(line.text):
        return False
    if is_caption(line.text) and (not bracketed or names_pictured(line.text)):
        return True
    nearest = head.index - 2 if line is region.lines[0] else line.index
    beside = any(nearest <= image.at <= line.index + 1 for image in page.outline.images)
    return beside and len(line.text) <= _LONGEST_RELATED


def _is_framed(page: Page, line: Line, *, has_others: bool) -> bool:
    """Whether a few words share a box of their own with the picture above them; a sentence may be
    the whole text of a post, where there are no others."""
    if line.index not in page.pictured or len(line.text) > _TALL:
        return False
    if line.rank or line.kind != "text":
        return False
    outline = page.outline
    is_sentence = line.text[-1] in ".!?:;"
    if is_sentence and outline.tags[line.box] != "center" and not has_others:
        return False
    frames = (
        outline.join(image.box, line.box) for image in outline.images if image.at == line.index
    )
    return any(
        frame != line.box and outline.ends[frame] - outline.firsts[frame] == 1 for frame in frames
    )


def _stands_below_picture(page: Page, region: Region, line: Line) -> bool:
    """Whether a few plain words that are no sentence follow a picture in the midst of a text."""
    if line.index not in page.pictured or _goes_on(page, line):
        return False
    words = line.text.split()
    plain = not (line.strong or line.rank or line.anchors) and line.kind == "text" and line.gap == 2
    if (
        line in (region.lines[0], region.lines[-1])
        or not plain
        or not 3 <= len(words) <= _MOST_CAPTION
    ):
        return False
    if (
        line.text[-1] in '.!?:;,”"'
        or line.text.isupper()
        or any(map(str.isdigit, line.text))
        or ":" in line.text
    ):
        return False
    return line.text[0].isupper() and not _is_subheading(page, region, line)


def _goes_on(page: Page, line: Line) -> bool:
    """Whether a line is the first of several in one paragraph, as an address is."""
    below = page.outline.lines[line.index + 1 : line.index + 2]
    return any(one.gap == 1 and one.box == line.box for one in below)


def _is_subheading(page: Page, region: Region, line: Line) -> bool:
    """Whether other short lines of the text wear the same class away from all pictures."""
    outline = page.outline
    name = outline.elements[line.box].get("class")
    if not name:
        return False
    return any(
        outline.elements[other.box].get("class") == name
        and other.index not in page.pictured
        and len(other.text.split()) <= _MOST_CAPTION
        and other.text[-1] not in '.!?:;,”"'
        for other in region.lines
    )


def _stands_under_picture(page: Page, line: Line) -> bool:
    """Whether a line of a few words in brackets is right below a picture: `(Suasana simulasi)`."""
    closed = (
        line.text.rstrip(" .")[-1] in ")]"
        and len(line.text.split()) > 1
        and len(line.text) <= _LONGEST_RELATED
    )
    return closed and line.index in page.pictured


def read_conventions(
    article: Article, page: Page, printed: str | None, context: FetchContext
) -> Article:
    """Add what the office's own conventions say in the text, and when it was published."""
    lines = tuple(filter(None, article.body.split("\n")))  # as `gather_lines` gives them
    credits = find_credits(lines)
    dates = tuple(islice(list_dates(lines, credits.dateline), MOST_DATES))
    event = choose_event(dates)
    clues = Clues(
        metadata=list_metadata(page),
        printed=printed,
        dateline=credits.dateline,
        event=event,
        dates=dates,
        images=article.images,
        attachments=article.attachments,
        url=page.url,
        last_modified=context.headers.get("last-modified"),
        fetched_at=context.fetched_at,
        zone=context.zone,
    )
    evidence = collect_evidence(clues)
    judgement = judge_evidence(evidence)
    return replace(
        article,
        byline=credits.byline,
        dateline=credits.dateline,
        credits=credits.spans,
        event=event,
        evidence=evidence,
        published=judgement.published,
        published_flags=judgement.flags,
        doubts=(*judgement.problems, *_name_bounds(lines, len(dates))),
    )


def _name_bounds(lines: Sequence[str], dates: int) -> Iterator[Problem]:
    """What of the text was not searched for dates, since there is too much of it."""
    if dates >= MOST_DATES:
        yield Problem(BOUND, f"{MOST_DATES:,} dates", "The text has more; they were not read.")
    if any(map(has_many_figures, lines)):
        why = "A line has more; dates behind them were not looked for."
        yield Problem(BOUND, f"{MOST_FIGURES:,} figures of a line", why)
