"""The whole catalogue of a site: what the last build knew, and the pages that changed since."""

from __future__ import annotations

import os
import stat
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import NamedTuple

import msgspec

from gengduo.cache import (
    Cache,
    Fingerprint,
    Sealed,
    TextPlace,
    alike,
    digest_bytes,
    digest_of,
    forget_packs,
    is_plain_file,
    is_settled,
    is_unicode,
    scan_tree,
)
from gengduo.catalogue.desk import CatalogueSettings
from gengduo.catalogue.page import CataloguedPage, PageSource, catalogue_shard, read_shard
from gengduo.errors import Problem, problem
from gengduo.model import Card, Value
from gengduo.workers import Progress, run_shards, shards_of

SHARD = 100
"""Pages: a fifth of a second of work."""

PHOTOS = "static/photos/"
DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))})


class ShelfEntry(Value, frozen=True, kw_only=True):
    """A page as it was catalogued, and the look of its files then."""

    page: CataloguedPage
    fingerprints: tuple[Fingerprint, ...]
    settled: bool
    """The fingerprints can be trusted; else the files are read again."""


class Shelf(Value, frozen=True, kw_only=True):
    """What is kept between builds; it counts only for the same settings and program."""

    settings: str
    entries: dict[str, ShelfEntry]


class Catalogue(NamedTuple):
    """Every page of `content/`, in the order of their paths."""

    pages: tuple[CataloguedPage, ...]
    settings_digest: str
    key: str
    """Names everything but the words themselves: where it is the same, no page tells another of anything new."""

    def texts(self, edition: str) -> dict[str, TextPlace]:
        """Return where the words of all articles of an edition lie, by slug."""
        return {page.slug: page.texts[edition] for page in self.pages if edition in page.texts}

    def heads(self, edition: str) -> dict[str, Sealed]:
        """Return what other pages show of each, encoded, by slug."""
        return {page.slug: page.heads[edition] for page in self.pages if edition in page.heads}

    def cards(self) -> list[Card]:
        """Return the cards of the pages that are right."""
        return [card for page in self.pages if (card := page.load_card()) is not None]

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, page by page."""
        return [found for page in self.pages for found in page.problems]


def load_catalogue(
    root: Path,
    cache: Cache,
    settings: CatalogueSettings,
    program: str,
    content: Mapping[str, os.stat_result],
    executor: Executor,
    progress: Progress,
) -> Catalogue:
    """Return the catalogue of a site; only pages that changed since the last time are read.

    `content` are the files of that folder, by path under it.
    """
    encoded = msgspec.msgpack.encode(settings)
    settings_digest = digest_of((program, digest_bytes(encoded)))
    old = cache.read("catalogue.bin", Shelf)
    entries = old.entries if old and old.settings == settings_digest else {}
    known_slugs = {path: entry.page.slug for path, entry in entries.items()}
    photos = held_photos(root)
    files = {name: status for name, status in content.items() if name.endswith(".md") or _is_folder(root, name, status)}
    sources, refused = page_sources(files, [edition.path for edition in settings.editions], photos, known_slugs)
    now = time.time_ns()
    kept = {source.path: entries[source.path] for source in sources if _is_same(root, source, files, entries)}
    changed = [source for source in sources if source.path not in kept]
    made = _make(root, cache.folder, encoded, changed, executor, progress)
    moved = [
        msgspec.structs.replace(page.source, photos=photos.get(page.slug, ()))
        for page in made
        if page.slug and photos.get(page.slug, ()) != page.source.photos
    ]
    replaced = {page.source.path: page for page in _make(root, cache.folder, encoded, moved, executor, progress)}
    shelf = dict(kept)
    for page in [replaced.get(page.source.path, page) for page in made]:
        fingerprints = tuple(Fingerprint.of(files[name.removeprefix("content/")]) for name in _files_of(page.source))
        settled = all(is_settled(fingerprint, now) for fingerprint in fingerprints)
        shelf[page.source.path] = ShelfEntry(page=page, fingerprints=fingerprints, settled=settled)
    good = {path: entry for path, entry in sorted(shelf.items()) if not entry.page.problems}
    if made or old is None or set(good) != set(old.entries) or old.settings != settings_digest:
        cache.write("catalogue.bin", Shelf(settings=settings_digest, entries=good))
        forget_packs(
            cache.folder / "texts", {text.pack for entry in good.values() for text in entry.page.texts.values()}
        )
    pages = [entry.page for _, entry in sorted(shelf.items())] + refused
    return Catalogue(tuple(pages), settings_digest, _key_of(settings_digest, pages))


def shelved_pages(cache: Cache, settings: CatalogueSettings, program: str) -> dict[str, CataloguedPage]:
    """Return the pages as the last build catalogued them, by path, if settings and program are the same.

    Nothing is looked at but the cache: each page counts for files of its own digests.
    """
    shelf = cache.read("catalogue.bin", Shelf)
    if shelf is None or shelf.settings != _digest_of(settings, program):
        return {}
    return {path: entry.page for path, entry in shelf.entries.items()}


def _digest_of(settings: CatalogueSettings, program: str) -> str:
    return digest_of((program, digest_bytes(msgspec.msgpack.encode(settings))))


def _key_of(settings_digest: str, pages: Sequence[CataloguedPage]) -> str:
    cards = [(os.fsencode(page.source.path), page.card.digest if page.card else "") for page in pages]
    return digest_of((settings_digest, cards))


def _is_folder(root: Path, name: str, status: os.stat_result) -> bool:
    """Tell whether a link shows a folder: then it is refused, whatever its name."""
    return stat.S_ISLNK(status.st_mode) and (root / "content" / name).is_dir()


def _make(
    root: Path, cache: Path, settings: bytes, sources: Sequence[PageSource], executor: Executor, progress: Progress
) -> list[CataloguedPage]:
    shards = [(str(root), str(cache / "texts"), settings, shard) for shard in shards_of(sources, SHARD)]
    made: list[CataloguedPage] = []
    for pages in run_shards(executor, catalogue_shard, shards):
        made.extend(read_shard(pages))
        progress("convert", len(made), len(sources))
    return made


def _files_of(source: PageSource) -> tuple[str, ...]:
    return (source.path, *(path for _, path in source.by_hand))


def _is_same(
    root: Path, source: PageSource, files: Mapping[str, os.stat_result], entries: Mapping[str, ShelfEntry]
) -> bool:
    """Tell whether a page is as it was when it was catalogued."""
    entry = entries.get(source.path)
    if entry is None or entry.page.source != source:
        return False
    names = _files_of(source)
    fingerprints = tuple(Fingerprint.of(files[name.removeprefix("content/")]) for name in names)
    if entry.settled and fingerprints == entry.fingerprints:
        return True
    if len(fingerprints) != len(entry.fingerprints):
        return False
    try:
        return tuple(digest_bytes((root / name).read_bytes()) for name in names) == entry.page.digests
    except OSError:
        return False


def held_photos(root: Path) -> dict[str, tuple[str, ...]]:
    """Return the names of the photos that are held, by the folder of their page's slug."""
    found: dict[str, list[str]] = {}
    for name in scan_tree(root / PHOTOS):
        slug, _, photo = name.partition("/")
        if photo and "/" not in photo and is_unicode(name):
            found.setdefault(slug, []).append(photo)
    return {slug: tuple(names) for slug, names in found.items()}


def page_sources(
    files: Mapping[str, os.stat_result],
    editions: Sequence[str],
    photos: Mapping[str, tuple[str, ...]],
    slugs: Mapping[str, str],
) -> tuple[list[PageSource], list[CataloguedPage]]:
    """Return the pages that the files of `content/` make, and those that are refused, with the reason."""
    names = list(files)
    same = Counter(map(alike, names))
    by_hand: dict[str, list[tuple[str, str]]] = {}
    originals: list[str] = []
    refused: list[CataloguedPage] = []

    def refuse(name: str, message: str) -> None:
        path = f"content/{name}"
        source = PageSource(path=path)
        refused.append(CataloguedPage(source=source, digests=(), problems=(problem(path, message),)))

    for name in names:
        stem = name.removesuffix(".md")
        base, dot, edition = stem.rpartition(".")
        if not is_unicode(name):
            refuse(name, "this file name is not UTF-8; rename the page")
        elif same[alike(name)] > 1:
            refuse(name, "another page has this name but for case or composition; rename one")
        elif stem.rpartition("/")[2].lower() in DEVICES or stem.endswith((".", " ")):
            refuse(name, "this file name cannot exist on every system; rename the page")
        elif not is_plain_file(files[name]):
            kind = "a symbolic link" if stat.S_ISLNK(files[name].st_mode) else "no ordinary file"
            refuse(name, f"this is {kind}; put the page itself here")
        elif dot and edition in editions:
            if f"{base}.md" in files:
                by_hand.setdefault(f"{base}.md", []).append((edition, f"content/{name}"))
            else:
                refuse(name, f"the original content/{base}.md is missing; restore it or rename this page")
        else:
            originals.append(name)
    bad = {page.source.path for page in refused}
    sources = []
    for name in originals:
        path = f"content/{name}"
        if path in bad:
            continue
        slug = slugs.get(path, name.rpartition("/")[2].removesuffix(".md"))
        sources.append(PageSource(path=path, by_hand=tuple(by_hand.get(name, ())), photos=photos.get(slug, ())))
    return sources, refused
