"""What the archive knows of an address from before, asked for a whole batch in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Integer
from sqlalchemy.types import TypeEngine

from archive.database.models import CleanText, UtcTime, digest_text
from archive.database.sql import select_asked
from archive.records import Capture

ASKED: Mapping[str, TypeEngine[Any]] = {
    "place": Integer(),
    "site_id": Integer(),
    "canonical": CleanText(),
    "fetched_at": UtcTime(),
    "url": CleanText(),
}
EARLIER = """
WITH asked (place, site_id, canonical, fetched_at, url) AS (VALUES {asked})
SELECT
    same.id,
    listing.items_digest,
    coalesce(listing.same_items_id, listing.id),
    CASE
        WHEN EXISTS (
            SELECT 1 FROM captures AS one
            WHERE one.blob_id = blobs.reference_id
                AND one.site_id = asked.site_id AND one.canonical_digest = asked.canonical
        ) THEN blobs.reference_id
        ELSE blobs.id
    END
FROM asked
LEFT JOIN captures AS same
    ON same.site_id = asked.site_id AND same.canonical_digest = asked.canonical
    AND same.fetched_at = asked.fetched_at AND same.url_digest = asked.url
LEFT JOIN captures AS listing ON listing.id = (
    SELECT one.id FROM captures AS one
    WHERE one.site_id = asked.site_id AND one.canonical_digest = asked.canonical
        AND one.fetched_at <= asked.fetched_at
        AND one.items_digest IS NOT NULL
    ORDER BY one.fetched_at DESC, one.id DESC LIMIT 1
)
LEFT JOIN blobs ON blobs.id = (
    SELECT one.blob_id FROM captures AS one
    WHERE one.site_id = asked.site_id AND one.canonical_digest = asked.canonical
        AND one.fetched_at <= asked.fetched_at
        AND one.blob_id IS NOT NULL
    ORDER BY one.fetched_at DESC, one.id DESC LIMIT 1
)
ORDER BY asked.place
"""
"""Per address asked, by the digests of its canonical form and its spelling: the capture if it is
there already, its last listing, and the first snapshot of its present look: what the last one was
compressed against, if that is of the same address, else the last one itself."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the archive knows of a capture's address from before."""

    saved: bool
    """This very capture is in the archive: the batch is being repeated."""
    items_digest: str | None = None
    items_id: int | None = None
    """The capture whose sightings tell what was shown."""
    blob_id: int | None = None
    """The address's first snapshot in its present look."""


def find_earlier(
    connection: Connection, sites: Mapping[str, int], captures: Sequence[Capture]
) -> list[Earlier]:
    """Look up, for each capture, what was captured of its address until then."""
    rows = [
        (
            *(place, sites[one.site], digest_text(one.canonical)),
            *(one.fetched_at, digest_text(one.url)),
        )
        for place, one in enumerate(captures)
    ]
    found = select_asked(connection, EARLIER, ASKED, rows)
    return [Earlier(row[0] is not None, *row[1:]) for row in found]
