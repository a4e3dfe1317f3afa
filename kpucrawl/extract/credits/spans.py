"""Where dateline and credits stand in a text, and the text without them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kpucrawl.extract.characters import Span, gather_lines
from kpucrawl.extract.credits.byline import find_bottom_byline, find_top_byline, join_bylines
from kpucrawl.extract.dates.dateline import find_dateline
from kpucrawl.extract.records import Byline, Dateline


@dataclass(frozen=True, slots=True)
class Credits:
    """Who signed a text and how it opens, with the pieces of lines that say so."""

    byline: Byline | None
    dateline: Dateline | None
    spans: tuple[Span, ...]
    """The byline's, then the dateline's, which may overlap them."""


def find_credits(lines: Sequence[str]) -> Credits:
    """Byline and dateline of a whole text, each searched once."""
    top = find_top_byline(lines)
    byline = join_bylines(top, find_bottom_byline(lines))
    dateline = find_dateline(lines, top)
    spans = byline.spans if byline else ()
    if dateline:
        spans += (dateline.span,)
    return Credits(
        byline.byline if byline else None, dateline.dateline if dateline else None, spans
    )


def cut_spans(body: str, spans: Iterable[tuple[int, int, int]]) -> str:
    """A body without these pieces, one line each: what copies have in common.

    The pieces are those that `find_credits` found in the lines of this body.
    """
    pieces = [Span(*span) for span in spans]
    return "\n".join(filter(None, _cut_lines(gather_lines([body]), pieces)))


def _cut_lines(lines: Sequence[str], spans: Sequence[Span]) -> Iterator[str]:
    for index, line in enumerate(lines):
        inside = [span for span in spans if span.line == index]
        for span in sorted(inside, key=lambda span: -span.start):
            line = line[: span.start] + line[span.end :]
        yield line.strip()
