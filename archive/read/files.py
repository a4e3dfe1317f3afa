"""Which of the files that an article offers are held, and their bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Protocol

from sqlalchemy import Connection, select

from archive.database.engine import ArchiveError
from archive.database.models import Capture, File, FileCapture, Withheld, digest_text
from archive.names import PagePlace

Row = dict[str, Any]
KINDS = ("attachment", "image")
"""Links to files; the others lead to pages."""
UNHELD: Row = {"digest": None, "size": None, "media_type": None, "text_state": None}


class Store(Protocol):
    """As `archive.files.store.FileStore`."""

    def get(self, digest: str) -> bytes:
        """The bytes of a file."""


def add_held(connection: Connection, links: Iterable[Row]) -> list[Row]:
    """Links with the file that was last held of each: `held`, `digest`, `size`, `media_type`,
    `text_state`."""
    rows = list(links)
    held = _find_held(connection, {digest_text(row["url"]) for row in rows if is_file(row)})
    found = [held.get(digest_text(row["url"])) if is_file(row) else None for row in rows]
    return [
        row | {"held": file is not None} | (file or UNHELD)
        for row, file in zip(rows, found, strict=True)
    ]


def number_files(links: Iterable[Row]) -> Iterator[Row]:
    """Links with the number that each file has for `snapshot --file`: from 1, as they are shown."""
    number = 0
    for link in links:
        number += is_file(link)
        yield link | {"file": number if is_file(link) else None}


def is_file(link: Row) -> bool:
    """Whether a link leads to a file."""
    return link["kind"] in KINDS


def load_file(
    connection: Connection, place: PagePlace, links: Collection[Row], number: int, store: Store
) -> bytes:
    """The bytes of one of the files that a page offers, by its number; raise ArchiveError."""
    if connection.scalar(select(Withheld.page_id).where(Withheld.page_id == place.page_id)):
        raise ArchiveError(f"{place.name} is withheld, and so are its files")
    link = next((one for one in links if one["file"] == number), None)
    shown = f"see kpu-archive show {place.name}"
    if link is None:
        count = sum(map(is_file, links))
        raise ArchiveError(f"{place.name} has no file {number}, it offers {count}: {shown}")
    if not link["held"]:
        hint = "KPU_FILES=documents or all lets crawls ask for files"
        raise ArchiveError(f"file {number} of {place.name} is not held: {hint}; {shown}")
    return store.get(link["digest"])


def _find_held(connection: Connection, digests: Collection[str]) -> dict[str, Row]:
    """By the digest of its address, the file that came last."""
    columns = (File.digest, File.size, File.media_type, File.text_state)
    query = (
        select(FileCapture.link_digest, *columns)
        .join(File, File.digest == FileCapture.file_digest)
        .join(Capture, Capture.id == FileCapture.capture_id)
        .where(FileCapture.link_digest.in_(digests))
        .order_by(Capture.fetched_at, Capture.id)
    )
    held: dict[str, Row] = {}
    for row in connection.execute(query).mappings():
        told = dict(row)
        held[told.pop("link_digest")] = told
    return held
