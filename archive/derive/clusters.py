"""Pages that share a text, or nearly: clusters of copies, derived from the digests of texts and the
pairs among them.

A cluster of copies is one story that went from office to office. A family is something else: five
offices or more that filled in the same form, each with its own places, numbers and days.

Texts with the same copy digest are one node of a graph, pairs of nearly the same texts its edges,
and a cluster is all that hangs together of what articles show now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import BindParameter, Connection, bindparam, delete, select
from sqlalchemy.orm import aliased

from archive.database.models import Cluster, Document, Text_, TextPair
from archive.database.sql import PAGES, Row, cut_chunks, read_by_page, replace_rows
from archive.derive.pairs import LEAST_SIMILARITY, Kind

LEAST_OFFICES = 5
"""Of a family: where fewer have nearly the same text, one has copied it from another."""
ONE, OTHER = aliased(Text_), aliased(Text_)
_WANTED: BindParameter[str] = bindparam("copies", expanding=True)
KNOWN_CLUSTERS = select(*Cluster.__table__.columns).where(Cluster.page_id.in_(PAGES))
COPIES = select(Text_.copy_digest).join(Document, Document.text_id == Text_.id)
COPIES = COPIES.where(Document.page_id.in_(PAGES), Text_.copy_digest.is_not(None))
SHARED = select(Text_.copy_digest, Document.page_id, Document.site_id)
SHARED = SHARED.join(Document, Document.text_id == Text_.id)
SHARED = SHARED.where(Text_.copy_digest.in_(_WANTED))
LINKED = select(ONE.copy_digest, OTHER.copy_digest, TextPair.similarity, TextPair.kind)
LINKED = LINKED.join_from(ONE, TextPair, TextPair.text_id == ONE.id)
LINKED = LINKED.join(OTHER, OTHER.id == TextPair.other_id).where(ONE.copy_digest.in_(_WANTED))


@dataclass(frozen=True, slots=True)
class Link:
    """An edge: two copy digests whose texts are nearly the same."""

    one: str
    other: str
    similarity: float
    kind: str


@dataclass(slots=True)
class Graph:
    """A part of all texts that hangs together with nothing outside of it."""

    pages: dict[str, dict[int, int]] = field(default_factory=dict)
    """Copy digest -> the pages that show it now, and the office of each."""
    links: list[Link] = field(default_factory=list)
    """Between digests that pages show now."""


def find_copies(connection: Connection, page_ids: Collection[int]) -> set[str]:
    """The copy digests of these articles, as their documents stand."""
    return {digest for digest in connection.scalars(COPIES, {"pages": page_ids}) if digest}


def refresh_clusters(
    connection: Connection,
    page_ids: Collection[int],
    copies: Collection[str],
    left: Collection[str] = (),
) -> set[int]:
    """Join the pages that show one of these copy digests with what they resemble, and part those
    of digests that were left; return those that changed their cluster."""
    changed: dict[int, Row] = {}
    seeds = {*copies, *left}
    if not left:
        changed, seeds = _attach(connection, copies)
        replace_rows(connection, Cluster, list(changed.values()), ["page_id"])
    graph = _explore(connection, seeds)
    rows = _make_rows(graph)
    touched = {page_id for pages in graph.pages.values() for page_id in pages}
    known = _read_known(connection, touched.union(page_ids) - (changed.keys() - touched))
    alone = known.keys() - rows.keys()
    for chunk in cut_chunks(alone):
        connection.execute(delete(Cluster).where(Cluster.page_id.in_(chunk)))
    other = [row for page_id, row in rows.items() if known.get(page_id) != row]
    replace_rows(connection, Cluster, other, ["page_id"])
    return {*changed, *alone, *(row["page_id"] for row in other)}


def _read_known(connection: Connection, page_ids: Iterable[int]) -> dict[int, Row]:
    known: dict[int, Row] = {}
    for chunk in cut_chunks(page_ids):
        known |= read_by_page(connection, KNOWN_CLUSTERS, chunk)
    return known


def _attach(connection: Connection, copies: Collection[str]) -> tuple[dict[int, Row], set[str]]:
    """Let texts that came join the one cluster that they resemble, without looking at the whole of
    it; return the rows that changed, and the digests with which it is not as simple as that."""
    links: Mapping[str, list[Link]] = defaultdict(list)
    for link in _find_links(connection, copies):
        links[link.one].append(link)
    digests = {*copies, *(one.other for found in links.values() for one in found)}
    pages = _find_pages(connection, digests)
    known = _read_known(connection, [page_id for found in pages.values() for page_id in found])
    rows = dict(known)
    left: set[str] = set()
    for digest in sorted(pages.keys() & set(copies), key=lambda one: min(pages[one])):
        own = [link for link in links[digest] if link.other in pages]
        joined = _join(digest, own, pages, rows)
        if joined is None:
            left.add(digest)
        else:
            rows |= joined
    return {page_id: row for page_id, row in rows.items() if known.get(page_id) != row}, left


def _join(
    digest: str,
    links: Sequence[Link],
    pages: Mapping[str, Mapping[int, int]],
    rows: Mapping[int, Row],
) -> dict[int, Row] | None:
    """The rows that change when a digest joins the cluster of those it is linked with; `None` where
    clusters may merge, be called by another page, or turn into families."""
    mine = pages[digest]
    if not links and len(mine) == 1 and not rows.keys() & mine.keys():
        return {}
    if any(page_id not in rows for link in links for page_id in pages[link.other]):
        return None
    near = [rows[min(pages[link.other])] for link in links]
    held = [rows[page_id] for page_id in mine if page_id in rows]
    fresh = mine.keys() - rows.keys()
    found = [*near, *held]
    if not fresh or len({row["cluster_id"] for row in found}) != 1:
        return None
    lowest = max(found[0]["cluster_id"], min((row["page_id"] for row in held), default=0))
    related = {row["kind"] for row, one in zip(near, links, strict=True) if is_related(one)}
    kind = str(Kind.FAMILY if related else Kind.COPY)
    if min(fresh) < lowest or related - {kind} or {row["kind"] for row in held} - {kind}:
        return None
    nearest = 1.0 if len(mine) > 1 else max(link.similarity for link in links)
    common = {"cluster_id": found[0]["cluster_id"], "similarity": nearest, "kind": kind}
    changed: dict[int, Row] = {page_id: {"page_id": page_id, **common} for page_id in mine}
    for link in links:
        for page_id in pages[link.other]:
            row = rows[page_id]
            similarity = max(row["similarity"], link.similarity)
            changed[page_id] = row | {"similarity": similarity}
    return changed


def _explore(connection: Connection, copies: Collection[str]) -> Graph:
    """All that hangs together with these digests, or did while pages showed them."""
    graph = Graph()
    links: list[Link] = []
    begun, seen = set(copies), set[str]()
    ahead = set(copies)
    while ahead:
        seen |= ahead
        found = _find_pages(connection, ahead)
        graph.pages |= found
        passed = [one for one in _find_links(connection, ahead) if one.one in found.keys() | begun]
        links += passed
        ahead = {one.other for one in passed} - seen
    graph.links = [one for one in links if {one.one, one.other} <= graph.pages.keys()]
    return graph


def _find_pages(connection: Connection, copies: Iterable[str]) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for chunk in cut_chunks(copies):
        for digest, page_id, site_id in connection.execute(SHARED, {"copies": chunk}):
            found[str(digest)][page_id] = site_id
    return dict(found)


def _find_links(connection: Connection, copies: Iterable[str]) -> list[Link]:
    return [
        Link(str(one), str(other), similarity, kind)
        for chunk in cut_chunks(copies)
        for one, other, similarity, kind in connection.execute(LINKED, {"copies": chunk})
    ]


def _make_rows(graph: Graph) -> dict[int, Row]:
    """What the rows of `clusters` should be for the pages of a graph."""
    relatives = _find_relatives(graph)
    links = [one for one in graph.links if is_copy(one) or one.one in relatives]
    nearest = _find_nearest(graph, links)
    rows: dict[int, Row] = {}
    for digests in _gather(graph.pages, links):
        pages = [page_id for digest in digests for page_id in graph.pages[digest]]
        if len(pages) < 2:
            continue
        for digest in digests:
            kind = str(Kind.FAMILY if digest in relatives else Kind.COPY)
            common = {"cluster_id": min(pages), "similarity": nearest[digest], "kind": kind}
            rows |= {page_id: {"page_id": page_id, **common} for page_id in graph.pages[digest]}
    return rows


def is_copy(link: Link) -> bool:
    """Whether two texts have enough in common to be copies, whatever it is that differs."""
    return link.similarity >= LEAST_SIMILARITY


def is_related(link: Link) -> bool:
    """Whether two texts may be of one family."""
    return link.kind == Kind.FAMILY


def _find_relatives(graph: Graph) -> set[str]:
    """The copy digests that belong to a family."""
    links = list(filter(is_related, graph.links))
    linked = {one.one for one in links}
    groups = _gather(linked, links)
    return {digest for digests in groups if _is_family(graph, digests) for digest in digests}


def _is_family(graph: Graph, digests: Collection[str]) -> bool:
    """Whether enough offices have a text of their own among these: one that others only repeat
    counts for the office of its lowest page."""
    firsts = (min(graph.pages[digest].items()) for digest in digests)
    return len({site_id for _, site_id in firsts}) >= LEAST_OFFICES


def _find_nearest(graph: Graph, links: Iterable[Link]) -> dict[str, float]:
    """How similar to each digest the most similar other page is; nothing is to one alone."""
    nearest = {digest: float(len(pages) > 1) for digest, pages in graph.pages.items()}
    for link in links:
        nearest[link.one] = max(nearest[link.one], link.similarity)
    return nearest


def _gather(digests: Iterable[str], links: Iterable[Link]) -> list[list[str]]:
    """The digests that hang together by these links."""
    leaders = {digest: digest for digest in digests}
    for link in links:
        leaders[_find_leader(leaders, link.one)] = _find_leader(leaders, link.other)
    groups: Mapping[str, list[str]] = defaultdict(list)
    for digest in leaders:
        groups[_find_leader(leaders, digest)].append(digest)
    return list(groups.values())


def _find_leader(leaders: dict[str, str], digest: str) -> str:
    while leaders[digest] != digest:
        leaders[digest] = digest = leaders[leaders[digest]]
    return digest
