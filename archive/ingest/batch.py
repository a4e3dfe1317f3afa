"""One batch of records becomes rows: facts first, then what is derived from them.

Statements are per batch, not per record. Inside one part of a batch each address occurs once, so
everything a capture is compared with (what this listing showed before, this page's earlier
snapshot) is in the tables already.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from archive.blobs.codec import digest_bytes
from archive.blobs.store import Snapshot, keep
from archive.database import models
from archive.database.models import UtcTime
from archive.database.sql import Row, find_ids, insert_new
from archive.derive.documents import refresh_documents
from archive.ingest.erased import keeps_nothing, strip_capture
from archive.ingest.files import save_files
from archive.ingest.hosts import save_sightings, save_tries
from archive.ingest.known import Earlier, find_earlier
from archive.ingest.pages import PageIds, SeenPage, save_pages
from archive.ingest.problems import make_problem
from archive.ingest.readings import ReadCapture, save_readings
from archive.ingest.rereadings import save_layouts, save_reread
from archive.records import (
    Capture,
    FileCapture,
    HostTry,
    Key,
    LearntLayout,
    PageReread,
    Problem,
    Record,
    Sighting,
    VisitEnd,
    Walk,
)
from archive.watch.verdicts import classify_answer, gather_facts
from archive.withheld import find_erased

_DIGEST_LENGTH = 64
DAMAGED = (
    "The stored bytes no longer decode to what was kept: restore the archive from a copy, or let "
    "the same bytes come again."
)


@dataclass(frozen=True, slots=True)
class PendingCapture:
    """A capture on its way into the tables."""

    capture: Capture
    site_id: int
    items_digest: str | None
    earlier: Earlier
    is_erased: bool = False
    """Nothing is to be kept of it but its digest."""

    @property
    def repeats(self) -> bool:
        """Whether the page shows the same others, in the same order, as before."""
        return self.items_digest is not None and self.items_digest == self.earlier.items_digest

    @property
    def keeps_bytes(self) -> bool:
        """Whether the bytes are stored: those of a listing only when it shows something else than
        before."""
        if self.is_erased or self.capture.body is None:
            return False
        return not (self.capture.page is None and self.repeats)


def save_batch(
    connection: Connection, run_id: int, records: Sequence[Record], *, derives: bool = True
) -> None:
    """Make rows of a batch, in the caller's transaction. Saving a batch again changes nothing.

    `derives` also makes anew what follows from the rows. Raise ValueError when a capture's text
    comes without digests, KeyError when its office is not in the archive.
    """
    sites = find_ids(connection, models.Site.code, models.Site.id)
    for part in _cut_parts(record for record in records if isinstance(record, Capture)):
        pages = _save_part(connection, run_id, sites, part)
        if derives:
            refresh_documents(connection, pages.values())
    walks = [_make_walk(run_id, sites, record) for record in records if isinstance(record, Walk)]
    insert_new(connection, models.Walk, walks)
    visits = [
        _make_visit(run_id, sites, record) for record in records if isinstance(record, VisitEnd)
    ]
    insert_new(connection, models.Visit, visits)
    save_tries(connection, sites, (record for record in records if isinstance(record, HostTry)))
    layouts = [record for record in records if isinstance(record, LearntLayout)]
    save_layouts(connection, sites, layouts)
    reread = [record for record in records if isinstance(record, PageReread)]
    save_reread(connection, sites, reread, run_id=run_id, derives=derives)
    files = [record for record in records if isinstance(record, FileCapture)]
    save_files(connection, run_id, sites, files)


def _cut_parts(captures: Iterable[Capture]) -> Iterator[list[Capture]]:
    """Cut a batch where an address would occur a second time."""
    part: dict[tuple[str, str], Capture] = {}
    for capture in captures:
        if (capture.site, capture.canonical) in part:
            yield list(part.values())
            part = {}
        part[capture.site, capture.canonical] = capture
    if part:
        yield list(part.values())


def _make_walk(run_id: int, sites: Mapping[str, int], walk: Walk) -> Row:
    return {
        "run_id": run_id,
        "site_id": sites[walk.site],
        "category": walk.category,
        "pages": walk.pages,
        "complete": walk.complete,
        "walked_at": walk.walked_at,
    }


def _make_visit(run_id: int, sites: Mapping[str, int], visit: VisitEnd) -> Row:
    return {
        "run_id": run_id,
        "site_id": sites[visit.site],
        "started_at": visit.started_at,
        "ended_at": visit.ended_at,
        "exit_code": visit.exit_code,
        "outcome": visit.outcome,
        "counts": dict(visit.counts),
        "state": visit.state,
        "cut": visit.cut,
    }


def _save_part(
    connection: Connection, run_id: int, sites: Mapping[str, int], captures: list[Capture]
) -> PageIds:
    """Save captures of distinct addresses; return the pages that they speak of."""
    erased = find_erased(connection)
    kept = [strip_capture(capture, erased) for capture in captures]
    visits = [
        PendingCapture(
            capture,
            sites[capture.site],
            _digest_items(came),
            earlier,
            keeps_nothing(came, erased),
        )
        for came, capture, earlier in zip(
            captures, kept, find_earlier(connection, sites, kept), strict=True
        )
        if not earlier.saved
    ]
    if not visits:
        return {}
    pages = save_pages(connection, _list_seen(visits))
    ids = _insert_captures(connection, run_id, visits, pages)
    _save_sightings(connection, visits, ids, pages)
    _save_redirects(connection, visits, ids, pages)
    shown = [(one.site_id, id_, one.capture) for one, id_ in zip(visits, ids, strict=True)]
    save_sightings(connection, shown)
    _save_problems(connection, run_id, visits, ids)
    read = [
        ReadCapture(
            id_,
            run_id,
            visit.site_id,
            visit.capture.page,
            visit.capture.fetched_at,
            reading,
            visit.capture.digests,
        )
        for visit, id_ in zip(visits, ids, strict=True)
        if (reading := visit.capture.reading) is not None
    ]
    save_readings(connection, read, pages)
    return pages


def _digest_items(capture: Capture) -> str | None:
    """Digest the pages shown, without their counters; None when none was shown, which proves
    nothing."""
    if capture.reading is None or not capture.reading.sightings:
        return None
    items = "\n".join(
        "\t".join((*sighting.page, sighting.title)) for sighting in capture.reading.sightings
    )
    return hashlib.sha256(items.encode("utf-8", "surrogatepass")).hexdigest()


def _list_seen(visits: Sequence[PendingCapture]) -> Iterator[SeenPage]:
    """The pages asked for, answered or shown; the first capture's address of one comes last."""
    for visit in reversed(visits):
        for page, url in _list_pages(visit.capture):
            yield SeenPage(visit.site_id, page, url, visit.capture.fetched_at)


def _list_pages(capture: Capture) -> Iterator[tuple[Key, str]]:
    """All pages a capture speaks of, with their addresses; where one occurs twice, the last address
    counts."""
    if capture.reading:
        yield from (
            (sighting.page, sighting.url) for sighting in reversed(capture.reading.sightings)
        )
    if capture.answered_page:
        yield capture.answered_page, capture.answered_url or capture.url
    if capture.page:
        yield capture.page, capture.url


def _insert_captures(
    connection: Connection, run_id: int, visits: Sequence[PendingCapture], pages: PageIds
) -> list[int]:
    """Insert captures and the bytes that are kept; return their ids in the same order."""
    digests = [
        digest_bytes(body) if (body := visit.capture.body) is not None else None for visit in visits
    ]
    snapshots = [
        Snapshot(
            visit.capture.body,
            digest,
            visit.site_id,
            _get_skeleton(visit.capture),
            visit.earlier.blob_id,
        )
        for visit, digest in zip(visits, digests, strict=True)
        if visit.keeps_bytes and visit.capture.body is not None and digest is not None
    ]
    damaged: dict[int, int] = {}
    blobs = keep(connection, snapshots, damaged)
    _report_damage(connection, run_id, damaged)
    rows = [
        _make_capture(run_id, visit, pages)
        | {"digest": digest, "blob_id": blobs[digest] if visit.keeps_bytes and digest else None}
        for visit, digest in zip(visits, digests, strict=True)
    ]
    statement = insert(models.Capture).returning(models.Capture.id, sort_by_parameter_order=True)
    return list(connection.scalars(statement, rows))


def _report_damage(connection: Connection, run_id: int, damaged: Mapping[int, int]) -> None:
    """Name the snapshots that were found not to decode: blob -> the office that met it."""
    for blob_id, site_id in damaged.items():
        owner = select(func.min(models.Capture.id)).where(models.Capture.blob_id == blob_id)
        problem = Problem("snapshot", f"snapshot {blob_id}", DAMAGED)
        row = make_problem(run_id, site_id, connection.scalar(owner), problem)
        connection.execute(insert(models.Problem), row)


def _get_skeleton(capture: Capture) -> str:
    """What names the look of a page, no longer than a digest is."""
    return capture.reading.skeleton[:_DIGEST_LENGTH] if capture.reading else ""


def _save_problems(
    connection: Connection, run_id: int, visits: Sequence[PendingCapture], ids: Sequence[int]
) -> None:
    """Keep the doubts about answers themselves."""
    rows = [
        make_problem(run_id, visit.site_id, id_, problem)
        for visit, id_ in zip(visits, ids, strict=True)
        for problem in visit.capture.problems
    ]
    if rows:
        connection.execute(insert(models.Problem), rows)


def _make_capture(run_id: int, visit: PendingCapture, pages: PageIds) -> Row:
    capture = visit.capture
    return {
        "run_id": run_id,
        "site_id": visit.site_id,
        "page_id": pages[visit.site_id, capture.page] if capture.page else None,
        "url": capture.url,
        "answered_url": capture.answered_url,
        "canonical": capture.canonical,
        "fetched_at": capture.fetched_at,
        "status": capture.status,
        "headers": dict(capture.headers),
        "items_digest": visit.items_digest,
        "same_items_id": visit.earlier.items_id if visit.repeats else None,
        "error": capture.error,
        "tls": capture.tls,
        "source": capture.source,
        "validated_id": capture.validated,
        "is_closed": capture.is_closed,
        "answer": str(classify_answer(gather_facts(capture))),
    }


def _save_sightings(
    connection: Connection, visits: Sequence[PendingCapture], ids: Sequence[int], pages: PageIds
) -> None:
    """Keep what pages show: anew where it changed, else as still there."""
    new = [
        _make_sighting(visit, capture_id, place, sighting)
        | {"page_id": pages[visit.site_id, sighting.page]}
        for visit, capture_id in zip(visits, ids, strict=True)
        if visit.capture.reading and not visit.repeats
        for place, sighting in enumerate(visit.capture.reading.sightings)
    ]
    if new:
        connection.execute(insert(models.Sighting), new)
    still = [
        {"owner": visit.earlier.items_id, "at": visit.capture.fetched_at}
        for visit in visits
        if visit.repeats
    ]
    if still:
        shown = and_(
            models.Sighting.capture_id == bindparam("owner"),
            models.Sighting.last_seen < bindparam("at"),
        )
        extend = (
            update(models.Sighting).where(shown).values(last_seen=bindparam("at", type_=UtcTime))
        )
        connection.execute(extend, still)


def _make_sighting(visit: PendingCapture, capture_id: int, place: int, sighting: Sighting) -> Row:
    return {
        "capture_id": capture_id,
        "position": place,
        "title": sighting.title,
        "views": sighting.views,
        "created": sighting.created,
        "first_seen": visit.capture.fetched_at,
        "last_seen": visit.capture.fetched_at,
    }


def _save_redirects(
    connection: Connection, visits: Sequence[PendingCapture], ids: Sequence[int], pages: PageIds
) -> None:
    """Remember that one page answered as another. The first evidence stays."""
    rows = [
        {
            "page_id": pages[visit.site_id, capture.page],
            "other_page_id": pages[visit.site_id, capture.answered_page],
            "capture_id": capture_id,
            "evidence": f"{capture.url} redirected to {capture.answered_url}",
        }
        for visit, capture_id in zip(visits, ids, strict=True)
        if (capture := visit.capture).page
        and capture.answered_page
        and capture.page != capture.answered_page
    ]
    insert_new(connection, models.SameAs, rows)
