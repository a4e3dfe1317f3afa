"""Lines of an article in what was learnt from it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, select, update

from archive.database.models import Layout, Text_
from archive.database.sql import cut_chunks

LEAST_WORDS = 4
"""Words from which on a line is an article's own: shorter ones are furniture of every page."""
WORD = re.compile(r"[^\W\d_]+")


def forget_layouts(
    connection: Connection, captures: Collection[int], text_ids: Collection[int]
) -> None:
    """Empty the layouts learnt from these captures that quote a line of these texts: they are
    learnt anew some day, from what is left."""
    lines = _read_lines(connection, text_ids)
    learnt = set(captures)
    query = select(Layout.id, Layout.content, Layout.captures).where(Layout.content > "")
    quoting = [
        row.id
        for row in connection.execute(query)
        if learnt.intersection(row.captures) and not lines.isdisjoint(_list_lines(row.content))
    ]
    nothing = {"content": "", "group_count": 0}
    for layout_id in quoting:
        connection.execute(update(Layout).where(Layout.id == layout_id).values(nothing))


def _read_lines(connection: Connection, text_ids: Collection[int]) -> set[str]:
    found: set[str] = set()
    for chunk in cut_chunks(text_ids):
        query = select(Text_.title, Text_.body).where(Text_.id.in_(chunk))
        for title, body in connection.execute(query):
            found.update(map(_fold, [title or "", *body.splitlines()]))
    return {line for line in found if line.count(" ") >= LEAST_WORDS - 1}


def _list_lines(content: str) -> Iterator[str]:
    """The texts in a layout, without what names their boxes."""
    return (_fold(text.rpartition("\t")[2]) for text in _list_texts(json.loads(content)))


def _list_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _list_texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _list_texts(one)


def _fold(line: str) -> str:
    """The words of a line: layouts mask its digits."""
    return " ".join(WORD.findall(line.casefold()))
