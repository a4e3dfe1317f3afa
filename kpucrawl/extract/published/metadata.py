"""The times of publication that a page gives to programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from html import unescape
from typing import Any

from lxml import etree

from kpucrawl.extract.characters import collapse_space
from kpucrawl.extract.html.context import Page, fold

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

PUBLISHED = "datePublished"
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
    """The days of the article's own nodes of JSON-LD; of a lone one that names no article too."""
    dated = [node for node in _list_nodes(page) if isinstance(node.get(PUBLISHED), str)]
    own = [node for node in dated if _is_own(page, node)]
    lone = [node for node in dated if len(dated) == 1 and not _names_article(page, node)]
    yield from (node[PUBLISHED] for node in own or lone)


def _list_nodes(page: Page) -> Iterator[Mapping[str, Any]]:
    """All objects of the page's JSON-LD, those inside of others too; what is no JSON has none."""
    for script in page.root.iter("script"):
        if script.get("type") == "application/ld+json":
            with suppress(ValueError, RecursionError):
                yield from _walk(json.loads(script.text or "", strict=False))


def read_section(page: Page) -> str | None:
    """What the page tells programs that its article is filed under: one section only."""
    own = [node.get("articleSection") for node in _list_nodes(page) if _is_own(page, node)]
    named = (value for one in own for value in (one if isinstance(one, list) else [one]))
    found = (page.find_meta("article:section"), *named)
    names = dict.fromkeys(
        collapse_space(unescape(one)) for one in found if isinstance(one, str) and one.strip()
    )
    return next(iter(names)) if len(names) == 1 else None


def _walk(value: object) -> Iterator[Mapping[str, Any]]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _is_own(page: Page, node: Mapping[str, Any]) -> bool:
    """Whether a node is about this page, by its headline or its address."""
    named = fold(str(node.get("headline") or node.get("name") or ""))
    if named and any(named == fold(title) for title in page.titles):
        return True
    return any(page.parse(url) == page.address for url in _list_addresses(node))


def _names_article(page: Page, node: Mapping[str, Any]) -> bool:
    """Whether a node says which article it is about."""
    return bool(node.get("headline")) or any(map(page.names_article, _list_addresses(node)))


def _list_addresses(node: Mapping[str, Any]) -> Iterator[str]:
    entity = node.get("mainEntityOfPage")
    values = (node.get("url"), node.get("@id"), entity)
    yield from (value for value in values if isinstance(value, str))
    if isinstance(entity, Mapping) and isinstance(entity.get("@id"), str):
        yield entity["@id"]


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
