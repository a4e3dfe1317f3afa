"""A small office whose articles answer as they are told to."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.transport.attacks import answer

OFFICE, HOST = "kota-surakarta", "kota-surakarta.kpu.go.id"
MENU = '<ul><li><a href="/">Beranda</a></li><li><a href="/blog/category/104">Berita</a></li></ul>'
FOOT = '<div id="foot"><p>KPU Kota Surakarta, Jl. Kahuripan Utara, Surakarta</p></div>'


def render(title: str, middle: str) -> bytes:
    """A page of the office."""
    head = f"<meta charset=utf-8><title>KPU KOTA-SURAKARTA - {title}</title>"
    return (
        f"<!doctype html><html lang=id><head>{head}</head><body>{MENU}{middle}{FOOT}</body></html>\n"
    ).encode()


def name_article(number: int) -> str:
    return f"Rapat Pleno Nomor {number} di Surakarta"


def render_article(number: int, edition: str = "pertama") -> bytes:
    """An article with a text of its own, share bar and counter."""
    title = name_article(number)
    lines = "".join(
        f"<p>Kalimat ke-{n} dari rapat nomor {number} ditulis untuk edisi {edition} – "
        f"semua peserta hadir dan menyetujui hasil “pleno”.</p>"
        for n in range(12)
    )
    foot = "<div>Bagikan:</div><small>Telah dilihat 151 kali</small>"
    return render(title, f"<div id=isi><h1>{title}</h1>{lines}{foot}</div>")


@dataclass
class Site:
    """What each address answers; articles are listed on one page."""

    numbers: tuple[int, ...]
    raw: dict[int, bytes] = field(default_factory=dict)
    """Instead of the article."""
    silent: set[int] = field(default_factory=set)
    """Articles behind whose bytes the connection stays open."""

    def respond(self, path: str, headers: dict[str, str]) -> tuple[bytes, bool]:
        """As `tests.transport.server.Respond`."""
        if path.startswith("/blog/read/"):
            number = int(path.removeprefix("/blog/read/").partition("_")[0])
            whole = answer(render_article(number))
            return self.raw.get(number, whole), number in self.silent
        if path == "/":
            return answer(render("Beranda", self._list(self.numbers[:3]))), False
        if path.startswith(("/blog/category/104", "/index.php/blog/category/104")):
            shown = self.numbers if path.partition("page=")[2] in ("", "1") else ()
            return answer(render("Berita", f"<h1>Berita</h1>{self._list(shown)}")), False
        return answer(b"<h1>Not Found</h1>", status="404 Not Found"), False

    def _list(self, numbers: tuple[int, ...]) -> str:
        return "".join(
            f'<div class=item><h3><a href="/blog/read/{number}_rapat">{name_article(number)}</a>'
            "</h3><p>Selengkapnya</p></div>"
            for number in numbers
        )
