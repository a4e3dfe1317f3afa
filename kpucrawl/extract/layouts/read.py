"""Reading a page by its office's layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kpucrawl.extract.characters import collapse_space
from kpucrawl.extract.html.context import Page, fold
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.edges import cut_edges, is_prose, list_kept
from kpucrawl.extract.layouts.fields import list_pieces, read_numbers, read_pieces
from kpucrawl.extract.layouts.kinds import list_below, list_region_lines
from kpucrawl.extract.layouts.media import find_around, is_advertisement, is_near, is_teasing
from kpucrawl.extract.layouts.model import ALL, Group, Layout, Slot
from kpucrawl.extract.layouts.titles import find_headline, strip_badge
from kpucrawl.extract.layouts.tree import Tree
from kpucrawl.extract.phrases.chrome import (
    find_printed_date,
    is_counter,
    is_more,
    is_network,
    is_share,
    read_counter,
)
from kpucrawl.extract.phrases.labels import is_related
from kpucrawl.extract.phrases.sections import name_section
from kpucrawl.extract.records import Article, Image
from kpucrawl.extract.regions.article import (
    FILES_LABEL,
    FetchContext,
    find_printed,
    find_related,
    read_conventions,
    write_body,
)
from kpucrawl.extract.regions.category import find_category
from kpucrawl.extract.regions.counters import CounterFinder
from kpucrawl.extract.regions.media import find_attachments, find_images, is_file
from kpucrawl.extract.regions.pictures import find_source, is_content
from kpucrawl.extract.regions.region import Region, RegionFinder
from kpucrawl.extract.urls import read_upload_time

ECHO = 40
"""Letters of a sentence that does not stand in a text twice by chance."""


class Fit:
    """A page at which a group of the layout fits."""

    def __init__(self, group: Group, tree: Tree, head: Line) -> None:
        self.group, self.tree, self.head = group, tree, head
        self.page = tree.page

    def read_article(self, context: FetchContext) -> Article:
        """Read the article: places are known, conventions are not."""
        page, head, region = self.page, self.head, self.find_region()
        finder = RegionFinder(page, head)
        guessed = finder.find()
        start = guessed.lines[0].index if guessed.lines else guessed.end
        stop = guessed.lines[-1].index + 1 if guessed.lines else guessed.end
        category = self.read_category() or find_category(page, head, range(start, stop))
        views = self.read_views()
        article = Article(
            title=strip_badge(head, self.group.badges),
            body=write_body(page, head, region),
            category=category,
            section=name_section(category),
            views=CounterFinder(finder, guessed).find() if views is None else views,
            images=self.find_images(find_images(page, head, region)),
            attachments=find_attachments(page, head, region),
            related=find_related(page, region),
        )
        printed = self.read_printed() or find_printed(page, head, start)
        return read_conventions(article, page, printed, context)

    def find_region(self) -> Region:
        """The article's text, furniture left out."""
        outline = self.page.outline
        lines = [line for line in self.list_text() if not self._is_furniture(line)]
        lines = self._trim(leave_out_echoes(lines))
        main = self.tree.find_box(self._find_main()) if self.group.body else None
        box = outline.join(self.head.box, main) if main is not None and main >= 0 else 0
        end = outline.ends[main] if main is not None and main >= 0 else len(outline.lines)
        start = min((line.index for line in lines), default=self.head.index + 1)
        return Region(tuple(lines), end, box, main if main is not None else -1, start)

    def list_text(self) -> Iterator[Line]:
        """The lines of the regions between what bounds texts, without kinds that are none."""
        listed = list_below(list_region_lines(self.tree, self.group.body), self.head)
        between = cut_edges(listed, self.group.opens, self.group.stops)
        notes = [self.tree.find_line(slot) for slot in self.group.fields.values()]
        for _, line in list_kept(between, self.group.dropped):
            if line not in notes:
                yield line

    def read_category(self) -> str | None:
        """The category, by its slot: the piece of its line that is a title of the office's; the
        title itself where letters stand apart, as in `B E R I T A`."""
        slot = self.group.fields.get("category")
        line = self.tree.find_line(slot) if slot else None
        if line is None:
            return None
        own = (*(one.title for one in self.page.categories), *self.group.categories)
        known = {fold(title): title for title in own}
        found = next((piece for piece in list_pieces(line) if fold(piece) in known), None)
        if found is None or not fold(found):
            return None
        title = known[fold(found)]
        return found if found.casefold() == title.casefold() else title

    def read_views(self) -> int | None:
        """The counter, by its slot."""
        slot = self.group.fields.get("views")
        line = self.tree.find_line(slot) if slot else None
        if line is None:
            return None
        views = read_counter(line)
        numbers = read_numbers(line.text)
        return views if views is not None else (numbers[0] if len(numbers) == 1 else None)

    def read_printed(self) -> str | None:
        """The day that the page prints, by its slot."""
        slot = self.group.fields.get("printed")
        if slot and slot.line == ALL:
            box = self.tree.find_box(slot)
            return None if box is None else read_pieces(self.tree, box)
        line = self.tree.find_line(slot) if slot else None
        return find_printed_date(line.text) if line else None

    def find_images(self, found: tuple[Image, ...]) -> tuple[Image, ...]:
        """Pictures in the text and in hero boxes, without those that many pages show."""
        outline = self.page.outline
        boxes = [
            box for slot in self.group.body if (box := self.tree.find_text_box(slot)) is not None
        ]
        around = find_around(self.tree, self.head, boxes)
        images: dict[str, Image] = {}
        texts = {image.url: image for image in found}
        for medium in self.tree.pictures:
            inside = any(box < 0 or outline.holds(box, medium.box) for box in boxes)
            hero = self.tree.chains[medium.box] in self.group.heroes
            near = not boxes or is_near(self.tree, medium, self.head, around)
            if not inside and not (hero and near):
                continue
            url = find_source(self.page, medium)
            if (
                not url
                or f"{self.tree.chains[medium.box]}\t{url}" in self.group.pictures
                or is_teasing(self.tree, medium)
                or is_advertisement(self.tree, medium)
            ):
                continue
            if is_content(self.page, medium):
                text = collapse_space(medium.element.get("alt") or "")
                images.setdefault(url, texts.get(url) or Image(url, text, read_upload_time(url)))
        return tuple(images.values())

    def _find_main(self) -> Slot:
        """The region of the text itself, without leads."""
        return max(self.group.body, key=lambda slot: slot.share)

    def _is_furniture(self, line: Line) -> bool:
        if line.index in self.tree.teasers and not is_related(line.text):
            return True
        text = line.text
        if is_share(text) or is_counter(line) or self._lists_others(line):
            return True
        if self._is_of_files(line) or self._heads_files(line):
            return True
        lines = self.tree.lines
        return is_network(text) and any(
            is_network(lines[n].text) or is_share(lines[n].text)
            for n in (line.index - 1, line.index + 1)
            if 0 <= n < len(lines)
        )

    def _lists_others(self, line: Line) -> bool:
        """Whether a line is made of links to several other articles."""
        if 2 * line.linked < len(line.text):
            return False
        hrefs = {anchor.href for anchor in line.anchors if self.page.names_article(anchor.href)}
        return len(hrefs) > 1

    def _is_of_files(self, line: Line) -> bool:
        """Whether a row's table lists files: all rows but its head offer one."""
        if line.kind != "row":
            return False
        outline = self.page.outline
        table = next((box for box in outline.climb(line.box) if outline.tags[box] == "table"), -1)
        rows = [self.tree.lines[n] for n in self.tree.list_numbers(table)] if table >= 0 else []
        offering = [any(is_file(self.page, one.href) for one in row.anchors) for row in rows]
        return len(rows) > 1 and all(offering[1:])

    def _heads_files(self, line: Line) -> bool:
        """Whether a line is `Lampiran` above a table of files."""
        below = self.tree.lines[line.index + 1 : line.index + 2]
        return bool(FILES_LABEL.fullmatch(line.text)) and any(map(self._is_of_files, below))

    def _trim(self, lines: list[Line]) -> list[Line]:
        while lines and self._is_end(lines[-1]):
            lines.pop()
        first = 0
        while first < len(lines) and self._is_end(lines[first]):
            first += 1
        return lines[first:]

    def _is_end(self, line: Line) -> bool:
        return is_more(line.text) and bool(line.anchors)


def leave_out_echoes(lines: Sequence[Line]) -> list[Line]:
    """The lines of a text without pull quotes: whole sentences that another line says as well."""
    folded = [(line, fold(line.text)) for line in lines]
    long = [text for _, text in folded if len(text) > ECHO]
    return [
        line
        for line, text in folded
        if len(text) < ECHO or not any(text in other and text != other for other in long)
    ]


def fit_layout(layout: Layout, page: Page) -> Fit | None:
    """The group that a page fits: its title and its text are where they should be."""
    best: tuple[int, Fit] | None = None
    for group in layout.groups:
        tree = Tree(page, frozenset(group.names))
        head = find_headline(tree, group.title) if group.title else None
        if head is None or not holds_text(group, tree, head):
            continue
        marks = {tuple(mark.split("\t", 1)) for mark in group.marks}
        shown = len(marks & {tree.place_key(line) for line in tree.lines})
        if shown * 10 < 7 * len(marks):
            continue
        if best is None or shown > best[0]:
            best = shown, Fit(group, tree, head)
    return best[1] if best else None


def holds_text(group: Group, tree: Tree, head: Line) -> bool:
    """Whether a page's text is where the group has it: somewhere, or nowhere."""
    if group.body:
        return any(tree.find_text_box(slot) is not None for slot in group.body)
    marks = {tuple(mark.split("\t", 1)) for mark in group.marks}
    below = (line for line in tree.lines[head.index + 1 :] if line.zone < 0)
    return not any(is_prose(tree, line) and tree.place_key(line) not in marks for line in below)
