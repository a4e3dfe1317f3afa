"""What a maintainer should look at first, after a probe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.watch.verdicts import TROUBLES
from kpucrawl.probing.plan import REPEATED, Answer
from kpucrawl.probing.verdict import Seen, compare_counters, cut, describe_answer

FIELDS = (
    "title",
    "category",
    "byline",
    "dateline",
    "event",
    "published",
    "views",
    "body",
    "images",
)
"""Of an article: what no article of a site has is worth a look."""
MOST_SUSPECTS = 10


def list_suspects(answers: Sequence[Answer]) -> list[str]:
    """What a maintainer should look at, the worst first."""
    seen = Seen(answers)
    checks = (_list_troubles, _list_empty, _list_doubts, _list_contradictions, _list_unknown)
    return list(dict.fromkeys(line for check in checks for line in check(seen)))[:MOST_SUSPECTS]


def _list_troubles(seen: Seen) -> Iterator[str]:
    for name, one in seen.named:
        if one.outcome in TROUBLES:
            read = (
                f" and was read as {one.reading.kind}"
                if one.reading and one.capture.status == 200
                else ""
            )
            yield f"{name}: {one.step.path} {describe_answer(one)}{read}"
        if "certificate" in (one.capture.error or "").lower():
            yield "the certificate is broken: UNVERIFIED_SITES exempts one office by name"


def _list_empty(seen: Seen) -> Iterator[str]:
    home = seen.find("home")
    if home and home.reading and home.reading.kind != "maintenance" and not home.reading.categories:
        yield "the home page shows no category: is its menu made by JavaScript?"
    for name, answer, listing in seen.listings:
        if not listing.items and answer.step.role == "listing":
            yield f"{name}: no article was found on this listing"
    if seen.listings and not any(listing.pager for _, _, listing in seen.listings):
        yield "no listing has a pager that was understood"
    if seen.listings and not seen.articles:
        yield "no article was read"


def _list_doubts(seen: Seen) -> Iterator[str]:
    told: set[str] = set()
    for name, one in seen.named:
        for problem in (
            one.reading.problems if one.reading and one.step.role not in REPEATED else ()
        ):
            if problem.why not in told:
                told.add(problem.why)
                yield f"{name}: {problem.field}: {problem.why} Seen: {cut(problem.seen)}"


def _list_contradictions(seen: Seen) -> Iterator[str]:
    listed = {
        item.key: (name, item) for name, _, listing in seen.listings for item in listing.items
    }
    for name, answer, article in seen.articles:
        place, item = (
            listed.get(answer.step.address.key, ("", None))
            if answer.step.address.key
            else ("", None)
        )
        if item and _fold(item.title) != _fold(article.title or ""):
            yield (
                f"{name}: its title is {cut(article.title or '')!r}, {place} calls it "
                f"{cut(item.title)!r}"
            )
    for name, counted, shown in compare_counters(seen):
        if shown < counted:
            yield f"{name}: counted {shown} times, its listing said {counted}"
    skeletons = {
        answer.reading.skeleton: name
        for name, answer, _ in reversed(seen.articles)
        if answer.reading
    }
    if len(skeletons) > 1:
        yield (
            f"the articles are laid out in {len(skeletons)} ways: compare "
            f"{', '.join(sorted(skeletons.values()))}"
        )


def _list_unknown(seen: Seen) -> Iterator[str]:
    for field in FIELDS if seen.articles else ():
        if not any(getattr(article, field) for _, _, article in seen.articles):
            yield f"no article has a {field}: true, or not found?"


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
