"""Hiding articles from everybody who asks, and showing them again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, select

from archive.database.engine import ArchiveError
from archive.database.models import Page, SameAs, Site, Withheld
from archive.database.sql import insert_new
from archive.derive.changes import note_changes
from archive.names import PagePlace, find_any_page, name_page
from archive.read.articles import find_copies

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Why:
    """Who wants an article withheld, why, and since when."""

    reason: str
    who: str
    at: datetime


def withhold_page(connection: Connection, name: str, why: Why) -> PagePlace:
    """Hide a page at once; a reason that was given before stays, with its time."""
    place = find_any_page(connection, name)
    row = {"page_id": place.page_id, "reason": why.reason, "who": why.who, "withheld_at": why.at}
    insert_new(connection, Withheld, [row])
    note_changes(connection, [place.page_id])
    return place


def lift(connection: Connection, name: str) -> PagePlace:
    """Show a page again. Raise ArchiveError for one that is not withheld, or was erased."""
    place, row = find_withheld(connection, name)
    if row.erased_at is not None:
        raise ArchiveError(
            f"{place.name} was erased on {row.erased_at:%Y-%m-%d}: nothing is left to show"
        )
    connection.execute(delete(Withheld).where(Withheld.page_id == place.page_id))
    note_changes(connection, [place.page_id])
    return place


def find_withheld(connection: Connection, name: str) -> tuple[PagePlace, Any]:
    """A page that is withheld, with its row. Raise ArchiveError for another."""
    place = find_any_page(connection, name)
    query = select(*Withheld.__table__.columns).where(Withheld.page_id == place.page_id)
    row = connection.execute(query).first()
    if row is None:
        raise ArchiveError(f"{place.name} is not withheld")
    return place, row


def list_withheld(connection: Connection) -> Iterator[Row]:
    """What is withheld, the last first, in the offices' zones."""
    query = (
        select(Site.label, Page.route, Page.key, Site.timezone)
        .add_columns(Withheld.reason, Withheld.who, Withheld.withheld_at, Withheld.erased_at)
        .join_from(Withheld, Page, Page.id == Withheld.page_id)
        .join(Site, Site.id == Page.site_id)
        .order_by(Withheld.withheld_at.desc(), Withheld.page_id.desc())
    )
    for row in connection.execute(query):
        zone = ZoneInfo(row.timezone)
        yield {
            "page": name_page(row.label, row.route, row.key),
            "reason": row.reason,
            "who": row.who,
            "withheld_at": row.withheld_at.astimezone(zone),
            "erased_at": row.erased_at and row.erased_at.astimezone(zone),
        }


def list_alike(connection: Connection, place: PagePlace) -> list[str]:
    """The pages that show the same article and are not withheld by it: copies of its text, and
    addresses that lead to it."""
    copies = [row["page"] for row in find_copies(connection, place.page_id)]
    leading = (
        select(Site.label, Page.route, Page.key)
        .join_from(SameAs, Page, Page.id == SameAs.page_id)
        .join(Site, Site.id == Page.site_id)
        .outerjoin(Withheld, Withheld.page_id == Page.id)
        .where(SameAs.other_page_id == place.page_id, Withheld.page_id.is_(None))
        .order_by(Page.id)
    )
    found = [name_page(*row) for row in connection.execute(leading)]
    return list(dict.fromkeys([*copies, *found]))
