"""Writes invented articles in the manner of the offices, each with its truth, from a seeded
generator."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from .labels import SLOT, Notation
from .records import Block, Byline, Day, Draft


@lru_cache(maxsize=1)
def read_grammar() -> dict[str, Any]:
    """The tables of `grammar.toml`."""
    return tomllib.loads(Path(__file__).with_name("grammar.toml").read_text("utf-8"))


@dataclass
class Voice:
    """Fills slots with the facts of one article, or from the grammar."""

    rng: Random
    facts: dict[str, str]

    def say(self, symbol: str) -> str:
        """One expansion of a table: `say("kalimat")`."""
        if (fact := self.facts.get(symbol)) is not None:
            return fact
        if (made := MAKERS.get(symbol)) is not None:
            return str(made(self.rng))
        return self.fill(self.rng.choice(read_grammar()[symbol]))

    def fill(self, template: str) -> str:
        return SLOT.sub(lambda slot: self.say(slot[1]), template)

    def say_sentence(self, symbol: str = "kalimat") -> str:
        sentence = self.say(symbol).replace("..", ".")
        return sentence[:1].upper() + sentence[1:]

    def say_paragraph(self, symbol: str = "kalimat", least: int = 2, most: int = 4) -> str:
        return " ".join(self.say_sentence(symbol) for _ in range(self.rng.randint(least, most)))


def make_person(rng: Random) -> str:
    grammar = read_grammar()
    name = f"{rng.choice(grammar['depan'])} {rng.choice(grammar['belakang'])}"
    return f"{rng.choice('ABDHMRSY')}. {name}" if rng.random() < 0.12 else name


MAKERS: dict[str, Callable[[Random], object]] = {
    "orang": lambda rng: make_person(rng) + rng.choice(read_grammar()["gelar"]),
    "nomor": lambda rng: rng.randint(3, 1990),
    "ribu": lambda rng: f"{rng.randint(38, 990)}.{rng.randint(0, 999):03d}",
    "telepon": lambda rng: (
        f"08{rng.randint(11, 99)}-{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}"
    ),
}


def open_voice(rng: Random, facts: dict[str, str], day: date) -> Voice:
    """A voice that keeps to one activity throughout the article."""
    written, headline = rng.choice(read_grammar()["kegiatan"]).split("|")
    return Voice(
        rng, {**facts, "kegiatan": written, "kegiatan_judul": headline, "tahun": str(day.year)}
    )


def write_title(voice: Voice, section: str) -> str:
    """The headline alone, so that other articles can name it without writing the body."""
    symbol = {"pengumuman": "judul_pengumuman", "opini": "judul_opini", "rilis": "judul_rilis"}.get(
        section, "judul_umum"
    )
    title = voice.say(symbol)
    return title.upper() if voice.rng.random() < 0.15 else title


def write_release(rng: Random, day: date, facts: dict[str, str]) -> tuple[tuple[str, ...], Day]:
    """The paragraphs of a national release, without dateline and byline, and the day of its
    event."""
    voice = open_voice(rng, facts, day)
    lead, event = write_lead(voice, day)
    return (
        lead,
        *(voice.say_paragraph() for _ in range(rng.randint(3, 6))),
        voice.say_sentence("tutup") + ".",
    ), event


def write_lead(voice: Voice, day: date) -> tuple[str, Day]:
    notation = note(voice, day - timedelta(days=voice.rng.choice((0, 0, 0, 1, 1, 2))))
    when = notation.write(voice.rng.choice(read_grammar()["notations"]["events"]))
    lead = voice.fill("{aktor} {menggelar} {kegiatan} {di}, ") + when + ". " + voice.say_sentence()
    return lead, notation.read_day(when)


def note(voice: Voice, day: date) -> Notation:
    grammar = read_grammar()
    return Notation(
        rng=voice.rng, day=day, names=voice.facts, person=lambda: make_person(voice.rng),
        initials=grammar["inisial"], nicks=grammar["panggilan"], divisions=grammar["divisi"],
    )  # fmt: skip


@dataclass
class Manuscript:
    """An article being written."""

    voice: Voice
    posted: date
    blocks: list[Block]
    byline: Byline | None = None
    dateline: Day | None = None
    event: Day | None = None

    def finish(self, title: str) -> Draft:
        return Draft(title, tuple(self.blocks), self.byline, self.dateline, self.event)


def write_article(voice: Voice, posted: date, section: str) -> Manuscript:
    """A text of the office's own: head lines, lead, paragraphs with what offices put between them,
    closing credit."""
    script = Manuscript(voice, posted, [])
    symbol = "opini" if section == "opini" else "kalimat"
    lead, script.event = (
        write_lead(voice, posted) if symbol == "kalimat" else (voice.say_paragraph(symbol), None)
    )
    add_head(script, lead, opinion=section == "opini")
    for _ in range(voice.rng.randint(2, 7)):
        script.blocks.append(Block("para", voice.say_paragraph(symbol)))
    add_extras(script)
    if symbol == "kalimat" and voice.rng.random() < 0.7:
        script.blocks.append(Block("para", voice.say_sentence("tutup") + "."))
    add_tail(script)
    return script


def write_repost(
    voice: Voice, posted: date, release: tuple[tuple[str, ...], Day], how: str
) -> Manuscript:
    """A national release as an office reposts it; see `ArticleTruth.repost`."""
    paragraphs, event = release
    script = Manuscript(voice, posted, [], event=event)
    if how == "exact":
        lead = "Jakarta, kpu.go.id - " + paragraphs[0]
        script.dateline = Day(raw="Jakarta, kpu.go.id -", place="Jakarta", unit="kpu.go.id")
        script.blocks = [Block("para", text) for text in (lead, *paragraphs[1:])]
        return script
    if how == "edited":
        paragraphs = edit_lightly(voice, paragraphs)
    add_dateline(script, paragraphs[0])
    script.blocks += [Block("para", text) for text in paragraphs[1:]]
    add_tail(script, chance=0.5)
    return script


def edit_lightly(voice: Voice, paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """The same text with a few words changed and one paragraph more or fewer."""
    text = "\n".join(paragraphs)
    for pair in voice.rng.sample(read_grammar()["notations"]["edits"], 3):
        text = text.replace(*pair.split("|"))
    edited = text.split("\n")
    if voice.rng.random() < 0.5 and len(edited) > 4:
        del edited[voice.rng.randint(1, len(edited) - 2)]
    return (*edited, voice.say_sentence("tutup") + ".")


def add_head(script: Manuscript, lead: str, *, opinion: bool) -> None:
    rng, heads = script.voice.rng, read_grammar()["notations"]
    if rng.random() < (0.85 if opinion else 0.12):
        notation = note(script.voice, script.posted)
        line = notation.write(rng.choice(heads["heads"]))
        script.byline = notation.read_byline((line,))
        script.blocks.append(Block("para", line))
    if opinion and rng.random() < 0.6:
        script.blocks.append(Block("para", lead))
        return
    add_dateline(script, lead)


def add_dateline(script: Manuscript, lead: str) -> None:
    """Nothing, a salutation, a line of its own, or words before the lead."""
    rng, table = script.voice.rng, read_grammar()["notations"]
    dice, notation = rng.random(), note(script.voice, script.posted)
    if dice < 0.12:
        lead = script.voice.say("sapaan") + lead
    elif dice < 0.22:
        line = notation.write(rng.choice(table["lines"]))
        script.blocks.append(Block("para", line))
        script.dateline = notation.read_day(line)
    elif dice < 0.86:
        prefix = notation.write(rng.choice(table["datelines" if dice > 0.25 else "errors"]))
        lead, script.dateline = prefix + lead, notation.read_day(prefix)
    script.blocks.append(Block("para", lead))


def add_extras(script: Manuscript) -> None:
    voice, rng = script.voice, script.voice.rng
    extras: list[Block] = []
    if rng.random() < 0.15:
        extras += [Block("sub", voice.say("subjudul")), write_list(voice)]
    if rng.random() < 0.1:
        extras.append(Block("quote", f"“{voice.say('kutip')}.”"))
    if rng.random() < 0.06:
        extras.append(write_table(voice))
    if rng.random() < 0.06:
        extras.append(Block("para", voice.say("kontak")))
    at = rng.randint(2, len(script.blocks))
    script.blocks[at:at] = extras


def write_list(voice: Voice) -> Block:
    items = [voice.say("butir") for _ in range(voice.rng.randint(3, 5))]
    return Block("list", items=tuple(dict.fromkeys(items)))


def write_table(voice: Voice) -> Block:
    rows = [
        f"{n}\t{voice.say('desa')}\t{voice.say('ribu')}" for n in range(1, voice.rng.randint(4, 7))
    ]
    return Block("table", items=("No\tWilayah\tJumlah Pemilih", *rows))


def add_tail(script: Manuscript, chance: float = 0.75) -> None:
    """The closing credit, glued to the last paragraph or on its own line; a byline at the top is
    not repeated."""
    voice, rng, table = script.voice, script.voice.rng, read_grammar()["notations"]
    if script.byline is None and rng.random() < chance:
        notation = note(voice, script.posted)
        if rng.random() < 0.6 and script.blocks[-1].kind == "para":
            credit, last = notation.write(rng.choice(table["tails"])), script.blocks[-1].text
            last = last.rstrip(".") if credit.startswith(".") else last
            script.blocks[-1] = replace(script.blocks[-1], text=last + credit)
        else:
            credit = notation.write(rng.choice(table["tail_lines"]))
            script.blocks.append(Block("para", credit))
        script.byline = notation.read_byline((credit.strip(" ."),))
    if rng.random() < 0.07:
        script.blocks.append(Block("para", voice.say("tagar")))


def edit_draft(draft: Draft, rng: Random, facts: dict[str, str]) -> Draft:
    """A later version of an article: one more paragraph, a few words changed."""
    voice = open_voice(rng, facts, date(2025, 1, 1))
    blocks = [
        replace(b, text=b.text.replace("kegiatan", "acara")) if b.kind == "para" else b
        for b in draft.blocks
    ]
    blocks.insert(min(1, len(blocks)), Block("para", voice.say_paragraph()))
    return replace(draft, blocks=tuple(blocks))
