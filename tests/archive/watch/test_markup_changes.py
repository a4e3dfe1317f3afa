"""A change of markup is raised once, however many offices made it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from archive.database.engine import read
from archive.ingest.writer import save_batch
from archive.records import Capture, LearntLayout
from archive.watch.health import list_health
from archive.watch.markup_changes import Change, find_changes
from tests.archive.histories import list_posts, make_home, night, post, visit
from tests.archive.making import CILACAP, SURAKARTA


def find(engine: Engine, since: float = -1) -> list[Change]:
    """The changes since a day."""
    with read(engine) as connection:
        return find_changes(connection, night(since))


def draw(*skeletons: str, site: str = SURAKARTA.code, **changes: Any) -> list[Capture]:
    """Three articles drawn with each of these."""
    numbers = range(3 * len(skeletons))
    return [post(n, site=site, skeleton=skeletons[n // 3], **changes) for n in numbers]


def test_new_markup_is_one_change_of_all_offices(archive: Engine) -> None:
    """Two offices that turn to the same markup on different nights are one change, since the first
    of them."""
    for site in (SURAKARTA.code, CILACAP.code):
        visit(archive, 0, make_home(site), *draw("old", "old too", site=site))
    visit(archive, 1, *draw("new"), *draw("old", site=CILACAP.code))
    visit(archive, 2, *draw("new"), *draw("new", "new too", site=CILACAP.code))
    (change,) = find(archive)
    assert change.offices == ("kab-cilacap", "kota-surakarta")
    assert (change.kinds, change.skeletons) == (("article",), ("new", "new too"))
    assert change.at == night(1)
    assert find(archive, since=1.5) == []


def test_health_tells_it_in_one_row(archive: Engine) -> None:
    """A change stands in health behind the offices in trouble, once."""
    for site in (SURAKARTA.code, CILACAP.code):
        visit(archive, 0, make_home(site), list_posts(1, site=site), *draw("old", site=site))
        visit(archive, 1, make_home(site), list_posts(1, site=site), *draw("new", site=site))
    with read(archive) as connection:
        rows = [row for row in list_health(connection) if row["state"] == "layout changed"]
    assert [row["site"] for row in rows] == ["kab-cilacap, kota-surakarta"]


def test_health_tells_how_many_fit_the_template_before(archive: Engine) -> None:
    """Articles captured since the change are counted by the layout learnt before it; without one
    nothing is told of it."""
    visit(archive, 0, make_home(), list_posts(1), *draw("old"))
    learnt = LearntLayout(SURAKARTA.code, "d", '{"groups":[]}', 1, "1", (1,), 3, night(0.5))
    with archive.begin() as connection:
        save_batch(connection, 1, [learnt])
    misfits, fit = draw("new", layout="d"), post(7, skeleton="new", layout="d", layout_group="g")
    visit(archive, 1, make_home(), list_posts(1), *misfits, fit)
    with read(archive) as connection:
        (row,) = (one for one in list_health(connection) if one["state"] == "layout changed")
    assert row["evidence"].endswith("; 1 of 4 articles since fit the template known before")


@pytest.mark.parametrize(
    "nights",
    [
        [draw("old"), draw("old", "new")],
        [draw("old"), draw("new")[:2], draw("old")],
        [draw("old"), draw("new")[:2]],
        [draw("old"), draw("new", reader_version="2")],
        [draw("old")],
    ],
    ids=["beside the old", "odd pages of one night", "too few", "another reader", "first visit"],
)
def test_no_change(archive: Engine, nights: list[list[Capture]]) -> None:
    """A second markup in use, a few odd pages, another reader's digests or a first visit are no
    change."""
    for day, captures in enumerate(nights):
        visit(archive, day, make_home(), *captures)
    assert find(archive) == []


def test_each_change_is_raised(archive: Engine) -> None:
    """Two changes of one office are two, the newest first."""
    for day, skeleton in enumerate(("a", "b", "c")):
        visit(archive, day, make_home(), *draw(skeleton))
    assert [change.skeletons for change in find(archive)] == [("c",), ("b",)]
