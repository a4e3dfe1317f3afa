"""What counters tell: readers from one count to the next, and what was read most."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, insert, text

from archive.database.engine import ArchiveError, read
from archive.database.models import Capture as Captured
from archive.database.models import ViewCount, Withheld
from archive.read.most_read import FIRST, LAST, Days, list_most_read, measure_growth, name_articles
from archive.read.views import Count, Note, list_steps, list_views, load_counts, mark_jumps
from tests.archive.cli.test_commands import run
from tests.archive.histories import night, post, visit
from tests.archive.making import CILACAP, NOON, SURAKARTA, begin, make_article, make_listing, save

PAGE = "kota-surakarta/1"
OTHER = " ".join(f"Adegan {word} menghibur." for word in ("satu", "dua", "tiga", "empat", "lima"))
NOVEMBER = Days(date(2025, 11, 1), date(2025, 11, 30))
WIB = ZoneInfo("Asia/Jakarta")


def tell(engine: Engine, page: str = PAGE) -> list[tuple[Any, ...]]:
    """Count, difference, our visits, readers and note of each row."""
    with read(engine) as connection:
        names = ("count", "difference", "own_visits", "readers", "note")
        return [tuple(row[name] for name in names) for row in list_views(connection, page)]


def rank(engine: Engine, days: Days | None = NOVEMBER, **choice: Any) -> list[tuple[Any, ...]]:
    """Page, least, most and whether it is open, the most read first."""
    with read(engine) as connection:
        rows = list_most_read(connection, days, **choice)
        return [(row["page"], row["least"], row["most"], row["open"]) for row in rows]


def count(day: float, views: int, own: int = 0) -> Count:
    return Count(night(day), views, "listing", own)


def note(*counts: Count) -> list[Note | None]:
    return [step.note for step in mark_jumps(list_steps(counts))]


def add_counts(engine: Engine, page_id: int, *counts: tuple[datetime, int]) -> None:
    """Counts as listings print them, whatever else these show."""
    with engine.begin() as connection:
        for at, views in counts:
            seen = {
                "run_id": 1,
                "site_id": 1,
                "url": f"/{page_id}",
                "canonical": f"/{page_id}",
                "fetched_at": at,
                "headers": {},
                "tls": "",
                "source": "import",
            }
            (capture,) = connection.execute(insert(Captured).values(seen)).inserted_primary_key
            counted = {"capture_id": capture, "counted_at": at, "count": views}
            row = {"page_id": page_id, "source": "listing", "own_visits": 1, **counted}
            connection.execute(insert(ViewCount).values(row))


def test_readers_are_what_is_not_ours(archive: Engine) -> None:
    """Each count is compared with the one before, wherever it stood; our own visits are taken off,
    and times are the office's."""
    visit(archive, 0, post(1, views=10))
    visit(archive, 1, post(1, views=25), make_listing([(1, "Rapat", 25)]))
    visit(archive, 2, post(1, views=26))
    assert tell(archive) == [
        (10, None, None, None, None),
        (25, 15, 1, 14, None),
        (25, 0, 0, 0, None),
        (26, 1, 1, 0, None),
    ]
    with read(archive) as connection:
        rows = list(list_views(connection, PAGE))
    assert [row["source"] for row in rows] == ["article", "article", "listing", "article"]
    assert str(rows[0]["at"]) == "2025-11-03 12:00:00+07:00"


def test_a_counter_that_does_not_count_us_has_no_negative_readers(archive: Engine) -> None:
    """Where our visits are not counted, nobody read it rather than less than nobody."""
    visit(archive, 0, post(1, views=10))
    visit(archive, 1, post(1, views=10))
    assert tell(archive)[1] == (10, 0, 1, 0, None)


@pytest.mark.parametrize(
    ("hours", "before", "after", "said"),
    [
        (24, 1000, 900, Note.LATE),
        (24, 1000, 899, Note.RESET),
        (24.1, 1000, 999, Note.RESET),
        (1, 12, 2, Note.LATE),
        (1, 12, 1, Note.RESET),
        (1, 12, 12, None),
    ],
)
def test_what_fell_a_little_and_soon_came_late(
    hours: float, before: int, after: int, said: Note | None
) -> None:
    """A lower count within a day that lacks a tenth, or ten, is an older one; any other is the
    first of a counter that began anew."""
    assert note(count(0, before), count(hours / 24, after)) == [None, said]


def test_a_late_count_is_compared_with_none(archive: Engine) -> None:
    """What comes behind it is compared with the count before it: nobody is counted twice."""
    visit(archive, 0, post(1, views=50), make_listing([(1, "Rapat", 48)]))
    visit(archive, 1, post(1, views=54))
    assert tell(archive) == [
        (50, None, None, None, None),
        (48, -2, 0, 0, "late"),
        (54, 4, 1, 3, None),
    ]


def test_a_reset_is_told_and_counted_from(archive: Engine) -> None:
    """After a reset the counter grows from what it shows then."""
    for day, views in enumerate((500, 510, 4, 9)):
        visit(archive, day, post(1, views=views))
    assert tell(archive)[2:] == [(4, -506, 1, 0, "reset"), (9, 5, 1, 4, None)]


def test_a_reused_number_begins_its_own_series(archive: Engine) -> None:
    """The counts of the article before, and our visits to it, are none of the present one's."""
    new = {"title": "Nonton Bareng Film Noken", "body": OTHER}
    visit(archive, 0, make_article(1, views=4000))
    visit(archive, 1, make_article(1, views=4010))
    visit(archive, 2, make_article(1, views=3, **new))
    visit(archive, 3, make_article(1, views=9, **new))
    assert tell(archive) == [(3, None, None, None, None), (9, 6, 1, 5, None)]
    assert rank(archive) == [(PAGE, 5, 7, True)]
    with read(archive) as connection:
        (counts,) = load_counts(connection, [1]).values()
    assert [one.own_visits for one in counts] == [1, 2]


def test_a_reused_number_need_not_count_less(archive: Engine) -> None:
    """What the counter of the article before showed is no reader of the present one's either."""
    visit(archive, 0, make_article(1, views=2))
    visit(archive, 1, make_article(1, views=3, title="Nonton Bareng Film Noken", body=OTHER))
    assert rank(archive) == [(PAGE, 0, 2, True)]


@pytest.mark.parametrize(
    ("readers", "usual", "said"),
    [(1000, 10, Note.JUMP), (999, 10, None), (1010, 100, Note.JUMP), (1000, 100, None)],
)
def test_a_jump_is_out_of_all_proportion(readers: int, usual: int, said: Note | None) -> None:
    """A thousand readers at the least, and more than ten times the usual ones of a day."""
    days = (0, usual, 2 * usual, 2 * usual + readers, 3 * usual + readers)
    counts = [count(day, views) for day, views in enumerate(days)]
    assert note(*counts) == [None, None, None, said, None]


def test_a_jump_is_measured_by_the_day() -> None:
    """A thousand readers within an hour are one day's, in a hundred days ten a day; without a day
    beside it nothing is usual."""
    quiet = [count(0, 0), count(1, 10)]
    assert note(*quiet, count(1.04, 1010))[-1] is Note.JUMP
    assert note(*quiet, count(101, 1010))[-1] is None
    assert note(count(0, 0), count(1, 100), count(1.5, 1100))[-1] is None
    assert note(count(0, 0), count(0.9, 1), count(2, 5000))[-1] is None
    assert note(count(0, 0), count(1, 1), count(2, 5000))[-1] is Note.JUMP


def test_a_reset_makes_nothing_usual() -> None:
    """What lies behind or before a reset is measured, the fall itself is not."""
    counts = [count(0, 9000), count(1, 9010), count(2, 5), count(3, 15), count(4, 1500)]
    assert note(*counts) == [None, None, Note.RESET, None, Note.JUMP]


def test_bounds_of_a_month(archive: Engine) -> None:
    """At least what was counted up inside it, at most from the last count before it to the first
    behind it; more counts inside make the bounds no wider."""
    save(archive, begin(archive), make_listing([(1, "Rapat", None), (2, "Pleno", None)]))
    days = ((10, 20, 100), (10, 31, 110), (11, 5, 150), (11, 15, 160), (11, 25, 190), (12, 2, 230))
    counts = [(datetime(2025, *day, 5, tzinfo=UTC), views) for *day, views in days]
    add_counts(archive, 1, *counts)
    add_counts(archive, 2, counts[0], counts[2])
    assert rank(archive) == [(PAGE, 40, 120, False), ("kota-surakarta/2", 0, 50, True)]
    add_counts(archive, 1, (datetime(2025, 12, 9, tzinfo=UTC), 999))
    assert rank(archive)[0] == (PAGE, 40, 120, False)
    assert rank(archive, None)[0] == (PAGE, 899, 998, False)


def test_most_is_never_below_least(archive: Engine) -> None:
    """Where the counter does not count us, our visits outside the month take no reader from those
    inside it."""
    for day, views in ((-9, 5), (1, 5), (2, 10), (60, 10)):
        visit(archive, day, post(1, views=views))
    assert rank(archive) == [(PAGE, 4, 4, False)]


def test_days_are_the_offices_own(archive: Engine) -> None:
    """November ends at midnight in Java, which is 17:00 UTC."""
    save(archive, begin(archive), make_listing([(1, "Rapat", None)]))
    midnight = datetime(2025, 12, 1, tzinfo=WIB)
    begun = datetime(2025, 11, 1, tzinfo=WIB)
    add_counts(archive, 1, (begun - timedelta(seconds=1), 1), (begun, 10))
    add_counts(archive, 1, (midnight - timedelta(seconds=1), 20), (midnight, 400))
    assert rank(archive) == [(PAGE, 10, 399, False)]
    assert rank(archive, Days(date(2025, 12, 1), date(2025, 12, 31))) == [(PAGE, 0, 380, True)]
    add_counts(archive, 1, (night(-90), 999), (night(90), 900))
    assert rank(archive) == [(PAGE, 10, 399, False)]


def test_each_office_has_its_own_midnight(archive: Engine) -> None:
    """What is still November in Java is December in Papua."""
    for site in (SURAKARTA.code, CILACAP.code):
        save(archive, begin(archive), make_listing([(1, "Rapat", None)], site=site))
    with archive.begin() as connection:
        east = "UPDATE sites SET timezone = 'Asia/Jayapura' WHERE code = '33.01'"
        connection.execute(text(east))
    late = datetime(2025, 11, 30, 23, 30, tzinfo=WIB)
    for page_id in (1, 2):
        add_counts(archive, page_id, (night(5), 10), (late, 90))
    assert rank(archive) == [(PAGE, 80, 89, True), ("kab-cilacap/1", 0, 89, False)]


@pytest.mark.parametrize("year", [1, 9999])
def test_the_ends_of_the_calendar_are_no_error(archive: Engine, year: int) -> None:
    """Years that no zone can tell the beginning of have no readers."""
    visit(archive, 0, post(1, views=9))
    assert rank(archive, Days(date(year, 1, 1), date(year, 12, 31))) == []
    assert rank(archive, Days(date(1, 1, 1), date(9999, 12, 31))) == rank(archive, None) != []


def test_what_nobody_read_is_no_row(archive: Engine) -> None:
    """A counter that shows our own visit alone."""
    visit(archive, 0, post(1, views=1), post(2, views=2))
    assert rank(archive) == [("kota-surakarta/2", 0, 1, True)]


def test_resets_are_counted_by_pieces(archive: Engine) -> None:
    """Each piece adds its own growth; at most the counter began from 0, and what was read before
    it did is open."""
    save(archive, begin(archive), make_listing([(1, "Rapat", None)]))
    days = ((10, 31, 500), (11, 5, 520), (11, 15, 530), (11, 20, 7), (11, 25, 12), (12, 2, 14))
    add_counts(archive, 1, *((datetime(2025, *day, 5, tzinfo=UTC), n) for *day, n in days))
    assert rank(archive) == [(PAGE, 10 + 5, 20 + 10 + 7 + 5 + 2, True)]


def test_what_was_not_seen_then_is_no_row(archive: Engine) -> None:
    """Counts before and behind a month alone tell nothing of it."""
    save(archive, begin(archive), make_listing([(1, "Rapat", None)]))
    add_counts(archive, 1, (night(-9), 5), (night(60), 90))
    assert rank(archive) == []


def test_the_ranking_is_narrowed(archive: Engine) -> None:
    """By offices, by provinces, by number; the most surely read comes first; what is withheld is
    in no ranking and has no series."""
    for site, views in ((SURAKARTA.code, 30), (CILACAP.code, 90)):
        visit(archive, 0, *(post(n, views=1, site=site) for n in (1, 2)))
        visit(archive, 1, *(post(n, views=views + n, site=site) for n in (1, 2)))
    names = [f"{site}/{n}" for site in ("kab-cilacap", "kota-surakarta") for n in (2, 1)]
    assert [row[0] for row in rank(archive)] == names
    assert [row[0] for row in rank(archive, sites=[SURAKARTA.code])] == names[2:]
    assert [row[0] for row in rank(archive, provinces=["33"], limit=1)] == names[:1]
    assert rank(archive, provinces=["34"]) == []
    with archive.begin() as connection:
        row = {"page_id": 1, "reason": "asked", "who": "us", "withheld_at": NOON}
        connection.execute(insert(Withheld).values(row))
    assert [row[0] for row in rank(archive)] == [*names[:2], "kota-surakarta/2"]
    with pytest.raises(ArchiveError, match="withheld"):
        tell(archive)


@pytest.mark.parametrize("seed", range(4))
def test_sums_of_the_database_are_those_of_the_series(archive: Engine, seed: int) -> None:
    """Whatever the histories, the ranking says of every page what its series alone does."""
    numbers = random.Random(seed)
    save(archive, begin(archive), make_listing([(n, f"Rapat {n}", None) for n in range(1, 21)]))
    for page_id in range(1, 21):
        views, counts = 0, []
        for day in sorted(numbers.sample(range(-20, 60), numbers.randrange(1, 9))):
            views = numbers.randrange(9) if numbers.random() < 0.1 else views
            views += numbers.randrange(200)
            counts.append((night(day), views))
        add_counts(archive, page_id, *counts)
    for days in (NOVEMBER, None):
        start, end = days.find_bounds(WIB) if days else (FIRST, LAST)
        with read(archive) as connection:
            series = load_counts(connection, range(1, 21))
            named = name_articles(connection, range(1, 21))
        wanted = {
            (named[one.page_id][0], one.least, one.most, one.is_open)
            for one in (measure_growth(n, series[n], start, end) for n in range(1, 21))
            if one.counts and one.most
        }
        found = rank(archive, days)
        assert set(found) == wanted
        assert all(type(row[1]) is type(row[2]) is int for row in found)
        assert len(wanted) > 5


def test_commands_write_rows(archive: Engine, archive_url: str) -> None:
    """Programs get all columns, people a bar; what is open is said beside the rows."""
    visit(archive, 0, post(1, views=10))
    visit(archive, 1, post(1, views=25))
    rows = json.loads(run("views", PAGE, "--format", "json", url=archive_url).stdout)
    assert [row["readers"] for row in rows] == [None, 14]
    assert rows[0]["at"] == "2025-11-03T05:00:00+00:00"
    table = run("views", PAGE, url=archive_url).stdout.splitlines()
    assert table[2].split("\t") == [
        *("2025-11-04 12:00 WIB", "25", "article", "15", "1", "14", "", "████████")
    ]
    done = run("views", "--top", "--month", "2025-11", url=archive_url)
    assert done.stdout.splitlines()[1] == f"{PAGE}\tRapat Pleno 1\t14\t23\tyes\t2"
    assert done.stderr.splitlines()[1].startswith("open: ")
    assert run("views", "--top", "--year", "2024", url=archive_url).stdout == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name a page"),
        ((PAGE, "--top"), "exclude each other"),
        ((PAGE, "--limit", "3"), "go with --top"),
        (("--top", "--month", "2024-11", "--year", "2024"), "exclude each other"),
        (("--top", "--month", "2024"), "no month"),
        (("--top", "--month", "2024-13"), "no day"),
        (("--top", "--year", "2024-11"), "no year"),
        (("--top", "--site", "surakarta"), "no office 'surakarta'"),
        (("kota-surakarta/9",), "no page"),
    ],
)
def test_what_makes_no_sense_is_refused(
    archive: Engine, archive_url: str, arguments: tuple[str, ...], said: str
) -> None:
    """One line that says why, and exit code 2."""
    visit(archive, 0, post(1))
    done = run("views", *arguments, url=archive_url)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_an_article_without_a_counter_has_no_rows(archive: Engine, archive_url: str) -> None:
    """It is no error, and said."""
    visit(archive, 0, post(1, views=None))
    done = run("views", PAGE, "--format", "csv", url=archive_url)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[-1] == f"no counter of {PAGE} was ever read"
