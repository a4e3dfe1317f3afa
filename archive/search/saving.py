"""Searches that are saved, and what is new in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, select

from archive.database.engine import ArchiveError, StorageError
from archive.database.models import Capture, Change, SavedSearch
from archive.database.sql import cut_chunks, replace_rows
from archive.derive.changes import find_last_change
from archive.derive.documents import select_revisions
from archive.search.hits import Hit
from archive.search.options import Precision, Sort
from archive.search.questions import Period, Question
from archive.search.search import find_articles

LONGEST_NAME = 80
PAGES_AT_ONCE = 5_000
"""Pages that are asked for in one query."""
PASSING = ("limit", "offset", "facets", "pages", "as_of", "current_on")
"""Of a question what belongs to one answer, not to what is followed."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """Up to where somebody knows the archive."""

    change_id: int
    capture_id: int


def find_known(connection: Connection) -> Known:
    """All that is in the archive now. Both numbers grow in the order of commits."""
    capture = connection.scalar(select(func.max(Capture.id))) or 0
    return Known(find_last_change(connection), capture)


def save_search(connection: Connection, name: str, question: Question, now: datetime) -> None:
    """Save a question under a name, in place of another of that name. What is in the archive now is
    no news."""
    check_name(name)
    if question.as_of or question.current_on:
        raise ArchiveError(
            "a search of a day in the past has no news: leave the day out to save it"
        )
    row = {"name": name, "question": encode_question(question), "saved_at": now}
    replace_rows(connection, SavedSearch, [row | asdict(find_known(connection))], ["name"])


def check_name(name: str) -> None:
    """Raise ArchiveError for what is no name of a search."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise ArchiveError(f"a saved search has a name of 1 to {LONGEST_NAME} printable characters")


def list_searches(connection: Connection, names: Collection[str] = ()) -> list[Any]:
    """The saved searches, or those of these names. Raise ArchiveError for a name that none has."""
    rows = connection.execute(select(*SavedSearch.__table__.columns).order_by(SavedSearch.name))
    found = {row.name: row for row in rows}
    for name in names:
        if name not in found:
            known = f"; there are: {', '.join(found)}" if found else ""
            raise ArchiveError(f"no search {name!r} is saved{known}")
    return [row for name, row in found.items() if not names or name in names]


def forget_search(connection: Connection, name: str) -> None:
    """Remove a saved search. Raise ArchiveError for a name that none has."""
    list_searches(connection, [name])
    connection.execute(delete(SavedSearch).where(SavedSearch.name == name))


def encode_question(question: Question) -> Row:
    """A question as JSON can hold it, without what has its usual value."""
    given = {
        one.name: getattr(question, one.name)
        for one in fields(question)
        if one.name not in PASSING and getattr(question, one.name) != one.default
    }
    if "period" in given:
        given["period"] = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(question.period).items()
        }
    return {
        name: list(value) if isinstance(value, tuple | set | frozenset) else value
        for name, value in given.items()
    }


def decode_question(row: Row) -> Question:
    """The question that was saved. Raise ArchiveError for one of a later program."""
    given = dict(row)
    try:
        if "period" in given:
            period = dict(given["period"])
            days = {name: period[name] and date.fromisoformat(period[name]) for name in DAYS}
            precision = Precision(period["precision"])
            given["period"] = Period(undated=period["undated"], precision=precision, **days)
        if given.get("sort"):
            given["sort"] = Sort(given["sort"])
        return Question(**given)
    except (TypeError, ValueError, KeyError) as error:
        raise ArchiveError(f"a saved search cannot be read: {error}") from None


DAYS = ("since", "until")


def find_news(
    connection: Connection,
    question: Question,
    known: Known,
    folder: Path,
    say: Callable[[str], None],
) -> Iterator[Hit]:
    """What matches and is new, or was edited, since somebody knew the archive. What only has other
    counts or was read again is no news."""
    changed = select(Change.page_id).where(Change.id > known.change_id).order_by(Change.page_id)
    for chunk in cut_chunks(connection.scalars(changed).all(), PAGES_AT_ONCE):
        fresh = _find_fresh(connection, chunk, known.capture_id)
        if fresh:
            asked = replace(question, pages=fresh, limit=None, offset=0)
            found = find_articles(connection, asked, folder, say)
            if found.behind:
                raise StorageError(
                    "the search index is behind, and another process holds it: try again later"
                )
            yield from found.hits


def _find_fresh(connection: Connection, page_ids: list[int], capture_id: int) -> list[int]:
    """Of these pages those whose present revision began behind a capture."""
    begins: dict[int, int] = {}
    for row in connection.execute(select_revisions(), {"pages": page_ids}):
        if row.begins or row.page_id not in begins:
            begins[row.page_id] = row.id
    return [page_id for page_id, begun in begins.items() if begun > capture_id]
