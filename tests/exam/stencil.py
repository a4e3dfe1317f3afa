"""The smallest template language that serves: `{{x}}`, `{{{raw}}}`, `{{#list}}..{{/list}}`,
`{{^none}}..{{/none}}`."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

SECTION = re.compile(r"\{\{([#^])(\w+)\}\}(.*?)\{\{/\2\}\}", re.DOTALL)
VALUE = re.compile(r"\{\{\{(\w+)\}\}\}|\{\{(\w+)\}\}")


def fill(template: str, context: Mapping[str, Any]) -> str:
    """The template with the context's values; names that are absent give nothing."""
    return VALUE.sub(lambda match: _write_value(match, context), _fill_sections(template, context))


def _fill_sections(template: str, context: Mapping[str, Any]) -> str:
    return SECTION.sub(lambda match: _write_section(match, context), template)


def _write_section(match: re.Match[str], context: Mapping[str, Any]) -> str:
    sign, name, inner = match.groups()
    value = context.get(name)
    if sign == "^":
        return "" if value else _protect(fill(inner, context))
    if isinstance(value, list):
        return "".join(_protect(fill(inner, {**context, **item})) for item in value)
    shown = bool(value) or (value == 0 and value is not False)
    return _protect(fill(inner, context)) if shown else ""


def _protect(text: str) -> str:
    """Text already filled may hold braces of its own (scripts): they must not be filled again."""
    return text.replace("{{", "\x01")


def _write_value(match: re.Match[str], context: Mapping[str, Any]) -> str:
    raw, escaped = match.groups()
    value = context.get(raw or escaped)
    text = "" if value is None else str(value)
    return text if raw else html.escape(text, quote=True)


def write_page(template: str, context: Mapping[str, Any]) -> str:
    """A whole page."""
    return fill(template, context).replace("\x01", "{{")
