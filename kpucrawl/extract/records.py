"""What a page says, as frozen records: the result of `read_page`.

Unknown is `None` or empty, never a guess; every doubt is a `Problem`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime
from typing import Literal, NamedTuple

from kpucrawl.extract.characters import Span

Kind = Literal["article", "listing", "home", "maintenance", "missing", "other"]
Precision = Literal["instant", "day", "month", "interval"]


class PageKey(NamedTuple):
    """Which page of an office this is: `("blog", "123")`. The slug, scheme, port and host are no
    part of it."""

    route: str
    """`blog`, `berita`, `page`, `jdih` ..., or `url`."""
    key: str
    """The number, or for `url` the canonical path."""

    def __str__(self) -> str:
        """The name used beside the office's: `123` for blog, else `route:key`."""
        return self.key if self.route == "blog" else f"{self.route}:{self.key}"

    @property
    def pair(self) -> tuple[str, str]:
        """The same as a plain tuple, for those who take tuples apart and build them again."""
        return (self.route, self.key)


@dataclass(frozen=True, slots=True)
class Problem:
    """A doubt about one field."""

    field: str
    """The field of `Article` or `Listing`, or `page`; `access` when the visitor was turned away."""
    seen: str
    """What stood there, cut to 200 characters."""
    why: str
    """One sentence for a person."""


@dataclass(frozen=True, slots=True)
class Byline:
    """Who is credited; people quoted or pictured are not."""

    raw: str
    writers: tuple[str, ...] = ()
    role: str | None = None
    editor: str | None = None
    photographer: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Dateline:
    """What the dateline itself says: `Cilacap, 31 Oktober 2025 —`."""

    raw: str
    place: str | None = None
    unit: str | None = None
    date: Day | None = None
    date_end: Day | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """The day the text says it happened; never the dateline's."""

    raw: str
    date: Day | None = None
    date_end: Day | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that a page, its files or its answer tell about when it was published, believed or
    not."""

    source: str
    """As in `Published`; `body` for days of the text that are not its event's, `fetched` for the
    upper bound."""
    raw: str
    """As it stands: words, a file's address, a header."""
    earliest: Day | None = None
    """In the office's zone; None for an upper bound, and for what names no day (`31 November`)."""
    latest: Day | None = None
    instant: datetime | None = None
    """Aware."""
    note: str = ""
    """What limits it: the role of a day in the text, how its year was inferred, `from the
    future`."""


@dataclass(frozen=True, slots=True)
class Published:
    """When the office published, as far as the page itself tells."""

    earliest: Day
    """In the office's zone."""
    latest: Day
    """In the office's zone."""
    precision: Precision
    source: str
    """`metadata`, `printed`, `address`, `dateline`, `event`, `image`, `attachment` or
    `last-modified`."""
    evidence: str
    """The raw text it was read from; a year that it lacks, and from what it was inferred, in
    brackets."""
    instant: datetime | None = None
    """Aware, only where the page gives a clock time."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something an article points at."""

    url: str
    """Absolute."""
    text: str = ""
    """Its words: alternative text, caption or anchor, white space collapsed."""
    uploaded: datetime | None = None
    """Aware UTC, from the unix time in the file's name."""


class Image(Link):
    """A picture of the article."""

    __slots__ = ()


class Attachment(Link):
    """A file the article offers (PDF, DOCX, XLSX ...)."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article as the office wrote it."""

    title: str | None
    body: str
    """Byline and dateline lines included, one blank line between paragraphs; list items and
    sub-headings are lines of their own. Empty for a post that is only an image or a file."""
    category: str | None = None
    """As printed: `Berita Terkini`."""
    section: str | None = None
    """The category's comparable name: `berita`, `pengumuman` ..."""
    byline: Byline | None = None
    dateline: Dateline | None = None
    event: Event | None = None
    published: Published | None = None
    views: int | None = None
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    related: tuple[Link, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    """Everything that `published` could be judged by."""
    published_flags: tuple[str, ...] = ()
    """What is odd about the evidence, also where it comes to no day: `future`, `contradicted`,
    `inferred`, `weekday`."""
    doubts: tuple[Problem, ...] = ()
    """What in the evidence is not believed or contradicts itself."""
    credits: tuple[Span, ...] = ()
    """Where byline and dateline stand in the lines of `body`."""


@dataclass(frozen=True, slots=True)
class ListingItem:
    """One article as a listing shows it."""

    key: PageKey
    url: str
    title: str
    views: int | None = None
    text: str = ""
    """The article's text, flattened by the site: words at paragraph ends are glued together."""
    created: datetime | None = None
    """Aware; when the site says that it was created: in its JSON alone."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a category, or the articles a home page shows."""

    category_id: str | None
    """None for a home page."""
    title: str | None
    items: tuple[ListingItem, ...] = ()
    pages: int | None = None
    """The last page number its pager names."""
    pager: tuple[Link, ...] = ()
    """The links to other pages of this listing, as they stand: the evidence for `pages`."""


@dataclass(frozen=True, slots=True)
class Category:
    """A category as a menu, a listing's heading or a pager names it."""

    id: str
    """As in `Address.category`: `104`."""
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class HostMention:
    """The host of another office, as a menu, a footer or a list of links names it."""

    host: str
    place: str
    """`menu`, `footer` or `list`."""
    text: str
    """The words of the link."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """All that was read from one response."""

    kind: Kind
    template: str
    """Name of the template that read it, `generic` for none."""
    reader_version: str
    skeleton: str
    """Digest of the tags and their nesting, without text."""
    article: Article | None = None
    listing: Listing | None = None
    """Of listings, and of the home page: what it shows of the newest articles."""
    categories: tuple[Category, ...] = ()
    """Of the menu, on any kind of page; a listing's own title included."""
    problems: tuple[Problem, ...] = ()
    mentions: tuple[ListingItem, ...] = ()
    """The other articles of the office that the page links anywhere, in sidebars and texts too;
    each once."""
    marks: tuple[str, ...] = ()
    """What shows that the page is an office's own, and whose: `kpucrawl.extract.regions.marks`."""
    layout: str | None = None
    """The layout that it was read by, and its group: the first figures of the digest, a slash, the
    group's name; None where the general reader read it."""
    hosts: tuple[HostMention, ...] = ()
    """Of other offices, as menus, footers and lists of links name them."""
    leads_to: str | None = None
    """The absolute address that the page itself sends its visitor to, by `<meta refresh>` or a
    script; its own where it only loads itself again."""
