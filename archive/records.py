"""What crosses the border of the archive: frozen records that a crawl, an import or a re-reading
hands over.

The archive knows nothing of Scrapy or of how a page is read; whoever calls it fills these in. Times
are aware and in UTC, days are plain dates in the office's zone, unknown is `None` or empty.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal, NamedTuple, get_type_hints

LinkKind = Literal["image", "attachment", "related"]


Key = tuple[str, str]
"""Which page of an office: route (`blog`, `berita` ..., `url`) and key."""
Piece = tuple[int, int, int]
"""A piece of a text: its line, and the offsets in it where the piece begins and ends."""


def rank_key(route: str, key: str) -> str:
    """Where a page stands in an order that depends on it alone, and on nothing that its key
    tells."""
    return hashlib.sha256(f"{route}\t{key}".encode()).hexdigest()


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
class HostSighting:
    """A host that a page links in a menu, a footer or a list of links."""

    host: str
    place: str
    """`menu`, `footer` or `list`; `redirect` where an answer led to it."""
    text: str = ""
    """The words of the link."""


class Part(NamedTuple):
    """Marks a field of `Reading` as a part of an article's byline, dateline, event or
    publication."""

    group: str
    name: str
    """What the reader calls it in that group."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader version read from one capture: a row of `readings`.

    The parts of a group stand together, in the order in which they are shown; see `GROUPS`. `title`
    and `body` are `None` for pages that are no articles.
    """

    reader_version: str
    kind: str
    template: str
    skeleton: str
    title: str | None = None
    body: str | None = None
    category: str | None = None
    section: str | None = None

    byline: Annotated[str | None, Part("byline", "raw")] = None
    """The byline as printed."""
    writers: Annotated[tuple[str, ...], Part("byline", "writers")] = ()
    role: Annotated[str | None, Part("byline", "role")] = None
    editor: Annotated[str | None, Part("byline", "editor")] = None
    photographer: Annotated[str | None, Part("byline", "photographer")] = None
    byline_unit: Annotated[str | None, Part("byline", "unit")] = None

    dateline: Annotated[str | None, Part("dateline", "raw")] = None
    """The dateline as printed."""
    place: Annotated[str | None, Part("dateline", "place")] = None
    dateline_unit: Annotated[str | None, Part("dateline", "unit")] = None
    dateline_date: Annotated[date | None, Part("dateline", "date")] = None
    dateline_date_end: Annotated[date | None, Part("dateline", "date_end")] = None
    dateline_flags: Annotated[tuple[str, ...], Part("dateline", "flags")] = ()

    event: Annotated[str | None, Part("event", "raw")] = None
    """The words the event's day was read from."""
    event_date: Annotated[date | None, Part("event", "date")] = None
    event_date_end: Annotated[date | None, Part("event", "date_end")] = None
    event_flags: Annotated[tuple[str, ...], Part("event", "flags")] = ()

    published_earliest: Annotated[date | None, Part("published", "earliest")] = None
    published_latest: Annotated[date | None, Part("published", "latest")] = None
    published_instant: Annotated[datetime | None, Part("published", "instant")] = None
    published_precision: Annotated[str | None, Part("published", "precision")] = None
    published_source: Annotated[str | None, Part("published", "source")] = None
    published_evidence: Annotated[str | None, Part("published", "evidence")] = None
    published_flags: Annotated[tuple[str, ...], Part("published", "flags")] = ()
    """As in `archive.derive.flags`, without those that other articles tell; also where there is no
    day."""

    views: int | None = None
    links: tuple[Link, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    """In the order shown."""
    categories: tuple[Category, ...] = ()
    problems: tuple[Problem, ...] = ()
    marks: tuple[str, ...] | None = None
    """What shows that the page is the office's own, as its reader names it; `None` where nobody
    looked."""
    credits: tuple[Piece, ...] = ()
    """Where byline and dateline stand in the body, as its reader counts lines: what copies need not
    have in common. Kept nowhere."""
    hosts: tuple[HostSighting, ...] = ()
    """Hosts of offices that the page links outside of prose."""
    layout: str = ""
    """Digest of the layout that the reader was given; empty for none."""
    layout_group: str | None = None
    """The template of it that the page fits; `None` where it fits none."""


def _group_parts() -> dict[str, dict[str, str]]:
    groups: dict[str, dict[str, str]] = {}
    for field_name, hint in get_type_hints(Reading, include_extras=True).items():
        for part in getattr(hint, "__metadata__", ()):
            groups.setdefault(part.group, {})[part.name] = field_name
    return groups


GROUPS: Mapping[str, Mapping[str, str]] = _group_parts()
"""The parts of each group: the reader's name -> ours, which is the column's too.

`GROUPS["byline"]["unit"]` is `byline_unit`.
"""


@dataclass(frozen=True, slots=True)
class Digests:
    """The two digests of a text, SHA-256 in hex; see `archive.ingest.digests`."""

    text: str
    copy: str | None
    """`None` for texts of fewer than 30 words: image-only posts are not copies of each other."""
    credits: tuple[int, ...] = ()
    """Words of the body that are no part of the copy, as `find_credits` there tells them."""


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
    """The body after its Content-Encoding, raw where that cannot be undone."""
    is_closed: bool | None = None
    """Whether the document in it comes to its end (`</html>`); None where that tells nothing."""
    validated: int | None = None
    """The capture whose validators the request sent: what a 304 says is unchanged."""
    error: str | None = None
    """Network error, one line, when nothing answered."""
    tls: str = "none"
    """`verified`, `unverified` or `none` (plain HTTP)."""
    source: str = "crawl"
    problems: tuple[Problem, ...] = ()
    """Doubts about the answer itself, whatever is read from it: they stay when it is read again."""
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
    """Headers that ask whether the article held is still current: `If-None-Match`,
    `If-Modified-Since`."""
    capture: int | None = None
    """Where they come from: the page's last capture that is an article."""
    is_unread: bool = False
    """Its last whole answer was no article."""
    is_listed: bool = True
    """A listing or the home page showed it; else other articles alone mention it."""
    turned_away: int = 0
    """Answers since `visited` that were somebody else's page or a refusal ..."""
    turned_away_at: datetime | None = None
    """... and when the last of them came."""


@dataclass(frozen=True, slots=True)
class OfficeMarks:
    """What the articles of an office have shown of it."""

    pages: int = 0
    """Articles looked at."""
    marks: Mapping[str, int] = field(default_factory=dict)
    """On how many of them each mark stood."""
    skeletons: Collection[str] = ()
    """All that were seen."""


@dataclass(frozen=True, slots=True)
class KnownTitles:
    """What a page was called before."""

    announced: Collection[str] = ()
    """By listings, and by pages that link it."""
    held: str | None = None
    """Of the article held."""
    held_length: int = 0
    """Characters of its text."""


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
    process: str | None = None
    """Who runs it, as its locks on offices say: `process 4711 on archive-1`."""


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
    """Its captures by `archive.watch.verdicts.Answer`."""
    state: str = "fine"
    """How the office fares since: `archive.watch.verdicts.State`."""
    cut: bool = False
    """The end of its run came before its own."""


@dataclass(frozen=True, slots=True)
class KnownRobots:
    """What the archive knows of an office's robots.txt."""

    body: bytes | None
    """As it last came; empty where the office had none, `None` when it never answered."""
    failing_since: datetime | None
    """When it first failed since then."""


HostOutcome = Literal["unresolved", "failed", "answered"]
"""A host's name did not resolve; it did, or may have, and nothing but errors came; or it answered
with anything else."""


@dataclass(frozen=True, slots=True)
class HostTry:
    """What came of asking for an office under one host."""

    site: str
    """The office's Kemendagri code."""
    host: str
    outcome: HostOutcome
    said: str
    """A status, a title, an error: one line."""
    at: datetime


@dataclass(frozen=True, slots=True)
class LearntLayout:
    """What was learnt of the template of an office's pages, or that nothing could be."""

    site: str
    """The office's Kemendagri code."""
    digest: str
    """SHA-256 of `content`; empty for nothing."""
    content: str
    """JSON."""
    group_count: int
    """Templates that it tells apart."""
    reader_version: str
    captures: tuple[int, ...]
    """Those it was learnt from."""
    pages: int
    """Articles of the office that were held."""
    learnt_at: datetime
    borrowed_from: str = ""


@dataclass(frozen=True, slots=True)
class Rereading:
    """What was read anew from one stored capture."""

    capture: int
    reading: Reading
    digests: Digests | None = None


@dataclass(frozen=True, slots=True)
class PageReread:
    """All captures of one page, or one capture of a listing, read anew: they replace what was
    derived from the earlier readings, which stay."""

    site: str
    """The office's Kemendagri code."""
    page: Key | None
    readings: tuple[Rereading, ...]
    read_at: datetime | None = None
    """When; `None` for in the run that saves it."""


FileState = Literal["none", "read", "encrypted", "broken", "too long", "timeout"]
"""How far the text of a file could be read."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file whose bytes are in the folder of files."""

    digest: str
    """SHA-256 of the bytes."""
    size: int
    media_type: str
    """As the bytes tell it."""
    text: str | None
    text_state: FileState
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class FileCapture:
    """One request for a file that an article links, and what came of it."""

    capture: Capture
    """Without page, body and reading: a file is no page."""
    link: str
    """The address that the article has, where redirects may have led on from."""
    digest: str | None = None
    """Of the bytes that came, whatever they are."""
    file: KeptFile | None = None
    confirmed: str | None = None
    """Digest of the file that a 304 says is unchanged."""

    @property
    def site(self) -> str:
        """The code of the office whose visit asked for it."""
        return self.capture.site


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file to ask for."""

    url: str
    """As an article links it."""
    validators: Mapping[str, str] = field(default_factory=dict)
    """As in `KnownPage`; empty for what is not held."""
    capture: int | None = None
    """Where they come from."""
    digest: str | None = None
    """Of the file held."""


Record = Capture | Walk | VisitEnd | HostTry | LearntLayout | PageReread | FileCapture
"""What the writer accepts."""
