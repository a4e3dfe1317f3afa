"""What the archive knows of the pages of an office, for a crawl that asks what is left to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from archive.blobs import store as snapshots
from archive.blobs.codec import DamagedSnapshot
from archive.database.models import (
    Capture,
    Category,
    Document,
    HostTry,
    Page,
    Reading,
    SameAs,
    Sighting,
    Site,
    Text_,
    Visit,
    Walk,
    digest_text,
)
from archive.database.sql import cut_chunks
from archive.records import Key, KnownPage, KnownRobots, KnownTitles, OfficeMarks
from archive.samples import ArchiveSamples
from archive.watch.verdicts import GONE, HELD, OK, RULES, TOO_MANY, Answer, State

VALIDATORS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
"""Headers of an answer, and those of a request that ask whether it still holds."""

SAMPLE = 500
"""Articles that tell the marks of an office, those seen last: a redesign is the rule some nights
later."""
TURNED_AWAY = (Answer.BLOCKED, Answer.UNREAD, Answer.AWAY)
"""Answers that are a refusal or somebody else's page."""


class ArchiveFrontier:
    """Questions about an office, named by its code, answered from what is committed."""

    def __init__(self, engine: Engine) -> None:
        self._reader = engine.execution_options(archive_begin="read")

    def find_known(self, site: str, keys: Collection[Key]) -> dict[Key, KnownPage]:
        """Those of `keys` that were seen before."""
        wanted = set(keys)
        found: dict[Key, KnownPage] = {}
        for chunk in cut_chunks(wanted):
            found |= self._select(KNOWN, site=site, keys=[key for _, key in chunk])
        return {key: page for key, page in found.items() if key in wanted}

    def find_pages(self, site: str) -> dict[Key, KnownPage]:
        """All pages of the office, in the order of their first sighting."""
        return self._select(PAGES, site=site)

    def find_categories(self, site: str) -> list[str]:
        """Categories the office ever named, in the order of their first sighting."""
        with self._reader.begin() as connection:
            return list(dict.fromkeys(connection.scalars(CATEGORIES, {"site": site})))

    def walked_to_end(self, site: str, category: str) -> bool:
        """Whether a category's listing was ever walked to its last page."""
        with self._reader.begin() as connection:
            return connection.scalar(COMPLETE, {"site": site, "category": category}) is not None

    def find_listings(self, site: str) -> dict[str, datetime]:
        """When each page of the office's listings, by its canonical address, last answered with
        items."""
        with self._reader.begin() as connection:
            return {row[0]: row[1] for row in connection.execute(LISTINGS, {"site": site})}

    def find_api(self, site: str) -> bool | None:
        """Whether the office ever listed its articles as JSON; None when it was never asked."""
        with self._reader.begin() as connection:
            listed = connection.scalar(API, {"site": site})
        return None if listed is None else bool(listed)

    def find_robots(self, site: str) -> KnownRobots:
        """What is known of the office's robots.txt: an answer are rules and word that there are
        none (4xx), but no server error, redirect, nor what could not be read."""
        asked = select(Capture.fetched_at, Capture.status, Capture.blob_id).join(
            Site, Site.id == Capture.site_id
        )
        asked = asked.where(Site.code == site, Capture.canonical_digest == digest_text(RULES))
        answers = or_(Capture.status < 300, Capture.status.between(400, 499))
        answered = asked.where(answers, Capture.status != TOO_MANY, Capture.error.is_(None))
        answered = answered.order_by(Capture.fetched_at.desc()).limit(1)
        with self._reader.begin() as connection:
            last = connection.execute(answered).first()
            later = asked.where(Capture.fetched_at > last.fetched_at) if last else asked
            failing = connection.scalar(later.with_only_columns(func.min(Capture.fetched_at)))
            if last is None:
                return KnownRobots(None, failing)
            if last.blob_id is None or last.status >= 300:
                return KnownRobots(b"", failing)
            return KnownRobots(_load_rules(connection, last.blob_id), failing)

    def find_last_visits(self) -> dict[str, datetime]:
        """When the last visit to each office ended, by its code."""
        ended = (
            select(Site.code, func.max(Visit.ended_at))
            .join(Visit, Visit.site_id == Site.id)
            .group_by(Site.code)
        )
        with self._reader.begin() as connection:
            return {row[0]: row[1] for row in connection.execute(ended)}

    def find_state(self, site: str) -> State | None:
        """How the office fares since its last visit; None when there was none."""
        visits = select(Visit.state).join(Site, Site.id == Visit.site_id).where(Site.code == site)
        with self._reader.begin() as connection:
            state = connection.scalar(visits.order_by(Visit.started_at.desc()).limit(1))
        return State(state) if state else None

    def count_endings(self, site: str) -> Counter[tuple[str, bool]]:
        """How many pages of the office's last visits came to their end, and how many did not, by
        their kind."""
        with self._reader.begin() as connection:
            rows = connection.execute(ENDINGS, {"site": site})
            return Counter({(kind, bool(closed)): count for kind, closed, count in rows})

    def has_answered(self, site: str) -> bool:
        """Whether the office's host ever answered, with whatever."""
        answers = select(Capture.id).join(Site, Site.id == Capture.site_id)
        return self._has(answers.where(Site.code == site, Capture.status.is_not(None)))

    def find_last_search(self, site: str) -> datetime | None:
        """When the office was last looked for under another host than its own."""
        tries = select(func.max(HostTry.last_seen)).join(Site, Site.id == HostTry.site_id)
        with self._reader.begin() as connection:
            return connection.scalar(tries.where(Site.code == site, HostTry.host != Site.host))

    def has_articles(self, site: str, before: datetime) -> bool:
        """Whether an article of the office was read before a point in time."""
        articles = select(Document.page_id).join(Site, Site.id == Document.site_id)
        return self._has(articles.where(Site.code == site, Document.first_seen < before))

    def find_marks(self, site: str) -> OfficeMarks:
        """What the office's articles have shown of it: of the `SAMPLE` seen last."""
        marks: Counter[str] = Counter()
        pages, skeletons = 0, set()
        with self._reader.begin() as connection:
            for skeleton, shown in connection.execute(MARKS, {"site": site}):
                skeletons.add(skeleton)
                if shown is not None:
                    pages += 1
                    marks.update(shown)
        return OfficeMarks(pages, marks, skeletons)

    def find_titles(self, site: str, page: Key) -> KnownTitles:
        """What listings and links called a page of the office, and its title as held."""
        values = {"site": site, "route": page[0], "key": page[1]}
        with self._reader.begin() as connection:
            announced = tuple(connection.scalars(ANNOUNCED, values))
            held = connection.execute(HELD_TEXT, values).first()
            return KnownTitles(announced, *held) if held else KnownTitles(announced)

    def find_layout(self, site: str) -> str:
        """What was learnt of the templates of the office, as JSON; empty for nothing."""
        known = ArchiveSamples(self._reader, site).find_content()
        return known.content if known else ""

    def _has(self, rows: Select[Any]) -> bool:
        with self._reader.begin() as connection:
            return connection.scalar(rows.limit(1)) is not None

    def _select(self, pages: Select[Any], **values: Any) -> dict[Key, KnownPage]:
        with self._reader.begin() as connection:
            found = connection.execute(pages, values).mappings()
            return {(row["route"], row["key"]): _make_page(row) for row in found}


def _load_rules(connection: Connection, blob_id: int) -> bytes | None:
    """The bytes of a robots.txt; None where they are damaged, as if it had never answered."""
    try:
        return snapshots.load(connection, blob_id)
    except DamagedSnapshot:
        return None


def _select_pages() -> Select[Any]:
    """Pages of the office `site` with their last answer, and their last capture that is an
    article."""
    of_page = Capture.page_id == Page.id
    latest = Capture.fetched_at.desc(), Capture.id.desc()
    visited = select(func.max(Capture.fetched_at)).where(of_page, _is_answer()).correlate(Page)
    # What another host said of its copy, this one cannot confirm, nor was it refused by this one.
    present = "://" + Site.host + "/"
    article = select(Capture.id).where(of_page, Capture.answer == Answer.ARTICLE)
    article = article.where(Capture.url.contains(present)).correlate(Page, Site)
    held = aliased(Capture)
    is_held = held.id == article.order_by(*latest).limit(1).scalar_subquery()
    whole = select(Capture.answer).where(of_page, _tells_of_page())
    whole = whole.correlate(Page).order_by(*latest).limit(1)
    since = func.coalesce(visited.scalar_subquery(), datetime(1970, 1, 1, tzinfo=UTC))
    later = aliased(Capture)
    is_away = and_(later.answer.in_(TURNED_AWAY), later.url.contains(present))
    away = (later.page_id == Page.id, is_away, later.fetched_at > since)
    times = select(func.count()).where(*away).correlate(Page, Site)
    last = select(func.max(later.fetched_at)).where(*away).correlate(Page, Site)
    return (
        select(Page.route, Page.key, Page.url, Page.first_seen, Document.published_latest)
        .add_columns(visited.scalar_subquery().label("visited"))
        .add_columns(whole.scalar_subquery().label("answer"), _is_listed().label("listed"))
        .add_columns(times.scalar_subquery().label("turned_away"))
        .add_columns(last.scalar_subquery().label("turned_away_at"))
        .add_columns(held.id.label("capture"), held.headers)
        .join(Site, Site.id == Page.site_id)
        .outerjoin(Document, Document.page_id == Page.id)
        .outerjoin(held, and_(held.page_id == Page.id, is_held))
        .where(Site.code == bindparam("site"))
        .order_by(Page.id)
    )


def _is_listed() -> ColumnElement[bool]:
    """Whether a page that is no article's, a listing or the home page, showed a page."""
    shown = select(Sighting.id).join(Capture, Capture.id == Sighting.capture_id)
    shown = shown.where(Sighting.page_id == Page.id, Capture.page_id.is_(None))
    return shown.correlate(Page).exists()


def _is_answer() -> ColumnElement[bool]:
    """An article, word that it is unchanged or gone, or the address of another page."""
    moved = select(SameAs.capture_id).where(SameAs.capture_id == Capture.id)
    return or_(
        Capture.answer.in_(HELD),
        and_(Capture.answer == Answer.MISSING, Capture.status.in_(GONE)),
        moved.correlate(Capture).exists(),
    )


def _tells_of_page() -> ColumnElement[bool]:
    """As `archive.watch.visits.tells_of_page`."""
    came = and_(Capture.status.in_(OK), Capture.answer != Answer.CUT)
    return or_(came, Capture.answer == Answer.UNCHANGED)


# Statements are made once: a crawl asks for each listing page.
PAGES = _select_pages()
KNOWN = PAGES.where(Page.key.in_(bindparam("keys", expanding=True)))
CATEGORIES = (
    select(Category.category)
    .join(Site, Site.id == Category.site_id)
    .where(Site.code == bindparam("site"))
    .order_by(Category.first_seen, Category.id)
)
COMPLETE = (
    select(Walk.id)
    .join(Site, Site.id == Walk.site_id)
    .where(Site.code == bindparam("site"), Walk.category == bindparam("category"), Walk.complete)
    .limit(1)
)
VISITS = (
    select(Visit.run_id)
    .join(Site, Site.id == Visit.site_id)
    .where(Site.code == bindparam("site"))
    .order_by(Visit.ended_at.desc())
    .limit(3)  # a template that changed is known after a few nights, a quiet night tells little
)
ENDINGS = (
    select(Reading.kind, Capture.is_closed, func.count())
    .join(Site, Site.id == Capture.site_id)
    .join(Reading, Reading.capture_id == Capture.id)
    .where(Site.code == bindparam("site"), Capture.run_id.in_(VISITS))
    .where(Capture.is_closed.is_not(None))
    .group_by(Reading.kind, Capture.is_closed)
)
API = (
    select(func.max(case((Capture.answer == Answer.LISTING, 1), else_=0)))
    .join(Site, Site.id == Capture.site_id)
    .where(Site.code == bindparam("site"), Capture.canonical.startswith("/api/blogs/"))
)
LISTINGS = (
    select(Capture.canonical, func.max(Capture.fetched_at))
    .join(Site, Site.id == Capture.site_id)
    .where(
        Site.code == bindparam("site"), Capture.items_digest.is_not(None), Capture.page_id.is_(None)
    )
    .group_by(Capture.canonical)
)


MARKS = (
    select(Reading.skeleton, Reading.marks)
    .join(Document, Document.reading_id == Reading.id)
    .join(Site, Site.id == Document.site_id)
    .where(Site.code == bindparam("site"))
    .order_by(Document.last_seen.desc())
    .limit(SAMPLE)
)
_NAMED = (
    Site.code == bindparam("site"),
    Page.route == bindparam("route"),
    Page.key == bindparam("key"),
)
ANNOUNCED = (
    select(Sighting.title)
    .join(Page, Page.id == Sighting.page_id)
    .join(Site, Site.id == Page.site_id)
    .where(*_NAMED, Sighting.title > "")
    .distinct()
)
HELD_TEXT = (
    select(Text_.title, func.length(Text_.body))
    .join(Document, Document.text_id == Text_.id)
    .join(Page, Page.id == Document.page_id)
    .join(Site, Site.id == Page.site_id)
    .where(*_NAMED)
)


def _make_page(row: RowMapping) -> KnownPage:
    """Validators are sent only while the page is what they are of: behind another page that came in
    its place a 304 would say nothing of it."""
    published = row["published_latest"]
    is_held = row["capture"] is not None and row["answer"] in HELD
    validators = _read_validators(row["headers"]) if is_held else {}
    born = datetime.combine(published, time(), UTC) if published else row["first_seen"]
    return KnownPage(
        row["url"],
        min(born, row["first_seen"]),
        row["visited"],
        validators,
        capture=row["capture"] if validators else None,
        is_unread=row["answer"] is not None and row["answer"] not in HELD,
        is_listed=bool(row["listed"]),
        turned_away=row["turned_away"],
        turned_away_at=row["turned_away_at"],
    )


def _read_validators(headers: Mapping[str, str]) -> dict[str, str]:
    """Turn what an answer said of itself into what the next request asks."""
    return {
        VALIDATORS[name.lower()]: value
        for name, value in headers.items()
        if name.lower() in VALIDATORS
    }
