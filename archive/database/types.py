"""The types of columns, which both engines store alike, and the digests of texts."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, DateTime, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column


class UtcTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC without offset in the database. Naive values are refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into naive UTC; raise ValueError on a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"time without zone: {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that what the database holds is UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


def clean_text(value: str) -> str:
    """Replace what no database stores as text: NUL (refused by PostgreSQL) and lone surrogates."""
    if "\0" in value:
        value = value.replace("\0", "\ufffd")
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


class CleanText(TypeDecorator[str]):
    """Text that both engines store alike."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Clean what a hostile page may contain."""
        return None if value is None else clean_text(value)


class CleanJson(TypeDecorator[Any]):
    """JSON whose texts both engines give back: PostgreSQL keeps an escaped NUL and then refuses to
    read it."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Clean every text in lists and objects."""
        return _clean_json(value)


def _clean_json(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(name)): _clean_json(one) for name, one in value.items()}
    return [_clean_json(one) for one in value] if isinstance(value, (list, tuple)) else value


def digest_text(*texts: str) -> str:
    """Name texts by their SHA-256, as the database holds them.

    Unique keys over what offices write go by it: PostgreSQL's index takes rows of at most 2,704
    bytes, and links of 3,000 characters are seen.
    """
    return hashlib.sha256("\n".join(map(clean_text, texts)).encode()).hexdigest()


def digest_columns(*names: str) -> Mapped[str]:
    """A column that holds the digest of others of its row, made when the row is inserted."""

    def digest(context: DefaultExecutionContext) -> str:
        row = context.get_current_parameters()  # type: ignore[no-untyped-call]
        return digest_text(*(row[name] for name in names))

    return mapped_column(default=digest)


Count = Annotated[int, "64 bits"]
"""A number that a page prints: PostgreSQL's plain integer ends at 2,147,483,647."""
