"""The stand-in for the offices' sites: it must be right before anything is measured against it."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Iterator

import aiohttp
import lxml.html
import pytest

from tests.replica import Replica, running_replica
from tests.replica.client import Client, collapse, find_keys, pick_text, squeeze
from tests.replica.sites import read_sites
from tests.replica.themes import DRAWN, THEMES

HOST = "kota-surakarta.kpu.go.id"
OTHER = "kab-cilacap.kpu.go.id"


@pytest.fixture(scope="module")
def shared() -> Iterator[Replica]:
    with running_replica(seed=1, articles=60, theme="cards") as replica:
        yield replica


@pytest.fixture
def replica() -> Iterator[Replica]:
    with running_replica(seed=1, articles=60, theme="cards", old_engine=True) as running:
        yield running


@pytest.fixture
def client(replica: Replica) -> Client:
    return Client(replica)


def read_text(html: str) -> str:
    """The page's words without any white space."""
    return squeeze(str(lxml.html.fromstring(html).text_content()))


# What is served


def test_equal_seeds_play_equal_sites_whatever_is_asked_first() -> None:
    """The same seed gives the same articles and bytes in any order of requests, another seed
    others."""
    with running_replica(seed=1, articles=30) as one, running_replica(seed=1, articles=30) as same:
        urls = [article.url for article in one.truth(HOST).articles.values()]
        first = {url: Client(one).get(url)[1] for url in urls}
        second = {url: Client(same).get(url)[1] for url in reversed(urls)}
        assert first == second
        assert one.truth(OTHER) == same.truth(OTHER)
    with running_replica(seed=2, articles=30) as other:
        assert other.truth(HOST).articles != one.truth(HOST).articles


@pytest.mark.parametrize("theme", THEMES)
def test_truth_is_what_is_served(theme: str) -> None:
    """In every markup each article page shows its title, category, every paragraph in order, its
    files and counter."""
    with running_replica(seed=3, articles=25, theme=theme) as replica:
        client, truth = Client(replica), replica.truth(HOST)
        for article in truth.articles.values():
            html = (
                client.read(article.url, truth.charset)
                .replace("</title>", "")
                .replace("<title>", "")
            )
            words, start = read_text(html), 0
            assert squeeze(article.title) in words and squeeze(article.category) in words
            assert re.search(rf"Telahdilihat{article.views + 1:,}kali".replace(",", "[.]?"), words)
            for line in filter(None, article.body.split("\n")):
                start = words.index(squeeze(line), start)
            for link in (*article.images, *article.attachments):
                assert link.url.removeprefix(f"http://{HOST}") in html


def test_markups_are_unlike_and_all_are_played(shared: Replica) -> None:
    """Among the 552 offices every markup occurs, in cp1252 both declared and not."""
    with running_replica(seed=1, articles=1) as replica:
        told = [replica.truth(host) for host in read_sites()]
    assert len(told) == 552
    assert {office.theme for office in told} == set(DRAWN)
    assert {office.declared for office in told if office.charset == "windows-1252"} == {True, False}


def test_undeclared_cp1252_is_named_nowhere() -> None:
    """An undeclared charset stands neither in the header nor in the page, and the bytes are not
    UTF-8."""
    with running_replica(seed=1, articles=30, theme="latin", declared=False) as replica:
        client, dashed = Client(replica), 0
        for article in replica.truth(HOST).articles.values():
            _, body, headers = client.get(article.url)
            assert headers["Content-Type"] == "text/html" and b"charset" not in body
            dashed += b"\x93" in body or b"\x96" in body
        assert dashed


def test_pages_have_the_size_asked_for() -> None:
    """`page_bytes` is about the size of an article page."""
    with running_replica(seed=1, articles=10, page_bytes=55_000, theme="cards") as replica:
        sizes = [len(Client(replica).get(a.url)[1]) for a in replica.truth(HOST).articles.values()]
    assert min(sizes) > 47_000 and max(sizes) < 63_000


def test_title_names_the_host(shared: Replica) -> None:
    """`<title>` is the host's label in capitals, a dash and the article's title."""
    article = pick_text(shared.truth(HOST))
    assert f"<title>KPU KOTA-SURAKARTA - {article.title}</title>" in Client(shared).read(
        article.url
    )


def test_any_slug_and_index_php_lead_to_the_same_article(shared: Replica) -> None:
    """The number is the identity: other slugs, `/index.php/` and a slash before the slug show the
    same article."""
    client, article = Client(shared), pick_text(shared.truth(HOST))
    for path in (
        f"/blog/read/{article.id}_x",
        f"/index.php/blog/read/{article.id}_",
        f"/blog/read/{article.id}/y",
    ):
        assert article.title in client.read(f"http://{HOST}{path}")
    assert client.get(f"http://{HOST}/blog/read/999999_x")[0] == 404


def test_listings_show_every_article_once(shared: Replica) -> None:
    """Walking all categories finds exactly the office's articles, each in its own category, in
    listing order."""
    client, truth = Client(shared), shared.truth(HOST)
    for category in truth.categories:
        wanted = [key for key, article in truth.articles.items() if article.category_id == category]
        assert client.walk_category(HOST, category) == wanted


def test_listing_order_is_not_chronological(shared: Replica) -> None:
    """Some articles of long ago stand between newer ones."""
    days = [article.posted for article in shared.truth(HOST).articles.values()]
    assert days != sorted(days, reverse=True)


def test_listings_print_flattened_text_and_live_counters() -> None:
    """An item is [counter,] title, text with its paragraphs glued together, `Selengkapnya`."""
    for bare in (True, False):
        with running_replica(seed=1, articles=20, theme="soup", bare_counter=bare) as replica:
            client, article = Client(replica), pick_text(replica.truth(HOST))
            client.get(article.url)
            listing = client.read(f"http://{HOST}/blog/category/{article.category_id}?page=1")
            item = next(
                d
                for d in lxml.html.fromstring(listing).iter("div")
                if "Selengkapnya" in d.text_content()
            )
            words = collapse(lxml.html.tostring(item, method="text", encoding="unicode"))
            opening = "".join(article.body.split("\n\n")[:1])
            assert collapse(opening)[:60] in words
            assert bool(re.search(rf">{article.views + 1}<", listing)) is bare


def test_router_ignores_junk_and_the_pager_keeps_it(shared: Replica) -> None:
    """`/blog/category/104/82/93` shows the category, and its pager links carry the junk on."""
    category = next(iter(shared.truth(HOST).categories))
    html = Client(shared).read(f"http://{HOST}/blog/category/{category}/82/93?page=2")
    assert find_keys(html) and f"/blog/category/{category}/82/93?page=1" in html


def test_home_leads_to_every_category_and_to_left_over_payloads() -> None:
    """The menu names each category with its title; where asked for, scanner left-overs are
    links."""
    with running_replica(seed=1, articles=20, junk_links=True) as replica:
        home = Client(replica).read(f"http://{HOST}/", replica.truth(HOST).charset)
        for category, title in replica.truth(HOST).categories.items():
            assert f"/blog/category/{category}" in home and title in home
        assert "%2fetc%2fpasswd" in home


def test_files_are_real(shared: Replica) -> None:
    """Images and PDFs are served as such, and the unix time in their names is the truth's."""
    client, links = Client(shared), []
    for article in shared.truth(HOST).articles.values():
        links += [*article.images, *article.attachments]
    magic = {"pdf": b"%PDF-", "png": b"\x89PNG", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}
    for link in links:
        assert client.get(link.url)[1].startswith(magic[link.url.rpartition(".")[2]])
        assert str(link.uploaded) in link.url
    assert {link.url.rpartition(".")[2] for link in links} >= {"pdf", "png", "jpg"}


def test_every_way_to_write_occurs() -> None:
    """Over a few offices all date flags, byline parts, kinds of post and ways of reposting
    occur."""
    with running_replica(seed=1, articles=300) as replica:
        articles = [
            a
            for host in (HOST, OTHER, "bali.kpu.go.id")
            for a in replica.truth(host).articles.values()
        ]
    days = [day for a in articles for day in (a.dateline, a.event) if day]
    flags = {flag for day in days for flag in day.flags}
    assert flags == {"weekday_mismatch", "impossible", "two_digit_year", "no_year", "range", "time"}
    for part in ("writers", "role", "editor", "photographer", "unit"):
        assert any(a.byline and getattr(a.byline, part) for a in articles)
    assert {a.kind for a in articles} == {"text", "image", "file"}
    assert {a.repost for a in articles} == {None, "exact", "dateline", "edited", "double"}


def test_copies_are_the_same_words_but_for_dateline_and_byline() -> None:
    """Articles with one `copy` key share their middle paragraphs over offices; edited reposts have
    their own key."""
    with running_replica(seed=1, articles=200) as replica:
        articles = [
            a for host in (HOST, OTHER) for a in replica.truth(host).articles.values() if a.release
        ]
    first = {a.copy: a for a in articles if a.url.startswith(f"http://{HOST}")}
    shared = [(a, first[a.copy]) for a in articles if a.copy in first and OTHER in a.url]
    assert shared
    for one, other in shared:
        middle = [
            words
            for words in one.body.split("\n\n")[2:-3]
            if not words.startswith(("Oleh", "Penulis"))
        ]
        assert middle and all(words in other.body for words in middle)
    edited = [a for a in articles if a.repost == "edited"]
    assert edited and len({a.copy for a in edited}) == len(
        {(a.url.split("/")[2], a.copy) for a in edited}
    )


def test_labels_stand_in_the_body() -> None:
    """Every byline, dateline and event that the truth names is written in the text."""
    with running_replica(seed=5, articles=200) as replica:
        for article in replica.truth(HOST).articles.values():
            for raw in (article.dateline, article.event):
                assert raw is None or raw.raw in article.body
            assert article.byline is None or all(
                line in article.body for line in article.byline.raw
            )


# Counters and the log


def test_counter_grows_by_one_per_view(shared: Replica) -> None:
    """Each answer shows the counter one higher, HEAD leaves it, and truth and URL counts agree."""
    client = Client(shared)
    first = next(a for a in shared.truth(HOST).articles.values() if a.served == 0)
    for visit in (1, 2):
        assert f"Telah dilihat {first.views + visit} kali" in client.read(first.url)
    assert client.get(first.url, method="HEAD")[1] == b""
    told = shared.truth(HOST)
    assert (told.articles[first.key].views, told.articles[first.key].served) == (first.views + 2, 2)
    assert told.served[first.url.removeprefix(f"http://{HOST}")] == 3


def test_requests_are_logged_with_their_user_agent(replica: Replica, client: Client) -> None:
    """Each request is logged with time, address and user agent, per host."""
    replica.clock = lambda: 1234.5
    client.get(f"http://{HOST}/robots.txt", User_Agent="penguji/1")
    client.get(f"http://{OTHER}/")
    (entry,) = replica.requests(HOST)
    assert (entry.time, entry.url, entry.user_agent, entry.status) == (
        1234.5,
        f"http://{HOST}/robots.txt",
        "penguji/1",
        200,
    )


# On the wire


def test_other_clients_can_use_it(replica: Replica) -> None:
    """aiohttp through the proxy, and a plain request with a Host header, get the same page."""
    article = pick_text(replica.truth(HOST))

    async def ask() -> list[str]:
        async with aiohttp.ClientSession() as session:
            path = article.url.removeprefix(f"http://{HOST}")
            async with session.get(article.url, proxy=replica.proxy_url) as absolute:
                one = await absolute.text()
            async with session.get(replica.proxy_url + path, headers={"Host": HOST}) as origin:
                return [one, await origin.text()]

    assert all(article.title in page for page in asyncio.run(ask()))


def test_unknown_hosts_cannot_be_resolved(client: Client) -> None:
    """A host of no office is answered 502, as by a proxy."""
    assert client.get("http://kab-tidakada.kpu.go.id/")[0] == 502


def test_gzip_when_the_client_takes_it(replica: Replica, client: Client) -> None:
    """With the option pages are compressed for clients that say so, and only for them."""
    replica.set_options(HOST, gzip=True)
    _, body, headers = client.get(f"http://{HOST}/", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip" and b"Beranda" in zlib.decompress(body, 31)
    assert client.get(f"http://{HOST}/")[2]["Content-Encoding"] is None


def test_validators_answer_304_until_the_text_changes(replica: Replica, client: Client) -> None:
    """With validators an unchanged article is 304 and not counted, an edited one is sent again."""
    replica.set_options(HOST, validators=True)
    article = pick_text(replica.truth(HOST))
    tag = client.get(article.url)[2]["ETag"]
    assert client.get(article.url, If_None_Match=tag)[0] == 304
    assert replica.truth(HOST).articles[article.key].served == 1
    replica.change(HOST, "edit", key=article.key)
    assert client.get(article.url, If_None_Match=tag)[0] == 200


def test_robots_says_what_was_asked(replica: Replica, client: Client) -> None:
    """robots.txt allows all by default, and carries Crawl-delay or a rule when set."""
    url = f"http://{HOST}/robots.txt"
    assert client.read(url) == "User-agent: *\nDisallow: \n"
    replica.set_options(HOST, crawl_delay=2.5, disallow="/page/")
    assert client.read(url) == "User-agent: *\nDisallow: /page/\nCrawl-delay: 2.5\n"
    replica.set_fault(HOST, "disallow")
    assert "Disallow: /\n" in client.read(url)
