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
_URL = re.compile(r"(?:https?|ftp)://[!-~]*|www\.[!-~]+", re.IGNORECASE)
# One alternative swallows an address whole, so that the marks inside it are never seen.
_MARK = re.compile(rf"(?P<url>{_URL.pattern})|[,:;?!()]", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_SPACE_BY_MARK = re.compile(r"(?<=[，：；？！（）、。])[ ]|[ ](?=[，：；？！）、。])|(?<=[^\x00-\x7f])[ ](?=（)")
_NOT_KEPT = re.compile(r"[\W_]+")


def full_width(text: str) -> str:
    """Return the text with `，：；？！（）` for ASCII marks that stand beside Han; numbers, times and URLs stay.

    Runs of spaces become one plain space, and none is left beside a mark that brings its own. Linear, and idempotent.
    """
    spaced = _SPACES.sub(" ", text)
    pieces: list[str] = []
    opened: list[tuple[int, bool]] = []  # where in `pieces` each open bracket is, and whether it was widened
    done = 0
    for match in _MARK.finditer(spaced):
        start, end = match.span()
        pieces.append(spaced[done:start])
        done = end
        mark = match[0]
        if match["url"]:
            pieces.append(mark)
            continue
        wide = _is_beside_han(spaced, start)
        if mark == "(":
            opened.append((len(pieces), wide))
        elif mark == ")" and opened:
            at, opener_is_wide = opened.pop()
            if wide and not opener_is_wide:
                pieces[at] = "（"
            wide = wide or opener_is_wide
        pieces.append(FULL_WIDTH[mark] if wide else mark)
    pieces.append(spaced[done:])
    return _SPACE_BY_MARK.sub("", "".join(pieces))


def _is_beside_han(text: str, at: int) -> bool:
    """Tell whether the mark at this place touches Han, over at most one space and no other mark."""
    before = text[at - 1] if at else ""
    if before == " " and at > 1:
        before = text[at - 2]
    after = text[at + 1 : at + 2]
    if after == " ":
        after = text[at + 2 : at + 3]
    return bool((before and _BESIDE.match(before)) or (after and _BESIDE.match(after)))


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
