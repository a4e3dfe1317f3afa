"""Hosts of offices are taken from where links stand for themselves, never from prose."""

from __future__ import annotations

import pytest

from kpucrawl.extract import read_page

URL = "https://jateng.kpu.go.id/blog/read/5_rapat"
PROSE = "Rapat pleno terbuka digelar di aula kantor dan dihadiri seluruh anggota. " * 4


def link(label: str) -> str:
    return f'<a href="https://{label}.kpu.go.id/">KPU {label}</a>'


def read_hosts(extra: str, body: str = "") -> list[tuple[str, str]]:
    """Read the hosts of an article's page with something beside and in its body."""
    html = (
        "<html><head><title>KPU JATENG - Rapat Pleno</title></head><body>"
        f"<h1>Rapat Pleno</h1><div><p>{PROSE}</p>{body}<p>{PROSE}</p></div>{extra}</body></html>"
    )
    found = read_page(html.encode(), URL).hosts
    return [(one.host.partition(".")[0], one.place) for one in found]


@pytest.mark.parametrize(
    ("extra", "found"),
    [
        (f"<nav>{link('kab-a')}</nav>", [("kab-a", "menu")]),
        (f"<footer><p>{link('kab-a')}</p></footer>", [("kab-a", "footer")]),
        (
            f"<ul><li>{link('a')}</li><li>{link('b')}</li><li>{link('c')}</li></ul>",
            [("a", "list"), ("b", "list"), ("c", "list")],
        ),
        (f"<ul><li>{link('a')}</li><li>{link('b')}</li></ul>", []),
        (f"<nav>{link('jateng')} {link('www')}</nav>", []),
        ('<nav><a href="https://example.org/">kpu.go.id</a></nav>', []),
        (f"<footer><p>Kunjungi selalu laman resmi kami di {link('kab-a')} ya</p></footer>", []),
    ],
)
def test_place_of_a_link_decides(extra: str, found: list[tuple[str, str]]) -> None:
    """Menus, footers and lists of three links count; the office itself, others' and prose do
    not."""
    assert read_hosts(extra) == found


def test_prose_names_no_host() -> None:
    """A link in a sentence, or alone below one, is none: there hosts are misspelt."""
    body = f"<p>Selengkapnya lihat {link('kab-cilcap')} setiap hari kerja.</p><p>{link('x')}</p>"
    assert read_hosts("", body) == []
