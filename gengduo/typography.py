"""How Chinese text is set, and how titles are compared.

`full_width` is for what a reader sees, `fold_key` and `fold_title` for what the program compares.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Protocol

FULL_WIDTH = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）"}

# Ideographs with their extensions, 〇 and 々, the punctuation that only stands in Chinese text, and curly quotes.
_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CHINESE_MARK = "\u3001\u3002\u3008-\u3011\u3014\u3015\uff01\uff08\uff09\uff0c\uff0f\uff1a\uff1b\uff1f“”‘’…—·￥％"
_BESIDE = re.compile(f"[{_HAN}{_CHINESE_MARK}]")
_URL = r"(?:(?:https?|ftp)://|www\.)[!-~]*[A-Za-z0-9/_#=&~-]"
# Marks that touch are widened together or not at all. An address is swallowed whole, its marks are never seen.
_MARKS = re.compile(rf"(?P<url>{_URL})|[,:;?!()]+(?: [,:;?!()]+)*", re.IGNORECASE)
_WIDEN = str.maketrans(FULL_WIDTH)
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_SPACE_BY_MARK = re.compile(r"(?<=[，：；？！（）、。])[ ]|[ ](?=[，：；？！）、。])|(?<=[^\x00-\x7f])[ ](?=（)")
_NOT_KEPT = re.compile(r"[\W_]+")


def full_width(text: str) -> str:
    """Return the text with `，：；？！（）` for ASCII marks that stand beside Han; numbers, times and URLs stay.

    Runs of spaces become one plain space, and none is left beside a mark that brings its own. Both brackets of a pair
    are widened where one is. Linear, and idempotent. The lines of a text have nothing to do with each other, so that
    many short texts can be set in one call.
    """
    spaced = _widen_after_han(_SPACES.sub(" ", text))
    runs = [match for match in _MARKS.finditer(spaced) if not match["url"]]
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


def _widen_after_han(text: str) -> str:
    """Return the text with each mark that follows Han widened: most are so, and need no look at what follows them."""
    for mark, wide in FULL_WIDTH.items():
        if mark not in "()" and mark in text:
            first, *parts = text.split(mark)
            pieces = [first]
            before = first
            for part in parts:
                pieces.append(wide if before and _BESIDE.match(before[-1]) else mark)
                pieces.append(part)
                before = part
            text = "".join(pieces)
    return text


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


def fold_key(text: str) -> str:
    """Return the letters and digits of the text, width and case folded: equal for titles that say the same.

    A text of marks alone is its own key.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_KEPT.sub("", folded) or folded.strip()


def fold_title(text: str) -> str:
    """Return `fold_key` of the text in Simplified characters: equal for a title in either script."""
    return fold_key(_simplifier().convert(text))


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _simplifier() -> _Converter:
    """Return the converter of this process; it loads its dictionaries once, when the first title is folded."""
    from opencc import OpenCC

    converter: _Converter = OpenCC("t2s")
    return converter
