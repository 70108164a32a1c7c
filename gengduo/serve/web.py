"""The preview on the wire: livereload's handlers, and one for pages, that answer this machine's own reader only."""

from __future__ import annotations

import html
import ipaddress
import json
import mimetypes
import re
from typing import Any, cast
from urllib.parse import quote, urlsplit

from livereload.handlers import LiveReloadHandler, LiveReloadJSHandler
from tornado import httputil, web
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

from gengduo.serve.pages import STYLE, dress, locate, plain_page
from gengduo.serve.preview import Preview

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
ANY_ADDRESS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 # compared with, not bound to
HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::([0-9]{1,5}))?", re.IGNORECASE)
LONGEST_URI = 8 * 1024
LONGEST_HEAD = 32 * 1024
LONGEST_MESSAGE = 64 * 1024
PORTION = 256 * 1024
TYPES = {".xml": "application/xml", ".json": "application/json", ".js": "text/javascript", ".webp": "image/webp"}
REASONS = {400: "Bad request", 403: "Not for you", 404: "Not found", 405: "Read only", 414: "Too long", 431: "Too long"}


def application(preview: Preview, host: str) -> web.Application:
    """Return the preview as a tornado application; it answers the host that it listens on and the names of loopback."""
    given = {"preview": preview, "host": host}
    return web.Application(
        [
            (r"/livereload", ReloadHandler, given),
            (r"/livereload\.js", ScriptHandler, given),
            (r"/livereload\.css", StyleHandler, given),
            (r"/forcereload", ForbiddenHandler, given),
            (r".*", PageHandler, given),
        ],
        log_function=lambda handler: None,  # noqa: ARG005 # the form of a log function
        websocket_max_message_size=LONGEST_MESSAGE,
        websocket_ping_interval=30,
    )


class OwnHandler(web.RequestHandler):
    """The ground of all handlers: refuses what is not a plain request by a reader of this very host."""

    def initialize(self, preview: Preview, host: str) -> None:
        """Take the preview and the host that it listens on."""
        self.preview = preview
        self.listens_on = host

    def set_default_headers(self) -> None:
        """Let nothing be kept by the browser, guessed at, or used by the pages of others."""
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Referrer-Policy", "same-origin")

    async def prepare(self) -> None:
        """Answer at once what gets no page."""
        status = self.refusal()
        if status:
            await self.refuse(status)

    def refusal(self) -> int:
        """Return the status for a request that gets nothing else, or 0."""
        request = self.request
        if not is_own_host(request.headers.get("Host", "127.0.0.1"), self.listens_on, local_address(request)):
            return 403
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
            return 403
        if len(request.uri or "") > LONGEST_URI:
            return 414
        if sum(len(name) + len(value) for name, value in request.headers.get_all()) > LONGEST_HEAD:
            return 431
        return 0 if request.method in ("GET", "HEAD") else 405

    async def refuse(self, status: int) -> None:
        """Send a refusal."""
        self.clear()
        self.set_status(status)
        if status == 405:
            self.set_header("Allow", "GET, HEAD")
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("Connection", "close")
        await self.finish(REASONS.get(status, "Error") + "\n")

    def compute_etag(self) -> None:
        """Return nothing: no page is kept, so none is asked for again."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ARG002 # tornado's form
        """Answer what tornado itself refuses."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(REASONS.get(status_code, "Error") + "\n")

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Keep quiet about requests that were refused."""
        if not isinstance(value, web.HTTPError | StreamClosedError):
            super().log_exception(typ, value, tb)


class ForbiddenHandler(OwnHandler):
    """livereload's address by which any site could make this one reload."""

    async def get(self) -> None:
        """Refuse."""
        await self.refuse(403)

    head = get


class StyleHandler(OwnHandler):
    """The look of the notice about problems."""

    def get(self) -> None:
        """Send the style sheet: the pages' own policy allows none inside a page."""
        self.set_header("Content-Type", "text/css; charset=utf-8")
        self.finish(STYLE)

    head = get


class ScriptHandler(OwnHandler, LiveReloadJSHandler):  # type: ignore[misc] # livereload has no types
    """livereload's script."""


@web.stream_request_body
class PageHandler(OwnHandler):
    """The files of the preview. A body that comes with a request is dropped as it comes, and costs no memory."""

    def data_received(self, chunk: bytes) -> None:
        """Drop a part of a body."""

    async def refuse(self, status: int) -> None:
        """Send a refusal at once, and hear the request out: closing earlier would lose the answer on its way."""
        headers = self.request.headers
        expects = "Expect" in headers
        if expects or not ("Content-Length" in headers or "Transfer-Encoding" in headers):
            await super().refuse(status)
            return
        text = REASONS.get(status, "Error") + "\n"
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("Content-Length", str(len(text)))
        self.set_header("Connection", "close")
        self.refused = True
        self.write(text)
        await self.flush()

    async def get(self) -> None:
        """Send the page or file of an address."""
        if getattr(self, "refused", False):
            await self.finish()
            return
        preview = self.preview
        place = locate(preview.output, preview.base_path, preview.editions, self.request.uri or "")
        self.set_status(place.status)
        if place.location:
            self.redirect(place.location)
        elif place.status == 400:
            await self.refuse(400)
        elif place.file is None:
            self._send_page(plain_page("Not found", "Not found."))
        elif place.file.suffix == ".html":
            self._send_page(place.file.read_bytes())
        else:
            await self._send_file(place.file)

    head = post = put = delete = patch = options = get  # all but two were refused by then

    def _send_page(self, page: bytes) -> None:
        host, port = split_host(self.request.host)
        preview = self.preview
        if preview.problems and self.get_status() == 404 and not (preview.output / "index.html").exists():
            self.set_status(503)
            page = plain_page("Not built yet", "There is no page yet: the site could not be built.")
        source = f"/livereload.js?host={quote(host, safe='[]:')}&port={port}&maxdelay=2000"
        source += f"&ext=gengduo&extver={preview.version}"  # comes back in the first message of the browser
        head = f'<script src="{html.escape(source)}" defer></script>'
        if preview.problems:
            head += '<link rel="stylesheet" href="/livereload.css">'
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(dress(page, head, preview.headline, preview.problems))

    async def _send_file(self, file: Any) -> None:
        kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        self.set_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        with file.open("rb") as source:
            size = source.seek(0, 2)
            source.seek(0)
            self.set_header("Content-Length", str(size))
            while self.request.method == "GET" and size > 0:
                portion = source.read(min(PORTION, size))
                if not portion:
                    break
                size -= len(portion)
                self.write(portion)
                await self.flush()
        await self.finish()


class ReloadHandler(OwnHandler, LiveReloadHandler):  # type: ignore[misc] # livereload has no types
    """The line to one browser. Its page says which version it was sent; a stale one is loaded again at once.

    livereload itself would forget a change that comes while a page is being loaded.
    """

    page_version = ""

    def check_origin(self, origin: str) -> bool:
        """Tell whether a page of this host opened the line; others have been refused before."""
        return urlsplit(origin).netloc.lower() == self.request.host.lower()

    def on_message(self, message: str | bytes) -> None:
        """Shake hands, and take note of who looks at what."""
        try:
            said = json.loads(message)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            self.close(1003)
        elif said.get("command") == "hello":
            self.page_version = str(said.get("extver", ""))
            super().on_message(message)
        elif said.get("command") == "info":
            self.preview.readers.add(self)
            if self.page_version != self.preview.version:
                self.write_message(RELOAD)

    def on_close(self) -> None:
        """Forget the browser."""
        self.preview.readers.discard(self)

    async def reload(self) -> None:
        """Let the browser load its page again."""
        try:
            await self.write_message(RELOAD)
        except (WebSocketClosedError, StreamClosedError):
            self.preview.readers.discard(self)


RELOAD = json.dumps({"command": "reload", "path": "/", "liveCSS": False, "liveImg": False})


# ------------------------------------------------------------------------------------------------------ hosts


def split_host(header: str) -> tuple[str, int]:
    """Return name (an IPv6 address in its brackets) and port of a Host header."""
    name, _, port = header.rpartition(":") if not header.endswith("]") and ":" in header else (header, "", "")
    return name, int(port or 80)


def is_own_host(header: str, listens_on: str, local: str) -> bool:
    """Tell whether a Host header names this server.

    A foreign name that leads here is an attack (DNS rebinding). Ports are not compared: they change on the way through
    a tunnel, and say nothing about who asks. Where every address is listened on, the one that was called counts.
    """
    found = HOST.fullmatch(header.strip())
    if not found:
        return False
    name = (found[1] or found[2]).lower()
    if name in LOCAL_NAMES or name == listens_on.lower():
        return True
    return listens_on in ANY_ADDRESS and _is_address(name) and name == local


def local_address(request: httputil.HTTPServerRequest) -> str:
    """Return the address of this machine that a request came to."""
    stream = getattr(request.connection, "stream", None)
    try:
        return cast(str, stream.socket.getsockname()[0]) if stream is not None else ""
    except (OSError, AttributeError):
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
