"""The tables of docs/verdicts.md, played on both sides: by the judge alone, and by the archive from
captures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from archive.database.engine import read
from archive.records import Capture, Problem, Reading, Sighting
from archive.watch.health import find_states
from archive.watch.verdicts import (
    Answer,
    State,
    VisitFacts,
    classify_answer,
    gather_facts,
    judge_visit,
)
from tests.archive.histories import NO_HOST, list_posts, make_home, post, spoil, visit
from tests.archive.making import SURAKARTA, run_sql

DOCS = Path(__file__).parents[3] / "docs" / "verdicts.md"
HOST = "https://kota-surakarta.kpu.go.id"
ADDRESSES = {
    "article": (("blog", "1"), "/blog/read/1"),
    "page": (("url", "/profil"), "/profil"),
    "home": (None, "/"),
    "listing": (None, "/blog/category/104?page=1"),
    "json": (None, "/api/blogs/104"),
    "rules": (None, "/robots.txt"),
}
HELD_CAPTURE = 1
"""The row of the first capture of an archive: an article."""
TARGETS = {"to another page": f"{HOST}/blog/read/2", "to another host": "https://elsewhere.id/"}


def read_table(heading: str) -> list[list[str]]:
    """The rows of the table below a heading."""
    text = DOCS.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def make_capture(row: list[str]) -> Capture:
    """The capture that a row of the table of answers tells of."""
    asked, status, kind, doubt, error, _ = row
    page, canonical = ADDRESSES[asked]
    number, _, target = status.partition(" ")
    url = HOST + canonical
    return Capture(
        site=SURAKARTA.code,
        url=url,
        canonical=canonical,
        fetched_at=make_home().fetched_at,
        page=page,
        answered_url=TARGETS.get(target, url) if number else None,
        status=int(number) if number else None,
        error=error or None,
        validated=HELD_CAPTURE if target == "as an article that is held" else None,
        reading=make_reading(kind, doubt) if kind else None,
    )


def make_reading(kind: str, doubt: str) -> Reading:
    name, _, items = kind.partition(", ")
    shown = tuple(
        Sighting(("blog", str(n)), f"{HOST}/blog/read/{n}", f"Judul {n}")
        for n in range(int(items.split()[0]) if items else 0)
    )
    problems = (Problem(doubt, "", "doubted"),) if doubt else ()
    return Reading("1", name, "current", "s1", sightings=shown, problems=problems)


@pytest.mark.parametrize("row", read_table("Answers"), ids=" ".join)
def test_answer_has_its_name(row: list[str]) -> None:
    """Each answer of the table is named as it says, from its record."""
    assert classify_answer(gather_facts(make_capture(row))) == row[-1]


def test_answers_are_named_alike_by_the_archive(archive: Engine) -> None:
    """What the archive names from rows of captures and readings, when all is rebuilt, is what was
    named when they came."""
    rows = read_table("Answers")
    visit(archive, 0, post(1))
    for day, row in enumerate(rows, 1):
        visit(archive, day, make_capture(row))
    named = run_sql(archive, f"SELECT answer FROM captures WHERE id > {HELD_CAPTURE} ORDER BY id")
    assert [name for (name,) in named] == [row[-1] for row in rows]


@dataclass(frozen=True)
class Case:
    """A row of the table of visits."""

    answers: Counter[str]
    lost: int
    vanished: int
    has_read: bool
    before: State | None
    cut: bool
    code: int
    state: State

    @classmethod
    def parse(cls, row: list[str]) -> Case:
        """Read one row."""
        counts = Counter({name: int(number) for name, number in re.findall(r"(\w+) (\d+)", row[0])})
        lost, vanished = (int(cell or 0) for cell in row[1:3])
        before = State(row[4]) if row[4] else None
        code, state = int(row[6]), State(row[7])
        return cls(counts, lost, vanished, row[3] == "yes", before, row[5] == "yes", code, state)


VISITS = read_table("Visits")


@pytest.mark.parametrize("row", VISITS, ids=" ".join)
def test_visit_has_its_code_and_its_state(row: list[str]) -> None:
    """Each visit of the table ends with its code and leaves its office in its state; the sentence
    is one line."""
    case = Case.parse(row)
    facts = VisitFacts(
        case.answers,
        case.lost,
        case.vanished,
        case.cut,
        "503 for a page",
        "301 for a page",
        case.has_read,
        case.before,
    )
    verdict = judge_visit(facts)
    assert (verdict.code, verdict.state) == (case.code, case.state)
    assert verdict.text and "\n" not in verdict.text


def test_tables_name_every_answer_and_every_state_of_a_visit() -> None:
    """No answer and no state that a visit can end in is left out of the tables."""
    assert {row[-1] for row in read_table("Answers")} == set(Answer)
    judged = set(State) - {State.QUIET, State.UNKNOWN_HOST, State.NEVER_VISITED}
    assert {Case.parse(row).state for row in VISITS} == judged


HOME, LISTING = make_home(), list_posts(1, 2, 3)
AWAY = "https://elsewhere.id/"
FOUR = {
    "everything redirects to another host": (
        [spoil(HOME, 301, to=AWAY), spoil(LISTING, 301, to=AWAY)],
        (4, "moved"),
    ),
    "2 of 3 articles unread": (
        [
            HOME,
            LISTING,
            post(1),
            *(spoil(post(n), 200, reading=Reading("1", "other", "x", "s")) for n in (2, 3)),
        ],
        (7, "reader broken"),
    ),
    "home read, 200 answers blocked": (
        [HOME, *(spoil(post(n), 403) for n in range(1, 201))],
        (5, "blocked"),
    ),
    "1 listing read, 50 failed": (
        [HOME, LISTING, *(spoil(post(n), error=NO_HOST) for n in range(1, 51))],
        (4, "down"),
    ),
    "50 listings read, 1 failed": (
        [HOME, *(list_posts(n, page=n) for n in range(1, 51)), spoil(post(1), error=NO_HOST)],
        (3, "fine"),
    ),
}


def play(engine: Engine, captures: list[Capture], after_a_good_one: bool) -> Iterator[object]:
    """Yield the verdict in `visits` and in health of a first visit, or of one after a good one."""
    if after_a_good_one:
        visit(engine, 0, HOME, LISTING, post(1), post(2), post(3))
    run = visit(engine, 1, *captures)
    yield from run_sql(engine, f"SELECT exit_code, state FROM visits WHERE run_id = {run}")
    with read(engine) as connection:
        yield find_states(connection, site=SURAKARTA.code)[0].state


@pytest.mark.parametrize("after_a_good_one", [False, True], ids=["first", "later"])
@pytest.mark.parametrize("case", FOUR.values(), ids=FOUR.keys())
def test_visits_and_health_agree(
    archive: Engine, case: tuple[list[Capture], tuple[int, str]], after_a_good_one: bool
) -> None:
    """Code and state in `visits`, judged from captures, and the state in health are the same."""
    captures, (code, state) = case
    assert list(play(archive, captures, after_a_good_one)) == [(code, state), state]


def test_bug_that_no_capture_tells_of_is_kept(archive: Engine) -> None:
    """Judging all anew forgets no bug that a visit's own run counted."""
    from archive.watch.visits import derive_visits

    run = visit(archive, 0, HOME, LISTING, post(1))
    with archive.begin() as connection:
        connection.exec_driver_sql("""UPDATE visits SET counts = '{"bug": 2}', exit_code = 1""")
        derive_visits(connection)
    told = run_sql(archive, f"SELECT exit_code, outcome FROM visits WHERE run_id = {run}")
    assert told[0][0] == 1 and "a bug stopped 2 pages" in told[0][1]


def test_other_source_is_no_visit(archive: Engine) -> None:
    """Captures that an import brings are named, and are no visit."""
    visit(archive, 0, replace(HOME, source="import"))
    assert run_sql(archive, "SELECT answer FROM captures") == [("page",)]
    with read(archive) as connection:
        state = find_states(connection, site=SURAKARTA.code)[0].state
    assert state is State.FINE  # histories write the end of the visit
