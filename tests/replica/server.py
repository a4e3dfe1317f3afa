"""The replica on the wire: an HTTP proxy that plays every office's site by itself."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

from .control import CONTROL_HOST, Director, Logged
from .faults import Fault
from .offices import Options, World
from .pages import Answer, Ask, Pages, compress

RESET = struct.pack("ii", 1, 0)
DROPS = frozenset({"reset", "dns", "crash"})


class Replica(Director):
    """A running replica: its levers are those of `Director`."""

    def __init__(
        self, seed: int = 1, articles: int | None = None, *, port: int = 0, **options: Any
    ) -> None:
        super().__init__(World(seed, articles, Options(**options)))
        self.port = port
        self.pages = Pages()
        self.on_crash: Callable[[], object] = self.end
        self.clock: Callable[[], float] = time.time
        self.sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None

    @property
    def proxy_url(self) -> str:
        """The value for `http_proxy`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def control_url(self) -> str:
        """To be asked through the proxy."""
        return f"http://{CONTROL_HOST}/control"

    def start(self) -> None:
        """Serves from a thread of its own; after an end or a crash, again on the same port."""
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self.serve(ready)), name="replica", daemon=True
        )
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the replica did not start within 10 seconds")

    def end(self) -> None:
        """Asks the server to end; does not wait."""
        if self._loop and self._over and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._over.set)

    def stop(self) -> None:
        """Ends the server and waits for it."""
        self.end()
        if self._thread:
            self._thread.join(10)

    async def serve(self, ready: threading.Event) -> None:
        """Serves until ended."""
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        runner = web.ServerRunner(web.Server(self.handle, access_log=None), shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port, backlog=1024, reuse_address=True)
        await site.start()
        self.port = runner.addresses[0][1]
        ready.set()
        try:
            await self._over.wait()
        finally:
            await runner.cleanup()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """One request, in absolute form as a proxy gets it, or in origin form with a Host
        header."""
        if request.method == "CONNECT":
            return web.Response(status=501, text="this replica speaks http only: SITE_SCHEME=http")
        parts = urlsplit(request.raw_path)
        host = (parts.hostname or request.headers.get("Host", "").partition(":")[0]).lower()
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        if host == CONTROL_HOST:
            return await self.handle_control(request, parts.path, parts.query)
        with self.lock:
            answer, faults = self.prepare(request, host, parts.path or "/", parts.query)
            dropped = any(fault.kind in DROPS for fault in faults)
            status = 0 if dropped else answer.status
            agent = request.headers.get("User-Agent", "")
            self.log.append(Logged(self.clock(), host, f"http://{host}{path}", agent, status))
            self.count(host, path, status, faults)
        return await self.send(request, answer, faults)

    def prepare(
        self, request: web.BaseRequest, host: str, path: str, query: str
    ) -> tuple[Answer, list[Fault]]:
        office = self.world.find(host)
        if office is None:
            return Answer(502, b"cannot resolve host", {"Content-Type": "text/plain"}), []
        faults = self.board.take(host, f"{path}?{query}" if query else path)
        for fault in faults:
            if fault.kind in DROPS:
                return Answer(0, b""), [fault]
            if fault.kind == "status":
                retry = {"Retry-After": fault.retry_after} if fault.retry_after else {}
                return Answer(
                    fault.status, b"<h1>Error</h1>", {"Content-Type": "text/html", **retry}
                ), faults
            if fault.kind in ("offsite", "home") and (
                fault.path or path not in ("/", "/robots.txt")
            ):
                target = fault.location if fault.kind == "offsite" else f"http://{host}/"
                return Answer(302, b"", {"Location": target}), faults
        answer = self.pages.answer(
            Ask(office, path, query, request.headers, faults, request.method == "GET")
        )
        if (
            office.options.gzip
            and answer.body
            and "gzip" in request.headers.get("Accept-Encoding", "")
        ):
            packed = {**answer.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            answer = Answer(answer.status, compress(answer.body), packed, answer.shown)
        return answer, faults

    def count(self, host: str, path: str, status: int, faults: list[Fault]) -> None:
        """Complete answers only: a cut or dropped one was not served."""
        office = self.world.offices.get(host)
        if office and status == 200 and not any(fault.kind == "truncate" for fault in faults):
            office.served[path] += 1

    async def send(
        self, request: web.BaseRequest, answer: Answer, faults: list[Fault]
    ) -> web.StreamResponse:
        """The answer, with the faults of the wire."""
        for fault in faults:
            if fault.kind == "slow":
                await self.sleep(fault.seconds)
            if fault.kind in DROPS:
                self.drop(request, fault.kind)
                return web.Response()
            if fault.kind == "truncate":
                return await self.send_half(request, answer)
        return web.Response(status=answer.status, body=answer.body, headers=answer.headers)

    async def send_half(self, request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
        response = web.StreamResponse(status=answer.status, headers=answer.headers)
        response.content_length = len(answer.body)
        await response.prepare(request)
        await response.write(answer.body[: len(answer.body) // 2])
        if request.transport:
            request.transport.close()
        return response

    def drop(self, request: web.BaseRequest, kind: str) -> None:
        """Ends the connection without an answer: by RST for `reset`, plainly for `dns`, all of them
        for `crash`."""
        if kind == "crash":
            self.on_crash()
        if request.transport is None:
            return
        if kind == "reset":
            request.transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, RESET
            )
        request.transport.abort()

    async def handle_control(self, request: web.BaseRequest, path: str, query: str) -> web.Response:
        body = await request.read()
        try:
            told = self.obey(
                request.method, path.removeprefix("/control/"), dict(parse_qsl(query)), body
            )
        except (KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        return web.Response(
            text=json.dumps(told, ensure_ascii=False), content_type="application/json"
        )


@contextmanager
def running_replica(
    seed: int = 1, articles: int | None = None, **options: Any
) -> Iterator[Replica]:
    """A replica in a thread of this process, on a free port of 127.0.0.1; options as in
    `offices.Options`."""
    replica = Replica(seed, articles, **options)
    replica.start()
    try:
        yield replica
    finally:
        replica.stop()
