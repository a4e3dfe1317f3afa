"""Advertisements inside a text, drawn from a pool, are known by the label of their box."""

from __future__ import annotations

import pytest

from kpucrawl.extract import learn_layout, read_page
from kpucrawl.extract.layouts.model import Layout, Listed, Sample

PAGES = 20
WORDS = ("jalan", "sawah", "pasar", "balai", "kebun", "pantai", "bukit", "muara", "lembah", "dusun")


def write_page(number: int, pool: int) -> Sample:
    """An article with an advertisement between its paragraphs, one of `pool`."""
    said = [
        f"Warga {WORDS[(number + n) % 10]} nomor {number * 7 + n} datang ke {WORDS[(number * 3 + n) % 10]}"
        f" membawa {number + n * 11} berkas dan menunggu giliran sampai sore hari."
        for n in range(4)
    ]
    advertised = (
        f"Ikuti kegiatan kami yang ke-{'abcdefghijklmnopqrstuvwxyz'[number % pool]} minggu ini."
    )
    box = f'<div class="sisip"><small>Iklan</small><p>{advertised}</p></div>'
    title = f"Rapat {WORDS[number % 10]} ke {number} di {WORDS[(number * 7) % 10]}"
    body = (
        f"<html><head><title>{title}</title></head><body><ul class=menu><li>Beranda</li><li>Profil</li></ul>"
        f"<article class=isi><h1>{title}</h1><div class=teks><p>{said[0]}</p><p>{said[1]}</p>{box}"
        f"<p>{said[2]}</p><p>{said[3]}</p></div><p class=hitung>Dilihat {number * 13 + 5} kali</p></article>"
        "<footer><p>Kantor KPU</p></footer></body></html>"
    )
    url = f"https://kota-surakarta.kpu.go.id/blog/read/{number}_rapat"
    return Sample("article", body.encode(), url, {}, Listed(title))


def learn(pool: int) -> tuple[Layout, list[Sample]]:
    samples = [write_page(number, pool) for number in range(1, PAGES + 1)]
    layout = learn_layout(samples)
    assert layout is not None
    return layout, samples


@pytest.mark.parametrize(("pool", "is_text"), [(13, False), (15, False), (20, True)])
def test_a_labelled_box_is_no_text_where_half_of_its_lines_recur(pool: int, is_text: bool) -> None:
    """Of a pool of 13 and of 15, 14 and 10 of twenty lines recur; what never recurs may be a quote
    of the article's."""
    layout, samples = learn(pool)
    articles = [read_page(one.body, one.url, layout=layout).article for one in samples]
    bodies = [article.body or "" for article in articles if article]
    assert len(bodies) == PAGES
    assert all(("Ikuti kegiatan" in body) is is_text for body in bodies)
    assert not any("Iklan" in body for body in bodies)
