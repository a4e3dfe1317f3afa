"""One office on the wire, byte by byte: an HTTP proxy that writes what it was given and closes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

Respond = Callable[[str, dict[str, str]], tuple[bytes, bool]]
"""Path and headers of a request -> the bytes to write, and whether to stay silent behind them."""


class RawServer:
    """Serves one connection after another, each in a thread of its own."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond
        self.asked: list[str] = []
        self._over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.proxy_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no more connections, and end those that are kept open."""
        self._over.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65_536)
                if not piece:
                    return
                head += piece
            first, *lines = head.decode("latin-1").split("\r\n")
            parts = urlsplit(first.split(" ")[1])
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            headers = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
            self.asked.append(path)
            body, keep_open = self.respond(path, headers)
            connection.sendall(body)
            if keep_open:
                self._over.wait(10)
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(5)
            connection.recv(1)  # until the other side has read it all: closing earlier loses bytes


@contextmanager
def running_server(respond: Respond) -> Iterator[RawServer]:
    """A server in threads of this process, on a free port of 127.0.0.1."""
    server = RawServer(respond)
    try:
        yield server
    finally:
        server.stop()
