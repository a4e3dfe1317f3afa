"""The stand-in for the offices' sites: it must be right before anything is measured against it."""

from __future__ import annotations

from urllib.request import ProxyHandler, build_opener

from tests.replica import running_replica

HOST = "kota-surakarta.kpu.go.id"


def test_equal_seeds_play_equal_sites() -> None:
    """The same seed gives the same articles, another seed others."""
    with running_replica(seed=1, articles=30) as one, running_replica(seed=1, articles=30) as same:
        assert one.truth(HOST) == same.truth(HOST)
    with running_replica(seed=2, articles=30) as other:
        assert other.truth(HOST).articles != one.truth(HOST).articles


def test_counter_grows_by_one_per_view() -> None:
    """Each answer shows the counter one higher, and the truth agrees."""
    with running_replica(seed=1, articles=30) as replica:
        opener = build_opener(ProxyHandler({"http": replica.proxy_url}))
        first = next(iter(replica.truth(HOST).articles.values()))
        for visit in (1, 2):
            page = opener.open(first.url).read().decode(errors="replace")
            assert f"Telah dilihat {first.views + visit} kali" in page
        now = replica.truth(HOST).articles[first.key]
        assert (now.views, now.served) == (first.views + 2, 2)
