"""Which files a crawl may ask for, and how many."""

from __future__ import annotations

import pytest

from archive.records import WantedFile
from kpucrawl.crawl.arguments import ArgumentError
from kpucrawl.crawl.files import FileAsk, FileWish, choose_files, is_allowed

HOST = "kota-surakarta.kpu.go.id"


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        (f"https://{HOST}/public/a.pdf", True),
        ("http://www.kpu.go.id/a.pdf", True),
        ("https://kpu.go.id/a.pdf", True),
        ("https://kpu.example/a.pdf", False),
        ("https://evilkpu.go.id/a.pdf", False),
        ("https://kpu.go.id.example/a.pdf", False),
        (f"ftp://{HOST}/a.pdf", False),
        (f"data://{HOST}/a", False),
        ("http://[", False),
        (f"https://{HOST}/{'a' * 9000}", False),
    ],
)
def test_only_offices_are_asked_for_files(url: str, allowed: bool) -> None:
    """The office's own host, and hosts of the commission."""
    assert is_allowed(url, HOST) is allowed
    assert bool(list(choose_files([WantedFile(url)], HOST))) is allowed


def test_office_elsewhere_is_asked_itself() -> None:
    """An office outside of kpu.go.id has its own files."""
    assert is_allowed("https://kpud.example/a.pdf", "kpud.example")


def test_ask_keeps_the_link_through_redirects() -> None:
    """What comes in the end is the file of the link that the article has."""
    wanted = WantedFile(f"https://{HOST}:8080/a b.pdf?x=1", {"If-None-Match": '"1"'}, 7, "d")
    ask = FileAsk.begin(wanted)
    assert (ask.host, ask.path, ask.link) == (HOST, "/a b.pdf?x=1", wanted.url)
    assert (ask.headers, ask.validated, ask.digest) == ({"If-None-Match": '"1"'}, 7, "d")
    hop = ask.follow("https://www.kpu.go.id/b.pdf")
    assert (hop.host, hop.path, hop.link, hop.hops) == ("www.kpu.go.id", "/b.pdf", wanted.url, 1)
    assert not hop.headers and hop.validated is None


def test_wishes() -> None:
    """Nothing, documents or all, and how many."""
    assert FileWish.parse("", "20") == FileWish((), 20)
    assert FileWish.parse("documents", "0").kinds == ("attachment",)
    assert FileWish.parse("all", "999999") == FileWish(("attachment", "image"), 999_999)


@pytest.mark.parametrize(
    ("kinds", "budget"), [("pictures", "20"), ("all", "-1"), ("all", "1e3"), ("all", "1000000")]
)
def test_wishes_without_meaning(kinds: str, budget: str) -> None:
    """Anything else is told."""
    with pytest.raises(ArgumentError, match="KPU_FILES"):
        FileWish.parse(kinds, budget)
