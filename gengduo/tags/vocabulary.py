"""`content/tags.toml`, read and checked."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from gengduo.cache import digest_of
from gengduo.errors import ContentError, Problem, StorageError, did_you_mean, problem
from gengduo.model import Value
from gengduo.places import TomlPlaces, not_utf8, toml_problem
from gengduo.slugs import simplified, slug_fault, slug_of

NAME = "content/tags.toml"

TagKind = Literal["topic", "person", "place", "organisation"]
KINDS: tuple[TagKind, ...] = get_args(TagKind)

TEXT_KEYS = ("name", "slug", "kind")
LIST_KEYS = ("patterns", "aliases", "not_in")


class Tag(Value, frozen=True, kw_only=True):
    """One `[[tag]]` of the vocabulary, or a tag that an editor wrote and the vocabulary does not hold."""

    name: str
    """The canonical name, which stands in front matter."""
    slug: str
    kind: TagKind = "topic"
    patterns: tuple[str, ...] = ()
    """Words of a story that speak for the tag, besides its name and aliases."""
    aliases: tuple[str, ...] = ()
    """Other names of the same thing: what an editor may write instead."""
    not_in: tuple[str, ...] = ()
    """Longer words that hold a pattern and mean something else: 太平洋 for 太平."""


class Vocabulary(Value, frozen=True, kw_only=True):
    """The tags of a site."""

    tags: tuple[Tag, ...] = ()
    digest: str = ""
    """Changes when what is found may change."""


def load_vocabulary(path: Path) -> Vocabulary:
    """Return the vocabulary in a file; without the file it is empty.

    Raises ContentError with every problem of the file, each at its line.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Vocabulary()
    except OSError as error:
        raise StorageError(problem(NAME, f"cannot be read: {error.strerror or error}; check the file")) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContentError(not_utf8(NAME, data, error)) from None
    return parse_vocabulary(text)


def parse_vocabulary(text: str) -> Vocabulary:
    """Return the vocabulary that the text of a `tags.toml` states."""
    text = text.replace("\r\n", "\n")
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ContentError(toml_problem(NAME, error, text)) from None
    reader = _Reader(text)
    tags = reader.tags(table)
    if reader.problems:
        raise ContentError(sorted(reader.problems, key=lambda found: found.position))
    return Vocabulary(tags=tags, digest=digest_of(tags))


def folded(text: str) -> str:
    """Return the text as tags are compared: Simplified, lower case, one width, no space around it."""
    return " ".join(simplified(unicodedata.normalize("NFKC", text)).lower().split())


class _Reader:
    """Collects the tags of one file and everything that is wrong with them."""

    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        self.text = text
        self.blocks = _blocks(text)
        """Lines of each `[[tag]]`, the header first."""
        self.owners: dict[str, tuple[str, int]] = {}
        """Folded name or alias → (name of its tag, index of it)."""
        self.slugs: dict[str, tuple[str, int]] = {}

    def tags(self, table: Mapping[str, Any]) -> tuple[Tag, ...]:
        for key in table:
            if key != "tag":
                advice = did_you_mean(key, ["tag"]) or "; write tags as [[tag]] tables"
                self.problems.append(problem(NAME, f"unknown key “{key}”{advice}", *TomlPlaces(self.text).of(key)))
        rows = table.get("tag", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            message = "“tag” is not a list of tables; write [[tag]] above each tag"
            self.problems.append(problem(NAME, message, *TomlPlaces(self.text).of("tag")))
            return ()
        return tuple(tag for index, row in enumerate(rows) if (tag := self.tag(index, row)) is not None)

    def tag(self, index: int, row: Mapping[str, Any]) -> Tag | None:
        """Return one tag, or None where it is wrong."""
        before = len(self.problems)
        texts, lists = self.values(index, row)
        name = texts.get("name", "")
        if not name and len(self.problems) == before:
            self.complain(index, "name", 'this tag has no name; add name = "…"')
        kind = texts.get("kind", "topic")
        if kind not in KINDS:
            advice = did_you_mean(kind, KINDS) or "; write topic, person, place or organisation"
            self.complain(index, "kind", f"unknown kind “{kind}”{advice}")
        if "slug" in texts and (fault := slug_fault(texts["slug"])):
            self.complain(index, "slug", fault)
        for pattern in lists["patterns"]:
            if len(pattern) < 2:
                self.complain(index, "patterns", f"the pattern “{pattern}” is too short to mean one thing; lengthen it")
        names = [folded(word) for word in (name, *lists["aliases"], *lists["patterns"])]
        for word in lists["not_in"]:
            if not any(inner in folded(word) and inner != folded(word) for inner in names):
                self.complain(index, "not_in", f"“{word}” holds no word of this tag that it could hide; remove it")
        if len(self.problems) > before:
            return None
        slug = texts.get("slug") or slug_of(name)
        self.claim(index, name, slug, lists["aliases"])
        return Tag(name=name, slug=slug, kind=_kind(kind), **lists)

    def values(self, index: int, row: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
        """Return the texts and the lists of one table that have the right type."""
        texts: dict[str, str] = {}
        lists: dict[str, tuple[str, ...]] = dict.fromkeys(LIST_KEYS, ())
        for key, value in row.items():
            if key in TEXT_KEYS:
                if _is_word(value):
                    texts[key] = value
                else:
                    self.complain(index, key, f'“{key}” is not a text of one line; write {key} = "…"')
            elif key in LIST_KEYS:
                if isinstance(value, list) and all(map(_is_word, value)):
                    lists[key] = tuple(dict.fromkeys(value))
                else:
                    self.complain(index, key, f'“{key}” is not a list of texts; write {key} = ["…", "…"]')
            else:
                advice = did_you_mean(key, TEXT_KEYS + LIST_KEYS) or "; remove it"
                self.complain(index, key, f"unknown key “{key}”{advice}")
        return texts, lists

    def claim(self, index: int, name: str, slug: str, aliases: Sequence[str]) -> None:
        """Note whose the names and the slug are; complain where another tag has them already."""
        for key, word in (("name", name), *(("aliases", alias) for alias in aliases)):
            owner, first = self.owners.setdefault(folded(word), (name, index))
            if first != index:
                line = self.line(first, "name")
                self.complain(index, key, f"“{word}” is the tag “{owner}” of line {line} already; remove one")
        owner, first = self.slugs.setdefault(slug, (name, index))
        if first != index:
            line = self.line(first, "slug")
            advice = "give one of them another slug"
            self.complain(index, "slug", f"the slug “{slug}” is that of “{owner}” in line {line} already; {advice}")

    def complain(self, index: int, key: str, message: str) -> None:
        self.problems.append(problem(NAME, message, self.line(index, key)))

    def line(self, index: int, key: str) -> int:
        """Return the line of a key of the n-th tag; of its header where the key is not found; 0 where none is."""
        if index >= len(self.blocks):
            return 0
        first, lines = self.blocks[index]
        shape = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=""")
        return next((first + offset for offset, line in enumerate(lines) if shape.match(line)), first)


def _blocks(text: str) -> list[tuple[int, list[str]]]:
    """Return for each `[[tag]]` header its line and the lines from there to the next header."""
    blocks: list[tuple[int, list[str]]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if re.match(r"""\s*\[\[\s*["']?tag["']?\s*\]\]""", line):
            blocks.append((number, []))
        if blocks:
            blocks[-1][1].append(line)
    return blocks


def _is_word(value: object) -> bool:
    """Return whether a value is a text that can be a name: not empty, in one line, nothing invisible."""
    return isinstance(value, str) and bool(value) and value.isprintable() and value == value.strip()


def _kind(kind: str) -> TagKind:
    """Return a kind that was checked, as its type."""
    return next(known for known in KINDS if known == kind)
