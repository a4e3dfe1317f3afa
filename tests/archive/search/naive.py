"""What a search should find, by looking at every text; and queries to try."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from archive.search.entries import Entry
from archive.search.query import All, AnyOf, Exact, Field, Leaf, Node, Not, Prefix, Word
from archive.search.tokens import split_words, stem_word

ODD = (
    "memilih pemilihan Data data kata.Kalimat anggota/staf 7/2024 Jum’at jumat AND NOT OR NEAR "
    "* : ( ) all s3372 title: by: place: pemil* dat* - -( title:( OR OR"
)
WORDS = st.sampled_from([*ODD.split(), "🎉", "\\", "'", '"', "\0", "\ud800", "ﷺ", "É", "e", "§"])
TEXTS = st.lists(WORDS | st.text(max_size=4), max_size=10).map(" ".join)
PARTS = (
    TEXTS
    | WORDS
    | TEXTS.map('"{}"'.format)
    | TEXTS.map('-"{}"'.format)
    | TEXTS.map("({})".format)
    | WORDS.map("-{}".format)
    | WORDS.map("title:{}".format)
    | WORDS.map("by:{}".format)
    | WORDS.map("{}*".format)
)
QUERIES = st.lists(PARTS, max_size=4).map(" ".join)


def matches(node: Node, entry: Entry) -> bool:
    """Whether an entry is what a query asks for."""
    if isinstance(node, All):
        return all(matches(part, entry) for part in node.parts)
    if isinstance(node, AnyOf):
        return any(matches(part, entry) for part in node.parts)
    if isinstance(node, Not):
        return not matches(node.part, entry)
    return any(_stands(node, words) for words in _list_texts(node, entry))


def _list_texts(leaf: Leaf, entry: Entry) -> list[list[str]]:
    texts = {
        Field.TEXT: (entry.title, entry.body),
        Field.TITLE: (entry.title,),
        Field.BY: entry.people,
        Field.PLACE: (entry.place,),
    }
    return list(map(split_words, texts[leaf.field]))


def _stands(leaf: Leaf, words: Sequence[str]) -> bool:
    if isinstance(leaf, Prefix):
        return any(word.startswith(leaf.start) for word in words)
    if isinstance(leaf, Exact):
        size = len(leaf.words)
        return any(tuple(words[n : n + size]) == leaf.words for n in range(len(words)))
    assert isinstance(leaf, Word)
    if leaf.field in (Field.BY, Field.PLACE):
        return leaf.plain in words
    return stem_word(leaf.plain) in map(stem_word, words)
