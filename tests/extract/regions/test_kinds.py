"""What a page is where its address says nothing."""

from __future__ import annotations

import pytest

from kpucrawl.extract import read_page

TEXT = (
    "<p>Petugas menata arsip di gudang sampai sore bersama seluruh anggota dan operator desa.</p>"
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/kabar/rapat-pleno-rekapitulasi-suara", "article"), ("/kabar/rapat-pleno", "other")],
)
def test_an_address_of_several_words_is_an_article_s(path: str, kind: str) -> None:
    """Offices' own engines name articles by their slug alone, without a number."""
    body = f"<title>Rapat Pleno Terbuka</title><h1>Rapat Pleno Terbuka</h1><div>{TEXT * 3}</div>"
    assert read_page(body.encode(), f"https://kab-contoh.kpu.go.id{path}").kind == kind
