"""Finding many words at once, leftmost-longest, and keeping what they are replaced by apart from the text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import itemgetter

import ahocorasick_rs

Span = tuple[int, int, str]
"""(start, end, the words to print there)."""

MASK = "\ue000"
"""Stands for each character that is decided already. OpenCC and the word lists know nothing of it; what it stands for
is found by its place; where a text holds the same character itself, that is masked too."""


class Matcher:
    """A dictionary that finds its words in a text."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """Take source → target; of overlapping words the leftmost holds, of those the longest."""
        self._targets = list(words.values())
        self._automaton = (
            ahocorasick_rs.AhoCorasick(
                list(words),
                matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
                implementation=ahocorasick_rs.Implementation.DFA
                if len(words) < 2000
                else ahocorasick_rs.Implementation.ContiguousNFA,
            )
            if words
            else None
        )

    def spans(self, text: str) -> list[Span]:
        """Return the words found, in order, none overlapping another."""
        if self._automaton is None:
            return []
        targets = self._targets
        return [(start, end, targets[index]) for index, start, end in self._automaton.find_matches_as_indexes(text)]


def mask(text: str, spans: Sequence[Span]) -> str:
    """Return a text of the same length in which the spans are out of everyone's sight."""
    if not spans:
        return text
    parts: list[str] = []
    done = 0
    for start, end, _ in spans:
        parts += text[done:start], MASK * (end - start)
        done = end
    parts.append(text[done:])
    return "".join(parts)


class Placed:
    """A converted text that still knows which of its parts came from where in the source."""

    __slots__ = ("_base", "_cuts")

    def __init__(self, pieces: list[str], spans: Sequence[Span]) -> None:
        """Take what stands between the spans, converted one character for one, and the words that they become."""
        self._cuts = [span for span in spans if span[1] - span[0] != len(span[2])]
        words = [span[2] for span in spans]
        if self._cuts:
            words = [form if end - start == len(form) else MASK * (end - start) for start, end, form in spans]
        parts = [""] * (len(pieces) + len(words))
        parts[::2], parts[1::2] = pieces, words
        self._base = "".join(parts)

    def part(self, start: int, end: int) -> str:
        """Return what came from this part of the source; words that changed their length stay where they began."""
        first = bisect_right(self._cuts, start, key=itemgetter(1)) if self._cuts else 0
        if first == len(self._cuts) or self._cuts[first][0] >= end:
            return self._base[start:end]
        return "".join(self._pieces(start, end, first))

    def _pieces(self, start: int, end: int, first: int) -> Iterator[str]:
        done = start
        for cut_start, cut_end, words in islice(self._cuts, first, None):
            if cut_start >= end:
                break
            if cut_start >= start:
                yield self._base[done:cut_start]
                yield words
            done = cut_end
        yield self._base[done:end]


def between(text: str, spans: Sequence[Span]) -> list[str]:
    """Return what stands before, between and after the spans."""
    pieces: list[str] = []
    done = 0
    for start, end, _ in spans:
        pieces.append(text[done:start])
        done = end
    pieces.append(text[done:])
    return pieces


def merged(*groups: Sequence[Span]) -> list[Span]:
    """Return the spans of all groups in order; each group is in order, and no two spans overlap."""
    filled = [group for group in groups if group]
    spans = list(chain.from_iterable(filled))
    if len(filled) > 1:
        spans.sort(key=itemgetter(0))
    return spans


def find_words(text: str, words: Mapping[str, str], start: int, stop: int) -> list[Span]:
    """Return what a Matcher would find in a part of a text; a few words of one article are not worth an automaton."""
    found = [(at, -len(word), form) for word, form in words.items() for at in _places(text, word, start, stop)]
    spans: list[Span] = []
    done = start
    for at, length, form in sorted(found):
        if at >= done:
            done = at - length
            spans.append((at, done, form))
    return spans


def _places(text: str, word: str, start: int, stop: int) -> Iterator[int]:
    at = text.find(word, start, stop)
    while at >= 0:
        yield at
        at = text.find(word, at + 1, stop)
