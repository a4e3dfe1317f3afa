"""What was learnt of the templates of offices, and how many of their pages fit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from archive.database.models import Capture, Layout, Reading, Site
from archive.watch.coverage import count_waiting
from archive.watch.verdicts import Answer

Row = dict[str, Any]

SHOWN = 12
"""Figures of a digest that people are shown."""


def list_layouts(connection: Connection) -> Iterator[Row]:
    """Each office's layout as it is now, with the share of its captured articles that fit it, and
    how many articles wait to be read by it."""
    fits, waiting = _count_fits(connection), count_waiting(connection)
    latest: dict[str, Any] = {}
    for row in connection.execute(_select_layouts()):
        latest[row.label] = row
    for label, row in sorted(latest.items()):
        read = fits.get((row.site_id, row.digest), {})
        total = sum(read.values())
        yield {
            "site": label,
            "layout": row.digest[:SHOWN] or None,
            "learnt_at": row.learnt_at.astimezone(ZoneInfo(row.timezone)),
            "templates": row.group_count,
            "articles": row.pages,
            "read": total,
            "fit": round((total - read.get(None, 0)) / total, 3) if total else None,
            "waiting": waiting.get(row.site_id, 0),
            "borrowed_from": row.borrowed_from[:SHOWN] or None,
        }


def list_groups(connection: Connection, code: str) -> Iterator[Row]:
    """What was learnt of one office, the last first: a row for each template, and one for the
    pages that fit none."""
    fits = _count_fits(connection, code)
    rows = connection.execute(_select_layouts().where(Site.code == code)).all()
    for row in reversed(rows):
        read = fits.get((row.site_id, row.digest), {})
        groups = json.loads(row.content)["groups"] if row.content else []
        known = {
            "layout": row.digest[:SHOWN] or None,
            "learnt_at": row.learnt_at.astimezone(ZoneInfo(row.timezone)),
        }
        for group in groups:
            yield known | _describe_group(group) | {"read": read.get(group["name"], 0)}
        yield known | {"template": None, "read": read.get(None, 0)}


def _describe_group(group: Mapping[str, Any]) -> Row:
    fields = group["fields"]
    return {
        "template": group["name"],
        "samples": group["samples"],
        "title": _write_slot(group["title"]),
        "body": _write_slot(group["body"][-1]) if group["body"] else None,
        **{name: _write_slot(fields.get(name)) for name in ("category", "views", "printed")},
    }


def _write_slot(slot: Mapping[str, Any] | None) -> str | None:
    """The last steps of a slot's first path, as a person would write them: `div.post > p`."""
    if not slot or not slot["paths"]:
        return None
    return " > ".join(str(step[0]) for step in slot["paths"][0][-3:])


def _select_layouts() -> Any:
    """Layouts in the order in which they were learnt, or learnt again."""
    return (
        select(*Layout.__table__.columns, Site.label, Site.timezone)
        .join(Site, Site.id == Layout.site_id)
        .order_by(Layout.checked_at, Layout.id)
    )


def _count_fits(
    connection: Connection, code: str | None = None
) -> dict[tuple[int, str], dict[str | None, int]]:
    """How many captured articles each template of each layout read; under None those that fit
    none."""
    query = (
        select(Capture.site_id, Reading.layout, Reading.layout_group, func.count())
        .join_from(Reading, Capture, Capture.id == Reading.capture_id)
        .where(Reading.layout > "", Capture.answer == Answer.ARTICLE)
        .group_by(Capture.site_id, Reading.layout, Reading.layout_group)
    )
    if code is not None:
        query = query.join(Site, Site.id == Capture.site_id).where(Site.code == code)
    found: dict[tuple[int, str], dict[str | None, int]] = {}
    for site_id, layout, group, count in connection.execute(query):
        found.setdefault((site_id, layout), {})[group] = count
    return found
