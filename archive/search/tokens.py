"""Words as the search index has them: documents, queries and passages all pass through here.

The stem is Snowball's Indonesian one. It brings memilih, pemilihan, dipilih and terpilih to
`pilih`. Where a prefix swallowed a letter it does not know which: menetapkan becomes `etap`, but
ditetapkan `tetap`; menulis `ulis`, but tulis `tulis`. Guessing the letter needs a dictionary and
merges other words (`tani`, `ani`), so it is left so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import islice

import snowballstemmer

TOKENISER_VERSION = "2"
"""Kept in the index: one made by another version is made anew."""

APOSTROPHES = "'’‘ʼ`"
"""Between letters they are written or left out at will: Jum’at, Jumat; Ma'ruf, Maruf."""

LONGEST_TOKEN = 48
"""Bytes of UTF-8: longer ones are addresses and rubbish, of which the beginning is enough."""

SURELY_SHORT = LONGEST_TOKEN // 4
"""Characters: as many as fit whatever they are."""

_WORD = re.compile(rf"[^\W_ʼ]+(?:[{APOSTROPHES}][^\W_ʼ]+)*")  # ʼ counts as a letter
_ASCII_WORD = re.compile(rf"[0-9a-z]+(?:[{APOSTROPHES}][0-9a-z]+)*")
_BLANKS = {code: " " for code in range(128) if not chr(code).isalnum()}
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_DROP_APOSTROPHES = str.maketrans("", "", APOSTROPHES)


def fold_words(text: str) -> list[str]:
    """The words of a text in order, folded but not stemmed."""
    folded = fold_text(text)
    has_apostrophes = _APOSTROPHE.search(folded) is not None
    if folded.isascii() and not has_apostrophes:
        return folded.translate(_BLANKS).split()
    words: list[str] = _choose_pattern(folded).findall(folded)
    return [word.translate(_DROP_APOSTROPHES) for word in words] if has_apostrophes else words


def _choose_pattern(folded: str) -> re.Pattern[str]:
    """What finds the words of a text: most hold no letters beyond ASCII, only dashes and quotes."""
    beyond = "".join(_NOT_ASCII.findall(folded))
    return _WORD if any(map(str.isalnum, beyond)) else _ASCII_WORD


def split_words(text: str) -> list[str]:
    """The words of a text in order, as the index has them: folded, and cut where they are long."""
    words = fold_words(text)
    if max(map(len, words), default=0) <= SURELY_SHORT:
        return words
    return [word if len(word) <= SURELY_SHORT else cut_token(word) for word in words]


def find_spans(text: str, wanted: Collection[int]) -> dict[int, tuple[int, int]]:
    """Where some of the words of `split_words`, named by their place among them, stand in the text
    as it was given."""
    folded, places = _fold_with_places(text)
    spans = {}
    last = max(wanted, default=-1)
    for place, word in enumerate(islice(_WORD.finditer(folded), last + 1)):
        if place in wanted:
            spans[place] = places[word.start()], places[word.end() - 1] + 1
    return spans


def _fold_with_places(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the place of the one it came from."""
    if text.isascii():
        return text.lower(), range(len(text))
    folded = list(map(_fold_character, text))
    return "".join(folded), [place for place, characters in enumerate(folded) for _ in characters]


def fold_text(text: str) -> str:
    """Lower case without accents, ligatures, full-width forms or invisible characters.

    Folds character by character: folding a text equals joining its folded characters, which offsets
    rely on.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _NOT_ASCII.sub(_drop_marks, decomposed)


def _drop_marks(found: re.Match[str]) -> str:
    return "".join(filter(_is_kept, found[0]))


@lru_cache(maxsize=65_536)
def stem_word(word: str) -> str:
    """The stem of one folded word without apostrophes."""
    # A stemmer keeps its word in itself: one for all would mix up the words of two threads.
    stem: str = snowballstemmer.stemmer("indonesian").stemWord(word)
    return cut_token(stem)


def cut_token(token: str) -> str:
    """The token, cut to `LONGEST_TOKEN` bytes between characters."""
    return token.encode()[:LONGEST_TOKEN].decode(errors="ignore")


_fold_character = lru_cache(maxsize=4096)(fold_text)


@lru_cache(maxsize=4096)
def _is_kept(character: str) -> bool:
    """Marks (accents) and format characters (soft hyphen, zero-width space) are dropped."""
    return unicodedata.category(character)[0] != "M" and unicodedata.category(character) != "Cf"
