"""Labelled examples and what is read from them, one row each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpucrawl.evaluate.snippets import POSITIONS, label_reading, read_snippet
from kpucrawl.extract.records import Article, Link, PageReading

if TYPE_CHECKING:
    from kpucrawl.extract.layouts.model import Layout, Sample

ARTICLE_KEYS = ("title", "category", "section", "body", "views")
LINK_KEYS = ("images", "attachments", "related")
PUBLISHED_KEYS = ("earliest", "latest", "precision", "source", "instant")


class BadInput(Exception):
    """A labelled set that cannot be read; the message names the place."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled example and what was read from it."""

    name: str
    expected: Mapping[str, Any]
    read: Mapping[str, Any]


def read_snippet_rows(file: Path) -> Iterator[Row]:
    """Every row of a labelled file, read."""
    for number, line in enumerate(_read_text(file).split("\n"), 1):
        if line.strip():
            place = f"{file}:{number}"
            row = _load_object(line, place, ("id", "position", "text", "expected"))
            if row["position"] not in POSITIONS or not isinstance(row["text"], str):
                raise BadInput(
                    f"{place}: position must be one of {', '.join(POSITIONS)}, text a string"
                )
            read = read_snippet(row["text"], row["position"], row.get("context_year"))
            yield Row(str(row["id"]), _as_labels(row["expected"], place), read)


def read_page_rows(folder: Path) -> Iterator[Row]:
    """Every `NAME.html` of a folder and its sub-folders with its `NAME.json`, read."""
    if not folder.is_dir():
        raise BadInput(f"{folder}: no such folder")
    labels = sorted(folder.rglob("*.json"))
    if not labels:
        raise BadInput(f"{folder}: no NAME.json beside a NAME.html")
    return map(_read_page_row, labels)


def read_office_rows(folder: Path) -> Iterator[Row]:
    """Every labelled page of one office, read by the layout that all of its pages taught.

    A JSON may hold `listed`, what a listing said: `{"title": ..., "category": ..., "views": ...}`;
    only those with `expected` are scored.
    """
    from kpucrawl.extract import learn_layout

    if not folder.is_dir():
        raise BadInput(f"{folder}: no such folder")
    files = sorted(folder.rglob("*.json"))
    if not files:
        raise BadInput(f"{folder}: no NAME.json beside a NAME.html")
    layout = learn_layout([_make_sample(file) for file in files])
    for file in files:
        labels = _load_object(_read_text(file), str(file), ("url",))
        if "expected" in labels:
            yield _read_page_row(file, layout)


def _make_sample(label_file: Path) -> Sample:
    """One page of an office to learn from."""
    from kpucrawl.extract.layouts.model import Listed, Sample
    from kpucrawl.extract.urls import parse_url

    labels = _load_object(_read_text(label_file), str(label_file), ("url",))
    listed = labels.get("listed")
    said = Listed(*map(listed.get, ("title", "category", "views"))) if listed else None
    kind = parse_url(labels["url"]).kind
    return Sample(
        "listing" if kind in ("listing", "home") else "article",
        _read_bytes(label_file.with_suffix(".html")),
        labels["url"],
        labels.get("headers") or {},
        said,
    )


def _read_bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from error


def describe_page(reading: PageReading) -> dict[str, object]:
    """A reading by the labels' names."""
    article, listing = reading.article, reading.listing
    items = listing.items if listing else ()
    return {
        "kind": reading.kind,
        "template": reading.template,
        "keys": [str(item.key) for item in items],
        "pages": listing.pages if listing else None,
        "title": listing.title if listing else None,
        "category_id": listing.category_id if listing else None,
        **_describe_article(article),
    }


def _describe_article(article: Article | None) -> dict[str, object]:
    """Everything an article's labels may name; the title only where there is an article."""
    values: dict[str, object] = {
        key: getattr(article, key) if article else None for key in ARTICLE_KEYS
    }
    if article is None:
        del values["title"]
    published = article.published if article else None
    for key in PUBLISHED_KEYS:
        value = getattr(published, key, None)
        values[f"published_{key}"] = value.isoformat() if isinstance(value, date) else value
    for key in LINK_KEYS:
        links: Sequence[Link] = getattr(article, key) if article else ()
        values[key] = [link.url for link in links]
    people = (article.byline, article.dateline, article.event) if article else (None, None, None)
    return values | label_reading(*people)


def _read_page_row(label_file: Path, layout: Layout | None = None) -> Row:
    from kpucrawl.extract import read_page

    labels = _load_object(_read_text(label_file), str(label_file), ("url", "expected"))
    page = label_file.with_suffix(".html")
    try:
        body = page.read_bytes()
        fetched_at = (
            datetime.fromisoformat(labels["fetched_at"]) if labels.get("fetched_at") else None
        )
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(f"{label_file}: {error}") from error
    given = {name: labels[name] for name in ("headers", "zone") if labels.get(name)}
    reading = read_page(body, labels["url"], fetched_at=fetched_at, layout=layout, **given)
    return Row(
        label_file.stem, _as_labels(labels["expected"], str(label_file)), describe_page(reading)
    )


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file}: {getattr(error, 'strerror', None) or error}") from error


def _load_object(text: str, place: str, keys: Sequence[str]) -> dict[str, Any]:
    """A JSON object with these keys."""
    try:
        loaded = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"{place}: not JSON: {error}") from error
    if not isinstance(loaded, dict):
        raise BadInput(f"{place}: not a JSON object")
    absent = [key for key in keys if key not in loaded]
    if absent:
        raise BadInput(f"{place}: missing key {', '.join(absent)}")
    return loaded


def _as_labels(expected: object, place: str) -> Mapping[str, Any]:
    if not isinstance(expected, dict):
        raise BadInput(f"{place}: expected must be an object")
    return expected
