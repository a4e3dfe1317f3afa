"""When an article was published, as far as its page tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Day
from datetime import datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from dateutil import parser as dateutil_parser

from kpucrawl.extract.dates import find_dates
from kpucrawl.extract.records import Dateline, Event, Image, Published

DEFAULT_ZONE = "Asia/Jakarta"


def estimate_published(
    *,
    metadata: str | None = None,
    printed: str | None = None,
    dateline: Dateline | None = None,
    event: Event | None = None,
    images: Sequence[Image] = (),
    last_modified: str | None = None,
    fetched_at: datetime | None = None,
    zone: str = DEFAULT_ZONE,
) -> Published | None:
    """The best evidence there is, None when there is none.

    In order: `metadata` (ISO 8601), a `printed` line of the page, the dateline, the event, the first image's upload
    time, the HTTP `Last-Modified`. `zone` decides the day of an instant. Nothing after `fetched_at` is believed.
    """
    office = ZoneInfo(zone)
    uploaded = next((image for image in images if image.uploaded), None)
    guesses = (
        _read_metadata(metadata, office),
        _read_printed(printed, office),
        _from_day(dateline.date, "dateline", dateline.raw) if dateline else None,
        _from_day(event.date_end or event.date, "event", event.raw) if event else None,
        _from_instant(uploaded.uploaded, "image", uploaded.url, office) if uploaded else None,
        _read_last_modified(last_modified, office),
    )
    newest = fetched_at.astimezone(office).date() if fetched_at else Day.max
    return next((guess for guess in guesses if guess and guess.earliest <= newest), None)


def _from_day(day: Day | None, source: str, evidence: str) -> Published | None:
    return Published(day, day, "day", source, evidence) if day else None


def _from_instant(instant: datetime | None, source: str, evidence: str, office: ZoneInfo) -> Published | None:
    """An aware instant; its day is the office's."""
    if instant is None:
        return None
    try:
        day = instant.astimezone(office).date()
    except (OverflowError, ValueError):
        return None
    return Published(day, day, "instant", source, evidence, instant)


def _read_metadata(text: str | None, office: ZoneInfo) -> Published | None:
    """`2024-08-15T10:00:00+07:00`; without an offset it is the office's clock, without a clock a day."""
    if not text:
        return None
    try:
        moment = dateutil_parser.isoparse(text.strip())
    except (ValueError, OverflowError):
        return _read_printed(text, office, source="metadata")
    if ":" not in text:
        return _from_day(moment.date(), "metadata", text)
    return _from_instant(moment if moment.tzinfo else moment.replace(tzinfo=office), "metadata", text, office)


def _read_printed(text: str | None, office: ZoneInfo, *, source: str = "printed") -> Published | None:
    """`Kamis, 26 April 2018 | 10:30 WIB`."""
    found = next((found for found in find_dates(text or "") if found.date), None)
    if found is None or found.date is None:
        return None
    if found.clock is None:
        return _from_day(found.date, source, found.raw)
    return _from_instant(datetime.combine(found.date, found.clock, office), source, text or "", office)


def _read_last_modified(text: str | None, office: ZoneInfo) -> Published | None:
    """The HTTP date; a day is all it proves."""
    try:
        moment = parsedate_to_datetime(text) if text else None
        return _from_day(moment.astimezone(office).date(), "last-modified", text or "") if moment else None
    except (ValueError, OverflowError):
        return None
