"""The replica's state and the levers on it, in process and as JSON under
`http://replica.invalid/control/`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from threading import RLock
from typing import Any

from .changes import change
from .faults import Fault, FaultBoard
from .offices import Office, World
from .records import OfficeTruth

CONTROL_HOST = "replica.invalid"


@dataclass(frozen=True, slots=True)
class Logged:
    """One request as it arrived."""

    time: float
    """Unix time."""
    host: str
    url: str
    user_agent: str
    status: int
    """0 when the connection ended without an answer."""


@dataclass
class Director:
    """Everything that can be asked of a replica or done to it; safe to call from any thread."""

    world: World
    board: FaultBoard = field(default_factory=FaultBoard)
    log: list[Logged] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)

    def truth(self, host: str) -> OfficeTruth:
        """All that is true of an office now."""
        with self.lock:
            return self.office(host).tell()

    def requests(self, host: str | None = None) -> list[Logged]:
        """What was asked of a host, or of all, oldest first."""
        with self.lock:
            return [entry for entry in self.log if host in (None, entry.host)]

    def counters(self) -> dict[str, dict[str, int]]:
        """By host: requests, article pages served, and answers by status (`200`, `404`, `0` for
        none)."""
        with self.lock:
            counts: dict[str, Counter[str]] = {}
            for entry in self.log:
                counts.setdefault(entry.host, Counter()).update(("requests", str(entry.status)))
            for host, office in self.world.offices.items():
                counts.setdefault(host, Counter())["articles"] = sum(
                    s.served for s in office.states.values()
                )
            return {host: dict(count) for host, count in sorted(counts.items())}

    def set_fault(self, host: str, kind: str, **details: Any) -> None:
        """Adds a fault; see `faults.Fault` for its kinds and details. `*` stands for all hosts."""
        with self.lock:
            if host != "*":
                self.office(host)
            self.board.set(host, Fault(kind, **details))

    def clear_faults(self, host: str | None = None) -> None:
        with self.lock:
            self.board.clear(host)

    def set_options(self, host: str, **options: Any) -> None:
        """Changes how a site behaves; see `offices.Options` (a new `theme` is a re-theming
        overnight)."""
        with self.lock:
            self.world.set_options(host, options)

    def offer(self, host: str, path: str, body: bytes, kind: str) -> None:
        """Puts a file of one's own at a path."""
        with self.lock:
            self.office(host).offered[path] = body, kind

    def change(self, host: str, name: str, **details: Any) -> list[str]:
        """Changes an office's articles; see `changes` for names and details. Returns the keys
        concerned."""
        with self.lock:
            return change(self.office(host), name, **details)

    def move(self, host: str, new_host: str) -> None:
        """Moves an office to another host."""
        with self.lock:
            self.world.move(host, new_host)

    def office(self, host: str) -> Office:
        office = self.world.find(host)
        if office is None:
            raise KeyError(host)
        return office

    def obey(self, method: str, command: str, query: Mapping[str, str], body: bytes) -> Any:
        """One request to the control address; what it returns goes out as JSON."""
        details: dict[str, Any] = json.loads(body) if body else dict(query)
        host = details.pop("host", None)
        if command == "faults":
            return (
                self.clear_faults(host) if method == "DELETE" else self.set_fault(host, **details)
            )
        if command == "options":
            return self.set_options(host, **details)
        if command == "change":
            return self.change(host, **details)
        if command == "truth":
            return asdict(self.truth(host))
        if command == "requests":
            return [asdict(entry) for entry in self.requests(host)]
        if command == "counters":
            return self.counters()
        raise KeyError(command)
