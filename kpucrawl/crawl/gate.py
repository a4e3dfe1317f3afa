"""Which pages of a visit are let in: those of the office itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from archive import records
from archive.records import Key, KnownTitles, OfficeMarks
from archive.watch.verdicts import CUT, NO_ARTICLES
from kpucrawl.crawl.frontier import Frontier
from kpucrawl.extract.records import PageReading, Problem
from kpucrawl.extract.urls import Address
from kpucrawl.sites import Site
from kpucrawl.strangers import NO_TITLES, find_misfit, find_other_office, find_stranger, set_aside

SHORTEST_HELD = 500
"""Characters of a text that no edit leaves next to nothing of: some three paragraphs."""
LONGEST_LEFT = 300
"""Characters of what stands in a text's place: a sentence or two."""
EMPTY = 0.1
"""Share of it that is next to nothing."""
EMPTIED = records.Problem(
    CUT, "", "Next to nothing is left of the text that the page had: it came half made."
)
JUDGED = ("article", "home", "listing")
"""Kinds that a stranger under an article's address is read as."""


class Gate:
    """What one visit knows of its office: from the archive, asked once, and from its own pages."""

    def __init__(self, site: Site, frontier: Frontier, *, has_layout: bool = False) -> None:
        self.site = site
        self.frontier = frontier
        self.has_layout = has_layout
        """The office's articles are read by what was learnt of their template."""
        self.announced: dict[Key, str] = {}
        """What the listings of this visit call their articles."""
        self._held: OfficeMarks | None = None

    def judge(self, address: Address, reading: PageReading, is_cut: bool = False) -> PageReading:
        """The reading of an answer as it may be believed: a stranger's says only that it is one.

        What a page that ends midway lacks proves nothing, and neither is the office known by it.
        """
        key = address.key.pair if address.key else None
        if problem := self._find_problem(key, reading, is_cut):
            return set_aside(reading, problem)
        if not is_cut:
            self._learn(reading)
        return reading

    def _find_problem(self, key: Key | None, reading: PageReading, is_cut: bool) -> Problem | None:
        """Titles are looked up only where they decide."""
        doubted = find_other_office(reading, self.site, self.held)
        is_judged = key is not None and key[0] not in NO_ARTICLES and reading.kind in JUDGED
        is_judged = is_judged and not is_cut
        if doubted is None and is_judged:
            doubted = self._find_stranger(reading, NO_TITLES)
        if doubted is None or key is None:
            return doubted
        titles = self._find_titles(key)
        other = find_other_office(reading, self.site, self.held, titles)
        return other or (self._find_stranger(reading, titles) if is_judged else None)

    def _find_stranger(self, reading: PageReading, titles: KnownTitles) -> Problem | None:
        """By the layout where there is one and the page's title is known, else by the marks of the
        office's other articles."""
        is_known = titles is NO_TITLES or titles.announced or titles.held
        if self.has_layout and reading.kind == "article" and is_known:
            return find_misfit(reading, titles)
        return find_stranger(reading, self.held, titles)

    def is_emptied(self, address: Address, reading: PageReading) -> bool:
        """Whether of the article held next to nothing is left on a page that fits its template: one
        that was made in halves, `konten sedang dimuat`."""
        length = len(reading.article.body or "") if reading.article else 0
        if address.key is None or reading.layout is None or length > LONGEST_LEFT:
            return False
        held = self._find_titles(address.key.pair).held_length
        return held >= SHORTEST_HELD and length < EMPTY * held

    @property
    def held(self) -> OfficeMarks:
        """What the office's articles have shown, until now."""
        if self._held is None:
            self._held = self.frontier.find_marks(self.site.code)
        return self._held

    def _find_titles(self, key: Key) -> KnownTitles:
        known = self.frontier.find_titles(self.site.code, key)
        shown = self.announced.get(key)
        return replace(known, announced=(*known.announced, shown)) if shown else known

    def _learn(self, reading: PageReading) -> None:
        """Remember what an article shows, and what a listing calls its articles."""
        for item in reading.listing.items if reading.listing else ():
            self.announced[item.key.pair] = item.title
        if reading.article is not None:
            self._held = OfficeMarks(
                self.held.pages + 1,
                Counter(self.held.marks) + Counter(reading.marks),
                {*self.held.skeletons, reading.skeleton},
            )
