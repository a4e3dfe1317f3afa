"""What counts as prose when a headline is looked for, and a headline told by its place."""

from __future__ import annotations

import pytest

from kpucrawl.extract.html.parse import open_page
from kpucrawl.extract.regions.headline import (
    MOST_SECTION,
    HeadlineFinder,
    is_prose,
    is_untitled,
    names_section,
)
from kpucrawl.extract.regions.untitled import LINES_ABOVE, find_plain_headline

from .pages import write_sentence


@pytest.mark.parametrize(
    ("size", "linked", "end", "expected"),
    [
        pytest.param(40, 0, ".", True, id="the shortest sentence"),
        pytest.param(39, 0, ".", False, id="too short"),
        pytest.param(79, 0, "x", False, id="no end"),
        pytest.param(80, 0, "x", True, id="long enough without an end"),
        pytest.param(100, 50, ".", True, id="half a link"),
        pytest.param(100, 51, ".", False, id="mostly links"),
        pytest.param(199, 199, ".", False, id="a long link"),
        pytest.param(200, 200, ".", True, id="a paragraph of links"),
    ],
)
def test_prose(size: int, linked: int, end: str, expected: bool) -> None:
    """A sentence of forty characters, or eighty of anything; below two hundred not mostly links."""
    rest = "x" * (size - linked - 1) + end if size > linked else ""
    link = (
        f"<a href='/x'>{'x' * linked if rest else 'x' * (linked - 1) + end}</a>" if linked else ""
    )
    page = open_page(f"<html><body><p>{link}{rest}</p></body></html>".encode(), "https://x.go.id/")
    assert page is not None
    (line,) = page.outline.lines
    assert (len(line.text), line.linked) == (size, linked)
    assert is_prose(line) is expected


PROSE = f"<p>{write_sentence(100)}</p>"
PLACE = "<p>Rapat Pleno Terbuka</p>"
DAY = "<p>3 Mei 2021</p>"


@pytest.mark.parametrize(
    ("inner", "title"),
    [
        pytest.param(f"{PLACE}{DAY}{PROSE}", "Rapat Pleno Terbuka", id="above the day"),
        pytest.param(f"{DAY}{PLACE}{PROSE}", "Rapat Pleno Terbuka", id="below the day"),
        pytest.param(f"{PLACE}<p>Dilihat 5 kali</p>{PROSE}", "Rapat Pleno Terbuka", id="counted"),
        pytest.param(f"{PLACE}<p>Cetak</p>{PROSE}", None, id="another note"),
        pytest.param(f"{PLACE}{PROSE}", None, id="no notes"),
        pytest.param(f"<nav>{DAY}</nav>{PLACE}{PROSE}", None, id="a day in furniture"),
        pytest.param(f"<p><b>Rapat Pleno</b></p>{PROSE}", "Rapat Pleno", id="in bold"),
        pytest.param(f"<p>Demak<br><b>Rapat Pleno</b></p>{PROSE}", None, id="bold amid a line"),
        pytest.param(f"<p><b>Rapat</b></p>{DAY}{PROSE}", None, id="too short"),
        pytest.param(f"<p>Pleno akan</p>{DAY}{PROSE}", None, id="the longest too short"),
        pytest.param(f"<p>Pleno akan.</p>{DAY}{PROSE}", "Pleno akan.", id="the shortest"),
        pytest.param(f"<p>Sepuluh 011</p>{DAY}{PROSE}", None, id="an account"),
        pytest.param(
            f"{PLACE}<p><a href='/x'>Bagian lain</a></p>{DAY}{PROSE}",
            "Rapat Pleno Terbuka",
            id="a link between",
        ),
        pytest.param(
            f"{PLACE}{DAY}{'<p>Cetak</p>' * (LINES_ABOVE - 2)}{PROSE}",
            "Rapat Pleno Terbuka",
            id="the farthest",
        ),
        pytest.param(
            f"{PLACE}{DAY}{'<p>Cetak</p>' * (LINES_ABOVE - 1)}{PROSE}", None, id="too far"
        ),
        pytest.param(f"{PLACE}{DAY}<nav>{PROSE}</nav>", None, id="a text in furniture"),
        pytest.param(f"<nav>{PLACE}</nav>{DAY}{PROSE}", None, id="itself in furniture"),
        pytest.param(
            f"<div>{PROSE}</div>{PLACE}{DAY}<div>{PROSE * 5}</div>",
            "Rapat Pleno Terbuka",
            id="above the most sentences",
        ),
    ],
)
def test_a_headline_told_by_its_place(inner: str, title: str | None) -> None:
    """Above the text of a page whose head does not name it, beside notes or in bold."""
    page = open_page(
        f"<html><head><title>Detail Berita</title></head><body>{inner}</body></html>".encode(),
        "https://x.go.id/",
    )
    assert page is not None
    head = find_plain_headline(page)
    assert (head and head.text) == title


@pytest.mark.parametrize(("title", "told"), [("KPU Contoh", True), ("Rapat Pleno", False)])
def test_a_head_that_says_the_office_alone(title: str, told: bool) -> None:
    """The office's name stands on every page of it."""
    head = f"<head><title>{title}</title></head>"
    inner = f"<p>{title}</p>{PLACE}{DAY}{PROSE}"
    page = open_page(f"<html>{head}<body>{inner}</body></html>".encode(), "https://x.go.id/")
    assert page is not None
    assert is_untitled(page) is told


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("", True, id="no title"),
        pytest.param("KPU Kabupaten Contoh", True, id="the office"),
        pytest.param("Detail Berita", True, id="words that stand nowhere"),
        pytest.param("RAPAT PLENO: TERBUKA", False, id="the headline"),
    ],
)
def test_a_page_whose_head_does_not_name_it(title: str, expected: bool) -> None:
    """Nothing of what its head says stands on it, letter case and marks aside."""
    head = f"<head><title>{title}</title></head>"
    page = open_page(
        f"<html>{head}<body>{PLACE}{DAY}{PROSE}</body></html>".encode(), "https://x.go.id/"
    )
    assert page is not None
    assert is_untitled(page) is expected
    assert (find_plain_headline(page) is not None) is expected


def write_words(count: int) -> str:
    """A title of so many words that names a section."""
    return " ".join(["Pengumuman", *["Hasil"] * (count - 1)])


@pytest.mark.parametrize(
    ("title", "meta", "expected"),
    [
        pytest.param("Pengumuman", "", True, id="a section"),
        pytest.param(write_words(MOST_SECTION), "", True, id="the longest"),
        pytest.param(write_words(MOST_SECTION + 1), "", False, id="a title"),
        pytest.param("Rapat Pleno", "", False, id="no section"),
        pytest.param("Pengumuman", "pengumuman!", False, id="called so for readers elsewhere"),
        pytest.param("Pengumuman", "Rapat Pleno", True, id="called otherwise there"),
    ],
)
def test_a_page_called_as_its_section(title: str, meta: str, expected: bool) -> None:
    """The head of such a page names no article, though the words stand on it."""
    head = f"<title>{title}</title><meta property='og:title' content='{meta}'>"
    text = f"<p>{title}</p><h2>Undangan Terbuka</h2>{PROSE}"
    page = open_page(
        f"<html><head>{head}</head><body>{text}</body></html>".encode(), "https://x.go.id/"
    )
    assert page is not None
    assert names_section(page, title) is expected
    assert is_untitled(page) is expected
    found = HeadlineFinder(page).find()
    assert found is not None and (found.text == "Undangan Terbuka") is expected


@pytest.mark.parametrize(
    ("above", "title"),
    [
        pytest.param("<b>109 Calon Petugas</b><br>", None, id="no more words than an account"),
        pytest.param("<b>109 Calon Petugas Diuji</b><br>", "109 Calon Petugas Diuji", id="more"),
        pytest.param(
            "<div>Rapat Pleno Terbuka</div><div>Senin, 3 Mei 2021 - 10:22:31</div>",
            "Rapat Pleno Terbuka",
            id="a day and a time",
        ),
        pytest.param(
            "<div>Rapat Pleno Terbuka</div><div>Admin • 3 Mei 2021</div>",
            "Rapat Pleno Terbuka",
            id="a note with a day",
        ),
        pytest.param(
            "<div>Rapat Pleno Terbuka</div><p>3 Mei 2021</p><figure><img src='/a.jpg'>"
            "<figcaption>Perahu pengangkut kotak suara bersandar.</figcaption></figure>",
            "Rapat Pleno Terbuka",
            id="a caption",
        ),
    ],
)
def test_what_stands_between_a_plain_headline_and_its_text(above: str, title: str | None) -> None:
    """Notes, days and captions are none, accounts of a few words neither."""
    day = "" if "2021" in above else "<p>3 Mei 2021</p>"
    text = "".join(f"<p>{write_sentence(200)}</p>" for _ in range(3))
    page = open_page(
        f"<html><body><div>{above}{day}{text}</div></body></html>".encode(), "https://x.go.id/"
    )
    assert page is not None
    head = find_plain_headline(page)
    assert (head and head.text) == title
