"""The states of an office, apart from what finds them, so that `--help` need not import that."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """How an office fares, the worst first."""

    READER_BROKEN = "reader broken"
    """Pages came, articles did not; or listings that used to show articles show none."""
    MOVED = "moved"
    """The home page redirects, and nothing was read behind it."""
    BLOCKED = "blocked"
    """Refused, challenged, or forbidden by robots.txt."""
    DOWN = "down"
    """DNS, connection, TLS or server errors."""
    MAINTENANCE = "maintenance"
    QUIET = "quiet"
    """Nothing new for longer than the office's own rhythm allows."""
    UNKNOWN_HOST = "unknown host"
    """A guessed host that never answered."""
    FINE = "fine"
    NEVER_VISITED = "never visited"


WELL = (State.FINE, State.NEVER_VISITED)
"""States that need nobody's attention."""

ADVICE = {
    State.READER_BROKEN: "scrapy probe the office, look at a snapshot, teach the reader",
    State.MOVED: "open the site; correct its host with KPU_SITES if it has a new one",
    State.BLOCKED: "open the site; crawl slower, or ask the office",
    State.DOWN: "wait a day; then open the site, and correct its host with KPU_SITES if it changed",
    State.MAINTENANCE: "wait; after a week open the site",
    State.QUIET: "open the site; if it shows newer articles, scrapy probe the office",
    State.UNKNOWN_HOST: "find the office's host and correct it with KPU_SITES",
    State.FINE: "",
    State.NEVER_VISITED: "crawl it",
}
