"""What somebody is to be told, once: offices that fare worse, and what is new in saved searches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from archive.database.models import Notice
from archive.database.sql import replace_rows
from archive.search.hits import Hit
from archive.search.saving import Known, decode_question, find_known, find_news, list_searches
from archive.watch.verdicts import WELL

Row = dict[str, Any]
MOST_TOLD = 100
"""Hits of one search in one message; the others are counted."""


@dataclass(frozen=True, slots=True)
class Told:
    """What to tell of one subject."""

    subject: str
    title: str
    lines: tuple[str, ...]
    rows: tuple[Row, ...]
    """For programs."""
    known: Known | None = None
    """Of a saved search: up to where it is told."""


def find_worse(connection: Connection, target: str, states: Iterable[Row]) -> list[Told]:
    """Of rows as `archive.watch.health.list_health` has them those that need attention and were not
    told to this target, since they are so."""
    told = set(connection.scalars(select(Notice.subject).where(Notice.target == target)))
    found = []
    for row in states:
        subject = name_state(row)
        if row["state"] in WELL or subject in told:
            continue
        title = f"{row['site'] or 'the crawler'}: {row['state']}"
        line = f"{title}: {row['evidence']}. {row['what_to_do']}".strip(". ")
        found.append(Told(subject, title, (line,), (row,)))
    return found


def name_state(row: Row) -> str:
    """What tells a state from the same one at another time."""
    since = row["since"]
    day = since.date() if isinstance(since, datetime) else since
    return f"health:{row['site']}:{row['state']}:{day}"


def find_searched(
    connection: Connection,
    target: str,
    names: Collection[str],
    folder: Path,
    say: Callable[[str], None],
) -> Iterator[Told]:
    """What is new in saved searches, all or those of these names, since this target was told."""
    known = find_known(connection)
    for search in list_searches(connection, names):
        subject = f"search:{search.name}"
        before = _find_told(connection, target, subject) or Known(
            search.change_id, search.capture_id
        )
        question = decode_question(search.question)
        hits = list(find_news(connection, question, before, folder, say))
        lines = [_tell_hit(hit) for hit in hits[:MOST_TOLD]]
        if len(hits) > MOST_TOLD:
            lines.append(f"and {len(hits) - MOST_TOLD} more")
        title = f"{search.name}: {len(hits)} new"
        rows = tuple(_make_row(search.name, hit) for hit in hits[:MOST_TOLD])
        yield Told(subject, title, tuple(lines), rows, known)


def _find_told(connection: Connection, target: str, subject: str) -> Known | None:
    query = select(Notice.change_id, Notice.capture_id)
    row = connection.execute(
        query.where(Notice.target == target, Notice.subject == subject)
    ).first()
    if row is None or row.change_id is None or row.capture_id is None:
        return None
    return Known(row.change_id, row.capture_id)


def _tell_hit(hit: Hit) -> str:
    return f"{hit.page}  {hit.published_earliest or 'undated'}  {hit.title}  {hit.url}"


def _make_row(search: str, hit: Hit) -> Row:
    return {
        "search": search,
        "page": hit.page,
        "citation": hit.citation,
        "office": hit.office,
        "url": hit.url,
        "title": hit.title,
        "published_earliest": hit.published_earliest,
        "published_latest": hit.published_latest,
        "passage": hit.passage,
    }


def note_told(connection: Connection, target: str, told: Sequence[Told], now: datetime) -> None:
    """Remember what was told, in place of what was told of the same subjects before."""
    rows = [
        {
            "target": target,
            "subject": one.subject,
            "sent_at": now,
            **(asdict(one.known) if one.known else {"change_id": None, "capture_id": None}),
        }
        for one in told
    ]
    replace_rows(connection, Notice, rows, ["target", "subject"])
