"""On how many pages a field must stand for its place to be learnt."""

from __future__ import annotations

import pytest

from kpucrawl.extract.layouts.slots import find_slot
from tests.extract.layouts.test_tree import make_tree


@pytest.mark.parametrize(
    ("having", "pages", "is_learnt"),
    [
        pytest.param(4, 10, True, id="four pages"),
        pytest.param(3, 10, False, id="three pages"),
        pytest.param(4, 13, True, id="three of ten"),
        pytest.param(4, 14, False, id="fewer than three of ten"),
    ],
)
def test_a_place_is_learnt_from_enough_pages(having: int, pages: int, is_learnt: bool) -> None:
    """Four pages have to show a field, and three of ten."""
    trees = [make_tree("<h1>Judul</h1><p class=day>Isi</p>") for _ in range(pages)]
    found = [[tree.lines[1]] if n < having else [] for n, tree in enumerate(trees)]
    titles = [tree.lines[0] for tree in trees]
    assert (find_slot(trees, found, titles) is not None) is is_learnt
