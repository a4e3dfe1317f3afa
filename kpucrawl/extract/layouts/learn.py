"""Learning the template of an office's articles: what stands at the same place on its pages is
furniture, what differs there is the article.

The algorithm was tried on nineteen offices of fourteen templates before it was written here; the
numbers below are those that it stood best with.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kpucrawl.extract.html.context import Page, fold
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.html.parse import open_page
from kpucrawl.extract.layouts.body import find_body
from kpucrawl.extract.layouts.fields import find_fields
from kpucrawl.extract.layouts.listings import learn_listings
from kpucrawl.extract.layouts.model import Group, Layout, Listed, Sample, Slot
from kpucrawl.extract.layouts.proofs import Witness
from kpucrawl.extract.layouts.read import fit_layout
from kpucrawl.extract.layouts.tree import (
    Tree,
    find_stable_names,
    is_link,
    make_paths,
    name_group,
)
from kpucrawl.extract.records import PageKey

FEWEST = 8
"""Pages of one template: of fewer nothing can be told apart."""
ALIKE = 0.6
"""Share of names that two pages of one template have in common."""
STABLE = 0.8
"""Share of a group's pages on which a class or id stands that names a place."""
RECURS = 0.5
"""Share of pages on which a line stands at one place that is furniture of most."""
WHOLE = 0.7
"""Share of that furniture that a sample must have, or it is refused."""
PREFIX = 25
"""Characters of a title that a listing shows for certain."""
PROVED = 0.9
"""Share of samples on which a slot must be right."""
ROUNDS = 3


@dataclass(frozen=True)
class Specimen:
    """A sample, parsed."""

    tree: Tree
    listed: Listed | None
    closed: bool
    """Its bytes end as a page does."""

    @property
    def page(self) -> Page:
        """The parsed page."""
        return self.tree.page


def learn_layout(samples: Sequence[Sample]) -> Layout | None:
    """Learn the templates of an office's articles from 16 to 40 of its pages.

    Pure, and independent of the order of the samples; of two at one address one counts. None where
    no template with a text of its own was found, as with fewer than eight pages.
    """
    ordered = list({sample.url: sample for sample in sorted(samples, key=_rank_sample)}.values())
    pages = [
        (page, sample.listed, is_closed(sample.body))
        for sample in ordered
        if sample.kind == "article" and (page := open_page(sample.body, sample.url))
    ]
    groups = learn_groups(pages)
    articles = [page for page, *_ in pages]
    listings = [
        page
        for sample in ordered
        if sample.kind == "listing" and (page := open_page(sample.body, sample.url))
    ]
    witnesses = find_witnesses(Layout(groups), [(page, listed) for page, listed, _ in pages])
    found = learn_listings(listings, articles, witnesses)
    return Layout(groups, listings=found) if groups or found else None


def find_witnesses(
    layout: Layout, articles: Sequence[tuple[Page, Listed | None]]
) -> dict[PageKey, Witness]:
    """What articles say of themselves: by their layout, else what their head calls them; the
    category that they do not print is the listing's."""
    found: dict[PageKey, Witness] = {}
    for page, listed in articles:
        fit = fit_layout(layout, page)
        title = fit.head.text if fit else next(iter(page.titles), "")
        if page.address.key is None or not title:
            continue
        views, category = (fit.read_views(), fit.read_category()) if fit else (None, None)
        category = category or (listed.category if listed else None)
        found[page.address.key] = Witness(title, views, category, is_sure=fit is not None)
    counts = Counter(witness.title for witness in found.values())
    return {key: one for key, one in found.items() if one.is_sure or counts[one.title] == 1}


def _rank_sample(sample: Sample) -> tuple[str, bytes]:
    """An order that depends on nothing but the sample."""
    return hashlib.sha256(sample.url.encode()).hexdigest(), sample.body


def is_closed(body: bytes) -> bool:
    """Whether a page's bytes end as a page does."""
    return b"</html" in body[-400:].lower()


def learn_groups(pages: Sequence[tuple[Page, Listed | None, bool]]) -> tuple[Group, ...]:
    """Learn every template among these article pages, the commonest first.

    Each page comes with what its listing said and whether it ends with `</html>`.
    """
    groups: list[Group] = []
    left = list(pages)
    for _ in range(ROUNDS):
        found = [group for part in part_pages(left) if (group := learn_group(part))]
        if not found:
            break
        groups += found
        left = [one for one in left if not any(fits(group, one[0]) for group in found)]
        if len(left) < FEWEST:
            break
    return tuple(groups)


def fits(group: Group, page: Page) -> bool:
    """Whether a page is of a group: region and title are where they should be."""
    tree = Tree(page, frozenset(group.names))
    if group.title and tree.find_line(group.title) is None:
        return False
    return any(tree.find_box(slot) is not None for slot in group.body[-1:])


def part_pages(
    pages: Sequence[tuple[Page, Listed | None, bool]],
) -> list[list[tuple[Page, Listed | None, bool]]]:
    """Part pages by template: linked by the share of named places that they have in common."""
    names = find_stable_names([page for page, *_ in pages], 0.0)
    places = [frozenset(Tree(page, names).chains) for page, *_ in pages]
    counts = Counter(chain for one in places for chain in one)
    common = [frozenset(chain for chain in one if counts[chain] >= 3) for one in places]
    parts: list[list[int]] = []
    for number, one in enumerate(common):
        near = [
            part for part in parts if any(measure_overlap(one, common[n]) >= ALIKE for n in part)
        ]
        joined = sorted([number, *(n for part in near for n in part)])
        parts = [part for part in parts if part not in near] + [joined]
    big = sorted(
        (part for part in parts if len(part) >= FEWEST), key=lambda part: (-len(part), part)
    )
    return [[pages[n] for n in part] for part in big]


def measure_overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard: shared of all."""
    return len(one & other) / max(len(one | other), 1)


def learn_group(pages: Sequence[tuple[Page, Listed | None, bool]]) -> Group | None:
    """Learn one template; None when no text, or nothing that proves one, was found."""
    specimens = refuse_odd(make_specimens(pages))
    if len(specimens) < FEWEST:
        return None
    specimens = make_specimens([(one.page, one.listed, one.closed) for one in specimens])
    trees = [one.tree for one in specimens]
    counts = count_places(trees)
    titles = [find_title_lines(one) for one in specimens]
    title = find_title(specimens, titles, counts)
    if title is None:
        return None
    title_lines = [tree.find_line(title) for tree in trees]
    body = find_body(trees, title_lines, counts)
    if body is None:
        return None
    marks = tuple(sorted("\t".join(key) for key in find_furniture(trees, counts)))
    names = tuple(sorted(specimens[0].tree.names))
    fields = find_fields(trees, [one.listed for one in specimens], title_lines, body.regions)
    return Group(
        name=name_group(marks, names),
        names=names,
        marks=marks[:MOST_MARKS],
        title=title,
        body=body.regions,
        dropped=body.dropped,
        ends=body.ends,
        fields=fields,
        heroes=body.heroes,
        categories=list_categories(specimens),
        pictures=body.pictures,
        samples=len(specimens),
    )


def list_categories(specimens: Iterable[Specimen]) -> tuple[str, ...]:
    """The titles of categories that listings showed."""
    listed = (one.listed.category for one in specimens if one.listed and one.listed.category)
    return tuple(sorted(set(listed)))


MOST_MARKS = 40
"""Lines of furniture that a layout keeps: enough to tell its pages, small to store."""


def make_specimens(pages: Sequence[tuple[Page, Listed | None, bool]]) -> list[Specimen]:
    """Name the boxes of pages by what is stable among them."""
    names = find_stable_names([page for page, *_ in pages], STABLE)
    return [Specimen(Tree(page, names), listed, closed) for page, listed, closed in pages]


def count_places(trees: Sequence[Tree]) -> Counter[tuple[str, str]]:
    """On how many pages each line stands at its place."""
    counts: Counter[tuple[str, str]] = Counter()
    for tree in trees:
        counts.update({tree.place_key(line) for line in tree.lines})
    return counts


def find_furniture(
    trees: Sequence[Tree], counts: Counter[tuple[str, str]]
) -> list[tuple[str, str]]:
    """The lines that most pages show at one place."""
    least = max(2, WHOLE * len(trees))
    return [key for key, count in counts.items() if count >= least]


def refuse_odd(specimens: list[Specimen]) -> list[Specimen]:
    """Leave out samples that lack most of the furniture, that are cut, or whose listed title is
    nowhere."""
    trees = [one.tree for one in specimens]
    counts = count_places(trees)
    common = {key for key, count in counts.items() if count >= RECURS * len(trees)}
    most_close = sum(one.closed for one in specimens) * 2 > len(specimens)
    titled = [bool(find_title_lines(one)) for one in specimens]
    most_titled = sum(titled) * 2 > len(specimens)
    return [
        one
        for one, has_title in zip(specimens, titled, strict=True)
        if _has_furniture(one.tree, common)
        and (one.closed or not most_close)
        and (has_title or not most_titled or one.listed is None)
    ]


def _has_furniture(tree: Tree, common: set[tuple[str, str]]) -> bool:
    own = {tree.place_key(line) for line in tree.lines}
    return len(own & common) >= WHOLE * len(common)


def find_title_lines(specimen: Specimen) -> list[Line]:
    """The lines that a witness names: equal to the listed title or, where that is cut, beginning
    so; without a listing, inside `<title>`."""
    lines = [line for line in specimen.tree.lines if line.index not in specimen.tree.teasers]
    if specimen.listed and specimen.listed.title:
        wanted = fold(specimen.listed.title)
        cut = wanted[:PREFIX] if len(wanted) > PREFIX else wanted
        found = [line for line in lines if fold(line.text) == wanted]
        return found or [line for line in lines if cut and fold(line.text).startswith(cut)]
    told = [fold(title) for title in specimen.page.titles]
    return [line for line in lines if len(line.text) > 8 and fold(line.text) in told]


def find_title(
    specimens: Sequence[Specimen],
    titles: Sequence[Sequence[Line]],
    counts: Counter[tuple[str, str]],
) -> Slot | None:
    """Where titles stand: the place with the best share; then longest, unlinked, headings, last."""
    places: defaultdict[tuple[str, int], dict[int, Line]] = defaultdict(dict)
    for number, (specimen, lines) in enumerate(zip(specimens, titles, strict=True)):
        for line in lines:
            own = specimen.tree.list_own_lines(line.box)
            places[specimen.tree.chains[line.box], own.index(line)][number] = line
    witnessed = sum(bool(lines) for lines in titles)
    if not places or witnessed < FEWEST:
        return None

    def rank(item: tuple[tuple[str, int], dict[int, Line]]) -> tuple[float, ...]:
        found = item[1]
        lines = list(found.values())
        linked = sum(map(is_link, lines)) / len(lines)
        headings = sum(line.rank > 0 for line in lines) / len(lines)
        return (len(lines), -linked, headings, sum(line.index for line in lines) / len(lines))

    ordered = sorted(places.items(), key=rank, reverse=True)
    (_, place), best = ordered[0]
    numbers, lines = list(best), list(best.values())
    covered = set(numbers)
    paths = list(make_paths([specimens[n].tree for n in numbers], [line.box for line in lines]))
    for (_, other), more in ordered[1:]:
        new = {n: line for n, line in more.items() if n not in covered}
        if other == place and len(new) >= 2 and len(new) > 0.05 * witnessed:
            paths += make_paths(
                [specimens[n].tree for n in new], [line.box for line in new.values()]
            )
            covered |= set(new)
    slot = Slot(tuple(paths), place)
    right = sum(
        specimen.tree.find_line(slot) in lines
        for specimen, lines in zip(specimens, titles, strict=True)
        if lines
    )
    share = right / witnessed
    return Slot(slot.paths, slot.line, round(share, 3)) if share >= PROVED else None
