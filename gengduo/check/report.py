"""What an audit found, and how what stands on many pages is told once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from gengduo.errors import Problem, problem
from gengduo.model import Value


class CheckReport(Value, frozen=True, kw_only=True):
    """What an audit of a built site came to."""

    files: int
    links: int
    """Addresses that stand in pages, style sheets and feeds; each time they do."""
    warnings: tuple[Problem, ...] = ()
    errors: tuple[Problem, ...] = ()


class Finding(Value, frozen=True, kw_only=True):
    """Something that is wrong at a place; the same text at other places is counted."""

    path: str
    """Under the output folder."""
    line: int = 0
    column: int = 0
    what: str
    remedy: str
    warning: bool = False
    alone: bool = False
    """Told of each file by itself."""
    pages: int = 1
    """Places where the same is wrong."""


def merged(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield each thing that is wrong once, at the first place by path, with the number of its places."""
    by_text: dict[tuple[str, str, bool, str], list[Finding]] = {}
    for found in findings:
        key = (found.what, found.remedy, found.warning, found.path if found.alone else "")
        by_text.setdefault(key, []).append(found)
    for group in by_text.values():
        first = min(group, key=lambda found: (found.path, found.line, found.column))
        pages = sum(found.pages for found in group)
        yield msgspec.structs.replace(first, pages=pages)


def problems(folder: str, findings: Iterable[Finding]) -> list[Problem]:
    """Return what is to be printed of findings, by path, line and column."""
    ordered = sorted(findings, key=lambda found: (found.path, found.line, found.column, found.what))
    return [
        problem(
            f"{folder}/{found.path}", f"{found.what}{_elsewhere(found.pages)}; {found.remedy}", found.line, found.column
        )
        for found in ordered
    ]


def _elsewhere(pages: int) -> str:
    return f" (and {pages - 1} times elsewhere)" if pages > 1 else ""


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return where in a text an offset lies, both counted from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
