"""The order of things: `ingest` (seeds → content) and `build` (content → output), each read from top to bottom."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager

import msgspec

from gengduo.cache import (
    DamagedCacheError,
    TextPlace,
    digest_of,
    is_unicode,
    program_digest,
    read_checked,
    scan_tree,
    write_checked,
)
from gengduo.catalogue import (
    Catalogue,
    CatalogueSettings,
    Progress,
    convert_words,
    follow_originals,
    load_catalogue,
    load_settings,
)
from gengduo.config import NAME, load_config
from gengduo.errors import ConfigError, ContentError, LockedError, Problem, StorageError, problem
from gengduo.indexes import (
    EditionPages,
    TagEntry,
    alias_pages,
    iso_date,
    site_pages,
    sitemap_entry,
    sitemap_pages,
    stories_of,
)
from gengduo.ingest import import_seeds, waiting_pages
from gengduo.job import SETTLING, Job, Looks, look_at, look_at_all, nothing_changed, remember_build
from gengduo.model import (
    Alternate,
    AnyPage,
    ArticlePage,
    BuildReport,
    Card,
    EditionSpec,
    EditionWords,
    ImportReport,
    Link,
    SiteConfig,
    SitemapEntry,
    SiteView,
    Value,
)
from gengduo.output import check_output
from gengduo.press import PressRun, PressSettings, print_site
from gengduo.references import Library, resolve_references
from gengduo.render import load_words, template_digests, template_files
from gengduo.tags import TagMatcher, folded, load_vocabulary


def ingest(job: Job, executor: Executor, progress: Progress) -> ImportReport:
    """Import new and changed seeds; pages that an editor changed stay as they are."""
    config = _load_config(job)
    with only_one(job):
        report = _ingest(job, config, executor, progress)[0]
    return msgspec.structs.replace(report, errors=(*report.errors, *_waiting(job)))


def build(job: Job, executor: Executor, progress: Progress) -> tuple[BuildReport, ImportReport]:
    """Import, then build every edition; the output is touched only after every page has been printed."""
    started = time.perf_counter()
    config = _load_config(job)
    check_output(job.output, job.root)
    with only_one(job):
        looks = look_at_all(job)
        if last := nothing_changed(job, looks):
            return _timed(last, started), ImportReport()
        try:
            report, imported = _build(job, config, looks, executor, progress)
        except DamagedCacheError:
            _forget(job)
            try:
                report, imported = _build(job, config, looks, executor, progress)
            except DamagedCacheError:
                message = "what is written here does not come back as it was; check the disk"
                raise StorageError(problem(job.cache, message)) from None
    return _timed(report, started), imported


def _build(
    job: Job, config: SiteConfig, looks: Looks, executor: Executor, progress: Progress
) -> tuple[BuildReport, ImportReport]:
    imported = ImportReport()
    program = program_digest()
    if job.with_import:
        imported, catalogue = _ingest(job, config, executor, progress)
        if imported.created or imported.updated or imported.waiting:
            time.sleep(SETTLING)
            looks = {**looks, "content": look_at(job, "content")}
    if not job.with_import or imported.created or imported.updated:
        catalogue = _catalogue(job, config, program, executor, progress)
    if catalogue.problems:
        raise ContentError((*imported.errors, *catalogue.problems))
    drift = follow_originals(job.root, [page for found in catalogue.pages for page in found.hand_made])
    cards = _one_name_a_tag([card for card in catalogue.cards if job.drafts or not card.draft])
    library, warnings = resolve_references(cards)
    sites, tags = _derive_words(job, config, catalogue, library)
    templates = template_files(job.root / "templates")
    run = PressRun(
        settings=PressSettings(templates=templates, sites=sites),
        edition_digests={path: digest_of((program, site)) for path, site in sites.items()},
        template_digests=template_digests(templates),
    )
    views = _views(config, library, sites, tags)
    places = _places(catalogue)
    printed = print_site(job.root, job.cache, job.output, run, views, places, executor, progress)
    report = BuildReport(
        articles=len(library.articles),
        briefs=len(library.briefs),
        editions=tuple(edition.path for edition in config.editions),
        pages=printed.pages,
        written=printed.written,
        unchanged=printed.unchanged,
        removed=printed.removed,
        seconds=0.0,
        warnings=(*imported.warnings, *_page_warnings(catalogue), *drift, *warnings, *printed.warnings),
        errors=(*imported.errors, *_waiting(job)),
    )
    if not printed.warnings:
        remember_build(job, looks, report)
    return report, imported


def _load_config(job: Job) -> SiteConfig:
    """Return the configuration; a pipe or device in the place of a single file would be waited for without end."""
    for name in (NAME, "content/tags.toml", "content/glossary.toml", "content/import.lock", "templates/strings.toml"):
        place = job.root / name
        if place.exists() and not place.is_file():
            raise ConfigError(problem(name, "this is no ordinary file; put the file itself here"))
    if job.cache.is_symlink():
        raise ConfigError(problem(".cache", "this is a symbolic link, and --clean empties it; remove it"))
    return load_config(job.root / NAME, job.base_url)


def _ingest(job: Job, config: SiteConfig, executor: Executor, progress: Progress) -> tuple[ImportReport, Catalogue]:
    """Import seeds, and return the catalogue as it was before."""
    program = program_digest()
    catalogue = _catalogue(job, config, program, executor, progress)
    broken = [page.source.path for page in catalogue.pages if page.problems]
    vocabulary = load_vocabulary(job.root / "content" / "tags.toml")
    report = import_seeds(
        job.root, job.cache, config, catalogue.cards, broken, vocabulary, program, executor, progress, job.seeds
    )
    return report, catalogue


def _catalogue(job: Job, config: SiteConfig, program: str, executor: Executor, progress: Progress) -> Catalogue:
    settings = load_settings(job.root, config)
    return load_catalogue(job.root, job.cache, settings, program, executor, progress)


# ------------------------------------------------------------------------------------------------------ views


def _views(
    config: SiteConfig, library: Library, sites: Mapping[str, SiteView], tags: Mapping[str, Mapping[str, TagEntry]]
) -> Iterator[AnyPage]:
    """Yield the view of every file that a build makes, but for static files."""
    stories = stories_of(library)
    entries: dict[str, SitemapEntry] = {}
    taken: set[str] = set()
    modified = {card.slug: iso_date(card.updated) or iso_date(card.date) for card in library.articles}

    def pages_of(edition: EditionSpec, partial: Mapping[str, frozenset[str]]) -> Iterator[AnyPage]:
        return EditionPages(config, edition, sites[edition.path], library, tags[edition.path], stories, partial).pages()

    # An edition in another language lacks most pages: which it has, its own views tell.
    partial = {
        edition.path: frozenset(page.permalink.partition("/")[2] for page in pages_of(edition, {}))
        for edition in config.editions
        if edition.script is None
    }
    for edition in config.editions:
        for page in pages_of(edition, partial):
            taken.add(page.output_path)
            if page.indexable:
                local = page.permalink.partition("/")[2]
                date = modified[page.slug] if isinstance(page, ArticlePage) else ""
                if local not in entries:
                    entries[local] = sitemap_entry(page, date)
            yield page
    for page in site_pages(config, sites):
        taken.add(page.output_path)
        yield page
    for page in sitemap_pages(config.editions[0].path, list(entries.values())):
        taken.add(page.output_path)
        yield page
    yield from alias_pages(config, library, taken)


class DerivedWords(Value, frozen=True, kw_only=True):
    """The site's own words in each edition, as they are kept between builds."""

    key: str
    site: dict[str, tuple[str, str, str]]
    """(title, description, footer) by edition."""
    tags: dict[str, tuple[TagEntry, ...]]


def _derive_words(
    job: Job, config: SiteConfig, catalogue: Catalogue, library: Library
) -> tuple[dict[str, SiteView], dict[str, dict[str, TagEntry]]]:
    """Return what every page of an edition shows, and the tags that its stories carry."""
    carried = [*(card.tags for card in library.articles), *(brief.tags for brief in library.briefs)]
    names = sorted({tag for tags in carried for tag in tags})
    place = job.cache / "words.bin"
    key = digest_of((catalogue.settings_digest, config, names))
    words = read_checked(place, DerivedWords)
    if words is None or words.key != key:
        words = _convert_site(key, config, load_settings(job.root, config), names)
        write_checked(place, words)
    interface = load_words(job.root / "templates", config.editions)
    files = [name for name in scan_tree(job.root / "static") if not name.startswith("photos/") and is_unicode(name)]
    assets = {name: f"{config.base_path}static/{name}" for name in files}
    sites = {
        edition.path: _site_view(
            config,
            edition,
            words.site[edition.path],
            interface[edition.path],
            assets,
            _kinds_in(edition, library, words.tags[edition.path]),
        )
        for edition in config.editions
    }
    return sites, {path: {tag.key: tag for tag in tags} for path, tags in words.tags.items()}


def _one_name_a_tag(cards: list[Card]) -> list[Card]:
    """Return the cards with one spelling of each tag: editors may write it in either script, or in another case."""
    first: dict[str, str] = {}
    names = sorted({name for card in cards for name in card.tags})
    spelling = {name: first.setdefault(folded(name), name) for name in names}
    others = {name for name in names if spelling[name] != name}
    return [
        msgspec.structs.replace(card, tags=tuple(dict.fromkeys(spelling[name] for name in card.tags)))
        if not others.isdisjoint(card.tags)
        else card
        for card in cards
    ]


def _kinds_in(edition: EditionSpec, library: Library, tags: Sequence[TagEntry]) -> list[str]:
    """Return the kinds of the tags that the stories of an edition carry, in the order of the masthead."""
    held = {card.slug: card for card in library.articles if edition.path in card.heads}
    own = {tag for card in held.values() for tag in card.tags}
    own |= {tag for brief in library.briefs if brief.source in held for tag in brief.tags}
    kinds = {tag.kind for tag in tags if tag.key in own}
    return [kind for kind in ("topic", "person", "place", "organisation") if kind in kinds]


def _convert_site(key: str, config: SiteConfig, settings: CatalogueSettings, names: Sequence[str]) -> DerivedWords:
    converted = convert_words(settings, [config.title, config.description, config.footer, *names])
    found = TagMatcher(settings.vocabulary).tags(names)
    return DerivedWords(
        key=key,
        site={path: _own_or_converted(config, path, words) for path, words in converted.items()},
        tags={
            path: tuple(
                TagEntry(key=name, name=shown, slug=found[name].slug, kind=found[name].kind)
                for name, shown in zip(names, words[3:], strict=True)
            )
            for path, words in converted.items()
        },
    )


def _own_or_converted(config: SiteConfig, edition: str, converted: Sequence[str]) -> tuple[str, str, str]:
    """Return title, description and footer of an edition: its own words where it has any, else the site's."""
    own = next((words for words in config.edition_words if words.edition == edition), EditionWords(edition=edition))
    return own.title or converted[0], own.description or converted[1], own.footer or converted[2]


def _site_view(
    config: SiteConfig,
    edition: EditionSpec,
    words: tuple[str, str, str],
    interface: dict[str, str],
    assets: dict[str, str],
    kinds: Sequence[str],
) -> SiteView:
    home = f"{config.base_path}{edition.path}/"
    sections = [Link(title=interface[f"kind_{kind}"], href=f"{home}tags/#{kind}") for kind in kinds]
    return SiteView(
        title=words[0],
        description=words[1],
        lang=edition.lang,
        label=edition.label,
        script=edition.script or "Hans",
        base_url=config.base_url,
        base_path=config.base_path,
        home=home,
        feed=f"{home}feed.xml",
        nav=(
            Link(title=interface["home"], href=home),
            *sections,
            Link(title=interface["dates"], href=f"{home}dates/"),
        ),
        footer=words[2],
        words=interface,
        assets=assets,
        editions=tuple(
            Alternate(
                edition=spec.path,
                lang=spec.lang,
                label=spec.label,
                href=f"{config.base_path}{spec.path}/",
                current=spec.path == edition.path,
            )
            for spec in config.editions
        ),
    )


# ------------------------------------------------------------------------------------------------------ small parts


def _places(catalogue: Catalogue) -> dict[str, TextPlace]:
    return {digest: place for page in catalogue.pages for digest, place in page.places.items()}


def _page_warnings(catalogue: Catalogue) -> list[Problem]:
    return [warning for page in catalogue.pages for warning in page.warnings]


def _waiting(job: Job) -> list[Problem]:
    return [
        problem(path, "a new import waits beside a page that was edited; take what you want from it, then delete it")
        for path in waiting_pages(job.root)
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
