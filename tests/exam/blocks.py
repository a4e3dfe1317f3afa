"""Bodies: one list of blocks gives both the HTML of an article's text and the text a reader must
get."""

from __future__ import annotations

import html
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

WORD_HEAD = (
    "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View><w:Zoom>0</w:Zoom></w:WordDocument></xml>"
    "<![endif]--><!--[if gte mso 10]><style>/* Style Definitions */ table.MsoNormalTable"
    '{mso-style-name:"Table Normal"; mso-para-margin:0in; '
    'font-family:"Calibri","sans-serif";}</style><![endif]-->\n'
)
WORD_P = (
    '<p class="MsoNormal" style="margin-bottom:0cm;text-align:justify;line-height:150%"><span '
    'lang="IN" '
    'style="font-size:12.0pt;line-height:150%;font-family:&quot;Times New '
    'Roman&quot;,serif;mso-ansi-language:IN">'
    "{}<o:p></o:p></span></p>\n"
)
WRAPS: dict[str, Callable[[str], str]] = {
    "p": lambda text: f"<p>{text}</p>\n",
    "open": lambda text: f"<p>{text}\n",
    "justify": lambda text: (
        f'<p style="text-align: justify;"><span style="font-size: 12pt;">{text}</span></p>\n'
    ),
    "br": lambda text: f"{text}<br><br>\n",
    "one": lambda text: f"{text}<br />\n&nbsp;<br />\n",
    "word": lambda text: WORD_P.format(
        text.replace(", ", ",&nbsp;", 1).replace(". ", ". &nbsp;", 1)
    ),
    "div": lambda text: f"<div>{text}</div><div><br></div>\n",
    "auto": lambda text: (
        '<div class="x11i5rnm xat24cr x1mh8g0r x1vvkbs xtlvy1s"><div dir="auto" style="text-align: '
        'start;">'
        f"{text}</div></div>\n"
    ),
    "font": lambda text: f'<font face="Arial, Helvetica" size="2">{text}</font><p>\n',
    "deep": lambda text: (
        f"<div><section><div><div><span><span>{text}</span></span></div></div></section></div>\n"
    ),
    "gdocs": lambda text: (
        '<p dir="ltr" style="line-height:1.38;margin-top:0pt;margin-bottom:0pt;"><span '
        'style="font-size:11pt;'
        f'font-family:Arial;white-space:pre-wrap;">{text}</span></p><br>\n'
    ),
}


@dataclass(slots=True)
class Body:
    """What a body is made into."""

    html: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)


class Writer:
    """Writes blocks in one office's habits.

    A block is a letter code (`p` a paragraph of the bank, `P12` twelve of them, `h` `b` sub-heading
    by tag or in bold, `ul` `ol` `table` `quote`, `fig` `dok` `brack` picture with caption, `img`
    bare picture, `b64` pasted one, `gal` gallery, `rel` a `Baca Juga` line, `pdf` a link to a file,
    `emb` `obj` `gview` an embedded file, `hr`), the text itself after `=`, or HTML without text,
    which begins with `<`.
    """

    def __init__(
        self,
        bank: dict[str, list[Any]],
        slots: dict[str, str],
        style: str,
        rng: random.Random,
        image: Callable[[], str],
    ) -> None:
        self.bank, self.slots, self.rng, self.image = bank, slots, rng, image
        self.wrap, self.style = WRAPS[style], style
        self.paragraphs = rng.sample(bank["paragraphs"], len(bank["paragraphs"]))
        self.headings = rng.sample(bank["headings"], len(bank["headings"]))
        self.captions = rng.sample(bank["captions"], len(bank["captions"]))
        self.items = rng.sample(bank["lists"], len(bank["lists"]))
        self.body = Body(html=[WORD_HEAD] if style == "word" else [])
        self.base = ""

    def write(self, blocks: list[str], lazy: str) -> Body:
        """All blocks, in order; `lazy` says how pictures load (``, `data-src`, `srcset`, `picture`,
        `base64`)."""
        self.lazy = lazy
        for block in blocks:
            code, number = block.rstrip("0123456789"), block[len(block.rstrip("0123456789")) :]
            if block.startswith("="):
                self.say(block[1:])
            elif block.startswith("<"):
                self.body.html.append(block)
            elif code == "P":
                for _ in range(int(number)):
                    self.write_p()
            else:
                getattr(self, f"write_{code}")()
        return self.body

    def say(self, text: str) -> None:
        """A paragraph of the spec: `**x**` is bold, `\\n` a line break inside it."""
        parts = html.escape(text, quote=False).split("**")
        marked = "".join(
            f"<strong>{part}</strong>" if index % 2 else part for index, part in enumerate(parts)
        )
        self.body.html.append(self.wrap(marked.replace("\n", "<br>\n")))
        lines = [
            " ".join(line.split())
            for line in text.replace("**", "").translate(INVISIBLE).split("\n")
        ]
        self.body.text.append("\n".join(lines))

    def write_p(self) -> None:
        if not self.paragraphs:
            self.paragraphs = self.rng.sample(self.bank["paragraphs"], len(self.bank["paragraphs"]))
        text = self.paragraphs.pop().format(**self.slots)
        marked = html.escape(text, quote=False)
        if self.rng.random() < 0.25:
            marked = marked.replace(self.slots["unit"], f"<b>{self.slots['unit']}</b>", 1)
        if self.rng.random() < 0.15:
            marked = marked.replace("peserta", "<i>peserta</i>")
        self.body.html.append(self.wrap(marked))
        self.body.text.append(text)

    def write_h(self) -> None:
        text, tag = self.headings.pop(), self.rng.choice(["h2", "h3", "h4"])
        self.body.html.append(f"<{tag}>{html.escape(text)}</{tag}>\n")
        self.body.text.append(text)

    def write_b(self) -> None:
        text = self.headings.pop()
        self.body.html.append(self.wrap(f"<b>{html.escape(text)}</b>"))
        self.body.text.append(text)

    def write_ul(self) -> None:
        self._write_list("ul")

    def write_ol(self) -> None:
        self._write_list("ol")

    def _write_list(self, tag: str) -> None:
        items = self.items.pop()
        closing = "" if self.style == "open" else "</li>"
        inner = "".join(f"<li>{html.escape(item)}{closing}\n" for item in items)
        self.body.html.append(f"<{tag}>\n{inner}</{tag}>\n")
        self.body.text.append("\n".join(items))

    def write_table(self) -> None:
        rows = self.rng.choice(self.bank["tables"])
        lines = "".join(
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows
        )
        self.body.html.append(
            f'<table border="1" cellpadding="4"><tbody>\n{lines}</tbody></table>\n'
        )
        self.body.text.append("\n".join(" ".join(row) for row in rows))

    def write_quote(self) -> None:
        text = self.rng.choice(self.bank["quotes"])
        self.body.html.append(f"<blockquote><p>{text}</p></blockquote>\n")
        self.body.text.append(text)

    def write_hr(self) -> None:
        self.body.html.append("<hr>\n")

    def _write_picture(self) -> str:
        """The tag of the next picture in the office's way of loading it."""
        url = self.image()
        self.body.images.append(urljoin(self.base, url))
        alt = html.escape(self.rng.choice(self.bank["captions"]))
        dot = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
        webp = f'<source type="image/webp" srcset="{url}.webp">'
        return {
            "data-src": f'<img class="lazyload" src="{dot}" data-src="{url}" alt="{alt}">',
            "srcset": f'<img src="{url}" srcset="{url} 1x, {url}?w=1600 2x" sizes="100vw" '
            f'alt="{alt}" loading="lazy">',
            "picture": f'<picture>{webp}<img src="{url}" alt="{alt}"></picture>',
        }.get(self.lazy, f'<img src="{url}" alt="" style="width: 100%;">')

    def write_img(self) -> None:
        picture = self._write_picture()
        self.body.html.append(
            self.wrap(picture) if self.style not in ("br", "one") else f"{picture}<br><br>\n"
        )

    def write_gal(self) -> None:
        cells = "".join(f'<div class="g-item">{self._write_picture()}</div>\n' for _ in range(4))
        self.body.html.append(f'<div class="g-row">\n{cells}</div>\n')

    def write_fig(self) -> None:
        caption = self.captions.pop()
        self.body.html.append(
            f"<figure>{self._write_picture()}<figcaption>{caption}</figcaption></figure>\n"
        )

    def write_dok(self) -> None:
        self.write_img()
        self.body.html.append(self.wrap(f"<em>dok. foto {self.captions.pop()}</em>"))

    def write_brack(self) -> None:
        self.write_img()
        self.body.html.append(self.wrap(f"({self.captions.pop()})"))

    def write_b64(self) -> None:
        """A picture pasted into the text itself: it has no address."""
        self.body.html.append(
            '<p><img src="data:image/png;base64,' + "iVBORw0KGgoAAAANSUhEUg" * 40 + '"></p>\n'
        )

    def write_rel(self) -> None:
        title, number = self.rng.choice(self.bank["titles"]), self.rng.randrange(1000, 9000)
        url = f"{self.base}/blog/read/{number}_{title.lower().replace(' ', '-').replace(',', '')}"
        self.body.related.append(url)
        label = self.rng.choice(["Baca Juga :", "Baca juga:", "BACA JUGA:"])
        self.body.html.append(self.wrap(f'<strong>{label}</strong> <a href="{url}">{title}</a>'))

    def _attach(self) -> str:
        url = f"{self.base}/public/dokumen/{self.rng.randrange(10**9, 2 * 10**9)}_pengumuman.pdf"
        self.body.attachments.append(url)
        return url

    def write_pdf(self) -> None:
        self.body.html.append(
            self.wrap(f'<a href="{self._attach()}" target="_blank">Unduh Dokumen Lengkap (PDF)</a>')
        )

    def write_emb(self) -> None:
        self.body.html.append(
            f'<iframe src="{self._attach()}" width="100%" height="600px"></iframe>\n'
        )

    def write_obj(self) -> None:
        url = self._attach()
        self.body.html.append(
            f'<object data="{url}" type="application/pdf" width="100%" height="700">'
            f'<embed src="{url}" type="application/pdf"></object>\n'
        )

    def write_gview(self) -> None:
        self.body.html.append(
            f'<iframe src="https://docs.google.com/gview?url={self._attach()}&amp;embedded=true" '
            'style="width:100%; height:700px;" frameborder="0"></iframe>\n'
        )


INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff"))
