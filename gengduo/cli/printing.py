"""What is printed: errors and progress on stderr, what a command came to on stdout."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gengduo.errors import Problem

if TYPE_CHECKING:
    from gengduo.model import BuildReport, ImportReport

PROGRESS_AFTER = 1.0
"""Seconds of work after which a terminal shows how far it is."""


def say(line: str) -> None:
    """Print a line on stderr."""
    print(line, file=sys.stderr, flush=True)


def print_problems(problems: Sequence[Problem], mark: str = "") -> None:
    """Print each problem in a line of its own, with a mark behind its position."""
    for found in problems:
        position, _, message = str(found).partition(": ")
        say(f"{position}: {mark}{message}")


def print_import(report: ImportReport) -> None:
    """Print which pages an import made or replaced; how many, where they are more than fit the eye."""
    for verb, paths in (("Imported", report.created), ("Updated", report.updated)):
        if len(paths) > 8:
            print(f"{verb} {len(paths)} pages.")
        else:
            for path in paths:
                print(f"{verb} {path}")


def build_line(report: BuildReport, output: Path) -> str:
    """Return the line that tells what a build came to."""
    shown = os.path.relpath(output)
    stories = f"{report.articles} articles and {report.briefs} briefs in {len(report.editions)} editions"
    if not report.written and not report.removed:
        return (
            f"Nothing changed: {report.pages} pages of {stories} in {shown}/ are up to date ({report.seconds:.2f} s)."
        )
    changes = f"{report.written} files written, {report.unchanged} unchanged, {report.removed} removed"
    return f"Built {stories}: {report.pages} pages in {shown}/; {changes} ({report.seconds:.2f} s)."


def build_fields(report: BuildReport) -> dict[str, Any]:
    """Return the fields of a build's report by their names."""
    return {name: getattr(report, name) for name in report.__struct_fields__}


def print_json(fields: dict[str, Any]) -> None:
    """Print a report for scripts, in one line."""
    import json

    def plain(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [plain(item) for item in value]
        return value

    shown = {key: plain(value) for key, value in fields.items() if key not in ("warnings", "errors")}
    for key in ("warnings", "errors"):
        shown[key] = [
            {
                "path": found.position.path,
                "line": found.position.line,
                "column": found.position.column,
                "message": found.message,
            }
            for found in fields.get(key, ())
        ]
    # Han stay as they are wherever the stream can hold them; elsewhere JSON's own escapes say the same.
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(shown, ensure_ascii=not is_utf8))


@contextmanager
def shown_progress(options: argparse.Namespace) -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function that shows how far a step is: a bar on a terminal after a second of work, nothing elsewhere."""
    if options.quiet or options.json or not sys.stderr.isatty():
        yield lambda step, done, total: None  # noqa: ARG005 # the form of a progress function
        return
    started = time.monotonic()
    bar: Any = None
    tasks: dict[str, Any] = {}

    def show(step: str, done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            if time.monotonic() - started < PROGRESS_AFTER:
                return
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description:8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            bar = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
            bar.start()
        if step not in tasks:
            tasks[step] = bar.add_task(step, total=total)
        bar.update(tasks[step], completed=done, total=total)
        bar.refresh()

    try:
        yield show
    finally:
        if bar is not None:
            bar.stop()
