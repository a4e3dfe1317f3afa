"""What is withheld is shown to nobody, by no reader, until it is lifted."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from archive.database import engine as db
from archive.database.engine import ArchiveError
from archive.derive.changes import find_last_change
from archive.evidence.withhold import Why, lift, list_alike, list_withheld, withhold_page
from archive.read.articles import show_article
from archive.read.captures import list_captures, load_snapshot
from archive.read.rescue import find_rescue
from archive.records import Link
from archive.search.entries import read_entries
from archive.search.search import search
from archive.watch.coverage import list_missing
from tests.archive.making import (
    CILACAP,
    NOON,
    at,
    begin,
    make_article,
    make_listing,
    run_sql,
    save,
)
from tests.forking import Order, run_forked

PAGE = "kota-surakarta/1"
WHY = Why("court order 12/2025", "archivist", NOON)
SAID = f"{PAGE} is withheld: {WHY.reason}"
READERS: dict[str, Callable[[Connection], Any]] = {
    "show": lambda connection: show_article(connection, PAGE),
    "history": lambda connection: list(list_captures(connection, PAGE)),
    "snapshot": lambda connection: load_snapshot(connection, PAGE),
    "rescue": lambda connection: find_rescue(connection, PAGE, lambda *_: "text"),
}
OTHER = "Rapat lain dibuka oleh ketua. " + " ".join(f"Butir ke-{n}." for n in range(40))


def run(url: str, *arguments: str) -> CompletedProcess[str]:
    """Run the program with its output on pipes."""
    environment = os.environ | {"KPU_ARCHIVE_URL": url}
    return run_forked(Order(("kpu-archive", *arguments), Path.cwd(), environment), timeout=60)


@pytest.fixture
def filled(archive: Engine) -> Engine:
    """Three articles, of which the first two share their text, and a listing that shows them; the
    third links the first."""
    link = Link("related", "https://kota-surakarta.kpu.go.id/blog/read/1_rapat", "Rapat Pleno 1")
    save(
        archive,
        begin(archive),
        make_listing([(1, "Rapat Pleno 1", 5), (2, "Rapat Pleno 2", 6)]),
        make_article(1, 1),
        make_article(1, 2, site=CILACAP.code),
        make_article(2, 3, body=OTHER, links=(link,)),
    )
    return archive


def hide(engine: Engine, name: str = PAGE) -> list[str]:
    """Withhold a page; return what shows the same."""
    with engine.begin() as connection:
        return list_alike(connection, withhold_page(connection, name, WHY))


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_shows_what_is_withheld(filled: Engine, reader: str) -> None:
    """Each answers before, refuses with the reason in one line, and answers again when lifted."""
    with db.read(filled) as connection:
        shown = READERS[reader](connection)
    hide(filled)
    with db.read(filled) as connection, pytest.raises(ArchiveError) as error:
        READERS[reader](connection)
    assert str(error.value) == SAID
    with filled.begin() as connection:
        lift(connection, PAGE)
    with db.read(filled) as connection:
        assert READERS[reader](connection) == shown


def test_search_view_copies_and_links_leave_it_out(filled: Engine) -> None:
    """Others neither name it as their copy nor show the words that link it."""
    hide(filled)
    with db.read(filled) as connection:
        pages = {hit.page for hit in search(connection, limit=None).hits}
        copy = show_article(connection, "kab-cilacap/1")
        linking = show_article(connection, "kota-surakarta/2")
        missing = list_missing(connection, "33.72")
    assert pages == {"kab-cilacap/1", "kota-surakarta/2"}
    assert (copy.copies, linking.links, missing) == ((), (), [])
    assert run_sql(filled, "SELECT site, page FROM articles ORDER BY site") == [
        ("kab-cilacap", "1"),
        ("kota-surakarta", "2"),
    ]
    with filled.begin() as connection:
        lift(connection, PAGE)
    assert len(run_sql(filled, "SELECT page FROM articles")) == 3
    with db.read(filled) as connection:
        assert [row["page"] for row in show_article(connection, "kab-cilacap/1").copies] == [PAGE]
        assert len(show_article(connection, "kota-surakarta/2").links) == 1


def test_index_holds_no_words_of_it(filled: Engine) -> None:
    """What an index is made from leaves it out."""
    hide(filled)
    with db.read(filled) as connection:
        assert {entry.page_id for entry in read_entries(connection, [1, 2, 3])} == {2, 3}


def test_withholding_names_its_copies_and_logs_a_change(filled: Engine) -> None:
    """Indexes follow from the log, there and back."""
    with db.read(filled) as connection:
        before = find_last_change(connection)
    assert hide(filled) == ["kab-cilacap/1"]
    with db.read(filled) as connection:
        hidden = find_last_change(connection)
    assert hide(filled, "kab-cilacap/1") == []
    with filled.begin() as connection:
        lift(connection, PAGE)
        assert before < hidden < find_last_change(connection)


def test_first_reason_stays(filled: Engine) -> None:
    """Withholding again changes neither reason nor time."""
    hide(filled)
    with filled.begin() as connection:
        withhold_page(connection, PAGE, Why("another", "somebody", at(60)))
        rows = list(list_withheld(connection))
    assert [(row["page"], row["reason"], row["who"]) for row in rows] == [
        (PAGE, WHY.reason, "archivist")
    ]
    assert rows[0]["withheld_at"] == NOON
    assert rows[0]["erased_at"] is None


def test_only_what_is_withheld_is_lifted(filled: Engine) -> None:
    """Anything else is told."""
    with filled.begin() as connection, pytest.raises(ArchiveError, match="/1 is not withheld"):
        lift(connection, PAGE)


def test_commands_hide_list_and_lift(filled: Engine) -> None:
    """As a person does it: what is said, and the exit codes."""
    url = filled.url.render_as_string(hide_password=False)
    place = run_sql(filled, "PRAGMA database_list") if url.startswith("sqlite") else None
    url = f"sqlite:///{place[0][2]}" if place else url
    done = run(url, "withhold", PAGE, "--reason", "court\norder", "--who", "Sri")
    said = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (0, "")
    assert said[1:] == [
        f"{PAGE} is withheld",
        "these show the same article and are not withheld: kab-cilacap/1",
    ]
    listed = json.loads(run(url, "withhold", "--format", "json").stdout)
    assert [(row["page"], row["reason"], row["who"]) for row in listed] == [
        (PAGE, "court order", "Sri")
    ]
    refused = run(url, "show", PAGE)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.endswith(f"{PAGE} is withheld: court order\n")
    assert run(url, "withhold", PAGE, "--undo").returncode == 0
    assert run(url, "show", PAGE).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([PAGE], "say why"),
        ([PAGE, "--reason", " "], "say why"),
        (["--reason", "x"], "name a page"),
        ([PAGE, "--undo", "--reason", "x"], "--undo goes alone"),
        (["nowhere/1", "--reason", "x"], "no office"),
        ([PAGE, "--undo"], "no office"),
    ],
)
def test_bad_input_is_told_in_one_line(
    sqlite_template: Path, arguments: list[str], said: str
) -> None:
    """Code 2, and nothing is written."""
    done = run(f"sqlite:///{sqlite_template}", "withhold", *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert said in done.stderr.splitlines()[-1]


def test_no_archive_is_made(tmp_path: Path) -> None:
    """A mistyped address makes no empty archive."""
    done = run(f"sqlite:///{tmp_path}/none.db", "withhold", PAGE, "--reason", "x")
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
