"""What the command line takes and hands on, apart from what answers, so that `--help` need not
import that."""

from __future__ import annotations

import sys
from calendar import monthrange
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import typer
from typer.core import TyperCommand

from archive.search.options import Facet as Facet
from archive.search.options import Precision as Precision
from archive.search.options import Sort as Sort
from archive.search.options import Step as Step

MOST = 2**31 - 1
"""Highest number that both engines take for a row's own."""


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


def _read_no_address(text: str) -> str | None:
    """Where nobody reads addresses."""
    return None


@dataclass(frozen=True, slots=True)
class Setup:
    """What the program hands to its commands."""

    archive: str
    """The archive's URL, unless the command names another."""
    read_address: Callable[[str], str | None] = _read_no_address
    """Turns the address of a page into `HOST/route:key`; `None` for what is a name already."""
    index: str | None = None
    """The folder of search indexes; `None` for the usual places."""
    files: str | None = None
    """The folder of files that articles offer; `None` for the usual places."""


class NobodyReads(Exception):
    """Who reads what a command writes has closed their end: `| head`. Not an OSError, of which
    typer would make code 1."""


class Command(TyperCommand):
    """A command that refuses an option given twice where one value alone counts: else the last
    would win in silence."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse as ever, and count."""
        if not ctx.resilient_parsing:
            _, _, order = self.make_parser(ctx).parse_args(args=list(args))
            names = Counter(given.name for given in order if not getattr(given, "multiple", True))
            for name, count in names.items():
                if count > 1:
                    raise typer.BadParameter(f"--{name} was given {count} times", ctx=ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; raise NobodyReads."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError as error:
            raise NobodyReads from error
        return result


def read_target(text: str) -> str:
    """An address that can be told something: `mailto:ada@example.org` or `https://...`."""
    parts = urlsplit(text.strip())
    is_mail = parts.scheme == "mailto" and "@" in parts.path and parts.path.isprintable()
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    if not (is_mail or is_web) or any(character.isspace() for character in text.strip()):
        raise typer.BadParameter(f"{text[:60]!r} is neither mailto:NAME@HOST nor https://...")
    return text.strip()


def read_first_day(text: str) -> date:
    """The day, or the first one of a month or year: `2024`, `2024-03`, `2024-03-05`."""
    return _read_days(text)[0]


def read_last_day(text: str) -> date:
    """The day, or the last one of a month or year: `2024-02` is 29 February."""
    return _read_days(text)[1]


def _read_days(text: str) -> tuple[date, date]:
    year, *rest = text.strip().split("-")
    sizes = [len(part) for part in (year, *rest)]
    if not all(part.isascii() and part.isdigit() for part in (year, *rest)) or sizes[0] != 4:
        raise _no_day(text)
    try:
        return _find_span(*map(int, (year, *rest)))
    except (TypeError, ValueError):
        raise _no_day(text) from None


def _find_span(year: int, month: int = 0, day: int = 0) -> tuple[date, date]:
    if day or not month:
        return date(year, month or 1, day or 1), date(year, month or 12, day or 31)
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _no_day(text: str) -> typer.BadParameter:
    return typer.BadParameter(f"{text[:40]!r} is no day: 2024-03-05, 2024-03 or 2024")
