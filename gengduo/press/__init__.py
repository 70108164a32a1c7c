"""The press: every view that changed is printed on the stage; then the stage goes into place."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    OutputState,
    Sealed,
    TextPlace,
    WordDigests,
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
from gengduo.press.words import Words
from gengduo.workers import run_shards

__all__ = [
    "Book",
    "Contents",
    "MissingViewError",
    "NewBook",
    "PressRun",
    "PressSettings",
    "PrintedSite",
    "Words",
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
    words: Words,
    executor: Executor,
    progress: Progress,
) -> PrintedSite:
    """Print the views that changed, copy static files, and bring all into place when everything is on the stage."""
    kept = cache.read(output_state(output), OutputState)
    last = kept or OutputState()
    state = OutputState(
        views=digest_of((book.contents.key, run.presses)), words=_digests(words, book.contents.names, run.presses)
    )
    is_untouched = _is_untouched(cache, output) and kept is not None
    ledger = _Ledger(output, last.entries, None if is_untouched else load_manifest(output))
    sheets = book.sheets()
    if last.views == state.views:
        ledger.keep_pages()
        sheets = _touched(sheets, last.words, state.words, None if is_untouched else ledger)
    prepare_stage(output)
    try:
        shards = _shards(run, ledger, book, sheets, words, state.words, str(cache.folder / "texts"))
        # Closed in any case before the stage is cleared: a shard in work would write to it again.
        with closing(run_shards(executor, press_shard, shards)) as results:
            for files in results:
                for file in files:
                    ledger.record(file)
                progress("print", len(ledger.printed), len(ledger.planned))
        pages = len(ledger.kept) + len(ledger.planned)
        _stage_static(root, output, ledger)
        manifest = ledger.manifest()
        removed = ledger.owned.keys() - manifest.keys()
        commit(output, manifest, removed, {**dict.fromkeys(ledger.before, ""), **ledger.owned})
        ledger.restore_modes()
    except (KeyboardInterrupt, SystemExit):
        executor.shutdown(wait=True, cancel_futures=True)  # whatever was handed over when the signal came
        raise
    finally:
        clear_stage(output)
    state = msgspec.structs.replace(state, entries=ledger.entries())
    if state != last:
        cache.write(output_state(output), state)
    if cache.memory is not None:
        cache.memory.printed = (output, Fingerprint.of(os.lstat(output / MANIFEST)))
    return PrintedSite(pages, ledger.written, len(manifest) - ledger.written, len(removed), tuple(ledger.warnings))


def _is_untouched(cache: Cache, output: Path) -> bool:
    """Tell whether this process printed the output last: while it remembers that, nobody else writes there.

    It is forgotten until this print run, too, has come to its end.
    """
    if cache.memory is None:
        return False
    last, cache.memory.printed = cache.memory.printed, None
    manifest = output / MANIFEST
    return last is not None and manifest.exists() and last == (output, Fingerprint.of(os.lstat(manifest)))


def _digests(words: Words, names: Sequence[str], editions: Iterable[str]) -> dict[str, WordDigests]:
    """Return, by edition, the digests of the words of the articles of these names; empty where it has none of them."""
    found = {}
    for edition in editions:
        texts, heads = (
            [words.texts[edition].get(name) for name in names],
            [words.heads[edition].get(name) for name in names],
        )
        found[edition] = WordDigests(
            tuple([text.digest if text else "" for text in texts]),
            tuple([head.digest if head else "" for head in heads]),
        )
    return found


def _touched(
    sheets: Iterable[Sheet],
    before: Mapping[str, WordDigests],
    now: Mapping[str, WordDigests],
    ledger: _Ledger | None,
) -> Iterator[Sheet]:
    """Yield what shows other words than before, and what a ledger finds not to be as it was left."""
    texts, heads = ({edition: _places(before[edition][kind], now[edition][kind]) for edition in now} for kind in (0, 1))
    for sheet in sheets:
        if (
            not texts[sheet.edition].isdisjoint(sheet.texts)
            or not heads[sheet.edition].isdisjoint(sheet.heads)
            or not (ledger is None or ledger.is_left(sheet.path))
        ):
            yield sheet


def _places(before: Sequence[str], now: Sequence[str]) -> set[int]:
    """Return where two lists differ."""
    return {place for place, (old, new) in enumerate(zip(before, now, strict=True)) if old != new}


class _Made(NamedTuple):
    """Names the bytes of a file."""

    view: str
    words: str = ""
    press: str = ""


class _Ledger:
    """What the output holds, what it should hold, and what was done about it."""

    def __init__(self, output: Path, before: dict[str, OutputEntry], owned: Mapping[str, str] | None) -> None:
        """Begin with nothing; `owned` is the manifest, None where it says what is known anyway."""
        self.output = output
        self.before = before
        self.owned = {path: entry.digest for path, entry in before.items()} if owned is None else owned
        self.kept: dict[str, OutputEntry] = {}
        """What stays as it is."""
        self.planned: dict[str, _Made] = {}
        """What has to be made."""
        self.printed: dict[str, str] = {}
        """Digests of what was made."""
        self.changed_modes: list[str] = []
        self.written = 0
        self.warnings: list[Problem] = []

    def keep_pages(self) -> None:
        """Keep all that was printed last, until one is planned; static files are looked at again."""
        self.kept = {path: entry for path, entry in self.before.items() if entry.press}

    def is_left(self, path: str) -> bool:
        """Tell, by its look alone, whether a file is as it was left."""
        before = self.before.get(path)
        try:
            status = os.lstat(f"{self.output}/{path}")
        except OSError:
            return False
        return before is not None and before.fingerprint == Fingerprint.of(status)

    def plan(self, path: str, made: _Made) -> bool:
        """Take note of a file that belongs to the site; True: it has to be made."""
        if self._is_as(path, made):
            self.planned.pop(path, None)
            return False
        self.kept.pop(path, None)
        self.planned[path] = made
        return True

    def _is_as(self, path: str, made: _Made) -> bool:
        """Tell whether a file is there as it has to be, and keep it then."""
        before = self.before.get(path)
        try:
            status = os.lstat(f"{self.output}/{path}")
        except OSError:
            return False
        fingerprint = Fingerprint.of(status)
        is_same = before is not None and (before.view, before.words, before.press) == made
        if before is not None and before.fingerprint == fingerprint:
            if is_same:
                self.kept[path] = before
            return is_same
        if stat.S_IMODE(status.st_mode) != FILE_MODE:
            self.changed_modes.append(path)
        digest = file_digest(self.output / path)
        if before is not None and before.digest == digest and is_same:
            settled = is_settled(fingerprint, time.time_ns())
            self.kept[path] = msgspec.structs.replace(before, fingerprint=fingerprint if settled else None)
            return True
        if path in self.owned and digest != self.owned[path] and (before is None or before.digest != digest):
            message = "this generated file was changed by hand; it is made anew (edit content/, templates/ or static/)"
            self.warnings.append(problem(f"{self.output.name}/{path}", message))
        return False

    def record(self, file: PressedFile) -> None:
        self.printed[file.path] = file.digest
        self.written += file.written

    def manifest(self) -> dict[str, str]:
        return {path: entry.digest for path, entry in self.kept.items()} | self.printed

    def restore_modes(self) -> None:
        for path in self.changed_modes:
            (self.output / path).chmod(FILE_MODE)

    def entries(self) -> dict[str, OutputEntry]:
        """Return what the output now holds."""
        now = time.time_ns()
        entries = dict(self.kept)
        for path, digest in self.printed.items():
            fingerprint = Fingerprint.of(os.lstat(f"{self.output}/{path}"))
            settled = fingerprint if is_settled(fingerprint, now) else None
            entries[path] = OutputEntry(**self.planned[path]._asdict(), digest=digest, fingerprint=settled)
        return entries


def _shards(
    run: PressRun,
    ledger: _Ledger,
    book: Book,
    sheets: Iterable[Sheet],
    words: Words,
    digests: Mapping[str, WordDigests],
    texts: str,
) -> Iterator[tuple[Any, ...]]:
    """Yield the arguments of `press_shard` for the views that changed, as they are made."""
    settings = msgspec.msgpack.encode(run.settings)
    output = str(ledger.output)
    planned: set[str] = set()
    shard: list[tuple[Sheet, bytes]] = []

    def arguments() -> tuple[Any, ...]:
        shown = _shown(words, book.contents.names, [sheet for sheet, _ in shard])
        return texts, output, settings, [view for _, view in shard], shown

    for sheet in sheets:
        path, presses = sheet.path, run.presses[sheet.edition]
        if path in planned:
            message = f"two pages would be written to {path}; change the slug of one"
            raise ContentError(problem(f"content/{sheet.permalink}", message))
        planned.add(path)
        made = _Made(sheet.view, _name(sheet, digests[sheet.edition]), presses.get(sheet.kind) or presses[""])
        if ledger.plan(path, made):
            shard.append((sheet, book.encoded(sheet)))
        if len(shard) == SHARD:
            yield arguments()
            shard = []
    if shard:
        yield arguments()


def _shown(words: Words, names: Sequence[str], sheets: Iterable[Sheet]) -> Words:
    """Return the words that these views show."""
    texts: dict[str, dict[str, TextPlace]] = {edition: {} for edition in words.texts}
    heads: dict[str, dict[str, Sealed]] = {edition: {} for edition in words.heads}
    for sheet in sheets:
        for name in [names[place] for place in sheet.texts]:
            texts[sheet.edition][name] = words.texts[sheet.edition][name]
        for name in [names[place] for place in sheet.heads]:
            heads[sheet.edition][name] = words.heads[sheet.edition][name]
    return Words(texts, heads)


def _name(sheet: Sheet, digests: WordDigests) -> str:
    """Name the words that a view shows."""
    texts, heads = digests
    name = "".join([*[texts[place] for place in sheet.texts], *[heads[place] for place in sheet.heads]])
    return digest_bytes(name.encode()) if name else ""


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
