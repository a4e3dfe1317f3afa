"""Two digests of a text: *text* decides whether an article was revised, *copy* whether it is a copy
of another."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable

from archive.records import Digests

LEAST_WORDS = 30
"""Shorter texts have no copy digest: posts of one image would all be copies of each other."""
WORD = re.compile(r"[^\W_]+")

StripCredits = Callable[[str], str]
"""Takes the dateline and the byline lines out of a body."""


def text_digest(title: str | None, body: str) -> str:
    """Digest title and body in NFC with white space collapsed; case counts."""
    return _digest("\n".join(_normalise(part) for part in (title or "", body)))


def copy_digest(body: str, strip_credits: StripCredits) -> str | None:
    """Digest the body's letters and digits, case-folded and without credits; None under 30
    words."""
    words = WORD.findall(unicodedata.normalize("NFKC", strip_credits(body)).casefold())
    return _digest("".join(words)) if len(words) >= LEAST_WORDS else None


def digest_text(title: str | None, body: str, strip_credits: StripCredits) -> Digests:
    """Both digests of a text."""
    return Digests(text_digest(title, body), copy_digest(body, strip_credits))


def _normalise(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
