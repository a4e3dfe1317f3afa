"""What it costs to find nearly the same texts, and how many are found.

    python -m bench.duplicates [--texts 100000] [--signed 2000] [--families 40] [--url URL]

First the signatures a second of CPU, beside those of datasketch and rensa where they are installed.
Then an archive of invented texts of 150 to 600 words, in a temporary folder or at the address of
an empty one: one text of ten is an edited copy of an earlier one. Batches of 50 are compared with
all before them and joined into clusters, as a crawl does it; the figures are of the last tenth.
Last an archive of families: forms that 5 to 60 offices fill in with their own places, numbers and
days, beside stories that as many offices edit and pass on, and forms of too few offices.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, text

from archive.database import engine as db
from archive.database import models
from archive.derive.clusters import find_copies, refresh_clusters
from archive.derive.masks import DAYS, MONTHS
from archive.derive.pairs import Kind, sign_texts
from archive.derive.signatures import cut_bands, hash_shingles, sign_shingles
from archive.ingest.digests import digest_text, split_words

NOW = datetime(2026, 1, 1, tzinfo=UTC)
VOCABULARY = 60_000
EXPONENT, SHIFT = 1.05, 2.7
"""Of Zipf's law as Mandelbrot has it, as in `bench.search`."""
SHORTEST, LONGEST = 150, 600
EDITED = 10
"""Every so many texts one is an edited copy."""
SOURCES = 2_000
"""Texts that are edited, all in the first 40,000: copies come years later too."""
BATCH = 50
ROUNDS = 5
PERMUTATIONS = 128
"""Of the contenders."""
SIZES = ("text_bands", "recent_bands", "text_pairs")

Words = list[str]
Edit = Callable[[random.Random, Words, "Speaker"], Words]


class Speaker:
    """Says words as frequent as those of a language are."""

    def __init__(self, chance: random.Random) -> None:
        syllables = [one + two for one in "bcdghjklmnprstwy" for two in "aiueo"]
        endings = ("", "n", "ng", "k", "h")
        known: set[str] = set()
        while len(known) < VOCABULARY:
            word = "".join(chance.choices(syllables, k=chance.randint(1, 4)))
            known.add(word + chance.choice(endings))
        self._known = sorted(known, key=lambda word: (len(word), word))
        ranks = range(VOCABULARY)
        self._weights = list(accumulate(1 / (rank + SHIFT) ** EXPONENT for rank in ranks))
        self._chance = chance

    def say(self, count: int) -> Words:
        """So many words."""
        return self._chance.choices(self._known, cum_weights=self._weights, k=count)

    def write(self) -> Words:
        """A text."""
        return self.say(self._chance.randint(SHORTEST, LONGEST))


def edit_words(share: float) -> Edit:
    """Replace, drop or add at this share of the words."""

    def edit(chance: random.Random, words: Words, speaker: Speaker) -> Words:
        places = set(chance.sample(range(len(words)), max(1, round(share * len(words)))))
        kept: Words = []
        for place, word in enumerate(words):
            new = chance.choice(((), speaker.say(1), [word, *speaker.say(1)]))
            kept += new if place in places else [word]
        return kept

    return edit


def add_byline(chance: random.Random, words: Words, speaker: Speaker) -> Words:
    """A signature of three to ten words behind the text."""
    return words + speaker.say(chance.randint(3, 10))


def add_paragraph(chance: random.Random, words: Words, speaker: Speaker) -> Words:
    """Up to a fifth more, anywhere."""
    count, place = chance.randint(1, len(words) // 5), chance.randrange(len(words))
    return words[:place] + speaker.say(count) + words[place:]


def drop_paragraph(chance: random.Random, words: Words, speaker: Speaker) -> Words:
    """Up to a fifth less, anywhere."""
    count = chance.randint(1, len(words) // 5)
    place = chance.randrange(len(words) - count)
    return words[:place] + words[place + count :]


EDITS: dict[str, Edit] = {f"{share} % of words": edit_words(share / 100) for share in range(1, 11)}
EDITS |= {"byline": add_byline, "paragraph added": add_paragraph}
EDITS |= {"paragraph dropped": drop_paragraph}


@dataclass(frozen=True, slots=True)
class Planted:
    """A text, and of which other it is an edit."""

    words: Words
    source: int
    """Its own number for a text of its own."""
    edit: str = ""


def main() -> None:
    """Sign, fill, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--signed", type=int, default=2_000)
    parser.add_argument("--families", type=int, default=40)
    parser.add_argument("--url")
    options = parser.parse_args()
    chance = random.Random(7)
    speaker = Speaker(chance)
    compare_signatures([speaker.write() for _ in range(options.signed)])
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        engine = db.open_writer(options.url or f"sqlite:///{folder}/archive.db", say=print)
        stack.callback(engine.dispose)
        planted = fill(engine, chance, speaker, options.texts)
        judge(engine, planted)
        measure_size(engine, options.texts)
        families = db.open_writer(f"sqlite:///{folder}/families.db", say=print)
        stack.callback(families.dispose)
        judge_families(families, *fill_families(families, chance, speaker, options.families))


def compare_signatures(texts: list[Words]) -> None:
    """Signatures a second of CPU, each contender in each round after the other."""
    bodies = [" ".join(words) for words in texts]
    contenders: dict[str, Callable[[str], Any]] = {"ours, to the bands": sign_body}
    for name, make in (("datasketch", make_datasketch), ("rensa", make_rensa)):
        if find_spec(name):
            contenders[name] = make()
        else:
            print(f"{name} is not installed: left out")
    rates: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        for name, sign in contenders.items():
            begun = time.process_time()
            for body in bodies:
                sign(body)
            rates[name].append(len(bodies) / (time.process_time() - begun))
    own = statistics.median(rates["ours, to the bands"])
    for name, found in rates.items():
        rate = statistics.median(found)
        print(f"{name}: {rate:,.0f} signatures a second of CPU; ours {own / rate:.2f} times")


def sign_body(body: str) -> list[int]:
    """What the archive does with a body."""
    return cut_bands(sign_shingles(hash_shingles(split_words(body))))


def list_shingles(body: str) -> list[str]:
    """Three words each, as the contenders take them."""
    words = split_words(body)
    return list(map(" ".join, zip(words, words[1:], words[2:], strict=False)))


def make_datasketch() -> Callable[[str], Any]:
    """Its MinHash by batches."""
    from datasketch import MinHash

    def sign(body: str) -> Any:
        signature = MinHash(num_perm=PERMUTATIONS)
        signature.update_batch([shingle.encode() for shingle in set(list_shingles(body))])
        return signature

    return sign


def make_rensa() -> Callable[[str], Any]:
    """Its R-MinHash, which is native code."""
    from rensa import RMinHash

    def sign(body: str) -> Any:
        signature = RMinHash(num_perm=PERMUTATIONS, seed=7)
        signature.update(list_shingles(body))
        return signature.digest()

    return sign


def plant(chance: random.Random, speaker: Speaker, count: int) -> Iterator[Planted]:
    """Texts of their own, and edits of the first ones of every twentieth, which so have several."""
    sources: dict[int, Words] = {}
    for number in range(count):
        if number % EDITED == EDITED - 1:
            source = chance.choice(list(sources))
            name = chance.choice(list(EDITS))
            yield Planted(EDITS[name](chance, sources[source], speaker), source, name)
            continue
        words = speaker.write()
        if number % (2 * EDITED) == 0 and len(sources) < SOURCES:
            sources[number] = words
        yield Planted(words, number)


def fill(
    engine: Engine, chance: random.Random, speaker: Speaker, count: int
) -> list[tuple[int, str]]:
    """Add texts in batches; print what the last tenth of them cost; return the source and the edit
    of each."""
    with engine.begin() as connection:
        add_office(connection)
    planted: list[tuple[int, str]] = []
    spent: list[tuple[float, float]] = []
    batch: list[Planted] = []
    for one in plant(chance, speaker, count):
        batch.append(one)
        if len(batch) == BATCH:
            spent.append(add_batch(engine, batch, len(planted)))
            planted += [(each.source, each.edit) for each in batch]
            batch = []
            if len(planted) % 10_000 == 0:
                tell_cost(len(planted), spent[-10_000 // BATCH :])
    tell_cost(len(planted), spent[-max(1, len(spent) // 10) :])
    return planted


def tell_cost(count: int, spent: list[tuple[float, float]]) -> None:
    """Milliseconds a text, on the clock and of CPU."""
    clock, processor = (1000 * statistics.mean(times) / BATCH for times in zip(*spent, strict=True))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"at {count:,} texts: {clock:.2f} ms a text, {processor:.2f} of CPU,"
        f" {1000 / clock:,.0f} texts a second; {memory:.0f} MB at most in memory"
    )


def add_office(connection: Connection, names: Sequence[str] = ("Satu",)) -> None:
    """Offices of these names, and a run."""
    common = {"level": "kota", "province_code": "1", "timezone": "Asia/Jakarta", "host": "x"}
    sites = [
        {"id": number, "code": str(number), "label": str(number), "name": name, **common}
        for number, name in enumerate(names, 1)
    ]
    connection.execute(insert(models.Site), sites)
    run = {"id": 1, "spider": "satu", "arguments": {}, "version": "1", "scheme": "https"}
    connection.execute(insert(models.Run).values(**run, started_at=NOW))


def add_batch(engine: Engine, batch: list[Planted], first: int) -> tuple[float, float]:
    """Add texts that pages show, then compare and join them: the seconds that took, with the
    commit, on the clock and of CPU."""
    numbers = range(first + 1, first + 1 + len(batch))
    with engine.begin() as connection:
        add_facts(connection, batch, numbers)
    begun, used = time.perf_counter(), time.process_time()
    with engine.begin() as connection:
        signed = sign_texts(connection)
        refresh_clusters(connection, numbers, find_copies(connection, numbers) | signed)
    return time.perf_counter() - begun, time.process_time() - used


def add_facts(
    connection: Connection, batch: list[Planted], numbers: range, sites: Sequence[int] = ()
) -> None:
    """All rows up to the documents, each with the number of its text, of these offices."""
    rows: dict[type[models.Base], list[dict[str, Any]]] = defaultdict(list)
    for place, (number, one) in enumerate(zip(numbers, batch, strict=True)):
        site = sites[place] if sites else 1
        key, body = str(number), " ".join(one.words)
        digests = digest_text(key, body, body)
        seen = {"first_seen": NOW, "last_seen": NOW}
        rows[models.Text_].append(
            {"id": number, "title": key, "body": body}
            | {"digest": digests.text, "copy_digest": digests.copy}
        )
        page = {"id": number, "site_id": site, "route": "blog", "key": key, "url": key}
        rows[models.Page].append(page | {"first_seen": NOW})
        capture = {"id": number, "run_id": 1, "site_id": site, "page_id": number, "url": key}
        answer = {"canonical": key, "fetched_at": NOW, "headers": {}, "tls": "none", "source": "x"}
        rows[models.Capture].append(capture | answer)
        read = {"id": number, "capture_id": number, "reader_version": "1", "kind": "article"}
        lists = ("writers", "dateline_flags", "event_flags", "published_flags")
        rows[models.Reading].append(
            read | {"template": "x", "skeleton": "x", "text_id": number} | {n: [] for n in lists}
        )
        shown = {"page_id": number, "site_id": site, "reading_id": number, "text_id": number}
        counts = {"captures": 1, "revisions": 1, "published_flags": []}
        rows[models.Document].append(shown | counts | seen)
    for model, found in rows.items():
        connection.execute(insert(model), found)


def fill_families(
    engine: Engine, chance: random.Random, speaker: Speaker, count: int
) -> tuple[list[int], set[int]]:
    """Plant so many families, and twice as many groups that are none; return the group of each
    text, and which groups are families."""
    regions = [" ".join(map(str.title, speaker.say(chance.choice((1, 1, 2))))) for _ in range(500)]
    names = [f"{chance.choice(('Kota', 'Kabupaten'))} {region}" for region in regions]
    groups: list[int] = []
    with engine.begin() as connection:
        add_office(connection, names)
        for group in range(3 * count):
            sites = chance.sample(range(1, 501), chance.randint(5, 60))
            if group % 3 == 1:
                sites = sites[: chance.randint(2, 4)]
            texts = list(plant_group(chance, speaker, [names[site - 1] for site in sites], group))
            numbers = range(len(groups) + 1, len(groups) + 1 + len(texts))
            add_facts(connection, texts, numbers, sites)
            signed = sign_texts(connection)
            refresh_clusters(connection, numbers, signed)
            groups += [group] * len(texts)
    return groups, set(range(0, 3 * count, 3))


def plant_group(
    chance: random.Random, speaker: Speaker, names: Sequence[str], group: int
) -> Iterator[Planted]:
    """A form filled in, or, of each third group, a story that each office but the first edits."""
    form = speaker.write()
    slots = sorted(chance.sample(range(len(form)), len(form) // chance.randint(15, 40)))
    kinds = [chance.choice((fill_place, fill_number, fill_day)) for _ in slots]
    filled = dict(zip(slots, kinds, strict=True))
    first = fill_form(chance, form, filled, names[0])
    for name in names:
        if group % 3 == 2:
            edit = EDITS[chance.choice(list(EDITS))]
            yield Planted(first if name == names[0] else edit(chance, first, speaker), group)
        else:
            yield Planted(
                fill_form(chance, form, dict(zip(slots, kinds, strict=True)), name), group
            )


Fill = Callable[[random.Random, str], str]


def fill_form(chance: random.Random, form: Words, slots: dict[int, Fill], name: str) -> Words:
    """The form as one office fills it in."""
    return [slots[n](chance, name) if n in slots else word for n, word in enumerate(form)]


def fill_place(chance: random.Random, name: str) -> str:
    """The office's region, with and without its level, or a district of it."""
    region = name.split(" ", 1)[1]
    return chance.choice((name, region, f"Kecamatan {region[::-1].title()}"))


def fill_number(chance: random.Random, name: str) -> str:
    """Some count of people."""
    return f"{chance.randrange(1, 999)}.{chance.randrange(100, 999)}"


def fill_day(chance: random.Random, name: str) -> str:
    """A day as it is printed."""
    day = chance.choice(DAYS.split()[:4])
    month = chance.choice(MONTHS.split())
    return (
        f"{day.title()}, {chance.randrange(1, 28)} {month.title()} {chance.randrange(2015, 2026)}"
    )


def judge_families(engine: Engine, groups: list[int], families: set[int]) -> None:
    """How many texts of families are told to be of one, and how many of those so told are."""
    with db.read(engine) as connection:
        query = select(models.Cluster.page_id).where(models.Cluster.kind == Kind.FAMILY.value)
        told = {page_id - 1 for page_id in connection.scalars(query)}
    real = {number for number, group in enumerate(groups) if group in families}
    print(
        f"families: recall {len(told & real) / max(1, len(real)):.4f} of {len(real)} texts,"
        f" precision {len(told & real) / max(1, len(told)):.4f}; {len(groups) - len(real)} others"
    )


def judge(engine: Engine, planted: list[tuple[int, str]]) -> None:
    """Recall by kind of edit, and how many pages that share a cluster have the same source."""
    with db.read(engine) as connection:
        query = select(models.Cluster.page_id, models.Cluster.cluster_id)
        clusters = {row[0] - 1: row[1] for row in connection.execute(query)}
    made, found = Counter[str](), Counter[str]()
    for number, (source, edit) in enumerate(planted):
        if edit:
            made[edit] += 1
            found[edit] += clusters.get(number, 0) == clusters.get(source, -1)
    for edit in EDITS:
        print(f"{edit}: recall {found[edit] / max(1, made[edit]):.4f} of {made[edit]}")
    print(f"recall {found.total() / max(1, made.total()):.4f} of {made.total()}")
    members: dict[int, Counter[int]] = defaultdict(Counter)
    for number, cluster in clusters.items():
        members[cluster][planted[number][0]] += 1
    pairs = sum(count_pairs(one.total()) for one in members.values())
    right = sum(count_pairs(count) for one in members.values() for count in one.values())
    print(f"precision {right / max(1, pairs):.4f} of {pairs} pairs in {len(members)} clusters")


def count_pairs(count: int) -> int:
    """Of so many pages."""
    return count * (count - 1) // 2


def measure_size(engine: Engine, count: int) -> None:
    """Bytes a text in the tables of bands and pairs."""
    with engine.connect() as connection:
        for table in SIZES:
            if connection.dialect.name == "sqlite":
                query = f"SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%{table}'"
            else:
                query = f"SELECT pg_total_relation_size('{table}')"
            size = connection.scalar(text(query)) or 0
            print(f"{table}: {int(size) / count:,.0f} bytes a text")
        fullest = select(func.count().label("n")).select_from(models.TextBand)
        of_band = fullest.group_by(models.TextBand.band).subquery()
        print(f"fullest band: {connection.scalar(select(func.max(of_band.c.n))) or 0} texts")


if __name__ == "__main__":
    main()
