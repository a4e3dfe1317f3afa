"""What crosses the border of the archive: frozen records that a crawl, an import or a re-reading
hands over.

The archive knows nothing of Scrapy or of how a page is read; whoever calls it fills these in. Times
are aware and in UTC, days are plain dates in the office's zone, unknown is `None` or empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

LinkKind = Literal["image", "attachment", "related"]


Key = tuple[str, str]
"""Which page of an office: route (`blog`, `berita` ..., `url`) and key."""
Piece = tuple[int, int, int]
"""A piece of a text: its line, and the offsets in it where the piece begins and ends."""


@dataclass(frozen=True, slots=True)
class Office:
    """One row of the office list."""

    code: str
    """Kemendagri code, text: `33.72`."""
    label: str
    """First label of the host, the name people type: `kota-surakarta`."""
    name: str
    """`Kota Surakarta`."""
    level: str
    province_code: str
    timezone: str
    """IANA name: `Asia/Jakarta`."""
    host: str
    host_status: str
    """`seen` or `guess`."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something an article points at; its place in the tuple is its place in the article."""

    kind: LinkKind
    url: str
    text: str = ""
    uploaded: datetime | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A doubt or a failure, told to a person."""

    field: str
    seen: str
    why: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """One page as a listing, a home page or another page shows it."""

    page: Key
    url: str
    title: str
    views: int | None = None
    created: datetime | None = None
    """When the site says that it was created."""


@dataclass(frozen=True, slots=True)
class Category:
    """A category as an office titles it."""

    category: str
    """Its id: `104`."""
    title: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader version read from one capture. Flat: a row of `readings`.

    `title` and `body` are `None` for pages that are no articles.
    """

    reader_version: str
    kind: str
    template: str
    skeleton: str
    title: str | None = None
    body: str | None = None
    category: str | None = None
    section: str | None = None
    byline: str | None = None
    """The byline as printed."""
    writers: tuple[str, ...] = ()
    role: str | None = None
    editor: str | None = None
    photographer: str | None = None
    byline_unit: str | None = None
    dateline: str | None = None
    """The dateline as printed."""
    place: str | None = None
    dateline_unit: str | None = None
    dateline_date: date | None = None
    dateline_date_end: date | None = None
    dateline_flags: tuple[str, ...] = ()
    event: str | None = None
    """The words the event's day was read from."""
    event_date: date | None = None
    event_date_end: date | None = None
    event_flags: tuple[str, ...] = ()
    published_earliest: date | None = None
    published_latest: date | None = None
    published_instant: datetime | None = None
    published_precision: str | None = None
    published_source: str | None = None
    published_evidence: str | None = None
    published_flags: tuple[str, ...] = ()
    """As in `archive.derive.flags`, without those that other articles tell."""
    views: int | None = None
    links: tuple[Link, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    """In the order shown."""
    categories: tuple[Category, ...] = ()
    problems: tuple[Problem, ...] = ()
    credits: tuple[Piece, ...] = ()
    """Where byline and dateline stand in the body, as its reader counts lines: what copies need not
    have in common. Kept nowhere."""


@dataclass(frozen=True, slots=True)
class Digests:
    """The two digests of a text, SHA-256 in hex; see `archive.ingest.digests`."""

    text: str
    copy: str | None
    """`None` for texts of fewer than 30 words: image-only posts are not copies of each other."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One request and what came of it: bytes, or an error."""

    site: str
    """The office's Kemendagri code."""
    url: str
    """As asked."""
    canonical: str
    """Path and query that every spelling of this address shares: `/blog/read/123`."""
    fetched_at: datetime
    page: Key | None = None
    """Set for pages of a route; `None` for listings and the home page."""
    answered_url: str | None = None
    answered_page: Key | None = None
    """Set when a redirect led to another page of the office; the bytes stay with the page asked
    for."""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """Decoded of any content encoding, otherwise untouched."""
    error: str | None = None
    """Network error, one line, when nothing answered."""
    tls: str = "none"
    """`verified`, `unverified` or `none` (plain HTTP)."""
    source: str = "crawl"
    reading: Reading | None = None
    digests: Digests | None = None
    """Of the reading's title and body, when it has them."""


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What the archive knows of a page that was seen before."""

    url: str
    """Where it was seen to be."""
    born: datetime
    """Its publication as far as known, else its first sighting."""
    visited: datetime | None
    """Its last answer; `None` when it never answered as an article, nor with 404, 410 or another
    page's address."""
    validators: Mapping[str, str] = field(default_factory=dict)
    """Headers that ask whether the bytes held are still current: `If-None-Match`,
    `If-Modified-Since`."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A category's listing was walked from its first page."""

    site: str
    category: str
    pages: int
    complete: bool
    """The last page was reached: what is not known now was not shown."""
    walked_at: datetime


@dataclass(frozen=True, slots=True)
class RunStart:
    """What a run was asked to do, and with what."""

    spider: str
    arguments: Mapping[str, str]
    version: str
    scheme: str
    proxy: str | None
    started_at: datetime


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended."""

    ended_at: datetime
    exit_code: int
    outcome: str
    """One line for a person."""
    counts: Mapping[str, int]
    """Requests, captures, failures ... as the crawler counted them, all offices together."""


@dataclass(frozen=True, slots=True)
class VisitEnd:
    """How a run's visit to one office ended."""

    site: str
    """The office's Kemendagri code."""
    started_at: datetime
    ended_at: datetime
    exit_code: int
    """What a run of this office alone would have left with."""
    outcome: str
    """One line for a person."""
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class KnownRobots:
    """What the archive knows of an office's robots.txt."""

    body: bytes | None
    """As it last came; empty where the office had none, `None` when it never answered."""
    failing_since: datetime | None
    """When it first failed since then."""


Record = Capture | Walk | VisitEnd
"""What the writer accepts."""
