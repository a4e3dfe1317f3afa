"""Pairs of texts that are nearly the same, found as texts come.

Texts are signed in the order of their ids, each compared with earlier ones alone, and no text is
ever forgotten: so the pairs are the same whenever and in whatever batches they are sought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from archive.database.models import RecentBand, Setting, Site, Text_, TextBand, TextPair
from archive.database.sql import Row, cut_chunks, replace_rows
from archive.derive.masks import list_name_words, mask_words
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
MOVED = "bands_moved"
"""The one that holds the last text whose bands are no recent ones."""
SIGNED_AT_ONCE = 500
"""Texts of one transaction where many wait, after an upgrade: some 2 seconds."""
COMPARED_AT_ONCE = 50
"""Texts whose candidates are held in memory together: at most 800 of 4 kB."""
LEAST_SIMILARITY = 0.4
"""Of copies: an edit of every tenth word leaves .57 and, in 150 words, hardly ever less than .4;
texts that have nothing to do with each other share .01."""
MOST_IN_BAND = 32
"""A band that so many texts have takes no more: those that come later are compared with these."""
MOST_RECENT = 4_000
"""Texts whose bands wait to join the others, 48 each: moving them takes a second or two."""
MOST_COMPARED = 16
"""Candidates of a text: those that share the most bands with it, of equal ones the earliest."""
MASKED_ALIKE = 0.95
"""Masked texts of a family share so much: names that no list has may stand in the way."""
UNEXPLAINED = 0.1
"""Of what differs in two texts of a family the masks take away all but this part; of an edit they
take away next to nothing."""
LEAST_LIKELY = 0.1
"""Texts that share less are no family either: nothing but the masks would be alike."""
DIGITS = 4
"""Of a similarity that is kept."""


class Kind(StrEnum):
    """What nearly the same texts are to each other."""

    COPY = "copy"
    FAMILY = "family"
    """They differ in names of places, numbers and dates alone."""


@dataclass(slots=True)
class ComparedText:
    """A text with what it is compared by."""

    id: int
    body: str
    credits: Sequence[int]
    shingles: Shingles
    masked: Shingles | None = None
    """Of the text without names of places, numbers and dates; made when it is needed."""

    def mask(self, names: Collection[str]) -> Shingles:
        """The masked shingles; `names` are words that name places."""
        if self.masked is None:
            self.masked = hash_shingles(mask_words(self.body, self.credits, names))
        return self.masked


def sign_texts(connection: Connection, most: int = SIGNED_AT_ONCE) -> set[str]:
    """Sign the texts that came since, so many of them at most, and pair them with earlier ones;
    return the copy digests of all that were looked at, without those of short texts."""
    query = NEW.where(Text_.id > _find_place(connection, SIGNED)).limit(most)
    rows = connection.execute(query).all()
    if not rows:
        return set()
    first = _find_first(connection, [row.copy_digest for row in rows])
    fresh = [row for row in rows if first.get(row.copy_digest) == row.id]
    names = list_name_words(connection.scalars(NAMES).all()) if fresh else ()
    for chunk in cut_chunks(fresh, COMPARED_AT_ONCE):
        _pair_texts(connection, [_read_text(row) for row in chunk], names)
    last = rows[-1].id
    _merge_bands(connection, last)
    _note_place(connection, SIGNED, last)
    return {row.copy_digest for row in rows if row.copy_digest}


def forget_pairs(connection: Connection) -> None:
    """Throw away all that `sign_texts` made."""
    connection.execute(delete(TextPair))
    connection.execute(delete(TextBand))
    connection.execute(delete(RecentBand))
    for setting in (SIGNED, MOVED):
        _note_place(connection, setting, 0)


def forget_text(connection: Connection, text_id: int) -> None:
    """Take out what was made of one text, which is about to go; what another one stands for as
    well, since its copy digest is the same, is that one's from now on."""
    own = select(Text_.copy_digest).where(Text_.id == text_id).scalar_subquery()
    heir = connection.scalar(
        select(func.min(Text_.id)).where(Text_.copy_digest == own, Text_.id != text_id)
    )
    for model, column in (
        (TextBand, TextBand.text_id),
        (RecentBand, RecentBand.text_id),
        (TextPair, TextPair.text_id),
        (TextPair, TextPair.other_id),
    ):
        change = delete(model) if heir is None else update(model).values({column.key: heir})
        connection.execute(change.where(column == text_id))


def is_all_signed(connection: Connection) -> bool:
    """Whether no text waits."""
    return (connection.scalar(select(func.max(Text_.id))) or 0) <= _find_place(connection, SIGNED)


def _find_place(connection: Connection, setting: str) -> int:
    return int(connection.scalar(PLACE, {"setting": setting}) or 0)


def _note_place(connection: Connection, setting: str, text_id: int) -> None:
    replace_rows(connection, Setting, [{"name": setting, "value": str(text_id)}], ["name"])


def _find_first(connection: Connection, copies: Sequence[str | None]) -> dict[str | None, int]:
    """The first text with each of these copy digests."""
    wanted = {copy for copy in copies if copy}
    return dict(connection.execute(FIRST, {"copies": wanted}).all()) if wanted else {}


def _read_text(row: Any) -> ComparedText:
    words = leave_credits(row.body, row.credits)
    return ComparedText(row.id, row.body, row.credits, hash_shingles(words))


def _pair_texts(
    connection: Connection, texts: Sequence[ComparedText], names: Collection[str]
) -> None:
    """Keep the bands of these texts, and which earlier ones they resemble."""
    bands = {text.id: set(cut_bands(sign_shingles(text.shingles))) for text in texts}
    held = _find_held(connection, {band for own in bands.values() for band in own})
    rows: list[Row] = []
    wanted: dict[int, list[int]] = {}
    for text_id, own in bands.items():
        wanted[text_id] = _choose_candidates(own, held)
        rows += _join_bands(text_id, own, held)
    known = _load_texts(connection, {one for others in wanted.values() for one in others}, texts)
    pairs = [
        pair
        for text in texts
        for other in wanted[text.id]
        for pair in _compare(text, known[other], names)
    ]
    if pairs:
        connection.execute(insert(TextPair), pairs)
    if rows:
        connection.execute(insert(RecentBand), rows)


def _merge_bands(connection: Connection, last: int) -> None:
    """Move the recent bands to the others when they are of many texts; `last` is the last one."""
    if last - _find_place(connection, MOVED) >= MOST_RECENT:
        connection.execute(MOVE)
        connection.execute(delete(RecentBand))
        _note_place(connection, MOVED, last)


def _find_held(connection: Connection, bands: Collection[int]) -> dict[int, list[int]]:
    """The earlier texts of each of these bands."""
    held: dict[int, list[int]] = {band: [] for band in bands}
    for chunk in cut_chunks(bands):
        for query in HELD:
            for band, text_id in connection.execute(query, {"bands": chunk}):
                held[band].append(text_id)
    return held


def _choose_candidates(bands: Collection[int], held: Mapping[int, list[int]]) -> list[int]:
    """The earlier texts that one with these bands is compared with."""
    shared = Counter(other for band in bands for other in held[band])
    return sorted(shared, key=lambda other: (-shared[other], other))[:MOST_COMPARED]


def _join_bands(
    text_id: int, bands: Collection[int], held: Mapping[int, list[int]]
) -> Iterator[Row]:
    """Let a text join those of its bands that take it; the rows that say so."""
    for band in bands:
        if len(held[band]) < MOST_IN_BAND:
            held[band].append(text_id)
            yield {"band": band, "text_id": text_id}


def _load_texts(
    connection: Connection, text_ids: set[int], texts: Sequence[ComparedText]
) -> dict[int, ComparedText]:
    """These texts; `texts` are at hand."""
    known = {text.id: text for text in texts}
    missing = text_ids - known.keys()
    if missing:
        found = connection.execute(BODIES, {"texts": missing})
        known |= {row.id: _read_text(row) for row in found}
    return known


def _compare(one: ComparedText, two: ComparedText, names: Collection[str]) -> Iterator[Row]:
    """The rows of two texts that are nearly the same, one for either as the first."""
    similarity = compare_shingles(one.shingles, two.shingles)
    kind = _judge(similarity, one, two, names)
    if kind:
        pair = {"similarity": round(similarity, DIGITS), "kind": str(kind)}
        yield {"text_id": one.id, "other_id": two.id, **pair}
        yield {"text_id": two.id, "other_id": one.id, **pair}


def _judge(
    similarity: float, one: ComparedText, two: ComparedText, names: Collection[str]
) -> Kind | None:
    """What two texts that are so similar are to each other."""
    if LEAST_LIKELY <= similarity < 1:
        masked = compare_shingles(one.mask(names), two.mask(names))
        explained = 1 - masked <= UNEXPLAINED * (1 - similarity)
        if masked >= MASKED_ALIKE and explained:
            return Kind.FAMILY
    return Kind.COPY if similarity >= LEAST_SIMILARITY else None


# Statements are made once: making one costs more than most of them take.
PLACE = select(Setting.value).where(Setting.name == bindparam("setting"))
NEW = select(Text_.id, Text_.copy_digest, Text_.body, Text_.credits).order_by(Text_.id)
FIRST = select(Text_.copy_digest, func.min(Text_.id)).group_by(Text_.copy_digest)
FIRST = FIRST.where(Text_.copy_digest.in_(bindparam("copies", expanding=True)))
HELD = tuple(
    select(table.band, table.text_id)
    .where(table.band.in_(bindparam("bands", expanding=True)))
    .order_by(table.text_id)
    for table in (TextBand, RecentBand)
)
MOVE = insert(TextBand).from_select(
    ["band", "text_id"], select(RecentBand.band, RecentBand.text_id).order_by(RecentBand.band)
)
NAMES = select(Site.name)
BODIES = select(Text_.id, Text_.body, Text_.credits)
BODIES = BODIES.where(Text_.id.in_(bindparam("texts", expanding=True)))
