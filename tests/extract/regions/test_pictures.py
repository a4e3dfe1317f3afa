"""The address of a picture, and what is an icon's."""

from __future__ import annotations

import pytest

from kpucrawl.extract.html.parse import open_page
from kpucrawl.extract.regions.pictures import PHOTO_DIGITS, find_source

URL = "http://kab-demak.kpu.go.id"
DIGEST = "17636042378f14b1a91628816734b66de2fb995fab"


@pytest.mark.parametrize(
    ("markup", "source"),
    [
        (f"<img src='/a/{DIGEST}.jpg'>", f"{URL}/a/{DIGEST}.jpg"),
        ("<img src='/a/93FB_IMG_1571.jpg'>", f"{URL}/a/93FB_IMG_1571.jpg"),
        ("<img src='/a/fb.png'>", ""),
        ("<img src='/_next/image?url=avatar4.png&w=64'>", ""),
        (
            "<img src='/_next/image?url=%2Fa%2Frapat.jpg'>",
            f"{URL}/_next/image?url=%2Fa%2Frapat.jpg",
        ),
        ("<picture><source srcset='/a.webp'><img src='data:,'></picture>", f"{URL}/a.webp"),
        ("<img src='data:,' srcset='/b.jpg 1024w, /a.jpg 300w'>", f"{URL}/b.jpg"),
        ("<img src='data:,' srcset='/a.jpg, /b.jpg 1.5x'>", f"{URL}/b.jpg"),
        ("<img src='/a.jpg#joomlaImage://local/a.jpg?width=9'>", f"{URL}/a.jpg"),
    ],
    ids=[
        "digest",
        "facebook",
        "icon",
        "wrapped icon",
        "wrapped",
        "source",
        "widest",
        "densest",
        "noted size",
    ],
)
def test_source_of_a_picture(markup: str, source: str) -> None:
    """A photo is told from an icon by its own name, and found among the sources of a picture."""
    page = open_page(f"<html><body><p>Rapat</p>{markup}</body></html>".encode(), URL)
    assert page is not None
    assert find_source(page, page.outline.images[0]) == source


@pytest.mark.parametrize(
    ("sources", "source"),
    [
        pytest.param("src='/a.jpg' srcset='/b.jpg 300w, /c.jpg 900w'", "/c.jpg", id="widest"),
        pytest.param("src='/a.jpg' srcset='/b.jpg 300w'", "/a.jpg", id="one alone"),
        pytest.param(
            "src='/a.jpg' data-src='/d.jpg' srcset='/b.jpg 3w, /a.jpg?w=9 9w'",
            "/d.jpg",
            id="itself",
        ),
        pytest.param("srcset='/b.jpg'", "/b.jpg", id="nothing else"),
    ],
)
def test_a_set_of_sources(sources: str, source: str) -> None:
    """The widest of several is the picture, unless it is the one shown at first."""
    page = open_page(f"<html><body><p>Rapat</p><img {sources}></body></html>".encode(), URL)
    assert page is not None
    assert find_source(page, page.outline.images[0]) == f"{URL}{source}"


@pytest.mark.parametrize(
    ("name", "is_icon"),
    [
        pytest.param("banner-pemilu.jpg", True, id="a banner"),
        pytest.param("spanduk.jpg", False, id="a photo"),
        pytest.param("iklan-layanan.jpg", True, id="an advertisement"),
        pytest.param("728x90.gif", True, id="named by its size"),
        pytest.param("rapat-728x90.gif", False, id="named with its size"),
        pytest.param("b8-icon-4-logo-77c0.jpg", True, id="words of icons"),
        pytest.param("b8icon4logo77c0.jpg", False, id="a key"),
        pytest.param("printbutton.png", True, id="a button"),
        pytest.param("mailbutton.png", True, id="another button"),
        pytest.param("kancing.png", False, id="any word"),
        pytest.param(f"wa-{'1' * (PHOTO_DIGITS - 1)}.jpg", True, id="an icon with its size"),
        pytest.param(f"wa-{'1' * PHOTO_DIGITS}.jpg", False, id="a photo of a phone"),
        pytest.param(f"icons/{'1' * PHOTO_DIGITS}.jpg", True, id="in a folder of icons"),
        pytest.param(f"banners/{'1' * PHOTO_DIGITS}.jpg", True, id="in a folder of banners"),
        pytest.param(f"wa-{'a1' * 8}{'1' * 7}.jpg", True, id="a digest is no number"),
    ],
)
def test_the_names_of_icons(name: str, is_icon: bool) -> None:
    """By their words and folders; a name with as many digits as a day has is a photo's."""
    page = open_page(f"<html><body><p>Rapat</p><img src='/{name}'></body></html>".encode(), URL)
    assert page is not None
    source = find_source(page, page.outline.images[0])
    assert source == ("" if is_icon else f"{URL}/{name}")
