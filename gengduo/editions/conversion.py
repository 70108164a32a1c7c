"""One edition's converter: what is decided is taken out of the text, OpenCC converts the rest, and it is put back.

In this order: marks of the editor and addresses, terms of the page, the glossary, persons whom the vocabulary knows,
other names, the program's phrases. Each takes its words out of the sight of the next. OpenCC then works one character
for one, so every place of the result is known, and a block that was converted whole can be dealt back to its inline
nodes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from itertools import accumulate, chain, islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

import opencc

from gengduo.editions.glossary import Glossary, Region
from gengduo.editions.glyphs import glyph_table, single_characters
from gengduo.editions.matching import MASK, Matcher, Placed, Span, between, mask, merged
from gengduo.editions.names import KnownPersons, NameReader, TraditionalNames, known_in_traditional
from gengduo.editions.overrides import find_overrides
from gengduo.editions.phrases import phrase_table, phrase_words
from gengduo.editions.quotes import convert_quotes, first_mark
from gengduo.editions.script import detect_script
from gengduo.errors import Position, Problem
from gengduo.model import EditionSpec, Script

if TYPE_CHECKING:
    from gengduo.editions.doubts import Doubt

# OpenCC drops what stands around the first and raises on the others; the second is ours.
_UNSAFE = re.compile(f"[\0{MASK}\ud800-\udfff]")
# ASCII stays as it is by itself; Han belongs to an address behind / or =, where that goes on or white space follows.
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.)[!#-;=?-~]+(?:(?<=[/=])[一-鿿]+(?=[/?#&=.%_\s-]|\Z)[!#-;=?-~]*)+", re.IGNORECASE
)
_LINES_AT_ONCE = 200


class Decided(NamedTuple):
    """What is known of a text before OpenCC sees it; no two spans overlap."""

    by_hand: list[Span]
    """Marks of the editor, addresses, what OpenCC cannot bear, terms of the page, the glossary, known persons."""
    names: list[Span]
    phrases: list[Span]
    seen: str
    """The text with marks, terms and names masked."""


class Converter:
    """Makes texts of one edition; takes a tenth of a second to build, cannot be pickled: one a process and edition."""

    def __init__(self, edition: EditionSpec, glossary: Glossary) -> None:
        if edition.script is None:
            raise ValueError(f"an edition in {edition.lang} has no converter")
        self.script: Script = edition.script
        self.region: Region = edition.region
        hant = self.script == "Hant"
        glyphs = glyph_table(self.region, glossary) if hant else {}
        self._glyphs = _replacing(glyphs)
        self._opencc: Callable[[str], str] = opencc.OpenCC("s2t" if hant else "tw2s").convert
        self._terms = Matcher(dict(reversed(list(glossary.pairs(self.region, self.script)))))
        phrases = _phrases(self.region, glossary) if hant else _phrases_back()
        self._phrases = Matcher(phrases)
        single = {simplified: form.translate(glyphs) for simplified, form in single_characters().items()}
        reader = NameReader(single, self._phrases) if hant else None
        self._names = reader or TraditionalNames()
        persons, no_persons = glossary.persons, glossary.no_persons
        if reader:
            self._persons = KnownPersons(reader.known_forms(persons), no_persons)
        else:
            self._persons = known_in_traditional(persons, no_persons, phrases)

    def article(self, texts: Sequence[str], *, source: Script, terms: Sequence[tuple[str, str]] = ()) -> Conversion:
        """Return the conversion of one article, given all its texts: a name seen in one of them counts in all.

        `terms` are the page's own (text, fixed form); they go before the site's glossary.
        """
        return self._convert((texts,), source, Matcher(dict(terms)) if terms else None)[0]

    def articles(self, several: Sequence[Sequence[str]], *, source: Script) -> list[Conversion]:
        """Return what `article` returns for each of these; short ones cost a fraction of what they do one by one."""
        return self._convert(several, source, None)

    def text(self, text: str, *, source: Script) -> str:
        """Return one text converted by itself."""
        return self.article((text,), source=source).text(text)

    def decide(
        self, text: str, terms: Matcher | None = None, known: Matcher | None = None, starts: Sequence[int] = (0,)
    ) -> Decided:
        """Return what the editor, the glossary, the names (some are known already) and the phrases say of a text.

        It may hold several articles, whose offsets are given; a name counts in its own.
        """
        marks = self._find_overrides(text)
        # A mark decides what is in it, whatever the characters.
        unsafe = [span for span in _unbearable(text) if not any(mark[0] <= span[0] < mark[1] for mark in marks)]
        by_hand = merged(unsafe, marks)
        seen = mask(text, by_hand)
        own = terms.spans if terms else None
        for find in (_addresses, own, self._terms.spans, self._persons.spans):
            if find and (found_now := find(seen)):
                by_hand = merged(by_hand, found_now)
                seen = mask(seen, found_now)
        names = known.spans(seen) if known else []
        seen = mask(seen, names)
        if found_now := self._names.spans(seen, starts):
            names = merged(names, found_now)
            seen = mask(seen, found_now)
        return Decided(by_hand, names, self._phrases.spans(seen), seen)

    def as_name(self, text: str) -> str:
        """Return what each character of a text would be in a person's name, in Traditional."""
        return self._names.form(text) if isinstance(self._names, NameReader) else text

    def place(self, decided: Decided) -> Placed:
        """Return the conversion of a text in the other script; each of its lines is a paragraph."""
        seen = decided.seen
        spans = merged(decided.by_hand, decided.names, decided.phrases, _quotes(seen, self.script))
        return Placed(self.one_for_one(MASK.join(between(seen, spans))).split(MASK), spans)

    def keep(self, text: str) -> Placed:
        """Return a text that is in the edition's script already; only the editor's marks are resolved."""
        spans = self._find_overrides(text)
        return Placed(between(text, spans), spans)

    def one_for_one(self, text: str) -> str:
        """Return the text converted by OpenCC and glyph table, each character in its place."""
        converted = self._opencc(text)
        if len(converted) != len(text):  # no table of OpenCC 1.4 does so
            converted = "".join(self._opencc(character)[:1] or character for character in text)
        return self._glyphs(converted)

    def _convert(self, several: Sequence[Sequence[str]], source: Script, terms: Matcher | None) -> list[Conversion]:
        """Return the conversions of several articles, whose texts are converted as one."""
        shelves = [list(dict.fromkeys(texts)) for texts in several]
        texts = list(chain.from_iterable(shelves))
        whole = "\n".join(texts)
        offsets = list(accumulate((len(text) + 1 for text in texts), initial=0))
        bounds = list(pairwise(accumulate(map(len, shelves), initial=0)))
        if source == self.script:
            decided, placed, names = None, self.keep(whole), []
        else:
            decided = self.decide(whole, terms, starts=[offsets[first] for first, _ in bounds])
            placed, names = self.place(decided), decided.names
        made = []
        for shelf, (first, last) in zip(shelves, bounds, strict=True):
            starts = dict(zip(shelf, offsets[first:last], strict=True))
            known: dict[str, str] = {}
            if names:
                own = slice(*(bisect_left(names, (offset,)) for offset in (offsets[first], offsets[last])))
                known = {whole[start:end]: words for start, end, words in names[own] if end - start > 1}
            made.append(Conversion(self, starts, placed, decided, names=known, terms=terms))
        return made

    def _find_overrides(self, text: str) -> list[Span]:
        return list(find_overrides(text, self.script))


class Conversion:
    """The texts of one article in one edition."""

    def __init__(
        self,
        converter: Converter,
        starts: Mapping[str, int],
        placed: Placed,
        decided: Decided | None,
        *,
        names: Mapping[str, str],
        terms: Matcher | None,
    ) -> None:
        """Take the texts, each with its place in what was converted; nothing is decided of those in the own script."""
        self._converter = converter
        self._starts = starts
        self._placed = placed
        self._same = decided is None
        self._decided = decided
        self._names = names
        self._terms = terms

    def text(self, text: str) -> str:
        """Return a text of the article converted."""
        placed, start = self._find(text)
        return placed.part(start, start + len(text))

    def block(self, parts: Sequence[str]) -> list[str]:
        """Return the text nodes of one block, converted as one string and dealt back."""
        if len(parts) == 1:
            return [self.text(parts[0])]
        placed, start = self._find("".join(parts))
        bounds = accumulate((len(part) for part in parts), initial=start)
        return [placed.part(*bound) for bound in pairwise(bounds)]

    def notices(self) -> list[str]:
        """Return what an editor should know of: quotation marks that do not pair, and so were left alone."""
        if self._same:
            return []
        paragraphs = (line for text in self._starts for line in text.split("\n"))
        return [
            f"quotation marks do not pair in “{line[:40]}”; they were left as they are"
            for line in paragraphs
            if first_mark(line, 0, self._converter.script) >= 0 and convert_quotes(line, self._converter.script) is None
        ]

    @property
    def names(self) -> Mapping[str, str]:
        """Return the names of two characters or more that the rules found in the texts, with their forms."""
        return self._names

    def doubts(self) -> list[Doubt]:
        """Return the choices that an editor should look at, worst first; costs more than the conversion itself."""
        from gengduo.editions.doubts import find_doubts

        if self._decided is None:
            return []
        return find_doubts(self._converter, self._starts, self._decided, self._placed)

    def _find(self, text: str) -> tuple[Placed, int]:
        start = self._starts.get(text)
        return (self._place(text), 0) if start is None else (self._placed, start)

    def _place(self, text: str) -> Placed:
        """Return a text that was not announced; the names of the article count in it too."""
        if self._same:
            return self._converter.keep(text)
        return self._converter.place(self._converter.decide(text, self._terms, self._known))

    @cached_property
    def _known(self) -> Matcher | None:
        return Matcher(self._names) if self._names else None


def convert_lines(lines: Iterable[str], converter: Converter) -> Iterator[str]:
    """Yield each line converted, as many as came in; a line that tells no script goes by those around it.

    Lines are read in portions; a name seen in one counts in its whole portion.
    """
    usual: Script = "Hans" if converter.script == "Hant" else "Hant"
    source = iter(lines)
    while portion := [line.rstrip("\r\n") for line in islice(source, _LINES_AT_ONCE)]:
        readings = [detect_script(line) for line in portion]
        hans, hant = (sum(getattr(reading, script) for reading in readings) for script in ("hans", "hant"))
        usual = usual if hans == hant else "Hans" if hans > hant else "Hant"
        scripts = [reading.script or usual for reading in readings]
        texts: Mapping[Script, Conversion] = {
            script: converter.article(
                [line for line, own in zip(portion, scripts, strict=True) if own == script], source=script
            )
            for script in set(scripts)
        }
        yield from (texts[script].text(line) for line, script in zip(portion, scripts, strict=True))


def glossary_problems(glossary: Glossary, path: str, edition: EditionSpec) -> list[Problem]:
    """Return the rows whose own test sentence does not come out with their form: a longer row took it."""
    converter = Converter(edition, glossary)
    problems = []
    for entry in glossary.entries:
        form = entry.form(edition.region)
        if form is not None and form not in (got := converter.text(entry.test, source="Hans")):
            message = f"the test sentence of “{entry.text}” becomes “{got}”; another row takes its words, change one"
            problems.append(Problem(Position(path, entry.line), message))
    return problems


def _phrases(region: Region, glossary: Glossary) -> dict[str, str]:
    """Return source → target of the program's own words, in the glyphs of the region."""
    table = phrase_table(("words", "phrases", f"phrases_{region}"), opencc.OpenCC("t2s").convert)
    glyphs = glyph_table(region, glossary, of_opencc=False)
    return {source: target.translate(glyphs) for source, target in table.items()}


def _phrases_back() -> dict[str, str]:
    return dict(word.split("=", 1) for word in phrase_words("phrases_back"))


def _replacing(glyphs: Mapping[int, str]) -> Callable[[str], str]:
    """Return what replaces these characters; few texts hold many of them, where str.translate is slow."""
    if not glyphs:
        return str
    by_character = {chr(old): new for old, new in glyphs.items()}
    pattern = re.compile(f"[{re.escape(''.join(by_character))}]")
    return partial(pattern.sub, lambda found: by_character[found.group()])


def _unbearable(text: str) -> list[Span]:
    """Return the characters that OpenCC must not see."""
    if "\0" not in text and MASK not in text:
        with suppress(UnicodeEncodeError):
            text.encode()
            return []  # nearly always, and found much faster so
    return _spans(_UNSAFE, text)


def _addresses(text: str) -> list[Span]:
    return _spans(_ADDRESS, text) if "://" in text or "www." in text else []


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    """Return what a pattern finds, to be left as it is."""
    return [(found.start(), found.end(), found.group()) for found in pattern.finditer(text)]


def _quotes(text: str, script: Script) -> list[Span]:
    """Return the new marks of all paragraphs whose marks pair."""
    spans: list[Span] = []
    found = first_mark(text, 0, script)
    while found >= 0:
        start = text.rfind("\n", 0, found) + 1
        end = text.find("\n", found)
        end = len(text) if end < 0 else end
        changes = convert_quotes(text[start:end], script) or ()
        spans += [(start + offset, start + offset + 1, mark) for offset, mark in changes]
        found = first_mark(text, end, script)
    return spans
