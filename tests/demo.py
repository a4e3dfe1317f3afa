"""`make demo`: two offices of the replica crawled into an archive of their own, then a search and an article.

Nothing here is real but the program: the replica's articles are invented, and so never enter the default archive.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
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
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, env=os.environ | environment, check=False)
    if done.returncode not in (0, 3):
        sys.exit(f"demo: {command[0]} ended with exit code {done.returncode}")


def find_first(archive: str) -> str:
    """Name the best hit of the demo's search."""
    command = [BIN / "kpu-archive", "search", QUERY, "--limit", "1", "--format", "json"]
    found = subprocess.run(command, cwd=ROOT, env=os.environ | {"KPU_ARCHIVE_URL": archive}, capture_output=True)
    hits = json.loads(found.stdout or "[]")
    if not hits:
        sys.exit("demo: the search found nothing")
    return str(hits[0]["page"])


def main() -> None:
    """Crawl, count, search, show, and say what to try next."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    archive = f"sqlite:///{FOLDER / 'kpu-archive.db'}"
    with running_replica(seed=1, articles=120) as replica:
        proxy = {"http_proxy": replica.proxy_url, "KPU_ARCHIVE_URL": archive, "KPU_CONTACT": "demo@example.org"}
        quick = ("-s", "SITE_SCHEME=http", "-s", "DOWNLOAD_DELAY=0", "-L", "WARNING")
        for office in OFFICES:
            run("scrapy", "crawl", office, *quick, **proxy)
    run("kpu-archive", "stats", KPU_ARCHIVE_URL=archive)
    run("kpu-archive", "search", QUERY, "--limit", "5", KPU_ARCHIVE_URL=archive)
    run("kpu-archive", "show", find_first(archive), KPU_ARCHIVE_URL=archive)
    print(f"""
The archive of this demo is {FOLDER / "kpu-archive.db"}; its articles are invented. Try next:

  export KPU_ARCHIVE_URL={archive}
  .venv/bin/kpu-archive search "rapat pleno" --site kab-cilacap
  .venv/bin/kpu-archive --help

To crawl a live office into an archive that counts (a page a second; after Ctrl-C it goes on where it stopped):

  unset KPU_ARCHIVE_URL; export KPU_CONTACT=you@example.org
  .venv/bin/scrapy crawl kota-surakarta""")


if __name__ == "__main__":
    main()
