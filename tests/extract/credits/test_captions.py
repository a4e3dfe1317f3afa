"""Who took a picture, as its caption says."""

import pytest

from kpucrawl.extract.credits.captions import LONGEST, find_photographer, read_photographer


@pytest.mark.parametrize(
    ("caption", "name"),
    [
        ("Apel pagi di halaman kantor. Foto: Wira Santika", "Wira Santika"),
        ("Apel pagi (foto: Wira)", "Wira"),
        ("Apel pagi — Fotografer: Wira Santika.", "Wira Santika"),
        ("Apel pagi. Foto oleh Wira Santika", "Wira Santika"),
        ("Foto/Wira: Apel pagi di halaman kantor", "Wira"),
        ("Ft. Wira Santika: apel pagi", "Wira Santika"),
        ("Apel pagi. Dok: Wira", "Wira"),
        ("Apel pagi / foto: gus tut", "gus tut"),
        ("Apel pagi. Dok: Bawaslu Ngawi", None),
        ("Apel pagi. Foto: rapat", None),
        ("Apel pagi. Foto: Antara/Wira", None),
        ("Apel pagi. Foto: Humas KPU Ngawi", None),
        ("Apel pagi. Foto: istimewa", None),
        ("Apel pagi. Foto: Istimewa", None),
        ("Apel pagi di halaman kantor", None),
        ("Foto bersama: peserta apel pagi", None),
    ],
)
def test_whom_a_caption_credits(caption: str, name: str | None) -> None:
    """One person; no agency, no desk."""
    assert read_photographer(caption) == name


@pytest.mark.parametrize(("more", "name"), [(0, "Wira"), (1, None)])
def test_the_longest_caption(more: int, name: str | None) -> None:
    """What is longer is a text."""
    end = ". Foto: Wira"
    assert read_photographer("a" * (LONGEST + more - len(end)) + end) == name


@pytest.mark.parametrize(
    ("captions", "name"),
    [
        (["Apel. Foto: Wira", "Rapat. Foto: Wira", "Senam"], "Wira"),
        (["Apel. Foto: Wira", "Rapat. Foto: Tio"], None),
        (["Senam"], None),
    ],
)
def test_the_captions_of_an_article(captions: list[str], name: str | None) -> None:
    """Where they credit two, nobody took the pictures of the article."""
    assert find_photographer(captions) == name
