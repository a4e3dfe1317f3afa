"""Where the category of an article is told, and by what words."""

from __future__ import annotations

import pytest

from kpucrawl.extract.regions.category import find_category

from .pages import HEAD, look_around, write_paragraphs

TEXT = write_paragraphs(300, 300)
CRUMBS = "<p>Beranda » Sosialisasi » Rapat Pleno Terbuka</p>"
LINK = "<a href='/blog/category/9'>Opini</a>"
OTHER = "<a href='/blog/category/8'>Kolom</a>"


def find(inner: str) -> str | None:
    around = look_around(inner)
    region = around.find()
    return find_category(
        around.page, around.head, range(region.lines[0].index, region.lines[-1].index + 1)
    )


def pad(size: int) -> str:
    """A note of so many characters with the link to a category."""
    rest = size - len("3 Mei 2021 ") - len(" Opini")
    return f"<p><b>3 Mei 2021</b> <i>{'y' * rest}</i> {LINK}</p>"


@pytest.mark.parametrize(
    ("note", "category"),
    [
        pytest.param(f"<p><b>3 Mei 2021</b> {LINK}</p>", "Opini", id="a note"),
        pytest.param(f"<p><b>3 Mei 2021</b> {LINK} {OTHER}</p>", "Sosialisasi", id="two"),
        pytest.param(f"<p>Lihat semua {LINK}</p>", "Sosialisasi", id="no note"),
        pytest.param(
            "<p><b>3 Mei 2021</b> <a href='/profil'>Opini</a></p>", "Sosialisasi", id="no listing"
        ),
        pytest.param(
            f"<p><b>3 Mei 2021</b> <a href='/profil'>Humas</a></p><p><b>1.30</b> <b>3 Mei 2021</b> "
            f"{LINK}</p>",
            "Opini",
            id="the second note",
        ),
        pytest.param(
            f"<p><b>3 Mei 2021</b> <a href='/profil'>Humas</a> {LINK}</p>", "Opini", id="beside"
        ),
        pytest.param(pad(79), "Opini", id="the longest"),
        pytest.param(pad(80), "Sosialisasi", id="too long"),
        pytest.param(f"<p>Kategori: Kolom</p><p>3 Mei 2021 {LINK}</p>", "Kolom", id="a label"),
    ],
)
def test_a_category_that_a_note_links(note: str, category: str) -> None:
    """It goes before the crumbs above the headline, where it is the note's only one."""
    assert find(f"{CRUMBS}{HEAD}{note}<div>{TEXT}</div>") == category


@pytest.mark.parametrize(
    "label",
    [
        "Kategori:",
        "Rubrik :",
        "Dikategorikan sebagai",
        "Dikategorikan dalam",
        "Dipublikasikan di",
        "Categorised as",
        "Categorized in",
        "Posted in",
    ],
)
def test_the_labels_of_a_category(label: str) -> None:
    """In the words of an office or of its CMS, below the headline or behind the text."""
    note = f"<p>{label} Berita Kita</p>"
    assert find(f"{CRUMBS}{HEAD}{note}<div>{TEXT}</div>") == "Berita Kita"
    assert find(f"{HEAD}<div>{TEXT}</div><p>Bagikan:</p>{note}") == "Berita Kita"


def test_other_words_are_no_label_of_a_category() -> None:
    """The crumbs tell it then."""
    note = "<p>Dikelola oleh Berita Kita</p>"
    assert find(f"{CRUMBS}{HEAD}{note}<div>{TEXT}</div>") == "Sosialisasi"
