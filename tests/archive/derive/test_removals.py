"""The grades of removals beside the articles are those that the history gives."""

from __future__ import annotations

from sqlalchemy import Engine, delete, text

from archive.database.engine import read
from archive.database.models import Removal, Setting
from archive.derive.documents import rebuild
from archive.derive.removals import complete_removals, grade_run
from archive.search.search import search
from tests.archive.histories import list_posts, make_home, post, spoil, visit
from tests.archive.making import run_sql

HOME = make_home()
GONE = spoil(post(3), 404)
VIEW = "SELECT page, removed, province, office, photographer FROM articles ORDER BY page"


def play(engine: Engine) -> None:
    """One article of two is gone on the second night, graded at the end of each run."""
    for captures in ([HOME, list_posts(1, 3), post(1), post(3)], [HOME, list_posts(1), GONE]):
        day = len(run_sql(engine, "SELECT id FROM runs"))
        grade_run(engine, visit(engine, day, *captures, walked="104"))


def read_grades(engine: Engine) -> list[tuple[str, str]]:
    with read(engine) as connection:
        rows = connection.execute(text("SELECT page_id, grade, since FROM removals")).all()
    return sorted((str(row[0]), f"{row[1]} {row[2]}") for row in rows)


def test_view_and_search_mark_what_was_removed(archive: Engine) -> None:
    """The end of a run grades the pages of the offices it touched; the view and the hits say so."""
    play(archive)
    assert run_sql(archive, VIEW) == [
        ("1", None, None, "Kota Surakarta", None),
        ("3", "not found", None, "Kota Surakarta", None),
    ]
    with read(archive) as connection:
        hits = search(connection).hits
    assert {hit.page: hit.removed for hit in hits} == {
        "kota-surakarta/1": None,
        "kota-surakarta/3": "not found",
    }
    since = next(hit.removed_since for hit in hits if hit.removed)
    assert since is not None and since.tzinfo is not None


def test_an_article_that_came_back_is_not_marked(archive: Engine) -> None:
    """Its grade says that it returned; the view and the hits take it for what it is, there."""
    play(archive)
    grade_run(archive, visit(archive, 2, HOME, list_posts(1, 3), post(3)))
    assert run_sql(archive, "SELECT grade FROM removals") == [("returned",)]
    assert [row[1] for row in run_sql(archive, VIEW)] == [None, None]


def test_rebuild_grades_the_same(archive: Engine) -> None:
    """Made anew from the captures, the grades and their times are equal; what is no removal is
    taken out."""
    play(archive)
    before = read_grades(archive)
    with archive.begin() as connection:
        connection.execute(text("UPDATE removals SET grade = 'unlisted'"))
        connection.execute(
            text(
                "INSERT INTO removals SELECT min(id), min(site_id), 'x', min(first_seen) FROM pages"
            )
        )
        rebuild(connection, lambda line: None)
    assert read_grades(archive) == before


def test_an_upgraded_archive_is_graded_once(archive: Engine) -> None:
    """Where no grades were ever derived all offices are graded; afterwards only those of a run."""
    play(archive)
    before = read_grades(archive)
    with archive.begin() as connection:
        connection.execute(delete(Removal))
    complete_removals(archive)
    assert read_grades(archive) == []
    with archive.begin() as connection:
        connection.execute(delete(Setting).where(Setting.name == "removals"))
    complete_removals(archive)
    assert read_grades(archive) == before
