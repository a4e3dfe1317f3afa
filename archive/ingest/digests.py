"""Two digests of a text: *text* decides whether an article was revised, *copy* whether it is a copy
of another."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from archive.database.types import clean_text
from archive.records import Digests

LEAST_WORDS = 30
"""Shorter texts have no copy digest: posts of one image would all be copies of each other."""
WORD = re.compile(r"[^\W_]+")


def text_digest(title: str | None, body: str) -> str:
    """Digest title and body, as the database holds them, in NFC with white space collapsed; case
    counts."""
    return _digest("\n".join(_normalise(part) for part in (title or "", body)))


def copy_digest(own: str) -> str | None:
    """Digest a body's letters and digits, case-folded; None under 30 words.

    `own` is the body without dateline and credits, which copies need not have in common.
    """
    words = WORD.findall(unicodedata.normalize("NFKC", own).casefold())
    return _digest("".join(words)) if len(words) >= LEAST_WORDS else None


def digest_text(title: str | None, body: str, own: str) -> Digests:
    """Both digests of a text; `own` is the body without dateline and credits."""
    return Digests(text_digest(title, body), copy_digest(own))


def _normalise(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", clean_text(text)).split())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
