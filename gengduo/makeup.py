"""Make-up: from the library to the view of every page, and the words that all pages of an edition share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from gengduo.cache import Cache, digest_of, is_unicode, scan_tree
from gengduo.catalogue import CatalogueSettings, convert_words, load_settings
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
from gengduo.model import (
    Alternate,
    AnyPage,
    ArticlePage,
    Card,
    EditionSpec,
    EditionWords,
    Link,
    SiteConfig,
    SitemapEntry,
    SiteView,
    Value,
)
from gengduo.references import Library
from gengduo.render import load_words
from gengduo.tags import TagMatcher, folded


class Imprint(Value, frozen=True, kw_only=True):
    """What the theme gives to every page."""

    words: dict[str, dict[str, str]]
    """`strings.toml`, by path of the edition."""
    assets: dict[str, str]
    """File under `static/` → address."""


def load_imprint(root: Path, config: SiteConfig) -> Imprint:
    """Return the words of the interface, and the addresses of static files."""
    files = [name for name in scan_tree(root / "static") if not name.startswith("photos/") and is_unicode(name)]
    return Imprint(
        words=load_words(root / "templates", config.editions),
        assets={name: f"{config.base_path}static/{name}" for name in files},
    )


def all_views(
    config: SiteConfig, library: Library, sites: Mapping[str, SiteView], tags: Mapping[str, Mapping[str, TagEntry]]
) -> Iterator[AnyPage]:
    """Yield the view of every file that a build makes, but for static files."""
    stories = stories_of(library)
    entries: dict[str, SitemapEntry] = {}
    taken: set[str] = set()
    modified = {holding.slug: iso_date(holding.updated) or iso_date(holding.date) for holding in library.articles}

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
    for page in sitemap_pages(config.editions[0].path, [entry for _, entry in sorted(entries.items())]):
        taken.add(page.output_path)
        yield page
    yield from alias_pages(config, library, taken)


class DerivedWords(Value, frozen=True, kw_only=True):
    """The site's own words in each edition, as they are kept between builds."""

    key: str
    site: dict[str, tuple[str, str, str]]
    """(title, description, footer) by edition."""
    tags: dict[str, tuple[TagEntry, ...]]


def derive_words(
    root: Path, cache: Cache, config: SiteConfig, settings_digest: str, library: Library, imprint: Imprint
) -> tuple[dict[str, SiteView], dict[str, dict[str, TagEntry]]]:
    """Return what every page of an edition shows, and the tags that its stories carry, by path of the edition."""
    carried = [*(holding.tags for holding in library.articles), *(brief.tags for brief in library.briefs)]
    names = sorted({tag for tags in carried for tag in tags})
    key = digest_of((settings_digest, config, names))
    words = cache.read("words.bin", DerivedWords)
    if words is None or words.key != key:
        words = _convert_site(key, config, load_settings(root, config), names)
        cache.write("words.bin", words)
    sites = {
        edition.path: _site_view(
            config,
            edition,
            words.site[edition.path],
            imprint,
            _kinds_in(edition, library, words.tags[edition.path]),
        )
        for edition in config.editions
    }
    return sites, {path: {tag.key: tag for tag in tags} for path, tags in words.tags.items()}


def one_name_a_tag(cards: list[Card]) -> list[Card]:
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
    held = {holding.slug: holding for holding in library.articles if edition.path in holding.versions}
    own = {tag for holding in held.values() for tag in holding.tags}
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
    imprint: Imprint,
    kinds: Sequence[str],
) -> SiteView:
    interface = imprint.words[edition.path]
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
        assets=imprint.assets,
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
