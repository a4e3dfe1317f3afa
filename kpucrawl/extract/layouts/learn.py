"""Learning the template of an office's articles: what stands at the same place on its pages is
furniture, what differs there is the article.

The algorithm was tried on nineteen offices of fourteen templates before it was written here; the
numbers below are those that it stood best with.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.body import find_body
from kpucrawl.extract.layouts.fields import find_fields
from kpucrawl.extract.layouts.listings import learn_listings
from kpucrawl.extract.layouts.model import Group, Layout, Listed, Sample
from kpucrawl.extract.layouts.proof import is_proved
from kpucrawl.extract.layouts.proofs import Witness
from kpucrawl.extract.layouts.read import fit_layout, holds_text, know_group
from kpucrawl.extract.layouts.specimens import (
    FEWEST,
    Sampled,
    Specimen,
    make_specimens,
    part_pages,
)
from kpucrawl.extract.layouts.titles import (
    find_badges,
    find_headline,
    find_title,
    find_witnessed,
    sort_title_places,
)
from kpucrawl.extract.layouts.tree import Tree, name_group
from kpucrawl.extract.records import PageKey

RECURS = 0.5
"""Share of pages on which a line stands at one place that is furniture of most."""
WHOLE = 0.7
"""Share of that furniture that a sample must have, or it is refused."""
MARKS = 0.9
"""Share of pages that show a line which is a mark of the template: less often shown ones are its
options, and a page without some of them is none the less its own."""
ROUNDS = 3


def learn_layout(samples: Sequence[Sample]) -> Layout | None:
    """Learn the templates of an office's articles from 16 to 40 of its pages, or
    all where it has fewer.

    Pure, and independent of the order of the samples; of two at one address one counts. None where
    no template with a text of its own was found, as with fewer than five pages.
    """
    ordered = list({sample.url: sample for sample in sorted(samples, key=_rank_sample)}.values())
    pages = [
        (page, sample.listed, is_closed(sample.body))
        for sample in ordered
        if sample.kind == "article" and (page := sample.page)
    ]
    groups = learn_groups(pages)
    articles = [page for page, *_ in pages]
    listings = [page for sample in ordered if sample.kind == "listing" and (page := sample.page)]
    if not listings:
        return Layout(groups) if groups else None
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
        title = fit.title if fit else next(iter(page.titles), "")
        if page.address.key is None or not title:
            continue
        views, category = (fit.views, fit.read_category()) if fit else (None, None)
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


def learn_groups(pages: Sequence[Sampled]) -> tuple[Group, ...]:
    """Learn every template among these article pages, the commonest first.

    Each page comes with what its listing said and whether it ends with `</html>`.
    """
    groups: list[Group] = []
    left = list(pages)
    for _ in range(ROUNDS):
        found = [learnt for part in part_pages(left) for learnt in learn_part(part)]
        if not found:
            break
        groups += [group for group, _ in found]
        known = Layout(tuple(groups))
        told = {url for _, urls in found for url in urls}
        rest = (one for one in left if one[0].url not in told)
        left = [one for one in rest if fit_layout(known, one[0]) is None]
        if len(left) < FEWEST:
            break
    return tuple(groups)


def learn_part(pages: Sequence[Sampled]) -> list[tuple[Group, frozenset[str]]]:
    """Learn the template of pages with most of their boxes in common; where none holds for all of
    them, those that have their headlines at different places, in one frame."""
    if learnt := learn_group(pages):
        return [learnt]
    return [learnt for part in part_by_titles(pages) if (learnt := learn_group(part))]


def part_by_titles(pages: Sequence[Sampled]) -> list[list[Sampled]]:
    """Part pages by the place of their headlines; nothing where most have one place."""
    specimens = make_specimens(pages)
    left = dict(enumerate(pages))
    parts: list[list[Sampled]] = []
    for _, found in sort_title_places(specimens, find_witnessed(specimens)):
        part = [left.pop(number) for number in found if number in left]
        if len(part) >= FEWEST:
            parts.append(part)
    return parts if len(parts) > 1 else []


@dataclass(frozen=True)
class Part:
    """Pages that may be of one template, with what is asked of them before and behind the refusal
    of odd ones."""

    specimens: list[Specimen]

    @cached_property
    def trees(self) -> list[Tree]:
        """The pages under the names that are stable among them."""
        return [one.tree for one in self.specimens]

    @cached_property
    def counts(self) -> Counter[tuple[str, str]]:
        """On how many pages each line stands at its place."""
        return count_places(self.trees)

    @cached_property
    def titles(self) -> list[list[Line]]:
        """Per page the lines that a witness calls its title."""
        return find_witnessed(self.specimens)


def learn_group(pages: Sequence[Sampled]) -> tuple[Group, frozenset[str]] | None:
    """Learn one template, with the addresses of the pages that told it; None when no text, or
    nothing that proves one, was found."""
    part = Part(make_specimens(pages))
    specimens = refuse_odd(part)
    if len(specimens) < FEWEST:
        return None
    if len(specimens) < len(pages):
        part = Part(make_specimens([(one.page, one.listed, one.closed) for one in specimens]))
        specimens = part.specimens
    trees, counts = part.trees, part.counts
    title = find_title(specimens, part.titles)
    if title is None:
        return None
    title_lines = [find_headline(tree, title) for tree in trees]
    body = find_body(trees, title_lines, counts)
    if body is None:
        return None
    marks = choose_marks(trees, find_furniture(trees, counts))
    names = tuple(sorted(specimens[0].tree.names))
    fields = find_fields(trees, [one.listed for one in specimens], title_lines, body)
    group = Group(
        name=name_group(marks, names),
        names=names,
        marks=marks,
        title=title,
        badges=find_badges(specimens, title_lines),
        body=body.regions,
        dropped=body.dropped,
        opens=body.edges.opens,
        stops=body.edges.stops,
        fields=fields,
        heroes=body.heroes,
        covers=body.covers,
        files=body.files,
        captioned=body.captioned,
        categories=list_categories(specimens),
        pictures=body.pictures,
        samples=len(specimens),
    )
    if not is_proved(group, trees, title_lines, counts):
        return None
    known = know_group(group)
    headed = zip(trees, title_lines, strict=True)
    urls = frozenset(
        tree.page.url for tree, head in headed if head and holds_text(known, tree, head)
    )
    return group, urls


def list_categories(specimens: Iterable[Specimen]) -> tuple[str, ...]:
    """The titles of categories that listings showed."""
    listed = (one.listed.category for one in specimens if one.listed and one.listed.category)
    return tuple(sorted(set(listed)))


MOST_MARKS = 40
"""Lines of furniture that a layout keeps: enough to tell its pages, small to store."""


def count_places(trees: Sequence[Tree]) -> Counter[tuple[str, str]]:
    """On how many pages each line stands at its place."""
    counts: Counter[tuple[str, str]] = Counter()
    for tree in trees:
        counts.update(set(tree.place_keys))
    return counts


def find_furniture(
    trees: Sequence[Tree], counts: Counter[tuple[str, str]]
) -> list[tuple[str, str]]:
    """The lines that nearly all pages show at one place."""
    least = max(2, MARKS * len(trees))
    return [key for key, count in counts.items() if count >= least]


def choose_marks(trees: Sequence[Tree], furniture: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Of the furniture what will be there tomorrow: no links to articles, and nothing with figures.
    From all over the page, in an order that only the lines decide."""
    standing = set(furniture)
    passing = {
        key
        for tree in trees
        for key, line in zip(tree.place_keys, tree.lines, strict=True)
        if key in standing and _is_passing(tree, line)
    }
    lasting = ("\t".join(key) for key in standing - passing)
    chosen = sorted(lasting, key=lambda mark: hashlib.sha256(mark.encode()).digest())
    return tuple(sorted(chosen[:MOST_MARKS]))


def _is_passing(tree: Tree, line: Line) -> bool:
    if any(map(str.isdigit, line.text)):
        return True
    return any(tree.page.names_article(anchor.href) for anchor in line.anchors)


def refuse_odd(part: Part) -> list[Specimen]:
    """Leave out samples that lack most of the furniture, that are cut, or whose listed title is
    nowhere."""
    specimens = part.specimens
    common = {key for key, count in part.counts.items() if count >= RECURS * len(specimens)}
    most_close = sum(one.closed for one in specimens) * 2 > len(specimens)
    titled = list(map(bool, part.titles))
    most_titled = sum(titled) * 2 > len(specimens)
    return [
        one
        for one, has_title in zip(specimens, titled, strict=True)
        if _has_furniture(one.tree, common)
        and (one.closed or not most_close)
        and (has_title or not most_titled or one.listed is None)
    ]


def _has_furniture(tree: Tree, common: set[tuple[str, str]]) -> bool:
    return len(common.intersection(tree.place_keys)) >= WHOLE * len(common)
