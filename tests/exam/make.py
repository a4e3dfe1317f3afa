"""Makes the examination pages of `tuned/` and `kept/` from the themes, the bank of texts and the
two lists of pages.

python -m tests.exam.make

The same input gives the same bytes. What a page must read as is said in its list (`expected`), or
follows from what it is built of: body, pictures, links, counter, printed date. Text conventions
that a list does not name are empty.
"""

from __future__ import annotations

import hashlib
import html
import json
import random
import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from tests.exam.blocks import Body, Writer
from tests.exam.stencil import write_page

HERE = Path(__file__).parent
CORPUS = HERE.parent / "corpus"
SETS = ("tuned", "kept")
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
ROUTES = {
    "blog": "/blog/read/{id}_{slug}",
    "index": "/index.php/blog/read/{id}_{slug}",
    "jdih": "/blog/read/{id}/{slug}",
    "berita": "/berita/baca/{id}/{slug}",
    "wp": "/2016/{id}/{slug}/",
    "k2": "/index.php/berita/item/{id}-{slug}",
    "blogger": "/2013/09/{slug}.html",
    "php": "/berita/detil/{id}",
    "query": "/index.php?hal=detil&id={id}",
}
IMAGES = {
    "berita": "/images/{time}Foto%20{n}.jpeg",
    "wp": "/wp-content/uploads/2016/05/foto-{n}.jpg",
    "k2": "/media/k2/items/cache/{hex}_L.jpg",
    "blogger": "https://1.bp.blogspot.com/-{hex}/AAAAAAAA/s320/DSC_{n}.JPG",
    "php": "/foto_berita/{n}kegiatan.jpg",
    "query": "/foto_berita/{n}kegiatan.jpg",
}
NEW_IMAGE = "/public/{host}/images/{time}_{hex}.jpg"
CONVENTIONS: dict[str, Any] = {
    **dict.fromkeys(
        ("place", "role", "editor", "photographer", "unit", "date_iso", "date_end_iso")
    ),
    "byline": [],
    "date_flags": [],
}
CSS = (
    "display:block",
    "color:#a00",
    "margin:0 auto",
    "padding:4px 8px",
    "font:14px Arial",
    "border:1px solid #ddd",
)


class Page:
    """One page of a list, made with a random source of its own."""

    def __init__(self, spec: dict[str, Any], bank: dict[str, Any]) -> None:
        self.spec, self.bank = spec, bank
        self.rng = random.Random(spec["name"])
        self.base = spec.get("base") or f"https://{spec['host']}.kpu.go.id"
        self.route = spec.get("route", "blog")
        self.names = self.rng.sample(bank["names"], 3)
        self.url = spec.get("url") or self.base + ROUTES[self.route].format(
            id=spec["id"], slug=slug(spec["title"])
        )
        self.expected: dict[str, Any] = {"kind": spec.get("kind", "article")}

    def write(self, folder: Path) -> None:
        """The page and its labels."""
        context = self.describe_site()
        getattr(self, f"add_{self.expected['kind']}", self.add_other)(context)
        theme = self.spec.get("theme")
        template = read_theme(theme) if theme else context["other"]
        page = damage(write_page(template, context), self.spec.get("damage", []))
        label = {
            "url": self.url,
            "fetched_at": self.spec.get("fetched_at", "2026-01-20T09:15:00+07:00"),
        }
        headers = self.spec.get("headers")
        label |= {"headers": headers} if headers else {}
        skipped = self.spec.get("skip", [])
        expected = self.expected | self.spec.get("expected", {})
        kept = {key: value for key, value in expected.items() if key not in skipped}
        name = self.spec["name"]
        (folder / f"{name}.html").write_bytes(encode(page, self.spec.get("enc", "utf-8")))
        text = json.dumps(label | {"expected": kept}, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")

    def describe_site(self) -> dict[str, Any]:
        """Everything around the article."""
        spec, rng = self.spec, self.rng
        titles = rng.sample([t for t in self.bank["titles"] if t != spec.get("title")], 25)
        declared = spec.get("declared", "utf-8")
        return {
            "base": self.base,
            "host": spec["host"],
            "label": spec["host"].upper(),
            "unit": spec["unit"],
            "region": spec["unit"].removeprefix("KPU ").removeprefix("KIP "),
            "year": 2026,
            "url": self.url,
            "id": spec.get("id"),
            "charset": {"": "", "html5": '<meta charset="utf-8">'}.get(
                declared,
                f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">',
            ),
            "prev_title": titles[0],
            "next_title": titles[9],
            "css": self.make_css(),
            "js": self.make_script(titles[:6]),
            "json": json.dumps({"props": {"pageProps": {"sidebar": titles[:10], "ok": True}}}),
        } | self.make_sidebars(titles)

    def make_sidebars(self, titles: list[str]) -> dict[str, list[dict[str, Any]]]:
        """Every list of links to other articles."""
        parts = {"popular": (0, 8), "latest": (8, 15), "notices": (15, 20), "ticker": (20, 25)}
        parts |= {"photos": (3, 7), "agenda": (5, 10)}
        return {
            name: [self.make_item(title, index) for index, title in enumerate(titles[slice(*part)])]
            for name, part in parts.items()
        }

    def make_script(self, titles: list[str]) -> str:
        """A script that holds prose."""
        news = [{"judul": title, "isi": self.rng.choice(self.bank["excerpts"])} for title in titles]
        counting = "function gtag(){dataLayer.push(arguments);}gtag('js',new Date());"
        return f"var terkini={json.dumps(news)};window.dataLayer=window.dataLayer||[];{counting}"

    def make_item(self, title: str, index: int) -> dict[str, Any]:
        """A link to another article."""
        number = self.rng.randrange(900, 9000)
        day = date(2025, self.rng.randrange(1, 12), self.rng.randrange(1, 28))
        route = self.route if self.route in ("berita", "jdih", "wp", "k2") else "blog"
        text = " ".join(self.rng.sample(self.bank["excerpts"], 2))
        return {
            "t": title,
            "u": self.base + ROUTES[route].format(id=number, slug=slug(title)),
            "v": self.rng.randrange(20, 900),
            "i": index + 1,
            "x": text[: self.rng.choice([120, 260, 400])] + "...",
            "img": self.make_image(),
            "d": write_day(day)["d_short"],
        }

    def make_css(self) -> str:
        """Rules that style nothing."""
        rules = (
            f".k{self.rng.randrange(9999)}{{{';'.join(self.rng.sample(CSS, 3))}}}"
            for _ in range(self.rng.randrange(8, 60))
        )
        return "\n".join(rules)

    def make_image(self) -> str:
        """An address in the manner of the engine, uploaded on the article's day or a little before
        the capture."""
        day = datetime.fromisoformat(
            self.spec.get("uploaded") or self.spec.get("printed") or "2025-12-01"
        ).replace(tzinfo=UTC)
        time = int(day.timestamp()) + self.rng.randrange(10000, 60000)
        numbers = {"time": time, "n": self.rng.randrange(10, 99), "host": self.spec["host"]}
        text = IMAGES.get(self.route, NEW_IMAGE)
        return text.format(
            hex=hashlib.sha1(str(self.rng.random()).encode()).hexdigest()[:20], **numbers
        )

    def add_article(self, context: dict[str, Any]) -> None:
        """The article, and what must be read of it."""
        spec, expected = self.spec, self.expected
        body = self.make_body()
        heroes = [self.make_image() for _ in range(spec.get("hero", 1))]
        files = [self.make_file() for _ in range(spec.get("files", 0))]
        context |= {
            "article": True,
            "title": spec["title"],
            "category": spec.get("category"),
            "views": spec.get("views"),
            "vdot": spec.get("count", f"{spec.get('views') or 0:,}".replace(",", ".")),
            "clock": spec.get("clock", "10:30"),
            "category_slug": slug(spec.get("category", "")),
            "category_url": f"{self.base}/blog/category/{spec.get('cat', 104)}",
            "files": files,
            "attach": bool(files),
            "hero": [{"img": url, "cap": spec.get("cap")} for url in heroes],
            "titletag": make_title(spec),
            "meta": self.make_meta(),
        }
        split = 1 if spec["theme"] == "k2dark" else 0
        context |= {"intro": "".join(body.html[:split]), "body": "".join(body.html[split:])}
        if "printed" in spec:
            context |= {"printed": True} | write_day(date.fromisoformat(spec["printed"]))
        expected |= {
            "title": spec["title"],
            "category": spec.get("category"),
            "body": "\n\n".join(body.text),
        }
        expected |= {"section": spec["section"]} if "section" in spec else {}
        expected |= {
            "views": spec.get("views"),
            "images": [self.complete(url) for url in heroes] + body.images,
        }
        expected |= {
            "attachments": body.attachments + [file["u"] for file in files],
            "related": body.related,
        }
        expected |= CONVENTIONS
        day = spec.get("published") or spec.get("printed")
        expected |= {"published_earliest": day, "published_latest": day} if day else {}

    def complete(self, url: str) -> str:
        """The absolute address."""
        return urljoin(self.base, url)

    def make_body(self) -> Body:
        """The body by the list's blocks."""
        slots = {
            "unit": self.spec["unit"],
            "region": self.spec["unit"].removeprefix("KPU "),
            "place": self.spec["host"],
        }
        slots |= {f"n{i}": name for i, name in enumerate(self.names, 1)}
        writer = Writer(self.bank, slots, self.spec.get("style", "p"), self.rng, self.make_image)
        writer.base = self.base
        return writer.write(self.spec.get("blocks", ["P3"]), self.spec.get("lazy", ""))

    def make_file(self) -> dict[str, str]:
        """A file below the text."""
        kind = self.rng.choice(["pdf", "docx", "xlsx"])
        return {
            "u": f"{self.base}/public/dokumen/{self.rng.randrange(10**9)}.{kind}",
            "t": f"Lampiran {kind.upper()}",
        }

    def make_meta(self) -> str:
        """OpenGraph, JSON-LD and article times as the list says."""
        meta, title = self.spec.get("meta", {}), html.escape(self.spec["title"])
        lines = []
        if "og" in meta:
            lines.append(
                f'<meta property="og:type" content="article"><meta property="og:title" '
                f'content="{title}">'
            )
        if "published" in meta:
            lines.append(f'<meta property="article:published_time" content="{meta["published"]}">')
        if "ld" in meta:
            data = {
                "@context": "https://schema.org",
                "@type": "NewsArticle",
                "headline": self.spec["title"],
            }
            data |= {
                "datePublished": meta["ld"],
                "publisher": {"@type": "Organization", "name": self.spec["unit"]},
            }
            lines.append(
                f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'
            )
        return "\n".join(lines)

    def add_listing(self, context: dict[str, Any]) -> None:
        """A category's page."""
        spec = self.spec
        titles = self.rng.sample(self.bank["titles"], spec["items"])
        items = [self.make_item(title, index) for index, title in enumerate(titles)]
        keys, number = [], spec["id"]
        for item in items:
            number -= self.rng.randrange(1, 30)
            item["u"] = self.base + ROUTES[self.route].format(id=number, slug=slug(item["t"]))
            item["v"] = item["v"] if spec.get("counts") else None
            item["x"] = self.flatten()
            keys.append(f"berita:{number}" if self.route == "berita" else str(number))
        context |= {
            "listing": True,
            "listing_title": spec["title"],
            "items": items,
            "titletag": make_title(spec),
        }
        context |= self.make_pager(spec.get("pager", "window"), spec.get("last", 1))
        self.expected |= {"title": spec["title"], "keys": keys}
        self.expected |= {"pages": spec.get("last", 1)} if spec.get("pager") != "next" else {}

    def flatten(self) -> str:
        """An article's text as listings show it: tags stripped without a separator."""
        slots = {
            "unit": self.spec["unit"],
            "region": "wilayah ini",
            "n1": self.names[0],
            "n2": self.names[1],
            "n3": self.names[2],
        }
        lead = self.rng.choice(
            ["Wonosobo, 4 Agustus 2025", "Oleh : Fitriani Lubis (Divisi Hukum)", "Palu – ", ""]
        )
        return lead + "".join(
            text.format(**slots) for text in self.rng.sample(self.bank["paragraphs"], 2)
        )

    def make_pager(self, kind: str, last: int) -> dict[str, Any]:
        """Links to other pages: a window with the last one, an arrow to the last, `next` only, or a
        sentence."""
        if kind == "none":
            return {}
        path = f"{self.base}/index.php/blog/category/{self.spec.get('cat', 104)}"
        shown: list[tuple[str, int]] = [(str(n), n) for n in range(1, min(last, 4) + 1)]
        more = {
            "window": [*shown, ("…", 4), (str(last), last)] if last > 4 else shown,
            "arrow": [*shown, ("›", 2), ("»", last)],
            "words": [*shown, ("Selanjutnya", 2), ("Terakhir", last)],
            "next": [("Selanjutnya", 2)],
            "text": [("Selanjutnya", 2)],
        }[kind]
        pager = [{"n": text, "u": f"{path}?page={number}"} for text, number in more]
        return {"pager": pager, "pagertext": f"Halaman 1 dari {last}" if kind == "text" else ""}

    def add_other(self, context: dict[str, Any]) -> None:
        """Any page without an article."""
        context["titletag"] = make_title(self.spec)
        template = read_theme(f"other_{self.spec['content']}")
        context["other"] = write_page(template, context) if self.spec.get("theme") else template
        if not self.spec.get("theme"):
            context["self"] = True


def read_theme(name: str) -> str:
    return (HERE / "themes" / f"{name}.html").read_text(encoding="utf-8")


def slug(title: str) -> str:
    """A title as addresses have it."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:70]


def write_day(day: date) -> dict[str, str]:
    """A day in the forms the engines print."""
    short = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return {
        "d_iso": day.isoformat(),
        "d_short": short,
        "d_long": f"{WEEKDAYS[day.weekday()]}, {day.day:02} {short.split(' ', 1)[1]}",
    }


def make_title(spec: dict[str, Any]) -> str:
    """The title tag in one of the ways pages get it wrong."""
    title, label = html.escape(spec["title"], quote=False), spec["host"].upper()
    forms = {
        "full": f"KPU {label} - {title}",
        "missing": "",
        "bare": title,
        "site": html.escape(spec["unit"]),
        "short": f"KPU {label} - {title[:38].rstrip()}...",
        "reverse": f"{title} - {spec['unit']}",
        "marks": f"\u200e\u202aKPU {label} - {title}\u202c\u200b",
        "pipe": f"{title} | {spec['unit']}",
        "open": f"KPU {label} - {title}",
        "upper": f"KPU {label} - {title.upper()}",
        "guillemet": f"{spec['unit']} » {title}",
    }
    form = spec.get("titletag", "full")
    closing = "\n" if form == "open" else "</title>"
    return f"<title>{forms[form]}{closing}" if forms[form] else ""


def damage(page: str, kinds: list[str]) -> str:
    """The page with the faults named."""
    for kind in kinds:
        if kind == "unclosed":
            page = re.sub(r"</(p|li|dd|dt|td|tr)>", "", page, flags=re.IGNORECASE)
        elif kind == "misnest":
            page = re.sub(r"<b>([^<]*)</b>", r"<b><i><u>\1</b></u></i>", page)
        elif kind == "nobody":
            page = re.sub(r"<body[^>]*>|</body>|</html>", "", page, flags=re.IGNORECASE)
        elif kind == "straydiv":
            page = re.sub(r"(Bagikan:|Telah dilihat)", r"</div></span>\1", page, count=1)
        elif kind == "cut":
            page = page[: page.rindex("<script")]
        elif kind == "entities":
            page = (
                page.replace("–", "&ndash;")
                .replace("“", "&ldquo;")
                .replace("”", "&#8221;")
                .replace("’", "&#039;")
            )
    return page


def encode(page: str, encoding: str) -> bytes:
    """Bytes; what the encoding cannot hold becomes a reference."""
    if encoding == "utf-16":
        return b"\xff\xfe" + page.encode("utf-16-le")
    return page.encode(encoding, "strict" if encoding.startswith("utf") else "xmlcharrefreplace")


def main(target: Path = CORPUS) -> None:
    """Writes both sets below a folder."""
    bank = tomllib.loads((HERE / "bank.toml").read_text(encoding="utf-8"))
    for name in SETS:
        folder = target / name / "exam"
        folder.mkdir(parents=True, exist_ok=True)
        for spec in tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))["page"]:
            Page(spec, bank).write(folder)


if __name__ == "__main__":
    main()
