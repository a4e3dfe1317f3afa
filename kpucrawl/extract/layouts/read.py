"""Reading a page by its office's layout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from kpucrawl.extract.credits.authors import complete_byline
from kpucrawl.extract.html.context import Page, fold
from kpucrawl.extract.html.outline import Line, Medium, Outline
from kpucrawl.extract.layouts.authors import AUTHORS, read_author
from kpucrawl.extract.layouts.edges import cut_edges, is_prose, list_kept
from kpucrawl.extract.layouts.fields import list_pieces, read_numbers, read_pieces
from kpucrawl.extract.layouts.kinds import list_below, list_region_lines
from kpucrawl.extract.layouts.leftovers import ArticleBox
from kpucrawl.extract.layouts.media import (
    find_around,
    is_advertisement,
    is_few_words,
    is_gallery_caption,
    is_near,
    is_pictured,
    is_teasing,
)
from kpucrawl.extract.layouts.model import ALL, Group, Layout, Slot
from kpucrawl.extract.layouts.titles import find_headline, strip_badge
from kpucrawl.extract.layouts.tree import Tree, mask_digits
from kpucrawl.extract.phrases.chrome import (
    LONGEST_NOTE,
    find_printed_date,
    is_counter,
    is_more,
    is_network,
    is_share,
    prints_day,
    read_counter,
)
from kpucrawl.extract.phrases.labels import is_related
from kpucrawl.extract.phrases.sections import name_section
from kpucrawl.extract.records import Article, Byline, Image, Problem
from kpucrawl.extract.regions.article import (
    FetchContext,
    find_offered,
    find_related,
    heads_files,
    read_conventions,
    write_body,
)
from kpucrawl.extract.regions.category import find_category
from kpucrawl.extract.regions.counters import CounterFinder
from kpucrawl.extract.regions.files import is_file
from kpucrawl.extract.regions.media import describe_picture
from kpucrawl.extract.regions.notes import NoteFinder
from kpucrawl.extract.regions.pictures import find_content
from kpucrawl.extract.regions.region import Region, RegionFinder
from kpucrawl.extract.urls import read_upload_time

QUOTES = frozenset({"blockquote", "figure", "aside"})
ECHO = 40
"""Letters of a sentence that does not stand in a text twice by chance."""


class Fit:
    """A page at which a group of the layout fits."""

    def __init__(self, known: KnownGroup, tree: Tree, head: Line) -> None:
        self.known, self.group = known, known.group
        self.tree, self.head = tree, head
        self.page = tree.page

    def read_article(self, context: FetchContext) -> Article:
        """Read the article: places are known, conventions are not."""
        page, head, region = self.page, self.head, self.region
        lines, end = region.lines, region.end
        text = range(lines[0].index, lines[-1].index + 1) if lines else range(end, end)
        category = self.read_category() or find_category(page, head, text)
        body = write_body(page, head, region)
        article = Article(
            title=self.title,
            body=body,
            category=category,
            section=name_section(category),
            views=self.views,
            images=self.find_images(),
            attachments=find_offered(page, head, region, body, self._list_filed()),
            related=find_related(page, region),
        )
        printed = self.read_printed() or self._guess_printed()
        read = read_conventions(article, page, printed, context)
        author = self.read_author()
        return replace(read, byline=complete_byline(read.byline, author)) if author else read

    def read_author(self) -> Byline | None:
        """The persons whom the author line names, by its slot."""
        said = read_author(self.tree, self.group.fields)
        return said.byline if said else None

    @cached_property
    def title(self) -> str:
        """The headline without the template's words in it."""
        return strip_badge(self.head, self.group.badges)

    @cached_property
    def views(self) -> int | None:
        """The counter: by its slot, or looked for as on an unknown page."""
        views = self.read_views()
        return self._guess_views() if views is None else views

    @cached_property
    def region(self) -> Region:
        """Where the article's text stands."""
        return self.find_region()

    def doubt_body(self) -> Iterator[Problem]:
        """Doubts whether all of the text was read."""
        box = ArticleBox(self.tree, self.head, self.region, self.known.marks)
        yield from box.doubt_body({line.index for line in self._kept})

    @cached_property
    def _finder(self) -> RegionFinder:
        """Looks for what the layout has no slot for, as on an unknown page."""
        return RegionFinder(self.page, self.head)

    @cached_property
    def _guessed(self) -> Region:
        return self._finder.find()

    def _guess_views(self) -> int | None:
        return CounterFinder(self._finder, self._guessed).find()

    def _guess_printed(self) -> str | None:
        """Many pages print no day: those are told without looking for their text."""
        if not any(map(prints_day, self.tree.lines)):
            return None
        return NoteFinder(self._finder, self._guessed).find_printed()

    def find_region(self) -> Region:
        """The article's text, furniture left out."""
        outline = self.page.outline
        lines = [line for line in self._kept if not self._is_furniture(line)]
        lines = self._trim(leave_out_echoes(lines, outline))
        lines = [] if is_gallery_caption(self.tree, lines) else self._leave_caption(lines)
        main = self.tree.find_box(self._find_main()) if self.group.body else None
        box = outline.join(self.head.box, main) if main is not None and main >= 0 else 0
        end = outline.ends[main] if main is not None and main >= 0 else len(outline.lines)
        start = min((line.index for line in lines), default=self.head.index + 1)
        return Region(tuple(lines), end, box, main if main is not None else -1, start)

    def _leave_caption(self, lines: list[Line]) -> list[Line]:
        """The lines without the caption that opens them."""
        if not (self.group.captioned and len(lines) > 1 and is_few_words(lines[0])):
            return lines
        return lines[1:] if is_pictured(self.tree, lines[0]) else lines

    @cached_property
    def _kept(self) -> list[Line]:
        """The lines of the regions between what bounds texts, without kinds that are none."""
        listed = list_below(list_region_lines(self.tree, self.group.body), self.head)
        between = cut_edges(listed, self.group.opens, self.group.stops)
        notes = list(self._notes.values())
        return [line for _, line in list_kept(between, self.group.dropped) if line not in notes]

    @cached_property
    def _notes(self) -> dict[str, Line | None]:
        """The lines of the slots but the author's, by field."""
        slots = self.group.fields.items()
        return {name: self.tree.find_line(slot) for name, slot in slots if name not in AUTHORS}

    def read_category(self) -> str | None:
        """The category, by its slot: the piece of its line that is a title of the office's; the
        title itself where letters stand apart, as in `B E R I T A`."""
        line = self._notes.get("category")
        if line is None:
            return None
        found = next((piece for piece in list_pieces(line) if self._is_category(piece)), None)
        if found is None:
            return None
        title = self._name_category(fold(found)) or found
        return found if found.casefold() == title.casefold() else title

    def _is_category(self, text: str) -> bool:
        if text in self.group.categories:
            return True
        folded = fold(text)
        return bool(folded) and self._name_category(folded) is not None

    def _name_category(self, folded: str) -> str | None:
        """What the office calls a category: as listings do, or else as this page does."""
        listed = self.known.categories.get(folded)
        return listed if listed is not None else self._shown_categories.get(folded)

    @cached_property
    def _shown_categories(self) -> dict[str, str]:
        """The titles of the categories that the page links, by what they are folded."""
        return {fold(one.title): one.title for one in self.page.categories}

    def read_views(self) -> int | None:
        """The counter, by its slot."""
        line = self._notes.get("views")
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
        line = self._notes.get("printed")
        return find_printed_date(line.text) if line else None

    def find_images(self) -> tuple[Image, ...]:
        """Pictures in the text and in hero boxes, without those that many pages show."""
        outline = self.page.outline
        boxes = [
            box for slot in self.group.body if (box := self.tree.find_text_box(slot)) is not None
        ]
        around = find_around(self.tree, self.head, boxes)
        images: dict[str, Image] = {}
        for medium in self.tree.pictures:
            inside = any(box < 0 or outline.holds(box, medium.box) for box in boxes)
            place = self.tree.chains[medium.box]
            if not inside and place not in self.group.heroes and place not in self.group.covers:
                continue
            if not inside and not self._is_shown(medium, place, boxes, around):
                continue
            url = find_content(self.page, medium)
            if url is None or is_teasing(self.tree, medium) or is_advertisement(self.tree, medium):
                continue
            if f"{self.tree.chains[medium.box]}\t{url}" not in self.group.pictures:
                text = describe_picture(self.page, medium)
                images.setdefault(url, Image(url, text, read_upload_time(url)))
        return tuple(images.values())

    def _is_shown(self, medium: Medium, place: str, boxes: Sequence[int], around: int) -> bool:
        """Whether a picture outside the text is where the article's stand: heroes near it, covers
        anywhere."""
        if place in self.group.covers or not boxes:
            return True
        return is_near(self.tree, medium, self.head, around)

    def _list_filed(self) -> list[Line]:
        """The lines outside the text that link its files."""
        tree, places = self.tree, self.group.files
        return [line for line in tree.lines if tree.chains[line.box] in places] if places else []

    def _find_main(self) -> Slot:
        """The region of the text itself, without leads."""
        return max(self.group.body, key=lambda slot: slot.share)

    def _is_furniture(self, line: Line) -> bool:
        if self.tree.is_teaser(line.index) and not is_related(line.text):
            return True
        if self._lists_others(line) or self._is_of_files(line):
            return True
        return len(line.text) <= LONGEST_NOTE and self._is_worded(line)

    def _is_worded(self, line: Line) -> bool:
        """Whether a line is furniture by its words: they are few."""
        text = line.text
        if is_share(text) or is_counter(line) or self._heads_files(line):
            return True
        lines = self.tree.lines
        return is_network(text) and any(
            is_network(lines[n].text) or is_share(lines[n].text)
            for n in (line.index - 1, line.index + 1)
            if 0 <= n < len(lines)
        )

    def _lists_others(self, line: Line) -> bool:
        """Whether a line is made of links to several other articles."""
        if not line.anchors or 2 * line.linked < len(line.text):
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
        return heads_files(line.text) and any(map(self._is_of_files, below))

    def _trim(self, lines: list[Line]) -> list[Line]:
        while lines and self._is_end(lines[-1]):
            lines.pop()
        first = 0
        while first < len(lines) and self._is_end(lines[first]):
            first += 1
        return lines[first:]

    def _is_end(self, line: Line) -> bool:
        return is_more(line.text) and bool(line.anchors)


def leave_out_echoes(lines: Sequence[Line], outline: Outline) -> list[Line]:
    """The lines of a text without pull quotes: whole sentences that another line says as well, or
    that stand in a quotation and are a paragraph too."""
    folded = [(line, fold(line.text)) for line in lines]
    long = Counter(text for _, text in folded if len(text) > ECHO)
    return [
        line
        for line, text in folded
        if len(text) < ECHO
        or (
            not any(text in other and text != other for other in long)
            and not (long[text] > 1 and is_quoted(outline, line))
        )
    ]


def is_quoted(outline: Outline, line: Line) -> bool:
    """Whether a line stands in a box of quotations."""
    return any(outline.tags[box] in QUOTES for box in outline.climb(line.box))


def fit_layout(layout: Layout, page: Page) -> Fit | None:
    """The group that a page fits: its title and its text are where they should be."""
    best: tuple[int, Fit] | None = None
    for known in know_groups(Known(layout)):
        tree = Tree(page, known.names)
        head = find_headline(tree, known.group.title) if known.group.title else None
        if head is None or not holds_text(known, tree, head):
            continue
        shown = known.count_marks(tree)
        if shown * 10 < 7 * len(known.marks):
            continue
        if best is None or shown > best[0]:
            best = shown, Fit(known, tree, head)
    return best[1] if best else None


def holds_text(known: KnownGroup, tree: Tree, head: Line) -> bool:
    """Whether a page's text is where the group has it: somewhere, or nowhere."""
    if known.group.body:
        return any(tree.find_text_box(slot) is not None for slot in known.group.body)
    below = (line for line in tree.lines[head.index + 1 :] if line.zone < 0)
    return not any(
        is_prose(tree, line) and tree.place_key(line) not in known.marks for line in below
    )


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group as its pages are compared with it."""

    group: Group
    names: frozenset[str]
    marks: frozenset[tuple[str, str]]
    """Place and text of its lines of furniture, digits masked."""
    places: frozenset[str]
    categories: Mapping[str, str]
    """Titles of categories by what they are folded."""

    def count_marks(self, tree: Tree) -> int:
        """How many of the group's lines of furniture a page shows."""
        shown = set()
        for line in tree.lines:
            place = tree.chains[line.box]
            if place in self.places:
                shown.add((place, mask_digits(line.text)))
        return len(shown & self.marks)


class Known:
    """A layout by its digest, so that what is made of it is made once for all its pages."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and self.layout.digest == other.layout.digest

    def __hash__(self) -> int:
        return hash(self.layout.digest)


@lru_cache(maxsize=64)
def know_groups(known: Known) -> tuple[KnownGroup, ...]:
    """The groups of a layout, made ready; a run reads the offices of a fleet side by side."""
    return tuple(map(know_group, known.layout.groups))


def know_group(group: Group) -> KnownGroup:
    """A group made ready."""
    parted = (mark.partition("\t") for mark in group.marks)
    marks = frozenset((place, text) for place, _, text in parted)
    categories = {fold(title): title for title in group.categories}
    places = frozenset(place for place, _ in marks)
    return KnownGroup(group, frozenset(group.names), marks, places, categories)
