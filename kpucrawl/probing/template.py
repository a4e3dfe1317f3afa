"""What an office's pages teach of its template, as far as a probe's few show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kpucrawl.extract.layouts.learn import learn_layout
from kpucrawl.extract.layouts.model import (
    Group,
    Kind,
    Layout,
    Listed,
    ListingGroup,
    Sample,
    Slot,
)
from kpucrawl.extract.layouts.specimens import FEWEST
from kpucrawl.extract.records import PageKey
from kpucrawl.probing.plan import Answer

STEPS = 3
"""Boxes of a place that are told, the innermost ones."""


def describe_template(articles: Sequence[Answer], listings: Sequence[Answer]) -> str:
    """What would be learnt from these pages, in words."""
    shown = list_shown(listings)
    samples = [
        *(make_sample("article", one, shown) for one in articles),
        *(make_sample("listing", one, shown) for one in listings),
    ]
    layout = learn_layout(samples) or Layout(())
    said = list(_describe_layout(layout))
    if not layout.groups:
        said.insert(
            0, f"none of articles: {len(articles)} were read, and {FEWEST} alike are needed"
        )
    return "; ".join(said)


def list_shown(listings: Sequence[Answer]) -> dict[PageKey, Listed]:
    """What listings show of articles."""
    read = [one.reading.listing for one in listings if one.reading and one.reading.listing]
    return {
        item.key: Listed(item.title, listing.title, item.views)
        for listing in read
        for item in listing.items
    }


def make_sample(kind: Kind, answer: Answer, shown: Mapping[PageKey, Listed]) -> Sample:
    """An answer to learn from."""
    key, capture = answer.step.address.key, answer.capture
    url = capture.answered_url or capture.url
    return Sample(kind, answer.body, url, capture.headers, shown.get(key) if key else None)


def _describe_layout(layout: Layout) -> Iterator[str]:
    yield from map(_describe_group, layout.groups)
    yield from map(_describe_listing, layout.listings)


def _describe_group(group: Group) -> str:
    slots: dict[str, Slot | None] = {
        "title": group.title,
        "text": group.body[-1] if group.body else None,
        **group.fields,
    }
    places = [f"{name} at {place}" for name, slot in slots.items() if (place := name_place(slot))]
    return f"of {group.samples} articles: {', '.join(places)}"


def _describe_listing(group: ListingGroup) -> str:
    places = " and ".join(shorten_chain(place.chain) for place in group.items)
    return f"of {group.samples} pages of kind {group.kind}: items at {places or 'no place'}"


def name_place(slot: Slot | None) -> str:
    """The innermost boxes of a slot's first path, as a person would write them."""
    if slot is None or not slot.paths:
        return ""
    return " > ".join(step.name for step in slot.paths[0][-STEPS:])


def shorten_chain(chain: str) -> str:
    """The innermost boxes of a place."""
    return " > ".join(chain.split(">")[-STEPS:])
