"""Answers that are broken, odd or foreign in transport, written raw to the crawler."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.crawling import ROOT, Crawler
from tests.transport.attacks import CASES, KEEP_OPEN
from tests.transport.server import running_server
from tests.transport.site import OFFICE, Site, render_article

READING = {"deep_nesting", "many_attributes", "many_open_angles"}
"""Attacks on the reader rather than on the transport: its bounds have tests of their own."""
PLAYED = {
    100 + place: (name, attack, verdict)
    for place, (name, attack, verdict) in enumerate(CASES)
    if name not in READING
}
HURRIED = ("-a", "depth=full", "-s", "RETRY_TIMES=0", "-s", "DOWNLOAD_TIMEOUT=2")
UNSEEN = {"cut_then_closed_by_proxy"}
"""Cut by the office, then closed again by somebody: no byte tells."""
AS_ARTICLE = ("article", "unchanged")


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, dict[str, Any]]]:
    """What the archive holds of each attack's article behind four nights: everything attacked,
    everything well, everything attacked, everything well."""
    url = f"sqlite:///{tmp_path_factory.mktemp('attacks')}/archive.db"
    attacked = {number: attack(render_article(number)) for number, (_, attack, _) in PLAYED.items()}
    attacked = {
        number: body.replace(b"Retry-After: 120", b"X: y") for number, body in attacked.items()
    }
    silent = {number for number, (name, _, _) in PLAYED.items() if name in KEEP_OPEN}
    site, told = Site(tuple(PLAYED)), []
    with running_server(site.respond) as server:
        crawler = Crawler(server, url)  # type: ignore[arg-type] - has an address, which is all it needs
        for raw, kept_open in ((attacked, silent), ({}, set()), (attacked, silent), ({}, set())):
            site.raw, site.silent = raw, kept_open
            done = crawler.crawl(OFFICE, *HURRIED)
            assert "Traceback" not in done.stderr, done.stderr
            assert done.returncode == (3 if raw else 0), done.stderr
            told.append(tell(crawler))
    return told


def tell(crawler: Crawler) -> dict[str, dict[str, Any]]:
    """By attack: the text held, its revisions and doubts, and what the last capture is."""
    rows = crawler.query(
        "SELECT p.key, a.body, a.revisions, a.doubts, ("
        "  SELECT answer FROM captures WHERE page_id = p.id ORDER BY id DESC LIMIT 1"
        ") FROM pages p LEFT JOIN articles a ON a.page = p.key AND a.site = 'kota-surakarta'"
        " WHERE p.route = 'blog'"
    )
    return {
        PLAYED[int(key)][0]: {"body": body, "revisions": revisions, "doubts": doubts, "last": last}
        for key, body, revisions, doubts, last in rows
    }


NAMES = {
    verdict: [name for name, _, told in PLAYED.values() if told == verdict]
    for verdict in ("whole", "broken", "either", "none")
}


@pytest.mark.parametrize("name", NAMES["whole"])
def test_whole_answer_is_the_article(nights: list[dict[str, dict[str, Any]]], name: str) -> None:
    """However odd it came, a whole page is the article, without a doubt."""
    well = nights[1][name]["body"]
    for night in nights:
        assert night[name]["last"] in AS_ARTICLE and night[name]["doubts"] is None, night[name]
        assert (night[name]["body"], night[name]["revisions"]) == (well, 1)


@pytest.mark.parametrize("name", [*NAMES["broken"], *NAMES["none"]])
def test_broken_answer_is_none(nights: list[dict[str, dict[str, Any]]], name: str) -> None:
    """What did not come whole is no article, or one that is doubted; it never replaces or edits the
    text held, and the next night brings it."""
    first, well, again, last = (night[name] for night in nights)
    if name in UNSEEN:
        return
    assert first["last"] not in AS_ARTICLE and first["revisions"] in (None, 0)
    assert first["body"] is None or first["doubts"] == "cut"
    assert well["last"] == last["last"] == "article"
    assert well["revisions"] == again["revisions"] == last["revisions"] == 1
    assert well["body"] == again["body"] == last["body"]
    assert again["last"] not in AS_ARTICLE and well["doubts"] is last["doubts"] is None


def read_table() -> list[tuple[str, str]]:
    """The documented attacks, each with the answer that it is."""
    text = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    rows = text.partition("## Half an answer\n")[2].partition("\n## ")[0].splitlines()
    cells = [row.strip("|").split("|") for row in rows if row.startswith("| ")][1:]
    return [(name, row[2].strip()) for row in cells for name in re.findall(r"`(\w+)`", row[1])]


@pytest.mark.parametrize(("name", "answer"), read_table())
def test_documented_answer_is_what_came_of_it(
    nights: list[dict[str, dict[str, Any]]], name: str, answer: str
) -> None:
    """Each row of the table in docs/faults.md is played."""
    assert nights[2][name]["last"] == answer


@pytest.mark.parametrize("name", NAMES["either"])
def test_doubtful_answer_makes_no_garbage(
    nights: list[dict[str, dict[str, Any]]], name: str
) -> None:
    """What can be defended either way is the article's text or nothing; the archive is right on the
    next night."""
    first, well, again, last = (night[name] for night in nights)
    assert well["last"] == last["last"] == "article" and last["doubts"] is None
    for night in (first, again):
        if night["body"] is not None:
            words = set(well["body"].split())
            assert len(words & set(night["body"].split())) > len(words) / 2, night["body"][:300]
