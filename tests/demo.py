"""`make demo`: two offices of the replica crawled into an archive of their own, then a search and
an article.

Nothing here is real but the program: the replica's articles are invented, and so never enter the
default archive.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.replica import running_replica

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "demo"
OFFICES = ("kota-surakarta", "kab-cilacap")
QUERY = "daftar pemilih"
BIN = Path(sys.executable).parent


def run(*command: str, **environment: str) -> None:
    """Run one of the project's commands, showing it first; end the demo when it fails."""
    print(f"\n$ {' '.join(command)}", flush=True)
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, env=os.environ | environment, check=False
    )
    if done.returncode not in (0, 3):
        sys.exit(f"demo: {command[0]} ended with exit code {done.returncode}")


def choose_article(archive: Path) -> str:
    """Name an article that shows what can be known of one: a writer, a place, a date, a counter."""
    with closing(sqlite3.connect(archive)) as database:
        row = database.execute(
            "SELECT site || '/' || page FROM articles WHERE writers <> '' AND place IS NOT NULL"
            " AND published_earliest IS NOT NULL AND views IS NOT NULL ORDER BY length(body) LIMIT "
            "1"
        ).fetchone()
    return (
        str(row[0])
        if row
        else sys.exit("demo: no article with a writer, a place and a date was archived")
    )


def main() -> None:
    """Crawl, count, search, show, and say what to try next."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    path = FOLDER / "kpu-archive.db"
    archive = f"sqlite:///{path}"
    with running_replica(seed=1, articles=120) as replica:
        proxy = {
            "http_proxy": replica.proxy_url,
            "KPU_ARCHIVE_URL": archive,
            "KPU_CONTACT": "demo@example.org",
        }
        quick = ("-s", "SITE_SCHEME=http", "-s", "DOWNLOAD_DELAY=0", "-L", "WARNING")
        for office in OFFICES:
            run("scrapy", "crawl", office, *quick, **proxy)
    run("kpu-archive", "stats", KPU_ARCHIVE_URL=archive)
    run("kpu-archive", "search", QUERY, "--limit", "5", KPU_ARCHIVE_URL=archive)
    run("kpu-archive", "show", choose_article(path), KPU_ARCHIVE_URL=archive)
    print(f"""
The archive of this demo is {path}; its articles are invented. Try next:

  export KPU_ARCHIVE_URL={archive}
  .venv/bin/kpu-archive search "rapat pleno" --site kab-cilacap
  .venv/bin/kpu-archive --help

To crawl a live office into an archive that counts (a page a second; after Ctrl-C it goes on where it stopped):

  unset KPU_ARCHIVE_URL; export KPU_CONTACT=you@example.org
  .venv/bin/scrapy crawl kota-surakarta""")


if __name__ == "__main__":
    main()
