"""The pages of the site as a whole: the root, old addresses, sitemaps and what crawlers ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gengduo.errors import ContentError, Problem, problem
from gengduo.model import (
    AliasPage,
    Alternate,
    AnyPage,
    Holding,
    PlainPage,
    RootPage,
    SiteConfig,
    SitemapEntry,
    SitemapIndexPage,
    SitemapPage,
    SiteView,
)
from gengduo.references import Library
from gengduo.slugs import slug_fault
from gengduo.urls import article_path, output_path

SITEMAP_LENGTH = 50_000
"""URLs that one file may hold (sitemaps.org, “Using Sitemap index files”)."""


def site_pages(config: SiteConfig, sites: Mapping[str, SiteView]) -> Iterator[AnyPage]:
    """Yield the pages that belong to no edition, but for sitemaps and aliases."""
    first = next(spec.path for spec in config.editions if spec.script)
    alternates = tuple(
        Alternate(edition=spec.path, lang=spec.lang, label=spec.label, href=f"{config.base_path}{spec.path}/")
        for spec in config.editions
    )
    labels = tuple((spec.lang, sites[spec.path].title, sites[spec.path].description) for spec in config.editions)
    words = tuple(sites[spec.path].words for spec in config.editions)
    frame: dict[str, Any] = {
        "edition": first,
        "title": "",
        "alternates": alternates,
        "labels": labels,
        "words": words,
    }
    yield RootPage(**frame, output_path="index.html", permalink="", default_href=config.base_path)
    yield RootPage(**frame, output_path="404.html", permalink="404.html", indexable=False, missing=True)
    robots = f"User-agent: *\nAllow: /\n\nSitemap: {config.base_url}sitemap.xml\n"
    yield plain_page(first, "robots.txt", robots)
    yield plain_page(first, ".nojekyll", "")


def plain_page(edition: str, path: str, content: str) -> PlainPage:
    """Return the view of a file whose text is known."""
    return PlainPage(edition=edition, output_path=path, permalink=path, title="", indexable=False, content=content)


def alias_pages(config: SiteConfig, library: Library, taken: set[str]) -> Iterator[AliasPage]:
    """Yield a page at each old address, which leads to the new one; an address under an edition stays in it.

    Raises ContentError where an old address is already that of a page in `taken` (output paths).
    """
    if not any(holding.aliases for holding in library.articles):
        return
    editions = [spec.path for spec in config.editions]
    problems: list[Problem] = []
    folders = {folder for path in taken for folder in _folders_of(path)}
    for holding in library.articles:
        for edition, alias in _old_addresses(holding, [path for path in editions if path in holding.versions]):
            permalink = alias if alias.endswith((".html", ".htm")) else f"{alias}/"
            path = output_path(permalink)
            above = _folders_of(path)
            if path in taken or path in folders or alias.partition("/")[0] == "static" or not taken.isdisjoint(above):
                message = f"the old address “{alias}” is already that of another page; remove it"
                problems.append(problem(holding.source_path, message))
                continue
            taken.add(path)
            folders.update(above)
            yield AliasPage(
                edition=edition,
                output_path=path,
                permalink=permalink,
                text=holding.slug,
                indexable=False,
                target=config.base_path + article_path(edition, holding.slug),
            )
    if problems:
        raise ContentError(problems)


def _old_addresses(holding: Holding, editions: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (edition it leads to, path) for each alias; a mere slug is that of the page in every edition."""
    for alias in holding.aliases:
        if slug_fault(alias):
            yield next((path for path in editions if alias.startswith(f"{path}/")), editions[0]), alias
        else:
            yield editions[0], alias
            for edition in editions:
                yield edition, article_path(edition, alias).rstrip("/")


def _folders_of(path: str) -> list[str]:
    """Return the folders that a file lies in: of `a/b/c`, `a` and `a/b`."""
    return [path[:index] for index, character in enumerate(path) if character == "/"]


def sitemap_pages(edition: str, entries: Sequence[SitemapEntry]) -> Iterator[AnyPage]:
    """Yield `sitemap.xml`, in parts where one file cannot hold it; each entry stands once for every edition."""
    width = max((len(entry.permalinks) for entry in entries), default=1)
    size = SITEMAP_LENGTH // width
    parts = [entries[start : start + size] for start in range(0, len(entries), size)] or [()]
    frame: dict[str, Any] = {"edition": edition, "title": "", "indexable": False}
    names = ["sitemap.xml"] if len(parts) == 1 else [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield SitemapPage(**frame, output_path=name, permalink=name, entries=tuple(part))
    if len(parts) > 1:
        yield SitemapIndexPage(**frame, output_path="sitemap.xml", permalink="sitemap.xml", parts=tuple(names))


def sitemap_entry(page: AnyPage, modified: str) -> SitemapEntry:
    """Return the entry of a page for all its editions."""
    local = page.permalink.partition("/")[2]
    links = [(alternate.lang, f"{alternate.edition}/{local}") for alternate in page.alternates]
    return SitemapEntry(permalinks=tuple(links), modified=modified)
