"""The proof that an import lost nothing: what stands in a dump against what stands in its `Seed`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gengduo.model import LeftOut, Seed, SeedFigure

JOINER = "／"
"""Stands between stacked datelines, several credits, several bylines."""


def unaccounted(text: str, seed: Seed) -> tuple[LeftOut, ...]:
    """Return the characters of the dump that are neither in a field of the seed nor in its `left_out`.

    Characters are counted, white space apart; each missing one is reported at the last of its places.
    """
    rest, pieces = without(text, _pieces(seed))
    missing = Counter(rest)
    missing.subtract(Counter(pieces))
    if not any(count > 0 for count in missing.values()):
        return ()
    lost: list[LeftOut] = []
    rows = text.split("\n")
    for number in range(len(rows), 0, -1):
        here = []
        for character in "".join(rows[number - 1].split()):
            if missing[character] > 0:
                missing[character] -= 1
                here.append(character)
        if here:
            lost.append(LeftOut(line=number, text="".join(here), reason="not accounted for"))
    return tuple(reversed(lost))


def without(text: str, pieces: Iterable[str]) -> tuple[str, str]:
    """Return the characters that are left of a text when pieces are taken out of it, and of those not found in it.

    White space apart; how often a character stands in one oftener than in the other stays the same.
    """
    rest = "".join(text.split())
    strange = []
    for piece in sorted(("".join(piece.split()) for piece in pieces), key=len, reverse=True):
        shorter = rest.replace(piece, "", 1)
        if len(shorter) == len(rest):
            strange.append(piece)
        rest = shorter
    return rest, "".join(strange)


def _pieces(seed: Seed) -> Iterator[str]:
    """Yield every text of the seed that comes from the dump."""
    if seed.headline_from in ("line", "caption"):
        yield seed.headline
    yield from (seed.lede, seed.dateline, seed.byline, seed.credit)
    for block in seed.blocks:
        if isinstance(block, SeedFigure):
            yield block.caption
            yield block.credit
        else:
            yield block.text
    for teaser in seed.teasers:
        yield from (teaser.title, teaser.caption, teaser.lede)
    for out in seed.left_out:
        yield out.text
