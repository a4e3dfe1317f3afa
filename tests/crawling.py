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
        """Run one of the project's commands to its end."""
        return subprocess.run(
            [BIN / command[0], *command[1:]],
            cwd=ROOT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def crawl(
        self, name: str, *arguments: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Crawl an office of the replica without waiting between requests."""
        return self.run("scrapy", "crawl", name, *UNHURRIED, *arguments, **environment)

    def start_crawl(self, name: str, *arguments: str) -> subprocess.Popen[str]:
        """Start a crawl and return while it runs."""
        return subprocess.Popen(
            [BIN / "scrapy", "crawl", name, *UNHURRIED, *arguments],
            cwd=ROOT,
            env=dict(self.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

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
