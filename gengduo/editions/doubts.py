"""Choices of the converter that an editor should look at: computed on request, never in a build.

Worst first: where a second opinion differs (zhconv-rs with MediaWiki's tables, if it is installed); where OpenCC itself
differs when it reads the words that the tagger sees, and not its own longest matches; and characters with several
Traditional forms that no word decided. What the glossary, the page or a mark decided is not asked again.
"""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import opencc
import rjieba

from gengduo.editions.matching import MASK, Matcher, Span
from gengduo.editions.phrases import phrase_table
from gengduo.model import Value

if TYPE_CHECKING:
    from gengduo.editions.conversion import Converter, Decided

_REASONS = ("a second opinion differs", "it depends on where words end", "no word decides it", "papers print either")
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
    """The character as written."""
    chosen: str
    alternatives: tuple[str, ...]
    reason: str
    rank: int
    """0 is the worst."""


def find_doubts(
    converter: Converter, texts: Sequence[str], terms: Matcher | None, known: Matcher | None
) -> list[Doubt]:
    """Return the doubtful characters of these texts, worst first."""
    doubts = [doubt for text in texts for doubt in _of_text(converter, text, converter.decide(text, terms, known))]
    return sorted(doubts, key=lambda doubt: doubt.rank)


def _of_text(converter: Converter, text: str, decided: Decided) -> Iterator[Doubt]:
    whole = converter.place(decided)
    ours = "".join(whole.part(offset, offset + 1)[:1] or MASK for offset in range(len(text)))
    settled = _offsets(decided.by_hand) | _offsets(decided.names)
    unread = _offsets(decided.phrases)
    open_questions, either = _worth_asking()
    opinions = [(0, _second_opinion(text)), (1, _by_words(converter, text))]
    for offset, (written, chosen) in enumerate(zip(text, ours, strict=True)):
        others = _ambiguous().get(written, either.get(written))
        if offset in settled or not others:
            continue
        found = [
            (rank, opinion[offset])
            for rank, opinion in opinions
            if opinion and opinion[offset].translate(_SHAPES) != chosen.translate(_SHAPES)
        ]
        if not found and written in open_questions and offset not in unread and others - {chosen}:
            found = [(2, min(others - {chosen}))]
        if not found and either.get(written, set()) - {chosen}:
            found = [(3, min(either[written] - {chosen}))]
        if found:
            alternatives = (*(other for _, other in found), *sorted(others - {chosen}))
            yield Doubt(
                text=text,
                offset=offset,
                sentence=_sentence(text, offset),
                source=written,
                chosen=chosen,
                alternatives=tuple(dict.fromkeys(alternatives)),
                reason=_REASONS[found[0][0]],
                rank=found[0][0],
            )


def _second_opinion(text: str) -> str | None:
    """Return MediaWiki's reading, character for character; None where it is not at hand."""
    convert = _mediawiki()
    converted = convert(text, "zh-hant") if convert else ""
    return converted if len(converted) == len(text) else None


@cache
def _mediawiki() -> Callable[[str, str], str] | None:
    try:
        return importlib.import_module("zhconv_rs").zhconv  # type: ignore[no-any-return]
    except ImportError:
        return None


def _by_words(converter: Converter, text: str) -> str | None:
    """Return what OpenCC makes of the words that the tagger sees, each by itself."""
    if MASK in text:
        return None
    return converter.one_for_one(MASK.join(rjieba.cut(text))).replace(MASK, "")


@cache
def _ambiguous() -> dict[str, set[str]]:
    """Return the characters that have several forms in the program's own words, with the forms."""
    forms: dict[str, set[str]] = {}
    for source, target in phrase_table(("words", "phrases"), opencc.OpenCC("t2s").convert).items():
        for written, form in zip(source, target, strict=True):
            forms.setdefault(written, set()).add(form)
    return {written: found for written, found in forms.items() if len(found) > 1}


@cache
def _worth_asking() -> tuple[frozenset[str], dict[str, set[str]]]:
    rules = tomllib.loads(files(__package__).joinpath("data", "doubts.toml").read_text(encoding="utf-8"))
    return frozenset(rules["undecided"]), {written: set(forms) for written, forms in rules["either"].items()}


def _offsets(spans: Sequence[Span]) -> set[int]:
    return {offset for start, end, _ in spans for offset in range(start, end)}


def _sentence(text: str, offset: int) -> str:
    start = max(text.rfind(stop, 0, offset) for stop in "。！？；\n") + 1
    ends = [end for end in (text.find(stop, offset) for stop in "。！？；\n") if end >= 0]
    return text[start : min(ends, default=len(text))]
