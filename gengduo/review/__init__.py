"""The review: what an editor should look at, worst first, and the decisions that an editor takes.

Everything is found anew in `seeds/` and `content/`; nothing is written but what `accept` is told to write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from itertools import chain

import msgspec

from gengduo.cache import is_plain_file, scan_tree
from gengduo.catalogue import (
    CatalogueSettings,
    HandMade,
    Progress,
    drifted,
    held_photos,
    load_editions_lock,
    load_settings,
    page_sources,
)
from gengduo.config import NAME, load_config, seed_encoding
from gengduo.content import waiting_pages
from gengduo.errors import SiteError, problem
from gengduo.ingest import SeedSource, find_dumps
from gengduo.job import Job
from gengduo.model import Card, SiteConfig
from gengduo.pipeline import only_one
from gengduo.references import resolve_references
from gengduo.review.decisions import accept, load_taken
from gengduo.review.dumps import DumpReview, review_dump_shard
from gengduo.review.findings import Finding, Place, ReviewReport, finding, from_problem, merged, worst_first
from gengduo.review.pages import PageReview, find_names_shard, name_finding, review_page_shard
from gengduo.review.report import check_place, render_lines, report_fields, write_html
from gengduo.typography import fold_title
from gengduo.workers import run_shards, shards_of

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
    dumps = _review_dumps(job, config, settings, executor, progress)
    pages, refused = _review_pages(job, settings, executor, progress)
    cards = [page.card for page in pages if page.card is not None]
    found = merged(
        chain(
            _of_dumps(dumps, cards),
            (each for page in pages for each in page.findings),
            refused,
            _waiting(job),
            _drift(job, pages),
            _references(job, cards),
            _names(job, settings, pages, executor, progress),
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


def _review_dumps(
    job: Job, config: SiteConfig, settings: CatalogueSettings, executor: Executor, progress: Progress
) -> list[DumpReview]:
    files, sidecars = find_dumps(job.root)
    vocabulary = msgspec.msgpack.encode(settings.vocabulary)
    sources, made = [], []
    for name, status in files.items():
        sidecar, sidecar_status = sidecars.get(name.removesuffix(".txt"), ("", None))
        if is_plain_file(status) and (sidecar_status is None or is_plain_file(sidecar_status)):
            sources.append(SeedSource(name=name, encoding=seed_encoding(config, name), sidecar=sidecar))
        else:
            odd = problem(f"seeds/{name}", "this is no ordinary file; put the text itself here")
            made.append(DumpReview(name=name, findings=(from_problem("seed", odd, takes=""),)))
    shards = [(str(job.root), vocabulary, shard) for shard in shards_of(sources, SHARD)]
    for reviews in run_shards(executor, review_dump_shard, shards):
        made.extend(reviews)
        progress("seeds", len(made), len(files))
    return made


def _review_pages(
    job: Job, settings: CatalogueSettings, executor: Executor, progress: Progress
) -> tuple[list[PageReview], list[Finding]]:
    """Return what was found in the pages, and the files that can be none."""
    files = scan_tree(job.root / "content", (".md",))
    editions = [edition.path for edition in settings.editions]
    sources, refused = page_sources(files, editions, held_photos(job.root), {})
    encoded = msgspec.msgpack.encode(settings)
    made: list[PageReview] = []
    for reviews in run_shards(
        executor, review_page_shard, [(str(job.root), encoded, shard) for shard in shards_of(sources, SHARD)]
    ):
        made.extend(reviews)
        progress("pages", len(made), len(sources))
    return made, [from_problem("page", each, takes="") for page in refused for each in page.problems]


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
        yield from page.hand_made


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


def _names(
    job: Job, settings: CatalogueSettings, pages: Sequence[PageReview], executor: Executor, progress: Progress
) -> Iterator[Finding]:
    """Yield the names that rules found in some story, and where another story has them in another form."""
    forms: dict[str, str] = {}
    for page in pages:
        for name, form, line, sentence in page.names:
            forms.setdefault(name, form)
            what = f"“{name}” is read as a name: {form}"
            yield name_finding("name", Place(path=page.source.path, line=line), what, name, form, sentence)
    if not forms:
        return
    encoded = msgspec.msgpack.encode(settings)
    sources = [
        (page.source.path, [seen.name for seen in page.names])
        for page in pages
        if page.card is not None and page.card.lang.startswith("zh-Hans")
    ]
    done = 0
    for found in run_shards(
        executor,
        find_names_shard,
        [(str(job.root), encoded, forms, shard) for shard in shards_of(sources, SHARD)],
    ):
        yield from found
        done += SHARD
        progress("names", min(done, len(sources)), len(sources))
