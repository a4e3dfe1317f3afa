"""The invented offices: their articles, counters and changes; everything follows from (seed, host,
key)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Any
from urllib.parse import urljoin

from .content import (
    Manuscript,
    edit_draft,
    open_voice,
    write_article,
    write_release,
    write_repost,
    write_title,
)
from .index import Entry, build_index, choose_categories, find_release_time
from .records import ArticleTruth, Block, Day, Draft, LinkTruth, OfficeTruth
from .sites import Site, read_sites
from .themes import THEMES, choose_theme

PER_PAGE = 10
NATIONAL = {"kpu": "KPU RI", "kpu_judul": "KPU", "short": "KPU RI", "wilayah": "Indonesia", "tempat": "Jakarta",
            "place": "Jakarta", "host": "kpu.go.id", "tag": "kpuri", "zone": "WIB", "ketua": "Hardiman Lestoro",
            "sekretaris": "Bernadus Wijaksana", "anggota": "Idarwati Pohan Siregal"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """How one office's site behaves; what is None is drawn from the seed."""

    theme: str | None = None
    declared: bool | None = None
    """Whether the charset stands in the Content-Type header (and in the page)."""
    bare_counter: bool | None = None
    """Listings print the view counter before each title."""
    old_engine: bool | None = None
    """Articles before June 2021 live under `/berita/baca/`."""
    page_bytes: int | None = None
    """About how large an article page is."""
    junk_links: bool | None = None
    """The home page carries left-over scanner payloads as links."""
    validators: bool = False
    """ETag, Last-Modified and 304."""
    gzip: bool = False
    api: bool = False
    """The listings exist as JSON at `/api/blogs/N`."""
    crawl_delay: float | None = None
    disallow: str | None = None


@dataclass
class State:
    """What happened to one article since the beginning."""

    views: int = 0
    served: int = 0
    edits: int = 0
    incarnation: int = 0
    gone: str = ""
    """`404`, `410`, `soft`, `home` or empty."""
    listed: bool = True
    moved: str = ""


@dataclass
class World:
    """All offices of one seed, made when first asked for."""

    seed: int
    articles: int | None = None
    options: Options = field(default_factory=Options)
    offices: dict[str, Office] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    """Hosts that their offices left."""

    def find(self, host: str) -> Office | None:
        """The office of a host, or None where no office is."""
        if host not in self.offices and host in read_sites() and host not in self.left:
            self.offices[host] = Office(self, read_sites()[host])
        return self.offices.get(host)

    def move(self, host: str, new_host: str) -> None:
        """An office goes on under another host; the old one is nobody's then."""
        office = self.find(host)
        if office is None:
            raise KeyError(host)
        del self.offices[host]
        self.left.add(host)
        self.left.discard(new_host)
        office.site = replace(office.site, host=new_host, born=office.site.seed)
        office.drafts.clear()
        self.offices[new_host] = office

    def set_options(self, host: str, changes: Mapping[str, Any]) -> None:
        office = self.find(host)
        if office is None:
            raise KeyError(host)
        office.options = replace(office.options, **changes)

    def write_release(self, number: int) -> tuple[str, tuple[str, ...], Day]:
        """Title, paragraphs and event of a national release."""
        return write_national_release(self.seed, number)


@lru_cache(maxsize=512)
def write_national_release(seed: int, number: int) -> tuple[str, tuple[str, ...], Day]:
    day = find_release_time(number).date()
    title = write_title(open_voice(Random(f"{seed}/release/{number}"), NATIONAL, day), "rilis")
    paragraphs, event = write_release(Random(f"{seed}/release/{number}"), day, NATIONAL)
    return title, paragraphs, event


class Office:
    """One office: its index, its options, and what happened to its articles."""

    def __init__(self, world: World, site: Site) -> None:
        rng = Random(f"{world.seed}/{site.seed}/office")
        self.world, self.site = world, site
        self.facts = site.read_facts(world.seed)
        self.categories = choose_categories(rng, self.facts)
        self.options = draw_options(rng, world.options)
        count = world.articles if world.articles is not None else round(30 * 100 ** rng.random())
        self.entries = build_index(rng, count, self.categories, old=bool(self.options.old_engine))
        self.by_key = {entry.key: entry for entry in self.entries}
        self.states: dict[str, State] = {}
        self.served: Counter[str] = Counter()
        self.titles: dict[str, str] = {}
        self.drafts: dict[str, Draft] = {}
        self.offered: dict[str, tuple[bytes, str]] = {}
        """Files with bytes and a Content-Type of their own, by their path."""

    @property
    def charset(self) -> str:
        return THEMES[self.options.theme or "cards"].charset

    def state(self, key: str) -> State:
        """The changeable part of an article; its counter begins at a number of its own."""
        if key not in self.states:
            views = (
                round(
                    Random(f"{self.world.seed}/{self.site.seed}/{key}/views").lognormvariate(5, 1.1)
                )
                + 3
            )
            self.states[key] = State(views=views)
        return self.states[key]

    def list_entries(self, category: str | None = None) -> list[Entry]:
        """What the listings show now, in their order."""
        return [
            entry for entry in self.entries
            if category in (None, entry.category) and (entry.key not in self.states or self.states[entry.key].listed)
        ]  # fmt: skip

    def rng(self, entry: Entry, part: str, incarnation: int = 0) -> Random:
        return Random(f"{self.world.seed}/{self.site.seed}/{entry.key}/{part}/{incarnation}")

    def local_day(self, entry: Entry) -> date:
        return (
            entry.posted + timedelta(hours={"WIB": 7, "WITA": 8, "WIT": 9}[self.facts["zone"]])
        ).date()

    def section(self, entry: Entry) -> str:
        return self.categories[entry.category][1]

    def title(self, entry: Entry) -> str:
        """The headline alone, cheap enough for related links."""
        if entry.key not in self.titles:
            self.titles[entry.key] = self._write_title(entry, self.state(entry.key).incarnation)
        return self.titles[entry.key]

    def _write_title(self, entry: Entry, incarnation: int) -> str:
        if entry.original and not incarnation:
            return self._write_title(self.by_key[entry.original], 0)
        if entry.release is not None and not incarnation:
            return self.world.write_release(entry.release)[0]
        voice = open_voice(self.rng(entry, "text", incarnation), self.facts, self.local_day(entry))
        return write_title(voice, self.section(entry))

    def draft(self, entry: Entry) -> Draft:
        """The article as it stands now."""
        if entry.key not in self.drafts:
            state = self.state(entry.key)
            draft = self._write_draft(entry, state.incarnation)
            for edit in range(state.edits):
                draft = edit_draft(draft, self.rng(entry, f"edit{edit}"), self.facts)
            self.drafts[entry.key] = draft
        return self.drafts[entry.key]

    def _write_draft(self, entry: Entry, incarnation: int) -> Draft:
        if entry.original and not incarnation:
            return self._write_draft(self.by_key[entry.original], 0)
        day = self.local_day(entry)
        voice = open_voice(self.rng(entry, "text", incarnation), self.facts, day)
        if entry.shape != "text":
            script = Manuscript(voice, day, [])
        elif entry.release is not None and not incarnation:
            _, paragraphs, event = self.world.write_release(entry.release)
            script = write_repost(voice, day, (paragraphs, event), entry.how or "exact")
        else:
            write_title(voice, self.section(entry))  # the same draws as for the title alone
            script = write_article(voice, day, self.section(entry))
        self._decorate(entry, script, incarnation)
        return script.finish(self._write_title(entry, incarnation))

    def _decorate(self, entry: Entry, script: Manuscript, incarnation: int) -> None:
        """Adds pictures, files and links to other articles of the office."""
        rng = self.rng(entry, "extras", incarnation)
        pictures = (
            1
            if entry.shape == "image"
            else 0
            if entry.shape == "file"
            else rng.choice((0, 1, 1, 1, 2, 3))
        )
        for number in range(pictures):
            group = [Block("image", href=self._name_file(rng, entry, "jpg"))]
            if number or rng.random() < 0.2:
                group.append(Block("caption", script.voice.say("keterangan")))
            at = 0 if number == 0 else rng.randint(min(2, len(script.blocks)), len(script.blocks))
            script.blocks[at:at] = group
        if entry.shape == "file" or (entry.shape == "text" and rng.random() < 0.05):
            words = rng.choice(
                (
                    "Unduh di sini",
                    "Download",
                    f"{script.voice.say('kegiatan_judul')}.pdf",
                    "Lampiran",
                )
            )
            script.blocks.append(Block("file", words, href=self._name_file(rng, entry, "pdf")))
        if entry.shape == "text":
            self._relate(rng, entry, script)

    def _relate(self, rng: Random, entry: Entry, script: Manuscript) -> None:
        for _ in range(rng.choices((0, 1, 2), (75, 20, 5))[0]):
            other = rng.choice(self.entries)
            if other.key != entry.key:
                href = rng.choice(("", f"https://{self.site.host}")) + self.path(other)
                words = rng.choice(("Baca Juga : ", "Baca juga: ", "Baca Juga: "))
                script.blocks.insert(
                    rng.randint(min(2, len(script.blocks)), len(script.blocks)),
                    Block("related", words, (self.title(other),), href),
                )

    def _name_file(self, rng: Random, entry: Entry, kind: str) -> str:
        moment = int((entry.posted - timedelta(minutes=rng.randint(2, 90))).timestamp())
        extension = rng.choice(("jpg", "jpeg", "png")) if kind == "jpg" else kind
        if entry.route == "berita":
            return f"/images/{moment}{rng.choice(('IMG', 'DSC', 'WhatsApp'))}_{rng.randint(100, 9999)}.{extension}"
        folder = "images" if kind == "jpg" else "dokumen"
        return f"/public/{self.site.seed.partition('.')[0]}/{folder}/{moment}_{rng.getrandbits(80):020x}.{extension}"

    def path(self, entry: Entry) -> str:
        """The path that listings and links use."""
        slug = re.sub(r"[^a-z0-9]+", "-", self.title(entry).lower()).strip("-")[:80]
        if entry.route == "berita":
            return f"/berita/baca/{entry.id}/{slug if entry.id % 3 else '-'}"
        return f"/blog/read/{entry.id}_{slug}"

    def flatten(self, entry: Entry) -> str:
        """The body as listings print it: tags stripped without a separator."""
        return "".join(block.flat for block in self.draft(entry).blocks if block.kind != "image")

    def forget(self, key: str) -> None:
        """Drops what was written of an article, so that a change takes effect."""
        self.titles.pop(key, None)
        self.drafts.pop(key, None)

    def truth(self, entry: Entry) -> ArticleTruth:
        draft, state = self.draft(entry), self.state(entry.key)
        url = f"http://{self.site.host}{self.path(entry)}"
        kinds = {kind: tuple(self._link(url, block) for block in draft.blocks if block.kind == kind)
                 for kind in ("image", "file", "related")}  # fmt: skip
        return ArticleTruth(
            key=entry.key, route=entry.route, id=entry.id, url=url, title=draft.title, body=draft.body,
            category=self.categories[entry.category][0], category_id=entry.category, kind=entry.shape,
            posted=entry.posted.isoformat(), byline=draft.byline, dateline=draft.dateline, event=draft.event,
            images=kinds["image"], attachments=kinds["file"], related=kinds["related"],
            views=state.views, served=state.served,
            release=None if entry.release is None else f"release-{entry.release}", repost=entry.how,
            copy=self._copy_key(entry),
            state=f"moved:{state.moved}" if state.moved else "gone" if state.gone else "live",
        )  # fmt: skip

    def _copy_key(self, entry: Entry) -> str:
        state = self.state(entry.key)
        if state.edits or state.incarnation:
            return f"{self.site.host}/{entry.key}/{state.incarnation}.{state.edits}"
        first = self.by_key[entry.original] if entry.original else entry
        if first.release is not None and first.how != "edited":
            return f"release-{first.release}"
        return f"{self.site.host}/{first.key}/0.0"

    def _link(self, url: str, block: Block) -> LinkTruth:
        moment = re.search(r"/(\d{10})", block.href)
        text = block.items[0] if block.items else block.text
        return LinkTruth(urljoin(url, block.href), text, int(moment[1]) if moment else None)

    def tell(self) -> OfficeTruth:
        """All that is true of the office now."""
        return OfficeTruth(
            self.site.host, self.options.theme or "", self.charset, bool(self.options.declared),
            {key: title for key, (title, _, _) in self.categories.items()},
            {entry.key: self.truth(entry) for entry in self.entries}, dict(self.served),
        )  # fmt: skip


def draw_options(rng: Random, wanted: Options) -> Options:
    """Fills what was not asked for; always the same number of draws, so that one option moves
    nothing else."""
    drawn: dict[str, Any] = {
        "theme": choose_theme(rng), "declared": rng.random() < 0.6, "bare_counter": rng.random() < 0.5,
        "old_engine": rng.random() < 0.5, "page_bytes": rng.randint(20_000, 60_000), "junk_links": rng.random() < 0.5,
    }  # fmt: skip
    return replace(
        wanted, **{name: value for name, value in drawn.items() if getattr(wanted, name) is None}
    )
