"""Where a page is now: addresses are told on the present host of their office, whatever host they
were first seen on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ELSEWHERE = ("jdih",)
"""Routes of pages that stand on a host of their own, which no office's move concerns."""

Row = dict[str, Any]


def locate_page(url: str, route: str, host: str) -> str:
    """The address of an office's page on the office's present `host`, which is empty where nobody
    knows: then as it was first seen.

    The view `articles` says the same in SQL.
    """
    return url if route in ELSEWHERE or not host else replace_host(url, host)


def replace_host(url: str, host: str) -> str:
    """The same path and query on another host."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, host, parts.path, parts.query, parts.fragment))


def read_host(url: str) -> str:
    """The host of an address, lower case and without port; empty when there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # "http://["
        return ""


def find_place(url: str, hosts: Collection[str]) -> str | None:
    """What an address names on an office that has, or had, these `hosts`; None for others'."""
    if read_host(url) not in hosts:
        return None
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def join_links(links: Iterable[Row], hosts: Collection[str], host: str) -> list[Row]:
    """The links of an article, those to its own office on the present `host`, each once: the first
    of those that differ in the office's host alone."""
    found: dict[tuple[str, str], Row] = {}
    for link in links:
        place = find_place(link["url"], hosts) if host else None
        url = link["url"] if place is None else replace_host(link["url"], host)
        found.setdefault((link["kind"], url if place is None else place), link | {"url": url})
    return list(found.values())
