"""The index: a folder of Tantivy's with one document for each state of each article.

It is derived: it can be thrown away at any time. Words enter it as `archive.search.tokens` cuts
them, by their stems for searching by any form, and plain for exact words and phrases. A phrase is
slow where its words are frequent, so pairs of frequent neighbours are words of their own.

A folder holds generations, each an index by itself: `000001`, `000002`. The last is read; a new one
is made beside it as `000003.part` and takes its name when it is whole.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import tantivy

from archive.database.engine import ArchiveError, StorageError
from archive.search import facets
from archive.search.entries import NEVER, Days, Entry
from archive.search.tokens import TOKENISER_VERSION, split_words, stem_word

INDEX_VERSION = f"1.{TOKENISER_VERSION}"
"""Of the fields and of the words: an index of another one is made anew."""
GAP = "§"
"""Between title and body, and between names, so that no phrase crosses: no word is so."""
MOST_WORDS = 100_000
"""Words of one article that are indexed; the longest documents that offices paste have a third."""
HEAP_BYTES = 256_000_000
"""What a writer gathers before it writes a segment: about 60,000 articles of 4 kB."""
PAGE_BITS = 32
"""In keys that hits are ordered by: below them the page, so that no two are equal."""
MOST_VIEWS = 2**31 - 1
FAR = 3_000_000
"""The number of a day later than any: `date.max` has 3,652,059 and takes this one."""

WORDS = "whitespace"
WHOLE = "raw"


class TornIndex(Exception):
    """The folder holds no index that can be read; make it anew."""


@dataclass(frozen=True, slots=True)
class Place:
    """Up to where an index knows the archive, kept in the index itself."""

    identity: str
    """Of the archive."""
    change: int
    """The last row of the change log that is in it."""
    frequent: tuple[str, ...]
    """Words of which pairs are indexed."""
    sampled: int
    """How many articles there were when those were counted."""
    version: str = INDEX_VERSION


def make_schema() -> tantivy.Schema:
    """The fields of a document."""
    builder = tantivy.SchemaBuilder()
    for name in ("stems", "title_stems"):
        builder.add_text_field(name, tokenizer_name=WORDS, index_option="freq")
    for name in ("plain", "title_plain", "people", "place"):
        builder.add_text_field(name, tokenizer_name=WORDS, index_option="position")
    for name in ("pairs", "tags"):
        builder.add_text_field(name, tokenizer_name=WORDS, index_option="basic")
    for name in ("office", "province", "level", "category", "section", "writer", "unit", "flag"):
        builder.add_text_field(name, fast=True, tokenizer_name=WHOLE, index_option="basic")
    for name in ("year", "month", "earliest", "middle", "latest", "views", "cluster"):
        builder.add_unsigned_field(name, fast=True)
    for name in ("shown_from", "shown_until", "known_from", "known_until"):
        builder.add_unsigned_field(name, fast=True)
    for name in ("by_date", "by_views", "by_first_seen", "reading"):
        builder.add_unsigned_field(name, fast=True)
    builder.add_unsigned_field("page", fast=True, indexed=True)
    builder.add_text_field("kind", tokenizer_name=WHOLE, index_option="basic")
    builder.add_text_field("content", stored=True, tokenizer_name=WHOLE, index_option="basic")
    return builder.build()


SCHEMA = make_schema()
PLACE = "place"
"""The kind of the document that holds the place; no article has a kind."""


class IndexWriter:
    """Writes one generation; nothing is to be seen of it before `commit`."""

    def __init__(self, folder: Path, frequent: Iterable[str]) -> None:
        self._folder = folder
        self._frequent = frozenset(frequent)
        try:
            self._writer = _open(folder).writer(heap_size=HEAP_BYTES, num_threads=1)
        except ValueError as error:
            raise TornIndex(str(error)) from error

    def replace(self, page_ids: Iterable[int], entries: Iterable[Entry]) -> None:
        """Take what is indexed of these pages out, and put these entries in.

        By a query: deleting by a term takes every number for a signed one, and finds nothing.
        """
        pages = tantivy.Query.term_set_query(SCHEMA, "page", list(page_ids))
        self._writer.delete_documents_by_query(pages)
        self.add(entries)

    def add(self, entries: Iterable[Entry]) -> None:
        """Put entries in, of pages that are not there."""
        for entry in entries:
            self._writer.add_document(self._make_document(entry))

    def commit(self, place: Place) -> None:
        """Let all be seen that was written, together with the place it is up to."""
        self._writer.delete_documents_by_term("kind", PLACE)
        document = tantivy.Document()
        document.add_text("kind", PLACE)
        document.add_text("content", json.dumps(asdict(place)))
        self._writer.add_document(document)
        try:
            self._writer.commit()
        except ValueError as error:
            raise StorageError(f"the search index cannot be written: {error}") from error
        _let_others_read(self._folder)

    def close(self) -> None:
        """Wait for what is still being merged."""
        self._writer.wait_merging_threads()

    def _make_document(self, entry: Entry) -> tantivy.Document:
        title = split_words(entry.title)[:MOST_WORDS]
        body = split_words(entry.body)[:MOST_WORDS]
        title_stems = list(map(stem_word, title))
        document = tantivy.Document()
        document.add_text("title_stems", " ".join(title_stems))
        document.add_text("title_plain", " ".join(title))
        document.add_text("stems", " ".join([*title_stems, *map(stem_word, body)]))
        document.add_text("plain", " ".join([*title, GAP, *body]))
        document.add_text("pairs", " ".join(self._find_pairs(title) | self._find_pairs(body)))
        document.add_text("people", f" {GAP} ".join(map(_join_words, entry.people)))
        document.add_text("place", _join_words(entry.place))
        document.add_text("tags", " ".join(_list_tags(entry)))
        _add_facets(document, entry)
        _add_numbers(document, entry)
        return document

    def _find_pairs(self, words: Sequence[str]) -> set[str]:
        frequent = self._frequent
        return {
            join_pair(first, second)
            for first, second in pairwise(words)
            if first in frequent and second in frequent
        }


def join_pair(first: str, second: str) -> str:
    """The word that stands for two neighbours."""
    return f"{first}_{second}"


def number_day(day: date) -> int:
    """A day as a number that is never below 0; the last of all for what is open."""
    return FAR if day == date.max else day.toordinal()


def _join_words(text: str) -> str:
    return " ".join(split_words(text))


def _list_tags(entry: Entry) -> list[str]:
    tags = [
        facets.office_tag(entry.code),
        facets.province_tag(entry.province),
        facets.level_tag(entry.level),
        *map(facets.flag_tag, entry.flags),
    ]
    tags += sorted(
        {facets.category_tag(title) for title in (entry.category, entry.section) if title}
    )
    if entry.section:
        tags.append(facets.section_tag(entry.section))
    if entry.unit:
        tags.append(facets.unit_tag(entry.unit))
    if entry.earliest is None:
        tags.append(facets.UNDATED)
    if not entry.is_present:
        tags.append(facets.PAST)
    return tags


def _add_facets(document: tantivy.Document, entry: Entry) -> None:
    document.add_text("office", entry.code)
    document.add_text("province", entry.province)
    document.add_text("level", entry.level)
    for name in ("category", "section", "unit"):
        if value := getattr(entry, name):
            document.add_text(name, value)
    for writer in entry.writers:
        document.add_text("writer", writer)
    for flag in entry.flags:
        document.add_text("flag", flag)


def _add_numbers(document: tantivy.Document, entry: Entry) -> None:
    page = entry.page_id
    views = -1 if entry.views is None else min(entry.views, MOST_VIEWS)
    day = 0
    if entry.earliest is not None:
        latest = entry.latest or entry.earliest
        first, last = entry.earliest.toordinal(), latest.toordinal()
        middle = date.fromordinal((first + last) // 2)
        day = first
        document.add_unsigned("earliest", first)
        document.add_unsigned("latest", last)
        document.add_unsigned("middle", middle.toordinal())
        document.add_unsigned("year", middle.year)
        document.add_unsigned("month", middle.year * 100 + middle.month)
    if views >= 0:
        document.add_unsigned("views", views)
    document.add_unsigned("by_date", _make_key(day, page))
    document.add_unsigned("by_views", _make_key(views + 1, page))
    document.add_unsigned("by_first_seen", _make_key(_count_seconds(entry.first_seen), page))
    document.add_unsigned("page", page)
    document.add_unsigned("reading", entry.reading_id)
    document.add_unsigned("cluster", entry.cluster)
    _add_days(document, "shown", entry.on_site)
    _add_days(document, "known", entry.known)


def _add_days(document: tantivy.Document, name: str, days: Days) -> None:
    first, end = (FAR, FAR) if days == NEVER else map(number_day, days)
    document.add_unsigned(f"{name}_from", first)
    document.add_unsigned(f"{name}_until", end)


def _make_key(value: int, page: int) -> int:
    return value << PAGE_BITS | page


def _count_seconds(at: datetime) -> int:
    return max(0, int(at.timestamp()))


class IndexReader:
    """One generation as it was when it was opened."""

    def __init__(self, searcher: tantivy.Searcher, place: Place) -> None:
        self.searcher = searcher
        self.place = place


def open_generation(folder: Path) -> IndexReader:
    """Open an index to read, or give it as it was opened before, where nothing was committed since.
    Raise TornIndex when there is none, or one of another program."""
    try:
        found = (folder / META).stat()
    except OSError as error:
        raise TornIndex(str(error)) from error
    return _open_generation(folder, (found.st_mtime_ns, found.st_size, found.st_ino))


META = "meta.json"
"""What Tantivy replaces at each commit."""


@lru_cache(maxsize=4)
def _open_generation(folder: Path, stamp: tuple[int, ...]) -> IndexReader:
    try:
        searcher = _open_readable(folder).searcher()
        found = searcher.search(tantivy.Query.term_query(SCHEMA, "kind", PLACE), 1).hits
        content = searcher.doc(found[0][1])["content"][0] if found else "{}"
        place = Place(**json.loads(content))
    except (ValueError, TypeError, KeyError, IndexError, OSError) as error:
        raise TornIndex(str(error)) from error
    if place.version != INDEX_VERSION:
        raise TornIndex(f"made by version {place.version}")
    return IndexReader(searcher, Place(**asdict(place) | {"frequent": tuple(place.frequent)}))


def _open(folder: Path) -> tantivy.Index:
    return tantivy.Index(SCHEMA, path=str(folder), reuse=True)


def _open_readable(folder: Path) -> tantivy.Index:
    """Open an index that may be another user's: Tantivy makes a lock file even to read, so that who
    may not write in the folder reads it through links to its files."""
    if os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        if not tantivy.Index.exists(str(folder)):
            raise TornIndex("there is none")
        return _open(folder)
    for attempt in range(TRIES):
        place = Path(tempfile.mkdtemp(prefix="kpu-index-"))
        try:
            return _open_links(folder, place)
        except (ValueError, OSError):  # its writer tidied up meanwhile
            if attempt == TRIES - 1:
                raise
        finally:
            _remove(place)
    raise AssertionError


TRIES = 3
"""A writer removes files at a commit; a second commit within the milliseconds of linking is odd."""
SETTLES = 0.01
"""Seconds in which a thread of Tantivy's has let go of the lock it takes once on opening."""
SMALL_FILES = (META, ".managed.json")
"""What Tantivy replaces at each commit: copied, so that they tell of the files that were linked."""


def _open_links(folder: Path, place: Path) -> tantivy.Index:
    for name in SMALL_FILES:
        shutil.copy(folder / name, place / name)
    for file in folder.iterdir():
        if file.name not in SMALL_FILES and not file.name.startswith("."):
            (place / file.name).symlink_to(file)
    index = tantivy.Index.open(str(place))
    index.searcher()
    return index


def _remove(place: Path) -> None:
    """Remove a folder into which Tantivy, on a thread of its own, may put a lock meanwhile."""
    for _ in range(TRIES):
        shutil.rmtree(place, ignore_errors=True)
        if not place.exists():
            return
        time.sleep(SETTLES)


def _let_others_read(folder: Path) -> None:
    """Give what Tantivy replaced the rights of any new file: it makes them its owner's alone."""
    mask = os.umask(0)
    os.umask(mask)
    for name in SMALL_FILES:
        with suppress(OSError):
            (folder / name).chmod(0o666 & ~mask)


def list_generations(folder: Path) -> Iterator[Path]:
    """The whole generations in a folder, the newest first."""
    if folder.is_dir():
        yield from sorted(
            (path for path in folder.iterdir() if path.name.isdecimal()), reverse=True
        )


def begin_generation(folder: Path) -> Path:
    """An empty folder for the next generation, whatever was left of one before."""
    number = next((int(path.name) for path in list_generations(folder)), 0) + 1
    part = folder / f"{number:06}.part"
    try:
        for left in folder.glob("*.part"):
            shutil.rmtree(left)
        part.mkdir(parents=True)
    except OSError as error:
        raise StorageError(f"no search index can be made in {folder}: {error.strerror}") from error
    return part


def finish_generation(part: Path) -> Path:
    """Let a generation be read, and remove those before: who reads them keeps what they have
    open."""
    whole = part.with_suffix("")
    part.rename(whole)
    for old in list_generations(part.parent):
        if old != whole:
            shutil.rmtree(old, ignore_errors=True)
    return whole


def open_index(folder: Path) -> IndexReader | None:
    """The newest generation that can be read; `None` where there is none."""
    for generation in list_generations(folder):
        with suppress(TornIndex):
            return open_generation(generation)
    return None


def no_index(folder: Path) -> ArchiveError:
    """What to tell who may not make one."""
    return ArchiveError(
        f"no search index in {folder}, and it cannot be made: set KPU_INDEX to a folder of your own"
    )
