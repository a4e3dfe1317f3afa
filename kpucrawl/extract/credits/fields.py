"""Credits in fields of one line: `Artikel | Penulis Bonar Hutajulu | Editor Rosma | 3 Mei 2022`."""

from __future__ import annotations

import re

from kpucrawl.extract.credits.credits import (
    ANY_LABEL,
    COLON,
    LABEL,
    POST,
    Credit,
    find_kind,
    split_role,
)
from kpucrawl.extract.credits.units import is_unit
from kpucrawl.extract.records import Byline

FEWEST, LONGEST = 2, 200
"""Fields of such a line, and its characters."""
_BETWEEN = re.compile(
    rf"\s*[|•·]+\s*|;\s+(?=(?:{ANY_LABEL})(?:\s\w+)?\.?\s?[:=])|\s+/\s+|(?<=\w\])\s+(?=\w+\s?:)",
    re.I,
)
_SENTENCE = re.compile(r"\w{4}[a-z][.!?][”\"]?\s")
"""The end of a sentence, and of no title: `Drs. `, `Prov. `, `Hj. `."""
_TAGGED = re.compile(rf"(?P<name>[^(),:–]{{2,50}}?)\s?\((?P<label>{ANY_LABEL})\)", re.I)
"""A name with its label behind it: `Rusdianto (penulis)`."""
_LEAD = re.compile(r"(?P<unit>[^():]{3,60}?)\s?(?:[:–]|\s-)\s")
_FIELD = re.compile(rf"{LABEL}(?:{COLON}\s{{0,3}}|\s(?-i:(?=[A-Z@])))(?P<value>\S.*)", re.I)


def read_fields(line: str) -> tuple[Byline, int] | None:
    """The credit of a line of fields, one of which at least has a label, and where it ends; None
    for any other line."""
    if len(line) > LONGEST:
        return None
    if tagged := read_tagged(line):
        return tagged, len(line)
    fields = [_bare(part) for part in _BETWEEN.split(line)]
    if len(fields) < FEWEST:
        return None
    labelled = [found for field in fields if (found := _FIELD.fullmatch(field))]
    others = [field for field in fields if _FIELD.fullmatch(field) is None]
    if not labelled or any(map(_SENTENCE.search, others)):
        return None
    credit, last = Credit(), labelled[-1][0]
    for found in labelled:
        for label in filter(None, (found["label"], found["second"])):
            kind = find_kind(label)
            name, role = split_role(found["value"]) if kind == "writer" else (found["value"], None)
            credit.add(kind, name, is_labelled=True)
            credit.add_role(role)
    for field in others:
        if credit.writers and POST.match(field):
            credit.add_role(field)
        elif is_unit(field):
            credit.add("unit", field)
        else:
            continue
        last = max(last, field, key=line.rfind)
    byline = credit.build(line)
    return (byline, line.rfind(last) + len(last)) if byline else None


def _bare(field: str) -> str:
    """A field without the brackets around the whole line; a role's own stay."""
    bare = field.strip("()[]{}* ")
    return f"{bare})" if bare.count("(") > bare.count(")") else bare


def read_tagged(line: str) -> Byline | None:
    """The credit of names with their labels behind them, a desk before them: `Tim Media: Rusdianto
    (penulis), Takdir (foto)`."""
    if len(line) > LONGEST or line.count("(") < FEWEST:
        return None
    lead = _LEAD.match(line)
    names = line[lead.end() :] if lead else line
    found = list(_TAGGED.finditer(names))
    if len(found) < FEWEST or (lead and not _is_desk(lead["unit"])):
        return None
    if _TAGGED.sub("", names).strip(" ,.;&|/") or _SENTENCE.search(found[0]["name"]):
        return None
    credit = Credit()
    for one in found:
        credit.add(find_kind(one["label"]), one["name"].strip(" ,;&|/"), is_labelled=True)
    if lead:
        credit.add("unit", lead["unit"])
    return credit.build(line)


def _is_desk(lead: str) -> bool:
    return is_unit(lead) and _SENTENCE.search(lead) is None
