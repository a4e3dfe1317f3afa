"""Misbehaviour on request: which fault meets which request."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal[
    "slow", "truncate", "status", "maintenance", "busy", "challenge", "soft404", "reset", "dns", "offsite", "home",
    "infinite", "empty", "disallow", "crash", "poison", "takeover",
]  # fmt: skip
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Fault:
    """One misbehaviour of one host."""

    kind: str
    """`slow` (waits `seconds`, then answers as usual) · `truncate` (half of the body, then the
    connection ends) · `status` · `maintenance`, `busy`, `challenge`, `soft404`, `takeover` (pages that answer
    200) · `reset` (TCP RST) · `dns` (the connection ends without an answer) · `offsite`, `home`
    (redirects) · `infinite`, `empty` (listings) · `disallow` (robots.txt forbids all) · `crash`
    (the whole server ends) · `poison` (pages hold values that no database likes)."""
    path: str = ""
    """Regular expression searched in path and query."""
    times: int | None = None
    """How many requests it meets before all is well again; None for ever."""
    after: int = 0
    """How many matching requests pass before it begins."""
    seconds: float = 0.0
    status: int = 503
    retry_after: str | None = None
    location: str = "https://www.kpu.go.id/"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}; one of {', '.join(KINDS)}")
        re.compile(self.path)


LONG = "".join(chr(97 + number * number * 7919 % 25) for number in range(3000)).encode()
"""Longer than a row of PostgreSQL's index, and not to be compressed below that."""
POISON = (
    b'<a href="/blog/read/' + b"7" * 4400 + b'_rapat">Rapat Pleno Terbuka</a>'
    b'<a href="/kategori/' + LONG + b'">Bagian</a><img src="/images/' + LONG + b'.jpg">'
)
COUNTER = re.compile(rb"[0-9.]+(?= kali)")


def poison_page(body: bytes) -> bytes:
    """The page with an article number of 4,400 digits, a category slug and a picture of 3,000
    characters, and a counter that ends beyond 32 bits."""
    return COUNTER.sub(b"999.999.999.999", body.replace(b"</p>", POISON + b"</p>", 1))


@dataclass
class FaultBoard:
    """The faults in force, by host; `*` stands for all."""

    faults: dict[str, list[Fault]] = field(default_factory=dict)
    met: dict[int, int] = field(default_factory=dict)
    """id of a fault -> matching requests so far."""

    def set(self, host: str, fault: Fault) -> None:
        self.faults.setdefault(host, []).append(fault)
        self.met[id(fault)] = 0

    def clear(self, host: str | None = None) -> None:
        """Ends the faults of a host, or all."""
        for name in [host] if host else list(self.faults):
            for fault in self.faults.pop(name, []):
                self.met.pop(id(fault), None)

    def take(self, host: str, path: str) -> list[Fault]:
        """The faults that meet this request; counts it for each that matches."""
        matching = [
            fault for name in (host, "*") for fault in self.faults.get(name, ()) if re.search(fault.path, path)
        ]  # fmt: skip
        return [fault for fault in matching if self._count(fault)]

    def _count(self, fault: Fault) -> bool:
        self.met[id(fault)] += 1
        number = self.met[id(fault)] - fault.after
        return number > 0 and (fault.times is None or number <= fault.times)
