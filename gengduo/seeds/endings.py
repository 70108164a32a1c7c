"""How a story ends: credits, date codes and end marks behind its last words, and the byline below them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from gengduo.seeds import rules
from gengduo.seeds.lines import ends_sentence

_BRACKET = re.compile(r"[（(【［\[〔]([^（()）【】［］\[\]〔〕]{1,80})[)）】］\]〕][。.]?$")
_NESTED = re.compile(r"[（(]((?:[^（()）]|[（(][^（()）]{0,30}[)）]){1,80})[)）]$")
_CODE = re.compile(r"(?<=[)）】］\]。])\s*(1\d{6}|\d{6}|20\d{6})$")
_CODE_LINE = re.compile(r"1\d{6}|20\d{6}")
_NAMED = re.compile(r"[\s:：/／、｜|]|[\u3400-\u9fff]{2,4}$")
_AGENCY_CREDIT = re.compile(
    rf"{rules.AGENCY}(?:[\s—–―─－\-/／、，,・·]|$|综合|綜合|记者|記者|供|专|專|电|電|讯|訊|报|報)"
)
_AGENCY_LINE = re.compile(
    rf"{rules.AGENCY}(?:中文[网網]?|记者|記者|驻.{{1,8}}记者|[\s/／、|｜·—-]|{rules.AGENCY}|[\u3400-\u9fff]{{2,4}}$)*[\u3400-\u9fff\s、]{{0,12}}"
)
# Vietnamese newspapers end their stories with ./.
_SLASHED = re.compile(r"(?<=[。！？”）)])\s*\.?/\.?$")
_DESK = re.compile(r"[\u3400-\u9fff]{2,8}[／/][\u3400-\u9fff]{0,6}(?:報導|报道|報道|报导)")
# 聯合報／ 記者林宜靜／即時報導
_DESKS = re.compile(r"[\u3400-\u9fff]{2,6}\s?[／/]\s?\S{2,16}[／/]\s?[\u3400-\u9fff]{0,6}(?:報導|报道|報道|报导)")
_CREDIT_LINE_STARTS = rules.Starts(*rules.CREDIT_LINE_STARTS)
_BYLINE_STARTS = rules.Starts(*rules.BYLINE_STARTS)
_CLOSERS = frozenset(")）】］]〕")
_LAST = _CLOSERS | frozenset("A/" + rules.END_MARKS + "0123456789。.")


class Ending(NamedTuple):
    """A paragraph without what stands behind its last words."""

    text: str
    credits: tuple[str, ...]
    """In order, without brackets."""
    codes: tuple[str, ...]
    """Date codes, `1140710`."""
    marks: tuple[str, ...]
    """What was cut besides: brackets, end marks."""


@lru_cache(maxsize=64)  # each part of the parser asks it about the same few lines
def cut_ending(text: str) -> Ending:
    """Return the text and, apart, the credits at its end; without any it is the whole text."""
    found: list[str] = []
    codes: list[str] = []
    marks: list[str] = []
    for _ in range(5):
        text = text.rstrip()
        if not text or text[-1] not in _LAST:
            break
        cut = _cut_once(text, found, codes, marks)
        if cut is None:
            break
        text = cut[0]
    return Ending(text.rstrip(), tuple(reversed(found)), tuple(codes), tuple(marks))


def _cut_once(text: str, found: list[str], codes: list[str], marks: list[str]) -> tuple[str] | None:
    """Return the text without what its last letter says may be cut, or None."""
    last = text[-1]
    if last in "/.":
        slashed = _cut_slash(text, marks)
        if slashed:
            return slashed
    if last in rules.END_MARKS:
        return _cut_mark(text, marks)
    if last in "0123456789":
        return _cut_code(text, codes)
    if last == "A":
        return _cut_bare(text, found)
    return _cut_bracket(text, found, marks) if last in _CLOSERS or text[-2:-1] in _CLOSERS else None


def _cut_slash(text: str, marks: list[str]) -> tuple[str] | None:
    slashed = _SLASHED.search(text[-40:])
    if slashed is None:
        return None
    marks.append(slashed[0].strip())
    return (text[: len(text) - len(slashed[0])],)


def _cut_mark(text: str, marks: list[str]) -> tuple[str] | None:
    if text[-1] in "#＃" and text[-2:-1] not in "。！？”）) ":
        return None
    marks.append(text[-1])
    return (text[:-1],)


def _cut_code(text: str, codes: list[str]) -> tuple[str] | None:
    match = _CODE.search(text[-12:])
    if match is None:
        return None
    codes.append(match[1])
    return (text[: len(text) - len(match[0])],)


def _cut_bare(text: str, found: list[str]) -> tuple[str] | None:
    for words in rules.CREDIT_BARE:
        if text.endswith(words):
            rest = text[: -len(words)].rstrip()
            if ends_sentence(rest) or rest.endswith(("越通社", "VNA")):
                if rest.endswith("越通社"):
                    rest, words = rest[:-3], "越通社" + words
                found.append(words)
                return (rest,)
    return None


def _cut_bracket(text: str, found: list[str], marks: list[str]) -> tuple[str] | None:
    tail_at = max(0, len(text) - 84)
    match = _BRACKET.search(text, tail_at) or _NESTED.search(text, tail_at)
    if match is None or not is_credit(match[1].strip()):
        return None
    credit = match[1].strip()
    found.append(credit)
    marks.append("".join(match[0].split()).replace("".join(credit.split()), "", 1))
    return (text[: match.start()],)


def is_credit(words: str) -> bool:
    """Tell whether words in brackets behind a story are its credit."""
    if words in rules.CREDIT_EXACT:
        return True
    if words.startswith(rules.CREDIT_STARTS):
        start = next(start for start in rules.CREDIT_STARTS if words.startswith(start))
        return _NAMED.search(words[len(start) :]) is not None or start in ("据", "據")
    return _AGENCY_CREDIT.match(words) is not None


def is_credit_line(text: str) -> bool:
    """Tell whether the whole line is a credit without brackets: 责任编辑：张三."""
    if len(text) > 80 or not _CREDIT_LINE_STARTS.begin(text) or ends_sentence(text):
        return False
    start = max((start for start in rules.CREDIT_LINE_STARTS if text.startswith(start)), key=len)
    return re.match(r"\s*[:：/／]", text[len(start) :]) is not None


def is_code_line(text: str) -> bool:
    """Tell whether the line is a date code and nothing else."""
    return len(text) <= 8 and _CODE_LINE.fullmatch(text) is not None


def is_byline(text: str) -> bool:
    """Tell whether the whole line says who wrote the story, or which agency."""
    if len(text) > 40 or ends_sentence(text) or "——VNA" in text:
        return False
    if text in rules.AGENCY_NAMES:
        return True
    if _BYLINE_STARTS.may_begin(text) and _BYLINE_STARTS.begin("".join(text.split())):
        return len(text) <= 30 and not any(mark in text for mark in "，,。“”")
    if text[-1] in "導导道" and (_DESK.fullmatch(text) or _DESKS.fullmatch(text)):
        return True
    return len(text) <= 24 and text[0] in rules.AGENCY_FIRST and _AGENCY_LINE.fullmatch(text) is not None
