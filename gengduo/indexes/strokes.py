"""The order by strokes, in which readers of Traditional look for a name."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

MANY = 99
"""Strokes of a character that the table lacks: it stands last."""


def by_strokes(name: str) -> list[tuple[int, str]]:
    """Return the key that sorts names by strokes, character for character; what is no Han stands first."""
    strokes = _strokes()
    return [(0 if sign < "\u2e80" else strokes.get(sign, MANY), sign) for sign in name]


@cache
def _strokes() -> dict[str, int]:
    rows = files(__package__).joinpath("data", "strokes.tsv").read_text(encoding="utf-8").splitlines()
    parts = (row.split("\t") for row in rows if not row.startswith("#"))
    return {character: int(count) for count, characters in parts for character in characters}
