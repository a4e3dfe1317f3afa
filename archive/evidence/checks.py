"""The checks of an archive: each reads rows of one table by a range of their ids, and tells what is
wrong with them.

A row that the database itself cannot read any more is told too: the range is halved until it is
alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from archive.database.engine import read
from archive.database.models import Base, Blob, Capture, Layout, Reading, Text_
from archive.database.seals import digest_row
from archive.database.sql import cut_chunks
from archive.database.types import digest_text
from archive.evidence.chains import STORED, Chains
from archive.evidence.findings import Finding, is_damage
from archive.ingest.digests import text_digest

AT_ONCE = 50
"""Rows with bytes that are fetched together."""
ADDRESSES = ("url", "canonical")
"""Columns of a capture that have a digest beside them."""
DIGEST = re.compile(r"[0-9a-f]{64}")

Query = Select[*tuple[Any, ...]]
Sites = tuple[int, ...]
"""Ids of the offices whose captures are checked; empty for all."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one check: those with ids of `low` to `high`, both included."""

    check: Check
    low: int
    high: int
    sites: Sites


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a part."""

    findings: tuple[Finding, ...]
    count: int
    """Rows that were looked at."""
    unsealed: int = 0
    """Readings without a digest, of which nobody can tell whether they are as they were."""

    def __add__(self, other: Checked) -> Checked:
        findings = (*self.findings, *other.findings)
        return Checked(findings, self.count + other.count, self.unsealed + other.unsealed)


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of check."""

    what: str
    """Of its findings."""
    name: str
    """Of what it counts: `blobs`."""
    table: type[Base]
    step: int
    """Ids of one part: what takes about a second at most."""
    run: Callable[[Connection, Part], Checked]


def run_part(engine: Engine, part: Part) -> Checked:
    """Check a part in a transaction of its own; halve it where its rows cannot be read."""
    try:
        with read(engine) as connection:
            return part.check.run(connection, part)
    except Exception as error:
        if not is_damage(error):
            raise
        return _halve(engine, part, error)


def _halve(engine: Engine, part: Part, error: Exception) -> Checked:
    check = part.check
    if part.low == part.high:
        said = " ".join(str(getattr(error, "orig", None) or error).split())
        why = f"{check.table.__tablename__}: the row cannot be read: {said}"
        return Checked((Finding(check.what, check.table.__tablename__, part.low, why),), 1)
    middle = (part.low + part.high) // 2
    halves = (part.low, middle), (middle + 1, part.high)
    first, second = (run_part(engine, Part(check, *half, part.sites)) for half in halves)
    return first + second


def _check_blobs(connection: Connection, part: Part) -> Checked:
    chains = Chains(connection)
    query = _limit(STORED, part, Blob.id)
    if part.sites:
        of_site = Capture.blob_id == Blob.id, Capture.site_id.in_(part.sites)
        query = query.where(exists().where(*of_site))
    rows = connection.execute(query, execution_options={"yield_per": AT_ONCE})
    findings: list[Finding] = []
    count = 0
    for row in rows:
        findings += chains.check(row)
        count += 1
    return Checked(tuple(findings), count)


def _check_texts(connection: Connection, part: Part) -> Checked:
    columns = Text_.id, Text_.digest, Text_.copy_digest, Text_.title, Text_.body
    query = _limit(select(*columns), part, Text_.id)
    if part.sites:
        of_site = Reading.text_id == Text_.id, _is_of(part, Reading.capture_id)
        query = query.where(exists().where(*of_site))
    rows = connection.execute(query).all()
    return Checked(tuple(found for row in rows for found in _check_text(row)), len(rows))


def _check_text(row: Any) -> Iterator[Finding]:
    """What is wrong with a text.

    The copy digest is made from the body without what its reader took for dateline and credits,
    which is kept nowhere: only its form can be checked.
    """
    if text_digest(row.title, row.body) != row.digest:
        yield Finding("text", "texts", row.id, "its title and body are not what its digest names")
    if row.copy_digest is not None and not DIGEST.fullmatch(row.copy_digest):
        yield Finding("text", "texts", row.id, "its copy digest is no SHA-256")


def _check_readings(connection: Connection, part: Part) -> Checked:
    query = _limit(select(*Reading.__table__.columns), part, Reading.id)
    rows = connection.execute(_limit_site(query, part, Reading.capture_id)).mappings().all()
    why = "its columns are not what its digest names"
    sealed = [row for row in rows if row["digest"] is not None]
    findings = [
        Finding("reading", "readings", row["id"], why)
        for row in sealed
        if digest_row(dict(row)) != row["digest"]
    ]
    findings += _find_unknown_layouts(connection, part)
    return Checked(tuple(findings), len(rows), len(rows) - len(sealed))


def _find_unknown_layouts(connection: Connection, part: Part) -> Iterator[Finding]:
    """Readings by a layout that their office never had."""
    layout = and_(Layout.site_id == Capture.site_id, Layout.digest == Reading.layout)
    query = select(Reading.id).join(Capture, Capture.id == Reading.capture_id)
    query = query.where(Reading.layout != "", ~exists().where(layout))
    for reading_id in connection.scalars(_limit_site(_limit(query, part, Reading.id), part)):
        why = "readings.layout names no layout of its office"
        yield Finding("link", "readings", reading_id, why)


def _check_layouts(connection: Connection, part: Part) -> Checked:
    columns = Layout.id, Layout.digest, Layout.content, Layout.captures
    query = _limit(select(*columns), part, Layout.id)
    if part.sites:
        query = query.where(Layout.site_id.in_(part.sites))
    rows = connection.execute(query).all()
    found = [found for row in rows for found in _check_layout(connection, row)]
    return Checked(tuple(found), len(rows))


def _check_layout(connection: Connection, row: Any) -> Iterator[Finding]:
    digest = hashlib.sha256(row.content.encode()).hexdigest() if row.content else ""
    if digest != row.digest:
        yield Finding("layout", "layouts", row.id, "its content is not what its digest names")
    wanted = set(row.captures)
    for chunk in cut_chunks(row.captures):
        wanted -= set(connection.scalars(select(Capture.id).where(Capture.id.in_(chunk))))
    for capture_id in sorted(wanted):
        why = f"layouts.captures names {capture_id}, which is no capture"
        yield Finding("link", "layouts", row.id, why)


def _check_captures(connection: Connection, part: Part) -> Checked:
    columns = Capture.id, *(getattr(Capture, name) for name in (*ADDRESSES, *map(_name, ADDRESSES)))
    query = _limit_site(_limit(select(*columns), part, Capture.id), part)
    rows = connection.execute(query).all()
    findings = [found for row in rows for found in _check_addresses(row)]
    findings += [*_find_other_bytes(connection, part), *_find_unvalidated(connection, part)]
    return Checked(tuple(findings), len(rows))


def _name(column: str) -> str:
    """The column with the digest of another."""
    return f"{column}_digest"


def _check_addresses(row: Any) -> Iterator[Finding]:
    """Addresses that their digests, made for the keys of the table, do not name."""
    for column in ADDRESSES:
        if digest_text(getattr(row, column)) != getattr(row, _name(column)):
            why = f"captures.{column} is not what its digest names"
            yield Finding("link", "captures", row.id, why)


def _find_other_bytes(connection: Connection, part: Part) -> Iterator[Finding]:
    """Captures whose digest is not that of their blob."""
    query = select(Capture.id).join(Blob, Blob.id == Capture.blob_id)
    query = query.where(or_(Capture.digest.is_(None), Capture.digest != Blob.digest))
    for capture_id in connection.scalars(_limit_site(_limit(query, part, Capture.id), part)):
        why = "captures.digest is not that of its blob"
        yield Finding("link", "captures", capture_id, why)


def _find_unvalidated(connection: Connection, part: Part) -> Iterator[Finding]:
    """Captures that were asked for with what a capture said that is not there; 0 is what no archive
    holds."""
    earlier = aliased(Capture)
    query = select(Capture.id, Capture.validated_id)
    query = query.where(Capture.validated_id > 0)
    query = query.where(~exists().where(earlier.id == Capture.validated_id))
    for row in connection.execute(_limit_site(_limit(query, part, Capture.id), part)):
        why = f"captures.validated_id is {row.validated_id}, which is no capture"
        yield Finding("link", "captures", row.id, why)


def _limit(query: Query, part: Part, key: Any) -> Query:
    return query.where(key >= part.low, key <= part.high)


def _limit_site(query: Query, part: Part, capture_id: Any = None) -> Query:
    """Leave out what is of other offices: of captures, or of the rows of captures."""
    if not part.sites:
        return query
    if capture_id is None:
        return query.where(Capture.site_id.in_(part.sites))
    return query.where(_is_of(part, capture_id))


def _is_of(part: Part, capture_id: Any) -> ColumnElement[bool]:
    of_site = Capture.id == capture_id, Capture.site_id.in_(part.sites)
    return exists().where(*of_site)


CHECKS = (
    Check("layout", "layouts", Layout, 100, _check_layouts),
    Check("link", "captures", Capture, 5_000, _check_captures),
    Check("text", "texts", Text_, 2_000, _check_texts),
    Check("reading", "readings", Reading, 2_000, _check_readings),
    Check("blob", "blobs", Blob, 1_000, _check_blobs),
)
"""The quick ones first."""
