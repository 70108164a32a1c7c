"""Choices of the converter that an editor should look at: computed on request, never in a build.

Worst first: where a second opinion differs (zhconv-rs with MediaWiki's tables, if it is installed); where OpenCC itself
differs when it reads the words that the tagger sees, and not its own longest matches; and characters with several
Traditional forms that no word decided. What the glossary, the page or a mark decided is not asked again.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import opencc
import rjieba

from gengduo.editions.matching import MASK, Matcher, Span
from gengduo.editions.phrases import phrase_table
from gengduo.model import Value

if TYPE_CHECKING:
    from gengduo.editions.conversion import Converter

_REASONS = ("a second opinion differs", "it depends on where words end", "no word decides it", "papers print either")
# One character in two shapes: no editor's question.
_SHAPES = str.maketrans(
    "裏裡佈週夥嘆跡踪祕鑑兇註昇僱唸吊砲淨托痴侄韻着線說爲眾羣峯啓牀衞溫戶麪妝污鈎蔥麼豔菸岩嶽慾揹",
    "里里布周伙歎迹蹤秘鑒凶注升雇念弔炮凈託癡姪韵著綫説為衆群峰啟床衛温户麵粧汙鉤葱么艷煙巖岳欲背",
)

# Undecided, these are wrong often enough to be worth a look.
_OPEN = frozenset("里干冲系制征斗只余钟谷采折卷须复游咸表面志")
# The papers themselves print now the one, now the other.
_EITHER = {
    written: set(forms)
    for written, *forms in ("尽盡儘", "闲閒閑", "账帳賬", "锤錘鎚", "瓮甕瓮", "绣繡綉", "杯杯盃", "刮刮颳", "巨巨鉅", "挨挨捱", "汇匯彙", "辟闢辟", "折折摺", "复復複覆")
}


class Doubt(Value, kw_only=True):
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


def find_doubts(converter: Converter, texts: Sequence[str], terms: Matcher | None) -> list[Doubt]:
    """Return the doubtful characters of these texts, worst first."""
    doubts = [doubt for text in texts for doubt in _of_text(converter, text, terms)]
    return sorted(doubts, key=lambda doubt: doubt.rank)


def _of_text(converter: Converter, text: str, terms: Matcher | None) -> Iterator[Doubt]:
    decided = converter.decide(text, terms)
    whole = converter.place(text, terms)
    ours = "".join(whole.part(offset, offset + 1)[:1] or MASK for offset in range(len(text)))
    settled = _offsets(decided.by_hand) | _offsets(decided.names)
    unread = _offsets(decided.phrases)
    opinions = [(0, _second_opinion(text)), (1, _by_words(converter, text))]
    for offset, (written, chosen) in enumerate(zip(text, ours, strict=True)):
        others = _ambiguous().get(written, _EITHER.get(written))
        if offset in settled or not others:
            continue
        found = [
            (rank, opinion[offset])
            for rank, opinion in opinions
            if opinion and opinion[offset].translate(_SHAPES) != chosen.translate(_SHAPES)
        ]
        if not found and written in _OPEN and offset not in unread and others - {chosen}:
            found = [(2, sorted(others - {chosen})[0])]
        if found:
            rank = found[0][0]
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


def _offsets(spans: Sequence[Span]) -> set[int]:
    return {offset for start, end, _ in spans for offset in range(start, end)}


def _sentence(text: str, offset: int) -> str:
    start = max(text.rfind(stop, 0, offset) for stop in "。！？；\n") + 1
    ends = [end for end in (text.find(stop, offset) for stop in "。！？；\n") if end >= 0]
    return text[start : min(ends, default=len(text))]
