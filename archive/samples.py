"""What the archive has to learn an office's template from, and what is to be read by it: asked by
whoever learns.

Everything is chosen by the keys of pages, not by when they came: two archives of the same pages
give the same samples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain, groupby
from typing import Any

from sqlalchemy import Connection, Engine, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from archive.database.models import (
    Capture,
    Category,
    Document,
    Layout,
    Page,
    Problem,
    Reading,
    Sighting,
    Site,
    Text_,
)
from archive.database.sql import cut_chunks
from archive.records import Key, rank_key
from archive.stored import StoredCapture, load_stored
from archive.watch.verdicts import ACCESS, OFFICE, OK, SERVER, STRANGER, Answer

READ = (Answer.ARTICLE, Answer.CUT, Answer.UNREAD)
"""Answers whose bytes are an article's, or might be: one that no reader found an article in."""
LEARNABLE = (Answer.ARTICLE, Answer.UNREAD)
"""Answers that a template is learnt from: whole, and no page that says it is missing."""
FOREIGN = (STRANGER, OFFICE, ACCESS, SERVER)
"""Fields of problems of captures that are somebody else's page: a layout makes them no articles."""
MISFITS = 5
"""Articles of one run that fit no template, before it counts: one odd page is no redesign."""
NIGHTS = 2
"""Such runs before it is learnt again: a page that comes half-made for a night is none either."""
GROWTH = 2
"""Times as many articles as when it was learnt from few."""
AGAIN = timedelta(days=7)
"""After which an office without a template of its own looks for one that it may borrow: others
learn meanwhile."""
AT_ONCE = 20
"""Captures that are in memory together: a listing has hundreds of pages."""
FEW = 40
"""Articles of an office, of which more tell more."""


LAYOUT = (
    *(Layout.digest, Layout.content, Layout.reader_version, Layout.pages),
    *(Layout.group_count, Layout.checked_at, Layout.borrowed_from),
)
"""The columns of a `KnownLayout`."""


class Reason(StrEnum):
    """Why an office's template is learnt now."""

    FIRST = "first"
    READER = "reader"
    """Another version of the reader learns otherwise."""
    GROWTH = "growth"
    """It was learnt, or could not be, from few articles, and there are more now; or another office
    may have one like it."""
    DRIFT = "drift"
    """Articles of several nights fit nothing of what was learnt."""


@dataclass(frozen=True, slots=True)
class KnownLayout:
    """A layout as the archive has it; without content where nothing could be learnt."""

    digest: str
    content: str
    reader_version: str
    pages: int
    group_count: int
    """Templates of articles that it tells apart; 0 for listings alone."""
    checked_at: datetime
    borrowed_from: str = ""


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """One page as one listing showed it."""

    page: Key
    canonical: str
    """Of the listing."""
    title: str
    views: int | None


class ArchiveSamples:
    """Questions about the stored pages of one office, named by its code."""

    def __init__(self, engine: Engine, site: str) -> None:
        self._reader = engine.execution_options(archive_begin="read")
        self.site = site

    def find_layout(self) -> KnownLayout | None:
        """What was last learnt, or tried to; None when nobody tried."""
        return self._find_layout(Layout.id > 0)

    def find_content(self) -> KnownLayout | None:
        """The layout that pages are read by; None where there is none."""
        return self._find_layout(Layout.content > "")

    def _find_layout(self, which: Any) -> KnownLayout | None:
        query = select(*LAYOUT).join(Site, Site.id == Layout.site_id)
        query = query.where(Site.code == self.site, which)
        query = query.order_by(Layout.checked_at.desc(), Layout.id.desc()).limit(1)
        with self._reader.begin() as connection:
            row = connection.execute(query).first()
        return KnownLayout(*row) if row else None

    def find_reason(self, reader_version: str, fewest: int, at: datetime) -> Reason | None:
        """Why it is time to learn the office's template; None when it is not. `fewest` articles
        have a template that can be told."""
        known, pages = self.find_layout(), self.count_articles()
        if not pages:
            return None
        if known is None:
            return Reason.FIRST
        if known.reader_version != reader_version:
            return Reason.READER
        if known.group_count == 0:
            grown = pages >= known.pages + fewest
            return Reason.GROWTH if grown or at - known.checked_at >= AGAIN else None
        if known.pages < FEW and pages >= GROWTH * known.pages:
            return Reason.GROWTH
        return Reason.DRIFT if self._drifts(known) else None

    def count_articles(self) -> int:
        """How many articles of the office there are to learn from."""
        with self._reader.begin() as connection:
            return connection.scalar(select(func.count()).select_from(self._articles())) or 0

    def _drifts(self, known: KnownLayout) -> bool:
        misfits = (
            select(func.count())
            .join_from(Capture, Site, Site.id == Capture.site_id)
            .join(Reading, Reading.capture_id == Capture.id)
            .where(Site.code == self.site, Capture.fetched_at > known.checked_at)
            .where(Capture.answer == Answer.ARTICLE, Reading.layout == known.digest)
            .where(Reading.layout_group.is_(None))
            .group_by(Capture.run_id)
        )
        with self._reader.begin() as connection:
            runs = list(connection.scalars(misfits))
        return sum(count >= MISFITS for count in runs) >= NIGHTS

    def _articles(self) -> Any:
        """Undoubted articles, each with its last whole capture: those that were read as one, and
        those that a listing shows and no reader found an article in."""
        newest = (
            select(func.max(Capture.id))
            .where(Capture.page_id == Page.id, Capture.status.in_(OK))
            .where(Capture.blob_id.is_not(None), Capture.answer.in_(LEARNABLE), ~_is_foreign())
            .correlate(Page)
            .scalar_subquery()
        )
        last = select(func.max(Reading.id)).where(Reading.capture_id == Capture.id)
        undoubted = or_(Document.doubts.is_(None), func.json_array_length(Document.doubts) == 0)
        is_shown = or_(Capture.answer == Answer.ARTICLE, _is_listed())
        return (
            select(Page.route, Page.key, Capture.id.label("capture_id"))
            .add_columns(Reading.layout, Reading.layout_group)
            .join_from(Page, Capture, Capture.id == newest)
            .join(Reading, Reading.id == last.correlate(Capture).scalar_subquery())
            .outerjoin(Document, Document.page_id == Page.id)
            .where(Page.site_id == _select_site(self.site), is_shown, undoubted)
            .subquery()
        )

    def choose_articles(
        self, most: int, misfits_of: str | None = None, among: Collection[Key] | None = None
    ) -> list[int]:
        """The captures of `most` articles, in an order that only their keys decide; of those alone
        that fit nothing of a layout where its digest is given, or that are `among` these."""
        c = self._articles().c
        query = select(c.capture_id, c.route, c.key)
        if misfits_of is not None:
            query = query.where(c.layout == misfits_of, c.layout_group.is_(None))
        with self._reader.begin() as connection:
            rows = connection.execute(query).all()
        chosen = [row for row in rows if among is None or (row.route, row.key) in among]
        ordered = sorted(chosen, key=lambda row: rank_key(row.route, row.key))
        return [row.capture_id for row in ordered[:most]]

    def choose_listings(self, most: int) -> list[int]:
        """The last captures of listings and the home page that show articles, in an order that only
        their addresses decide."""
        return self._list_listings(Capture.items_digest.is_not(None))[:most]

    def _list_listings(self, which: Any) -> list[int]:
        newest = (
            select(func.max(Capture.id).label("id"), Capture.canonical)
            .join(Site, Site.id == Capture.site_id)
            .where(Site.code == self.site, Capture.page_id.is_(None), Capture.status.in_(OK))
            .where(Capture.blob_id.is_not(None), which)
            .where(Capture.canonical.not_like("/api/%"))
            .group_by(Capture.canonical)
        )
        with self._reader.begin() as connection:
            rows = connection.execute(newest).all()
        ordered = sorted(rows, key=lambda row: (row.canonical != "/", rank_key("", row.canonical)))
        return [row.id for row in ordered]

    def find_lenders(
        self, captures: Collection[int], reader_version: str, most: int
    ) -> list[KnownLayout]:
        """What this reader learnt last of other offices whose articles have the very structure of
        these: layouts of their own, in an order that only those decide."""
        ours = select(Reading.skeleton).where(Reading.capture_id.in_(captures))
        alike = select(Reading.layout).where(
            Reading.skeleton.in_(ours), Reading.layout_group.is_not(None)
        )
        later = aliased(Layout)
        is_last = ~exists().where(
            later.site_id == Layout.site_id, later.checked_at > Layout.checked_at
        )
        query = (
            select(*LAYOUT)
            .where(Layout.site_id != _select_site(self.site), Layout.borrowed_from == "", is_last)
            .where(Layout.group_count > 0, Layout.digest.in_(alike))
            .where(Layout.reader_version == reader_version)
            .order_by(Layout.digest)
            .limit(most)
        )
        with self._reader.begin() as connection:
            return [KnownLayout(*row) for row in connection.execute(query)]

    def find_listed(
        self, captures: Collection[int], by: Collection[str] | None = None
    ) -> list[ListedArticle]:
        """What listings showed of the pages of these captures; those alone with these canonical
        addresses where some are given."""
        of_these = select(Capture.page_id).where(Capture.id.in_(captures))
        query = (
            select(Page.route, Page.key, Capture.canonical, Sighting.title, Sighting.views)
            .join_from(Sighting, Page, Page.id == Sighting.page_id)
            .join(Capture, Capture.id == Sighting.capture_id)
            .where(Sighting.page_id.in_(of_these), Capture.page_id.is_(None))
            .order_by(Capture.canonical, Sighting.id)
        )
        if by is not None:
            query = query.where(Capture.canonical.in_(by))
        with self._reader.begin() as connection:
            return [ListedArticle((row[0], row[1]), *row[2:]) for row in connection.execute(query)]

    def find_categories(self) -> dict[str, str]:
        """The last title of each category, by its id."""
        query = (
            select(Category.category, Category.title)
            .join(Site, Site.id == Category.site_id)
            .where(Site.code == self.site)
            .order_by(Category.last_seen, Category.id)
        )
        with self._reader.begin() as connection:
            return dict(connection.execute(query).all())

    def load(self, captures: Iterable[int]) -> Iterator[StoredCapture]:
        """These captures with their bytes, in the order given, some at a time; without those that
        are damaged."""
        for chunk in cut_chunks(captures, AT_ONCE):
            with self._reader.begin() as connection:
                found = {one.id: one for one in load_stored(connection, chunk)}
            yield from (found[id_] for id_ in chunk if id_ in found)

    def load_pages(self, pages: Iterable[Sequence[int]]) -> Iterator[list[StoredCapture]]:
        """The captures of pages, those of one together; loaded some at a time, whoever's they are:
        most pages have one."""
        stored = self.load(chain.from_iterable(pages))
        for _, captures in groupby(stored, key=lambda one: one.page):
            yield list(captures)

    def list_unread(self, reader_version: str, layout: str) -> list[tuple[int, list[int]]]:
        """The pages with captures that were not read by this reader and layout, those first that
        came last: each with all its captures that are to be read, in time order."""
        with self._reader.begin() as connection:
            pages = connection.execute(self._select_unread(reader_version, layout)).all()
            captures: dict[int, list[int]] = {row.page_id: [] for row in pages}
            for chunk in cut_chunks(captures):
                rows = connection.execute(_select_readable(Capture.page_id.in_(chunk)))
                for row in rows:
                    captures[row.page_id].append(row.id)
        return [(page, ids) for page, ids in captures.items() if ids]

    def _select_unread(self, reader_version: str, layout: str) -> Select[Any]:
        c = _select_readable(Capture.site_id == _select_site(self.site)).subquery().c
        known = exists().where(
            Reading.capture_id == c.id,
            Reading.reader_version == reader_version,
            Reading.layout == layout,
        )
        query = select(c.page_id, func.max(c.fetched_at).label("last")).where(~known)
        return query.group_by(c.page_id).order_by(func.max(c.fetched_at).desc(), c.page_id)

    def list_unread_listings(self, reader_version: str, layout: str) -> list[int]:
        """The last captures of listings and the home page that were not read by this reader and
        layout; also of those that seemed to show nothing."""
        captures = self._list_listings(
            or_(Capture.items_digest.is_not(None), Capture.answer == Answer.EMPTY)
        )
        known: set[int] = set()
        with self._reader.begin() as connection:
            for chunk in cut_chunks(captures):
                query = select(Reading.capture_id).where(
                    Reading.capture_id.in_(chunk),
                    Reading.reader_version == reader_version,
                    Reading.layout == layout,
                )
                known |= set(connection.scalars(query))
        return [one for one in captures if one not in known]

    def find_readings(self, captures: Collection[int]) -> dict[int, dict[str, Any]]:
        """The last readings of these captures, with their texts."""
        last = select(func.max(Reading.id)).where(Reading.capture_id.in_(captures))
        last = last.group_by(Reading.capture_id)
        query = (
            select(*Reading.__table__.columns, Text_.title, Text_.body)
            .outerjoin(Text_, Text_.id == Reading.text_id)
            .where(Reading.id.in_(last))
        )
        with self._reader.begin() as connection:
            rows = connection.execute(query).mappings()
            return {row["capture_id"]: dict(row) for row in rows}

    def count_answers(self, run_id: int) -> Counter[str]:
        """What the captures of a run at the office are by now."""
        query = (
            select(Capture.answer, func.count())
            .join(Site, Site.id == Capture.site_id)
            .where(Site.code == self.site, Capture.run_id == run_id)
            .group_by(Capture.answer)
        )
        with self._reader.begin() as connection:
            return Counter(dict(connection.execute(query).all()))


def list_sites(connection: Connection) -> list[str]:
    """The codes of the offices of which there are captures."""
    captured = exists().where(Capture.site_id == Site.id)
    return list(connection.scalars(select(Site.code).where(captured).order_by(Site.code)))


def _select_site(site: str) -> Any:
    return select(Site.id).where(Site.code == site).scalar_subquery()


def _is_foreign() -> Any:
    """Whether a capture is somebody else's page."""
    return exists().where(Problem.capture_id == Capture.id, Problem.field.in_(FOREIGN))


def _is_listed() -> Any:
    """Whether a listing or the home page shows a page."""
    shown = aliased(Capture)
    return exists().where(
        Sighting.page_id == Page.id, Sighting.capture_id == shown.id, shown.page_id.is_(None)
    )


def _select_readable(which: Any) -> Select[int, int | None, datetime]:
    """Captures of pages whose bytes are an article, or might be, in time order."""
    return (
        select(Capture.id, Capture.page_id, Capture.fetched_at)
        .where(which, Capture.page_id.is_not(None), Capture.blob_id.is_not(None))
        .where(Capture.status.in_(OK), Capture.answer.in_(READ), ~_is_foreign())
        .order_by(Capture.page_id, Capture.fetched_at, Capture.id)
    )
