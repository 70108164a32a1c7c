"""The press: every view that changed is printed on the stage; then the stage goes into place."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from gengduo.cache import (
    FILE_MODE,
    Cache,
    Fingerprint,
    OutputEntry,
    TextPlace,
    digest_bytes,
    digest_of,
    is_plain_file,
    is_settled,
    is_unicode,
    output_state,
    scan_tree,
)
from gengduo.errors import ContentError, Problem, problem
from gengduo.model import Value
from gengduo.output import MANIFEST, clear_stage, commit, file_digest, load_manifest, prepare_stage, stage_file
from gengduo.press.book import Book, Contents, MissingViewError, NewBook, Sheet, open_book
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
    presses: dict[str, dict[str, str]]
    """By edition and tag of the view, names what prints it: the edition's own values, the template and the program.

    The tag "" stands for all that need no template.
    """


def print_site(
    root: Path,
    cache: Cache,
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
    last = _last_run(cache, output, book.contents.key, run)
    ledger = _Ledger(cache, output, last)
    sheets = book.sheets()
    if last is not None:
        touched = {key for key, place in places.items() if last.places.get(key) != place}
        sheets = (sheet for sheet in sheets if not touched.isdisjoint(sheet.texts))
    prepare_stage(output)
    try:
        shards = _shards(run, ledger, book, sheets, places, str(cache.folder / "texts"))
        # Closed in any case before the stage is cleared: a shard in work would write to it again.
        with closing(run_shards(executor, press_shard, shards)) as results:
            for files in results:
                for file in files:
                    ledger.record(file)
                progress("print", ledger.printed, ledger.planned)
        pages = len(ledger.made)
        _stage_static(root, output, ledger)
        removed = ledger.owned.keys() - ledger.made.keys()
        commit(output, ledger.manifest(), removed, {**dict.fromkeys(ledger.before, ""), **ledger.owned})
        ledger.restore_modes()
    except (KeyboardInterrupt, SystemExit):
        executor.shutdown(wait=True, cancel_futures=True)  # whatever was handed over when the signal came
        raise
    finally:
        clear_stage(output)
    entries = ledger.save()
    if cache.memory is not None:
        look = Fingerprint.of(os.lstat(output / MANIFEST))
        cache.memory.print_run = _LastRun(output, look, book.contents.key, run, places, ledger.made, entries)
    unchanged = len(ledger.made) - ledger.written
    return PrintedSite(pages, ledger.written, unchanged, len(removed), tuple(ledger.warnings))


class _LastRun(NamedTuple):
    """What a process remembers that printed the output before, and lets nobody else write to it."""

    output: Path
    manifest: Fingerprint
    key: str
    """Of the book."""
    run: PressRun
    places: Mapping[str, TextPlace]
    made: dict[str, _Made]
    entries: dict[str, OutputEntry]


def _last_run(cache: Cache, output: Path, key: str, run: PressRun) -> _LastRun | None:
    """Take the last print run out of the memory, where this one prints the same views in the same way."""
    if cache.memory is None:
        return None
    last, cache.memory.print_run = cache.memory.print_run, None
    manifest = output / MANIFEST
    if not isinstance(last, _LastRun) or (last.output, last.key, last.run) != (output, key, run):
        return None
    return last if manifest.exists() and Fingerprint.of(os.lstat(manifest)) == last.manifest else None


class _Made(NamedTuple):
    """Names the bytes of a file."""

    view: str
    words: str = ""
    press: str = ""


class _Ledger:
    """What the output holds, what it should hold, and what was done about it."""

    def __init__(self, cache: Cache, output: Path, last: _LastRun | None) -> None:
        """Begin with nothing; after a last run, with its pages as they are, until one is planned."""
        self.output = output
        self.cache = cache
        self.made: dict[str, _Made] = {}
        self.kept: dict[str, OutputEntry] = {}
        self.before: dict[str, OutputEntry]
        if last is None:
            self.before = cache.read(output_state(output), dict[str, OutputEntry]) or {}
            self.owned = load_manifest(output) or {}
        else:
            self.before = last.entries
            self.owned = {path: entry.digest for path, entry in last.entries.items()}
            # Static files have no press; they are looked at again.
            self.made = {path: made for path, made in last.made.items() if made.press}
            self.kept = {path: entry for path, entry in last.entries.items() if entry.press}
        self.printed_digests: dict[str, str] = {}
        self.changed_modes: list[str] = []
        self.written = 0
        self.warnings: list[Problem] = []

    @property
    def planned(self) -> int:
        return len(self.made) - len(self.kept)

    @property
    def printed(self) -> int:
        return len(self.printed_digests)

    def plan(self, path: str, made: _Made) -> bool:
        """Take note of a file that belongs to the site; True: it has to be made."""
        self.made[path] = made
        self.kept.pop(path, None)
        before = self.before.get(path)
        try:
            status = os.lstat(f"{self.output}/{path}")
        except OSError:
            return True
        look = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        is_same = before is not None and (before.view, before.words, before.press) == made
        if before is not None and before.fingerprint == look:
            if is_same:
                self.kept[path] = before
            return not is_same
        fingerprint = Fingerprint(*look)
        if stat.S_IMODE(status.st_mode) != FILE_MODE:
            self.changed_modes.append(path)
        digest = file_digest(self.output / path)
        if before is not None and before.digest == digest and is_same:
            settled = is_settled(fingerprint, time.time_ns())
            self.kept[path] = msgspec.structs.replace(before, fingerprint=fingerprint if settled else None)
            return False
        if path in self.owned and digest != self.owned[path] and (before is None or before.digest != digest):
            message = "this generated file was changed by hand; it is made anew (edit content/, templates/ or static/)"
            self.warnings.append(problem(f"{self.output.name}/{path}", message))
        return True

    def record(self, file: PressedFile) -> None:
        self.printed_digests[file.path] = file.digest
        self.written += file.written

    def manifest(self) -> dict[str, str]:
        return {path: self.printed_digests.get(path) or self.kept[path].digest for path in self.made}

    def restore_modes(self) -> None:
        for path in self.changed_modes:
            (self.output / path).chmod(FILE_MODE)

    def save(self) -> dict[str, OutputEntry]:
        """Keep what the output now holds, and return it."""
        now = time.time_ns()
        entries = dict(self.kept)
        for path, digest in self.printed_digests.items():
            fingerprint = Fingerprint.of(os.lstat(f"{self.output}/{path}"))
            settled = fingerprint if is_settled(fingerprint, now) else None
            entries[path] = OutputEntry(**self.made[path]._asdict(), digest=digest, fingerprint=settled)
        if entries != self.before:
            self.cache.write(output_state(self.output), entries)
        return entries


def _shards(
    run: PressRun,
    ledger: _Ledger,
    book: Book,
    sheets: Iterable[Sheet],
    places: Mapping[str, TextPlace],
    texts: str,
) -> Iterator[tuple[Any, ...]]:
    """Yield the arguments of `press_shard` for the views that changed, as they are made."""
    settings = msgspec.msgpack.encode(run.settings)
    shard: list[bytes] = []
    needed: dict[str, TextPlace] = {}
    planned: set[str] = set()
    output = str(ledger.output)
    for sheet in sheets:
        path, shown = sheet.path, sheet.texts
        if path in planned:
            message = f"two pages would be written to {path}; change the slug of one"
            raise ContentError(problem(f"content/{sheet.permalink}", message))
        planned.add(path)
        words = "".join([places[key].digest for key in shown]) if shown else ""
        presses = run.presses[sheet.edition]
        if not ledger.plan(path, _Made(sheet.view, words, presses.get(sheet.kind) or presses[""])):
            continue
        shard.append(book.encoded(sheet))
        needed.update((key, places[key]) for key in shown)
        if len(shard) == SHARD:
            yield texts, output, settings, shard, needed
            shard, needed = [], {}
    if shard:
        yield texts, output, settings, shard, needed


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
        if not ledger.plan(path, _Made(digest_of(fingerprint) if data is None else digest_bytes(data))):
            continue
        data = (root / path).read_bytes() if data is None else data
        written = stage_file(output, path, data)
        ledger.record(PressedFile(path=path, digest=digest_bytes(data), written=written))
    if problems:
        raise ContentError(problems)
