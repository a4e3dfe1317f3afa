"""What captures tell of hosts becomes rows: hosts seen, hosts tried, links that outlive a move."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from archive.addresses import find_place, read_host
from archive.database.models import HostSighting, HostTry, Link, SiteHost
from archive.database.sql import Row, cut_chunks, extend_ranges
from archive.records import Capture
from archive.records import HostSighting as SeenHost
from archive.records import HostTry as TriedHost
from archive.watch.verdicts import HOME

LONGEST_HOST = 253
"""Characters of a host name, as DNS has it: what is longer is none."""
LONGEST_TEXT = 200
"""Characters kept of a link's words, and of what came of a try."""

Shown = tuple[int, int, Capture]
"""An office, and a capture with its row."""


def save_sightings(connection: Connection, shown: Iterable[Shown]) -> None:
    """Keep the hosts that pages link, from the first capture that showed each to the last."""
    rows: dict[tuple[int, str, str], Row] = {}
    for site_id, capture_id, capture in shown:
        for seen in _list_seen(capture):
            if len(seen.host) <= LONGEST_HOST:
                row = _make_sighting(site_id, capture_id, capture.fetched_at, seen)
                _widen(rows, (site_id, seen.host, seen.place), row)
    extend_ranges(connection, HostSighting, _sort(rows), ["site_id", "host", "place"])


def _list_seen(capture: Capture) -> Iterator[SeenHost]:
    """The hosts that a capture shows: those its page links, and the one its home page leads to."""
    yield from capture.reading.hosts if capture.reading else ()
    host = read_host(capture.answered_url or "")
    if capture.canonical == HOME and host and host != read_host(capture.url):
        yield SeenHost(host, "redirect")


def _make_sighting(site_id: int, capture_id: int, at: datetime, seen: SeenHost) -> Row:
    return {
        "site_id": site_id,
        "host": seen.host,
        "place": seen.place,
        "text": seen.text[:LONGEST_TEXT],
        "capture_id": capture_id,
        "first_seen": at,
        "last_seen": at,
    }


def save_tries(
    connection: Connection, sites: Mapping[str, int], tries: Iterable[TriedHost]
) -> None:
    """Keep what came of asking hosts, from the first time to the last."""
    rows: dict[tuple[int, str, str], Row] = {}
    for one in tries:
        row: Row = {
            "site_id": sites[one.site],
            "host": one.host,
            "outcome": one.outcome,
            "said": one.said[:LONGEST_TEXT],
            "first_seen": one.at,
            "last_seen": one.at,
        }
        _widen(rows, (row["site_id"], one.host, one.outcome), row)
    extend_ranges(connection, HostTry, _sort(rows), ["site_id", "host", "outcome"])


def _widen(rows: dict[tuple[int, str, str], Row], key: tuple[int, str, str], row: Row) -> None:
    """Add a row, or its time to the range of the one that is there: the earliest stays."""
    known = rows.setdefault(key, row)
    first = min(known, row, key=lambda one: one["first_seen"])
    last = max(known["last_seen"], row["last_seen"])
    rows[key] = first | {"last_seen": last}


def _sort(rows: Mapping[tuple[int, str, str], Row]) -> list[Row]:
    return [rows[key] for key in sorted(rows)]


def settle_links(
    connection: Connection, site_ids: Collection[int], links: Sequence[Row]
) -> list[Row]:
    """The links of articles, those under the address that they were first seen under, of which
    only the office's host differs: a move doubles nothing."""
    hosts = _find_hosts(connection, site_ids)
    if not hosts or not links:
        return list(links)
    known = _find_known(connection, {row["page_id"] for row in links}, hosts)
    settled = []
    for row in links:
        place = find_place(row["url"], hosts)
        url = known.setdefault((row["page_id"], row["kind"], place), row["url"]) if place else None
        settled.append(row | {"url": url or row["url"]})
    return settled


def _find_hosts(connection: Connection, site_ids: Collection[int]) -> frozenset[str]:
    """All hosts of those among these offices that had several."""
    several = select(SiteHost.site_id).where(SiteHost.site_id.in_(site_ids))
    several = several.group_by(SiteHost.site_id).having(func.count() > 1)
    return frozenset(connection.scalars(select(SiteHost.host).where(SiteHost.site_id.in_(several))))


def _find_known(
    connection: Connection, page_ids: Collection[int], hosts: Collection[str]
) -> dict[tuple[int, str, str | None], str]:
    """The addresses of these pages' links to their own office, the first seen of each."""
    found: dict[tuple[int, str, str | None], str] = {}
    for chunk in cut_chunks(sorted(page_ids)):
        query = select(Link.page_id, Link.kind, Link.url).where(Link.page_id.in_(chunk))
        for page_id, kind, url in connection.execute(query.order_by(Link.id)):
            if place := find_place(url, hosts):
                found.setdefault((page_id, kind, place), url)
    return found
