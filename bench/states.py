"""Time the operator's questions on an invented archive: 552 offices, 500,000 captures, fifty
nights.

    python -m bench.states [FILE]

FILE is made where it is missing, and kept.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from archive.database.engine import open_reader, open_writer, read
from archive.database.models import (
    Capture,
    Category,
    Document,
    Page,
    Reading,
    Run,
    Sighting,
    Site,
    SiteHost,
    Text_,
    Walk,
)
from archive.watch.coverage import count_coverage, list_missing
from archive.watch.health import list_health
from archive.watch.removals import find_removals

OFFICES, PAGES, NIGHTS, REVISITS, CATEGORIES = 552, 300, 50, 5, 7
BEGIN = datetime(2026, 1, 1, 16, tzinfo=UTC)
HEADERS = {
    "Content-Type": "text/html; charset=UTF-8",
    "Server": "nginx",
    "Set-Cookie": "x" * 200,
    "Date": "d" * 30,
}
EMPTY: dict[str, Any] = dict.fromkeys(
    name
    for name in Reading.__table__.columns.keys()  # noqa: SIM118 if name.endswith(("_end", "_date")) or name == "event"
)
READ = {
    "reader_version": "7", "template": "blog", "skeleton": "34468d0e225e", "writers": [], "dateline_flags": [],
    "event_flags": [], "published_flags": [], "dateline": "Surakarta, 1 Januari 2026 -" * 2,
}  # fmt: skip


def fill(connection: Connection) -> None:
    """Insert the archive, a night at a time."""
    connection.execute(insert(Text_), [{"id": 1, "digest": "d", "title": "Rapat", "body": "Pleno"}])
    sites = [
        {"id": n, "code": f"c{n}", "label": f"kab-{n}", "name": f"Kabupaten {n}", "level": "kabupaten",
         "province_code": "33", "timezone": "Asia/Jakarta"} for n in range(1, OFFICES + 1)
    ]  # fmt: skip
    connection.execute(insert(Site), sites)
    hosts = [
        {
            "site_id": n,
            "host": f"kab-{n}.kpu.go.id",
            "status": "guess",
            "first_seen": BEGIN,
            "last_seen": BEGIN,
        }
        for n in range(1, OFFICES + 1)
    ]
    connection.execute(insert(SiteHost), hosts)
    pages = [
        {"id": (site - 1) * PAGES + key, "site_id": site, "route": "blog", "key": str(key), "url": f"https://h/{key}",
         "first_seen": BEGIN} for site in range(1, OFFICES + 1) for key in range(1, PAGES + 1)
    ]  # fmt: skip
    connection.execute(insert(Page), pages)
    ids = iter(range(1, 10**9))
    for night in range(NIGHTS + 1):
        _add_night(connection, night, ids)
    _add_documents(connection, pages)


def _add_night(connection: Connection, night: int, ids: Iterator[int]) -> None:
    at = BEGIN + timedelta(days=night)
    run = {
        "id": night + 1,
        "spider": "semua",
        "arguments": {},
        "version": "1",
        "scheme": "https",
        "started_at": at,
    }
    connection.execute(
        insert(Run),
        [run | {"ended_at": at + timedelta(hours=8), "exit_code": 0, "outcome": "done"}],
    )
    for site in range(1, OFFICES + 1):
        captures = list(_list_captures(night, site, at, ids))
        connection.execute(insert(Capture), captures)
        readings = [
            {**EMPTY, **READ, "capture_id": one["id"], "kind": "article" if one["page_id"] else "listing",
             "text_id": 1 if one["page_id"] else None} for one in captures
        ]  # fmt: skip
        connection.execute(insert(Reading), readings)
        walks = [
            {"run_id": night + 1, "site_id": site, "category": str(c), "pages": 3, "complete": night % 30 == 0,
             "walked_at": at} for c in range(CATEGORIES)
        ]  # fmt: skip
        connection.execute(insert(Walk), walks)
        if night == 0:
            _add_sightings(connection, site, captures, at)


def _list_captures(
    night: int, site: int, at: datetime, ids: Iterator[int]
) -> Iterator[dict[str, Any]]:
    first = (site - 1) * PAGES
    numbers = range(1, PAGES + 1) if night == 0 else range(night * REVISITS, (night + 1) * REVISITS)
    addresses = ["/", *(f"/blog/category/{c}" for c in range(CATEGORIES))]
    for address in addresses:
        items = None if address == "/" else "e" * 64
        yield _make_capture(night, site, at, next(ids), address, None) | {"items_digest": items}
    for number in numbers:
        yield _make_capture(
            night, site, at, next(ids), f"/blog/read/{number}", first + max(number, 1)
        )


def _make_capture(
    night: int, site: int, at: datetime, id_: int, path: str, page: int | None
) -> dict[str, Any]:
    url = f"https://kab-{site}.kpu.go.id{path}"
    return {
        "id": id_, "run_id": night + 1, "site_id": site, "page_id": page, "url": url, "answered_url": url,
        "canonical": path, "fetched_at": at, "status": 200, "headers": HEADERS, "digest": "d" * 64, "tls": "verified",
        "source": "crawl", "items_digest": None,
    }  # fmt: skip


def _add_sightings(
    connection: Connection, site: int, captures: list[dict[str, Any]], at: datetime
) -> None:
    first, last = (site - 1) * PAGES, BEGIN + timedelta(days=NIGHTS)
    rows = [
        {"capture_id": captures[1 + n % CATEGORIES]["id"], "page_id": first + n + 1, "position": n, "title": "Rapat",
         "first_seen": at, "last_seen": last if n % 50 else at} for n in range(PAGES)
    ]  # fmt: skip
    connection.execute(insert(Sighting), rows)
    named = [
        {
            "site_id": site,
            "category": str(c),
            "title": f"Bagian {c}",
            "first_seen": at,
            "last_seen": last,
        }
        for c in range(CATEGORIES)
    ]
    connection.execute(insert(Category), named)


def _add_documents(connection: Connection, pages: list[dict[str, Any]]) -> None:
    dates = [
        BEGIN.date() + timedelta(days=NIGHTS - 3 * (PAGES - 1 - n % PAGES) - n // PAGES % 60)
        for n in range(len(pages))
    ]
    rows = [
        {"page_id": page["id"], "site_id": page["site_id"], "reading_id": 1, "text_id": 1, "published_earliest": day,
         "published_latest": day, "published_source": "dateline", "published_flags": [], "first_seen": BEGIN,
         "last_seen": BEGIN, "captures": 2, "revisions": 1} for page, day in zip(pages, dates, strict=True)
        if page["id"] % 20
    ]  # fmt: skip
    connection.execute(insert(Document), rows)


def main() -> None:
    """Make the archive where it is missing, then time each question."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp() + "/archive.db")
    if not path.exists():
        engine = open_writer(f"sqlite:///{path}", say=print)
        with engine.begin() as connection:
            fill(connection)
        engine.dispose()
    questions: dict[str, Callable[[Connection], object]] = {
        "health": list_health,
        "health --all": lambda connection: list_health(connection),
        "coverage": lambda connection: list(count_coverage(connection)),
        "coverage SITE": lambda connection: list_missing(connection, "c5"),
        "show: removal": lambda connection: find_removals(
            connection, 5, ZoneInfo("Asia/Jakarta"), 4 * PAGES + 7
        ),
    }
    engine = open_reader(f"sqlite:///{path}")
    for name, ask in questions.items():
        with read(engine) as connection:
            began = time.process_time()
            ask(connection)
            print(f"{name:15}{time.process_time() - began:6.2f} s")


if __name__ == "__main__":
    main()
