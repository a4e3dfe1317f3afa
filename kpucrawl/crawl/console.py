"""What a crawl says on stderr: lines for people, lines with time and level for cron, or JSON for
machines."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

CONSOLE = logging.getLogger("kpucrawl.crawl.console")


class JsonFormatter(logging.Formatter):
    """Writes any log record as one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return `time` (UTC), `level`, `event` (`log` for what other parts log), `office` or null,
        and `message`."""
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", "log"),
            "office": getattr(record, "office", None),
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


def open_console(form: logging.Formatter) -> None:
    """Let `say` write to stderr from now on, in this form, whatever the level of the log is."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(form)
    CONSOLE.handlers = [handler]
    CONSOLE.setLevel(logging.INFO)
    CONSOLE.propagate = False


def say(
    text: str, event: str = "note", office: str | None = None, level: int = logging.INFO
) -> None:
    """Say one line."""
    CONSOLE.log(level, "%s", make_printable(text), extra={"event": event, "office": office})


def make_printable(text: str) -> str:
    """Replace control characters: an address or an error may hold what would steer a terminal."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
