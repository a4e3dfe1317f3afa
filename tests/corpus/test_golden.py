"""Every saved page is read as its JSON says."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kpucrawl.evaluate.rows import describe_page
from kpucrawl.extract import read_page
from kpucrawl.extract.templates import GENERIC, TEMPLATES

PAGES = Path(__file__).parent / "golden"
FILES = sorted(PAGES.rglob("*.html"))
MAY_BE_EMPTY = {"body", "images", "attachments", "related"}


@pytest.mark.parametrize("template", [*TEMPLATES, GENERIC], ids=lambda template: template.name)
def test_template_has_a_page(template: Any) -> None:
    """No generation of pages goes without an example."""
    assert any(file.parent.name == template.name for file in FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_page_is_read_as_expected(file: Path) -> None:
    """What is expected of a saved page is stated, is not empty, and is what is read."""
    labels = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    expected = labels["expected"]
    assert "kind" in expected
    assert [
        key
        for key, value in expected.items()
        if value in (None, "", []) and key not in MAY_BE_EMPTY
    ] == []
    reading = read_page(
        file.read_bytes(),
        labels["url"],
        headers=labels.get("headers"),
        fetched_at=datetime.fromisoformat(labels["fetched_at"]),
    )
    read = describe_page(reading)
    assert {key: read[key] for key in expected} == expected
