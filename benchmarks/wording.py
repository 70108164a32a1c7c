"""The words of the sample corpus: patterns with slots, cut into parts, and the stream of choices that fills them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

Part = str | tuple[str] | tuple[float, float, int] | tuple[int]
"""Of a pattern: literal text, a slot's name, a range of numbers with its decimals, or an offset to the story's year."""
Pattern = tuple[Part, ...]
Bound = dict[str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Words:
    """`corpus.toml`, its patterns cut into parts."""

    topics: tuple[dict[str, Any], ...]
    places: tuple[dict[str, str], ...]
    countries: tuple[dict[str, str], ...]
    people: tuple[dict[str, str], ...]
    organisations: tuple[dict[str, str], ...]
    events: tuple[dict[str, tuple[Pattern, ...]], ...]
    body: dict[str, tuple[Pattern, ...]]
    captions: dict[str, tuple[Pattern, ...]]
    slots: dict[str, tuple[Pattern, ...]]


class Draw:
    """A stream of choices named by a text."""

    def __init__(self, name: str) -> None:
        self.random = Random(name).random

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return choices[int(self.random() * len(choices))]

    def between(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return low + int(self.random() * (high - low + 1))

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        """Return so many different ones of the choices, in the order drawn."""
        rest = list(choices)
        return [rest.pop(int(self.random() * len(rest))) for _ in range(min(count, len(rest)))]

    def weighted(self, shares: Sequence[tuple[T, float]]) -> T:
        """Return one of the choices, each as often as its share says."""
        value = self.random()
        for choice, share in shares:
            value -= share
            if value < 0:
                return choice
        return shares[-1][0]


# ---------------------------------------------------------------------------------------------------------- patterns


def cut_pattern(text: str) -> Pattern:
    """Return the parts of a pattern: `{place}`, `{2..60}`, `{1.1..9.9}`, `{year-3}` and the text between them."""
    parts: list[Part] = []
    for index, piece in enumerate(re.split(r"[{}]", text)):
        if index % 2 == 0:
            parts += [piece] if piece else []
        elif match := re.fullmatch(r"(\d+(?:\.(\d+))?)\.\.(\d+(?:\.\d+)?)", piece):
            parts.append((float(match[1]), float(match[3]), len(match[2] or "")))
        elif match := re.fullmatch(r"year([+-]\d+)", piece):
            parts.append((int(match[1]),))
        else:
            parts.append((piece,))
    return tuple(parts)


@cache
def load_words() -> Words:
    """Return the words of the corpus."""
    with (Path(__file__).parent / "corpus.toml").open("rb") as file:
        table = tomllib.load(file)

    def cut(lists: dict[str, list[str]]) -> dict[str, tuple[Pattern, ...]]:
        return {name: tuple(map(cut_pattern, texts)) for name, texts in lists.items()}

    return Words(
        topics=tuple(table["topic"]),
        places=tuple(table["place"]),
        countries=tuple(table["country"]),
        people=tuple(table["person"]),
        organisations=tuple(table["organisation"]),
        events=tuple(map(cut, table["event"])),
        body=cut(table["body"]),
        captions=cut(table["captions"]),
        slots=cut(table["slots"]),
    )


def fill(pattern: Pattern, bound: Bound, draw: Draw) -> str:
    """Return the pattern with its slots filled: from what is bound, else drawn anew from the lists."""
    slots = load_words().slots
    told: list[str] = []
    for part in pattern:
        if isinstance(part, str):
            told.append(part)
        elif len(part) == 3:
            low, high, decimals = part
            value = low + draw.random() * (high - low)
            told.append(f"{value:.{decimals}f}" if decimals else str(draw.between(int(low), int(high))))
        elif isinstance(name := part[0], int):
            told.append(str(int(bound["year"]) + name))
        elif name in bound:
            told.append(bound[name])
        else:
            told.append(fill(draw.pick(slots[name]), bound, draw))
    return "".join(told)
