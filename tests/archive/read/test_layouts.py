"""What was learnt of offices, and how many of their articles fit."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from archive.database.engine import read
from archive.ingest.writer import save_batch
from archive.read.layouts import list_layouts
from archive.records import LearntLayout
from tests.archive.histories import list_posts, make_home, night, post, visit
from tests.archive.making import SURAKARTA


@pytest.mark.parametrize(("fitting", "misfits", "fit"), [(3, 1, 0.75), (2, 0, 1.0), (0, 2, 0.0)])
def test_the_share_of_articles_that_fit(
    archive: Engine, fitting: int, misfits: int, fit: float
) -> None:
    """Of those that were read by an office's layout, however many wait to be."""
    posts = [post(number, layout="d", layout_group="g") for number in range(fitting)]
    posts += [post(fitting + number, layout="d") for number in range(misfits)]
    visit(archive, 0, make_home(), list_posts(1), *posts, post(90))
    learnt = LearntLayout(SURAKARTA.code, "d", '{"groups":[]}', 1, "1", (1,), 3, night(1))
    with archive.begin() as connection:
        save_batch(connection, 1, [learnt])
    with read(archive) as connection:
        (row,) = list_layouts(connection)
    assert (row["read"], row["fit"], row["waiting"]) == (fitting + misfits, fit, 1)
