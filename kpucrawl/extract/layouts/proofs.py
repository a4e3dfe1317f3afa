"""What listings show of articles, proved by the articles themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kpucrawl.extract.html.context import fold
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.layouts.listed import ListingFit, read_item_count
from kpucrawl.extract.layouts.model import OF_LINK, ListingGroup, Mark
from kpucrawl.extract.layouts.places import Sheet
from kpucrawl.extract.records import ListingItem, PageKey

PREFIX = 25
"""Characters of a title that a listing shows for certain."""
PROVED = 0.9
"""Share of the articles that a slot must agree with."""
HALF = 0.5
"""Share of titles from which items are believed: some articles are renamed."""
FEWEST = 3
"""Articles that prove something."""
MOST_MARKS = 3
"""Places of a field: of a first item shown large, of items with and without a picture."""


@dataclass(frozen=True, slots=True)
class Witness:
    """What an article says of itself."""

    title: str
    views: int | None = None
    category: str | None = None
    """As it prints it."""
    is_sure: bool = True
    """Whether its title was read by a layout; what a page's head says may be the site's name."""


@dataclass(frozen=True, slots=True)
class Proof:
    """An item whose article is known."""

    item: ListingItem
    lines: Sequence[Line]
    sheet: Sheet
    witness: Witness
    chain: str
    """Of the line of its first link."""
    linked: Sequence[str]
    """The pieces of that link, where several items share a line."""


def agrees(title: str, witness: Witness) -> bool:
    """Whether a title is the article's, whole or cut short."""
    shown, whole = fold(title), fold(witness.title)
    return shown == whole or (len(shown) >= PREFIX and whole.startswith(shown))


def prove_items(
    group: ListingGroup, fits: Sequence[ListingFit], witnesses: Mapping[PageKey, Witness]
) -> ListingGroup | None:
    """The template with the places of titles and counters; None where most titles contradict the
    articles."""
    proofs = list(_list_proofs(fits, witnesses))
    titles = find_titles(proofs)
    marked = [ListingFit(replace(group, titles=titles), fit.sheet) for fit in fits]
    again = list(_list_proofs(marked, witnesses))
    if count_agreeing(again) > count_agreeing(proofs):
        group, proofs = replace(group, titles=titles), again
    return None if is_refuted(proofs) else _prove_views(group, proofs)


def is_refuted(proofs: Sequence[Proof]) -> bool:
    """Whether most titles are neither the articles' nor hold them."""
    sure = [proof for proof in proofs if proof.witness.is_sure]
    leading = sum(
        agrees(proof.item.title, proof.witness)
        or fold(proof.witness.title) in fold(proof.item.title)
        for proof in sure
    )
    return len(sure) >= FEWEST and leading < HALF * len(sure)


def count_agreeing(proofs: Sequence[Proof]) -> int:
    """How many items are called as their articles are."""
    return sum(agrees(proof.item.title, proof.witness) for proof in proofs)


def _list_proofs(
    fits: Sequence[ListingFit], witnesses: Mapping[PageKey, Witness]
) -> Iterator[Proof]:
    for fit in fits:
        for run, found, lines in fit.list_items():
            if witness := witnesses.get(found.item.key):
                line = fit.page.outline.lines[run.first]
                chain = fit.sheet.tree.chains[line.box]
                linked = fit.list_link_pieces(run)
                yield Proof(found.item, lines, fit.sheet, witness, chain, linked)


def find_titles(proofs: Sequence[Proof]) -> tuple[Mark, ...]:
    """Where the titles stand, the place that explains most first; none where too few are
    explained."""
    told = [_find_title_marks(proof) for proof in proofs]
    left = [marks for marks in told if marks]
    if len(left) < FEWEST or len(left) < PROVED * len(proofs):
        return ()
    return _choose_marks(left)


def _choose_marks(left: list[set[Mark]]) -> tuple[Mark, ...]:
    """The fewest marks that explain these items."""
    found: list[Mark] = []
    while left and len(found) < MOST_MARKS:
        counts = Counter(mark for marks in left for mark in marks)
        best = max(counts, key=lambda mark: (counts[mark], -mark.number, mark.chain, mark.piece))
        found.append(best)
        left = [marks for marks in left if best not in marks]
    return tuple(found)


def _find_title_marks(proof: Proof) -> set[Mark]:
    """Where an item shows its article's title: as a line or a link, else as a piece of a line."""
    whole, pieces = set(), set()
    if proof.linked:
        pieces = {
            Mark(proof.chain, OF_LINK, number)
            for number, text in enumerate(proof.linked)
            if agrees(text.rstrip(" .…"), proof.witness)
        }
    for mark, line in _list_marks(proof):
        words = (line.text, *(anchor.text for anchor in line.anchors))
        if any(agrees(text.rstrip(" .…"), proof.witness) for text in words):
            whole.add(mark)
        pieces |= {
            replace(mark, piece=number)
            for number, text in enumerate(line.raw)
            if agrees(text.rstrip(" .…"), proof.witness)
        }
    return whole or pieces


def _list_marks(proof: Proof) -> Iterator[tuple[Mark, Line]]:
    """An item's lines with their marks."""
    seen: Counter[str] = Counter()
    for line in proof.lines:
        chain = proof.sheet.tree.chains[line.box]
        yield Mark(chain, seen[chain]), line
        seen[chain] += 1


def _prove_views(group: ListingGroup, proofs: Sequence[Proof]) -> ListingGroup:
    """The template with the place of the counter: the listing's lags behind the article's."""
    counted = [proof for proof in proofs if proof.witness.views is not None]
    if len(counted) < FEWEST:
        return group
    right: Counter[Mark] = Counter()
    wrong: Counter[Mark] = Counter()
    told: list[set[Mark]] = []
    for proof in counted:
        shown = _list_counts(proof)
        most = proof.witness.views or 0
        right.update(mark for mark, views in shown.items() if views <= most)
        wrong.update(mark for mark, views in shown.items() if views > most)
        told.append(set(shown))
    proved = {mark for mark in right if right[mark] >= PROVED * (right[mark] + wrong[mark])}
    left = [marks & proved for marks in told if marks & proved]
    if len(left) >= max(FEWEST, HALF * len(counted)):
        return replace(group, views=_choose_marks(left))
    return replace(group, counted=not wrong)


def _list_counts(proof: Proof) -> dict[Mark, int]:
    """The numbers of an item that can be its counter."""
    read = ((mark, read_item_count(line)) for mark, line in _list_marks(proof))
    return {mark: views for mark, views in read if views is not None}
