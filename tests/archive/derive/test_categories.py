"""An article whose page prints no category has that of the listing which shows it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from archive.derive.documents import rebuild
from archive.records import Capture, Category
from tests.archive.making import begin, make_article, make_listing, run_sql, save

CATEGORIES = (Category("104", "Berita Terkini"), Category("11", "Pengumuman"))


def make_listed(number: int, category: str, minutes: float = 0) -> Capture:
    """A listing of a category that shows one article."""
    listing = make_listing([(number, f"Rapat {number}", None)], minutes)
    assert listing.reading is not None
    reading = replace(listing.reading, categories=CATEGORIES)
    address = f"/blog/category/{category}"
    return replace(listing, canonical=address, url=f"https://x{address}", reading=reading)


@pytest.mark.parametrize(
    ("printed", "listings", "category"),
    [
        (None, ("104",), "Berita Terkini"),
        ("Kabar", ("104",), "Kabar"),
        (None, ("104", "11"), None),
        (None, ("7",), None),
        (None, (), None),
    ],
)
def test_the_listing_tells_what_the_page_does_not(
    archive: Engine, printed: str | None, listings: tuple[str, ...], category: str | None
) -> None:
    """What the page prints goes first; two listings tell nothing; rebuilding tells the same."""
    run = begin(archive)
    save(
        archive, run, *(make_listed(1, one) for one in listings), make_article(1, category=printed)
    )
    assert run_sql(archive, "SELECT category FROM articles") == [(category,)]
    with archive.begin() as connection:
        rebuild(connection, print)
    assert run_sql(archive, "SELECT category FROM articles") == [(category,)]


def test_it_is_found_by_it(archive: Engine) -> None:
    """The search knows the category that a listing told later."""
    from archive.database import engine as db
    from archive.search.search import search

    run = begin(archive)
    save(archive, run, make_article(1))
    save(archive, run, make_listed(1, "11", 10))
    with db.read(archive) as connection:
        assert len(list(search(connection, "", category="Pengumuman").hits)) == 1
