"""Whatever is typed gives a query or a hint."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search.query import (
    DEEPEST,
    LONGEST_QUERY,
    MOST_PARTS,
    All,
    AnyOf,
    Exact,
    Field,
    Leaf,
    Node,
    Not,
    Prefix,
    Word,
    list_wanted,
    parse_query,
)
from archive.search.tokens import split_words
from tests.archive.search.naive import QUERIES

A, B, C, D = map(Word, "abcd")
SIGNS = [
    "(",
    ")",
    '"',
    "“",
    "-",
    "--",
    "NOT ",
    " OR ",
    "|",
    "&",
    "title:",
    "x:",
    "*",
    "'",
    " ",
    "a",
]
HOSTILE = st.lists(st.sampled_from(SIGNS) | st.characters(), max_size=60).map("".join)


def show(node: Node | None) -> str:
    """A query in one line: bracketed whole, `+` for all, `|` for any, `!` for not."""
    if node is None:
        return ""
    if isinstance(node, All):
        return f"({' + '.join(map(show, node.parts))})"
    if isinstance(node, AnyOf):
        return f"({' | '.join(map(show, node.parts))})"
    if isinstance(node, Not):
        return f"!{show(node.part)}"
    field = "" if node.field is Field.TEXT else f"{node.field}:"
    if isinstance(node, Exact):
        return f'{field}"{" ".join(node.words)}"'
    return f"{field}{node.start}*" if isinstance(node, Prefix) else f"{field}{node.plain}"


def list_leaves(node: Node | None) -> Iterator[Leaf]:
    """All the words, phrases and prefixes of a query, also those below a Not."""
    if isinstance(node, (All, AnyOf)):
        for part in node.parts:
            yield from list_leaves(part)
    elif isinstance(node, Not):
        yield from list_leaves(node.part)
    elif node is not None:
        yield node


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("Memilih", "memilih"),
        ("a b", "(a + b)"),
        ("a AND b & c && d", "(a + b + c + d)"),
        ("or and not", "(or + and + not)"),
        ("a OR b", "(a | b)"),
        ("a OR b OR c", "(a | b | c)"),
        ("a | b|c || d", "(a | b | c | d)"),
        ("a b OR c d", "(a + (b | c) + d)"),
        ("a … OR () b", "(a | b)"),
        ("a OR (b c)", "(a | (b + c))"),
        ("(a OR b) 2024", "((a | b) + 2024)"),
        ("(a OR b) OR c", "(a | b | c)"),
        ("(a (b c)) d", "(a + b + c + d)"),
        ("Jum’at Ma'ruf É", "(jumat + maruf + e)"),
    ],
)
def test_words_are_joined(query: str, shown: str) -> None:
    """Words side by side are all asked for; OR binds closer."""
    assert show(parse_query(query).node) == shown
    assert parse_query(query).hints == ()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ('"a b"', '"a b"'),
        ("“a b” «c d» „e“", '("a b" + "c d" + "e")'),
        ('"a OR (b*"', '"a or b"'),
        ('a"b c"d', '(a + "b c" + d)'),
        ("7/2024", '"7 2024"'),
        ("anggota/staf undang-undang", '("anggota staf" + "undang undang")'),
        ("10:30 https://kpu.go.id", '("10 30" + "https kpu go id")'),
        ("pemil* PEMIL**", "pemil*"),
        ("ma'ruf* Jum’at* maʼr*", "(maruf* + jumat* + mar*)"),
        ('"pemil*"', '"pemil"'),
    ],
)
def test_words_next_to_each_other_and_beginnings(query: str, shown: str) -> None:
    """What is quoted, or one word to who typed it, stands together; a star ends a beginning."""
    assert show(parse_query(query).node) == shown
    assert parse_query(query).hints == ()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("a -b", "(a + !b)"),
        ("a NOT b", "(a + !b)"),
        ("-a", "(!a)"),
        ('-"a b" -(c d) -pemil*', '(!"a b" + !(c + d) + !pemil*)'),
        ("NOT (a OR b)", "(!(a | b))"),
        ("a OR -b", "(a | !b)"),
        ("-(-a)", "(!(!a))"),
        ('--a --(b) --"c"', '(!a + !b + !"c")'),
        ("NOT NOT a", "(!a)"),
        ("NOT -a", "(!a)"),
        ("-NOT a", "(!a)"),
        ("NOT AND a", "(!a)"),
        ("-title:a title:-b", "(!title:a + !title:b)"),
        ('title:-"a b" title:-(c d)', '(!title:"a b" + !(title:c + title:d))'),
        ('title:-"a" -by:--(b)', '(!title:"a" + !by:b)'),
    ],
)
def test_what_is_excluded_is_never_asked_for(query: str, shown: str) -> None:
    """However the exclusion is written."""
    assert show(parse_query(query).node) == shown
    assert parse_query(query).hints == ()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("title:a judul:b TITLE:c", "(title:a + title:b + title:c)"),
        ("by:sri oleh:sri", "by:sri"),
        ('place:"a b" tempat:pemil*', '(place:"a b" + place:pemil*)'),
        ("title:7/2024", 'title:"7 2024"'),
        ("title:(a OR by:b c)", "((title:a | by:b) + title:c)"),
        ("title:(a (b)) c", "(title:a + title:b + c)"),
        ("title:“a b”", 'title:"a b"'),
    ],
)
def test_fields_narrow_what_stands_behind(query: str, shown: str) -> None:
    """A group gives its field to all in it that has none."""
    assert show(parse_query(query).node) == shown
    assert parse_query(query).hints == ()


@pytest.mark.parametrize(
    ("query", "shown", "said"),
    [
        ("OR a", "a", "OR stands"),
        ("a OR", "a", "OR stands"),
        ("a OR OR b", "(a | b)", "OR stands"),
        ("a OR | b", "(a | b)", "| stands"),
        ("NOT OR a", "(!a)", "OR stands"),
        ("(a OR) b", "(a + b)", "OR stands"),
        ("a NOT", "a", "NOT stands"),
        ("(a NOT) b", "(a + b)", "NOT stands"),
        ("(a b", "(a + b)", "a bracket was not closed"),
        ("-(a b", "(!(a + b))", "a bracket was not closed"),
        ("a) b", "(a + b)", "a bracket was closed"),
        ('"a b', '"a b"', "a quotation mark was not closed"),
        ("pe*", "pe", "pe*: a star wants 3 letters"),
        ("a*mil", '"a mil"', "a*mil: a star stands at the end"),
        ("*mil", "mil", "*mil: a star stands at the end"),
        ("*", "", "*: a star stands at the end"),
        ("kota:solo", '"kota solo"', "kota: is no field"),
        ('kota:"a b"', '"kota a b"', "kota: is no field"),
        ("-kota:(a b)", "(!(a + b))", "kota: is no field"),
    ],
)
def test_what_is_odd_is_forgiven_with_a_hint(query: str, shown: str, said: str) -> None:
    """One hint tells what was understood otherwise than it may have been meant."""
    parsed = parse_query(query)
    assert show(parsed.node) == shown
    assert len(parsed.hints) == 1
    assert parsed.hints[0].startswith(said)


@pytest.mark.parametrize(
    "query", ["", "  ", "🎉", "-🎉", "… — !", '""', "()", "-()", "title:-", "&"]
)
def test_without_letters_nothing_is_asked_for(query: str) -> None:
    """Nor is there anything to hint at."""
    assert parse_query(query).node is None
    assert parse_query(query).hints == ()


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("a a A", A),
        ("a OR a", A),
        ("(a b) b a", All((A, B))),
        ("a OR b OR a", AnyOf((A, B))),
        ("-a -a", All((Not(A),))),
        ('a "a"', All((A, Exact(("a",))))),
        ("a title:a", All((A, Word("a", Field.TITLE)))),
    ],
)
def test_what_is_asked_twice_counts_once(query: str, node: Node) -> None:
    """Equal parts become one, and nodes can be compared and kept in sets."""
    assert parse_query(query).node == node
    assert len({parse_query(query).node, node}) == 1


def test_longest_query() -> None:
    """Its last character counts, the next does not."""
    within = "a" + " " * (LONGEST_QUERY - 2) + "b"
    assert parse_query(within).node == All((A, B))
    assert parse_query(within).hints == ()
    beyond = parse_query(" " + within)
    assert beyond.node == A
    assert beyond.hints == ("only the first 10,000 characters are searched for",)


@pytest.mark.parametrize("sign", ["", "-", "NOT ", "title:"])
def test_deepest_brackets(sign: str) -> None:
    """What stands deeper is left out, its sign with it; what stands behind keeps its place."""
    start, end = "(" * (DEEPEST - 1), ")" * (DEEPEST - 1)
    within = parse_query(f"a {start}{sign}(b){end} c")
    assert within.hints == ()
    assert len(list(list_leaves(within.node))) == 3
    beyond = parse_query(f"a ({start}{sign}(b (c) “)”){end}) OR d")
    assert beyond.node == AnyOf((A, D))
    assert beyond.hints[0] == f"what stands in more than {DEEPEST} brackets is left out"
    assert not any("bracket was" in hint for hint in beyond.hints)


def test_most_parts() -> None:
    """Two hundred words count, the next does not."""
    words = [f"w{number}" for number in range(MOST_PARTS + 1)]
    within, beyond = parse_query(" ".join(words[:-1])), parse_query(" ".join(words))
    assert within.node == beyond.node == All(tuple(map(Word, words[:-1])))
    assert within.hints == ()
    assert beyond.hints == (f"only the first {MOST_PARTS} words are searched for",)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("a -b title:c by:d place:a", (A, Word("c", Field.TITLE))),
        ('a OR "b c" NOT (d pemil*)', (A, Exact(("b", "c")))),
        ("b (a OR pemil*) b", (B, A, Prefix("pemil"))),
        ("a OR (a b)", (A, B)),
        ("-a", ()),
        ("", ()),
    ],
)
def test_wanted_are_what_a_text_shows(query: str, wanted: tuple[Leaf, ...]) -> None:
    """In the order of the query, each once; neither what is excluded nor names and places."""
    assert list_wanted(parse_query(query).node) == wanted


@given(st.text() | HOSTILE | QUERIES)
def test_any_text_is_understood(text: str) -> None:
    """The same way each time, in words as the index has them, hints a line each."""
    parsed = parse_query(text)
    assert parsed == parse_query(text)
    assert len(set(parsed.hints)) == len(parsed.hints)
    assert all(len(hint.splitlines()) == 1 for hint in parsed.hints)
    words = set(split_words(text))
    for leaf in list_leaves(parsed.node):
        if isinstance(leaf, Prefix):
            assert split_words(leaf.start) == [leaf.start]
        else:
            assert words.issuperset(leaf.words if isinstance(leaf, Exact) else (leaf.plain,))


@given(st.lists(st.sampled_from(["a", '"b c"', "d*", "(a OR b)", "title:c", "-d"]), min_size=1))
def test_a_group_excluded_is_excluded_whole(parts: list[str]) -> None:
    """Nothing of it is asked for, and excluding twice is no more than excluding once."""
    group = " ".join(parts)
    for sign in ("-", "--", "NOT ", "NOT NOT ", "-NOT "):
        node = parse_query(f"{sign}({group})").node
        assert isinstance(node, All)
        assert node.parts == (Not(parse_query(group).node or A),)
        assert list_wanted(node) == ()


def count_calls(text: str) -> int:
    """How many functions are called to understand a text."""
    calls = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    parse_query(text)
    sys.setprofile(note)
    try:
        parse_query(text)
    finally:
        sys.setprofile(None)
    return calls


COSTLY = ["(", ")", "()", "(a ", "x:(", "-", "-(", "title:", "title:-", "a:", "NOT ", "OR ", "&"]
COSTLY += ["a|", "a OR ", '"', '"" ', "*", "* ", "a*", "a ", "a/", "ʼ", "ﷺ"]


@pytest.mark.parametrize("sign", COSTLY)
def test_cost_grows_with_length(sign: str) -> None:
    """Twice the text takes about twice the steps, up to the longest query."""
    half = (sign * LONGEST_QUERY)[: LONGEST_QUERY // 2]
    assert count_calls(half + half) <= 2.2 * count_calls(half) + 200
