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
from kpucrawl.extract.layouts.model import Group, Layout, Listed, Path, Sample, Slot
from kpucrawl.extract.layouts.tree import Tree, find_stable_names, is_link, make_paths

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
MARKS = 0.9
"""Share of pages that show a line which is a mark of the template: less often shown ones are its
options, and a page without some of them is none the less its own."""
PREFIX = 25
"""Characters of a title that a listing shows for certain."""
SHORTEST = 9
"""Characters of a title that `<title>` tells: shorter ones are a menu's words as well."""
RARE = 0.05
"""Share of pages with their title at another place that make it a place of titles too."""
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
    by_url = {sample.url: sample for sample in sorted(samples, key=_rank_sample)}
    pages = [
        (page, sample.listed, is_closed(sample.body))
        for sample in sorted(by_url.values(), key=_rank_sample)
        if sample.kind == "article" and (page := open_page(sample.body, sample.url))
    ]
    groups = learn_groups(pages)
    return Layout(groups) if groups else None


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
    title = find_title(specimens, titles)
    if title is None:
        return None
    title_lines = [tree.find_line(title) for tree in trees]
    body = find_body(trees, title_lines, counts)
    if body is None:
        return None
    marks = tuple(sorted("\t".join(key) for key in find_furniture(trees, counts)))
    names = tuple(sorted(specimens[0].tree.names))
    fields = find_fields(trees, [one.listed for one in specimens], title_lines, body)
    return Group(
        name=name_group(marks, names),
        names=names,
        marks=marks[:MOST_MARKS],
        title=title,
        body=body.regions,
        dropped=body.dropped,
        opens=body.edges.opens,
        stops=body.edges.stops,
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


def name_group(marks: Iterable[str], names: Iterable[str]) -> str:
    """A short name for people, the same for the same template."""
    return hashlib.sha256("\n".join([*marks, "", *names]).encode()).hexdigest()[:8]


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
    """The lines that nearly all pages show at one place."""
    least = max(2, MARKS * len(trees))
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
    """The lines that a witness names: the listing, or without one the page's `<title>`."""
    lines = [line for line in specimen.tree.lines if line.index not in specimen.tree.teasers]
    if specimen.listed and specimen.listed.title:
        return find_listed(lines, fold(specimen.listed.title))
    told = {fold(title) for title in specimen.page.titles}
    return [line for line in lines if len(line.text) >= SHORTEST and fold(line.text) in told]


def find_listed(lines: Sequence[Line], wanted: str) -> list[Line]:
    """The lines equal to a listed title or, where that is cut, beginning so."""
    folded = [(line, fold(line.text)) for line in lines]
    equal = [line for line, text in folded if text == wanted]
    if equal:
        return equal
    beginning = wanted[:PREFIX]
    return [line for line, text in folded if beginning and text.startswith(beginning)]


Found = dict[int, Line]
"""Per number of a specimen its line."""


def find_title(specimens: Sequence[Specimen], titles: Sequence[Sequence[Line]]) -> Slot | None:
    """Where titles stand: the places that together explain most witnesses."""
    witnessed = sum(bool(lines) for lines in titles)
    places = sort_title_places(specimens, titles)
    if not places or witnessed * 2 < len(specimens) or witnessed < FEWEST:
        return None
    place, best = places[0]
    paths = _make_paths(specimens, best)
    covered = set(best)
    for other, lines in places[1:]:
        new = {n: line for n, line in lines.items() if n not in covered}
        if other == place and len(new) >= max(2, RARE * witnessed):
            paths += _make_paths(specimens, new)
            covered |= set(new)
    slot = Slot(paths, place)
    hits = [
        specimen.tree.find_line(slot) in lines
        for specimen, lines in zip(specimens, titles, strict=True)
        if lines
    ]
    share = sum(hits) / witnessed
    return Slot(paths, place, round(share, 3)) if share >= PROVED else None


def _make_paths(specimens: Sequence[Specimen], found: Found) -> tuple[Path, ...]:
    trees = [specimens[n].tree for n in found]
    return make_paths(trees, [line.box for line in found.values()])


def sort_title_places(
    specimens: Sequence[Specimen], titles: Sequence[Sequence[Line]]
) -> list[tuple[int, Found]]:
    """The places of witnessed titles, by the number of the line in its box: those that explain most
    pages first, then the unlinked, headings, the last on the page."""
    places: defaultdict[tuple[str, int], Found] = defaultdict(dict)
    for number, (specimen, lines) in enumerate(zip(specimens, titles, strict=True)):
        for line in lines:
            own = specimen.tree.list_own_lines(line.box)
            chain = specimen.tree.chains[line.box]
            places[chain, own.index(line)][number] = line
    ranked = sorted(places.items(), key=lambda item: _rank_place(item[1]), reverse=True)
    return [(place, found) for (_, place), found in ranked]


def _rank_place(found: Found) -> tuple[float, ...]:
    lines = list(found.values())
    linked = sum(map(is_link, lines)) / len(lines)
    headings = sum(line.rank > 0 for line in lines) / len(lines)
    position = sum(line.index for line in lines) / len(lines)
    return len(lines), -linked, headings, position
