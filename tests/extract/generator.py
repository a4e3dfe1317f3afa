"""Random markups for random articles: pages that no rule was written for.

An article is made once and shown in a shell (layout of the page), with a style of paragraphs, a
share block and a counter, each drawn by itself, so that their combinations are many more than
anybody would write down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from random import Random

from .stories import CATEGORIES, Block, Story, make_sentence, make_story


@dataclass(frozen=True, slots=True)
class Style:
    """How the parts of a body are marked up."""

    para: str = "<p>{}</p>"
    sub: str = "<h3>{}</h3>"
    quote: str = "<blockquote>{}</blockquote>"
    item: str = "<li>{}</li>"
    items: str = "<ul>{}</ul>"
    cell: str = "<td>{}</td>"
    image: str = '<p><img src="{}" alt=""></p>'
    caption: str = "<p><em>{}</em></p>"
    related: str = '<p>{}<a href="{}">{}</a></p>'
    file: str = '<p><a href="{}">{}</a></p>'
    mark: bool = True


STYLES = {
    "plain": Style(),
    "divs": Style(
        "<div>{}</div>",
        "<div><b>{}</b></div>",
        "<div><i>{}</i></div>",
        image='<div><img src="{}"></div>',
    ),
    "nested": Style("<div><div><span>{}</span></div></div>", caption="<div><span>{}</span></div>"),
    "breaks": Style(
        "{}<br><br>",
        "<b>{}</b><br><br>",
        "{}<br><br>",
        image='<img src="{}"><br>',
        caption="<i>{}</i><br>",
        related='{}<a href="{}">{}</a><br><br>',
        file='<a href="{}">{}</a><br>',
    ),
    "word": Style(
        (
            '<p class="MsoNormal" style="text-align:justify"><span '
            'lang="IN">{}<o:p></o:p></span></p>'
            '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
        ),
        caption='<p class="MsoNormal">{}</p>',
    ),
    "unclosed": Style(
        "<p>{}", "<h4>{}</h4>", "<blockquote><p>{}</blockquote>", "<li>{}", "<ol>{}</ol>", "<td>{}"
    ),
    "crossed": Style(
        "<p><b><i>{}</b></i></p>", "<div><h3>{}</div></h3>", "<p><q>{}</p></q>", mark=False
    ),
    "figure": Style(
        "<p>{}</p>",
        image='<figure><img src="data:image/gif;base64,R0lGOD" data-src="{}">',
        caption="<figcaption>{}</figcaption></figure>",
    ),
}


def _mark(text: str, style: Style) -> str:
    """Sets the second word in bold or makes its blank a no-break one."""
    words = escape(text, quote=False).split(" ")
    if style.mark and len(words) > 6 and len(text) % 3 == 0:
        words[1] = f"<strong>{words[1]}</strong>" if len(text) % 2 else f"{words[1]}&nbsp;"
    return " ".join(words)


def show_blocks(blocks: tuple[Block, ...], style: Style) -> str:
    return "\n".join(_show(block, style) for block in blocks)


def _show(block: Block, style: Style) -> str:
    text = _mark(block.text, style)
    match block.kind:
        case "list":
            return style.items.format(
                "".join(style.item.format(_mark(item, style)) for item in block.items)
            )
        case "table":
            rows = (
                "".join(style.cell.format(cell) for cell in row.split("\t")) for row in block.items
            )
            return "<table border=1>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
        case "image":
            return style.image.format(block.href)
        case "related":
            return style.related.format(text, block.href, block.items[0])
        case "file":
            return style.file.format(block.href, text)
        case kind:
            return str(getattr(style, kind)).format(text)


@dataclass(frozen=True, slots=True)
class Extras:
    """Everything around an article, ready to be placed."""

    nav: str
    side: str
    share: str
    counter: str
    foot: str
    meta: str


SHARES = (
    "<p>Bagikan:</p><p>facebook twitter whatapps</p>",
    '<div>Bagikan: <a href="#">facebook</a> <a href="#">twitter</a> <a href="#">whatapps</a></div>',
    (
        "<ul><li>Bagikan:</li><li><a "
        'href="https://www.facebook.com/sharer.php">facebook</a></li><li>'
        '<a href="#">twitter</a></li></ul>'
    ),
    (
        '<div><span>Bagikan</span><a href="#"><img src="/assets/facebook.png" width="24"></a><a '
        'href="#">'
        '<img src="/assets/wa.png"></a></div>'
    ),
)
COUNTERS = (
    "<p>Telah dilihat {} kali</p>",
    "<div>Telah dilihat <b>{}</b> kali</div>",
    "<small>Dilihat {} Kali</small><br>",
    "<div>Dibaca: {}x</div>",
    '<div><i class="fa fa-eye"></i> {}</div>',
    '<div><img src="/assets/eye.svg" alt=""> {}</div>',
    "<span>Telah dibaca : {} kali</span><hr>",
)


def make_extras(rng: Random, story: Story) -> Extras:
    links = "".join(
        f'<li><a href="/blog/category/{number}">{title}</a></li>' for number, title in CATEGORIES
    )
    nav = (
        f'<ul><li><a href="/">Beranda</a></li><li><a '
        f'href="/page/read/1/profil">Profil</a></li>{links}</ul>'
    )
    side = rng.choice(
        ("<h4>Berita Populer</h4>", "<div><b>Berita Terbaru</b></div>", "<h3>Berita Lainnya</h3>")
    )
    for number in range(rng.randint(4, 25)):
        thumb = (
            f'<img src="/public/kab-contoh/images/16{number:08d}_{number:020x}.jpg">'
            if rng.random() < 0.5
            else ""
        )
        excerpt = f"<p>{make_sentence(rng)[:90]}...</p>" if rng.random() < 0.3 else ""
        side += f'<div>{thumb}<a href="/blog/read/{20000 + number}_judul-lain">{make_sentence(rng)[:60]}</a>{excerpt}</div>'
    views = f"{story.views:,}".replace(",", ".") if rng.random() < 0.5 else str(story.views)
    meta = rng.choice(
        (
            "",
            "",
            "<div>Rabu, 25 Desember 2019</div>",
            "<p>Diposting oleh Admin pada 3 Mei 2021</p>",
            "<div>Admin | 2 Mei 2020</div>",
        )
    )
    foot = (
        "<p>KPU Kabupaten Contoh</p><p>"
        "Jl. Melati No. 12, Contoh 51234. Telp (0281) 000111, buka setiap hari "
        "kerja.</p><p>Copyright © 2024</p>"
    )
    return Extras(nav, side, rng.choice(SHARES), rng.choice(COUNTERS).format(views), foot, meta)


Shell = Callable[[Story, str, Extras, bool], str]


def _head(story: Story, extra: str = "") -> str:
    return f"<head>{extra}<title>KPU KAB-CONTOH - {escape(story.title, quote=False)}</title></head>"


def _parts(body: str, extras: Extras, above: bool) -> str:
    """The body with the share block and counter above or below it."""
    share = f"<div>{extras.share}{extras.counter}</div>"
    return f"{share}<div>{body}</div>" if above else f"<div>{body}</div>{share}"


def show_cards(story: Story, body: str, extras: Extras, above: bool) -> str:
    return (
        f"<!DOCTYPE html><html "
        f'lang="id">{_head(story, "<meta charset=utf-8>")}<body><nav>{extras.nav}'
        f'</nav><div class="container">'
        f'<div class="row"><div class="col-8"><div class="card"><div class="card-body"><span '
        f'class="badge">'
        f"{story.category[1]}</span>"
        f"<h2>{escape(story.title)}</h2>{extras.meta}{_parts(body, extras, above)}</div></div></div>"
        f'<div class="col-4">{extras.side}</div></div></div><footer>{extras.foot}</footer></body></html>'
    )


def show_tables(story: Story, body: str, extras: Extras, above: bool) -> str:
    share = f"{extras.share}<br>{extras.counter}"
    text = f"{share}<br>{body}" if above else f"{body}<br>{share}"
    return (
        f"<html>{_head(story)}<body bgcolor=white><table width=980><tr><td colspan=3><font size=6>"
        f"KPU Kabupaten Contoh</font></td></tr>"
        f"<tr><td width=180 valign=top>{extras.nav}</td><td valign=top><table><tr><td><font size=2>"
        f"{story.category[1]}</font></td></tr><tr><td>"
        f"<font size=5 color=red><b>{escape(story.title)}</b></font></td></tr><tr><td>"
        f"<font face=Arial size=2>{text}</font></td></tr></table></td>"
        f"<td width=200 valign=top>{extras.side}</td></tr><tr><td colspan=3 "
        f"align=center>{extras.foot}</td>"
        f"</tr></table></body></html>"
    )


def show_soup(story: Story, body: str, extras: Extras, above: bool) -> str:
    return (
        f'<html>{_head(story)}<body><div class="x1"><div class="x2">{extras.nav}</div><div '
        f'class="x3">'
        f'<div class="k9">{extras.side}</div>'
        f'<div class="m"><div class="b"><div>{story.category[1]}</div><div class="t"><div>'
        f"{escape(story.title)}</div></div>{extras.meta}"
        f'<div class="c">{_parts(body, extras, above)}</div></div></div></div><div '
        f'class="z">{extras.foot}'
        f"</div></div></body></html>"
    )


def show_aside(story: Story, body: str, extras: Extras, above: bool) -> str:
    share = f"<div>{extras.share}{extras.counter}</div>"
    header = f"<p>{story.category[1]}</p><h1>{escape(story.title)}</h1>{share if above else ''}"
    return (
        f"<!DOCTYPE html><html>{_head(story)}<body><header><a href=/>KPU Kabupaten Contoh</a><nav>"
        f"{extras.nav}</nav></header><main>"
        f"<aside>{extras.side * 3}</aside><article><header>{header}</header>{body}"
        f"{'' if above else f'<footer>{share}</footer>'}</article></main>"
        f"<footer>{extras.foot}</footer></body></html>"
    )


def show_flat(story: Story, body: str, extras: Extras, above: bool) -> str:
    share = f"{extras.share}{extras.counter}"
    path = (
        f'<p><a href="/">Beranda</a> / <a '
        f'href="/blog/category/{story.category[0]}">{story.category[1]}</a></p>'
    )
    return (
        f"<html>{_head(story)}<body>{extras.nav}{path}<h1>{escape(story.title)}</h1>{extras.meta}"
        f"{share if above else ''}{body}"
        f"{'' if above else share}{extras.side}<hr>{extras.foot}"
    )


def show_wide(story: Story, body: str, extras: Extras, above: bool) -> str:
    """The headline stands above two columns, the sidebar in the first."""
    crumbs = (
        f'<ol><li><a href="/">Home</a></li><li><a href="/blog/category/{story.category[0]}">'
        f"{story.category[1]}</a></li><li>{escape(story.title)}</li></ol>"
    )
    return (
        f"<html>{_head(story)}<body><div>{extras.nav}</div><section>{crumbs}<h1>{escape(story.title)}</h1>"
        f"</section><section><div>"
        f"<div>{_parts(body, extras, above)}</div><div>{extras.side}</div></div></section><footer>"
        f"{extras.foot}</footer></body></html>"
    )


def show_open(story: Story, body: str, extras: Extras, above: bool) -> str:
    """Nothing that can stay open is closed, the title of the page neither."""
    head = _head(story).replace("</title></head>", "\n<meta name=viewport content=x>")
    return (
        f"<html>{head}<body><div><div>{extras.nav}<div><div><small>{story.category[1]}</small><h3>"
        f"{escape(story.title)}</h3>"
        f"<div>{_parts(body, extras, above)}<div><div>{extras.side}<div>{extras.foot}"
    )


SHELLS: dict[str, Shell] = {
    "cards": show_cards,
    "tables": show_tables,
    "soup": show_soup,
    "aside": show_aside,
    "flat": show_flat,
    "wide": show_wide,
    "open": show_open,
}


def make_page(seed: int) -> tuple[Story, bytes, str]:
    """A story, its page, and the names of what was drawn."""
    rng = Random(seed)
    story = make_story(rng)
    shell, style = rng.choice(list(SHELLS)), rng.choice(list(STYLES))
    above = rng.random() < 0.25
    page = SHELLS[shell](
        story, show_blocks(story.blocks, STYLES[style]), make_extras(rng, story), above
    )
    charset = rng.choice(("utf-8", "utf-8", "windows-1252"))
    return (
        story,
        page.encode(charset, "xmlcharrefreplace"),
        f"{shell}/{style}/{'above' if above else 'below'}/{charset}",
    )
