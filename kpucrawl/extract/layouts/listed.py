"""Reading a listing or the home page by its office's layout."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lxml import etree

from kpucrawl.extract.html.context import Page, fold
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.fields import list_pieces
from kpucrawl.extract.layouts.model import OF_LINK, Layout, ListingGroup, Mark
from kpucrawl.extract.layouts.places import Sheet, Shown
from kpucrawl.extract.layouts.tree import Tree
from kpucrawl.extract.phrases.chrome import is_more, read_counter
from kpucrawl.extract.phrases.views import read_bare_count
from kpucrawl.extract.records import Link, Listing, ListingItem, PageKey, Problem
from kpucrawl.extract.regions.listing import (
    Found,
    Run,
    count_pages,
    cut_lines,
    find_category_title,
    find_item_title,
    find_item_views,
    find_pager,
    find_shown,
    join_text,
    leads_on,
    merge_items,
    own_names,
)

UNTOLD = "untold"
"""Field of the problems; `archive.watch.verdicts` knows it."""
MARKED = 0.7
"""Share of a template's furniture that its pages show: the rest depends on the category."""
FEWEST_ITEMS = 3
"""Items that make a page of an unknown address a listing."""
_SEEN = 200


@dataclass(frozen=True, slots=True)
class ListedReading:
    """What a layout tells of a listing."""

    listing: Listing
    problems: tuple[Problem, ...] = ()
    name: str | None = None
    """The layout and its group as in `PageReading.layout`, None where its items were not told by
    it."""


class ListingFit:
    """A page at which a template of listings fits."""

    def __init__(self, group: ListingGroup, sheet: Sheet) -> None:
        self.group, self.sheet, self.page = group, sheet, sheet.tree.page
        self.items = sheet.find_links(group.items)
        self.mixed = sheet.find_links(group.mixed)
        self._furniture = sheet.find_links(group.furniture)
        self._links_of: dict[int, dict[PageKey, etree._Element]] = {}

    @cached_property
    def furniture(self) -> frozenset[int]:
        """The lines all of whose links are known as furniture."""
        known = {id(link) for link in self._furniture}
        others = {link.line.index for link in self.sheet.links if id(link) not in known}
        return frozenset(link.line.index for link in self._furniture) - others

    @cached_property
    def unknown(self) -> list[Shown]:
        """Links that stand at no place that was learnt."""
        known = {id(link) for link in (*self.items, *self.mixed, *self._furniture)}
        return [link for link in self.sheet.links if id(link) not in known]

    @cached_property
    def runs(self) -> list[tuple[Run, bool]]:
        """Neighbouring links to one article, and whether they are an item's."""
        found: list[tuple[Run, bool]] = []
        wanted = {id(link) for link in self.items}
        for link in self.sheet.links:
            is_item, at = id(link) in wanted, link.line.index
            texts = ((at, link.text),)
            if found and found[-1][1] == is_item and found[-1][0].key == link.key:
                run = found.pop()[0]
                run = replace(run, last=at, texts=run.texts + texts)
            else:
                run = Run(link.key, self.page.resolve(link.href), at, at, texts)
            found.append((run, is_item))
        return found

    def list_items(self) -> Iterator[tuple[Run, Found, list[Line]]]:
        """The items with their links and lines."""
        lines = self.page.outline.lines
        for number, (run, is_item) in enumerate(self.runs):
            if not is_item:
                continue
            after = self.runs[number - 1][0].last + 1 if number else 0
            last = number + 1 == len(self.runs)
            before = len(lines) if last else self.runs[number + 1][0].first
            item = self._cut(run, after, before)
            if found := self._read(run, item, after):
                yield run, found, item

    def _cut(self, run: Run, after: int, before: int) -> list[Line]:
        """The lines of an item: not beyond its neighbours, nor its list."""
        outline, line = self.page.outline, self.page.outline.lines[run.first]
        boxes = self.sheet.climb(line.box)
        depth = self._find_depth(line)
        if 0 < depth <= len(boxes):
            box = boxes[depth - 1]
            around = outline.parents[box]
        else:
            box, around = -1, line.box
        if around >= 0:
            after = max(after, outline.firsts[around])
            before = min(before, outline.ends[around])
        return cut_lines(self.page, run, box, after, before)

    def _find_depth(self, line: Line) -> int:
        places = (place for place in self.group.items if self.sheet.stands(line, place))
        return next((place.depth for place in places), 0)

    def _read(self, run: Run, lines: Sequence[Line], after: int) -> Found | None:
        names = own_names(self.page) if self.page.address.category else set()
        title = self._find_title(run, lines) or find_item_title(run, lines, names)
        if title is None:
            return None
        at, words = title
        item = ListingItem(
            run.key,
            run.url,
            self._complete(run.key, words),
            self._find_views(lines, at, after),
            join_text(lines, at),
        )
        return Found(item, min(at, run.first), run.last, 0, True)

    def _find_title(self, run: Run, lines: Sequence[Line]) -> tuple[int, str] | None:
        """An item's title: the words of its link where that is in the line."""
        for mark in self.group.titles:
            if mark.number == OF_LINK:
                pieces = self.list_link_pieces(run)
                if mark.piece < len(pieces):
                    return run.first, pieces[mark.piece]
            elif line := self.find_marked(lines, mark):
                return line.index, self._choose_words(run, line, mark)
        return None

    def _choose_words(self, run: Run, line: Line, mark: Mark) -> str:
        if mark.piece >= 0:
            return " ".join(line.raw[mark.piece].split())
        linked = (words for at, words in run.texts if at == line.index and not is_more(words))
        return next(linked, line.text)

    def list_link_pieces(self, run: Run) -> list[str]:
        """The pieces of text in an item's link, where several items share a line: cards without
        a box, that styles set apart. Empty elsewhere."""
        line = self.page.outline.lines[run.first]
        if line.index not in self._crowded:
            return []
        if line.box not in self._links_of:
            self._links_of[line.box] = self._list_links(line.box)
        link = self._links_of[line.box].get(run.key)
        texts = link.itertext() if link is not None else ()
        return [words for text in texts if (words := " ".join(str(text).split()))]

    @cached_property
    def _crowded(self) -> frozenset[int]:
        """The lines with links to several articles."""
        keys: defaultdict[int, set[PageKey]] = defaultdict(set)
        for link in self.sheet.links:
            keys[link.line.index].add(link.key)
        return frozenset(at for at, found in keys.items() if len(found) > 1)

    def _list_links(self, box: int) -> dict[PageKey, etree._Element]:
        """By article, the first link in a box."""
        found: dict[PageKey, etree._Element] = {}
        for element in self.page.outline.elements[box].iter("a"):
            address = self.page.parse(element.get("href") or "")
            if address and address.key:
                found.setdefault(address.key, element)
        return found

    def find_marked(self, lines: Sequence[Line], mark: Mark) -> Line | None:
        """The line of an item that stands at a mark."""
        chains = self.sheet.tree.chains
        alike = [line for line in lines if chains[line.box] == mark.chain]
        found = alike[mark.number] if mark.number < len(alike) else None
        return found if found and mark.piece < len(found.raw) else None

    def _find_views(self, lines: Sequence[Line], at: int, after: int) -> int | None:
        if not self.group.views:
            return find_item_views(self.page, lines, at, after) if self.group.counted else None
        marked = (self.find_marked(lines, mark) for mark in self.group.views)
        return next((read_item_count(line) for line in marked if line), None)

    def _complete(self, key: PageKey, title: str) -> str:
        """A title that the list cuts short as the link's `title` or its picture's words have it."""
        shown = fold(title)
        whole = (told for told in self._told.get(key, ()) if fold(told).startswith(shown))
        longest = max(whole, key=len, default=title)
        return longest if len(fold(longest)) > len(shown) >= _TOLD else title

    @cached_property
    def _told(self) -> dict[PageKey, list[str]]:
        """By article, what its links say of it without showing it."""
        found: defaultdict[PageKey, list[str]] = defaultdict(list)
        for element in self.page.root.iter("a"):
            address = self.page.parse(element.get("href") or "")
            if address and address.key and address.kind == "article":
                pictures = (image.get("alt") or "" for image in element.iter("img"))
                found[address.key] += [
                    " ".join(words.split()) for words in (element.get("title") or "", *pictures)
                ]
        return found

    def read(self) -> Listing:
        """Read the listing by what was learnt; what stands at no known place is read as before."""
        found = [item for _, item, _ in self.list_items()]
        if self.unknown or self.mixed:
            found += self._find_others({one.item.key for one in found})
        items = tuple(merge_items(found))
        pager = self._find_pager()
        first = min((one.first for one in found), default=0)
        return Listing(
            self.page.address.category,
            self._find_category_title(first),
            items,
            count_pages(self.page, pager, bool(items)),
            pager,
        )

    def _find_others(self, known: set[PageKey]) -> list[Found]:
        """What the general reader takes for items where the layout knows nothing."""
        lines = {link.line.index for link in (*self.unknown, *self.mixed)}
        return [
            one
            for one in find_shown(self.page, self.furniture)
            if one.item.key not in known and lines & set(range(one.first, one.last + 1))
        ]

    def _find_pager(self) -> tuple[Link, ...]:
        chains = self.sheet.tree.chains
        if not self.group.pagers:
            return find_pager(self.page, lambda line: chains[line.box] not in self.group.menus)
        found: dict[str, Link] = {}
        for line in self.page.outline.lines:
            if chains[line.box] not in self.group.pagers:
                continue
            for anchor in line.anchors:
                if leads_on(self.page.parse(anchor.href), self.page.address):
                    url = self.page.resolve(anchor.href)
                    found.setdefault(url, Link(url, anchor.text))
        return tuple(found.values())

    def _find_category_title(self, first: int) -> str | None:
        """The category's title at its place, else what the menu calls it, else the general
        reader's."""
        line = self.sheet.tree.find_line(self.group.title) if self.group.title else None
        if line is not None:
            return find_name(line, own_names(self.page)) or line.text
        own = self.page.address.category
        named = (one.title for one in self.page.categories if own and one.id == own)
        return next(named, None) or find_category_title(self.page, first)


def find_name(line: Line, names: set[str]) -> str | None:
    """The piece of a line that is one of these names, folded: the line as a whole first."""
    return next((piece for piece in list_pieces(line) if fold(piece) in names), None)


_TOLD = 8
"""Letters and figures of a cut title that tell which article it is."""


def read_item_count(line: Line) -> int | None:
    """The counter that a line of an item is."""
    views = read_counter(line)
    return read_bare_count(line.text) if views is None else views


def fit_listing(layout: Layout, page: Page) -> ListingFit | None:
    """The template of listings that a page fits: it shows the furniture; of several the one whose
    items it shows most of."""
    kind = "home" if page.address.kind == "home" else "listing"
    fits = (fit for group in layout.listings if group.kind == kind and (fit := _fit(group, page)))
    return max(fits, key=lambda fit: len(fit.items), default=None)


def _fit(group: ListingGroup, page: Page) -> ListingFit | None:
    headings = frozenset(_split_mark(mark) for mark in group.headings)
    sheet = Sheet(Tree(page, frozenset(group.names)), group.kind, headings)
    lines = {"\t".join(sheet.tree.place_key(line)) for line in sheet.tree.lines}
    shown = len(set(group.marks) & set(map(digest_mark, lines)))
    return ListingFit(group, sheet) if shown >= MARKED * len(group.marks) else None


def digest_mark(mark: str) -> str:
    """A line of furniture in short: names are long where a site has classes for each colour."""
    return hashlib.sha256(mark.encode()).hexdigest()[:12]


def _split_mark(mark: str) -> tuple[str, str]:
    names, _, text = mark.partition("\t")
    return names, text


def read_listed(layout: Layout, page: Page) -> ListedReading | None:
    """Read a listing by the layout; None where it fits none of its templates."""
    fit = fit_listing(layout, page)
    if fit is None:
        return None
    listing, group = fit.read(), fit.group
    if page.address.kind not in ("listing", "home") and len(fit.items) < FEWEST_ITEMS:
        return None
    is_told = bool(fit.items) or not (fit.unknown or fit.mixed)
    name = f"{layout.digest[:16]}/{group.name}" if is_told else None
    return ListedReading(listing, tuple(_doubt(fit, listing)), name)


def _doubt(fit: ListingFit, listing: Listing) -> Iterator[Problem]:
    """Why a listing may hold more or less than what was read."""
    if fit.group.kind == "home":
        return
    seen = (listing.title or "")[:_SEEN]
    if fit.mixed:
        yield Problem(UNTOLD, seen, "Items and furniture stand at one place; no layout parts them.")
    elif not listing.items and fit.unknown:
        yield Problem("items", seen, "Links to articles stand where the layout knows no items.")
    elif not listing.items and (listing.pages or 1) > (fit.page.address.page or 1):
        yield Problem(UNTOLD, seen, "The listing shows no articles, and has further pages.")
