"""Invented offices and captures for the archive's tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, text

from archive.database import engine as db
from archive.ingest.digests import digest_text
from archive.ingest.writer import begin_run, save_batch, upsert_offices
from archive.records import Capture, Office, Problem, Reading, RunStart, Sighting

NOON = datetime(2025, 11, 3, 5, 0, tzinfo=UTC)
SURAKARTA = Office(
    "33.72",
    "kota-surakarta",
    "Kota Surakarta",
    "kota",
    "33",
    "Asia/Jakarta",
    "kota-surakarta.kpu.go.id",
    "seen",
)
CILACAP = Office(
    "33.01",
    "kab-cilacap",
    "Kabupaten Cilacap",
    "kabupaten",
    "33",
    "Asia/Jakarta",
    "kab-cilacap.kpu.go.id",
    "seen",
)
HOSTS = {office.code: office.host for office in (SURAKARTA, CILACAP)}
BODY = "Surakarta – KPU Kota Surakarta menggelar rapat pleno terbuka. " + " ".join(
    f"Kalimat ke-{n}." for n in range(30)
)
CHROME = "".join(
    f'<li class="menu-{n}"><a href="/blog/category/{n * 7}">Bagian {n * n}</a></li>\n'
    for n in range(300)
)


def at(minutes: float) -> datetime:
    """A time so many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def begin(engine: Engine) -> int:
    """Two offices and a run."""
    upsert_offices(engine, [SURAKARTA, CILACAP], NOON)
    return begin_run(engine, RunStart("semua", {"depth": "full"}, "0.1.0", "https", None, NOON))


def render(title: str, body: str, views: int) -> bytes:
    """A page of some 25 kB with a counter."""
    middle = f"<h1>{title}</h1><p>{body}</p><span>Telah dilihat {views} kali</span>"
    return f"<html><body><ul>{CHROME}</ul>{middle}</body></html>".encode("utf-8", "replace")


def make_article(
    number: int,
    minutes: float = 0,
    *,
    views: int = 1,
    title: str = "",
    body: str = BODY,
    **changes: Any,
) -> Capture:
    """A capture of an article. `changes` go to the reading, where it has such a field, or else to
    the capture."""
    title = title or f"Rapat Pleno {number}"
    of_reading = {
        name: changes.pop(name) for name in list(changes) if name in Reading.__dataclass_fields__
    }
    reading = Reading(
        "1",
        "article",
        "current",
        "s1",
        title,
        body,
        views=views,
        published_earliest=date(2025, 11, 1),
    )
    site = changes.pop("site", SURAKARTA.code)
    capture = Capture(
        site=site,
        url=f"https://{HOSTS[site]}/blog/read/{number}_rapat",
        canonical=f"/blog/read/{number}",
        fetched_at=at(minutes),
        page=("blog", str(number)),
        status=200,
        headers={"Content-Type": "text/html"},
        body=render(title, body, views),
        tls="verified",
        reading=replace(reading, **of_reading),
        digests=digest_text(title, body, body),
    )
    return replace(capture, **changes)


def make_listing(
    items: Sequence[tuple[int, str, int | None]],
    minutes: float = 0,
    *,
    page: int = 1,
    **changes: Any,
) -> Capture:
    """A capture of a page of category 104 that shows these (number, title, views)."""
    site = changes.pop("site", SURAKARTA.code)
    sightings = tuple(
        Sighting(
            ("blog", str(number)),
            f"http://{HOSTS[site]}:80/blog/read/{number}_rapat#isi",
            title,
            views,
        )
        for number, title, views in items
    )
    body = "".join(f"{views}<h3>{title}</h3>" for _, title, views in items)
    capture = Capture(
        site=site,
        url=f"https://{HOSTS[site]}/blog/category/104?page={page}",
        canonical=f"/blog/category/104?page={page}",
        fetched_at=at(minutes),
        status=200,
        body=render("Berita Terkini", body, 0),
        reading=Reading("1", "listing", "current", "s2", sightings=sightings),
    )
    return replace(capture, **changes)


def save(engine: Engine, run_id: int, *captures: Any) -> None:
    """Save records as one batch."""
    with engine.begin() as connection:
        save_batch(connection, run_id, captures)


def read_rows(engine: Engine, *columns: Any) -> list[tuple[Any, ...]]:
    """Read columns of a table in the order of its rows."""
    with db.read(engine) as connection:
        return [
            tuple(row)
            for row in connection.execute(select(*columns).order_by(columns[0].class_.id))
        ]


def run_sql(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    """Read rows by SQL."""
    with db.read(engine) as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


DOUBT = Problem("published", "31 November", "there is no such day")
