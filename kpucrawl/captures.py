"""From what a page says to what the archive keeps: the border between the two packages, crossed in
one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from archive import records
from kpucrawl.extract.records import Article, Link, PageReading
from kpucrawl.extract.urls import parse_url
from kpucrawl.sites import Site

SAME = ("title", "body", "category", "section", "views", "published_flags", "credits")
"""Fields that an article and the archive's record have alike."""


def name_page(url: str, site: Site) -> records.Key | None:
    """Name the page of this office that an address stands for, None for another host's or no
    page's."""
    key = parse_url(url).key if urlsplit(url).hostname == site.host else None
    return key.pair if key else None


def to_record(page: PageReading) -> records.Reading:
    """Flatten a page reading into the archive's record."""
    record = records.Reading(
        reader_version=page.reader_version,
        kind=page.kind,
        template=page.template,
        skeleton=page.skeleton,
        sightings=_list_sightings(page),
        categories=tuple(records.Category(one.id, one.title) for one in page.categories),
        problems=tuple(
            records.Problem(problem.field, problem.seen, problem.why) for problem in page.problems
        ),
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
