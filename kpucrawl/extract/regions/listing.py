"""The articles that a listing or a home page shows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kpucrawl.extract.html.context import Page, fold, is_site_name
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.phrases.chrome import ends_article, is_counter, is_meta, is_more, read_counter
from kpucrawl.extract.phrases.views import read_bare_count
from kpucrawl.extract.records import Link, Listing, ListingItem, PageKey
from kpucrawl.extract.regions.category import climb_lines
from kpucrawl.extract.urls import Address

SIDE_TAGS = ("nav", "aside", "footer", "menu", "dialog", "marquee")
_PAGE_OF = re.compile(
    r"\b(?:halaman|page|hal\.?)\s+\d{1,6}\s+(?:dari|of|/)\s+(?P<last>\d{1,6})\b", re.I
)
_PAGER_TEXT = re.compile(
    r"\W*(?:\d{1,6}|(?:next|prev(?:ious)?|first|last|selanjutnya|sebelumnya|berikutnya|awal|akhir"
    r"|pertama|terakhir|older|newer)(?:\s\w+)?)?\W*",
    re.I,
)
_LONG = 40
_NEAR = 2
CUT_MARKS = ("...", "…")
SHORT_TITLE = 15
"""Letters of a title above an excerpt: shorter words are a category's or a day's."""
_TALL = 80
_WHOLE = 200
_LAST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring links to one article."""

    key: PageKey
    url: str
    first: int
    last: int
    """Line numbers."""
    texts: tuple[tuple[int, str], ...]
    """Line and words of each link."""


@dataclass(frozen=True, slots=True)
class Found:
    """An item and where it stands."""

    item: ListingItem
    first: int
    last: int
    group: int
    """The box that holds it among its like."""
    rich: bool
    """Shows more of the article than its title."""


def read_listing(page: Page) -> Listing:
    """Read a page of a category, or what a home page shows."""
    found = find_shown(page)
    items = tuple(merge_items(found))
    pager = find_pager(page)
    title = find_category_title(page, found[0].first if found else 0)
    return Listing(
        page.address.category, title, items, count_pages(page, pager, bool(items)), pager
    )


def find_shown(page: Page, furniture: frozenset[int] = frozenset()) -> list[Found]:
    """What looks like an item; links on lines that are known as furniture do not."""
    category = page.address.category
    found = _find_items(page, furniture)
    if not found and category is not None:
        found = _find_items(page, furniture, everywhere=True)
    return _drop_sidebars(page, found) if category is not None else found


def merge_items(found: Sequence[Found]) -> Iterator[ListingItem]:
    """Each article once, with the most that is shown of it, in the order of the page."""
    best: dict[PageKey, Found] = {}
    for one in found:
        held = best.get(one.item.key)
        if held is None or len(one.item.text) > len(held.item.text):
            best[one.item.key] = one
    for one in sorted(best.values(), key=lambda one: one.first):
        yield one.item


def _find_items(page: Page, furniture: frozenset[int], *, everywhere: bool = False) -> list[Found]:
    """The items outside the page's sides; `everywhere` for a page that keeps its list in an
    `<aside>`."""
    runs = list(_find_runs(page, everywhere=everywhere))
    found = []
    for number, run in enumerate(runs):
        if furniture.issuperset(at for at, _ in run.texts):
            continue
        after = runs[number - 1].last + 1 if number else 0
        before = runs[number + 1].first if number + 1 < len(runs) else len(page.outline.lines)
        if item := _read_item(page, run, after, before):
            found.append(item)
    return found


def _find_runs(page: Page, *, everywhere: bool) -> Iterator[Run]:
    run: Run | None = None
    names = own_names(page)
    for line in page.outline.lines:
        if _is_side(page, line) and not everywhere:
            continue
        if run and not line.anchors and (ends_article(line.text) or fold(line.text) in names):
            yield run
            run = None
        for anchor in line.anchors:
            address = page.parse(anchor.href)
            if not address or not address.key or not is_item_key(page, address):
                continue
            texts = ((line.index, anchor.text),)
            if run and run.key == address.key:
                run = Run(run.key, run.url, run.first, line.index, run.texts + texts)
                continue
            if run:
                yield run
            run = Run(address.key, page.resolve(anchor.href), line.index, line.index, texts)
    if run:
        yield run


def is_item_key(page: Page, address: Address) -> bool:
    """Whether a link names an article that a listing may show; static pages are the menu's."""
    return (
        address.kind == "article"
        and address.key != page.address.key
        and "/page/read/" not in address.canonical
    )


def _is_side(page: Page, line: Line) -> bool:
    return line.zone >= 0 and page.outline.tags[line.zone] in SIDE_TAGS


def _read_item(page: Page, run: Run, after: int, before: int) -> Found | None:
    box = find_item_box(page, run, after, before)
    lines = cut_lines(page, run, box, after, before)
    title = find_item_title(run, lines, own_names(page) if page.address.category else set())
    if title is None:
        return None
    at, words = title
    text = join_text(lines, at)
    more = any(is_more(words) for _, words in run.texts)
    item = ListingItem(run.key, run.url, words, find_item_views(page, lines, at, after), text)
    group = page.outline.parents[box] if box >= 0 else page.outline.lines[run.first].box
    return Found(item, min(at, run.first), run.last, group, more or len(text) >= _LONG)


def join_text(lines: Sequence[Line], at: int) -> str:
    """What an item shows of its article behind the line of its title, as flat as the site has
    it."""
    return "".join(line.text for line in lines if line.index > at and _is_item_text(line))


def find_item_box(page: Page, run: Run, after: int, before: int) -> int:
    """The largest box around a run without a neighbour's lines, -1 where items share their box."""
    outline, best = page.outline, -1
    for box in outline.climb(outline.lines[run.first].box):
        if outline.firsts[box] < after or outline.ends[box] > before:
            break
        best = box
    return best


def cut_lines(page: Page, run: Run, box: int, after: int, before: int) -> list[Line]:
    """The lines of an item: its box's, or where items share a box, all up to the next one's."""
    outline = page.outline
    start, end = after, before
    if box >= 0 and outline.ends[box] - outline.firsts[box] > run.last - run.first + 1:
        start, end = outline.firsts[box], outline.ends[box]
    if any(is_more(words) for _, words in run.texts):
        end = run.last + 1
    lines: list[Line] = []
    for line in outline.lines[start:end]:
        if line.index > run.last and _ends_item(page, line):
            break
        lines.append(line)
    return lines


def _ends_item(page: Page, line: Line) -> bool:
    return _is_side(page, line) or line.rank > 0 or ends_article(line.text) or _is_pager(page, line)


def find_item_title(run: Run, lines: Sequence[Line], names: set[str]) -> tuple[int, str] | None:
    """The longest link that is no `Selengkapnya`, else the heading, else the line above the
    text."""
    named = [
        (at, words)
        for at, words in run.texts
        if not is_more(words) and any(map(str.isalpha, words))
    ]
    if named:
        longest = max(named, key=lambda one: (len(one[1]) <= 300, len(one[1])))
        return _find_above(named, longest, names) or longest
    plain = [line for line in lines if _is_item_text(line) and fold(line.text) not in names]
    heading = min(
        (line for line in reversed(plain) if line.rank), key=lambda line: line.rank, default=None
    )
    if heading is None and plain:
        heading = plain[-2] if len(plain) > 1 and len(plain[-1].text) >= _TALL else plain[-1]
    return (heading.index, cut_more(heading)) if heading else None


def cut_more(line: Line) -> str:
    """A line's words without the link that leads on: a ticker's `Rapat Pleno – Selengkapnya...`."""
    last = line.anchors[-1].text if line.anchors else ""
    if not is_more(last) or not line.text.endswith(last):
        return line.text
    return line.text.removesuffix(last).rstrip(" –—-|:") or line.text


def _find_above(
    named: Sequence[tuple[int, str]], longest: tuple[int, str], names: set[str]
) -> tuple[int, str] | None:
    """The title above an excerpt, where one link holds the whole card: the last words before it
    that are no category, day or counter. None where the longest words are no excerpt."""
    if not longest[1].endswith(CUT_MARKS) or len(longest[1]) < _TALL:
        return None
    above = [(at, words) for at, words in named if at < longest[0] and len(words) >= SHORT_TITLE]
    titles = [one for one in above if fold(one[1]) not in names and not is_meta(one[1])]
    return titles[-1] if titles else None


def _is_item_text(line: Line) -> bool:
    return not (
        is_more(line.text)
        or read_bare_count(line.text) is not None
        or is_counter(line)
        or (len(line.text) < 80 and is_meta(line.text))
    )


def find_item_views(page: Page, lines: Sequence[Line], at: int, after: int) -> int | None:
    """The bare number above the title, or a counter in its words anywhere in the item."""
    if at > after and (views := read_bare_count(page.outline.lines[at - 1].text)) is not None:
        return views
    counters = (read_counter(line) for line in lines)
    return next((views for views in counters if views is not None), None)


def _drop_sidebars(page: Page, found: list[Found]) -> list[Found]:
    """Leave out lists of bare titles beside a list that shows texts, and what is headed `Berita
    Populer`."""
    headed = _find_headed(page, found)
    own = _drop_above(page, [one for one in found if one.first not in headed])
    weights: Counter[int] = Counter()
    for one in own:
        weights[one.group] += 1 if one.rich else -1
    rich = {group for group, weight in weights.items() if weight >= 0}
    return [one for one in own if one.group in rich or not rich]


def _drop_above(page: Page, found: list[Found]) -> list[Found]:
    """Leave out the lists that end before the listing's own title, where items follow right below
    that."""
    names, lines = own_names(page), page.outline.lines
    titled = (
        one
        for one in found
        for line in lines[max(one.first - _NEAR, 0) : one.first]
        if fold(line.text) in names
    )
    if (first := next(titled, None)) is None:
        return found
    return [one for one in found if one.first >= first.first or one.group == first.group]


def _find_headed(page: Page, found: Sequence[Found]) -> set[int]:
    """The first lines of the items that stand under the heading of another block."""
    names, headed, held = own_names(page), False, found[0] if found else None
    marked: set[int] = set()
    for one in found:
        between = page.outline.lines[held.last + 1 if held and held is not one else 0 : one.first]
        heading = next(
            (
                line
                for line in reversed(between)
                if ends_article(line.text) or fold(line.text) in names
            ),
            None,
        )
        if heading is not None:
            headed = fold(heading.text) not in names
        elif headed and held and one.group != held.group and len(one.item.text) >= _WHOLE:
            headed = False
        if headed:
            marked.add(one.first)
        held = one
    return marked


def own_names(page: Page) -> set[str]:
    """What the page calls itself: the category's title in menu and head."""
    own = next(
        (category.title for category in page.categories if category.id == page.address.category), ""
    )
    return {fold(own), *map(fold, page.titles)} - {""}


def find_category_title(page: Page, before: int) -> str | None:
    """The category's title as printed above the items, else as the menu or the page's head has
    it."""
    own = next(
        (category.title for category in page.categories if category.id == page.address.category),
        None,
    )
    names = own_names(page)
    above = list(climb_lines(page, page.outline.lines[before])) if before else []
    named = next((line.text for line in above if fold(line.text) in names), None)
    headed = next((line.text for line in above if line.rank and not is_site_name(line.text)), None)
    return named or headed or own or next(iter(page.titles), None)


def find_pager(
    page: Page, may_hold: Callable[[Line], bool] = lambda line: True
) -> tuple[Link, ...]:
    """The links to other pages of this listing, in the lines that may hold them."""
    found: dict[str, Link] = {}
    for line in filter(may_hold, page.outline.lines):
        for anchor in line.anchors:
            if leads_on(page.parse(anchor.href), page.address) and _PAGER_TEXT.fullmatch(
                anchor.text
            ):
                url = page.resolve(anchor.href)
                found.setdefault(url, Link(url, anchor.text))
    return tuple(found.values())


def _is_pager(page: Page, line: Line) -> bool:
    return any(
        leads_on(page.parse(anchor.href), page.address) and _PAGER_TEXT.fullmatch(anchor.text)
        for anchor in line.anchors
    )


def leads_on(target: Address | None, own: Address) -> bool:
    """Whether a link names a page of the same category."""
    return (
        target is not None
        and target.kind == "listing"
        and own.kind == "listing"
        and target.category == own.category
    )


def _read_page(page: Page, link: Link) -> int:
    """Which page a link of a pager leads to; where its address does not say so, as with a number in
    the path, its words do: that page is then known to exist, and missed."""
    address = page.parse(link.url)
    if "page=" in link.url or not link.text.isdecimal():
        return (address.page if address else None) or 1
    return int(link.text) if len(link.text) <= len(str(_LAST_PAGE)) else 1


def count_pages(page: Page, pager: Sequence[Link], filled: bool) -> int | None:
    """The last page number that a pager names; this page's own counts when it holds anything."""
    numbers = [_read_page(page, link) for link in pager]
    numbers += [
        int(found["last"]) for line in page.outline.lines if (found := _PAGE_OF.search(line.text))
    ]
    if numbers and filled and page.address.page:
        numbers.append(page.address.page)
    return max((number for number in numbers if number <= _LAST_PAGE), default=None)
