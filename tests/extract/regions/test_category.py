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


TITLE = "Rapat Pleno Terbuka"


@pytest.mark.parametrize(
    ("inner", "category"),
    [
        pytest.param(
            f"<ol class='breadcrumb'><li><a href='/'>Beranda</a></li><li><a href='/x7'>Pojok "
            f"Data</a></li></ol><div><p>a</p><p>b</p></div>{HEAD}",
            "Pojok Data",
            id="a list that is called so",
        ),
        pytest.param(
            f"<span class='pathway'><a href='/'>Home</a> <img src='/arrow.png'> <a href='/x7'>Pojok"
            f" Data</a> <img src='/arrow.png'> {TITLE}</span>{HEAD}",
            "Pojok Data",
            id="pictures between",
        ),
        pytest.param(
            f"<ul><li><a href='/'>Beranda</a></li><li><a href='/x7'>Pojok Data</a></li>"
            f"<li>{TITLE}</li></ul>{HEAD}",
            "Pojok Data",
            id="a list that ends as the headline",
        ),
        pytest.param(
            f"<p>Anda di sini: Depan » Pojok Data » {TITLE}</p>{HEAD}", "Pojok Data", id="you are"
        ),
        pytest.param(
            f"<div class='crumb'>Beranda / Pojok Data / Rapat Pleno</div>{HEAD}",
            "Rapat Pleno",
            id="a start of eleven letters",
        ),
        pytest.param(
            f"<div class='crumb'>Beranda / Pojok Data / Rapat Pleno T</div>{HEAD}",
            "Rapat Pleno T",
            id="eleven and a blank",
        ),
        pytest.param(
            f"<div class='crumb'>Beranda / Pojok Data / Rapat Pleno Terb</div>{HEAD}",
            "Pojok Data",
            id="a headline cut without a mark",
        ),
        pytest.param(
            f"<div class='crumb'>Beranda / 3 Mei 2021</div>{HEAD}", None, id="a day is no crumb"
        ),
        pytest.param(f"<div class='crumb'>Beranda / Detail</div>{HEAD}", None, id="no name"),
        pytest.param(
            f"<div class='crumb'>{'<p>Sub</p>' * 6}</div>{HEAD}", "Sub", id="the longest trail"
        ),
        pytest.param(f"<div class='crumb'>{'<p>Sub</p>' * 7}</div>{HEAD}", None, id="a menu"),
    ],
)
def test_crumbs(inner: str, category: str | None) -> None:
    """The last but one, wherever the trail stands above the headline."""
    head = "" if HEAD in inner else HEAD
    assert find(f"{inner}{head}<div>{TEXT}</div>") == category


@pytest.mark.parametrize(
    ("facts", "category"),
    [
        pytest.param(
            "<dl><dt>Rubrik</dt><dd>Pojok Data</dd><dt>Dilihat</dt><dd>5</dd></dl>",
            "Pojok Data",
            id="a list of facts",
        ),
        pytest.param(
            "<div>Kategori</div><div><a href='/t/7'>Pojok Data</a></div><p>Bagikan</p>",
            "Pojok Data",
            id="a field",
        ),
        pytest.param(
            "<div>Kategori</div><ul><li class='m m1'><a href='/t/7'>Pojok Data</a></li>"
            "<li class='m m2'><a href='/t/8'>Kolom</a></li></ul>",
            None,
            id="all categories",
        ),
        pytest.param(
            "<div>Kategori</div><div><a href='/t/7'>Pojok Data (9)</a></div><p>Bagikan</p>",
            None,
            id="a category with its number",
        ),
        pytest.param("<div>Kategori</div><div>Cari tulisan</div>", None, id="plain words"),
        pytest.param(
            "<ul><li><a href='/k'>Kategori</a></li><li><a href='/t/7'>Pojok Data</a></li></ul>"
            "<p>Bagikan</p>",
            None,
            id="a menu",
        ),
        pytest.param(
            "<dl><dt>Rubrik</dt><dd>Pojok Data</dd><dt>Rubrik</dt><dd>Kolom</dd></dl>",
            None,
            id="two",
        ),
        pytest.param(
            "<p>Dibaca 12 kali | Penulis: Rosmini | Kategori: Pojok Data</p>",
            "Pojok Data",
            id="among notes",
        ),
        pytest.param(
            "<p>Posted in <a href='/t/7'>Pojok Data</a> Tagged <a href='/t/8'>coklit</a></p>",
            "Pojok Data",
            id="before tags",
        ),
    ],
)
def test_facts_below_the_text(facts: str, category: str | None) -> None:
    """A label and one value, on lines of their own too."""
    assert find(f"{HEAD}<div>{TEXT}</div>{facts}") == category


@pytest.mark.parametrize(
    ("above", "below", "category"),
    [
        ("<div class='kicker'>Pojok Data</div>", "", "Pojok Data"),
        ("<span class='badge bg-red'>Pojok Data</span>", "", "Pojok Data"),
        ("", "<div><span class='label'>Pojok Data</span></div>", "Pojok Data"),
        ("", "<p>Tim Media <a href='/x9' rel='category tag'>Pojok Data</a></p>", "Pojok Data"),
        ("", "<p><b class='cat'>Pojok Data</b> <b class='cat'>Kolom</b></p>", None),
        ("", "<p><b class='badge'>#pleno</b></p>", None),
        ("", "<p><b class='badge'>3 Mei 2021</b></p>", None),
        ("", "<p><b class='locate'>Pojok Data</b></p>", None),
        ("<p><a href='/pojok-data'>Pojok Data</a></p>", "", "Pojok Data"),
        ("<p><a href='/pojok'>Pojok Data</a></p>", "", None),
        (
            "<ul><li><a href='/kolom'>Kolom</a></li><li><a href='/data'>Data</a></li></ul>",
            "",
            "Data",
        ),
    ],
)
def test_chips(above: str, below: str, category: str | None) -> None:
    """Words beside the headline whose markup or address calls them a category."""
    assert find(f"{above}{HEAD}{below}<div>{TEXT}</div>") == category


def test_a_chip_behind_the_text() -> None:
    """It must be called a category there: a badge may say anything."""
    foot = "<p><span class='{}'>Pojok Data</span></p>"
    assert find(f"{HEAD}<div>{TEXT}</div>{foot.format('cat-links')}") == "Pojok Data"
    assert find(f"{HEAD}<div>{TEXT}</div>{foot.format('badge')}") is None


def test_another_block_is_no_category() -> None:
    """What heads other articles may stand right above the headline."""
    assert find(f"<div>Pojok Data</div>{HEAD}<div>{TEXT}</div>") == "Pojok Data"
    assert find(f"<div>Paling Populer</div>{HEAD}<div>{TEXT}</div>") is None
