"""Commands in processes of their own that need not begin cold.

A server, one for each worker of pytest, imports once what every command imports, and forks itself
for each: a real process, with its own number, environment, pipes, locks and exit code, that saves a
second of imports. Nothing that reads the environment or starts a thread on import is imported
before the fork.
"""

from __future__ import annotations

import atexit
import logging
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from typing import TextIO

COMMANDS = {"scrapy": "scrapy.cmdline:execute", "kpu-archive": "kpucrawl.cli:main"}
"""The entry point of each command that can be forked."""

WARM = (
    "alembic.autogenerate",
    "alembic.command",
    "alembic.config",
    "archive.cli.rows",
    "archive.cli.text",
    "archive.database.locks",
    "archive.frontier",
    "archive.ingest.digests",
    "archive.ingest.writer",
    "archive.read.articles",
    "archive.search.index",
    "archive.watch.health",
    "bs4",
    "itemadapter",
    "kpucrawl.captures",
    "kpucrawl.cli",
    "kpucrawl.commands.crawl",
    "kpucrawl.commands.probe",
    "kpucrawl.extensions",
    "kpucrawl.extract.page",
    "kpucrawl.middlewares",
    "kpucrawl.pipelines",
    "kpucrawl.spiderloader",
    "psycopg",
    "rich.live",
    "rich.progress",
    "scrapy.cmdline",
    "scrapy.commands.check",
    "scrapy.commands.parse",
    "scrapy.commands.shell",
    "scrapy.core.downloader.handlers.ftp",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.engine",
    "scrapy.downloadermiddlewares.cookies",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.httpproxy",
    "scrapy.downloadermiddlewares.redirect",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.extensions.closespider",
    "scrapy.extensions.corestats",
    "scrapy.extensions.memusage",
    "scrapy.extensions.remote_control",
    "scrapy.extensions.telnet",
    "scrapy.pqueues",
    "scrapy.spidermiddlewares.referer",
    "scrapy.squeues",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
    "tldextract",
    "twisted.internet.asyncioreactor",
    "typer._adapters",
    "typer.rich_utils",
)
"""What the server imports; one that is not found costs time and nothing else."""

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["__main__", *WARM])


@dataclass(frozen=True)
class Order:
    """What a process is told to become."""

    arguments: tuple[str, ...]
    """The command and its arguments."""
    folder: Path
    environment: Mapping[str, str]
    """All of it."""


class Forked:
    """A running command, with as much of `subprocess.Popen` as tests use."""

    def __init__(self, order: Order) -> None:
        self.args = order.arguments
        out, their_out = CONTEXT.Pipe(duplex=False)
        err, their_err = CONTEXT.Pipe(duplex=False)
        self._process: ForkServerProcess = CONTEXT.Process(
            target=become, args=(order, their_out, their_err), daemon=True
        )
        self._process.start()
        their_out.close()
        their_err.close()
        self.stdout, self.stderr = open_pipe(out), open_pipe(err)

    def __enter__(self) -> Forked:
        return self

    def __exit__(self, *_: object) -> None:
        self.stdout.close()
        self.stderr.close()
        self.wait()

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """The exit code, if it has ended."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return its code; raise TimeoutExpired."""
        self._process.join(timeout)
        if self.returncode is None:
            raise TimeoutExpired(self.args, timeout or 0)
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for the end and return what was said; kill what is out of time."""
        with ThreadPoolExecutor(2) as readers:
            said = [readers.submit(pipe.read) for pipe in (self.stdout, self.stderr)]
            try:
                self.wait(timeout)
            except BaseException:
                self.kill()
                raise
        self.stdout.close()
        self.stderr.close()
        return said[0].result(), said[1].result()

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it has not ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it without its knowing."""
        self.send_signal(signal.SIGKILL)


def run_forked(order: Order, timeout: float) -> CompletedProcess[str]:
    """Run a command to its end."""
    running = Forked(order)
    said, complained = running.communicate(timeout)
    return CompletedProcess(list(order.arguments), running.wait(), said, complained)


def open_pipe(connection: Connection) -> TextIO:
    """The reading end of a pipe as text."""
    pipe = os.fdopen(os.dup(connection.fileno()), encoding="utf-8")
    connection.close()
    return pipe


def become(order: Order, out: Connection, err: Connection) -> None:
    """Be the command, in the forked process, as if the shell had started it."""
    os.chdir(order.folder)
    os.environ.clear()
    os.environ.update(order.environment)
    time.tzset()
    connect_streams(out, err)
    sys.argv = list(order.arguments)
    try:
        sys.exit(load_program(order.arguments[0])())
    finally:
        logging.shutdown()
        atexit._run_exitfuncs()


def connect_streams(out: Connection, err: Connection) -> None:
    """Put the pipes in the places of the standard streams, with the buffers of a new process."""
    for number, connection in ((1, out), (2, err)):
        os.dup2(connection.fileno(), number)
        connection.close()
    sys.stdin = sys.__stdin__ = os.fdopen(os.open(os.devnull, os.O_RDONLY))
    sys.stdout = sys.__stdout__ = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.__stderr__ = os.fdopen(
        2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )


def load_program(name: str) -> Callable[[], object]:
    """The function that is a command's entry point."""
    module, _, function = COMMANDS[name].partition(":")
    found: Callable[[], object] = getattr(import_module(module), function)
    return found
