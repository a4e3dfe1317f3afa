"""Author lines outside the text, as sites print them."""

from __future__ import annotations

import pytest

from kpucrawl.extract.credits.authors import (
    LONGEST,
    complete_byline,
    is_label,
    read_bare,
    read_labelled,
)
from kpucrawl.extract.records import Byline


@pytest.mark.parametrize(
    ("text", "writers"),
    [
        ("Oleh : Sri Lestari Berita 300 views", ("Sri Lestari",)),
        ("Senin, 3 Mei 2021 08.00 WIB oleh Budi", ("Budi",)),
        ("By Budi Santoso0 comments", ("Budi Santoso",)),
        ("Penulis Rahmat Wijaya | Editor Tuti", ("Rahmat Wijaya",)),
        ("Oleh: Budi Santoso dan Sri Lestari", ("Budi Santoso", "Sri Lestari")),
        ("Penulis: Dr. Nurdin Bria, S.H., M.H.", ("Dr. Nurdin Bria, S.H., M.H.",)),
        ("Oleh: Budi Santoso, Anggota KPU Demak", ("Budi Santoso",)),
        ("Ditulis oleh Budi Santoso (Divisi Hukum)", ("Budi Santoso",)),
        ("Penulis: Kartini Manurung", ("Kartini Manurung",)),
        ("Published by Budi Santoso on Mei 3, 2024", ("Budi Santoso",)),
    ],
)
def test_persons(text: str, writers: tuple[str, ...]) -> None:
    """The name behind a label is the writer's, without the day, the category or the post."""
    said = read_labelled(text)
    assert said and said.byline and said.byline.writers == writers


@pytest.mark.parametrize(
    "pieces",
    [
        ("Penulis: Rahmat Wijaya", "Kabar Kota"),
        ("Oleh", "Rahmat Wijaya"),
        ("Penulis :", "Rahmat Wijaya"),
    ],
)
def test_notes_without_blanks_between_them(pieces: tuple[str, ...]) -> None:
    """What an inline element holds is not glued to what the next one does."""
    said = read_labelled("".join(pieces), pieces)
    assert said and said.byline and said.byline.writers == ("Rahmat Wijaya",)


@pytest.mark.parametrize(
    "text",
    [
        "Ditulis oleh: adminkpu",
        "oleh operator",
        "Oleh Tim Humas",
        "Author Super User",
        "Author: SuperUser Account",
        "Penulis : budi99",
        "Reporter: andi",
        "Oleh Komisi Pemilihan Umum",
    ],
)
def test_accounts(text: str) -> None:
    """An account, a desk or a name of a user is an author line that names nobody."""
    said = read_labelled(text)
    assert said is not None and said.byline is None


@pytest.mark.parametrize(
    "text",
    [
        "Oleh Karena Itu",
        "Oleh-oleh Khas Demak",
        "Foto: suasana di Hotel Gunung Indah",
        "Penulis Lomba Menulis Pemilu",
        "Oleh Bawaslu Kabupaten Demak",
        "Rapat dibuka oleh Ketua KPU Demak",
        "Oleh: " + "Budi " * (LONGEST // 5),
    ],
)
def test_what_is_no_author_line(text: str) -> None:
    """Sentences, captions, offices and prose have no writer, whatever word they begin with."""
    said = read_labelled(text)
    assert said is None or said.byline is None


def test_the_label_may_stand_above() -> None:
    """`Penulis` alone is a label, and what stands below it the name."""
    assert is_label("Ditulis oleh:") and not is_label("Ditulis oleh Budi")
    said = read_labelled("Budi Santoso", (), "Penulis :")
    assert said and said.byline and said.byline.writers == ("Budi Santoso",)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Gerardus Tambunan - KPU Pacitan", "Gerardus Tambunan"),
        ("Budi Santoso | 3 Mei 2024", "Budi Santoso"),
        ("Tim Redaksi", None),
        ("Super User", None),
        ("SuperUser Account", None),
    ],
)
def test_names_without_labels(text: str, named: str | None) -> None:
    """A name by its shape is a person's, an account nobody's."""
    said = read_bare(text)
    assert said is not None
    assert (said.byline.writers[0] if said.byline else None) == named


@pytest.mark.parametrize(
    "text",
    ["KPU Demak", "Siaran Pers", "Jawa Tengah", "Budi", "Penulis", "Data Pemilih", "3 Mei 2024"],
)
def test_what_is_no_name(text: str) -> None:
    """Offices, categories, places, single words and days are no names."""
    assert read_bare(text) is None


def test_the_text_speaks_first() -> None:
    """The author line fills in the writer whom the text does not name, and never replaces one."""
    desk = Byline("(Humas)", unit="Humas")
    text, line = Byline("Andi", ("Andi",)), Byline("Oleh Budi", ("Budi",), editor="Tuti")
    assert complete_byline(text, line) == text
    assert complete_byline(None, line) == line
    both = complete_byline(desk, line)
    assert both == Byline("(Humas)\nOleh Budi", ("Budi",), None, "Tuti", None, "Humas")
