"""`content/glossary.toml`: names, terms and house glyphs that an editor decided, validated.

- `[[name]]`: `text`, `to` where Traditional differs, `test`; the same in every region
- `[[term]]`: `text`, one or more of `tw`, `hk`, `neutral`, `test`; `back = false`: never read back
- `[glyphs.hk]`: `"説" = "說"`, the last word on single characters in a region
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from gengduo.editions.phrases import long_words
from gengduo.editions.script import only_in
from gengduo.errors import ContentError, Position, Problem, did_you_mean
from gengduo.model import Script, Value
from gengduo.places import not_utf8, toml_problem

NAME = "content/glossary.toml"

Region = Literal["neutral", "tw", "hk"]
REGIONS: tuple[Region, ...] = get_args(Region)

_KEYS = {"name": ("text", "to", "test"), "term": ("text", *REGIONS, "back", "test")}
_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class Entry(Value, frozen=True, kw_only=True):
    """One row: a name, or a term."""

    text: str
    """Simplified."""
    forms: tuple[tuple[Region, str], ...]
    """(region, Traditional); a region that is not named is left to the converter."""
    back: bool = True
    """Also read from Traditional to Simplified."""
    test: str = ""
    """A Simplified sentence that holds the text."""
    line: int = 0
    """Of its table's header in the file; 0 where it cannot be told."""

    def form(self, region: Region) -> str | None:
        """Return the Traditional form in this region."""
        return dict(self.forms).get(region)


class Glossary(Value, frozen=True, kw_only=True):
    """All rows of a site."""

    entries: tuple[Entry, ...] = ()
    glyphs: tuple[tuple[Region, str, str], ...] = ()
    """(region, character, the character that is printed instead)."""
    persons: tuple[str, ...] = ()
    """Names of persons in Simplified, to be read as names wherever no row says more; the vocabulary knows them."""
    no_persons: tuple[str, ...] = ()
    """Longer words that hold such a name and mean something else."""

    @property
    def digest(self) -> str:
        """Name all that can change a converted text; test sentences and line numbers are no part of it."""
        rows = [(entry.text, entry.forms, entry.back) for entry in self.entries]
        return sha256(msgspec.json.encode((rows, self.glyphs, self.persons, self.no_persons))).hexdigest()

    def pairs(self, region: Region, script: Script) -> Iterator[tuple[str, str]]:
        """Yield (source, target) for conversion into this script; of two rows for one source the first holds."""
        for entry in self.entries:
            if script == "Hant":
                form = entry.form(region)
                if form is not None:
                    yield entry.text, form
            elif entry.back:
                for form in dict.fromkeys(form for _, form in entry.forms):
                    yield form, entry.text


def load_glossary(path: Path) -> Glossary:
    """Return the glossary of this file, an empty one where there is none; all errors are raised together."""
    try:
        data = path.read_bytes()
        source = data.decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        return Glossary()
    except UnicodeDecodeError as error:
        raise ContentError(not_utf8(NAME, data, error)) from None
    return parse_glossary(source, NAME)


@lru_cache(maxsize=4)  # a preview asks again after each save
def parse_glossary(source: str, path: str = NAME) -> Glossary:
    """Return the glossary that this TOML describes."""
    try:
        tables = tomllib.loads(source)
    except (ValueError, RecursionError) as error:
        raise ContentError(toml_problem(path, error, source)) from None
    return _Reader(path, _lines_of_rows(source)).read(tables)


def _lines_of_rows(source: str) -> dict[tuple[str, int], int]:
    """Return the line of the n-th `[[name]]` and the n-th `[[term]]`."""
    lines: dict[tuple[str, int], int] = {}
    counts = {"name": 0, "term": 0}
    for number, line in enumerate(source.split("\n"), 1):
        header = re.match(r"\s*\[\[\s*(name|term)\s*\]\]", line)
        if header:
            kind = header.group(1)
            lines[kind, counts[kind]] = number
            counts[kind] += 1
    return lines


class _Reader:
    """Turns tables into rows and gathers what is wrong with them."""

    def __init__(self, path: str, lines: Mapping[tuple[str, int], int]) -> None:
        self.path = path
        self.lines = lines
        self.problems: list[Problem] = []

    def read(self, tables: dict[str, Any]) -> Glossary:
        for key in tables:
            if key not in ("name", "term", "glyphs"):
                self.refuse(0, f"unknown table “{key}”{did_you_mean(key, ('name', 'term', 'glyphs'))}; take it out")
        entries = [entry for kind in ("name", "term") for entry in self.rows(kind, tables.get(kind, []))]
        self.refuse_duplicates(entries)
        self.refuse_ambiguous(entries)
        glyphs = tuple(self.glyphs(tables.get("glyphs", {})))
        if self.problems:
            raise ContentError(sorted(self.problems, key=lambda problem: problem.position.line))
        return Glossary(entries=tuple(entries), glyphs=glyphs)

    def refuse(self, line: int, message: str) -> None:
        self.problems.append(Problem(Position(self.path, line), message))

    def rows(self, kind: str, rows: object) -> Iterator[Entry]:
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.refuse(0, f"“{kind}” must be a list of tables; write [[{kind}]] above each row")
            return
        for index, row in enumerate(rows):
            line = self.lines.get((kind, index), 0)
            if self.well_formed(kind, row, line):
                forms: list[tuple[Region, str]]
                if kind == "name":
                    forms = [(region, row.get("to", row["text"])) for region in REGIONS]
                else:
                    forms = [(region, row[region]) for region in REGIONS if region in row]
                yield Entry(
                    text=row["text"], forms=tuple(forms), back=row.get("back", True), test=row["test"], line=line
                )

    def well_formed(self, kind: str, row: dict[str, Any], line: int) -> bool:
        before = len(self.problems)
        for key, value in row.items():
            if key not in _KEYS[kind]:
                known = ", ".join(_KEYS[kind])
                self.refuse(line, f"unknown key “{key}”{did_you_mean(key, _KEYS[kind])}; known: {known}")
            elif not isinstance(value, bool if key == "back" else str) or value == "":
                wanted = "true or false" if key == "back" else "a text in quotes that is not empty"
                self.refuse(line, f"“{key}” has no such value; write {wanted}")
        for key in ("text", "test"):
            if key not in row:
                self.refuse(line, f"the row has no “{key}”; add one{' sentence that holds the text' * (key == 'test')}")
        if len(self.problems) > before:
            return False
        self.check_words(kind, row, line)
        return len(self.problems) == before

    def check_words(self, kind: str, row: dict[str, Any], line: int) -> None:
        text = row["text"]
        targets = [row[key] for key in ("to", *REGIONS) if key in row]
        if kind == "term" and not targets:
            self.refuse(line, f"“{text}” has no form; add tw, hk or neutral")
        if len(_HAN.findall(text)) < 2:
            self.refuse(
                line, f"“{text}” is too short and would hit parts of other words; write two Han characters at least"
            )
        if text not in row["test"]:
            self.refuse(line, f"the test sentence does not hold “{text}”; write one that does")
        if foreign := [character for character in text if character in only_in("Hant")]:
            self.refuse(line, f"“{text}” holds “{foreign[0]}”, which is Traditional; write the text in Simplified")
        for form in targets or [text]:
            if foreign := [character for character in form if character in only_in("Hans")]:
                advice = "add to = “…” with the Traditional form" if form == text else "write the Traditional form"
                self.refuse(line, f"“{form}” holds “{foreign[0]}”, which is Simplified; {advice}")

    def refuse_duplicates(self, entries: list[Entry]) -> None:
        seen: dict[str, Entry] = {}
        for entry in entries:
            first = seen.setdefault(entry.text, entry)
            if first is not entry:
                self.refuse(entry.line, f"“{entry.text}” is in line {first.line} already; take one of the two out")

    def refuse_ambiguous(self, entries: list[Entry]) -> None:
        """Refuse rows that would change a part of a longer word into something else than the word wants."""
        own = {entry.text for entry in entries}
        known = {text: form for text, form in long_words().items() if text not in own}
        shelf = "\n".join(known)
        for entry in entries:
            if entry.text not in shelf:
                continue
            for word in (word for word in known if entry.text in word):
                start = word.index(entry.text)
                wanted = known[word][start : start + len(entry.text)]
                if any(form != wanted for _, form in entry.forms):
                    message = f"“{entry.text}” is also in “{word}”; add a row for that, or lengthen the text"
                    self.refuse(entry.line, message)
                    break

    def glyphs(self, regions: object) -> Iterator[tuple[Region, str, str]]:
        if not isinstance(regions, dict):
            self.refuse(0, "“glyphs” must be tables; write [glyphs.hk] above the pairs")
            return
        for region, table in regions.items():
            if region not in REGIONS or not isinstance(table, dict):
                self.refuse(0, f"unknown region “{region}”{did_you_mean(region, REGIONS)}; known: {', '.join(REGIONS)}")
                continue
            for source, target in table.items():
                if isinstance(target, str) and len(source) == len(target) == 1:
                    yield region, source, target
                else:
                    self.refuse(0, f"[glyphs.{region}] “{source}”: a glyph is one character for one; use a [[term]]")
