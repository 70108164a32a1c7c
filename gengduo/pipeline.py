"""The order of things: `ingest` (seeds → content) and `build` (content → output), each read from top to bottom."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress

import msgspec

from gengduo.cache import DamagedCacheError, digest_of, program_digest, read_checked, write_checked
from gengduo.catalogue import Catalogue, Progress, follow_originals, load_catalogue, load_settings
from gengduo.config import NAME, load_config
from gengduo.content import LOCK, waiting_pages
from gengduo.errors import ConfigError, ContentError, LockedError, Problem, StorageError, problem
from gengduo.job import SETTLING, Job, Survey, nothing_changed, remember_build, survey
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
    open_book,
    print_site,
)
from gengduo.references import resolve_references
from gengduo.render import template_digests, template_files
from gengduo.tags import load_vocabulary


def ingest(job: Job, executor: Executor, progress: Progress) -> ImportReport:
    """Import new and changed seeds; pages that an editor changed stay as they are."""
    config = _load_config(job)
    with only_one(job):
        report = _ingest(job, config, survey(job), executor, progress)[0]
        waiting = _waiting(survey(job, ("content",)))
    return msgspec.structs.replace(report, errors=(*report.errors, *waiting))


def build(job: Job, executor: Executor, progress: Progress) -> tuple[BuildReport, ImportReport]:
    """Import, then build every edition; the output is touched only after every page has been printed."""
    started = time.perf_counter()
    config = _load_config(job)
    check_output(job.output, job.root)
    with only_one(job):
        found = survey(job)
        if last := nothing_changed(job, found.looks):
            return _timed(last, started), ImportReport()
        try:
            report, imported = _build(job, config, found, executor, progress)
        except DamagedCacheError:
            _forget(job)
            try:
                report, imported = _build(job, config, found, executor, progress)
            except DamagedCacheError:
                message = "what is written here does not come back as it was; check the disk"
                raise StorageError(problem(job.cache, message)) from None
    return _timed(report, started), imported


def _build(
    job: Job, config: SiteConfig, found: Survey, executor: Executor, progress: Progress
) -> tuple[BuildReport, ImportReport]:
    imported = ImportReport()
    program = program_digest()
    if job.with_import:
        imported, catalogue = _ingest(job, config, found, executor, progress)
        if imported.created or imported.updated or imported.waiting:
            time.sleep(SETTLING)
            found = survey(job, ("content",), found)
    if not job.with_import or imported.created or imported.updated:
        catalogue = _catalogue(job, config, program, found, executor, progress)
    if catalogue.problems:
        raise ContentError((*imported.errors, *catalogue.problems))
    drift = follow_originals(job.root, [page for found in catalogue.pages for page in found.hand_made])
    printed, contents = _print(job, config, program, catalogue, executor, progress)
    report = BuildReport(
        articles=contents.articles,
        briefs=contents.briefs,
        editions=tuple(edition.path for edition in config.editions),
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


def _print(
    job: Job, config: SiteConfig, program: str, catalogue: Catalogue, executor: Executor, progress: Progress
) -> tuple[PrintedSite, Contents]:
    """Print what changed; the views are made again only where a page tells another of something new."""
    templates = template_files(job.root / "templates")
    by_kind = _digests_of_templates(job, program, templates)
    imprint = load_imprint(job.root, config)
    key = digest_of((program, config, job.drafts, catalogue.key, imprint))

    def print_all(book: Book) -> tuple[PrintedSite, Contents]:
        sites = book.contents.sites
        run = PressRun(
            settings=PressSettings(templates=templates, sites=sites),
            presses={
                path: {kind: digest_of((program, site, digest)) for kind, digest in [*by_kind.items(), ("", "")]}
                for path, site in sites.items()
            },
        )
        printed = print_site(job.root, job.cache, job.output, run, book, catalogue.texts, executor, progress)
        return printed, book.contents

    if kept := open_book(job.cache, key):
        with suppress(MissingViewError):
            return print_all(kept)
    cards = one_name_a_tag([card for card in catalogue.cards() if job.drafts or not card.draft])
    library, warnings = resolve_references(cards)
    sites, tags = derive_words(job.root, job.cache, config, catalogue.settings_digest, library, imprint)
    contents = Contents(
        key=key, sites=sites, articles=len(library.articles), briefs=len(library.briefs), warnings=warnings
    )
    with NewBook(job.cache, contents, all_views(config, library, sites, tags)) as book:
        return print_all(book)


class TemplateDigests(Value, frozen=True, kw_only=True):
    """What each kind of page depends on in `templates/`."""

    key: str
    by_kind: dict[str, str]


def _digests_of_templates(job: Job, program: str, templates: dict[str, bytes]) -> dict[str, str]:
    """Return `template_digests`, kept between builds: every template has to be parsed for it."""
    place = job.cache / "templates.bin"
    key = digest_of((program, templates))
    known = read_checked(place, TemplateDigests)
    if known is None or known.key != key:
        known = TemplateDigests(key=key, by_kind=template_digests(templates))
        write_checked(place, known)
    return known.by_kind


def _load_config(job: Job) -> SiteConfig:
    """Return the configuration; a pipe or device in the place of a single file would be waited for without end."""
    for name in (NAME, "content/tags.toml", "content/glossary.toml", "content/import.lock", "templates/strings.toml"):
        place = job.root / name
        if place.exists() and not place.is_file():
            raise ConfigError(problem(name, "this is no ordinary file; put the file itself here"))
    if job.cache.is_symlink():
        raise ConfigError(problem(".cache", "this is a symbolic link, and --clean empties it; remove it"))
    return load_config(job.root / NAME, job.base_url)


class IdleImport(Value, frozen=True, kw_only=True):
    """An import that had nothing to do."""

    key: str
    """Names all that it looked at."""
    report: ImportReport


def _ingest(
    job: Job, config: SiteConfig, found: Survey, executor: Executor, progress: Progress
) -> tuple[ImportReport, Catalogue]:
    """Import seeds, and return the catalogue as it was before."""
    program = program_digest()
    catalogue = _catalogue(job, config, program, found, executor, progress)
    place = job.cache / "import.bin"
    seeds = found.looks["seeds"]
    key = digest_of((seeds, job.seeds, config, catalogue.key, file_digest(job.root / LOCK)))
    last = read_checked(place, IdleImport)
    if seeds and last is not None and last.key == key:
        return last.report, catalogue
    from gengduo.ingest import import_seeds  # what reads dumps takes long to load, and few builds need it

    broken = [page.source.path for page in catalogue.pages if page.problems]
    vocabulary = load_vocabulary(job.root / "content" / "tags.toml")
    report = import_seeds(
        job.root, job.cache, config, catalogue.cards(), broken, vocabulary, program, executor, progress, job.seeds
    )
    if not report.created and not report.updated and not report.waiting:
        write_checked(place, IdleImport(key=key, report=report))
    return report, catalogue


def _catalogue(
    job: Job, config: SiteConfig, program: str, found: Survey, executor: Executor, progress: Progress
) -> Catalogue:
    settings = load_settings(job.root, config)
    return load_catalogue(job.root, job.cache, settings, program, found.files["content"], executor, progress)


# ------------------------------------------------------------------------------------------------------ small parts


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
