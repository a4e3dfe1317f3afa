"""What a visit asks next, from what was answered: no network, no Scrapy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive.records import Key, KnownPage, KnownTitles, OfficeMarks
from archive.watch.verdicts import Answer
from kpucrawl.crawl.arguments import ArgumentError, Arguments
from kpucrawl.crawl.asks import Ask, choose_path, find_gaps
from kpucrawl.crawl.bounds import (
    MOST_CATEGORIES,
    MOST_CHAIN,
    MOST_MENTIONED,
    MOST_PAGES,
    MOST_STALE,
)
from kpucrawl.crawl.revisit import FEWEST_OLD, MOST, SLACK, choose_due, is_paused
from kpucrawl.crawl.visit import Visit
from kpucrawl.extract.layouts.model import Layout
from kpucrawl.extract.records import Category, Kind, Listing, ListingItem, PageKey, PageReading
from kpucrawl.extract.urls import parse_url
from kpucrawl.learning import Studied
from kpucrawl.sites import load_sites

SITE = load_sites().by_label["kota-surakarta"]


NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


class Memory:
    """A frontier with a memory set by the test: pages known and visited, or only seen, by
    number."""

    def __init__(
        self,
        known: Iterable[int] = (),
        unfetched: Iterable[int] = (),
        categories: Sequence[str] = (),
        walked: Collection[str] = (),
        pages: Mapping[Key, KnownPage] | None = None,
        listings: Mapping[str, datetime] | None = None,
        api: bool | None = False,
    ) -> None:
        self.pages = dict(pages or {})
        self.pages |= {blog(number): make_page(number, days=900, seen=1) for number in known}
        self.pages |= {blog(number): make_page(number, days=900, seen=None) for number in unfetched}
        self.categories = categories
        self.walked = walked
        self.listings = listings or {}
        self.api = api

    def find_pages(self, site: str) -> Mapping[Key, KnownPage]:
        return self.pages

    def find_known(self, site: str, keys: Collection[Key]) -> Mapping[Key, KnownPage]:
        return {key: self.pages[key] for key in keys if key in self.pages}

    def find_categories(self, site: str) -> Sequence[str]:
        return self.categories

    def walked_to_end(self, site: str, category: str) -> bool:
        return category in self.walked

    def find_api(self, site: str) -> bool | None:
        return self.api

    def find_marks(self, site: str) -> OfficeMarks:
        return OfficeMarks()

    def find_titles(self, site: str, page: Key) -> KnownTitles:
        return KnownTitles()

    def count_endings(self, site: str) -> Counter[tuple[str, bool]]:
        return Counter()

    def find_listings(self, site: str) -> Mapping[str, datetime]:
        return self.listings


def make_page(number: int, *, days: float, seen: float | None) -> KnownPage:
    """A page published so many days ago, and last visited so many days ago."""
    visited = None if seen is None else NOW - timedelta(days=seen)
    return KnownPage(
        f"/blog/read/{number}_lama",
        NOW - timedelta(days=days),
        visited,
        {"If-None-Match": f'"{number}"'},
    )


def make_visit(memory: Memory, **arguments: str) -> Visit:
    return Visit(SITE, Arguments.parse(arguments), memory, quiet_pages=3, now=NOW)


def blog(number: int) -> PageKey:
    return PageKey("blog", str(number))


def make_reading(
    kind: Kind,
    numbers: Iterable[int] = (),
    pages: int | None = None,
    categories: Iterable[str] = (),
) -> PageReading:
    items = tuple(
        ListingItem(blog(n), f"http://{SITE.host}/blog/read/{n}_judul-{n}", f"Judul {n}")
        for n in numbers
    )
    menu = tuple(Category(one, f"Kategori {one}", f"/blog/category/{one}") for one in categories)
    return PageReading(kind, "test", "1", "s", None, Listing("104", "Berita", items, pages), menu)


def paths(asks: Iterable[Ask]) -> list[str]:
    return [ask.path for ask in asks]


def open_listing(visit: Visit, category: str = "104") -> None:
    """Answer the home page with a menu of one category."""
    list(visit.start())
    list(visit.go_on(make_reading("home", categories=[category])))


def answer_listing(
    visit: Visit, page: int, numbers: Iterable[int], pages: int | None = None
) -> list[str]:
    address = parse_url(f"/blog/category/104?page={page}")
    return paths(visit.follow_listing(address, make_reading("listing", numbers, pages)))


def test_first_crawl_walks_to_the_last_page() -> None:
    """An office never walked before is walked to the end its pager names, and the walk is
    complete."""
    visit = make_visit(Memory())
    open_listing(visit)
    assert answer_listing(visit, 1, [9, 8], pages=2) == [
        "/blog/read/9_judul-9",
        "/blog/read/8_judul-8",
        "/index.php/blog/category/104?page=2",
    ]
    assert answer_listing(visit, 2, [7], pages=2) == ["/blog/read/7_judul-7"]
    assert visit.walks["104"].complete is True


def test_pager_without_end_stops_at_repeats() -> None:
    """A pager that names no last page and repeats its last items ends the walk, complete."""
    visit = make_visit(Memory())
    open_listing(visit)
    answer_listing(visit, 1, [9, 8])
    assert answer_listing(visit, 2, [8, 9]) == []
    assert visit.walks["104"].complete is True


def test_emptied_listing_proves_nothing() -> None:
    """A listing without items, or one that shows nothing before the last page its pager named, was
    not walked to its end; some more pages are asked for, since one may be read wrong."""
    visit = make_visit(Memory())
    open_listing(visit)
    assert answer_listing(visit, 1, []) == []
    assert visit.walks["104"].complete is False
    visit = make_visit(Memory())
    open_listing(visit)
    answer_listing(visit, 1, [9, 8], pages=20)
    for page in range(2, MOST_STALE + 1):
        assert answer_listing(visit, page, []) != []
    assert answer_listing(visit, MOST_STALE + 1, []) == []
    assert visit.walks["104"].complete is False


def test_quiet_pages_end_an_incremental_walk() -> None:
    """Where a listing was walked to its end before, three pages in a row without news end the walk,
    not the first; what is known and not due is not asked for again."""
    visit = make_visit(Memory(known=range(60), walked={"104"}))
    open_listing(visit)
    for page in (1, 2):
        asked = answer_listing(visit, page, [page * 2, page * 2 + 1], pages=9)
        assert asked == [f"/index.php/blog/category/104?page={page + 1}"]
    assert answer_listing(visit, 3, [100, 7], pages=9) == [
        "/blog/read/100_judul-100",
        "/index.php/blog/category/104?page=4",
    ], "one new item starts the count again"
    for page in (4, 5):
        assert answer_listing(visit, page, [page * 2, page * 2 + 1], pages=9)[-1].endswith(
            f"?page={page + 1}"
        )
    assert answer_listing(visit, 6, [12, 13], pages=9) == []
    assert visit.walks["104"].complete is False


def test_older_listing_pages_are_seen_again_in_turn() -> None:
    """Behind an early end of the walk the page that was not seen for the longest time is asked for;
    where it holds something new, its neighbour is asked for too."""
    listings = {
        f"/blog/category/104?page={page}": NOW - timedelta(days=page % 7) for page in range(2, 12)
    }
    visit = make_visit(Memory(known=range(60), walked={"104"}, listings=listings))
    open_listing(visit)
    for page in (1, 2, 3):
        asked = answer_listing(visit, page, [page * 2, page * 2 + 1], pages=11)
    assert asked == ["/index.php/blog/category/104?page=6"]
    assert answer_listing(visit, 6, [12, 200], pages=11) == [
        "/blog/read/200_judul-200",
        "/index.php/blog/category/104?page=7",
    ]
    assert answer_listing(visit, 7, [14, 15], pages=11) == []


def test_revisits_follow_age_and_ask_whether_bytes_are_current() -> None:
    """A young article is visited again after a day, an old one is not, wherever they stand; a few
    of the old ones unseen for a year are, the longest unseen first, and each request carries the
    validators held."""
    pages = {blog(1): make_page(1, days=5, seen=1.5), blog(2): make_page(2, days=500, seen=100)}
    pages |= {blog(10 + n): make_page(10 + n, days=900, seen=400 + n) for n in range(9)}
    visit = make_visit(Memory(pages=pages))
    list(visit.start())
    asks = list(visit.follow_page(make_reading("home", [1, 2])))
    assert [ask.address.key for ask in asks] == [blog(n) for n in (1, 14, 15, 16, 17, 18)]
    assert asks[0].headers == {"If-None-Match": '"1"'}


def test_revisits_of_one_run_are_bounded() -> None:
    """A busy office has its most overdue articles visited again, a bounded number of them."""
    pages = {blog(n): make_page(n, days=5, seen=1 + n / 1000) for n in range(MOST + 50)}
    assert list(choose_due(pages, NOW)) == [blog(n) for n in range(50, MOST + 50)]


def test_old_article_on_a_listing_waits_for_its_turn() -> None:
    """A listing page of old articles that are all due does not make them visited out of turn."""
    pages = {blog(n): make_page(n, days=900, seen=400) for n in range(12)}
    visit = make_visit(Memory(pages=pages))
    list(visit.start())
    assert len(list(visit.follow_page(make_reading("listing", list(range(12)))))) == FEWEST_OLD


def test_gaps_are_asked_on_demand() -> None:
    """`gaps=N` asks for the highest numbers that were never shown, and only on demand."""
    memory = Memory(known=[1, 2, 5, 9])
    assert paths(make_visit(memory).follow_page(make_reading("home"))) == []
    asked = paths(make_visit(memory, gaps="3").follow_page(make_reading("home")))
    assert asked == ["/blog/read/8", "/blog/read/7", "/blog/read/6"]


def test_interrupted_first_walk_is_walked_again() -> None:
    """Known items at the top do not end the walk of a listing whose end was never reached."""
    visit = make_visit(Memory(known=range(60)))
    open_listing(visit)
    for page in range(1, 6):
        assert answer_listing(visit, page, [page * 2, page * 2 + 1], pages=9)[-1].endswith(
            f"?page={page + 1}"
        )


def test_full_depth_walks_everything() -> None:
    """`depth=full` walks on whatever is known."""
    visit = make_visit(Memory(known=range(60), walked={"104"}), depth="full")
    open_listing(visit)
    for page in range(1, 6):
        assert answer_listing(visit, page, [page * 2, page * 2 + 1], pages=9)[-1].endswith(
            f"?page={page + 1}"
        )


def test_limits_hold_and_prove_nothing() -> None:
    """`pages` and `limit` cut the crawl, and a cut walk is never complete."""
    visit = make_visit(Memory(), pages="2", limit="3")
    open_listing(visit)
    assert len(answer_listing(visit, 1, [1, 2], pages=9)) == 3
    assert answer_listing(visit, 2, [3, 4], pages=9) == ["/blog/read/3_judul-3"]
    assert visit.walks["104"].complete is False


def test_page_that_fails_is_walked_around() -> None:
    """One listing page that fails is skipped; two in a row end the walk; it is not complete either
    way."""
    visit = make_visit(Memory())
    open_listing(visit)
    answer_listing(visit, 1, [9, 8], pages=4)
    assert paths(visit.skip_listing(parse_url("/blog/category/104?page=2"))) == [
        "/index.php/blog/category/104?page=3"
    ]
    answer_listing(visit, 3, [5, 4], pages=4)
    answer_listing(visit, 4, [3], pages=4)
    assert visit.walks["104"].complete is False


def test_nothing_is_asked_twice() -> None:
    """An article on two listings, under two slugs, is asked for once."""
    visit = make_visit(Memory())
    open_listing(visit)
    answer_listing(visit, 1, [9], pages=1)
    assert paths(visit.follow_page(make_reading("home", [9]))) == []


def test_earlier_misses_are_asked_once_the_office_answers() -> None:
    """Pages seen by an earlier run and never fetched come first when real pages answer, and not at
    a dead office."""
    visit = make_visit(Memory(unfetched=[5], categories=["104"]))
    assert paths(visit.start()) == ["/"]
    assert paths(visit.go_on(None)) == ["/blog/category/104"]
    assert answer_listing(visit, 1, [9], pages=1) == ["/blog/read/5_lama", "/blog/read/9_judul-9"]


def test_known_categories_are_tried_without_a_menu() -> None:
    """An office whose home page names no category is asked for the ids seen elsewhere."""
    visit = make_visit(Memory())
    list(visit.start())
    assert "/blog/category/104" in paths(visit.go_on(make_reading("other")))


def test_redirect_is_followed_on_the_office_only() -> None:
    """A redirect within the office is followed, one off it is not, and a loop ends."""
    visit = make_visit(Memory())
    ask = Ask.parse("/berita/baca/5/lama")
    host = f"https://{SITE.host}"
    (hop,) = visit.redirect(ask, f"{host}/blog/read/50_baru")
    assert (hop.path, hop.address.key, hop.hops) == ("/blog/read/50_baru", blog(50), 1)
    assert list(visit.redirect(hop, f"{host}/blog/read/50_baru?page=1#a")) != [], (
        "the same page under another spelling"
    )
    assert list(visit.redirect(ask, "https://www.kpu.go.id/")) == []
    far = Ask(hop.path, 0, hop.address, hops=5)
    assert list(visit.redirect(far, f"{host}/blog/read/51_x")) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"depht": "full"}, "unknown argument 'depht'"),
        ({"depth": "half"}, "depth can only be 'full'"),
        ({"pages": "0"}, "pages must be a whole number from 1"),
        ({"limit": "many"}, "limit must be a whole number from 1"),
    ],
)
def test_bad_argument_is_told(given: dict[str, str], said: str) -> None:
    """An argument that is unknown or has no meaning is refused with its name."""
    with pytest.raises(ArgumentError, match=said):
        Arguments.parse(given)


def answer_api(visit: Visit, numbers: Iterable[int], pages: int | None = None) -> list[str]:
    """Answer the first listing as JSON."""
    return paths(
        visit.follow_listing(parse_url("/api/blogs/104"), make_reading("listing", numbers, pages))
    )


def test_first_run_finds_out_about_the_json() -> None:
    """A new office is asked once for a listing as JSON, and for the others only when it has it."""
    visit = make_visit(Memory(api=None))
    list(visit.start())
    list(visit.go_on(make_reading("home", categories=["104", "11"])))
    assert "/api/blogs/104" in answer_listing(visit, 1, [9], pages=2)
    assert "/api/blogs/104" not in answer_listing(visit, 2, [8], pages=2)
    assert answer_api(visit, [9], pages=2) == ["/api/blogs/11", "/api/blogs/104?page=2"]


def test_office_without_json_is_left_alone() -> None:
    """Once it is known that there is none, only deep runs ask for it."""
    for arguments, asked in (
        ({}, False),
        ({"depth": "full"}, True),
        ({"depth": "full", "limit": "5"}, False),
    ):
        visit = make_visit(Memory(), **arguments)
        open_listing(visit)
        assert ("/api/blogs/104" in answer_listing(visit, 1, [9], pages=1)) is asked


def test_json_costs_one_request_a_night() -> None:
    """The first page alone is asked for, as long as it shows nothing new."""
    visit = make_visit(Memory(known=[9], walked=["104", "api/blogs/104"], api=True))
    open_listing(visit)
    assert "/api/blogs/104" in answer_listing(visit, 1, [9], pages=1)
    assert answer_api(visit, [9], pages=7) == []


def test_mentions_are_news_once() -> None:
    """An article that only a sidebar or a text links is asked for once; what is known or listed is
    no news."""
    visit = make_visit(Memory(known=[5]))
    open_listing(visit)
    mentions = tuple(
        ListingItem(blog(n), f"http://{SITE.host}/blog/read/{n}_judul-{n}", f"Judul {n}")
        for n in (4, 5)
    )
    page = replace(make_reading("article"), listing=None, mentions=mentions)
    news = visit.leave_news(page)
    assert [item.key for item in news.mentions] == [blog(4)]
    assert paths(visit.follow_page(news)) == ["/blog/read/4_judul-4"]
    assert visit.leave_news(page).mentions == ()
    assert visit.leave_news(replace(make_reading("listing", [9]), mentions=mentions)).mentions == ()


@pytest.mark.parametrize(
    ("times", "days"), [(2, 1), (3, 2), (4, 4), (5, 8), (6, 16), (7, 30), (400, 30)]
)
def test_pauses_grow_while_strangers_answer(times: int, days: int) -> None:
    """After the first stranger a page is asked for as ever, then after 1, 2, 4 ... 30 days."""
    page = replace(make_page(1, days=900, seen=None), turned_away=times)
    just, over = NOW - timedelta(days=days * SLACK - 0.01), NOW - timedelta(days=days * SLACK)
    assert is_paused(replace(page, turned_away_at=just), NOW)
    assert not is_paused(replace(page, turned_away_at=over), NOW)
    assert not is_paused(replace(page, turned_away=1, turned_away_at=NOW), NOW)


def test_a_paused_page_is_left_alone() -> None:
    """Neither what earlier runs left nor a listing's item is asked for in its pause, but by a run
    of full depth."""
    page = replace(make_page(1, days=9, seen=None), turned_away=2, turned_away_at=NOW)
    held = replace(make_page(2, days=9, seen=8), turned_away=2, turned_away_at=NOW)
    pages: dict[Key, KnownPage] = {blog(1): page, blog(2): held}
    for arguments, count in (({}, 0), ({"depth": "full"}, 2)):
        visit = make_visit(Memory(pages=pages), **arguments)
        asked = paths(visit.follow_page(make_reading("home", [1, 2])))
        assert sum("/blog/read/" in path for path in asked) == count


def test_known_pages_are_asked_for_wherever_they_used_to_stand() -> None:
    """A known page seen under a former host is asked for on the present one; a link to another
    host that nobody knew is not."""
    page = replace(make_page(5, days=9, seen=None), url="https://lama.kpu.go.id/blog/read/5_a")
    visit = make_visit(Memory(pages={blog(5): page}))
    open_listing(visit)
    away = ListingItem(blog(6), "https://lama.kpu.go.id/blog/read/6_b", "B")
    reading = PageReading("home", "test", "1", "s", None, Listing(None, None, (away,)))
    assert [path for path in paths(visit.follow_page(reading)) if "/read/" in path] == [
        "/blog/read/5_a"
    ]


def test_full_run_visits_every_known_article() -> None:
    """With `depth=full` articles that no listing shows any more are visited too, young or old."""
    visit = make_visit(Memory(known=range(1, 400)), depth="full")
    open_listing(visit)
    asked = [path for path in answer_listing(visit, 1, [399]) if "/read/" in path]
    assert len(asked) == 399


def test_pager_without_end_stops_at_its_bound() -> None:
    """A pager that always has one more new article and page is left after 1,000 pages, incomplete,
    with words that tell what was not opened."""
    visit = make_visit(Memory())
    open_listing(visit)
    for page in range(1, MOST_PAGES):
        assert any("page=" in path for path in answer_listing(visit, page, [page], page + 1))
    last = answer_listing(visit, MOST_PAGES, [MOST_PAGES], 5000)
    assert last == [f"/blog/read/{MOST_PAGES}_judul-{MOST_PAGES}"]
    assert visit.walks["104"].complete is False
    assert "4,000 pages were not opened" in visit.bounds.describe()


def test_pager_that_repeats_stops_after_five() -> None:
    """A pager that names more pages is believed over four pages in a row without anything new, and
    not over five."""
    visit = make_visit(Memory())
    open_listing(visit)
    answer_listing(visit, 1, [9], 900)
    for page in range(2, MOST_STALE + 1):
        assert answer_listing(visit, page, [9], 900)
    assert visit.bounds.describe() == ""
    assert answer_listing(visit, MOST_STALE + 1, [9], 900) == []
    assert "894 pages were not opened" in visit.bounds.describe()
    assert visit.walks["104"].complete is False


def mention(number: int) -> PageReading:
    item = ListingItem(blog(number), f"http://{SITE.host}/blog/read/{number}", f"Judul {number}")
    return replace(make_reading("article"), listing=None, mentions=(item,))


def test_chain_of_mentions_ends_and_says_so() -> None:
    """Articles that each name the next are followed over twenty, the rest stays pending."""
    visit = make_visit(Memory())
    open_listing(visit)
    chain, number = 0, 1
    while asks := list(visit.follow_page(mention(number), chain=chain)):
        (ask,) = asks
        chain, number = ask.chain, number + 1
    assert chain == MOST_CHAIN
    assert visit.bounds.describe().endswith("1 mentioned articles stay pending")


def test_mentions_of_one_visit_are_bounded_and_listed_ones_are_not() -> None:
    """However wide mentions fan out, so many are asked for; what a listing shows always is."""
    visit = make_visit(Memory())
    open_listing(visit)
    asked = [ask for n in range(2 * MOST_MENTIONED) for ask in visit.follow_page(mention(n))]
    assert len(asked) == MOST_MENTIONED
    numbers = range(9000, 9000 + 2 * MOST_MENTIONED)
    assert len(answer_listing(visit, 1, numbers, 1)) == 2 * MOST_MENTIONED


def test_mentioned_pages_of_earlier_runs_are_bounded_too() -> None:
    """What earlier runs left of a chain is asked for within the bound, what a listing showed
    wholly and first."""
    listed = {blog(n): make_page(n, days=9, seen=None) for n in range(600)}
    only = {
        blog(n): replace(make_page(n, days=9, seen=None), is_listed=False)
        for n in range(1000, 1000 + MOST_MENTIONED + 1)
    }
    visit = make_visit(Memory(pages=only | listed))
    open_listing(visit)
    asked = paths(visit.follow_page(make_reading("home")))
    assert len(asked) == 600 + MOST_MENTIONED
    assert asked[0] == "/blog/read/0_lama"


def test_circle_of_redirects_is_named() -> None:
    """A redirect back to an address it came from is not followed."""
    visit = make_visit(Memory())
    (hop,) = visit.redirect(Ask.parse("/blog/read/5"), f"https://{SITE.host}/blog/read/5/")
    assert list(visit.redirect(hop, f"https://{SITE.host}/blog/read/5")) == []
    assert "/blog/read/5 redirects without end" in visit.bounds.describe()


def test_listings_of_one_visit_are_bounded() -> None:
    """A menu that names a new listing on every page is opened so far, and the rest is told."""
    visit = make_visit(Memory())
    list(visit.start())
    menu = [str(number) for number in range(1, MOST_CATEGORIES + 4)]
    assert len(list(visit.go_on(make_reading("home", categories=menu)))) == MOST_CATEGORIES
    assert "3 listings were not opened" in visit.bounds.describe()


def test_number_of_4400_digits_is_no_gap() -> None:
    """Gaps lie between numbers that an office can count to; a key of 4,400 digits is none."""
    keys = [("blog", "1"), ("blog", "4"), ("blog", "7" * 4400), ("blog", "\u0663")]
    assert find_gaps(keys, 5) == [3, 2]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/blog/read/5_judul", "/blog/read/5_judul"),
        ("/blog/read/5/judul", "/blog/read/5/judul"),
        ("/index.php/blog/read/5_judul", "/index.php/blog/read/5_judul"),
        ("/blog/read/5/judul/82/93", "/blog/read/5_judul"),
        ("/blog/read/5_judul?fbclid=x", "/blog/read/5_judul"),
        ("", "/blog/read/5"),
    ],
)
def test_a_page_is_asked_for_as_its_office_links_it(url: str, path: str) -> None:
    """What a scanner left behind an address, and what counts clicks, is not asked for."""
    assert choose_path(blog(5), f"http://{SITE.host}{url}" if url else "") == path


def test_what_a_listing_links_beside_is_asked_for_last() -> None:
    """Links that were taken for furniture may be items: those that nothing else showed are asked
    for, each once; a run of some pages leaves them."""
    for arguments, asked in (({}, ["/blog/read/7_judul-7"]), ({"pages": "1"}, [])):
        visit = make_visit(Memory(known=[6]), **arguments)
        open_listing(visit)
        beside = (make_reading("listing", [5, 6, 7]).listing or Listing(None, None, ())).items
        reading = replace(make_reading("listing", [5], 1), mentions=beside)
        address = parse_url("/blog/category/104")
        list(visit.follow_listing(address, visit.leave_news(reading)))
        assert paths(visit.ask_beside()) == asked
        assert paths(visit.ask_beside()) == []


def test_what_was_learnt_shows_more_of_a_listing() -> None:
    """Behind a study a listing that shows other articles than its walk saw is walked again from its
    first page, and what came as no article and is one now counts as one."""
    visit = make_visit(Memory())
    open_listing(visit)
    answer_listing(visit, 1, [9, 8], 1)
    visit.counts.update({Answer.ARTICLE: 2, Answer.UNREAD: 3})
    visit.lost = 3
    answers = Counter({Answer.ARTICLE: 5})
    same = Studied(Layout(()), answers, {"/blog/category/104": frozenset({("blog", "9")})})
    assert paths(visit.take_study(same)) == []
    assert (visit.counts[Answer.ARTICLE], visit.counts[Answer.UNREAD], visit.lost) == (5, 0, 0)
    more = replace(same, shown={"/blog/category/104": frozenset({("blog", "3")})})
    assert paths(visit.take_study(more)) == ["/blog/category/104"]
    assert visit.walks["104"].to_end
