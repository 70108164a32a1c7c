"""The press's account of the output: what is there, what should be, what was done about it."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Container
from pathlib import Path

from gengduo.cache import FILE_MODE, Fingerprint, OutputEntry, OutputState, is_settled
from gengduo.errors import Problem, problem
from gengduo.output import MANIFEST, file_digest, is_bare, load_manifest
from gengduo.press.printing import PressedFile


class Ledger:
    """What the output holds, what it should hold, and what was done about it."""

    def __init__(self, output: Path, last: OutputState | None, is_watched: bool) -> None:
        """Begin with the output as it was left; `is_watched`: nobody but this process writes there."""
        self.output = output
        self.root = f"{output}/"
        self.before = last.entries if last else {}
        self.is_bare = is_bare(output)
        is_left = last is not None and last.manifest == _look(output / MANIFEST)
        self.is_untouched = is_left and is_watched
        self.owned = {path: entry.digest for path, entry in self.before.items()}
        """Digests of the files that are ours."""
        if not is_left:
            self.owned = load_manifest(output) or {}
        self.kept: dict[str, OutputEntry] = {}
        """What stays as it is."""
        self.planned: set[str] = set()
        """What has to be made."""
        self.printed: dict[str, str] = {}
        """Digests of what was made."""
        self.changed_modes: list[str] = []
        self.written = 0
        self.warnings: list[Problem] = []

    def keep_pages(self, static: Container[str]) -> None:
        """Keep what was printed last, static files apart, until it is planned: nobody else wrote there."""
        self.kept = {path: entry for path, entry in self.before.items() if path not in static}

    def plan(self, path: str, is_same: bool) -> bool:
        """Take note of a file that belongs to the site; True: it has to be made.

        `is_same` tells that it would be made of the same as the last time.
        """
        entry = self.before.get(path) if self.is_untouched and is_same else self._found(path)
        if entry is None or not is_same:
            self.planned.add(path)
            self.kept.pop(path, None)
            return True
        self.kept[path] = entry
        return False

    def _found(self, path: str) -> OutputEntry | None:
        """Return the entry of a file that is as it was left, else None."""
        if self.is_bare:
            return None
        before = self.before.get(path)
        try:
            status = os.lstat(self.root + path)
        except OSError:
            return None
        fingerprint = Fingerprint.of(status)
        if before is not None and before.fingerprint == fingerprint:
            return before
        if stat.S_IMODE(status.st_mode) != FILE_MODE:
            self.changed_modes.append(path)
        digest = file_digest(Path(self.root + path))
        if before is not None and before.digest == digest:
            return OutputEntry(digest, fingerprint if is_settled(fingerprint, time.time_ns()) else None)
        if path in self.owned and digest != self.owned[path]:
            message = "this generated file was changed by hand; it is made anew (edit content/, templates/ or static/)"
            self.warnings.append(problem(f"{self.output.name}/{path}", message))
        return None

    def record(self, file: PressedFile) -> None:
        """Take note of a file that was made."""
        self.printed[file.path] = file.digest
        self.written += file.written

    def manifest(self) -> dict[str, str]:
        """Return the digests of all files that belong to the site."""
        return {path: entry.digest for path, entry in self.kept.items()} | self.printed

    def restore_modes(self) -> None:
        """Give the files that are ours their mode back."""
        for path in self.changed_modes:
            Path(self.root + path).chmod(FILE_MODE)

    def entries(self) -> dict[str, OutputEntry]:
        """Return what the output now holds."""
        now = time.time_ns()
        entries = dict(self.kept)
        for path, digest in self.printed.items():
            fingerprint = Fingerprint.of(os.lstat(self.root + path))
            entries[path] = OutputEntry(digest, fingerprint if is_settled(fingerprint, now) else None)
        return entries


def _look(place: Path) -> Fingerprint | None:
    try:
        return Fingerprint.of(os.lstat(place))
    except OSError:
        return None
