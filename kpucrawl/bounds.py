"""What an answer may bring into the archive: every value is bounded here, at its door.

What lies outside is left out or cut, and told as a problem that names the field and what was seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.records import Capture, Category, Key, Link, Problem, Reading, Sighting

MOST_VIEWS = 999_999_999
"""The country has 285 million people, and the highest counter seen has seven digits."""
LONGEST_NUMBER = 18
"""Digits of an article's or category's number: beyond, it is no 64-bit number of any database."""
LONGEST_KEY = 2_000
LONGEST_URL = 8_000
"""Characters: web servers answer 414 to lines of more than 8,190."""
LONGEST_TITLE = 2_000
"""Characters of a title, a name, a caption; the longest title seen has 311."""
LONGEST_BODY = 5_000_000
"""Characters: 800,000 words."""
LONGEST_HEADER = 8_000
MOST_HEADERS = 200
"""Servers refuse more of ours (Apache: 100 lines of 8,190 characters)."""
MOST_PARTS = 10_000
"""Links, sightings, categories, writers of one page; the longest listing seen has 60 items."""
MOST_PROBLEMS = 100
"""Of one answer; one more tells how many were left out."""
FIRST_DAY = datetime(1995, 1, 1, tzinfo=UTC)
"""No office had a website before; epoch zero, 0001 and the like are no days."""
AHEAD = timedelta(days=1)
"""Clocks of offices and zones may be so far ahead of ours."""
POSTED_BY = ("metadata", "printed", "address", "image", "attachment", "last-modified", "api")
"""Sources of a day of posting; datelines and events are days that a text speaks of."""
NUMBERED = ("blog", "berita", "page", "jdih", "k2")
"""Routes whose keys are numbers."""
_SEEN = 200


@dataclass(slots=True)
class Bounds:
    """The bounds of one answer, and what was found outside them."""

    at: datetime
    """When it came."""
    problems: list[Problem] = field(default_factory=list)

    def note(self, name: str, seen: object, why: str) -> None:
        """Tell what was left out or cut."""
        self.problems.append(Problem(name, str(seen)[:_SEEN], why))

    def count(self, name: str, value: int | None) -> int | None:
        """A number that a page prints, None for one that counts nothing."""
        if value is None or 0 <= value <= MOST_VIEWS:
            return value
        digits = str(value) if value.bit_length() < 700 else f"{value.bit_length()} bits"
        self.note(name, digits, f"No counter goes beyond {MOST_VIEWS:,}: it is left out.")
        return None

    def text(self, name: str, value: str | None, most: int = LONGEST_TITLE) -> str | None:
        """A text, cut where it is too long."""
        return None if value is None else self.cut(name, value, most)

    def cut(self, name: str, value: str, most: int = LONGEST_TITLE) -> str:
        """A text that is there, cut where it is too long."""
        if len(value) > most:
            self.note(name, value, f"It has {len(value):,} characters: cut to {most:,}.")
        return value[:most]

    def allows_url(self, name: str, url: str) -> bool:
        """Whether an address can be asked for; a cut one would be another."""
        if len(url) <= LONGEST_URL:
            return True
        self.note(name, url, f"An address of {len(url):,} characters: it is left out.")
        return False

    def allows_page(self, name: str, page: Key) -> bool:
        """Whether a page of an office can have this key."""
        route, key = page
        if fits_key(page):
            return True
        kind = "number" if route in NUMBERED else "key"
        self.note(name, key, f"A {kind} of {len(key):,} characters: the page is left out.")
        return False

    def moment(self, name: str, value: datetime | None) -> datetime | None:
        """A time of posting or upload, None for one that cannot be."""
        if value is None or self.allows_time(value):
            return value
        self.note(name, value.isoformat(), "Before 1995 or after the capture: no day of posting.")
        return None

    def allows_time(self, value: datetime) -> bool:
        """Whether something of an office can have been posted then."""
        return value.tzinfo is not None and FIRST_DAY <= value <= self.at + AHEAD

    def few(self, name: str, values: Iterable[Any]) -> tuple[Any, ...]:
        """Not more parts than any page has."""
        parts = tuple(values)
        if len(parts) > MOST_PARTS:
            why = f"{len(parts):,} of them: the first {MOST_PARTS:,} are kept."
            self.note(name, parts[MOST_PARTS], why)
        return parts[:MOST_PARTS]

    def tell(self) -> tuple[Problem, ...]:
        """All that was found, or so much of it that a person would read."""
        found, left = self.problems[:MOST_PROBLEMS], len(self.problems) - MOST_PROBLEMS
        if left > 0:
            found.append(Problem("problems", f"{left:,} more", "Too many to keep them all."))
        return tuple(found)


def fits_key(page: Key) -> bool:
    """Whether a page's key is one that an office can have: numbers of at most 18 digits."""
    route, key = page
    return len(key) <= (LONGEST_NUMBER if route in NUMBERED else LONGEST_KEY)


def bound_capture(capture: Capture) -> Capture:
    """The record of an answer with every value within its bounds, and problems for what was not."""
    bounds = Bounds(capture.fetched_at)
    bounded = replace(
        capture,
        url=bounds.cut("url", capture.url, LONGEST_URL),
        canonical=bounds.cut("url", capture.canonical, LONGEST_URL),
        page=_bound_page(bounds, "url", capture.page),
        answered_url=bounds.text("answered_url", capture.answered_url, LONGEST_URL),
        answered_page=_bound_page(bounds, "answered_url", capture.answered_page),
        headers=_bound_headers(bounds, capture.headers),
        error=bounds.text("error", capture.error),
        reading=bound_reading(capture.reading, capture.fetched_at) if capture.reading else None,
    )
    return replace(bounded, problems=(*capture.problems, *bounds.tell()))


def _bound_page(bounds: Bounds, name: str, page: Key | None) -> Key | None:
    return page if page and bounds.allows_page(name, page) else None


def _bound_headers(bounds: Bounds, headers: Mapping[str, str]) -> dict[str, str]:
    """Headers as they came; a longer one is left out, since a cut validator would be another."""
    kept: dict[str, str] = {}
    for name, value in headers.items():
        if len(kept) == MOST_HEADERS:
            bounds.note("headers", name, f"Of {len(headers):,} the first {MOST_HEADERS} are kept.")
            break
        if len(name) + len(value) <= LONGEST_HEADER:
            kept[name] = value
        else:
            seen = f"{name}: {value}"
            bounds.note("headers", seen, f"It has {len(seen):,} characters: it is left out.")
    return kept


def bound_reading(reading: Reading, at: datetime) -> Reading:
    """A reading with every value within its bounds, and problems for what was not."""
    bounds = Bounds(at)
    texts: dict[str, Any] = {
        one.name: _bound_text(bounds, one.name, getattr(reading, one.name))
        for one in fields(reading)
        if isinstance(getattr(reading, one.name), str)
    }
    bounded = replace(
        reading,
        **(texts | _bound_published(bounds, reading)),
        writers=tuple(
            bounds.cut("writers", name) for name in bounds.few("writers", reading.writers)
        ),
        views=bounds.count("views", reading.views),
        links=tuple(_bound_links(bounds, reading.links)),
        sightings=tuple(_bound_sightings(bounds, reading.sightings)),
        categories=tuple(_bound_categories(bounds, reading.categories)),
    )
    return replace(bounded, problems=(*reading.problems[:MOST_PROBLEMS], *bounds.tell()))


def _bound_text(bounds: Bounds, name: str, value: str) -> str:
    return bounds.cut(name, value, LONGEST_BODY if name == "body" else LONGEST_TITLE)


def _bound_published(bounds: Bounds, reading: Reading) -> dict[str, Any]:
    """No day of publication where the day of posting cannot be."""
    source, earliest = reading.published_source, reading.published_earliest
    if earliest is None or source not in POSTED_BY:
        return {}
    day = datetime(earliest.year, earliest.month, earliest.day, 12, tzinfo=UTC)
    if bounds.allows_time(day):
        return {}
    bounds.note("published", earliest.isoformat(), "Before 1995 or after the capture: no day.")
    names = ("earliest", "latest", "instant", "precision", "source", "evidence")
    return {f"published_{name}": None for name in names}


def _bound_links(bounds: Bounds, links: Iterable[Link]) -> Iterator[Link]:
    for link in bounds.few("links", links):
        if bounds.allows_url("links", link.url):
            text = bounds.cut("links", link.text)
            yield replace(link, text=text, uploaded=bounds.moment("links", link.uploaded))


def _bound_sightings(bounds: Bounds, sightings: Iterable[Sighting]) -> Iterator[Sighting]:
    for one in bounds.few("sightings", sightings):
        if bounds.allows_page("sightings", one.page) and bounds.allows_url("sightings", one.url):
            yield replace(
                one,
                title=bounds.cut("sightings", one.title),
                views=bounds.count("sightings", one.views),
                created=bounds.moment("created", one.created),
            )


def _bound_categories(bounds: Bounds, categories: Iterable[Category]) -> Iterator[Category]:
    for one in bounds.few("categories", categories):
        number = one.category.isdigit()
        most = LONGEST_NUMBER if number else LONGEST_KEY
        if len(one.category) > most:
            why = f"An id of {len(one.category):,} characters: the category is left out."
            bounds.note("categories", one.category, why)
            continue
        yield replace(one, title=bounds.cut("categories", one.title))
