"""What articles are filtered by, as words of the index's field `tags` beside those of their texts.

`s3372` office, `p33` province, `lkota` level, `cberitaterkini` category or section, `nberita`
section, `ukpukotasurakarta` unit, `fbackdated` what is odd about an article.
"""

from __future__ import annotations

from archive.search.tokens import cut_token, fold_words

UNDATED = "undated"
PAST = "past"
"""The tag of what is no longer, or never was, what the archive knows as the article."""


def office_tag(code: str) -> str:
    """`33.72` -> `s3372`."""
    return "s" + code.replace(".", "")


def province_tag(code: str) -> str:
    """`33` -> `p33`."""
    return "p" + code


def level_tag(level: str) -> str:
    """`kota` -> `lkota`."""
    return "l" + level


def flag_tag(flag: str) -> str:
    """`backdated` -> `fbackdated`."""
    return "f" + flag


def category_tag(title: str) -> str:
    """`Berita Terkini` -> `cberitaterkini`."""
    return _join("c", title)


def section_tag(title: str) -> str:
    """`Berita` -> `nberita`."""
    return _join("n", title)


def unit_tag(title: str) -> str:
    """`Humas KPU` -> `uhumaskpu`."""
    return _join("u", title)


def _join(kind: str, title: str) -> str:
    return cut_token(kind + "".join(fold_words(title)))
