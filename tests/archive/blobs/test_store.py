"""Bytes are kept once, small, whole, and quick to read."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import Connection, Engine, select, text, update

from archive.blobs.codec import SMALL, DamagedSnapshot, digest_bytes
from archive.blobs.store import Snapshot, keep, load, load_whole
from archive.database.models import Blob, SnapshotReference
from tests.archive.making import begin

WORDS = [f"kata{number * 7919 % 10007}" for number in range(4000)]


def make_look(seed: int) -> str:
    """The part that all pages of an office share, some 50 kB, unlike that of other seeds."""
    numbers = random.Random(seed)
    return "".join(
        f'<a class="m{numbers.random()}">{numbers.choice(WORDS)}</a>\n' for _ in range(1200)
    )


def make_page(look: str, seed: int, views: int = 1) -> bytes:
    """A page of this look with a text of its own."""
    prose = " ".join(random.Random(seed).choices(WORDS, k=600))
    return f"<html>{look}<p>{prose}</p>Telah dilihat {views} kali</html>".encode()


def make_snapshot(
    body: bytes, first_id: int | None = None, *, site_id: int = 1, skeleton: str = "s"
) -> Snapshot:
    return Snapshot(body, digest_bytes(body), site_id, skeleton, first_id)


def keep_one(
    connection: Connection, body: bytes, first_id: int | None = None, **where: object
) -> int:
    snapshot = make_snapshot(body, first_id, **where)  # type: ignore[arg-type]
    return keep(connection, [snapshot])[snapshot.digest]


def get_sizes(connection: Connection) -> list[int]:
    return list(connection.scalars(select(Blob.stored_size).order_by(Blob.id)))


def test_random_histories_come_back(archive: Engine) -> None:
    """Whatever is kept in whatever batches comes back equal; no reference is later or more than two
    steps deep."""
    begin(archive)
    numbers = random.Random(7)
    looks = [make_look(seed) for seed in range(3)]
    kept: dict[int, bytes] = {}
    for _ in range(25):
        bodies = [numbers.randbytes(numbers.choice([0, 1, 9, SMALL, 5000])), b"", *kept.values()][
            :2
        ]
        bodies += [
            make_page(numbers.choice(looks), numbers.randrange(9), numbers.randrange(50))
            for _ in range(6)
        ]
        batch = [
            make_snapshot(
                body,
                numbers.choice([None, *kept]),
                site_id=numbers.choice([1, 2]),
                skeleton=numbers.choice(["s", "t", ""]),
            )
            for body in bodies
        ]
        with archive.begin() as connection:
            ids = keep(connection, batch)
        kept |= {ids[snapshot.digest]: snapshot.body for snapshot in batch}
    with archive.connect() as connection:
        assert {blob_id: load(connection, blob_id) for blob_id in kept} == kept
        parents = dict(connection.execute(select(Blob.id, Blob.reference_id)).all())
    assert all(parent is None or parent < blob_id for blob_id, parent in parents.items())
    grandparents = {parents.get(parents.get(parent)) for parent in parents.values()}
    assert grandparents == {None}


def test_bytes_are_stored_once(archive: Engine) -> None:
    """The same bytes from two pages, two offices or twice in a batch are one blob."""
    begin(archive)
    page = make_page(make_look(1), 1)
    with archive.begin() as connection:
        first = keep(connection, [make_snapshot(page), make_snapshot(page, site_id=2)])
        assert keep(connection, [make_snapshot(page)]) == first
        assert len(get_sizes(connection)) == 1


def test_pages_of_an_office_are_kept_against_each_other(archive: Engine) -> None:
    """From its second page on, an office's pages cost little more than their text, in a batch and
    across batches."""
    begin(archive)
    look = make_look(1)
    with archive.begin() as connection:
        keep(connection, [make_snapshot(make_page(look, seed)) for seed in range(3)])
        keep(connection, [make_snapshot(make_page(look, seed)) for seed in range(3, 6)])
        alone, *others = get_sizes(connection)
    assert alone > 10_000
    assert max(others) < 3_000


def test_new_look_costs_one_page(archive: Engine) -> None:
    """After an office changed its markup, one page stands alone and the following are kept against
    it."""
    begin(archive)
    with archive.begin() as connection:
        for look in (make_look(1), make_look(2)):
            for seed in range(3):
                keep_one(connection, make_page(look, seed))
        sizes = get_sizes(connection)
        reference = connection.scalars(select(SnapshotReference.blob_id)).all()
    assert [size > 10_000 for size in sizes] == [True, False, False, True, False, False]
    assert reference == [4]


def test_revisit_costs_under_200_bytes(archive: Engine) -> None:
    """A page of 55 kB whose counter has grown is kept in under 200 bytes, also where its first was
    not kept alone."""
    begin(archive)
    look = make_look(1)
    with archive.begin() as connection:
        firsts = [keep_one(connection, make_page(look, seed)) for seed in range(2)]
        for seed, first in enumerate(firsts):
            keep_one(connection, make_page(look, seed, views=1234), first)
        assert max(get_sizes(connection)[2:]) < 200


@pytest.mark.parametrize(
    "damage",
    [{"data": b"junk"}, {"digest": "0" * 64}, {"reference_id": None}, {"data": b""}],
    ids=str,
)
def test_damage_is_noticed(archive: Engine, damage: dict[str, object]) -> None:
    """Bytes that do not decode, or decode to something else, are never handed out as the page."""
    begin(archive)
    look = make_look(1)
    with archive.begin() as connection:
        keep_one(connection, make_page(look, 1))
        blob_id = keep_one(connection, make_page(look, 2))
        connection.execute(update(Blob).where(Blob.id == blob_id).values(damage))
        with pytest.raises(DamagedSnapshot, match=f"snapshot {blob_id} "):
            load(connection, blob_id)


def test_damage_of_a_reference_is_noticed(archive: Engine) -> None:
    """A snapshot whose reference is damaged is not handed out either."""
    begin(archive)
    look = make_look(1)
    with archive.begin() as connection:
        first = keep_one(connection, make_page(look, 1))
        blob_id = keep_one(connection, make_page(look, 2))
        other = keep_one(connection, make_page(make_look(2), 2), site_id=2)
        connection.execute(
            text(
                f"UPDATE blobs SET data = (SELECT data FROM blobs WHERE id = {other}) WHERE id = "
                f"{first}"
            )
        )
        with pytest.raises(DamagedSnapshot):
            load(connection, blob_id)


def test_many_come_back_without_those_that_are_damaged(archive: Engine) -> None:
    """Asked for together, snapshots come back equal, and one that is damaged costs the others
    nothing."""
    begin(archive)
    bodies = [make_page(make_look(1), seed) for seed in range(4)]
    with archive.begin() as connection:
        ids = [keep_one(connection, body) for body in bodies]
        connection.execute(update(Blob).where(Blob.id == ids[2]).values(data=b"none"))
        kept = dict(zip(ids, bodies, strict=True))
        kept.pop(ids[2])
        assert load_whole(connection, ids) == kept
