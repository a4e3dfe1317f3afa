"""Which line is the article's headline."""

from __future__ import annotations

import re
from functools import cached_property

from kpucrawl.extract.html.context import Page, fold, is_site_name
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.phrases.chrome import (
    ends_article,
    is_more,
    is_share,
    opens_block,
)
from kpucrawl.extract.phrases.sections import name_section

_SLUG = re.compile(r"/(?:read|baca|item)/[0-9]+[_/-]([^/?#]+)|/([^/?#]+)/?(?:[?#]|$)", re.I)
_WORDS = re.compile(r"[a-z0-9]+")
_CUT = re.compile(r"\s*(?:\.{2,}|…)$")
_LEAST = 3.0
SENTENCE = 5
"""What a sentence with its full stop is less like a headline: texts begin with the office's name as
the page's title does."""
LONGEST_TITLE = 400
MOST_SECTION = 2
"""Words of a section's name; `Pengumuman Hasil Seleksi` is a title."""
_START, _SAME = 20, 5


class HeadlineFinder:
    """Weighs the lines of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines = page.outline.lines
        titles = (title for title in page.titles if not names_section(page, title))
        self.titles = tuple(filter(None, map(fold, titles)))
        self.starts = {title[:_SAME] for title in (*self.titles, self._slug_text)}
        self.menu = {fold(category.title) for category in page.categories}

    def find(self) -> Line | None:
        """The line that is most like a headline, None when none is enough like one."""
        best, most = None, _LEAST
        for line in filter(self._is_possible, self.lines):
            if (score := self.weigh(line)) >= most:
                best, most = line, score
        return best

    def agrees(self, line: Line) -> bool:
        """Whether the page's head or the address calls the article what this line says."""
        return self._weigh_agreement(line) >= 4

    def weigh(self, line: Line) -> float:
        """How much a line is like a headline."""
        score = self._weigh_agreement(line)
        score += (0, 3, 2.5, 2, 1.5, 1, 1)[line.rank] or (0.8 if line.strong else 0)
        score -= 4 * self._is_furniture(line) + 2 * (line.kind == "item") + self._weigh_links(line)
        score -= SENTENCE * (not line.rank and is_prose(line) and line.text[-1] == ".")
        if score < 7:
            score -= 4 * (
                is_site_name(line.text) or fold(line.text) in self.menu or _names_block(line.text)
            )
            score += 2 * self._has_prose_below(line)
        return score

    def _is_possible(self, line: Line) -> bool:
        """Whether a line stands out by its markup, or begins like what the page's head or address
        says."""
        if len(line.text) > LONGEST_TITLE or line.kind in ("row", "figcaption"):
            return False
        return line.rank > 0 or line.strong or fold(line.text[:_START])[:_SAME] in self.starts

    def _weigh_agreement(self, line: Line) -> float:
        text = fold(line.text)
        if not text:
            return 0
        if text in self.titles:
            return 10
        if any(is_cut(line.text, text, title) for title in self.titles):
            return 7
        same = self._compare_slug(line.text)
        return 5 * same if same >= 0.6 else 0

    @cached_property
    def _slug_text(self) -> str:
        found = _SLUG.search(self.page.url)
        return fold(found[1] or found[2] or "") if found else ""

    @cached_property
    def _slug(self) -> frozenset[str]:
        found = _SLUG.search(self.page.url)
        words = _WORDS.findall((found[1] or found[2] or "").lower()) if found else []
        return frozenset(words) if len(words) > 2 else frozenset()

    def _compare_slug(self, text: str) -> float:
        if not self._slug:
            return 0
        words = set(_WORDS.findall(text.lower()))
        return len(words & self._slug) / len(words | self._slug)

    def _is_furniture(self, line: Line) -> bool:
        return line.zone >= 0 and self.page.outline.tags[line.zone] in ("nav", "footer", "aside")

    def _weigh_links(self, line: Line) -> float:
        """A headline links to itself at the most; a teaser links to its article."""
        if 2 * line.linked < len(line.text):
            return 0
        target = self.page.parse(line.anchors[0].href)
        if target is None or target.key is None or target.key == self.page.address.key:
            return 0.5
        return 6

    def _has_prose_below(self, line: Line) -> bool:
        for below in self.lines[line.index + 1 : line.index + 12]:
            if below.rank and len(below.text) > 10:
                return False
            if is_prose(below) or is_share(below.text):
                return True
        return False


def is_untitled(page: Page) -> bool:
    """Whether the page's head says nothing that stands on the page: the site's name, `Detail
    Berita`."""
    titles = {
        fold(title)
        for title in page.titles
        if not (names_section(page, title) or is_site_name(title))
    }
    return not titles or all(fold(line.text) not in titles for line in page.outline.lines)


def names_section(page: Page, title: str) -> bool:
    """Whether a page is called as its section is: `Berita`."""
    if len(title.split()) > MOST_SECTION:
        return False
    return name_section(title) is not None and fold(title) != fold(page.find_meta("og:title"))


def complete_title(printed: str, title: str | None) -> str:
    """The headline; one that the page cuts short is taken from the page's head."""
    if (
        title
        and _CUT.search(printed)
        and fold(title).startswith(fold(printed))
        and not _CUT.search(title)
    ):
        return title
    return printed


def is_prose(line: Line) -> bool:
    """Whether a line is a sentence or more, and not mostly links."""
    size = len(line.text)
    if (
        size < 40
        or line.rank
        or line.kind in ("row", "figcaption")
        or (size < 200 and 2 * line.linked > size)
    ):
        return False
    return size >= 80 or line.text[-1] in ".!?:;”\"')"


def is_cut(text: str, folded: str, title: str) -> bool:
    """Whether one is the other, cut short: `Rapat Pleno Terbuka Rekapitu...`."""
    if len(folded) < 12 or len(title) < 12:
        return False
    return (
        title.startswith(folded)
        if _CUT.search(text)
        else len(title) >= 20 and folded.startswith(title)
    )


def _names_block(text: str) -> bool:
    return ends_article(text) or opens_block(text) or is_more(text)
