"""What an archive holds in all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, and_, case, extract, func, or_, select

from archive.database.models import (
    Base,
    Blob,
    Capture,
    Cluster,
    Document,
    Page,
    Problem,
    Run,
    Site,
)
from archive.derive.pairs import Kind
from archive.read.articles import Row
from archive.watch.verdicts import FILE_ANSWER

FAILED = or_(
    Capture.error.is_not(None), and_(Capture.status >= 400, Capture.status.not_in((404, 410)))
)
"""That a page is not there, or no longer, is an answer."""
REPEATED = Cluster.page_id != Cluster.cluster_id, Cluster.kind == Kind.COPY.value
IS_PAGE = Capture.answer != FILE_ANSWER
"""Files that articles offer are counted nowhere among pages."""


def count_archive(connection: Connection) -> Row:
    """What an archive holds. `copies` are articles whose text an earlier page has too; bytes
    fetched are those kept whole, before compression, once for every capture of them."""
    fetched = select(func.coalesce(func.sum(Blob.size), 0)).join_from(
        Capture, Blob, Capture.blob_id == Blob.id
    )
    kept = select(func.coalesce(func.sum(Blob.stored_size), 0))
    return {
        "offices": connection.scalar(select(func.count(func.distinct(Document.site_id)))),
        "pages": _count(connection, Page),
        "articles": _count(connection, Document),
        "revisions": connection.scalar(select(func.coalesce(func.sum(Document.revisions), 0))),
        "copies": _count(connection, Cluster, *REPEATED),
        "captures": _count(connection, Capture, IS_PAGE),
        "failed_fetches": _count(connection, Capture, IS_PAGE, FAILED),
        "snapshots": _count(connection, Blob),
        "bytes_fetched": int(connection.scalar(fetched) or 0),
        "bytes_kept": int(connection.scalar(kept) or 0),
        "runs": _count(connection, Run),
        "problems": _count(connection, Problem),
    }


def count_bytes(connection: Connection) -> Iterator[Row]:
    """What each office's captures of each year (UTC) take: bytes fetched as in `count_archive`;
    bytes kept, and snapshots, with the capture that first brought them, so that they add up."""
    first = (
        select(func.min(Capture.id).label("id"))
        .where(Capture.blob_id.is_not(None))
        .group_by(Capture.blob_id)
        .subquery()
    )
    year = extract("year", Capture.fetched_at)
    query = (
        select(Site.label.label("site"), year.label("year"), func.count().label("captures"))
        .add_columns(func.count(first.c.id).label("snapshots"))
        .add_columns(func.coalesce(func.sum(Blob.size), 0).label("bytes_fetched"))
        .add_columns(
            func.sum(case((first.c.id.is_not(None), Blob.stored_size), else_=0)).label("bytes_kept")
        )
        .join_from(Capture, Site, Site.id == Capture.site_id)
        .outerjoin(Blob, Blob.id == Capture.blob_id)
        .outerjoin(first, first.c.id == Capture.id)
        .group_by(Site.label, year)
        .order_by(Site.label, year)
    )
    for row in connection.execute(query).mappings():
        yield {name: value if name == "site" else int(value) for name, value in row.items()}


def _count(connection: Connection, model: type[Base], *conditions: Any) -> int:
    return connection.scalar(select(func.count()).select_from(model).where(*conditions)) or 0
