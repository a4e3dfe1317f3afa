"""Under which hosts offices are, were and may be: what was configured, seen, tried and answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from archive.database.models import HostSighting, HostTry, Site, SiteHost

Row = dict[str, Any]
Attribute = Callable[[str, str, str], str | None]
"""From a host, the words of its link and the code of the office that showed it (empty unless it
led there itself) to the code of the office whose host it is."""


@dataclass(slots=True)
class KnownHost:
    """What is known of one host of one office."""

    code: str
    host: str
    configured: datetime | None = None
    """Since when it is, or was, in the office list."""
    shown_by: set[str] = field(default_factory=set)
    """Offices whose pages link it, by code."""
    places: set[str] = field(default_factory=set)
    seen: datetime | None = None
    seen_last: datetime | None = None
    tried_last: datetime | None = None
    resolved: datetime | None = None
    """Since when its name resolves: never where only a failed look-up is known."""
    answered: datetime | None = None
    said: str = ""
    """What it first answered, else why it did not."""


def find_hosts(connection: Connection, attribute: Attribute) -> list[KnownHost]:
    """All hosts of all offices, in the order of their codes."""
    found: dict[tuple[str, str], KnownHost] = {}

    def get(code: str, host: str) -> KnownHost:
        return found.setdefault((code, host), KnownHost(code, host))

    for code, row in _read(connection, SiteHost):
        get(code, row.host).configured = row.first_seen
    for code, row in _read(connection, HostTry):
        _note_try(get(code, row.host), row)
    for code, row in _read(connection, HostSighting):
        owner = attribute(row.host, row.text, code if row.place == "redirect" else "")
        if owner is not None:
            _note_sighting(get(owner, row.host), code, row)
    return sorted(found.values(), key=lambda one: (one.code, one.configured is None, one.host))


def _read(connection: Connection, model: Any) -> Iterator[tuple[str, Any]]:
    columns = select(Site.code, *model.__table__.columns).join(Site, Site.id == model.site_id)
    for row in connection.execute(columns.order_by(model.first_seen)):
        yield row.code, row


def _note_try(known: KnownHost, row: Any) -> None:
    known.tried_last = max(known.tried_last or row.last_seen, row.last_seen)
    if row.outcome == "answered":
        known.answered, known.said = row.first_seen, row.said
    elif known.answered is None:
        known.said = row.said
    if row.outcome != "unresolved":
        known.resolved = min(known.resolved or row.first_seen, row.first_seen)


def _note_sighting(known: KnownHost, code: str, row: Any) -> None:
    known.shown_by.add(code)
    known.places.add(row.place)
    known.seen = min(known.seen or row.first_seen, row.first_seen)
    known.seen_last = max(known.seen_last or row.last_seen, row.last_seen)


def group_hosts(hosts: list[KnownHost]) -> dict[str, list[KnownHost]]:
    """Hosts by the code of their office."""
    grouped: dict[str, list[KnownHost]] = defaultdict(list)
    for one in hosts:
        grouped[one.code].append(one)
    return grouped
