"""Addresses as browsers read them: in `Location`, `<base>`, `<meta refresh>` and scripts. Pure.

After the URL standard (https://url.spec.whatwg.org) as far as pages of offices need it.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

_AROUND = "".join(map(chr, range(33)))
"""What browsers take off both ends of an address: blanks and control characters."""
_WITHIN = str.maketrans("", "", "\t\n\r")
"""What they take out of the middle."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
_SLASHES = re.compile(r"(?P<scheme>(?:https?:)?)/{2,}", re.I)
_HOST = re.compile(r"(?!.*\.\.)[a-z0-9_-][a-z0-9._-]*|[0-9a-f:.]+", re.I)
_SAFE = "".join(chr(code) for code in range(33, 127) if chr(code) not in '"<>`')
"""Everything that stands in an address as it is; the rest is escaped as UTF-8."""


def resolve_address(base: str, reference: str) -> str | None:
    """The absolute address that a browser at `base` goes to, None where it goes nowhere.

    Blanks around are dropped, raw UTF-8 is escaped, a backslash is a slash, credentials are
    dropped. Nowhere are other schemes (`javascript:`), no host (`//`), a port above 65535 and a
    host that can be none (`http://[`).
    """
    text = reference.strip(_AROUND).translate(_WITHIN)
    if not text or _CONTROL.search(text):
        return None
    text = _SLASHES.sub(r"\g<scheme>//", _turn_backslashes(text), count=1)
    if not _has_host(text):
        return None
    try:
        return _clean(urlsplit(urljoin(base, text)))
    except ValueError:  # "http://[", a port that is a word
        return None


def decode_location(raw: bytes) -> str:
    """A `Location` header as text: UTF-8, or else each byte beyond ASCII escaped as it came."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in raw)


def is_same_address(one: str, other: str) -> bool:
    """Whether two addresses ask a host for the same: scheme, port and fragment do not count, since
    the crawl has its own."""
    return _name_request(one) == _name_request(other)


def _name_request(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", url, ""
    return parts.hostname or "", parts.path or "/", parts.query


def _turn_backslashes(text: str) -> str:
    """Backslashes are slashes, up to the query."""
    end = min((at for mark in "?#" if (at := text.find(mark)) >= 0), default=len(text))
    return text[:end].replace("\\", "/") + text[end:]


def _has_host(text: str) -> bool:
    """Whether an address is relative, or http with a host."""
    if text.startswith("//"):
        return bool(_find_netloc(text))
    scheme = _SCHEME.match(text)
    if scheme is None:
        return True
    return scheme[0].lower() in ("http:", "https:") and bool(_find_netloc(text))


def _find_netloc(text: str) -> str:
    """The host part of an address as written, empty when there is none or it is malformed."""
    try:
        return urlsplit(text).netloc
    except ValueError:
        return ""


def _clean(parts: SplitResult) -> str | None:
    """Put an address together again, without credentials; raises ValueError."""
    host, port = _name_host(parts.hostname or ""), parts.port
    if host is None or parts.scheme not in ("http", "https"):
        return None
    netloc = f"[{host}]" if ":" in host else host
    netloc = f"{netloc}:{port}" if port is not None else netloc
    path, query, fragment = (
        quote(part, safe=_SAFE, errors="replace")
        for part in (parts.path or "/", parts.query, parts.fragment)
    )
    return urlunsplit((parts.scheme, netloc, path, query, fragment))


def _name_host(host: str) -> str | None:
    """A host name in ASCII, None for what can be none."""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    return host if _HOST.fullmatch(host) else None
