"""What a review finds in the pages: doubtful conversions, names, dates, tags; done in shards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

import msgspec

from gengduo.cache import digest_bytes
from gengduo.catalogue.beside import words_beside_body
from gengduo.catalogue.desk import SCRIPTS
from gengduo.catalogue.page import CataloguedPage, PageSource, catalogue_page
from gengduo.content import parse_page
from gengduo.dates import is_edtf, parse_edtf
from gengduo.editions import Conversion, detect_script
from gengduo.errors import SiteError
from gengduo.markdown import parse_body
from gengduo.model import Article, EditionSpec, Script, Value
from gengduo.review.desk import ReviewDesk, WordDoubt, load_review_desk, word_doubts
from gengduo.review.findings import Finding, Place, finding, from_problem, merged
from gengduo.review.names import first_hant, pairs_unlike_names
from gengduo.review.sentences import han_in, place_of, sentence_at
from gengduo.tags import suggest

OPEN_DATES = {"one_of": 0, "year_unknown": 1, "undated": 2}
"""Why a date is not known → its rank."""

FEWEST_MENTIONS = 4
"""Of a suggested tag that its headline does not hold, in one story."""


class SeenName(NamedTuple):
    """A name in a page."""

    name: str
    form: str
    """In Traditional."""
    line: int
    sentence: str


class PageReview(Value, frozen=True, kw_only=True):
    """What was found in one page."""

    page: CataloguedPage
    """Where its words lie is not told."""
    findings: tuple[Finding, ...] = ()
    names: tuple[SeenName, ...] = ()
    """Those that the rules for names found."""
    unlike_names: tuple[str, ...] | None = ()
    """Neighbours, two by two, of which one would be another character in a name; None: nobody looked."""
    han: int = 0
    """Chinese characters that were converted."""


def review_page_shard(
    root: str, settings: bytes, pages: Sequence[tuple[PageSource, CataloguedPage | None]]
) -> list[PageReview]:
    """Return what is to be told of these pages, each with what a build knows of it.

    `settings` is an encoded `CatalogueSettings`.
    """
    desk = load_review_desk(settings)
    readers = {source.path: _opened(Path(root), desk, source) for source, _ in pages}
    _look_ahead(desk, [reader for reader in readers.values() if reader is not None])
    made = [_review_page(Path(root), desk, source, known, readers[source.path]) for source, known in pages]
    desk.forget_shown()
    return made


def _opened(root: Path, desk: ReviewDesk, source: PageSource) -> _PageReader | None:
    """Return the reader of a page; None for a page that cannot be read, which cataloguing tells more of."""
    try:
        return _PageReader(desk, source, (root / source.path).read_bytes())
    except (OSError, UnicodeDecodeError, KeyError, SiteError):
        return None


def _look_ahead(desk: ReviewDesk, readers: Sequence[_PageReader]) -> None:
    """Convert what these pages hold, all but those that have a glossary of their own."""
    for edition, source in product(desk.settings.editions, SCRIPTS.values()):
        own = [reader for reader in readers if reader.edition == edition and reader.source == source]
        plain = {reader.path: reader.texts for reader in own if not reader.article.glossary}
        if plain:
            desk.look_ahead(edition, source, plain)
        desk.look_at_teasers(edition, source, (words for reader in own for words in reader.teasers_words()))


def _review_page(
    root: Path, desk: ReviewDesk, source: PageSource, known: CataloguedPage | None, reader: _PageReader | None
) -> PageReview:
    """Return what is to be told of one page; what is known of it counts for the bytes that it was made of."""
    if known is None or reader is None or known.digests[0] != reader.digest:
        known, _ = catalogue_page(root, desk, source)
    page = msgspec.structs.replace(known, texts={})
    if not page.card or reader is None:
        return PageReview(page=page, findings=tuple(from_problem("page", each, takes="") for each in page.problems))
    found = [from_problem("page-note", each) for each in page.warnings]
    found += reader.findings()
    return PageReview(
        page=page,
        findings=tuple(merged(found)),
        names=tuple(reader.names),
        unlike_names=reader.unlike_names,
        han=reader.han,
    )


class _PageReader:
    """Looks at one page."""

    def __init__(self, desk: ReviewDesk, source: PageSource, data: bytes) -> None:
        self.desk = desk
        self.digest = digest_bytes(data)
        self.article: Article = parse_page(data, source.path, is_edtf)[0]
        self.lines = data.decode("utf-8-sig").splitlines()
        self.path = source.path
        body = parse_body(self.article.body, self.path, self.article.body_line)
        self.blocks = ["".join(block) for block in body.blocks]
        self.texts = [*words_beside_body(self.article), *self.blocks]
        self.source: Script = SCRIPTS[self.article.lang[:7]]
        by_hand = {edition for edition, _ in source.by_hand}
        self.edition = next(
            (
                spec
                for spec in desk.settings.editions
                if spec.script not in (None, self.source) and spec.path not in by_hand
            ),
            None,
        )
        self.names: list[SeenName] = []
        self.unlike_names: tuple[str, ...] | None = None
        self.han = 0

    def findings(self) -> Iterator[Finding]:
        yield from self.date()
        yield from self.teasers()
        yield from self.script()
        yield from self.tags()
        if self.edition is not None:
            yield from self.conversion(self.edition)

    def place(self, text: str, offset: int = 0) -> Place:
        return Place(path=self.path, line=place_of(self.lines, text, offset))

    def line_of(self, key: str) -> Place:
        """Return where a key of the front matter stands, its beginning where it does not."""
        number = next((number for number, line in enumerate(self.lines, 1) if line.startswith(f"{key}:")), 1)
        return Place(path=self.path, line=number)

    # ------------------------------------------------------------------------------------------ what the page states

    def date(self) -> Iterator[Finding]:
        date = parse_edtf(self.article.date) if self.article.date else None
        note = date.note if date else "undated"
        evidence = "; ".join(self.article.date_basis)
        key = (self.path, self.article.date, evidence)
        fields = {"quote": evidence, "choice": self.article.date}
        if note in OPEN_DATES:
            what = {
                "one_of": f"the date is one of {self.article.date}",
                "year_unknown": f"the year is not known: {self.article.date}",
                "undated": "the page has no date",
            }[note]
            where = self.line_of("date" if date else "title")
            yield finding("date", where, _with_evidence(what, evidence), *key, rank=OPEN_DATES[note], **fields)
        elif note:
            what = f"the date {self.article.date} was inferred"
            yield finding("inferred", self.line_of("date"), _with_evidence(what, evidence), *key, **fields)

    def teasers(self) -> Iterator[Finding]:
        for teaser in self.article.more:
            if teaser.incomplete:
                what = f"the teaser “{teaser.title}” is not complete"
                place = Place(path=self.path, line=teaser.line)
                yield finding("cut-teaser", place, what, self.path, teaser.title, words=teaser.title, quote=teaser.lede)

    def script(self) -> Iterator[Finding]:
        reading = detect_script("\n".join(self.texts))
        if reading.mixed:
            what = f"{reading.hans} characters are only Simplified, {reading.hant} only Traditional"
            yield finding("mixed", self.line_of("lang"), what, self.path, str(reading.hans), str(reading.hant))

    def tags(self) -> Iterator[Finding]:
        words = "\n".join([self.article.title, self.article.lede, *self.blocks])
        for found in suggest(words, self.desk.matcher):
            in_title = found.name in self.article.title
            if found.name in self.article.tags or not (in_title or found.mentions >= FEWEST_MENTIONS):
                continue
            place = self.place(words, max(words.find(found.name), 0))  # the name may be written in Traditional
            what = f"“{found.name}” ({found.kind})"
            yield finding("tag", place, what, found.name, words=found.name, choice=found.kind, takes="tag")

    # ------------------------------------------------------------------------------------------ its other edition

    def conversion(self, edition: EditionSpec) -> Iterator[Finding]:
        whole = self.desk.conversion(edition, self.source, self.article, self.texts)
        yield from self.placed(edition, word_doubts(whole))
        for message in whole.notices():
            quoted = message.partition("“")[2].rpartition("”")[0]
            yield finding("quotes", self.place(quoted), message, self.path, message, quote=quoted)
        for words in self.teasers_words():
            yield from self.placed(edition, self.desk.doubts(edition, self.source, words))
        self.han += han_in("".join(self.texts))
        if edition.script == "Hant":
            self.names.extend(self.names_in(whole))
            if edition == first_hant(self.desk.settings.editions):
                self.unlike_names = pairs_unlike_names(whole, self.desk.converter(edition), self.texts)

    def placed(self, edition: EditionSpec, doubts: Iterable[WordDoubt]) -> Iterator[Finding]:
        for doubt in doubts:
            others = " or ".join(doubt.others)
            yield finding(
                "conversion",
                self.place(doubt.text, doubt.offset),
                f"“{doubt.word}” becomes {doubt.form}, or {others}? ({doubt.reason})",
                *(doubt.word, doubt.form, str(doubt.at)),
                words=doubt.word,
                quote=doubt.sentence,
                choice=doubt.form,
                alternatives=doubt.others,
                takes="term" if edition.script == "Hant" else "term-back",
                rank=doubt.rank,
            )

    def teasers_words(self) -> list[tuple[str, str, str]]:
        """Return the words of 更多."""
        return [(teaser.title, teaser.caption, teaser.lede) for teaser in self.article.more]

    def names_in(self, conversion: Conversion) -> Iterator[SeenName]:
        """Yield the names of two characters or more that the rules find, each once."""
        for name, form in conversion.names.items():
            text = next(text for text in self.texts if name in text)
            start = text.index(name)
            yield SeenName(name, form, self.place(text, start).line, text[slice(*sentence_at(text, start))])


def _with_evidence(what: str, evidence: str) -> str:
    return f"{what}: {evidence}" if evidence else what
