"""A file that came is kept: its bytes in the folder, and what is known of it for its row."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from archive.blobs.codec import digest_bytes
from archive.files.kinds import (
    DOCX,
    ENCRYPTED_OFFICE,
    HTML,
    ODS,
    ODT,
    PDF,
    PLAIN,
    PPTX,
    XLSX,
    sniff_type,
)
from archive.files.store import FileStore
from archive.records import FileState, KeptFile, Problem

READABLE = (PDF, DOCX, XLSX, PPTX, ODT, ODS, PLAIN)
"""Kinds of files whose text can be read."""
PROGRAM = Path(__file__).with_name("reading.py")
LONGEST_READING = 30.0
"""Seconds that the reading of one file may take by the clock."""
STATES: dict[str, FileState] = {
    "none": "none",
    "read": "read",
    "encrypted": "encrypted",
    "broken": "broken",
    "too long": "too long",
}
TOLD: dict[FileState, str] = {
    "encrypted": "The file asks for a password: its text cannot be read.",
    "broken": "The file is broken: its text cannot be read, or not all of it.",
    "too long": "The file holds more than is read: its text is the beginning, or nothing.",
    "timeout": "The file took too long to read: it has no text.",
}
"""What a person is told of a file that could not be read whole."""
FILE = "file"
"""Field of the problems of files."""


def keep_file(store: FileStore, data: bytes, at: datetime) -> KeptFile:
    """Keep the bytes of a file and read its text; raise StorageError."""
    digest = digest_bytes(data)
    store.put(digest, data)
    media_type = sniff_type(data)
    state, text = read_text(store.find_path(digest), media_type)
    return KeptFile(digest, len(data), media_type, text or None, state, at)


def read_text(
    path: Path, media_type: str, seconds: float = LONGEST_READING
) -> tuple[FileState, str]:
    """How far the text of a file can be read, and the text.

    In a process of its own, which knows nothing of the archive: what crashes or hangs there costs
    this text alone.
    """
    if media_type == ENCRYPTED_OFFICE:
        return "encrypted", ""
    if media_type not in READABLE:
        return "none", ""
    command = [sys.executable, "-E", "-P", str(PROGRAM), str(path), media_type]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, env={}
        )
    except subprocess.TimeoutExpired:
        return "timeout", ""
    if done.returncode == -signal.SIGXCPU:
        return "timeout", ""
    return _read_told(done.stdout) if done.returncode == 0 else ("broken", "")


def _read_told(said: bytes) -> tuple[FileState, str]:
    told = json.loads(said)
    return STATES[told["state"]], told["text"]


def doubt_file(file: KeptFile, url: str) -> tuple[Problem, ...]:
    """What is odd about a file, told to a person."""
    doubts = []
    if file.text_state in TOLD:
        doubts.append(Problem(FILE, file.text_state, TOLD[file.text_state]))
    if file.media_type == HTML and not urlsplit(url).path.endswith((".html", ".htm")):
        why = "A page came in place of a file: it is kept, and asked for again."
        doubts.append(Problem(FILE, HTML, why))
    return tuple(doubts)
