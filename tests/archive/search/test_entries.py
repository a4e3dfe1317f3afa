"""Articles as they were: known here on a day, standing on their site on a day."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from archive.database.engine import read
from archive.ingest.digests import digest_text
from archive.ingest.writer import begin_run, save_batch
from archive.records import Capture, PageReread, Rereading, RunStart
from archive.search.search import search
from tests.archive.making import NOON, SURAKARTA, begin, make_article, run_sql, save

DAY = 24 * 60
FIRST = date(2025, 11, 3)


def find(engine: Engine, query: str = "", **when: date) -> dict[str, str]:
    """Titles by page."""
    with read(engine) as connection:
        found = search(connection, query, limit=None, **when)
    assert found.total == len(found.hits) == len({hit.page for hit in found.hits})
    return {hit.page.split("/")[1]: hit.title for hit in found.hits}


def after(days: int) -> date:
    return FIRST + timedelta(days=days)


def open_run(engine: Engine, days: float) -> int:
    """A run that begins so many days after the first."""
    started = NOON + timedelta(days=days)
    return begin_run(engine, RunStart("semua", {}, "0.1.0", "https", None, started))


def edit(number: int, days: float, words: str, **changes: Any) -> Capture:
    return make_article(number, days * DAY, title=words, body=f"Isi {words}. " * 9, **changes)


def test_edit_is_known_and_stands_from_its_day_on(archive: Engine) -> None:
    """Each text is found by its words on its days alone; now only the last one is."""
    run = begin(archive)
    save(archive, run, edit(1, 0, "pertama"), edit(1, 5, "kedua"), edit(1, 9, "ketiga"))
    assert find(archive) == {"1": "ketiga"}
    assert find(archive, "pertama OR kedua") == {}
    for name in ("as_of", "current_on"):
        told = [find(archive, **{name: after(days)}).get("1") for days in (-1, 0, 4, 5, 8, 9, 99)]
        assert told == [None, "pertama", "pertama", "kedua", "kedua", "ketiga", "ketiga"], name
        assert find(archive, "kedua", **{name: after(6)}) == {"1": "kedua"}
        assert find(archive, "kedua", **{name: after(9)}) == {}


def test_removed_article_stands_no_longer(archive: Engine) -> None:
    """It is still known; on its site it stood until it was first missed."""
    run = begin(archive)
    save(archive, run, edit(1, 0, "ada"))
    for days in (3, 4, 5, 6):
        gone = replace(edit(1, days, "ada"), status=404, body=b"", reading=None, digests=None)
        save(archive, open_run(archive, days), gone)
    from archive.derive.removals import grade_run

    grade_run(archive, run)
    removed = run_sql(archive, "SELECT count(*) FROM removals")
    assert removed == [(1,)]
    assert find(archive) == {"1": "ada"}
    assert find(archive, as_of=after(9)) == {"1": "ada"}
    assert find(archive, current_on=after(2)) == {"1": "ada"}
    assert find(archive, current_on=after(9)) == {}
    with read(archive) as connection:
        assert search(connection, removed=True).total == 1
        assert search(connection, removed=False).total == 0


def test_imported_capture_is_known_from_its_import_on(archive: Engine) -> None:
    """What was captured before, elsewhere, stood on its site then, and was not known here."""
    run = begin(archive)
    save(archive, run, edit(1, 0, "kini"))
    save(archive, open_run(archive, 20), edit(1, -300, "dulu"), edit(2, -300, "lama"))
    assert find(archive, as_of=after(10)) == {"1": "kini"}
    assert find(archive, as_of=after(20)) == {"1": "kini", "2": "lama"}
    assert find(archive, current_on=after(-100)) == {"1": "dulu", "2": "lama"}
    assert find(archive, current_on=after(10)) == {"1": "kini", "2": "lama"}
    assert find(archive) == {"1": "kini", "2": "lama"}


def reread(number: int, capture_id: int, days: int, words: str) -> PageReread:
    """The page of an article, read otherwise than before."""
    capture = edit(number, 0, words)
    assert capture.reading is not None
    reading = replace(capture.reading, reader_version="2")
    digests = digest_text(reading.title or "", reading.body or "", reading.body or "")
    made = Rereading(capture_id, reading, digests)
    return PageReread(SURAKARTA.code, ("blog", str(number)), (made,), NOON + timedelta(days=days))


def test_text_read_otherwise_was_known_as_it_was_read_then(archive: Engine) -> None:
    """On its site it always stood as it is read today."""
    run = begin(archive)
    save(archive, run, edit(1, 0, "kurang"))
    with archive.begin() as connection:
        save_batch(connection, run, [reread(1, 1, 7, "lengkap")])
    assert find(archive) == {"1": "lengkap"}
    assert find(archive, as_of=after(6)) == {"1": "kurang"}
    assert find(archive, as_of=after(7)) == {"1": "lengkap"}
    assert find(archive, current_on=after(1)) == {"1": "lengkap"}
    assert find(archive, "kurang", current_on=after(1)) == {}


@pytest.mark.parametrize("seed", range(4))
def test_as_of_a_day_is_what_was_found_that_day(archive: Engine, seed: int) -> None:
    """After any history of captures, edits, imports of older captures and readings anew, a search
    as of a day finds what a search found at the end of that day."""
    chance = random.Random(seed)
    begin(archive)
    found: list[dict[str, str]] = []
    captured: list[tuple[int, int]] = []
    for day in range(12):
        run = open_run(archive, day)
        records = list(play_day(chance, day, captured))
        with archive.begin() as connection:
            save_batch(connection, run, records)
        captured = run_sql(
            archive,
            "SELECT captures.id, CAST(pages.key AS integer) FROM captures "
            "JOIN pages ON pages.id = page_id ORDER BY captures.id",
        )
        found.append(find(archive))
    assert [find(archive, as_of=after(day)) for day in range(12)] == found
    assert len({str(one) for one in found}) > 6


def play_day(chance: random.Random, day: int, captured: Sequence[tuple[int, int]]) -> list[Any]:
    """What comes on a day."""
    records: list[Any] = []
    for number in chance.sample(range(6), k=3):
        when = day if chance.random() < 0.7 else day - chance.randrange(1, 400)
        words = chance.choice(("satu", "dua", "tiga"))
        records.append(edit(number, when + chance.random() / 10, words))
    if captured and chance.random() < 0.5:
        capture_id, number = chance.choice(captured)
        records.append(reread(number, capture_id, day, chance.choice(("satu", "empat"))))
    return records


def test_days_are_those_of_the_office(archive: Engine) -> None:
    """Eight in the evening UTC is the next day in Surakarta."""
    late = datetime(2025, 11, 3, 20, 0, tzinfo=NOON.tzinfo)
    save(archive, begin(archive), replace(edit(1, 0, "malam"), fetched_at=late))
    assert find(archive, as_of=date(2025, 11, 3)) == {}
    assert find(archive, as_of=date(2025, 11, 4)) == {"1": "malam"}
