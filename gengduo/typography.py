"""How Chinese text is set, and how titles are compared.

`full_width` is for what a reader sees, `fold_key` and `fold_title` for what the program compares.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Protocol

FULL_WIDTH = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）"}

# Ideographs with their extensions, 〇 and 々, the punctuation that only stands in Chinese text, and curly quotes.
_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CHINESE_MARK = "\u3001\u3002\u3008-\u3011\u3014\u3015\uff01\uff08\uff09\uff0c\uff0f\uff1a\uff1b\uff1f“”‘’…—·￥％"
_BESIDE = re.compile(f"[{_HAN}{_CHINESE_MARK}]")
_URL = r"(?:(?:https?|ftp)://|www\.)[!-~]*[A-Za-z0-9/_#=&~-]"
# Marks that touch are widened together or not at all. (The first is a class of its own so that the search is quick.)
_MARKS = re.compile(r"[,:;?!()][,:;?!()]*(?: [,:;?!()]+)*")
# An address is swallowed whole, its marks are never seen.
_URL_OR_MARKS = re.compile(rf"(?P<url>{_URL})|{_MARKS.pattern}", re.IGNORECASE)
_WIDEN = str.maketrans(FULL_WIDTH)
_AFTER_HAN = {
    # The mark first and what stands before it second: so the search jumps from mark to mark.
    mark: (re.compile(rf"{re.escape(mark)}(?<=[{_HAN}{_CHINESE_MARK}]{re.escape(mark)})"), wide)
    for mark, wide in FULL_WIDTH.items()
    if mark not in "()"
}
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_ODD_SPACE = re.compile(r"[\t\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_SPACE_BY_MARK = re.compile(r" (?:(?<=[，：；？！（）、。] )|(?=[，：；？！）、。])|(?<=[^\x00-\x7f] )(?=（))")
_IDEOGRAPHS = "\u4e00\u9fff"
"""First and last of those that folding leaves as they are."""
_PLAIN = re.compile("[0-9a-z\u4e00-\u9fff]+")
"""What folding leaves as it is."""
_NOT_KEPT = re.compile(r"[\W_]+")


def full_width(text: str) -> str:
    """Return the text with `，：；？！（）` for ASCII marks that stand beside Han; numbers, times and URLs stay.

    Runs of spaces become one plain space, and none is left beside a mark that brings its own. Both brackets of a pair
    are widened where one is. Linear, and idempotent. The lines of a text have nothing to do with each other, so that
    many short texts can be set in one call.
    """
    spaced = _SPACES.sub(" ", text) if "  " in text or _ODD_SPACE.search(text) else text
    # Most marks follow Han: they need no look at what follows them.
    for mark, (pattern, wide_mark) in _AFTER_HAN.items():
        if mark in spaced:
            spaced = pattern.sub(wide_mark, spaced)
    runs = _find_marks(spaced)
    if runs:
        wide = _spread_to_partners(spaced, runs, [_is_beside_han(spaced, *match.span()) for match in runs])
        pieces: list[str] = []
        done = 0
        for match, widened in zip(runs, wide, strict=True):
            pieces.append(spaced[done : match.start()])
            pieces.append(match[0].translate(_WIDEN) if widened else match[0])
            done = match.end()
        pieces.append(spaced[done:])
        spaced = "".join(pieces)
    return _SPACE_BY_MARK.sub("", spaced) if " " in spaced else spaced


def _find_marks(text: str) -> list[re.Match[str]]:
    """Return the runs of ASCII marks outside addresses."""
    if "//" in text or "w." in text or "W." in text:
        return [match for match in _URL_OR_MARKS.finditer(text) if not match["url"]]
    return list(_MARKS.finditer(text))


def _is_beside_han(text: str, start: int, end: int) -> bool:
    """Tell whether marks touch Han or a Chinese mark, over at most one space."""
    before = (
        text[start - 2 : start - 1] if text[start - 1 : start] == " " and start > 1 else text[max(0, start - 1) : start]
    )
    after = text[end + 1 : end + 2] if text[end : end + 1] == " " else text[end : end + 1]
    return bool((before and _BESIDE.match(before)) or (after and _BESIDE.match(after)))


def _spread_to_partners(text: str, runs: list[re.Match[str]], wide: list[bool]) -> list[bool]:
    """Return which runs are widened when each bracket takes its partner along."""
    partners: list[list[int]] = [[] for _ in runs]
    opened: list[int] = []
    for at, match in enumerate(runs):
        if opened and "\n" in text[runs[at - 1].end() : match.start()]:
            opened.clear()
        for mark in match[0]:
            if mark == "(":
                opened.append(at)
            elif mark == ")" and opened:
                opener = opened.pop()
                partners[opener].append(at)
                partners[at].append(opener)
    waiting = [at for at, widened in enumerate(wide) if widened]
    while waiting:
        for partner in partners[waiting.pop()]:
            if not wide[partner]:
                wide[partner] = True
                waiting.append(partner)
    return wide


@lru_cache(maxsize=256)  # each part of the parser asks it about the same headline
def fold_key(text: str) -> str:
    """Return the letters and digits of the text, width and case folded: equal for titles that say the same.

    A text of marks alone is its own key.
    """
    if _PLAIN.fullmatch(text):
        return text
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_KEPT.sub("", folded) or folded.strip()


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts have the same `fold_key`; most differ in their first ideograph already."""
    first, second = one[:1], other[:1]
    if first != second and _IDEOGRAPHS[0] <= first <= _IDEOGRAPHS[1] and _IDEOGRAPHS[0] <= second <= _IDEOGRAPHS[1]:
        return False
    return one == other or fold_key(one) == fold_key(other)


def fold_title(text: str) -> str:
    """Return `fold_key` of the text in Simplified characters: equal for a title in either script."""
    return fold_key(_simplifier().convert(text))


def fold_titles(texts: Sequence[str]) -> tuple[str, ...]:
    """Return `fold_title` of each text; converted in one call, which costs more than so few words."""
    lines = _simplifier().convert("\n".join(texts)).split("\n")
    return tuple(map(fold_key, lines)) if len(lines) == len(texts) else tuple(map(fold_title, texts))


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _simplifier() -> _Converter:
    """Return the converter of this process; it loads its dictionaries once, when the first title is folded."""
    from opencc import OpenCC

    converter: _Converter = OpenCC("t2s")
    return converter
