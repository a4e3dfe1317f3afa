"""Icons that stand for views: an eye by its name, its character or its drawing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from kpucrawl.extract.characters import split_words

PURE_ICONS = split_words("i img svg icon")
EYE = "\ue000"
"""Stands where the page shows an icon for views; taken out of every line's text."""
_EYE_NAME = re.compile(
    r"(?:\b|_)(?:eye|mata|views?|viewed|dilihat|dibaca|hits|visibility|remove_red_eye)(?:\b|_)"
)
EYE_TEXTS = split_words("visibility remove_red_eye \uf06e \ue8f4 \uf341")
EYE_PATHS = (
    *(
        "M1512a3",
        "M2.45812C3.732",
        "M2.03612.322",
        "M112s4-8",
        "M168s-3-5.5",
        "M10.58a2.5",
        "M1512S13.5",
        "M129a3",
        "M125c-70-107",
    ),
    *(
        "M2212c-2.667",
        "M1.181",
        "M2.06212.3",
        "M12.0003",
        "M124.5C7",
        "M1264c3.79",
        "M572.52241.4",
        "M288144a110",
        "M28832c-80.8",
    ),
)
"""How the eyes of the common icon sets begin, without blanks and commas."""
_LONGEST_NAME = 50


def is_eye(tag: str, element: etree._Element, attributes: Mapping[str, str]) -> bool:
    """Whether an icon stands for views, by any of its names: `fa fa-eye`, `<eye-icon>`,
    `title="Dilihat"`."""
    if not attributes and tag == element.tag and tag != "svg":
        return False
    if tag in PURE_ICONS or (not element.text and len(element) == 0):
        values = (str(element.tag), *attributes.values())
        names = " ".join([value for value in values if len(value) < _LONGEST_NAME])
    else:
        names = " ".join([attributes.get(name, "") for name in ("class", "title", "aria-label")])
    if tag == "svg":
        names = " ".join((names, *_list_drawn(element)))
    return _EYE_NAME.search(names.lower()) is not None


def _list_drawn(svg: etree._Element) -> Iterator[str]:
    """What a drawing refers to and calls itself; `eye` for one that looks like an eye."""
    for part in svg.iterdescendants("use", "title", "path", "circle"):
        if part.tag in ("path", "circle"):
            yield "eye" if _draws_eye(part) else ""
        else:
            yield from (part.text or "", *map(str, part.attrib.values()))


def _draws_eye(part: etree._Element) -> bool:
    """Whether a path is a known eye's, or a circle the pupil in the middle of one."""
    if part.tag == "path":
        return (part.get("d") or "")[:40].replace(" ", "").replace(",", "").startswith(EYE_PATHS)
    try:
        x, y, radius = (float(part.get(name) or 0) for name in ("cx", "cy", "r"))
    except ValueError:
        return False
    return x == y and x < 5 * radius < 2 * x
