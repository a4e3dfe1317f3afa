"""What the replica knows of its invented articles, as frozen records; dates are ISO strings, to
travel as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["para", "sub", "list", "quote", "table", "caption", "related", "image", "file"]
FURNITURE: frozenset[str] = frozenset({"caption", "related", "image", "file"})


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a body, before any markup."""

    kind: BlockKind
    text: str = ""
    items: tuple[str, ...] = ()
    """List items; for a table its rows, cells separated by a tab."""
    href: str = ""

    @property
    def words(self) -> str:
        """What a perfect reader returns for it: nothing for captions, related links, images and
        files."""
        if self.kind in FURNITURE:
            return ""
        return "\n".join(item.replace("\t", " ") for item in self.items) or self.text

    @property
    def flat(self) -> str:
        """What is left when the tags are stripped without a separator."""
        return self.text + "".join(item.replace("\t", "") for item in self.items)


@dataclass(frozen=True, slots=True)
class Byline:
    """Who is credited, with every line or bracket that says so."""

    raw: tuple[str, ...]
    writers: tuple[str, ...] = ()
    role: str | None = None
    editor: str | None = None
    photographer: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A dateline (with place or unit) or the event's date (without)."""

    raw: str
    place: str | None = None
    unit: str | None = None
    date: str | None = None
    date_end: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as written, before it has a number."""

    title: str
    blocks: tuple[Block, ...]
    byline: Byline | None = None
    dateline: Day | None = None
    event: Day | None = None

    @property
    def body(self) -> str:
        """The text a perfect reader returns: paragraphs separated by one blank line."""
        return "\n\n".join(words for block in self.blocks if (words := block.words))


@dataclass(frozen=True, slots=True)
class LinkTruth:
    """An image, attachment or related article: absolute http URL and its words."""

    url: str
    text: str
    uploaded: int | None = None
    """Unix time in the file's name."""


@dataclass(frozen=True, slots=True)
class ArticleTruth:
    """All that is true of one article now."""

    key: str
    """`12` for blog, `berita:12` for the previous engine."""
    route: str
    id: int
    url: str
    title: str
    body: str
    category: str
    category_id: str
    kind: str
    """`text`, `image` (only a picture) or `file` (only a PDF)."""
    posted: str
    """When it was really published: UTC, ISO."""
    byline: Byline | None
    dateline: Day | None
    event: Day | None
    images: tuple[LinkTruth, ...]
    attachments: tuple[LinkTruth, ...]
    related: tuple[LinkTruth, ...]
    views: int
    """What the counter shows now."""
    served: int
    """How many times the article page was sent, cut bodies included; each raised the counter by
    one."""
    release: str | None
    """The national release it reposts."""
    repost: str | None
    """How: `exact`, `dateline` (only dateline and byline lines differ), `edited`, `double` (posted
    twice here)."""
    copy: str
    """Equal for articles whose text is the same word for word apart from dateline and byline
    lines."""
    state: str
    """`live`, `gone`, or `moved:KEY`."""


@dataclass(frozen=True, slots=True)
class OfficeTruth:
    """All that is true of one office now."""

    host: str
    theme: str
    charset: str
    declared: bool
    categories: dict[str, str]
    articles: dict[str, ArticleTruth]
    """In listing order."""
    served: dict[str, int]
    """Path with query -> how many complete answers were given for it."""
