"""Where in a page some words stand, and which word a character belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import rjieba

_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_HAN_RUNS = re.compile(f"{_HAN.pattern}+")
_STOPS = "。！？；\n"
_AROUND = ((12, 12), (5, 5), (2, 2), (1, 1), (0, 2), (2, 0), (0, 1), (1, 0), (0, 0))
"""Characters before and after a place by which it is looked for in the file: Markdown may have put marks between."""

LONGEST = 8
"""Characters of a word in its surroundings; a longer row would hit nothing else."""


def han_in(text: str) -> int:
    """Return how many Chinese characters a text holds."""
    return sum(map(len, _HAN_RUNS.findall(text)))


def place_of(lines: Sequence[str], text: str, offset: int) -> int:
    """Return the line of a file in which this place of a text stands; the first where none can be told."""
    for before, after in _AROUND:
        window = text[max(0, offset - before) : offset + after + 1].strip()
        found = next((number for number, line in enumerate(lines, 1) if window and window in line), 0)
        if found:
            return found
    return 1


def sentence_at(text: str, offset: int) -> tuple[int, int]:
    """Return where the sentence around a place begins and ends, its stop left out."""
    start = max(text.rfind(stop, 0, offset) for stop in _STOPS) + 1
    ends = [end for end in (text.find(stop, offset) for stop in _STOPS) if end >= 0]
    return start, min(ends, default=len(text))


def word_around(text: str, offset: int) -> tuple[int, int]:
    """Return where the word around a character begins and ends: two Chinese characters at least, if it can be.

    A character that is a word by itself takes the next word along, or the one before it.
    """
    first, last = sentence_at(text, offset)
    spans = []
    at = first
    for word in rjieba.cut(text[first:last]):
        spans.append((at, at + len(word)))
        at += len(word)
    index = next((number for number, (_, end) in enumerate(spans) if offset < end), 0)
    start, end = spans[index] if spans else (offset, offset + 1)
    if end - start > 1:
        return start, end
    if index + 1 < len(spans) and _is_han(text, *spans[index + 1]):
        return start, spans[index + 1][1]
    if index and _is_han(text, *spans[index - 1]):
        return spans[index - 1][0], end
    return start, end


def wider(sentence: str, words: str) -> Iterator[str]:
    """Yield words with more and more of the Chinese characters around them in a sentence, themselves first."""
    yield words
    start = sentence.find(words)
    if start < 0:
        return
    end = start + len(words)
    left, right = start, end
    while right < len(sentence) and _HAN.match(sentence[right]):
        right += 1
    while left and _HAN.match(sentence[left - 1]):
        left -= 1
    for extra in range(1, LONGEST - len(words) + 1):
        for more_left in range(extra + 1):
            begin, stop = start - more_left, end + extra - more_left
            if begin >= left and stop <= right:
                yield sentence[begin:stop]


def _is_han(text: str, start: int, end: int) -> bool:
    return all(_HAN.match(character) for character in text[start:end])
