"""Years that the seasons tell: the names of years, the Spring Festival, the year of schools."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from gengduo.dates import cues
from gengduo.dates.edtf import Day
from gengduo.dates.passages import Scanned, Vote, clause_end, lone_years

_STEMS = re.compile(f"[{cues.STEMS}][{cues.BRANCHES}]")
_FEW = 8
"""Names of years that are looked at; a story has one or two."""


def school_votes(scanned: Scanned, chosen: Day) -> Iterator[Vote]:
    """2018-2019学年: its first year in autumn, its last in spring."""
    for mention in scanned.mentions:
        if mention.last.year == mention.first.year + 1 and cues.SCHOOL_YEAR.match(scanned.after(mention)):
            year = mention.first.year if chosen.month >= 8 else mention.last.year
            yield Vote(year, scanned.quote(mention.start, clause_end(scanned.passage.text, mention.end)), strong=False)


def names_years(text: str) -> bool:
    """Tell, at little cost, whether the text may call a year by one of the sixty names."""
    return _STEMS.search(text) is not None


def sexagenary_votes(scanned: Scanned, chosen: Day) -> Iterator[Vote]:
    """戊戌年春节 is that of 2018."""
    for match in islice(cues.SEXAGENARY.finditer(scanned.passage.text), _FEW):
        stem, branch = cues.STEMS.index(match["name"][0]), cues.BRANCHES.index(match["name"][1])
        if stem % 2 != branch % 2 or (match["feast"] == "年" and scanned.passage.kind not in ("headline", "lede")):
            continue
        # 1984 was 甲子, the first of the sixty.
        year = 1984 + (6 * stem - 5 * branch) % 60
        if chosen.month >= 11 and match["feast"] != "年":
            year -= 1
        if 2 <= chosen.month <= 10 or match["feast"] != "年":
            yield Vote(year, scanned.quote(*match.span()), strong=False)


def feast_votes(scanned: Scanned, chosen: Day) -> Iterator[Vote]:
    """2018年春节, told of in the weeks around it."""
    if chosen.month > 3:
        return
    for mention in lone_years(scanned):
        if cues.SPRING_FEAST.match(scanned.after(mention)) and not cues.LABEL_BEFORE.search(scanned.before(mention)):
            quote = scanned.quote(mention.start, clause_end(scanned.passage.text, mention.end))
            yield Vote(mention.first.year, quote, strong=False)
