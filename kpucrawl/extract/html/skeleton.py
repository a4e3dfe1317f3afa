"""A page's markup as a fingerprint, to see when an office, or all of them, change it."""

from __future__ import annotations

from collections import defaultdict
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
            digest = crc32(f"{outline.tags[box]} {sum(inner or ())}".encode())
            shapes[parent].add(digest)
        elif inner:
            shapes[parent] |= inner
    return blake2b(digest.to_bytes(4, "big"), digest_size=6).hexdigest()
