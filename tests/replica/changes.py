"""What can happen to an office's articles while it is being crawled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from .index import Entry
from .offices import PER_PAGE, Office


def edit(office: Office, key: str) -> list[str]:
    """The office rewrites an article."""
    office.state(find(office, key).key).edits += 1
    office.forget(key)
    return [key]


def remove(office: Office, key: str, how: str = "404", listed: bool = False) -> list[str]:
    """It answers 404, 410, `soft` (missing page with 200) or `home` (redirect); or is only
    `unlisted`."""
    if how not in ("404", "410", "soft", "home", "unlisted"):
        raise ValueError(how)
    state = office.state(find(office, key).key)
    state.gone, state.listed = "" if how == "unlisted" else how, listed
    return [key]


def restore(office: Office, key: str) -> list[str]:
    """A removed article comes back."""
    state = office.state(find(office, key).key)
    state.gone, state.listed = "", True
    return [key]


def move(office: Office, key: str) -> list[str]:
    """An article gets a blog number; its old address redirects to the new one."""
    old = find(office, key)
    number = next_number(office)
    new = replace(old, key=str(number), route="blog", id=number, original=old.original or key)
    office.entries.insert(office.entries.index(old), new)
    office.by_key[new.key] = new
    state = office.state(key)
    state.moved, state.listed = new.key, False
    return [new.key]


def reincarnate(office: Office, key: str) -> list[str]:
    """A wholly different article appears under the same number."""
    old = find(office, key)
    new = replace(old, shape="text", release=None, how=None, original=None)
    office.entries[office.entries.index(old)] = office.by_key[key] = new
    state = office.state(key)
    state.incarnation, state.edits, state.views = state.incarnation + 1, 0, 0
    office.forget(key)
    return [key]


def plant(
    office: Office,
    count: int = 1,
    page: int = 1,
    category: str | None = None,
    days: int = 0,
    posted: str | None = None,
) -> list[str]:
    """New articles at the top of a listing page: `days` before the newest one, or on `posted` (ISO,
    aware)."""
    category = category or next(iter(office.categories))
    if category not in office.categories:
        raise KeyError(category)
    newest = max(
        (entry.posted for entry in office.entries),
        default=datetime.fromisoformat("2026-01-20T02:00:00Z"),
    )
    moment = datetime.fromisoformat(posted) if posted else newest - timedelta(days=days)
    listed = office.list_entries(category)
    offset = (page - 1) * PER_PAGE
    at = office.entries.index(listed[offset]) if offset < len(listed) else len(office.entries)
    planted = []
    for minute in range(count):
        number = next_number(office)
        entry = Entry(
            str(number), "blog", number, moment + timedelta(minutes=minute), category, "text"
        )
        office.by_key[entry.key] = entry
        office.entries.insert(at, entry)
        planted.append(entry.key)
    return planted


def find(office: Office, key: str) -> Entry:
    return office.by_key[key]


def next_number(office: Office) -> int:
    return max((entry.id for entry in office.entries if entry.route == "blog"), default=0) + 1


CHANGES: dict[str, Callable[..., list[str]]] = {
    "edit": edit, "remove": remove, "restore": restore, "move": move, "reincarnate": reincarnate, "plant": plant,
}  # fmt: skip


def change(office: Office, name: str, **details: Any) -> list[str]:
    """Makes one change and returns the keys of the articles it made or touched."""
    return CHANGES[name](office, **details)
