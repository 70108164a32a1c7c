"""What a command is about, and the quick answer: whether anything changed since the last build.

The answer rests on the look of files (size, times, inode) alone, so it costs a thousandth of a build. It counts only
for a build that ended without an error, and only where every file, read or written, looks as it did then.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gengduo.cache import (
    COARSE_TICK_NS,
    FILE_MODE,
    Cache,
    Fingerprint,
    OutputEntry,
    OutputState,
    digest_bytes,
    digest_of,
    is_settled,
    output_state,
    program_digest,
    read_checked,
    scan_tree,
    write_checked,
)
from gengduo.model import BuildReport, SiteConfig, Value

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from gengduo.workers import Progress

FOLDERS = ("seeds", "content", "templates", "static")
SITE_FILE = "site.toml"
MANIFEST = ".gengduo/manifest"
SETTLING = 0.06
"""Seconds after which the look of a file that was just written can be trusted."""


class Job(Value, frozen=True, kw_only=True, array_like=False):
    """What a command is about."""

    root: Path
    """The site's folder."""
    output: Path
    base_url: str | None = None
    clean: bool = False
    drafts: bool = False
    with_import: bool = True
    seeds: tuple[str, ...] = ()
    """The dumps to import (paths under `seeds/`); none: all."""

    @property
    def cache(self) -> Path:
        """Folder of what may be deleted between builds."""
        return self.root / ".cache"


class Run(NamedTuple):
    """A command at work."""

    job: Job
    config: SiteConfig
    program: str
    """Digest of this program."""
    cache: Cache
    executor: Executor
    progress: Progress


class LastBuild(Value, frozen=True, kw_only=True):
    """A build that ended without an error."""

    inputs: str
    """Names the look of all it read, as it was before it was read."""
    manifest: Fingerprint
    report: BuildReport


class Look(NamedTuple):
    """How a folder with all its files looks."""

    name: str
    is_settled: bool
    """False: a file changed so lately that it may change again unseen."""


class Survey(NamedTuple):
    """What a build reads, as it was before it was read."""

    files: Mapping[str, Mapping[str, os.stat_result]]
    """By input folder, its files by path under it."""
    looks: Mapping[str, Look]
    """By input folder, and of `site.toml`."""


def survey(job: Job, folders: Sequence[str] = FOLDERS, known: Survey | None = None) -> Survey:
    """Return what the input folders hold; with `known`, what others than `folders` hold is taken from there."""
    files = dict(known.files) if known else {}
    looks = dict(known.looks) if known else {}
    now = time.time_ns()
    for folder in folders:
        files[folder] = scan_tree(job.root / folder)
        looks[folder] = _look({f"{job.root}/{folder}/{name}": status for name, status in files[folder].items()}, now)
    place = f"{job.root}/{SITE_FILE}"
    try:
        looks[SITE_FILE] = _look({place: os.lstat(place)}, now)
    except FileNotFoundError:
        looks[SITE_FILE] = _look({}, now)
    return Survey(files, looks)


def _look(files: Mapping[str, os.stat_result], now: int) -> Look:
    statuses = [_shown(path, each) if stat.S_ISLNK(each.st_mode) else each for path, each in files.items()]
    looks = [Fingerprint.of(status) for status in statuses]
    newest = max((look.ctime_ns for look in looks), default=0)
    settled = now - newest > COARSE_TICK_NS or all(is_settled(look, now) for look in looks)
    return Look(digest_of((list(map(os.fsencode, files)), looks)), settled)


def _shown(path: str, link: os.stat_result) -> os.stat_result:
    """Return the status of the file that a link shows; its own where there is none."""
    try:
        return Path(path).stat()
    except OSError:
        return link


def nothing_changed(job: Job, looks: Mapping[str, Look]) -> BuildReport | None:
    """Return the last build's report where another build, of inputs that look so, would do nothing."""
    last = read_checked(_place(job), LastBuild)
    if last is None or job.clean or job.seeds or last.inputs != _inputs(job, looks):
        return None
    state = read_checked(job.cache / output_state(job.output), OutputState)
    root = f"{job.output}/"
    if state is None or not all(_is_left(root + path, entry) for path, entry in state.entries.items()):
        return None
    manifest = job.output / MANIFEST
    if not manifest.exists() or Fingerprint.of(os.lstat(manifest)) != last.manifest:
        return None
    files = last.report.written + last.report.unchanged
    return msgspec.structs.replace(last.report, written=0, unchanged=files, removed=0)


def remember_build(job: Job, looks: Mapping[str, Look], report: BuildReport) -> None:
    """Keep what `nothing_changed` needs; a build with errors, or one whose inputs are not settled, is not kept."""
    place = _place(job)
    if report.errors or job.seeds or not all(look.is_settled for look in looks.values()):
        place.unlink(missing_ok=True)
        return
    manifest = Fingerprint.of(os.lstat(job.output / MANIFEST))
    write_checked(place, LastBuild(inputs=_inputs(job, looks), manifest=manifest, report=report))


def _inputs(job: Job, looks: Mapping[str, Look]) -> str:
    """Name everything that decides a build; a folder that is not settled makes a name that never comes again."""
    if not all(look.is_settled for look in looks.values()):
        return "unsettled"
    return digest_of((program_digest(), job.base_url, job.drafts, job.with_import, dict(looks)))


def _is_left(place: str, entry: OutputEntry) -> bool:
    try:
        status = os.lstat(place)
        if entry.fingerprint is not None:
            return Fingerprint.of(status) == entry.fingerprint
        if not stat.S_ISREG(status.st_mode) or stat.S_IMODE(status.st_mode) != FILE_MODE:
            return False
        return digest_bytes(Path(place).read_bytes()) == entry.digest
    except OSError:
        return False


def _place(job: Job) -> Path:
    return (job.cache / output_state(job.output)).with_suffix(".last")
