"""Front matter as text: where it begins and ends, and its YAML as nodes that know their place.

Scalars stay the text that the editor wrote: `no`, `12:30`, `2021` and `0123` are strings. What YAML can do beyond lists
and mappings of strings (anchors, aliases, merge keys, tags, several documents) is refused, since a page never needs it.
"""

from __future__ import annotations

import re

import msgspec
import yaml

from gengduo.errors import ContentError, Problem, problem
from gengduo.places import not_utf8, place_of

MAX_DEPTH = 12
"""Deeper nesting than any page needs; bounds the stack."""

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FRONT_END = re.compile(r"\n---[ \t]*$", re.MULTILINE)
NODES = (yaml.ScalarEvent, yaml.CollectionStartEvent, yaml.AliasEvent)
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no XML, and so no feed, can hold."""
SURROGATE = re.compile("[\ud800-\udfff]")
PLAIN = r'[^"\\\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]'
"""A character that stands for itself in double quotes."""
QUOTED = f'"{PLAIN}*"'
WRITTEN_LINE = re.compile(
    rf'^(  - |    )?([a-z_]+):(?: (?:"({PLAIN}+)"|(\[(?:{QUOTED}(?:, {QUOTED})*)?\]|true|false)))?\n', re.MULTILINE
)
"""A line of front matter in the form in which the importer writes it: what indents it, key, text, other value."""
QUOTED_TEXT = re.compile(QUOTED)
CONFLICT_IN_BODY = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
"""A line of equals signs may underline a heading there."""
CONFLICT = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)


class Node(msgspec.Struct, frozen=True, gc=False):
    """A value of the front matter with its place in the file, both counted from 1."""

    value: str | list[Node] | dict[str, Node]
    line: int
    column: int
    plain: bool = False
    """Written without quotes, so that `false` may mean False."""


def split_page(data: bytes, path: str) -> tuple[str, str, int]:
    """Return (front matter, body, line on which the body begins).

    All line ends become line feeds, and a byte order mark is dropped. Raises ContentError for bytes that are not UTF-8,
    a missing or unclosed front matter, and conflict markers.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContentError(not_utf8(path, data, error, "save the page as UTF-8")) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = text.partition("\n")[0]
    if first.rstrip() != "---":
        raise ContentError(problem(path, "a page begins with a line “---”; put the front matter there", 1, 1))
    end = FRONT_END.search(text, len(first))
    if end is None:
        raise ContentError(problem(path, "the front matter is not closed; end it with a line “---”", 1, 1))
    front, body = text[len(first) + 1 : end.start() + 1], text[end.end() + 1 :]
    may_conflict = any(mark in text for mark in ("<<<<<<<", "=======", ">>>>>>>"))
    if may_conflict and (conflict := CONFLICT.search(front)):
        line = front.count("\n", 0, conflict.start()) + 2
        raise ContentError(problem(path, "a merge conflict was left here; choose one side", line, 1))
    if may_conflict and (left := CONFLICT_IN_BODY.search(body)):
        line = text.count("\n", 0, len(text) - len(body) + left.start()) + 1
        raise ContentError(problem(path, "a merge conflict was left here; choose one side", line, 1))
    for place in (front, body):
        if bad := NOT_TEXT.search(place):
            message = f"a control character U+{ord(bad[0]):04X} stands here; delete it"
            raise ContentError(problem(path, message, *place_of(text, text.index(bad[0]))))
    return front, body, front.count("\n") + 3


def parse_yaml(text: str, path: str, first_line: int) -> dict[str, Node]:
    """Return the mapping that a YAML text states; `first_line` is its line in the file.

    Raises ContentError at the first thing that is not a plain mapping of strings, lists and mappings.
    """
    written = _as_written(text, first_line)
    if written is not None:
        return written
    try:
        node = _Composer(text, path, first_line).document()
    except yaml.MarkedYAMLError as error:
        # Of what has no end, the parser's own mark is the end of the file: its context begins where an editor looks.
        open_end = (error.problem or "").startswith(("found unexpected end", "could not find expected ':'"))
        mark = (error.context_mark if open_end else None) or error.problem_mark or error.context_mark
        line, column = (mark.line + first_line, mark.column + 1) if mark else (first_line, 1)
        what = (error.problem or "not valid YAML").replace("\n", " ")
        advice = "; indent with spaces, not with tabs" if "\\t" in what or ("token" in what and "\t" in text) else ""
        message = f"the front matter cannot be read: {what}{advice or '; put the text in double quotes'}"
        raise ContentError(problem(path, message, line, column)) from None
    except (yaml.YAMLError, ValueError, AttributeError, RecursionError) as error:
        # Of what Python's own limits stop, its advice is for programmers.
        reason = str(error).split("\n")[0] if isinstance(error, yaml.YAMLError) else "it holds what no page needs"
        message = f"the front matter cannot be read: {reason}; write plain keys and quoted texts"
        raise ContentError(problem(path, message, first_line, 1)) from None
    if node is None:
        return {}
    if not isinstance(node.value, dict):
        raise ContentError(problem(path, "the front matter must be lines of “key: value”; correct it", node.line, 1))
    return node.value


def _as_written(text: str, first_line: int) -> dict[str, Node] | None:
    """Return what a YAML text states that has the form in which the importer writes; None for any other.

    Most pages have it, and the parser, which makes the same of them, needs five times as long.
    """
    found = WRITTEN_LINE.findall(text)
    if len(found) != text.count("\n") or text[-1:] not in ("", "\n"):
        return None  # a line has another form
    entries: dict[str, Node] = {}
    target = entries
    tables: list[Node] | None = None
    for line, (indent, key, quoted, other) in enumerate(found, first_line):
        if not indent:
            target, tables = entries, None
        elif tables is None:
            return None
        elif indent == "  - ":
            target = {}
            tables.append(Node(target, line, 5))
        if key in target:
            return None
        column = len(indent) + len(key) + 3
        if quoted:
            target[key] = Node(quoted, line, column)
        elif other:
            target[key] = _written_value(other, line, column)
        elif not indent and found[line - first_line + 1 :] and found[line - first_line + 1][0] == "  - ":
            tables = []
            target[key] = Node(tables, line + 1, 3)
        else:
            return None
    return entries


def _written_value(value: str, line: int, column: int) -> Node:
    if value[0] == "[":
        texts = QUOTED_TEXT.finditer(value)
        return Node([Node(text[0][1:-1], line, column + text.start()) for text in texts], line, column)
    return Node(value, line, column, plain=True)


class _Composer:
    """Builds nodes from the parser's events: one pass, no recursion of YAML's own, every place known."""

    def __init__(self, text: str, path: str, first_line: int) -> None:
        self.events = yaml.parse(text, Loader=LOADER)
        self.path = path
        self.first_line = first_line

    def fail(self, event: yaml.Event, message: str) -> ContentError:
        return ContentError(self.problem(event, message))

    def problem(self, event: yaml.Event, message: str) -> Problem:
        return problem(self.path, message, *self.place(event))

    def place(self, event: yaml.Event) -> tuple[int, int]:
        """Return the line and column of an event in the file."""
        mark = event.start_mark
        assert mark is not None  # the parser marks every event
        return mark.line + self.first_line, mark.column + 1

    def document(self) -> Node | None:
        documents = 0
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.fail(event, "a second YAML document begins here; keep one")
            elif isinstance(event, NODES):
                root = self.node(event, 0)
        return root

    def node(self, event: yaml.Event, depth: int) -> Node:
        line, column = self.place(event)
        if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) or event.anchor:
            raise self.fail(event, "anchors and aliases (& and *) are not used here; put the text in double quotes")
        if event.tag and event.tag != "!":
            raise self.fail(event, f"the YAML tag “{event.tag}” is not used here; put the text in double quotes")
        if depth > MAX_DEPTH:
            raise self.fail(event, "the front matter is nested too deeply; write plain keys and lists")
        if isinstance(event, yaml.ScalarEvent):
            if SURROGATE.search(event.value):
                raise self.fail(event, "half a surrogate pair is no character; delete the escape")
            if bad := NOT_TEXT.search(event.value):
                raise self.fail(event, f"U+{ord(bad[0]):04X} is a control character; delete it")
            return Node(event.value, line, column, plain=not event.style)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(child := next(self.events), yaml.SequenceEndEvent):
                items.append(self.node(child, depth + 1))
            return Node(items, line, column)
        return Node(self.mapping(depth), line, column)

    def mapping(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(key := next(self.events), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent):
                raise self.fail(key, "a key must be a word; correct it")
            if key.value == "<<" and not key.style:
                raise self.fail(key, "merge keys (<<) are not used here; write the keys out")
            if key.value in entries:
                line = entries[key.value].line
                raise self.fail(key, f"the key “{key.value}” stands twice (also at line {line}); keep one")
            name = self.node(key, depth + 1)
            value = self.node(next(self.events), depth + 1)
            # An empty value has no place of its own: the key's is where an editor looks.
            entries[key.value] = value if value.value != "" else Node("", name.line, name.column, value.plain)
        return entries
