"""The bytes of files that articles offer, each once, named by its digest, in a folder beside the
archive.

`ab/cd/<sha256>`. Whoever keeps a file puts its bytes here before its row is committed: bytes
without a row are asked for again, a row without bytes there is none.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy.engine import make_url

from archive.blobs.codec import digest_bytes
from archive.database.engine import ArchiveError, StorageError

PART = ".part"
"""How the names of files end that are being written; one that a killed run left is no file."""


class FileStore:
    """A folder of files. A store of another kind has the same four methods."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, digest: str, data: bytes) -> None:
        """Keep bytes, on the disk when this returns; nothing is done where they are kept already.
        Raise StorageError."""
        path = self.find_path(digest)
        if _has_size(path, len(data)):
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, data)
            for folder in (path.parent, *path.parent.parents[:3]):
                _sync_folder(folder)
        except OSError as error:
            raise StorageError(f"a file cannot be kept in {self.folder}: {error}") from error

    def get(self, digest: str) -> bytes:
        """The bytes of a file; raise ArchiveError where they are gone or are others."""
        path = self.find_path(digest)
        try:
            data = path.read_bytes()
        except OSError as error:
            hint = "name the folder of files with KPU_FILES_FOLDER, or restore it from a copy"
            raise ArchiveError(f"no file at {path} ({error.strerror}): {hint}") from None
        if digest_bytes(data) != digest:
            raise ArchiveError(f"the file at {path} is damaged: restore it from a copy")
        return data

    def has(self, digest: str) -> bool:
        """Whether there are bytes under this digest."""
        return self.find_path(digest).is_file()

    def remove(self, digest: str) -> None:
        """Forget bytes; nothing is done where there are none."""
        self.find_path(digest).unlink(missing_ok=True)

    def find_path(self, digest: str) -> Path:
        """Where the bytes of a digest are, or would be."""
        return self.folder / digest[:2] / digest[2:4] / digest


def find_files_folder(url: str, chosen: str | None = None) -> Path:
    """Where the files of an archive are: in the folder chosen, else beside SQLite's file;
    PostgreSQL's in the user's data."""
    if chosen:
        return Path(chosen).expanduser().absolute()
    place = make_url(url)
    name = place.database or "archive"
    if place.get_backend_name() == "sqlite":
        return Path(f"{name}.files").absolute()
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "kpucrawl" / f"{name}.files"


def _has_size(path: Path, size: int) -> bool:
    with suppress(OSError):
        return path.stat().st_size == size
    return False


def _write(path: Path, data: bytes) -> None:
    """Write beside, then rename: whoever reads finds all of it or nothing."""
    with NamedTemporaryFile(dir=path.parent, suffix=PART, delete=False) as part:
        try:
            part.write(data)
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).replace(path)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


def _sync_folder(folder: Path) -> None:
    """Let the name of a new file last as its bytes do."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
