"""Articles to put into a template of one's own, and how its pages are read by what they taught."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kpucrawl.extract import learn_layout, read_page
from kpucrawl.extract.layouts.model import Layout, Listed, Sample
from kpucrawl.extract.records import Article

HOST = "kab-demak.kpu.go.id"
MONTHS = ("Januari", "Maret", "Mei", "Juli", "September")
WHO = ["Ketua", "Sekretaris", "Anggota", "Panitia", "Operator", "Relawan", "Pengawas", "Saksi"]
DOES = ["menyampaikan", "memeriksa", "menegaskan", "mencatat", "membahas", "memaparkan", "menyusun"]
WHAT = ["data pemilih", "arsip dinamis", "anggaran tahapan", "logistik pemilihan", "daftar saksi"]
WHERE = ["di aula kantor", "bersama pemangku kepentingan", "sesuai ketentuan", "tanpa kendala"]


@dataclass(frozen=True)
class Story:
    """One article."""

    number: int
    title: str
    paragraphs: tuple[str, ...]
    category: str
    views: int
    day: int
    month: int
    year: int = 2024

    @property
    def path(self) -> str:
        return f"/blog/read/{self.number}_kabar"

    @property
    def date(self) -> str:
        return f"{self.day} {MONTHS[self.month]} {self.year}"

    @property
    def iso(self) -> str:
        return f"{self.year}-{2 * self.month + 1:02}-{self.day:02}"

    def write(self, form: str = "<p>{}</p>") -> str:
        """Its paragraphs as markup."""
        return "".join(form.format(text) for text in self.paragraphs)


def tell(draw: random.Random) -> str:
    """Two sentences that hardly any other paragraph has."""
    parts = (
        f"{draw.choice(WHO)} {draw.choice(DOES)} {draw.choice(WHAT)} {draw.choice(WHERE)} "
        f"dengan {draw.randint(10, 99)} peserta dari kecamatan {draw.choice('ABCDEFGHIJKLMNOP')}"
        f"{draw.choice('aeiou')}{draw.choice('bcdfgklmnp')}{draw.choice('aeiou')}."
        for _ in range(2)
    )
    return " ".join(parts)


def make_stories(count: int) -> list[Story]:
    """As many articles, the same ever again."""
    draw = random.Random(count)
    found = []
    for number in range(1, count + 1):
        texts = tuple(tell(draw) for _ in range(draw.randint(3, 5)))
        title = f"Rapat {draw.choice(WHAT).title()} Tahap {number}{draw.choice('ABCDEF')}"
        category = draw.choice(("Berita", "Pengumuman", "Sosialisasi"))
        date = draw.randint(1, 28), draw.randrange(5)
        found.append(Story(number, title, texts, category, draw.randint(50, 2000), *date))
    return found


Write = Callable[[Story], str]
"""What a template makes of an article: what stands between `<body>` and `</body>`."""


@dataclass(frozen=True)
class Office:
    """An office of one template."""

    write: Write
    stories: Sequence[Story] = field(default_factory=lambda: make_stories(16))
    footer: str = "<footer><p>Jalan Merdeka 12, telepon (0291) 685123</p></footer>"

    head: str = ""
    """What `<title>` says on every page; empty, it says the title."""

    def print(self, story: Story) -> bytes:
        """The page of an article."""
        title = self.head or f"{story.title} - KPU Kabupaten Demak"
        head = f"<html><head><title>{title}</title></head>"
        menu = (
            "<ul><li><a href='/'>Beranda</a></li><li><a href='/page/read/1/a'>Profil</a></li></ul>"
        )
        body = f"<body>{menu}{self.write(story)}{self.footer}</body></html>"
        return (head + body).encode()

    def sample(self) -> list[Sample]:
        """Its pages with what listings said of them."""
        return [
            Sample(
                "article",
                self.print(story),
                f"http://{HOST}{story.path}",
                {},
                Listed(story.title, story.category, story.views),
            )
            for story in self.stories
        ]

    def learn(self) -> Layout | None:
        """What its pages teach."""
        return learn_layout(self.sample())

    def read(self) -> list[tuple[Story, Article]]:
        """Its articles as they are read by the layout, every one."""
        layout = self.learn()
        assert layout is not None
        found = []
        for story in self.stories:
            reading = read_page(self.print(story), f"http://{HOST}{story.path}", layout=layout)
            assert reading.article is not None and reading.layout is not None, story.path
            found.append((story, reading.article))
        return found


def split(body: str) -> tuple[str, ...]:
    """A body's paragraphs."""
    return tuple(body.split("\n\n"))
