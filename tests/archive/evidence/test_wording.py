"""What was added to a text and taken out of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.evidence import wording
from archive.evidence.wording import LEAST_SHARED, Kind, Piece, compare_texts, count_words

WORDS = st.sampled_from(["rapat", "pleno", "Rapat", "2024", ",", ".", "\n\n", "kata", "é"])
TEXTS = st.lists(WORDS, max_size=60).map(" ".join)


def tell(before: str, after: str) -> str:
    """Both texts in one, as people see it."""
    marks = {Kind.SAME: "{}", Kind.ADDED: "{{+{}+}}", Kind.REMOVED: "[-{}-]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in compare_texts(before, after))


@given(TEXTS, TEXTS)
def test_pieces_make_up_both_texts(before: str, after: str) -> None:
    """Nothing is lost and nothing invented, whatever was changed."""
    pieces = compare_texts(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.REMOVED) == after
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


@given(TEXTS)
def test_equal_texts_have_no_changes(text: str) -> None:
    """One piece, or none for an empty text."""
    assert compare_texts(text, text) == ([Piece(Kind.SAME, text)] if text else [])


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "Rapat dihadiri 20 orang.",
            "Rapat dihadiri 25 orang.",
            "Rapat dihadiri [-20-]{+25+} orang.",
        ),
        ("Rapat pleno.", "Rapat pleno terbuka.", "Rapat pleno{+ terbuka+}."),
        ("Satu.\n\nDua.\n\nTiga.", "Satu.\n\nTiga.", "Satu.\n\n[-Dua.\n\n-]Tiga."),
        ("a b c d e", "a x c y e", "a [-b c d-]{+x c y+} e"),
    ],
)
def test_words_are_told_as_they_changed(before: str, after: str, told: str) -> None:
    """A number, a word, a paragraph; what is rewritten as a whole."""
    assert tell(before, after) == told


@pytest.mark.parametrize("shared", [LEAST_SHARED - 1, LEAST_SHARED])
def test_few_words_between_changes_are_told_with_them(shared: int) -> None:
    """From so many on they are the same again."""
    middle = " ".join(f"sama{number}" for number in range(shared))
    pieces = compare_texts(f"awal lama {middle} usang", f"awal baru {middle} segar")
    is_apart = any(piece.kind is Kind.SAME and "sama0" in piece.text for piece in pieces)
    assert is_apart == (shared == LEAST_SHARED)


def test_words_are_counted() -> None:
    """Of one kind, without punctuation."""
    pieces = compare_texts("Rapat dibuka, lalu ditutup.", "Rapat dibuka oleh ketua, lalu ditutup.")
    assert count_words(pieces, Kind.ADDED) == 2
    assert count_words(pieces, Kind.REMOVED) == 0


@pytest.mark.parametrize("length", [5, 6])
def test_frequent_words_are_no_anchors_in_long_passages(
    length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below the bound they are: all texts are still made up of their pieces."""
    monkeypatch.setattr(wording, "LONG", 6)
    asked: list[bool] = []
    matcher = wording.SequenceMatcher

    def watch(junk: None, before: object, after: object, autojunk: bool) -> object:
        asked.append(autojunk)
        return matcher(junk, before, after, autojunk)  # type: ignore[arg-type]

    monkeypatch.setattr(wording, "SequenceMatcher", watch)
    compare_texts("a " * (length - 1) + "b", "a " * (length - 1) + "c")
    assert asked[-1] == (length == 6)
