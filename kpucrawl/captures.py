"""From an answer to what the archive keeps: the one door for captures, and the border between the
two packages.

Crawl and probe come through here, and so does whatever else brings pages: imports, re-readings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from archive import records
from archive.watch.verdicts import OK, READER, UNCHANGED
from kpucrawl.bounds import bound_capture
from kpucrawl.crawl.endings import ENDS_MIDWAY, Endings
from kpucrawl.extract.records import Article, Link, PageReading
from kpucrawl.extract.urls import parse_url
from kpucrawl.sites import Site

if TYPE_CHECKING:
    from archive.stored import StoredCapture
    from kpucrawl.extract.layouts.model import Layout

SAME = ("title", "body", "category", "section", "views", "published_flags", "credits")
"""Fields that an article and the archive's record have alike."""


def name_page(url: str, site: Site) -> records.Key | None:
    """Name the page of this office that an address stands for, None for another host's or no
    page's."""
    key = parse_url(url).key if urlsplit(url).hostname == site.host else None
    return key.pair if key else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for."""

    site: Site
    url: str
    canonical: str
    """Path and query that every spelling of the address shares."""
    page: records.Key | None = None
    """Which page of the office this is; None for listings, the home page and what is no page."""
    validated: int | None = None
    """The capture whose validators the request sent."""
    layout: Layout | None = None
    """What was learnt of the office's pages: they are read by it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of it, without the bytes."""

    at: datetime
    """Aware, UTC."""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    """The address that answered; None where it is the one asked for."""
    target: str | None = None
    """The absolute address that it redirects to."""
    tls: str = "none"
    error: str | None = None
    """Why nothing answered, or not all of it came, one line."""
    source: str = "crawl"
    problems: tuple[records.Problem, ...] = ()
    """Doubts about how it came."""
    is_closed: bool | None = None
    """Whether the page comes to its end; None where that tells nothing."""


def read_answer(asked: Asked, answered: Answered, body: bytes | None) -> PageReading | None:
    """Read an answer; None where it brings no page: redirects, 304, errors that look like articles.

    A bug in the reader is a problem of its reading and costs this page alone.
    """
    from kpucrawl.extract import read_page  # heavy, and `scrapy list` needs none of it
    from kpucrawl.extract.page import report_bug

    status = answered.status or 0
    if body is None or 300 <= status < 400 or answered.error:
        return None
    url = answered.url or asked.url
    try:
        reading = read_page(
            body,
            url,
            headers=answered.headers,
            fetched_at=answered.at,
            zone=asked.site.timezone,
            layout=asked.layout,
        )
    except Exception as error:  # noqa: BLE001 - the boundary: costs this page alone
        reading = report_bug(error, url)
    is_error_with_headline = reading.kind == "article" and status not in OK
    return None if is_error_with_headline else reading


def judge_ending(
    answered: Answered, body: bytes, reading: PageReading | None, endings: Endings
) -> Answered:
    """Say of an answer whether its page comes to its end, and doubt it where it should and does
    not. JSON that has no end is cut at any office."""
    from kpucrawl.extract.html.ending import comes_to_end, is_json

    closed = comes_to_end(body) if reading and answered.status in OK else None
    if reading is None or closed is None:
        return answered
    if is_json(body):
        is_cut, known = not closed, None
    else:
        is_cut, known = endings.is_cut(reading.kind, closed), closed
    doubts = (ENDS_MIDWAY,) if is_cut else ()
    return replace(answered, is_closed=known, problems=(*answered.problems, *doubts))


def find_bug(reading: PageReading | None) -> str | None:
    """What went wrong in the reader, None when nothing did."""
    problems = reading.problems if reading else ()
    return next((problem.seen for problem in problems if problem.field == READER), None)


def make_capture(
    asked: Asked, answered: Answered, body: bytes | None, reading: PageReading | None
) -> records.Capture:
    """Make the record of one request and what came of it, every value bounded. Pure.

    Only a page that came as asked shows others: what an error page links to is furniture.
    """
    record = to_record(reading, asked.layout) if reading else None
    if record and answered.status not in OK:
        record = replace(record, sightings=(), categories=(), hosts=())
    target = answered.target or find_target(answered, reading)
    capture = records.Capture(
        site=asked.site.code,
        url=asked.url,
        canonical=asked.canonical,
        fetched_at=answered.at,
        page=asked.page,
        answered_url=target or _find_answering(asked, answered),
        answered_page=name_page(target, asked.site) if target else None,
        status=answered.status,
        headers=answered.headers,
        body=None if answered.status == UNCHANGED else body,
        error=answered.error,
        tls=answered.tls,
        source=answered.source,
        validated=asked.validated,
        is_closed=answered.is_closed,
        problems=answered.problems,
        reading=record,
    )
    return bound_capture(capture)


def find_target(answered: Answered, reading: PageReading | None) -> str | None:
    """Where a page sends its visitor by itself; what an error page says does not count."""
    return reading.leads_to if reading and answered.status == 200 else None


def _find_answering(asked: Asked, answered: Answered) -> str | None:
    """The address that answered; None where nothing did, and for a redirect to no address."""
    redirects = 300 <= (answered.status or 0) < 400 and answered.status != UNCHANGED
    return None if answered.error or redirects else answered.url or asked.url


def reread(stored: StoredCapture, site: Site, layout: Layout | None) -> records.Rereading | None:
    """Read a stored capture by a layout, as a crawl would that knew it; None where it brings no
    page. Pure.

    Of an article's page the text, its counter and its links are read anew: what else it shows, and
    whose page it is, was judged when it came. Of a listing, what it lists.
    """
    asked = Asked(site, stored.url, stored.canonical, stored.page, layout=layout)
    url = stored.answered_url
    answered = Answered(stored.fetched_at, stored.status, stored.headers, url)
    reading = read_answer(asked, answered, stored.body)
    if reading is None:
        return None
    if stored.page is None:
        reading = replace(reading, mentions=())
    capture = make_capture(asked, answered, stored.body, reading)
    assert capture.reading is not None
    if stored.page is not None:
        shown = replace(capture.reading, sightings=(), categories=(), hosts=())
        capture = replace(capture, reading=shown)
    capture = add_digests(capture)
    assert capture.reading is not None
    return records.Rereading(stored.id, capture.reading, capture.digests)


def add_digests(capture: records.Capture) -> records.Capture:
    """The capture with the digests of its title and body, where it has them."""
    from archive.ingest.digests import digest_text
    from kpucrawl.extract.credits.spans import cut_spans

    reading = capture.reading
    if reading is None or reading.body is None:
        return capture
    own = cut_spans(reading.body, reading.credits)
    return replace(capture, digests=digest_text(reading.title, reading.body, own))


def to_record(page: PageReading, layout: Layout | None = None) -> records.Reading:
    """Flatten a page reading into the archive's record; `layout` is what the reader was given."""
    record = records.Reading(
        reader_version=page.reader_version,
        kind=page.kind,
        template=page.template,
        skeleton=page.skeleton,
        layout=layout.digest if layout else "",
        layout_group=page.layout.rpartition("/")[2] if page.layout else None,
        marks=page.marks,
        sightings=_list_sightings(page),
        categories=tuple(records.Category(one.id, one.title) for one in page.categories),
        problems=tuple(
            records.Problem(problem.field, problem.seen, problem.why) for problem in page.problems
        ),
        hosts=tuple(records.HostSighting(one.host, one.place, one.text) for one in page.hosts),
    )
    return _add_article(record, page.article) if page.article else record


def _list_sightings(page: PageReading) -> tuple[records.Sighting, ...]:
    """The pages a page shows, each once: the items of listings, the related links of articles,
    other mentions."""
    items = page.listing.items if page.listing else ()
    related = page.article.related if page.article else ()
    shown = chain(
        (
            records.Sighting(item.key.pair, item.url, item.title, item.views, item.created)
            for item in items
        ),
        (
            records.Sighting(address.key.pair, link.url, link.text)
            for link in related
            if (address := parse_url(link.url)).kind == "article" and address.key
        ),
    )
    mentioned = (records.Sighting(item.key.pair, item.url, item.title) for item in page.mentions)
    first: dict[records.Key, records.Sighting] = {}
    for sighting in chain(shown, mentioned):
        first.setdefault(sighting.page, sighting)
    return tuple(first.values())


def _add_article(record: records.Reading, article: Article) -> records.Reading:
    same = {name: getattr(article, name) for name in SAME}
    return replace(record, **same, **dict(_list_parts(article)), links=_list_links(article))


def _list_parts(article: Article) -> Iterator[tuple[str, Any]]:
    """What byline, dateline, event and publication say, by the archive's names."""
    for group, names in records.GROUPS.items():
        said = getattr(article, group)
        for part in fields(said) if said else ():
            yield names[part.name], getattr(said, part.name)


def _list_links(article: Article) -> tuple[records.Link, ...]:
    kinds: tuple[tuple[records.LinkKind, tuple[Link, ...]], ...] = (
        ("image", article.images),
        ("attachment", article.attachments),
        ("related", article.related),
    )
    return tuple(
        records.Link(kind, link.url, link.text, link.uploaded)
        for kind, links in kinds
        for link in links
    )
