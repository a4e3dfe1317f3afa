"""The same number with wholly different title and text: a new article under an old key, and no edit of the old one."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from archive.models import Document, Text_
from archive.tokens import fold_words

MOST_COMMON = 0.3
"""Share of their words that two texts have in common, at most, to be wholly different: offices repeat themselves."""


def find_texts(connection: Connection, page_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Title and body of these articles as they stand."""
    query = select(Document.page_id, Text_.title, Text_.body).join(Text_, Text_.id == Document.text_id)
    rows = connection.execute(query.where(Document.page_id.in_(page_ids)))
    return {page_id: (title or "", body) for page_id, title, body in rows}


def is_other_article(before: tuple[str, str], after: tuple[str, str]) -> bool:
    """Whether two texts, title and body each, have next to nothing in common."""
    (title, body), (new_title, new_body) = before, after
    return share_words(title, new_title) < MOST_COMMON and share_words(body, new_body) < MOST_COMMON


def share_words(one: str, two: str) -> float:
    """The part of all their words that both have; 1 where either has none, which proves nothing."""
    words, others = set(fold_words(one)), set(fold_words(two))
    return len(words & others) / len(words | others) if words and others else 1.0
