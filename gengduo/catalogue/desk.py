"""The desk: what one process needs to catalogue pages, the converters before all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import msgspec

from gengduo.editions import Conversion, Converter, Glossary
from gengduo.model import Article, EditionSpec, Script, TeaserText, Value
from gengduo.tags import TagMatcher, Vocabulary
from gengduo.typography import fold_title

OVERRIDE = "-{"
"""Begins a mark that overrules the conversion (see `editions.overrides`): such words are never left as they are."""

SCRIPTS: dict[str, Script] = {"zh-Hans": "Hans", "zh-Hant": "Hant"}


class CatalogueSettings(Value, frozen=True, kw_only=True):
    """Everything beside a page's bytes that decides its card and words."""

    editions: tuple[EditionSpec, ...]
    glossary: Glossary
    vocabulary: Vocabulary
    base_path: str
    not_held: dict[str, str]
    """By edition, the words for a photo that is not held."""


class Desk:
    """What one process needs to catalogue pages: converters cost a tenth of a second to make and cannot travel."""

    TEASERS_KEPT = 20_000

    def __init__(self, settings: CatalogueSettings) -> None:
        self.settings = settings
        self.matcher = TagMatcher(settings.vocabulary)
        # Titles and ledes come again as teasers of other pages, and tags on many.
        self.title_key = lru_cache(self.TEASERS_KEPT)(fold_title)
        self.tags_of = lru_cache(self.TEASERS_KEPT)(self.matcher.find)
        self.canonical_tag = lru_cache(self.TEASERS_KEPT)(self.matcher.canonical)
        self._converters: dict[str, Converter] = {}
        self._ahead: dict[tuple[str, str], Conversion] = {}
        self._teasers: dict[tuple[str, str, str, str, str], TeaserText] = {}

    def convert_ahead(
        self,
        edition: EditionSpec,
        source: Script,
        pages: Mapping[str, Sequence[str]],
        teasers: Iterable[tuple[str, str, str]],
    ) -> None:
        """Convert the words of pages, given by path, and teasers: at once they cost two thirds of one by one."""
        if edition.script is None:
            return
        found = self.converter(edition).articles(list(pages.values()), source=source) if pages else []
        self._ahead |= {(edition.path, path): made for path, made in zip(pages, found, strict=True)}
        self._convert_teasers(edition, source, sorted(set(teasers)))

    def forget_ahead(self) -> None:
        """Let go of the pages that were converted ahead."""
        self._ahead.clear()

    def conversion(self, edition: EditionSpec, source: Script, article: Article, words: Sequence[str]) -> Conversion:
        """Return the conversion of a page's words."""
        ahead = self._ahead.pop((edition.path, article.source_path), None)
        return ahead or self.converter(edition).article(words, source=source, terms=article.glossary)

    def converter(self, edition: EditionSpec) -> Converter:
        """Return the converter for an edition, made when it is first asked for."""
        if edition.path not in self._converters:
            self._converters[edition.path] = Converter(edition, self.settings.glossary)
        return self._converters[edition.path]

    def teaser(self, edition: EditionSpec, source: Script, words: tuple[str, str, str]) -> TeaserText:
        """Return a teaser's (title, caption, lede); converted by itself, and once: it stands in several articles."""
        key = (edition.path, source, *words)
        if key not in self._teasers:
            self._convert_teasers(edition, source, [words])
        return self._teasers[key]

    def _convert_teasers(self, edition: EditionSpec, source: Script, teasers: Sequence[tuple[str, str, str]]) -> None:
        if edition.script is None:
            return
        new = [words for words in teasers if (edition.path, source, *words) not in self._teasers]
        if len(self._teasers) + len(new) > self.TEASERS_KEPT:
            self._teasers.clear()
            new = list(teasers)
        marked = [words for words in new if edition.script != source or OVERRIDE in "".join(words)]
        found = self.converter(edition).articles(marked, source=source) if marked else []
        made = dict(zip(marked, found, strict=True))
        for words in new:
            shown = map(made[words].text, words) if words in made else words
            title, caption, lede = shown
            self._teasers[edition.path, source, *words] = TeaserText(title=title, caption=caption, lede=lede)


@lru_cache(maxsize=1)
def load_desk(settings: bytes) -> Desk:
    """Return the desk of this process for encoded settings."""
    return Desk(msgspec.msgpack.decode(settings, type=CatalogueSettings))


def convert_words(settings: CatalogueSettings, words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return words of the site itself (title, tags, footer), which are written in Simplified, in each edition."""
    desk = Desk(settings)
    return {
        edition.path: tuple(words)
        if edition.script in (None, "Hans")
        else tuple(desk.converter(edition).text(word, source="Hans") if word else "" for word in words)
        for edition in settings.editions
    }
