"""Learning the template of an office from what the archive keeps, and reading its pages again by
it. No network, no Scrapy.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from archive.records import Key, LearntLayout, PageReread, Record
from archive.samples import FEW, ArchiveSamples, Reason
from archive.stored import StoredCapture
from kpucrawl.captures import reread
from kpucrawl.extract.html.context import Page
from kpucrawl.extract.layouts.learn import learn_layout
from kpucrawl.extract.layouts.model import Layout, Listed, Sample
from kpucrawl.extract.layouts.read import fit_layout
from kpucrawl.extract.layouts.specimens import FEWEST
from kpucrawl.extract.templates import READER_VERSION
from kpucrawl.extract.urls import parse_url
from kpucrawl.sites import Site

SAMPLES = 40
"""Articles that a template is learnt from: twelve teach as much as forty, and the proof wants
halves."""
POOL = 120
"""Articles among which templates are looked for: one that a fifteenth of the pages have is found
there."""
LISTINGS = 12
"""Listing pages that are learnt from, the home page with them."""
MOST_LENDERS = 8
"""Layouts of others that are tried on an office: those alike in structure are alike in slots."""
BORROWED = 0.8
"""Share of an office's articles that a borrowed template must fit: it was proved elsewhere."""
ROUNDS = 3
"""How often those that fit nothing are learnt from."""
MOST_REREAD = 500
"""Captures that a night reads again: behind a first crawl all are."""


@lru_cache(maxsize=64)
def load_layout(content: str) -> Layout | None:
    """The layout of the archive's JSON; None where that holds none, or is none of this program's:
    pages are then read without."""
    try:
        return Layout.from_json(content) if content else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Learnt:
    """What came of learning."""

    record: LearntLayout
    layout: Layout | None
    is_first: bool
    """No template of its articles was known before, or one of its first few."""


@dataclass(frozen=True, slots=True)
class Studied:
    """What a visit is told of its office behind what it captured."""

    layout: Layout
    answers: Counter[str]
    """What the captures of the run are by now, by `archive.watch.verdicts.Answer`."""
    shown: Mapping[str, frozenset[Key]]
    """What listings show that were read again, by their canonical addresses."""


class Study:
    """One office's study at the end of a visit: learn where it is time to, then read again what is
    to be read by the layout."""

    def __init__(self, samples: ArchiveSamples, site: Site, run_id: int) -> None:
        self.samples, self.site, self.run_id = samples, site, run_id

    def begin(
        self,
        keys: Collection[Key],
        listings: Collection[str],
        at: datetime,
        keep: Callable[[Record], None],
        wait: Callable[[], None],
    ) -> Layout | None:
        """Learn the template of articles while the first crawl is under way, from these pages and
        what these listings show of them; what is learnt of listings waits for its end."""
        wait()
        captures = self.samples.choose_articles(len(keys), among=keys)
        layout = learn_layout(_list_samples(self.samples, captures, listings))
        if layout is None or not layout.groups:
            return None
        keep(_make_record(self.samples, layout, captures, len(captures), at))
        return layout

    def go(
        self,
        anew: bool,
        at: datetime,
        keep: Callable[[Record], None],
        wait: Callable[[], None],
    ) -> Studied | None:
        """Study; `anew` what was learnt while this crawl was under way. `keep` takes what the
        archive is to know and may raise to end it; `wait` returns when all of that is written."""
        wait()
        learnt = learn_office(self.samples, at, anew)
        if learnt is not None:
            keep(learnt.record)
        layout = learnt.layout if learnt else self._find_layout()
        if layout is None:
            return None
        wait()
        shown: dict[str, frozenset[Key]] = {}
        most = None if learnt and learnt.is_first else MOST_REREAD
        for page in reread_office(self.samples, self.site, layout, most, shown):
            keep(page)
        wait()
        return Studied(layout, self.samples.count_answers(self.run_id), shown)

    def _find_layout(self) -> Layout | None:
        known = self.samples.find_content()
        return load_layout(known.content) if known else None


def learn_office(samples: ArchiveSamples, at: datetime, anew: bool = False) -> Learnt | None:
    """Learn an office's templates where it is time to, or `anew`; None where it is not."""
    reason = Reason.GROWTH if anew else samples.find_reason(READER_VERSION, FEWEST, at)
    if reason is None:
        return None
    known = samples.find_content()
    base = load_layout(known.content) if known and reason is Reason.DRIFT else None
    misfits_of = known.digest if known and base else None
    captures = samples.choose_articles(POOL, misfits_of)
    layout = _learn_rounds(samples, captures, base)
    if layout is None or not layout.groups:
        layout = _borrow(samples, captures, layout) or layout
    record = _make_record(samples, layout, captures[:SAMPLES], samples.count_articles(), at)
    is_first = known is None or known.group_count == 0 or known.pages < FEW
    return Learnt(record, layout, is_first)


def _learn_rounds(
    samples: ArchiveSamples, captures: Sequence[int], base: Layout | None
) -> Layout | None:
    """Learn from the first pages, then from the first of those that fit nothing learnt so far."""
    pool = _list_samples(samples, captures)
    listings = [
        Sample("listing", one.body, one.answered_url or one.url, one.headers)
        for one in samples.load(samples.choose_listings(LISTINGS))
    ]
    layout = base
    for _ in range(ROUNDS):
        if layout and len(pool) < FEWEST:
            break
        chosen, others = pool[:SAMPLES], pool[SAMPLES:]
        found = learn_layout([*chosen, *listings])
        if found is None or (layout and not found.groups):
            break
        layout = replace(found, groups=(*layout.groups, *found.groups)) if layout else found
        left = [one for one in chosen if not _fits(layout, one.page)]
        pool = left + [one for one in others if not _fits(layout, one.open())]
    return layout


def _borrow(samples: ArchiveSamples, captures: Sequence[int], own: Layout | None) -> Layout | None:
    """The slots of another office with the same structure, without its furniture, that most of
    these articles fit; listings are the office's own. None where nobody has any."""
    known = samples.find_lenders(captures, READER_VERSION, MOST_LENDERS)
    lenders = [layout for one in known if (layout := load_layout(one.content))]
    if not lenders:
        return None
    lent = [layout.lend(own.listings if own else ()) for layout in lenders]
    pages = _list_samples(samples, captures)
    fitting: Counter[int] = Counter()
    for page in pages:
        opened = page.open()
        fitting.update(n for n, layout in enumerate(lent) if _fits(layout, opened))
    best = max(range(len(lent)), key=lambda n: (fitting[n], -n))
    return lent[best] if fitting[best] >= BORROWED * len(pages) else None


def _fits(layout: Layout, page: Page | None) -> bool:
    return page is not None and fit_layout(layout, page) is not None


def _list_samples(
    samples: ArchiveSamples, captures: Sequence[int], listings: Collection[str] | None = None
) -> list[Sample]:
    """Articles with what listings said of them, all or these."""
    titles = samples.find_categories()
    listed: defaultdict[Key, Listed] = defaultdict(Listed)
    for shown in samples.find_listed(captures, listings):
        before = listed[shown.page]
        category = titles.get(parse_url(shown.canonical).category or "")
        listed[shown.page] = Listed(
            max(before.title, shown.title, key=len),
            before.category or category,
            before.views if shown.views is None else max(before.views or 0, shown.views),
        )
    return [
        Sample(
            "article",
            one.body,
            one.answered_url or one.url,
            one.headers,
            listed.get(one.page) if one.page else None,
        )
        for one in samples.load(captures)
    ]


def _make_record(
    samples: ArchiveSamples,
    layout: Layout | None,
    captures: Sequence[int],
    pages: int,
    at: datetime,
) -> LearntLayout:
    return LearntLayout(
        samples.site,
        layout.digest if layout else "",
        layout.to_json() if layout else "",
        len(layout.groups) if layout else 0,
        READER_VERSION,
        tuple(captures),
        pages,
        at,
        layout.borrowed_from if layout else "",
    )


def reread_office(
    samples: ArchiveSamples,
    site: Site,
    layout: Layout,
    most: int | None = None,
    shown: dict[str, frozenset[Key]] | None = None,
) -> Iterator[PageReread]:
    """Read again what was not read by this reader and layout: listings first, then the pages that
    came last, until `most` captures are read. `shown` is filled with what the listings show."""
    for one in samples.load(samples.list_unread_listings(READER_VERSION, layout.digest)):
        if read := reread(one, site, layout):
            if shown is not None:
                shown[one.canonical] = frozenset(item.page for item in read.reading.sightings)
            yield PageReread(samples.site, None, (read,))
    unread = samples.list_unread(READER_VERSION, layout.digest)
    for stored in samples.load_pages(_take_first([captures for _, captures in unread], most)):
        if page := reread_page(stored, site, layout):
            yield page


def _take_first(pages: Iterable[list[int]], most: int | None) -> Iterator[list[int]]:
    """The first pages, until they have `most` captures."""
    taken = 0
    for captures in pages:
        if most is not None and taken >= most:
            return
        yield captures
        taken += len(captures)


def reread_page(
    stored: Sequence[StoredCapture], site: Site, layout: Layout | None
) -> PageReread | None:
    """Read all captures of a page again; None where none of them brings a page."""
    readings = tuple(read for one in stored if (read := reread(one, site, layout)))
    return PageReread(site.code, stored[0].page, readings) if readings else None
