"""What searches count, as rows and as drawings."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from archive.cli.answering import say
from archive.cli.choices import Facet, Format
from archive.cli.rows import write_rows
from archive.search.questions import Question
from archive.search.search import Found, find_articles
from archive.search.timeline import Part

BAR = 40
"""Characters of the longest bar: beside a month, two numbers and a share on 80 columns."""
BLOCKS = " ▏▎▍▌▋▊▉█"
"""Eighths of a character."""


def write_counts(found: Found, style: Format) -> None:
    """Write how many hits have each value of each facet."""
    rows = [
        {"facet": str(facet), "value": value, "count": count}
        for facet, values in found.counts.items()
        for value, count in values
    ]
    write_rows(rows, style, sys.stdout)
    sys.stdout.flush()
    say("nothing found" if not found.total else f"{found.total} found")


def write_timeline(parts: Sequence[Part], style: Format) -> None:
    """Write the parts; for people with a bar for the share."""
    rows = [
        {
            "period": part.period,
            "hits": part.hits,
            "published": part.published,
            "share": round(part.share, 4),
        }
        for part in parts
    ]
    if style is Format.TABLE:
        most = max((part.share for part in parts), default=0.0)
        for row, part in zip(rows, parts, strict=True):
            row["share"] = f"{part.share:.1%}"
            row["bar"] = draw_bar(part.share / most if most else 0.0)
    write_rows(rows, style, sys.stdout)
    sys.stdout.flush()
    say(f"{sum(part.hits for part in parts)} found" if parts else "nothing found")


def draw_bar(share: float) -> str:
    """A bar of `BAR` characters for 1, to an eighth of one."""
    eighths = round(share * BAR * 8)
    whole, part = divmod(eighths, 8)
    return BLOCKS[-1] * whole + BLOCKS[part].strip()


def count_current(connection: Connection, day: date, folder: Path) -> dict[str, int]:
    """How many articles stood on the sites at the end of a day, as is known today, and at how many
    offices."""
    question = Question("", current_on=day, limit=0, facets=[Facet.OFFICE])
    found = find_articles(connection, question, folder, say)
    return {"offices": len(found.counts[Facet.OFFICE]), "articles": found.total}
