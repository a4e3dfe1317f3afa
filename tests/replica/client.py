"""A plain HTTP client behind the replica, for the replica's own tests."""

from __future__ import annotations

import re
from email.message import Message
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from .records import ArticleTruth, OfficeTruth
from .server import Replica

CARD = re.compile(r'<h5 class="card-title"><a href="/(blog/read|berita/baca)/(\d+)')


class Stay(HTTPRedirectHandler):
    """Redirects are answers here."""

    def redirect_request(self, *_: object) -> None:
        return None


class Client:
    """Every answer is status, body and headers; a connection that fails raises OSError or
    HTTPException."""

    def __init__(self, replica: Replica) -> None:
        self.opener = build_opener(ProxyHandler({"http": replica.proxy_url}), Stay())

    def get(self, url: str, *, method: str = "GET", **headers: str) -> tuple[int, bytes, Message]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            with self.opener.open(Request(url, headers=named, method=method), timeout=10) as answer:
                return answer.status, answer.read(), answer.headers
        except HTTPError as error:
            return error.code, error.read(), error.headers

    def read(self, url: str, charset: str = "utf-8") -> str:
        return self.get(url)[1].decode(charset)

    def walk_category(self, host: str, category: str) -> list[str]:
        """The keys that a category's listing pages show (theme `cards`), in order, once each."""
        seen: dict[str, None] = {}
        for page in range(1, 100):
            found = find_keys(
                self.read(f"http://{host}/index.php/blog/category/{category}?page={page}")
            )
            seen.update(dict.fromkeys(found))
            if not found:
                return list(seen)
        raise AssertionError("the listing never ends")


def find_keys(html: str) -> list[str]:
    """The articles of a listing page in theme `cards`."""
    return [
        number if route == "blog/read" else f"berita:{number}"
        for route, number in CARD.findall(html)
    ]


def collapse(text: str) -> str:
    return " ".join(text.split())


def squeeze(text: str) -> str:
    """A text without any white space: markups differ in where they put it."""
    return "".join(text.split())


def pick_text(truth: OfficeTruth, route: str = "blog") -> ArticleTruth:
    """A live article of the office's own with a text."""
    return next(
        a
        for a in truth.articles.values()
        if a.state == "live" and a.kind == "text" and a.route == route and not a.repost
    )
