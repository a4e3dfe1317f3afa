"""Telling somebody who is not at the terminal: by mail, or by calling an address of the web."""

from __future__ import annotations

import json
import os
import smtplib
from collections.abc import Sequence
from email.message import EmailMessage
from urllib.error import URLError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from archive.cli.rows import encode_json, replace_controls
from archive.database.engine import StorageError
from archive.watch.notices import Told

PATIENCE = 30
"""Seconds for a server to answer."""
SERVER = "KPU_SMTP"
"""`smtp://user:password@host:587` or `smtps://...`; else the mail server of this machine."""
SENDER = "KPU_CONTACT"
"""Whom mail comes from: the address that offices see too."""
PORTS = {"smtp": 25, "smtps": 465}


def notify(target: str, title: str, told: Sequence[Told]) -> None:
    """Send one message. Raise StorageError when it cannot be delivered: the same may work later."""
    try:
        if target.startswith("mailto:"):
            _mail(target.removeprefix("mailto:"), title, told)
        else:
            _call(target, title, told)
    except (OSError, URLError, smtplib.SMTPException, ValueError) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise StorageError(f"nobody was told: {_name(target)}: {said}") from None


def _name(target: str) -> str:
    """A target without what may be secret in it: the path of a webhook."""
    parts = urlsplit(target)
    return target if parts.scheme == "mailto" else f"{parts.scheme}://{parts.hostname}"


def _mail(address: str, title: str, told: Sequence[Told]) -> None:
    message = EmailMessage()
    message["Subject"] = " ".join(replace_controls(title).split())
    message["To"] = unquote(address.partition("?")[0])
    sender = os.environ.get(SENDER) or "kpu-archive@localhost"
    message["From"] = sender if "@" in sender else "kpu-archive@localhost"
    message.set_content(
        "\n".join(replace_controls(line) for one in told for line in (one.title, *one.lines, ""))
    )
    server = urlsplit(os.environ.get(SERVER) or "smtp://localhost")
    if server.scheme not in PORTS or not server.hostname:
        raise ValueError(f"{SERVER} is no smtp://HOST")
    kind = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    port = server.port or PORTS[server.scheme]
    with kind(server.hostname, port, timeout=PATIENCE) as connection:
        if server.username:
            if server.scheme == "smtp":
                connection.starttls()
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(message)


def _call(address: str, title: str, told: Sequence[Told]) -> None:
    """POST JSON: `title`, `text` (which chats show), `news`."""
    text = "\n".join(line for one in told for line in one.lines)
    body = {
        "title": title,
        "text": f"{title}\n{text}",
        "news": [
            {"subject": one.subject, "title": one.title, "rows": list(one.rows)} for one in told
        ],
    }
    data = json.dumps(body, ensure_ascii=False, default=encode_json).encode("utf-8", "replace")
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "kpu-archive"}
    request = Request(address, data, headers, method="POST")
    with build_opener(_NoRedirects).open(request, timeout=PATIENCE) as answer:
        answer.read(1)


class _NoRedirects(HTTPRedirectHandler):
    """What was meant for one address goes to no other."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""
