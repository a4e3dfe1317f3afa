"""The digest of a whole row, by which damage to any of its columns shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from archive.database.types import clean_text

OWN = ("id", "digest")
"""Columns that a row's digest leaves out: the number that the database gives it, and itself."""


def digest_row(row: Mapping[str, Any]) -> str:
    """Name what a row holds by its SHA-256, the same on both engines.

    What is NULL or empty is left out, so that a column added later changes no earlier digest.
    """
    held = {
        name: _plain(value)
        for name, value in row.items()
        if name not in OWN and value is not None and value != ""
    }
    encoded = json.dumps(held, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(encoded.encode()).hexdigest()


def seal_row() -> Mapped[str | None]:
    """A column that holds the digest of its row, made when the row is inserted."""

    def seal(context: DefaultExecutionContext) -> str:
        return digest_row(context.get_current_parameters())  # type: ignore[no-untyped-call]

    return mapped_column(default=seal)


def _plain(value: Any) -> Any:
    """A value as JSON has it: texts as the database holds them, times in UTC."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value
