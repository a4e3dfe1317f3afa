"""What counts as prose when a headline is looked for."""

from __future__ import annotations

import pytest

from kpucrawl.extract.html.parse import open_page
from kpucrawl.extract.regions.headline import is_prose


@pytest.mark.parametrize(
    ("size", "linked", "end", "expected"),
    [
        pytest.param(40, 0, ".", True, id="the shortest sentence"),
        pytest.param(39, 0, ".", False, id="too short"),
        pytest.param(79, 0, "x", False, id="no end"),
        pytest.param(80, 0, "x", True, id="long enough without an end"),
        pytest.param(100, 50, ".", True, id="half a link"),
        pytest.param(100, 51, ".", False, id="mostly links"),
        pytest.param(199, 199, ".", False, id="a long link"),
        pytest.param(200, 200, ".", True, id="a paragraph of links"),
    ],
)
def test_prose(size: int, linked: int, end: str, expected: bool) -> None:
    """A sentence of forty characters, or eighty of anything; below two hundred not mostly links."""
    rest = "x" * (size - linked - 1) + end if size > linked else ""
    link = (
        f"<a href='/x'>{'x' * linked if rest else 'x' * (linked - 1) + end}</a>" if linked else ""
    )
    page = open_page(f"<html><body><p>{link}{rest}</p></body></html>".encode(), "https://x.go.id/")
    assert page is not None
    (line,) = page.outline.lines
    assert (len(line.text), line.linked) == (size, linked)
    assert is_prose(line) is expected
