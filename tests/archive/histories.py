"""Invented histories: what runs met at offices, night after night."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, select

from archive.database.models import Site
from archive.ingest.writer import begin_run, save_batch, upsert_offices
from archive.records import Capture, Problem, Reading, RunStart, VisitEnd, Walk
from archive.watch.visits import derive_visits
from tests.archive.making import CILACAP, HOSTS, NOON, SURAKARTA, make_article, make_listing

CHALLENGE = Reading(
    "1",
    "maintenance",
    "current",
    "s9",
    problems=(Problem("access", "Just a moment", "turned away"),),
)
NOTICE = Reading("1", "maintenance", "current", "s9")
SOFT_404 = Reading("1", "missing", "current", "s9")
NO_HOST = "the host name does not resolve: kota-surakarta.kpu.go.id"
BRIEF = "Cilacap – Rapat."


def night(day: float) -> datetime:
    """Noon so many days after the first."""
    return NOON + timedelta(days=day)


def make_home(site: str = SURAKARTA.code, **changes: Any) -> Capture:
    """A capture of the home page."""
    url = f"https://{HOSTS[site]}/"
    home = Capture(
        site,
        url,
        "/",
        NOON,
        answered_url=url,
        status=200,
        reading=Reading("1", "home", "current", "s0"),
    )
    return replace(home, **changes)


def post(number: int, **changes: Any) -> Capture:
    """A short article with a text of its own."""
    return make_article(number, body=f"{BRIEF} {number}", **changes)


def list_posts(*numbers: int, **changes: Any) -> Capture:
    """A listing of articles."""
    return make_listing([(number, f"Rapat Pleno {number}", None) for number in numbers], **changes)


def spoil(
    capture: Capture,
    status: int | None = None,
    *,
    error: str | None = None,
    reading: Reading | None = None,
    to: str = "",
) -> Capture:
    """The same request with another end: a status, an error, or another page in its place."""
    changes: dict[str, Any] = {
        "status": status,
        "error": error,
        "reading": reading,
        "body": None,
        "digests": None,
    }
    return replace(capture, **changes, answered_url=to or capture.url)


def visit(
    engine: Engine,
    day: float,
    *captures: Capture,
    arguments: Mapping[str, str] | None = None,
    walked: str = "",
    killed: bool = False,
) -> int:
    """One run, a second between its captures; `walked` is the category that it walked to the
    end; a run that was `killed` did not judge its visits."""
    at = night(day)
    upsert_offices(engine, [SURAKARTA, CILACAP], at)
    run = begin_run(engine, RunStart("semua", arguments or {}, "0.1.0", "https", None, at))
    records: list[Capture | Walk] = [
        replace(capture, fetched_at=at + timedelta(seconds=place))
        for place, capture in enumerate(captures)
    ]
    if walked:
        records.append(Walk(SURAKARTA.code, walked, 1, True, at + timedelta(seconds=len(captures))))
    with engine.begin() as connection:
        save_batch(connection, run, records)
        end_visits(connection, run, at, {capture.site for capture in captures}, killed)
    return run


def end_visits(
    connection: Connection, run: int, at: datetime, sites: Collection[str], killed: bool
) -> None:
    """Judge the visits of a run as its end does, or leave that to the next one."""
    if killed:
        return
    ends = [VisitEnd(site, at, at, 0, "", {}) for site in sites]
    save_batch(connection, run, ends)
    codes = select(Site.id).where(Site.code.in_(sites))
    derive_visits(connection, connection.scalars(codes).all())
