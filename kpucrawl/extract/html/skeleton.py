"""A page's markup as a fingerprint, to see when an office, or all of them, change it."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

from kpucrawl.extract.characters import split_words
from kpucrawl.extract.html.outline import Outline

# What a layout is made of. What editors type (paragraphs, lists, tables in a text, bold) differs
# from article to
# article and is left out.
LAYOUT = split_words(
    "html body header nav main article section aside footer div form table tbody tr td center "
    "frameset frame iframe h1"
)


def digest_skeleton(outline: Outline) -> str:
    """Digest of the layout's tags and their nesting, 12 hex digits; repeated siblings count
    once."""
    shapes: defaultdict[int, set[int]] = defaultdict(set)
    digest = 0
    for box in range(len(outline.tags) - 1, -1, -1):
        inner, parent = shapes.pop(box, None), outline.parents[box]
        if outline.tags[box] in LAYOUT:
            digest = _digest_box(outline.tags[box], sum(inner or ()))
            shapes[parent].add(digest)
        elif inner:
            shapes[parent] |= inner
    return blake2b(digest.to_bytes(4, "big"), digest_size=6).hexdigest()


@lru_cache(maxsize=4096)
def _digest_box(tag: str, inner: int) -> int:
    """Digest of one box and what is in it; an office's pages have the same hundred."""
    return crc32(f"{tag} {inner}".encode())
