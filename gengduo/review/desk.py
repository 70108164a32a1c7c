"""The desk of a review: what one process needs to look at pages, and what it converted ahead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from gengduo.catalogue.desk import CatalogueSettings, Desk
from gengduo.editions import Conversion
from gengduo.editions.doubts import Doubt
from gengduo.model import Article, EditionSpec, Script
from gengduo.review.sentences import word_around


class WordDoubt(NamedTuple):
    """A doubtful conversion, told of the whole word."""

    text: str
    offset: int
    sentence: str
    word: str
    at: int
    """Of the character in the word."""
    form: str
    others: tuple[str, ...]
    reason: str
    rank: int


def word_doubts(conversion: Conversion) -> list[WordDoubt]:
    """Return the doubtful conversions of an article, worst first."""
    return [_of_word(conversion, doubt) for doubt in conversion.doubts()]


def _of_word(conversion: Conversion, doubt: Doubt) -> WordDoubt:
    if len(doubt.source) > 1:
        start, end = doubt.offset, doubt.offset + len(doubt.source)
    else:
        start, end = word_around(doubt.text, doubt.offset)
    word = doubt.text[start:end]
    form = conversion.block((doubt.text[:start], word, doubt.text[end:]))[1]
    at = doubt.offset - start
    others = [
        form[:at] + other + form[at + 1 :] if len(form) == len(word) and len(doubt.source) == 1 else other
        for other in doubt.alternatives
    ]
    others = [other for other in dict.fromkeys(others) if other != form]
    return WordDoubt(doubt.text, doubt.offset, doubt.sentence, word, at, form, tuple(others), doubt.reason, doubt.rank)


class ReviewDesk(Desk):
    """A desk that keeps what it converted ahead, so that a page can be catalogued and looked at."""

    def __init__(self, settings: CatalogueSettings) -> None:
        super().__init__(settings)
        self._shown: dict[tuple[str, str], Conversion] = {}
        self._doubts: dict[tuple[str, Script, str, str, str], list[WordDoubt]] = {}

    def look_ahead(self, edition: EditionSpec, source: Script, pages: Mapping[str, Sequence[str]]) -> None:
        """Convert the words of pages, given by path; at once they cost less than one by one."""
        found = self.converter(edition).articles(list(pages.values()), source=source)
        self._shown |= {(edition.path, path): made for path, made in zip(pages, found, strict=True)}

    def forget_shown(self) -> None:
        """Let go of the pages that were converted ahead."""
        self._shown.clear()

    def conversion(self, edition: EditionSpec, source: Script, article: Article, words: Sequence[str]) -> Conversion:
        """Return the conversion of a page's words."""
        return self._shown.get((edition.path, article.source_path)) or super().conversion(
            edition, source, article, words
        )

    def look_at_teasers(self, edition: EditionSpec, source: Script, teasers: Iterable[tuple[str, str, str]]) -> None:
        """Find the doubtful conversions of teasers; each by itself and once, since it stands in several articles."""
        new = [words for words in dict.fromkeys(teasers) if (edition.path, source, *words) not in self._doubts]
        if len(self._doubts) + len(new) > self.TEASERS_KEPT:
            self._doubts.clear()
        found = self.converter(edition).articles(new, source=source) if new else []
        for words, made in zip(new, found, strict=True):
            self._doubts[edition.path, source, *words] = word_doubts(made)

    def doubts(self, edition: EditionSpec, source: Script, words: tuple[str, str, str]) -> list[WordDoubt]:
        """Return the doubtful conversions of a teaser."""
        key = (edition.path, source, *words)
        if key not in self._doubts:
            self.look_at_teasers(edition, source, [words])
        return self._doubts[key]


@lru_cache(maxsize=1)
def load_review_desk(settings: bytes) -> ReviewDesk:
    """Return the desk of this process for encoded settings."""
    return ReviewDesk(msgspec.msgpack.decode(settings, type=CatalogueSettings))
