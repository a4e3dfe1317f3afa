"""What a tree tells of single lines and boxes is what it tells of the whole page."""

from __future__ import annotations

import pytest

from kpucrawl.extract.html.parse import open_page
from kpucrawl.extract.layouts.model import Layout
from kpucrawl.extract.layouts.read import Known, know_groups
from kpucrawl.extract.layouts.tree import Tree
from kpucrawl.extract.regions.teasers import TEASER_LINES, is_link
from tests.extract.layouts.test_learn import THEMES, learn, list_samples

URL = "https://kab-cilacap.kpu.go.id/blog/read/12_rapat-pleno"


def make_tree(markup: str) -> Tree:
    page = open_page(f"<html><body>{markup}</body></html>".encode(), URL)
    assert page is not None
    return Tree(page, frozenset())


def list_teasers(tree: Tree) -> list[int]:
    return [line.index for line in tree.lines if tree.is_teaser(line.index)]


@pytest.mark.parametrize("theme", THEMES)
def test_a_teaser_is_told_line_by_line(theme: str) -> None:
    """Asked line by line, the teasers of a page are those that the whole page has."""
    for sample in list_samples(theme)[:10]:
        page = open_page(sample.body, sample.url)
        assert page is not None
        tree = Tree(page, frozenset())
        assert list_teasers(tree) == sorted(tree.teasers) != []


@pytest.mark.parametrize(("more", "lines"), [(TEASER_LINES - 1, TEASER_LINES), (TEASER_LINES, 1)])
def test_the_last_line_of_a_teaser_is_one(more: int, lines: int) -> None:
    """A box of six lines led by a link is a teaser to its last line; of seven only the link is."""
    link = '<p><a href="/blog/read/9_lain">Rapat lain</a></p>'
    tree = make_tree(f"<p>Isi</p><div>{link}{'<p>Kutipan</p>' * more}</div><p>Isi</p>")
    assert len(list_teasers(tree)) == lines == len(tree.teasers)


def test_a_day_above_its_link_is_of_the_teaser() -> None:
    """One line may stand above the link of a teaser, in its box."""
    link = '<p><a href="/blog/read/9_lain">Rapat lain</a></p>'
    assert list_teasers(make_tree(f"<p>Isi</p><div><p>12 Mei</p>{link}</div>")) == [1, 2]
    assert list_teasers(make_tree(f"<div><p>12 Mei</p><p>Isi</p>{link}</div>")) == [2]


@pytest.mark.parametrize(("beside", "linked", "is_one"), [("ab", 8, True), ("abc", 7, False)])
def test_four_of_five_characters_make_a_link(beside: str, linked: int, is_one: bool) -> None:
    """A line is a link as a whole from four fifths of its characters on."""
    tree = make_tree(f"<p>{beside}<a href='/x'>{'x' * linked}</a></p>")
    assert is_link(tree.lines[0]) is is_one


def test_a_layout_is_made_ready_once() -> None:
    """Layouts of one digest, as each page brings its own, share what was made of the first."""
    layout = learn(THEMES[0])
    again = Layout.from_json(layout.to_json())
    assert know_groups(Known(layout)) is know_groups(Known(again))
    assert know_groups(Known(learn(THEMES[1]))) is not know_groups(Known(layout))
