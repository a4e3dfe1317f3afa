"""Keeping the bytes of pages: stored once by digest, compressed against what they resemble.

A blob is compressed against the bytes of its address's first snapshot, else against the office's
reference page for its skeleton, else alone. References never form a chain of more than two steps,
so that reading decodes at most three frames: alone <- against one alone (a page's first snapshot)
<- against that (its later snapshots). A blob two steps deep is never a reference: its own reference
serves in its place. A reference is always an earlier row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from archive.blobs.codec import (
    SMALL,
    DamagedSnapshot,
    Reference,
    decode_body,
    digest_bytes,
    encode_body,
)
from archive.database.models import Blob, SnapshotReference
from archive.database.sql import replace_rows

# Made once: making it costs more than it takes.
BLOBS = select(Blob.id, Blob.digest, Blob.codec, Blob.reference_id, Blob.data, Blob.damaged).where(
    Blob.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Bytes to keep, with what tells which reference may serve."""

    body: bytes
    digest: str
    site_id: int
    skeleton: str = ""
    first_id: int | None = None
    """The address's own first snapshot, to be compressed against."""


@dataclass(frozen=True, slots=True)
class _Blob:
    """A blob as the table holds it."""

    id: int
    digest: str
    codec: str
    reference_id: int | None
    data: bytes
    damaged: bool


def keep(
    connection: Connection, snapshots: Sequence[Snapshot], damaged: dict[int, int] | None = None
) -> dict[str, int]:
    """Store the bytes that are not stored yet; return the blob's id for each digest.

    A blob that was to be a reference and does not decode is marked, put into `damaged` with the
    office that met it, and does without; one that is marked is healed when its bytes come again.
    """
    digests = {snapshot.digest for snapshot in snapshots}
    known = select(Blob.digest, Blob.id, Blob.damaged).where(Blob.digest.in_(digests))
    rows = connection.execute(known).all()
    ids = {row.digest: row.id for row in rows}
    _heal(connection, {row.digest for row in rows if row.damaged}, snapshots)
    fresh = {snapshot.digest: snapshot for snapshot in snapshots if snapshot.digest not in ids}
    if not fresh:
        return ids
    return ids | _insert(connection, list(fresh.values()), {} if damaged is None else damaged)


def _heal(connection: Connection, digests: Collection[str], snapshots: Iterable[Snapshot]) -> None:
    """Store anew, standing alone, the bytes of blobs that no longer decode."""
    for snapshot in snapshots:
        if snapshot.digest in digests:
            row = _make_row(snapshot, encode_body(snapshot.body, ())[0], None)
            row.pop("reference")
            whole = {"reference_id": None, "damaged": False}
            connection.execute(
                update(Blob).where(Blob.digest == snapshot.digest).values(row | whole)
            )


def load(connection: Connection, blob_id: int) -> bytes:
    """Read bytes back. Raise DamagedSnapshot when they are not what was kept."""
    return _decode_whole(_fetch(connection, {blob_id}), blob_id, {})


def load_whole(connection: Connection, blob_ids: Collection[int]) -> dict[int, bytes]:
    """Read the bytes of several back, by blob; those that are damaged are left out.

    What they are compressed against is read and decoded once: most of an office's are against one.
    """
    blobs = _fetch(connection, set(blob_ids))
    found: dict[int, bytes] = {}
    references: dict[int, bytes] = {}
    for blob_id in blob_ids:
        try:
            found[blob_id] = _decode_whole(blobs, blob_id, references)
        except DamagedSnapshot:
            continue
    return found


def _decode_whole(blobs: Mapping[int, _Blob], blob_id: int, references: dict[int, bytes]) -> bytes:
    """Decode a blob and compare it with its name; `references` are remembered there. Raise
    DamagedSnapshot."""
    try:
        body = _decode(blobs, blob_id, references)
    except (KeyError, DamagedSnapshot) as error:
        raise DamagedSnapshot(f"snapshot {blob_id} does not decode: {error}") from error
    if digest_bytes(body) != blobs[blob_id].digest:
        raise DamagedSnapshot(f"snapshot {blob_id} is not what its digest names")
    return body


def _insert(
    connection: Connection, snapshots: list[Snapshot], damaged: dict[int, int]
) -> dict[str, int]:
    """Compress and insert; rows that stand alone go first, so that each reference has its id before
    it is named."""
    references = _References(connection, snapshots)
    layers: list[list[dict[str, Any]]] = [[], [], []]
    for snapshot in snapshots:
        data, reference = encode_body(snapshot.body, references.find(snapshot))
        if reference is None:
            references.add(snapshot)
        layers[reference.depth + 1 if reference else 0].append(_make_row(snapshot, data, reference))
    ids = references.ids
    statement = insert(Blob).returning(Blob.digest, Blob.id)
    for rows in filter(None, layers):
        for row in rows:
            reference_digest = row.pop("reference")
            row["reference_id"] = reference_digest and ids[reference_digest]
        ids |= dict(connection.execute(statement, rows).all())
    references.save(connection)
    _mark_damaged(connection, references.damaged)
    damaged |= references.damaged
    return ids


def _mark_damaged(connection: Connection, blob_ids: Collection[int]) -> None:
    """Never compress against these again."""
    if blob_ids:
        connection.execute(update(Blob).where(Blob.id.in_(blob_ids)).values(damaged=True))
        connection.execute(delete(SnapshotReference).where(SnapshotReference.blob_id.in_(blob_ids)))


def _make_row(snapshot: Snapshot, data: bytes, reference: Reference | None) -> dict[str, Any]:
    return {
        "digest": snapshot.digest,
        "codec": "zstd-ref" if reference else "zstd",
        "reference": reference.digest if reference else None,
        "size": len(snapshot.body),
        "stored_size": len(data),
        "data": data,
    }


def _fetch(connection: Connection, blob_ids: Collection[int]) -> dict[int, _Blob]:
    """Read blobs and all that they are compressed against."""
    blobs: dict[int, _Blob] = {}
    while blob_ids:
        for row in connection.execute(BLOBS, {"ids": list(blob_ids)}):
            blobs[row.id] = _Blob(*row)
        needed = {blobs[blob_id].reference_id for blob_id in blob_ids if blob_id in blobs}
        blob_ids = {blob_id for blob_id in needed if blob_id is not None and blob_id not in blobs}
    return blobs


def _decode(blobs: Mapping[int, _Blob], blob_id: int, references: dict[int, bytes]) -> bytes:
    blob, reference = blobs[blob_id], None
    if blob.reference_id is not None:
        if blob.reference_id not in references:
            references[blob.reference_id] = _decode(blobs, blob.reference_id, references)
        reference = references[blob.reference_id]
    return decode_body(blob.data, reference)


class _References:
    """What a batch may be compressed against: stored bytes, and those of the batch itself that
    stand alone."""

    def __init__(self, connection: Connection, snapshots: Sequence[Snapshot]) -> None:
        self._ready: dict[str, Reference] = {}
        self._new: dict[tuple[int, str], str] = {}
        self._offices: dict[int, dict[str, str]] = defaultdict(dict)
        self.ids: dict[str, int] = {}
        self.damaged: dict[int, int] = {}
        """Blobs that were found not to decode, with the office that met each."""
        for site_id, skeleton, blob_id, digest in _find_offices(
            connection, {one.site_id for one in snapshots}
        ):
            self._offices[site_id][skeleton] = digest
            self.ids[digest] = blob_id
        wanted = {one.first_id for one in snapshots if one.first_id is not None}
        wanted |= {self.ids[digest] for one in snapshots for digest in self._find_office(one)}
        self._blobs = _fetch(connection, wanted)
        self.ids |= {blob.digest: blob.id for blob in self._blobs.values()}

    def find(self, snapshot: Snapshot) -> Iterator[Reference]:
        """References in the order of what they promise: the address's own, then the office's."""
        if len(snapshot.body) < SMALL:
            return
        if snapshot.first_id is not None:
            yield from self._find_first(snapshot.first_id, snapshot.site_id)
        for digest in self._find_office(snapshot):
            yield from self._get_ready(digest, snapshot.site_id)

    def add(self, snapshot: Snapshot) -> None:
        """Make bytes that stand alone the office's reference for their skeleton."""
        if len(snapshot.body) < SMALL:
            return
        self._ready[snapshot.digest] = Reference(snapshot.digest, snapshot.body, 0)
        office = self._offices[snapshot.site_id]
        office.pop(snapshot.skeleton, None)
        office[snapshot.skeleton] = snapshot.digest
        self._new[snapshot.site_id, snapshot.skeleton] = snapshot.digest

    def save(self, connection: Connection) -> None:
        """Remember the offices' new references."""
        rows = [
            {"site_id": site_id, "skeleton": skeleton, "blob_id": self.ids[digest]}
            for (site_id, skeleton), digest in self._new.items()
        ]
        replace_rows(connection, SnapshotReference, rows, ["site_id", "skeleton"])

    def _find_office(self, snapshot: Snapshot) -> list[str]:
        """The digest of the office's reference for this skeleton, else of its newest, if it has
        any."""
        office = self._offices[snapshot.site_id]
        return [office.get(snapshot.skeleton) or office[next(reversed(office))]] if office else []

    def _find_first(self, blob_id: int, site_id: int) -> Iterator[Reference]:
        blob = self._blobs[blob_id]
        if self._measure_depth(blob) == 2:
            assert blob.reference_id is not None
            blob = self._blobs[blob.reference_id]
        for reference in self._get_ready(blob.digest, site_id):
            if len(reference.body) >= SMALL:
                yield reference

    def _get_ready(self, digest: str, site_id: int) -> Iterator[Reference]:
        """The reference with this digest; nothing where its bytes are damaged."""
        if digest not in self._ready:
            blob = self._blobs[self.ids[digest]]
            if blob.damaged or blob.id in self.damaged:
                return
            try:
                body = _decode_whole(self._blobs, blob.id, {})
            except DamagedSnapshot:
                self.damaged[blob.id] = site_id
                return
            self._ready[digest] = Reference(digest, body, self._measure_depth(blob))
        yield self._ready[digest]

    def _measure_depth(self, blob: _Blob) -> int:
        """Steps to a blob that stands alone; where one on the way is lost, it does not decode."""
        reference = self._blobs.get(blob.reference_id) if blob.reference_id is not None else None
        return 1 + self._measure_depth(reference) if reference else 0


def _find_offices(
    connection: Connection, site_ids: Collection[int]
) -> Iterable[tuple[int, str, int, str]]:
    """Each office's references as (site, skeleton, blob, digest), the newest last."""
    found = (
        select(
            SnapshotReference.site_id,
            SnapshotReference.skeleton,
            SnapshotReference.blob_id,
            Blob.digest,
        )
        .join(Blob, Blob.id == SnapshotReference.blob_id)
        .where(SnapshotReference.site_id.in_(site_ids))
        .order_by(SnapshotReference.blob_id)
    )
    return connection.execute(found)
