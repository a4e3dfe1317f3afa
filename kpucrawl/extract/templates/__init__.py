"""The generations of the offices' content management systems."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kpucrawl.extract.urls import Address

READER_VERSION = "1"
"""Of every reading; a change that reads stored pages otherwise raises it."""


@dataclass(frozen=True, slots=True)
class Template:
    """One generation, known by its addresses."""

    name: str
    routes: Collection[str] = ()
    """Of the page's own key ..."""
    listings: str = ""
    """... or how its listings' canonical addresses begin."""
    required: Collection[str] = ("title",)
    """Fields whose absence from an article is a problem."""

    def fits(self, address: Address) -> bool:
        """Whether a page at this address comes from this generation."""
        if address.key is not None and address.key.route in self.routes:
            return True
        return bool(self.listings) and address.canonical.startswith(self.listings)


GENERIC = Template("generic")
TEMPLATES = (
    Template("blog", ("blog", "jdih"), "/blog/category/", ("title", "category", "views")),
    Template("berita", ("berita",), "/berita", ("title",)),
)


def choose_template(address: Address, shown: Collection[Address] = ()) -> Template:
    """The generation of a page, by its own address, else by the addresses of what it shows."""
    for one in (address, *shown):
        for template in TEMPLATES:
            if template.fits(one):
                return template
    return GENERIC
