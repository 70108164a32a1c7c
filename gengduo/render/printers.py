"""The functions that print pages: a page's templates in one piece, written as Python with an edition's values in it.

`site.…` becomes a constant wherever it is a text or a number, a loop over a list of `site` is written out, attributes
are asked for and macros are called as Python does. None of this changes a byte of a page. Where such a function fails,
whatever the reason, Jinja itself prints the page, or tells what is wrong.
"""

# ruff: noqa: N802, N815 # what Jinja's visitors are called is Jinja's choice

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from io import StringIO
from itertools import groupby
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from gengduo.cache import digest_of
from gengduo.render.single import printer_of, single_template

NAME = "printers"
TEXT_METHODS = frozenset({"replace", "splitlines", "startswith", "strip"})
PLAIN = (nodes.Output, nodes.If)
UNKNOWN = object()


def load_printers(
    environment: jinja2.Environment, templates: Mapping[str, str], files: Mapping[str, bytes]
) -> dict[str, Callable[..., bytes]]:
    """Return a function of `page`, `text` and `structured` for each of these kinds of pages, where there can be one."""
    kept = environment.bytecode_cache
    bucket = kept.get_bucket(environment, NAME, None, digest_of((templates, files))) if kept else None
    code = bucket.code if bucket else None
    if code is None:
        template = single_template(environment, templates)
        source = StringIO()
        try:
            _Writer(environment, template, source).visit(template)
            code = compile(source.getvalue(), NAME, "exec")
        except Exception:  # noqa: BLE001 # an unknown filter, what is nested too deeply: Jinja prints it, or tells
            return {}
        if kept and bucket:
            bucket.code = code
            kept.set_bucket(bucket)
    module = jinja2.Template.from_code(environment, code, environment.make_globals(None)).make_module()
    found = {kind: getattr(module, printer_of(kind), None) for kind in templates}
    return {kind: macro._func for kind, macro in found.items() if macro is not None}


def escaped(value: object) -> bytes:
    """Return what stands in a page for a value: as `markupsafe.escape`, which alone needs three times as long."""
    if type(value) is str and not ("<" in value or "&" in value or '"' in value or ">" in value or "'" in value):
        return value.encode()
    return (value if type(value) is Markup else escape(value)).encode()


class PrintedMacro(Macro):
    """A macro that was compiled to a function that returns bytes."""

    def _invoke(self, arguments: list[Any], autoescape: bool) -> str:  # noqa: ARG002 # it is always on here
        printed: Any = self._func(*arguments)
        return Markup(printed.decode())  # noqa: S704 # what macros return is escaped


class _Writer(CodeGenerator):
    """Writes the Python of a single template."""

    def __init__(self, environment: jinja2.Environment, template: nodes.Template, stream: StringIO) -> None:
        super().__init__(environment, NAME, None, stream)
        macros = (node for node in template.body if isinstance(node, nodes.Macro))
        self.arguments = {macro.name: [argument.name for argument in macro.args] for macro in macros}
        self.shown: nodes.Node | None = None
        """What goes into the page as it is."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        super().visit_Template(_Folding({"site": self.environment.globals["site"]}).visit(node), frame)
        self.writeline(f"from {__name__} import PrintedMacro as Macro, escaped as escape")

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("concat = b''.join")

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        super().blockvisit(list(_joined(nodes)), frame)

    def visit_Macro(self, node: nodes.Macro, frame: Frame) -> None:
        super().visit_Macro(node, frame)
        if frame.toplevel:
            self.writeline(f"call_{node.name} = macro")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        if not node.attr.isascii() or keyword.iskeyword(node.attr):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        values = self.macro_values(node, frame)
        if node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller=forward_caller)
        elif values is None or not isinstance(node.node, nodes.Name):
            self.visit(node.node, frame)
            self.write(".printed(" if node is self.shown else "(")
            self.values([*node.args, *node.kwargs], frame)
            self.write(")")
        else:
            self.write(f"call_{node.node.name}(" if node is self.shown else f"Markup(call_{node.node.name}(")
            self.values(values, frame)
            self.write(")" if node is self.shown else ").decode())")

    def macro_values(self, node: nodes.Node, frame: Frame) -> list[nodes.Node | None] | None:
        """Return what a macro of this template is called with, None for what it is not given; None for other calls."""
        if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name):
            return None
        name = node.node.name
        arguments = self.arguments.get(name)
        if arguments is None or frame.symbols.ref(name) != f"l_0_{name}" or node.dyn_args or node.dyn_kwargs:
            return None
        named = {each.key: each.value for each in node.kwargs}
        missed = arguments[len(node.args) :]
        if len(node.args) > len(arguments) or len(named) < len(node.kwargs) or not named.keys() <= set(missed):
            return None
        return [*node.args, *(named.get(each) for each in missed)]

    def values(self, values: Iterable[nodes.Node | None], frame: Frame) -> None:
        for value in values:
            if value is None:
                self.write("missing")
            else:
                self.visit(value, frame)
            self.write(", ")

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:
        if node is self.shown and node.node is not None:
            self.visit(node.node, frame)
            self.write(".encode()")
        else:
            super().visit_Filter(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        is_safe = isinstance(node, nodes.Filter) and node.name == "safe" and not (node.args or node.kwargs)
        calls_stories = isinstance(node, nodes.Call) and node.node == nodes.Name("stories", "load")
        if is_safe or calls_stories or self.macro_values(node, frame) is not None:
            self.shown = node
            self.write("(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_const_repr(self, group: Iterable[Any]) -> str:
        return repr("".join(group).encode())


def _joined(body: Iterable[nodes.Node]) -> Iterator[nodes.Node]:
    """Yield statements, neighbours that show something as one."""
    for is_output, group in groupby(body, lambda node: isinstance(node, nodes.Output)):
        parts = list(group)
        if is_output:
            yield nodes.Output([part for node in parts if isinstance(node, nodes.Output) for part in node.nodes])
        else:
            yield from parts


class _Folding(NodeTransformer):
    """Replaces expressions that are known by their values."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        self.known = known

    def value(self, node: nodes.Node) -> Any:
        """Return what an expression comes to, or UNKNOWN."""
        if isinstance(node, nodes.Const):
            return node.value
        if isinstance(node, nodes.Name):
            return self.known.get(node.name, UNKNOWN) if node.ctx == "load" else UNKNOWN
        if isinstance(node, nodes.Getattr):
            value = self.value(node.node)
            if value is UNKNOWN:
                return UNKNOWN  # which has attributes of its own
            if isinstance(value, Mapping):  # Jinja prefers a method of this name
                return UNKNOWN if hasattr(value, node.attr) else value.get(node.attr, UNKNOWN)
            return getattr(value, node.attr, UNKNOWN)
        if isinstance(node, nodes.Getitem):
            value, key = self.value(node.node), self.value(node.arg)
            return value.get(key, UNKNOWN) if isinstance(value, Mapping) and isinstance(key, str) else UNKNOWN
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
            return self.said(node.node, node)
        return UNKNOWN

    def said(self, method: nodes.Getattr, call: nodes.Call) -> Any:
        """Return what a method of a known text returns, or UNKNOWN."""
        text, values = self.value(method.node), [self.value(each) for each in call.args]
        if not isinstance(text, str) or UNKNOWN in values or method.attr not in TEXT_METHODS:
            return UNKNOWN
        if call.kwargs or call.dyn_args or call.dyn_kwargs:
            return UNKNOWN
        try:
            found = getattr(text, method.attr)(*values)
        except (TypeError, ValueError):
            return UNKNOWN  # told at its line when a page is made
        return tuple(found) if isinstance(found, list) else found

    def folded(self, node: nodes.Expr) -> nodes.Node:
        value = self.value(node)
        if isinstance(value, str | int):
            return nodes.Const(value, lineno=node.lineno, environment=node.environment)
        return self.generic_visit(node)

    visit_Name = visit_Getattr = visit_Getitem = visit_Call = folded

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        # Of constants alone Jinja makes plain text, and forgets that one of them was marked as safe.
        return self.generic_visit(node) if node.find(nodes.Filter) is None else node

    def visit_For(self, node: nodes.For) -> nodes.Node | list[nodes.Node]:
        values = self.value(node.iter)
        if not isinstance(values, tuple) or not isinstance(node.target, nodes.Name) or not _is_plain(node):
            return self.generic_visit(node)
        name = node.target.name
        folded = [_Folding({**self.known, name: value}) for value in values]
        shared = {id(node.environment): node.environment}
        parts = [each.visit(deepcopy(part, dict(shared))) for each in folded for part in node.body]
        if any(used.name == name for part in parts for used in part.find_all(nodes.Name)):
            return self.generic_visit(node)  # something needs the value itself, which no text can stand for
        return parts


def _is_plain(loop: nodes.For) -> bool:
    """Tell whether a loop may be written out: it counts, filters and sets nothing, and shows no other template."""
    if loop.test or loop.else_ or loop.recursive:
        return False
    inner = [node for part in loop.body for node in (part, *part.find_all(nodes.Node))]
    if any(isinstance(node, nodes.Stmt) and not isinstance(node, PLAIN) for node in inner):
        return False
    return not any(isinstance(node, nodes.Name) and (node.name == "loop" or node.ctx != "load") for node in inner)
