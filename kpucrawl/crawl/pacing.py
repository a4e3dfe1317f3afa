"""When the next request to a host or an address may leave. Knows nothing of HTTP clients; the clock
is given."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


class Pacer:
    """Keeps the requests of each key apart, and holds a key back when asked to."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
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


def read_retry_after(value: str, now: datetime | None = None) -> float | None:
    """Read a `Retry-After` header, seconds or a date, as seconds from now; None for what is
    neither."""
    if value.strip().isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - (now or datetime.now(UTC))).total_seconds())
