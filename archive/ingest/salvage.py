"""A batch that cannot be written, written record by record: the one at fault becomes a capture with
its bytes and a problem, the rest is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, insert

from archive.database import models
from archive.database.faults import describe_error, is_storage_fault
from archive.database.sql import find_ids
from archive.ingest.batch import save_batch
from archive.ingest.problems import make_problem
from archive.records import Capture, Problem, Record

BATCHED = "record"
"""Field of the problem of a record that could not be written whole."""
KEPT_BARE = "It could not be archived as it was read: only its bytes are kept."
NOT_KEPT = "It could not be archived at all."
_SEEN = 200
LONGEST_ADDRESS = 2000
"""Characters of the address of a capture that cannot be written with the whole of it."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A record that is not in the archive as it came."""

    site: str
    """The office's Kemendagri code."""
    url: str
    """What was asked for, or what kind of record it is."""
    why: str


def save_each(engine: Engine, run_id: int, records: Sequence[Record]) -> list[Loss]:
    """Write records in a transaction each; return what was lost. Raise what the storage says."""
    return [loss for record in records if (loss := _save_one(engine, run_id, record))]


def _save_one(engine: Engine, run_id: int, record: Record) -> Loss | None:
    error = _try(engine, run_id, record, derives=True)
    if error is None:
        return None
    url = record.url if isinstance(record, Capture) else type(record).__name__
    loss = Loss(record.site, url, describe_error(error))
    if not any(_try(engine, run_id, bare) is None for bare in _strip(record, loss)):
        with engine.begin() as connection:
            _name_loss(connection, run_id, loss)
    return loss


def _try(engine: Engine, run_id: int, record: Record, *, derives: bool = False) -> Exception | None:
    """Write one record; return what it failed of. Raise what the storage says."""
    try:
        with engine.begin() as connection:
            save_batch(connection, run_id, [record], derives=derives)
    except Exception as error:
        if is_storage_fault(error):
            raise
        return error
    return None


def _strip(record: Record, loss: Loss) -> Iterator[Capture]:
    """The record with less and less of what may be at fault: what was read, then its page, its
    headers and the length of its addresses."""
    if not isinstance(record, Capture):
        return
    problem = Problem(BATCHED, loss.why[:_SEEN], KEPT_BARE)
    bare = replace(record, reading=None, digests=None, problems=(problem,))
    yield bare
    yield replace(
        bare,
        page=None,
        answered_page=None,
        headers={},
        url=record.url[:LONGEST_ADDRESS],
        canonical=record.canonical[:LONGEST_ADDRESS],
        answered_url=None,
    )


def _name_loss(connection: Connection, run_id: int, loss: Loss) -> None:
    """Leave a problem where not even the bytes could be kept."""
    sites = find_ids(connection, models.Site.code, models.Site.id)
    if loss.site in sites:
        said = f"{loss.url[:_SEEN]}: {loss.why[:_SEEN]}"
        problem = Problem(BATCHED, said, NOT_KEPT)
        row = make_problem(run_id, sites[loss.site], None, problem)
        connection.execute(insert(models.Problem), row)
