"""Offices move: what a change of host leaves as it was, and what is kept of hosts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from archive.database import engine as db
from archive.ingest.writer import upsert_offices
from archive.names import find_office
from archive.read.articles import show_article
from archive.records import HostSighting, HostTry, Link
from tests.archive.making import CILACAP, SURAKARTA, at, begin, make_article, run_sql, save

OLD, NEW = SURAKARTA.host, "solo.kpu.go.id"
MOVED = replace(SURAKARTA, label="solo", host=NEW)
PICTURE = "/public/kota-surakarta/images/1700000000_0123456789abcdef0123.jpg"


def move(archive: Engine) -> int:
    """An article is captured under the old host, the office moves, and it is captured again."""
    run = begin(archive)
    old = Link("image", f"https://{OLD}{PICTURE}"), Link("image", "https://cdn.example/1.jpg")
    new = Link("image", f"https://{NEW}{PICTURE}"), Link("image", "https://cdn.example/1.jpg")
    save(archive, run, make_article(125, links=old))
    upsert_offices(archive, [MOVED, CILACAP], at(60))
    save(archive, run, make_article(125, 90, url=f"https://{NEW}/blog/read/125_rapat", links=new))
    return run


@pytest.mark.parametrize("name", ["kota-surakarta", OLD, "solo", NEW, "33.72"])
def test_every_name_an_office_had_shows_its_article(archive: Engine, name: str) -> None:
    """Former labels and hosts are names like the present ones; the code form is what is cited."""
    move(archive)
    with db.read(archive) as connection:
        article = show_article(connection, f"{name}/125")
    assert (article.page, article.citation) == ("solo/125", "33.72/125")
    assert article.url == f"https://{NEW}/blog/read/125_rapat"


def test_pictures_stand_once(archive: Engine) -> None:
    """A picture that differs in the office's host alone is one, shown on the present host."""
    move(archive)
    assert len(run_sql(archive, "SELECT url FROM links")) == 2
    with db.read(archive) as connection:
        links = [link["url"] for link in show_article(connection, "33.72/125").links]
    assert links == [f"https://{NEW}{PICTURE}", "https://cdn.example/1.jpg"]


def test_view_gives_living_addresses(archive: Engine) -> None:
    """The view has the present host, as `show` does, and the citation."""
    move(archive)
    found = run_sql(archive, "SELECT site, page, url, citation FROM articles")
    assert found == [("solo", "125", f"https://{NEW}/blog/read/125_rapat", "33.72/125")]


def test_offices_may_swap_hosts(archive: Engine) -> None:
    """One office takes the label that another had a moment ago; present names go first."""
    begin(archive)
    swapped = [
        replace(SURAKARTA, label=CILACAP.label, host=CILACAP.host),
        replace(CILACAP, label=SURAKARTA.label, host=SURAKARTA.host),
    ]
    upsert_offices(archive, swapped, at(60))
    with db.read(archive) as connection:
        names = [SURAKARTA.label, SURAKARTA.host, CILACAP.label, CILACAP.host]
        found = [find_office(connection, name) for name in names]
    assert found == [CILACAP.code] * 2 + [SURAKARTA.code] * 2


def test_hosts_seen_are_kept_with_their_times(archive: Engine) -> None:
    """A host that menus show is one row a place, from the first capture to the last; so is the one
    that the home page leads to."""
    run = begin(archive)
    seen = (HostSighting("kab-x.kpu.go.id", "menu", "KPU X"),)
    save(archive, run, make_article(1, 10, hosts=seen), make_article(2, 0, hosts=seen))
    home = replace(
        make_article(1, 30), url=f"https://{OLD}/", canonical="/", page=None, status=301, body=None,
        answered_url=f"https://{NEW}/", reading=None, digests=None,
    )  # fmt: skip
    save(archive, run, make_article(1, 20, hosts=seen), home)
    query = "SELECT host, place, text, first_seen, last_seen FROM host_sightings ORDER BY host"
    told = [(*row[:3], str(row[3])[11:16], str(row[4])[11:16]) for row in run_sql(archive, query)]
    assert told == [
        ("kab-x.kpu.go.id", "menu", "KPU X", "05:00", "05:20"),
        (NEW, "redirect", "", "05:30", "05:30"),
    ]


def test_tries_are_kept_by_outcome(archive: Engine) -> None:
    """A host tried again with the same outcome is the same row, for longer."""
    run = begin(archive)
    tries = [HostTry("33.72", NEW, "unresolved", "no such name", at(m)) for m in (0, 5)]
    save(archive, run, *tries, HostTry("33.72", NEW, "answered", "200", at(9)))
    found = run_sql(archive, "SELECT outcome, said FROM host_tries ORDER BY outcome")
    assert found == [("answered", "200"), ("unresolved", "no such name")]
