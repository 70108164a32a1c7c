"""Import: every dump of `seeds/` becomes a page of `content/`, once."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from gengduo.cache import Fingerprint, digest_of, is_settled
from gengduo.config import seed_encoding
from gengduo.content import LOCK, Lock, dump_lock, load_lock
from gengduo.errors import ConfigError, Problem, StorageError, problem
from gengduo.ingest.folder import SeedFolder, find_dumps
from gengduo.ingest.importer import Importer
from gengduo.ingest.reading import SeedReading, SeedSource, read_seed_shard
from gengduo.job import Run
from gengduo.model import Card, ImportReport, Value
from gengduo.output import write_durably
from gengduo.tags import Vocabulary
from gengduo.workers import run_shards, shards_of

__all__ = [
    "Importer",
    "SeedReading",
    "SeedSource",
    "find_dumps",
    "import_seeds",
    "read_seed_shard",
]

SHARD = 100
"""Dumps: some tens of milliseconds of work."""


class SeenSeed(Value, frozen=True, kw_only=True):
    """A dump that was read without an error."""

    fingerprints: tuple[Fingerprint, ...]
    """Of the dump, and of its sidecar; none: they changed too short a time ago, and the bytes are compared."""
    digest: str
    encoding: str
    warnings: tuple[Problem, ...]
    """Told in each build: whether one is strict does not depend on what was read before."""


class SeenSeeds(Value, frozen=True, kw_only=True):
    """The dumps that need not be read again."""

    importer: str
    """Names the program and the vocabulary that read them."""
    seeds: dict[str, SeenSeed]


class _Dump(NamedTuple):
    """A dump to be read."""

    source: SeedSource
    look: tuple[Fingerprint, ...]
    """Of it and of its sidecar, as they were found."""


def import_seeds(run: Run, cards: Sequence[Card], broken: Sequence[str], vocabulary: Vocabulary) -> ImportReport:
    """Bring new and changed dumps into `content/`, and return what was done; an error in one stops no other.

    `cards` are the pages that are there, `broken` the paths of those that cannot be read.
    """
    root = run.job.root
    reader = digest_of((run.program, vocabulary.digest))
    folder = find_dumps(root)
    importer = Importer(root, cards, broken, _load_lock(root), folder.dumps)
    _check_names(run.job.seeds, folder)
    before = run.cache.read("seeds.bin", SeenSeeds)
    # Another program or vocabulary may read each dump otherwise: all are read again.
    seen = dict(before.seeds) if before and before.importer == reader else {}
    dumps = {dump.source.name: dump for dump in _unread(run, folder, importer, seen)}
    _read(run, dumps, vocabulary, importer, seen)
    if not run.job.seeds:
        importer.report_vanished()
        importer.warnings.extend(folder.not_read())
    report = importer.report()
    if importer.wrote and hasattr(os, "sync"):
        os.sync()  # one for the batch of new pages; the lock then never names a page that a power cut took
    _save_lock(root, importer.lock)
    if dumps:
        kept = {name: seen[name] for name in sorted(seen) if name in folder.dumps}
        run.cache.write("seeds.bin", SeenSeeds(importer=reader, seeds=kept))
    return report


def _unread(run: Run, folder: SeedFolder, importer: Importer, seen: Mapping[str, SeenSeed]) -> Iterator[_Dump]:
    """Yield the dumps that must be read; some are refused unread, and what is known is taken as it was."""
    for name, status in folder.dumps.items():
        if run.job.seeds and name not in run.job.seeds:
            continue
        if name in folder.refused:
            importer.problems.append(folder.refused[name])
            continue
        sidecar, sidecar_status = folder.sidecars.get(name, ("", None))
        look = tuple(Fingerprint.of(each) for each in (status, sidecar_status) if each)
        entry = importer.lock.get(name)
        last = seen.get(name)
        known = entry.seed_digest if entry and last and entry.seed_digest == last.digest else ""
        encoding = seed_encoding(run.config, name)
        if last and (known, look, encoding) == (last.digest, last.fingerprints, last.encoding):
            importer.take(SeedReading(name=name, digest=known, warnings=last.warnings))
        else:
            yield _Dump(SeedSource(name=name, encoding=encoding, sidecar=sidecar, known=known), look)


def _read(
    run: Run, dumps: Mapping[str, _Dump], vocabulary: Vocabulary, importer: Importer, seen: dict[str, SeenSeed]
) -> None:
    """Read the dumps in shards, take each in their order, and remember those without an error."""
    now = time.time_ns()
    encoded = msgspec.msgpack.encode(vocabulary)
    sources = [dump.source for dump in dumps.values()]
    shards = [(str(run.job.root), encoded, shard) for shard in shards_of(sources, SHARD)]
    done = 0
    for readings in run_shards(run.executor, read_seed_shard, shards):
        for reading in readings:
            if reading.draft is None and not reading.problems:
                reading = msgspec.structs.replace(reading, warnings=seen[reading.name].warnings)
            importer.take(reading)
            if not reading.problems:
                source, look = dumps[reading.name]
                seen[reading.name] = SeenSeed(
                    fingerprints=look if all(is_settled(fingerprint, now) for fingerprint in look) else (),
                    digest=reading.digest,
                    encoding=source.encoding,
                    warnings=reading.warnings,
                )
        done += len(readings)
        run.progress("import", done, len(sources))


def _check_names(only: Sequence[str], folder: SeedFolder) -> None:
    no_such = "no such seed; name a file under seeds/"
    names = [name for name in only if name not in folder.dumps]
    if unknown := [problem(f"seeds/{name}", folder.others.get(name, no_such)) for name in names]:
        raise ConfigError(unknown)


def _load_lock(root: Path) -> Lock:
    try:
        data = (root / LOCK).read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StorageError(problem(LOCK, f"cannot be read ({error.strerror}); check its rights")) from None
    return load_lock(data, LOCK)


def _save_lock(root: Path, lock: Lock) -> None:
    data = dump_lock(lock.values())
    place = root / LOCK
    if not lock and not place.exists():
        return
    if not place.exists() or place.read_bytes() != data:
        write_durably(place, data)
