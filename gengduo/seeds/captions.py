"""Captions: the marker before them, the photo credit behind them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from gengduo.seeds import rules

# Vietnamese letters come composed or not, depending on the crawler.
_MARKER_WORDS = rules.any_of(
    form
    for word in rules.PHOTO_MARKERS
    for form in (word, unicodedata.normalize("NFD", word), unicodedata.normalize("NFC", word))
)
MARKER = re.compile(rf"(?:[-–—]\s?)?{_MARKER_WORDS}\s?(?=[0-9])", re.IGNORECASE)


def may_hold_marker(text: str) -> bool:
    """Tell, at little cost, whether `MARKER` could match."""
    return "nh" in text or "NH" in text


@lru_cache(maxsize=64)  # each part of the parser asks it about the same few lines
def find_marker(text: str) -> re.Match[str] | None:
    """Return the first marker of the line."""
    return MARKER.search(text) if may_hold_marker(text) else None


_TAIL = 80
"""Characters; a photo credit is shorter."""
_BRACKET_TAIL = re.compile(r"[（(\[【]([^（()）\[\]【】]{1,64})[)）\]】][。.]?$")
_OPEN_TAIL = re.compile(rf"{rules.any_of(rules.PHOTO_STARTS)}[^。！？!?；;]{{1,48}}$")
_BY_TAIL = re.compile(
    r"(?:[^\s。！？；，,;]{0,12}?(?:记者|記者|通讯员|通訊員|特派员|社发|社發|网发|視覺|视觉)\s?[^。！？；;]{0,24}?"
    r"|(?<=[\s。！？])\S{1,6}\s?)(?:摄影报道|摄影|攝影|摄|攝)$"
)
_STOCK_TAIL = re.compile(rf"(?<=[\s。！？!?；])(?:[^\s。，,]{{0,10}}){rules.any_of(rules.PHOTO_ENDS)}[。]?$")
# （花蓮縣政府提供）中央社記者王小明傳真 112年6月10日: the credit of the Central News Agency ends with the day.
_DATED_TAIL = re.compile(
    r"(?:[（(][^（()）]{1,30}[)）])?中央社[^。，]{0,24}?\d{2,3}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日$"
)
_WIRES = "路透社?|美聯社|美联社|法新社|歐新社|欧新社|彭博社?"
_WEAK = re.compile(rf"(?:{rules.AGENCY}|{_WIRES}|AFP|AP|Reuters|EPA|Getty.*|Shutterstock.*)(?:[／/、].{{1,16}})?")
# …歡呼。 路透; …朔尔茨 AFP - JOHN MACDOUGALL
_WIRE_TAIL = re.compile(
    rf"(?<=[\s。])(?:(?:{_WIRES})(?:[／/].{{1,10}})?"
    r"|©?\s?(?:via\s)?(?:AFP|AP|ASSOCIATED PRESS|REUTERS|Reuters|EPA|Getty Images)"
    r"(?:\s?[-–—/]\s?[A-Za-z .'/\-]{2,48})?)$"
)
_FOREIGN = re.compile(r"\b(?:AFP|Reuters|REUTERS|EPA|Getty|GETTY|Shutterstock|Xinhua)\b|^AP$|^AP ")


class Caption(NamedTuple):
    """A caption taken apart; caption, credit and marks together are the text."""

    text: str
    credit: str
    marks: str
    weak: bool = False
    """The credit names an agency and nothing else: at the end of a body that would be the credit of the story."""


def split_credit(text: str) -> Caption:
    """Return the caption and its photo credit, which is empty where none is seen."""
    if text[-1:] == "。" and (len(text) > _LONGEST_STOPPED or text[-2:-1] not in _BEFORE_STOP):
        return Caption(text, "", "")
    tail_at = max(0, len(text) - _TAIL)
    tail = text[tail_at:]
    if tail[-1:] in _CLOSERS or (tail[-1:] in "。." and tail[-2:-1] in _CLOSERS):
        match = _BRACKET_TAIL.search(tail)
        if match:
            credit = match[1].strip()
            weak = _WEAK.fullmatch(credit) is not None
            if weak or _is_credit(credit):
                return _credit_in_brackets(text, tail_at + match.start(), credit, weak)
    match = _open_credit(tail, tail_at)
    if match is None:
        return Caption(text, "", "")
    return Caption(text[: tail_at + match.start()].rstrip(), match[0].strip(), "")


def _open_credit(tail: str, at: int) -> re.Match[str] | None:
    """Return the photo credit without brackets at the end of a line, cheap tests before the patterns.

    `at` is where the tail stands in its line: a credit is never the whole of it.
    """
    last = tail[-1:]
    patterns = []
    if last == "日" and "中央社" in tail:
        patterns.append(_DATED_TAIL)
    if last not in "。！？!?；;":
        patterns.append(_OPEN_TAIL)
    if last in "透社博" or (last.isascii() and last.isalpha()):
        patterns.append(_WIRE_TAIL)
    if last in "摄攝影道" and tail.endswith(_BY_ENDS):
        patterns.append(_BY_TAIL)
    words = tail.rstrip("。") if last == "。" else tail
    if words[-1:] in _ENDS and words.endswith(rules.PHOTO_ENDS):
        patterns.append(_STOCK_TAIL)
    for pattern in patterns:
        match = pattern.search(tail)
        if match and at + match.start():
            return match
    return None


_CLOSERS = frozenset(")）]】")
_LONGEST_STOPPED = 100
"""Characters; a longer line that ends in a full stop is no caption."""
_ENDS = frozenset(words[-1] for words in rules.PHOTO_ENDS)
_BEFORE_STOP = _CLOSERS | _ENDS | {"", "。"}
"""What may stand before the full stop of a line that ends with a photo credit."""
_BY_ENDS = ("摄", "攝", "摄影", "攝影", "摄影报道")


def has_credit(text: str) -> bool:
    """Tell whether the text ends with a photo credit that nothing else could be."""
    caption = split_credit(text)
    return bool(caption.credit) and not caption.weak


def is_photo_credit(text: str) -> bool:
    """Tell whether the whole line is a photo credit."""
    return len(text) <= _TAIL and split_credit(f"图。{text}").text == "图。"


_WHOSE = re.compile(r"[（(]?(?:[图圖]取?自|[图圖]源自?|(?:图片|圖片|照片)[来來](?:源|自)|©)[^。！？]{1,60}")


def is_whose_photo(text: str) -> bool:
    """Tell whether the line says whose a photo is, and not what it shows: （圖取自…）."""
    return text[0] in "图圖照（(©" and _WHOSE.fullmatch(text) is not None


_ISSUED = re.compile(r"[^\s。！？，]{2,8}[发發]")


def _credit_in_brackets(text: str, start: int, credit: str, weak: bool) -> Caption:
    """Return the caption; 新华社发（张三摄） is one credit, brackets and all."""
    caption = text[:start].rstrip()
    if _ISSUED.fullmatch(caption):
        return Caption("", text.strip(), "")
    issued = re.search(r"(?<=[\s。！？])[^\s。！？，]{2,8}[发發]$", caption)
    if issued:
        return Caption(caption[: issued.start()].rstrip(), text[issued.start() :].strip(), "")
    if not caption:
        return Caption(text, "", "")
    marks = "".join(text[start:].split()).replace("".join(credit.split()), "", 1)
    return Caption(caption, credit, marks, weak)


def _is_credit(words: str) -> bool:
    return (
        words.startswith(rules.PHOTO_BRACKETED_STARTS)
        or words.endswith(rules.PHOTO_ENDS)
        or _FOREIGN.search(words) is not None
    )


class Marked(NamedTuple):
    """A line that a marker divides: {before} ảnh 1{after}."""

    before: str
    marker: str
    after: str


def split_marker(text: str, expected: int) -> Marked | None:
    """Return the line divided at its marker.

    The number is glued to the caption (`ảnh 22022年…` is photo 2), so only the expected number is taken off, or else
    one digit.
    """
    match = find_marker(text)
    if match is None:
        return None
    number = str(expected)
    end = match.end() + (len(number) if text.startswith(number, match.end()) else 1)
    return Marked(text[: match.start()].rstrip(), text[match.start() : end], text[end:].strip())
