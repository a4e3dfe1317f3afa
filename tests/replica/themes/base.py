"""What every markup is given, and the parts that most of them share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from zlib import crc32

from ..records import Block

LinkPair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shell:
    """The furniture around every page of an office."""

    label: str
    """Host label in capitals: `KOTA-SURAKARTA`."""
    office: str
    charset: str
    declared: bool
    menu: tuple[LinkPair, ...]
    """Categories: (path, title)."""
    pages: tuple[LinkPair, ...]
    """Static pages."""
    popular: tuple[LinkPair, ...]
    """`Berita Populer`: a few articles of the office, on every page."""
    junk: tuple[str, ...]
    """Left-over scanner payloads that live on as links."""
    css: str
    script: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    shell: Shell
    title: str
    category: LinkPair
    blocks: Sequence[Block]
    views: int


@dataclass(frozen=True, slots=True)
class Item:
    path: str
    title: str
    views: int | None
    """None where the office prints no counter."""
    flat: str


@dataclass(frozen=True, slots=True)
class ListingPage:
    shell: Shell
    title: str
    items: Sequence[Item]
    pager: Sequence[LinkPair]


def mark(text: str) -> str:
    """Escapes a text and sets some of its words in bold or italics, always the same ones."""
    words, dice = text.split(" "), crc32(text.encode()) % 6
    if len(words) < 6 or dice > 2:
        return escape(text, quote=False)
    start, end = (0, 2) if dice == 0 else (3, 5)
    tag = ("strong", "b", "i")[dice]
    parts = (" ".join(words[:start]), " ".join(words[start:end]), " ".join(words[end:]))
    before, inner, after = (escape(part, quote=False) for part in parts)
    return f"{before}{' ' if before else ''}<{tag}>{inner}</{tag}> {after}"


class Theme:
    """One way to mark up an office's pages; a subclass changes what makes it unlike the others."""

    name = "plain"
    charset = "utf-8"

    # blocks of a body
    def show_blocks(self, blocks: Sequence[Block]) -> str:
        return "\n".join(getattr(self, f"show_{block.kind}")(block) for block in blocks)

    def show_para(self, block: Block) -> str:
        return f"<p>{mark(block.text)}</p>"

    def show_sub(self, block: Block) -> str:
        return f"<h3>{escape(block.text)}</h3>"

    def show_list(self, block: Block) -> str:
        return f"<ol>{''.join(f'<li>{mark(item)}</li>' for item in block.items)}</ol>"

    def show_quote(self, block: Block) -> str:
        return f"<blockquote>{mark(block.text)}</blockquote>"

    def show_table(self, block: Block) -> str:
        rows = (
            "".join(f"<td>{escape(cell)}</td>" for cell in row.split("\t")) for row in block.items
        )
        return f'<table border="1">{"".join(f"<tr>{row}</tr>" for row in rows)}</table>'

    def show_image(self, block: Block) -> str:
        return f'<p><img src="{block.href}" alt="{escape(block.text)}" style="max-width:100%"></p>'

    def show_caption(self, block: Block) -> str:
        return f"<p><em>{escape(block.text, quote=False)}</em></p>"

    def show_related(self, block: Block) -> str:
        return f'<p>{escape(block.text)}<a href="{block.href}">{escape(block.items[0])}</a></p>'

    def show_file(self, block: Block) -> str:
        return f'<p><a href="{block.href}" target="_blank">{escape(block.text)}</a></p>'

    # pages
    def show_article(self, page: ArticlePage) -> str:
        return self.frame(page.shell, page.title, self.show_story(page))

    def show_listing(self, page: ListingPage) -> str:
        items = "\n".join(self.show_item(item) for item in page.items)
        main = f"<h2>{escape(page.title)}</h2>\n{items}\n{self.show_pager(page.pager)}"
        return self.frame(page.shell, page.title, main)

    def show_home(self, page: ListingPage) -> str:
        """Latest items, cut, then whatever scanners left behind."""
        junk = "".join(f'<a href="{escape(path)}">.</a>' for path in page.shell.junk)
        items = "\n".join(self.show_teaser(item) for item in page.items)
        return self.frame(
            page.shell, "Beranda", f"<h2>{escape(page.title)}</h2>\n{items}\n<div>{junk}</div>"
        )

    def show_plain(self, shell: Shell, title: str, text: str) -> str:
        """A static page, a missing page."""
        return self.frame(shell, title, f"<h1>{escape(title)}</h1><div>{text}</div>")

    # parts
    def frame(self, shell: Shell, title: str, main: str) -> str:
        return f"""<!DOCTYPE html>
<html lang="id"><head>{self.head(shell, title)}</head>
<body>{self.nav(shell)}<div id="main">{main}</div>{self.sidebar(shell)}{self.footer(shell)}</body></html>"""

    def head(self, shell: Shell, title: str) -> str:
        charset = f'<meta charset="{shell.charset}">\n' if shell.declared else ""
        return (
            f"{charset}<title>KPU {shell.label} - {escape(title, quote=False)}</title>\n"
            f'<meta name="viewport" content="width=device-width, '
            f'initial-scale=1">\n<style>{shell.css}</style>'
        )

    def nav(self, shell: Shell) -> str:
        links = "".join(
            f'<li><a href="{path}">{escape(text)}</a></li>'
            for path, text in (*shell.pages, *shell.menu)
        )
        return f'<div class="menu"><a href="/">{escape(shell.office)}</a><ul>{links}</ul></div>'

    def sidebar(self, shell: Shell) -> str:
        links = "".join(
            f'<li><a href="{path}">{escape(text)}</a></li>' for path, text in shell.popular
        )
        return f'<div class="side"><h4>Berita Populer</h4><ul>{links}</ul></div>'

    def footer(self, shell: Shell) -> str:
        return (
            f"<div class='foot'><p>{escape(shell.office)}</p><p>Jl. Merpati Putih No. 17 Telp. "
            f"(0271) 000-117</p>"
            f"<p>Copyright © 2026 {escape(shell.office)}. All Rights "
            f"Reserved</p></div><script>{shell.script}</script>"
        )

    def show_story(self, page: ArticlePage) -> str:
        path, category = page.category
        return (
            f'<p><a href="{path}">{escape(category)}</a></p><h1>{escape(page.title)}</h1>\n'
            f"<div>{self.show_blocks(page.blocks)}</div>\n{self.share(page)}"
        )

    def share(self, page: ArticlePage) -> str:
        return (
            "<div><p>Bagikan:</p><p><a href='#'>facebook</a> <a href='#'>twitter</a> <a "
            "href='#'>whatapps</a></p>"
            f"<p>Telah dilihat {page.views} kali</p></div>"
        )

    def show_item(self, item: Item) -> str:
        counter = "" if item.views is None else f"<span>{item.views}</span>"
        return (
            f'<div>{counter}<h3><a href="{item.path}">{escape(item.title)}</a></h3>'
            f'<p>{escape(item.flat, quote=False)}</p><a href="{item.path}">Selengkapnya</a></div>'
        )

    def show_teaser(self, item: Item) -> str:
        cut = escape(item.flat[:140], quote=False)
        return (
            f'<div><h4><a href="{item.path}">{escape(item.title)}</a></h4><p>{cut} ....</p></div>'
        )

    def show_pager(self, pager: Sequence[LinkPair]) -> str:
        links = "".join(
            f'<li><a href="{escape(path)}">{escape(text)}</a></li>' for path, text in pager
        )
        return f"<ul>{links}</ul>"
