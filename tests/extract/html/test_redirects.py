"""Pages that send their visitor on by themselves."""

from __future__ import annotations

import pytest

from kpucrawl.extract import read_page
from kpucrawl.extract.html.redirects import FEW_CHARACTERS, find_redirect
from kpucrawl.extract.html.scripts import MOST_TOKENS, find_script_redirect
from kpucrawl.extract.page import open_page

HOST = "https://kota-x.kpu.go.id"
PAGE = f"{HOST}/blog/read/321_rapat"
GOAL = f"{HOST}/blog/read/9_baru"


def find(head: str, text: str = "Tunggu sebentar") -> str | None:
    page = open_page(
        f"<!doctype html><html><head><title>x</title>{head}</head><body><p>{text}</p></body>".encode(),
        PAGE,
    )
    assert page is not None
    found = find_redirect(page)
    return found.url if found else None


def refresh(content: str) -> str:
    return f'<meta http-equiv="refresh" content="{content}">'


@pytest.mark.parametrize(
    "content",
    [
        "0;url=/blog/read/9_baru",
        " 0 ;  URL  = /blog/read/9_baru ",
        "0;url='/blog/read/9_baru'",
        "0,url=/blog/read/9_baru",
        "0 url=/blog/read/9_baru",
        "0;/blog/read/9_baru",
        ".5;url=9_baru",
        "5;\nurl=9_baru",
        "30;url=9_baru",
    ],
)
def test_refresh_is_read_as_browsers_do(content: str) -> None:
    """Every spelling that browsers take leads to the same page."""
    assert find(refresh(content)) == GOAL


@pytest.mark.parametrize(
    "head",
    [
        refresh("url=/a"),
        refresh("-1;url=/a"),
        refresh("31;url=/a"),
        refresh("0;url=javascript:x"),
        f"<!-- {refresh('0;url=/a')} -->",
        f"<textarea>{refresh('0;url=/a')}</textarea>",
        '<meta name="refresh" content="0;url=/a">',
        "<script>location.href='/a' + x</script>",
    ],
)
def test_what_browsers_ignore_or_wait_for_long_is_no_redirect(head: str) -> None:
    """No delay, a comment, another scheme, or half a minute: the page stays."""
    assert find(head) is None


def test_page_with_text_is_read_whatever_scripts_say() -> None:
    """Beside a text only an immediate refresh to elsewhere counts: not one that shows the page
    anew, one for browsers without scripts, one after five seconds, nor a script."""
    text = "a" * (FEW_CHARACTERS + 1)
    assert find(refresh("5;url=9_baru"), text) == GOAL
    for head in (
        refresh("6;url=9_baru"),
        refresh("0"),
        f"<noscript>{refresh('0;url=9_baru')}</noscript>",
        "<script>location='9_baru'</script>",
    ):
        assert find(head, text) is None
        assert find(head, text[:-1]) is not None


@pytest.mark.parametrize(
    "script",
    [
        "location.href='/blog/read/9_baru'",
        'window["location"]="9_baru"',
        "location='9_baru'",
        "top . location\n.href = `9_baru` ;",
        "window.location.replace( '9_baru' );",
        "setTimeout(function(){location.href='9_baru'},3000)",
        "location.pathname='/blog/read/9_baru'",
        "window.onload=function(){location='9_baru'}",
        "var u='9_'+'baru';location.assign(u)",
        "location.href='//'+location.host+'/blog/read/9_baru'",
        "<!--\nlocation='9_baru'\n//-->",
        "/*" + "a" * 100000 + "*/location.href='\\u0039_baru'",
        "location.href='\\u{39}_baru'",
        "location.href='\\x39_baru'",
        "location='9_baru';i++",
        "setTimeout(\"location='9_baru'\",0)",
    ],
)
def test_plain_script_redirects_are_recognised(script: str) -> None:
    """The common forms lead where a browser would go."""
    assert find(f"<script>{script}</script>") == GOAL


@pytest.mark.parametrize(("before", "goal"), [(MOST_TOKENS - 4, GOAL), (MOST_TOKENS, None)])
def test_scripts_are_read_up_to_a_bound(before: int, goal: str | None) -> None:
    """A redirect behind as many tokens as are read is not seen, one just before it is."""
    assert find(f"<script>{'x;' * (before // 2)}location='9_baru'</script>") == goal


@pytest.mark.parametrize(
    "script",
    [
        "// location.href='/a'",
        "/* location='/a' */",
        "var t=\"location.href='/a'\"",
        "a.location='/a'",
        "function f(){location.href='/a'}",
        "if(x)location.href='/a'",
        "if(x)\nlocation='/a'",
        "if(location.href=='/a'){}",
        "b.onclick=function(){location.href='/a'}",
        "var h=location.href;",
        "if (top != self) { top.location = self.location }",
        "else location='/a'",
        "location.hash='x'",
    ],
)
def test_what_needs_more_than_loading_is_no_redirect(script: str) -> None:
    """Comments, texts, conditions, functions that somebody has to call, other objects: nothing."""
    assert find_script_redirect(script, PAGE) is None


def test_reading_tells_where_the_page_leads() -> None:
    """The reading is no article, has the address, and a problem that names it."""
    reading = read_page(refresh("0;url=9_baru").encode(), PAGE)
    assert (reading.kind, reading.article, reading.leads_to) == ("other", None, GOAL)
    assert [problem.field for problem in reading.problems] == ["redirect"]


@pytest.mark.parametrize(
    ("tag", "leads_to"),
    [
        (f'<base href="{HOST}/a/">', f"{HOST}/a/322_lain"),
        ('<base target="_top"><base href="/a/"><base href="/b/">', f"{HOST}/a/322_lain"),
        ('<base href="http://[">', f"{HOST}/blog/read/322_lain"),
        (f'<base href="{HOST}:99999/">', f"{HOST}/blog/read/322_lain"),
        ('<base href="javascript:x/">', f"{HOST}/blog/read/322_lain"),
        ('<base href="">', f"{HOST}/blog/read/322_lain"),
        ('<template><base href="https://evil.example/"></template>', f"{HOST}/blog/read/322_lain"),
    ],
)
def test_base_counts_where_it_is_an_address(tag: str, leads_to: str) -> None:
    """The first `<base>` with an address counts; one that is none is as if it were not there."""
    page = open_page(f"<html><head>{tag}</head><body><p>Isi</p></body></html>".encode(), PAGE)
    assert page is not None
    assert page.resolve("322_lain") == leads_to
