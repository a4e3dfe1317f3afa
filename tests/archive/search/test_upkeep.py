"""The index keeps in step with its archive, whatever happens to it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import Engine, delete, insert, text

from archive.database.engine import ArchiveError, StorageError, read
from archive.database.models import Change, Withheld
from archive.derive.changes import note_changes
from archive.search import index, upkeep
from archive.search.index import _open_generation, list_generations, open_index
from archive.search.search import Results, search
from archive.search.upkeep import find_folder, open_current, rebuild_index
from tests.archive.making import BODY, NOON, begin, make_article, save

ROOT = Path(__file__).parents[3]


@pytest.fixture
def filled(archive: Engine) -> Engine:
    """Three articles."""
    save(archive, begin(archive), *(make_article(number) for number in (1, 2, 3)))
    return archive


def ask(engine: Engine, query: str = "rapat", folder: Path | None = None) -> Results:
    with read(engine) as connection:
        return search(connection, query, folder=folder)


def find_place(engine: Engine) -> Path:
    with read(engine) as connection:
        return find_folder(connection)


def quiet(line: str) -> None:
    """Nothing is told."""


def test_archive_without_articles_has_no_index(archive: Engine) -> None:
    """Nothing is found, and no folder is made."""
    assert ask(archive).total == 0
    assert not find_place(archive).exists()


def test_changes_are_applied_once_and_again(filled: Engine) -> None:
    """New articles and edits are found by the next search; applying the same changes again changes
    nothing."""
    assert ask(filled).total == 3
    save(filled, 1, make_article(4), make_article(1, 60, title="Bimtek", body="Lain sama sekali."))
    assert ask(filled).total == 3
    assert ask(filled, "bimtek").total == 1
    folder = find_place(filled)
    first = open_index(folder)
    assert first is not None
    behind = index.Place(first.place.identity, 0, first.place.frequent, first.place.sampled)
    writer = index.IndexWriter(next(list_generations(folder)), behind.frequent)
    writer.commit(behind)
    writer.close()
    assert ask(filled).total == 3
    assert ask(filled, "bimtek").total == 1
    reader = open_index(folder)
    assert reader is not None
    assert reader.place.change == first.place.change
    assert reader.searcher.num_docs == first.searcher.num_docs


def test_log_has_the_last_change_of_each_page(filled: Engine) -> None:
    """A page that changes again moves to the end of the log; ids never come twice."""
    with read(filled) as connection:
        before = dict(connection.execute(text("SELECT page_id, id FROM change_log")).all())
    save(filled, 1, make_article(3, 60, views=9))
    with read(filled) as connection:
        after = dict(connection.execute(text("SELECT page_id, id FROM change_log")).all())
    assert {page for page in after if after[page] != before[page]} == {3}
    assert after[3] > max(before.values())


def test_rolled_back_change_is_not_logged(filled: Engine) -> None:
    """The log is written in the transaction that changes the article."""
    with read(filled) as connection:
        before = connection.execute(text("SELECT * FROM change_log")).all()
    with pytest.raises(RuntimeError), filled.begin() as connection:
        from archive.ingest.writer import save_batch

        save_batch(connection, 1, [make_article(9)])
        raise RuntimeError
    with read(filled) as connection:
        assert connection.execute(text("SELECT * FROM change_log")).all() == before


@pytest.mark.parametrize(
    "harm",
    [
        lambda folder: shutil.rmtree(folder),
        lambda folder: [file.unlink() for file in folder.glob("*/*")],
        lambda folder: [file.write_bytes(b"x" * 99) for file in folder.glob("*/*.json")],
        lambda folder: [file.unlink() for file in folder.glob("*/*.store")],
        lambda folder: [file.rename(folder / "000001.part") for file in folder.glob("000001")],
        lambda folder: [file.unlink() for file in folder.glob("*/meta.json")],
    ],
)
def test_torn_index_is_made_anew(filled: Engine, harm: Callable[[Path], object]) -> None:
    """Whatever is lost of it."""
    assert ask(filled).total == 3
    harm(find_place(filled))
    assert ask(filled).total == 3
    assert [path.name for path in list_generations(find_place(filled))] in (["000001"], ["000002"])


def test_index_of_another_program_is_made_anew(filled: Engine) -> None:
    """Other fields or words would find too little."""
    assert ask(filled).total == 3
    folder = find_place(filled)
    reader = open_index(folder)
    assert reader is not None
    writer = index.IndexWriter(next(list_generations(folder)), ())
    writer.commit(replace(reader.place, version="0"))
    writer.close()
    assert open_index(folder) is None
    assert ask(filled).total == 3
    assert [path.name for path in list_generations(folder)] == ["000002"]


def test_index_of_another_archive_is_not_believed(filled: Engine, tmp_path: Path) -> None:
    """Nor one that is ahead of an archive that was set back to an earlier copy."""
    folder = tmp_path / "index"
    assert ask(filled, folder=folder).total == 3
    with filled.begin() as connection:
        connection.execute(text("UPDATE settings SET value = 'other' WHERE name = 'identity'"))
    assert ask(filled, folder=folder).total == 3
    assert [path.name for path in list_generations(folder)] == ["000002"]
    with filled.begin() as connection:
        last = connection.execute(text("SELECT max(id) FROM change_log")).scalar_one()
        connection.execute(delete(Change).where(Change.id == last))
    assert ask(filled, folder=folder).total == 3
    assert [path.name for path in list_generations(folder)] == ["000003"]


def test_index_that_another_process_brought_further_is_believed(filled: Engine) -> None:
    """Who began to read before the last changes were written finds them indexed, and makes nothing
    anew."""
    assert ask(filled).total == 3
    with read(filled) as early:
        assert early.execute(text("SELECT count(*) FROM documents")).scalar_one() == 3
        save(filled, 1, make_article(4))
        assert ask(filled).total == 4
        assert len(search(early, "rapat").hits) in (3, 4)
    assert [path.name for path in list_generations(find_place(filled))] == ["000001"]


def test_held_index_answers_and_tells_how_far_behind(filled: Engine) -> None:
    """Who cannot lock it searches what is there."""
    assert ask(filled).total == 3
    save(filled, 1, make_article(4), make_article(5))
    folder = find_place(filled)
    with FileLock(folder / "writer.lock"), read(filled) as connection:
        opened = open_current(connection, folder, quiet)
    assert opened.behind == 2
    assert opened.reader is not None and opened.reader.searcher.num_docs == 3 + 1
    assert ask(filled).total == 5


def test_withheld_article_is_in_no_hit_count_or_facet(filled: Engine) -> None:
    """As the database says at that moment, without touching the index."""
    assert ask(filled).total == 3
    with filled.begin() as connection:
        row = {"page_id": 2, "reason": "court order", "who": "archivist", "withheld_at": NOON}
        connection.execute(insert(Withheld), [row])
    with read(filled) as connection:
        for query in ("rapat", "", "-tiada", '"rapat pleno"', "rap*"):
            found = search(connection, query, facets=["office"])
            assert (found.total, len(found.hits)) == (2, 2), query
            assert sum(count for _, count in found.counts["office"]) == 2  # type: ignore[index]


def test_rebuilt_index_holds_nothing_of_what_is_gone(filled: Engine) -> None:
    """Not in any of its files."""
    save(filled, 1, make_article(7, body="Rahasia zqxjkv sekali."))
    assert ask(filled, "zqxjkv").total == 1
    with filled.begin() as connection:
        connection.execute(text("DELETE FROM documents WHERE page_id = 4"))
        note_changes(connection, [4])
    assert ask(filled, "zqxjkv").total == 0
    folder = find_place(filled)
    assert holds(folder, "zqxjkv")
    with read(filled) as connection:
        rebuild_index(connection, folder, quiet)
    assert not holds(folder, "zqxjkv")
    assert ask(filled).total == 3


def holds(folder: Path, word: str) -> bool:
    """Whether a word stands in the index's files, be it of a deleted article."""
    reader = open_index(folder)
    assert reader is not None
    names = ("plain", "stems", "pairs", "title_plain", "title_stems")
    return any(reader.searcher.terms_with_prefix(name, word) for name in names)


def test_outgrown_index_counts_its_frequent_words_again(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At four times as many articles as then, where somebody asks for that; not below."""
    monkeypatch.setattr(upkeep, "LEAST_GROWN", 2)
    folder = find_place(filled)
    assert count_sampled(filled, folder) == 3
    save(filled, 1, *(make_article(number) for number in range(4, 12)))
    assert count_sampled(filled, folder) == 3
    save(filled, 1, make_article(12))
    assert ask(filled).total == 12
    assert count_sampled(filled, folder) == 12


def count_sampled(engine: Engine, folder: Path) -> int:
    with read(engine) as connection:
        reader = open_current(connection, folder, quiet, grows=True).reader
    assert reader is not None
    return reader.place.sampled


SEARCHING = """
import sys
from archive.database.engine import open_reader, read
from archive.search.upkeep import find_folder, open_current, rebuild_index
with read(open_reader(sys.argv[1])) as connection:
    folder = find_folder(connection)
    if "anew" in sys.argv:
        rebuild_index(connection, folder, lambda line: None)
    else:
        opened = open_current(connection, folder, lambda line: None)
        print(opened.reader.searcher.num_docs, opened.behind)
"""


def start(url: str, *arguments: str) -> subprocess.Popen[str]:
    """Another process that brings the index up to date, or makes it anew."""
    command = [sys.executable, "-c", SEARCHING, url, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def late(after: float) -> object:
    """A moment of a kill that `make test-long` tries."""
    return pytest.param(after, marks=pytest.mark.long)


@pytest.mark.parametrize("after", [0.05, *map(late, [0.0, 0.02, 0.1, 0.2])])
def test_killed_rebuild_leaves_a_usable_index(
    archive_url: str, open_archive: Callable[[str], Engine], after: float
) -> None:
    """At whatever moment; what is left of it goes with the next."""
    engine = open_archive(archive_url)
    bodies = [f"{BODY} Nomor{number} " * 5 for number in range(300)]
    run = begin(engine)
    save(engine, run, *(make_article(n, body=body) for n, body in enumerate(bodies)))
    assert ask(engine).total == 300
    process = start(archive_url, "anew")
    folder = find_place(engine)
    while process.poll() is None and not list(folder.glob("*.part")):
        time.sleep(0.005)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert ask(engine).total == 300
    save(engine, run, make_article(999))
    assert ask(engine).total == 301
    with read(engine) as connection:
        rebuild_index(connection, folder, quiet)
    assert not list(folder.glob("*.part"))
    assert ask(engine).total == 301


@pytest.mark.parametrize("after", [0.4, *map(late, [0.3, 0.5, 0.6])])
def test_killed_update_leaves_a_usable_index(
    archive_url: str, open_archive: Callable[[str], Engine], after: float
) -> None:
    """At whatever moment between its start and its commit: all is in it once afterwards."""
    engine = open_archive(archive_url)
    run = begin(engine)
    save(engine, run, *(make_article(n, body=f"{BODY} Lama{n} " * 3) for n in range(300)))
    assert ask(engine, "lama7").total == 1
    save(engine, run, *(make_article(n, 60, body=f"{BODY} Baru{n} " * 3) for n in range(300)))
    process = start(archive_url)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert ask(engine).total == 300
    assert ask(engine, "lama7").total == 0
    assert ask(engine, "baru7").total == 1


def test_two_processes_at_once_leave_one_index(
    archive_url: str, open_archive: Callable[[str], Engine]
) -> None:
    """Each answers; afterwards everything is in it once."""
    engine = open_archive(archive_url)
    save(engine, begin(engine), *(make_article(number) for number in range(100)))
    together = [start(archive_url) for _ in range(4)]
    told = [process.communicate()[0].split() for process in together]
    assert [process.returncode for process in together] == [0] * 4
    assert all(int(behind) == 0 for _, behind in told)
    assert ask(engine).total == 100
    reader = open_index(find_place(engine))
    assert reader is not None and reader.searcher.num_docs == 100 + 1


READER = 65_534
"""The user `nobody`."""


def test_user_who_may_only_read_can_search(filled: Engine, tmp_path: Path) -> None:
    """An index of somebody else's is read as it is, and told to be behind; where there is none,
    what to do is told."""
    folder = Path(tempfile.mkdtemp(prefix="kpu-index-"))
    folder.chmod(0o755)
    try:
        assert ask(filled, folder=folder).total == 3
        save(filled, 1, make_article(4))
        with read(filled) as connection, only_reading(folder):
            opened = open_current(connection, folder, quiet)
            assert opened.behind == 1
            assert opened.reader is not None
            assert opened.reader.searcher.num_docs == 3 + 1
        shutil.rmtree(folder)
        folder.mkdir()
        with read(filled) as connection, only_reading(folder), pytest.raises(ArchiveError) as told:
            open_current(connection, folder, quiet)
        assert "set KPU_INDEX" in str(told.value)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_links_to_an_index_are_removed_though_a_lock_comes_into_their_folder(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tantivy takes a lock on a thread of its own, which may be while the folder is emptied."""
    assert ask(filled).total == 3
    places: list[Path] = []
    remove = shutil.rmtree

    def remove_late(place: Path, ignore_errors: bool = False) -> None:
        if places:
            remove(place, ignore_errors)
        else:
            places.append(place)

    monkeypatch.setattr(index.shutil, "rmtree", remove_late)
    monkeypatch.setattr(index.os, "access", lambda *_, **__: False)
    _open_generation.cache_clear()
    reader = open_index(find_place(filled))
    assert reader is not None and reader.searcher.num_docs == 3 + 1
    assert len(places) == 1 and not places[0].exists()


@contextmanager
def only_reading(folder: Path) -> Iterator[None]:
    """May not write in a folder: as another user, or, where that cannot be, without the right."""
    _open_generation.cache_clear()
    if os.getuid() == 0:
        os.seteuid(READER)
        try:
            yield
        finally:
            os.seteuid(0)
        return
    places = [folder, *folder.rglob("*")]
    modes = {place: place.stat().st_mode for place in places}
    for place in places:
        place.chmod(modes[place] & ~0o222)
    try:
        yield
    finally:
        for place in places:
            place.chmod(modes[place])


def test_index_that_cannot_be_written_still_answers(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk a search finds what is indexed, and tells how far behind it is."""
    assert ask(filled).total == 3
    save(filled, 1, make_article(4))

    def fail(*_: object) -> None:
        raise StorageError("the search index cannot be written: no space left on device")

    monkeypatch.setattr(index.IndexWriter, "commit", fail)
    folder = find_place(filled)
    with read(filled) as connection:
        opened = open_current(connection, folder, quiet)
        assert opened.behind == 1
        shutil.rmtree(folder)
        with pytest.raises(StorageError, match="no space left"):
            open_current(connection, folder, quiet)
    monkeypatch.undo()
    assert ask(filled).total == 4


def test_full_disk_is_told(filled: Engine, tmp_path: Path) -> None:
    """In one line, as an error of storage or of what may be done, never a traceback."""
    folder = tmp_path / "file"
    folder.write_text("no folder")
    with read(filled) as connection, pytest.raises((ArchiveError, StorageError)) as told:
        open_current(connection, folder, quiet)
    assert "KPU_INDEX" in str(told.value)
