"""What may be the words under a picture, of a template that sets them nowhere of its own."""

from __future__ import annotations

import pytest

from kpucrawl.extract.layouts.media import is_few_words
from tests.extract.layouts.test_tree import make_tree


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param(f"<p>{'arsip ' * 3}</p>", True, id="three words"),
        pytest.param(f"<p>{'arsip ' * 2}</p>", False, id="two words"),
        pytest.param(f"<p>{'arsip ' * 16}</p>", True, id="sixteen words"),
        pytest.param(f"<p>{'arsip ' * 17}</p>", False, id="seventeen words"),
        pytest.param(f"<h2>{'arsip ' * 3}</h2>", False, id="a heading"),
        pytest.param(f"<ul><li>{'arsip ' * 3}</ul>", False, id="an item of a list"),
        pytest.param(f"<p>{'arsip ' * 3}.</p>", False, id="a sentence"),
    ],
)
def test_few_words(markup: str, expected: bool) -> None:
    """Three to sixteen words of plain text that are no sentence."""
    (line,) = make_tree(markup).lines
    assert is_few_words(line) is expected
