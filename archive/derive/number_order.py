"""When articles were posted, by the order of their numbers: dated neighbours bound undated ones.

An office counts its articles up as it posts them, so the days of posting mostly grow with the
numbers; imported and backdated posts carry old days under new numbers. Trusted is the largest set
of articles whose days can all be true of numbers that grow with time (the longest chain through
number and day); what contradicts it is told, and bounds nobody. A majority decides, so neither one
wrong day nor a block of them moves the rest; medians of windows would be moved by any block longer
than half the window. A block with more dates than all that stands before it (or behind, if its days
are too late) is the majority, and wins.

A day is known with slack: a dateline is some days older than the post, an upload some hours. So
each article is a span of days, and a chain is one where no article begins after a later one has
ended. Patience sorting still finds it in O(n log n), since one span shifts a run of chains by one,
which is an insertion into a sorted list and a removal.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Day
from itertools import accumulate, pairwise

BACKDATED = "backdated"
POSTDATED = "postdated"


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day on which something can have been posted."""

    earliest: Day
    latest: Day


@dataclass(frozen=True, slots=True)
class Post:
    """An article as the order of numbers sees it."""

    number: int
    seen: Day
    """It was there on this day."""
    own: Span | None = None
    """When it was posted by its own evidence, None when that is silent."""
    weight: int = 1
    """How many ordinary dates its own outweighs; 0 bounds nobody."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A day, and the article it comes from."""

    day: Day
    number: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands in time."""

    after: Bound | None
    """It was posted on this day or later."""
    before: Bound
    """... and on this day or before."""
    flag: str | None = None
    """Its own day lies before all that the numbers allow (`backdated`) or after (`postdated`)."""


def place_posts(posts: Sequence[Post]) -> list[Place | None]:
    """Place the articles of one office and route, given in the order of their numbers.

    None for an undated one between two backdated ones: it was imported with them, and its number
    tells nothing.
    """
    seen = list(_bound_backwards([Bound(post.seen, post.number) for post in posts]))
    spans = [
        _cut_span(post.own, bound.day) if post.weight else None
        for post, bound in zip(posts, seen, strict=True)
    ]
    chain = find_chain(spans, [post.weight for post in posts])
    after = _bound_forwards(
        posts, [span if held else None for span, held in zip(spans, chain, strict=True)]
    )
    ends = [
        Bound(span.latest, post.number) if span and held else None
        for post, span, held in zip(posts, spans, chain, strict=True)
    ]
    before = _bound_before(ends, seen)
    places = [_judge(*one) for one in zip(posts, after, before, strict=True)]
    return _drop_imported(posts, places)


def find_chain(spans: Sequence[Span | None], weights: Sequence[int]) -> list[bool]:
    """Which spans belong to the heaviest set where no span begins after a later one has ended.

    `begins[k]` is the earliest day on which the last beginning of a chain of k + 1 spans can lie.
    """
    begins: list[Day] = []
    steps: list[tuple[int, int, int]] = []
    for index, span in enumerate(spans):
        for _ in range(weights[index] if span else 0):
            assert span is not None
            first, last = bisect_right(begins, span.earliest), bisect_right(begins, span.latest)
            steps.append((index, first, last))
            del begins[last : last + 1]
            begins.insert(first, span.earliest)
    held = [False] * len(spans)
    place = len(begins) - 1
    for index, first, last in reversed(steps):
        if first <= place <= last:
            held[index] = True
            place -= 1
    return held


def _cut_span(own: Span | None, seen: Day) -> Span | None:
    """What an article's own days leave, given that it or one with a greater number was there on a
    day."""
    if own is None or own.earliest > seen:
        return None
    return Span(own.earliest, min(own.latest, seen))


def _bound_backwards(bounds: Sequence[Bound]) -> Iterator[Bound]:
    """For each place the lowest day from there on; of equal ones the nearest."""
    return reversed(list(accumulate(reversed(bounds), _pick_lower)))


def _pick_lower(low: Bound, one: Bound) -> Bound:
    return one if one.day <= low.day else low


def _bound_forwards(posts: Sequence[Post], chain: Sequence[Span | None]) -> list[Bound | None]:
    """For each article the latest beginning in the chain before it; of equal ones the nearest."""
    found: list[Bound | None] = []
    high: Bound | None = None
    for post, span in zip(posts, chain, strict=True):
        found.append(high)
        if span and (high is None or span.earliest >= high.day):
            high = Bound(span.earliest, post.number)
    return found


def _bound_before(ends: Sequence[Bound | None], seen: Sequence[Bound]) -> list[Bound]:
    """For each article the first end in the chain behind it, or when it was seen if that is no
    later."""
    found: list[Bound] = []
    low: Bound | None = None
    for end, sight in zip(reversed(ends), reversed(seen), strict=True):
        found.append(low if low and low.day < sight.day else sight)
        if end and (low is None or end.day <= low.day):
            low = end
    return found[::-1]


def _judge(post: Post, after: Bound | None, before: Bound) -> Place:
    if post.own and after and post.own.latest < after.day:
        return Place(after, before, BACKDATED)
    if post.own and post.own.earliest > before.day:
        return Place(after, before, POSTDATED)
    return Place(after, before)


def _drop_imported(posts: Sequence[Post], places: Sequence[Place]) -> list[Place | None]:
    dated = [index for index, post in enumerate(posts) if post.own]
    found: list[Place | None] = list(places)
    for one, other in pairwise(dated):
        if places[one].flag == places[other].flag == BACKDATED:
            found[one + 1 : other] = [None] * (other - one - 1)
    return found
