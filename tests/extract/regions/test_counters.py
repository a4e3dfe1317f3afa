"""Which of a page's counters is the article's."""

from __future__ import annotations

import pytest

from kpucrawl.extract.regions.counters import CounterFinder

from .pages import HEAD, LINK, look_around, write_paragraphs

TEXT = write_paragraphs(300, 300)
COUNT = "<p>Dilihat 5 kali</p>"
OTHER = "<p>Dilihat 6 kali</p>"
TWO = COUNT + OTHER
"""Behind another block two counters tell nothing."""


def find_views(inner: str) -> int | None:
    around = look_around(inner)
    return CounterFinder(around, around.find()).find()


@pytest.mark.parametrize(
    ("behind", "views"),
    [
        pytest.param(TWO, 5, id="right below"),
        pytest.param(f"<p>Tags: pleno</p>{TWO}", 5, id="below tags"),
        pytest.param(
            f"<p>Diterbitkan di <a href='/aula'>Logistik</a>. Dilihat: 5</p>{OTHER}",
            5,
            id="in a sentence of notes, in a piece of its own",
        ),
        pytest.param(f"<p>Tags: pleno</p>{LINK}{TWO}", None, id="below a block of links"),
        pytest.param(f"<h4>Kotak</h4>{TWO}", None, id="below a heading"),
        pytest.param(f"<h1>Kotak</h1>{TWO}", None, id="below the largest heading"),
        pytest.param(f"<h4>Dilihat 5 kali</h4>{OTHER}", 5, id="a heading itself"),
        pytest.param(f"{LINK}{TWO}", None, id="below another article"),
        pytest.param(f"<p>Kotak</p>{LINK.replace('/3', '/4')}{TWO}", None, id="below words"),
        pytest.param("<p>Total kunjungan: 9 kali</p>" + TWO, 5, id="below the site's"),
        pytest.param(f"{LINK}{COUNT}", 5, id="one behind another block"),
        pytest.param(f"<div>{LINK}{COUNT}</div>{OTHER}", 6, id="one behind a teaser's"),
        pytest.param(f"{LINK}<p>Pengunjung online: 9</p>{COUNT}", 5, id="one behind the site's"),
        pytest.param(f"{LINK}<p>Kotak</p>", None, id="none"),
    ],
)
def test_a_counter_below_a_text(behind: str, views: int | None) -> None:
    """The first before another block, else the only one behind it that is no teaser's."""
    assert find_views(f"<article>{HEAD}<div>{TEXT}</div>{behind}</article>") == views


def test_a_counter_in_the_foot_of_an_article() -> None:
    """Furniture in the article's box is its own, elsewhere it is not."""
    foot = f"<footer>{COUNT}</footer>"
    assert find_views(f"<article>{HEAD}<div>{TEXT}</div><p>Bagikan:</p>{foot}</article>") == 5
    outside = f"<article>{HEAD}<div>{TEXT}</div></article>{foot}<p>Dilihat 7 kali</p>"
    assert find_views(outside) == 7


@pytest.mark.parametrize(
    ("above", "between", "below", "views"),
    [
        pytest.param("1", "2", "3", 2, id="between"),
        pytest.param("1", "", "3", 3, id="below"),
        pytest.param("1", "", "", 1, id="above"),
    ],
)
def test_the_nearest_counter(above: str, between: str, below: str, views: int) -> None:
    """Between headline and text, then below it, then above the headline."""
    show = "<p>Dilihat {} kali</p>".format
    lines = [show(count) if count else "" for count in (above, between, below)]
    assert find_views(f"{lines[0]}{HEAD}{lines[1]}<div>{TEXT}</div>{lines[2]}") == views


def test_a_counter_amid_a_text() -> None:
    """It goes before those below."""
    assert find_views(f"{HEAD}<div>{TEXT}{COUNT}{TEXT}</div>{OTHER}") == 5


@pytest.mark.parametrize(("between", "views"), [(5, 5), (6, None)])
def test_a_counter_above_the_headline(between: int, views: int | None) -> None:
    """It is among the six lines there, and in no column of its own."""
    lines = f"{COUNT}{'<p>Kotak</p>' * between}"
    assert find_views(f"{lines}{HEAD}{TEXT}") == views
    assert find_views(f"<div>{lines}</div>{HEAD}{TEXT}") is None


def test_a_counter_that_leads_to_another_article_is_its() -> None:
    """As a teaser's title with its counter does."""
    other = "<p><a href='/blog/read/3'>Dilihat 9 kali</a></p>"
    assert find_views(f"<article>{HEAD}{other}{COUNT}<div>{TEXT}</div></article>") == 5


@pytest.mark.parametrize(
    ("cells", "views"),
    [
        pytest.param("<p>Pembaca</p><p>1.234</p>", 1234, id="below its label"),
        pytest.param("<p>1.234</p><p>Pembaca</p>", 1234, id="above its label"),
        pytest.param("<p>12</p><p>Pembaca</p><p>34</p>", None, id="two numbers"),
        pytest.param("<p>Pembaca</p><p>Kotak</p>", None, id="no number"),
        pytest.param("<p>Kotak</p><p>1.234</p>", None, id="no label"),
        pytest.param("<p>Pembaca</p><p>Kotak</p><p>1.234</p>", None, id="not right below"),
        pytest.param("<p>1.234</p><p>Kotak</p><p>Pembaca</p>", None, id="not right above"),
    ],
)
def test_a_counter_of_a_table(cells: str, views: int | None) -> None:
    """Label and number stand in lines of their own."""
    assert find_views(f"{HEAD}<div>{TEXT}</div>{cells}") == views
    assert find_views(f"{cells}<p>Awal</p>{HEAD}<div>{TEXT}</div>") == views
