"""The times of publication that a page gives to programs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from kpucrawl.extract.characters import collapse_space
from kpucrawl.extract.html.context import Page

NAMES = (
    *(
        "article:published_time",
        "og:article:published_time",
        "og:published_time",
        "datepublished",
        "parsely-pub-date",
    ),
    *(
        "dc.date.issued",
        "dcterms.issued",
        "dc.date.created",
        "dcterms.created",
        "dc.date",
        "dcterms.date",
    ),
    *(
        "citation_publication_date",
        "citation_date",
        "publish_date",
        "publishdate",
        "publish-date",
        "pubdate",
        "date",
    ),
)
"""Of `<meta>`, the surest first."""

_JSON_LD = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_MARKED = etree.XPath("//@itemprop[.='datePublished']/.. | //time[@datetime]", smart_strings=False)
_MODIFIED = re.compile(r"\b(?:updated|modified)\b", re.I)


def list_metadata(page: Page) -> tuple[str, ...]:
    """What stands in the head, in JSON-LD, and in markup of its text where that names one day
    only."""
    return tuple(dict.fromkeys((*_list_meta(page), *_list_linked(page), *_list_marked(page))))


def _list_meta(page: Page) -> list[str]:
    found: dict[str, str] = {}
    metas = (meta for head in page.root.iterchildren("head") for meta in head.iterchildren("meta"))
    for meta in metas:
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        if name in NAMES and (content := collapse_space(meta.get("content") or "")):
            found.setdefault(name, content)
    return [found[name] for name in NAMES if name in found]


def _list_linked(page: Page) -> Iterator[str]:
    for script in page.root.iter("script"):
        if script.get("type") != "application/ld+json":
            continue
        if match := _JSON_LD.search(script.text or ""):
            yield match[1]


def _list_marked(page: Page) -> tuple[str, ...]:
    """Of `<time>` and microdata; where they name several days, some are other articles' and none
    counts."""
    found = dict.fromkeys(
        text
        for element in _MARKED(page.root)
        if (text := _read_marked(element)) and not _is_modified(element)
    )
    return tuple(found) if len({text[:10] for text in found}) == 1 else ()


def _read_marked(element: etree._Element) -> str:
    return collapse_space(
        element.get("datetime") or element.get("content") or element.get("title") or ""
    )


def _is_modified(element: etree._Element) -> bool:
    """Whether an element tells when the page was changed only."""
    said = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
    return _MODIFIED.search(said) is not None and "published" not in said
