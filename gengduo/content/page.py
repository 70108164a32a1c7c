"""A page between its file and an `Article`: checked in both directions, every problem with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from gengduo.content.frontmatter import Node, parse_yaml, split_page
from gengduo.errors import ContentError, Problem, did_you_mean, is_visible, problem
from gengduo.model import Article, Correction, Teaser
from gengduo.slugs import RESERVED, slug_fault
from gengduo.urls import address_fault

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
CALENDAR_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
ALIAS_PART = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,119}")
TRUTH = {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False, "": False}
_NOT_YAML = re.compile(r"[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")
CORRECTION_KEYS: Final = ("date", "text")


def parse_page(
    data: bytes, path: str, is_date: Callable[[str], bool], original: Article | None = None
) -> tuple[Article, tuple[Problem, ...]]:
    """Return the article that a page's bytes state, and warnings.

    `is_date` tells whether an EDTF text is accepted. `original` is given for a hand-made edition: what its front matter
    does not state is as in the original. Raises ContentError with every problem of the page, each at its place.
    """
    front, body, body_line = split_page(data, path)
    fields = _Fields(parse_yaml(front, path, 2), path, is_date)
    values = fields.article(original)
    if fields.problems:
        raise ContentError(fields.problems)
    return Article(source_path=path, body=body, body_line=body_line, **values), tuple(fields.warnings)


class _Fields:
    """Reads one page's front matter, collecting problems and warnings."""

    def __init__(self, nodes: Mapping[str, Node], path: str, is_date: Callable[[str], bool]) -> None:
        self.nodes = nodes
        self.path = path
        self.is_date = is_date
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def complain(self, node: Node, message: str) -> None:
        self.problems.append(problem(self.path, message, node.line, node.column))

    def article(self, original: Article | None) -> dict[str, Any]:
        self.warn_unknown(self.nodes, _READERS)
        values = {key: getattr(original, key) for key in _READERS} if original else {}
        for key in ("title", "slug", "lang"):
            if key not in self.nodes and key not in values:
                self.problems.append(problem(self.path, f"“{key}” is missing; add it to the front matter", 1, 1))
        return values | {key: read(self, self.nodes[key], key) for key, read in _READERS.items() if key in self.nodes}

    def warn_unknown(self, nodes: Mapping[str, Node], known: Collection[str]) -> None:
        for key, node in nodes.items():
            if key not in known:
                message = f"unknown key “{key}”{did_you_mean(key, known) or '; it is ignored'}"
                self.warnings.append(problem(self.path, message, node.line, node.column))

    def text(self, node: Node, key: str) -> str:
        value = node.value
        if isinstance(value, str):
            return (value.replace("\n", " ") if "\n" in value else value).strip()
        self.complain(node, f"“{key}” must be a text; put it in double quotes")
        return ""

    def required(self, node: Node, key: str) -> str:
        text = self.text(node, key)
        if isinstance(node.value, str) and not is_visible(text):
            self.complain(node, f"“{key}” {'shows nothing' if text else 'is empty'}; write one")
        return text

    def texts(self, node: Node, key: str) -> tuple[str, ...]:
        if not isinstance(node.value, list):
            if node.value == "":
                return ()
            self.complain(node, f'“{key}” must be a list; write it as ["…", "…"]')
            return ()
        found = [self.text(item, key) for item in node.value]
        return tuple(dict.fromkeys(text for text in found if text))

    def truth(self, node: Node, key: str) -> bool:
        word = node.value.lower() if isinstance(node.value, str) else None
        if word in TRUTH:
            return TRUTH[word]
        self.complain(node, f"“{key}” must be true or false; correct it")
        return False

    def slug(self, node: Node, key: str) -> str:
        text = self.text(node, key)
        if isinstance(node.value, str) and (fault := slug_fault(text)):
            self.complain(node, fault)
        return text

    def lang(self, node: Node, key: str) -> str:
        text = self.text(node, key)
        if not LANGUAGE.fullmatch(text):
            self.complain(node, f"“{text}” is not a language; write zh-Hans or zh-Hant")
        return text

    def edtf(self, node: Node, key: str) -> str:
        text = self.text(node, key)
        if text and not self.is_date(text):
            self.complain(node, f"“{text}” is not a date that can be; write it as 2018-08-12 or 2018-08-12?")
        return text

    def calendar_date(self, node: Node, key: str) -> str:
        text = self.edtf(node, key)
        if text and not CALENDAR_DATE.fullmatch(text):
            self.complain(node, f"“{key}” must be a date such as 2018-08-12; correct it")
        return text

    def address(self, node: Node, key: str) -> str:
        text = self.text(node, key)
        if text and not re.match(r"https?://", text):
            self.complain(node, f"“{key}” must begin with https:// or http://; correct it")
        elif text and (fault := address_fault(text)):
            self.complain(node, f"{fault}; correct “{key}”")
        return text

    def aliases(self, node: Node, key: str) -> tuple[str, ...]:
        aliases = []
        for text in self.texts(node, key):
            path = text.strip("/")
            parts = path.split("/")
            if not all(ALIAS_PART.fullmatch(part) and part.lower() not in RESERVED for part in parts):
                self.complain(node, f"“{text}” cannot be an old address; write a path such as /old/story/")
            aliases.append(path)
        return tuple(aliases)

    def tables(self, node: Node, key: str, known: Collection[str]) -> list[tuple[Node, dict[str, Node]]]:
        """Return the mappings of a list of mappings."""
        if node.value == "":
            return []
        if not isinstance(node.value, list):
            self.complain(node, f"“{key}” must be a list of entries; begin each with “- {next(iter(known))}:”")
            return []
        tables = []
        for item in node.value:
            if isinstance(item.value, dict):
                self.warn_unknown(item.value, known)
                tables.append((item, item.value))
            else:
                self.complain(item, f"an entry of “{key}” must have keys; begin it with “- {next(iter(known))}:”")
        return tables

    def more(self, node: Node, key: str) -> tuple[Teaser, ...]:
        return tuple(self.teaser(item, table) for item, table in self.tables(node, key, _TEASER_READERS))

    def teaser(self, item: Node, table: Mapping[str, Node]) -> Teaser:
        for key in ("title", "slug"):
            if key not in table:
                self.complain(item, f"this entry of “more” lacks “{key}”; add it")
        values: dict[str, Any] = {"title": "", "slug": ""}
        values |= {key: read(self, table[key], key) for key, read in _TEASER_READERS.items() if key in table}
        return Teaser(line=item.line, **values)

    def ref(self, node: Node, key: str) -> str | bool | None:
        if node.plain and node.value in ("false", "no"):
            return False
        if node.value == "":
            return None
        return self.slug(node, key)

    def corrections(self, node: Node, key: str) -> tuple[Correction, ...]:
        found = []
        for item, table in self.tables(node, key, CORRECTION_KEYS):
            if "text" not in table:
                self.complain(item, "this correction lacks “text”; say what was wrong")
                continue
            date = self.edtf(table["date"], "date") if "date" in table else ""
            found.append(Correction(date=date, text=self.required(table["text"], "text")))
        return tuple(found)

    def glossary(self, node: Node, key: str) -> tuple[tuple[str, str], ...]:
        if node.value == "":
            return ()
        if isinstance(node.value, dict):
            return tuple((text, self.text(form, text)) for text, form in node.value.items())
        if isinstance(node.value, list):
            return tuple((text, text) for text in self.texts(node, key))
        self.complain(node, "“glossary” must list names, or name: form; correct it")
        return ()


_READERS: dict[str, Callable[[_Fields, Node, str], Any]] = {
    "title": _Fields.required,
    "slug": _Fields.slug,
    "lang": _Fields.lang,
    "date": _Fields.edtf,
    "date_basis": _Fields.texts,
    "lede": _Fields.text,
    "dateline": _Fields.text,
    "byline": _Fields.text,
    "credit": _Fields.text,
    "tags": _Fields.texts,
    "more": _Fields.more,
    "seed": _Fields.text,
    "aliases": _Fields.aliases,
    "draft": _Fields.truth,
    "section": _Fields.text,
    "lead": _Fields.truth,
    "glossary": _Fields.glossary,
    "corrections": _Fields.corrections,
    "withdrawn": _Fields.text,
    "updated": _Fields.calendar_date,
    "source_url": _Fields.address,
}
"""What front matter may hold, in the order in which problems are told."""

_TEASER_READERS: dict[str, Callable[[_Fields, Node, str], Any]] = {
    "title": _Fields.required,
    "slug": _Fields.slug,
    "caption": _Fields.text,
    "lede": _Fields.text,
    "date": _Fields.edtf,
    "ref": _Fields.ref,
    "incomplete": _Fields.truth,
}
"""What an entry of `more` may hold."""


def dump_page(article: Article) -> str:
    """Return the file of a page, as the importer writes it; `parse_page` of it is the article again.

    Strings are written as JSON, which is YAML in double quotes.
    """
    lines = ["---"]
    for key, value in _front_matter(article):
        if key == "more":
            lines.append("more:")
            for teaser in value:
                entries = [f"{name}: {_scalar(entry)}" for name, entry in teaser]
                lines.append("  - " + "\n    ".join(entries))
        else:
            lines.append(f"{key}: {_scalar(value)}")
    return "\n".join(lines) + "\n---\n\n" + article.body


def _front_matter(article: Article) -> Iterable[tuple[str, Any]]:
    yield "title", article.title
    yield "slug", article.slug
    yield "lang", article.lang
    for key in ("date", "date_basis", "lede", "dateline", "byline", "credit"):
        if value := getattr(article, key):
            yield key, value
    yield "tags", article.tags
    if article.more:
        yield "more", [_teaser(teaser) for teaser in article.more]
    for key in ("source_url", "updated"):
        if value := getattr(article, key):
            yield key, value
    if article.seed:
        yield "seed", article.seed


def _teaser(teaser: Teaser) -> list[tuple[str, Any]]:
    entries: list[tuple[str, Any]] = [("title", teaser.title), ("slug", teaser.slug)]
    entries += [(key, value) for key in ("caption", "lede", "date") if (value := getattr(teaser, key))]
    if teaser.ref is not None:
        entries.append(("ref", teaser.ref))
    if teaser.incomplete:
        entries.append(("incomplete", True))
    return entries


def _scalar(value: str | bool | Sequence[str]) -> str:
    if isinstance(value, str):
        text = json.encoder.encode_basestring(value)
        # JSON leaves U+2028, U+2029, U+0085 and U+FEFF bare; in YAML they are line breaks or not printable.
        return text if text.isprintable() else _NOT_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"[{', '.join(map(_scalar, value))}]"
