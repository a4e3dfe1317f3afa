"""The notes of a CMS around an article: where they are looked for, and what they say."""

from __future__ import annotations

import pytest

from kpucrawl.extract.phrases.chrome import LONGEST_NOTE
from kpucrawl.extract.regions.notes import (
    BARE_BELOW,
    NOTES_ABOVE,
    NOTES_BELOW,
    NOTES_BETWEEN,
    NoteFinder,
)
from kpucrawl.extract.regions.weights import LEADS

from .pages import HEAD, LINK, look_around, write_paragraphs

DAY = "3 Mei 2021"
NOTE = f"<p>{DAY}</p>"
LABELLED = f"<p>Diterbitkan {DAY}</p>"
TEXT = write_paragraphs(300, 300)
SHARE = "<p>Bagikan:</p>"
OTHER = "<p>Cetak</p>"
"""A note without a day."""
COUNTED = f"Dilihat 5 kali | {DAY} | "
AUTHOR = "<p>Ditulis oleh Budi Santoso</p>"


def find_notes(inner: str) -> NoteFinder:
    around = look_around(inner)
    return NoteFinder(around, around.find())


def find_printed(inner: str) -> str | None:
    return find_notes(inner).find_printed()


def find_writers(inner: str) -> tuple[str, ...]:
    """The persons that the notes name."""
    author = find_notes(inner).find_author()
    return author.byline.writers if author and author.byline else ()


@pytest.mark.parametrize(
    ("above", "day"),
    [
        pytest.param(f"{NOTE}{OTHER * (NOTES_ABOVE - 1)}", DAY, id="the farthest"),
        pytest.param(f"{NOTE}{OTHER * NOTES_ABOVE}", None, id="too far"),
        pytest.param(f"<div>{NOTE * 4}</div>", DAY, id="a few lines"),
        pytest.param(f"<div>{NOTE * 5}</div>", None, id="a column"),
        pytest.param(f"{NOTE}<div>{OTHER * 5}</div>", None, id="a column between"),
        pytest.param(f"{NOTE}<p>{'x' * LONGEST_NOTE}</p>", DAY, id="a long line between"),
        pytest.param(f"{NOTE}<p>{'x' * (LONGEST_NOTE + 1)}</p>", None, id="a text between"),
        pytest.param(f"{NOTE}{LINK}", None, id="another article between"),
        pytest.param("<p>Rapat 3 Mei 2021 pagi</p>", None, id="words with a day"),
    ],
)
def test_a_day_above_the_headline(above: str, day: str | None) -> None:
    """It stands among the few lines there, in no column and behind no other article."""
    assert find_printed(f"{above}{HEAD}{TEXT}") == day


@pytest.mark.parametrize(
    ("between", "day"),
    [
        pytest.param(f"{OTHER * (NOTES_BETWEEN - 1)}{NOTE}", DAY, id="the farthest"),
        pytest.param(f"{OTHER * NOTES_BETWEEN}{NOTE}", None, id="too far"),
        pytest.param(f"{LINK}{NOTE}", None, id="behind another article"),
        pytest.param(
            f"<p><a href='/blog/read/3'>Bagikan:</a></p>{NOTE}", DAY, id="behind a share block"
        ),
        pytest.param(f"<nav>{DAY}</nav>", None, id="in furniture"),
        pytest.param(f"<p>Ditambah pada {DAY} pagi</p>{OTHER}", DAY, id="in unforeseen words"),
        pytest.param(
            f"<h2>Ditambah {DAY} {'x' * (LONGEST_NOTE - 20)}</h2>{OTHER}", DAY, id="the longest"
        ),
        pytest.param(
            f"<h2>Ditambah {DAY} {'x' * (LONGEST_NOTE - 19)}</h2>{OTHER}", None, id="too long"
        ),
        pytest.param(
            f"<div><p>Rapat digelar pada {DAY} di <a href='/aula'>aula</a> kantor itu.</p></div>",
            None,
            id="a sentence",
        ),
        pytest.param(
            f"<p>Kategori: <a href='/profil'>Berita Terkini Daerah</a> | Oleh: Admin | Senin, {DAY} | 0 Komentar | "
            "5 menit baca</p>",
            f"Senin, {DAY}",
            id="notes as long as a sentence",
        ),
        pytest.param(f"<p>Diperbarui {DAY}</p>", None, id="the day of a change"),
        pytest.param(f"<p>Diperbarui pada {DAY}</p>", None, id="when it was changed"),
        pytest.param(f"<p>Diperbarui 4 Mei 2021</p>{NOTE}", DAY, id="two days"),
    ],
)
def test_a_day_between_headline_and_text(between: str, day: str | None) -> None:
    """In notes that lead to no other article; a sentence tells of other days."""
    assert find_printed(f"{HEAD}{between}<div>{TEXT}</div>") == day


@pytest.mark.parametrize(("more", "day"), [(0, DAY), (1, None)])
def test_a_lead_may_stand_above_the_day(more: int, day: str | None) -> None:
    """So many sentences; below more of them it is a day of the text."""
    lead = write_paragraphs(*[60] * (LEADS + more))
    assert find_printed(f"{HEAD}<div>{lead}</div>{OTHER}{NOTE}<div>{TEXT}</div>") == day


def test_a_few_words_of_the_text_are_no_lead() -> None:
    """Short lines that open it may stand above its notes."""
    assert find_printed(f"{HEAD}<div><p>Demak</p><p>Siaran</p>{TEXT}</div>{SHARE}{NOTE}") == DAY


@pytest.mark.parametrize(
    ("below", "day"),
    [
        pytest.param(f"{SHARE}{OTHER * (NOTES_BELOW - 2)}{LABELLED}", DAY, id="the farthest"),
        pytest.param(f"{SHARE}{OTHER * (NOTES_BELOW - 1)}{LABELLED}", None, id="too far"),
        pytest.param(f"{SHARE}{OTHER * (BARE_BELOW - 1)}{NOTE}", DAY, id="right below"),
        pytest.param(f"{SHARE}{OTHER * BARE_BELOW}{NOTE}", None, id="farther below"),
        pytest.param(f"{SHARE}<p>Admin | {DAY}</p>", None, id="beside a name"),
        pytest.param(f"{SHARE}{OTHER}<p>Dilihat 5 kali | {DAY}</p>", DAY, id="beside a counter"),
        pytest.param(f"{SHARE}{LINK}{LABELLED}", None, id="behind another article"),
        pytest.param(
            f"{SHARE}<p><a href='/blog/read/3'>Judul</a> <a href='/blog/read/4'>lain</a></p>"
            f"{LABELLED}",
            None,
            id="behind two articles",
        ),
        pytest.param(f"{SHARE}<div>{LINK}{OTHER}</div>{LABELLED}", None, id="behind a teaser"),
        pytest.param(f"{SHARE}<div>{LABELLED}{LINK}</div>", None, id="in a teaser"),
        pytest.param(f"{SHARE}<p>3 Komentar</p>{LABELLED}", None, id="behind comments"),
        pytest.param(f"{SHARE}<div>{LABELLED}<form>x</form></div>", None, id="in a reply"),
        pytest.param(
            f"{SHARE}<p>Diterbitkan {DAY} | {'x' * LONGEST_NOTE}</p>", None, id="in a text"
        ),
        pytest.param(f"{SHARE}<p>{COUNTED:y<{LONGEST_NOTE}}</p>", DAY, id="in the longest note"),
        pytest.param(f"{SHARE}<p>{COUNTED:y<{LONGEST_NOTE + 1}}</p>", None, id="in a longer line"),
        pytest.param(f"{SHARE}<p>Rapat {DAY} pagi</p>", None, id="words with a day"),
        pytest.param(f"{SHARE}<footer>{LABELLED}</footer>", None, id="in the page's foot"),
        pytest.param(
            f"{SHARE}<div><footer>{LABELLED}</footer></div>", None, id="in another's foot"
        ),
    ],
)
def test_a_day_below_a_text(below: str, day: str | None) -> None:
    """With a label, beside a counter, or right below it; before other articles and readers."""
    assert find_printed(f"{HEAD}<div>{TEXT}</div>{below}") == day


def test_a_day_in_the_foot_of_the_article() -> None:
    """A foot in the box of the article is its own."""
    foot = f"<footer>{LABELLED}</footer>"
    assert find_printed(f"<article>{HEAD}<div>{TEXT}</div>{SHARE}{foot}</article>") == DAY


def test_a_day_that_ends_a_text_is_its_own() -> None:
    """The line behind the text is the first that is asked."""
    assert find_printed(f"{HEAD}<div>{TEXT}{NOTE}</div>{SHARE}") is None


@pytest.mark.parametrize(
    ("between", "day"),
    [
        pytest.param(f"<article><header>{NOTE}</header>{TEXT}</article>", DAY, id="the text's own"),
        pytest.param(f"<header>{NOTE}</header><div>{TEXT}</div>", DAY, id="above its box"),
        pytest.param(f"<article><aside>{NOTE}</aside>{TEXT}</article>", None, id="no header"),
        pytest.param(
            f"<article><header>{NOTE}{'<p>Kotak</p>' * (NOTES_ABOVE - 1)}</header>{TEXT}</article>",
            DAY,
            id="of as many lines as notes have",
        ),
        pytest.param(
            f"<article><header>{NOTE}{'<p>Kotak</p>' * NOTES_ABOVE}</header>{TEXT}</article>",
            None,
            id="of more",
        ),
    ],
)
def test_day_in_the_header_of_the_text(between: str, day: str | None) -> None:
    """Engines put who posted when into a header of the text, apart from the headline."""
    assert find_printed(f"<div>{HEAD}</div><div>{between}</div>") == day


def test_header_beside_headline_and_text_is_the_pages() -> None:
    """A menu with the day of today."""
    assert find_printed(f"{HEAD}<header>{NOTE}</header><div>{TEXT}</div>") is None


def test_the_nearest_day_is_printed() -> None:
    """First comes what stands between headline and text, then above, then below."""
    over, between, below = (f"<p>Diterbitkan {n} Mei 2021</p>" for n in (1, 2, 3))
    page = f"{HEAD}{{}}<div>{TEXT}</div>{SHARE}{below}"
    assert find_printed(over + page.format(between)) == "2 Mei 2021"
    assert find_printed(over + page.format("")) == "1 Mei 2021"
    assert find_printed(page.format("")) == DAY


def test_notes_in_their_order() -> None:
    """Those between headline and text first, then those above, nearest first, then those below."""
    page = f"<p>1.30</p><p>2.30</p>{HEAD}<p>3.30</p>{TEXT}{SHARE}<p>4.30</p>"
    notes = [line.text for line in find_notes(page).notes]
    assert notes == ["3.30", "2.30", "1.30", "Bagikan:", "4.30"]


@pytest.mark.parametrize(
    ("above", "between", "below", "writers"),
    [
        pytest.param(AUTHOR, "", "", ("Budi Santoso",), id="labelled above"),
        pytest.param("", AUTHOR, "", ("Budi Santoso",), id="labelled between"),
        pytest.param("", "", AUTHOR, ("Budi Santoso",), id="labelled below"),
        pytest.param(
            "", "<p>Penulis</p><p>Budi Santoso</p>", "", ("Budi Santoso",), id="a label above"
        ),
        pytest.param("", "<p>Kotak</p><p>Budi Santoso</p>", "", (), id="no label above"),
        pytest.param(
            "", "<p>Budi Santoso</p><p>Penulis</p>", "", ("Budi Santoso",), id="a label below"
        ),
        pytest.param("", "<p>Budi</p><p>Penulis</p>", "", (), id="a label below a word"),
        pytest.param(
            "", "<p>Budi Santoso</p><p>3 jam lalu</p>", "", ("Budi Santoso",), id="above the hours"
        ),
        pytest.param("", "<p>Budi Santoso</p><p>3 jam kerja</p>", "", (), id="above other hours"),
        pytest.param("", f"<p>Budi Santoso</p>{NOTE}", "", ("Budi Santoso",), id="above the day"),
        pytest.param("", f"{NOTE}<p>Budi Santoso</p>", "", ("Budi Santoso",), id="below the day"),
        pytest.param(
            "",
            f"<p><b>Budi Santoso</b> <i>{DAY}</i></p>",
            "",
            ("Budi Santoso",),
            id="beside the day",
        ),
        pytest.param(
            "",
            "<p>Budi Santoso</p><p>Dilihat 5 kali</p>",
            "",
            ("Budi Santoso",),
            id="above the counter",
        ),
        pytest.param("", f"<p>Budi Santoso</p>{OTHER}", "", (), id="alone"),
        pytest.param("", f"<p>Budi Santoso</p>{OTHER}{NOTE}", "", (), id="far above the day"),
        pytest.param("", f"{NOTE}{OTHER}<p>Budi Santoso</p>", "", (), id="far below the day"),
        pytest.param(NOTE + "<p>Budi Santoso</p>", "", "", (), id="a bare name above"),
        pytest.param("", "", NOTE + "<p>Budi Santoso</p>", (), id="a bare name below"),
        pytest.param(
            "", "<p>Oleh Super User</p>" + AUTHOR, "", ("Budi Santoso",), id="behind an account"
        ),
        pytest.param(
            "",
            f"<p>Siti Aminah</p>{NOTE}",
            AUTHOR,
            ("Budi Santoso",),
            id="a label before a bare name",
        ),
    ],
)
def test_the_author_that_notes_name(
    above: str, between: str, below: str, writers: tuple[str, ...]
) -> None:
    """Behind a label anywhere, else as a name beside the day or counter below the headline."""
    page = f"{above}{HEAD}{between}<div>{TEXT}</div>{SHARE}{below}"
    assert find_writers(page) == writers


def test_the_first_line_of_a_page_stands_below_none() -> None:
    """The label at a page's end is not its."""
    page = f"<p>Budi Santoso</p>{HEAD}<div>{TEXT}</div>{SHARE}<p>Penulis</p>"
    assert find_writers(page) == ()


def test_a_day_in_the_headline_makes_no_author() -> None:
    """A name below a headline that is a day may be anybody's."""
    page = f"<h1>{DAY}</h1><p>Budi Santoso</p>{OTHER}<div>{TEXT}</div>"
    assert find_writers(page) == ()
