"""Small pages that were read wrong once, each for a kind of fault, with the right reading."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kpucrawl.extract import read_page
from kpucrawl.extract.records import Article, PageReading

CASES = Path(__file__).parents[1] / "corpus" / "cases"


def read_case(path: Path) -> tuple[PageReading, dict[str, Any]]:
    """A page as it is read now, and what it says."""
    case = json.loads(path.read_text())
    fetched_at = datetime.fromisoformat(case["fetched_at"]) if "fetched_at" in case else None
    body = path.with_suffix(".html").read_bytes()
    reading = read_page(body, case["url"], headers=case.get("headers", {}), fetched_at=fetched_at)
    return reading, case["expected"]


def collapse(text: str) -> str:
    return " ".join(text.split())


def name_fields(article: Article) -> dict[str, Any]:
    """What a case may say of an article."""
    published, dateline = article.published, article.dateline
    days = (published.earliest, published.latest) if published else ()
    return {
        "title": article.title,
        "body": collapse(article.body),
        "views": article.views,
        "byline": article.byline,
        "images": [image.url for image in article.images],
        "attachments": [file.url for file in article.attachments],
        "place": dateline.place if dateline else None,
        "date_iso": dateline.date.isoformat() if dateline and dateline.date else None,
        "published": dict(zip(("earliest", "latest"), map(str, days), strict=False)) or None,
    }


@pytest.mark.parametrize("path", sorted(CASES.glob("*.json")), ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    """The page is of its kind, and says what it says: all that is told of it."""
    reading, expected = read_case(path)
    assert reading.kind in expected.pop("kind", reading.kind).split("|")
    if reading.article is None:
        assert not any(expected.values())
        return
    for words in expected.pop("body_contains", ()):
        assert collapse(words) in collapse(reading.article.body)
    expected |= {"body": collapse(expected["body"])} if "body" in expected else {}
    read = name_fields(reading.article)
    assert {name: read[name] for name in expected} == expected
