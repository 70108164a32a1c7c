"""Where things stand in a text file, so that every error can name its line and column; both count from 1."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from gengduo.errors import Position, Problem, problem

HEADER = re.compile(r"\s*\[(\[?)\s*([^\[\]]+?)\s*\]")
KEY = re.compile(r"\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
LONG_TEXT = re.compile('"""|' + "'''")
QUOTED = re.compile(r"“([^”]+)”|'([^']+)'")
"""Our own messages quote with “ ”, Jinja's with ' '."""
MOST_READ = 500
"""Files that are read again; nobody looks up the columns of more, and each build would pay for them."""
LARGEST = 2_000_000
"""Bytes of a file that is read again for the sake of a column."""


class Place(NamedTuple):
    """A character of a file."""

    line: int
    column: int


def place_of(text: str, offset: int) -> Place:
    """Return where the character at an offset stands."""
    before = text[:offset]
    return Place(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def not_utf8(path: object, data: bytes, error: UnicodeDecodeError, advice: str = "save the file as UTF-8") -> Problem:
    """Return what to tell of bytes that are no UTF-8, at the place of the first that is none."""
    start = data.rfind(b"\n", 0, error.start) + 1
    column = len(data[start : error.start].decode("utf-8-sig", "replace")) + 1
    line = data.count(b"\n", 0, error.start) + 1
    return problem(path, f"byte {error.start} is not UTF-8; {advice}", line, column)


# ------------------------------------------------------------------------------------------- what was found elsewhere


def located(root: Path, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems, each with a column, and those of a page with a line as well.

    What is found long after a file was read, by comparing pages or in another process, knows its line at best. The
    words that its message quotes are looked for there, from that line to the end of its paragraph.
    """
    texts: dict[str, list[str]] = {}
    return tuple(_located(root, found, texts) for found in problems)


def _located(root: Path, found: Problem, texts: dict[str, list[str]]) -> Problem:
    path, line, column = found.position
    if column or not (line or path.endswith(".md")):
        return found
    if path not in texts:
        texts[path] = _lines_of(root / path) if len(texts) < MOST_READ else []
    lines = texts[path]
    first = max(line - 1, 0)
    last = next((number for number in range(first, len(lines)) if not lines[number].strip()), len(lines))
    for word in filter(None, chain.from_iterable(QUOTED.findall(found.message.partition("; ")[0]))):
        for number in range(first, last if line else len(lines)):
            if (at := lines[number].find(word)) >= 0:
                return Problem(Position(path, number + 1, at + 1), found.message)
    if not line:
        return found
    words = lines[first] if first < len(lines) else ""
    return Problem(Position(path, line, len(words) - len(words.lstrip()) + 1), found.message)


def _lines_of(path: Path) -> list[str]:
    """Return the lines of a file that people write, none where it is too large or cannot be read.

    A pipe or a device, which was the error perhaps, has no end.
    """
    try:
        status = path.stat()
        if path.suffix not in (".md", ".toml", ".html") or not S_ISREG(status.st_mode) or status.st_size > LARGEST:
            return []
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    except (OSError, UnicodeDecodeError):
        return []


# ------------------------------------------------------------------------------------------------------------- TOML


def toml_problem(path: str, error: Exception, text: str = "") -> Problem:
    """Return what tomllib found, at its place; beside its own error it raises ValueError and RecursionError.

    What it finds at the end of a document is told at its last line, and a number that it cannot read where it stands.
    """
    message = re.sub(r" \(at .*\)$", "", str(error))
    place = Place(1, 1)
    if found := re.search(r"\(at line (\d+), column (\d+)\)", str(error)):
        place = Place(int(found[1]), int(found[2]))
    elif isinstance(error, RecursionError):
        message = "lists or tables are nested too deeply"
    elif "integer string conversion" in message:  # Python's own advice there is for programmers
        message = "a number has too many digits"
        number = re.search(r"\d[\d_]{4000,}", text)
        place = place_of(text, number.start() if number else 0)
    elif "at end of document" in str(error):
        place = place_of(text, len(text.rstrip()))
    return problem(path, f"not valid TOML: {message}; mend this line", *place)


class TomlPlaces:
    """Where the tables and keys of a TOML text stand."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.headers: dict[tuple[str, int], Place] = {}
        """By the name of a table, and its number where it is one of several."""
        self.keys: dict[tuple[str, int, str], Place] = {}
        """By table, its number, and the key."""
        self._read()

    def _read(self) -> None:
        table, number, inside = "", 0, ""
        counts: dict[str, int] = {}
        for line, words in enumerate(self.text.split("\n"), start=1):
            if not inside:
                if header := HEADER.match(words):
                    table = _bare(header[2])
                    number = counts.get(table, 0) if header[1] else 0
                    counts[table] = number + 1
                    self.headers.setdefault((table, number), Place(line, words.index("[") + 1))
                elif key := KEY.match(words):
                    for name in (_bare(key[1]), _bare(key[1]).partition(".")[0]):
                        self.keys.setdefault((table, number, name), Place(line, key.start(1) + 1))
            for mark in LONG_TEXT.findall(words):
                inside = "" if inside == mark else inside or mark

    def of(self, key: str, table: str = "", number: int = 0) -> Place:
        """Return the place of a key in the n-th table of a name; where it is written in another way, the nearest."""
        dotted = f"{table}.{key}" if table else key
        found = self.keys.get((table, number, key)) or self.keys.get(("", 0, dotted)) or self.headers.get((dotted, 0))
        if found is None and (inline := re.search(rf"[{{,]\s*[\"']?({re.escape(key)})[\"']?\s*=", self.text)):
            found = place_of(self.text, inline.start(1))
        return found or self.headers.get((table, number)) or self.keys.get(("", 0, table)) or Place(1, 1)


def _bare(name: str) -> str:
    """Return a key as it is without quotes."""
    return re.sub(r"\s*\.\s*", ".", name).replace('"', "").replace("'", "")
