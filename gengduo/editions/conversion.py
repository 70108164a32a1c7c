"""One edition's converter: what is decided is taken out of the text, OpenCC converts the rest, and it is put back.

In this order: marks of the editor and addresses, terms of the page, the glossary, names, the program's phrases. Each
takes its words out of the sight of the next. OpenCC then works one character for one, so every place of the
result is known, and a block that was converted whole can be dealt back to its inline nodes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice

import opencc

from gengduo.editions.glossary import Glossary, Region
from gengduo.editions.glyphs import glyph_table
from gengduo.editions.matching import MASK, Matcher, Placed, Span, mask, merged
from gengduo.editions.names import NameReader
from gengduo.editions.overrides import find_overrides
from gengduo.editions.phrases import phrase_words
from gengduo.editions.quotes import convert_quotes
from gengduo.editions.script import detect_script
from gengduo.errors import Problem
from gengduo.model import EditionSpec, Script

_UNSAFE = re.compile("[\0\ud800-\udfff]")  # OpenCC drops what stands around the first and raises on the others
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)[^\s<>“”「」，。；：！？）】》、]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.I)
_LINES_AT_ONCE = 200


class Converter:
    """Makes texts of one edition; takes a tenth of a second to build, cannot be pickled: one a process and edition."""

    def __init__(self, edition: EditionSpec, glossary: Glossary) -> None:
        if edition.script is None:
            raise ValueError(f"an edition in {edition.lang} has no converter")
        self.script: Script = edition.script
        self.region: Region = edition.region
        self._glyphs = glyph_table(self.region, glossary) if self.script == "Hant" else {}
        self._opencc: Callable[[str], str] = opencc.OpenCC("s2t" if self.script == "Hant" else "tw2s").convert
        self._terms = Matcher(dict(reversed(list(glossary.pairs(self.region, self.script)))))
        self._phrases = Matcher(self._phrase_table())
        self._names = NameReader(self._one_for_one, self._phrases) if self.script == "Hant" else None

    def article(
        self, texts: Sequence[str], *, source: Script, terms: Sequence[tuple[str, str]] = ()
    ) -> Conversion:
        """Return the conversion of one article, given all its texts: a name seen in one of them counts in all.

        `terms` are the page's own (text, fixed form); they go before the site's glossary.
        """
        return Conversion(self, texts, source, terms)

    def text(self, text: str, *, source: Script) -> str:
        """Return one text converted by itself."""
        return self.article((text,), source=source).text(text)

    def place(self, text: str, terms: Matcher | None = None) -> Placed:
        """Return the conversion of a text in the other script; its lines are paragraphs of one article."""
        seen = _UNSAFE.sub(MASK, text)
        unsafe = [(found.start(), found.end(), found.group()) for found in _UNSAFE.finditer(text)] if seen != text else []
        kept = list(find_overrides(seen, self.script))
        seen = mask(seen, kept)
        addresses = list(_addresses(seen))
        seen = mask(seen, addresses)
        page = terms.spans(seen) if terms else []
        seen = mask(seen, page)
        known = self._terms.spans(seen)
        seen = mask(seen, known)
        names = self._names.spans(text, seen) if self._names else []
        seen = mask(seen, names)
        phrases = self._phrases.spans(seen)
        seen = mask(seen, phrases)
        base = self._one_for_one(seen)
        quotes = [(offset, offset + 1, mark) for offset, mark in _quotes(seen, self.script)]
        return Placed(base, merged(unsafe, kept, addresses, page, known, names, phrases, quotes))

    def keep(self, text: str) -> Placed:
        """Return a text that is in the edition's script already; only the editor's marks are resolved."""
        return Placed(text, list(find_overrides(text, self.script)))

    def _one_for_one(self, text: str) -> str:
        """Return the text converted by OpenCC and glyph table, each character in its place."""
        converted = self._opencc(text)
        if len(converted) != len(text):  # no table of OpenCC 1.4 does so
            converted = "".join(self._opencc(character)[:1] or character for character in text)
        return converted.translate(self._glyphs) if self._glyphs else converted

    def _phrase_table(self) -> dict[str, str]:
        """Return source → target of the program's own words, in the glyphs of the region."""
        lists = ("words", "phrases", f"phrases_{self.region}") if self.script == "Hant" else ("phrases_back",)
        words = [word for name in lists for word in phrase_words(name)]
        plain = [word for word in words if "=" not in word]
        back = opencc.OpenCC("t2s" if self.script == "Hant" else "s2tw").convert
        table = dict(zip(back("\n".join(plain)).split("\n"), plain, strict=True))
        table.update(word.split("=", 1) for word in words if "=" in word)
        return {source: target.translate(self._glyphs) for source, target in table.items() if source}


class Conversion:
    """The texts of one article in one edition."""

    def __init__(self, converter: Converter, texts: Sequence[str], source: Script, terms: Sequence[tuple[str, str]]) -> None:
        self._converter = converter
        self._same = source == converter.script
        self._terms = Matcher(dict(terms)) if terms else None
        self._texts = list(dict.fromkeys(texts))
        whole = "\n".join(self._texts)
        self._placed = self._place(whole)
        ends = accumulate((len(text) + 1 for text in self._texts), initial=0)
        self._starts = dict(zip(self._texts, ends, strict=False))

    def text(self, text: str) -> str:
        """Return a text of the article converted."""
        placed, start = self._find(text)
        return placed.part(start, start + len(text))

    def block(self, parts: Sequence[str]) -> list[str]:
        """Return the text nodes of one block, converted as one string and dealt back."""
        placed, start = self._find("".join(parts))
        bounds = list(accumulate((len(part) for part in parts), initial=start))
        return [placed.part(*bound) for bound in zip(bounds, bounds[1:], strict=False)]

    def notices(self) -> list[str]:
        """Return what an editor should know of: paragraphs whose quotation marks do not pair, and so were left alone."""
        if self._same:
            return []
        paragraphs = (line for text in self._texts for line in text.split("\n"))
        return [
            f"quotation marks do not pair in “{line[:40]}”; they were left as they are"
            for line in paragraphs
            if convert_quotes(line, self._converter.script) is None
        ]

    def _find(self, text: str) -> tuple[Placed, int]:
        start = self._starts.get(text)
        return (self._place(text), 0) if start is None else (self._placed, start)

    def _place(self, text: str) -> Placed:
        return self._converter.keep(text) if self._same else self._converter.place(text, self._terms)


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
            script: converter.article([line for line, own in zip(portion, scripts, strict=True) if own == script], source=script)
            for script in set(scripts)
        }
        yield from (texts[script].text(line) for line, script in zip(portion, scripts, strict=True))


def _addresses(text: str) -> Iterator[Span]:
    if "://" in text or "@" in text or "www." in text:
        for found in _ADDRESS.finditer(text):
            yield found.start(), found.end(), found.group()


def _quotes(text: str, script: Script) -> Iterator[tuple[int, str]]:
    """Yield the new marks of all paragraphs that hold Han and whose marks pair."""
    if not any(mark in text for mark in ("“‘" if script == "Hant" else "「『")):
        return
    start = 0
    for line in text.split("\n"):
        for offset, mark in convert_quotes(line, script) or ():
            yield start + offset, mark
        start += len(line) + 1


def glossary_problems(glossary: Glossary, path: str) -> list[Problem]:
    """Return the rows whose test sentence does not come out with the fixed form."""
    raise NotImplementedError
