"""The digests of texts: what makes two texts one, and what does not."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from archive.ingest.digests import LEAST_WORDS, copy_digest, digest_text, text_digest
from archive.records import Digests

words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
texts = st.lists(words, min_size=1, max_size=60)
spaces = st.sampled_from([" ", "  ", "\n", "\n\n", "\t", " ", " \n"])
LONG = " ".join(f"kata{number}" for number in range(LEAST_WORDS))


def digest(title: str, body: str) -> Digests:
    """Both digests of a text without credits."""
    return digest_text(title, body, body)


@given(texts, st.data())
def test_white_space_is_no_revision(parts: list[str], data: st.DataObject) -> None:
    """However a text is broken into lines, its digests stay."""
    other = parts[0] + "".join(data.draw(spaces) + part for part in parts[1:])
    assert digest("Judul", f"\n{other} ") == digest("Judul", " ".join(parts))


@given(texts)
def test_composed_and_decomposed_letters_are_equal(parts: list[str]) -> None:
    """The same letters in another normal form are no revision and no other text."""
    composed, decomposed = (unicodedata.normalize(form, " ".join(parts)) for form in ("NFC", "NFD"))
    assert digest("é", composed) == digest("é", decomposed)


def test_case_is_a_revision_but_still_a_copy() -> None:
    """Correcting capitals revises an article; a repost in capitals is a copy."""
    assert text_digest("Judul", LONG) != text_digest("Judul", LONG.upper())
    assert copy_digest(LONG) == copy_digest(LONG.upper())


def test_punctuation_and_title_do_not_hide_a_copy() -> None:
    """A repost with other dashes, quotes or headline is a copy; as a text it differs."""
    one = digest("Rapat Pleno", f"“{LONG}” – selesai.")
    other = digest("Pleno", f'"{LONG}" - selesai')
    assert one.copy == other.copy
    assert one.text != other.text


def test_credits_do_not_hide_a_copy() -> None:
    """What the caller takes out as dateline and byline is no part of the copy digest."""
    signed = digest_text("Rapat", f"Cilacap – {LONG}\n\n(rn)", f" {LONG}\n\n")
    assert signed.copy == digest("Rapat", LONG).copy
    assert signed.text != digest("Rapat", LONG).text


@given(texts, texts)
def test_title_and_body_are_not_run_together(title: list[str], body: list[str]) -> None:
    """A word that moves from the title into the body makes another text."""
    assert text_digest(" ".join([*title, "kata"]), " ".join(body)) != text_digest(
        " ".join(title), " ".join(["kata", *body])
    )


def test_short_texts_are_no_copies() -> None:
    """Thirty words make a text that can be a copy; twenty-nine do not."""
    assert copy_digest(LONG) is not None
    assert copy_digest(LONG.rsplit(" ", 1)[0]) is None


@given(st.text(), st.text())
def test_any_text_has_a_digest(title: str, body: str) -> None:
    """No text is refused, lone surrogates and NULs included."""
    assert len(text_digest(title, body + "\ud800\0")) == 64
