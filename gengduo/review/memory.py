"""What a review remembers: what it found in dumps and pages, under the digest of all that decided it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from gengduo.cache import Cache, digest_bytes, digest_of
from gengduo.catalogue import CatalogueSettings, PageSource
from gengduo.ingest import SeedSource
from gengduo.model import Value
from gengduo.review.dumps import DumpReview
from gengduo.review.findings import Finding
from gengduo.review.pages import PageReview

FILE = "review.bin"
SECOND_OPINION = "zhconv-rs"


class Kept(Value, frozen=True, kw_only=True):
    """What the last review found; each part counts only for what is named in its key."""

    dumps_key: str = ""
    dumps: dict[str, tuple[str, DumpReview]] = msgspec.field(default_factory=dict)
    """By name, with the digest of its files."""
    pages_key: str = ""
    pages: dict[str, PageReview] = msgspec.field(default_factory=dict)
    names_key: str = ""
    names: tuple[Finding, ...] = ()


class Memory:
    """The last review, and the one that is being made."""

    def __init__(self, cache: Cache, settings: CatalogueSettings, program: str) -> None:
        self._cache = cache
        self._old = cache.read(FILE, Kept) or Kept()
        dumps_key = digest_of((program, settings.vocabulary))
        pages_key = digest_of((program, _second_opinion(), settings))
        self._new = Kept(dumps_key=dumps_key, pages_key=pages_key)
        self._dumps = self._old.dumps if self._old.dumps_key == dumps_key else {}
        self._pages = self._old.pages if self._old.pages_key == pages_key else {}

    def dump(self, source: SeedSource, digest: str) -> DumpReview | None:
        """Return what was found in a dump, if its files are the same."""
        known = self._dumps.get(source.name)
        return known[1] if known is not None and known[0] == digest else None

    def page(self, source: PageSource, digests: tuple[str, ...]) -> PageReview | None:
        """Return what was found in a page, if its files are the same."""
        known = self._pages.get(source.path)
        return known if known is not None and (known.page.source, known.page.digests) == (source, digests) else None

    @property
    def pages_key(self) -> str:
        """Names all that decides what is found in a page of given bytes."""
        return self._new.pages_key

    def names(self, key: str) -> tuple[Finding, ...] | None:
        """Return what was found of names; `key` names all that it depends on."""
        return self._old.names if self._old.names_key == key else None

    def keep(
        self,
        dumps: Mapping[str, tuple[str, DumpReview]],
        pages: Iterable[PageReview],
        names_key: str,
        names: tuple[Finding, ...],
    ) -> None:
        """Write what was found, unless it is there; where it cannot be written, the next review takes longer."""
        new = msgspec.structs.replace(
            self._new,
            dumps=dict(dumps),
            pages={each.page.source.path: each for each in pages if not each.page.problems},
            names_key=names_key,
            names=names,
        )
        if not self._cache.folder.is_symlink() and new != self._old:
            with suppress(OSError):
                self._cache.write(FILE, new)


def _second_opinion() -> str:
    try:
        return version(SECOND_OPINION)
    except PackageNotFoundError:
        return ""


def digest_of_dump(root: Path, source: SeedSource) -> str:
    """Return the digest of a dump and what is stated beside it; empty where that cannot be read."""
    try:
        data = (root / "seeds" / source.name).read_bytes()
        stated = (root / "seeds" / source.sidecar).read_bytes() if source.sidecar else b""
    except OSError:
        return ""
    return digest_of((digest_bytes(data), source.sidecar, digest_bytes(stated), source.encoding))


def digests_of_page(root: Path, source: PageSource) -> tuple[str, ...]:
    """Return the digests of a page's files as cataloguing does; none where one cannot be read."""
    try:
        return tuple(
            digest_bytes((root / path).read_bytes()) for path in (source.path, *(path for _, path in source.by_hand))
        )
    except OSError:
        return ()
