"""Which lines of a page are the teasers of other articles."""

from __future__ import annotations

import pytest

from kpucrawl.extract.regions.teasers import (
    EXCERPT,
    LINKED,
    TEASER_LEAD,
    TEASER_LENGTH,
    TEASER_LINES,
    TeaserFinder,
    is_link,
)

from .pages import LINK, URL, parse, write_paragraphs, write_sentence

TITLE = "Judul lain"
DAY = "<p>3 Mei 2021</p>"
AWAY = "<p><a href='https://a.id/'>Laman</a></p>"


def find_teasers(inner: str) -> list[int]:
    """The numbers of the lines, which are told one by one as they are all together."""
    page = parse(inner)
    found = TeaserFinder(page).teasers
    numbers = range(len(page.outline.lines))
    assert [TeaserFinder(page).is_teaser(n) for n in numbers] == [n in found for n in numbers]
    one = TeaserFinder(page)
    assert [one.is_teaser(n) for n in numbers] == [n in found for n in numbers]
    return sorted(found)


def find_part(inner: str) -> str:
    """`all` or `title`, by what of a box is a teaser."""
    count = len(parse(inner).outline.lines)
    return {count: "all", 1: "title", 0: "none"}[len(find_teasers(f"<div>{inner}</div>"))]


@pytest.mark.parametrize(
    ("inner", "numbers"),
    [
        pytest.param(LINK, [0], id="a title"),
        pytest.param(f"{LINK}{DAY}", [0], id="right inside the page"),
        pytest.param(f"<div>{LINK}{DAY}</div>{DAY}", [0, 1], id="in a box"),
        pytest.param(f"<div><div>{LINK}</div>{DAY}</div>", [0, 1], id="the largest box"),
        pytest.param(f"{DAY}<div>{DAY}{LINK}{DAY}</div>{DAY}", [1, 2, 3], id="amid a page"),
        pytest.param(f"<div>{LINK}{DAY}</div>" * 2, [0, 1, 2, 3], id="two"),
        pytest.param(
            f"{AWAY * (TEASER_LINES - 1)}<div>{AWAY}{LINK}</div>",
            [TEASER_LINES - 1, TEASER_LINES],
            id="behind links that leave the office",
        ),
        pytest.param(
            "<p><a href='/blog/read/3'>Judul</a> <a href='/profil'>x</a></p>", [0], id="first link"
        ),
        pytest.param("<a href='/blog/read/3'>Judul lain</a>", [], id="without a box"),
        pytest.param(f"<div>{DAY}{DAY}</div>", [], id="no link"),
        pytest.param("<div><p><a href='/blog/read/12'>Judul ini</a></p></div>", [], id="itself"),
        pytest.param("<div><p><a href='/profil'>Profil kami</a></p></div>", [], id="a page"),
        pytest.param("<div><h4><a href='/rapat'>Rapat</a></h4></div>", [0], id="a headed page"),
        pytest.param("<div><h4><a href='https://a.id/x'>Rapat</a></h4></div>", [], id="elsewhere"),
        pytest.param(
            "<div><h4><a href='/blog/category/9'>Opini</a></h4></div>", [], id="a listing"
        ),
        pytest.param(f"<div><h4><a href='{URL}'>Rapat</a></h4></div>", [], id="this article"),
    ],
)
def test_what_is_a_teaser(inner: str, numbers: list[int]) -> None:
    """The largest box that begins with the link to one article, or heading that leads to a page."""
    assert find_teasers(inner) == numbers


def test_a_heading_that_links_its_own_page_is_no_teaser() -> None:
    """Its address need not be an article's."""
    page = parse("<div><h4><a href='/rapat'>Rapat</a></h4></div>", "https://x.kpu.go.id/rapat")
    assert not TeaserFinder(page).teasers


@pytest.mark.parametrize(
    ("inner", "numbers"),
    [
        pytest.param(f"{LINK}{LINK}", [0, 1, 2], id="to the same"),
        pytest.param(f"{LINK}<p><a href='/blog/read/4'>Lain lagi</a></p>", [0, 1], id="two titles"),
        pytest.param(
            f"{LINK}<p>Seperti kata <a href='/blog/read/4'>berita</a> itu</p>", [0], id="in words"
        ),
        pytest.param(
            f"{LINK}<p>Kata <a href='/blog/read/3'>itu</a></p>", [0, 1, 2], id="itself again"
        ),
        pytest.param(f"{LINK}<h4><a href='/rapat'>Rapat</a></h4>", [0, 1], id="a headed page"),
    ],
)
def test_a_teaser_leads_to_one_article(inner: str, numbers: list[int]) -> None:
    """Lines that lead to two are none together; each title is one alone."""
    assert find_teasers(f"<div>{inner}{DAY}</div>") == numbers


@pytest.mark.parametrize(("more", "part"), [(0, "all"), (1, "title")])
def test_the_most_lines_of_a_teaser(more: int, part: str) -> None:
    """A longer box is a text that begins with a link."""
    assert find_part(LINK + DAY * (TEASER_LINES - 1 + more)) == part
    assert find_part(DAY + LINK + DAY * (TEASER_LINES - 2 + more)) == part


@pytest.mark.parametrize(("more", "part"), [(0, "all"), (1, "title")])
def test_the_lines_above_the_link_of_a_teaser(more: int, part: str) -> None:
    """A date may stand there."""
    assert find_part(DAY * (TEASER_LEAD + more) + LINK) == part


@pytest.mark.parametrize(("more", "part"), [(0, "all"), (1, "title")])
def test_the_length_of_a_teaser(more: int, part: str) -> None:
    """Title and excerpt together."""
    assert find_part(LINK + write_paragraphs(TEASER_LENGTH - len(TITLE) + more)) == part


@pytest.mark.parametrize(
    ("sizes", "part"), [((EXCERPT, EXCERPT - 1), "all"), ((EXCERPT, EXCERPT), "title")]
)
def test_a_teaser_has_one_excerpt(sizes: tuple[int, int], part: str) -> None:
    """Of two long lines one is an article's own."""
    assert find_part(LINK + write_paragraphs(*sizes)) == part


def test_a_long_title_is_no_excerpt() -> None:
    """A link of an excerpt's length may stand above one."""
    title = f"<p><a href='/blog/read/3'>{write_sentence(EXCERPT)}</a></p>"
    assert find_part(title + write_paragraphs(EXCERPT)) == "all"


@pytest.mark.parametrize(
    ("linked", "expected"), [(LINKED, True), (LINKED - 0.1, False), (0, False)]
)
def test_a_line_that_is_a_link(linked: float, expected: bool) -> None:
    """Most of its characters are."""
    size = round(linked * 10)
    link = f"<a href='/x'>{'x' * size}</a>" if size else ""
    (line,) = parse(f"<p>{link}{'y' * (10 - size)}</p>").outline.lines
    assert is_link(line) is expected


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        (" - 3 Mei 2021", True),
        (" (Senin, 3 Mei 2021)", True),
        (" - 3 Mei 2021 oleh Humas", False),
        (" - rapat pleno", False),
    ],
)
def test_a_link_with_its_day(behind: str, expected: bool) -> None:
    """Nothing but a day behind a link leaves it one, however short the title."""
    page = parse(f"<p><a href='/blog/read/3'>Judul</a>{behind}</p>")
    assert is_link(page.outline.lines[0]) is expected
