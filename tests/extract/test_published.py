"""The day of publication and its evidence."""

from datetime import UTC, date, datetime

import pytest

from kpucrawl.extract.published import estimate_published
from kpucrawl.extract.records import Dateline, Event, Image

IMAGE = Image("https://x/images/1.jpg", uploaded=datetime(2021, 5, 3, 16, 30, tzinfo=UTC))
EVENT = Event("(2/5/2021)", date(2021, 5, 2))
DATELINE = Dateline("Ngawi, 4 Mei 2021", "Ngawi", date=date(2021, 5, 4))


def test_order_of_evidence() -> None:
    """The page's own word comes first, then dateline, event, image and the server's header."""
    evidence = {
        "metadata": "2021-05-06T01:00:00+07:00",
        "printed": "Rabu, 5 Mei 2021",
        "dateline": DATELINE,
        "event": EVENT,
        "images": (IMAGE,),
        "last_modified": "Sat, 01 May 2021 10:00:00 GMT",
    }
    sources = []
    for key in list(evidence):
        published = estimate_published(**evidence)
        sources.append((published.source, published.earliest.day))
        del evidence[key]
    assert sources == [
        ("metadata", 6),
        ("printed", 5),
        ("dateline", 4),
        ("event", 2),
        ("image", 3),
        ("last-modified", 1),
    ]
    assert estimate_published() is None


@pytest.mark.parametrize(("zone", "day"), [("Asia/Jakarta", 3), ("Asia/Makassar", 4), ("Asia/Jayapura", 4)])
def test_office_zone_decides_the_day(zone: str, day: int) -> None:
    """Half past eleven at night in Jakarta is the next day further east."""
    published = estimate_published(images=[IMAGE], zone=zone)
    assert published is not None
    assert (published.earliest.day, published.instant) == (day, IMAGE.uploaded)


def test_the_future_is_not_believed() -> None:
    """Evidence later than the fetch gives way to the next."""
    published = estimate_published(dateline=DATELINE, event=EVENT, fetched_at=datetime(2021, 5, 3, tzinfo=UTC))
    assert published is not None
    assert published.source == "event"


def test_printed_clock_is_the_offices() -> None:
    """A printed clock time is an instant in the office's zone."""
    published = estimate_published(printed="5 Mei 2021 | 10:30 WITA", zone="Asia/Makassar")
    assert published is not None and published.instant is not None
    assert published.instant.astimezone(UTC).hour == 2


@pytest.mark.parametrize("text", ["", "kapan-kapan", "0000-00-00", "99999999999", "Mon, 99 Foo 2021"])
def test_nonsense_is_nothing(text: str) -> None:
    """Unreadable evidence is none."""
    assert estimate_published(metadata=text, printed=text, last_modified=text) is None
