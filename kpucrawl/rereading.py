"""`kpu-archive reread`: today's reader and layouts over what is stored. No network; all cores; what
was done stays done when it is stopped.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from multiprocessing import get_context
from os import cpu_count
from typing import Any

from sqlalchemy import Engine

from archive.database.sql import cut_chunks
from archive.ingest.batch import save_batch
from archive.records import PageReread, Record, Rereading
from archive.samples import ArchiveSamples
from archive.stored import StoredCapture
from kpucrawl.extract.templates import READER_VERSION
from kpucrawl.learning import learn_office, load_layout, reread_page
from kpucrawl.sites import Site

TASKS = 12
"""Tasks a core that wait for their turn: as much as is read while the next office is learnt from,
some 0.4 s; more would fill the memory, of which each takes half a megabyte."""
PAGES_A_TASK = 10
"""Pages that another process is given at once: to hand over one takes a tenth of reading it."""
PAGES_AT_ONCE = 100
"""Pages that one transaction saves: a crawl beside it waits no longer than a moment."""
NO_RUN = 0
"""What is read again belongs to the runs that captured it."""
COMPARED = (
    *("title", "body", "category", "views", "writers", "editor", "place", "published_earliest"),
    "kind",
)
"""What a report compares, by the columns of `readings` and `texts`."""
SHOWN = 3
"""Examples of a change that a report gives."""
LONGEST = 60
"""Characters of an example."""


@dataclass(slots=True)
class Report:
    """How what is read now differs from what was read last."""

    pages: int = 0
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By field and what happened: `changed`, `appeared`, `vanished`."""
    examples: defaultdict[tuple[str, str], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def compare(self, page: str, before: dict[str, Any], now: dict[str, Any]) -> None:
        """Note what differs between two readings of one capture."""
        self.pages += 1
        for name in COMPARED:
            old, new = before.get(name) or None, now.get(name) or None
            if old == new:
                continue
            what = "appeared" if old is None else "vanished" if new is None else "changed"
            self.changes[name, what] += 1
            if len(self.examples[name, what]) < SHOWN:
                said = f"{page}: {_shorten(old)} -> {_shorten(new)}"
                self.examples[name, what].append(said)

    def list_rows(self) -> Iterator[dict[str, Any]]:
        """One row for each field and kind of change, the commonest first."""
        for (name, what), count in self.changes.most_common():
            examples = "; ".join(self.examples[name, what])
            yield {"field": name, "change": what, "captures": count, "examples": examples}


def _shorten(value: Any) -> str:
    text = " ".join(str(value).split()) if value is not None else "nothing"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


@dataclass(frozen=True, slots=True)
class Unread:
    """What waits to be read again at one office."""

    site: Site
    samples: ArchiveSamples
    content: str
    """The layout that it is read by, as JSON; empty for none."""
    pages: Sequence[list[int]]
    """Per page its captures."""


def reread_sites(
    engine: Engine, sites: Sequence[Site], at: datetime, note: Callable[[Site, int, int], None]
) -> int:
    """Read again, at these offices, what today's reader and layouts have not read; learn where it
    is time to. `note` is told of each office how many pages are done, of how many. Return how many
    pages were read."""
    done: Counter[str] = Counter()
    with ProcessPoolExecutor(cpu_count(), get_context("spawn")) as pool:
        offices = (_learn_first(engine, site, at) for site in sites)
        for chunk in cut_chunks(_read_all(pool, offices), PAGES_AT_ONCE):
            _save(engine, [replace(page, read_at=at) for _, page in chunk])
            done.update(office.site.code for office, _ in chunk)
            for office in {office.site.code: office for office, _ in chunk}.values():
                note(office.site, done[office.site.code], len(office.pages))
    return done.total()


def _learn_first(engine: Engine, site: Site, at: datetime) -> Unread:
    """Learn an office where it is time to; other processes read the one before meanwhile."""
    if learnt := learn_office(ArchiveSamples(engine, site.code), at):
        _save(engine, [learnt.record])
    return _find_unread(engine, site)


def _find_unread(engine: Engine, site: Site) -> Unread:
    samples = ArchiveSamples(engine, site.code)
    known = samples.find_content()
    digest, content = (known.digest, known.content) if known else ("", "")
    pages = [captures for _, captures in samples.list_unread(READER_VERSION, digest)]
    return Unread(site, samples, content, pages)


def report_sites(
    engine: Engine, sites: Sequence[Site], note: Callable[[Site, int, int], None]
) -> Report:
    """What reading again would change, and save nothing."""
    report = Report()
    done: Counter[str] = Counter()
    with ProcessPoolExecutor(cpu_count(), get_context("spawn")) as pool:
        offices = (_find_unread(engine, site) for site in sites)
        for office, page in _read_all(pool, offices):
            _compare(report, office.samples, office.site, page)
            done[office.site.code] += 1
            note(office.site, done[office.site.code], len(office.pages))
    return report


def _compare(report: Report, samples: ArchiveSamples, site: Site, page: PageReread) -> None:
    before = samples.find_readings([one.capture for one in page.readings])
    name = f"{site.label}/{page.page[1]}" if page.page else site.label
    for one in page.readings:
        report.compare(name, before.get(one.capture, {}), _describe(one))


def _describe(one: Rereading) -> dict[str, Any]:
    """A reading by the names of `COMPARED`, lists as the archive gives them back."""
    values = {name: getattr(one.reading, name) for name in COMPARED}
    return values | {"writers": list(one.reading.writers)}


def _read_all(
    pool: ProcessPoolExecutor, offices: Iterable[Unread]
) -> Iterator[tuple[Unread, PageReread]]:
    """Read pages in other processes, in their order, few of them at a time."""
    under_way: deque[tuple[Unread, Future[list[PageReread]]]] = deque()
    for office, stored in _list_tasks(offices):
        under_way.append((office, pool.submit(read_stored, stored, office.site, office.content)))
        if len(under_way) >= TASKS * (cpu_count() or 1):
            yield from _take(*under_way.popleft())
    for task in under_way:
        yield from _take(*task)


def _list_tasks(
    offices: Iterable[Unread],
) -> Iterator[tuple[Unread, list[list[StoredCapture]]]]:
    for office in offices:
        stored = office.samples.load_pages(office.pages)
        yield from ((office, pages) for pages in cut_chunks(stored, PAGES_A_TASK))


def _take(office: Unread, reading: Future[list[PageReread]]) -> Iterator[tuple[Unread, PageReread]]:
    yield from ((office, page) for page in reading.result())


def read_stored(
    pages: Sequence[Sequence[StoredCapture]], site: Site, content: str
) -> list[PageReread]:
    """Read the captures of pages by a layout; in another process."""
    layout = load_layout(content)
    return [read for stored in pages if (read := reread_page(stored, site, layout))]


def _save(engine: Engine, records: Sequence[Record]) -> None:
    with engine.begin() as connection:
        save_batch(connection, NO_RUN, records)
