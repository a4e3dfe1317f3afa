"""Doubts that last: reused numbers, strangers, other offices' pages under an article's address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from archive.cli.text import format_article
from archive.database.engine import read
from archive.derive.documents import rebuild
from archive.frontier import ArchiveFrontier
from archive.read.articles import show_article
from archive.records import Capture, KnownTitles, OfficeMarks, Problem, Reading
from archive.search.search import search
from tests.archive.histories import list_posts, make_home, night, post, visit
from tests.archive.making import SURAKARTA, make_article, make_listing, run_sql

PAGE = "kota-surakarta/1"
OTHER = " ".join(f"Adegan {word} menghibur." for word in ("satu", "dua", "tiga", "empat", "lima"))
ANSWERS = "SELECT answer FROM captures WHERE page_id IS NOT NULL ORDER BY id"


def strange(field: str = "stranger", number: int = 1) -> Capture:
    """An article's address answered by somebody else."""
    problem = Problem(field, "Pemberitahuan", "somebody else's")
    reading = Reading("1", "other", "current", "s9", problems=(problem,))
    return replace(post(number), reading=reading, digests=None, body=b"<p>Pemberitahuan</p>")


def find_flagged(engine: Engine, flag: str) -> list[str]:
    with read(engine) as connection:
        return [hit.page for hit in search(connection, "", flag=flag).hits]


@pytest.mark.parametrize(
    ("field", "answer", "flag"),
    [("stranger", "unread", "stranger"), ("office", "away", "other-office")],
)
def test_a_stranger_is_kept_and_changes_nothing(
    archive: Engine, field: str, answer: str, flag: str
) -> None:
    """Its bytes are kept and it has its answer; the article keeps its text and revisions and is
    not removed, three nights on; its doubt is in `show`, the search and the view, and stays when
    the article comes again and after a rebuild."""
    visit(archive, 0, make_home(), list_posts(1, 2), post(1), post(2))
    for day in (1, 2, 3):
        visit(archive, day, make_home(), list_posts(1, 2), strange(field), post(2))
    visit(archive, 4, make_home(), post(1))
    with archive.begin() as connection:
        rebuild(connection, lambda line: None)
    assert run_sql(archive, ANSWERS)[2::2] == [(answer,)] * 3 + [("article",)]
    assert run_sql(archive, "SELECT page, revisions, doubts FROM articles ORDER BY page") == [
        ("1", 1, flag),
        ("2", 1, None),
    ]
    with read(archive) as connection:
        article = show_article(connection, PAGE)
    assert (article.removal, [problem["field"] for problem in article.problems]) == (None, [field])
    assert "somebody else's" in format_article(article)
    assert find_flagged(archive, flag) == [PAGE]


def test_404_counts_whatever_answers_it(archive: Engine) -> None:
    """A stranger's page with status 404 or 410 is word that the article is gone."""
    visit(archive, 0, make_home(), post(1), post(2))
    for day, status in ((1, 404), (2, 410), (3, 404)):
        visit(archive, day, make_home(), replace(strange(), status=status), post(2))
    with read(archive) as connection:
        removal = show_article(connection, PAGE).removal
    assert removal is not None
    assert removal["grade"] == "confirmed gone"


@pytest.mark.parametrize("status", [404, 503, 999])
def test_an_error_is_no_stranger(archive: Engine, status: int) -> None:
    """That a server's page of an error is not the office's is no doubt about the article."""
    visit(archive, 0, make_home(), post(1))
    visit(archive, 1, make_home(), replace(strange(), status=status))
    assert run_sql(archive, "SELECT doubts FROM articles") == [(None,)]
    assert find_flagged(archive, "stranger") == []


def test_a_reused_number_keeps_its_doubt_and_its_counts(archive: Engine) -> None:
    """The new article's counter begins with its own first, also on the day of the change; that the
    number showed another is told for as long as it does not show it again."""
    new = {"title": "Nonton Bareng Film Noken", "body": OTHER}
    visit(archive, 0, make_article(1, views=4000), make_listing([(1, "Rapat Pleno 1", 4001)]))
    visit(archive, 0.01, make_article(1, views=3, **new))
    visit(archive, 5, make_article(1, views=9, **new))
    with read(archive) as connection:
        article = show_article(connection, PAGE)
    assert [row["count"] for row in article.views] == [3, 9]
    assert [problem["field"] for problem in article.problems] == ["reused"]
    assert run_sql(archive, "SELECT views, doubts FROM articles") == [(9, "reused")]
    assert find_flagged(archive, "reused") == [PAGE]


def test_counts_of_the_day_of_change_do_not_mix(archive: Engine) -> None:
    """The higher count of the article before is not the new one's, on the same day either."""
    visit(archive, 0, make_article(1, views=4000))
    visit(archive, 0.01, make_article(1, views=3, title="Nonton Film Noken", body=OTHER))
    assert run_sql(archive, "SELECT views FROM articles") == [(3,)]


def test_the_frontier_knows_an_office_by_its_articles(archive: Engine) -> None:
    """Marks are counted over the articles of which any were noted; skeletons over all; titles are
    those of listings and of the article held."""
    visit(
        archive,
        0,
        make_listing([(1, "Rapat Pleno yang lain", None)]),
        post(1, marks=("prefix", "menu")),
        post(2, marks=("menu",), skeleton="s7"),
        post(3, skeleton="s8"),
        strange(number=4),
    )
    frontier = ArchiveFrontier(archive)
    marks = {"prefix": 1, "menu": 2}
    assert frontier.find_marks(SURAKARTA.code) == OfficeMarks(2, marks, {"s1", "s7", "s8"})
    held = post(1).reading
    assert held is not None
    named = frontier.find_titles(SURAKARTA.code, ("blog", "1"))
    assert named == KnownTitles(("Rapat Pleno yang lain",), "Rapat Pleno 1", len(held.body or ""))
    assert frontier.find_titles(SURAKARTA.code, ("blog", "9")) == KnownTitles()


@pytest.mark.parametrize("days", [(), (1,), (1, 2)])
def test_strangers_since_the_last_answer_are_counted(archive: Engine, days: Sequence[int]) -> None:
    """The frontier tells how often, and when last, somebody else answered since a page itself
    did."""
    visit(archive, -2, strange())
    visit(archive, 0, post(1))
    for day in days:
        visit(archive, day, strange())
    page = ArchiveFrontier(archive).find_pages(SURAKARTA.code)["blog", "1"]
    last = night(days[-1]) if days else None
    assert (page.visited, page.turned_away) == (night(0), len(days))
    assert page.turned_away_at == last
