"""Category titles under comparable names."""

from __future__ import annotations

import re

from kpucrawl.extract.phrases.tables import load_groups

# The first that matches counts: `Opini Pemilu` is opini, `KPU Dalam Berita` is no berita of the
# office's own.
SECTIONS = tuple((name, "|".join(words)) for name, words in load_groups("section"))
_SECTIONS = tuple((name, re.compile(rf"\b(?:{words})", re.I)) for name, words in SECTIONS)


def name_section(category: str | None) -> str | None:
    """The comparable name of a category's title, None for one that is not known."""
    return next((name for name, words in _SECTIONS if words.search(category or "")), None)
