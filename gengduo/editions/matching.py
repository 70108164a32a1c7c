"""Finding many words at once, leftmost-longest, and keeping what they are replaced by apart from the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

import ahocorasick_rs

Span = tuple[int, int, str]
"""(start, end, the words to print there)."""

MASK = "\ue000"
"""Stands for each character that is decided already. OpenCC and the word lists know nothing of it; what it stands for
is found by its place, so a text may hold the same character itself."""


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


def mask(text: str, spans: Iterable[Span]) -> str:
    """Return a text of the same length in which the spans are out of everyone's sight."""
    pieces: list[str] = []
    done = 0
    for start, end, _ in spans:
        pieces += text[done:start], MASK * (end - start)
        done = end
    if not done:
        return text
    pieces.append(text[done:])
    return "".join(pieces)


class Placed:
    """A converted text that still knows which of its parts came from where in the source."""

    __slots__ = ("_base", "_cuts")

    def __init__(self, base: str, spans: Sequence[Span]) -> None:
        """Take a text converted one character for one, and the words that replace parts of it."""
        pieces: list[str] = []
        done = 0
        for start, end, words in spans:
            if end - start == len(words):
                pieces += base[done:start], words
                done = end
        self._base = "".join((*pieces, base[done:])) if done else base
        self._cuts = [span for span in spans if span[1] - span[0] != len(span[2])]

    def part(self, start: int, end: int) -> str:
        """Return what came from this part of the source; words that changed their length stay where they began."""
        if not self._cuts:
            return self._base[start:end]
        return "".join(self._pieces(start, end))

    def _pieces(self, start: int, end: int) -> Iterator[str]:
        done = start
        for cut_start, cut_end, words in self._cuts:
            if cut_end <= start:
                continue
            if cut_start >= end:
                break
            if cut_start >= start:
                yield self._base[done:cut_start]
                yield words
            done = cut_end
        yield self._base[done:end]


def merged(*groups: Iterable[Span]) -> list[Span]:
    """Return the spans of all groups in order; they must not overlap."""
    return sorted((span for group in groups for span in group), key=itemgetter(0))
