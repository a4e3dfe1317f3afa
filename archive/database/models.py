"""The tables. Facts are rows that are never overwritten; the last section is derived and can be
rebuilt.

Times are UTC without offset in the database and aware in Python. Digests are SHA-256 in hex.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    false,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from archive.database.seals import seal_row
from archive.database.types import CleanJson, Count, digest_columns
from archive.database.types import CleanText as CleanText
from archive.database.types import UtcTime as UtcTime
from archive.database.types import clean_text as clean_text
from archive.database.types import digest_text as digest_text

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables share the naming of constraints, so that migrations can name what they change."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own form
        str: CleanText,
        datetime: UtcTime,
        date: Date,
        bytes: LargeBinary,
        Count: BigInteger().with_variant(Integer, "sqlite"),
        dict[str, Any]: CleanJson,
        list[str]: CleanJson,
        list[int]: CleanJson,
    }


class Site(Base):
    """An office. The key never changes, whatever happens to its name or host."""

    __tablename__ = "sites"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    level: Mapped[str]
    province_code: Mapped[str]
    timezone: Mapped[str]
    host: Mapped[str] = mapped_column(server_default="")
    """The present one; `site_hosts` has all."""


class SiteHost(Base):
    """A host an office was asked under, from when to when; 479 of 552 hosts are guesses."""

    __tablename__ = "site_hosts"
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    host: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]


class HostSighting(Base):
    """A page of an office linked another host, or led to it, from when to when.

    Never from prose, where hosts are misspelt.
    """

    __tablename__ = "host_sightings"
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    """The office whose page it was."""
    host: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    """`menu`, `footer`, `list` or `redirect`."""
    text: Mapped[str]
    """The words of the link that first showed it."""
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"), index=True)
    """The first that showed it."""
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]


class HostTry(Base):
    """What came of asking for an office under a host, its own or a guess, from when to when."""

    __tablename__ = "host_tries"
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    host: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    """As in `archive.records.HostTry`."""
    said: Mapped[str]
    """A status, a title, an error: as it was first told."""
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]


class Category(Base):
    """A title an office gave a category, from when to when."""

    __tablename__ = "categories"
    __table_args__ = (Unique("site_id", "digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    category: Mapped[str]
    title: Mapped[str]
    digest: Mapped[str] = digest_columns("category", "title")
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]


class Run(Base):
    """One run of the crawler or of an import."""

    __tablename__ = "runs"
    id: Mapped[int] = mapped_column(primary_key=True)
    spider: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    version: Mapped[str]
    scheme: Mapped[str]
    proxy: Mapped[str | None]
    process: Mapped[str | None]
    """Who runs it, as its locks on offices say: `process 4711 on archive-1`."""
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    exit_code: Mapped[int | None]
    outcome: Mapped[str | None]
    counts: Mapped[dict[str, Any] | None]


class Visit(Base):
    """How a run's visit to one office ended. The next run writes the rows of one that was killed.

    Code, outcome, counts and state are derived: `archive.watch.visits` makes them again.
    """

    __tablename__ = "visits"
    __table_args__ = (Index("ix_visits_site_id_ended_at", "site_id", "ended_at"),)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    exit_code: Mapped[int]
    """What a run of this office alone would have left with."""
    outcome: Mapped[str]
    counts: Mapped[dict[str, Any]]
    """Its captures by `archive.watch.verdicts.Answer`."""
    state: Mapped[str] = mapped_column(server_default="fine")
    """How the office fares since: `archive.watch.verdicts.State`."""
    cut: Mapped[bool] = mapped_column(server_default=false())
    """The end of its run came before its own."""


class Walk(Base):
    """A category's listing was walked from the top, to its end or not."""

    __tablename__ = "walks"
    __table_args__ = (Unique("run_id", "site_id", "category_digest", "walked_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    category: Mapped[str]
    category_digest: Mapped[str] = digest_columns("category")
    pages: Mapped[int]
    complete: Mapped[bool]
    walked_at: Mapped[datetime]


class Page(Base):
    """A page of an office, made at its first sighting, before it is fetched."""

    __tablename__ = "pages"
    __table_args__ = (Unique("site_id", "route", "key_digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    route: Mapped[str]
    key: Mapped[str]
    key_digest: Mapped[str] = digest_columns("key")
    url: Mapped[str]
    """The address it was first seen under."""
    first_seen: Mapped[datetime]


class SameAs(Base):
    """Two pages of an office proved to be one: by a redirect. Never a merge."""

    __tablename__ = "same_as"
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), primary_key=True)
    other_page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), primary_key=True)
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"), index=True)
    evidence: Mapped[str]


class Blob(Base):
    """Bytes kept once, named by the SHA-256 of what they decode to; see `archive.blobs.store`."""

    __tablename__ = "blobs"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    codec: Mapped[str]
    """`zstd`, or `zstd-ref`: compressed against the bytes of `reference_id`."""
    reference_id: Mapped[int | None] = mapped_column(ForeignKey("blobs.id"), index=True)
    size: Mapped[int]
    stored_size: Mapped[int]
    data: Mapped[bytes]
    damaged: Mapped[bool] = mapped_column(server_default=false())
    """It no longer decodes: never a reference again, until the same bytes come once more."""


class SnapshotReference(Base):
    """The blob that new pages of an office with this skeleton are compressed against. An aid to
    writing, no fact."""

    __tablename__ = "snapshot_references"
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    skeleton: Mapped[str] = mapped_column(primary_key=True)
    blob_id: Mapped[int] = mapped_column(ForeignKey("blobs.id"), index=True)


class Capture(Base):
    """One request and what came of it. A failed fetch is a row too, with `error` and no status."""

    __tablename__ = "captures"
    __table_args__ = (
        Unique("site_id", "canonical_digest", "fetched_at", "url_digest"),
        Index("ix_captures_page_id_fetched_at", "page_id", "fetched_at"),
        Index("ix_captures_run_id_site_id", "run_id", "site_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    page_id: Mapped[int | None] = mapped_column(ForeignKey("pages.id"))
    url: Mapped[str]
    url_digest: Mapped[str] = digest_columns("url")
    answered_url: Mapped[str | None]
    canonical: Mapped[str]
    canonical_digest: Mapped[str] = digest_columns("canonical")
    fetched_at: Mapped[datetime]
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any]]
    digest: Mapped[str | None]
    """Of the body, also where the bytes are not kept: a listing that shows the same items again."""
    blob_id: Mapped[int | None] = mapped_column(ForeignKey("blobs.id"), index=True)
    items_digest: Mapped[str | None]
    """Of the pages shown (keys and titles in order, counters left out): equal = the same was shown
    again."""
    same_items_id: Mapped[int | None] = mapped_column(ForeignKey("captures.id"), index=True)
    """The earlier capture whose sightings this one repeats; `None` when they are its own."""
    error: Mapped[str | None]
    tls: Mapped[str]
    source: Mapped[str]
    validated_id: Mapped[int | None]
    """The capture whose validators the request sent: what a 304 says is unchanged."""
    is_closed: Mapped[bool | None]
    """Whether the document comes to its end; `None` where that tells nothing, and before 0007."""
    answer: Mapped[str] = mapped_column(server_default="")
    """What it is: `archive.watch.verdicts.Answer`. Derived from this row and its newest reading."""


class Sighting(Base):
    """A page stood in a listing, from the capture that first showed it so to the last that still
    did."""

    __tablename__ = "sightings"
    __table_args__ = (Unique("capture_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"))
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    views: Mapped[Count | None]
    created: Mapped[datetime | None]
    """When the site's JSON says that the page was created."""
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]


class Text_(Base):
    """A title and a body as read, stored once."""

    __tablename__ = "texts"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    copy_digest: Mapped[str | None] = mapped_column(index=True)
    title: Mapped[str | None]
    body: Mapped[str]
    credits: Mapped[list[int]] = mapped_column(server_default="[]")
    """Words of the body that copies need not have in common: of each run the first and how many."""


class Layout(Base):
    """What was learnt of the template of an office's pages: a fact, which readings name.

    A row without `content` says that nothing could be learnt from what was there.
    """

    __tablename__ = "layouts"
    __table_args__ = (Unique("site_id", "digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    digest: Mapped[str]
    """SHA-256 of `content`; empty where there is none."""
    content: Mapped[str]
    """JSON as `kpucrawl.extract.layouts.model.Layout` has it."""
    reader_version: Mapped[str]
    """Of the reader that learnt it."""
    captures: Mapped[list[int]]
    """Those it was learnt from, as ids."""
    pages: Mapped[int]
    """How many articles of the office were held when it was last learnt."""
    group_count: Mapped[int]
    """Templates that it tells apart."""
    borrowed_from: Mapped[str] = mapped_column(server_default="")
    """Digest of the layout of another office whose slots these are; empty for an own one."""
    learnt_at: Mapped[datetime]
    checked_at: Mapped[datetime]
    """When it was last learnt with the same result."""


class Reading(Base):
    """What one version of the reader, by one layout or none, read from one capture."""

    __tablename__ = "readings"
    __table_args__ = (Unique("capture_id", "reader_version", "layout"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"))
    reader_version: Mapped[str]
    layout: Mapped[str] = mapped_column(server_default="")
    """Digest of the layout that the reader was given; empty for none."""
    layout_group: Mapped[str | None]
    """The template of it that the page fits; NULL where it fits none and was read as before."""
    kind: Mapped[str]
    template: Mapped[str]
    skeleton: Mapped[str]
    text_id: Mapped[int | None] = mapped_column(ForeignKey("texts.id"), index=True)
    category: Mapped[str | None]
    section: Mapped[str | None]
    byline: Mapped[str | None]
    writers: Mapped[list[str]]
    role: Mapped[str | None]
    editor: Mapped[str | None]
    photographer: Mapped[str | None]
    byline_unit: Mapped[str | None]
    dateline: Mapped[str | None]
    place: Mapped[str | None]
    dateline_unit: Mapped[str | None]
    dateline_date: Mapped[date | None]
    dateline_date_end: Mapped[date | None]
    dateline_flags: Mapped[list[str]]
    event: Mapped[str | None]
    event_date: Mapped[date | None]
    event_date_end: Mapped[date | None]
    event_flags: Mapped[list[str]]
    published_earliest: Mapped[date | None]
    published_latest: Mapped[date | None]
    published_instant: Mapped[datetime | None]
    published_precision: Mapped[str | None]
    published_source: Mapped[str | None]
    published_evidence: Mapped[str | None]
    published_flags: Mapped[list[str]]
    views: Mapped[Count | None]
    marks: Mapped[list[str] | None] = mapped_column(CleanJson(none_as_null=True))
    """What shows that the page is the office's own; NULL where nobody looked."""
    read_at: Mapped[datetime | None]
    """When it was read again; NULL for what was read as its capture came."""
    digest: Mapped[str | None] = seal_row()
    """Of all the other columns but `id`; NULL for a reading of before 0016, or erased, until
    `compact` seals it as it stands."""


class ViewCount(Base):
    """A page counter as an article or a listing printed it."""

    __tablename__ = "view_counts"
    __table_args__ = (
        Unique("page_id", "capture_id"),
        Index("ix_view_counts_page_id_counted_at", "page_id", "counted_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"))
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"), index=True)
    counted_at: Mapped[datetime]
    count: Mapped[Count]
    source: Mapped[str]
    """`article` or `listing`."""
    own_visits: Mapped[int]
    """How often we had fetched the article until then: our part of the count."""


class Link(Base):
    """A picture, file or related page of an article, from when to when it was there."""

    __tablename__ = "links"
    __table_args__ = (Unique("page_id", "kind", "url_digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"))
    kind: Mapped[str]
    position: Mapped[int]
    url: Mapped[str]
    url_digest: Mapped[str] = digest_columns("url")
    text: Mapped[str]
    uploaded: Mapped[datetime | None]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]


class File(Base):
    """A file that an article offers, kept once; its bytes are in the folder of files, by their
    digest."""

    __tablename__ = "files"
    digest: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[Count]
    """In bytes."""
    media_type: Mapped[str]
    """As the bytes tell it, whatever name and headers say: `application/pdf`."""
    text: Mapped[str | None]
    """Its words, as far as they were read."""
    text_state: Mapped[str]
    """`none` (it has no words, or nobody can read it), `read`, `encrypted`, `broken`, `too long`
    (`text` is its beginning) or `timeout`."""
    stored_at: Mapped[datetime]


class FileCapture(Base):
    """Which link a capture of a file was asked for, and which file came, or was confirmed by a
    304."""

    __tablename__ = "file_captures"
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"), primary_key=True)
    link_digest: Mapped[str] = mapped_column(index=True)
    """`url_digest` of the rows of `links`, whatever page and office they are of."""
    file_digest: Mapped[str | None] = mapped_column(ForeignKey("files.digest"), index=True)


class Problem(Base):
    """A doubt about a capture, of a reader about it, or a failure of a run at an office."""

    __tablename__ = "problems"
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("captures.id"), index=True)
    reading_id: Mapped[int | None] = mapped_column(ForeignKey("readings.id"), index=True)
    field: Mapped[str]
    seen: Mapped[str]
    why: Mapped[str]


class Withheld(Base):
    """An article that nobody is shown: no search, no count, no page has it."""

    __tablename__ = "withheld"
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), primary_key=True)
    reason: Mapped[str]
    who: Mapped[str]
    withheld_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    """Since when its bytes and texts are gone for good; NULL while it is only hidden."""


class SavedSearch(Base):
    """A question that is asked again and again: who follows it is told what is new."""

    __tablename__ = "saved_searches"
    name: Mapped[str] = mapped_column(primary_key=True)
    question: Mapped[dict[str, Any]]
    """As `archive.search.saving` writes `archive.search.questions.Question`."""
    saved_at: Mapped[datetime]
    change_id: Mapped[int]
    """The last change of the log that it knew."""
    capture_id: Mapped[int]
    """The last capture that it knew."""


class Notice(Base):
    """What somebody was told, so that it is told once."""

    __tablename__ = "notices"
    __table_args__ = (Unique("target", "subject"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    target: Mapped[str]
    """An address to mail or to call."""
    subject: Mapped[str]
    """`health:kota-surakarta:down:2026-01-05`, or `search:NAME`."""
    sent_at: Mapped[datetime]
    change_id: Mapped[int | None]
    """Of a saved search: the last change of the log that it was told of."""
    capture_id: Mapped[int | None]
    """Of a saved search: the last capture that it was told of."""


# Derived: `kpu-archive rebuild` makes these again from the rows above, equal to the last digit.


class Document(Base):
    """An article as it stands now: one row per page that was ever read as an article."""

    __tablename__ = "documents"
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("readings.id"), index=True)
    """The newest reading of the newest capture that was read as an article."""
    text_id: Mapped[int] = mapped_column(ForeignKey("texts.id"), index=True)
    published_earliest: Mapped[date | None] = mapped_column(index=True)
    published_latest: Mapped[date | None]
    published_precision: Mapped[str | None]
    published_source: Mapped[str | None]
    """As the reading's, or `neighbours`."""
    published_evidence: Mapped[str | None]
    published_flags: Mapped[list[str]]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    captures: Mapped[int]
    revisions: Mapped[int]
    """Maximal runs of equal text over the captures in time order."""
    views: Mapped[Count | None]
    """The highest count of the latest day that gave one, of the article that its number shows
    now."""
    category: Mapped[str | None]
    """As the page prints it, else the title of the category whose listing shows the page."""
    doubts: Mapped[list[str]] = mapped_column(server_default="[]")
    """What is odd about its captures, whatever the one shown tells: `archive.derive.doubts`."""


class Cluster(Base):
    """A page that shares its text with others, on its office or elsewhere; `cluster_id` is their
    lowest page."""

    __tablename__ = "clusters"
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), index=True)
    similarity: Mapped[float]
    """To the most similar other page of the cluster, as the part of their words in threes that both
    have; 1 for the same copy digest."""
    kind: Mapped[str] = mapped_column(server_default="copy")
    """What its text is: a `copy`, or one of a `family`; see `archive.derive.clusters`."""


class TextBand(Base):
    """What texts that may be nearly the same have in common: `archive.derive.signatures`.

    Of texts with the same copy digest the first alone is here. No foreign key: there are 48 rows
    a text, and each would be looked up.
    """

    __tablename__ = "text_bands"
    __table_args__ = ({"sqlite_with_rowid": False},)
    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    text_id: Mapped[int] = mapped_column(primary_key=True)


class RecentBand(Base):
    """Bands that are no part of `text_bands` yet: those go there many at once, in their order, for
    one by one each would have a page of the disk to itself."""

    __tablename__ = "recent_bands"
    __table_args__ = ({"sqlite_with_rowid": False},)
    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    text_id: Mapped[int] = mapped_column(primary_key=True)


class TextPair(Base):
    """Two texts that are nearly the same, one row for either as the first."""

    __tablename__ = "text_pairs"
    text_id: Mapped[int] = mapped_column(ForeignKey("texts.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("texts.id"), primary_key=True)
    similarity: Mapped[float]
    kind: Mapped[str]
    """`family` where they differ in names of places, numbers and dates alone."""


class Removal(Base):
    """A page that is, or was, not where it used to be, as `archive.watch.removals` grades it."""

    __tablename__ = "removals"
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), index=True)
    grade: Mapped[str]
    since: Mapped[datetime]


class Change(Base):
    """That something derived of a page changed: the newest change of each page.

    Ids grow in the order of commits, since each writer holds the archive's one write lock. Whoever
    knows all up to an id asks for those above it.
    """

    __tablename__ = "change_log"
    __table_args__ = (Unique("page_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int]


class Setting(Base):
    """A fact about the archive itself: the versions of what derived it."""

    __tablename__ = "settings"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
