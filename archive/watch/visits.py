"""The visits to offices, judged again from what was captured: for rebuilding, and for runs that
were killed before they could judge their own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, select, update

from archive.database.models import Capture, Page, Problem, Reading, Site, Visit
from archive.database.sql import Row, cut_chunks, replace_rows
from archive.watch.verdicts import (
    BOUNDED,
    FILE_ANSWER,
    HELD,
    OK,
    RULES,
    TELLING_DOUBTS,
    TROUBLES,
    UNTOLD,
    WITHOUT_RULES,
    Answer,
    AnswerFacts,
    State,
    VisitFacts,
    classify_answer,
    describe_trouble,
    is_vanished,
    judge_visit,
    leads_away,
    leads_back,
)

CRAWL = "crawl"
"""Source of the captures that visits are made of."""

_Source = tuple[int, int | None]
"""What a problem is of: a capture, and the reading of it unless it is the capture's own."""


@dataclass(slots=True)
class _Visit:
    """What one run captured at one office."""

    run_id: int
    began: datetime
    ended: datetime
    counts: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    vanished: int = 0
    untold: int = 0
    trouble: str = ""
    away: str = ""
    failed_rules: str = ""
    lacks_rules: bool = False

    def count(self, row: Any, answer: Answer, was_unread: bool) -> None:
        """Count one capture."""
        self.ended = row.fetched_at
        said = describe_trouble(row.url, row.status, row.error, row.answered_url, row.kind)
        if row.canonical == RULES:
            self._note_rules(row, answer, said)
            return
        self.counts[answer] += 1
        self.lacks_rules |= (row.error or "").startswith(WITHOUT_RULES)
        if not was_unread:
            self.lost += answer is Answer.UNREAD
            self.vanished += is_vanished(answer, row.status)
        if answer in TROUBLES:
            self.trouble = self.trouble or said
        if answer is Answer.AWAY:
            self.away = self.away or said

    def close(self) -> None:
        """A robots.txt that could not be had counts where nothing was asked for want of it."""
        if self.lacks_rules and self.failed_rules:
            answer, _, said = self.failed_rules.partition(" ")
            self.counts[answer] += 1
            self.trouble = said

    def _note_rules(self, row: Any, answer: Answer, said: str) -> None:
        if (row.status is None or row.status >= 500) and not self.failed_rules:
            self.failed_rules = f"{answer} {said}"


def derive_visits(
    connection: Connection, site_ids: Collection[int] | None = None, *, missing_only: bool = False
) -> None:
    """Name every capture anew and judge every visit, of these offices or of all.

    What a visit's own run told of it stays: when it began and ended, that it was cut short, bugs
    that no capture tells of. A visit that no run told of was cut short. `missing_only` adds those
    alone.
    """
    if site_ids is None:
        site_ids = connection.scalars(select(Site.id).order_by(Site.id)).all()
    for site_id in site_ids:
        _derive_site(connection, site_id, missing_only)


def name_captures(connection: Connection, capture_ids: Collection[int]) -> None:
    """Name these captures, which have bytes, anew: what was read again may be another answer."""
    changed: dict[int, Answer] = {}
    for chunk in cut_chunks(capture_ids):
        doubts = _read_doubts(connection, Capture.id.in_(chunk))
        for row in connection.execute(_select_captures(Capture.id.in_(chunk))):
            answer = classify_answer(_gather_facts(row, doubts, ()))
            if answer != row.answer:
                changed[row.id] = answer
    _write_answers(connection, changed)


def find_silent(connection: Connection, codes: Collection[str]) -> list[int]:
    """Those of these offices that have captures of a run which never told how its visit ended."""
    told = select(Visit.run_id).where(
        Visit.run_id == Capture.run_id, Visit.site_id == Capture.site_id
    )
    query = select(Capture.site_id).join(Site, Site.id == Capture.site_id)
    query = query.where(Site.code.in_(codes), Capture.source == CRAWL)
    query = query.where(Capture.answer != FILE_ANSWER)
    query = query.where(~told.correlate(Capture).exists())
    return list(connection.scalars(query.distinct()))


def _derive_site(connection: Connection, site_id: int, missing_only: bool) -> None:
    told = {
        row["run_id"]: dict(row)
        for row in connection.execute(
            select(*Visit.__table__.columns).where(Visit.site_id == site_id)
        ).mappings()
    }
    changed: dict[int, Answer] = {}
    visits = _gather_visits(connection, site_id, changed)
    _write_answers(connection, changed)
    label = connection.scalars(select(Site.label).where(Site.id == site_id)).one()
    rows = [
        row | {"outcome": f"{label}: {row['outcome']}"}
        for row in _judge_visits(site_id, visits, told, missing_only)
    ]
    replace_rows(connection, Visit, rows, ["run_id", "site_id"])


def _gather_visits(
    connection: Connection, site_id: int, changed: dict[int, Answer]
) -> list[_Visit]:
    """The visits to an office in time order; note the captures that are named otherwise now."""
    doubts = _read_doubts(connection, Capture.site_id == site_id)
    visits: dict[int, _Visit] = {}
    last: dict[int, Answer] = {}
    articles: set[int] = set()
    for row in connection.execute(_select_captures(Capture.site_id == site_id)):
        facts = _gather_facts(row, doubts, articles)
        answer = classify_answer(facts)
        if answer is Answer.ARTICLE:
            articles.add(row.id)
        if answer != row.answer:
            changed[row.id] = answer
        if row.source == CRAWL:
            times = row.fetched_at, row.fetched_at
            visit = visits.setdefault(row.run_id, _Visit(row.run_id, *times))
            visit.untold += UNTOLD in facts.doubts
            visit.count(row, answer, last.get(row.page_id, Answer.ARTICLE) not in HELD)
        if row.page_id is not None and tells_of_page(row.status, answer):
            last[row.page_id] = answer
    for visit in visits.values():
        visit.close()
    return list(visits.values())


def tells_of_page(status: int | None, answer: Answer) -> bool:
    """Whether an answer tells if a page is an article: a page that came whole, or is unchanged."""
    came = status in OK and answer is not Answer.CUT
    return came or answer is Answer.UNCHANGED


def _gather_facts(
    row: Any, doubts: Mapping[_Source, set[str]], articles: Collection[int]
) -> AnswerFacts:
    """`articles` are the captures until then that are articles."""
    return AnswerFacts(
        canonical=row.canonical,
        route=row.route,
        status=row.status,
        error=row.error,
        kind=row.kind,
        shows_items=row.items_digest is not None,
        leaves_host=leads_away(row.url, row.answered_url),
        leads_back=leads_back(row.url, row.answered_url),
        leads_nowhere=row.answered_url is None,
        is_validated=row.validated_id in articles,
        doubts=doubts.get((row.id, None), set()) | doubts.get((row.id, row.reading_id), set()),
    )


def _judge_visits(
    site_id: int,
    visits: Iterable[_Visit],
    told: Mapping[int, Mapping[str, Any]],
    missing_only: bool,
) -> Iterator[Row]:
    """The rows of visits, each judged in the light of the one before."""
    before: State | None = None
    has_read = False
    for visit in visits:
        has_read |= any(visit.counts[name] for name in HELD)
        row = told.get(visit.run_id)
        if row is None or not missing_only:
            made = _judge_visit(site_id, visit, row, has_read, before)
            before = State(made["state"])
            yield made
        else:
            before = State(row["state"]) if row["state"] else before


def _judge_visit(
    site_id: int,
    visit: _Visit,
    told: Mapping[str, Any] | None,
    has_read: bool,
    before: State | None,
) -> Row:
    counts = visit.counts
    if told is not None and told["counts"].get(Answer.BUG, 0) > counts[Answer.BUG]:
        counts[Answer.BUG] = told["counts"][Answer.BUG]
    cut = told["cut"] if told is not None else True
    facts = VisitFacts(
        counts,
        visit.lost,
        visit.vanished,
        cut,
        visit.trouble,
        visit.away,
        has_read,
        before,
        visit.untold,
    )
    verdict = judge_visit(facts)
    bounded = told["outcome"].partition(BOUNDED) if told is not None else ("", "", "")
    return {
        "run_id": visit.run_id,
        "site_id": site_id,
        "started_at": told["started_at"] if told is not None else visit.began,
        "ended_at": told["ended_at"] if told is not None else visit.ended,
        "exit_code": int(verdict.code),
        "outcome": "".join((verdict.text, *bounded[1:])),
        "counts": dict(counts),
        "state": str(verdict.state),
        "cut": cut,
    }


def _select_captures(of_these: ColumnElement[bool]) -> Select[Any]:
    """Captures in time order, each with its newest reading and its page; no files, which tell
    nothing of how an office fares."""
    columns = (
        *(Capture.id, Capture.run_id, Capture.page_id, Capture.canonical, Capture.url),
        *(Capture.answered_url, Capture.status, Capture.error, Capture.items_digest),
        *(Capture.fetched_at, Capture.answer, Capture.source, Capture.validated_id),
    )
    newest = join_newest(select(*columns, Page.route, Reading.kind, Reading.id.label("reading_id")))
    query = newest.outerjoin(Page, Page.id == Capture.page_id)
    return query.where(of_these, Capture.answer != FILE_ANSWER).order_by(
        Capture.fetched_at, Capture.id
    )


def join_newest(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Lay beside captures their newest reading."""
    newest = select(func.max(Reading.id)).where(Reading.capture_id == Capture.id)
    newest = newest.correlate(Capture)
    return query.select_from(Capture).outerjoin(
        Reading, and_(Reading.capture_id == Capture.id, Reading.id == newest.scalar_subquery())
    )


def _read_doubts(connection: Connection, of_these: ColumnElement[bool]) -> dict[_Source, set[str]]:
    """By capture and reading, the fields of problems that tell what an answer is."""
    query = (
        select(Problem.capture_id, Problem.reading_id, Problem.field)
        .join(Capture, Capture.id == Problem.capture_id)
        .where(of_these, Problem.field.in_(TELLING_DOUBTS))
    )
    doubts: dict[_Source, set[str]] = defaultdict(set)
    for capture_id, reading_id, name in connection.execute(query):
        if capture_id is not None:
            doubts[capture_id, reading_id].add(name)
    return doubts


def _write_answers(connection: Connection, changed: Mapping[int, Answer]) -> None:
    statement = update(Capture).where(Capture.id == bindparam("capture"))
    statement = statement.values(answer=bindparam("named"))
    for chunk in cut_chunks(changed.items()):
        rows = [{"capture": id_, "named": str(answer)} for id_, answer in chunk]
        connection.execute(statement, rows)
