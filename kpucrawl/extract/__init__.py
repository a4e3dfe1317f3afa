"""Reading pages: pure functions of bytes, address and context."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpucrawl.extract.layouts.learn import learn_layout
    from kpucrawl.extract.page import read_page

__all__ = ["learn_layout", "read_page"]


def __getattr__(name: str) -> object:
    """Import the reader when it is first asked for: parsing an address needs none of it."""
    if name == "read_page":
        from kpucrawl.extract.page import read_page

        return read_page
    if name == "learn_layout":
        from kpucrawl.extract.layouts.learn import learn_layout

        return learn_layout
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
