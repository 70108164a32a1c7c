"""One edition's converter: what is decided is taken out of the text, OpenCC converts the rest, and it is put back.

In this order: marks of the editor and addresses, terms of the page, the glossary, names, the program's phrases. Each
takes its words out of the sight of the next. OpenCC then works one character for one, so every place of the
result is known, and a block that was converted whole can be dealt back to its inline nodes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

import opencc

from gengduo.editions.glossary import Glossary, Region
from gengduo.editions.glyphs import glyph_table, single_characters
from gengduo.editions.matching import MASK, Matcher, Placed, Span, mask, merged
from gengduo.editions.names import NameReader
from gengduo.editions.overrides import find_overrides
from gengduo.editions.phrases import phrase_table, phrase_words
from gengduo.editions.quotes import convert_quotes, first_mark
from gengduo.editions.script import detect_script
from gengduo.errors import Position, Problem
from gengduo.model import EditionSpec, Script

if TYPE_CHECKING:
    from gengduo.editions.doubts import Doubt

_UNSAFE = re.compile("[\0\ud800-\udfff]")  # OpenCC drops what stands around the first and raises on the others
# ASCII stays as it is by itself; Han belongs to an address behind / or =, where that goes on or white space follows.
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.)[!#-;=?-~]+(?:(?<=[/=])[一-鿿]+(?=[/?#&=.%_\s-]|\Z)[!#-;=?-~]*)+", re.IGNORECASE
)
_LINES_AT_ONCE = 200


class Decided(NamedTuple):
    """What is known of a text before OpenCC sees it; no two spans overlap."""

    by_hand: list[Span]
    """Marks of the editor, addresses, characters that OpenCC cannot bear, terms of the page, the glossary."""
    names: list[Span]
    phrases: list[Span]
    seen: str
    """The text with all of that masked."""


class Converter:
    """Makes texts of one edition; takes a tenth of a second to build, cannot be pickled: one a process and edition."""

    def __init__(self, edition: EditionSpec, glossary: Glossary) -> None:
        if edition.script is None:
            raise ValueError(f"an edition in {edition.lang} has no converter")
        self.script: Script = edition.script
        self.region: Region = edition.region
        hant = self.script == "Hant"
        glyphs = glyph_table(self.region, glossary) if hant else {}
        self._glyphs = [(chr(old), new) for old, new in glyphs.items()]
        self._opencc: Callable[[str], str] = opencc.OpenCC("s2t" if hant else "tw2s").convert
        self._terms = Matcher(dict(reversed(list(glossary.pairs(self.region, self.script)))))
        self._phrases = Matcher(_phrases(self.region, glossary) if hant else _phrases_back())
        self._names = NameReader(single_characters(), self._phrases) if hant else None

    def article(self, texts: Sequence[str], *, source: Script, terms: Sequence[tuple[str, str]] = ()) -> Conversion:
        """Return the conversion of one article, given all its texts: a name seen in one of them counts in all.

        `terms` are the page's own (text, fixed form); they go before the site's glossary.
        """
        return Conversion(self, texts, source, terms)

    def text(self, text: str, *, source: Script) -> str:
        """Return one text converted by itself."""
        return self.article((text,), source=source).text(text)

    def decide(self, text: str, terms: Matcher | None = None, known: Matcher | None = None) -> Decided:
        """Return what the editor, the glossary, the names (some are known already) and the phrases say of a text."""
        seen = _UNSAFE.sub(MASK, text)
        by_hand = [(found.start(), found.end(), found.group()) for found in _UNSAFE.finditer(text)]
        for find in (self._find_overrides, _addresses, terms.spans if terms else None, self._terms.spans):
            if find and (found_now := list(find(seen))):
                by_hand = merged(by_hand, found_now) if by_hand else found_now
                seen = mask(seen, found_now)
        names = known.spans(seen) if known else []
        seen = mask(seen, names)
        if self._names and (found_now := self._names.spans(seen)):
            names = merged(names, found_now)
            seen = mask(seen, found_now)
        phrases = self._phrases.spans(seen)
        return Decided(by_hand, names, phrases, mask(seen, phrases))

    def place(self, decided: Decided) -> Placed:
        """Return the conversion of a text in the other script; its lines are paragraphs of one article."""
        quotes = [(offset, offset + 1, mark) for offset, mark in _quotes(decided.seen, self.script)]
        return Placed(self.one_for_one(decided.seen), merged(decided.by_hand, decided.names, decided.phrases, quotes))

    def keep(self, text: str) -> Placed:
        """Return a text that is in the edition's script already; only the editor's marks are resolved."""
        return Placed(text, list(self._find_overrides(text)))

    def one_for_one(self, text: str) -> str:
        """Return the text converted by OpenCC and glyph table, each character in its place."""
        converted = self._opencc(text)
        if len(converted) != len(text):  # no table of OpenCC 1.4 does so
            converted = "".join(self._opencc(character)[:1] or character for character in text)
        for old, new in self._glyphs:  # a few dozen, mostly absent: faster than str.translate
            if old in converted:
                converted = converted.replace(old, new)
        return converted

    def _find_overrides(self, text: str) -> Iterator[Span]:
        return find_overrides(text, self.script)


class Conversion:
    """The texts of one article in one edition."""

    def __init__(
        self, converter: Converter, texts: Sequence[str], source: Script, terms: Sequence[tuple[str, str]]
    ) -> None:
        self._converter = converter
        self._same = source == converter.script
        self._terms = Matcher(dict(terms)) if terms else None
        self._texts = list(dict.fromkeys(texts))
        whole = "\n".join(self._texts)
        self._known: Matcher | None = None
        if self._same:
            self._placed = converter.keep(whole)
        else:
            decided = converter.decide(whole, self._terms)
            self._placed = converter.place(decided)
            names = {whole[start:end]: words for start, end, words in decided.names if end - start > 1}
            self._known = Matcher(names) if names else None
        starts = accumulate((len(text) + 1 for text in self._texts), initial=0)
        self._starts = dict(zip(self._texts, starts, strict=False))

    def text(self, text: str) -> str:
        """Return a text of the article converted."""
        placed, start = self._find(text)
        return placed.part(start, start + len(text))

    def block(self, parts: Sequence[str]) -> list[str]:
        """Return the text nodes of one block, converted as one string and dealt back."""
        placed, start = self._find("".join(parts))
        bounds = accumulate((len(part) for part in parts), initial=start)
        return [placed.part(*bound) for bound in pairwise(bounds)]

    def notices(self) -> list[str]:
        """Return what an editor should know of: quotation marks that do not pair, and so were left alone."""
        if self._same:
            return []
        paragraphs = (line for text in self._texts for line in text.split("\n"))
        return [
            f"quotation marks do not pair in “{line[:40]}”; they were left as they are"
            for line in paragraphs
            if first_mark(line, 0, self._converter.script) >= 0 and convert_quotes(line, self._converter.script) is None
        ]

    def doubts(self) -> list[Doubt]:
        """Return the choices that an editor should look at, worst first; costs more than the conversion itself."""
        from gengduo.editions.doubts import find_doubts

        if self._same or self._converter.script == "Hans":
            return []
        return find_doubts(self._converter, self._texts, self._terms, self._known)

    def _find(self, text: str) -> tuple[Placed, int]:
        start = self._starts.get(text)
        return (self._place(text), 0) if start is None else (self._placed, start)

    def _place(self, text: str) -> Placed:
        """Return a text that was not announced; the names of the article count in it too."""
        if self._same:
            return self._converter.keep(text)
        return self._converter.place(self._converter.decide(text, self._terms, self._known))


def convert_lines(lines: Iterable[str], converter: Converter) -> Iterator[str]:
    """Yield each line converted, as many as came in; a line that tells no script goes by those around it.

    Lines are read in portions; a name seen in one counts in its whole portion.
    """
    usual: Script = "Hans" if converter.script == "Hant" else "Hant"
    source = iter(lines)
    while portion := [line.rstrip("\r\n") for line in islice(source, _LINES_AT_ONCE)]:
        usual = detect_script("\n".join(portion)).script or usual
        scripts = [detect_script(line).script or usual for line in portion]
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


def _addresses(text: str) -> Iterator[Span]:
    if "://" in text or "www." in text:
        for found in _ADDRESS.finditer(text):
            yield found.start(), found.end(), found.group()


def _quotes(text: str, script: Script) -> Iterator[tuple[int, str]]:
    """Yield the new marks of all paragraphs whose marks pair."""
    found = first_mark(text, 0, script)
    while found >= 0:
        start = text.rfind("\n", 0, found) + 1
        end = text.find("\n", found)
        end = len(text) if end < 0 else end
        for offset, mark in convert_quotes(text[start:end], script) or ():
            yield start + offset, mark
        found = first_mark(text, end, script)
