"""Pairs of texts that are nearly the same, found as texts come.

Texts are signed in the order of their ids, each compared with earlier ones alone, and no text is
ever forgotten: so the pairs are the same whenever and in whatever batches they are sought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from archive.database.models import RecentBand, Setting, Text_, TextBand, TextPair
from archive.database.sql import Row, cut_chunks, replace_rows
from archive.derive.signatures import (
    Shingles,
    compare_shingles,
    cut_bands,
    hash_shingles,
    sign_shingles,
)
from archive.ingest.digests import leave_credits

SIGNED = "signed"
"""The setting that holds the last text that was signed."""
SIGNED_AT_ONCE = 500
"""Texts of one transaction where many wait, after an upgrade: some 2 seconds."""
COMPARED_AT_ONCE = 50
"""Texts whose candidates are held in memory together: at most 800 of 4 kB."""
LEAST_SIMILARITY = 0.4
"""Of copies: an edit of every tenth word leaves .57 and, in 150 words, hardly ever less than .4;
texts that have nothing to do with each other share .01."""
MOST_IN_BAND = 32
"""A band that so many texts have takes no more: those that come later are compared with these."""
MOST_RECENT = 200_000
"""Bands that wait to join the others, some 4,000 texts: moving them takes a second or two."""
MOST_COMPARED = 16
"""Candidates of a text: those that share the most bands with it, of equal ones the earliest."""
DIGITS = 4
"""Of a similarity that is kept."""


class Kind(StrEnum):
    """What nearly the same texts are to each other."""

    COPY = "copy"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class SignedText:
    """A text on its way into the tables."""

    id: int
    shingles: Shingles
    bands: Sequence[int]


def sign_texts(connection: Connection, most: int = SIGNED_AT_ONCE) -> set[str]:
    """Sign the texts that came since, so many of them at most, and pair them with earlier ones;
    return the copy digests of all that were looked at, without those of short texts."""
    query = NEW.where(Text_.id > _find_last(connection)).limit(most)
    rows = connection.execute(query).all()
    if not rows:
        return set()
    first = _find_first(connection, [row.copy_digest for row in rows])
    fresh = [row for row in rows if first.get(row.copy_digest) == row.id]
    for chunk in cut_chunks(fresh, COMPARED_AT_ONCE):
        _pair_texts(connection, [_sign_text(row) for row in chunk])
    _merge_bands(connection)
    _note_last(connection, rows[-1].id)
    return {row.copy_digest for row in rows if row.copy_digest}


def forget_pairs(connection: Connection) -> None:
    """Throw away all that `sign_texts` made."""
    connection.execute(delete(TextPair))
    connection.execute(delete(TextBand))
    connection.execute(delete(RecentBand))
    _note_last(connection, 0)


def is_all_signed(connection: Connection) -> bool:
    """Whether no text waits."""
    return (connection.scalar(select(func.max(Text_.id))) or 0) <= _find_last(connection)


def _find_last(connection: Connection) -> int:
    return int(connection.scalar(LAST) or 0)


def _note_last(connection: Connection, text_id: int) -> None:
    replace_rows(connection, Setting, [{"name": SIGNED, "value": str(text_id)}], ["name"])


def _find_first(connection: Connection, copies: Sequence[str | None]) -> dict[str | None, int]:
    """The first text with each of these copy digests."""
    wanted = {copy for copy in copies if copy}
    return dict(connection.execute(FIRST, {"copies": wanted}).all()) if wanted else {}


def _sign_text(row: Any) -> SignedText:
    shingles = hash_shingles(leave_credits(row.body, row.credits))
    return SignedText(row.id, shingles, cut_bands(sign_shingles(shingles)))


def _pair_texts(connection: Connection, texts: Sequence[SignedText]) -> None:
    """Keep the bands of these texts, and which earlier ones they resemble."""
    held = _find_held(connection, texts)
    wanted = {text.id: _choose_candidates(text, held) for text in texts}
    known = _load_texts(connection, {one for others in wanted.values() for one in others}, texts)
    pairs = [pair for text in texts for pair in _compare(text, wanted[text.id], known)]
    if pairs:
        connection.execute(insert(TextPair), pairs)
    own = {text.id for text in texts}
    bands = [
        {"band": band, "text_id": text_id}
        for band, text_ids in held.items()
        for text_id in text_ids
        if text_id in own
    ]
    connection.execute(insert(RecentBand), bands)


def _merge_bands(connection: Connection) -> None:
    """Move the recent bands to the others when they are many."""
    if (connection.scalar(RECENT) or 0) >= MOST_RECENT:
        connection.execute(MOVE)
        connection.execute(delete(RecentBand))


def _find_held(connection: Connection, texts: Sequence[SignedText]) -> dict[int, list[int]]:
    """The earlier texts of each band of these texts."""
    held: dict[int, list[int]] = {band: [] for text in texts for band in text.bands}
    for chunk in cut_chunks(held):
        for query in HELD:
            for band, text_id in connection.execute(query, {"bands": chunk}):
                held[band].append(text_id)
    return held


def _choose_candidates(text: SignedText, held: Mapping[int, list[int]]) -> list[int]:
    """The earlier texts that this is compared with; it joins those of its bands."""
    shared: Counter[int] = Counter()
    for band in set(text.bands):
        shared.update(held[band])
        if len(held[band]) < MOST_IN_BAND:
            held[band].append(text.id)
    return sorted(shared, key=lambda other: (-shared[other], other))[:MOST_COMPARED]


def _load_texts(
    connection: Connection, text_ids: set[int], texts: Sequence[SignedText]
) -> dict[int, Shingles]:
    """The shingles of these texts; `texts` are at hand."""
    known = {text.id: text.shingles for text in texts}
    missing = text_ids - known.keys()
    if missing:
        for row in connection.execute(BODIES, {"texts": missing}):
            known[row.id] = hash_shingles(leave_credits(row.body, row.credits))
    return known


def _compare(
    text: SignedText, others: Sequence[int], known: Mapping[int, Shingles]
) -> Iterator[Row]:
    for other in others:
        similarity = round(compare_shingles(text.shingles, known[other]), DIGITS)
        if similarity >= LEAST_SIMILARITY:
            pair = {"similarity": similarity, "kind": str(Kind.COPY)}
            yield {"text_id": text.id, "other_id": other, **pair}
            yield {"text_id": other, "other_id": text.id, **pair}


# Statements are made once: making one costs more than most of them take.
LAST = select(Setting.value).where(Setting.name == SIGNED)
NEW = select(Text_.id, Text_.copy_digest, Text_.body, Text_.credits).order_by(Text_.id)
FIRST = select(Text_.copy_digest, func.min(Text_.id)).group_by(Text_.copy_digest)
FIRST = FIRST.where(Text_.copy_digest.in_(bindparam("copies", expanding=True)))
HELD = tuple(
    select(table.band, table.text_id)
    .where(table.band.in_(bindparam("bands", expanding=True)))
    .order_by(table.text_id)
    for table in (TextBand, RecentBand)
)
RECENT = select(func.count()).select_from(RecentBand)
MOVE = insert(TextBand).from_select(
    ["band", "text_id"], select(RecentBand.band, RecentBand.text_id).order_by(RecentBand.band)
)
BODIES = select(Text_.id, Text_.body, Text_.credits)
BODIES = BODIES.where(Text_.id.in_(bindparam("texts", expanding=True)))
