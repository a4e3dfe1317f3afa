"""Which files are asked for, and what is told of those held."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, insert

from archive.blobs.codec import digest_bytes
from archive.database import engine as db
from archive.database.engine import ArchiveError
from archive.database.models import Page, Withheld
from archive.evidence.as_of import open_as_of
from archive.files.kinds import HTML, PDF
from archive.files.wanted import HELD_FOR, LONGEST_DOUBLINGS, MOST_AGAIN, find_wanted
from archive.ingest.salvage import save_each
from archive.read.articles import show_article
from archive.read.captures import load_offered
from archive.records import Capture, FileCapture, KeptFile, Link, Problem, WantedFile
from tests.archive.making import SURAKARTA, at, begin, make_article, read_rows, run_sql, save

DAY = timedelta(days=1)
FILES = [f"https://kota-surakarta.kpu.go.id/public/{name}.pdf" for name in "abcd"]
PICTURE = Link("image", "https://kota-surakarta.kpu.go.id/images/a.jpg")


def make_file(
    url: str, when: datetime, *, data: bytes = b"", status: int = 200, kind: str = PDF
) -> FileCapture:
    """What came of asking for a file; without bytes nothing came."""
    answer = {"ETag": '"satu"', "Content-Type": "application/pdf"}
    capture = Capture(SURAKARTA.code, url, url, when, status=status, headers=answer)
    if not data:
        return FileCapture(capture, url)
    digest = digest_bytes(data)
    kept = KeptFile(digest, len(data), kind, "Pengumuman", "read", when)
    return FileCapture(capture, url, digest, kept)


def offer(archive: Engine, *urls: str, number: int = 1, minutes: float = 0) -> int:
    """An article that offers files and a picture; return its run."""
    links = (*(Link("attachment", url) for url in urls), PICTURE)
    run_id = begin(archive)
    save(archive, run_id, make_article(number, minutes, links=links))
    return run_id


def find(archive: Engine, now: datetime) -> list[WantedFile]:
    """The attachments that are due."""
    with db.read(archive) as connection:
        return find_wanted(connection, SURAKARTA.code, ("attachment",), now)


def test_what_was_never_asked_for_comes_first(archive: Engine) -> None:
    """The newest of them before the rest, behind them what failed; pictures when wanted."""
    run_id = offer(archive, FILES[0])
    offer(archive, FILES[1], FILES[2], number=2, minutes=5)
    save(archive, run_id, make_file(FILES[2], at(9), status=404))
    later = at(9) + 2 * DAY
    assert [one.url for one in find(archive, later)] == [FILES[1], FILES[0], FILES[2]]
    with db.read(archive) as connection:
        assert [one.url for one in find_wanted(connection, SURAKARTA.code, ("image",), later)] == [
            PICTURE.url
        ]


@pytest.mark.parametrize("failures", [1, 2, LONGEST_DOUBLINGS, LONGEST_DOUBLINGS + 1])
def test_failures_are_asked_for_ever_more_rarely(archive: Engine, failures: int) -> None:
    """2 days after the first failure, 4 after the second, up to 64; not a second before."""
    run_id = offer(archive, FILES[0])
    for number in range(failures):
        save(archive, run_id, make_file(FILES[0], at(number), status=500))
    due = at(failures - 1) + DAY * 2 ** min(failures, LONGEST_DOUBLINGS)
    assert not find(archive, due - timedelta(seconds=1))
    assert find(archive, due) == [WantedFile(FILES[0])]


def test_held_files_are_asked_for_rarely_and_few_at_a_time(archive: Engine) -> None:
    """After half a year, with what tells whether they changed; a 304 begins another half."""
    run_id = offer(archive, *FILES)
    for url in FILES:
        save(archive, run_id, make_file(url, at(1), data=url.encode()))
    due = at(1) + HELD_FOR
    assert not find(archive, due - timedelta(seconds=1))
    wanted = find(archive, due)
    assert len(wanted) == MOST_AGAIN
    one = wanted[0]
    assert one.validators == {"If-None-Match": '"satu"'} and one.digest == digest_bytes(
        one.url.encode()
    )
    told = replace(make_file(one.url, due, status=304), confirmed=one.digest)
    save(archive, run_id, told)
    assert one.url not in {other.url for other in find(archive, due)}
    again = {other.url: other for other in find(archive, due + HELD_FOR)}
    assert again[one.url].capture == one.capture


def test_page_in_place_of_a_file_is_no_file(archive: Engine) -> None:
    """A page that came under a file's name is kept, and asked for again as one that failed."""
    run_id = offer(archive, FILES[0])
    save(archive, run_id, make_file(FILES[0], at(1), data=b"<html>", kind=HTML))
    assert not find(archive, at(1) + DAY)
    assert find(archive, at(1) + 2 * DAY) == [WantedFile(FILES[0])]


def test_file_that_another_office_links_is_held_once(archive: Engine) -> None:
    """What one office's visit brought is not asked for behind another's."""
    run_id = offer(archive, FILES[0])
    save(archive, run_id, make_file(FILES[0], at(1), data=b"isi"))
    links = (Link("attachment", FILES[0]),)
    save(archive, run_id, make_article(7, site="33.01", links=links))
    with db.read(archive) as connection:
        assert not find_wanted(connection, "33.01", ("attachment",), at(2))


def withhold(archive: Engine) -> None:
    with archive.begin() as connection:
        (page_id,) = read_rows(archive, Page.id)[0]
        row = {"page_id": page_id, "reason": "data", "who": "redaksi", "withheld_at": at(3)}
        connection.execute(insert(Withheld), row)


class Bytes:
    """A store with one file."""

    def get(self, digest: str) -> bytes:
        return digest.encode()


def test_files_of_withheld_articles_are_neither_asked_for_nor_given(archive: Engine) -> None:
    """Withholding an article withholds what it offers."""
    run_id = offer(archive, *FILES[:2])
    save(archive, run_id, make_file(FILES[0], at(1), data=b"isi"))
    with db.read(archive) as connection:
        given = load_offered(connection, "kota-surakarta/1", 1, Bytes())
        assert given == digest_bytes(b"isi").encode()
    withhold(archive)
    assert not find(archive, at(9) + HELD_FOR)
    with db.read(archive) as connection, pytest.raises(ArchiveError, match="withheld"):
        load_offered(connection, "kota-surakarta/1", 1, Bytes())


def test_saving_a_file_again_changes_nothing(archive: Engine) -> None:
    """A batch that is repeated leaves one capture, one file and its problems once."""
    run_id = offer(archive, FILES[0])
    record = make_file(FILES[0], at(1), data=b"isi")
    doubt = Problem("file", "broken", "The file is broken.")
    record = replace(record, capture=replace(record.capture, problems=(doubt,)))
    save(archive, run_id, record)
    save(archive, run_id, record)
    assert save_each(archive, run_id, [record]) == []
    told = "SELECT count(*) FROM captures WHERE answer = 'file'"
    for query in (told, "SELECT count(*) FROM files", "SELECT count(*) FROM file_captures"):
        assert run_sql(archive, query) == [(1,)]
    assert run_sql(archive, "SELECT seen FROM problems WHERE field = 'file'") == [("broken",)]


def test_show_tells_what_was_held_then(archive: Engine) -> None:
    """An article tells the files held, and looked back at those that were held by then."""
    run_id = offer(archive, *FILES[:2])
    save(archive, run_id, make_file(FILES[1], at(1) + 2 * DAY, data=b"isi"))
    with db.read(archive) as connection:
        links = show_article(connection, "kota-surakarta/1").links
        assert [(one["file"], one["held"], one["size"]) for one in links] == [
            (1, False, None),
            (2, True, 3),
            (3, False, None),
        ]
        for days, held in ((0, False), (2, True)):
            day = (at(1) + days * DAY).date()
            with open_as_of(connection, day, lambda line: None) as past:
                assert show_article(past, "kota-surakarta/1").links[1]["held"] is held
