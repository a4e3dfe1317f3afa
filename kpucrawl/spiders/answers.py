"""What Scrapy hands over, in the project's own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

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

from archive.watch.verdicts import REFUSED_BY_RULES

if TYPE_CHECKING:
    from scrapy.http import Response

FAILURES = {
    CannotResolveHostError: "the host name does not resolve",
    DownloadConnectionRefusedError: "connection refused",
    DownloadTimeoutError: "no answer in time",
    DownloadCancelledError: "the page is larger than DOWNLOAD_MAXSIZE",
    ResponseDataLossError: "the answer broke off",
    DownloadFailedError: "connection failed",
}
"""What went wrong with a request, in words that stay the same from one Scrapy to the next."""


class RunEnding(IgnoreRequest):
    """The run was told to end before a request's turn came: nothing is known of its page."""


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
    said = _FAILURE.sub(r"\1", " ".join(str(error).split()))[:200]
    return f"{words}: {said}" if said and not isinstance(error, DownloadCancelledError) else words


def find_target(response: Response) -> str | None:
    """The absolute address that an answer redirects to."""
    location = response.headers.get("Location")
    return urljoin(response.url, location.decode("latin-1")) if location else None


def join_headers(response: Response) -> dict[str, str]:
    """The answer's headers as text, repeated ones joined with a comma. The body is decoded
    already."""
    return {
        name.decode("latin-1"): ", ".join(value.decode("latin-1") for value in values)
        for name, values in response.headers.items()
    }
