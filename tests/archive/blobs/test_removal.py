"""Blobs go without a trace, and what was compressed against them comes back byte for byte."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import Connection, Engine, select, update

from archive.blobs.codec import DamagedSnapshot
from archive.blobs.removal import Reencoded, remove_blobs
from archive.blobs.store import load, load_whole
from archive.database.models import Blob, SnapshotReference
from tests.archive.blobs.test_store import keep_one, make_look, make_page
from tests.archive.making import begin


def read_parents(connection: Connection) -> dict[int, int | None]:
    return dict(connection.execute(select(Blob.id, Blob.reference_id)).all())


def measure_depth(parents: dict[int, int | None], blob_id: int) -> int:
    parent = parents[blob_id]
    return 0 if parent is None else 1 + measure_depth(parents, parent)


@pytest.fixture
def chain(archive: Engine) -> Engine:
    """1 stands alone; 2, 3 and 4 are against it; 5 is against 2, and 6 against 3."""
    begin(archive)
    look = make_look(1)
    with archive.begin() as connection:
        for seed in range(4):
            keep_one(connection, make_page(look, seed))
        keep_one(connection, make_page(look, 1, 2), 2)
        keep_one(connection, make_page(look, 2, 2), 3)
        parents = read_parents(connection)
    assert parents == {1: None, 2: 1, 3: 1, 4: 1, 5: 2, 6: 3}
    return archive


@pytest.mark.parametrize(
    ("gone", "left", "reencoded"),
    [
        ({1}, {2: None, 3: 2, 4: 2, 5: 2, 6: 3}, 3),
        ({2}, {1: None, 3: 1, 4: 1, 5: 1, 6: 3}, 1),
        ({1, 2}, {3: None, 4: 3, 5: 3, 6: 3}, 3),
        ({5, 6}, {1: None, 2: 1, 3: 1, 4: 1}, 0),
        ({1, 2, 3, 4}, {5: None, 6: 5}, 2),
    ],
)
def test_what_needs_them_is_encoded_again(
    chain: Engine, gone: set[int], left: dict[int, int | None], reencoded: int
) -> None:
    """Against what stays above, else against the first of them; never more than two steps deep."""
    with chain.begin() as connection:
        before = load_whole(connection, range(1, 7))
        assert remove_blobs(connection, gone) == Reencoded(reencoded)
    with chain.connect() as connection:
        parents = read_parents(connection)
        assert parents == left
        assert load_whole(connection, left) == {blob_id: before[blob_id] for blob_id in left}
    assert max(measure_depth(parents, blob_id) for blob_id in parents) <= 2


def test_office_gets_another_reference(chain: Engine) -> None:
    """The first that stands alone now takes its place; without one there is none."""
    with chain.begin() as connection:
        remove_blobs(connection, {1})
        assert connection.scalars(select(SnapshotReference.blob_id)).all() == [2]
        remove_blobs(connection, set(read_parents(connection)))
        assert connection.scalars(select(SnapshotReference.blob_id)).all() == []


def test_what_does_not_decode_is_marked(chain: Engine) -> None:
    """It keeps none of the others from being encoded again."""
    with chain.begin() as connection:
        connection.execute(update(Blob).where(Blob.id == 2).values(data=b"torn"))
        whole = load_whole(connection, [3, 4])
        assert remove_blobs(connection, {1}) == Reencoded(2, 1)
        assert load_whole(connection, [3, 4]) == whole
        assert connection.scalars(select(Blob.id).where(Blob.damaged)).all() == [2]
        with pytest.raises(DamagedSnapshot):
            load(connection, 2)


def test_random_removals_leave_the_rest_whole(archive: Engine) -> None:
    """Whatever goes in whatever order."""
    begin(archive)
    numbers = random.Random(3)
    looks = [make_look(seed) for seed in range(2)]
    for _ in range(6):
        with archive.begin() as connection:
            ids: list[int | None] = [None, *read_parents(connection)]
            for _ in range(8):
                page = make_page(numbers.choice(looks), numbers.randrange(5), numbers.randrange(99))
                ids.append(keep_one(connection, page, numbers.choice(ids)))
            kept = load_whole(connection, list(read_parents(connection)))
            gone = set(numbers.sample(sorted(kept), 5))
            remove_blobs(connection, gone)
            parents = read_parents(connection)
            assert load_whole(connection, list(parents)) == {
                blob_id: body for blob_id, body in kept.items() if blob_id not in gone
            }
        assert max(measure_depth(parents, blob_id) for blob_id in parents) <= 2
