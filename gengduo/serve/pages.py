"""From an address to a file, and from a file to what the preview sends: no sockets, no state."""

from __future__ import annotations

import html
import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from gengduo.errors import Problem

STYLE = """\
.preview-problems { position: sticky; top: 0; z-index: 2147483647; margin: 0; padding: .75rem 1rem; max-height: 50vh;
  overflow: auto; background: #7a0b0b; color: #fff; font: 15px/1.5 system-ui, sans-serif; text-align: left; }
.preview-problems strong { display: block; }
.preview-problems ul { margin: .5rem 0 0; padding: 0; list-style: none; }
.preview-problems li { overflow-wrap: anywhere; font-family: ui-monospace, monospace; }
"""
EMPTY_PAGE = (
    b'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>%s</title></head><body>%s</body></html>'
)
BODY_TAG = re.compile(rb"<body(?:\s[^>]*)?>", re.IGNORECASE)
HEAD_END = re.compile(rb"</head\s*>", re.IGNORECASE)


class Place(NamedTuple):
    """What answers an address."""

    status: int
    file: Path | None = None
    location: str = ""


def locate(output: Path, base_path: str, editions: Sequence[str], uri: str) -> Place:
    """Return what answers a request target, as it stood in the request.

    Nothing outside the output folder is ever named, nor anything in it that begins with a dot.
    """
    raw = uri.partition("?")[0].partition("#")[0]
    try:
        path = unquote_to_bytes(raw.encode("latin-1")).decode("utf-8")
        base = unquote_to_bytes(base_path).decode("utf-8")
    except UnicodeError:
        return Place(400)
    if any(character < " " or character == "\x7f" for character in path):
        return Place(400)
    if base != "/" and path in ("/", base[:-1]):
        return Place(302, location=base_path)
    if not path.startswith(base):
        return _missing(output, ())
    segments = path[len(base) :].split("/")
    folders, last = segments[:-1], segments[-1]
    if any(_is_hidden(segment) for segment in folders) or (last and _is_hidden(last)):
        return _missing(output, ())
    file = output.joinpath(*folders, last or "index.html")
    kind = _kind(output, file)
    if kind == stat.S_IFREG:
        return Place(200, file)
    if kind == stat.S_IFDIR and last and _kind(output, file / "index.html") == stat.S_IFREG:
        return Place(302, location=f"{raw}/")
    return _missing(output, [edition for edition in editions if edition == segments[0]])


def dress(page: bytes, head: str, headline: str, problems: Sequence[Problem]) -> bytes:
    """Return a page with what the preview adds to its head, and the problems of the last build above its text."""
    end = HEAD_END.search(page)
    page = _insert(page, end.start() if end else 0, head.encode())
    if not problems:
        return page
    body = BODY_TAG.search(page)
    lines = "".join(f"<li>{html.escape(str(found))}</li>" for found in problems)
    inner = f"<strong>{html.escape(headline)}</strong><ul>{lines}</ul>"
    notice = f'<div class="preview-problems" role="alert" lang="en">{inner}</div>'
    return _insert(page, body.end() if body else len(page), notice.encode())


def plain_page(title: str, text: str) -> bytes:
    """Return a page for what no page of the site answers."""
    return EMPTY_PAGE % (html.escape(title).encode(), f"<p>{html.escape(text)}</p>".encode())


def _missing(output: Path, editions: Sequence[str]) -> Place:
    for folder in (*editions, ""):
        file = output / folder / "404.html"
        if _kind(output, file) == stat.S_IFREG:
            return Place(404, file)
    return Place(404)


def _is_hidden(segment: str) -> bool:
    return not segment or segment.startswith(".") or "\\" in segment


def _kind(output: Path, file: Path) -> int:
    """Return the type bits of a file inside the output, 0 for what is not there or leads out of it."""
    try:
        if not file.resolve().is_relative_to(output.resolve()):
            return 0
        return stat.S_IFMT(file.stat().st_mode)
    except (OSError, ValueError, RuntimeError):
        return 0


def _insert(page: bytes, offset: int, added: bytes) -> bytes:
    return page[:offset] + added + page[offset:]
