"""Questions about characters are answered as the slow way answers them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from kpucrawl.extract.characters import has_digit


@given(st.text() | st.text("٣२5a–“ "))
def test_figures_are_found_as_by_pattern(text: str) -> None:
    """Figures of any script are found, and nothing else is one."""
    assert has_digit(text) == (re.search(r"\d", text) is not None)
