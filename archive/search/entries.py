"""What the search index holds of an article, read from the database: one entry for each state it
was in.

An entry has two intervals of days in the office's zone, each from its first day to the day before
the second: when this text stood on the site, as known today; and when it was what the archive knew
as the article. The article as it is known now is the entry whose second interval is open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, func, select

from archive.database.models import (
    Capture,
    Cluster,
    Document,
    Page,
    Reading,
    Removal,
    Run,
    Site,
    Text_,
)
from archive.database.sql import PAGES, Row, cut_chunks, read_by_page
from archive.derive.documents import select_revisions
from archive.derive.pairs import Kind
from archive.watch.removals import Grade
from archive.watch.verdicts import Answer
from archive.withheld import is_shown

Days = tuple[date, date]
NEVER = (date.max, date.max)


@dataclass(slots=True)
class Entry:
    """One state of an article."""

    page_id: int
    reading_id: int
    title: str
    body: str
    people: tuple[str, ...]
    """Writers, editor and photographer."""
    writers: tuple[str, ...]
    place: str
    unit: str
    category: str
    section: str
    code: str
    """Of the office: `33.72`."""
    province: str
    level: str
    earliest: date | None
    latest: date | None
    flags: tuple[str, ...]
    """Of its date, its captures and its history: `edited`, `removed`."""
    views: int | None
    first_seen: datetime
    cluster: int
    """The lowest page of those with the same text, or this one."""
    on_site: Days = NEVER
    known: Days = NEVER

    @property
    def is_present(self) -> bool:
        """Whether it is the article as it is known now."""
        return _is_open(self.known)


@dataclass(slots=True)
class _State:
    """What an article was by some reading."""

    reading_id: int
    text_id: int
    on_site: Days = NEVER
    known: Days = NEVER


@dataclass(slots=True)
class _History:
    """What is known of one page."""

    zone: ZoneInfo
    read: list[Any] = field(default_factory=list)
    """Rows of `READ`, in the order of captures and readings."""
    revisions: list[Any] = field(default_factory=list)
    """Rows of `REVISIONS`, in the order of captures."""


PRESENT = (
    select(Document.page_id, Document.reading_id, Document.text_id, Document.category)
    .add_columns(Document.published_earliest, Document.published_latest, Document.published_flags)
    .add_columns(Document.doubts, Document.views, Document.first_seen, Document.revisions)
    .add_columns(Page.first_seen.label("page_seen"), Site.timezone, Site.code, Site.level)
    .add_columns(Site.province_code, Cluster.cluster_id)
    .add_columns(Removal.since.label("removed_since"))
    .join_from(Document, Page, Document.page_id == Page.id)
    .join(Site, Site.id == Document.site_id)
    .outerjoin(Cluster, and_(Cluster.page_id == Document.page_id, Cluster.kind == Kind.COPY.value))
    .outerjoin(
        Removal,
        and_(Removal.page_id == Document.page_id, Removal.grade != Grade.RETURNED.value),
    )
    .where(Document.page_id.in_(PAGES), is_shown(Document.page_id))
)

READ = (
    select(Capture.page_id, Capture.id.label("capture_id"), Capture.fetched_at, Run.started_at)
    .add_columns(Reading.id.label("reading_id"), Reading.text_id, Reading.kind, Reading.read_at)
    .join_from(Capture, Reading, Reading.capture_id == Capture.id)
    .join(Run, Run.id == Capture.run_id)
    .where(Capture.page_id.in_(PAGES), Capture.answer.in_((Answer.ARTICLE, Answer.CUT)))
    .order_by(Capture.page_id, Capture.fetched_at, Capture.id, Reading.id)
)
SEVERAL = (
    select(Capture.page_id)
    .join(Reading, Reading.capture_id == Capture.id)
    .where(Capture.page_id.in_(PAGES), Capture.answer.in_((Answer.ARTICLE, Answer.CUT)))
    .group_by(Capture.page_id)
    .having(func.count(Reading.text_id.distinct()) > 1)
)
"""The pages that were ever read as more than one text."""
FIRST_KNOWN = (
    select(Capture.page_id, Capture.fetched_at, Run.started_at)
    .join(Run, Run.id == Capture.run_id)
    .where(Capture.page_id.in_(PAGES), Capture.answer.in_((Answer.ARTICLE, Answer.CUT)))
)

FIELDS = (
    select(Reading.id, Text_.title, Text_.body, Reading.writers, Reading.editor)
    .add_columns(Reading.photographer, Reading.place, Reading.category, Reading.section)
    .add_columns(func.coalesce(Reading.byline_unit, Reading.dateline_unit).label("unit"))
    .add_columns(Reading.published_earliest, Reading.published_latest, Reading.published_flags)
    .add_columns(Reading.views)
    .join(Text_, Text_.id == Reading.text_id)
)


def read_entries(connection: Connection, page_ids: Collection[int]) -> Iterator[Entry]:
    """The entries of those of these pages that are articles and not withheld. At most as many
    pages as fit one statement."""
    present = read_by_page(connection, PRESENT, page_ids)
    states = _list_states(connection, present)
    readings = sorted({one.reading_id for ones in states.values() for one in ones})
    fields = {
        row["id"]: row
        for chunk in cut_chunks(readings)
        for row in connection.execute(FIELDS.where(Reading.id.in_(chunk))).mappings()
    }
    for page_id, ones in states.items():
        for state in ones:
            yield _make_entry(present[page_id], dict(fields[state.reading_id]), state)


def _list_states(connection: Connection, present: Mapping[int, Row]) -> dict[int, list[_State]]:
    found = connection.scalars(SEVERAL, {"pages": list(present)})
    several = {page_id for page_id in found if page_id is not None}
    single = [page_id for page_id in present if page_id not in several]
    states = _list_single(connection, present, single)
    if several:
        for page_id, history in _read_histories(connection, present, several).items():
            states[page_id] = _list_several(history, present[page_id])
    return states


def _list_single(
    connection: Connection, present: Mapping[int, Row], page_ids: Sequence[int]
) -> dict[int, list[_State]]:
    """The one state of each of these pages, which were only ever read as one text."""
    known: dict[int, datetime] = {}
    for page_id, fetched_at, started_at in connection.execute(FIRST_KNOWN, {"pages": page_ids}):
        assert page_id is not None
        at = max(fetched_at, started_at)
        known[page_id] = min(at, known.get(page_id, at))
    states = {}
    for page_id in page_ids:
        row, zone = present[page_id], ZoneInfo(present[page_id]["timezone"])
        came = known[page_id] if page_id in known else row["first_seen"]
        states[page_id] = [
            _State(
                row["reading_id"],
                row["text_id"],
                (_find_day(row["first_seen"], zone), _find_end(row, zone)),
                (_find_day(came, zone), date.max),
            )
        ]
    return states


def _read_histories(
    connection: Connection, present: Mapping[int, Row], page_ids: Collection[int]
) -> dict[int, _History]:
    histories = {page_id: _History(ZoneInfo(present[page_id]["timezone"])) for page_id in page_ids}
    for row in connection.execute(READ, {"pages": list(page_ids)}):
        histories[row.page_id].read.append(row)
    for row in connection.execute(select_revisions(), {"pages": list(page_ids)}):
        histories[row.page_id].revisions.append(row)
    return histories


def _list_several(history: _History, present: Row) -> list[_State]:
    """The states of a page: its revisions as they are read today, and what it was taken for
    before."""
    states = list(_list_revisions(history, present))
    by_text = {state.text_id: state for state in states}
    for reading_id, text_id, known in _list_known(history):
        state = states[-1] if _is_open(known) and states else by_text.get(text_id)
        if state is None or state.known != NEVER:
            state = _State(reading_id, text_id)
            states.append(state)
        state.known = known
    return [state for state in states if state.on_site != NEVER or state.known != NEVER]


def _list_revisions(history: _History, present: Row) -> Iterator[_State]:
    """The revisions, each as its last whole capture shows it, and when they stood on the site."""
    revisions: list[list[Any]] = []
    for row in history.revisions:
        if row.begins or not revisions:
            revisions.append([])
        revisions[-1].append(row)
    firsts = [_find_day(rows[0].fetched_at, history.zone) for rows in revisions]
    ends = [*firsts[1:], _find_end(present, history.zone)]
    for rows, first, end in zip(revisions, firsts, ends, strict=True):
        shown = next((row for row in reversed(rows) if not row.is_cut), rows[-1])
        is_last = rows is revisions[-1]
        reading_id = present["reading_id"] if is_last else shown.reading_id
        text_id = present["text_id"] if is_last else shown.text_id
        yield _State(reading_id, text_id, (first, end))


def _list_known(history: _History) -> Iterator[tuple[int, int, Days]]:
    """What the page was known as, from day to day: reading, text, days.

    Replays the captures and readings in the order in which the archive came to know them. The last
    capture known counts, by the last reading of it.
    """
    events = sorted(
        (max(row.fetched_at, row.started_at, row.read_at or row.fetched_at), row.reading_id, row)
        for row in history.read
    )
    newest: dict[int, Any] = {}
    begun: list[tuple[date, int, int]] = []
    shown: Any = None
    for at, _, row in events:
        newest[row.capture_id] = row
        if row.kind == "article" and row.text_id is not None:
            if shown is None or _place(row) >= _place(shown):
                shown = row
        elif shown is not None and shown.capture_id == row.capture_id:
            articles = [one for one in newest.values() if one.kind == "article" and one.text_id]
            shown = max(articles, key=_place, default=None)
        if shown is not None and (not begun or begun[-1][2] != shown.text_id):
            begun.append((_find_day(at, history.zone), shown.reading_id, shown.text_id))
    ends = [*(day for day, _, _ in begun[1:]), date.max]
    for (first, reading_id, text_id), end in zip(begun, ends, strict=True):
        if first < end:
            yield reading_id, text_id, (first, end)


def _is_open(days: Days) -> bool:
    return days != NEVER and days[1] == date.max


def _place(row: Any) -> tuple[datetime, int]:
    return row.fetched_at, row.capture_id


def _find_day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _find_end(present: Row, zone: ZoneInfo) -> date:
    since = present["removed_since"]
    return _find_day(since, zone) if since else date.max


def _make_entry(present: Row, read: Mapping[str, Any], state: _State) -> Entry:
    is_now = _is_open(state.known)
    source = present if is_now else read
    people = (*read["writers"], read["editor"], read["photographer"])
    flags: Iterable[str] = source["published_flags"]
    if is_now:
        removed = ["removed"] * (present["removed_since"] is not None)
        edited = ["edited"] * (present["revisions"] > 1)
        flags = chain(flags, present["doubts"], removed, edited)
    return Entry(
        page_id=present["page_id"],
        reading_id=state.reading_id,
        title=read["title"] or "",
        body=read["body"],
        people=tuple(name for name in people if name),
        writers=tuple(read["writers"]),
        place=read["place"] or "",
        unit=read["unit"] or "",
        category=source["category"] or "",
        section=read["section"] or "",
        code=present["code"],
        province=present["province_code"],
        level=present["level"],
        earliest=source["published_earliest"],
        latest=source["published_latest"],
        flags=tuple(flags),
        views=source["views"],
        first_seen=present["first_seen"],
        cluster=present["cluster_id"] or present["page_id"],
        on_site=state.on_site,
        known=state.known,
    )
