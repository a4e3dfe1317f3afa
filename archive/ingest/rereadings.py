"""What was learnt of offices' templates, and what was read anew by it, becomes rows.

The earlier readings stay. What follows from the reading of a capture (what it is, its counters, the
links of its page) is made anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, select

from archive.database.models import (
    Capture,
    Layout,
    Link,
    Reading,
    Run,
    Sighting,
    UtcTime,
    ViewCount,
)
from archive.database.sql import cut_chunks, insert_new, replace_rows
from archive.derive.documents import refresh_documents
from archive.ingest.erased import is_erased, strip_own, strip_shown
from archive.ingest.pages import PageIds, SeenPage, save_pages
from archive.ingest.readings import ReadCapture, insert_readings, save_shown
from archive.records import LearntLayout, PageReread
from archive.records import Sighting as Shown
from archive.watch.visits import name_captures
from archive.withheld import find_erased


def save_layouts(
    connection: Connection, sites: Mapping[str, int], layouts: Iterable[LearntLayout]
) -> None:
    """Keep layouts; one that is known is noted as learnt again."""
    for one in layouts:
        site_id = sites[one.site]
        known = and_(Layout.site_id == site_id, Layout.digest == one.digest)
        first = connection.scalar(select(Layout.learnt_at).where(known))
        row = {
            "site_id": site_id,
            "digest": one.digest,
            "content": one.content,
            "group_count": one.group_count,
            "reader_version": one.reader_version,
            "captures": list(one.captures),
            "pages": one.pages,
            "borrowed_from": one.borrowed_from,
            "learnt_at": first or one.learnt_at,
            "checked_at": one.learnt_at,
        }
        replace_rows(connection, Layout, [row], ["site_id", "digest"])


def save_reread(
    connection: Connection,
    sites: Mapping[str, int],
    reread: Sequence[PageReread],
    *,
    run_id: int,
    derives: bool = True,
) -> None:
    """Save what was read anew of pages and listings, in the caller's transaction. Saving it again
    changes nothing."""
    started_at = connection.scalar(select(Run.started_at).where(Run.id == run_id))
    read = list(_list_read(connection, sites, reread, started_at))
    if not read:
        return
    pages = save_pages(connection, _list_seen(read))
    insert_readings(connection, _leave_known(connection, read))
    name_captures(connection, [one.id for one in read])
    _forget_views(connection, read)
    _forget_links(connection, read, pages)
    save_shown(connection, read, pages)
    _add_sightings(connection, [one for one in read if one.page is None], pages)
    if derives:
        refresh_documents(connection, pages.values())


def _list_read(
    connection: Connection,
    sites: Mapping[str, int],
    reread: Sequence[PageReread],
    started_at: datetime | None,
) -> Iterator[ReadCapture]:
    """The captures with what was read of them, those of a page in time order."""
    ids = [one.capture for page in reread for one in page.readings]
    captured: dict[int, Any] = {}
    for chunk in cut_chunks(ids):
        query = select(Capture.id, Capture.run_id, Capture.fetched_at).where(Capture.id.in_(chunk))
        captured |= {row.id: row for row in connection.execute(query)}
    erased = find_erased(connection)
    for page in reread:
        is_gone = is_erased(page.site, page.page, erased)
        for one in page.readings:
            row = captured[one.capture]
            reading = strip_shown(one.reading, page.site, erased)
            yield ReadCapture(
                one.capture,
                row.run_id,
                sites[page.site],
                page.page,
                row.fetched_at,
                strip_own(reading) if is_gone else reading,
                None if is_gone else one.digests,
                page.read_at or started_at,
            )


def _list_seen(read: Sequence[ReadCapture]) -> Iterator[SeenPage]:
    """The pages that are shown, then those read, which are known already."""
    for one in reversed(read):
        for shown in reversed(one.reading.sightings):
            yield SeenPage(one.site_id, shown.page, shown.url, one.fetched_at)
    for one in read:
        if one.page is not None:
            yield SeenPage(one.site_id, one.page, "", one.fetched_at)


def _leave_known(connection: Connection, read: Sequence[ReadCapture]) -> list[ReadCapture]:
    """Those that this reader has not read by this layout before."""
    known: set[tuple[int, str, str]] = set()
    for chunk in cut_chunks([one.id for one in read]):
        columns = Reading.capture_id, Reading.reader_version, Reading.layout
        rows = connection.execute(select(*columns).where(Reading.capture_id.in_(chunk)))
        known |= {(row[0], row[1], row[2]) for row in rows}
    return [
        one for one in read if (one.id, one.reading.reader_version, one.reading.layout) not in known
    ]


def _forget_views(connection: Connection, read: Sequence[ReadCapture]) -> None:
    """Leave out the counters that earlier readings of these captures took from them."""
    for chunk in cut_chunks([one.id for one in read]):
        connection.execute(delete(ViewCount).where(ViewCount.capture_id.in_(chunk)))


def _forget_links(connection: Connection, read: Sequence[ReadCapture], pages: PageIds) -> None:
    """Leave out the links that these captures, which are all of their pages, showed to earlier
    readings."""
    times: dict[int, list[ReadCapture]] = {}
    for one in read:
        if one.page is not None:
            times.setdefault(pages[one.site_id, one.page], []).append(one)
    rows = [
        {
            "of_page": page_id,
            "since": min(one.fetched_at for one in ones),
            "until": max(one.fetched_at for one in ones),
        }
        for page_id, ones in times.items()
    ]
    if rows:
        shown = and_(
            Link.page_id == bindparam("of_page"),
            Link.first_seen >= bindparam("since", type_=UtcTime),
            Link.last_seen <= bindparam("until", type_=UtcTime),
        )
        connection.execute(
            delete(Link).where(shown), rows, execution_options={"synchronize_session": False}
        )


def _add_sightings(connection: Connection, listings: Sequence[ReadCapture], pages: PageIds) -> None:
    """Add what listings show and earlier readings of them did not find, behind what they did."""
    owners = _find_owners(connection, [one.id for one in listings])
    known: dict[int, set[int]] = {}
    for capture_id, page_id in connection.execute(
        select(Sighting.capture_id, Sighting.page_id).where(
            Sighting.capture_id.in_(owners.values())
        )
    ):
        known.setdefault(capture_id, set()).add(page_id)
    places = dict(
        connection.execute(
            select(Sighting.capture_id, func.max(Sighting.position))
            .where(Sighting.capture_id.in_(owners.values()))
            .group_by(Sighting.capture_id)
        ).all()
    )
    rows = []
    for one in listings:
        owner = owners[one.id]
        seen = known.setdefault(owner, set())
        for shown in one.reading.sightings:
            page_id = pages[one.site_id, shown.page]
            if page_id not in seen:
                seen.add(page_id)
                places[owner] = places.get(owner, -1) + 1
                rows.append(_make_sighting(one, owner, page_id, places[owner], shown))
    insert_new(connection, Sighting, rows)


def _find_owners(connection: Connection, capture_ids: Collection[int]) -> dict[int, int]:
    """The captures whose sightings tell what these show: their own, or earlier ones that they
    repeat."""
    owner = func.coalesce(Capture.same_items_id, Capture.id)
    query = select(Capture.id, owner).where(Capture.id.in_(capture_ids))
    return dict(connection.execute(query).all())


def _make_sighting(
    one: ReadCapture, owner: int, page_id: int, place: int, shown: Shown
) -> dict[str, object]:
    return {
        "capture_id": owner,
        "page_id": page_id,
        "position": place,
        "title": shown.title,
        "views": shown.views,
        "created": shown.created,
        "first_seen": one.fetched_at,
        "last_seen": one.fetched_at,
    }
