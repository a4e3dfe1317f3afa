"""Nested tables with `<font>`, as own engines of the 2000s wrote them; and the same in
Windows-1252."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .base import ArticlePage, Item, LinkPair, ListingPage, Shell, Theme


class Tables(Theme):
    name = "tables"

    def frame(self, shell: Shell, title: str, main: str) -> str:
        return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<HTML><HEAD>{self.head(shell, title)}</HEAD>
<BODY bgcolor="#FFFFFF" topmargin="0"><center>
<table width="980" border="0" cellpadding="0" cellspacing="0">
<tr><td colspan="2" bgcolor="#8B0000"><font color="#FFFFFF" size="5"><b>{escape(shell.office)}</b></font></td></tr>
<tr><td width="200" valign="top"><table width="100%">{self.nav(shell)}</table>{self.sidebar(shell)}</td>
<td valign="top"><table width="100%" cellpadding="6">
{main}
</table></td></tr>
<tr><td colspan="2" align="center">{self.footer(shell)}</td></tr></table></center></BODY></HTML>"""

    def nav(self, shell: Shell) -> str:
        links = (*shell.pages, *shell.menu)
        return "".join(
            f'<tr><td><font size="2"><a href="{p}">{escape(t)}</a></font></td></tr>'
            for p, t in links
        )

    def sidebar(self, shell: Shell) -> str:
        links = "".join(
            f'<tr><td>&raquo; <a href="{path}">{escape(text)}</a></td></tr>'
            for path, text in shell.popular
        )
        return f'<table border="1" width="100%"><tr><th>Berita Populer</th></tr>{links}</table>'

    def show_story(self, page: ArticlePage) -> str:
        path, category = page.category
        return f"""<tr><td><font size="2" color="#990000"><a href="{path}">{escape(category)}</a></font></td></tr>
<tr><td><font face="Verdana" size="4"><b>{escape(page.title)}</b></font></td></tr>
<tr><td><table width="100%"><tr><td><font face="Arial" size="2">{self.show_blocks(page.blocks)}</font></td></tr>
</table></td></tr>
<tr><td><font size="1">Bagikan:</font></td></tr>
<tr><td><a href="#">facebook</a>&nbsp;<a href="#">twitter</a>&nbsp;<a href="#">whatapps</a></td></tr>
<tr><td align="right"><font size="1"><i>Telah dilihat {page.views} kali</i></font></td></tr>"""

    def show_listing(self, page: ListingPage) -> str:
        items = "\n".join(self.show_item(item) for item in page.items)
        head = f'<tr><td><font size="4"><b>{escape(page.title)}</b></font></td></tr>'
        return self.frame(page.shell, page.title, f"{head}\n{items}\n{self.show_pager(page.pager)}")

    def show_item(self, item: Item) -> str:
        counter = "" if item.views is None else f'<font size="1">{item.views}</font><br>'
        return f"""<tr><td>{counter}<a href="{item.path}"><font size="3"><b>{escape(item.title)}</b></font></a><br>
<font size="2">{escape(item.flat, quote=False)}</font><br><a href="{item.path}">Selengkapnya</a></td></tr>"""

    def show_pager(self, pager: Sequence[LinkPair]) -> str:
        links = " | ".join(f'<a href="{escape(path)}">{escape(text)}</a>' for path, text in pager)
        return f'<tr><td align="center">{links}</td></tr>'

    def show_plain(self, shell: Shell, title: str, text: str) -> str:
        return self.frame(shell, title, f"<tr><td><b>{escape(title)}</b>{text}</td></tr>")


class Latin(Tables):
    """Curly quotes and dashes are single bytes here; half of the hosts do not say so."""

    name = "latin"
    charset = "windows-1252"
