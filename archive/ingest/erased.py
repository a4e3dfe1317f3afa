"""What comes again of pages that were erased: of them nothing is kept but how they answered, and
the digest of that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from archive.records import Capture, Key, Problem, Reading
from archive.withheld import ErasedPages, shorten_address


def is_erased(site: str, page: Key | None, erased: ErasedPages) -> bool:
    """Whether a page of the office with this code was erased."""
    return page is not None and (site, *page) in erased


def keeps_nothing(capture: Capture, erased: ErasedPages) -> bool:
    """Whether the bytes are those of an erased page, or of a listing that shows one."""
    if not erased:
        return False
    if _find_erased(capture, erased):
        return True
    shown = capture.reading.sightings if capture.reading else ()
    is_listing = capture.page is None
    return is_listing and any(is_erased(capture.site, one.page, erased) for one in shown)


def strip_capture(capture: Capture, erased: ErasedPages) -> Capture:
    """A capture without what tells of erased pages; its body stays, to be digested."""
    if not erased:
        return capture
    page, reading = _find_erased(capture, erased), capture.reading
    if reading is not None:
        reading = strip_shown(reading, capture.site, erased)
    if page is None:
        return replace(capture, reading=reading)
    answered = capture.answered_url
    url = shorten_address(capture.url, page[1])
    return replace(
        capture,
        url=url,
        answered_url=answered and shorten_address(answered, page[1]),
        headers={},
        error=capture.error and capture.error.replace(capture.url, url),
        problems=_strip_problems(capture.problems),
        reading=strip_own(reading) if reading else None,
        digests=None,
    )


def strip_own(reading: Reading) -> Reading:
    """What was read of an erased page, without its text: what it is."""
    return Reading(
        reading.reader_version,
        reading.kind,
        reading.template,
        reading.skeleton,
        problems=_strip_problems(reading.problems),
        marks=reading.marks,
        layout=reading.layout,
        layout_group=reading.layout_group,
    )


def strip_shown(reading: Reading, site: str, erased: ErasedPages) -> Reading:
    """What was read of another page, without the titles of erased ones that it shows and links."""
    gone = {one.url: one.page for one in reading.sightings if is_erased(site, one.page, erased)}
    if not gone:
        return reading
    sightings = tuple(
        replace(one, title="", url=shorten_address(one.url, one.page[1]))
        if one.url in gone
        else one
        for one in reading.sightings
    )
    links = tuple(
        replace(one, text="", url=shorten_address(one.url, gone[one.url][1]))
        if one.url in gone
        else one
        for one in reading.links
    )
    return replace(reading, sightings=sightings, links=links)


def _find_erased(capture: Capture, erased: ErasedPages) -> Key | None:
    """The erased page whose bytes these are: the one asked for, or the one that answered."""
    pages = (capture.page, capture.answered_page)
    return next((page for page in pages if page and is_erased(capture.site, page, erased)), None)


def _strip_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(replace(problem, seen="") for problem in problems)
