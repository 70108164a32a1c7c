"""Jinja for one edition: its environment, and what its templates may call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import jinja2
from markupsafe import Markup

from gengduo.model import Item, SiteView

FOLDER = "templates/"
"""Begins the file name of each template's code, and tells it from the program's in a traceback."""
CLAUSES = re.compile("[ ]|[^ ：，；？！]*[：，；？！]+[”’」』》）]*|[^ ：，；？！]+")
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
        bytecode_cache=compiled,
    )
    environment.globals |= {"site": site, "stories": _Stories(), "zip": zip}
    environment.filters["clauses"] = clauses
    return environment


def _source(files: Mapping[str, bytes], name: str) -> tuple[str, str, None] | None:
    return (files[name].decode("utf-8"), FOLDER + name, None) if name in files else None


def clauses(title: str) -> list[str]:
    """Return the clauses of a headline, each with the punctuation at its end; a space is an entry of its own."""
    return CLAUSES.findall(title)


class _Environment(jinja2.Environment):
    """Gives each template its globals, which every page copies, as a plain dictionary; none is added later."""

    def make_globals(self, d: Mapping[str, Any] | None) -> dict[str, Any]:
        return {**self.globals, **(d or {})}


class _Stories:
    """`stories(macro, items, …)` in a template: `macro(item, …)` of each, made once for all lists that hold the item.

    The same story stands in the river, in lists of tags, and in those of its year, month and day. With `by_date=true`
    the macro is told with `again=true` that a story has the date of the one above it.
    """

    KEPT = 10_000
    """Stories of one macro."""
    MACROS = 50
    """A macro that stands in a page's own template is another for each page."""

    def __init__(self) -> None:
        self.made: dict[tuple[Any, ...], dict[tuple[Item, bool], bytes]] = {}

    def __call__(self, macro: Callable[..., str], items: Iterable[Item], /, **options: Any) -> Markup:
        return Markup(self.printed(macro, items, **options).decode())  # noqa: S704 # what macros return is escaped

    def printed(
        self, macro: Callable[..., str], items: Iterable[Item], /, by_date: bool = False, **options: Any
    ) -> bytes:
        """Return the same as bytes, as a page's printer joins them."""
        key = (macro, by_date, *options.items())
        made = self.made.get(key)
        if made is None:
            if len(self.made) >= self.MACROS:
                self.made.clear()
            made = self.made[key] = {}
        parts: list[bytes] = []
        before: object = UNKNOWN
        for item in items:
            again = by_date and item.date == before
            before = item.date
            found = made.get((item, again))
            if found is None:
                if len(made) >= self.KEPT:
                    made.clear()
                text = macro(item, **(options | {"again": again} if by_date else options))
                found = made[item, again] = text.encode()
            parts.append(found)
        return b"\n".join(parts)
