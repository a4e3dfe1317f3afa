"""When the next request to a host or an address may leave. Knows nothing of HTTP clients; the clock
is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FOR_EVER = 1e9
"""Seconds: some thirty years, more than anybody waits. Headers of 400 digits are sent."""
_SECONDS = re.compile(r"[0-9]+")


class Pacer:
    """Keeps the requests of each key apart, and holds a key back when asked to."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._next: dict[Hashable, float] = {}
        self._pause: dict[Hashable, float] = {}

    def reserve(self, key: Hashable, interval: float) -> float:
        """Take the key's next turn, `interval` seconds before the one after it; return the seconds
        to wait for it."""
        now = self._clock()
        turn = max(now, self._next.get(key, now))
        self._next[key] = turn + interval
        return turn - now

    def find_wait(self, key: Hashable) -> float:
        """Seconds until the key's next turn, which is not taken; 0 when it may go now."""
        now = self._clock()
        return max(0.0, self._next.get(key, now) - now)

    def hold(self, key: Hashable, seconds: float) -> None:
        """Let no further turn of the key begin within `seconds`."""
        self._next[key] = max(self._next.get(key, 0.0), self._clock() + seconds)

    def note_trouble(self, key: Hashable, first: float, longest: float) -> None:
        """Hold a struggling key back: `first` seconds, then twice as long each time, at most
        `longest`."""
        self._pause[key] = min(self._pause.get(key, first / 2) * 2, longest)
        self.hold(key, self._pause[key])

    def note_answer(self, key: Hashable) -> None:
        """The key answered as it should: the next trouble starts small again."""
        self._pause.pop(key, None)


def read_retry_after(value: str, now: datetime) -> float | None:
    """Read a `Retry-After` header, seconds or a date, as seconds from now, at most `FOR_EVER`; None
    for what is neither."""
    if _SECONDS.fullmatch(value.strip()):
        return min(float(value.strip()[:20]), FOR_EVER)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())
