"""Which files of an office to ask for: what was never asked for first, what is held but rarely."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from archive.database.models import Capture, File, FileCapture, Link, Page, Site, Withheld
from archive.files.kinds import HTML
from archive.frontier import VALIDATORS
from archive.records import LinkKind, WantedFile

Query = Select[*tuple[Any, ...]]

HELD_FOR = timedelta(days=180)
"""After which a file that is held is asked for again: files are seldom replaced under one name."""
MOST_AGAIN = 2
"""Files held that are asked for again in one visit: a quiet night has 15 requests in all."""
LONGEST_DOUBLINGS = 6
"""A file that does not come is asked for again after 2 days, then 4, and so on up to 64."""


@dataclass(slots=True)
class _Tried:
    """What came of asking for a link."""

    last: datetime | None = None
    failures: int = 0
    """In a row."""
    digest: str | None = None
    capture: int | None = None
    validators: dict[str, str] = field(default_factory=dict)

    def note(self, row: Any) -> None:
        """Take one more capture; a page in place of a file is none."""
        self.last = row.fetched_at
        if row.file_digest is None or row.media_type == HTML:
            self.failures += 1
            return
        self.failures = 0
        if row.status != 304:
            self.digest, self.capture = row.file_digest, row.id
            self.validators = {
                VALIDATORS[name.lower()]: value
                for name, value in row.headers.items()
                if name.lower() in VALIDATORS
            }

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to ask again."""
        if self.last is None:
            return True
        pause = timedelta(days=2 ** min(self.failures, LONGEST_DOUBLINGS))
        return now - self.last >= (pause if self.failures else HELD_FOR)


def find_wanted(
    connection: Connection, site: str, kinds: Collection[LinkKind], now: datetime
) -> list[WantedFile]:
    """The files of the office with this code that are due: those never asked for, the newest
    first, then those that did not come, then a few of those held."""
    links = _select_links(site, kinds)
    tried: dict[str, _Tried] = {}
    for row in connection.execute(_select_tries(links)):
        tried.setdefault(row.link_digest, _Tried()).note(row)
    due: list[tuple[str, _Tried]] = []
    for row in connection.execute(links):
        one = tried.get(row.url_digest, _Tried())
        if one.is_due(now):
            due.append((row.url, one))
    return list(_order(due))


def _order(due: Collection[tuple[str, _Tried]]) -> Iterator[WantedFile]:
    again = 0
    for url, one in sorted(due, key=_rank):
        if one.last is not None and not one.failures:
            again += 1
        if again <= MOST_AGAIN:
            capture = one.capture if one.validators else None
            yield WantedFile(url, one.validators, capture, one.digest)


def _rank(one: tuple[str, _Tried]) -> tuple[bool, bool]:
    """Never asked for, then those that fail, then those held; else as they came."""
    tried = one[1]
    return tried.last is not None, not tried.failures


def _select_links(site: str, kinds: Collection[LinkKind]) -> Query:
    """The links of articles that nobody withheld, each address once, the newest first."""
    withheld = select(Withheld.page_id)
    columns: Query = select(Link.url, Link.url_digest)
    return (
        columns.join(Page, Page.id == Link.page_id)
        .join(Site, Site.id == Page.site_id)
        .where(Site.code == site, Link.kind.in_(kinds), Page.id.not_in(withheld))
        .group_by(Link.url, Link.url_digest)
        .order_by(func.max(Link.first_seen).desc(), func.max(Link.id).desc())
    )


def _select_tries(links: Query) -> Query:
    """The captures of these links, whichever office asked, in time order."""
    digests = links.order_by(None).with_only_columns(Link.url_digest)
    return (
        select(FileCapture.link_digest, FileCapture.file_digest, File.media_type, Capture.id)
        .add_columns(Capture.fetched_at, Capture.status, Capture.headers)
        .join(Capture, Capture.id == FileCapture.capture_id)
        .outerjoin(File, File.digest == FileCapture.file_digest)
        .where(FileCapture.link_digest.in_(digests))
        .order_by(Capture.fetched_at, Capture.id)
    )
