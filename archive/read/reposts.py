"""Where a text went: the pages of a cluster in time order, who may have been first, and what each
office changed. Withheld pages are in none of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from statistics import mode
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, literal, select

from archive.database.engine import ArchiveError
from archive.database.models import Cluster, Document, Page, Reading, Site, Text_, Withheld
from archive.database.sql import cut_chunks
from archive.names import find_page, name_page
from archive.read.articles import Query, Row
from archive.read.sentences import compare_sentences

COMMISSION = re.compile(r"^\s*(?:kpu|kip)\s+", re.I)
LEVELS = {
    "kota": re.compile(r"kota\s+"),
    "kabupaten": re.compile(r"kab(?:upaten\s+|\.\s*|\s+)"),
    "": re.compile(r"prov(?:insi\s+|\.\s*)"),
}
"""What the names of offices begin with, provinces with nothing, and how that is printed."""
CLUSTERS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A page of a cluster."""

    page: str
    """`kota-surakarta/123`."""
    site: str
    office: str
    """`Kota Surakarta`."""
    title: str | None
    earliest: date | None
    latest: date | None
    first_seen: datetime
    """In the office's zone."""
    similarity: float
    kind: str
    place: str | None
    """As its dateline has it, and so the unit."""
    unit: str | None
    body: str
    """Empty where nobody asked for it."""

    @property
    def rank(self) -> tuple[date, datetime, str]:
        """Where it stands in time: by publication, undated ones behind, then by first sight."""
        return (self.earliest or date.max, self.first_seen, self.page)


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Who was first, by three accounts that need not agree."""

    published: tuple[str, ...]
    """Pages of which none was surely published before; none when none has a date."""
    seen: tuple[str, ...]
    """Pages that were seen here before all others."""
    named: Mapping[str, int]
    """What the datelines name, the most frequent first: an office of the archive, else as
    printed."""


def list_journey(connection: Connection, name: str) -> list[Member]:
    """The pages that share the text of the page called `SITE/N`, with itself, in time order; none
    when no other does."""
    place = find_page(connection, name)
    if connection.scalar(select(Withheld.page_id).where(Withheld.page_id == place.page_id)):
        raise ArchiveError(f"no page {name} in the archive")
    own = select(Cluster.cluster_id).where(Cluster.page_id == place.page_id)
    cluster_id = connection.scalar(own)
    if cluster_id is None:
        _check_article(connection, place.page_id, place.name)
        return []
    members = _find_members(connection, [cluster_id], bodies=True).get(cluster_id, [])
    return members if len(members) > 1 else []


def _check_article(connection: Connection, page_id: int, name: str) -> None:
    if connection.scalar(select(Document.page_id).where(Document.page_id == page_id)) is None:
        raise ArchiveError(
            f"{name} was seen but never read as an article: see kpu-archive history {name}"
        )


def tell_journey(members: Sequence[Member]) -> Iterator[Row]:
    """A row for each page of a cluster; `lag_days` is how long after the first it was published,
    reckoned from the earliest days that either may be of."""
    first = members[0]
    for one in members:
        yield {
            "page": one.page,
            "office": one.office,
            "published_earliest": one.earliest,
            "published_latest": one.latest,
            "first_seen": one.first_seen,
            "lag_days": _count_days(first.earliest, one.earliest),
            "similarity": one.similarity,
            "dateline_place": one.place,
            "dateline_unit": one.unit,
            "kind": one.kind,
            "title": one.title,
        }


def tell_changes(members: Sequence[Member]) -> Iterator[Row]:
    """A row for each sentence that a page has otherwise than the first page has it."""
    first, *others = members
    for one in others:
        for found in compare_sentences(first.body, one.body):
            yield {
                "page": one.page,
                "office": one.office,
                "change": str(found.change),
                "first_page": first.page,
                "before": found.before,
                "after": found.after,
            }


def find_witnesses(connection: Connection, members: Sequence[Member]) -> Witnesses:
    """Who was first, by the days of publication, by when they were seen, and by whom the datelines
    name."""
    bound = min((day for one in members if (day := one.latest or one.earliest)), default=date.max)
    seen = min(one.first_seen for one in members)
    named = Counter(filter(None, (_name_source(connection, one) for one in members)))
    return Witnesses(
        tuple(one.page for one in members if one.earliest and one.earliest <= bound),
        tuple(one.page for one in members if one.first_seen == seen),
        dict(sorted(named.items(), key=lambda item: (-item[1], item[0]))),
    )


def _name_source(connection: Connection, member: Member) -> str | None:
    """The office that a dateline names, by its unit or its place; what is printed where no office,
    or several, are so called."""
    for printed in filter(None, (member.unit, member.place)):
        offices = _find_named(connection, printed)
        if len(offices) == 1:
            return offices[0]
    return member.unit or member.place


def _find_named(connection: Connection, printed: str) -> list[str]:
    """The offices with this name: `KPU Kota Surakarta`, `KPU Kab. Cilacap`, `Surakarta`."""
    wanted = COMMISSION.sub("", printed).strip().casefold()
    told = next((level for level in LEVELS if LEVELS[level].match(wanted)), None)
    region = LEVELS[told].sub("", wanted) if told is not None else wanted
    levels = LEVELS if told is None else [told]
    names = [f"{level} {region}".strip() for level in levels]
    query = select(Site.name).where(func.lower(Site.name).in_(names)).order_by(Site.name)
    return list(connection.scalars(query))


def list_clusters(
    connection: Connection,
    limit: int | None,
    *,
    sites: Collection[str] = (),
    since: date | None = None,
) -> Iterator[Row]:
    """The clusters, the largest first, of equal ones the latest: those with a page of one of these
    offices (codes), and with a page that may have been published since that day."""
    query = _select_clusters(sites, since).limit(limit)
    for chunk in cut_chunks(connection.scalars(query).all(), CLUSTERS_AT_ONCE):
        members = _find_members(connection, chunk)
        for cluster_id in chunk:
            yield _tell_cluster(members[cluster_id])


def _select_clusters(sites: Collection[str], since: date | None) -> Query:
    size, last = func.count(), func.max(Document.published_latest)
    query: Query = (
        select(Cluster.cluster_id)
        .join(Document, Document.page_id == Cluster.page_id)
        .where(Cluster.page_id.not_in(select(Withheld.page_id)))
        .group_by(Cluster.cluster_id)
        .having(size > 1)
        .order_by(size.desc(), last.desc().nulls_last(), Cluster.cluster_id)
    )
    if since:
        query = query.having(last >= since)
    if sites:
        of_site = select(Cluster.cluster_id).join(Document, Document.page_id == Cluster.page_id)
        of_site = of_site.join(Site, Site.id == Document.site_id).where(Site.code.in_(sites))
        of_site = of_site.where(Cluster.page_id.not_in(select(Withheld.page_id)))
        query = query.where(Cluster.cluster_id.in_(of_site))
    return query


def _tell_cluster(members: Sequence[Member]) -> Row:
    first = members[0]
    days = [day for one in members if (day := one.earliest)]
    return {
        "first_page": first.page,
        "title": first.title,
        "kind": mode(one.kind for one in members),
        "pages": len(members),
        "offices": len({one.site for one in members}),
        "published": min(days, default=None),
        "last_published": max(days, default=None),
        "span_days": _count_days(min(days, default=None), max(days, default=None)),
    }


def _find_members(
    connection: Connection, clusters: Collection[int], *, bodies: bool = False
) -> dict[int, list[Member]]:
    """The pages of these clusters in time order, without those that are withheld."""
    query = (
        select(Cluster.cluster_id, Cluster.similarity, Cluster.kind, Site.label, Site.name)
        .add_columns(Site.timezone, Page.route, Page.key, Text_.title)
        .add_columns(Text_.body if bodies else literal("").label("body"))
        .add_columns(Document.published_earliest, Document.published_latest, Document.first_seen)
        .add_columns(Reading.place, Reading.dateline_unit)
        .join_from(Cluster, Document, Document.page_id == Cluster.page_id)
        .join(Page, Page.id == Document.page_id)
        .join(Site, Site.id == Document.site_id)
        .join(Text_, Text_.id == Document.text_id)
        .join(Reading, Reading.id == Document.reading_id)
        .where(Cluster.cluster_id.in_(clusters))
        .where(Cluster.page_id.not_in(select(Withheld.page_id)))
        .order_by(Cluster.cluster_id)
    )
    found = groupby(connection.execute(query), key=lambda row: row.cluster_id)
    return {
        cluster_id: sorted(map(_make_member, rows), key=lambda one: one.rank)
        for cluster_id, rows in found
    }


def _make_member(row: Any) -> Member:
    return Member(
        page=name_page(row.label, row.route, row.key),
        site=row.label,
        office=row.name,
        title=row.title,
        earliest=row.published_earliest,
        latest=row.published_latest,
        first_seen=row.first_seen.astimezone(ZoneInfo(row.timezone)),
        similarity=row.similarity,
        kind=row.kind,
        place=row.place,
        unit=row.dateline_unit,
        body=row.body,
    )


def _count_days(first: date | None, last: date | None) -> int | None:
    return (last - first).days if first and last else None
