"""The press: every view that changed is printed on the stage; then the stage goes into place."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from gengduo.cache import (
    FILE_MODE,
    Fingerprint,
    OutputEntry,
    TextPlace,
    digest_bytes,
    digest_of,
    is_plain_file,
    is_settled,
    is_unicode,
    output_state,
    read_checked,
    scan_tree,
    write_checked,
)
from gengduo.errors import ContentError, Problem, problem
from gengduo.model import Value
from gengduo.output import clear_stage, commit, file_digest, load_manifest, prepare_stage, stage_file
from gengduo.press.book import Book, Contents, MissingViewError, NewBook, open_book
from gengduo.press.printing import PressedFile, PressSettings, press_shard
from gengduo.workers import run_shards

__all__ = [
    "Book",
    "Contents",
    "MissingViewError",
    "NewBook",
    "PressRun",
    "PressSettings",
    "PrintedSite",
    "open_book",
    "press_shard",
    "print_site",
]

SHARD = 250
"""Pages: some tens of milliseconds of work."""

Progress = Callable[[str, int, int], None]


class PrintedSite(NamedTuple):
    """What a print run did."""

    pages: int
    written: int
    unchanged: int
    removed: int
    warnings: tuple[Problem, ...]


class PressRun(Value, frozen=True, kw_only=True):
    """What a print run needs beside the views."""

    settings: PressSettings
    edition_digests: dict[str, str]
    """What all pages of an edition show, the program included."""
    template_digests: dict[str, str]
    """By tag of the view."""


def print_site(
    root: Path,
    cache: Path,
    output: Path,
    run: PressRun,
    book: Book,
    places: Mapping[str, TextPlace],
    executor: Executor,
    progress: Progress,
) -> PrintedSite:
    """Print the views that changed, copy static files, and bring all into place when everything is on the stage.

    `places` tells where the words of each article lie, by `edition/slug`.
    """
    ledger = _Ledger(cache, output)
    prepare_stage(output)
    try:
        shards = _shards(run, ledger, book, places, str(cache / "texts"), output)
        # Closed in any case before the stage is cleared: a shard in work would write to it again.
        with closing(run_shards(executor, press_shard, shards)) as results:
            for files in results:
                for file in files:
                    ledger.record(file)
                progress("print", ledger.printed, ledger.planned)
        pages = len(ledger.views)
        _stage_static(root, output, ledger)
        removed = ledger.owned.keys() - ledger.views.keys()
        commit(output, ledger.manifest(), removed, {**dict.fromkeys(ledger.before, ""), **ledger.owned})
        ledger.restore_modes()
    except (KeyboardInterrupt, SystemExit):
        executor.shutdown(wait=True, cancel_futures=True)  # whatever was handed over when the signal came
        raise
    finally:
        clear_stage(output)
    ledger.save()
    unchanged = len(ledger.views) - ledger.written
    return PrintedSite(pages, ledger.written, unchanged, len(removed), tuple(ledger.warnings))


class _Ledger:
    """What the output holds, what it should hold, and what was done about it."""

    def __init__(self, cache: Path, output: Path) -> None:
        self.output = output
        self.place = output_state(cache, output)
        self.before: dict[str, OutputEntry] = read_checked(self.place, dict[str, OutputEntry]) or {}
        self.owned = load_manifest(output) or {}
        self.views: dict[str, str] = {}
        self.kept: dict[str, OutputEntry] = {}
        self.printed_digests: dict[str, str] = {}
        self.changed_modes: list[str] = []
        self.written = 0
        self.warnings: list[Problem] = []

    @property
    def planned(self) -> int:
        return len(self.views) - len(self.kept)

    @property
    def printed(self) -> int:
        return len(self.printed_digests)

    def plan(self, path: str, view: str) -> bool:
        """Take note of a file that belongs to the site; True: it has to be made."""
        self.views[path] = view
        before = self.before.get(path)
        try:
            status = os.lstat(f"{self.output}/{path}")
        except OSError:
            return True
        fingerprint = Fingerprint.of(status)
        if before is not None and before.fingerprint == fingerprint:
            if before.view != view:
                return True
            self.kept[path] = before
            return False
        if stat.S_IMODE(status.st_mode) != FILE_MODE:
            self.changed_modes.append(path)
        digest = file_digest(self.output / path)
        if before is not None and before.digest == digest and before.view == view:
            settled = is_settled(fingerprint, time.time_ns())
            self.kept[path] = OutputEntry(view=view, digest=digest, fingerprint=fingerprint if settled else None)
            return False
        if path in self.owned and digest != self.owned[path] and (before is None or before.digest != digest):
            message = "this generated file was changed by hand; it is made anew (edit content/, templates/ or static/)"
            self.warnings.append(problem(f"{self.output.name}/{path}", message))
        return True

    def record(self, file: PressedFile) -> None:
        self.printed_digests[file.path] = file.digest
        self.written += file.written

    def manifest(self) -> dict[str, str]:
        return {path: self.printed_digests.get(path) or self.kept[path].digest for path in self.views}

    def restore_modes(self) -> None:
        for path in self.changed_modes:
            (self.output / path).chmod(FILE_MODE)

    def save(self) -> None:
        """Keep what the output now holds."""
        now = time.time_ns()
        entries = dict(self.kept)
        for path, digest in self.printed_digests.items():
            fingerprint = Fingerprint.of(os.lstat(f"{self.output}/{path}"))
            settled = fingerprint if is_settled(fingerprint, now) else None
            entries[path] = OutputEntry(view=self.views[path], digest=digest, fingerprint=settled)
        if entries != self.before:
            write_checked(self.place, entries)


def _shards(
    run: PressRun, ledger: _Ledger, book: Book, places: Mapping[str, TextPlace], texts: str, output: Path
) -> Iterator[tuple[Any, ...]]:
    """Yield the arguments of `press_shard` for the views that changed, as they are made."""
    settings = msgspec.msgpack.encode(run.settings)
    shard: list[bytes] = []
    needed: dict[str, TextPlace] = {}
    for sheet in book.sheets():
        if sheet.path in ledger.views:
            message = f"two pages would be written to {sheet.path}; change the slug of one"
            raise ContentError(problem(f"content/{sheet.permalink}", message))
        shown = "".join([places[key].digest for key in sheet.texts])
        name = f"{sheet.view}{run.edition_digests[sheet.edition]}{run.template_digests.get(sheet.kind, '')}{shown}"
        if not ledger.plan(sheet.path, digest_bytes(name.encode())):
            continue
        shard.append(book.encoded(sheet))
        needed.update((key, places[key]) for key in sheet.texts)
        if len(shard) == SHARD:
            yield texts, str(output), settings, shard, needed
            shard, needed = [], {}
    if shard:
        yield texts, str(output), settings, shard, needed


def _stage_static(root: Path, output: Path, ledger: _Ledger) -> None:
    """Copy static files that changed onto the stage."""
    problems = []
    for name, status in scan_tree(root / "static").items():
        path = f"static/{name}"
        if not is_plain_file(status) or not is_unicode(name):
            problems.append(problem(path, "this is no ordinary file with a UTF-8 name; put the file itself here"))
            continue
        fingerprint = Fingerprint.of(status)
        settled = is_settled(fingerprint, time.time_ns())
        data = None if settled else (root / path).read_bytes()
        if not ledger.plan(path, digest_of(fingerprint) if data is None else digest_bytes(data)):
            continue
        data = (root / path).read_bytes() if data is None else data
        written = stage_file(output, path, data)
        ledger.record(PressedFile(path=path, digest=digest_bytes(data), written=written))
    if problems:
        raise ContentError(problems)
