"""The feed of what happened, each kind from a history made by hand; what is no change makes no
row."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, text

from archive.cli.choices import Format
from archive.cli.happenings import shorten_change, tell_change
from archive.cli.rows import format_value
from archive.database.engine import read
from archive.database.models import Withheld
from archive.derive.documents import refresh_documents
from archive.derive.removals import grade_run
from archive.ingest.digests import digest_text
from archive.ingest.readings import ReadCapture, insert_readings
from archive.read.changes import list_changes
from archive.read.kinds import Kind
from archive.read.words import LONGEST, count_changed, measure_edit
from archive.records import Capture
from tests.archive.cli.test_commands import run
from tests.archive.histories import list_posts, make_home, night, post, spoil, visit
from tests.archive.making import BODY, CILACAP, NOON, SURAKARTA, make_article, make_listing
from tests.archive.test_doubts import CUT

PAGE = "kota-surakarta/1"
OTHER = " ".join(f"Adegan {word} menghibur." for word in ("satu", "dua", "tiga", "empat", "lima"))
EDITED = BODY.replace("rapat pleno", "sosialisasi")
HOME, LISTING = make_home(), list_posts(1, 2)
GONE = spoil(post(1), 404)


def play(engine: Engine, *nights: list[Capture], **options: Any) -> None:
    """A run a night, each graded at its end."""
    for day, captures in enumerate(nights):
        grade_run(engine, visit(engine, day, *captures, **options))


def tell(engine: Engine, **choice: Any) -> list[tuple[Any, ...]]:
    """Day of the office, page, kind and details, the oldest first, without what is new."""
    with read(engine) as connection:
        rows = list(list_changes(connection, **choice))
    assert rows == sorted(rows, key=lambda row: row["at"], reverse=True)
    return [
        ((row["at"].date() - night(0).date()).days, row["page"], row["kind"], row["details"])
        for row in reversed(rows)
        if row["kind"] != Kind.NEW or row["details"]
    ]


def list_new(engine: Engine, **choice: Any) -> list[str]:
    with read(engine) as connection:
        return [row["page"] for row in list_changes(connection, kinds=[Kind.NEW], **choice)]


def test_new_articles_are_told_once(archive: Engine) -> None:
    """With the first capture that brought them, in the office's zone; the newest come first."""
    play(archive, [HOME, LISTING, post(1)], [post(1), post(2)], [post(1), post(2)])
    with read(archive) as connection:
        rows = list(list_changes(connection))
    assert [(row["page"], row["title"], row["kind"]) for row in rows] == [
        ("kota-surakarta/2", "Rapat Pleno 2", "new"),
        (PAGE, "Rapat Pleno 1", "new"),
    ]
    assert str(rows[1]["at"]) == "2025-11-03 12:00:02+07:00"
    assert (rows[1]["site"], rows[1]["details"]) == ("kota-surakarta", {})


def test_an_edit_tells_how_much(archive: Engine) -> None:
    """Words that came and went, their share of all, the title before where it changed; taking an
    edit back is one more."""
    renamed = make_article(1, title="Sosialisasi", body=EDITED)
    play(archive, [make_article(1)], [make_article(1, body=EDITED)], [renamed], [make_article(1)])
    total = 2 * len(f"Rapat Pleno 1 {BODY}".split()) - 1
    assert tell(archive) == [
        (1, PAGE, "edited", {"added": 1, "removed": 2, "ratio": round(3 / total, 4)}),
        (
            2,
            PAGE,
            "edited",
            {"added": 1, "removed": 3, "ratio": 0.0286, "title_before": "Rapat Pleno 1"},
        ),
        (
            3,
            PAGE,
            "edited",
            {"added": 5, "removed": 2, "ratio": 0.0496, "title_before": "Sosialisasi"},
        ),
    ]


def test_a_page_that_ends_midway_is_no_edit(archive: Engine) -> None:
    """Neither when it comes cut nor when it comes whole again; one that was never whole is not
    new."""
    play(archive, [make_article(1)], [CUT], [make_article(1)])
    assert (tell(archive), list_new(archive)) == ([], [PAGE])


def test_what_came_cut_at_first_is_new_when_it_is_whole(archive: Engine) -> None:
    """What it showed before is no article yet."""
    play(archive, [CUT], [CUT])
    assert (tell(archive), list_new(archive)) == ([], [])
    visit(archive, 2, make_article(1))
    with read(archive) as connection:
        (row,) = list_changes(connection)
    assert (row["kind"], row["at"]) == ("new", night(2))


@pytest.mark.parametrize(
    "changes", [{"reader_version": "2"}, {"layout": "d", "layout_group": "g"}, {"layout": "d"}]
)
def test_another_reader_or_layout_changes_nothing(archive: Engine, changes: dict[str, str]) -> None:
    """Neither text nor category changed for that; what is edited under the new reader is told
    against what it read before."""
    other = {"body": f"Bagikan: {BODY}", "category": "Opini", **changes}
    play(archive, [make_article(1, category="Berita")], [make_article(1, **other)])
    assert (tell(archive), list_new(archive)) == ([], [PAGE])
    visit(archive, 2, make_article(1, **{**other, "body": f"Bagikan: {EDITED}"}))
    ((day, _, kind, details),) = tell(archive)
    assert (day, kind, details["added"], details["removed"]) == (*(2, "edited", 1, 2),)


def test_a_template_that_comes_and_goes_hides_no_edit(archive: Engine) -> None:
    """The text is compared with the last one that was read alike."""
    own, none = {"layout": "d", "layout_group": "g"}, {"layout": "d"}
    bodies = ((BODY, own), (OTHER, none), (EDITED, own))
    play(archive, *([make_article(1, body=body, **read_as)] for body, read_as in bodies))
    ((day, _, kind, details),) = tell(archive)
    assert (day, kind, details["added"], details["removed"]) == (2, "edited", 1, 2)


def test_rereading_by_another_reader_is_no_event(archive: Engine) -> None:
    """The same captures, read again in another way, in part or all, tell what they told before."""
    captures = [make_article(1), make_article(1)]
    play(archive, *([capture] for capture in captures))
    for id_ in (2, 1):
        with archive.begin() as connection:
            insert_readings(connection, [reread(id_, captures[id_ - 1])])
            refresh_documents(connection, [1])
        assert (tell(archive), list_new(archive)) == ([], [PAGE])


def reread(capture_id: int, capture: Capture) -> ReadCapture:
    assert capture.reading is not None
    changes = {"reader_version": "2", "body": OTHER, "category": "Opini"}
    reading = replace(capture.reading, **changes)  # type: ignore[arg-type]
    digests = digest_text(reading.title, OTHER, OTHER)
    at = night(capture_id - 1)
    return ReadCapture(capture_id, capture_id, 1, capture.page, at, reading, digests)


def test_removal_and_return(archive: Engine) -> None:
    """Both are told, with what the page answered; a later loss has the grade it has now."""
    there, gone = [HOME, LISTING, post(1), post(2)], [HOME, LISTING, GONE, post(2)]
    said = "it answered 404"
    play(archive, there, gone, gone, there)
    assert [row[2] for row in tell(archive)] == ["removed", "returned"]
    grade_run(archive, visit(archive, 4, *gone))
    first, back, last = tell(archive)
    assert first == (1, PAGE, "removed", {"grade": "not found", "said": said})
    assert back[:3] == (3, PAGE, "returned")
    assert (back[3]["gone_since"].date(), back[3]["said"]) == (night(1).date(), said)
    assert last == (4, PAGE, "removed", {"grade": "not found", "said": said})
    for day in (5, 6):
        grade_run(archive, visit(archive, day, *gone))
    assert tell(archive)[2] == (4, PAGE, "removed", {"grade": "confirmed gone", "said": said})
    assert [row[2] for row in tell(archive, kinds=[Kind.RETURNED])] == ["returned"]


def test_what_no_listing_shows_is_removed(archive: Engine) -> None:
    """With its grade; a link to nothing, which was neither held nor listed, was never there."""
    play(
        archive,
        [HOME, LISTING, post(1), post(2)],
        [HOME, list_posts(2), post(2), spoil(post(9), 404)],
        walked="104",
    )
    details = {"grade": "unlisted", "said": "no listing shows it any more"}
    assert tell(archive) == [(1, PAGE, "removed", details)]


def test_a_listed_page_that_is_gone_is_removed(archive: Engine) -> None:
    """It was there, though it never came, and has the title that the listing had."""
    play(archive, [HOME, LISTING, GONE, post(2)])
    with read(archive) as connection:
        (row,) = list_changes(connection, kinds=[Kind.REMOVED])
    assert (row["page"], row["title"]) == (PAGE, "Rapat Pleno 1")


def test_another_category_is_told(archive: Engine) -> None:
    """From the last that the same reader read; a page that prints none for once changes nothing."""
    names = ("Berita", None, "Berita", "Opini", None, "Berita")
    play(archive, *([post(1, category=name)] for name in names))
    assert tell(archive) == [
        (3, PAGE, "recategorised", {"from": "Berita", "to": "Opini"}),
        (5, PAGE, "recategorised", {"from": "Opini", "to": "Berita"}),
    ]


def test_a_counter_that_began_anew_is_told(archive: Engine) -> None:
    """A count that comes late is none."""
    play(archive, *([post(1, views=views)] for views in (500, 510, 4, 9)))
    visit(archive, 3.1, make_listing([(1, "Rapat Pleno 1", 8)]))
    assert tell(archive) == [(2, PAGE, "counter reset", {"from": 510, "to": 4})]


def test_a_reused_number_is_a_new_article(archive: Engine) -> None:
    """No edit, no other category, no reset of its counter."""
    before = make_article(1, views=4000, category="Berita")
    after = make_article(1, views=3, category="Opini", title="Nonton Bareng Film Noken", body=OTHER)
    play(archive, [before], [after], [after])
    assert tell(archive) == [(1, PAGE, "new", {"number_showed": "Rapat Pleno 1"})]


def test_a_change_of_markup_is_one_row(archive: Engine) -> None:
    """Of all offices that made it, or of those asked about; of no page."""
    for day, skeleton in enumerate(("old", "new")):
        for site in (SURAKARTA.code, CILACAP.code):
            drawn = (post(n, site=site, skeleton=skeleton) for n in range(3))
            visit(archive, day, make_home(site), *drawn)
    both = {"offices": 2, "pages": ["article"]}
    assert tell(archive) == [(1, None, "layout changed", both)]
    with read(archive) as connection:
        (row,) = list_changes(connection, kinds=[Kind.LAYOUT_CHANGED])
        (one,) = list_changes(connection, kinds=[Kind.LAYOUT_CHANGED], sites=[CILACAP.code])
    assert (row["site"], row["title"]) == ("kab-cilacap, kota-surakarta", None)
    assert (one["site"], one["details"]["offices"]) == ("kab-cilacap", 1)


def fill(engine: Engine) -> None:
    """Something of each kind, over nine nights, at two offices."""
    for day in range(9):
        there = [
            make_article(1, views=90 * day, category="Opini" if day > 4 else "Berita"),
            post(2) if day in (0, 3, 4, 5) else spoil(post(2), 404),
            make_article(3, body=EDITED if day > 5 else BODY, views=900 if day < 7 else day),
            post(10 + day),
        ]
        grade_run(engine, visit(engine, day, HOME, LISTING, *there))
        away = make_article(1, site=CILACAP.code, body=f"{BODY} {day // 4}")
        grade_run(engine, visit(engine, day + 0.1, make_home(CILACAP.code), away))


def test_every_choice_is_a_part_of_the_whole(archive: Engine) -> None:
    """Days, offices, provinces, kinds and a limit choose from the same rows."""
    fill(archive)
    with read(archive) as connection:
        rows = list(list_changes(connection))
        assert {row["kind"] for row in rows} == {*Kind} - {Kind.LAYOUT_CHANGED}
        for limit in range(len(rows) + 2):
            assert list(list_changes(connection, limit=limit)) == rows[:limit]
        days = [date(2025, 11, 2 + day) for day in range(11)]
        for day in days:
            since = [row for row in rows if row["at"].date() >= day]
            until = [row for row in rows if row["at"].date() <= day]
            assert list(list_changes(connection, since=day)) == since
            assert list(list_changes(connection, until=day)) == until
            assert list(list_changes(connection, until=day, limit=3)) == until[:3]
            assert list(list_changes(connection, since=day, until=day)) == [
                row for row in since if row in until
            ]
        for kind in Kind:
            chosen = [row for row in rows if row["kind"] == kind]
            assert list(list_changes(connection, kinds=[kind])) == chosen
        away = [row for row in rows if row["site"] == "kab-cilacap"]
        assert list(list_changes(connection, sites=[CILACAP.code])) == away
        assert list(list_changes(connection, provinces=["33"])) == rows
        assert list(list_changes(connection, provinces=["34"])) == []
    assert len(away) == 3


def test_days_are_the_offices_own(archive: Engine) -> None:
    """An article of half past midnight in Java, still the day before in UTC, is of that day."""
    visit(archive, 12.5 / 24, post(1))
    assert list_new(archive, since=date(2025, 11, 4)) == [PAGE]
    assert list_new(archive, until=date(2025, 11, 3)) == []


def test_each_office_has_its_own_midnight(archive: Engine) -> None:
    """Half past eleven in Java is the next day in Papua."""
    for site in (SURAKARTA.code, CILACAP.code):
        visit(archive, 11.5 / 24, post(1, site=site))
    with archive.begin() as connection:
        east = "UPDATE sites SET timezone = 'Asia/Jayapura' WHERE code = '33.01'"
        connection.execute(text(east))
    assert list_new(archive, since=date(2025, 11, 4)) == ["kab-cilacap/1"]
    assert list_new(archive, until=date(2025, 11, 3)) == [PAGE]
    assert list_new(archive) == ["kab-cilacap/1", PAGE]


@pytest.mark.parametrize("limit", [None, 1])
def test_the_ends_of_the_calendar_are_no_error(archive: Engine, limit: int | None) -> None:
    """Days that no zone can tell the beginning of are before or behind all that happened."""
    visit(archive, 0, post(1))
    first, last = date(1, 1, 1), date(9999, 12, 31)
    assert list_new(archive, since=first, until=last, limit=limit) == [PAGE]
    assert list_new(archive, since=last, limit=limit) == []
    assert list_new(archive, until=first, limit=limit) == []


def test_an_import_tells_when_things_were(archive: Engine) -> None:
    """A later run may bring earlier captures, which happened when they were made."""
    visit(archive, 50, post(2))
    with archive.begin() as connection:
        connection.execute(text("UPDATE captures SET fetched_at = '2025-11-05 05:00:00'"))
    assert list_new(archive, since=date(2025, 11, 4), until=date(2025, 11, 6)) == [
        "kota-surakarta/2"
    ]
    assert list_new(archive, since=date(2025, 11, 6)) == []
    assert list_new(archive, limit=1) == ["kota-surakarta/2"]


def test_a_long_run_is_not_missed(archive: Engine) -> None:
    """A run that began before the day and ended on it, or never, may hold captures of the day."""
    run_id = visit(archive, 0, post(1))
    with archive.begin() as connection:
        connection.execute(text("UPDATE captures SET fetched_at = '2025-11-09 05:00:00'"))
    assert list_new(archive, since=date(2025, 11, 9)) == [PAGE]
    with archive.begin() as connection:
        ended = text("UPDATE runs SET ended_at = '2025-11-09 05:00:01' WHERE id = :id")
        connection.execute(ended, {"id": run_id})
    assert list_new(archive, since=date(2025, 11, 9)) == [PAGE]


def test_what_is_withheld_is_in_no_row(archive: Engine) -> None:
    """Whatever happened to it."""
    fill(archive)
    with archive.begin() as connection:
        for page_id in (1, 2, 3):
            row = {"page_id": page_id, "reason": "asked", "who": "us", "withheld_at": NOON}
            connection.execute(insert(Withheld).values(row))
        withheld = {
            f"{label}/{key}"
            for label, key in connection.execute(
                text(
                    "SELECT label, key FROM pages JOIN sites ON sites.id = site_id "
                    "WHERE pages.id < 4"
                )
            )
        }
    with read(archive) as connection:
        pages = {row["page"] for row in list_changes(connection)}
    assert len(withheld) == 3
    assert pages and not pages & withheld


@pytest.mark.parametrize("choice", [{"since": date(2025, 11, 10)}, {"limit": 2}])
def test_what_is_new_reads_no_table_whole(
    tmp_path: Path, open_archive: Callable[[str], Engine], choice: dict[str, Any]
) -> None:
    """What happened lately, and the newest few, are found by the runs of the time."""
    archive = open_archive(f"sqlite:///{tmp_path}/archive.db")
    fill(archive)
    said: list[tuple[str, Any]] = []
    event.listen(archive, "before_cursor_execute", lambda *call: said.append((call[2], call[3])))
    with read(archive) as connection:
        assert list(list_changes(connection, **choice))
    connection = archive.raw_connection()
    plans = [
        row[3]
        for statement, values in said
        if statement.startswith("SELECT")
        for row in connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    ]
    connection.close()
    large = (
        "captures",
        "readings",
        "texts",
        "view_counts",
        "sightings",
        "pages",
        "documents",
        "problems",
    )
    assert len(plans) > 20
    assert [
        plan for plan in plans if plan.startswith(tuple(f"SCAN {name}" for name in large))
    ] == []


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("a b c", "a b c", (0, 0)),
        ("a b c", "a x c", (1, 1)),
        ("", "a b", (2, 0)),
        ("a b", "", (0, 2)),
        ("a a a", "a a", (0, 1)),
        ("a b c d", "c d a b", (2, 2)),
    ],
)
def test_words_that_changed(old: str, new: str, changed: tuple[int, int]) -> None:
    """In their order, each as often as it stands there."""
    assert count_changed(old.split(), new.split()) == changed


@pytest.mark.parametrize(("words", "changed"), [(LONGEST, 1), (LONGEST + 2, 0)])
def test_long_texts_are_compared_as_bags(words: int, changed: int) -> None:
    """Where only one word moved from the beginning to the end, the longer text is unchanged."""
    old = [str(number) for number in range(words // 2)]
    assert count_changed(old, [*old[1:], old[0]]) == (changed, changed)


def test_an_edit_of_nothing_but_order_has_no_share() -> None:
    """Nor has white space, nor how a letter is composed."""
    assert measure_edit(("Rapat", "café  lagi"), ("Rapat", "cafe\u0301 lagi")) == {
        "added": 0,
        "removed": 0,
        "ratio": 0.0,
    }
    assert measure_edit(("A", "b"), ("A", "c"))["ratio"] == 0.5


def test_command_writes_rows(archive: Engine, archive_url: str) -> None:
    """Programs get details by name, people a sentence."""
    fill(archive)
    table = run("changes", "--limit", "500", url=archive_url)
    lines = [line.split("\t") for line in table.stdout.splitlines()[1:]]
    told = {line[4]: line[5] for line in lines}
    assert told == {
        "new": "",
        "edited": "+1 -1 words, 1.4% of all",
        "removed": "not found, it answered 404",
        "returned": "gone since 2025-11-04, it answered 404",
        "recategorised": "Berita -> Opini",
        "counter reset": "900 -> 7",
    }
    assert table.stderr.splitlines()[-1] == f"{len(lines)} changes"
    done = run("changes", "--kind", "counter reset", "--format", "json", url=archive_url)
    (row,) = json.loads(done.stdout)
    assert (row["page"], row["details"]) == ("kota-surakarta/3", {"from": 900, "to": 7})
    assert row["at"] == "2025-11-10T05:00:04+00:00"
    none = run("changes", "--since", "2026", "--format", Format.CSV, url=archive_url)
    assert (none.returncode, none.stdout) == (0, "")
    assert none.stderr.splitlines()[-1] == "nothing changed"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "2025-11", "--until", "2025-10"), "--since is after --until"),
        (("--since", "yesterday"), "is no day"),
        (("--kind", "eaten"), "counter reset"),
        (("--site", "surakarta"), "nearest: kota-surakarta"),
        (("--province", "Jawa"), "no province"),
    ],
)
def test_what_makes_no_sense_is_refused(
    archive: Engine, archive_url: str, arguments: tuple[str, ...], said: str
) -> None:
    """One line, and exit code 2."""
    visit(archive, 0, post(1))
    done = run("changes", *arguments, url=archive_url)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr.splitlines()[-1]


def test_lines_of_a_terminal() -> None:
    """The page, or the office where there is none; what happened and how in one column."""
    layout = {"offices": 2, "pages": ["article", "listing"]}
    row = {"at": night(0), "site": "a, b", "page": None, "title": None, "kind": "layout changed"}
    short = shorten_change(tell_change({**row, "details": layout}))
    assert [format_value(value) for value in short.values()] == [
        "2025-11-03 05:00",
        "a, b",
        "layout changed: article, listing pages of 2 offices",
        "",
    ]
    other = {"number_showed": "Rapat"}
    new = {**row, "kind": "new", "page": PAGE, "details": other}
    assert (
        shorten_change(tell_change(new))["what"] == "new: its number showed another article: Rapat"
    )
    assert shorten_change(tell_change({**new, "details": {}}))["what"] == "new"
    edit = {"added": 1, "removed": 0, "ratio": 0.25, "title_before": "Rapat"}
    edited = tell_change({**new, "kind": "edited", "details": edit})
    assert edited["details"] == "+1 -0 words, 25.0% of all; title was: Rapat"
