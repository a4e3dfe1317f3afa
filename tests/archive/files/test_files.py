"""Files that articles offer: what they are, where they are kept, what they say."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

import pytest

from archive.database.engine import ArchiveError, StorageError
from archive.files import keeping, reading
from archive.files.keeping import keep_file, read_text
from archive.files.kinds import DOCX, ENCRYPTED_OFFICE, HTML, OLE, PDF, PLAIN, ZIP, sniff_type
from archive.files.store import FileStore, find_files_folder
from tests.archive.files import making
from tests.archive.making import at
from tests.replica.files import JPEG, PNG

OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (making.make_pdf(), PDF),
        (b"\n \n%PDF-1.7 begins late", PDF),
        (making.make_docx(), DOCX),
        (making.zip_parts({"mimetype": b"x"}), ZIP),
        (OLD_WORD, OLE),
        (OLD_WORD + "EncryptedPackage".encode("utf-16-le"), ENCRYPTED_OFFICE),
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (making.HTML, HTML),
        (b"\xef\xbb\xbf\n<html>", HTML),
        (b"nomor;nama\n1;Sri\n", PLAIN),
        (b"\x00\x01\x02", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_bytes_tell_what_a_file_is(data: bytes, kind: str) -> None:
    """The media type is that of the bytes; nothing else is asked."""
    assert sniff_type(data) == kind


def read(tmp_path: Path, data: bytes, seconds: float = 30) -> tuple[str, str]:
    """What is read of a file."""
    path = tmp_path / "file"
    path.write_bytes(data)
    state, text = read_text(path, sniff_type(data), seconds)
    return state, text


@pytest.mark.parametrize(
    ("data", "state", "text"),
    [
        (making.make_pdf(), "read", making.SENTENCE),
        (making.encrypt_pdf(""), "read", making.SENTENCE),
        (making.encrypt_pdf("rahasia"), "encrypted", ""),
        (b"%PDF-1.4\nhalf a file", "broken", ""),
        (making.make_docx("Satu", "Dua"), "read", "Satu\nDua"),
        (making.make_docx()[:200] + b"word/document.xml", "broken", ""),
        (making.make_docx(""), "none", ""),
        (b"nomor;nama", "read", "nomor;nama"),
        (OLD_WORD, "none", ""),
        (OLD_WORD + "EncryptedPackage".encode("utf-16-le"), "encrypted", ""),
        (PNG, "none", ""),
    ],
)
def test_words_of_a_file(tmp_path: Path, data: bytes, state: str, text: str) -> None:
    """What can be read is, what cannot says why."""
    assert read(tmp_path, data) == (state, text)


def test_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """A zip that unpacks to 200 MB, and entities that unfold to a billion words, end in a word."""
    bomb = making.make_bomb()
    assert len(bomb) < 1_000_000
    assert read(tmp_path, bomb) == ("too long", "")
    state, text = read(tmp_path, making.make_entities())
    assert state in ("none", "broken") and len(text) < 1000


def test_pdf_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """A page whose text unpacks to 200 MB ends in a word, not in a process without memory."""
    packed = zlib.compress(b"(a) Tj " * 30_000_000)
    stream = b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
    plain = making.make_pdf()
    begin, end = plain.index(b"<</Length"), plain.index(b" endobj", plain.index(b"<</Length"))
    state, _ = read(tmp_path, plain[:begin] + stream + packed + b"\nendstream" + plain[end:])
    assert state in ("too long", "broken")


@pytest.mark.parametrize(("more", "state"), [(0, "read"), (1, "too long")])
def test_text_is_bounded(tmp_path: Path, more: int, state: str) -> None:
    """A text of the longest length is kept whole, of a longer one the beginning."""
    data = b"a" * (reading.MOST_TEXT + more)
    assert read(tmp_path, data) == (state, "a" * reading.MOST_TEXT)


def test_reading_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """A file that is not read in time has no text, and nobody waits for it."""
    assert read(tmp_path, making.make_pdf(), seconds=0.001) == ("timeout", "")


def test_store_keeps_bytes_under_their_digest(tmp_path: Path) -> None:
    """What was put is there, once, under `ab/cd/<sha256>`, and nothing that was being written."""
    store, data = FileStore(tmp_path / "a.db.files"), b"isi"
    digest = hashlib.sha256(data).hexdigest()
    assert not store.has(digest)
    store.put(digest, data)
    store.put(digest, data)
    path = tmp_path / "a.db.files" / digest[:2] / digest[2:4] / digest
    assert store.has(digest) and store.get(digest) == data == path.read_bytes()
    assert [one for one in store.folder.rglob("*") if one.is_file()] == [path]
    store.remove(digest)
    store.remove(digest)
    assert not store.has(digest)


def test_store_says_what_is_wrong(tmp_path: Path) -> None:
    """Bytes that are gone, others, or cannot be kept: one line each; a torn file is put anew."""
    store, data = FileStore(tmp_path / "files"), b"isi"
    digest = hashlib.sha256(data).hexdigest()
    with pytest.raises(ArchiveError, match="KPU_FILES_FOLDER"):
        store.get(digest)
    store.put(digest, data)
    store.find_path(digest).write_bytes(b"is!")
    with pytest.raises(ArchiveError, match="damaged"):
        store.get(digest)
    store.find_path(digest).write_bytes(b"i")
    store.put(digest, data)
    assert store.get(digest) == data
    (tmp_path / "no-folder").write_bytes(b"")
    with pytest.raises(StorageError, match="cannot be kept"):
        FileStore(tmp_path / "no-folder").put(digest, data)


def test_folder_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside SQLite's file, in the user's data for PostgreSQL, or where somebody says."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert find_files_folder(f"sqlite:///{tmp_path}/a.db") == tmp_path / "a.db.files"
    assert find_files_folder("postgresql://u@h/kpu") == tmp_path / "kpucrawl" / "kpu.files"
    assert find_files_folder("postgresql://u@h/kpu", f"{tmp_path}/x") == tmp_path / "x"


def test_kept_file_is_described(tmp_path: Path) -> None:
    """A file that is kept tells its digest, size, kind and words."""
    data = making.make_pdf()
    store = FileStore(tmp_path)
    kept = keep_file(store, data, at(0))
    assert (kept.size, kept.media_type, kept.text_state) == (len(data), PDF, "read")
    assert kept.text == making.SENTENCE and store.get(kept.digest) == data


def test_crash_of_a_reading_costs_its_text_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library that takes its process down leaves a file without text, and a crawl that goes
    on."""
    program = tmp_path / "crash.py"
    program.write_text("import os; os.abort()")
    monkeypatch.setattr(keeping, "PROGRAM", program)
    assert read(tmp_path, making.make_pdf()) == ("broken", "")
