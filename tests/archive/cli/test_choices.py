"""What is typed is read as it was meant, or refused in one line."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
import typer

from archive.cli.choices import Format, read_first_day, read_last_day
from archive.cli.rows import write_rows
from archive.database import engine as db
from archive.search.query import parse_query
from kpucrawl.addresses import name_address
from tests.archive.cli.test_commands import run
from tests.archive.making import CILACAP, begin, make_article, save

WRITERS = ("Budi", "Asa")
HOSTILE = "a\x1b[31m\x9b2J\u202eb\r\tc\nd"


@pytest.fixture
def url(archive_url: str) -> str:
    """Thirty articles of one office and one of another, by three people."""
    engine = db.open_writer(archive_url, say=print)
    numbered = (
        make_article(
            n, title=f"Rapat {n}", writers=("Asa",) if n % 2 else ("Budi",), category="Opini"
        )
        for n in range(1, 31)
    )
    other = make_article(1, site=CILACAP.code, writers=("Citra Dewi",), category="Berita")
    save(engine, begin(engine), *numbered, other)
    engine.dispose()
    return archive_url


def count(url: str, *arguments: str) -> int:
    """How many articles a search writes for programs."""
    return len(run("search", *arguments, "--format", "jsonl", url=url).stdout.splitlines())


def test_several_of_a_kind_add_up(url: str) -> None:
    """Of several offices, categories or names each counts; one kind narrows another."""
    assert count(url, "--site", "kab-cilacap", "--site", "kota-surakarta") == 31
    assert count(url, "--category", "Opini", "--category", "berita") == 31
    assert count(url, "--by", "Asa", "--by", "citra dewi") == 16
    assert count(url, "--by", "Asa", "--by", "Citra", "--site", "kab-cilacap") == 1


def test_numbers_are_taken_up_to_what_both_engines_hold(url: str) -> None:
    """The highest number of a row is a limit like another; one more is refused."""
    assert count(url, "--limit", "2147483647") == 31
    assert run("search", "--limit", "2147483648", url=url).returncode == 2


def test_one_day_is_a_span(url: str) -> None:
    """The first day may be the last; it may not be after it."""
    assert count(url, "--since", "2025-11-01", "--until", "2025-11-01") == 31
    assert run("search", "--since", "2025-11-02", "--until", "2025-11-01", url=url).returncode == 2


def test_programs_get_all_hits_and_people_twenty(url: str) -> None:
    """A table has twenty rows, other formats all; `--limit` counts for both."""
    assert count(url) == 31
    assert count(url, "--limit", "3") == 3
    assert len(json.loads(run("search", "--format", "json", url=url).stdout)) == 31
    assert len(run("search", url=url).stdout.splitlines()) == 1 + 20
    assert len(run("search", "--limit", "25", url=url).stdout.splitlines()) == 1 + 25


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://kota-surakarta.kpu.go.id/blog/read/7_slug", "blog:7"),
        ("kota-surakarta.kpu.go.id/blog/read/7_slug?utm_source=x#isi", "blog:7"),
        ("http://www.kota-surakarta.kpu.go.id:80/index.php/blog/read/007/a/b", "blog:7"),
        (" <https://KOTA-SURAKARTA.kpu.go.id/berita/baca/7/-> ", "berita:7"),
        ("//kota-surakarta.kpu.go.id/?p=12", "wp:12"),
    ],
)
def test_an_address_names_a_page(address: str, name: str) -> None:
    """As a browser has it, or somebody's message."""
    assert name_address(address) == f"kota-surakarta.kpu.go.id/{name}"


@pytest.mark.parametrize(
    "name",
    ["kota-surakarta/7", "33.72/berita:7", "kota-surakarta.kpu.go.id/7", "x/url:/a/b?c", "x", ""],
)
def test_a_name_is_left_alone(name: str) -> None:
    """What can be looked up as it is."""
    assert name_address(name) is None


@pytest.mark.parametrize("command", ["show", "history", "snapshot"])
def test_an_address_will_do_for_a_name(url: str, command: str) -> None:
    """Wherever a page can be named."""
    named = run(command, "kota-surakarta/7", url=url)
    done = run(command, "https://kota-surakarta.kpu.go.id/blog/read/7_rapat", url=url)
    assert (done.returncode, done.stdout) == (0, named.stdout)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-03", date(2024, 2, 3), date(2024, 2, 3)),
    ],
)
def test_a_year_or_a_month_is_its_first_or_last_day(text: str, first: date, last: date) -> None:
    """`--since` begins with it, `--until` ends with it."""
    assert (read_first_day(text), read_last_day(text)) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "24", "02024", "0000", "2024-13", "2024-02-30", "2024-1-1-1", "2024-", "²024", "9" * 23],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    """In words."""
    with pytest.raises(typer.BadParameter, match="is no day"):
        read_last_day(text)


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "--limit", "9" * 23],
        ["search", "--offset", "9" * 23],
        ["search", "--limit", "0"],
        ["search", "--limit", "5", "--limit", "6"],
        ["search", "--since", "2024", "--since", "2025"],
        ["search", "--since", "2025", "--until", "2024-12"],
        ["search", "--flag", "doubtful"],
        ["search", "--format", "xml"],
        ["search", "--site", ""],
        ["search", "--province", "kota-surakarta"],
        ["show", "https://kota-surakarta.kpu.go.id/"],
        ["show", "https://kota-surakarta.kpu.go.id/blog/read/" + "9" * 4400],
        ["show", "http://["],
        ["show", "kota-surakarta/" + "9" * 4400],
        ["snapshot", "kota-surakarta/1", "--capture", "9" * 23],
        ["runs", "--limit", "9" * 23],
        ["schedule", "--province", "33", "--province", "99"],
        ["frobnicate"],
    ],
    ids=lambda arguments: " ".join(arguments)[:60],
)
def test_nonsense_is_refused_in_one_line(sqlite_template: Path, arguments: list[str]) -> None:
    """Code 2, nothing on stdout, and one line beside that of the archive."""
    done = run(*arguments, url=f"sqlite:///{sqlite_template}")
    lines = [line for line in done.stderr.splitlines() if not line.startswith("archive: ")]
    assert (done.returncode, done.stdout, len(lines)) == (2, "", 1)
    assert lines[0].startswith("kpu-archive: ") and "Value error" not in lines[0]


def test_an_empty_file_is_no_archive(tmp_path: Path) -> None:
    """Nor a list of offices: each is one line and code 2."""
    (tmp_path / "empty").touch()
    done = run("stats", url=f"sqlite:///{tmp_path}/empty")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("OR adil", ("OR stands between two words",)),
        ("jujur OR", ("OR stands between two words",)),
        ("(jujur", ("a bracket was not closed",)),
        ("jujur)", ("a bracket was closed",)),
        ('"jujur', ("a quotation mark was not closed",)),
        ("jujur NOT", ("NOT stands before a word",)),
        ("pe*", ("pe*: a star wants 3 letters",)),
        ("pem?lu", ("pem?lu: a star stands at the end",)),
        ("kota:solo", ("kota: is no field",)),
        ("jujur OR adil NOT (pemil* -hoaks)", ()),
        ('"jujur OR pemil*"', ()),
        ("apa itu coklit? 75% or so, 10:30, https://kpu.go.id", ()),
        ("", ()),
    ],
)
def test_signs_that_ask_for_nothing_get_a_hint(query: str, said: tuple[str, ...]) -> None:
    """What was understood otherwise than it may be meant is told, unless it is ordinary text."""
    hints = parse_query(query).hints
    assert len(hints) == len(said)
    assert all(hint.startswith(start) for hint, start in zip(hints, said, strict=True))


def test_no_format_lets_an_escape_through() -> None:
    """CSV replaces them and keeps tabs and line breaks; JSON writes them as its own escapes and
    loses nothing."""
    told = {}
    for style in Format:
        out = io.StringIO()
        write_rows([{"text": HOSTILE, "list": [HOSTILE]}], style, out)
        told[style] = out.getvalue()
        assert not set("\x1b\x9b\u202e\r") & set(told[style])
    assert json.loads(told[Format.JSONL])["text"] == HOSTILE
    cell = next(csv.DictReader(io.StringIO(told[Format.CSV])))["text"]
    assert cell == "a\ufffd[31m\ufffd2J\ufffdb\ufffd\tc\nd"


def test_version_and_examples_are_told() -> None:
    """`--version` names the program; help shows how a command is used."""
    assert run("--version").stdout.startswith("kpu-archive ")
    assert 'search "data pemilih" --site kota-surakarta' in run("search", "--help").stdout
