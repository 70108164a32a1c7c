"""What an audit reads of an HTML page, by one pass over its tags.

No tree is built: one would take most of the time of an audit of 40,000 pages, and the pages are our own.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from gengduo.model import Script

TOKEN = re.compile(
    r"""<!--.*?(?:-->|\Z)|<[!?][^<>]*>
    |<(script|style)((?:[^<>"']|"[^"]*"|'[^']*')*+)>(.*?)(?:</\1\s*>|\Z)
    |<(/?)([a-z][^\s/<>"']*)((?:[^<>"']|"[^"]*"|'[^']*')*+)>""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
REFRESH = re.compile(r"\s*\d+\s*[;,]\s*url\s*=\s*[\"']?([^\"']+)", re.IGNORECASE)
CODE = {"code", "pre", "kbd", "samp", "var"}
"""Elements whose text is the same in every edition."""
BARE = {"h1", "title", "img", *CODE}
"""Elements that count without any attribute."""
TOLD = {"html", "meta", "img", *CODE}
WORTH_READING = re.compile(
    r"(?:^|\s)(?:href|src|srcset|poster|data|cite|action|formaction|background|id|name|lang|translate)\s*=",
    re.IGNORECASE,
)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
TEXT_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)\s*=\s*(?:"[^"]*|'[^']*)\Z""")
BREAKS = re.compile(r"""[<>"'\n。！？；]""")
ADDRESSES = {"href", "src", "poster", "data", "cite", "action", "formaction", "background"}
READ_ALOUD = {"alt", "title", "aria-label", "placeholder", "content", "label", "aria-description"}
"""Attributes that a reader sees or hears."""


class Address(NamedTuple):
    """An address as it stands in a page."""

    tag: str
    attributes: dict[str, str]
    value: str
    offset: int


class Markup(NamedTuple):
    """A page, read."""

    text: str
    lang: str
    addresses: tuple[Address, ...]
    ids: dict[str, int]
    """Each id, and the `name` of an `a`, with its first offset."""
    repeated_ids: tuple[tuple[str, int], ...]
    headings: tuple[int, ...]
    """Offsets of the h1 elements."""
    titles: int
    metas: tuple[dict[str, str], ...]
    structured: tuple[tuple[str, int], ...]
    """JSON-LD, each with its offset."""
    silent: tuple[tuple[int, bool], ...]
    """Offsets from which on the text is (True) or is not (False) outside the language of the page, in order."""
    without_alt: tuple[int, ...]


def read_markup(text: str, script: Script | None = None) -> Markup:
    """Return what a page holds. `script` is that of the edition: text in another language counts as silent."""
    reader = _Reader(text, script)
    for token in TOKEN.finditer(text):
        closing, name, source = token.group(4, 5, 6)
        if closing:
            if reader.scopes:
                reader.close(name.lower(), token.end())
        elif name:
            if source or reader.scopes or name in BARE:
                reader.tag(name.lower(), source, token.start(), token.end())
        elif token[1]:
            reader.raw(token)
        else:
            reader.mark(token.start(), token.end())
    return reader.result()


def attributes_of(source: str) -> dict[str, str]:
    """Return the attributes of a tag, names in lower case; of several with one name the first, as in a browser."""
    found: dict[str, str] = {}
    for name, double, single, bare in ATTRIBUTE.findall(source):
        value = double or single or bare
        found.setdefault(name.lower(), html.unescape(value) if "&" in value else value)
    return found


class _Scope(NamedTuple):
    """An open element that decides the language of its text."""

    name: str
    depth: int
    """Open elements of its name, itself included."""
    before: bool
    """Whether the text around it is silent."""


class _Reader:
    """Takes tag after tag."""

    def __init__(self, text: str, script: Script | None) -> None:
        self.text = text
        self.script = script
        self.lang = ""
        self.addresses: list[Address] = []
        self.ids: dict[str, int] = {}
        self.repeated: list[tuple[str, int]] = []
        self.headings: list[int] = []
        self.titles = 0
        self.metas: list[dict[str, str]] = []
        self.structured: list[tuple[str, int]] = []
        self.silent: list[tuple[int, bool]] = []
        self.without_alt: list[int] = []
        self.scopes: list[_Scope] = []
        self.is_silent = False

    def tag(self, name: str, source: str, start: int, end: int) -> None:
        if name == "h1":
            self.headings.append(start)
        elif name == "title":
            self.titles += 1
        if self.scopes and self.scopes[-1].name == name and name not in VOID and not source.endswith("/"):
            self.scopes[-1] = self.scopes[-1]._replace(depth=self.scopes[-1].depth + 1)
        if name not in TOLD and not WORTH_READING.search(source):
            return
        attributes = attributes_of(source)
        self.take(name, attributes, start)
        if name != "html" and ("lang" in attributes or "translate" in attributes or name in CODE):
            silent = self.is_foreign(name, attributes)
            if name in VOID:
                self.mark(start, end) if silent else None
            else:
                self.open(name, start, silent=silent)

    def raw(self, token: re.Match[str]) -> None:
        attributes = attributes_of(token[2])
        self.take(token[1].lower(), attributes, token.start())
        if attributes.get("type", "").lower() == "application/ld+json":
            self.structured.append((token[3], token.start(3)))
        else:
            self.mark(token.start(), token.end())

    def take(self, name: str, attributes: dict[str, str], start: int) -> None:
        if name == "html":
            self.lang = attributes.get("lang", "")
        elif name == "meta":
            self.metas.append(attributes)
            if attributes.get("http-equiv", "").lower() == "refresh":
                target = REFRESH.match(attributes.get("content", ""))
                if target:
                    self.addresses.append(Address("meta", attributes, target[1], start))
        elif name == "img" and "alt" not in attributes:
            self.without_alt.append(start)
        for key in ADDRESSES.intersection(attributes):
            if key != "data" or name == "object":
                self.addresses.append(Address(name, attributes, attributes[key], start))
        for candidate in attributes.get("srcset", "").split(","):
            if candidate.strip():
                self.addresses.append(Address(name, attributes, candidate.split()[0], start))
        identity = attributes.get("id") or (attributes.get("name") if name == "a" else None)
        if identity:
            if identity in self.ids and "id" in attributes:
                self.repeated.append((identity, start))
            self.ids.setdefault(identity, start)

    def is_foreign(self, name: str, attributes: dict[str, str]) -> bool:
        """Tell whether an element's text is none of the edition's."""
        if name in CODE or attributes.get("translate", "").lower() == "no":
            return True
        lang = attributes.get("lang")
        if lang is None:
            return self.is_silent
        return self.script is not None and not lang.lower().startswith(f"zh-{self.script.lower()}")

    def open(self, name: str, start: int, *, silent: bool) -> None:
        self.scopes.append(_Scope(name, 1, self.is_silent))
        self.turn(start, silent)

    def close(self, name: str, end: int) -> None:
        if not self.scopes or self.scopes[-1].name != name:
            return
        scope = self.scopes.pop()
        if scope.depth > 1:
            self.scopes.append(scope._replace(depth=scope.depth - 1))
        else:
            self.turn(end, scope.before)

    def mark(self, start: int, end: int) -> None:
        """Take note of a stretch that no reader sees."""
        before = self.is_silent
        self.turn(start, True)
        self.turn(end, before)

    def turn(self, offset: int, silent: bool) -> None:
        self.is_silent = silent
        self.silent.append((offset, silent))

    def result(self) -> Markup:
        return Markup(
            text=self.text,
            lang=self.lang,
            addresses=tuple(self.addresses),
            ids=self.ids,
            repeated_ids=tuple(self.repeated),
            headings=tuple(self.headings),
            titles=self.titles,
            metas=tuple(self.metas),
            structured=tuple(self.structured),
            silent=tuple(self.silent),
            without_alt=tuple(self.without_alt),
        )


def heard(markup: Markup, offset: int) -> bool:
    """Tell whether the character at an offset reaches a reader in the language of the page."""
    index = bisect_right(markup.silent, (offset, True)) - 1
    if index >= 0 and markup.silent[index][1]:
        return False
    tag = markup.text.rfind("<", 0, offset)
    if tag <= markup.text.rfind(">", 0, offset):
        return True
    attribute = TEXT_ATTRIBUTE.search(markup.text, tag, offset)
    return attribute is not None and attribute[1].lower() in READ_ALOUD


def sentences(markup: Markup, offsets: list[int]) -> Iterator[tuple[int, str]]:
    """Yield each offset that is heard, with the words around it; one for each stretch of words."""
    end = -1
    for offset in offsets:
        if offset < end or not heard(markup, offset):
            continue
        start, end = _bounds(markup.text, offset)
        yield offset, html.unescape(markup.text[start:end]).strip()


def _bounds(text: str, offset: int) -> tuple[int, int]:
    before = text[max(0, offset - 30) : offset]
    starts = [found.end() for found in BREAKS.finditer(before)]
    start = offset - len(before) + (starts[-1] if starts else 0)
    after = BREAKS.search(text, offset, offset + 30)
    return start, after.start() if after else min(len(text), offset + 30)
