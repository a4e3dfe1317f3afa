"""Tables that hold data, and those that lay out a page."""

from __future__ import annotations

from lxml import etree

from kpucrawl.extract.characters import split_words

IN_CELL = split_words(
    "p div span font b strong i em u br a center sup sub small tr td th tbody thead tfoot caption "
    "col colgroup"
)

_LONGEST_CELL = 400
"""Characters of a cell of data."""


def is_data_table(table: etree._Element) -> bool:
    """Whether a table holds data, rather than laying out the page: small cells, and more than one
    row of several."""
    if table.find(".//table") is not None or table.get("role") == "presentation":
        return False
    wide = 0
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        wide += len(cells) > 1
        if any(not _is_small(cell) for cell in cells):
            return False
    return wide > 1


def _is_small(cell: etree._Element) -> bool:
    size = 0
    for part in cell.iter():
        if part is not cell and part.tag not in IN_CELL:
            return False
        size += len(part.text or "") + len(part.tail or "")
    return size <= _LONGEST_CELL
