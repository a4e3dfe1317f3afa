"""The bare index of an office: which articles exist, in which order, before any of them is
written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from .content import read_grammar

FIRST, LAST = datetime(2018, 1, 8, tzinfo=UTC), datetime(2026, 1, 20, tzinfo=UTC)
RELEASES = 60
MIGRATED = datetime(2021, 6, 1, tzinfo=UTC)
"""Offices with a previous engine keep what is older there."""
HOW = ("exact", "dateline", "dateline", "edited")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article of the index."""

    key: str
    route: str
    id: int
    posted: datetime
    category: str
    shape: str
    """`text`, `image` or `file`."""
    release: int | None = None
    how: str | None = None
    original: str | None = None
    """Key of the article this one repeats."""


def find_release_time(number: int) -> datetime:
    """When a national release came out."""
    return FIRST + (LAST - FIRST) / (RELEASES + 1) * (number + 1)


def choose_categories(rng: Random, facts: dict[str, str]) -> dict[str, tuple[str, str, int]]:
    """Id -> (title of this office, section, weight); the first four always, others by chance."""
    chosen: dict[str, tuple[str, str, int]] = {}
    for number, row in enumerate(read_grammar()["categories"]):
        if number >= 4 and rng.random() < 0.5:
            continue
        identity = "29" if row["id"] == "104" and rng.random() < 0.1 else row["id"]
        chosen[identity] = (
            rng.choice(row["titles"]).format(**facts),
            row["section"],
            row["weight"],
        )
    return chosen


def build_index(
    rng: Random, count: int, categories: dict[str, tuple[str, str, int]], *, old: bool
) -> list[Entry]:
    """The articles of an office in listing order: newest first, but for what was imported or
    backdated."""
    releases = sorted(rng.sample(range(RELEASES), min(RELEASES, round(count * 0.12))))
    plain = [FIRST + (LAST - FIRST) * rng.random() for _ in range(count - len(releases))]
    reposts = [
        (find_release_time(number) + timedelta(hours=rng.randint(1, 60)), number)
        for number in releases
    ]
    times: list[tuple[datetime, int | None]] = sorted(
        [*((time, None) for time in plain), *reposts], key=lambda t: t[0]
    )
    entries: list[Entry] = []
    numbers = {"blog": rng.randint(1, 60), "berita": rng.randint(1, 30)}
    for posted, release in times:
        route = "berita" if old and posted < MIGRATED else "blog"
        numbers[route] += rng.choice((1, 1, 1, 2, 2, 5))
        entries.append(make_entry(rng, numbers[route], route, posted, release, categories))
    repeat_some(rng, entries)
    return displace_some(rng, entries)


def make_entry(
    rng: Random, number: int, route: str, posted: datetime, release: int | None,
    categories: dict[str, tuple[str, str, int]],
) -> Entry:  # fmt: skip
    posted = posted.replace(microsecond=0)
    key = str(number) if route == "blog" else f"{route}:{number}"
    if release is not None:
        return Entry(
            key, route, number, posted, next(iter(categories)), "text", release, rng.choice(HOW)
        )
    category = rng.choices(list(categories), [weight for _, _, weight in categories.values()])[0]
    notice = categories[category][1] == "pengumuman"
    shape = rng.choices(("text", "image", "file"), (60, 10, 30) if notice else (95, 4, 1))[0]
    if rng.random() < 0.04:  # imported: a new number, an old date
        posted = FIRST + (posted - FIRST) * rng.random()
    return Entry(key, route, number, posted.replace(microsecond=0), category, shape)


def repeat_some(rng: Random, entries: list[Entry]) -> None:
    """About one text in a hundred is posted twice by the same office."""
    for at in range(1, len(entries)):
        first = entries[at - 1]
        if rng.random() < 0.012 and first.shape == "text" and first.original is None:
            entries[at] = replace(
                entries[at], category=first.category, shape="text", release=first.release, how="double",
                original=first.key,
            )  # fmt: skip


def displace_some(rng: Random, entries: list[Entry]) -> list[Entry]:
    """Listing order, newest first; one in forty stands somewhere else."""
    listed = list(reversed(entries))
    for _ in range(len(listed) // 40):
        listed.insert(rng.randrange(len(listed)), listed.pop(rng.randrange(len(listed))))
    return listed
