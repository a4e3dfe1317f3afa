"""What happens to what is archived: the kinds of changes, apart from what finds them."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What happened."""

    NEW = "new"
    """An article was captured for the first time, or its number shows another one now."""
    EDITED = "edited"
    """It shows another text than before, to the same reader."""
    REMOVED = "removed"
    """It is not where it was: with its grade, as in `archive.watch.removals`."""
    RETURNED = "returned"
    """It was gone, and is there again."""
    RECATEGORISED = "recategorised"
    """It prints another category than before, to the same reader."""
    COUNTER_RESET = "counter reset"
    """Its counter began anew."""
    LAYOUT_CHANGED = "layout changed"
    """An office, or many together, changed the markup of its pages."""
