"""What was known by a day, against what was told on that day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from archive.database.engine import ArchiveError, read
from archive.database.models import Page, Site
from archive.derive.dates import date_all
from archive.derive.removals import grade_all
from archive.evidence.as_of import find_sites, open_as_of
from archive.ingest.writer import begin_run, end_run
from archive.names import find_page, name_page
from archive.read.articles import show_article
from archive.read.captures import list_captures
from archive.read.statistics import count_archive
from archive.records import Link, Problem, RunEnd, RunStart
from archive.watch.coverage import count_coverage, list_missing
from archive.watch.visits import derive_visits
from tests.archive.histories import make_home
from tests.archive.making import BODY, CILACAP, at, begin, make_article, make_listing, save

DAY = 1440
FIRST_DAY = date(2025, 11, 3)
PICTURE = Link("image", "https://kpu.example/1.jpg", "Rapat", None)
ODD = Problem("published", "31 Februari", "no such day")
OFFICES = ("33.72", "33.01")


def list_nights() -> list[list[Any]]:
    """What came night after night: new articles, a copy elsewhere, an edit, counts, failures, a
    listing that repeats and one that changes, a removal and a return."""
    first = make_article(1, title="Rapat", body=BODY, views=5, links=(PICTURE,), category="Berita")
    copy = make_article(7, site=CILACAP.code, title="Salinan", body=BODY)
    undated = make_article(2, published_earliest=None, problems=(ODD,))
    listing = make_listing([(1, "Rapat", 5), (2, "Rapat Pleno 2", 1), (9, "Belum", None)])
    edited = make_article(1, title="Rapat", body=BODY + " (ralat)", views=9, editor="Munji")
    gone = replace(undated, status=404, body=b"tidak ada", reading=None, digests=None)
    failed = replace(gone, status=None, body=None, error="DNS lookup failed")
    nights = [
        [make_home(), listing, first, undated],
        [make_home(), listing, copy, make_article(3, body="Surakarta – Rapat lain.")],
        [make_home(), listing, edited, failed],
        [make_home(), make_listing([(3, "Rapat Pleno 3", 2), (1, "Rapat", 12)]), gone],
        [make_home(), make_listing([(4, "Baru", 1)]), undated, make_article(4, body=BODY)],
    ]
    return [
        [replace(one, fetched_at=at(night * DAY + minute)) for minute, one in enumerate(captures)]
        for night, captures in enumerate(nights)
    ]


def tell_all(connection: Connection) -> dict[str, Any]:
    """All that is told of articles, of offices and of the archive."""
    pages = connection.execute(
        select(Site.label, Page.route, Page.key).join(Site, Site.id == Page.site_id)
    ).all()
    told: dict[str, Any] = {"stats": count_archive(connection)}
    for name in (name_page(*page) for page in pages):
        try:
            told[name] = show_article(connection, name)
        except ArchiveError as error:
            told[name] = str(error)
        told[f"history of {name}"] = list(list_captures(connection, name))
    for code in OFFICES:
        told[code] = list_missing(connection, code), list(count_coverage(connection, code))
    return told


def crawl(engine: Engine) -> Iterator[dict[str, Any]]:
    """Save night after night, each as a run, and tell all behind each."""
    begin(engine)
    for night, captures in enumerate(list_nights()):
        run = begin_run(engine, RunStart("semua", {}, "0.1.0", "https", None, at(night * DAY - 5)))
        save(engine, run, *captures)
        end_run(engine, run, RunEnd(at(night * DAY + 60), 0, "done", {"captures": len(captures)}))
        with engine.begin() as connection:
            derive_visits(connection)
            date_all(connection)
            grade_all(connection)
        with read(engine) as connection:
            yield tell_all(connection)


def tell_as_of(engine: Engine, night: int) -> dict[str, Any]:
    """The same, looked back at."""
    day = FIRST_DAY + timedelta(days=night)
    with read(engine) as connection, open_as_of(connection, day, print) as past:
        return tell_all(past)


def test_what_was_known_is_what_was_told_then(archive: Engine) -> None:
    """Articles, histories, coverage and counts, for each night, behind the last."""
    told = list(crawl(archive))
    for night, then in enumerate(told):
        now = tell_as_of(archive, night)
        assert now.keys() == then.keys()
        for name, value in then.items():
            assert now[name] == value, (night, name)
    assert len({str(then) for then in told}) == len(told)


def test_nothing_was_known_before_the_first_night(archive: Engine) -> None:
    """No article, no page, no run."""
    assert len(list(crawl(archive))) == 5
    with (
        read(archive) as connection,
        open_as_of(connection, FIRST_DAY - timedelta(days=1), print) as past,
    ):
        counts = count_archive(past)
    assert {name: count for name, count in counts.items() if count} == {}


def test_import_is_known_from_its_own_day_on(archive: Engine) -> None:
    """A capture of years before that was imported today was not known then."""
    assert len(list(crawl(archive))) == 5
    run = begin_run(archive, RunStart("import", {}, "0.1.0", "https", None, at(6 * DAY)))
    save(archive, run, make_article(50, -900 * DAY, source="import"))
    assert "kota-surakarta/50" not in tell_as_of(archive, 5)
    assert "kota-surakarta/50" in tell_as_of(archive, 6)


def test_page_takes_the_offices_that_have_its_text(archive: Engine) -> None:
    """Its own, and those of its copies; others are left out."""
    then = list(crawl(archive))[-1]
    with read(archive) as connection:
        codes = dict(connection.execute(select(Site.id, Site.code)).all())
        places = {name: find_page(connection, f"kota-surakarta/{name}") for name in (1, 3)}
        found = {
            name: {codes[site] for site in find_sites(connection, place.page_id)}
            for name, place in places.items()
        }
        assert found == {1: {"33.72", "33.01"}, 3: {"33.72"}}
        sites = find_sites(connection, places[1].page_id)
        with open_as_of(connection, FIRST_DAY + timedelta(days=4), print, sites) as past:
            assert show_article(past, "kota-surakarta/1") == then["kota-surakarta/1"]


def test_later_reading_was_not_known(archive: Engine) -> None:
    """What was read again later tells nothing of the day before."""
    then = list(crawl(archive))[-1]
    with archive.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE readings SET read_at = '2025-12-01 00:00:00' WHERE id = (SELECT reading_id "
            "FROM documents JOIN pages ON pages.id = page_id WHERE key = '1')"
        )
    assert then["kota-surakarta/1"].body.endswith("(ralat)")
    with (
        read(archive) as connection,
        open_as_of(connection, FIRST_DAY + timedelta(4), print) as past,
    ):
        assert show_article(past, "kota-surakarta/1").body == BODY


@pytest.mark.parametrize(("minutes", "known"), [(11 * 60 + 59.9, True), (12 * 60, False)])
def test_day_ends_at_midnight_of_the_office(archive: Engine, minutes: float, known: bool) -> None:
    """Noon in Surakarta is twelve hours before."""
    run = begin(archive)
    save(archive, run, make_article(1, minutes))
    with read(archive) as connection, open_as_of(connection, FIRST_DAY, print) as past:
        assert count_archive(past)["articles"] == int(known)
