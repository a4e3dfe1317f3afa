"""What a search can be told, apart from what answers it."""

from __future__ import annotations

from enum import StrEnum


class Precision(StrEnum):
    """How surely an article was published within a period."""

    SURE = "sure"
    """Every day on which it may have been lies within."""
    PROBABLE = "probable"
    """The middle one of those days does."""
    POSSIBLE = "possible"
    """One of them does."""


class Sort(StrEnum):
    """The order of hits; of equals the page that was seen last comes first."""

    RELEVANCE = "relevance"
    DATE = "date"
    """The newest first, undated ones last."""
    VIEWS = "views"
    """The most read first."""
    FIRST_SEEN = "first-seen"
    """What came here last first."""


class Facet(StrEnum):
    """What hits can be counted by."""

    OFFICE = "office"
    PROVINCE = "province"
    LEVEL = "level"
    YEAR = "year"
    MONTH = "month"
    SECTION = "section"
    CATEGORY = "category"
    WRITER = "writer"
    UNIT = "unit"
    FLAG = "flag"


class Step(StrEnum):
    """How long the parts of a timeline are."""

    MONTH = "month"
    YEAR = "year"
