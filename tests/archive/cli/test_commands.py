"""`kpu-archive` as people and scripts meet it: what goes to stdout, what to stderr, which exit
code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from archive.database import engine as db
from tests.archive.histories import list_posts, make_home, spoil, visit
from tests.archive.making import NOON, begin, make_article, render, save
from tests.forking import Order, run_forked

PROGRAM = Path(sys.executable).with_name("kpu-archive")
READERS = [
    ["search", "x"],
    ["show", "kota-surakarta/1"],
    ["history", "kota-surakarta/1"],
    ["diff", "kota-surakarta/1"],
    ["stats"],
    ["runs"],
    ["coverage"],
    ["health"],
    ["views", "kota-surakarta/1"],
    ["views", "--top"],
    ["changes"],
]


def run(
    *arguments: str, url: str = "", folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program with its output on pipes."""
    environment = os.environ | {"KPU_ARCHIVE_URL": url}
    order = Order(("kpu-archive", *arguments), folder or Path.cwd(), environment)
    return run_forked(order, timeout=60)


@pytest.fixture
def filled_url(archive_url: str) -> str:
    """An archive with two articles, one of them without a date."""
    engine = db.open_writer(archive_url, say=print)
    save(
        engine,
        begin(engine),
        make_article(1, title="Pemilihan Ketua", body="Rapat dibuka. Warga memilih."),
        make_article(2, title="Pemilihan", body="Tanpa tanggal.", published_earliest=None),
    )
    engine.dispose()
    return archive_url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An empty archive in SQLite, where the engine makes no difference."""
    shutil.copy(sqlite_template, tmp_path / "archive.db")
    return f"sqlite:///{tmp_path}/archive.db"


def test_search_writes_hits_and_tells_the_rest_apart(filled_url: str) -> None:
    """Hits alone go to stdout; the place read, the count and what was left out go to stderr."""
    done = run("search", "memilih", "--since", "2025-01-01", "--format", "json", url=filled_url)
    assert [hit["page"] for hit in json.loads(done.stdout)] == ["kota-surakarta/1"]
    place = db.describe(filled_url)
    left_out = "1 undated left out; --undated shows them"
    assert done.stderr.splitlines() == [f"archive: {place}", "1 of 1 found", left_out]
    assert done.returncode == 0


def test_search_on_a_pipe_is_plain(filled_url: str) -> None:
    """Tab-separated, the found words in brackets, no escapes."""
    done = run("search", "warga", "memilih", url=filled_url)
    assert done.stdout.splitlines()[1:] == [
        "kota-surakarta/1\t2025-11-01\tPemilihan Ketua\t[Warga] [memilih]."
    ]


def test_nothing_found_is_no_error(filled_url: str) -> None:
    """A line on stderr, an empty array for programs, exit code 0."""
    done = run("search", "tiada", "--format", "json", url=filled_url)
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert done.stderr.endswith("nothing found\n")


def test_snapshot_writes_the_stored_bytes(filled_url: str) -> None:
    """Byte for byte, and nothing else on stdout."""
    environment = os.environ | {"KPU_ARCHIVE_URL": filled_url}
    done = subprocess.run(
        [PROGRAM, "snapshot", "kota-surakarta/1"], env=environment, capture_output=True, check=True
    )
    assert done.stdout == render("Pemilihan Ketua", "Rapat dibuka. Warga memilih.", 1)


@pytest.mark.parametrize(
    ("command", "first"), [("show", "Pemilihan Ketua"), ("history", "capture\t")]
)
def test_page_is_shown(filled_url: str, command: str, first: str) -> None:
    """For people in lines, for programs as one array."""
    assert run(command, "kota-surakarta/1", url=filled_url).stdout.startswith(first)
    assert (
        len(json.loads(run(command, "kota-surakarta/1", "--format", "json", url=filled_url).stdout))
        == 1
    )


@pytest.fixture
def edited_url(filled_url: str) -> str:
    """The archive with an edit of its first article."""
    engine = db.open_writer(filled_url, say=print)
    body = "Rapat dibuka. Semua warga memilih."
    save(engine, 1, make_article(1, 1440, title="Pemilihan Ketua", body=body))
    engine.dispose()
    return filled_url


def test_diff_tells_what_was_edited(edited_url: str) -> None:
    """For people, for a browser, for programs."""
    plain = run("diff", "kota-surakarta/1", url=edited_url)
    assert plain.stdout.splitlines()[-1] == "Rapat dibuka. [-Warga-]{+Semua warga+} memilih."
    html = run("diff", "kota-surakarta/1", "--from", "1", "--format", "html", url=edited_url).stdout
    assert html.startswith("<!doctype html>") and "<ins>Semua warga" in html
    told = json.loads(run("diff", "kota-surakarta/1", "--format", "json", url=edited_url).stdout)
    assert [one["words_added"] for one in told] == [2]


def test_article_is_shown_as_it_was(edited_url: str) -> None:
    """By day and by revision; one of them at a time."""
    first = run("show", "kota-surakarta/1", "--at", "2025-11-03", url=edited_url).stdout
    assert first.splitlines()[-1] == "Rapat dibuka. Warga memilih."
    assert "revision 1 of 2" in first
    second = run("show", "kota-surakarta/1", "--revision", "2", "--format", "json", url=edited_url)
    assert json.loads(second.stdout)[0]["shown"]["revision"] == 2
    both = run("show", "kota-surakarta/1", "--at", "2025", "--revision", "1", url=edited_url)
    assert (both.returncode, "exclude each other" in both.stderr) == (2, True)


def test_archive_is_shown_as_it_was_known(edited_url: str) -> None:
    """Before the edit was captured; an office at a time, and all."""
    day = ("--as-of", "2025-11-03", "--format", "json")
    shown = json.loads(run("show", "kota-surakarta/1", *day, url=edited_url).stdout)[0]
    assert (shown["body"], shown["revisions"]) == ("Rapat dibuka. Warga memilih.", 1)
    assert len(json.loads(run("history", "kota-surakarta/1", *day, url=edited_url).stdout)) == 1
    counts = json.loads(run("stats", *day, url=edited_url).stdout)[0]
    assert (counts["articles"], counts["revisions"], counts["captures"]) == (2, 2, 2)
    rows = json.loads(run("coverage", *day, url=edited_url).stdout)
    assert [row["held"] for row in rows] == [2]
    early = run("show", "kota-surakarta/1", "--as-of", "2025-11-02", url=edited_url)
    assert (early.returncode, "no page" in early.stderr) == (2, True)


def test_stats_count_what_stood_on_a_day(edited_url: str) -> None:
    """None before the first was seen."""
    for day, count in (("2025-11-02", 0), ("2025-11-03", 2)):
        done = run("stats", "--current-on", day, "--format", "json", url=edited_url)
        assert json.loads(done.stdout) == [{"offices": min(count, 1), "articles": count}]
    both = run("stats", "--current-on", "2025", "--as-of", "2025", url=edited_url)
    assert (both.returncode, "exclude each other" in both.stderr) == (2, True)


@pytest.mark.parametrize("choice", ["x", "2024-13", "-1", "0"])
def test_diff_of_no_revision_is_a_line(edited_url: str, choice: str) -> None:
    """No traceback for what cannot be compared."""
    done = run("diff", "kota-surakarta/1", "--from", choice, url=edited_url)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "no revision" in done.stderr or "is no day" in done.stderr


def test_stats_and_runs_count(filled_url: str) -> None:
    """One object of counts, one object a run."""
    assert json.loads(run("stats", "--format", "json", url=filled_url).stdout)[0]["articles"] == 2
    assert "articles\t2" in run("stats", url=filled_url).stdout.splitlines()
    assert (
        json.loads(run("runs", "--format", "json", url=filled_url).stdout)[0]["spider"] == "semua"
    )


def test_health_ends_with_1_when_an_office_needs_attention(filled_url: str) -> None:
    """Nothing to tell is 0 and an empty array; an office that went down is a row, told in one line,
    and 1."""
    engine = db.open_writer(filled_url, say=print)
    today = (datetime.now(UTC) - NOON).days
    visit(engine, today, make_home(), make_article(1), list_posts(1))
    assert run("health", "--format", "json", url=filled_url).stdout == "[]\n"
    assert run("health", url=filled_url).returncode == 0
    visit(engine, today + 1, spoil(make_home(), error="connection refused"))
    engine.dispose()
    done = run("health", "--format", "json", url=filled_url)
    assert (done.returncode, [row["state"] for row in json.loads(done.stdout)]) == (1, ["down"])
    assert done.stderr.endswith("1 of 2 offices need attention: 1 down, 1 never visited\n")
    assert len(json.loads(run("health", "--all", "--format", "json", url=filled_url).stdout)) == 2
    assert run("health", "--state", "blocked", url=filled_url).returncode == 0


def test_health_notices_that_nobody_crawls(filled_url: str) -> None:
    """Where every office fares well and none was visited for days, one row says so, and the exit
    code is 1."""
    engine = db.open_writer(filled_url, say=print)
    visit(engine, 0, make_home(), make_article(1), list_posts(1))
    engine.dispose()
    done = run("health", "--format", "json", url=filled_url)
    assert (done.returncode, [row["state"] for row in json.loads(done.stdout)]) == (1, ["no crawl"])


def test_coverage_lists_one_office_or_counts_all(filled_url: str) -> None:
    """One row per missing article of an office with its totals on stderr; one row per office
    without a name."""
    engine = db.open_writer(filled_url, say=print)
    visit(engine, 0, make_home(), list_posts(1, 2, 3), make_article(1))
    engine.dispose()
    done = run("coverage", "kota-surakarta", "--format", "jsonl", url=filled_url)
    assert [json.loads(line)["reason"] for line in done.stdout.splitlines()] == ["never fetched"]
    assert done.stderr.splitlines()[-1].startswith("kota-surakarta: 3 shown, 2 held, 1 missing")
    assert "kota-surakarta\t3\t2\t1" in run("coverage", url=filled_url).stdout


def test_rebuild_derives_the_same_again(filled_url: str) -> None:
    """What search finds survives a rebuild from the captures."""
    before = run("search", "memilih", url=filled_url).stdout
    assert run("rebuild", url=filled_url).returncode == 0
    assert run("search", "memilih", url=filled_url).stdout == before != ""


@pytest.mark.parametrize("arguments", READERS, ids=" ".join)
def test_readers_make_no_archive(tmp_path: Path, arguments: list[str]) -> None:
    """Without an archive: one line with the place looked at and what to set, exit code 2, and still
    no file."""
    done = run(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert (
        done.stderr
        == f"kpu-archive: no archive at {tmp_path}/kpu-archive.db; set KPU_ARCHIVE_URL\n"
    )
    assert not list(tmp_path.iterdir())


def test_upgrade_makes_an_archive_where_the_project_is(tmp_path: Path) -> None:
    """Without a URL the archive lies beside scrapy.cfg, also when called from a folder below."""
    (tmp_path / "scrapy.cfg").touch()
    (tmp_path / "below").mkdir()
    done = run("upgrade", folder=tmp_path / "below")
    assert done.stderr.startswith(f"making an archive at {tmp_path}/kpu-archive.db\n")
    assert run("stats", folder=tmp_path).returncode == 0


def test_option_names_another_archive(sqlite_url: str) -> None:
    """--archive goes before the environment."""
    assert (
        run("stats", "--archive", sqlite_url, url="sqlite:////nowhere/archive.db").returncode == 0
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search", "x", "--site", "kota-surakrta"], "no office 'kota-surakrta'"),
        (["search", "x", "--since", "kemarin"], "'kemarin'"),
        (
            ["search", "x", "--since", "2025-01-02", "--until", "2025-01-01"],
            "--since is after --until",
        ),
        (["search", "x", "--format", "xml"], "'xml'"),
        (["show", "kota-surakarta/12345"], "no "),
        (["show"], "SITE/N"),
        (["coverage", "kota-surakrta"], "no office 'kota-surakrta'"),
        (["runs", "--site", "x"], "no office 'x'"),
        (["health", "--state", "sad"], "'sad'"),
        (["stats", "--archive", "mysql://x/y"], "not the address of a database"),
    ],
)
def test_misuse_ends_with_2(sqlite_url: str, arguments: list[str], said: str) -> None:
    """What a person got wrong is told without a traceback."""
    done = run(*arguments, url=sqlite_url)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and "Traceback" not in done.stderr


def test_broken_database_ends_with_9(filled_url: str) -> None:
    """What the database refuses is one line and the code for storage."""
    engine = db.open_writer(filled_url, say=print)
    with engine.begin() as connection:
        connection.execute(text("DROP VIEW articles"))
        connection.execute(text("DROP TABLE clusters"))
    engine.dispose()
    done = run("stats", url=filled_url)
    assert done.returncode == 9
    assert len(done.stderr.splitlines()) == 2 and "clusters" in done.stderr


def test_damaged_snapshot_ends_with_9(filled_url: str) -> None:
    """Bytes that are not what was kept are never written out."""
    engine = db.open_writer(filled_url, say=print)
    with engine.begin() as connection:
        connection.execute(text("UPDATE blobs SET digest = digest || 'x'"))
    engine.dispose()
    done = run("snapshot", "kota-surakarta/1", url=filled_url)
    assert (done.returncode, done.stdout) == (9, "")
    assert "Traceback" not in done.stderr


def test_closed_pipe_is_quiet(sqlite_url: str) -> None:
    """`kpu-archive ... | head -1` says nothing of its own, and is no failure where a shell looks at
    every part of a pipe."""
    engine = db.open_writer(sqlite_url, say=print)
    save(
        engine,
        begin(engine),
        *(make_article(n, published_earliest=date(2025, 1, 1)) for n in range(1, 600)),
    )
    engine.dispose()
    command = f"set -o pipefail; '{PROGRAM}' search --format jsonl | head -1"
    environment = os.environ | {"KPU_ARCHIVE_URL": sqlite_url}
    done = subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["site"] == "kota-surakarta"
    assert "Broken" not in done.stderr and "Traceback" not in done.stderr


def test_help_imports_no_database() -> None:
    """Asking what there is takes no time: neither SQLAlchemy nor rich nor Scrapy is loaded for
    it."""
    code = (
        "import sys, kpucrawl.cli\nsys.argv[1:] = ['--help']\ntry: kpucrawl.cli.main()\n"
        "except SystemExit: print({'sqlalchemy', 'rich', 'scrapy'} & set(sys.modules), "
        "file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "set()\n"
    assert "search" in done.stdout
