"""What `make mutate` changes, which tests it asks, and what it makes of their answers."""

from __future__ import annotations

import ast
import csv
from pathlib import Path

import pytest

from tests.mutate import __main__ as command
from tests.mutate.mutants import Mutant, change_text, find_sites, list_mutable, show_change
from tests.mutate.reach import Uses, follow_uses
from tests.mutate.trial import find_failed

ROOT = Path(__file__).parents[2]


def list_changes(text: str) -> list[str]:
    """Every text that a module can become."""
    return [
        change_text(text, Mutant("", site, choice))
        for site in find_sites(text)
        for choice in site.choices
    ]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        pytest.param("a < b", ["(a <= b)", "(a >= b)"], id="boundary and opposite"),
        pytest.param("a == b", ["(a != b)"], id="equality"),
        pytest.param("a in b", ["(a not in b)"], id="membership"),
        pytest.param("a and b", ["(a or b)"], id="boolean"),
        pytest.param("not a", ["(a)"], id="not"),
        pytest.param("a + b", ["(a - b)"], id="arithmetic"),
        pytest.param("5", ["6", "4"], id="number"),
        pytest.param("True", ["False"], id="truth"),
        pytest.param("a[b:]", ["a[(b + 1):]", "a[(b - 1):]"], id="slice"),
        pytest.param("b if a else c", ["b if (not a) else c"], id="condition"),
        pytest.param("'a'", [], id="texts are left alone"),
        pytest.param("field(strict=True)", [], id="guards are left alone"),
        pytest.param(
            "'\xe9\xe9' if a else c",
            ["'\xe9\xe9' if (not a) else c"],
            id="after letters of two bytes",
        ),
    ],
)
def test_expressions(code: str, changes: list[str]) -> None:
    """Each kind of expression becomes what the table of operators says, and nothing around it."""
    assert list_changes(f"value = {code}\n") == [f"value = {change}\n" for change in changes]


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        pytest.param("return a", ["return None"], id="return"),
        pytest.param("return False", ["return True"], id="a false answer is not made none"),
        pytest.param("a.b()", ["pass"], id="deletion"),
        pytest.param("b = a", [], id="a name's only assignment stays"),
        pytest.param("a = a.b", ["pass"], id="an argument's new value goes"),
        pytest.param("a.b = c", ["pass"], id="an attribute's value goes"),
        pytest.param("raise a", ["pass"], id="raise"),
        pytest.param("assert a == 1", [], id="assertions are left alone"),
        pytest.param("'''Text.'''", [], id="docstrings are left alone"),
    ],
)
def test_statements(body: str, changes: list[str]) -> None:
    """Statements of a function lose their effect, one at a time."""
    head = "def work(a: int | None) -> None:\n    "
    assert list_changes(f"{head}{body}\n") == [f"{head}{change}\n" for change in changes]


def test_loops() -> None:
    """A loop that was left goes on, and one that went on is left."""
    loop = "for a in b:\n    break\n"
    assert list_changes(loop) == [loop.replace("break", "continue")]
    assert list_changes(loop.replace("break", "continue")) == [loop]


def test_annotations_are_left_alone() -> None:
    """What only a type checker reads is no site."""
    assert (
        find_sites("a: int | None\ndef b(c: int | str) -> int | None:\n    d: int | None\n") == []
    )


@pytest.mark.long
def test_every_mutant_of_the_project_is_python() -> None:
    """No change breaks a module's syntax, and each changes something."""
    for path in list_mutable(ROOT):
        text = (ROOT / path).read_text()
        for site in find_sites(text):
            changed = change_text(text, Mutant(path, site, site.choices[-1]))
            assert changed != text
            if site.node.lineno % 7 == 0:  # a sample: to parse them all takes a minute
                ast.parse(changed)


def test_a_change_is_shown_in_one_line() -> None:
    """The lines before and after a change are joined, so that a table can name them."""
    text = "a = (\n    b\n    <\n    c\n)\n"
    (site,) = find_sites(text)[:1]
    assert show_change(text, Mutant("", site, "(b <= c)")) == ("b < c", "(b <= c)")


def test_migrations_are_left_out() -> None:
    """Archives exist that a migration was run on, so none is ever changed."""
    paths = list_mutable(ROOT)
    assert "archive/database/models.py" in paths
    assert not [path for path in paths if "migrations" in path]


def test_constants_are_reached_through_their_names() -> None:
    """A number at the head of a module is tested by whoever reads it, or what is made from it."""
    uses = Uses({"MOST": {("m.py", 9)}, "TABLE": {("n.py", 3)}}, {"MOST": {"TABLE"}}, {})
    assert follow_uses(uses, ["MOST"]) == {("m.py", 9), ("n.py", 3)}
    assert follow_uses(uses, ["OTHER"]) == set()


def test_the_failed_test_is_named() -> None:
    """The summary's line is a test's name, perhaps with dashes in it, and perhaps a reason."""
    tests = ["t.py::a[b]", "t.py::a[b - c]", "t.py::a"]
    assert find_failed("..F\nFAILED t.py::a[b - c] - assert 1 == 2\n", tests) == "t.py::a[b - c]"
    assert find_failed("FAILED t.py::a[b]\n", tests) == "t.py::a[b]"
    assert find_failed("ERROR t.py - ImportError\n", tests) is None


def test_sampling_is_seeded() -> None:
    """One seed draws the same mutants, the more of them the same first; another draws others."""
    few = [(m.path, m.first, m.choice) for m in command.choose_mutants(1, 5, "")]
    more = [(m.path, m.first, m.choice) for m in command.choose_mutants(1, 10, "")]
    other = [(m.path, m.first, m.choice) for m in command.choose_mutants(2, 5, "")]
    assert more[:5] == few
    assert other != few


@pytest.mark.parametrize(("caught", "code"), [(85, 0), (84, 1)])
def test_too_few_caught_fails(caught: int, code: int) -> None:
    """At 85 of a hundred the run passes, below it fails; equivalent ones do not count."""
    (mutant,) = command.choose_mutants(1, 1, "")
    outcomes = ["caught"] * caught + ["survived"] * (100 - caught) + ["equivalent"] * 50
    assert (
        command.report([command.Told(mutant, "", "", outcome, 1) for outcome in outcomes], 1)
        == code
    )


def test_equivalents_have_a_reason_and_exist() -> None:
    """Each row of the table names a change that can still be made, once, and gives a reason."""
    with command.EQUIVALENT.open(newline="") as file:
        rows = list(csv.DictReader(file))
    keys = [(row["path"], row["scope"], row["before"], row["after"]) for row in rows]
    assert len(set(keys)) == len(keys)
    for row in rows:
        assert row["reason"], row
        text = (ROOT / row["path"]).read_text()
        changes = {
            (site.scope, *show_change(text, Mutant("", site, choice)))
            for site in find_sites(text)
            for choice in site.choices
        }
        assert (row["scope"], row["before"], row["after"]) in changes, row
