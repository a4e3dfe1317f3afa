"""The state of every office with its evidence, from the archive. Nothing of it is stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import aliased

from archive.database.models import Capture, Document, Site, SiteHost, Visit
from archive.watch.markup_changes import Change, count_fits, find_changes
from archive.watch.rhythm import LEAST, Rhythm, read_rhythm
from archive.watch.verdicts import ADVICE, WELL, State

LATELY = timedelta(days=14)
"""So long before the last run a change of layout is still told."""
LAYOUT_CHANGED = "layout changed"
NO_CRAWL = "no crawl"
LONGEST_PAUSE = timedelta(days=3)
"""Without a visit to any office for so long, nobody crawls: every state above is old."""
MOST_NAMED = 5


Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OfficeState:
    """An office's state with its evidence; times in the office's zone."""

    site: str
    """`kota-surakarta`."""
    office: str
    """`Kota Surakarta`."""
    state: State
    since: datetime | date | None
    """First visit of the unbroken series with this state; for `quiet` the last day of a post; None
    for an office that was never visited."""
    last_visit: datetime | None
    evidence: str
    """One sentence."""


@dataclass(frozen=True, slots=True)
class _Office:
    """What is known of an office and its last visit."""

    id: int
    label: str
    name: str
    zone: ZoneInfo
    is_guess: bool
    """It was last asked under a guessed host, and never answered."""
    state: State | None
    """Of its last visit; None when there was none."""
    since: datetime | None
    last_visit: datetime | None
    outcome: str


def find_states(connection: Connection, *, site: str | None = None) -> list[OfficeState]:
    """The state of every office, or of the one with this code, the worst first.

    As the last visit to it was judged when it ended; `quiet` is judged now.
    """
    offices = {office.id: office for office in _find_offices(connection, site)}
    last = {key: one.last_visit for key, one in offices.items() if one.last_visit}
    quiet = _find_quiet(connection, last, offices)
    found = [_make_state(office, quiet.get(key)) for key, office in offices.items()]
    return sorted(found, key=_rank)


def _rank(one: OfficeState) -> tuple[int, bool, str, str]:
    """The worst state first, of one state the oldest first."""
    return list(State).index(one.state), one.since is not None, str(one.since), one.site


def _find_offices(connection: Connection, site: str | None) -> Iterator[_Office]:
    """The offices with the host they were last asked under, and their last visit."""
    captures = select(Capture.id).where(Capture.site_id == Site.id).correlate(Site)
    hosts = select(SiteHost.status).where(SiteHost.site_id == Site.id)
    hosts = hosts.order_by(SiteHost.last_seen.desc()).limit(1).correlate(Site)
    query = (
        select(Site.id, Site.label, Site.name, Site.timezone, Visit.state, Visit.outcome)
        .add_columns(
            Visit.started_at,
            _select_since().label("since"),
            hosts.scalar_subquery().label("status"),
            captures.where(Capture.status.is_not(None)).exists().label("answered"),
        )
        .outerjoin(Visit, (Visit.site_id == Site.id) & (Visit.started_at == _select_last_visit()))
    )
    for row in connection.execute(query if site is None else query.where(Site.code == site)):
        yield _Office(
            id=row.id,
            label=row.label,
            name=row.name,
            zone=ZoneInfo(row.timezone),
            is_guess=row.status == "guess" and not row.answered,
            state=State(row.state) if row.state else None,
            since=row.since,
            last_visit=row.started_at,
            outcome=(row.outcome or "").removeprefix(f"{row.label}: "),
        )


def _select_last_visit() -> Any:
    """When the last visit to an office began."""
    last = select(func.max(Visit.started_at)).where(Visit.site_id == Site.id)
    return last.correlate(Site).scalar_subquery()


def _select_since() -> Any:
    """When the first of the visits began that all left the office in the state it has now."""
    one, other = aliased(Visit), aliased(Visit)
    differs = select(func.max(other.started_at)).where(
        other.site_id == Visit.site_id, other.state != Visit.state
    )
    before = differs.correlate(Visit).scalar_subquery()
    began: Select[Any] = select(func.min(one.started_at)).where(
        one.site_id == Visit.site_id, (before.is_(None)) | (one.started_at > before)
    )
    return began.correlate(Visit).scalar_subquery()


def _find_quiet(
    connection: Connection, last: Mapping[int, datetime], offices: Mapping[int, _Office]
) -> dict[int, Rhythm]:
    """The rhythm of the offices that posted nothing for longer than it allows, by the time of their
    last visit."""
    undated = func.max(Document.first_seen).filter(Document.published_latest.is_(None))
    newest = select(Document.site_id, func.max(Document.published_latest), undated).group_by(
        Document.site_id
    )
    silent = [
        site_id
        for site_id, published, seen in connection.execute(newest.where(Document.site_id.in_(last)))
        if _count_days(last[site_id], max(_list_days(published, seen)), offices[site_id].zone)
        > LEAST
    ]
    posts = select(Document.site_id, Document.published_latest, Document.first_seen).distinct()
    days: dict[int, set[date]] = defaultdict(set)
    for site_id, published, seen in connection.execute(posts.where(Document.site_id.in_(silent))):
        days[site_id].add(published or seen.astimezone(offices[site_id].zone).date())
    rhythms = {
        site_id: rhythm for site_id, posted in days.items() if (rhythm := read_rhythm(posted))
    }
    return {
        site_id: rhythm
        for site_id, rhythm in rhythms.items()
        if _count_days(last[site_id], rhythm.last, offices[site_id].zone) > rhythm.limit
    }


def _list_days(published: date | None, seen: datetime | None) -> list[date]:
    return [day for day in (published, seen and seen.date()) if day]


def _count_days(at: datetime, day: date, zone: ZoneInfo) -> int:
    return (at.astimezone(zone).date() - day).days


def _make_state(office: _Office, quiet: Rhythm | None) -> OfficeState:
    if office.state is None or office.since is None or office.last_visit is None:
        said = "no run has asked this office yet"
        return OfficeState(office.label, office.name, State.NEVER_VISITED, None, None, said)
    state, evidence = office.state, office.outcome
    since: datetime | date = office.since.astimezone(office.zone)
    if state is State.DOWN and office.is_guess:
        state = State.UNKNOWN_HOST
        evidence = f"a guessed host without an answer so far: {evidence}"
    if state is State.FINE and quiet:
        state, since = State.QUIET, quiet.last
        silent = _count_days(office.last_visit, quiet.last, office.zone)
        evidence = _describe_silence(quiet, silent)
    last_visit = office.last_visit.astimezone(office.zone)
    return OfficeState(office.label, office.name, state, since, last_visit, evidence)


def _describe_silence(rhythm: Rhythm, days: int) -> str:
    return (
        f"no article for {days} days, and more than {rhythm.limit} are unusual: most gaps were "
        f"{rhythm.usual} or less"
    )


def list_health(connection: Connection, *, now: datetime | None = None) -> list[Row]:
    """One row per office, the worst first, then one per change of layout seen lately.

    Before all of them, where `now` is given and the last visit is long ago, a row that says so.
    """
    states = find_states(connection)
    rows: list[Row] = [
        {
            "site": one.site,
            "state": one.state,
            "since": one.since,
            "last_visit": one.last_visit,
            "evidence": one.evidence,
            "what_to_do": ADVICE[one.state],
        }
        for one in states
    ]
    latest = max((one.last_visit for one in states if one.last_visit), default=None)
    changes = find_changes(connection, latest - LATELY) if latest else []
    silence = [_make_silence(latest)] if now and latest and now - latest > LONGEST_PAUSE else []
    ill, well = (
        (row for row in rows if row["state"] not in WELL),
        (row for row in rows if row["state"] in WELL),
    )
    changed = [_make_change(one, *count_fits(connection, one)) for one in changes]
    return [*silence, *ill, *changed, *well]


def _make_silence(latest: datetime) -> Row:
    return {
        "site": "all",
        "state": NO_CRAWL,
        "since": latest,
        "last_visit": latest,
        "evidence": f"no office was visited for more than {LONGEST_PAUSE.days} days",
        "what_to_do": "look at cron or the timers, and at the newest log: the states below are as "
        "old",
    }


def _make_change(change: Change, fitting: int, read: int) -> Row:
    """The row of a change, with how many of the articles since fit what was learnt before."""
    fits = f"; {fitting} of {read} articles since fit the template known before" if read else ""
    named = ", ".join(change.offices[:MOST_NAMED])
    left = len(change.offices) - MOST_NAMED
    return {
        "site": named + (f" and {left} more" if left > 0 else ""),
        "state": LAYOUT_CHANGED,
        "since": change.at,
        "last_visit": None,
        "evidence": f"new markup of {' and '.join(change.kinds)} pages at "
        f"{_count(change.offices)}{fits}",
        "what_to_do": "kpu-archive layouts SITE shows the templates side by side; compare some "
        "articles with their pages",
    }


def _count(offices: tuple[str, ...]) -> str:
    return "one office" if len(offices) == 1 else f"{len(offices)} offices"


def summarise_health(rows: list[Row]) -> str:
    """How many offices are in which state, in one line."""
    counts = Counter(row["state"] for row in rows if row["state"] not in (LAYOUT_CHANGED, NO_CRAWL))
    said = ", ".join(f"{counts[state]} {state}" for state in State if counts[state])
    attention = sum(count for state, count in counts.items() if state not in WELL)
    return f"{attention} of {counts.total()} offices need attention: {said}"
