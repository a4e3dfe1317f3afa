"""Bundles: what a probe saw, in a folder for people to look at, and from there into the tests.

Per request `NAME.json` (what was asked and answered, and what was read) and the body's very bytes
beside it; `index.json` for all of them, and `report.txt`, what the probe printed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kpucrawl.extract.records import PageReading
from kpucrawl.probing.plan import PAGES, Answer, name_answers
from kpucrawl.probing.survey import survey_page
from kpucrawl.sites import Site

PRIVATE_HEADERS = frozenset({"set-cookie"})
"""Left out of test pages."""
INDEX = "index.json"
PAGE_KEYS = ("url", "fetched_at", "zone", "headers", "body")


class BundleError(Exception):
    """A bundle cannot be written, read or adopted; the message names the place."""


def make_folder(folder: Path) -> None:
    """Make the folder of a new bundle; raise BundleError where something is already."""
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        why = (
            "is there already; choose another with --bundle" if folder.exists() else error.strerror
        )
        raise BundleError(f"{folder} {why}") from error


def save_bundle(
    folder: Path, site: Site, index: Mapping[str, object], answers: Sequence[Answer]
) -> None:
    """Write all answers into an empty folder; raise BundleError."""
    try:
        for name, answer in name_answers(answers):
            told = describe_answer(name, site, answer)
            if told["body"]:
                (folder / str(told["body"])).write_bytes(answer.body)
            _write_json(folder / f"{name}.json", told)
        _write_json(folder / INDEX, index)
    except OSError as error:
        raise BundleError(f"{folder}: {error.strerror}") from error


def save_report(folder: Path, report: str) -> None:
    """Write the report beside the answers; raise BundleError."""
    try:
        (folder / "report.txt").write_text(report + "\n", encoding="utf-8")
    except OSError as error:
        raise BundleError(f"{folder}: {error.strerror}") from error


def list_answers(answers: Sequence[Answer]) -> list[dict[str, object]]:
    """All answers as `index.json` has them."""
    return [
        {
            "name": name,
            "why": answer.step.why,
            "url": answer.capture.url,
            "status": answer.capture.status,
            "error": answer.capture.error,
            "outcome": answer.outcome,
            "kind": answer.reading.kind if answer.reading else None,
            "template": answer.reading.template if answer.reading else None,
        }
        for name, answer in name_answers(answers)
    ]


def describe_answer(name: str, site: Site, answer: Answer) -> dict[str, object]:
    """One answer as `NAME.json` has it."""
    capture, reading = answer.capture, answer.reading
    return {
        "name": name,
        "role": answer.step.role,
        "why": answer.step.why,
        "url": capture.url,
        "answered_url": capture.answered_url,
        "sent": dict(answer.step.headers),
        "status": capture.status,
        "headers": dict(capture.headers),
        "error": capture.error,
        "fetched_at": capture.fetched_at,
        "zone": site.timezone,
        "tls": capture.tls,
        "outcome": answer.outcome,
        "body": _name_body(name, answer) if answer.body else None,
        "reading": asdict(reading) if reading else None,
        "survey": asdict(survey_page(answer.body, capture.url, reading)) if reading else None,
    }


def _name_body(name: str, answer: Answer) -> str:
    return f"{name}.html" if answer.step.role in PAGES else f"{name}.body"


def write_json(value: object) -> str:
    """JSON for people: indented, days and times as ISO 8601."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_write_day) + "\n"


def adopt_pages(
    source: Path, target: Path, label: Callable[[PageReading], Mapping[str, object]]
) -> list[Path]:
    """Make test pages of a bundle, or of its page `BUNDLE/NAME`; return their label files, or raise
    BundleError.

    What is read now, by the names that `label` gives it, is the expected reading, to be corrected
    by hand.
    """
    folder, office, names = _find_names(source)
    pages = [_read_json(folder / f"{name}.json", PAGE_KEYS) for name in names]
    files = [target / f"{office}-{name}.html" for name in names]
    for file in files:
        if file.exists() or file.with_suffix(".json").exists():
            raise BundleError(f"{file} is there already")
    try:
        target.mkdir(parents=True, exist_ok=True)
        for file, told in zip(files, pages, strict=True):
            _adopt_page(file, told, (folder / told["body"]).read_bytes(), label)
    except OSError as error:
        raise BundleError(f"{error.filename or target}: {error.strerror}") from error
    return [file.with_suffix(".json") for file in files]


def _adopt_page(
    file: Path, told: Mapping[str, Any], body: bytes, label: Callable[[PageReading], object]
) -> None:
    from kpucrawl.extract import read_page

    headers = {
        name: value
        for name, value in told["headers"].items()
        if name.lower() not in PRIVATE_HEADERS
    }
    at = datetime.fromisoformat(told["fetched_at"])
    reading = read_page(body, told["url"], headers=headers, fetched_at=at, zone=told["zone"])
    kept = {key: told[key] for key in ("url", "fetched_at", "zone")} | {"headers": headers}
    file.write_bytes(body)
    _write_json(file.with_suffix(".json"), kept | {"expected": label(reading)})


def _find_names(source: Path) -> tuple[Path, str, list[str]]:
    """The bundle that a path names, its office, and which of its pages; of a whole bundle each
    address once."""
    whole = (source / INDEX).is_file()
    folder = source if whole else source.parent
    if not (folder / INDEX).is_file():
        raise BundleError(f"{source}: no bundle, there is no {INDEX}")
    index = _read_json(folder / INDEX, ("office", "answers"))
    read = [
        told for told in index["answers"] if told["kind"] and (told["status"] == 200 or not whole)
    ]
    first = {told["url"]: told["name"] for told in reversed(read)}
    names = (
        sorted(first.values())
        if whole
        else [told["name"] for told in read if told["name"] == source.stem]
    )
    if not names:
        raise BundleError(f"{source}: there is no such page, or none that was read")
    return folder, index["office"], names


def _read_json(file: Path, keys: Sequence[str]) -> dict[str, Any]:
    """A JSON object with these keys; raise BundleError."""
    try:
        loaded = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BundleError(f"{file}: {getattr(error, 'strerror', None) or error}") from error
    if not isinstance(loaded, dict) or not loaded.keys() >= set(keys):
        raise BundleError(f"{file}: not a JSON object with {', '.join(keys)}")
    return loaded


def _write_json(file: Path, value: object) -> None:
    file.write_text(write_json(value), encoding="utf-8")


def _write_day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no JSON")
