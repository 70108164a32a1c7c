"""What wakes the preview: the system tells of a change at once, and a look now and then finds what it does not tell."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

STEP_MS = 50
"""An editor saves in several steps: a change is told when nothing followed for so many milliseconds,"""
DEBOUNCE_MS = 1000
"""or when changes have gone on for so many."""


class Watch:
    """Wakes the one who waits when a file changes; of network shares and the like no system tells anything."""

    def __init__(self, root: Path, folders: Sequence[str]) -> None:
        """Watch the folders with all that is below them, and the files that lie directly in `root`."""
        self._changed = asyncio.Event()
        self._touched: set[str] = set()
        self._root = root
        self._stop = threading.Event()
        self._loop = asyncio.get_running_loop()
        there = [root / folder for folder in folders if (root / folder).is_dir()]
        for paths, is_deep in (([root], False), (there, True)):
            if paths:
                threading.Thread(target=self._listen, args=(paths, is_deep), daemon=True).start()

    def _listen(self, paths: Sequence[Path], is_deep: bool) -> None:
        from watchfiles import watch

        try:
            for changes in watch(
                *paths,
                watch_filter=None,
                step=STEP_MS,
                debounce=DEBOUNCE_MS,
                stop_event=self._stop,
                recursive=is_deep,
                raise_interrupt=False,
                ignore_permission_denied=True,
            ):
                self._loop.call_soon_threadsafe(self._tell, {path for _, path in changes})
        except (OSError, RuntimeError):
            return  # too many folders for the system, or the loop has ended: the looks remain

    def _tell(self, paths: Iterable[str]) -> None:
        for path in paths:
            try:
                self._touched.add(Path(path).relative_to(self._root).parts[0])
            except (ValueError, IndexError):
                self._touched.add("")  # somewhere: the system knows the folder by another name
        self._changed.set()

    async def wait(self, seconds: float) -> frozenset[str]:
        """Return what in `root` was touched when a change was told and nothing followed it, else nothing.

        An empty name stands for a place that is not known.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return frozenset()
        self._changed.clear()
        touched, self._touched = frozenset(self._touched), set()
        return touched

    def close(self) -> None:
        """Watch no longer."""
        self._stop.set()
