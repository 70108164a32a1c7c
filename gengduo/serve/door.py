"""The server's door: how many connections may stand in it, and what happens when more come."""

from __future__ import annotations

from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream

WANTED_FILES = 4096
KEPT_FREE = 160
"""Descriptors for everything that is not a connection: pages, packs, pipes of workers."""


class Door(HTTPServer):
    """A server that, when all its places are taken, shows the connection out that came first."""

    def initialize(self, *args: Any, **settings: Any) -> None:
        """Take the settings of an HTTPServer, and as `limit` how many connections may be open."""
        self.limit: int = settings.pop("limit")
        super().initialize(*args, **settings)
        self.open: dict[IOStream, None] = {}

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Let a connection in."""
        if len(self.open) >= self.limit:
            self.open = {known: None for known in self.open if not known.closed()}
        if len(self.open) >= self.limit:
            oldest = next(iter(self.open))
            del self.open[oldest]
            oldest.close()
        self.open[stream] = None
        super().handle_stream(stream, address)


def raise_file_limit() -> int:
    """Let the process open more files where it may, and return how many connections that leaves room for."""
    try:
        import resource
    except ImportError:  # Windows
        return 400
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < WANTED_FILES:
        wanted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(hard, WANTED_FILES)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        except (OSError, ValueError):
            pass  # the limit that is there serves as well
    if soft == resource.RLIM_INFINITY or soft > WANTED_FILES:
        soft = WANTED_FILES
    return max(soft - KEPT_FREE, 8)
