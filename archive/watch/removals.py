"""Whether a page was removed, in grades, from all that was ever seen of it. Nothing is deleted or
stored for it.

One absence removes nothing. Absence from listings is told by walks to the end of every category
that used to show the page, in runs that no argument cut short. Answers count as confirmation only
from visits that read other pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from archive.database.models import Capture, Reading, Run, SameAs, Sighting, Visit, Walk
from archive.database.sql import PAGES
from archive.watch.verdicts import HELD, HOME, OK, Answer, State, is_vanished
from archive.watch.visits import join_newest

CONFIRMATIONS = 3
"""Days on which a page must be found absent, at least once by its own answer, to be confirmed
gone."""
CUTTING = ("pages", "limit")
"""Arguments of a run that leave something out."""
ELSEWHERE = ("missing", "home", "listing")
"""Kinds of what answers with 200 in the place of a removed page."""
BLOG = "/blog/category/"
TELLING = (*HELD, Answer.MISSING, Answer.UNREAD, Answer.REDIRECT, Answer.AWAY)
"""Answers that tell whether a page is there."""


class Grade(StrEnum):
    """How sure it is that a page was removed, the surest last but for those that came back."""

    UNLISTED = "unlisted"
    """No listing that used to show it shows it."""
    NOT_FOUND = "not found"
    """It answered 404 or 410."""
    SOFT = "soft 404"
    """It answered 200 with a page that says so, or with another page; or it redirects to none of
    the office's pages."""
    CONFIRMED = "confirmed gone"
    RETURNED = "returned"
    """It was gone, and is there again."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A page that is, or was, not where it used to be."""

    grade: Grade
    since: datetime
    """The first observation, in the office's zone; of a page that returned, the first answer after
    it was gone."""
    days: int
    """Days on which it was found absent while the office was healthy."""
    evidence: str
    """One sentence."""


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What a page answered in one run."""

    run_id: int
    at: datetime
    grade: Grade | None
    """None: it was there."""
    said: str


@dataclass(frozen=True, slots=True)
class Loss:
    """A span of time in which a page answered that it is not there."""

    since: datetime
    """The first answer that said so."""
    until: datetime | None
    """The first answer after that brought the page; `None` while it is gone."""
    grade: Grade
    said: str
    """The last answer that said so."""


@dataclass(frozen=True, slots=True)
class Absence:
    """The walks to the end of a page's categories that no longer showed it."""

    since: datetime
    times: Sequence[datetime]


def find_removals(
    connection: Connection, site_id: int, zone: ZoneInfo, page_id: int | None = None
) -> dict[int, Removal]:
    """The pages of an office that were ever found absent, or one of them, by page."""
    answers = _read_answers(connection, site_id, page_id)
    absences = _find_absences(connection, site_id, page_id)
    doubted = any(answer.grade for told in answers.values() for answer in told)
    healthy = _find_healthy_runs(connection, site_id) if doubted else set()
    graded = {
        page: grade_page(answers.get(page, ()), absences.get(page), healthy, zone)
        for page in {*answers, *absences}
    }
    return {page: removal for page, removal in graded.items() if removal is not None}


def find_losses(connection: Connection, page_ids: Collection[int]) -> dict[int, list[Loss]]:
    """When these pages were gone by their own answers, and when they came back, by page."""
    query = _select_answers().where(Capture.page_id.in_(PAGES))
    answers = _gather_answers(connection.execute(query, {"pages": list(page_ids)}))
    return {page: list_losses(told) for page, told in answers.items()}


def list_losses(answers: Sequence[PageAnswer]) -> list[Loss]:
    """The losses of a page, the oldest first, from its answers in the order of time. It can be lost
    only after it was there, unless it never was."""
    first = next((place for place, answer in enumerate(answers) if answer.grade is None), 0)
    losses: list[Loss] = []
    gone: list[PageAnswer] = []
    for answer in answers[first:]:
        if answer.grade is not None:
            gone.append(answer)
        elif gone:
            losses.append(_make_loss(gone, answer.at))
            gone = []
    return [*losses, _make_loss(gone, None)] if gone else losses


def _make_loss(gone: Sequence[PageAnswer], until: datetime | None) -> Loss:
    last = gone[-1]
    return Loss(gone[0].at, until, last.grade or Grade.NOT_FOUND, last.said)


def grade_page(
    answers: Sequence[PageAnswer], absence: Absence | None, healthy: Collection[int], zone: ZoneInfo
) -> Removal | None:
    """Grade one page from its answers, the oldest first, and its absence from listings.

    `healthy` are the runs whose answers confirm; days are counted in the office's `zone`.
    """
    there = [place for place, answer in enumerate(answers) if answer.grade is None]
    gone = answers[there[-1] + 1 :] if there else answers
    if gone:
        alive = answers[there[-1]].at if there else None
        absent = [at for at in absence.times if alive is None or at > alive] if absence else []
        return _grade_gone(gone, absent, healthy, zone)
    lost = [answer for answer in answers[there[0] :] if answer.grade] if there else []
    if lost:
        back = next(answer for answer in answers if answer.at > lost[-1].at)
        evidence = f"{lost[-1].said} until {lost[-1].at.astimezone(zone):%Y-%m-%d}, and is back"
        return Removal(Grade.RETURNED, back.at.astimezone(zone), _count_days(lost, zone), evidence)
    return _grade_unlisted(absence, answers, zone) if absence else None


def _grade_gone(
    gone: Sequence[PageAnswer], absent: Sequence[datetime], healthy: Collection[int], zone: ZoneInfo
) -> Removal:
    """Grade a page whose last answers said that it is gone."""
    told = {_find_day(answer.at, zone) for answer in gone if answer.run_id in healthy}
    days = len(told | {_find_day(at, zone) for at in absent})
    grade = Grade.CONFIRMED if told and days >= CONFIRMATIONS else gone[-1].grade or Grade.NOT_FOUND
    evidence = f"{gone[-1].said}; found absent on {days} days on which other pages were read"
    return Removal(grade, min([gone[0].at, *absent]).astimezone(zone), days, evidence)


def _grade_unlisted(absence: Absence, answers: Sequence[PageAnswer], zone: ZoneInfo) -> Removal:
    days = len({_find_day(at, zone) for at in absence.times})
    still = bool(answers) and answers[-1].at > absence.since
    said = "its own address still shows it" if still else "its own address was not asked since"
    return Removal(
        Grade.UNLISTED,
        absence.since.astimezone(zone),
        days,
        f"no listing shows it any more; {said}",
    )


def _count_days(answers: Sequence[PageAnswer], zone: ZoneInfo) -> int:
    return len({_find_day(answer.at, zone) for answer in answers})


def _find_day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _read_answers(
    connection: Connection, site_id: int, page_id: int | None
) -> dict[int, list[PageAnswer]]:
    """What each page of an office, or one of them, answered."""
    query = _select_answers().where(Capture.site_id == site_id, Capture.page_id.is_not(None))
    if page_id is not None:
        query = query.where(Capture.page_id == page_id)
    return _gather_answers(connection.execute(query))


def _select_answers() -> Any:
    """All answers that tell, the oldest first; pages that moved to another address left out."""
    moved = select(SameAs.page_id).where(SameAs.page_id == Capture.page_id).correlate(Capture)
    columns = (
        *(Capture.page_id, Capture.run_id, Capture.fetched_at, Capture.status),
        *(Capture.answered_url, Capture.answer, Reading.kind),
    )
    return (
        join_newest(select(*columns))
        .where(~moved.exists(), Capture.answer.in_(TELLING))
        .order_by(Capture.fetched_at, Capture.id)
    )


def _gather_answers(rows: Iterable[Any]) -> dict[int, list[PageAnswer]]:
    """What pages answered, one answer a run, the oldest first."""
    runs: dict[int, dict[int, PageAnswer]] = defaultdict(dict)
    for row in rows:
        if _is_strangers(row):
            continue
        before = runs[row.page_id].get(row.run_id)
        # A redirect to itself, then the page: it is there.
        if before is None or before.grade is not None:
            runs[row.page_id][row.run_id] = _make_answer(row)
    return {
        page: sorted(told.values(), key=lambda answer: answer.at) for page, told in runs.items()
    }


def _is_strangers(row: Any) -> bool:
    """Whether an answer is no word of the office's: a page that could not be read, or another's."""
    if row.answer == Answer.AWAY:
        return row.status in OK
    return row.answer == Answer.UNREAD and row.kind not in ELSEWHERE


def _make_answer(row: Any) -> PageAnswer:
    if row.answer in HELD:
        return PageAnswer(row.run_id, row.fetched_at, None, "")
    if row.answer == Answer.MISSING and not is_vanished(row.answer, row.status):
        said = f"it answered {row.status}"
        return PageAnswer(row.run_id, row.fetched_at, Grade.NOT_FOUND, said)
    return PageAnswer(row.run_id, row.fetched_at, Grade.SOFT, _describe_soft(row))


def _describe_soft(row: Any) -> str:
    if row.kind == "missing":
        return "it says that it is missing"
    if row.answer in (Answer.REDIRECT, Answer.AWAY):
        return f"it redirects to {row.answered_url}"
    return "another page answers in its place"


def _find_healthy_runs(connection: Connection, site_id: int) -> set[int]:
    """The runs that read other pages of the office, and found its reader in order."""
    visits = select(Visit.run_id, Visit.counts)
    visits = visits.where(Visit.site_id == site_id, Visit.state == State.FINE)
    return {run_id for run_id, counts in connection.execute(visits) if _confirms(counts)}


def _confirms(counts: Mapping[str, int]) -> bool:
    """Whether a visit proves that pages come as they should: by an article, or by a listing where
    not several articles were missing at once."""
    if any(counts.get(name) for name in HELD):
        return True
    missing = counts.get(Answer.MISSING, 0) + counts.get(Answer.UNREAD, 0)
    return counts.get(Answer.LISTING, 0) > 0 and missing < 2


def _find_absences(connection: Connection, site_id: int, page_id: int | None) -> dict[int, Absence]:
    """The pages that no category shows any more that used to: each was since walked to its end."""
    walks = _read_walks(connection, site_id)
    shown: dict[int, dict[str, datetime]] = defaultdict(dict)
    for page, canonical, last_seen in connection.execute(_select_listed(site_id, page_id)):
        category = name_category(canonical)
        shown[page][category] = max(last_seen, shown[page].get(category, last_seen))
    return {
        page: absence for page, seen in shown.items() if (absence := _describe_absence(seen, walks))
    }


def _describe_absence(
    seen: Mapping[str, datetime], walks: Mapping[str, Sequence[tuple[datetime, datetime]]]
) -> Absence | None:
    """When the walks began to miss a page that its categories last showed then."""
    later = [
        [ended for began, ended in walks.get(category, ()) if began > last_seen]
        for category, last_seen in seen.items()
    ]
    if not all(later):
        return None
    since = max(times[0] for times in later)
    fewest = min(len(times) for times in later)
    latest = max((times for times in later if len(times) == fewest), key=lambda times: times[-1])
    return Absence(since, [at for at in latest if at >= since])


def _select_listed(site_id: int, page_id: int | None) -> Any:
    """Which listing pages showed which pages, until when."""
    query = (
        select(Sighting.page_id, Capture.canonical, func.max(Sighting.last_seen))
        .join_from(Capture, Sighting, Sighting.capture_id == Capture.id)
        .where(Capture.site_id == site_id, Capture.page_id.is_(None), Capture.canonical > HOME)
        .group_by(Sighting.page_id, Capture.canonical)
    )
    return query if page_id is None else query.where(Sighting.page_id == page_id)


def _read_walks(connection: Connection, site_id: int) -> dict[str, list[tuple[datetime, datetime]]]:
    """When the complete walks of each category began, at the earliest, and ended, the oldest
    first."""
    query = (
        select(Walk.category, Run.started_at, Walk.walked_at)
        .join(Run, Run.id == Walk.run_id)
        .where(
            Walk.site_id == site_id,
            Walk.complete,
            *(Run.arguments[name].as_string().is_(None) for name in CUTTING),
        )
        .order_by(Walk.walked_at)
    )
    walks: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for category, began, ended in connection.execute(query):
        walks[category].append((began, ended))
    return walks


def name_category(canonical: str) -> str:
    """`/blog/category/104?page=2` -> `104`, `/berita` -> `berita`: as walks name their category."""
    path = canonical.partition("?")[0]
    return path.removeprefix(BLOG) if path.startswith(BLOG) else path.removeprefix("/")
