"""All of a page's templates in one: the frame that it extends, its blocks in it, and beside it the macros it imports.

Jinja finds out on every page what its template extends and imports, and how each block and macro is called. All of this
can be known beforehand; where it cannot, because a template does what is not provided for here, Jinja prints its pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import chain

import jinja2
from jinja2 import nodes

SHOWN = ("page", "text", "structured")
"""What a template is given."""
SPECIAL = frozenset({"self", "super", "caller", "kwargs", "varargs"})
NOT_PROVIDED = (
    *(nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport, nodes.Block, nodes.CallBlock, nodes.Macro),
    *(nodes.AssignBlock, nodes.FilterBlock, nodes.EvalContextModifier, nodes.ContextReference),
)

Body = list[nodes.Node]


class NotSingleError(Exception):
    """A template does what cannot be known beforehand, or not so simply."""


def printer_of(kind: str) -> str:
    """Return what the macro is called that prints the pages of a kind."""
    return f"print_{kind}"


def single_template(environment: jinja2.Environment, templates: Mapping[str, str]) -> nodes.Template:
    """Return a template of macros alone: one for each kind of page, where that can be, and those that these call."""
    theme = _Theme(environment, frozenset(printer_of(kind) for kind in templates))
    printers = []
    for kind, name in templates.items():
        try:
            layers = list(theme.layers(name))
            imported = {name for layer in layers for name in theme.imported(layer)}
            body = _Frame([_without_imports(layer) for layer in layers]).body()
            hidden = theme.printers | (theme.macros.keys() - imported)
            _check(body, hidden, {*SHOWN, *imported, *environment.globals})
        except (NotSingleError, jinja2.TemplateError, UnicodeDecodeError, RecursionError, LookupError):
            continue
        printers.append(
            nodes.Macro(printer_of(kind), [nodes.Name(name, "param") for name in SHOWN], [], body, lineno=1)
        )
    template = nodes.Template([*theme.macros.values(), *printers], lineno=1)
    template.set_environment(environment)
    return template


class _Theme:
    """The templates, each parsed once, and the macros of the one file that they may import from."""

    def __init__(self, environment: jinja2.Environment, printers: frozenset[str]) -> None:
        self.environment = environment
        self.printers = printers
        self.parsed: dict[str, Body] = {}
        self.file = ""
        self.macros: dict[str, nodes.Macro] = {}

    def body(self, name: str) -> Body:
        assert self.environment.loader is not None
        if name not in self.parsed:
            text = self.environment.loader.get_source(self.environment, name)[0]
            self.parsed[name] = self.environment.parse(text, name).body
        return self.parsed[name]

    def layers(self, name: str) -> Iterator[Body]:
        """Yield a template, what it extends, what that extends, and so on."""
        seen: set[str] = set()
        while name not in seen:
            seen.add(name)
            body = self.body(name)
            if not body or not isinstance(body[0], nodes.Extends):
                yield body
                return
            yield body[1:]
            name = _constant(body[0].template)
        raise NotSingleError

    def imported(self, layer: Body) -> Iterator[str]:
        """Yield the names of macros that a template imports, before all else that it does: no sooner are they known."""
        begun = False
        for node in layer:
            if not isinstance(node, nodes.FromImport):
                begun = begun or not _is_text(node)
            elif begun:
                raise NotSingleError
            else:
                self._take(_constant(node.template))
                if node.with_context or not self.macros.keys() >= set(node.names):
                    raise NotSingleError
                yield from (name for name in node.names if isinstance(name, str))

    def _take(self, file: str) -> None:
        """Take the macros of a file, where it holds nothing else."""
        if file == self.file:
            return
        body = self.body(file)
        macros = {node.name: node for node in body if isinstance(node, nodes.Macro)}
        if self.file or len(macros) + sum(map(_is_text, body)) != len(body) or self.printers & macros.keys():
            raise NotSingleError
        for macro in macros.values():
            _check([*macro.args, *macro.defaults, *macro.body], self.printers, {"site"})
        self.file, self.macros = file, macros


class _Frame:
    """A template with those that it extends: the last one, with what each block is in the first that has it."""

    def __init__(self, layers: list[Body]) -> None:
        *extending, self.frame = layers
        self.blocks: dict[str, list[nodes.Block]] = {}
        self.shown = 0
        for layer in layers:
            blocks = list(nodes.Template(layer).find_all(nodes.Block))
            if len({block.name for block in blocks}) < len(blocks) or any(block.required for block in blocks):
                raise NotSingleError
            for block in blocks:
                self.blocks.setdefault(block.name, []).append(block)
        if any(not isinstance(node, nodes.Block) and not _is_text(node) for node in chain(*extending)):
            raise NotSingleError

    def body(self) -> Body:
        """Return the frame with the blocks in it."""
        return list(self._statements(self.frame, "", 0))

    def _block(self, name: str, depth: int) -> Body:
        """Return what a block shows; at a depth, what it shows in a template that is extended."""
        block = self.blocks[name][depth]
        self.shown += 1
        before = self.shown
        body = list(self._statements(block.body, name, depth))
        if not set(_bound(block, (nodes.Block, nodes.For))):
            return body
        if self.shown > before:
            raise NotSingleError  # what a block calls something is not known in the blocks that stand in it
        return [nodes.Scope(body, lineno=block.lineno)]

    def _statements(self, statements: Iterable[nodes.Node], name: str, depth: int) -> Iterator[nodes.Node]:
        for node in statements:
            if isinstance(node, nodes.Block):
                yield from self._block(node.name, 0)
            elif isinstance(node, nodes.If):
                parts = [list(self._statements(part, name, depth)) for part in (node.body, node.elif_, node.else_)]
                yield nodes.If(node.test, *parts, lineno=node.lineno)
            elif isinstance(node, nodes.Output):
                for part in node.nodes:
                    called = _called_block(part, name, depth)
                    yield from self._block(*called) if called else [nodes.Output([part], lineno=node.lineno)]
            else:
                yield node


def _called_block(node: nodes.Node, name: str, depth: int) -> tuple[str, int] | None:
    """Return the block, and the depth of it, that `super()` or `self.name()` shows."""
    if not isinstance(node, nodes.Call) or node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
        return None
    called = node.node
    if isinstance(called, nodes.Name) and called.name == "super" and name:
        return name, depth + 1
    if isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name) and called.node.name == "self":
        return called.attr, 0
    return None


def _check(body: Body, hidden: Set[str], known: Set[str]) -> None:
    """Raise NotSingleError where a name would come to mean another thing than it does to Jinja."""
    used, bound = set(), set()
    for node in nodes.Template(body).find_all((nodes.Name, nodes.For, *NOT_PROVIDED)):
        if isinstance(node, nodes.Name):
            used.add(node.name)
            if node.ctx != "load":
                bound.add(node.name)
        elif not isinstance(node, nodes.For) or node.recursive:
            raise NotSingleError
    if used & (SPECIAL | hidden) or bound & (known | hidden):
        raise NotSingleError


def _constant(name: nodes.Expr) -> str:
    if not isinstance(name, nodes.Const) or not isinstance(name.value, str):
        raise NotSingleError
    return name.value


def _without_imports(body: Body) -> Body:
    return [node for node in body if not isinstance(node, nodes.FromImport)]


def _bound(node: nodes.Node, without: tuple[type[nodes.Node], ...] = ()) -> Iterator[str]:
    """Yield the names that something in a node is called by."""
    for child in node.iter_child_nodes():
        if not isinstance(child, without):
            if isinstance(child, nodes.Name) and child.ctx != "load":
                yield child.name
            yield from _bound(child, without)


def _is_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and all(isinstance(part, nodes.TemplateData) for part in node.nodes)
