"""A hit is shown in its sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search.passages import LONGEST_PASSAGE, cut_passage
from archive.search.query import list_wanted, parse_query

BODY = """Cilacap, 31 Oktober 2025 — Rapat dibuka pukul 09.00 WIB.
Drs. H. Wiratmo memimpin pemilihan ketua panitia. Data pemilih dibahas kemudian, s.d. No. 7.

“Semua hadir.” Tidak ada yang memilih pulang."""


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("memilih", "Drs. H. Wiratmo memimpin [pemilihan] ketua panitia."),
        ('"data pemilih"', "[Data pemilih] dibahas kemudian, s.d. No. 7."),
        ("pemilih data", "[Data] [pemilih] dibahas kemudian, s.d. No. 7."),
        ("pulang memilih", "Tidak ada yang [memilih] [pulang]."),
        ("dibah* no", "Data pemilih [dibahas] kemudian, s.d. [No]. 7."),
        (
            "title:pleno by:sri -ketua dibuka",
            "Cilacap, 31 Oktober 2025 — Rapat [dibuka] pukul 09.00 WIB.",
        ),
        ('"memilih" ketua', "Drs. H. Wiratmo memimpin pemilihan [ketua] panitia."),
        ('"data pemilih" data pemilih', "[Data pemilih] dibahas kemudian, s.d. No. 7."),
        ("hadir", "“Semua [hadir].”"),
        ("tiada", "Cilacap, 31 Oktober 2025 — Rapat dibuka pukul 09.00 WIB."),
        ("", "Cilacap, 31 Oktober 2025 — Rapat dibuka pukul 09.00 WIB."),
    ],
)
def test_best_sentence_is_shown_with_its_marks(query: str, shown: str) -> None:
    """The first sentence with most of what was asked for, abbreviations not taken for its end; else
    the first."""
    assert cut_passage(BODY, list_wanted(parse_query(query).node)).render("[", "]") == shown


def test_long_sentence_is_cut_around_the_hit() -> None:
    """A sentence without end shows the hit and whole words around it."""
    body = "awal " * 200 + "pemutakhiran " + "akhir " * 200
    passage = cut_passage(body, list_wanted(parse_query("pemutakhiran").node))
    assert passage.text.startswith("… awal ") and passage.text.endswith(" akhir …")
    assert "[pemutakhiran]" in passage.render("[", "]")
    assert len(passage.text) <= LONGEST_PASSAGE + 4


@given(st.text(alphabet='ab. \n"”!é\0', max_size=600), st.text(alphabet='ab "'))
def test_any_text_gives_a_passage(body: str, query: str) -> None:
    """Marks lie within the passage, in order, apart, and on words that were asked for; the passage
    is of the body."""
    wanted = list_wanted(parse_query(query).node)
    passage = cut_passage(body, wanted)
    assert passage.text.removeprefix("… ").removesuffix(" …") in body
    ends = [0, *(place for mark in passage.marks for place in mark), len(passage.text)]
    assert ends == sorted(ends)
    assert all(passage.text[start:end].strip() for start, end in passage.marks)
    assert not passage.marks or wanted
