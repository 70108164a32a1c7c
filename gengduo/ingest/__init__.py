"""Import: every dump of `seeds/` becomes a page of `content/`, once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path

import msgspec

from gengduo.cache import (
    Cache,
    Fingerprint,
    digest_of,
    is_plain_file,
    is_settled,
    is_unicode,
    scan_tree,
)
from gengduo.config import seed_encoding
from gengduo.content import LOCK, Lock, dump_lock, load_lock
from gengduo.errors import ConfigError, Problem, StorageError, problem
from gengduo.ingest.importer import Importer
from gengduo.ingest.reading import SeedReading, SeedSource, read_seed_shard
from gengduo.model import Card, ImportReport, SiteConfig, Value
from gengduo.output import write_durably
from gengduo.seeds import SUFFIXES
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


def import_seeds(
    root: Path,
    cache: Cache,
    config: SiteConfig,
    cards: Sequence[Card],
    broken: Sequence[str],
    vocabulary: Vocabulary,
    program: str,
    executor: Executor,
    progress: Callable[[str, int, int], None],
    only: Sequence[str] = (),
) -> ImportReport:
    """Bring new and changed dumps into `content/`, and return what was done; an error in one stops no other.

    `cards` are the pages that are there, `broken` the paths of those that cannot be read; `only` names the dumps to
    look at (paths under `seeds/`), none: all.
    """
    lock = _load_lock(root)
    importer_digest = digest_of((program, vocabulary.digest))
    files, sidecars = find_dumps(root)
    importer = Importer(root, cards, broken, lock, files)
    _check_names(only, files)
    before = cache.read("seeds.bin", SeenSeeds)
    # Another program or vocabulary may read each dump otherwise: all are read again.
    seen = dict(before.seeds) if before and before.importer == importer_digest else {}
    sources = []
    looks: dict[str, tuple[Fingerprint, ...]] = {}
    encodings: dict[str, str] = {}
    for name, status in files.items():
        if only and name not in only:
            continue
        if not is_unicode(name):
            importer.refuse(name, "this file name is not UTF-8; rename the seed")
            continue
        sidecar, sidecar_status = sidecars.get(name.removesuffix(".txt"), ("", None))
        looks[name] = tuple(Fingerprint.of(each) for each in (status, sidecar_status) if each)
        irregular = next((path for path, each in ((name, status), (sidecar, sidecar_status)) if _is_odd(each)), "")
        if irregular:
            importer.refuse(irregular, "this is no ordinary file; put the text itself here")
            continue
        entry = lock.get(name)
        last = seen.get(name)
        known = entry.seed_digest if entry and last and entry.seed_digest == last.digest else ""
        encoding = encodings[name] = seed_encoding(config, name)
        if last and (known, looks[name], encoding) == (last.digest, last.fingerprints, last.encoding):
            importer.take(SeedReading(name=name, digest=known, warnings=last.warnings))
        else:
            sources.append(SeedSource(name=name, encoding=encoding, sidecar=sidecar, known=known))
    now = time.time_ns()
    encoded = msgspec.msgpack.encode(vocabulary)
    shards = [(str(root), encoded, shard) for shard in shards_of(sources, SHARD)]
    done = 0
    for readings in run_shards(executor, read_seed_shard, shards):
        for reading in readings:
            if reading.draft is None and not reading.problems:
                reading = msgspec.structs.replace(reading, warnings=seen[reading.name].warnings)
            importer.take(reading)
            look = looks[reading.name]
            if not reading.problems:
                look = look if all(is_settled(fingerprint, now) for fingerprint in look) else ()
                seen[reading.name] = SeenSeed(
                    fingerprints=look,
                    digest=reading.digest,
                    encoding=encodings[reading.name],
                    warnings=reading.warnings,
                )
        done += len(readings)
        progress("import", done, len(sources))
    if not only:
        importer.report_vanished()
    report = importer.report()
    if importer.wrote and hasattr(os, "sync"):
        os.sync()  # one for the batch of new pages; the lock then never names a page that a power cut took
    _save_lock(root, importer.lock)
    if sources:
        kept = {name: seen[name] for name in sorted(seen) if name in files}
        cache.write("seeds.bin", SeenSeeds(importer=importer_digest, seeds=kept))
    return report


def find_dumps(root: Path) -> tuple[dict[str, os.stat_result], dict[str, tuple[str, os.stat_result]]]:
    """Return the dumps by name, and their sidecars by the dump's name without its suffix."""
    files = scan_tree(root / "seeds", (".txt", *SUFFIXES))
    sidecars = {name.rpartition(".")[0]: (name, status) for name, status in files.items() if name.endswith(SUFFIXES)}
    # A link to a folder is among the dumps whatever its name: it is refused there, and not passed over.
    return {name: status for name, status in files.items() if not name.endswith(SUFFIXES)}, sidecars


def _is_odd(status: os.stat_result | None) -> bool:
    return status is not None and not is_plain_file(status)


def _check_names(only: Sequence[str], files: Mapping[str, object]) -> None:
    unknown = [problem(f"seeds/{name}", "no such seed; name a file under seeds/") for name in only if name not in files]
    if unknown:
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
