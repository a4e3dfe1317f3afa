"""Running the crawler as a user does: in a process of its own, against the replica."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from tests.forking import COMMANDS, Forked, Order, run_forked
from tests.replica import Replica

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
UNHURRIED = ("-s", "SITE_SCHEME=http", "-s", "DOWNLOAD_DELAY=0")


@dataclass(frozen=True)
class Crawler:
    """The command line, with a replica for the internet and an archive of its own."""

    replica: Replica
    archive_url: str

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment of every command."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("KPU_")},
            "http_proxy": self.replica.proxy_url,
            "no_proxy": "",
            "KPU_ARCHIVE_URL": self.archive_url,
            "KPU_CONTACT": "tests@example.org",
        }

    def run(
        self, *command: str, timeout: float = 120, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run one of the project's commands to its end; what is no command of its begins cold."""
        if command[0] not in COMMANDS:
            return self.run_cold(*command, timeout=timeout, **environment)
        return run_forked(Order(command, ROOT, {**self.environment, **environment}), timeout)

    def run_cold(
        self, *command: str, timeout: float = 120, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as a shell starts it."""
        return subprocess.run(
            [BIN / command[0], *command[1:]],
            cwd=ROOT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def start(self, *command: str) -> Forked:
        """Start a command and return while it runs."""
        return Forked(Order(command, ROOT, dict(self.environment)))

    def crawl(
        self, name: str, *arguments: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Crawl an office of the replica without waiting between requests."""
        return self.run("scrapy", "crawl", name, *UNHURRIED, *arguments, **environment)

    def start_crawl(self, name: str, *arguments: str) -> Forked:
        """Start a crawl and return while it runs."""
        return self.start("scrapy", "crawl", name, *UNHURRIED, *arguments)

    def query(self, sql: str, **values: Any) -> list[Any]:
        """Ask the archive's database itself."""
        engine = create_engine(self.archive_url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.connect() as connection:
            rows = connection.execute(text(sql), values).all()
        engine.dispose()
        return [row[0] if len(row) == 1 else tuple(row) for row in rows]

    def count(self, table: str) -> int:
        """Rows of a table."""
        return int(self.query(f"SELECT count(*) FROM {table}")[0])
