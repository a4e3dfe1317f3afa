"""A host that says exactly what a test wrote down: bytes over HTTP, through a proxy on loopback."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Canned:
    """One answer."""

    status: int = 200
    headers: Mapping[str, str | bytes] = field(default_factory=dict)
    body: bytes = b""

    def write(self) -> bytes:
        """The answer as it goes over the wire; repeated or missing headers are the test's."""
        lines = [f"HTTP/1.1 {self.status} Said".encode()]
        headers = {"Content-Type": "text/html", **self.headers}
        for name, value in {**headers, "Content-Length": str(len(self.body))}.items():
            lines.append(
                name.encode() + b": " + (value if isinstance(value, bytes) else value.encode())
            )
        return b"\r\n".join((*lines, b"Connection: close", b"", self.body))


@dataclass
class CannedHosts:
    """Answers by host and path; anything else is 404."""

    answers: dict[tuple[str, str], Canned] = field(default_factory=dict)
    asked: list[tuple[str, str, float]] = field(default_factory=list)
    """Host, path and time of each request, in order."""
    proxy_url: str = ""

    def say(self, host: str, path: str, answer: Canned | bytes) -> None:
        """Say this from now on; bytes are a page."""
        self.answers[host, path] = answer if isinstance(answer, Canned) else Canned(body=answer)

    def list_paths(self, host: str) -> list[str]:
        """What a host was asked for, in order."""
        return [path for asked, path, _ in self.asked if asked == host]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, then close."""
        head = await reader.readuntil(b"\r\n\r\n")
        parts = urlsplit(head.split(b" ", 2)[1].decode("latin-1"))
        path = f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}"
        self.asked.append((parts.hostname or "", path, time.monotonic()))
        answer = self.answers.get((parts.hostname or "", path), Canned(404))
        writer.write(answer.write())
        await writer.drain()
        writer.close()


@contextmanager
def running_canned() -> Iterator[CannedHosts]:
    """Serve in a thread of its own until the test is over."""
    hosts, loop = CannedHosts(), asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(hosts.serve, "127.0.0.1", 0))
    hosts.proxy_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield hosts
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.close()
