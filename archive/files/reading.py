"""The words of a file: `python reading.py FILE MEDIA-TYPE`, a program of its own that imports
nothing of the project.

It prints one JSON object, `state` and `text`. Its own memory and time are bounded, since files come
from anywhere: a few kilobytes may unpack to gigabytes.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from zipfile import ZipFile

SECONDS = 30
"""Of the processor: a book of 500 pages takes some 10."""
MOST_MEMORY = 1 << 30
MOST_TEXT = 200_000
"""Characters: some 80 pages, and as much as the longest law asks of a search."""
MOST_UNPACKED = 20_000_000
"""Bytes of the parts of a zip that are read: a Word file of 200,000 characters has some 3 MB of
XML, and 20 MB of the smallest elements take some 5 seconds."""
STEP = 65_536
PARTS = {
    "wordprocessingml.document": ("word/document.xml",),
    "spreadsheetml.sheet": ("xl/sharedStrings.xml",),
    "presentationml.presentation": ("ppt/slides/slide",),
    "opendocument.text": ("content.xml",),
    "opendocument.spreadsheet": ("content.xml",),
}
"""The parts with words, by the end of the media type: whole names or how they begin."""
ENDS = ("p", "tc", "si", "h", "br", "tab", "table-cell")
"""Elements behind which words do not run together."""


class TooLong(Exception):
    """A file unpacks to more than is read."""


class Encrypted(Exception):
    """A file asks for a password."""


def read_pdf(path: str) -> Iterator[str]:
    """The text of a PDF, page by page."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    logging.disable()
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Encrypted
        for page in reader.pages:
            yield page.extract_text() + "\n"
    except (DependencyError, FileNotDecryptedError) as error:
        raise Encrypted from error
    except LimitReachedError as error:
        raise TooLong from error


def read_office(path: str, media_type: str) -> Iterator[str]:
    """The text of the XML parts of an Office file."""
    wanted = next((names for end, names in PARTS.items() if media_type.endswith(end)), ())
    left = MOST_UNPACKED
    with ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith(wanted) and name.endswith(".xml"):
                part = package.getinfo(name)
                if part.flag_bits & 1:
                    raise Encrypted
                if part.file_size > left:
                    raise TooLong
                yield from read_words(read_part(package, name, left))
                left -= part.file_size


def read_part(package: ZipFile, name: str, most: int) -> Iterator[bytes]:
    """The bytes of a part, whatever size it says it has; raise TooLong."""
    with package.open(name) as part:
        while step := part.read(STEP):
            most -= len(step)
            if most < 0:
                raise TooLong
            yield step


def read_words(steps: Iterable[bytes]) -> Iterator[str]:
    """The words between the tags of an XML; its entities are not followed."""
    from lxml.etree import XMLPullParser

    parser = XMLPullParser(events=("end",), resolve_entities=False, no_network=True)
    for step in steps:
        parser.feed(step)
        for _, element in parser.read_events():
            if element.text:
                yield element.text
            if isinstance(element.tag, str) and element.tag.rpartition("}")[2] in ENDS:
                yield "\n"
            if element.tail and element.tail.strip():
                yield element.tail
            element.clear(keep_tail=True)
            parent = element.getparent()
            while parent is not None and parent[0] is not element:
                del parent[0]


def gather(chunks: Iterable[str]) -> tuple[str, str]:
    """The state and the text, as far as it may be."""
    found, size = [], 0
    try:
        for chunk in chunks:
            found.append(chunk)
            size += len(chunk)
            if size > MOST_TEXT:
                raise TooLong
    except Encrypted:
        return "encrypted", ""
    except (TooLong, MemoryError):
        return "too long", "".join(found)[:MOST_TEXT]
    except Exception:  # noqa: BLE001 - the boundary: whatever a broken file raises
        return "broken", "".join(found)[:MOST_TEXT]
    text = "".join(found).strip()
    return ("read" if text else "none"), text


def read_plain(path: str) -> Iterator[str]:
    """The text of a plain file."""
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        while step := file.read(STEP):
            yield step


def main(path: str, media_type: str) -> None:
    """Print what a file says."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    if media_type == "application/pdf":
        chunks = read_pdf(path)
    elif media_type == "text/plain":
        chunks = read_plain(path)
    else:
        chunks = read_office(path, media_type)
    state, text = gather(chunks)
    json.dump({"state": state, "text": text}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
