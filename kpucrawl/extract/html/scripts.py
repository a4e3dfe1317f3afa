"""Where a script sends the visitor as the page loads, as far as it says so plainly. Pure.

No script is run. A script is cut into tokens, and a redirect is a statement of one of the common
forms (`location.href = "/x"`, `location.replace("/x")`, `location.reload()`) that nothing but the
loading of the page stands before: no condition, no function that somebody has to call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

MOST_TOKENS = 20_000
"""Tokens looked at in one script. Pages that are nothing but a redirect have some ten; a library
that is longer redirects nobody."""
MOST_ARGUMENTS = 30
"""Tokens between a function's brackets: those that wait for a page to load have none."""
LONGEST_TARGET = 8_000
"""Characters of an address put together: servers refuse longer ones."""

_TOKEN = re.compile(
    r"""(?P<space>[ \t\f\v\u00a0\ufeff]+)|(?P<line>[\r\n\u2028\u2029]+)
    |(?P<comment>/\*(?s:.*?)(?:\*/|\Z)|//[^\r\n]*|<!--[^\r\n]*|-->[^\r\n]*)
    |(?P<text>"(?:[^"\\\r\n]|\\(?s:.))*+"|'(?:[^'\\\r\n]|\\(?s:.))*+'|`(?:[^`\\$]|\\(?s:.))*+`)
    |(?P<name>[^\W\d][\w$]*|\$[\w$]*)|(?P<number>\d[\w.]*)
    |(?P<sign>===|!==|==|!=|<=|>=|=>|\+=|-=|&&|\|\||(?s:.))""",
    re.X,
)
_ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|x([0-9a-f]{2})|(\r\n|[\s\S]))", re.I
)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_WINDOWS = frozenset({"window", "document", "top", "parent", "self", "globalThis"})
_CONDITIONS = frozenset({"if", "while", "for", "switch", "with", "catch"})
_DEFERRED = frozenset({"setTimeout", "onload"})
"""What runs a function without anybody's doing."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """`text`, `name`, `number` or `sign`."""
    value: str
    """Of a text, what it says."""
    breaks: bool
    """It begins a line."""


def find_script_redirect(script: str, url: str) -> str | None:
    """Where a script that runs at `url` sends the visitor, as written, None when nowhere.

    The address itself where the script only loads the page again.
    """
    if not any(word in script for word in ("location", "navigat", "open")):
        return None
    tokens = _cut_tokens(script)
    reader = _Reader(tokens, url)
    return next(reader.list_targets(), None)


def _cut_tokens(script: str) -> list[_Token]:
    tokens: list[_Token] = []
    breaks = True
    for found in _TOKEN.finditer(script):
        kind = found.lastgroup or "sign"
        if kind == "line":
            breaks = True
        elif kind not in ("space", "comment"):
            said = _read_text(found[0]) if kind == "text" else found[0]
            tokens.append(_Token(kind, said, breaks))
            breaks = False
        if len(tokens) >= MOST_TOKENS:
            break
    return tokens


def _read_text(literal: str) -> str:
    """What a string literal says."""
    return _ESCAPE.sub(_read_escape, literal[1:-1])


def _read_escape(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    letter = found[4]
    return "" if letter in "\r\n" else _LETTERS.get(letter, letter)


class _Reader:
    """One pass over the tokens of a script."""

    def __init__(self, tokens: Sequence[_Token], url: str) -> None:
        self.tokens = tokens
        self.url = url
        self.said: dict[str, str] = {}
        """Variables that hold a text."""
        self.opened: list[bool] = []
        """The braces around: whether what stands inside runs as the page loads."""
        self.closed_condition = False
        """The bracket closed last was a condition's."""
        self.brackets: list[bool] = []

    def list_targets(self) -> Iterator[str]:
        """Addresses that the script goes to as the page loads."""
        for at, token in enumerate(self.tokens):
            if token.kind == "name":
                if self._begins_statement(at) and all(self.opened):
                    yield from self._read_statement(at)
            elif token.kind == "sign":
                self._note_sign(at, token.value)

    def _note_sign(self, at: int, sign: str) -> None:
        """Keep account of brackets and braces."""
        if sign == "(":
            self.brackets.append(self._value(at - 1) in _CONDITIONS)
        elif sign == ")":
            self.closed_condition = bool(self.brackets) and self.brackets.pop()
        elif sign == "{":
            self.opened.append(self._runs(at))
        elif sign == "}" and self.opened:
            self.opened.pop()

    def _runs(self, brace: int) -> bool:
        """Whether a block is entered as the page loads: a function handed to `setTimeout` or
        `onload`, or called on the spot."""
        at = brace - 1
        if self._value(at) == "=>":
            at -= 1
        if self._value(at) != ")":
            return self._value(at) in ("", ";", "{", "}", "try")
        at = next((one for one in range(at, at - MOST_ARGUMENTS, -1) if self._value(one) == "("), 0)
        if self._value(at - 1) == "function":
            at -= 1
        elif self._value(brace - 1) != "=>":
            return False  # a condition, or a function with a name
        return self._is_handed_over(at - 1)

    def _is_handed_over(self, at: int) -> bool:
        before = self._value(at)
        if before == "(":
            caller = self._token(at - 1)
            return caller is None or caller.kind != "name" or caller.value in _DEFERRED
        return before in ("=", "!") and (before == "!" or self._value(at - 1) in _DEFERRED)

    def _begins_statement(self, at: int) -> bool:
        """Whether nothing but the token before's end stands before a statement."""
        before = self._token(at - 1)
        if before is None or (before.kind == "sign" and before.value in (";", "{", "}")):
            return before is None or before.value != "}" or not self._is_else(at)
        if self._value(at - 1) == "=>":
            return self._value(at - 2) == ")" and self._value(at - 4) in _DEFERRED
        if not self.tokens[at].breaks:
            return False
        if before.value == ")":
            return not self.closed_condition
        return before.kind in ("text", "number") or (
            before.kind == "name" and before.value not in ("else", "return", "var", "let", "const")
        )

    def _is_else(self, at: int) -> bool:
        return self._value(at) == "else"

    def _read_statement(self, at: int) -> Iterator[str]:
        word = self._value(at)
        if word in ("var", "let", "const"):
            self._note_variable(at + 1)
        elif word == "setTimeout":
            yield from self._read_timeout(at)
        elif word == "navigation" and self._matches(at + 1, ".", "navigate", "("):
            yield from self._take(self._read_value(at + 4))
        elif self._matches(at, "window", ".", "open", "("):
            name = self._token(at + 6)
            if self._value(at + 5) == "," and name is not None and name.value == "_self":
                yield from self._take(self._read_value(at + 4))
        elif (behind := self._skip_location(at)) is not None:
            yield from self._read_move(behind)
        else:
            self._note_variable(at)

    def _read_timeout(self, at: int) -> Iterator[str]:
        """`setTimeout("location.href='/x'", 0)`."""
        code = self._token(at + 2)
        if code is not None and code.kind == "text" and self._value(at + 1) == "(":
            yield from self._take(find_script_redirect(code.value, self.url))
        elif self._matches(at + 1, "(", "(", ")", "=>") and self._value(at + 5) != "{":
            behind = self._skip_location(at + 5)
            yield from self._read_move(behind) if behind is not None else ()

    def _read_move(self, at: int) -> Iterator[str]:
        """Behind `location`: what is done with it."""
        name, at = self._read_member(at) or ("href", at)
        sign = self._value(at)
        if name in ("replace", "assign") and sign == "(":
            yield from self._take(self._read_value(at + 1))
        elif name == "reload" and sign == "(":
            yield self.url
        elif name in ("href", "pathname", "search") and sign == "=":
            value = self._read_value(at + 1)
            yield from self._take(value if name != "search" or value is None else _ask(value))

    def _skip_location(self, at: int) -> int | None:
        """The place behind `location`, `window.location`, `window['location']`; None for what is
        another's."""
        if self._value(at) == "location":
            return at + 1
        if self._value(at) not in _WINDOWS:
            return None
        member = self._read_member(at + 1)
        return member[1] if member and member[0] == "location" else None

    def _read_member(self, at: int) -> tuple[str, int] | None:
        """`.name` or `['name']`, and the place behind it."""
        name = self._token(at + 1)
        if name is None:
            return None
        if self._value(at) == "." and name.kind == "name":
            return name.value, at + 2
        if self._value(at) == "[" and name.kind == "text" and self._value(at + 2) == "]":
            return name.value, at + 3
        return None

    def _note_variable(self, at: int) -> None:
        """Remember what a variable is set to, where that is a text."""
        token = self._token(at)
        if token is not None and token.kind == "name" and self._value(at + 1) == "=":
            if (value := self._read_value(at + 2)) is not None:
                self.said[token.value] = value
            else:
                self.said.pop(token.value, None)

    def _read_value(self, at: int) -> str | None:
        """The text that an expression comes to: literals, variables and parts of the address,
        joined by `+`; None for anything else."""
        parts: list[str] = []
        while (term := self._read_term(at)) is not None:
            said, at = term
            parts.append(said)
            if sum(map(len, parts)) > LONGEST_TARGET:
                return None
            if self._value(at) != "+":
                return "".join(parts) if self._ends(at) else None
            at += 1
        return None

    def _read_term(self, at: int) -> tuple[str, int] | None:
        token = self._token(at)
        if token is None:
            return None
        if token.kind == "text":
            return token.value, at + 1
        if (behind := self._skip_location(at)) is not None:
            name, behind = self._read_member(behind) or ("href", behind)
            said = self._read_part(name)
            return (said, behind) if said is not None else None
        return (self.said[token.value], at + 1) if token.value in self.said else None

    def _read_part(self, name: str) -> str | None:
        """A part of the address that the script runs at."""
        parts = urlsplit(self.url)
        known = {
            "href": self.url,
            "host": parts.netloc,
            "hostname": parts.hostname or "",
            "protocol": f"{parts.scheme}:",
            "origin": f"{parts.scheme}://{parts.netloc}",
            "pathname": parts.path,
            "search": f"?{parts.query}" if parts.query else "",
        }
        return known.get(name)

    def _ends(self, at: int) -> bool:
        token = self._token(at)
        return token is None or token.breaks or token.value in (";", "}", ")", ",")

    @staticmethod
    def _take(value: str | None) -> Iterator[str]:
        if value is not None:
            yield value

    def _matches(self, at: int, *values: str) -> bool:
        return all(self._value(at + number) == value for number, value in enumerate(values))

    def _token(self, at: int) -> _Token | None:
        return self.tokens[at] if 0 <= at < len(self.tokens) else None

    def _value(self, at: int) -> str:
        token = self._token(at)
        return token.value if token is not None and token.kind != "text" else ""


def _ask(search: str) -> str:
    """What is set as `location.search` as a reference: `t=1` and `?t=1` are one."""
    return search if search.startswith("?") else f"?{search}"
