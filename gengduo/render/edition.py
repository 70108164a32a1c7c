"""Jinja for one edition: what all its pages show is known when its templates are compiled, and then is plain text.

`site.…` becomes a constant wherever it is a text or a number, and a loop over a list of `site` is written out. Both
change no byte of a page, and save a third of its time. Values that come from a page are escaped as ever.
"""

# ruff: noqa: N802, N815 # what Jinja's visitors are called is Jinja's choice

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from types import BuiltinMethodType
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from gengduo.model import Item, SiteView

FOLDER = "templates/"
"""Begins the file name of each template's code, and tells it from the program's in a traceback."""
CLAUSES = re.compile("[ ]|[^ ：，；？！]*[：，；？！]+[”’」』》）]*|[^ ：，；？！]+")
TEXT_METHODS = frozenset({"replace", "splitlines", "startswith", "strip"})
PLAIN = (nodes.Output, nodes.If)
SITE_ALONE = re.compile(rb"\bsite\b(?!\s*[.\[])")
"""Where a template may give the name `site` to something else."""
UNKNOWN = object()


def edition_environment(
    files: Mapping[str, bytes], site: SiteView, compiled: jinja2.BytecodeCache | None = None
) -> jinja2.Environment:
    """Return the environment for the pages of an edition, with the templates of these files."""
    environment = _Environment(
        loader=jinja2.FunctionLoader(lambda name: _source(files, name)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    # Another template sees the names of the one that includes, imports or extends it: where one of them calls
    # something else `site`, all are compiled as they are, and none of the code is kept for a theme that does not.
    if not any(_binds_site(environment, data) for data in files.values()):
        environment.code_generator_class = _Generator
        environment.bytecode_cache = compiled
    environment.context_class = _Context
    environment.globals |= {"site": site, "stories": _Stories(), "zip": zip}
    environment.filters["clauses"] = clauses
    return environment


def _source(files: Mapping[str, bytes], name: str) -> tuple[str, str, None] | None:
    return (files[name].decode("utf-8"), FOLDER + name, None) if name in files else None


def _binds_site(environment: jinja2.Environment, data: bytes) -> bool:
    """Tell whether a template calls something of its own `site`."""
    if not SITE_ALONE.search(data):
        return False
    try:
        template = environment.parse(data.decode("utf-8"))
    except (jinja2.TemplateSyntaxError, UnicodeDecodeError, RecursionError):
        return False  # rendering tells what is wrong, if a page needs the template
    bound = {node.name for node in template.find_all(nodes.Name) if node.ctx != "load"}
    bound |= {node.name for node in template.find_all(nodes.Macro)}
    bound |= {node.target for node in template.find_all(nodes.Import)}
    named = [name for node in template.find_all(nodes.FromImport) for name in node.names]
    return "site" in bound or any((name if isinstance(name, str) else name[1]) == "site" for name in named)


def clauses(title: str) -> list[str]:
    """Return the clauses of a headline, each with the punctuation at its end; a space is an entry of its own."""
    return CLAUSES.findall(title)


def escape_text(value: object) -> str:
    """Return what stands in a page for a value: as `markupsafe.escape`, which needs five times as long for a text."""
    if type(value) is str and not ("<" in value or "&" in value or '"' in value or ">" in value or "'" in value):
        return value
    return value if type(value) is Markup else escape(value)


class _Environment(jinja2.Environment):
    """Gives each template its globals, which every page copies, as a plain dictionary; none is added later."""

    def make_globals(self, d: Mapping[str, Any] | None) -> dict[str, Any]:
        return {**self.globals, **(d or {})}


class _Context(Context):
    """Calls a macro as the function that it was compiled to; Jinja's own way to it takes longer than most macros."""

    def call(self, called: Any, /, *values: Any, _block_vars: Any = None, _loop_vars: Any = None, **named: Any) -> Any:
        if type(called) in (BuiltinMethodType, _Stories) or called is zip:
            return called(*values, **named)
        is_plain = type(called) is Macro and not (called.catch_kwargs or called.catch_varargs or called.caller)
        if is_plain and self.eval_ctx.autoescape:
            missed = called.arguments[len(values) :]
            if len(values) <= len(called.arguments) and named.keys() <= set(missed):
                return Markup(called._func(*values, *[named.get(name, missing) for name in missed]))  # noqa: S704
        return super().call(called, *values, _block_vars=_block_vars, _loop_vars=_loop_vars, **named)


class _Stories:
    """`stories(macro, items, …)` in a template: `macro(item, …)` of each, made once for all lists that hold the item.

    The same story stands in the river, in lists of tags, and in those of its year, month and day. With `by_date=true`
    the macro is told with `again=true` that a story has the date of the one above it.
    """

    KEPT = 10_000

    def __init__(self) -> None:
        self.made: dict[tuple[Any, ...], str] = {}

    def __call__(
        self, macro: Callable[..., str], items: Iterable[Item], /, by_date: bool = False, **options: Any
    ) -> Markup:
        parts: list[str] = []
        shared = tuple(options.items())
        before: object = UNKNOWN
        for item in items:
            again = by_date and item.date == before
            before = item.date
            key = (macro, item, again, shared)
            found = self.made.get(key)
            if found is None:
                if len(self.made) >= self.KEPT:
                    self.made.clear()
                found = self.made[key] = macro(item, **(options | {"again": again} if by_date else options))
            parts.append(found)
        return Markup("\n".join(parts))  # noqa: S704 # what macros return is escaped


class _Generator(CodeGenerator):
    """Writes a template's Python with the edition's values in it."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        # Where escaping is switched, it may be known only at the page; Jinja escapes constants without asking.
        if node.find(nodes.EvalContextModifier) is None:
            node = _Folding({"site": self.environment.globals["site"]}).visit(node)
        super().visit_Template(node, frame)
        self.writeline(f"from {__name__} import escape_text as escape")


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
