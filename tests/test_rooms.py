"""The rules of the house: which room may import what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRAPY_ROOMS = (
    "settings",
    "spiderloader",
    "spiders",
    "commands",
    "middlewares",
    "compression",
    "pipelines",
    "extensions",
)
NETWORK = {"socket", "ssl", "http", "urllib.request", "requests", "aiohttp", "httpx", "twisted"}
DATABASE = {"sqlalchemy", "alembic", "sqlite3", "psycopg", "archive"}
AT_THE_EDGE = (*SCRAPY_ROOMS, "archive/cli", "archive/ingest")
"""Rooms that may look at the clock; the others are told the time."""
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}
MODULES = sorted(
    path for package in ("kpucrawl", "archive") for path in (ROOT / package).rglob("*.py")
)


def find_imports(path: Path) -> Iterator[str]:
    """Full names of what a module imports, at any depth."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def find_forbidden(path: Path) -> set[str]:
    """Names that this module's room may not import."""
    package, *rest = path.relative_to(ROOT).with_suffix("").parts
    forbidden: set[str] = set()
    if package == "archive":
        forbidden |= {"scrapy", "kpucrawl", "twisted"}
    elif rest[0] not in SCRAPY_ROOMS:
        forbidden |= {"scrapy", "twisted"}
    if package == "kpucrawl" and rest[0] == "extract":
        forbidden |= NETWORK | DATABASE
    return forbidden


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_imports_only_what_its_room_may(path: Path) -> None:
    """Scrapy stays in its rooms, the reader is pure, the archive knows neither Scrapy nor
    kpucrawl."""
    forbidden = find_forbidden(path)
    found = {
        name
        for name in find_imports(path)
        if any(name == bad or name.startswith(bad + ".") for bad in forbidden)
    }
    assert not found


def test_rule_finds_what_it_forbids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk sees a plain import, a from-import and one inside a function."""
    monkeypatch.setattr("tests.test_rooms.ROOT", tmp_path)
    module = tmp_path / "kpucrawl" / "extract" / "bad.py"
    module.parent.mkdir(parents=True)
    module.write_text(
        "import scrapy.http\nfrom urllib import request\ndef f():\n    import "
        "archive.database.engine\n"
    )
    found = set(find_imports(module))
    assert found == {"scrapy.http", "urllib.request", "archive.database.engine"}
    assert {"scrapy", "urllib.request", "archive"} <= find_forbidden(module)


def test_extract_package_stays_light() -> None:
    """Importing the package costs no parser: `scrapy list` runs through it."""
    text = (ROOT / "kpucrawl/extract/__init__.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 40


def find_modules() -> dict[str, Path]:
    """Every module of both packages by its full name."""
    names = (path.relative_to(ROOT).with_suffix("").parts for path in MODULES)
    return {
        ".".join(parts[:-1] if parts[-1] == "__init__" else parts): path
        for parts, path in zip(names, MODULES, strict=True)
    }


def find_loaded(name: str, modules: dict[str, Path]) -> set[str]:
    """The modules that importing this one loads: imports at its top, outside of TYPE_CHECKING."""
    loaded: set[str] = set()
    for node in ast.parse(modules[name].read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            loaded |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            loaded |= {f"{node.module}.{alias.name}" for alias in node.names}
            loaded.add(node.module or "")
    return loaded & modules.keys() - {name}


def test_no_imports_run_in_circles() -> None:
    """Modules can be put in an order in which each imports only those before it."""
    modules = find_modules()
    assert len(modules) > 100
    loads = {name: find_loaded(name, modules) for name in modules}
    list(TopologicalSorter(loads).static_order())


def test_archive_layers_point_down() -> None:
    """Nothing below the command line imports it, and the database knows nobody above it."""
    modules = find_modules()
    loads = {name: find_loaded(name, modules) for name in modules if name.startswith("archive.")}
    upwards = {
        (name, other)
        for name, others in loads.items()
        for other in others
        if (other.startswith("archive.cli") and not name.startswith("archive.cli"))
        or (name.startswith("archive.database") and not other.startswith("archive.database"))
    }
    assert upwards == set()


def find_clocks(path: Path) -> Iterator[str]:
    """Readings of a clock in a module: `datetime.now`, `time.monotonic`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            continue
        if node.value.id in ("datetime", "date", "time") and node.attr in CLOCKS:
            yield f"{node.value.id}.{node.attr}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_clock_is_read_at_the_edge(path: Path) -> None:
    """What decides is told the time, so that a test can tell another."""
    package, *rest = path.relative_to(ROOT).with_suffix("").parts
    room = rest[0] if package == "kpucrawl" else f"{package}/{rest[0]}"
    assert room in AT_THE_EDGE or list(find_clocks(path)) == []


def test_clocks_are_found(tmp_path: Path) -> None:
    """The rule above can fail."""
    module = tmp_path / "module.py"
    module.write_text("at = datetime.now(UTC)\nbegan = time.monotonic()\nday = at.date()\n")
    assert list(find_clocks(module)) == ["datetime.now", "time.monotonic"]
