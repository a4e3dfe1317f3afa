"""Reading a loose snippet through the very functions that read a page, and both in the keys of a
labelled row."""

from __future__ import annotations

from collections.abc import Sequence

from kpucrawl.extract.characters import split_lines
from kpucrawl.extract.credits.authors import read_labelled
from kpucrawl.extract.credits.byline import find_bottom_byline, find_top_byline
from kpucrawl.extract.credits.captions import find_photographer
from kpucrawl.extract.dates.dateline import find_dateline
from kpucrawl.extract.dates.dates import find_dates
from kpucrawl.extract.dates.event import read_event
from kpucrawl.extract.phrases.chrome import is_meta
from kpucrawl.extract.phrases.views import read_bare_count, read_views
from kpucrawl.extract.records import Byline, Dateline, Event

POSITIONS = ("head", "body", "tail", "chrome")


def read_snippet(text: str, position: str, context_year: int | None) -> dict[str, object]:
    """What a snippet says, by the keys of a labelled row.

    `position` is where it stood in its page: a dateline opens only a `head`, a closing credit
    stands only in a `tail`, counters and no credits are `chrome`.
    """
    lines = split_lines(text)
    if position == "chrome":
        author = next(filter(None, map(read_labelled, lines)), None)
        said_by = author.byline if author else None
        return label_reading(said_by, None, _read_printed(lines)) | {"views": _read_counter(lines)}
    byline = {"head": find_top_byline, "tail": find_bottom_byline}.get(position, lambda _: None)(
        lines
    )
    dateline = None
    if position != "tail":
        dateline = find_dateline(
            lines, byline, opening=position == "head", context_year=context_year
        )
    said = dateline.dateline if dateline else None
    event = read_event(lines, said, context_year)
    credited = byline.byline if byline else None
    if position == "body" and (name := find_photographer(lines)):
        credited = Byline(name, photographer=name)
    return label_reading(credited, said, event) | {"views": read_views(text)}


def label_reading(
    byline: Byline | None, dateline: Dateline | None, event: Event | None
) -> dict[str, object]:
    """Credits and date under the labels' names; the date is the dateline's, or else the event's."""
    by, line = byline or Byline(""), dateline or Dateline("")
    dated = line if line.date or line.date_end or line.flags else event or Event("")
    return {
        "place": line.place,
        "byline": list(by.writers),
        "role": by.role,
        "editor": by.editor,
        "photographer": by.photographer,
        "unit": by.unit or line.unit,
        "date_iso": dated.date.isoformat() if dated.date else None,
        "date_end_iso": dated.date_end.isoformat() if dated.date_end else None,
        "date_flags": list(dated.flags),
    }


def _read_printed(lines: Sequence[str]) -> Event | None:
    """The date that a line about the article prints: `Dipublikasikan: Rabu, 6 Oktober 2021`."""
    dates = (found for line in lines if is_meta(line) for found in find_dates(line))
    return next(
        (Event(found.raw, found.date, found.date_end, found.flags) for found in dates), None
    )


def _read_counter(lines: Sequence[str]) -> int | None:
    """A counter in its words, or the bare number a listing prints above a title."""
    views = read_views("\n".join(lines))
    return read_bare_count(lines[0]) if views is None and len(lines) > 1 else views
