"""Erasing a withheld page: its bytes, its texts, and what others say of it. Its captures stay, with
their digests.

In the database what is erased is gone with the transaction; in its files only after `sweep`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, delete, func, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute, aliased

from archive.blobs.removal import Reencoded, remove_blobs
from archive.database.engine import ArchiveError, StorageError
from archive.database.faults import describe_error
from archive.database.models import (
    Capture,
    File,
    FileCapture,
    Link,
    Page,
    Problem,
    Reading,
    Run,
    SameAs,
    Sighting,
    Site,
    Text_,
    Visit,
    Withheld,
)
from archive.database.sql import cut_chunks
from archive.database.types import digest_text
from archive.derive.changes import note_changes
from archive.derive.dates import date_site
from archive.derive.documents import refresh_documents
from archive.derive.pairs import forget_text
from archive.evidence.traces import find_quoting, forget_layouts
from archive.names import PagePlace, name_page
from archive.read.runs import UNDER_WAY, list_runs
from archive.withheld import shorten_address

READ_STILL = frozenset(
    {"id", "capture_id", "reader_version", "layout", "layout_group"}
    | {"kind", "template", "skeleton", "marks", "views", "read_at"}
)
"""Columns of readings that hold nothing of an article's text: what the capture is, is told by
them."""
ADDRESSED: tuple[InstrumentedAttribute[Any], ...] = (
    *(Page.url, Capture.url, Capture.answered_url, Capture.error, Link.url, SameAs.evidence),
    *(Problem.seen, Problem.why, Visit.outcome, Run.outcome),
)
"""Where addresses stand, which end in the words of a title."""
TOUCHED = (
    *("blobs", "texts", "readings", "documents", "clusters", "links", "sightings", "captures"),
    *("problems", "pages", "layouts", "same_as", "visits", "runs"),
    *("text_bands", "recent_bands", "text_pairs", "files", "file_captures"),
)
"""Tables that rows or values are taken out of."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, and what could not be."""

    captures: int
    """Of the page, and of listings that showed it: their bytes are gone."""
    blobs: int
    reencoded: Reencoded
    same_bytes: tuple[str, ...]
    """Pages, or addresses, that answered with the very same bytes: they keep them."""
    same_text: tuple[str, ...]
    """Pages with the same text, which keep it."""
    mentions: tuple[str, ...]
    """Pages whose stored bytes show its title, as a link."""
    files: tuple[str, ...] = ()
    """Digests of files that it alone offered: their bytes are to be removed."""


def check_quiet(connection: Connection) -> None:
    """Raise ArchiveError while a crawl is under way: it would wait too long for the files to be
    written anew, and end."""
    runs = [run for run in list_runs(connection, None) if run["state"] == UNDER_WAY]
    if runs:
        raise ArchiveError(
            f"run {runs[0]['run']}, of {runs[0]['spider']}, is under way: erase when it has ended"
        )


def erase_page(connection: Connection, place: PagePlace, at: datetime) -> Erased:
    """Erase a page that is withheld, in the caller's transaction."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    own = _list_ids(connection, select(Capture.id).where(Capture.page_id == place.page_id))
    listings = _list_ids(connection, _select_showing(place.page_id, Capture.page_id.is_(None)))
    mentions = _name_showing(connection, place.page_id)
    text_ids = _list_texts(connection, own)
    quoting = find_quoting(connection, place, text_ids)
    forget_layouts(connection, own, text_ids)
    files = _erase_files(connection, place.page_id)
    _erase_addresses(connection, place)
    _erase_rows(connection, place.page_id, own)
    captures = {*own, *listings, *quoting}
    blobs, same_bytes = _choose_blobs(connection, captures)
    _part_captures(connection, captures)
    same_text = _erase_texts(connection, place, text_ids)
    reencoded = remove_blobs(connection, blobs)
    erased = update(Withheld).where(Withheld.page_id == place.page_id, Withheld.erased_at.is_(None))
    connection.execute(erased.values(erased_at=at))
    note_changes(connection, [place.page_id])
    return Erased(len(captures), len(blobs), reencoded, same_bytes, same_text, mentions, files)


def _erase_files(connection: Connection, page_id: int) -> tuple[str, ...]:
    """Erase the files that no other page offers: their words, names and headers; return the digests
    of those that nobody else has."""
    elsewhere = aliased(Link)
    shared = select(elsewhere.id).where(
        elsewhere.url_digest == Link.url_digest, elsewhere.page_id != page_id
    )
    links = select(Link.url_digest).where(Link.page_id == page_id, ~shared.exists())
    query = select(FileCapture.capture_id, FileCapture.file_digest)
    rows = connection.execute(query.where(FileCapture.link_digest.in_(links))).all()
    captures = sorted(row.capture_id for row in rows)
    for chunk in cut_chunks(captures):
        ties = FileCapture.capture_id.in_(chunk)
        connection.execute(update(FileCapture).where(ties).values(file_digest=None))
        connection.execute(update(Problem).where(Problem.capture_id.in_(chunk)).values(seen=""))
        for capture_id in chunk:
            _blank_capture(connection, capture_id)
    digests = {row.file_digest for row in rows if row.file_digest}
    kept = select(FileCapture.file_digest).where(FileCapture.file_digest.in_(digests))
    gone = digests - set(connection.scalars(kept))
    connection.execute(delete(File).where(File.digest.in_(gone)))
    return tuple(sorted(gone))


def _blank_capture(connection: Connection, capture_id: int) -> None:
    """Leave of a file's capture when it was asked for, how that ended, and its digest."""
    blank = f"erased:{capture_id}"
    names = {"url": blank, "url_digest": digest_text(blank)}
    names |= {"canonical": blank, "canonical_digest": digest_text(blank)}
    values: dict[str, Any] = names | {"answered_url": None, "headers": {}, "error": None}
    connection.execute(update(Capture).where(Capture.id == capture_id).values(values))


def _list_ids(connection: Connection, query: Select[Any]) -> list[int]:
    return sorted(set(connection.scalars(query)))


def _select_showing(page_id: int, which: Any) -> Select[Any]:
    """The captures that show a page."""
    query = select(Capture.id).join(Sighting, Sighting.capture_id == Capture.id)
    return query.where(Sighting.page_id == page_id, which)


def _name_showing(connection: Connection, page_id: int) -> tuple[str, ...]:
    """The other pages that show a page among their links, and whose bytes are kept."""
    query = (
        select(Site.label, Page.route, Page.key, Page.id)
        .join_from(Sighting, Capture, Capture.id == Sighting.capture_id)
        .join(Page, Page.id == Capture.page_id)
        .join(Site, Site.id == Page.site_id)
        .where(Sighting.page_id == page_id, Page.id != page_id, Capture.blob_id.is_not(None))
        .distinct()
        .order_by(Page.id)
    )
    return tuple(name_page(*row[:3]) for row in connection.execute(query))


def _list_texts(connection: Connection, captures: Collection[int]) -> list[int]:
    """The texts that were ever read from these captures."""
    found: set[int] = set()
    for chunk in cut_chunks(captures):
        query = select(Reading.text_id).where(Reading.capture_id.in_(chunk))
        found |= {text_id for text_id in connection.scalars(query) if text_id is not None}
    return sorted(found)


def _erase_addresses(connection: Connection, place: PagePlace) -> None:
    """Cut the words of the title off every address of the page, wherever it stands; blank the words
    of links to it."""
    key, pages = _find_addresses(connection, place.page_id)
    places = {_cut_scheme(url): _cut_scheme(shorten_address(url, key)) for url in pages}
    for short in sorted(set(places.values())):
        _blank_links(connection, short, key)
    for long in sorted(places, key=len, reverse=True):
        if places[long] != long:
            for column in ADDRESSED:
                _replace(connection, column, long, places[long])
    for short in sorted(set(places.values())):
        _digest_addresses(connection, short)


def _digest_addresses(connection: Connection, short: str) -> None:
    """Let digests name the addresses as they are now, so that no digest tells a title either; of
    links of a page that are alike now one stays."""
    for model in (Capture, Link):
        query = select(model.id, model.url).where(model.url.contains(short, autoescape=True))
        for row_id, url in connection.execute(query.order_by(model.id)).all():
            digest = digest_text(url)
            if model is Link and _has_twin(connection, row_id, digest):
                connection.execute(delete(Link).where(Link.id == row_id))
                continue
            connection.execute(update(model).where(model.id == row_id).values(url_digest=digest))


def _has_twin(connection: Connection, link_id: int, digest: str) -> bool:
    """Whether the same page has the same link already."""
    other, own = aliased(Link), aliased(Link)
    query = (
        select(other.id)
        .join(own, (own.page_id == other.page_id) & (own.kind == other.kind))
        .where(own.id == link_id, other.id != link_id, other.url_digest == digest)
    )
    return connection.scalar(query.limit(1)) is not None


def _find_addresses(connection: Connection, page_id: int) -> tuple[str, set[str]]:
    """The key of a page, and all addresses it was known under."""
    key, url = connection.execute(select(Page.key, Page.url).where(Page.id == page_id)).one()
    known = select(Capture.url, Capture.answered_url).where(Capture.page_id == page_id).distinct()
    urls = {one for row in connection.execute(known) for one in row if one}
    return key, urls | {url}


def _cut_scheme(url: str) -> str:
    return url.partition("://")[2]


def _blank_links(connection: Connection, short: str, key: str) -> None:
    """Blank the words of links to the page, and whatever they add to its address."""
    query = select(Link.id, Link.url).where(Link.url.contains(short, autoescape=True))
    for link_id, url in connection.execute(query).all():
        plain = shorten_address(url, key)
        if _cut_scheme(plain) == short:
            changes = {"url": plain, "text": ""}
            connection.execute(update(Link).where(Link.id == link_id).values(changes))


def _replace(
    connection: Connection, column: InstrumentedAttribute[Any], long: str, short: str
) -> None:
    where = column.contains(long, autoescape=True)
    changed = update(column.class_).where(where).values({column: func.replace(column, long, short)})
    connection.execute(changed)


def _erase_rows(connection: Connection, page_id: int, captures: Collection[int]) -> None:
    """Empty what was read and told of the page."""
    blank: dict[str, Any] = {
        column.name: None if column.nullable else []
        for column in Reading.__table__.columns
        if column.name not in READ_STILL
    }
    for chunk in cut_chunks(captures):
        readings = select(Reading.id).where(Reading.capture_id.in_(chunk))
        told = or_(Problem.capture_id.in_(chunk), Problem.reading_id.in_(readings))
        connection.execute(update(Problem).where(told).values(seen=""))
        connection.execute(update(Reading).where(Reading.capture_id.in_(chunk)).values(blank))
        connection.execute(update(Capture).where(Capture.id.in_(chunk)).values(headers={}))
    connection.execute(update(Sighting).where(Sighting.page_id == page_id).values(title=""))
    connection.execute(delete(Link).where(Link.page_id == page_id))


def _choose_blobs(
    connection: Connection, captures: Collection[int]
) -> tuple[set[int], tuple[str, ...]]:
    """The blobs that these captures alone have, and who else has one of the others."""
    query = select(Capture.id, Capture.blob_id).where(Capture.blob_id.is_not(None))
    blobs: set[int] = set()
    for chunk in cut_chunks(captures):
        rows = connection.execute(query.where(Capture.id.in_(chunk)))
        blobs |= {blob_id for _, blob_id in rows if blob_id is not None}
    kept: set[int] = set()
    others: dict[str, None] = {}
    for chunk in cut_chunks(sorted(blobs)):
        users = (
            select(Capture.id, Capture.blob_id, Capture.canonical, Site.label)
            .add_columns(Page.route, Page.key)
            .join(Site, Site.id == Capture.site_id)
            .outerjoin(Page, Page.id == Capture.page_id)
            .where(Capture.blob_id.in_(chunk))
            .order_by(Capture.id)
        )
        for row in connection.execute(users):
            if row.id not in captures:
                kept.add(row.blob_id)
                others[_name_capture(row)] = None
    return blobs - kept, tuple(others)


def _name_capture(row: Any) -> str:
    if row.key is None:
        return f"{row.label}{row.canonical}"
    return name_page(row.label, row.route, row.key)


def _part_captures(connection: Connection, captures: Iterable[int]) -> None:
    """Leave captures their digests alone."""
    for chunk in cut_chunks(captures):
        connection.execute(update(Capture).where(Capture.id.in_(chunk)).values(blob_id=None))


def _erase_texts(
    connection: Connection, place: PagePlace, text_ids: Collection[int]
) -> tuple[str, ...]:
    """Erase the texts that no other page has; return the pages that have one of the others."""
    refresh_documents(connection, [place.page_id])
    date_site(connection, place.site_id)
    others: dict[str, None] = {}
    kept: set[int | None] = set()
    for chunk in cut_chunks(text_ids):
        query = (
            select(Reading.text_id, Site.label, Page.route, Page.key)
            .join_from(Reading, Capture, Capture.id == Reading.capture_id)
            .join(Page, Page.id == Capture.page_id)
            .join(Site, Site.id == Page.site_id)
            .where(Reading.text_id.in_(chunk))
            .order_by(Page.id)
        )
        for text_id, *page in connection.execute(query):
            kept.add(text_id)
            others[name_page(*page)] = None
        gone = set(chunk) - kept
        for text_id in gone:
            forget_text(connection, text_id)
        connection.execute(delete(Text_).where(Text_.id.in_(gone)))
    return tuple(others)


def sweep(engine: Engine, say: Callable[[str], None]) -> None:
    """Leave nothing of what was erased in the files of the database. Raise StorageError where
    others keep it from that: then it is to be called again."""
    say("taking what was erased out of the files of the database")
    try:
        _sweep_sqlite(engine) if engine.dialect.name == "sqlite" else _sweep_postgresql(engine)
    except (DBAPIError, sqlite3.Error) as error:
        raise _not_swept(describe_error(error)) from error


def _sweep_sqlite(engine: Engine) -> None:
    """Write the file anew, and empty its log."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = any(row[0] for row in cursor.fetchall())
    finally:
        connection.close()
    if busy:
        raise _not_swept("somebody reads the archive as it was before")


def _sweep_postgresql(engine: Engine) -> None:
    """Write the tables anew, and what the server knows of their values."""
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for table in TOUCHED:
            connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table}")


def _not_swept(said: str) -> StorageError:
    return StorageError(
        f"it is erased, but still in the files of the database: {said}; give the same command again"
    )
