"""What Scrapy hands over, in the project's own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scrapy.exceptions import (
    CannotResolveHostError,
    CloseSpider,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from archive.database.secrets import hide_passwords
from archive.watch.verdicts import REFUSED_BY_RULES, UNRESOLVED
from kpucrawl.extract.addresses import decode_location, resolve_address
from kpucrawl.transport import BROKE_OFF, TOO_LARGE, Transport

if TYPE_CHECKING:
    from scrapy.http import Response

FAILURES = {
    CannotResolveHostError: UNRESOLVED,
    DownloadConnectionRefusedError: "connection refused",
    DownloadTimeoutError: "no answer in time",
    DownloadCancelledError: TOO_LARGE,
    ResponseDataLossError: BROKE_OFF,
    DownloadFailedError: "connection failed",
}
"""What went wrong with a request, in words that stay the same from one Scrapy to the next."""


TRANSPORT = "transport"
"""Where a request keeps the `Transport` of its answer."""


OTHER_HOST = "other_host"
"""In the meta of requests to a host that is not the office's, or not yet: the host."""


class RunEnding(IgnoreRequest):
    """The run was told to end before a request's turn came: nothing is known of its page."""


class HostLeft(IgnoreRequest):
    """A host is asked nothing more in this run: nothing is known of the page, it stays pending."""


class StorageFailed(CloseSpider, RunEnding):
    """The archive cannot be asked: the run ends, and what it was about to do is left undone."""


_FAILURE = re.compile(r"\[<twisted\.python\.failure\.Failure [\w.]+: (.*?)\.?>\]")
"""How Twisted lists what broke a connection: the words inside are what a person can read."""


def describe_failure(error: BaseException | None) -> str:
    """Say in one line why a request failed."""
    if isinstance(error, IgnoreRequest):
        return REFUSED_BY_RULES if str(error) == "Forbidden by robots.txt" else str(error)
    words = next(
        (words for kind, words in FAILURES.items() if isinstance(error, kind)), type(error).__name__
    )
    said = _FAILURE.sub(r"\1", hide_passwords(" ".join(str(error).split())))[:200]
    return f"{words}: {said}" if said and not isinstance(error, DownloadCancelledError) else words


def find_target(response: Response) -> str | None:
    """The absolute address that an answer redirects to, None where its `Location` is none."""
    location = response.headers.get("Location")
    return resolve_address(response.url, decode_location(location)) if location else None


def find_transport(response: Response) -> Transport | None:
    """How an answer came, as the middleware noted it; None for one that did not come through it."""
    meta = response.request.meta if response.request is not None else {}
    return meta.get(TRANSPORT)


def find_readable(response: Response) -> bytes:
    """What to read of an answer: its body, unpacked where it is packed more than it says."""
    transport = find_transport(response)
    unpacked = transport.unpacked if transport else None
    return response.body if unpacked is None else unpacked


def join_headers(response: Response) -> dict[str, str]:
    """The answer's headers as text, repeated ones joined with a comma. A Content-Encoding that is
    left is one that could not be undone."""
    return {
        name.decode("latin-1"): ", ".join(value.decode("latin-1") for value in values)
        for name, values in response.headers.items()
    }


def read_title(body: bytes, url: str) -> str:
    """What a page's head calls it; empty where there is none."""
    from kpucrawl.extract.html.parse import open_page

    page = open_page(body, url)
    return page.title if page else ""
