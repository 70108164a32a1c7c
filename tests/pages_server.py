"""A server that answers as GitHub Pages does: a site under its base path, folders by their index, 404.html."""

from __future__ import annotations

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gz": "application/gzip",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
    ".xml": "application/xml",
}


class PagesServer:
    """Serves `folder` under `prefix` on a free port of 127.0.0.1, in a thread, until it is stopped."""

    def __init__(self, folder: Path, prefix: str) -> None:
        handler = type("Handler", (_Handler,), {"folder": folder.resolve(), "prefix": prefix})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.url = f"http://127.0.0.1:{self._server.server_port}{prefix}"

    def start(self) -> str:
        self._thread.start()
        return self.url

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for the requests under way, so that no socket is left open

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):  # a browser may leave before the end
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    folder: ClassVar[Path]
    prefix: ClassVar[str]
    timeout = 2  # seconds; a connection that a browser opens ahead and never uses does not hold the end up

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        if path + "/" == self.prefix:
            self._redirect(self.prefix)
            return
        if not path.startswith(self.prefix):
            self._answer(404, b"outside the site", ".txt")
            return
        target = (self.folder / path.removeprefix(self.prefix)).resolve()
        if not target.is_relative_to(self.folder):
            self._answer(404, b"outside the folder", ".txt")
        elif target.is_dir() and not path.endswith("/"):
            self._redirect(urlsplit(self.path).path + "/")
        elif (file := target / "index.html" if path.endswith("/") else target).is_file():
            self._answer(200, file.read_bytes(), file.suffix)
        else:
            missing = self.folder / "404.html"
            self._answer(404, missing.read_bytes() if missing.exists() else b"not found", ".html")

    def do_HEAD(self):
        self.do_GET()

    def _redirect(self, location: str) -> None:
        self.send_response(301)
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, status: int, body: bytes, suffix: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", TYPES.get(suffix, "application/octet-stream"))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing: tests assert on what pages ask for."""
