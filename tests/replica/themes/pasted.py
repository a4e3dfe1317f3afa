"""Bodies as editors paste them: one block with `<br><br>`, and Word's own markup."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ..records import Block
from .base import ArticlePage, Shell, Theme, mark

WORD_HEAD = """<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View><w:Zoom>0</w:Zoom>
<w:TrackMoves/><w:PunctuationKerning/></w:WordDocument></xml><![endif]-->"""
WORD_STYLE = "margin-bottom:0cm;text-align:justify;line-height:150%"
WORD_SPAN = (
    "font-size:12.0pt;line-height:150%;font-family:&quot;Times New "
    "Roman&quot;,serif;mso-ansi-language:IN"
)


class Breaks(Theme):
    """The whole body is one element; nothing but line breaks keeps its paragraphs apart."""

    name = "breaks"

    def show_blocks(self, blocks: Sequence[Block]) -> str:
        return f'<div class="isi">{"<br><br>".join(getattr(self, f"show_{block.kind}")(block) for block in blocks)}</div>'

    def show_para(self, block: Block) -> str:
        return mark(block.text)

    def show_sub(self, block: Block) -> str:
        return f"<b>{escape(block.text)}</b>"

    def show_list(self, block: Block) -> str:
        return "<br>\n".join(mark(item) for item in block.items)

    def show_quote(self, block: Block) -> str:
        return f"<i>{escape(block.text, quote=False)}</i>"

    def show_image(self, block: Block) -> str:
        return f'<img src="{block.href}" alt="">'

    def show_caption(self, block: Block) -> str:
        return f"<small>{escape(block.text, quote=False)}</small>"

    def show_related(self, block: Block) -> str:
        return f'{escape(block.text)}<a href="{block.href}">{escape(block.items[0])}</a>'

    def show_file(self, block: Block) -> str:
        return f'<a href="{block.href}">{escape(block.text)}</a>'


class Word(Theme):
    """Empty paragraphs, `<o:p>`, no-break spaces, lines wrapped in the source."""

    name = "word"

    def frame(self, shell: Shell, title: str, main: str) -> str:
        return f"""<!DOCTYPE html>
<html xmlns:o="urn:schemas-microsoft-com:office:office" lang="id"><head>{self.head(shell, title)}</head>
<body><div id="header">{self.nav(shell)}</div><div id="wrap"><div id="left">{main}</div>
<div id="right">{self.sidebar(shell)}</div></div><div id="footer">{self.footer(shell)}</div></body></html>"""

    def show_story(self, page: ArticlePage) -> str:
        path, category = page.category
        return f"""<div class="kategori"><a href="{path}">{escape(category)}</a></div>
<div class="judul"><h3>{escape(page.title)}</h3></div>
<div class="konten">{WORD_HEAD}{self.show_blocks(page.blocks)}</div>
<div>Bagikan:</div><div><a href="#">facebook</a> <a href="#">twitter</a> <a href="#">whatapps</a></div>
<div>Telah dilihat {f"{page.views:,}".replace(",", ".")} kali</div>"""

    def show_blocks(self, blocks: Sequence[Block]) -> str:
        empty = '\n<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n'
        return empty.join(getattr(self, f"show_{block.kind}")(block) for block in blocks)

    def show_para(self, block: Block) -> str:
        return self.paste(mark(block.text))

    def show_sub(self, block: Block) -> str:
        return self.paste(f"<b>{escape(block.text)}</b>")

    def show_list(self, block: Block) -> str:
        return "".join(self.paste(mark(item), "MsoListParagraph") for item in block.items)

    def show_quote(self, block: Block) -> str:
        return self.paste(f"<i>{escape(block.text, quote=False)}</i>", "MsoQuote")

    def show_caption(self, block: Block) -> str:
        return self.paste(escape(block.text, quote=False), "MsoCaption")

    def paste(self, html: str, style: str = "MsoNormal") -> str:
        """One paragraph of Word, its source wrapped in mid-sentence."""
        wrapped = html.replace(" yang ", "\nyang ").replace(" dan ", "&nbsp;dan\n")
        return (
            f'<p class="{style}" style="{WORD_STYLE}"><span lang="IN" style="{WORD_SPAN}">{wrapped}'
            "<o:p></o:p></span></p>"
        )
