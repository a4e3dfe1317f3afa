"""Anonymous `<div>`s with meaningless classes: nothing says what is the headline, the body or the
furniture."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from zlib import crc32

from ..records import Block
from .base import ArticlePage, Item, LinkPair, ListingPage, Shell, Theme, mark


def name_class(*words: str) -> str:
    """A class such as `x3f9a1`, another one for every office."""
    return f"x{crc32('/'.join(words).encode()) & 0xFFFFFF:06x}"


class Soup(Theme):
    name = "soup"

    def frame(self, shell: Shell, title: str, main: str) -> str:
        a, b, c = (name_class(shell.label, part) for part in "abc")
        return f"""<!DOCTYPE html><html><head>{self.head(shell, title)}</head><body><div class="{a}">
<div class="{b}">{self.nav(shell)}</div><div class="{c}"><div class="{a}"><div class="{b}">{main}</div></div>
<div class="{c}">{self.sidebar(shell)}</div></div><div class="{b}">{self.footer(shell)}</div></div></body></html>"""

    def nav(self, shell: Shell) -> str:
        links = (*shell.pages, *shell.menu)
        return "".join(
            f'<div><a href="{path}"><span>{escape(text)}</span></a></div>' for path, text in links
        )

    def sidebar(self, shell: Shell) -> str:
        links = "".join(
            f'<div><a href="{path}">{escape(text)}</a></div>' for path, text in shell.popular
        )
        return f"<div><div>Berita Populer</div>{links}</div>"

    def show_story(self, page: ArticlePage) -> str:
        label, (path, category) = page.shell.label, page.category
        d, e, f = (name_class(label, part) for part in "def")
        return f"""<div class="{d}"><div class="{e}"><a href="{path}">{escape(category)}</a></div>
<div class="{f}">{escape(page.title)}</div><div class="{d}">{self.show_blocks(page.blocks)}</div>
<div class="{e}"><div>Bagikan:</div><div><span>facebook</span> <span>twitter</span> <span>whatapps</span></div></div>
<div class="{f}"><span>Telah dilihat</span> <span>{page.views}</span> <span>kali</span></div></div>"""

    def show_para(self, block: Block) -> str:
        return f"<div>{mark(block.text)}</div>"

    def show_sub(self, block: Block) -> str:
        return f"<div><b>{escape(block.text)}</b></div>"

    def show_list(self, block: Block) -> str:
        return f"<div>{''.join(f'<div>{mark(item)}</div>' for item in block.items)}</div>"

    def show_quote(self, block: Block) -> str:
        return f"<div><span>{mark(block.text)}</span></div>"

    def show_image(self, block: Block) -> str:
        return f'<div><div><img src="{block.href}"></div></div>'

    def show_caption(self, block: Block) -> str:
        return f"<div><span>{escape(block.text, quote=False)}</span></div>"

    def show_related(self, block: Block) -> str:
        return f'<div>{escape(block.text)}<a href="{block.href}">{escape(block.items[0])}</a></div>'

    def show_listing(self, page: ListingPage) -> str:
        items = "\n".join(self.show_item(item) for item in page.items)
        return self.frame(
            page.shell,
            page.title,
            f"<div>{escape(page.title)}</div>{items}{self.show_pager(page.pager)}",
        )

    def show_item(self, item: Item) -> str:
        counter = "" if item.views is None else f"<div>{item.views}</div>"
        return f"""<div>{counter}<div><a href="{item.path}">{escape(item.title)}</a></div>
<div>{escape(item.flat, quote=False)}</div><div><a href="{item.path}">Selengkapnya</a></div></div>"""

    def show_pager(self, pager: Sequence[LinkPair]) -> str:
        return "".join(
            f'<span><a href="{escape(path)}">{escape(text)}</a></span> ' for path, text in pager
        )
