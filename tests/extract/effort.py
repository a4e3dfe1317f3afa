"""How much work a reader does: counted where it can be, so that a busy machine changes nothing."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHORT, LONG = 4_000, 8_000
"""Characters of two texts whose calls are compared."""
HUGE = 200_000
"""Characters of a text at which a pattern that looks back over all of it takes minutes."""
PROCESSOR_SECONDS = 10.0
"""A time-out: HUGE characters take the slowest reader a second or two."""


def check_effort(read: Callable[[str], object], evil: str) -> None:
    """Hold that reading a text made of `evil` grows with its length only: in calls, which are
    counted, and within patterns, which are stopped."""
    short, long = (count_calls(read, fill(evil, length)) for length in (SHORT, LONG))
    assert long <= 2.2 * short, (short, long)
    with limit_processor(PROCESSOR_SECONDS):
        read(fill(evil, HUGE))


def fill(evil: str, length: int) -> str:
    """As many repetitions as fit."""
    return evil * (length // len(evil))


def count_calls(read: Callable[[str], object], text: str) -> int:
    """How many functions are called, of Python and of C."""
    calls = 0

    def note(_: object, event: str, __: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        read(text)
    finally:
        sys.setprofile(before)
    return calls


@contextmanager
def limit_processor(seconds: float) -> Iterator[None]:
    """Raise TimeoutError when the work has used the processor for so long, however long it waited
    for one; patterns at work are interrupted too."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"not done after {seconds} seconds of processor time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
