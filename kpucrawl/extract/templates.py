"""The generations of the offices' content management systems."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from kpucrawl.extract.urls import Address

READER_VERSION = "6"
"""Of every reading; a change that reads stored pages otherwise raises it."""


@dataclass(frozen=True, slots=True)
class Template:
    """One generation, known by what it calls itself, else by its addresses."""

    name: str
    routes: Collection[str] = ()
    """Of the page's own key ..."""
    addresses: str = r"(?!)"
    """... or a pattern of canonical addresses."""
    generator: str = ""
    """How the page's `<meta name="generator">` begins, lower case."""
    required: Collection[str] = ("title",)
    """Fields whose absence from an article is a problem."""

    def is_named(self, generator: str) -> bool:
        """Whether a page calls itself one of this generation."""
        return bool(self.generator) and generator.lower().startswith(self.generator)

    def fits(self, address: Address) -> bool:
        """Whether a page at this address comes from this generation."""
        if address.key is not None and address.key.route in self.routes:
            return True
        return re.match(self.addresses, address.canonical) is not None


GENERIC = Template("generic")
TEMPLATES = (
    Template("blog", ("blog",), r"/blog/category/", required=("title", "category", "views")),
    Template(
        "jdih", ("jdih",), r"/(?:[\w-]+/){1,2}blog/read/", required=("title", "category", "views")
    ),
    Template("berita", ("berita",), r"/berita(?:\?|$)"),
    Template("blogger", (), r"/20\d\d/\d\d/[^/]+\.html|/search/label/", "blogger"),
    Template("wordpress", ("wp",), r"/category/", "wordpress"),
    Template("k2", ("k2",), r"/component/k2/", "joomla"),
    Template(
        "php", (), r"/(?:berita|artikel|news)/(?:detil|detail)/|/\?(?:.*&)?(?:hal|page|id|mod)="
    ),
)


def choose_template(
    address: Address, shown: Collection[Address] = (), generator: str = ""
) -> Template:
    """The generation of a page: by the name it gives itself, by its own address, by those of what
    it shows."""
    for template in TEMPLATES:
        if template.is_named(generator):
            return template
    for one in (address, *shown):
        for template in TEMPLATES:
            if template.fits(one):
                return template
    return GENERIC
