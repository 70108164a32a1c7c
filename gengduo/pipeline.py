"""The order of things: `ingest` (seeds → content) and `build` (content → output), each read from top to bottom."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress

import msgspec

from gengduo.cache import Cache, DamagedCacheError, Memory, digest_of, program_digest
from gengduo.catalogue import Catalogue, follow_originals, load_catalogue, load_settings
from gengduo.config import NAME, load_config
from gengduo.content import LOCK, waiting_pages
from gengduo.errors import ConfigError, ContentError, LockedError, Problem, StorageError, problem
from gengduo.job import SETTLING, Job, Run, Survey, nothing_changed, remember_build, survey
from gengduo.makeup import all_views, derive_words, load_imprint, one_name_a_tag
from gengduo.model import BuildReport, ImportReport, SiteConfig, Value
from gengduo.output import check_output, file_digest
from gengduo.press import (
    Book,
    Contents,
    MissingViewError,
    NewBook,
    PressRun,
    PressSettings,
    PrintedSite,
    Words,
    open_book,
    print_site,
)
from gengduo.references import Library, resolve_references
from gengduo.render import forget_compiled, template_digests, template_files
from gengduo.tags import load_vocabulary
from gengduo.workers import Progress


def ingest(job: Job, executor: Executor, progress: Progress) -> ImportReport:
    """Import new and changed seeds; pages that an editor changed stay as they are."""
    run = Run(job, _load_config(job), program_digest(), Cache(job.cache), executor, progress)
    with only_one(job):
        report = _ingest(run, survey(job))[0]
        waiting = _waiting(survey(job, ("content",)))
    return msgspec.structs.replace(report, errors=(*report.errors, *waiting))


def build(
    job: Job, executor: Executor, progress: Progress, found: Survey | None = None, memory: Memory | None = None
) -> tuple[BuildReport, ImportReport]:
    """Import, then build every edition; the output is touched only after every page has been printed.

    `found` is a survey that was just made. A process that builds again and again gives the same `memory` each time, and
    lets nobody else write its output.
    """
    started = time.perf_counter()
    run = Run(job, _load_config(job), program_digest(), Cache(job.cache, memory), executor, progress)
    check_output(job.output, job.root)
    with only_one(job):
        found = found or survey(job)
        run = run._replace(config=_load_config(job))  # what is remembered of this build must not be older than its look
        if last := nothing_changed(job, found.looks):
            return _timed(last, started), ImportReport()
        try:
            report, imported = _build(run, found)
        except DamagedCacheError:
            _forget(job)
            if memory is not None:
                memory.clear()
            try:
                report, imported = _build(run, found)
            except DamagedCacheError:
                message = "what is written here does not come back as it was; check the disk"
                raise StorageError(problem(job.cache, message)) from None
    return _timed(report, started), imported


def _build(run: Run, found: Survey) -> tuple[BuildReport, ImportReport]:
    job = run.job
    imported = ImportReport()
    if job.with_import:
        imported, catalogue = _ingest(run, found)
        if imported.created or imported.updated or imported.waiting:
            time.sleep(SETTLING)
            found = survey(job, ("content",), found)
    if not job.with_import or imported.created or imported.updated:
        catalogue = _catalogue(run, found)
    if imported.created and not (imported.waiting or imported.warnings or imported.errors):
        count = imported.unchanged + len(imported.created) + len(imported.updated)
        _remember_idle(run, found, catalogue, ImportReport(unchanged=count))
    if catalogue.problems:
        raise ContentError((*imported.errors, *catalogue.problems))
    drift = follow_originals(job.root, [made for page in catalogue.pages for made in page.hand_made])
    printed, contents = _print(run, catalogue)
    report = BuildReport(
        articles=len(contents.names),
        briefs=contents.briefs,
        editions=tuple(edition.path for edition in run.config.editions),
        pages=printed.pages,
        written=printed.written,
        unchanged=printed.unchanged,
        removed=printed.removed,
        seconds=0.0,
        warnings=(*imported.warnings, *_page_warnings(catalogue), *drift, *contents.warnings, *printed.warnings),
        errors=(*imported.errors, *_waiting(found)),
    )
    if not printed.warnings:
        remember_build(job, found.looks, report)
    return report, imported


class IdleImport(Value, frozen=True, kw_only=True):
    """An import that had nothing to do."""

    key: str
    """Names all that it looked at."""
    report: ImportReport


def _ingest(run: Run, found: Survey) -> tuple[ImportReport, Catalogue]:
    """Import seeds, and return the catalogue as it was before."""
    job = run.job
    catalogue = _catalogue(run, found)
    last = run.cache.read("import.bin", IdleImport)
    if last is not None and last.key == _import_key(run, found, catalogue):
        return last.report, catalogue
    from gengduo.ingest import import_seeds  # what reads dumps takes long to load, and few builds need it

    broken = [page.source.path for page in catalogue.pages if page.problems]
    vocabulary = load_vocabulary(job.root / "content" / "tags.toml")
    report = import_seeds(run, catalogue.cards(), broken, vocabulary)
    if not report.created and not report.updated and not report.waiting:
        _remember_idle(run, found, catalogue, report)
    return report, catalogue


def _remember_idle(run: Run, found: Survey, catalogue: Catalogue, report: ImportReport) -> None:
    """Keep what an import reports that has nothing to do.

    Not where one waits beside its page, since the next waits for that; nor where a dump may change again unseen.
    """
    if found.looks["seeds"].is_settled and not waiting_pages(found.files["content"]):
        run.cache.write("import.bin", IdleImport(key=_import_key(run, found, catalogue), report=report))


def _import_key(run: Run, found: Survey, catalogue: Catalogue) -> str:
    """Name what an import looks at: of dumps that are as they were, it asks no more than which page is theirs."""
    job, seeds = run.job, found.looks["seeds"].name
    pages = [(os.fsencode(page.source.path), page.slug, page.seed) for page in catalogue.pages]
    return digest_of((seeds, job.seeds, run.config, catalogue.settings_digest, pages, file_digest(job.root / LOCK)))


def _catalogue(run: Run, found: Survey) -> Catalogue:
    root = run.job.root
    settings = load_settings(root, run.config)
    files = found.files["content"]
    return load_catalogue(root, run.cache, settings, run.program, files, run.executor, run.progress)


def _print(run: Run, catalogue: Catalogue) -> tuple[PrintedSite, Contents]:
    """Print what changed; the views are made again only where they are not those of the last build."""
    job, config, program, cache, executor, progress = run
    templates = template_files(job.root / "templates")
    imprint = load_imprint(job.root, config)
    by_kind = {"": "", **_digests_of_templates(run, templates)}

    def print_all(book: Book) -> tuple[PrintedSite, Contents]:
        sites = book.contents.sites
        compiled = job.cache / "templates"
        settings = PressSettings(templates=templates, sites=sites, program=program, compiled=str(compiled))
        presses = {
            path: {kind: digest_of((program, site, digest)) for kind, digest in by_kind.items()}
            for path, site in sites.items()
        }
        print_run = PressRun(settings=settings, presses=presses)
        words = Words(
            {edition: catalogue.texts(edition) for edition in sites},
            {edition: catalogue.heads(edition) for edition in sites},
        )
        printed = print_site(job.root, cache, job.output, print_run, book, words, executor, progress)
        forget_compiled(compiled, program, list(sites.values()))
        return printed, book.contents

    cards_key = digest_of((program, config, job.drafts, catalogue.key, imprint))
    kept = open_book(cache)
    if kept and kept.contents.cards == cards_key:
        with suppress(MissingViewError), kept:
            return print_all(kept)
    library, warnings = _resolved(catalogue, job.drafts)
    sites, tags = derive_words(job.root, cache, config, catalogue.settings_digest, library, imprint)
    contents = Contents(
        cards=cards_key,
        key=digest_of((program, config, library, sites, tags)),
        names=tuple(holding.slug for holding in library.articles),
        sites=sites,
        briefs=len(library.briefs),
        warnings=warnings,
    )
    if kept and kept.contents.key == contents.key:
        kept.renew(contents)
        with suppress(MissingViewError), kept:
            return print_all(kept)
    with NewBook(cache, contents, all_views(config, library, sites, tags)) as book:
        return print_all(book)


def _resolved(catalogue: Catalogue, drafts: bool) -> tuple[Library, tuple[Problem, ...]]:
    """Return the library and warnings; the cards, which are most of it, are gone then."""
    return resolve_references(one_name_a_tag([card for card in catalogue.cards() if drafts or not card.draft]))


class TemplateDigests(Value, frozen=True, kw_only=True):
    """What each kind of page depends on in `templates/`."""

    key: str
    by_kind: dict[str, str]


def _digests_of_templates(run: Run, templates: dict[str, bytes]) -> dict[str, str]:
    """Return `template_digests`, kept between builds: every template has to be parsed for it."""
    key = digest_of((run.program, templates))
    known = run.cache.read("templates.bin", TemplateDigests)
    if known is None or known.key != key:
        known = TemplateDigests(key=key, by_kind=template_digests(templates))
        run.cache.write("templates.bin", known)
    return known.by_kind


# ------------------------------------------------------------------------------------------------------ small parts


def _load_config(job: Job) -> SiteConfig:
    """Return the configuration; a pipe or device in the place of a single file would be waited for without end."""
    for name in (NAME, "content/tags.toml", "content/glossary.toml", "content/import.lock", "templates/strings.toml"):
        place = job.root / name
        if place.exists() and not place.is_file():
            raise ConfigError(problem(name, "this is no ordinary file; put the file itself here"))
    if job.cache.is_symlink():
        raise ConfigError(problem(".cache", "this is a symbolic link, and --clean empties it; remove it"))
    return load_config(job.root / NAME, job.base_url)


def _page_warnings(catalogue: Catalogue) -> list[Problem]:
    return [warning for page in catalogue.pages for warning in page.warnings]


def _waiting(found: Survey) -> list[Problem]:
    return [
        problem(path, "a new import waits beside a page that was edited; take what you want from it, then delete it")
        for path in waiting_pages(found.files["content"])
    ]


def _timed(report: BuildReport, started: float) -> BuildReport:
    return msgspec.structs.replace(report, seconds=round(time.perf_counter() - started, 3))


def _forget(job: Job) -> None:
    """Empty the cache, but for the lock that this build holds, and the pages that a preview shows meanwhile."""
    for path in job.cache.glob("*"):
        if path.name == "preview":
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != "lock":
            path.unlink(missing_ok=True)


@contextmanager
def only_one(job: Job) -> Iterator[None]:
    """Hold the site's lock. Raises LockedError where another build has it."""
    from filelock import FileLock, Timeout

    job.cache.mkdir(parents=True, exist_ok=True)
    lock = FileLock(job.cache / "lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise LockedError(
            problem(
                job.root,
                "another build of this site runs (a preview follows each edit with one); try again in a moment",
            )
        ) from None
    try:
        if job.clean:
            _forget(job)
        yield
    finally:
        lock.release()
