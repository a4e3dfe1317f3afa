"""What a fault takes: the captures that cannot be shown, or not be trusted, because of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator

from sqlalchemy import Connection, Engine, select, text

from archive.database.engine import read
from archive.database.models import Base, Blob, Capture, Layout, Page, Reading, Site
from archive.database.sql import cut_chunks
from archive.evidence.checks import Sites
from archive.evidence.findings import Fault, Finding, is_damage
from archive.names import name_page


def list_faults(engine: Engine, findings: Iterable[Finding], sites: Sites) -> Iterator[Fault]:
    """The faults behind findings, each with the captures and pages that it takes; of `sites`, where
    some are given, those alone."""
    for finding in findings:
        captures, pages = _find_losses(engine, finding, sites)
        is_of_others = sites and finding.what == "link" and not captures and not pages
        if not is_of_others:
            yield Fault(finding.what, finding.id, finding.why, tuple(captures), tuple(pages))


def _find_losses(
    engine: Engine, finding: Finding, sites: Sites
) -> tuple[Collection[int], Collection[str]]:
    """Nothing where the rows that would tell cannot be read either."""
    try:
        with read(engine) as connection:
            ids = set(_find_captures(connection, finding))
            captures, pages = _describe_captures(connection, ids, sites)
            pages |= set(_find_pages(connection, finding))
            return captures, _name_pages(connection, pages, sites)
    except Exception as error:
        if not is_damage(error):
            raise
        return (), ()


def _find_captures(connection: Connection, finding: Finding) -> Iterable[int]:
    if finding.id == 0:
        return ()
    finders: dict[str, Callable[[Connection, Finding], Iterable[int]]] = {
        "blobs": _find_by_blob,
        "texts": _find_by_text,
        "layouts": _find_by_layout,
        "captures": lambda connection, finding: [finding.id],
    }
    return finders.get(finding.table, _find_by_column)(connection, finding)


def _find_by_blob(connection: Connection, finding: Finding) -> Iterator[int]:
    blob_ids = {finding.id}
    if finding.spreads:
        blob_ids = _find_dependents(connection, finding.id)
    for chunk in cut_chunks(sorted(blob_ids)):
        yield from connection.scalars(select(Capture.id).where(Capture.blob_id.in_(chunk)))


def _find_dependents(connection: Connection, blob_id: int) -> set[int]:
    """A blob, and all that are compressed against it, or against one that is."""
    found, newest = {blob_id}, {blob_id}
    while newest:
        nearest: set[int] = set()
        for chunk in cut_chunks(sorted(newest)):
            nearest |= set(connection.scalars(select(Blob.id).where(Blob.reference_id.in_(chunk))))
        newest = nearest - found
        found |= newest
    return found


def _find_by_text(connection: Connection, finding: Finding) -> Iterable[int]:
    return connection.scalars(select(Reading.capture_id).where(Reading.text_id == finding.id))


def _find_by_layout(connection: Connection, finding: Finding) -> Iterable[int]:
    """What was read by a layout, under the digest that its row has or should have."""
    query = select(Layout.site_id, Layout.digest, Layout.content).where(Layout.id == finding.id)
    row = connection.execute(query).one()
    names = {row.digest, hashlib.sha256(row.content.encode()).hexdigest()} - {""}
    read_by = select(Reading.capture_id).join(Capture, Capture.id == Reading.capture_id)
    read_by = read_by.where(Capture.site_id == row.site_id, Reading.layout.in_(names))
    return connection.scalars(read_by)


def _find_by_column(connection: Connection, finding: Finding) -> Iterable[int]:
    return _read_column(connection, finding, "capture_id")


def _find_pages(connection: Connection, finding: Finding) -> Iterable[int]:
    """The page that a row speaks of."""
    if finding.id == 0:
        return ()
    if finding.table == Page.__tablename__:
        return [finding.id]
    return _read_column(connection, finding, "page_id")


def _read_column(connection: Connection, finding: Finding, column: str) -> list[int]:
    """A column of the row at fault, where its table has it; SQLite's own number of a row is told
    of tables that have no other."""
    columns = Base.metadata.tables[finding.table].columns
    if column not in columns:
        return []
    key = "id" if "id" in columns else "rowid"
    query = text(f"SELECT {column} FROM {finding.table} WHERE {key} = :id")
    return [value for value in connection.scalars(query, {"id": finding.id}) if value is not None]


def _describe_captures(
    connection: Connection, ids: Collection[int], sites: Sites
) -> tuple[list[int], set[int]]:
    """The captures in order, those whose rows are lost included, and their pages."""
    pages: dict[int, int | None] = {}
    for chunk in cut_chunks(sorted(ids)):
        query = select(Capture.id, Capture.page_id).where(Capture.id.in_(chunk))
        if sites:
            query = query.where(Capture.site_id.in_(sites))
        pages |= dict(connection.execute(query).all())
    captures = sorted(pages if sites else ids)
    return captures, {page_id for page_id in pages.values() if page_id is not None}


def _name_pages(connection: Connection, page_ids: Collection[int], sites: Sites) -> list[str]:
    names: list[str] = []
    for chunk in cut_chunks(sorted(page_ids)):
        query = select(Site.label, Page.route, Page.key).join(Site, Site.id == Page.site_id)
        query = query.where(Page.id.in_(chunk)).order_by(Page.id)
        if sites:
            query = query.where(Page.site_id.in_(sites))
        names += [name_page(*row) for row in connection.execute(query)]
    return names
