"""The review: what an editor should look at, worst first, and the decisions that an editor takes.

Nothing is written but what `accept` is told to write, and the cache: what was found in a file is kept under the digest
of that file, the settings and the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from itertools import chain
from typing import NamedTuple

import msgspec

from gengduo.cache import Cache, digest_of, program_digest, scan_tree
from gengduo.catalogue import (
    CataloguedPage,
    CatalogueSettings,
    HandMade,
    PageSource,
    drifted,
    held_photos,
    load_editions_lock,
    load_settings,
    page_sources,
    shelved_pages,
)
from gengduo.config import NAME, load_config, seed_encoding
from gengduo.content import waiting_pages
from gengduo.errors import SiteError
from gengduo.ingest import SeedSource, find_dumps
from gengduo.job import Job
from gengduo.model import Card, SiteConfig
from gengduo.pipeline import only_one
from gengduo.references import resolve_references
from gengduo.review.decisions import accept, load_taken
from gengduo.review.dumps import DumpReview, review_dump_shard
from gengduo.review.findings import Finding, Place, ReviewReport, finding, from_problem, merged, worst_first
from gengduo.review.memory import Memory, digest_of_dump, digests_of_page
from gengduo.review.names import NamesSource, find_names_shard, name_finding, pairs_of
from gengduo.review.pages import PageReview, review_page_shard
from gengduo.review.report import check_place, render_lines, report_fields, write_html
from gengduo.typography import fold_title
from gengduo.workers import Progress, run_shards, shards_of

__all__ = [
    "Finding",
    "Place",
    "ReviewReport",
    "accept",
    "check_place",
    "render_lines",
    "report_fields",
    "review",
    "take",
    "write_html",
]

SHARD = 50
"""Dumps or pages: some tenths of a second of work."""

SHARED_BY = 2
"""So many stories make a suggested tag worth a word; a small archive has no such measure."""
SMALL_ARCHIVE = 20
"""Pages."""


def review(job: Job, executor: Executor, progress: Progress) -> ReviewReport:
    """Return what an editor should look at, worst first, without what an editor took already."""
    config = load_config(job.root / NAME, job.base_url)
    settings = load_settings(job.root, config)
    program = program_digest()
    memory = Memory(Cache(job.cache), settings, program)
    desk = Reviewing(job, config, settings, memory, executor, progress)
    dumps, not_read = _review_dumps(desk)
    pages, refused = _review_pages(desk, shelved_pages(Cache(job.cache), settings, program))
    cards = {each.page.source.path: card for each in pages if (card := each.page.load_card()) is not None}
    names_key, names = _names(desk, pages, cards)
    memory.keep({name: made for name, made in dumps.items() if made[0]}, pages, names_key, names)
    found = merged(
        chain(
            _of_dumps([dump for _, dump in dumps.values()], list(cards.values())),
            (each for page in pages for each in page.findings),
            not_read,
            refused,
            _waiting(job),
            _drift(job, pages),
            _references(job, list(cards.values())),
            names,
        )
    )
    if len(pages) >= SMALL_ARCHIVE:
        found = [each for each in found if each.kind != "tag" or len(each.places) >= SHARED_BY]
    taken = load_taken(job.root)
    shown = worst_first(each for each in found if each.id not in taken)
    return ReviewReport(findings=shown, taken=len(found) - len(shown), han=sum(page.han for page in pages))


def take(job: Job, wanted: Sequence[str], executor: Executor, progress: Progress) -> list[str]:
    """Look, and take the findings that are named as `accept` does; no build and no other review writes meanwhile.

    Raises LockedError where one does.
    """
    with only_one(job):
        return accept(job, review(job, executor, progress), wanted)


# ------------------------------------------------------------------------------------------------------- the shards


class Reviewing(NamedTuple):
    """A review at work."""

    job: Job
    config: SiteConfig
    settings: CatalogueSettings
    memory: Memory
    executor: Executor
    progress: Progress


def _review_dumps(desk: Reviewing) -> tuple[dict[str, tuple[str, DumpReview]], list[Finding]]:
    """Return what was found in the dumps by name, each with the digest of its files, and what is no dump."""
    root = desk.job.root
    folder = find_dumps(root)
    made: dict[str, tuple[str, DumpReview]] = {}
    sources: list[SeedSource] = []
    digests: dict[str, str] = {}
    for name in folder.dumps:
        if name in folder.refused:
            refused = from_problem("seed", folder.refused[name], takes="")
            made[name] = ("", DumpReview(name=name, findings=(refused,)))
            continue
        sidecar, _ = folder.sidecars.get(name, ("", None))
        source = SeedSource(name=name, encoding=seed_encoding(desk.config, name), sidecar=sidecar)
        digests[name] = digest_of_dump(root, source)
        if known := desk.memory.dump(source, digests[name]):
            made[name] = (digests[name], known)
        else:
            sources.append(source)
    vocabulary = msgspec.msgpack.encode(desk.settings.vocabulary)
    shards = [(str(root), vocabulary, shard) for shard in shards_of(sources, SHARD)]
    for reviews in run_shards(desk.executor, review_dump_shard, shards):
        made |= {each.name: (digests[each.name], each) for each in reviews}
        desk.progress("seeds", len(made), len(folder.dumps))
    not_read = [from_problem("not-read", each) for each in folder.not_read()]
    return {name: made[name] for name in folder.dumps}, not_read


def _review_pages(desk: Reviewing, shelved: Mapping[str, CataloguedPage]) -> tuple[list[PageReview], list[Finding]]:
    """Return what was found in the pages, and the files that can be none; `shelved` is what a build knows of them."""
    root = desk.job.root
    files = scan_tree(root / "content", (".md",))
    slugs = {path: page.slug for path, page in shelved.items()}
    sources, refused = page_sources(
        files, [edition.path for edition in desk.settings.editions], held_photos(root), slugs
    )
    made: dict[str, PageReview] = {}
    unknown: list[tuple[PageSource, CataloguedPage | None]] = []
    for source in sources:
        digests = digests_of_page(root, source)
        page = shelved.get(source.path)
        if known := desk.memory.page(source, digests):
            made[source.path] = known
        else:
            is_same = page is not None and (page.source, page.digests) == (source, digests)
            unknown.append((source, page if is_same else None))
    settings = msgspec.msgpack.encode(desk.settings)
    shards = [(str(root), settings, shard) for shard in shards_of(unknown, SHARD)]
    for reviews in run_shards(desk.executor, review_page_shard, shards):
        made |= {each.page.source.path: each for each in reviews}
        desk.progress("pages", len(made), len(sources))
    pages = [made[source.path] for source in sources]
    return pages, [from_problem("page", each, takes="") for page in refused for each in page.problems]


# ------------------------------------------------------------------------------------------- what only the whole shows


def _of_dumps(dumps: Iterable[DumpReview], cards: Sequence[Card]) -> Iterator[Finding]:
    """Yield what was found in the dumps; a made-up headline only where the page still has it, and at the page."""
    pages = {card.seed: card for card in cards if card.seed}
    for dump in dumps:
        card = pages.get(dump.name)
        for found in dump.findings:
            if found.kind != "headline" or card is None:
                yield found
            elif card.title_key == fold_title(dump.title):
                yield msgspec.structs.replace(found, places=(Place(path=card.source_path, line=2), *found.places))


def _waiting(job: Job) -> Iterator[Finding]:
    for path in waiting_pages(scan_tree(job.root / "content")):
        yield finding("waiting", Place(path=path), "a new import waits beside a page that was edited", path, takes="")


def _drift(job: Job, pages: Iterable[PageReview]) -> Iterator[Finding]:
    """Yield the hand-made editions whose original changed since they were last worked on."""
    known = load_editions_lock(job.root)
    for page in drifted(_hand_made(pages), known):
        place = Place(path=f"content/{page.page}", line=1)
        what = "the original changed after this hand-made edition"
        yield finding(
            "drift",
            place,
            what,
            page.page,
            page.original_words,
            words=page.page,
            choice=page.original_words,
            takes="original",
        )


def _hand_made(pages: Iterable[PageReview]) -> Iterator[HandMade]:
    for page in pages:
        yield from page.page.hand_made


def _references(job: Job, cards: Sequence[Card]) -> Iterator[Finding]:
    """Yield what is wrong with references, and the teasers that could lead to several stories or to their own."""
    try:
        _, warnings = resolve_references([card for card in cards if job.drafts or not card.draft])
    except SiteError as error:
        yield from (from_problem("page", each, takes="") for each in error.problems)
        return
    titles = {(card.source_path, teaser.line): teaser.title_key for card in cards for teaser in card.teasers}
    for position, message in warnings:
        place = Place(path=position.path, line=position.line)
        title = titles.get((position.path, position.line), "")
        yield finding("unlinked", place, message, position.path, title, message, words=title)


def _names(desk: Reviewing, pages: Sequence[PageReview], cards: Mapping[str, Card]) -> tuple[str, tuple[Finding, ...]]:
    """Return the names that rules found in some story, and where another story has them in another form.

    First a digest of all that this depends on.
    """
    key = digest_of((desk.memory.pages_key, [(each.page.source.path, each.page.digests, each.names) for each in pages]))
    if (known := desk.memory.names(key)) is not None:
        return key, known
    forms: dict[str, str] = {}
    found: list[Finding] = []
    for each in pages:
        for name, form, line, sentence in each.names:
            forms.setdefault(name, form)
            what = f"“{name}” is read as a name: {form}"
            found.append(name_finding("name", Place(path=each.page.source.path, line=line), what, name, form, sentence))
    pairs: set[str] = set().union(*map(pairs_of, forms))
    sources = [
        NamesSource(
            each.page.source.path,
            frozenset(seen.name for seen in each.names),
            None if each.unlike_names is None else frozenset(each.unlike_names),
        )
        for each in pages
        if (each.unlike_names is None or not pairs.isdisjoint(each.unlike_names))
        and each.page.source.path in cards
        and cards[each.page.source.path].lang.startswith("zh-Hans")
    ]
    settings = msgspec.msgpack.encode(desk.settings)
    shards = [(str(desk.job.root), settings, forms, shard) for shard in shards_of(sources, SHARD)] if forms else []
    done = 0
    for missed in run_shards(desk.executor, find_names_shard, shards):
        found += missed
        done += SHARD
        desk.progress("names", min(done, len(sources)), len(sources))
    return key, tuple(merged(found))
