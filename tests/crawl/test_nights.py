"""Nights at an office whose server knows validators, with the clock as an argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from archive.database.engine import read
from archive.frontier import ArchiveFrontier
from archive.names import find_page
from archive.records import Capture
from archive.watch.removals import Grade, find_removals
from kpucrawl.crawl.arguments import Arguments
from kpucrawl.crawl.asks import Ask
from kpucrawl.crawl.visit import Visit
from kpucrawl.extract.records import PageReading
from kpucrawl.sites import load_sites
from tests.archive.histories import SOFT_404, list_posts, make_home, night, post, spoil, visit
from tests.archive.making import run_sql

SITE = load_sites().by_label["kota-surakarta"]
HOME = PageReading("home", "current", "1", "s0")
PAGE = "kota-surakarta/3"
ARTICLE = post(3, headers={"Etag": '"article"', "Last-Modified": "Sat, 01 Nov 2025 00:00:00 GMT"})
GONE = spoil(ARTICLE, 200, reading=SOFT_404)
GONE = replace(GONE, body=b"<html>Tidak ditemukan</html>", headers={"Etag": '"gone"'})

Server = Callable[[Mapping[str, str]], Capture]
"""What the server answers to the headers of a request."""


def serve(now: Capture) -> Server:
    """A server that answers 304 to who holds what it shows."""

    def answer(asked: Mapping[str, str]) -> Capture:
        held = asked.get("If-None-Match") == now.headers["Etag"]
        return spoil(now, 304) if held else now

    return answer


def serve_lazily(asked: Mapping[str, str]) -> Capture:
    """A cache that answers 304 to everybody, whatever it was asked."""
    return spoil(ARTICLE, 304)


def play_night(archive: Engine, day: float, server: Server) -> Ask | None:
    """Ask for what is due that night and keep what comes; return what was asked of the article."""
    crawl = Visit(SITE, Arguments.parse({}), ArchiveFrontier(archive), now=night(day))
    asks = [ask for ask in crawl.follow_page(HOME) if ask.address.canonical == ARTICLE.canonical]
    answers = [replace(server(ask.headers), validated=ask.validated) for ask in asks]
    visit(archive, day, make_home(), list_posts(1, 2), post(1), post(2), *answers)
    return asks[0] if asks else None


def find_grade(archive: Engine) -> Grade | None:
    with read(archive) as connection:
        place = find_page(connection, PAGE)
        found = find_removals(connection, place.site_id, ZoneInfo("Asia/Jakarta"), place.page_id)
    return found[place.page_id].grade if place.page_id in found else None


def read_answers(archive: Engine) -> list[str]:
    query = (
        f"SELECT answer FROM captures WHERE canonical = '{ARTICLE.canonical}' ORDER BY fetched_at"
    )
    return [answer for (answer,) in run_sql(archive, query)]


@pytest.mark.parametrize("server", [serve(GONE), serve_lazily], ids=["exact", "lazy"])
def test_five_nights_of_a_soft_404_bring_no_article_back(archive: Engine, server: Server) -> None:
    """Behind a page that says with an ETag that it is missing nothing is asked of that page's
    validators, and no 304 makes the article return; it is asked for each night."""
    visit(archive, 0, make_home(), list_posts(1, 2), post(1), post(2), ARTICLE)
    play_night(archive, 1, serve(GONE))
    for day in range(2, 6):
        ask = play_night(archive, day, server)
        assert ask is not None and not ask.headers and ask.validated is None
        assert find_grade(archive) in (Grade.SOFT, Grade.CONFIRMED)
    last = "missing" if server is not serve_lazily else "failed"
    assert read_answers(archive) == ["article", "missing", *[last] * 4]
    play_night(archive, 6, serve(ARTICLE))
    assert find_grade(archive) is Grade.RETURNED
    assert run_sql(archive, "SELECT revisions FROM articles WHERE page = '3'") == [(1,)]


def test_unchanged_article_is_validated_against_itself(archive: Engine) -> None:
    """While the article is held, each 304 is worth the capture whose validators were sent."""
    visit(archive, 0, make_home(), list_posts(1, 2), post(1), post(2), ARTICLE)
    ((held,),) = run_sql(
        archive, f"SELECT id FROM captures WHERE canonical = '{ARTICLE.canonical}'"
    )
    for day in range(1, 4):
        ask = play_night(archive, day, serve(ARTICLE))
        assert ask is not None and ask.validated == held
        assert ask.headers["If-None-Match"] == '"article"'
    assert read_answers(archive) == ["article", *["unchanged"] * 3]
    assert find_grade(archive) is None


def test_304_with_nothing_held_is_no_answer(archive: Engine) -> None:
    """A page of which only a listing or an error is known is asked for again behind a 304."""
    visit(archive, 0, make_home(), list_posts(1, 2, 3), spoil(ARTICLE, 500))
    for day in (1, 2):
        ask = play_night(archive, day, serve_lazily)
        assert ask is not None and not ask.headers
    assert read_answers(archive) == ["failed"] * 3
    assert run_sql(archive, "SELECT count(*) FROM articles WHERE page = '3'") == [(0,)]
