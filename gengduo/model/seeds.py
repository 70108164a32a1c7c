"""What was read in a dump, line by line."""

from __future__ import annotations

from typing import Literal

from gengduo.errors import Problem
from gengduo.model.base import Value


class SeedParagraph(Value, frozen=True, kw_only=True):
    """A paragraph of a dump's body, punctuation as in the dump, dateline and credit cut off."""

    text: str
    line: int


class SeedFigure(Value, frozen=True, kw_only=True):
    """A photo that the dump tells of; it stands in `blocks` where its line stood."""

    caption: str
    """What is seen, without the credit."""
    credit: str = ""
    """图自越通社, as it stands, without brackets or end stop."""
    line: int


class SeedTeaser(Value, frozen=True, kw_only=True):
    """A story that the dump only announces, in its 更多 block or in brackets inside its body."""

    title: str
    caption: str = ""
    """Empty where it says no more than the title."""
    lede: str = ""
    incomplete: bool = False
    """The crawler cut it off."""
    date: str = ""
    """EDTF, inferred from the teaser's own text; empty where nothing is known."""
    line: int


class LeftOut(Value, frozen=True, kw_only=True):
    """A line, or a part of one, that does not reach the page."""

    line: int
    text: str
    reason: str
    mark: bool = False
    """A bracket, a dash, a repeated line: the page shows its sense in another way, nobody needs to look at it."""


class Sidecar(Value, frozen=True, kw_only=True):
    """What an editor states about a dump in the file beside it; it wins over what is read in the dump."""

    url: str = ""
    """Address of the story where it was first published."""
    date: str = ""
    """EDTF."""
    title: str = ""
    source: str = ""
    """Who published it."""


HeadlineFrom = Literal["line", "caption", "body", "sidecar"]


class Seed(Value, frozen=True, kw_only=True):
    """A dump, read: every character that is not white space is in one of these fields."""

    name: str
    """Path under `seeds/`."""
    headline: str
    headline_from: HeadlineFrom = "line"
    lede: str = ""
    dateline: str = ""
    """Without dash and brackets; stacked ones joined by ／."""
    byline: str = ""
    credit: str = ""
    """Without brackets."""
    blocks: tuple[SeedParagraph | SeedFigure, ...]
    teasers: tuple[SeedTeaser, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[Problem, ...] = ()
    date: str = ""
    """EDTF; empty where nothing is known."""
    date_basis: tuple[str, ...] = ()
    """The evidence: `“8月12日在河内召开” (line 3)`."""
