"""HTML5 `article` and `aside`; the sidebar stands first and is longer than most articles."""

from __future__ import annotations

from html import escape

from ..records import Block
from .base import ArticlePage, Item, Shell, Theme, mark

PROFILE = (
    "Kantor kami melayani permohonan informasi setiap hari kerja mulai pukul delapan pagi sampai "
    "pukul empat sore. "
    "Pemohon cukup membawa kartu identitas dan mengisi formulir yang tersedia di meja layanan.",
    "Perpustakaan kecil di lantai dasar menyimpan ratusan buku tentang pemilu, kewarganegaraan, "
    "dan sejarah daerah. "
    "Buku boleh dipinjam selama satu minggu dan dapat diperpanjang satu kali melalui petugas.",
    "Rumah Pintar Pemilu terbuka bagi rombongan sekolah. Permohonan kunjungan disampaikan paling "
    "lambat tiga hari "
    "sebelumnya agar pemandu, alat peraga, dan ruang pemutaran film dapat disiapkan dengan baik.",
    "Pengaduan masyarakat dapat disampaikan langsung, melalui kotak saran, atau lewat surat. "
    "Setiap pengaduan dicatat, "
    "diberi nomor, dan dijawab secara tertulis sesuai urutan masuknya.",
    "Layanan pindah memilih hanya dibuka pada masa yang ditentukan. Di luar masa itu, petugas "
    "tetap menerima "
    "pertanyaan mengenai syarat, alasan, dan dokumen pendukung yang perlu dilampirkan oleh "
    "pemilih.",
    "Pegawai kami tidak memungut biaya apa pun untuk layanan informasi. Apabila ada yang meminta "
    "imbalan dengan "
    "mengatasnamakan kantor, mohon segera melapor kepada kepala subbagian yang membidangi "
    "pengawasan internal.",
)


class Sections(Theme):
    name = "sections"

    def frame(self, shell: Shell, title: str, main: str) -> str:
        return f"""<!doctype html>
<html lang="id">
<head>{self.head(shell, title)}</head>
<body>
<header><a href="/">{escape(shell.office)}</a>{self.nav(shell)}</header>
<aside>{self.sidebar(shell)}</aside>
<main>
{main}
</main>
<footer>{self.footer(shell)}</footer>
</body>
</html>"""

    def nav(self, shell: Shell) -> str:
        links = "".join(
            f'<li><a href="{path}">{escape(text)}</a></li>'
            for path, text in (*shell.pages, *shell.menu)
        )
        return f"<nav><ul>{links}</ul></nav>"

    def sidebar(self, shell: Shell) -> str:
        links = "".join(
            f'<li><a href="{path}">{escape(text)}</a></li>' for path, text in shell.popular
        )
        profile = "".join(f"<p>{text}</p>" for text in PROFILE * 3)
        return f"""<section><h2>Berita Populer</h2><ul>{links}</ul></section>
<section><h2>Layanan {escape(shell.office)}</h2>{profile}</section>"""

    def show_story(self, page: ArticlePage) -> str:
        path, category = page.category
        return f"""<article>
<header><p><a href="{path}">{escape(category)}</a></p><h1>{escape(page.title)}</h1></header>
<section>{self.show_blocks(page.blocks)}</section>
<footer><p>Bagikan:</p><p><a href="#">facebook</a> <a href="#">twitter</a> <a href="#">whatapps</a></p>
<p>Telah dilihat {page.views} kali</p></footer>
</article>"""

    def show_image(self, block: Block) -> str:
        return (
            f'<figure><img src="{block.href}" alt="{escape(block.text)}" loading="lazy"></figure>'
        )

    def show_caption(self, block: Block) -> str:
        return f"<figcaption>{escape(block.text, quote=False)}</figcaption>"

    def show_list(self, block: Block) -> str:
        return f"<ul>{''.join(f'<li><p>{mark(item)}</p></li>' for item in block.items)}</ul>"

    def show_item(self, item: Item) -> str:
        counter = "" if item.views is None else f"<small>{item.views}</small>"
        return f"""<article>{counter}<h2><a href="{item.path}">{escape(item.title)}</a></h2>
<p>{escape(item.flat, quote=False)}</p><a href="{item.path}">Selengkapnya</a></article>"""
