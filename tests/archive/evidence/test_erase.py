"""What is erased is found nowhere: in no row, no snapshot, no file; and does not come back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select, text

from archive.blobs.codec import digest_bytes
from archive.blobs.store import load, load_whole
from archive.database import engine as db
from archive.database.engine import ArchiveError, StorageError
from archive.database.locks import lock_offices, name_holder
from archive.database.models import (
    Base,
    Blob,
    Capture,
    Layout,
    Sighting,
    Text_,
)
from archive.derive.documents import rebuild
from archive.evidence.erase import Erased, erase_page, sweep
from archive.evidence.withhold import find_withheld, lift, withhold_page
from archive.frontier import ArchiveFrontier
from archive.ingest.digests import digest_text
from archive.ingest.writer import begin_run
from archive.read.articles import show_article
from archive.read.captures import load_snapshot
from archive.records import Capture as Came
from archive.records import (
    FileCapture,
    KeptFile,
    PageReread,
    Problem,
    Rereading,
    RunStart,
)
from archive.records import Link as Shown
from archive.search.search import search
from archive.search.upkeep import find_folder, rebuild_index
from archive.watch.coverage import list_missing
from tests.archive.evidence.damage import find_faults
from tests.archive.evidence.test_withhold import PAGE, WHY, run
from tests.archive.making import (
    CILACAP,
    SURAKARTA,
    at,
    begin,
    make_article,
    make_listing,
    read_rows,
    run_sql,
    save,
)

TITLE, BODY, OLDER, CREDIT = "Zebrakuning", "Xilofonmerah", "Qasidahhijau", "Wiramahitam"
WORDS = (TITLE, BODY, OLDER, CREDIT)
SLUG = "https://kota-surakarta.kpu.go.id/blog/read/1_rapat-zebrakuning"
LINK = Shown("related", SLUG, f"Rapat {TITLE}")


def make_secret(minutes: float = 0, word: str = BODY, **changes: Any) -> Came:
    """The article that is to be erased; its words stand wherever words can."""
    title = f"Rapat {TITLE}"
    body = f"Surakarta – Rapat {word} dibuka. " + " ".join(f"Butir {n}." for n in range(40))
    capture = make_article(
        1,
        minutes,
        title=title,
        body=body,
        writers=(f"Sri {CREDIT}",),
        byline=f"Oleh Sri {CREDIT}",
        published_evidence=CREDIT,
        category=f"Berita {CREDIT}",
        links=(Shown("image", f"https://h/{CREDIT}.jpg", f"Foto {CREDIT}"),),
        problems=(Problem("published", f"{CREDIT} 31", "there is no such day"),),
        headers={"ETag": CREDIT},
    )
    return replace(capture, url=SLUG, **changes)


def make_other(number: int, minutes: float, **changes: Any) -> Came:
    """A neighbour, whose bytes resemble the others'."""
    body = " ".join(f"Agenda {number * n}." for n in range(60))
    return make_article(number, minutes, body=body, title=f"Agenda {number}", **changes)


@pytest.fixture
def filled(archive: Engine) -> Engine:
    """The article twice, revised; a listing and two neighbours that show it, others that do not."""
    run_id = begin(archive)
    listing = make_listing([(1, f"Rapat {TITLE}", 5), (2, "Agenda 2", 6)], 5)
    item = replace(listing.reading.sightings[0], url=SLUG)  # type: ignore[union-attr]
    save(
        archive,
        run_id,
        make_secret(0, OLDER),
        make_other(2, 1),
        make_other(3, 2, links=(LINK,), sightings=(item,)),
        make_other(4, 3),
    )
    save(archive, run_id, make_secret(10), make_other(2, 11, views=9), listing)
    save(archive, run_id, make_other(5, 12, problems=(Problem("error", f"503 for {SLUG}", "x"),)))
    with archive.begin() as connection:
        row = {
            "site_id": 1,
            "digest": "d",
            "content": f'{{"groups":[{{"stops":["p\\tSurakarta – Rapat {BODY} dibuka. '
            + " ".join(f"Butir {n}." for n in range(40))
            + '"]}]}',
            "reader_version": "1",
            "captures": [1],
            "pages": 5,
            "group_count": 1,
            "learnt_at": at(0),
            "checked_at": at(0),
        }
        connection.execute(insert(Layout), row)
    with db.read(archive) as connection:
        search(connection, "rapat")
    return archive


def erase(engine: Engine) -> Erased:
    """Withhold the article, erase it, and sweep."""
    with engine.begin() as connection:
        withhold_page(connection, PAGE, WHY)
        place, _ = find_withheld(connection, PAGE)
        found = erase_page(connection, place, at(100))
    with db.read(engine) as connection:
        rebuild_index(connection, find_folder(connection), print)
    sweep(engine, print)
    return found


def read_all(engine: Engine) -> Iterator[tuple[str, str]]:
    """All that an archive holds: every row, every snapshot decoded, and its files."""
    with db.read(engine) as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                yield table.name, str(tuple(row)).casefold()
        for blob_id in connection.scalars(select(Blob.id)):
            yield f"snapshot {blob_id}", load(connection, blob_id).decode().casefold()
        if engine.dialect.name == "postgresql":
            for row in connection.execute(text("SELECT * FROM pg_stats")):
                yield "pg_stats", str(tuple(row)).casefold()
            return
        file = Path(connection.execute(text("PRAGMA database_list")).one()[2])
    for path in (*file.parent.glob(f"{file.name}*"), *Path(f"{file}.index").rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes().decode(errors="replace").casefold()


def find_words(engine: Engine) -> dict[str, set[str]]:
    """Where each planted word is found."""
    found: dict[str, set[str]] = {word: set() for word in WORDS}
    for place, held in read_all(engine):
        for word in WORDS:
            if word.casefold() in held:
                found[word].add(place)
    return found


def test_nothing_of_it_is_left(filled: Engine) -> None:
    """Every word was there before, in rows and snapshots; then none is in any, nor in a file."""
    before = find_words(filled)
    assert {"pages", "captures", "sightings", "links", "problems", "texts"} <= before[TITLE]
    assert {"texts", "layouts", "snapshot 5"} <= before[BODY]
    assert {"texts", "snapshot 1"} <= before[OLDER]
    assert {"readings", "links", "problems", "captures"} <= before[CREDIT]
    found = erase(filled)
    assert (found.captures, found.blobs, found.reencoded.damaged) == (3, 3, 0)
    assert found.reencoded.whole > 0
    assert (found.same_bytes, found.same_text, found.mentions) == ((), (), ("kota-surakarta/3",))
    assert find_words(filled) == {word: set() for word in WORDS}


def test_what_is_left_is_sound(filled: Engine) -> None:
    """Digests name what is there now; of two links to it by two addresses one stays."""
    short = Shown("related", SLUG.partition("_")[0], "Rapat")
    save(filled, 1, make_other(6, 20, links=(LINK, short)))
    with filled.begin() as connection:
        connection.execute(delete(Layout))  # none that was learnt from anything
    erase(filled)
    assert find_faults(filled) == []
    links = "SELECT count(*) FROM links JOIN pages ON pages.id = page_id WHERE key = '6'"
    assert run_sql(filled, links)[0][0] == 1


def offer(number: int, minutes: float, *names: str) -> Came:
    """An article that offers files."""
    links = tuple(Shown("attachment", f"https://h/{name}.pdf", name) for name in names)
    return make_other(number, minutes, links=links)


def test_files_that_no_other_page_offers_are_erased(filled: Engine) -> None:
    """With their words and names; one that is offered elsewhere too stays as it is."""
    save(filled, 1, offer(1, 20, f"own-{CREDIT}", "shared"), offer(6, 21, "shared"))
    for number, name in enumerate((f"own-{CREDIT}", "shared")):
        url = f"https://h/{name}.pdf"
        file = KeptFile(f"{number}" * 64, 9, "application/pdf", f"Isi {name}", "read", at(30))
        came = make_article(0, 30 + number, page=None, digests=None)
        came = replace(came, url=url, canonical=url, body=None, reading=None)
        save(filled, 1, FileCapture(came, url, file.digest, file))
    with filled.begin() as connection:
        connection.execute(delete(Layout))  # none that was learnt from anything
    found = erase(filled)
    assert found.files == ("0" * 64,)
    assert run_sql(filled, "SELECT digest, text FROM files") == [("1" * 64, "Isi shared")]
    assert find_words(filled) == {word: set() for word in WORDS}
    assert find_faults(filled) == []


def test_near_copies_stay_together_without_the_first(archive: Engine) -> None:
    """What the erased text was compared with stays known of the one with the same words."""
    body = " ".join(f"Butir{n} dibahas peserta." for n in range(60))
    near = body.replace("Butir7 ", "Pokok7 ")
    run_id = begin(archive)
    for number, text_ in ((1, body), (2, body), (3, near)):
        save(archive, run_id, make_article(number, number, title=f"Judul {number}", body=text_))
    clusters = "SELECT page_id, cluster_id FROM clusters ORDER BY page_id"
    assert run_sql(archive, clusters) == [(1, 1), (2, 1), (3, 1)]
    erase(archive)
    assert run_sql(archive, clusters) == [(2, 2), (3, 2)]
    assert run_sql(archive, "SELECT count(*) FROM text_pairs")[0][0] == 2
    with archive.begin() as connection:
        rebuild(connection, print)
    assert run_sql(archive, clusters) == [(2, 2), (3, 2)]


def test_neighbours_are_read_byte_for_byte(filled: Engine) -> None:
    """The first page was what the others were compressed against."""
    with db.read(filled) as connection:
        references = set(connection.scalars(select(Blob.reference_id)))
        gone = set(
            connection.scalars(
                select(Capture.blob_id).where(Capture.page_id.is_(None) | (Capture.page_id == 1))
            )
        )
        kept = set(connection.scalars(select(Blob.id))) - gone
        before = load_whole(connection, kept)
    assert references & gone
    erase(filled)
    with db.read(filled) as connection:
        assert load_whole(connection, set(connection.scalars(select(Blob.id)))) == before
        assert load_snapshot(connection, "kota-surakarta/4") == make_other(4, 3).body
        assert show_article(connection, "kota-surakarta/3").title == "Agenda 3"


def test_a_tombstone_is_left(filled: Engine) -> None:
    """Captures with their digests, statuses and times; the page, its counters; who erased why."""
    columns = Capture.id, Capture.digest, Capture.status, Capture.fetched_at, Capture.answer
    before = read_rows(filled, *columns)
    erase(filled)
    assert read_rows(filled, *columns) == before
    own = select(Capture.url, Capture.headers, Capture.blob_id).where(Capture.page_id == 1)
    with db.read(filled) as connection:
        assert {tuple(map(str, row)) for row in connection.execute(own)} == {
            (SLUG.partition("_")[0], "{}", "None")
        }
        _, row = find_withheld(connection, PAGE)
        assert list_missing(connection, "33.72") == []
    assert (row.reason, row.who, row.erased_at) == (WHY.reason, WHY.who, at(100))
    assert run_sql(filled, "SELECT count(*) FROM view_counts WHERE page_id = 1") == [(4,)]


def test_erased_page_cannot_be_lifted(filled: Engine) -> None:
    """It says since when."""
    erase(filled)
    with (
        filled.begin() as connection,
        pytest.raises(ArchiveError, match="was erased on 2025-11-03"),
    ):
        lift(connection, PAGE)


def test_rebuilding_changes_nothing(filled: Engine) -> None:
    """What is derived stays what it was derived to be."""
    erase(filled)
    derived = "SELECT * FROM documents ORDER BY page_id", "SELECT id, answer FROM captures"
    before = [run_sql(filled, query) for query in derived]
    with filled.begin() as connection:
        rebuild(connection, print)
    assert [run_sql(filled, query) for query in derived] == before


def test_shared_text_and_bytes_stay_with_the_others(archive: Engine) -> None:
    """Another office's copy of the text, another page with the same bytes: told, and left."""
    shared = make_secret(0)
    assert shared.reading is not None
    title, body = shared.reading.title or "", shared.reading.body or ""
    same = make_article(7, 1, site=CILACAP.code, title=title, body=body)
    twin = replace(make_other(8, 2), body=shared.body)
    save(archive, begin(archive), shared, same, twin)
    found = erase(archive)
    assert found.same_text == ("kab-cilacap/7",)
    assert found.same_bytes == ("kab-cilacap/7", "kota-surakarta/8")
    with db.read(archive) as connection:
        assert BODY in show_article(connection, "kab-cilacap/7").body
        assert load_snapshot(connection, "kota-surakarta/8") == shared.body


@pytest.mark.parametrize(
    ("shown", "is_erased"),
    [
        (f"<i>Rapat {TITLE} Dibuka Kemarin</i>", True),
        (f"<i>RAPAT &quot;{TITLE}&quot; dibuka kemarin</i>", True),
        (f"<i>Rapat {TITLE} Dibuka</i>", False),
        ("<p>" + " ".join(f"kata{chr(97 + n)}" for n in range(12)) + "</p>", True),
        ("<p>" + " ".join(f"kata{chr(97 + n)}" for n in range(11)) + "</p>", False),
        ("<p>Sambutan Ketua Yang Sama</p>", False),
    ],
)
def test_listings_that_quote_it_lose_their_bytes(
    archive: Engine, shown: str, is_erased: bool
) -> None:
    """Without a link: its title, of four words or more, or a line of twelve; no line of eleven,
    and no title that another page has too."""
    lines = [" ".join(f"kata{chr(97 + n)}" for n in range(count)) for count in (12, 11)]
    secret = make_article(1, title=f"Rapat {TITLE} Dibuka Kemarin", body="\n\n".join(lines))
    if shown.count(" ") == 10:
        secret = make_article(1, title=f"Rapat {TITLE} Dibuka Kemarin", body=lines[1])
    listing = make_listing([(2, "Sambutan Ketua Yang Sama", 1), (3, "Lain", 2)], 1)
    quoting = replace(listing, body=shown.encode())
    run_id = begin(archive)
    save(archive, run_id, secret, quoting)
    save(archive, run_id, make_listing([(1, "Sambutan Ketua Yang Sama", 1)], 2, page=2))
    found = erase(archive)
    assert found.captures == (3 if is_erased else 2)
    with db.read(archive) as connection:
        blob_id = connection.scalar(select(Capture.blob_id).where(Capture.id == 2))
    assert (blob_id is None) is is_erased


def test_erasing_again_erases_nothing_more(filled: Engine) -> None:
    """Its time stays."""
    erase(filled)
    with filled.begin() as connection:
        place, _ = find_withheld(connection, PAGE)
        assert erase_page(connection, place, at(500)).blobs == 0
        assert find_withheld(connection, PAGE)[1].erased_at == at(100)


def test_crawler_brings_nothing_back(filled: Engine) -> None:
    """Of the page its status and digest alone; of a listing that shows it no bytes and no title;
    the same when its captures are read again."""
    erase(filled)
    listing = make_listing([(6, "Agenda 6", 1), (1, f"Rapat {TITLE}", 5)], 205)
    item = replace(listing.reading.sightings[1], url=SLUG)  # type: ignore[union-attr]
    secret = make_secret(200)
    led = replace(
        make_secret(201),
        page=("berita", "9"),
        canonical="/berita/baca/9",
        url="https://kota-surakarta.kpu.go.id/berita/baca/9",
        answered_url=SLUG,
        answered_page=("blog", "1"),
    )
    other = make_other(6, 202, links=(LINK,), sightings=(item,))
    batch = (secret, led, other, listing)
    save(filled, 1, *batch)
    save(filled, 1, *batch)
    reading = secret.reading
    assert reading is not None
    again = replace(reading, reader_version="2")
    read = Rereading(1, again, digest_text(again.title, again.body or "", again.body or ""))
    plain = make_other(3, 2, links=(LINK,), sightings=(item,), reader_version="2")
    assert plain.reading is not None
    shown = Rereading(3, plain.reading, plain.digests)
    save(filled, 1, PageReread(SURAKARTA.code, ("blog", "1"), (read,)))
    save(filled, 1, PageReread(SURAKARTA.code, ("blog", "3"), (shown,)))
    assert find_words(filled) == {word: set() for word in WORDS}
    columns = Capture.id, Capture.status, Capture.digest, Capture.answer, Capture.blob_id
    new = read_rows(filled, *columns)[-4:]
    assert [row[1:4] for row in new] == [
        (200, digest_bytes(one.body or b""), answer)
        for one, answer in zip(batch, ["article", "article", "article", "listing"], strict=True)
    ]
    assert [row[4] is None for row in new] == [True, True, False, True]
    known = ArchiveFrontier(filled).find_known(SURAKARTA.code, [("blog", "1")])
    assert known["blog", "1"].visited == at(200)


def test_other_pages_are_kept_as_ever(filled: Engine) -> None:
    """Only what shows the erased page is left out: number 1 of another office is not it."""
    erase(filled)
    listing = make_listing([(2, "Agenda 2", 7), (12, "Agenda 12", 1)], 300, page=2)
    same_number = make_article(1, 301, site=CILACAP.code)
    save(filled, 1, listing, same_number)
    with db.read(filled) as connection:
        last = connection.scalars(select(Capture.blob_id).order_by(Capture.id.desc()).limit(2))
        assert None not in last.all()
        titles = connection.scalars(select(Sighting.title).order_by(Sighting.id.desc()).limit(2))
        assert sorted(titles) == ["Agenda 12", "Agenda 2"]
        assert load_snapshot(connection, "kab-cilacap/1") == same_number.body


def test_who_reads_on_keeps_it_in_the_files(
    archive_url: str, filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is told, and the same command mends it."""
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(db, "LOCK_TIMEOUT", "-c lock_timeout=100ms")
    engine = db.open_writer(archive_url, say=print)
    with db.read(filled) as connection:
        connection.execute(select(Text_.id)).all()
        with pytest.raises(StorageError, match="give the same command again"):
            erase(engine)
    sweep(engine, print)
    engine.dispose()
    assert find_words(filled) == {word: set() for word in WORDS}


def test_command_erases_and_tells_what_is_out_of_reach(filled: Engine, archive_url: str) -> None:
    """The index is made anew in the same go."""
    done = run(archive_url, "withhold", PAGE, "--reason", "court", "--erase")
    said = done.stderr.splitlines()
    assert done.returncode == 0, done.stderr
    assert said[1].startswith(f"{PAGE}: erased the bytes of 3 captures, 3 snapshots")
    assert "its title is still shown in the snapshots of kota-surakarta/3" in said
    assert any(line.endswith(" was made anew") for line in said)
    assert said[-1].startswith("out of reach: backups and copies")
    assert find_words(filled) == {word: set() for word in WORDS}
    assert run(archive_url, "withhold", PAGE, "--erase").returncode == 0
    undone = run(archive_url, "withhold", PAGE, "--undo")
    assert (undone.returncode, "was erased on" in undone.stderr) == (2, True)


def test_nothing_is_erased_beneath_a_crawl(filled: Engine, archive_url: str) -> None:
    """It is told which; when it has ended, or died, the way is free."""
    begin_run(filled, RunStart("kota-surakarta", {}, "1", "https", None, at(50), "process 1 on x"))
    holder = name_holder("kota-surakarta", "process 1 on x")
    command = ("withhold", PAGE, "--reason", "court", "--erase")
    with lock_offices(archive_url, ["33.72"], holder):
        done = run(archive_url, *command)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        2,
        "kpu-archive: run 2, of kota-surakarta, is under way: erase when it has ended",
    )
    assert find_words(filled)[BODY]
    assert run_sql(filled, "SELECT count(*) FROM withheld") == [(0,)]
    assert run(archive_url, *command).returncode == 0


def test_only_what_is_withheld_is_erased(filled: Engine, archive_url: str) -> None:
    """A page without a reason is left as it is."""
    done = run(archive_url, "withhold", PAGE, "--erase")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        2,
        f"kpu-archive: {PAGE} is not withheld",
    )
    assert find_words(filled)[BODY]
