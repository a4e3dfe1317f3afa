"""Captions, related lines, salutations and view counters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpucrawl.extract.phrases.labels import is_caption, is_related, is_salutation, names_pictured
from kpucrawl.extract.phrases.views import read_bare_count, read_count, read_views


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(Petugas KPU Ngawi menata arsip)", True),
        ("[Foto bersama menutup kegiatan]", True),
        ("(Lihat arsip)", False),
        ("Petugas KPU Ngawi menata arsip", False),
    ],
)
def test_brackets_around_whom_a_picture_shows(text: str, expected: bool) -> None:
    """Brackets that begin with people of an office are a caption, wherever they stand."""
    assert names_pictured(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dok. foto Petugas menata arsip", True),
        ("Gambar 3. Petugas menata arsip", True),
        ("Foto: Petugas menata arsip di gudang", True),
        ("(Petugas KPU Ngawi menata arsip)", True),
        ("(Humas KPU Kabupaten Ngawi, ws/ft tio)", False),
        ("Foto: Wira Santika", False),
        ("Foto bersama menutup kegiatan itu.", False),
        ("dok. foto Petugas menata arsip " + "dan arsip lain " * 30, False),
    ],
)
def test_captions(text: str, expected: bool) -> None:
    """Labelled or bracketed sentences are captions; credits and long paragraphs are not."""
    assert is_caption(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Baca Juga : Arsip Ditata", True),
        ("Baca juga:", True),
        ("BERITA TERKAIT", True),
        ("Baca juga kisah lain di sini", False),
    ],
)
def test_related(text: str, expected: bool) -> None:
    """The label of a related link is told from a sentence."""
    assert is_related(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Teman Pemilih,", True),
        ("#TemanPemilih", True),
        ("Halo Sobat Pemilih!", True),
        ("Pacitan,", False),
        ("Teman Wira", False),
    ],
)
def test_salutations(text: str, expected: bool) -> None:
    """Greetings are told from places and sentences."""
    assert is_salutation(text) is expected


@pytest.mark.parametrize(
    ("text", "views"),
    [
        ("Telah dilihat 1.204 kali", 1204),
        ("Dilihat 12 Kali", 12),
        ("Dibaca: 3.210x", 3210),
        ("Dilihat 1,2 rb kali", 1200),
        ("2 jt views", 2_000_000),
        ("Admin | 3 Mei 2021 | Dilihat 7 kali", 7),
        ("Bagikan: facebook twitter whatapps Telah dilihat 8 kali", 8),
        ("Video itu telah dilihat 900 kali.", None),
        ("(12 kali dilihat)", 12),
        ("👁 1,2 rb", 1200),
        ("Artikel ini telah dibaca 12 kali", 12),
        ("Telah di lihat 12 kali", 12),
        ("3 Komentar - 12 dilihat", 12),
        ("Pengunjung hari ini: 12", None),
        ("12 Komentar", None),
        ("Halaman 2", None),
    ],
)
def test_views(text: str, views: int | None) -> None:
    """Only a counter that stands by itself is one."""
    assert read_views(text) == views


@pytest.mark.parametrize(
    ("text", "views"),
    [
        ("1.204", 1204),
        ("1,2 rb", 1200),
        ("3k", 3000),
        ("12 kali", 12),
        ("12.", 12),
        ("9.9.9", None),
        ("1234567890", None),
    ],
)
def test_count_beside_its_label(text: str, views: int | None) -> None:
    """A number whose label stands elsewhere is read like one behind its label."""
    assert read_count(text) == read_views(f"Dilihat {text}") == views


def test_bare_count() -> None:
    """A bare number with or without thousands is a count; anything beside it is not."""
    assert [read_bare_count(text) for text in ("63", "1.204", "63 kali", "1 2", "²")] == [
        63,
        1204,
        None,
        None,
        None,
    ]


@given(st.text(alphabet="dok.ft()Baca Jug:123rbkli|, dihatx\n", max_size=300))
def test_any_text_can_be_judged(text: str) -> None:
    """No text raises."""
    read_views(text), is_caption(text), is_related(text), is_salutation(text), read_bare_count(text)
