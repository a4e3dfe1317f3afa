"""Rows as a terminal of 80 columns has room for them: what a person looks for first. Programs, and
people on a pipe, get all columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from archive.cli.rows import Row, format_value

NAMED = 3
"""Pages of a list that are named; the rest is counted."""


def shorten_capture(row: Row) -> Row:
    """A line of `history`."""
    return {
        "capture": row["capture"],
        "fetched_at": row["fetched_at"],
        "answer": row["error"] or row["status"],
        "revision": row["revision"],
        "views": row["views"],
        "bytes": row["size"],
    }


def shorten_count(row: Row) -> Row:
    """A line of `views SITE/N`."""
    return {
        "at": row["at"],
        "count": row["count"],
        "source": row["source"],
        "change": row["difference"],
        "own_visits": row["own_visits"],
        "readers": row["readers"],
        "note": row["note"],
        "bar": row["bar"],
    }


def shorten_run(row: Row) -> Row:
    """A line of `runs`."""
    given = row["arguments"]
    words = given.items() if isinstance(given, Mapping) else ()
    return {
        "run": row["run"],
        "asked_for": " ".join([str(row["spider"]), *(f"{name}={value}" for name, value in words)]),
        "started_(UTC)": f"{row['started_at']:%Y-%m-%d %H:%M}",
        "took": _tell_span(row["started_at"], row["ended_at"]) or row["state"],
        "code": row["exit_code"],
        "outcome": str(row["outcome"] or "").removeprefix(f"{row['spider']}: "),
    }


def shorten_fault(row: Row) -> Row:
    """A line of `verify`: one fault may take the captures of thousands of pages."""
    captures, pages = row["captures"], row["pages"]
    assert isinstance(captures, tuple) and isinstance(pages, tuple)
    named = ", ".join(pages[:NAMED])
    more = f" and {len(pages) - NAMED:,} more" if len(pages) > NAMED else ""
    return {
        "what": row["what"],
        "id": row["id"],
        "why": row["why"],
        "captures": len(captures),
        "pages": named + more,
    }


def shorten_coverage(row: Row) -> Row:
    """A line of `coverage`: the reasons that occur, and what is still to be done, in words."""
    why = [f"{count} {name.replace('_', ' ')}" for name, count in _list_reasons(row) if count]
    return {
        "site": row["site"],
        "shown": row["shown"],
        "held": row["held"],
        "missing": row["missing"],
        "why": ", ".join(why),
        "never_seen": row["numbers_never_seen"],
    }


def _list_reasons(row: Row) -> Iterator[tuple[str, Any]]:
    told = ("site", "shown", "held", "missing", "numbers_never_seen")
    yield from ((name, value) for name, value in row.items() if name not in told)


def shorten_missing(row: Row) -> Row:
    """A line of `coverage SITE`; of numbers that were never seen the advice is the same for
    each."""
    evidence = str(row["evidence"])
    return {
        "page": row["page"],
        "reason": row["grade"] or row["reason"],
        "since": _tell_day(row["since"]),
        "evidence": evidence.partition(";")[0] if row["url"] is None else evidence,
    }


def shorten_state(row: Row) -> Row:
    """A line of `health`."""
    return {
        "site": row["site"],
        "state": row["state"],
        "since": _tell_day(row["since"]),
        "evidence_and_what_to_do": f"{row['evidence']}. {row['what_to_do']}".strip(". "),
    }


def _tell_day(value: object) -> object:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    return value if isinstance(value, date) else format_value(value)


def _tell_span(began: object, ended: object) -> str:
    """`1:05:12`, empty without an end."""
    if not (isinstance(began, datetime) and isinstance(ended, datetime)):
        return ""
    return str(ended - began).partition(".")[0]


def shorten_repost(row: Row) -> Row:
    """A line of `reposts` of a page."""
    return {
        "page": row["page"],
        "published": _tell_days(row["published_earliest"], row["published_latest"]),
        "lag_days": row["lag_days"],
        "similarity": row["similarity"],
        "dateline": row["dateline_unit"] or row["dateline_place"],
    }


def shorten_cluster(row: Row) -> Row:
    """A line of `reposts` without a page."""
    return {
        "first_page": row["first_page"],
        "title": row["title"],
        "pages": row["pages"],
        "offices": row["offices"],
        "days": row["span_days"],
        "kind": row["kind"],
    }


def _tell_days(earliest: object, latest: object) -> str:
    if earliest is None:
        return "undated"
    return f"{earliest}" if latest in (None, earliest) else f"{earliest}..{latest}"
