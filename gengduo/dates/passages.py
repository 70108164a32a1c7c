"""Parts of a story that may speak of its date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from gengduo.dates.mentions import Mention

_REACH = 200
"""Characters; no sentence of news reaches further on either side of a date."""
PassageKind = Literal["stamp", "code", "dateline", "headline", "lede", "body", "caption"]


class Passage(NamedTuple):
    """A part of a story that may speak of its date."""

    kind: PassageKind
    line: int
    text: str


class Scanned(NamedTuple):
    """A passage with the dates that it names."""

    passage: Passage
    mentions: tuple[Mention, ...]

    def before(self, mention: Mention, length: int = 10) -> str:
        """Return the words before a date."""
        return self.passage.text[max(0, mention.start - length) : mention.start]

    def after(self, mention: Mention, length: int = 24) -> str:
        """Return the words behind a date."""
        return self.passage.text[mention.end : mention.end + length]

    def sentence(self, mention: Mention) -> tuple[str, int]:
        """Return the sentence around a date and where it begins."""
        text = self.passage.text
        low, high = max(0, mention.start - _REACH), mention.end + _REACH
        start = max(low, max(text.rfind(stop, low, mention.start) for stop in "。！？；") + 1)
        ends = [at for stop in "。！？；" if (at := text.find(stop, mention.end, high)) >= 0]
        return text[start : min(ends, default=high)], start

    def quote(self, start: int, end: int) -> str:
        """Return words as evidence: `“2018-2021年阶段” (line 18)`."""
        return f"“{self.passage.text[start:end].strip()}” (line {self.passage.line})"


class Story(NamedTuple):
    """What a story says that may tell its date."""

    passages: Sequence[Scanned]
    dated: Sequence[Scanned]
    """Those of them that name a date."""
    words: str
    """Of all of them, one a line: one look tells whether a word stands anywhere."""


class Vote(NamedTuple):
    """A year and the words that speak for it."""

    year: int
    quote: str
    strong: bool = True


def lone_years(scanned: Scanned) -> Iterator[Mention]:
    """Yield the years that stand without month and day."""
    return (
        mention
        for mention in scanned.mentions
        if mention.first.year and not mention.first.month and mention.first == mention.last
    )


_STOP = re.compile("[，。；！？、,;!?:：（）()“”《》\n]")


def clause_end(text: str, at: int, limit: int = 12) -> int:
    """Return the end of the clause that goes on at this place, at most so many characters on."""
    stop = _STOP.search(text, at, at + limit)
    return stop.start() if stop else min(at + limit, len(text))
