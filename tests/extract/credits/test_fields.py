"""Credits in fields of one line."""

import pytest

from kpucrawl.extract.credits.fields import LONGEST, read_fields, read_tagged
from kpucrawl.extract.records import Byline


def tell(byline: Byline | None) -> dict[str, object]:
    """What a byline says, without what it leaves open."""
    names = ("writers", "role", "editor", "photographer", "unit")
    said = {name: getattr(byline, name) for name in names} if byline else {}
    return {name: value for name, value in said.items() if value}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Artikel | Penulis Wira Santika | Editor Tio | 3 Mei 2021",
            {"writers": ("Wira Santika",), "editor": "Tio"},
        ),
        ("Penulis: Wira • Foto: Uli", {"writers": ("Wira",), "photographer": "Uli"}),
        ("Penulis: Wira; Editor: Tio", {"writers": ("Wira",), "editor": "Tio"}),
        ("Humas KPU Ngawi / Editor: Tio", {"editor": "Tio", "unit": "Humas KPU Ngawi"}),
        (
            "[Parmas KPU Ngawi] Teks: Wira; Gambar: Uli",
            {"writers": ("Wira",), "photographer": "Uli", "unit": "Parmas KPU Ngawi"},
        ),
        (
            "Teks : Wira (CPNS) || Foto : Uli",
            {"writers": ("Wira",), "role": "CPNS", "photographer": "Uli"},
        ),
        (
            "Penulis: Wira | Kadiv Data KPU Ngawi",
            {"writers": ("Wira",), "role": "Kadiv Data KPU Ngawi"},
        ),
        ("Wira | Tio", {}),
        ("Penulis: Wira", {}),
        ("Berita | Kegiatan | 3 Mei 2021", {}),
        ("Oleh: Wira; Tio; Uli", {}),
    ],
)
def test_fields_of_a_line(line: str, expected: dict[str, object]) -> None:
    """Two or more, one of them with a label; others are the office, the desk, or none of it."""
    found = read_fields(line)
    assert tell(found[0] if found else None) == expected


def test_where_fields_end() -> None:
    """Behind the last that credits: a day behind it is none of the credit."""
    line = "Penulis Wira | Editor Tio | 3 Mei 2021"
    found = read_fields(line)
    assert found is not None
    assert line[: found[1]] == "Penulis Wira | Editor Tio"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Tim Media: Wira (penulis), Uli (foto)",
            {"writers": ("Wira",), "photographer": "Uli", "unit": "Tim Media"},
        ),
        ("Wira (naskah), Hj. Tio (editor)", {"writers": ("Wira",), "editor": "Hj. Tio"}),
        ("Wira (penulis)", {}),
        ("Rapat: Wira (penulis), Uli (foto)", {}),
        ("Wira (penulis), Uli (foto) menata arsip", {}),
        ("Wira (ketua), Uli (anggota)", {}),
    ],
)
def test_names_with_their_labels_behind(line: str, expected: dict[str, object]) -> None:
    """Two or more and nothing else, a desk before them."""
    assert tell(read_tagged(line)) == expected


@pytest.mark.parametrize(("more", "is_read"), [(0, True), (1, False)])
def test_the_longest_line_of_fields(more: int, is_read: bool) -> None:
    """What is longer is prose."""
    fields = "Penulis: Wira | Editor: Tio | ".ljust(LONGEST + more, "a")
    assert (read_fields(fields) is not None) is is_read
    tagged = "Wira (penulis), Uli (foto)".ljust(LONGEST + more)
    assert (read_tagged(tagged) is not None) is is_read
