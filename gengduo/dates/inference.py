"""placeholder replaced below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

PassageKind = Literal["stamp", "code", "dateline", "headline", "lede", "body", "caption"]


class Passage(NamedTuple):
    """A part of a story that may speak of its date."""

    kind: PassageKind
    line: int
    text: str


class DateReading(NamedTuple):
    """A date and the words that it was read from."""

    edtf: str = ""
    basis: tuple[str, ...] = ()


def infer_date(passages: Sequence[Passage], day_first: bool = False) -> DateReading:
    """Return the day a story belongs to."""
    return DateReading()
