"""The address of a picture, and what is an icon's."""

from __future__ import annotations

import pytest

from kpucrawl.extract.html.parse import open_page
from kpucrawl.extract.regions.pictures import find_source

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
