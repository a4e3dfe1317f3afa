"""The forms of a schedule, apart from what writes them, so that `--help` need not import that."""

from __future__ import annotations

from enum import StrEnum


class Form(StrEnum):
    """Who is to start the runs."""

    CRON = "cron"
    SYSTEMD = "systemd"
