"""Pages from readings: slugs that never move, and the decision that keeps an editor's work.

Done in the order of the dumps' names, by one process.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from gengduo.cache import digest_bytes, digest_of
from gengduo.content import Decision, Lock, LockEntry, decide
from gengduo.content.lock import Digests
from gengduo.errors import Problem, problem
from gengduo.ingest.reading import PageDraft, SeedReading
from gengduo.model import Card, ImportReport
from gengduo.output import file_digest, write_durably
from gengduo.slugs import slug_of, slug_with_digest
from gengduo.typography import fold_title


class SlugRegistry:
    """Which slug belongs to which story; a slug once given stays.

    A story and the teasers that announce it have one slug: that of the page, or of the teaser that came first.
    """

    def __init__(self, cards: Iterable[Card], reserved: Iterable[str]) -> None:
        self.page_titles: dict[str, str] = {}
        self.by_title: dict[str, str] = {}
        self.taken: set[str] = set(reserved)
        for card in cards:
            self.page_titles[card.slug] = card.title_key
            self.taken.add(card.slug)
            self.by_title.setdefault(card.title_key, card.slug)
        for card in cards:
            for teaser in card.teasers:
                self.taken.add(teaser.slug)
                self.by_title.setdefault(teaser.title_key, teaser.slug)

    def for_story(self, title: str, key: str, digest: str) -> str:
        """Return the slug for a new page: that of the brief it completes, or a new one."""
        slug = self.by_title.get(key)
        if slug is None or slug in self.page_titles:
            slug = self._new(title, digest)
        self.page_titles[slug] = key
        self.by_title.setdefault(key, slug)
        return slug

    def for_teaser(self, title: str, key: str, digest: str) -> str:
        """Return the slug for a teaser: that of the page or brief with its title, or a new one."""
        slug = self.by_title.get(key)
        if slug is None:
            slug = self.by_title[key] = self._new(title, digest)
        return slug

    def _new(self, title: str, digest: str) -> str:
        slug = slug_of(title)
        salt = digest
        while slug in self.taken:
            slug = slug_with_digest(slug_of(title), salt)
            salt = digest_of((salt, title))
        self.taken.add(slug)
        return slug


class Importer:
    """Gives slugs, decides about files that are there, and writes pages; keeps the lock."""

    def __init__(
        self, root: Path, cards: Sequence[Card], broken: Sequence[str], lock: Lock, names: Iterable[str] = ()
    ) -> None:
        """Take the pages that are there, the paths of those that cannot be read, and the names of all dumps."""
        self.root = root
        self.folder = root / "content"
        self.lock = dict(lock)
        self.by_seed = {card.seed: card for card in cards if card.seed}
        self.by_path = {card.source_path: card for card in cards}
        self.by_slug = {card.slug: card for card in cards}
        self.names = frozenset(names)
        self.broken = frozenset(broken)
        self.broken_seeds = {seed: path for path in broken for seed in _named_seeds(root / path)}
        self.vanished = {
            entry.seed_digest: entry for seed, entry in sorted(lock.items(), reverse=True) if seed not in self.names
        }
        self.registry = SlugRegistry(cards, (Path(path).stem for path in broken))
        self.created: list[str] = []
        self.updated: list[str] = []
        self.waiting: list[str] = []
        self.unchanged = 0
        self.warnings: list[Problem] = []
        self.problems: list[Problem] = []

    @property
    def wrote(self) -> bool:
        """A new page lies in `content/`."""
        return bool(self.created)

    def report_vanished(self) -> None:
        """Record the dumps that are gone; their pages stay."""
        for seed in sorted(set(self.lock) - self.names):
            card = self._card_of(seed, self.lock[seed])
            if card is not None:
                message = f"this seed is gone; its page {card.source_path} stays"
                self.warnings.append(problem(f"seeds/{seed}", message))

    def take(self, reading: SeedReading) -> None:
        """Bring one reading into `content/`."""
        self.warnings.extend(reading.warnings)
        self.problems.extend(reading.problems)
        if reading.problems:
            return
        entry = self.lock.get(reading.name) or self._moved(reading)
        card = self._card_of(reading.name, entry)
        if reading.draft is None:
            self.unchanged += 1
            if entry and card is not None:
                self._remember(reading, card.source_path.removeprefix("content/"), entry.page_digest)
            elif entry and f"content/{entry.page}" not in self.broken:
                self._report_deleted(entry)
        elif card is not None:
            self._renew(reading, reading.draft, card, entry)
        elif entry is not None:
            self._keep_missing(reading, entry)
        elif reading.name not in self.broken_seeds:
            self._create(reading, reading.draft)

    def _moved(self, reading: SeedReading) -> LockEntry | None:
        """Return the entry of a dump that stood under another name and has the same bytes."""
        entry = self.vanished.pop(reading.digest, None)
        if entry is None:
            return None
        del self.lock[entry.seed]
        card = self._card_of(entry.seed, entry)
        if card is not None:
            self.by_seed[reading.name] = card
        moved = self.lock[reading.name] = msgspec.structs.replace(entry, seed=reading.name)
        return moved

    def _card_of(self, seed: str, entry: LockEntry | None) -> Card | None:
        """Return the page of a dump: the one that the lock names, even where it was renamed or its dump is gone.

        A file that took the name of that page, but tells of another dump, is another page.
        """
        if entry is not None:
            for card in (self.by_path.get(f"content/{entry.page}"), self.by_slug.get(entry.page.removesuffix(".md"))):
                if card is not None and (card.seed == seed or card.seed not in self.names):
                    return card
        return self.by_seed.get(seed)

    def _create(self, reading: SeedReading, draft: PageDraft) -> None:
        slug = self.registry.for_story(draft.title, draft.keys[0], reading.digest)
        page = f"{slug}.md"
        while os.path.lexists(self.folder / page):
            title = f"{draft.title} {page}"
            slug = self.registry.for_story(title, fold_title(title), reading.digest)
            page = f"{slug}.md"
        data = self._page(reading, draft, slug, {})
        if not self.created:
            self.folder.mkdir(parents=True, exist_ok=True)
        write_new(self.folder / page, data)
        self.created.append(f"content/{page}")
        self._remember(reading, page, digest_bytes(data))

    def _renew(self, reading: SeedReading, draft: PageDraft, card: Card, entry: LockEntry | None) -> None:
        """Import a seed again whose page is there: the three-way decision."""
        page = card.source_path.removeprefix("content/")
        frozen = {teaser.title_key: teaser.slug for teaser in card.teasers}
        data = self._page(reading, draft, card.slug, frozen)
        place = self.root / card.source_path
        new, current = digest_bytes(data), digest_bytes(place.read_bytes())
        base = entry.page_digest if entry else None
        decision = decide(Digests(base, current, new))
        if decision is Decision.ASK and entry and entry.seed_digest == reading.digest and base is not None:
            decision = (
                Decision.KEEP
            )  # only the program or the vocabulary changed: an edited page is not asked about that
            new = base
        if decision is Decision.REPLACE and not write_durably(place, data, current):
            decision = Decision.ASK  # an editor saved it just now
        if decision is Decision.REPLACE:
            self.updated.append(card.source_path)
        elif decision is Decision.ASK:
            beside = place.with_name(f"{place.name}.new")
            waiting = file_digest(beside)
            if waiting not in ("", new, base) or not write_durably(beside, data, waiting):
                return  # an editor worked on an import that waits: the new one comes when it is gone
            self.waiting.append(f"{card.source_path}.new")
        else:
            self.unchanged += 1
        self._remember(reading, page, new)

    def _keep_missing(self, reading: SeedReading, entry: LockEntry) -> None:
        if f"content/{entry.page}" in self.broken:
            return  # the page is there and cannot be read: its own error says so
        self._report_deleted(entry)
        self._remember(reading, entry.page, entry.page_digest)

    def _report_deleted(self, entry: LockEntry) -> None:
        message = (
            f"its page content/{entry.page} was deleted and stays deleted; "
            "to import it again, take its line out of content/import.lock"
        )
        self.warnings.append(problem(f"seeds/{entry.seed}", message))

    def _page(self, reading: SeedReading, draft: PageDraft, slug: str, frozen: Mapping[str, str]) -> bytes:
        slugs = [slug]
        for title, key in zip(draft.teasers, draft.keys[1:], strict=True):
            slugs.append(frozen.get(key) or self.registry.for_teaser(title, key, reading.digest))
        return draft.with_slugs(slugs)

    def _remember(self, reading: SeedReading, page: str, page_digest: str) -> None:
        self.lock[reading.name] = LockEntry(
            seed=reading.name, seed_digest=reading.digest, page=page, page_digest=page_digest
        )

    def report(self) -> ImportReport:
        """Return what was done."""
        return ImportReport(
            created=tuple(self.created),
            updated=tuple(self.updated),
            waiting=tuple(self.waiting),
            unchanged=self.unchanged,
            warnings=tuple(self.warnings),
            errors=tuple(self.problems),
        )


def _named_seeds(place: Path) -> Iterator[str]:
    """Yield the dumps that a page which cannot be read names as its own."""
    try:
        data = place.read_bytes() if place.is_file() else b""
    except OSError:
        return
    for found in re.finditer(rb"""^seed:[ \t]*["']?([^"'\r\n]+)""", data, re.MULTILINE):
        yield found[1].decode("utf-8", "replace").strip()


def write_new(place: Path, data: bytes) -> None:
    """Write a page that is not there yet, whole or not at all; a batch of them is seen to the disk together."""
    temporary = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.rename(place)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
