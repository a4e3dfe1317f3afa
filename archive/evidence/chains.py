"""Stored bytes and what they are compressed against, decoded and compared with their names.

A blob that fails because of what it is compressed against is not told itself: the one at fault is,
with all that hangs on it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from archive.blobs.codec import DamagedSnapshot, decode_body, digest_bytes
from archive.database.models import Blob
from archive.evidence.findings import Finding

MOST_STEPS = 2
"""From a blob to bytes that stand alone: what `archive.blobs.store` makes."""
LOST_STEPS = 9
"""A chain this long was never written here; following it to its end could take for ever."""
MOST_KEPT = 32_000_000
"""Bytes of decoded references that are remembered: those of some 600 pages."""
COLUMNS = (Blob.id, Blob.digest, Blob.codec, Blob.reference_id, Blob.size, Blob.stored_size)
STORED = select(*COLUMNS, Blob.data)
ONE = STORED.where(Blob.id == bindparam("id"))


class BrokenChain(Exception):
    """Bytes do not come back; the finding says at which blob."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.why)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Decoded:
    """Bytes as they came, and the steps to a blob that stands alone."""

    body: bytes
    depth: int


class Chains:
    """Decodes blobs, and remembers the last references: most of an office's pages have the same."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._kept: OrderedDict[int, Decoded | BrokenChain] = OrderedDict()
        self._bytes = 0

    def check(self, row: Any) -> Iterator[Finding]:
        """What is wrong with a blob, or with one that it hangs on."""
        yield from _check_columns(row)
        try:
            decoded = self.decode(row)
        except BrokenChain as broken:
            yield broken.finding
            return
        if decoded.depth > MOST_STEPS:
            why = f"it is {decoded.depth} steps from bytes that stand alone, not {MOST_STEPS}"
            yield find_blob(row.id, why, spreads=False)
        if len(decoded.body) != row.size:
            why = f"its size is {len(decoded.body)}, not {row.size}"
            yield find_blob(row.id, why, spreads=False)

    def decode(self, row: Any, path: tuple[int, ...] = ()) -> Decoded:
        """The bytes of a blob, reached by way of the blobs of `path`. Raise BrokenChain."""
        if row.id in path or len(path) > LOST_STEPS:
            raise BrokenChain(find_blob(row.id, "it is compressed against itself in the end"))
        reference = self._find(row.reference_id, (*path, row.id))
        try:
            body = decode_body(row.data, reference.body if reference else None)
        except DamagedSnapshot as error:
            raise BrokenChain(find_blob(row.id, str(error))) from error
        if digest_bytes(body) != row.digest:
            raise BrokenChain(find_blob(row.id, "its bytes are not what its digest names"))
        return Decoded(body, reference.depth + 1 if reference else 0)

    def _find(self, blob_id: int | None, path: tuple[int, ...]) -> Decoded | None:
        """What a blob is compressed against."""
        if blob_id is None:
            return None
        kept = self._kept.get(blob_id)
        if kept is None:
            kept = self._read(blob_id, path)
            self._keep(blob_id, kept)
        else:
            self._kept.move_to_end(blob_id)
        if isinstance(kept, BrokenChain):
            raise kept
        return kept

    def _read(self, blob_id: int, path: tuple[int, ...]) -> Decoded | BrokenChain:
        row = self._connection.execute(ONE, {"id": blob_id}).first()
        if row is None:
            why = "it is missing, and others are compressed against it"
            return BrokenChain(find_blob(blob_id, why))
        try:
            return self.decode(row, path)
        except BrokenChain as broken:
            return broken

    def _keep(self, blob_id: int, kept: Decoded | BrokenChain) -> None:
        self._kept[blob_id] = kept
        self._bytes += _measure(kept)
        while self._bytes > MOST_KEPT and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= _measure(gone)


def find_blob(blob_id: int, why: str, *, spreads: bool = True) -> Finding:
    """Something wrong with a blob."""
    return Finding("blob", "blobs", blob_id, why, spreads)


def _check_columns(row: Any) -> Iterator[Finding]:
    """What is wrong with the columns beside the bytes."""
    if len(row.data) != row.stored_size:
        why = f"its stored size is {len(row.data)}, not {row.stored_size}"
        yield find_blob(row.id, why, spreads=False)
    codec = "zstd" if row.reference_id is None else "zstd-ref"
    if row.codec != codec:
        yield find_blob(row.id, f"its codec is {codec}, not {row.codec[:20]!r}", spreads=False)


def _measure(kept: Decoded | BrokenChain) -> int:
    return len(kept.body) if isinstance(kept, Decoded) else 0
