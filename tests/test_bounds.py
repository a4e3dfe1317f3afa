"""What a hostile answer brings is bounded at the door, and told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from archive.records import Capture, Category, Link, Reading, Sighting
from kpucrawl.bounds import (
    LONGEST_HEADER,
    LONGEST_KEY,
    LONGEST_NUMBER,
    LONGEST_URL,
    MOST_HEADERS,
    MOST_PROBLEMS,
    MOST_VIEWS,
    bound_capture,
    bound_reading,
)

AT = datetime(2026, 1, 5, 3, tzinfo=UTC)
READING = Reading("1", "article", "current", "s1", "Rapat", "Rapat pleno.")
DAY = timedelta(days=1)


def list_fields(reading: Reading) -> list[str]:
    return [problem.field for problem in reading.problems]


@pytest.mark.parametrize(
    ("views", "kept"),
    [
        (None, None),
        (0, 0),
        (MOST_VIEWS, MOST_VIEWS),
        (MOST_VIEWS + 1, None),
        (999_999_999_999, None),
        (-1, None),
        (1 << 15_000, None),
    ],
    ids=["none", "zero", "most", "more", "seen", "negative", "4,515 digits"],
)
def test_counter_is_bounded(views: int | None, kept: int | None) -> None:
    """A counter up to the bound is kept, a greater one is left out and named with what was seen."""
    sighting = Sighting(("blog", "1"), "https://x/blog/read/1", "Rapat", views)
    bounded = bound_reading(replace(READING, views=views, sightings=(sighting,)), AT)
    assert (bounded.views, bounded.sightings[0].views) == (kept, kept)
    assert list_fields(bounded) == ([] if kept == views else ["views", "sightings"])
    if views == 999_999_999_999:
        assert bounded.problems[0].seen == "999999999999"


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        (datetime(1995, 1, 1, tzinfo=UTC), True),
        (datetime(1994, 12, 31, 23, tzinfo=UTC), False),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (datetime(1, 1, 1, tzinfo=UTC), False),
        (AT + DAY, True),
        (AT + DAY + timedelta(seconds=1), False),
        (datetime(9999, 12, 31, tzinfo=UTC), False),
        (datetime(2024, 1, 1), False),
    ],
)
def test_days_of_posting_are_bounded(moment: datetime, kept: bool) -> None:
    """A time of creation or upload lies between 1995 and the day after the capture, or is none."""
    sighting = Sighting(("blog", "1"), "https://x/blog/read/1", "Rapat", created=moment)
    link = Link("image", "https://x/a.jpg", uploaded=moment)
    bounded = bound_reading(replace(READING, sightings=(sighting,), links=(link,)), AT)
    told = [bounded.sightings[0].created, bounded.links[0].uploaded]
    assert told == ([moment, moment] if kept else [None, None])
    assert list_fields(bounded) == ([] if kept else ["links", "created"])


def test_days_that_a_text_speaks_of_may_lie_ahead() -> None:
    """The polling day of 2029 stays an event's day; a head that says 1970 gives no day at all."""
    polling, epoch = date(2029, 2, 14), date(1970, 1, 1)
    planned = replace(
        READING, event_date=polling, published_earliest=polling, published_source="event"
    )
    assert bound_reading(planned, AT) == planned
    unset = replace(READING, published_earliest=epoch, published_source="metadata")
    bounded = bound_reading(unset, AT)
    assert (bounded.published_earliest, bounded.published_source) == (None, None)
    assert list_fields(bounded) == ["published"]


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        (("blog", "9" * LONGEST_NUMBER), True),
        (("blog", "9" * (LONGEST_NUMBER + 1)), False),
        (("blog", "7" * 4400), False),
        (("url", "/" + "a" * (LONGEST_KEY - 1)), True),
        (("url", "/" + "a" * LONGEST_KEY), False),
    ],
    ids=["number", "longer", "longest", "key", "longer key"],
)
def test_keys_are_bounded(key: tuple[str, str], kept: bool) -> None:
    """A page whose number or key is longer than any is shown nowhere, and named."""
    bounded = bound_reading(replace(READING, sightings=(Sighting(key, "https://x/", "A"),)), AT)
    assert len(bounded.sightings) == kept
    assert list_fields(bounded) == ([] if kept else ["sightings"])


def test_addresses_titles_and_categories_are_bounded() -> None:
    """An address is kept whole or left out, a title is cut; a slug of 3,000 characters is no id."""
    links = tuple(Link("image", "h" * length) for length in (LONGEST_URL, LONGEST_URL + 1))
    categories = (Category("1" * 4400, "A"), Category("kategori/" + "a" * 3000, "B"))
    wide = replace(READING, title="a" * 100_000, links=links, categories=categories)
    bounded = bound_reading(wide, AT)
    assert len(bounded.title or "") == 2_000
    assert bounded.links == links[:1] and bounded.categories == ()
    assert list_fields(bounded) == ["title", "links", "categories", "categories"]


def test_headers_are_bounded() -> None:
    """A header is kept whole or left out, since a cut validator would be another; so are too
    many."""
    long = {"ETag": "e" * LONGEST_HEADER, "Date": "now"}
    many = {f"X-{number}": "" for number in range(MOST_HEADERS + 5)}
    answer = Capture("33.72", "https://x/", "/", AT, status=200, headers=long)
    assert bound_capture(answer).headers == {"Date": "now"}
    assert [problem.field for problem in bound_capture(answer).problems] == ["headers"]
    assert len(bound_capture(replace(answer, headers=many)).headers) == MOST_HEADERS


def test_doubts_are_few() -> None:
    """Of ten thousand doubts a person reads the first hundred, and how many more there were."""
    links = tuple(Link("image", "h" * (LONGEST_URL + 1)) for _ in range(9_999))
    problems = bound_reading(replace(READING, links=links), AT).problems
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1].seen == f"{9_999 - MOST_PROBLEMS:,} more"
