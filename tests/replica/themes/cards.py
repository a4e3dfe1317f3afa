"""Bootstrap-like cards."""

from __future__ import annotations

from html import escape

from .base import ArticlePage, Item, Shell, Theme


class Cards(Theme):
    name = "cards"

    def frame(self, shell: Shell, title: str, main: str) -> str:
        return f"""<!DOCTYPE html>
<html lang="id">
<head>{self.head(shell, title)}</head>
<body class="bg-light">
{self.nav(shell)}
<div class="container my-4"><div class="row">
<div class="col-lg-8"><div class="card shadow-sm"><div class="card-body">
{main}
</div></div></div>
<div class="col-lg-4">{self.sidebar(shell)}</div>
</div></div>
<footer class="bg-dark text-white py-4"><div class="container">{self.footer(shell)}</div></footer>
</body>
</html>"""

    def show_story(self, page: ArticlePage) -> str:
        path, category = page.category
        return f"""<span class="badge badge-danger"><a href="{path}">{escape(category)}</a></span>
<h2 class="card-title mt-2">{escape(page.title)}</h2>
<div class="card-text text-justify">
{self.show_blocks(page.blocks)}
</div>
<hr>
<p class="mb-1">Bagikan:</p>
<p><a class="btn btn-sm" href="#">facebook</a> <a class="btn btn-sm" href="#">twitter</a>
<a class="btn btn-sm" href="#">whatapps</a></p>
<small class="text-muted">Telah dilihat {page.views} kali</small>"""

    def show_item(self, item: Item) -> str:
        counter = (
            ""
            if item.views is None
            else f'<small class="float-right"><i class="fa fa-eye"></i> {item.views}</small>'
        )
        return f"""<div class="card mb-3"><div class="card-body">{counter}
<h5 class="card-title"><a href="{item.path}">{escape(item.title)}</a></h5>
<p class="card-text">{escape(item.flat, quote=False)}</p>
<a class="btn btn-primary btn-sm" href="{item.path}">Selengkapnya</a></div></div>"""
