"""Choices of the converter that an editor should look at: computed on request, never in a build.

Worst first: where a second opinion differs (zhconv-rs with MediaWiki's tables, if it is installed); where OpenCC itself
differs when it reads the words that the tagger sees, and not its own longest matches; and characters with several
forms that no word decided; words of Taiwan and Hong Kong that the mainland may not know. What glossary, page or a
mark decided is not asked again.
"""

from __future__ import annotations

import importlib
import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import opencc
import rjieba

from gengduo.editions.matching import MASK, Matcher, Placed, Span
from gengduo.editions.phrases import phrase_table
from gengduo.model import Script, Value

if TYPE_CHECKING:
    from gengduo.editions.conversion import Converter, Decided

_REASONS = (
    "a second opinion differs",
    "it depends on where words end",
    "no word decides it",
    "papers print either",
    "the mainland has another word",
)
# One character in two shapes: no editor's question.
_SHAPES = str.maketrans(
    "裏裡佈週夥嘆跡踪祕鑑兇註昇僱唸吊砲淨托痴侄韻着線說爲眾羣峯啓牀衞溫戶麪妝污鈎蔥麼豔菸岩嶽慾揹",
    "里里布周伙歎迹蹤秘鑒凶注升雇念弔炮凈託癡姪韵著綫説為衆群峰啟床衛温户麵粧汙鉤葱么艷煙巖岳欲背",
)


class Doubt(Value, frozen=True, kw_only=True):
    """One choice."""

    text: str
    """Which of the texts."""
    offset: int
    """In it."""
    sentence: str
    """As written."""
    source: str
    """The character, or word of a region, as written."""
    chosen: str
    alternatives: tuple[str, ...]
    reason: str
    rank: int
    """0 is the worst."""


def find_doubts(converter: Converter, starts: Mapping[str, int], decided: Decided, placed: Placed) -> list[Doubt]:
    """Return the doubtful characters and words of the texts of one article, worst first.

    `starts` says where each text stands in the text that was decided and placed, which may hold more than that.
    """
    whole = "\n".join(starts)
    begin = next(iter(starts.values()), 0)
    own = _Part(converter, whole, begin, decided, placed)
    bounds = [(start - begin, text) for text, start in starts.items()]
    doubts = []
    for found in (*_of_characters(own), *_of_regions(own)):
        start, text = bounds[bisect_right(bounds, found.offset, key=itemgetter(0)) - 1]
        doubts.append(
            Doubt(
                text=text,
                offset=found.offset - start,
                sentence=_sentence(text, found.offset - start),
                source=found.written,
                chosen=found.chosen,
                alternatives=tuple(dict.fromkeys(found.others)),
                reason=_REASONS[found.rank],
                rank=found.rank,
            )
        )
    return sorted(doubts, key=lambda doubt: doubt.rank)


class _Found(NamedTuple):
    offset: int
    written: str
    chosen: str
    others: Sequence[str]
    rank: int


class _Part(NamedTuple):
    """One article, and where it stands in what was converted together."""

    converter: Converter
    text: str
    begin: int
    decided: Decided
    placed: Placed

    def chosen(self, offset: int) -> str:
        """Return what became of a character."""
        return self.placed.part(self.begin + offset, self.begin + offset + 1)

    def inside(self, *groups: Sequence[Span]) -> set[int]:
        """Return the offsets in the article that these spans cover."""
        begin, end = self.begin, self.begin + len(self.text)
        return {
            offset - begin
            for spans in groups
            for start, stop, _ in spans[bisect_left(spans, (begin,)) : bisect_left(spans, (end,))]
            for offset in range(start, stop)
        }


class _Rules(NamedTuple):
    """What is worth asking when a text goes into a script."""

    forms: Mapping[str, frozenset[str]]
    """Character → all forms that it may have there."""
    undecided: frozenset[str]
    either: Mapping[str, frozenset[str]]
    opinion: str
    """The name of the script for the second opinion."""
    regional: Matcher
    """Words of a region → what they may mean in the mainland."""

    find: Callable[[str], Iterator[re.Match[str]]]
    """Finds the characters with several forms."""


def _of_characters(article: _Part) -> Iterator[_Found]:
    rules = _rules(article.converter.script)
    settled = article.inside(article.decided.by_hand, article.decided.names)
    phrases = article.inside([span for span in article.decided.phrases if span[1] - span[0] > 1])
    whole = article.text
    opinions = [(0, _second_opinion(whole, rules.opinion)), (1, _by_words(article.converter, whole))]
    for match in rules.find(whole):
        offset, written = match.start(), match.group()
        chosen = article.chosen(offset)
        if offset in settled or len(chosen) != 1:
            continue
        shape, others = chosen.translate(_SHAPES), rules.forms[written] - {chosen}
        found = [
            (rank, opinion[offset])
            for rank, opinion in opinions
            if opinion and opinion[offset].translate(_SHAPES) != shape
        ]
        if not found and written in rules.undecided and offset not in phrases and others:
            found = [(2, min(others))]
        if not found and (either := rules.either.get(written, frozenset()) - {chosen}):
            found = [(3, min(either))]
        if found:
            yield _Found(offset, written, chosen, [*(other for _, other in found), *sorted(others)], found[0][0])


def _of_regions(article: _Part) -> Iterator[_Found]:
    """Yield words that mean something else, or nothing, in the mainland, and are left as they are."""
    settled = article.inside(article.decided.by_hand)
    for start, end, meanings in _rules(article.converter.script).regional.spans(article.text):
        if start not in settled:
            written = article.text[start:end]
            chosen = article.converter.text(written, source="Hant")
            yield _Found(start, written, chosen, meanings.split("|"), 4)


def _second_opinion(text: str, script: str) -> str | None:
    """Return MediaWiki's reading, character for character; None where it is not at hand."""
    convert = _mediawiki()
    if not convert:
        return None
    lines = text.split("\n")
    converted = [convert(line, script) for line in lines]
    return "\n".join(new if len(new) == len(old) else old for new, old in zip(converted, lines, strict=True))


@cache
def _mediawiki() -> Callable[[str, str], str] | None:
    try:
        return importlib.import_module("zhconv_rs").zhconv  # type: ignore[no-any-return]
    except ImportError:
        return None


def _by_words(converter: Converter, text: str) -> str | None:
    """Return what OpenCC makes of the words that the tagger sees, each by itself; it sees none in Traditional."""
    if MASK in text or converter.script == "Hans":
        return None
    return "".join(map(_forms_of_words(converter).__getitem__, rjieba.cut(text)))


class _FormsOfWords(dict[str, str]):
    """What OpenCC makes of words, each by itself: archives use the same ones again and again."""

    KEPT = 100_000

    def __init__(self, converter: Converter) -> None:
        super().__init__()
        self._convert = converter.one_for_one

    def __missing__(self, word: str) -> str:
        if len(self) >= self.KEPT:
            self.clear()
        form = self[word] = self._convert(word)
        return form


@lru_cache(maxsize=4)
def _forms_of_words(converter: Converter) -> _FormsOfWords:
    return _FormsOfWords(converter)


@cache
def _rules(script: Script) -> _Rules:
    rules = tomllib.loads(files(__package__).joinpath("data", "doubts.toml").read_text(encoding="utf-8"))
    own = rules[script]
    either = {written: frozenset(forms) for written, forms in own["either"].items()}
    forms = {**either, **_ambiguous()} if script == "Hant" else either
    return _Rules(
        forms=forms,
        undecided=frozenset(own["undecided"]),
        either=either if script == "Hant" else {},
        opinion="zh-hant" if script == "Hant" else "zh-hans",
        regional=Matcher(own.get("regional", {})),
        find=re.compile(f"[{''.join(forms)}]").finditer,
    )


@cache
def _ambiguous() -> dict[str, frozenset[str]]:
    """Return the characters that have several forms in the program's own words, with the forms."""
    forms: dict[str, set[str]] = {}
    for source, target in phrase_table(("words", "phrases"), opencc.OpenCC("t2s").convert).items():
        for written, form in zip(source, target, strict=True):
            forms.setdefault(written, set()).add(form)
    return {written: frozenset(found) for written, found in forms.items() if len(found) > 1}


def _sentence(text: str, offset: int) -> str:
    start = max(text.rfind(stop, 0, offset) for stop in "。！？；\n") + 1
    ends = [end for end in (text.find(stop, offset) for stop in "。！？；\n") if end >= 0]
    return text[start : min(ends, default=len(text))]
