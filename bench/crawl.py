"""What a crawl costs, beside the least that Scrapy can do, in the same run.

    python -m bench.crawl [--offices 6] [--articles 300] [--rounds 3]
    python -m bench.crawl --nightly [--articles 2000] [--nights 60]

Crawls offices of the replica, which runs in a process of its own, with `semua` into a new archive:
a first crawl, which learns their templates and reads all again by them. Then into another one whose
offices are known: their templates were learnt from 40 articles before the clock runs, and what is
new is read once. Then a spider with an empty callback asks for the addresses of the first, and so
on in turn. Prints medians over the rounds: pages a second, peak memory, CPU of the crawling process alone (user and
system) for each page. What a process takes to start and to end is told apart: the first office is
crawled by itself before, and taken off. All answers count as pages, robots.txt included; article
pages have 55 kB.

`--nightly` crawls one office, plants late posts down its listings, and prints for each night that
follows how many requests it took and how many of them have been found.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

ROOT = Path(__file__).parents[1]
SCRAPY = str(Path(sys.executable).with_name("scrapy"))
UNHURRIED = ("-s", "SITE_SCHEME=http", "-s", "DOWNLOAD_DELAY=0", "-s", "ADDRESS_RATE=0")
PAGE_BYTES = 55_000
LEARNT = 40
"""Articles of each office that are known before the clock runs: as many as teach it."""
OFFICE, HOST = "kota-surakarta", "kota-surakarta.kpu.go.id"
SPREAD = 365
"""Days over which visits are spread after some years of nightly crawls: see
`kpucrawl.crawl.revisit`."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took."""

    pages: int
    seconds: float
    cpu: float
    """Seconds, user and system."""
    memory: float
    """MB at its peak."""


class Stage:
    """A replica in a process of its own, and a folder for archives."""

    def __init__(self, port: int, folder: Path) -> None:
        self.proxy = f"http://127.0.0.1:{port}"
        self.folder = folder
        self._opener = build_opener(ProxyHandler({"http": self.proxy}))

    def tell(self, command: str, **details: Any) -> Any:
        """Ask the replica something, or do something to it."""
        body = json.dumps(details).encode() if details else None
        with self._opener.open(
            Request(f"http://replica.invalid/control/{command}", body)
        ) as answer:
            return json.load(answer)

    def list_requests(self) -> list[str]:
        """The addresses asked for so far."""
        return [entry["url"] for entry in self.tell("requests")]

    def crawl(self, archive: Path, *arguments: str) -> tuple[Cost, list[str]]:
        """Run the crawler; return what it took and the addresses it asked for."""
        before = len(self.list_requests())
        environment = {
            "KPU_ARCHIVE_URL": f"sqlite:///{archive}",
            "KPU_CONTACT": "bench@example.org",
        }
        taken = self._run([SCRAPY, "crawl", *arguments, *UNHURRIED], environment)
        asked = self.list_requests()[before:]
        return Cost(len(asked), *taken), asked

    def fetch(self, addresses: Sequence[str]) -> Cost:
        """Let the empty spider ask for the same."""
        command = [sys.executable, "-m", "bench.empty_spider"]
        return Cost(len(addresses), *self._run(command, {}, "\n".join(addresses)))

    def _run(
        self, command: Sequence[str], environment: Mapping[str, str], said: str = ""
    ) -> tuple[float, float, float]:
        """Run a process to its end; return seconds, seconds of CPU and MB at the peak, of it
        alone."""
        with tempfile.TemporaryFile() as given, (self.folder / "log").open("wb") as log:
            given.write(said.encode())
            given.seek(0)
            proxied = {**os.environ, "http_proxy": self.proxy, "no_proxy": "", **environment}
            started = time.perf_counter()
            child = subprocess.Popen(
                command, cwd=ROOT, env=proxied, stdin=given, stdout=log, stderr=log
            )
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit((self.folder / "log").read_text()[-2000:])
        return time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


@contextmanager
def open_stage(articles: int) -> Iterator[Stage]:
    """Start a replica whose offices have so many articles each."""
    command = [
        sys.executable,
        "-m",
        "tests.replica",
        "--articles",
        str(articles),
        "--page-bytes",
        str(PAGE_BYTES),
    ]
    with tempfile.TemporaryDirectory() as folder:
        replica = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert replica.stdout is not None
        try:
            yield Stage(int(replica.stdout.readline()), Path(folder))
        finally:
            replica.terminate()
            replica.wait()


def main() -> None:
    """Crawl and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--offices", type=int, default=6, help="two at least; 552 are all")
    parser.add_argument("--articles", type=int, help="of each office (default: 300, nightly 2000)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--nightly", action="store_true")
    parser.add_argument("--nights", type=int, default=60, help="at most")
    options = parser.parse_args()
    with open_stage(options.articles or (2000 if options.nightly else 300)) as stage:
        if options.nightly:
            print_nights(stage, options.nights)
        else:
            print_costs(stage, options.offices, options.rounds)


CONTENDERS = ("semua, first crawl", "semua, known offices", "Scrapy, empty callback")


def print_costs(stage: Stage, offices: int, rounds: int) -> None:
    """A row for each contender, then how the others compare with the last."""
    names = read_offices()[:offices]
    alone, together = (
        [crawl_all(stage, chosen) for _ in range(rounds)] for chosen in (names[:1], names)
    )
    first, known, _ = together[0]
    print(f"{offices} offices, {first.pages} pages, {known.pages} of known ones, {rounds} rounds")
    print(f"{'':24}{'pages/s':>10}{'peak MB':>10}{'start, s CPU':>14}{'ms CPU/page':>13}")
    rows = [
        summarise(few, many)
        for few, many in zip(zip(*alone, strict=True), zip(*together, strict=True), strict=True)
    ]
    for name, row in zip(CONTENDERS, rows, strict=True):
        print(f"{name:24}{row[0]:10.0f}{row[1]:10.0f}{row[2]:14.2f}{row[3]:13.2f}")
    least = rows[-1][3]
    for name, row in zip(CONTENDERS[:-1], rows, strict=False):
        times, more = row[3] / least, row[3] - least
        print(f"{name}: {times:.2f} times the CPU of the empty spider, {more:.2f} ms a page more")


def crawl_all(stage: Stage, names: Sequence[str]) -> tuple[Cost, Cost, Cost]:
    """Crawl offices into a new archive, and into one that knows them, and let the empty spider ask
    for the same as the first."""
    offices = ("semua", "-a", f"sites={','.join(names)}")
    with tempfile.TemporaryDirectory(dir=stage.folder) as folder:
        first, addresses = stage.crawl(Path(folder) / "first.db", *offices)
        archive = Path(folder) / "known.db"
        stage.crawl(archive, *offices, "-a", f"limit={LEARNT}")
        known, _ = stage.crawl(archive, *offices)
    return first, known, stage.fetch(addresses)


def summarise(alone: Sequence[Cost], together: Sequence[Cost]) -> tuple[float, float, float, float]:
    """Median pages a second, peak memory, CPU of a crawl of one office, and CPU for each further
    page."""
    first = statistics.median(cost.cpu for cost in alone)
    return (
        statistics.median(cost.pages / cost.seconds for cost in together),
        statistics.median(cost.memory for cost in together),
        first,
        statistics.median(
            (cost.cpu - first) * 1000 / (cost.pages - alone[0].pages) for cost in together
        ),
    )


def read_offices() -> list[str]:
    """The names of all offices, in the order of the list."""
    with (ROOT / "kpucrawl" / "sites.csv").open(encoding="utf-8", newline="") as file:
        return [row["host"].partition(".")[0] for row in csv.DictReader(file)]


def print_nights(stage: Stage, nights: int) -> None:
    """Crawl one office, let some years pass, plant late posts, and crawl it night after night."""
    archive = stage.folder / "archive.db"
    first, _ = stage.crawl(archive, OFFICE)
    spread_visits(archive)
    stage.crawl(archive, OFFICE)  # young articles, visited more often than they were spread
    unchanged, _ = stage.crawl(archive, OFFICE)
    articles = len(find_articles(archive))
    print(f"requests of the first crawl of an office of {articles:,} articles: {first.pages}")
    print(f"requests of a nightly run while nothing changed: {unchanged.pages}")
    planted = plant_posts(stage)
    found = 0
    for night in range(1, nights + 1):
        cost, _ = stage.crawl(archive, OFFICE)
        now = len(planted & find_articles(archive))
        if now != found:
            print(f"night {night}: {cost.pages} requests, {now} of {len(planted)} late posts found")
        found = now
        if found == len(planted):
            return
    print(f"not found in {nights} nights: {len(planted) - found}")


def plant_posts(stage: Stage) -> set[str]:
    """Put a backdated post into each of the office's listings, near the top of one, at the end of
    another; return their keys."""
    articles = stage.tell(f"truth?host={HOST}")["articles"].values()
    sizes = Counter(article["category_id"] for article in articles).most_common()
    places = [
        (category, 1 + size // 10 * place // len(sizes))
        for place, (category, size) in enumerate(sizes, 1)
    ]
    print(
        f"late posts on pages {', '.join(str(page) for _, page in places)} of {len(places)} "
        f"listings"
    )
    return {
        stage.tell("change", host=HOST, name="plant", category=category, page=page, days=9 * page)[
            0
        ]
        for category, page in places
    }


def spread_visits(archive: Path) -> None:
    """Date the visits back, as if the office had been crawled every night for years: else nothing
    is due again."""
    sql = f"""
        UPDATE captures SET fetched_at = strftime('%Y-%m-%d %H:%M:%f000', fetched_at, -(page_id % {SPREAD}) || ' days')
        WHERE page_id IS NOT NULL"""
    with closing(sqlite3.connect(archive)) as connection, connection:
        connection.execute(sql)


def find_articles(archive: Path) -> set[str]:
    """The keys of the articles held."""
    with closing(sqlite3.connect(archive)) as connection:
        return {key for (key,) in connection.execute("SELECT page FROM articles")}


if __name__ == "__main__":
    main()
