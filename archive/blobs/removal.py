"""Taking blobs out for good, when others were compressed against them.

Those are encoded again first: against what the one taken out was itself compressed against, or
against the first of them, which then stands alone. So none gets deeper than it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from archive.blobs.codec import SMALL, Reference, encode_body
from archive.blobs.store import load, load_whole
from archive.database.models import Blob, SnapshotReference
from archive.database.sql import cut_chunks

AT_ONCE = 50
"""Bodies that are in memory together."""


@dataclass(frozen=True, slots=True)
class Reencoded:
    """What became of the blobs that were compressed against those taken out."""

    whole: int = 0
    damaged: int = 0
    """Those that did not decode before, and never will again."""


def remove_blobs(connection: Connection, blob_ids: Collection[int]) -> Reencoded:
    """Take blobs out that no capture names, and encode those again that need them."""
    gone = set(blob_ids)
    whole = damaged = 0
    for base, dependents in _group_dependents(connection, gone).items():
        encoded = _encode_group(connection, base if base not in gone else None, dependents)
        whole += len(encoded)
        damaged += _give_up(connection, set(dependents) - set(encoded))
        if base in gone:
            _hand_on(connection, base, encoded)
    for chunk in cut_chunks(sorted(gone)):
        named = SnapshotReference.blob_id.in_(chunk)
        connection.execute(delete(SnapshotReference).where(named))
        connection.execute(update(Blob).where(Blob.id.in_(chunk)).values(reference_id=None))
        connection.execute(delete(Blob).where(Blob.id.in_(chunk)))
    return Reencoded(whole, damaged)


def _group_dependents(connection: Connection, gone: set[int]) -> dict[int, list[int]]:
    """What is compressed against blobs that go, by what stays of those they lead to, else by the
    last that goes; in the order of ids."""
    parents: dict[int, int | None] = {}
    dependents: dict[int, int] = {}
    for chunk in cut_chunks(sorted(gone)):
        query = select(Blob.id, Blob.reference_id).where(Blob.id.in_(chunk))
        parents |= {row[0]: row[1] for row in connection.execute(query)}
        query = select(Blob.id, Blob.reference_id).where(Blob.reference_id.in_(chunk))
        found = connection.execute(query)
        dependents |= {id_: parent for id_, parent in found if parent and id_ not in gone}
    groups: dict[int, list[int]] = defaultdict(list)
    for blob_id, parent in sorted(dependents.items()):
        groups[_find_base(parent, parents)].append(blob_id)
    return groups


def _find_base(blob_id: int, parents: Mapping[int, int | None]) -> int:
    """Up the references from one that goes: the first that stays, or the one that stands alone."""
    while (parent := parents.get(blob_id)) is not None:
        blob_id = parent
    return blob_id


def _encode_group(connection: Connection, base: int | None, blob_ids: Sequence[int]) -> list[int]:
    """Encode blobs against one that stays, else against the first of them; return those that were,
    those standing alone first."""
    reference = _load_reference(connection, base) if base is not None else None
    alone: list[int] = []
    others: list[int] = []
    for chunk in cut_chunks(blob_ids, AT_ONCE):
        for blob_id, body in load_whole(connection, chunk).items():
            data, used = encode_body(body, [reference] if reference else ())
            _store(connection, blob_id, data, used)
            (others if used else alone).append(blob_id)
            if reference is None and len(body) >= SMALL:
                reference = _load_reference(connection, blob_id)
    return [*alone, *others]


def _load_reference(connection: Connection, blob_id: int) -> Reference:
    """One that stands alone: whatever leads over a blob that goes to one that stays ends there."""
    digest = connection.scalars(select(Blob.digest).where(Blob.id == blob_id)).one()
    return Reference(digest, load(connection, blob_id), 0)


def _store(connection: Connection, blob_id: int, data: bytes, used: Reference | None) -> None:
    reference = select(Blob.id).where(Blob.digest == used.digest) if used else None
    changes = {
        "codec": "zstd-ref" if used else "zstd",
        "reference_id": connection.scalar(reference) if reference is not None else None,
        "stored_size": len(data),
        "data": data,
    }
    connection.execute(update(Blob).where(Blob.id == blob_id).values(changes))


def _give_up(connection: Connection, blob_ids: Collection[int]) -> int:
    """Mark what did not decode, and let it go on without what it was compressed against."""
    lost = {"damaged": True, "reference_id": None}
    connection.execute(update(Blob).where(Blob.id.in_(blob_ids)).values(lost))
    named = SnapshotReference.blob_id.in_(blob_ids)
    connection.execute(delete(SnapshotReference).where(named))
    return len(blob_ids)


def _hand_on(connection: Connection, base: int, encoded: Sequence[int]) -> None:
    """Let the first that stands alone be the office's reference in the place of the one that
    goes."""
    if encoded:
        named = SnapshotReference.blob_id == base
        connection.execute(update(SnapshotReference).where(named).values(blob_id=encoded[0]))
