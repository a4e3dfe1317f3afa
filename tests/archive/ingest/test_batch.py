"""Batches become rows: what is kept, what is only extended, and what a failure leaves."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from archive.blobs import store as snapshots
from archive.database import models
from archive.database.engine import ArchiveError, read
from archive.frontier import ArchiveFrontier
from archive.ingest.writer import Writer, end_run, upsert_offices
from archive.records import Capture, Category, KnownRobots, Link, RunEnd, VisitEnd, Walk
from tests.archive.making import (
    BODY,
    CILACAP,
    DOUBT,
    NOON,
    SURAKARTA,
    at,
    begin,
    make_article,
    make_listing,
    read_rows,
    run_sql,
    save,
)

FAILED = replace(make_article(1, status=500, reading=None, digests=None), body=None)
ITEMS = [(1, "Rapat Pleno", 5), (2, "Sosialisasi", 8)]


def count(engine: Engine, table: str) -> int:
    return int(run_sql(engine, f"SELECT count(*) FROM {table}")[0][0])


def test_corrected_host_moves_no_key(archive: Engine) -> None:
    """An office that turns out to have another host keeps its row; both hosts stay known with their
    times."""
    upsert_offices(archive, [SURAKARTA], at(0))
    upsert_offices(archive, [SURAKARTA], at(10))
    upsert_offices(
        archive, [replace(SURAKARTA, host="surakarta.kpu.go.id", name="Surakarta")], at(20)
    )
    assert read_rows(archive, models.Site.id, models.Site.name) == [(1, "Surakarta")]
    with read(archive) as connection:
        hosts = connection.execute(text("SELECT host FROM site_hosts ORDER BY first_seen")).all()
        times = connection.execute(
            models.SiteHost.__table__.select().order_by(text("first_seen"))
        ).all()
    assert [host for (host,) in hosts] == ["kota-surakarta.kpu.go.id", "surakarta.kpu.go.id"]
    assert [(row.first_seen, row.last_seen) for row in times] == [(at(0), at(10)), (at(20), at(20))]


def test_run_is_remembered(archive: Engine) -> None:
    """A run's row tells how it began and, once it has ended, how it ended."""
    run_id = begin(archive)
    run = models.Run
    assert read_rows(archive, run.id, run.arguments, run.exit_code) == [
        (run_id, {"depth": "full"}, None)
    ]
    end_run(archive, run_id, RunEnd(at(9), 3, "2 pages failed", {"captures": 7}))
    assert read_rows(archive, run.id, run.exit_code, run.counts, run.ended_at) == [
        (run_id, 3, {"captures": 7}, at(9))
    ]


def test_second_crawl_adds_captures_and_counts_only(archive: Engine) -> None:
    """Unchanged articles with grown counters get captures and view points, but no text, page or
    revision."""
    run_id = begin(archive)
    save(archive, run_id, *(make_article(n, n, views=n) for n in range(1, 6)))
    save(archive, run_id, *(make_article(n, 60 + n, views=n + 3) for n in range(1, 6)))
    tables = ("pages", "texts", "captures", "view_counts", "documents")
    assert {table: count(archive, table) for table in tables} == {
        "pages": 5,
        "texts": 5,
        "captures": 10,
        "view_counts": 10,
        "documents": 5,
    }
    assert run_sql(archive, "SELECT DISTINCT revisions, captures FROM documents") == [(1, 2)]


def test_revisit_is_stored_in_under_200_bytes(archive: Engine) -> None:
    """When only the counter changed, the new bytes are kept whole in under 200 bytes, against the
    page's own first."""
    run_id = begin(archive)
    for visit in range(4):
        save(
            archive, run_id, *(make_article(n, visit * 60 + n, views=visit * 9 + n) for n in (1, 2))
        )
    rows = read_rows(archive, models.Blob.id, models.Blob.reference_id, models.Blob.stored_size)
    assert [(reference, stored < 200) for _, reference, stored in rows[2:]] == [
        (1, True),
        (2, True),
    ] * 3


def test_bytes_come_back_as_they_were(archive: Engine) -> None:
    """Each capture's bytes are read back equal, whatever they were compressed against."""
    run_id = begin(archive)
    captures = [
        make_article(n, visit * 60 + n, views=visit) for visit in range(3) for n in range(1, 4)
    ]
    for start in (0, 3, 6):
        save(archive, run_id, *captures[start : start + 3])
    blobs = read_rows(archive, models.Capture.id, models.Capture.blob_id)
    with read(archive) as connection:
        assert [snapshots.load(connection, blob_id) for _, blob_id in blobs] == [
            one.body for one in captures
        ]


def test_repeated_batch_changes_nothing(archive: Engine) -> None:
    """A batch that is written again, because its first writing looked like a failure, adds no
    row."""
    run_id = begin(archive)
    walk = Walk(SURAKARTA.code, "104", 3, True, at(9))
    link = Link("image", "https://kota-surakarta.kpu.go.id/public/a.jpg", "Foto")
    batch = [make_listing(ITEMS), make_article(1, 1, links=(link,), problems=(DOUBT,)), walk]
    save(archive, run_id, *batch)
    tables = [table.name for table in models.Base.metadata.sorted_tables]
    before = {table: count(archive, table) for table in tables}
    save(archive, run_id, *batch)
    assert {table: count(archive, table) for table in tables} == before


def test_unchanged_listing_extends_its_sightings(archive: Engine) -> None:
    """A listing that shows the same again, with other counters, keeps no bytes and widens the time
    range."""
    run_id = begin(archive)
    save(archive, run_id, make_listing(ITEMS))
    save(archive, run_id, make_listing([(1, "Rapat Pleno", 9), (2, "Sosialisasi", 8)], 60))
    save(archive, run_id, make_listing(ITEMS, 120))
    capture, sighting, views = models.Capture, models.Sighting, models.ViewCount
    kept = read_rows(archive, capture.id, capture.blob_id, capture.same_items_id)
    assert kept == [(1, 1, None), (2, None, 1), (3, None, 1)]
    assert read_rows(archive, sighting.id, sighting.first_seen, sighting.last_seen) == [
        (1, at(0), at(120)),
        (2, at(0), at(120)),
    ]
    assert [row[1:] for row in read_rows(archive, views.id, views.count, views.source)] == [
        (number, "listing") for number in (5, 8, 9, 8, 5, 8)
    ]
    assert all(len(digest) == 64 for _, digest in read_rows(archive, capture.id, capture.digest))


def test_changed_listing_is_kept_and_seen_anew(archive: Engine) -> None:
    """A listing whose items, titles or order changed keeps its bytes and gets its own sightings."""
    run_id = begin(archive)
    save(archive, run_id, make_listing(ITEMS))
    save(archive, run_id, make_listing(ITEMS[::-1], 60))
    save(archive, run_id, make_listing([(2, "Sosialisasi Pemilih", 8), ITEMS[0]], 120))
    sighting = models.Sighting
    assert read_rows(
        archive, sighting.id, sighting.capture_id, sighting.page_id, sighting.last_seen
    ) == [
        (1, 1, 1, at(0)),
        (2, 1, 2, at(0)),
        (3, 2, 2, at(60)),
        (4, 2, 1, at(60)),
        (5, 3, 2, at(120)),
        (6, 3, 1, at(120)),
    ]
    assert len(read_rows(archive, models.Blob.id)) == 3


def test_listing_that_changes_back_is_a_change(archive: Engine) -> None:
    """A listing is compared with what it showed last, not with all it ever showed."""
    run_id = begin(archive)
    for visit, items in enumerate((ITEMS, ITEMS[::-1], ITEMS)):
        save(archive, run_id, make_listing(items, visit))
    assert read_rows(archive, models.Capture.id, models.Capture.same_items_id) == [
        (1, None),
        (2, None),
        (3, None),
    ]


def test_same_address_twice_in_one_batch(archive: Engine) -> None:
    """Two captures of one address in a batch are treated as if they had come in two batches."""
    run_id = begin(archive)
    save(
        archive,
        run_id,
        make_listing(ITEMS),
        make_article(1, 1),
        make_listing(ITEMS, 2),
        make_article(1, 3, views=40),
    )
    assert read_rows(archive, models.Capture.id, models.Capture.same_items_id) == [
        (1, None),
        (2, None),
        (3, 1),
        (4, None),
    ]
    assert run_sql(archive, "SELECT captures, revisions, views FROM documents") == [(2, 1, 40)]


def test_emptied_listing_keeps_its_bytes(archive: Engine) -> None:
    """Pages on which the reader finds nothing are kept each time: a later reader may find more."""
    run_id = begin(archive)
    save(archive, run_id, make_listing([], 0))
    save(archive, run_id, make_listing([], 60, body=b"<html>kosong</html>"))
    assert read_rows(archive, models.Capture.id, models.Capture.blob_id) == [(1, 1), (2, 2)]


def test_page_is_made_at_its_first_sighting(archive: Engine) -> None:
    """A page has a row, with the address a reader would open, before it is fetched; the fetch makes
    no second one."""
    run_id = begin(archive)
    save(archive, run_id, make_listing(ITEMS))
    save(archive, run_id, make_article(1, 60))
    page = models.Page
    address = "https://kota-surakarta.kpu.go.id/blog/read/{}_rapat"
    assert read_rows(archive, page.id, page.route, page.key, page.url, page.first_seen) == [
        (1, "blog", "1", address.format(1), NOON),
        (2, "blog", "2", address.format(2), NOON),
    ]


def test_same_number_elsewhere_is_another_page(archive: Engine) -> None:
    """Ids count per office."""
    save(archive, begin(archive), make_article(1), make_article(1, site=CILACAP.code))
    assert run_sql(archive, "SELECT site, page FROM articles ORDER BY site") == [
        ("kab-cilacap", "1"),
        ("kota-surakarta", "1"),
    ]


def test_own_visits_are_counted(archive: Engine) -> None:
    """Each view point knows how often we had fetched the page by then; failures and listings do not
    count."""
    run_id = begin(archive)
    save(archive, run_id, make_listing(ITEMS))
    save(
        archive,
        run_id,
        make_article(1, 10, views=6),
        make_article(1, 11, status=503, reading=None, digests=None),
    )
    save(archive, run_id, make_listing([(1, "Rapat Pleno", 7)], 20), make_article(1, 30, views=8))
    rows = read_rows(
        archive, models.ViewCount.id, models.ViewCount.count, models.ViewCount.own_visits
    )
    assert [row[1:] for row in rows] == [(5, 0), (8, 0), (6, 1), (7, 1), (8, 2)]


def test_failed_fetch_is_a_row(archive: Engine) -> None:
    """A page that never answered has a capture that tells why, and stays to be fetched."""
    run_id = begin(archive)
    failed = replace(FAILED, status=None, error="connection refused", tls="none")
    save(archive, run_id, failed)
    capture = models.Capture
    assert read_rows(
        archive, capture.id, capture.status, capture.error, capture.digest, capture.blob_id
    ) == [(1, None, "connection refused", None, None)]
    assert find_unfetched(archive) == [("blog", "1")]


def test_redirect_is_evidence_and_no_merge(archive: Engine) -> None:
    """A page that answers as another stays a page of its own; that they are one is noted with the
    evidence."""
    run_id = begin(archive)
    asked = make_article(
        7,
        page=("berita", "7"),
        url="https://kota-surakarta.kpu.go.id/berita/baca/7/-",
        canonical="/berita/baca/7",
        answered_url="https://kota-surakarta.kpu.go.id/blog/read/70_rapat",
        answered_page=("blog", "70"),
    )
    save(archive, run_id, asked)
    save(archive, run_id, replace(asked, fetched_at=at(60)))
    assert run_sql(archive, "SELECT route, key FROM pages ORDER BY id") == [
        ("berita", "7"),
        ("blog", "70"),
    ]
    assert run_sql(archive, "SELECT page_id, other_page_id, capture_id, evidence FROM same_as") == [
        (1, 2, 1, f"{asked.url} redirected to {asked.answered_url}")
    ]
    assert [page for _, page in read_rows(archive, models.Capture.id, models.Capture.page_id)] == [
        1,
        1,
    ]


def test_links_have_time_ranges(archive: Engine) -> None:
    """A picture that stays is one row whose range grows; one that is gone keeps its last day."""
    run_id = begin(archive)
    photo, chart = (
        Link("image", "https://a/foto.jpg", "Foto"),
        Link("image", "https://a/bagan.png", uploaded=NOON),
    )
    save(archive, run_id, make_article(1, 0, links=(photo, chart, photo)))
    save(archive, run_id, make_article(1, 60, links=(photo,)))
    link = models.Link
    rows = read_rows(
        archive, link.id, link.url, link.position, link.uploaded, link.first_seen, link.last_seen
    )
    assert sorted(row[1:] for row in rows) == [
        ("https://a/bagan.png", 1, NOON, at(0), at(0)),
        ("https://a/foto.jpg", 0, None, at(0), at(60)),
    ]


def test_older_capture_that_arrives_late_widens_backwards(archive: Engine) -> None:
    """An imported capture of an earlier day moves the first day, not the last."""
    run_id = begin(archive)
    photo = Link("image", "https://a/foto.jpg")
    save(archive, run_id, make_article(1, 60, links=(photo,), views=9))
    save(archive, run_id, make_article(1, 0, links=(photo,), views=2, source="import"))
    assert read_rows(archive, models.Link.id, models.Link.first_seen, models.Link.last_seen) == [
        (1, at(0), at(60))
    ]
    document = models.Document.__table__.c
    with read(archive) as connection:
        row = connection.execute(models.Document.__table__.select()).one()
    assert (row.first_seen, row.last_seen, row.views, row.captures) == (at(0), at(60), 9, 2), (
        document.keys()
    )


def test_category_titles_are_kept(archive: Engine) -> None:
    """A category that is renamed keeps both titles with their times."""
    run_id = begin(archive)
    for minutes, title in ((0, "Berita"), (10, "Berita"), (20, "Berita Terkini")):
        named = replace(make_listing(ITEMS, minutes).reading, categories=(Category("104", title),))
        save(archive, run_id, make_listing(ITEMS, minutes, reading=named))
    category = models.Category
    assert [
        row[1:] for row in read_rows(archive, category.id, category.title, category.last_seen)
    ] == [
        ("Berita", at(10)),
        ("Berita Terkini", at(20)),
    ]


def test_what_no_database_stores_is_replaced(archive: Engine) -> None:
    """NULs and lone surrogates of a hostile page do not stop a batch, on either engine."""
    listing = make_listing([(1, "Rapat\0 Pleno \ud800", 5)])
    article = replace(make_article(2, 1, title="Satu\0 \udfff"), body=b"")
    odd = replace(listing.reading.sightings[0], page=("url", "/a\0b"))
    save(
        archive,
        begin(archive),
        article,
        replace(listing, reading=replace(listing.reading, sightings=(odd,))),
    )
    assert run_sql(archive, "SELECT title FROM texts") == [("Satu\ufffd ?",)]
    assert run_sql(archive, "SELECT title FROM sightings") == [("Rapat\ufffd Pleno ?",)]
    assert ("/a\ufffdb",) in run_sql(archive, "SELECT key FROM pages")


def test_text_without_digests_is_refused(archive: Engine) -> None:
    """A text that nobody digested is the caller's mistake, and leaves no row."""
    with pytest.raises(ValueError, match="without digests"):
        save(archive, begin(archive), make_article(1, digests=None))
    assert count(archive, "captures") == 0


def test_writer_writes_all_that_was_put(archive: Engine) -> None:
    """Whatever the size of the batches, every record is in the archive when the writer is
    closed."""
    with Writer(archive, begin(archive), captures=7) as writer:
        for number in range(1, 31):
            writer.put(make_article(number, number))
        writer.put(Walk(SURAKARTA.code, "104", 3, True, at(99)))
    assert (count(archive, "documents"), count(archive, "walks")) == (30, 1)


def test_writer_does_not_keep_a_small_batch_waiting(archive: Engine) -> None:
    """A lone capture is written after the given seconds, without waiting for more."""
    with Writer(archive, begin(archive), seconds=0.05) as writer:
        writer.put(make_article(1))
        pause = threading.Event()
        for _ in range(200):
            if count(archive, "captures"):
                break
            pause.wait(0.05)
        assert count(archive, "captures") == 1


def test_failure_is_told_once_and_stops_the_writer(archive: Engine) -> None:
    """When a batch cannot be written, its owner is told once, and putting and closing both
    raise."""
    failures: list[BaseException] = []
    told = threading.Event()

    def tell(error: BaseException) -> None:
        failures.append(error)
        told.set()

    writer = Writer(archive, begin(archive), captures=1, on_failure=tell)
    writer.put(make_article(1, digests=None))
    assert told.wait(10)
    with pytest.raises(
        ArchiveError, match=r"cannot be written: capture .* has a text without digests"
    ):
        writer.put(make_article(2))
    with pytest.raises(ArchiveError):
        writer.close()
    assert len(failures) == 1
    assert count(archive, "captures") == 0


def test_frontier_is_what_was_seen_and_not_answered(archive: Engine) -> None:
    """To fetch: pages only sighted, failed or unread; not to fetch: articles, and pages that are
    gone."""
    run_id = begin(archive)
    save(archive, run_id, make_listing([(n, f"Judul {n}", None) for n in range(1, 7)]))
    article = make_article(1, 1)
    assert article.reading is not None
    maintenance = replace(article.reading, kind="maintenance", title=None, body=None)
    save(
        archive,
        run_id,
        article,
        make_article(2, 2, status=404, reading=None, digests=None),
        make_article(3, 3, status=500, reading=None, digests=None),
        make_article(4, 4, reading=maintenance, digests=None),
        make_article(5, 5, status=410, reading=None, digests=None),
    )
    assert find_unfetched(archive) == [("blog", "3"), ("blog", "4"), ("blog", "6")]
    frontier = ArchiveFrontier(archive)
    assert frontier.find_pages(CILACAP.code) == {}
    keys = {("blog", "1"), ("blog", "6"), ("blog", "7"), ("berita", "1")}
    assert frontier.find_known(SURAKARTA.code, keys).keys() == {("blog", "1"), ("blog", "6")}
    assert frontier.find_known(CILACAP.code, keys) == {}


def test_frontier_knows_validators_and_last_visits(archive: Engine) -> None:
    """A page's last answer counts as its visit, word that nothing changed included; what its last
    article said of itself comes back as the question whether it still holds."""
    run_id, later = begin(archive), NOON + timedelta(days=3)
    headers = {"Etag": '"abc"', "Last-Modified": "Sat, 01 Jun 2024 00:00:00 GMT", "Server": "x"}
    unchanged = make_article(1, 2, status=304, reading=None, digests=None, fetched_at=later)
    save(archive, run_id, make_article(1, 1, headers=headers), replace(unchanged, validated=1))
    page = ArchiveFrontier(archive).find_known(SURAKARTA.code, [("blog", "1")])[("blog", "1")]
    assert (page.visited, page.capture) == (later, 1)
    assert page.validators == {
        "If-None-Match": '"abc"',
        "If-Modified-Since": "Sat, 01 Jun 2024 00:00:00 GMT",
    }
    ((last_seen,),) = run_sql(archive, "SELECT CAST(last_seen AS text) FROM documents")
    assert last_seen.startswith(str(later.date()))


def find_unfetched(archive: Engine) -> list[tuple[str, str]]:
    """Pages of Surakarta that never answered, in the order of their sighting."""
    pages = ArchiveFrontier(archive).find_pages(SURAKARTA.code)
    return [key for key, page in pages.items() if page.visited is None]


def test_frontier_knows_categories_and_complete_walks(archive: Engine) -> None:
    """Categories come in the order they were first named; a walk cut short is no complete walk."""
    run_id = begin(archive)
    named = replace(
        make_listing(ITEMS).reading,
        categories=(Category("105", "Sosialisasi"), Category("104", "Berita")),
    )
    save(archive, run_id, make_listing(ITEMS, reading=named))
    later = NOON + timedelta(days=1)
    save(
        archive,
        run_id,
        Walk(SURAKARTA.code, "104", 9, True, NOON),
        Walk(SURAKARTA.code, "105", 2, False, later),
    )
    frontier = ArchiveFrontier(archive)
    assert sorted(frontier.find_categories(SURAKARTA.code)) == ["104", "105"]
    walked = {
        category: frontier.walked_to_end(SURAKARTA.code, category)
        for category in ("104", "105", "14")
    }
    assert walked == {"104": True, "105": False, "14": False}


def test_bodies_are_kept_where_reading_failed(archive: Engine) -> None:
    """Bytes that no reader understood are in the archive all the same."""
    save(archive, begin(archive), replace(FAILED, body=BODY.encode()))
    with read(archive) as connection:
        assert snapshots.load(connection, 1) == BODY.encode()


def test_frontier_knows_visits_and_robots(archive: Engine) -> None:
    """The archive tells when each office was visited last, whether it ever answered or had
    articles, and its last robots.txt with the time since when it fails."""
    run = begin(archive)
    frontier = ArchiveFrontier(archive)
    assert frontier.find_robots(SURAKARTA.code) == KnownRobots(None, None)
    robots = [(500, None), (200, b"User-agent: *"), (503, None), (502, None)]
    captures = [
        Capture(
            SURAKARTA.code, "https://x/robots.txt", "/robots.txt", at(day), status=status, body=body
        )
        for day, (status, body) in enumerate(robots, start=1)
    ]
    end = VisitEnd(SURAKARTA.code, at(1), at(2), 4, "down", {"failed": 1})
    save(archive, run, *captures, end, end)
    assert frontier.find_robots(SURAKARTA.code) == KnownRobots(b"User-agent: *", at(3))
    assert frontier.find_last_visits() == {SURAKARTA.code: at(2)}
    assert frontier.has_answered(SURAKARTA.code) and not frontier.has_answered(CILACAP.code)
    assert not frontier.has_articles(SURAKARTA.code, at(9))
