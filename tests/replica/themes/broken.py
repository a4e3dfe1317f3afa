"""Unclosed and wrongly nested tags, unquoted attributes, end tags of nothing."""

from __future__ import annotations

from html import escape

from ..records import Block
from .base import ArticlePage, Item, Shell, Theme, mark


class Broken(Theme):
    name = "broken"

    def frame(self, shell: Shell, title: str, main: str) -> str:
        return f"""<html><head>{self.head(shell, title)}
<body><div id=page><div id=top>{self.nav(shell)}
<div id=content><div class=post>{main}</div></div></span>
<div id=content>{self.sidebar(shell)}</div></div></div>{self.footer(shell)}"""

    def nav(self, shell: Shell) -> str:
        links = "".join(
            f"<li><a href={path}>{escape(text)}</a>" for path, text in (*shell.pages, *shell.menu)
        )
        return f"<ul class=menu>{links}</ul></div>"

    def sidebar(self, shell: Shell) -> str:
        links = "".join(f"<li><a href='{path}'>{escape(text)}" for path, text in shell.popular)
        return f"<h4>Berita Populer<ul>{links}</ul></h4>"

    def show_story(self, page: ArticlePage) -> str:
        path, category = page.category
        return f"""<p class=cat><a href={path}>{escape(category)}</a><h1><b>{escape(page.title)}</h1></b>
<div class=entry>{self.show_blocks(page.blocks)}<p>Bagikan:<p><a href=#>facebook</a> <a href=#>twitter</a>
<a href=#>whatapps</a>
</div><p><span>Telah dilihat {page.views} kali<div></p></div>"""

    def show_para(self, block: Block) -> str:
        if len(block.text) % 5 == 0:
            return f"<b><p>{escape(block.text, quote=False)}</b></p>"
        return f"<p>{mark(block.text)}"

    def show_list(self, block: Block) -> str:
        return f"<ul>{''.join(f'<li>{mark(item)}' for item in block.items)}</ul>"

    def show_table(self, block: Block) -> str:
        rows = ("".join(f"<td>{escape(cell)}" for cell in row.split("\t")) for row in block.items)
        return f"<table>{''.join(f'<tr>{row}' for row in rows)}</table>"

    def show_item(self, item: Item) -> str:
        counter = "" if item.views is None else f"<span>{item.views}</span>"
        return f"""<div class=item>{counter}<h3><a href={item.path}>{escape(item.title)}</h3></a>
<p>{escape(item.flat, quote=False)}<p><a href={item.path}>Selengkapnya</a></div>"""


class Untitled(Broken):
    """The `</title>` is missing, so that a strict parser takes the whole page for its title."""

    name = "untitled"

    def head(self, shell: Shell, title: str) -> str:
        return super().head(shell, title).replace("</title>", "</head>")
