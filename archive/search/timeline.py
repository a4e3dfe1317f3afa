"""How often a search finds something, by months or years: how a word rises and falls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from archive.search.options import Facet, Step
from archive.search.questions import Question
from archive.search.search import find_articles

STEPS = {Step.MONTH: Facet.MONTH, Step.YEAR: Facet.YEAR}


@dataclass(frozen=True, slots=True)
class Part:
    """One month or year."""

    period: str
    """`2024-03` or `2024`."""
    hits: int
    """Articles found that were published then, by the middle of the days they may be of."""
    published: int
    """All articles that were, of the same offices and kinds."""

    @property
    def share(self) -> float:
        """Hits among all of them, 0 to 1."""
        return self.hits / self.published if self.published else 0.0


def count_over_time(
    connection: Connection,
    question: Question,
    step: Step,
    folder: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> tuple[Part, ...]:
    """The parts from the first to the last with a hit, those without one among them.

    What has no date is in none. The words of the question make the hits; all else is asked of both.
    """
    facet = STEPS[step]
    counted = replace(question, limit=0, offset=0, facets=(facet,), folded=False)
    hits = _read_counts(connection, counted, facet, folder, say)
    everything = replace(counted, query="")
    published = _read_counts(connection, everything, facet, folder, say)
    if not hits:
        return ()
    periods = _list_numbers(min(hits), max(hits), step)
    return tuple(
        Part(_write_period(number, step), hits.get(number, 0), published.get(number, 0))
        for number in periods
    )


def _read_counts(
    connection: Connection,
    question: Question,
    facet: Facet,
    folder: Path | None,
    say: Callable[[str], None],
) -> dict[int, int]:
    counts = find_articles(connection, question, folder, say).counts
    return {int(value): count for value, count in counts.get(facet, ())}


def _list_numbers(first: int, last: int, step: Step) -> Iterator[int]:
    """`202411, 202412, 202501` or `2024, 2025`."""
    if step is Step.YEAR:
        yield from range(first, last + 1)
        return
    for month in range(_count_months(first), _count_months(last) + 1):
        yield month // 12 * 100 + month % 12 + 1


def _count_months(number: int) -> int:
    return number // 100 * 12 + number % 100 - 1


def _write_period(number: int, step: Step) -> str:
    return str(number) if step is Step.YEAR else f"{number // 100:04}-{number % 100:02}"
