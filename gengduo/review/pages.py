"""What a review finds in the pages: doubtful conversions, names, dates, tags; done in shards."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from gengduo.catalogue.desk import SCRIPTS, CatalogueSettings, Desk
from gengduo.catalogue.drift import HandMade
from gengduo.catalogue.page import PageSource, catalogue_page, words_beside_body
from gengduo.content import parse_page
from gengduo.dates import is_edtf, parse_edtf
from gengduo.editions import Conversion, Converter, Glossary, detect_script
from gengduo.editions.doubts import Doubt
from gengduo.editions.matching import Matcher
from gengduo.markdown import parse_body
from gengduo.model import Article, Card, EditionSpec, Script, Value
from gengduo.review.findings import Finding, Place, finding, from_problem, merged
from gengduo.review.sentences import han_in, place_of, sentence_at, word_around
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

    source: PageSource
    card: Card | None = None
    """None: the page has errors."""
    hand_made: tuple[HandMade, ...] = ()
    findings: tuple[Finding, ...] = ()
    names: tuple[SeenName, ...] = ()
    """Those that the rules for names found."""
    han: int = 0
    """Chinese characters that were converted."""


def review_page_shard(root: str, settings: bytes, sources: Sequence[PageSource]) -> list[PageReview]:
    """Return what is to be told of these pages; `settings` is an encoded `CatalogueSettings`."""
    desk = _desk(settings)
    return [review_page(Path(root), desk, source) for source in sources]


def find_names_shard(
    root: str, settings: bytes, names: Mapping[str, str], sources: Sequence[tuple[str, Sequence[str]]]
) -> list[Finding]:
    """Return the places where a name that the rules saw in other stories comes out in another form.

    `names` are all that the archive suggests, with their forms; `sources` are (path, names seen in this page).
    """
    desk = _desk(settings)
    matcher = Matcher(names)
    found: list[Finding] = []
    for path, own in sources:
        data = (Path(root) / path).read_bytes()
        text = data.decode("utf-8-sig")
        if all(text[start:end] in own for start, end, _ in matcher.spans(text)):
            continue
        page = _Names(parse_page(data, path, is_edtf)[0], text.splitlines(), frozenset(own))
        found += _missed_names(desk, page, matcher, names)
    return merged(found)


@lru_cache(maxsize=1)
def _desk(settings: bytes) -> _ReviewDesk:
    return _ReviewDesk(msgspec.msgpack.decode(settings, type=CatalogueSettings))


def review_page(root: Path, desk: _ReviewDesk, source: PageSource) -> PageReview:
    """Return what is to be told of one page."""
    page, _ = catalogue_page(root, desk, source)
    card = page.load_card()
    if card is None:
        return PageReview(source=source, findings=tuple(from_problem("page", each, takes="") for each in page.problems))
    data = (root / source.path).read_bytes()
    article = parse_page(data, source.path, is_edtf)[0]
    lines = data.decode("utf-8-sig").splitlines()
    reader = _PageReader(desk, article, lines, {edition for edition, _ in source.by_hand})
    found = [from_problem("page-note", each) for each in page.warnings]
    found += reader.findings()
    return PageReview(
        source=source,
        card=card,
        hand_made=page.hand_made,
        findings=tuple(merged(found)),
        names=tuple(reader.names),
        han=reader.han,
    )


class _Doubt(NamedTuple):
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


def _doubts(conversion: Conversion) -> list[_Doubt]:
    return [_of_word(conversion, doubt) for doubt in conversion.doubts()]


def _of_word(conversion: Conversion, doubt: Doubt) -> _Doubt:
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
    return _Doubt(doubt.text, doubt.offset, doubt.sentence, word, at, form, tuple(others), doubt.reason, doubt.rank)


class _Remembering(Converter):
    """A converter that has at hand what it made last: a page is catalogued first, and looked at then."""

    KEPT = 50

    def __init__(self, edition: EditionSpec, glossary: Glossary) -> None:
        super().__init__(edition, glossary)
        self._last: OrderedDict[tuple[object, ...], Conversion] = OrderedDict()

    def article(self, texts: Sequence[str], *, source: Script, terms: Sequence[tuple[str, str]] = ()) -> Conversion:
        key = (source, tuple(terms), *texts)
        if key not in self._last:
            self._remember(key, super().article(texts, source=source, terms=terms))
        return self._last[key]

    def articles(self, several: Sequence[Sequence[str]], *, source: Script) -> list[Conversion]:
        return [self.article(texts, source=source) for texts in several]

    def _remember(self, key: tuple[object, ...], made: Conversion) -> None:
        self._last[key] = made
        if len(self._last) > self.KEPT:
            self._last.popitem(last=False)


class _ReviewDesk(Desk):
    """A desk that remembers what was doubtful in teasers, since the same one stands in several articles."""

    def __init__(self, settings: CatalogueSettings) -> None:
        super().__init__(settings)
        self._doubts: dict[tuple[str, ...], list[_Doubt]] = {}

    def converter(self, edition: EditionSpec) -> Converter:
        """Return the converter for an edition, made when it is first asked for."""
        if edition.path not in self._converters:
            self._converters[edition.path] = _Remembering(edition, self.settings.glossary)
        return self._converters[edition.path]

    def doubts(self, converter: Converter, source: Script, texts: tuple[str, str, str]) -> list[_Doubt]:
        """Return the doubtful conversions of a teaser."""
        if texts not in self._doubts:
            if len(self._doubts) >= self.TEASERS_KEPT:
                self._doubts.clear()
            self._doubts[texts] = _doubts(converter.article(texts, source=source))
        return self._doubts[texts]


class _PageReader:
    """Looks at one page."""

    def __init__(self, desk: _ReviewDesk, article: Article, lines: Sequence[str], by_hand: set[str]) -> None:
        self.desk = desk
        self.article = article
        self.lines = lines
        self.path = article.source_path
        body = parse_body(article.body, self.path, article.body_line)
        self.blocks = ["".join(block) for block in body.blocks]
        self.texts = [*words_beside_body(article), *self.blocks]
        self.source: Script = SCRIPTS[article.lang[:7]]
        self.edition = next(
            (
                spec
                for spec in desk.settings.editions
                if spec.script not in (None, self.source) and spec.path not in by_hand
            ),
            None,
        )
        self.names: list[SeenName] = []
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
        converter = self.desk.converter(edition)
        whole = converter.article(self.texts, source=self.source, terms=self.article.glossary)
        yield from self.placed(edition, _doubts(whole))
        for message in whole.notices():
            quoted = message.partition("“")[2].rpartition("”")[0]
            yield finding("quotes", self.place(quoted), message, self.path, message, quote=quoted)
        for teaser in self.article.more:
            words = (teaser.title, teaser.caption, teaser.lede)
            yield from self.placed(edition, self.desk.doubts(converter, self.source, words))
        self.han += han_in("".join(self.texts))
        if edition.script == "Hant":
            self.names.extend(self.names_in(whole))

    def placed(self, edition: EditionSpec, doubts: Iterable[_Doubt]) -> Iterator[Finding]:
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

    def names_in(self, conversion: Conversion) -> Iterator[SeenName]:
        """Yield the names of two characters or more that the rules find, each once."""
        for name, form in conversion.names.items():
            text = next(text for text in self.texts if name in text)
            start = text.index(name)
            yield SeenName(name, form, self.place(text, start).line, text[slice(*sentence_at(text, start))])


class _Names(NamedTuple):
    """A page that is searched for names."""

    article: Article
    lines: Sequence[str]
    own: frozenset[str]
    """The names that were seen in it."""


def _missed_names(desk: Desk, page: _Names, matcher: Matcher, names: Mapping[str, str]) -> Iterator[Finding]:
    article = page.article
    body = parse_body(article.body, article.source_path, article.body_line)
    texts = [*words_beside_body(article), *("".join(block) for block in body.blocks)]
    spans = [(text, start, end) for text in texts for start, end, _ in matcher.spans(text)]
    found = [span for span in spans if span[0][span[1] : span[2]] not in page.own]
    edition = next((spec for spec in desk.settings.editions if spec.script == "Hant"), None)
    if not found or edition is None:
        return
    conversion = desk.converter(edition).article(texts, source="Hans", terms=article.glossary)
    for text, start, end in found:
        name = text[start:end]
        form = conversion.block((text[:start], name, text[end:]))[1]
        if form != names[name]:
            what = f"“{name}” becomes {form} here; elsewhere it is read as a name, {names[name]}"
            place = Place(path=article.source_path, line=place_of(page.lines, text, start))
            sentence = slice(*sentence_at(text, start))
            yield name_finding("missed-name", place, what, name, names[name], text[sentence], alternatives=(form,))


def name_finding(
    kind: str, place: Place, what: str, name: str, form: str, quote: str, alternatives: tuple[str, ...] = ()
) -> Finding:
    """Return the finding of a name; one ID whether it was missed somewhere or not."""
    made = finding("name", place, what, name, form, words=name, choice=form, quote=quote, takes="name")
    return msgspec.structs.replace(made, kind=kind, alternatives=alternatives)


def _with_evidence(what: str, evidence: str) -> str:
    return f"{what}: {evidence}" if evidence else what
