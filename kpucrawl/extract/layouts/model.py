"""A layout as data: small, JSON both ways, named by its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, NamedTuple

from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.parse import open_page


class Step(NamedTuple):
    """One step of a path: which of the boxes of one name."""

    name: str
    """`div.post-body`: the tag, h1 to h6 as `h`, with the classes and the id that are stable."""
    number: int
    """Among its siblings of this name, from 0."""
    from_end: bool = False
    """Counted from the last one: what stands above may be optional."""


ALL = 999
"""The line of a slot that is all lines of its box."""
Path = tuple[Step, ...]
"""From the root to a box."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a field stands: the first path that resolves, and the line in its box."""

    paths: tuple[Path, ...]
    line: int = 0
    """Among the lines that stand in the box itself; -1 is the last, `ALL` are all."""
    share: float = 1.0
    """Of the samples that have the field, how many it explains."""


@dataclass(frozen=True, slots=True)
class Group:
    """Pages of one template: articles, announcements, the years before a redesign."""

    name: str
    names: tuple[str, ...]
    """Classes and ids, as `.class` and `#id`, that stand on most of its pages."""
    marks: tuple[str, ...]
    """Lines of furniture, `NAMES\\tTEXT`, that most of its pages show: they tell it from others."""
    title: Slot | None
    body: tuple[Slot, ...]
    """The regions of the text in their order: a lead of its own, then the text."""
    dropped: tuple[str, ...] = ()
    """Kinds of lines inside the regions that are no text: names from the region to their box."""
    opens: tuple[str, ...] = ()
    """Lines, `KIND\\tMASK`, behind the last of which the text begins ..."""
    stops: tuple[str, ...] = ()
    """... and before the first of which it ends."""
    fields: Mapping[str, Slot] = field(default_factory=dict)
    """`category`, `views`, `printed`, by name, each proved by witnesses."""
    heroes: tuple[str, ...] = ()
    """Names from the root to boxes outside the regions that hold pictures of the article."""
    covers: tuple[str, ...] = ()
    """... and to boxes anywhere on the page that hold one picture, another on each page."""
    files: tuple[str, ...] = ()
    """Names from the root to boxes outside the regions that link files of the article."""
    captioned: bool = False
    """Whether the few words that open a text right below a picture are its caption."""
    categories: tuple[str, ...] = ()
    """Titles of categories as listings showed them."""
    badges: tuple[str, ...] = ()
    """Words that headlines bear in an element of their own: `Unggulan`."""
    pictures: tuple[str, ...] = ()
    """Addresses of pictures that many pages show: furniture."""
    samples: int = 0


class Branch(NamedTuple):
    """Which of the boxes of one name is meant, at one step of a place."""

    depth: int
    """Steps from the root, from 0."""
    number: int
    """Among its siblings of this name, from 0."""
    from_end: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where links to articles stand on the pages of a listing."""

    chain: str
    """Names from the root to the box of their lines, joined with `>`."""
    branches: tuple[Branch, ...] = ()
    """Where items and furniture wear the same names: what tells them apart by number ..."""
    under: str | None = None
    """... or by the heading above: the furniture line that comes last before them, masked."""
    depth: int = 0
    """Of item places: how many steps from the root the box of one item is, 0 where items share a
    box."""


OF_LINK = -1
"""The number of a mark that counts the pieces of the item's link, rather than of a line."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a field stands in an item."""

    chain: str
    """Names from the root to the box of its line."""
    number: int
    """Among the item's lines of that chain, from 0; `OF_LINK` where items share a line."""
    piece: int = -1
    """Among the pieces that the line is marked up in, where it holds more than the field: a card
    that is one link with title and excerpt; -1 for the whole line."""


@dataclass(frozen=True, slots=True)
class ListingGroup:
    """Listing pages of one template, or the home page."""

    name: str
    kind: Literal["listing", "home"]
    names: tuple[str, ...]
    """Classes and ids, as `.class` and `#id`, that may name a box."""
    marks: tuple[str, ...]
    """Lines of furniture, as digests of `NAMES\tTEXT`: they tell its pages from others."""
    items: tuple[Place, ...]
    """Where what is listed stands."""
    furniture: tuple[Place, ...] = ()
    """Where the links stand that are the same on other pages."""
    mixed: tuple[Place, ...] = ()
    """Where both stand, and nothing tells which is which."""
    titles: tuple[Mark, ...] = ()
    """Where an item's title stands, proved by articles; the first that an item has."""
    views: tuple[Mark, ...] = ()
    """Where its counter stands, proved by articles."""
    counted: bool = True
    """Whether what reads as a counter is believed where `views` names no place; False where the
    articles say otherwise."""
    title: Slot | None = None
    """Where the category's title stands."""
    headings: tuple[str, ...] = ()
    """Furniture lines that `Place.under` names are looked for among, `NAMES\tTEXT`."""
    pagers: tuple[str, ...] = ()
    """Names from the root to the boxes of links to the same category's other pages ..."""
    menus: tuple[str, ...] = ()
    """... and to those whose links lead to other categories too: menus, left-over links."""
    samples: int = 0


@dataclass(frozen=True)
class Layout:
    """All that was learnt of one office's article pages and listings."""

    groups: tuple[Group, ...]
    borrowed_from: str = ""
    """Digest of the layout whose slots were taken over, empty for an own one."""
    listings: tuple[ListingGroup, ...] = ()
    """Templates of listings and of the home page."""

    def to_json(self) -> str:
        """One line, keys sorted: equal layouts have equal JSON.

        Without listings the field is left out, as in layouts that were stored before there was one.
        """
        told = asdict(self)
        if not self.listings:
            del told["listings"]
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Layout:
        """Read what `to_json` wrote; raise ValueError for anything else."""
        try:
            loaded = json.loads(text)
            groups = tuple(_load_group(group) for group in loaded["groups"])
            listings = tuple(_load_listing(group) for group in loaded.get("listings", ()))
        except (KeyError, TypeError) as error:
            raise ValueError(f"no layout: {error!r}") from error
        return cls(groups, loaded.get("borrowed_from", ""), listings)

    def lend(self, listings: tuple[ListingGroup, ...]) -> Layout:
        """The same slots for an office that shares the template: without what is this office's
        alone, its furniture and its categories, and with that one's own listings."""
        groups = tuple(
            replace(group, marks=(), pictures=(), categories=(), samples=0) for group in self.groups
        )
        return Layout(groups, borrowed_from=self.digest, listings=listings)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of its JSON, in hex."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def _load_group(loaded: Mapping[str, Any]) -> Group:
    lists = (
        "names",
        "marks",
        "dropped",
        "opens",
        "stops",
        "pictures",
        "badges",
        "heroes",
        "covers",
        "files",
        "categories",
    )
    return Group(
        name=loaded["name"],
        title=_load_slot(loaded["title"]) if loaded["title"] else None,
        fields={name: _load_slot(slot) for name, slot in loaded["fields"].items()},
        samples=loaded["samples"],
        captioned=loaded.get("captioned", False),
        body=tuple(map(_load_slot, loaded["body"])),
        **{name: tuple(loaded.get(name, ())) for name in lists},
    )


def _load_slot(loaded: Mapping[str, Any]) -> Slot:
    paths = tuple(tuple(Step(*step) for step in path) for path in loaded["paths"])
    return Slot(paths, loaded["line"], loaded["share"])


def _load_listing(loaded: Mapping[str, Any]) -> ListingGroup:
    lists = {
        name: tuple(loaded[name]) for name in ("names", "marks", "headings", "pagers", "menus")
    }
    return ListingGroup(
        name=loaded["name"],
        kind=loaded["kind"],
        titles=tuple(Mark(**mark) for mark in loaded["titles"]),
        views=tuple(Mark(**mark) for mark in loaded["views"]),
        counted=loaded["counted"],
        title=_load_slot(loaded["title"]) if loaded["title"] else None,
        samples=loaded["samples"],
        items=tuple(map(_load_place, loaded["items"])),
        furniture=tuple(map(_load_place, loaded["furniture"])),
        mixed=tuple(map(_load_place, loaded["mixed"])),
        **lists,
    )


def _load_place(loaded: Mapping[str, Any]) -> Place:
    branches = tuple(Branch(*branch) for branch in loaded["branches"])
    return Place(loaded["chain"], branches, loaded["under"], loaded["depth"])


Kind = Literal["article", "listing"]
"""What a sample is; the home page is a listing, and told by its address."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a listing says of an article."""

    title: str = ""
    """Cut short by some: `Rapat Pleno Terbuka Rekapitulasi ...`."""
    category: str | None = None
    views: int | None = None


@dataclass(frozen=True)
class Sample:
    """One stored page to learn from."""

    kind: Kind
    body: bytes
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    listed: Listed | None = None

    @cached_property
    def page(self) -> Page | None:
        """The page parsed, and kept so for as long as the sample is kept; None when there is no
        document in it."""
        return self.open()

    def open(self) -> Page | None:
        """The page parsed anew."""
        return open_page(self.body, self.url)
