"""Marks in a text that overrule the conversion in one place.

- `-{后}-`: these words as they are, in every edition
- `-{后|後}-`: the left in Simplified, the right in Traditional
- `-{{`: the two characters `-{` themselves
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gengduo.model import Script

_MARK = re.compile(r"-\{(?:\{|([^{}|\n]*)(?:\|([^{}|\n]*))?\}-)")


def find_overrides(text: str, script: Script) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, words to print) for each mark, in order."""
    if "-{" not in text:
        return
    for mark in _MARK.finditer(text):
        hans, hant = mark.groups()
        words = hans if hant is None or script == "Hans" else hant
        yield mark.start(), mark.end(), "-{" if words is None else words


def escape_overrides(text: str) -> str:
    """Return the text so written that no part of it reads as a mark: for words that come from a dump."""
    return text.replace("-{", "-{{") if "-{" in text else text
