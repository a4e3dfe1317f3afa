"""The state of every office with its evidence, from the archive. Nothing of it is stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from archive.database.models import Capture, Document, Site, SiteHost
from archive.watch.markup_changes import Change, find_changes
from archive.watch.rhythm import LEAST, Rhythm, read_rhythm
from archive.watch.verdicts import (
    ADVICE,
    ARTICLE,
    AWAY,
    FAILED,
    TROUBLES,
    UNREAD,
    WELL,
    State,
    VisitCounts,
    is_open,
    judge_history,
    judge_visit,
)
from archive.watch.visits import CRAWL, HOME, classify_capture, find_visits, join_readings

FIRST_LOOK = timedelta(days=2)
"""How far back visits are read at first; each further look is as long as all before it."""
LONGEST_LOOK = timedelta(days=14)
"""How far back they are read to tell since when an office is fine."""
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
    """First visit of the unbroken series that met this; for `quiet` the last day of a post; None:
    longer ago than was looked."""
    last_visit: datetime | None
    evidence: str
    """One sentence."""


@dataclass(frozen=True, slots=True)
class _Office:
    """What is known of an office beside its visits."""

    id: int
    label: str
    name: str
    zone: ZoneInfo
    is_guess: bool
    """It was last asked under a guessed host, and never answered."""
    has_read: bool
    """An article of it was ever read."""
    has_listed: bool
    """Its listings ever showed articles."""
    first_visit: datetime | None


def find_states(
    connection: Connection, *, site: str | None = None, thorough: bool = False
) -> list[OfficeState]:
    """The state of every office, or of the one with this code, the worst first.

    `thorough` also looks for since when an office is fine, two weeks back at the most.
    """
    offices = {office.id: office for office in _find_offices(connection, site)}
    history = _read_history(connection, offices, thorough)
    last = {key: visits[0].began for key, visits in history.items() if visits}
    quiet = _find_quiet(connection, last, offices)
    found = [
        _make_state(connection, office, history[key], quiet.get(key))
        for key, office in offices.items()
    ]
    return sorted(found, key=_rank)


def _rank(one: OfficeState) -> tuple[int, bool, str, str]:
    """The worst state first, of one state the oldest first."""
    return list(State).index(one.state), one.since is not None, str(one.since), one.site


def _find_offices(connection: Connection, site: str | None) -> Iterator[_Office]:
    """The offices with the host they were last asked under."""
    captures = select(Capture.id).where(Capture.site_id == Site.id).correlate(Site)
    listed = captures.where(
        Capture.canonical > HOME, Capture.page_id.is_(None), Capture.items_digest.is_not(None)
    )
    hosts = (
        select(SiteHost.status)
        .where(SiteHost.site_id == Site.id)
        .order_by(SiteHost.last_seen.desc())
    )
    homes = select(Capture.fetched_at).where(Capture.site_id == Site.id, Capture.canonical == HOME)
    homes = homes.where(Capture.source == CRAWL).order_by(Capture.fetched_at).limit(1)
    query = select(Site.id, Site.label, Site.name, Site.timezone).add_columns(
        hosts.limit(1).correlate(Site).scalar_subquery().label("status"),
        captures.where(Capture.status.is_not(None)).exists().label("answered"),
        select(Document.page_id)
        .where(Document.site_id == Site.id)
        .correlate(Site)
        .exists()
        .label("read"),
        listed.exists().label("listed"),
        homes.correlate(Site).scalar_subquery().label("first_visit"),
    )
    for row in connection.execute(query if site is None else query.where(Site.code == site)):
        is_guess = row.status == "guess" and not row.answered
        facts = (is_guess, row.read, row.listed, row.first_visit)
        yield _Office(row.id, row.label, row.name, ZoneInfo(row.timezone), *facts)


def _read_history(
    connection: Connection, offices: Mapping[int, _Office], patient: bool
) -> dict[int, list[VisitCounts]]:
    """The visits of each office, the newest first, back to where its state began."""
    history: dict[int, list[VisitCounts]] = {key: [] for key in offices}
    homes = select(func.min(Capture.fetched_at), func.max(Capture.fetched_at)).where(
        Capture.canonical == HOME
    )
    first, newest = connection.execute(homes.where(Capture.site_id.in_(offices))).one()
    until, look, left = newest, FIRST_LOOK, set(offices)
    while left and until is not None and until >= first:
        for visit in find_visits(connection, left, until - look, until):
            history[visit.site_id].append(visit)
        until -= look
        look = newest - until
        left = {
            key
            for key in left
            if _needs_more(history[key], offices[key], patient and look < LONGEST_LOOK)
        }
    return history


def _needs_more(visits: list[VisitCounts], office: _Office, patient: bool) -> bool:
    return is_open(visits, office.has_read, office.has_listed, patient)


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


def _make_state(
    connection: Connection, office: _Office, visits: list[VisitCounts], quiet: Rhythm | None
) -> OfficeState:
    if not visits:
        return OfficeState(
            office.label,
            office.name,
            State.NEVER_VISITED,
            None,
            None,
            "no run has asked this office yet",
        )
    state, streak = judge_history(visits, office.has_read, office.has_listed)
    told = [
        visit
        for visit in visits[:streak]
        if judge_visit(visit, office.has_read, office.has_listed) is state
    ]
    first = told[-1] if told and state is State.READER_BROKEN else visits[streak - 1]
    since: datetime | date | None = first.began.astimezone(office.zone)
    if state is State.FINE and streak == len(visits) and visits[-1].began != office.first_visit:
        since = None
    if state is State.DOWN and office.is_guess:
        state = State.UNKNOWN_HOST
    if state is State.FINE and quiet:
        state, since = State.QUIET, quiet.last
        evidence = _describe_silence(quiet, _count_days(visits[0].began, quiet.last, office.zone))
    else:
        evidence = _describe_evidence(connection, state, visits[:streak])
    return OfficeState(
        office.label, office.name, state, since, visits[0].began.astimezone(office.zone), evidence
    )


def _describe_silence(rhythm: Rhythm, days: int) -> str:
    return (
        f"no article for {days} days, and more than {rhythm.limit} are unusual: most gaps were "
        f"{rhythm.usual} or less"
    )


def _describe_evidence(connection: Connection, state: State, visits: list[VisitCounts]) -> str:
    """One sentence from the newest of the visits that show the state."""
    visit = (
        next((one for one in visits if one.lost), visits[0])
        if state is State.READER_BROKEN
        else visits[0]
    )
    counts, total = visit.counts, sum(visit.counts.values())
    if state is State.READER_BROKEN and visit.lost:
        asked = counts[ARTICLE] + counts[UNREAD]
        return f"{counts[UNREAD]} of {asked} articles asked for came as something else"
    if state is State.READER_BROKEN:
        return f"pages came, but no listing showed an article ({_describe_counts(visit)})"
    if state is State.MOVED:
        return f"the home page redirects: {_find_sample(connection, visit, AWAY)}"
    if state is State.UNKNOWN_HOST:
        return f"a guessed host without an answer so far: {_find_sample(connection, visit, FAILED)}"
    if state in TROUBLES:
        outcome = TROUBLES[state]
        return f"{counts[outcome]} of {total} requests: {_find_sample(connection, visit, outcome)}"
    return f"last visit: {_describe_counts(visit)}"


def _describe_counts(visit: VisitCounts) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in sorted(visit.counts.items()))


def _find_sample(connection: Connection, visit: VisitCounts, outcome: str) -> str:
    """The first capture of a visit with this outcome, in words."""
    query = join_readings(select(Capture.url, Capture.answered_url, Capture.status, Capture.error))
    query = query.where(
        Capture.run_id == visit.run_id,
        Capture.site_id == visit.site_id,
        classify_capture() == outcome,
    )
    row: Any = connection.execute(query.order_by(Capture.id).limit(1)).one()
    if row.error:
        return f"{row.error} ({row.url})"
    return f"{row.status} for {row.url}" + (
        f" to {row.answered_url}" if row.answered_url != row.url else ""
    )


def list_health(
    connection: Connection, *, thorough: bool = False, now: datetime | None = None
) -> list[Row]:
    """One row per office, the worst first, then one per change of layout seen lately.

    Before all of them, where `now` is given and the last visit is long ago, a row that says so.
    """
    states = find_states(connection, thorough=thorough)
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
    return [*silence, *ill, *map(_make_change, changes), *well]


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


def _make_change(change: Change) -> Row:
    named = ", ".join(change.offices[:MOST_NAMED])
    left = len(change.offices) - MOST_NAMED
    return {
        "site": named + (f" and {left} more" if left > 0 else ""),
        "state": LAYOUT_CHANGED,
        "since": change.at,
        "last_visit": None,
        "evidence": f"new markup of {' and '.join(change.kinds)} pages at {_count(change.offices)}",
        "what_to_do": "compare some articles with their pages; nothing else while the offices are "
        "fine",
    }


def _count(offices: tuple[str, ...]) -> str:
    return "one office" if len(offices) == 1 else f"{len(offices)} offices"


def summarise_health(rows: list[Row]) -> str:
    """How many offices are in which state, in one line."""
    counts = Counter(row["state"] for row in rows if row["state"] not in (LAYOUT_CHANGED, NO_CRAWL))
    said = ", ".join(f"{counts[state]} {state}" for state in State if counts[state])
    attention = sum(count for state, count in counts.items() if state not in WELL)
    return f"{attention} of {counts.total()} offices need attention: {said}"
