"""Everything that tells when a page was published, piece by piece; `published` judges it.

A year that was not written is inferred from the other pieces and from the time of the capture,
never from now.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import date as Day
from email.utils import parsedate_to_datetime
from functools import cached_property
from itertools import islice
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil_parser

from kpucrawl.extract.dates.dates import Written, find_dates
from kpucrawl.extract.dates.event import BodyDate
from kpucrawl.extract.html.context import find_host
from kpucrawl.extract.records import Dateline, Event, Evidence, Link

DEFAULT_ZONE = "Asia/Jakarta"

FUTURE = "from the future"
ANCIENT = "from before any office had a website"
INFERRED = "year inferred from "
BY_WEEKDAY = "its weekday and the capture"
"""The least of what a year is inferred from: the weekday recurs every five or six years."""
FRESH = "the time of the answer"
"""Of a `Last-Modified` that the site makes up as it answers."""

ANCHORS = (
    "metadata",
    "printed",
    "address",
    "dateline",
    "event",
    "image",
    "attachment",
    "last-modified",
)
"""What a year is inferred from, the surest first."""
NEAR = timedelta(days=92)
"""How far a day without a year may lie from an anchor."""
BESIDE = timedelta(days=7)
"""Within which a weekday that contradicts is believed to be mistyped."""
FIRST_POSTING_YEAR = 2003
"""The commission's first as it is."""
FIRST_WEBSITE_YEAR = 1995
"""No office had one before: what tells when something was posted cannot be older."""
OF_POSTING = ("metadata", "printed", "address", "image", "attachment", "last-modified")
"""Sources of days of posting; datelines, events and other days of the text may be of any time."""
MOST_BODY_DATES = 20

_FOLDER = re.compile(r"/(?P<year>(?:19|20)\d{2})/(?P<month>0[1-9]|1[0-2])/(?:(?P<day>[0-3]\d)/)?")
_WHOLE_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}")
_WHOLE_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True)
class Clues:
    """What a page offers, as it was found."""

    metadata: Sequence[str] = ()
    """Times for programs, the surest first."""
    printed: str | None = None
    """The line beside the headline."""
    dateline: Dateline | None = None
    event: Event | None = None
    dates: Iterable[BodyDate] = ()
    """All dates of the text, the event's among them."""
    images: Sequence[Link] = ()
    attachments: Sequence[Link] = ()
    url: str = ""
    last_modified: str | None = None
    fetched_at: datetime | None = None
    """Aware; nothing after it is believed."""
    zone: str = DEFAULT_ZONE
    """Decides the day of an instant."""

    @cached_property
    def office(self) -> ZoneInfo:
        """The office's clock."""
        return ZoneInfo(self.zone)

    @property
    def newest(self) -> Day:
        """The last day that can be true."""
        return self.fetched_at.astimezone(self.office).date() if self.fetched_at else Day.max


def collect_evidence(clues: Clues) -> tuple[Evidence, ...]:
    """Every piece with its raw text, what lies after the capture marked as such."""
    pieces = [_mark_ancient(_mark_future(one, clues.newest)) for one in _read_clues(clues)]
    anchors = [
        one for source in ANCHORS for one in pieces if one.source == source and is_believed(one)
    ]
    found = [_infer_year(piece, anchors, clues.newest) for piece in pieces]
    if clues.fetched_at:
        at = clues.fetched_at
        found.append(Evidence("fetched", at.isoformat(), None, clues.newest, at))
    return tuple(found)


def is_believed(piece: Evidence) -> bool:
    """Whether a piece names a day that can be the one asked for."""
    return piece.earliest is not None and not piece.note.endswith((FUTURE, FRESH, ANCIENT))


def _mark_future(piece: Evidence, newest: Day) -> Evidence:
    if piece.earliest is None or piece.earliest <= newest:
        return piece
    return replace(piece, note=", ".join(filter(None, (piece.note, FUTURE))))


def _mark_ancient(piece: Evidence) -> Evidence:
    """`1970-01-01`, `0001-01-01` and the like are what a database holds where no day was set."""
    if piece.source not in OF_POSTING or piece.earliest is None:
        return piece
    return piece if piece.earliest.year >= FIRST_WEBSITE_YEAR else replace(piece, note=ANCIENT)


def _read_clues(clues: Clues) -> Iterator[Evidence]:
    for text in clues.metadata:
        yield _read_metadata(text, clues.office)
    if clues.printed:
        yield _read_printed(clues.printed, "printed", clues.office)
    if folder := _FOLDER.search(_get_path(clues.url)):
        yield _read_folder(folder, "address", clues.url)
    if dateline := clues.dateline:
        yield _read_days("dateline", dateline.raw, dateline.date, dateline.date_end)
    if event := clues.event:
        yield _read_days("event", event.raw, event.date, event.date_end)
    yield from _read_body(clues)
    for source, links in (("image", clues.images), ("attachment", clues.attachments)):
        own = (one for one in links if source == "image" or _is_near(one.url, clues.url))
        yield from (piece for link in own if (piece := _read_upload(source, link, clues.office)))
    if clues.last_modified and (piece := _read_last_modified(clues.last_modified, clues)):
        yield piece


def _is_near(url: str, page: str) -> bool:
    """Whether a document is on the page's own host: what another's is called, be it a law's of the
    commission, says nothing of when the office posted."""
    host, own = find_host(url), find_host(page)
    return not own or host in ("", own)


def _read_days(
    source: str, raw: str, first: Day | None, last: Day | None, note: str = ""
) -> Evidence:
    return Evidence(source, raw, first or last, last or first, note=note)


def _read_instant(source: str, raw: str, instant: datetime, office: ZoneInfo) -> Evidence:
    """An aware instant; its day is the office's."""
    try:
        day = instant.astimezone(office).date()
    except (OverflowError, ValueError):  # 0001-01-01T00:00:00+14:00
        return Evidence(source, raw)
    return Evidence(source, raw, day, day, instant)


def _read_month(source: str, raw: str, year: int, month: int) -> Evidence:
    return Evidence(source, raw, Day(year, month, 1), Day(year, month, monthrange(year, month)[1]))


def _read_metadata(text: str, office: ZoneInfo) -> Evidence:
    """`2024-08-15T10:00:00+07:00`; without an offset it is the office's clock, without a clock a
    day."""
    try:
        moment = dateutil_parser.isoparse(text.strip())
    except (ValueError, OverflowError):
        return _read_printed(text, "metadata", office)
    if ":" in text:
        return _read_instant(
            "metadata", text, moment if moment.tzinfo else moment.replace(tzinfo=office), office
        )
    if _WHOLE_MONTH.fullmatch(text.strip()):
        return _read_month("metadata", text, moment.year, moment.month)
    day = moment.date() if _WHOLE_DAY.fullmatch(text.strip()) else None
    return _read_days("metadata", text, day, None)


def _read_printed(text: str, source: str, office: ZoneInfo) -> Evidence:
    """`Kamis, 26 April 2018 | 10:30 WIB`."""
    found = next((found for found in find_dates(text) if found.date), None)
    if found is None or found.date is None:
        return Evidence(source, text)
    if found.clock is None:
        return _read_days(source, found.raw, found.date, None)
    return _read_instant(source, text, datetime.combine(found.date, found.clock, office), office)


def _read_body(clues: Clues) -> Iterator[Evidence]:
    """The other days of the text; they bound and explain, and date nothing."""
    event = clues.event.raw if clues.event else None
    for date in islice((date for date in clues.dates if date.found.raw != event), MOST_BODY_DATES):
        note = date.role if date.role != "event" else "another day"
        yield _read_days("body", date.found.raw, date.found.date, date.found.date_end, note)


def _read_upload(source: str, link: Link, office: ZoneInfo) -> Evidence | None:
    """The unix time in a file's name, or the folder of its month:
    `/wp-content/uploads/2019/05/rapat.jpg`."""
    if link.uploaded:
        return _read_instant(source, link.url, link.uploaded, office)
    folder = _FOLDER.search(_get_path(link.url))
    return _read_folder(folder, source, link.url) if folder else None


def _read_folder(folder: re.Match[str], source: str, url: str) -> Evidence:
    year, month = int(folder["year"]), int(folder["month"])
    try:
        day = Day(year, month, int(folder["day"])) if folder["day"] else None
    except ValueError:  # /2019/02/31/
        day = None
    return _read_days(source, url, day, None) if day else _read_month(source, url, year, month)


def _get_path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:  # "http://["
        return ""


def _read_last_modified(text: str, clues: Clues) -> Evidence | None:
    """The HTTP date; a day is all it proves."""
    try:
        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        day = moment.astimezone(clues.office).date()
    except (ValueError, OverflowError):
        return None
    fresh = clues.fetched_at is not None and abs(clues.fetched_at - moment) < timedelta(days=1)
    return Evidence("last-modified", text, day, day, note=FRESH if fresh else "")


def _infer_year(piece: Evidence, anchors: Sequence[Evidence], newest: Day) -> Evidence:
    """Give a dateline's or event's day without a year the year that the other pieces leave it."""
    if piece.source not in ("dateline", "event") or piece.earliest:
        return piece
    written = next((found.last or found.first for found in find_dates(piece.raw)), None)
    if written is None or written.year:
        return piece
    inferred = _find_near(written, anchors, newest) or _find_by_weekday(written, newest)
    if inferred is None:
        return piece
    day, source = inferred
    return replace(piece, earliest=day, latest=day, note=f"{INFERRED}{source}")


def _find_near(
    written: Written, anchors: Iterable[Evidence], newest: Day
) -> tuple[Day, str] | None:
    """The day that lies beside the surest piece."""
    for anchor in anchors:
        around = anchor.latest or Day.min
        years = range(max(around.year - 1, 1), min(around.year + 1, 9999) + 1)
        days = [day for year in years if (day := written.find_day(year)) and day <= newest]
        nearest = min(days, key=lambda day: abs(day - around), default=None)
        if nearest is None or abs(nearest - around) > NEAR:
            continue
        if not written.contradicts(nearest.year) or abs(nearest - around) <= BESIDE:
            return nearest, f"the {anchor.source}"
    return None


def _find_by_weekday(written: Written, newest: Day) -> tuple[Day, str] | None:
    """The last day before the capture that had the weekday: the year of `Rabu (28/8)` seen in 2025
    is 2024."""
    if written.weekday is None or newest == Day.max:
        return None
    days = (written.find_day(year) for year in range(newest.year, FIRST_POSTING_YEAR - 1, -1))
    day = next(
        (day for day in days if day and day <= newest and day.weekday() == written.weekday), None
    )
    return (day, BY_WEEKDAY) if day else None
