"""Pages that share a text: clusters of copies, derived from the digests of texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, bindparam, delete, select

from archive.database.models import Cluster, Document, Text_
from archive.database.sql import PAGES, Row, read_by_page, replace_rows

KNOWN_CLUSTERS = select(*Cluster.__table__.columns).where(Cluster.page_id.in_(PAGES))
COPIES = select(Text_.copy_digest).join(Document, Document.text_id == Text_.id)
COPIES = COPIES.where(Document.page_id.in_(PAGES), Text_.copy_digest.is_not(None))
SHARED = select(Text_.copy_digest, Document.page_id).join(Document, Document.text_id == Text_.id)
SHARED = SHARED.where(Text_.copy_digest.in_(bindparam("copies", expanding=True)))


def find_copies(connection: Connection, page_ids: Collection[int]) -> set[str]:
    """The copy digests of these articles, as their documents stand."""
    return {digest for digest in connection.scalars(COPIES, {"pages": page_ids}) if digest}


def refresh_clusters(
    connection: Connection, page_ids: Collection[int], copies: Collection[str]
) -> set[int]:
    """Join the pages that share one of these copy digests, and part those that no longer do; return
    those that changed their cluster."""
    members: dict[str | None, list[int]] = defaultdict(list)
    for digest, page_id in connection.execute(SHARED, {"copies": list(copies)}):
        members[digest].append(page_id)
    rows: dict[int, Row] = {
        page_id: {"page_id": page_id, "cluster_id": min(pages), "similarity": 1.0}
        for pages in members.values()
        if len(pages) > 1
        for page_id in pages
    }
    touched = {page_id for pages in members.values() for page_id in pages}.union(page_ids)
    known = read_by_page(connection, KNOWN_CLUSTERS, list(touched))
    alone = known.keys() - rows.keys()
    if alone:
        connection.execute(delete(Cluster).where(Cluster.page_id.in_(alone)))
    changed = [row for page_id, row in rows.items() if known.get(page_id) != row]
    replace_rows(connection, Cluster, changed, ["page_id"])
    return {*alone, *(row["page_id"] for row in changed)}
