"""The press: every view that changed is printed on the stage; then the stage goes into place."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from gengduo.cache import (
    Cache,
    Fingerprint,
    OutputState,
    Sealed,
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
from gengduo.output import MANIFEST, clear_stage, commit, prepare_stage, stage_file
from gengduo.press.book import Book, Contents, MissingViewError, NewBook, Sheet, open_book
from gengduo.press.ledger import Ledger
from gengduo.press.printing import PressedFile, PressSettings, press_shard
from gengduo.press.words import Words
from gengduo.workers import Progress, run_shards

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

_Name = tuple[str, str]
"""(digest of the view, name of what prints it) of a page."""


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
    last = cache.read(output_state(output), OutputState)
    ledger = Ledger(output, last, _is_watched(cache, output))
    last = last or OutputState()
    names = _Names(run, book.contents, words, last)
    prepare_stage(output)
    try:
        shards = _shards(run, ledger, book, names, words, str(cache.folder / "texts"))
        # Closed in any case before the stage is cleared: a shard in work would write to it again.
        with closing(run_shards(executor, press_shard, shards)) as results:
            for files in results:
                for file in files:
                    ledger.record(file)
                progress("print", len(ledger.printed), len(ledger.planned))
        pages = len(ledger.kept) + len(ledger.planned)
        static = _stage_static(root, output, ledger, last.static)
        manifest = ledger.manifest()
        removed = ledger.owned.keys() - manifest.keys()
        commit(output, manifest, removed, {**dict.fromkeys(ledger.before, ""), **ledger.owned})
        ledger.restore_modes()
    except (KeyboardInterrupt, SystemExit):
        executor.shutdown(wait=True, cancel_futures=True)  # whatever was handed over when the signal came
        raise
    finally:
        clear_stage(output)
    state = OutputState(
        views=names.views,
        texts=names.texts,
        heads=names.heads,
        entries=ledger.entries(),
        manifest=Fingerprint.of(os.lstat(output / MANIFEST)),
        static=static,
        names=names.encoded(),
    )
    if state != last:
        cache.write(output_state(output), state)
    if cache.memory is not None:
        cache.memory.printed = output
    return PrintedSite(pages, ledger.written, len(manifest) - ledger.written, len(removed), tuple(ledger.warnings))


def _is_watched(cache: Cache, output: Path) -> bool:
    """Tell whether this process printed the output last: while it remembers that, nobody else writes there.

    It is forgotten until this print run, too, has come to its end.
    """
    if cache.memory is None:
        return False
    last, cache.memory.printed = cache.memory.printed, None
    return last == output


class _Names:
    """What names each page (its view, what prints it, the words it shows), beside what did the last time."""

    def __init__(self, run: PressRun, contents: Contents, words: Words, last: OutputState) -> None:
        self.presses = run.presses
        self.views = digest_of((contents.key, run.presses))
        self.texts = {edition: _digests(words.texts[edition]) for edition in run.presses}
        self.heads = {edition: _digests(words.heads[edition]) for edition in run.presses}
        self.changed = {
            edition: (
                _changed(contents.names, last.texts.get(edition, {}), self.texts[edition]),
                _changed(contents.names, last.heads.get(edition, {}), self.heads[edition]),
            )
            for edition in run.presses
        }
        self.static = last.static
        self.last = last.names
        self.before = None if last.views == self.views else msgspec.msgpack.decode(last.names, type=dict[str, _Name])
        self.now: dict[str, _Name] = {}

    def is_same(self, sheet: Sheet) -> bool:
        """Tell whether a page has the name that it had."""
        texts, heads = self.changed[sheet.edition]
        is_same = texts.isdisjoint(sheet.texts) and heads.isdisjoint(sheet.heads)
        if self.before is None:
            return is_same
        presses = self.presses[sheet.edition]
        name = self.now[sheet.path] = (sheet.view, presses.get(sheet.kind) or presses[""])
        return is_same and self.before.get(sheet.path) == name

    def encoded(self) -> msgspec.Raw:
        """Return the names of all pages, words apart, once each was asked for."""
        return self.last if self.before is None else msgspec.Raw(msgspec.msgpack.encode(self.now))


def _digests(words: Mapping[str, TextPlace | Sealed]) -> dict[str, str]:
    return {slug: each.digest for slug, each in words.items()}


def _changed(names: Sequence[str], before: Mapping[str, str], now: Mapping[str, str]) -> frozenset[int]:
    """Return the places of the articles of which something has another digest than before."""
    if before == now:
        return frozenset()
    return frozenset([place for place, name in enumerate(names) if before.get(name) != now.get(name)])


def _shards(
    run: PressRun, ledger: Ledger, book: Book, names: _Names, words: Words, texts: str
) -> Iterator[tuple[Any, ...]]:
    """Yield the arguments of `press_shard` for the views that changed, as they are made."""
    settings = msgspec.msgpack.encode(run.settings)
    shard: list[tuple[Sheet, bytes]] = []

    def arguments() -> tuple[Any, ...]:
        shown = words.few(_shown(book.contents.names, [sheet for sheet, _ in shard]))
        return texts, str(ledger.output), settings, [view for _, view in shard], shown

    sheets = book.sheets()
    if ledger.is_untouched and names.before is None:
        ledger.keep_pages(names.static)
        sheets = (sheet for sheet in sheets if not names.is_same(sheet))
    for sheet in sheets:
        if ledger.plan(sheet.path, names.is_same(sheet)):
            shard.append((sheet, book.encoded(sheet)))
        if len(shard) == SHARD:
            yield arguments()
            shard = []
    if shard:
        yield arguments()


def _shown(names: Sequence[str], sheets: Iterable[Sheet]) -> dict[str, tuple[set[str], set[str]]]:
    """Return, by edition, the slugs of the articles whose texts and whose heads these views show."""
    places: dict[str, tuple[set[int], set[int]]] = {}
    for sheet in sheets:
        texts, heads = places.setdefault(sheet.edition, (set(), set()))
        texts.update(sheet.texts)
        heads.update(sheet.heads)
    return {
        edition: ({names[place] for place in texts}, {names[place] for place in heads})
        for edition, (texts, heads) in places.items()
    }


def _stage_static(root: Path, output: Path, ledger: Ledger, before: Mapping[str, str]) -> dict[str, str]:
    """Copy static files that changed onto the stage; return what names their sources, as `before` did the last time."""
    problems = []
    names = {}
    for name, status in scan_tree(root / "static").items():
        path = f"static/{name}"
        if not is_plain_file(status) or not is_unicode(name):
            problems.append(problem(path, "this is no ordinary file with a UTF-8 name; put the file itself here"))
            continue
        fingerprint = Fingerprint.of(status)
        settled = is_settled(fingerprint, time.time_ns())
        data = None if settled else (root / path).read_bytes()
        names[path] = digest_of(fingerprint) if data is None else digest_bytes(data)
        if not ledger.plan(path, before.get(path) == names[path]):
            continue
        data = (root / path).read_bytes() if data is None else data
        written = stage_file(output, path, data)
        ledger.record(PressedFile(path=path, digest=digest_bytes(data), written=written))
    if problems:
        raise ContentError(problems)
    return names
