"""A line of a story with what it is."""

from __future__ import annotations

from typing import Literal, NamedTuple

from gengduo.seeds.lines import Line

PartKind = Literal[
    "text",
    "noise",
    "footer",
    "stamp",
    "photo",
    "dateline",
    "bracket",
    "caption",
    "credit",
    "byline",
    "source",
    "photo_credit",
]


class Part(NamedTuple):
    """A line with its role, as far as the line alone tells it."""

    kind: PartKind
    line: Line
    reason: str = ""
    """Why noise is noise."""
