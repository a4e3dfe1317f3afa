"""Making an archive smaller: snapshots that stand alone, or hardly gain from what they are
compressed against, are encoded again.

What serves: earlier snapshots of the same address, and what stands alone of the office. Proposals
are worked out while reading; each is decoded once more under the write lock, and written in a small
transaction, so that a kill leaves every snapshot as it was or as it will be.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, exists, func, select, update
from sqlalchemy.orm import aliased

from archive.blobs.codec import (
    PAYS_AT_ONCE,
    SMALL,
    DamagedSnapshot,
    compress_against,
    decode_body,
    digest_bytes,
)
from archive.blobs.store import load, load_whole
from archive.database.engine import read
from archive.database.models import Blob, Capture, Reading, Site, SnapshotReference
from archive.database.seals import digest_row
from archive.database.sql import cut_chunks

WORTH = 0.95
"""A snapshot is written again when it leaves at most this part of what it takes now: less is not
worth the risk of writing."""
MOST_STEPS = 2
"""From a snapshot to bytes that stand alone; see `archive.blobs.store`."""
NEAREST = 3
"""Snapshots of an office that stand alone and are tried, besides its first: looks come one after
the other, so the last ones before are the likeliest."""
AT_ONCE = 50
"""Snapshots written in one transaction: it holds the write lock some tenths of a second."""
SEALED_AT_ONCE = 500

Say = Callable[[str], None]


@dataclass(slots=True)
class Stored:
    """A snapshot as it is kept, and the addresses that it is of."""

    id: int
    digest: str
    size: int
    stored_size: int
    reference_id: int | None
    depth: int
    addresses: set[str] = field(default_factory=set)

    @property
    def is_poor(self) -> bool:
        """Whether it could gain: standing alone, or hardly smaller by its reference."""
        gains_little = self.stored_size * PAYS_AT_ONCE > self.size
        return self.size >= SMALL and (self.reference_id is None or gains_little)


class Office:
    """The sound snapshots of an office, in the order in which they came."""

    def __init__(self, snapshots: Sequence[Stored]) -> None:
        self.snapshots = snapshots
        self._alone = [one for one in snapshots if one.depth == 0 and one.size >= SMALL]
        self._by_address: dict[str, list[Stored]] = defaultdict(list)
        for one in snapshots:
            for address in one.addresses:
                self._by_address[address].append(one)

    def list_candidates(self, stored: Stored) -> Iterator[Stored]:
        """What a snapshot may be compressed against: always an earlier row, as elsewhere."""
        chosen: dict[int, Stored] = {}
        for address in sorted(stored.addresses):
            own = [
                one
                for one in self._by_address[address]
                if one.id < stored.id and one.depth < MOST_STEPS and one.size >= SMALL
            ]
            chosen |= {one.id: one for one in (*own[:1], *own[-1:])}
        place = bisect_left(self._alone, stored.id, key=lambda one: one.id)
        nearest = self._alone[max(place - NEAREST, 0) : place]
        chosen |= {one.id: one for one in (*self._alone[: min(place, 1)], *nearest)}
        yield from (one for one in chosen.values() if one.id != stored.reference_id)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A snapshot encoded again, and what it was before."""

    stored: Stored
    data: bytes
    reference: Stored


@dataclass(slots=True)
class Compacted:
    """What became of the snapshots of an office, in bytes."""

    site: str
    snapshots: int
    before: int
    after: int
    written: int = 0
    """How often one was encoded again."""


def compact_offices(engine: Engine, site_ids: Collection[int], say: Say) -> list[Compacted]:
    """Encode the snapshots of offices again, until nothing gains any more: once more changes
    nothing. Each is told that gained."""
    done = {site_id: _describe(engine, site_id) for site_id in site_ids}
    is_changed = True
    while is_changed:
        is_changed = False
        for site_id, office in done.items():
            written = _run_over(engine, site_id)
            if written:
                is_changed = True
                office.written += written
                say(f"{office.site}: {written:,} snapshots encoded again")
    for site_id, office in done.items():
        if office.written:
            office.after = _describe(engine, site_id).after
    return list(done.values())


def _describe(engine: Engine, site_id: int) -> Compacted:
    with read(engine) as connection:
        label = connection.scalars(select(Site.label).where(Site.id == site_id)).one()
        of_site = Capture.site_id == site_id, Capture.blob_id == Blob.id
        sizes = func.count(), func.coalesce(func.sum(Blob.stored_size), 0)
        count, size = connection.execute(select(*sizes).where(exists().where(*of_site))).one()
    return Compacted(label, count, int(size), int(size))


def measure(connection: Connection) -> int:
    """The bytes that all snapshots of an archive take."""
    return int(connection.scalar(select(func.coalesce(func.sum(Blob.stored_size), 0))) or 0)


def _run_over(engine: Engine, site_id: int) -> int:
    """Go over the snapshots of an office once; return how many were written."""
    with read(engine) as connection:
        office = _read_office(connection, site_id)
    written = 0
    for chunk in cut_chunks((one for one in office.snapshots if one.is_poor), AT_ONCE):
        with read(engine) as connection:
            proposals = [one for stored in chunk for one in _propose(connection, office, stored)]
        if proposals:
            with engine.begin() as connection:
                written += sum(_apply(connection, proposal) for proposal in proposals)
    return written


def _read_office(connection: Connection, site_id: int) -> Office:
    parent = aliased(Blob)
    columns = Blob.id, Blob.digest, Blob.size, Blob.stored_size, Blob.reference_id
    query = select(*columns, parent.reference_id.label("further"), Capture.canonical_digest)
    query = query.join(Capture, Capture.blob_id == Blob.id)
    query = query.outerjoin(parent, parent.id == Blob.reference_id)
    query = query.where(Capture.site_id == site_id, Blob.damaged.is_(False))
    found: dict[int, Stored] = {}
    for row in connection.execute(query.order_by(Blob.id)):
        if row.id not in found:
            depth = sum(one is not None for one in (row.reference_id, row.further))
            found[row.id] = Stored(*row[:5], depth)
        found[row.id].addresses.add(row.canonical_digest)
    return Office(list(found.values()))


def _propose(connection: Connection, office: Office, stored: Stored) -> Iterator[Proposal]:
    """The best that can be done for a snapshot, if that is worth it."""
    candidates = [
        one for one in office.list_candidates(stored) if _may_replace(connection, stored, one)
    ]
    if not candidates:
        return
    sound = load_whole(connection, [stored.id, *(one.id for one in candidates)])
    body = sound.get(stored.id)
    if body is None:  # `verify` tells of it
        return
    proposals = [
        Proposal(stored, compress_against(body, sound[one.id]), one)
        for one in candidates
        if one.id in sound
    ]
    best = min(proposals, key=lambda one: len(one.data), default=None)
    if best and len(best.data) <= WORTH * stored.stored_size:
        yield best


def _may_replace(connection: Connection, stored: Stored, reference: Stored) -> bool:
    """Whether a snapshot may be compressed against another one.

    No chain gets a third step. What offices' new pages are compressed against stays as it is, and
    so does what other addresses hang on: a page's first snapshot two steps deep could serve no
    later one.
    """
    is_own = bool(stored.addresses & reference.addresses)
    depth = _measure_depth(connection, reference.id)
    if depth is None or depth > (MOST_STEPS - 1 if is_own else 0):
        return False
    present = select(SnapshotReference.blob_id).where(SnapshotReference.blob_id == stored.id)
    if connection.execute(present.limit(1)).first():
        return False
    height, addresses = _measure_height(connection, stored.id)
    return depth + 1 + height <= MOST_STEPS and addresses <= stored.addresses


def _measure_depth(connection: Connection, blob_id: int) -> int | None:
    """Steps from a sound snapshot to bytes that stand alone."""
    parent = aliased(Blob)
    query = select(Blob.reference_id, parent.reference_id, Blob.damaged)
    query = query.outerjoin(parent, parent.id == Blob.reference_id).where(Blob.id == blob_id)
    row = connection.execute(query).first()
    if row is None or row[2]:
        return None
    return sum(one is not None for one in row[:2])


def _measure_height(connection: Connection, blob_id: int) -> tuple[int, set[str]]:
    """Steps from the furthest snapshot that hangs on one, and the addresses of all that do."""
    height, addresses = 0, set()
    nearest = [blob_id]
    while height <= MOST_STEPS:
        query = select(Blob.id).where(Blob.reference_id.in_(nearest))
        nearest = list(connection.scalars(query))
        if not nearest:
            break
        height += 1
        of = select(Capture.canonical_digest).where(Capture.blob_id.in_(nearest))
        addresses |= set(connection.scalars(of))
    return height, addresses


def _apply(connection: Connection, proposal: Proposal) -> bool:
    """Write a proposal, unless something changed since; decode it before."""
    stored, reference = proposal.stored, proposal.reference
    query = select(Blob.stored_size, Blob.reference_id, Blob.damaged).where(Blob.id == stored.id)
    present = connection.execute(query).first()
    if present is None or tuple(present) != (stored.stored_size, stored.reference_id, False):
        return False
    if not _may_replace(connection, stored, reference) or not _decodes(connection, proposal):
        return False
    changes = {
        "codec": "zstd-ref",
        "reference_id": reference.id,
        "stored_size": len(proposal.data),
        "data": proposal.data,
    }
    connection.execute(update(Blob).where(Blob.id == stored.id).values(changes))
    return True


def _decodes(connection: Connection, proposal: Proposal) -> bool:
    try:
        body = decode_body(proposal.data, load(connection, proposal.reference.id))
    except DamagedSnapshot:
        return False
    return digest_bytes(body) == proposal.stored.digest


def seal_readings(engine: Engine) -> int:
    """Give the readings that have none a digest of what they hold now; return how many."""
    sealed, last = 0, 0
    while True:
        with engine.begin() as connection:
            query = select(*Reading.__table__.columns)
            query = query.where(Reading.digest.is_(None), Reading.id > last).order_by(Reading.id)
            rows = connection.execute(query.limit(SEALED_AT_ONCE)).mappings().all()
            for row in rows:
                digest = digest_row(dict(row))
                connection.execute(
                    update(Reading).where(Reading.id == row["id"]).values(digest=digest)
                )
        if not rows:
            return sealed
        sealed, last = sealed + len(rows), rows[-1]["id"]


def vacuum(engine: Engine) -> None:
    """Give the room that is free in SQLite's file back to the disk; PostgreSQL sees to that
    itself."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    finally:
        connection.close()
