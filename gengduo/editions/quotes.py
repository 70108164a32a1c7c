"""Quotation marks of one script turned into those of the other, by depth.

GB/T 15834 puts “ ” outside and ‘ ’ inside; the Traditional standards of Taiwan and Hong Kong put 「 」 outside and
『 』 inside. A paragraph whose marks do not pair is left as it is.
"""

from __future__ import annotations

import re

from gengduo.model import Script

_MARKS = {"Hant": re.compile("[“”‘’]"), "Hans": re.compile("[「」『』]")}
_OPEN = {"“": "”", "‘": "’", "「": "」", "『": "』"}
_TARGET = {"Hant": ("「」", "『』"), "Hans": ("“”", "‘’")}


def convert_quotes(text: str, script: Script) -> list[tuple[int, str]] | None:
    """Return (offset, new mark) for one paragraph that goes into this script; None where the marks do not pair."""
    changes: list[tuple[int, str]] = []
    awaited: list[str] = []
    for found in _MARKS[script].finditer(text):
        offset, mark = found.start(), found.group()
        if mark == "’" and _is_apostrophe(text, offset, awaited):
            continue
        if mark in _OPEN:
            changes.append((offset, _TARGET[script][len(awaited) % 2][0]))
            awaited.append(_OPEN[mark])
        elif awaited and awaited[-1] == mark:
            awaited.pop()
            changes.append((offset, _TARGET[script][len(awaited) % 2][1]))
        else:
            return None
    return None if awaited else changes


def first_mark(text: str, start: int, script: Script) -> int:
    """Return the offset of the first mark from here that may have to change, −1 where there is none."""
    found = _MARKS[script].search(text, start)
    return found.start() if found else -1


def _is_apostrophe(text: str, offset: int, awaited: list[str]) -> bool:
    """Tell whether a ’ belongs to a word (don’t, O’Brien, players’, ’90s) and closes nothing."""
    before, after = text[offset - 1 : offset], text[offset + 1 : offset + 2]
    if _latin(before) and _latin(after):
        return True
    return "’" not in awaited and (_latin(before) or _latin(after))


def _latin(character: str) -> bool:
    return character.isalnum() and character < "\u0250"
