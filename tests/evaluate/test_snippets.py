"""Snippets go through the page's own functions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpucrawl.evaluate.snippets import POSITIONS, read_snippet


def said(text: str, position: str, context_year: int | None = None) -> dict[str, object]:
    """What was read, without what was not."""
    return {
        key: value
        for key, value in read_snippet(text, position, context_year).items()
        if value not in (None, [])
    }


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("Ngawi – Petugas menata arsip", "head", {"place": "Ngawi"}),
        ("Ngawi – Petugas menata arsip", "body", {}),
        ("Ngawi – Petugas menata arsip", "tail", {}),
        ("Mereka lelah. (ws)", "tail", {"byline": ["ws"]}),
        ("Mereka lelah. (ws)", "body", {}),
        ("Mereka lelah. (ws, 3/5/2021)", "tail", {"byline": ["ws"], "date_iso": "2021-05-03"}),
        ("Telah dilihat 1.204 kali", "chrome", {"views": 1204}),
        ("87\n\nArsip Ditata Ulang", "chrome", {"views": 87}),
        ("Halaman 3 dari 9", "chrome", {}),
        ("Diposting oleh Admin | Senin, 3 Mei 2021", "chrome", {"date_iso": "2021-05-03"}),
        ("Arsip Ditata Senin, 3 Mei 2021", "chrome", {}),
        ("Siaran itu telah dilihat 2.000 kali oleh warga.", "body", {}),
        ("Rabu (3/5) arsip ditata", "body", {"date_flags": ["no_year"]}),
    ],
)
def test_position_decides_what_is_looked_for(
    text: str, position: str, expected: dict[str, object]
) -> None:
    """Datelines open heads, credits close tails, counters stand in the chrome."""
    assert said(text, position) == expected


def test_context_year_judges_the_weekday() -> None:
    """A weekday without a year is judged by the context's year and gives no date."""
    assert said("Ngawi (Selasa, 3/5) - Arsip ditata", "head", 2021)["date_flags"] == [
        "weekday_mismatch",
        "no_year",
    ]


@given(st.text(max_size=200), st.sampled_from(POSITIONS), st.none() | st.integers(1, 9999))
def test_any_snippet_can_be_read(text: str, position: str, year: int | None) -> None:
    """No text raises."""
    read_snippet(text, position, year)
