"""Lines of an article in what was learnt from it, and in listings."""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, select, update

from archive.blobs.store import load_whole
from archive.database.models import Capture, Document, Layout, Page, Sighting, Text_
from archive.database.sql import cut_chunks
from archive.names import PagePlace

LEAST_WORDS = 4
"""Words from which on a line is an article's own: shorter ones are furniture of every page."""
LEAST_QUOTED = 12
"""Words from which on a line that a listing shows is taken for a piece of the article."""
AT_ONCE = 50
"""Bodies that are in memory together."""
WORD = re.compile(r"[^\W\d_]+")


def find_quoting(connection: Connection, place: PagePlace, text_ids: Collection[int]) -> list[int]:
    """The captures of listings and of the home page that show words of a page without linking it:
    its title, unless another page bears it too, or a long line."""
    titles, lines = _read_titles(connection, place), _read_lines(connection, text_ids)
    wanted = [line for line in titles if _count_words(line) >= LEAST_WORDS]
    wanted += [line for line in lines if _count_words(line) >= LEAST_QUOTED]
    query = select(Capture.id, Capture.blob_id).where(Capture.site_id == place.site_id)
    query = query.where(Capture.page_id.is_(None), Capture.blob_id.is_not(None))
    captures = connection.execute(query.order_by(Capture.id)).all() if wanted else []
    found: list[int] = []
    for chunk in cut_chunks(captures, AT_ONCE):
        bodies = load_whole(connection, {row.blob_id for row in chunk})
        shown = {blob_id: _fold_page(body) for blob_id, body in bodies.items()}
        found += [
            row.id
            for row in chunk
            if any(f" {line} " in shown.get(row.blob_id, "") for line in wanted)
        ]
    return found


def _read_titles(connection: Connection, place: PagePlace) -> set[str]:
    """What a page was called, by itself and by listings, where that is its own."""
    query = select(Sighting.title, Sighting.page_id).join(Page, Page.id == Sighting.page_id)
    query = query.where(Page.site_id == place.site_id, Sighting.title > "").distinct()
    pages: dict[str, set[int]] = defaultdict(set)
    for title, page_id in connection.execute(query):
        pages[_fold(title)].add(page_id)
    read = select(Text_.title).join(Document, Document.text_id == Text_.id)
    for own in connection.scalars(read.where(Document.page_id == place.page_id)):
        pages[_fold(own or "")].add(place.page_id)
    return {title for title, ones in pages.items() if ones == {place.page_id}}


def _count_words(line: str) -> int:
    return len(line.split())


def _fold_page(body: bytes) -> str:
    return f" {_fold(html.unescape(body.decode(errors='replace')))} "


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
