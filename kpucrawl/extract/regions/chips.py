"""Categories on chips, badges and the like: words whose markup calls them one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kpucrawl.extract.characters import collapse_space
from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.regions.crumbs import may_be_name

MOST_LINES = 12
"""Lines of a box whose words are looked at one by one: a row of notes has fewer."""
_CATEGORY = re.compile(
    r"(?:^|[\s_-])(?:cat|cats|categor(?:y|ies)|kategori|kat|rubrik|kanal|topik|topic|kicker"
    r"|eyebrow|overline)(?:$|[\s_-])",
    re.I,
)
"""Words of a class that names a category."""
_BADGE = re.compile(r"(?:^|[\s_-])(?:badge|label|chip|pill)(?:$|[\s_-])", re.I)
"""Words of a class that names a badge, which may say other things far from the headline."""


def find_chip(page: Page, near: Iterable[Line], behind: Iterable[Line]) -> str | None:
    """The one name on a chip beside the headline, else behind the text where its markup says that
    it is a category."""
    for lines, may_be_badge in ((near, True), (behind, False)):
        names = dict.fromkeys(
            name for line in lines for name in _list_named(page, line, may_be_badge)
        )
        if len(names) == 1:
            return next(iter(names))
    return None


def _list_named(page: Page, line: Line, may_be_badge: bool) -> Iterator[str]:
    outline = page.outline
    boxes = [box for box in outline.climb(line.box) if _is_alone(page, box)]
    said = [outline.names[box][0] for box in boxes]
    if _names_category(said, may_be_badge):
        yield from filter(may_be_name, [line.anchors[0].text if line.anchors else line.text])
        return
    if outline.ends[line.box] - outline.firsts[line.box] > MOST_LINES:
        return
    for element in outline.elements[line.box].iterdescendants("a", "span", "b", "small", "strong"):
        said = [element.get("class"), element.get("rel"), element.get("itemprop")]
        if _names_category(said, may_be_badge):
            name = collapse_space("".join(element.itertext()))
            if may_be_name(name) and name in line.text:
                yield name


def _is_alone(page: Page, box: int) -> bool:
    return page.outline.ends[box] - page.outline.firsts[box] == 1


def _names_category(said: Sequence[str | None], may_be_badge: bool) -> bool:
    words = [one for one in said if one]
    if any(map(_CATEGORY.search, words)):
        return True
    return may_be_badge and any(map(_BADGE.search, words))
