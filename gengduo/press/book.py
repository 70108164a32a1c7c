"""The book of views: what the last build had to print, for builds in which no page tells anything new of another.

A view names the words of an article by its slug, so it stays the same when only words change: then no view needs to be
made again. The book keeps the digest of each, and those that show an article's words as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, Protocol, Self

import msgspec

from gengduo.cache import Cache, digest_bytes
from gengduo.errors import ContentError, Problem, problem
from gengduo.model import AnyPage, SiteView, Value
from gengduo.press.words import shown_heads, shown_texts
from gengduo.render import kind_of

CONTENTS = "views.bin"
VIEWS = "views"


class Sheet(Value, frozen=True, kw_only=True):
    """A view, as far as needed to tell whether its file is still right."""

    path: str
    """Of the file, under the output folder."""
    edition: str
    kind: str
    """Tag of the view."""
    view: str
    """Digest of the encoded view."""
    texts: tuple[int, ...] = ()
    """The articles that it shows whole, as places among the names of the book."""
    heads: tuple[int, ...] = ()
    """The articles whose heads it shows."""
    offset: int
    length: int
    """Of the encoded view in the book."""


class Contents(Value, frozen=True, kw_only=True):
    """What a build knows beside the views, as long as the key is the same."""

    cards: str
    """Names all that the library is made of, the words of teasers and places in files included."""
    key: str
    """Names all that views are made of."""
    names: tuple[str, ...]
    """The slugs of the articles."""
    sites: dict[str, SiteView]
    """By path of the edition."""
    briefs: int
    """How many."""
    warnings: tuple[Problem, ...]
    """Of the references."""


class _Kept(Value, frozen=True, kw_only=True):
    contents: Contents
    sheets: tuple[Sheet, ...]


class Book(Protocol):
    """The views of a site."""

    contents: Contents

    def sheets(self) -> Iterator[Sheet]:
        """Yield what is to be known of each view."""

    def encoded(self, sheet: Sheet) -> bytes:
        """Return the view of the sheet that was yielded last. Raises MissingViewError where it was not kept."""


class MissingViewError(Exception):
    """The book does not hold a view that has to be printed: the views have to be made again."""


class NewBook:
    """Views that are made as they are asked for, and kept for the next build when all were printed."""

    def __init__(self, cache: Cache, contents: Contents, views: Iterable[AnyPage]) -> None:
        self.contents = contents
        self._cache = cache
        self._views = views
        self._sheets: list[Sheet] = []
        self._last = b""

    def __enter__(self) -> Self:
        self._cache.forget(CONTENTS)
        self._file = (self._cache.folder / VIEWS).open("wb")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()
        if kind is None:
            self._cache.write(CONTENTS, _Kept(contents=self.contents, sheets=tuple(self._sheets)))

    def sheets(self) -> Iterator[Sheet]:
        """Yield what is to be known of each view. Raises ContentError for two of one file."""
        encoder = msgspec.msgpack.Encoder()
        place = {name: number for number, name in enumerate(self.contents.names)}
        taken: set[str] = set()
        offset = 0
        for view in self._views:
            if view.output_path in taken:
                message = f"two pages would be written to {view.output_path}; change the slug of one"
                raise ContentError(problem(f"content/{view.permalink}", message))
            taken.add(view.output_path)
            self._last = encoder.encode(view)
            sheet = Sheet(
                path=view.output_path,
                edition=view.edition,
                kind=kind_of(view),
                view=digest_bytes(self._last),
                texts=tuple([place[name] for name in shown_texts(view)]),
                heads=tuple([place[name] for name in shown_heads(view)]),
                offset=offset,
                length=len(self._last),
            )
            self._file.write(self._last)
            offset += sheet.length
            self._sheets.append(sheet)
            yield sheet

    def encoded(self, sheet: Sheet) -> bytes:  # noqa: ARG002 # as in every book
        """Return the view of the sheet that was yielded last."""
        return self._last


class KeptBook:
    """The views of the last build."""

    def __init__(self, cache: Cache, kept: _Kept) -> None:
        self.contents = kept.contents
        self._cache = cache
        self._sheets = kept.sheets
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        with suppress(OSError):
            self._file = (self._cache.folder / VIEWS).open("rb")
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def renew(self, contents: Contents) -> None:
        """Take what else is known by now of a library whose views are the same."""
        self.contents = contents
        self._cache.write(CONTENTS, _Kept(contents=contents, sheets=self._sheets))

    def sheets(self) -> Iterator[Sheet]:
        """Yield what is to be known of each view."""
        yield from self._sheets

    def encoded(self, sheet: Sheet) -> bytes:
        """Return a view. Raises MissingViewError where it was not kept, or is damaged."""
        data = b""
        if self._file is not None:
            self._file.seek(sheet.offset)
            data = self._file.read(sheet.length)
        if digest_bytes(data) != sheet.view:
            raise MissingViewError(sheet.path)
        return data


def open_book(cache: Cache) -> KeptBook | None:
    """Return the book of the last build."""
    kept = cache.read(CONTENTS, _Kept)
    return KeptBook(cache, kept) if kept is not None else None
